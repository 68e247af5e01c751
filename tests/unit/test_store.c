/* test_store.c: one suite for the SQLite and the in-memory store. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "engine/store_memory.h"
#include "store_fixture.h"

/* --- cases for both --- */

static void store_many_batches_done_in_order(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 2000; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "d%d", i % 7); /* fits */
        SUBMIT(f, state_row(1, key, "{}"), journal_row(i + 10, "{}"));
        if (i % 100 == 0)
            (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    }
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    expect_count(f, 2000, 0, 0, 7);
}

static void store_empty_batches_done(void **state)
{
    struct fixture *f = *state;
    fixture_submit(f, store_batch_new());
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_submit(f, store_batch_new());
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    struct store_batch *silent = store_batch_new(); /* no done(): the store frees it */
    store_batch_add(silent, &(struct row){.type = ROW_STATE, .state = {1, "b", "2"}});
    f->store->ops->submit(f->store, silent);
    fixture_submit(f, store_batch_new());
    fixture_settle(f);
    expect_states(f, "1 a 1\n1 b 2\n");
}

static void store_done_may_submit(void **state)
{
    struct fixture *f = *state;
    f->submit_again = true;
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_settle(f);
    assert_int_equal(f->done, 2);
}

static void store_states_put_replace_delete(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, state_row(2, "b", "1"), state_row(1, "z", "{\"n\":2}"), state_row(2, "a", "3"),
           state_row(-1, "neg", "4"), state_row(2, "", "5"), state_row(3, "gone", "6"));
    SUBMIT(f, state_row(2, "b", "7"), state_row(3, "gone", NULL), state_row(9, "never", NULL),
           state_row(1, "again", "x"), state_row(1, "again", NULL), state_row(1, "again", "y"));
    fixture_settle(f);
    const char *wanted = "-1 neg 4\n1 again y\n1 z {\"n\":2}\n2  5\n2 a 3\n2 b 7\n";
    expect_states(f, wanted);
    fixture_restart(f);
    expect_states(f, wanted);
    expect_count(f, 0, 0, 0, 6);
}

static void store_states_random_match_model(void **state)
{
    struct fixture *f = *state;
    enum { KEYS = 300 };
    int model[KEYS] = {0};
    unsigned seed = 42;
    for (int round = 0; round < 60; round++) {
        struct store_batch *batch = store_batch_new();
        for (int i = 0; i < 100; i++) {
            int key = rand_r(&seed) % KEYS, value = rand_r(&seed) % 3;
            char name[16], text[16];
            (void)snprintf(name, sizeof(name), "k%03d", key); /* fits */
            (void)snprintf(text, sizeof(text), "%d", value);  /* fits */
            struct row row = state_row(1, name, value ? text : NULL);
            store_batch_add(batch, &row);
            model[key] = value;
        }
        fixture_submit(f, batch);
    }
    fixture_settle(f);
    struct strbuf wanted = {0};
    for (int key = 0; key < KEYS; key++) {
        if (model[key])
            strbuf_printf(&wanted, "1 k%03d %d\n", key, model[key]);
    }
    expect_states(f, strbuf_text(&wanted));
    strbuf_done(&wanted);
}

static void store_journal_loads_in_arrival_order(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, journal_row(10, "{\"a\":1}"), journal_row(20, "{\"b\":2}"));
    SUBMIT(f, journal_row(20, "caf\xc3\xa9 \xf0\x9f\x8e\xaf 'quote' \"x\""), journal_row(30, NULL));
    fixture_settle(f);
    expect_journal(f, 20, true,
                   "20 15 3 2 1 1800080000001 ana - {\"b\":2}\n"
                   "20 15 3 2 1 1800080000001 ana - caf\xc3\xa9 \xf0\x9f\x8e\xaf 'quote' \"x\"\n"
                   "30 25 3 2 1 1800080000001 ana - -\n");
    fixture_restart(f);
    expect_journal(f, 0, false,
                   "10 5 3 2 1 1800080000001 ana - -\n20 15 3 2 1 1800080000001 ana - -\n"
                   "20 15 3 2 1 1800080000001 ana - -\n30 25 3 2 1 1800080000001 ana - -\n");
    expect_journal(f, 31, true, "");
    expect_journal(f, MSEC_NEVER, true, "");
}

static void store_outbox_second_insert_ignored(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, outbox_row("k1", OPEN, 10), outbox_row("k1", 5, 99));
    struct row other = outbox_row("k1", 4, 50);
    other.outbox.message = "other";
    SUBMIT(f, other, outbox_row("k0", OPEN, 11));
    fixture_settle(f);
    const char *wanted = "k1 0 0 10 11 -1 stalled ana - {\"text\":\"hi\"} - -\n"
                         "k0 0 0 11 12 -1 stalled ana - {\"text\":\"hi\"} - -\n";
    expect_outbox(f, 0, wanted);
    fixture_restart(f);
    SUBMIT(f, other);
    fixture_settle(f);
    expect_outbox(f, 0, wanted);
}

static void store_outbox_update_keeps_unset_fields(void **state)
{
    struct fixture *f = *state;
    struct row sending = outbox_change("k"), sent = outbox_change("k");
    sending.outbox.state = 1;
    sending.outbox.attempt = 1;
    sending.outbox.deadline = 500;
    SUBMIT(f, outbox_row("k", OPEN, 10), sending, outbox_change("unknown"));
    fixture_settle(f);
    expect_outbox(f, 0, "k 1 1 10 11 500 stalled ana - {\"text\":\"hi\"} - -\n");
    sent.outbox.due = 0;
    sent.outbox.deal = "d9";
    sent.outbox.channel = "D1";
    sent.outbox.platform_id = "17.5";
    sent.outbox.message = "";
    SUBMIT(f, sent, outbox_change("k"));
    fixture_settle(f);
    expect_outbox(f, 0, "k 1 1 10 0 500 stalled ana d9  D1 17.5\n");
    fixture_restart(f);
    expect_outbox(f, 0, "k 1 1 10 0 500 stalled ana d9  D1 17.5\n");
    expect_count(f, 0, 0, 1, 0);
}

static void store_outbox_load_drops_old_finished(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, outbox_row("old-open", OPEN, 10), outbox_row("old-sent", SENT, 10),
           outbox_row("new-sent", SENT, 20), outbox_row("new-odd", 40, 30));
    fixture_settle(f);
    expect_outbox(f, 20,
                  "old-open 0 0 10 11 -1 stalled ana - {\"text\":\"hi\"} - -\n"
                  "new-sent 2 0 20 21 -1 stalled ana - - - -\n"
                  "new-odd 40 0 30 31 -1 stalled ana - {\"text\":\"hi\"} - -\n");
}

static void store_decisions_newest_first_by_rep(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, decision_row(10, "ana", "a"), decision_row(20, "bo", "b"),
           decision_row(20, "ana", "c"), decision_row(20, "ana", "d"), decision_row(25, NULL, "f"),
           decision_row(30, "ana", "e"));
    fixture_settle(f);
    expect_decisions(f, "ana", 10, 30, 100, "20 ana d\n20 ana c\n10 ana a\n");
    expect_decisions(f, "ana", 11, 31, 2, "30 ana e\n20 ana d\n");
    expect_decisions(f, NULL, 0, MSEC_NEVER, 4, "30 ana e\n25 - f\n20 ana d\n20 ana c\n");
    expect_decisions(f, "ana", 0, MSEC_NEVER, 0, "");
    expect_decisions(f, "nobody", 0, MSEC_NEVER, SIZE_MAX, "");
    fixture_restart(f);
    expect_decisions(f, "bo", MSEC_NONE, MSEC_NEVER, SIZE_MAX, "20 bo b\n");
    expect_count(f, 0, 6, 0, 0);
}

static void store_visit_stops_and_its_value_is_told(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, state_row(1, "a", "1"), state_row(1, "b", "2"), state_row(1, "c", "3"));
    fixture_settle(f);
    struct listing l = {.stop_after = 2};
    assert_int_equal(f->store->ops->load_states(f->store, listing_visit, &l, NULL), 7);
    assert_string_equal(strbuf_text(&l.text), "1 a 1\n1 b 2\n");
    strbuf_done(&l.text);
    SUBMIT(f, state_row(1, "a", NULL)); /* nothing is left locked */
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
}

static void store_big_batch_is_whole(void **state)
{
    struct fixture *f = *state;
    struct store_batch *batch = store_batch_new();
    char *body = xcalloc(1, 200001);
    memset(body, 'x', 200000);
    for (int i = 0; i < 10000; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "k%d", i); /* fits */
        struct row rows[] = {journal_row(i + 10, i % 5000 ? "{}" : body), state_row(1, key, "v"),
                             outbox_row(key, OPEN, i), decision_row(i, "ana", "l")};
        store_batch_add(batch, &rows[i % 4]);
    }
    fixture_submit(f, batch);
    assert_true(f->done || f->store->ops->queued(f->store) == 10000);
    fixture_settle(f);
    expect_count(f, 2500, 2500, 2500, 2500);
    struct listing l = {.stop_after = 1};
    assert_int_equal(f->store->ops->load_journal(f->store, 0, true, listing_visit, &l, NULL), 7);
    assert_non_null(strstr(strbuf_text(&l.text), body));
    strbuf_done(&l.text);
    free(body);
}

static void store_close_flushes(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 500; i++)
        SUBMIT(f, journal_row(i + 10, "{}"));
    if (!f->sqlite) { /* its rows end with close; the callbacks are what can be tested */
        f->store->ops->close(f->store);
        f->store = NULL;
    } else {
        f->submit_again = true; /* from a done() that close() calls */
        fixture_restart(f);
        expect_count(f, 500, 0, 0, 0);
    }
    assert_int_equal(f->done, f->submitted);
    assert_int_equal(f->last_status, 0);
}

/* --- cases for memory --- */

static void memory_deferred_waits_for_pump(void **state)
{
    struct fixture *f = *state;
    f->store->ops->close(f->store);
    struct store_memory_options options = {.deferred = true};
    f->store = store_memory_new(&options);
    SUBMIT(f, state_row(1, "a", "1"));
    struct store *crashed = store_memory_clone(f->store, NULL);
    SUBMIT(f, state_row(1, "b", "2"));
    assert_int_equal(f->done, 0);
    assert_int_equal(f->store->ops->queued(f->store), 2);
    expect_states(f, "1 a 1\n1 b 2\n");
    f->submit_again = true;
    assert_int_equal(store_memory_pump(f->store), 2);
    assert_int_equal(f->done, 2);
    assert_int_equal(store_memory_pump(f->store), 1);
    assert_int_equal(store_memory_pump(f->store), 0);
    struct fixture other = {.store = crashed};
    expect_states(&other, "1 a 1\n");
    crashed->ops->close(crashed);
}

static void memory_failed_commit_fails_all_later(void **state)
{
    struct fixture *f = *state;
    f->store->ops->close(f->store);
    struct store_memory_options options = {.fail_at = 2, .fail_status = -ENOSPC};
    f->store = store_memory_new(&options);
    SUBMIT(f, state_row(1, "a", "1"));
    assert_int_equal(f->last_status, 0);
    SUBMIT(f, state_row(1, "b", "2"));
    assert_int_equal(f->last_status, -ENOSPC);
    SUBMIT(f, state_row(1, "c", "3"));
    assert_int_equal(f->last_status, -ENOSPC);
    assert_int_equal(f->done, 3);
    expect_states(f, "1 a 1\n");
}

static void memory_discards_journal(void **state)
{
    struct fixture *f = *state;
    f->store->ops->close(f->store);
    struct store_memory_options options = {.discard_journal = true};
    f->store = store_memory_new(&options);
    SUBMIT(f, journal_row(10, "{}"), decision_row(10, "ana", "l"));
    expect_journal(f, 0, true, "");
    expect_count(f, 1, 1, 0, 0);
}

static void memory_clone_shares_nothing(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, journal_row(10, "{}"), state_row(1, "a", "1"), outbox_row("k", OPEN, 1),
           decision_row(2, "ana", "l"));
    struct fixture copy = {.store = store_memory_clone(f->store, NULL)};
    SUBMIT(f, state_row(1, "a", NULL), outbox_change("k"));
    f->store->ops->close(f->store);
    f->store = NULL;
    expect_states(&copy, "1 a 1\n");
    expect_outbox(&copy, 0, "k 0 0 1 2 -1 stalled ana - {\"text\":\"hi\"} - -\n");
    expect_decisions(&copy, "ana", 0, 9, 9, "2 ana l\n");
    expect_journal(&copy, 0, true, "10 5 3 2 1 1800080000001 ana - {}\n");
    copy.store->ops->close(copy.store);
}

#define BOTH(test)                                                                                 \
    {"sqlite: " #test, test, set_up_sqlite, tear_down, NULL},                                      \
    {                                                                                              \
        "memory: " #test, test, set_up_memory, tear_down, NULL                                     \
    }
#define MEMORY(test)                                                                               \
    {                                                                                              \
#test, test, set_up_memory, tear_down, NULL                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(store_many_batches_done_in_order),
        BOTH(store_empty_batches_done),
        BOTH(store_done_may_submit),
        BOTH(store_states_put_replace_delete),
        BOTH(store_states_random_match_model),
        BOTH(store_journal_loads_in_arrival_order),
        BOTH(store_outbox_second_insert_ignored),
        BOTH(store_outbox_update_keeps_unset_fields),
        BOTH(store_outbox_load_drops_old_finished),
        BOTH(store_decisions_newest_first_by_rep),
        BOTH(store_visit_stops_and_its_value_is_told),
        BOTH(store_big_batch_is_whole),
        BOTH(store_close_flushes),
        MEMORY(memory_deferred_waits_for_pump),
        MEMORY(memory_failed_commit_fails_all_later),
        MEMORY(memory_discards_journal),
        MEMORY(memory_clone_shares_nothing),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
