#include "store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "engine/store_memory.h"
#include "io/store_sqlite.h"

struct ticket { /* lives in the arena of its batch */
    struct fixture *fixture;
    size_t number;
};

static void on_done(void *user, struct store_batch *batch, int status)
{
    struct ticket *ticket = user;
    struct fixture *fixture = ticket->fixture;
    if (ticket->number != fixture->done)
        fixture->out_of_order = true;
    fixture->done++;
    fixture->last_status = status;
    store_batch_free(batch);
    if (fixture->submit_again) {
        fixture->submit_again = false;
        fixture_submit(fixture, store_batch_new());
    }
}

void fixture_submit(struct fixture *fixture, struct store_batch *batch)
{
    struct ticket *ticket = arena_alloc(&batch->arena, sizeof(*ticket));
    *ticket = (struct ticket){fixture, fixture->submitted++};
    batch->done = on_done;
    batch->user = ticket;
    fixture->store->ops->submit(fixture->store, batch);
}

void fixture_settle(struct fixture *fixture)
{
    while (fixture->done < fixture->submitted)
        (void)uv_run(&fixture->loop, UV_RUN_ONCE); /* done() is what counts */
    assert_false(fixture->out_of_order);
    assert_int_equal(fixture->store->ops->queued(fixture->store), 0);
}

void fixture_start(struct fixture *fixture)
{
    struct err err = {0};
    if (fixture->sqlite) {
        struct store_sqlite_options options = {.finished = FINISHED};
        int status =
            store_sqlite_open(&fixture->loop, fixture->path, &options, &err, &fixture->store);
        if (status)
            fail_msg("%s", err.text);
    } else {
        struct store_memory_options options = {.finished = FINISHED};
        fixture->store = store_memory_new(&options);
    }
}

/* Closes and opens again: what a restart finds. */
void fixture_restart(struct fixture *fixture)
{
    struct store *old = fixture->store;
    if (fixture->sqlite) {
        old->ops->close(old);
        fixture_start(fixture);
    } else {
        struct store_memory_options options = {.finished = FINISHED};
        fixture->store = store_memory_clone(old, &options);
        old->ops->close(old);
    }
}

void fixture_close(struct fixture *fixture)
{
    fixture->store->ops->close(fixture->store);
    fixture->store = NULL;
}

int wait_exit(pid_t child)
{
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -WTERMSIG(how);
}

static int set_up(void **state, bool sqlite, const char *parent)
{
    struct fixture *fixture = NEW(struct fixture);
    fixture->sqlite = sqlite;
    (void)uv_loop_init(&fixture->loop); /* would show in every test */
    (void)snprintf(fixture->folder, sizeof(fixture->folder), "%s/gritd-store-XXXXXX",
                   parent); /* fits */
    if (!mkdtemp(fixture->folder))
        return -1;
    (void)snprintf(fixture->path, sizeof(fixture->path), "%s/gritd.db", fixture->folder);
    fixture_start(fixture);
    *state = fixture;
    return 0;
}

int set_up_sqlite(void **state)
{
    return set_up(state, true, "/tmp");
}

int set_up_sqlite_often(void **state)
{
    return set_up(state, true, access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
}

int set_up_memory(void **state)
{
    return set_up(state, false, "/tmp");
}

int tear_down(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->store)
        fixture->store->ops->close(fixture->store);
    (void)uv_run(&fixture->loop, UV_RUN_DEFAULT);
    int status = uv_loop_close(&fixture->loop);
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        char name[160];
        (void)snprintf(name, sizeof(name), "%s%s", fixture->path, suffixes[i]); /* fits */
        (void)unlink(name); /* usually some are missing */
    }
    status |= rmdir(fixture->folder);
    free(fixture);
    return status;
}

/* --- rows and what is read back --- */

struct row journal_row(msec_t at, const char *body)
{
    return (struct row){.type = ROW_JOURNAL,
                        .journal = {.at = at,
                                    .time = at - 5,
                                    .id = {UINT64_MAX - (uint64_t)at, (uint64_t)at},
                                    .type = 3,
                                    .kind = 2,
                                    .direction = 1,
                                    .flags = 0x1800080000001u, /* more than 32 bits */
                                    .rep = "ana",
                                    .body = body}};
}

struct row state_row(int kind, const char *key, const char *value)
{
    return (struct row){.type = ROW_STATE, .state = {kind, key, value}};
}

struct row outbox_row(const char *key, int state, msec_t at)
{
    return (struct row){.type = ROW_OUTBOX,
                        .outbox = {.key = key,
                                   .state = state,
                                   .at = at,
                                   .due = at + 1,
                                   .deadline = MSEC_NONE,
                                   .rule = "stalled",
                                   .rep = "ana",
                                   .message = "{\"text\":\"hi\"}"}};
}

struct row outbox_change(const char *key)
{
    return (struct row){.type = ROW_OUTBOX,
                        .outbox = {.update = true,
                                   .key = key,
                                   .state = -1,
                                   .attempt = -1,
                                   .at = -1,
                                   .due = -1,
                                   .deadline = MSEC_NONE}};
}

struct row decision_row(msec_t at, const char *rep, const char *line)
{
    return (struct row){
        .type = ROW_DECISION,
        .decision = {.at = at, .rep = rep, .rule = "r", .outcome = "held", .line = line}};
}

void submit_rows(struct fixture *fixture, const struct row *rows, size_t count)
{
    struct store_batch *batch = store_batch_new();
    for (size_t i = 0; i < count; i++)
        store_batch_add(batch, &rows[i]);
    fixture_submit(fixture, batch);
}

static const char *shown(const char *text)
{
    return text ? text : "-";
}

int listing_visit(void *user, const struct row *row)
{
    struct listing *to = user;
    struct strbuf *out = &to->text;
    switch (row->type) {
    case ROW_JOURNAL: {
        const struct row_journal *j = &row->journal;
        assert_true(j->id.a == UINT64_MAX - (uint64_t)j->at && j->id.b == (uint64_t)j->at);
        strbuf_printf(out, "%lld %lld %d %d %d %llx %s %s %s\n", (long long)j->at,
                      (long long)j->time, j->type, j->kind, j->direction,
                      (unsigned long long)j->flags, shown(j->rep), shown(j->deal), shown(j->body));
        break;
    }
    case ROW_STATE:
        strbuf_printf(out, "%d %s %s\n", row->state.kind, row->state.key, row->state.value);
        break;
    case ROW_OUTBOX: {
        const struct row_outbox *o = &row->outbox;
        strbuf_printf(out, "%s %d %d %lld %lld %lld %s %s %s %s %s %s\n", o->key, o->state,
                      o->attempt, (long long)o->at, (long long)o->due,
                      o->deadline == MSEC_NONE ? -1 : (long long)o->deadline, shown(o->rule),
                      shown(o->rep), shown(o->deal), shown(o->message), shown(o->channel),
                      shown(o->platform_id));
        break;
    }
    case ROW_DECISION:
        strbuf_printf(out, "%lld %s %s\n", (long long)row->decision.at, shown(row->decision.rep),
                      row->decision.line);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        fail_msg("an order is no row that is kept");
        break;
    }
    return ++to->count == to->stop_after ? 7 : 0;
}

static void expect(struct listing *listing, int status, const char *wanted)
{
    assert_int_equal(status, 0);
    assert_string_equal(strbuf_text(&listing->text), wanted);
    strbuf_done(&listing->text);
}

void expect_states(struct fixture *f, const char *wanted)
{
    struct listing l = {0};
    expect(&l, f->store->ops->load_states(f->store, listing_visit, &l, NULL), wanted);
}

void expect_journal(struct fixture *f, msec_t since, bool body, const char *wanted)
{
    struct listing l = {0};
    expect(&l, f->store->ops->load_journal(f->store, since, body, listing_visit, &l, NULL), wanted);
}

void expect_outbox(struct fixture *f, msec_t since, const char *wanted)
{
    struct listing l = {0};
    expect(&l, f->store->ops->load_outbox(f->store, since, listing_visit, &l, NULL), wanted);
}

void expect_decisions(struct fixture *f, const char *rep, msec_t from, msec_t to, size_t limit,
                      const char *wanted)
{
    struct listing l = {0};
    expect(&l,
           f->store->ops->load_decisions(f->store, rep, from, to, limit, listing_visit, &l, NULL),
           wanted);
}

void expect_count(struct fixture *f, uint64_t journal, uint64_t decisions, uint64_t outbox,
                  uint64_t states)
{
    struct store_count count = {0};
    assert_int_equal(f->store->ops->count(f->store, &count, NULL), 0);
    assert_int_equal(count.journal, journal);
    assert_int_equal(count.decisions, decisions);
    assert_int_equal(count.outbox, outbox);
    assert_int_equal(count.states, states);
}
