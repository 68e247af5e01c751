/* test_store_cost.c: no statement of the SQLite store looks at more rows than it is about, however
 * many there are, and no commit writes more pages than it must. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/alloc.h"
#include "io/store_sqlite.h"
#include "store_fixture.h"

enum {
    ROWS = 20000,
    REPS = 100,
    LATE = ROWS - 10,  /* a moment with ten rows behind it */
    STEPS_MAX = 12000, /* of SQLite's machine; a look at every row takes five times as many */
    ACCESS = 15,
};

/* --- what a statement costs, by the dearest one: the writer's thread and ours come here --- */

static struct {
    pthread_mutex_t mutex;
    int steps;
    char sql[1000];
} dearest = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int on_end(unsigned what, void *user, void *subject, void *time)
{
    sqlite3_stmt *statement = subject;
    (void)what; /* one kind is asked for */
    (void)user;
    (void)time;
    int steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    pthread_mutex_lock(&dearest.mutex);
    if (steps > dearest.steps) {
        dearest.steps = steps;
        (void)snprintf(dearest.sql, sizeof(dearest.sql), "%s", sqlite3_sql(statement)); /* cut */
    }
    pthread_mutex_unlock(&dearest.mutex);
    return 0;
}

static int on_connection(sqlite3 *db, const char **ret_error, const void *routines)
{
    (void)ret_error;
    (void)routines;
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, on_end, NULL);
}

/* The steps of the dearest statement since the last time. */
static int take_dearest(char *ret_sql)
{
    pthread_mutex_lock(&dearest.mutex);
    int steps = dearest.steps;
    memcpy(ret_sql, dearest.sql, sizeof(dearest.sql));
    dearest.steps = 0;
    pthread_mutex_unlock(&dearest.mutex);
    return steps;
}

static void expect_cheap(const char *what)
{
    char sql[sizeof(dearest.sql)];
    int steps = take_dearest(sql);
    if (steps == 0 || steps > STEPS_MAX)
        fail_msg("%s: %d steps: %s", what, steps, sql);
}

/* --- a store with a past --- */

static void fill(struct fixture *f)
{
    for (int i = 0; i < ROWS;) {
        struct store_batch *batch = store_batch_new();
        for (int end = i + 1000; i < end; i++) {
            char key[32], rep[16];
            (void)snprintf(key, sizeof(key), "%015d|%d", i, i);  /* fits */
            (void)snprintf(rep, sizeof(rep), "rep%d", i % REPS); /* fits */
            struct row journal = journal_row(i, "{}"), outbox = outbox_row(key, SENT, i);
            struct row decision = decision_row(i, rep, "{}");
            struct row access = state_row(ACCESS, key, "{}"), deal = state_row(2, key, "{}");
            journal.journal.rep = rep;
            outbox.outbox.platform_id = "17.5";
            const struct row *const rows[] = {&journal, &outbox, &decision, &access, &deal};
            for (size_t k = 0; k < ARRAY_LEN(rows); k++)
                store_batch_add(batch, rows[k]);
        }
        fixture_submit(f, batch);
    }
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
}

static int set_up_filled(void **state)
{
    (void)sqlite3_auto_extension((void (*)(void))on_connection); /* fails for lack of memory */
    int status = set_up_sqlite(state);
    if (status)
        return status;
    char ignored[sizeof(dearest.sql)];
    fill(*state);
    (void)take_dearest(ignored);
    return 0;
}

static int tear_down_filled(void **state)
{
    sqlite3_reset_auto_extension();
    return tear_down(state);
}

static int count_visit(void *user, const struct row *row)
{
    (void)row;
    ++*(int *)user;
    return 0;
}

static void reading_what_is_new_looks_at_nothing_old(void **state)
{
    struct fixture *f = *state;
    const struct store_ops *ops = f->store->ops;
    int count = 0;
    assert_int_equal(ops->load_journal(f->store, LATE, true, count_visit, &count, NULL), 0);
    assert_int_equal(count, 10);
    expect_cheap("the journal since a moment");
    count = 0;
    assert_int_equal(
        ops->load_decisions(f->store, NULL, LATE, MSEC_NEVER, SIZE_MAX, count_visit, &count, NULL),
        0);
    assert_int_equal(count, 10);
    expect_cheap("decisions since a moment");
    count = 0;
    assert_int_equal(
        ops->load_decisions(f->store, NULL, 0, MSEC_NEVER, 1, count_visit, &count, NULL), 0);
    assert_int_equal(count, 1);
    expect_cheap("the last decision");
    count = 0;
    assert_int_equal(
        ops->load_decisions(f->store, NULL, 100, 110, SIZE_MAX, count_visit, &count, NULL), 0);
    assert_int_equal(count, 10);
    expect_cheap("decisions of a time long ago");
    count = 0;
    assert_int_equal(
        ops->load_decisions(f->store, "rep7", 0, MSEC_NEVER, SIZE_MAX, count_visit, &count, NULL),
        0);
    assert_int_equal(count, ROWS / REPS);
    expect_cheap("one person's decisions");
    count = 0;
    SUBMIT(f, state_row(3, "one", "{}"));
    fixture_settle(f);
    assert_int_equal(ops->load_kind(f->store, 3, count_visit, &count, NULL), 0);
    assert_int_equal(count, 1);
    expect_cheap("states of a kind");
}

static void writing_looks_at_no_other_row(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, journal_row(ROWS, "{}"), decision_row(ROWS, "rep1", "{}"),
           outbox_row("fresh", OPEN, ROWS), outbox_change("fresh"), state_row(2, "fresh", "{}"),
           state_row(2, "fresh", "[]"), state_row(2, "fresh", NULL));
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    expect_cheap("rows of an event");
}

static void sweep(struct fixture *f, msec_t before, int most)
{
    SUBMIT(f, (struct row){.type = ROW_SWEEP,
                           .sweep = {.journal = before / 2,
                                     .decisions = before / 2,
                                     .messages = before,
                                     .outbox = 0,
                                     .accesses = before / 2,
                                     .access_kind = ACCESS,
                                     .most = most}});
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
}

static void retention_looks_at_what_has_grown_old_since(void **state)
{
    struct fixture *f = *state;
    char ignored[sizeof(dearest.sql)];
    sweep(f, ROWS / 2, ROWS); /* the first one has a lot to do */
    (void)take_dearest(ignored);
    sweep(f, ROWS / 2 + 10, 100);
    expect_cheap("retention");
    sweep(f, ROWS / 2 + 20, 100);
    expect_cheap("retention again");
}

/* The rows of one event and its message, as the engine writes them. */
static void submit_event(struct fixture *f, int n)
{
    static char text[700];
    memset(text, 'x', sizeof(text) - 1);
    char key[32], rep[16];
    (void)snprintf(key, sizeof(key), "%08x", (unsigned)n * 2654435761u); /* in no order */
    (void)snprintf(rep, sizeof(rep), "rep%d", n % REPS);                 /* fits */
    struct row journal = journal_row(ROWS + n, text + 300), outbox = outbox_row(key, OPEN, 1);
    outbox.outbox.message = text + 250;
    SUBMIT(f, journal, state_row(1, rep, text + 450), state_row(2, rep, text + 250), outbox,
           decision_row(ROWS + n, rep, text));
    fixture_settle(f);
}

static void commit_of_an_event_writes_few_bytes(void **state)
{
    enum { EVENTS = 200 };
    struct fixture *f = *state;
    char wal[160];
    struct stat before, after;
    (void)snprintf(wal, sizeof(wal), "%s-wal", f->path); /* fits */
    fixture_close(f);
    struct store_sqlite_options options = {.finished = FINISHED, .checkpoint_pages = 1000000};
    assert_int_equal(store_sqlite_open(&f->loop, f->path, &options, NULL, &f->store), 0);
    for (int i = 0; i < REPS; i++)
        submit_event(f, i);
    assert_int_equal(stat(wal, &before), 0);
    for (int i = REPS; i < REPS + EVENTS; i++)
        submit_event(f, i);
    assert_int_equal(stat(wal, &after), 0);
    long bytes = (long)(after.st_size - before.st_size) / EVENTS;
    if (bytes > 30000) /* 25,100; with pages of 8 KiB and an index more it was 54,900 */
        fail_msg("a commit of an event writes %ld bytes", bytes);
}

#define CASE(test)                                                                                 \
    {                                                                                              \
#test, test, set_up_filled, tear_down_filled, NULL                                         \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(reading_what_is_new_looks_at_nothing_old),
        CASE(writing_looks_at_no_other_row),
        CASE(retention_looks_at_what_has_grown_old_since),
        CASE(commit_of_an_event_writes_few_bytes),
    };
    return cmocka_run_group_tests_name("store cost", tests, NULL, NULL);
}
