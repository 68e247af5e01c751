/* store_fixture.h: a store under test, rows for it, and what is read back as text.
 * Layer: tests. Used by: test_store*.c. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <uv.h>

#include "base/str.h"
#include "engine/store.h"

enum { OPEN = 0, SENT = 2, FINISHED = 1u << SENT };

/* One store under test, with what its done() callbacks said. */
struct fixture {
    bool sqlite;
    uv_loop_t loop;
    char folder[64], path[128];
    struct store *store;
    size_t submitted, done;
    int last_status;
    bool out_of_order, submit_again;
};

/* cmocka's set-up and tear-down; *state is the fixture. */
int set_up_sqlite(void **state);
int set_up_sqlite_often(void **state); /* no disk: for a test that opens it a thousand times */
int set_up_memory(void **state);
int tear_down(void **state);

void fixture_start(struct fixture *fixture);   /* opens the store */
void fixture_restart(struct fixture *fixture); /* closes and opens: what a restart finds */
void fixture_close(struct fixture *fixture);
void fixture_submit(struct fixture *fixture, struct store_batch *batch);
void fixture_settle(struct fixture *fixture); /* until all done() were called */

struct row journal_row(msec_t at, const char *body);
struct row state_row(int kind, const char *key, const char *value);
struct row outbox_row(const char *key, int state, msec_t at);
struct row outbox_change(const char *key); /* an update that changes nothing yet */
struct row decision_row(msec_t at, const char *rep, const char *line);

/* The exit code of a child, or minus the signal that ended it. */
int wait_exit(pid_t child);

void submit_rows(struct fixture *fixture, const struct row *rows, size_t count);

#define SUBMIT(fixture, ...)                                                                       \
    submit_rows(fixture, (const struct row[]){__VA_ARGS__},                                        \
                sizeof((const struct row[]){__VA_ARGS__}) / sizeof(struct row))

/* Rows as one line each, so that a test compares text. */
struct listing {
    struct strbuf text;
    size_t count, stop_after;
};

int listing_visit(void *user, const struct row *row); /* a store_visit; 7 at stop_after */

void expect_states(struct fixture *f, const char *wanted);
void expect_journal(struct fixture *f, msec_t since, bool body, const char *wanted);
void expect_outbox(struct fixture *f, msec_t since, const char *wanted);
void expect_decisions(struct fixture *f, const char *rep, msec_t from, msec_t to, size_t limit,
                      const char *wanted);
void expect_count(struct fixture *f, uint64_t journal, uint64_t decisions, uint64_t outbox,
                  uint64_t states);
