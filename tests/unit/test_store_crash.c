/* test_store_crash.c: nothing that the SQLite store called durable is lost by kill -9 or a full
 * disk. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "io/store_sqlite.h"
#include "store_fixture.h"

/* Submits without end; each acknowledged number goes into the pipe. Exits 3 when the store failed.
 */
struct writer {
    struct fixture fixture;
    int pipe;
    uint64_t next;
};

static void on_written(void *user, struct store_batch *batch, int status);

static void write_next(struct writer *writer)
{
    struct store_batch *batch = store_batch_new();
    char key[24];
    (void)snprintf(key, sizeof(key), "k%llu", (unsigned long long)writer->next); /* fits */
    const struct row rows[] = {journal_row((msec_t)writer->next++ + 10, "{\"some\":\"body\"}"),
                               state_row(1, key, "{}"), outbox_row(key, OPEN, 1)};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        store_batch_add(batch, &rows[i]);
    batch->done = on_written;
    batch->user = writer;
    writer->fixture.store->ops->submit(writer->fixture.store, batch);
}

static void on_written(void *user, struct store_batch *batch, int status)
{
    struct writer *writer = user;
    store_batch_free(batch);
    if (status) {
        if (!store_sqlite_failure(writer->fixture.store))
            _exit(4);
        _exit(status == -EFBIG || status == -EIO || status == -ENOSPC ? 3 : 5);
    }
    if (write(writer->pipe, "+", 1) != 1)
        _exit(6);
    write_next(writer);
}

static pid_t start_writer(struct fixture *f, rlim_t max_bytes, int *ret_pipe)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct writer *writer = NEW(struct writer);
        struct store_count count;
        (void)close(ends[0]);
        writer->pipe = ends[1];
        writer->fixture.sqlite = true;
        (void)uv_loop_init(&writer->fixture.loop); /* opening would fail */
        struct store_sqlite_options options = {.checkpoint_pages = 50, .pace_ms = -1};
        if (store_sqlite_open(&writer->fixture.loop, f->path, &options, NULL,
                              &writer->fixture.store) ||
            writer->fixture.store->ops->count(writer->fixture.store, &count, NULL))
            _exit(7);
        (void)signal(SIGXFSZ, SIG_IGN);
        if (max_bytes && setrlimit(RLIMIT_FSIZE, &(struct rlimit){max_bytes, max_bytes}) < 0)
            _exit(8);
        writer->next = count.journal;
        for (int i = 0; i < 20; i++)
            write_next(writer);
        (void)uv_run(&writer->fixture.loop, UV_RUN_DEFAULT);
        _exit(9); /* never: it always submits more */
    }
    assert_true(child > 0);
    (void)close(ends[1]);
    *ret_pipe = ends[0];
    return child;
}

static size_t read_acks(int fd, size_t most)
{
    char buffer[256];
    size_t total = 0;
    ssize_t got;
    while (total < most &&
           (got = read(fd, buffer, most - total < sizeof(buffer) ? most - total : sizeof(buffer))) >
               0)
        total += (size_t)got;
    return total;
}

static int check_sequence(void *user, const struct row *row)
{
    return row->journal.at == 10 + (*(msec_t *)user)++ ? 0 : -EINVAL;
}

/* All rows of 0..n-1 are there, n at least `acknowledged`, and no part of another batch. */
static uint64_t check_prefix(struct fixture *f, uint64_t acknowledged)
{
    struct store_count count;
    msec_t next = 0;
    assert_int_equal(f->store->ops->count(f->store, &count, NULL), 0);
    assert_true(count.journal >= acknowledged);
    assert_int_equal(count.states, count.journal);
    assert_int_equal(count.outbox, count.journal);
    assert_int_equal(f->store->ops->load_journal(f->store, 0, false, check_sequence, &next, NULL),
                     0);
    return count.journal;
}

static void kill_loses_nothing_acknowledged(void **state)
{
    struct fixture *f = *state;
    unsigned dice = 7;
    uint64_t before = 0;
    for (int round = 0; round < 30; round++) {
        fixture_close(f);
        int fd;
        pid_t child = start_writer(f, 0, &fd);
        size_t acks = read_acks(fd, (size_t)rand_r(&dice) % 300);
        for (volatile int spin = rand_r(&dice) % 300000; spin > 0;) /* between two acks */
            spin = spin - 1;
        assert_int_equal(kill(child, SIGKILL), 0);
        acks += read_acks(fd, SIZE_MAX);
        (void)close(fd);
        assert_int_equal(wait_exit(child), -SIGKILL);
        fixture_start(f);
        before = check_prefix(f, before + acks);
    }
    assert_true(before > 1000);
}

static void full_disk_reports_and_keeps_acknowledged(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    int fd;
    pid_t child = start_writer(f, 400 * 1024, &fd);
    size_t acks = read_acks(fd, SIZE_MAX);
    (void)close(fd);
    assert_int_equal(wait_exit(child), 3);
    assert_true(acks > 10);
    fixture_start(f);
    (void)check_prefix(f, acks);
}

#define CASE(test)                                                                                 \
    {                                                                                              \
#test, test, set_up_sqlite, tear_down, NULL                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(kill_loses_nothing_acknowledged),
        CASE(full_disk_reports_and_keeps_acknowledged),
    };
    return cmocka_run_group_tests_name("store_crash", tests, NULL, NULL);
}
