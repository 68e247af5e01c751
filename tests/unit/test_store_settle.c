/* test_store_settle.c: checkpoints beside the commits, and the gathered log. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/alloc.h"
#include "io/store_sqlite_impl.h"
#include "store_fixture.h"

enum { PAGES = 1000, PAGE_BYTES = 8216 /* in the log */, BODY_BYTES = 80000 };

/* --- a sync of the file (not of its log) that hangs or fails when told to --- */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_opened = PTHREAD_COND_INITIALIZER;
static bool gate_closed, gate_reached; /* under the mutex */
static atomic_bool file_fails;
static atomic_int file_syncs;
static atomic_ullong file_inode;

static int sync_with(long call, int fd)
{
    struct stat info;
    if (fstat(fd, &info) < 0 || info.st_ino != atomic_load(&file_inode))
        return (int)syscall(call, fd);
    atomic_fetch_add(&file_syncs, 1);
    if (atomic_load(&file_fails)) {
        errno = EIO;
        return -1;
    }
    (void)pthread_mutex_lock(&gate);
    gate_reached |= gate_closed;
    while (gate_closed)
        (void)pthread_cond_wait(&gate_opened, &gate);
    (void)pthread_mutex_unlock(&gate);
    return (int)syscall(call, fd);
}

int fsync(int fd)
{
    return sync_with(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_with(SYS_fdatasync, fd);
}

static void gate_set(bool closed)
{
    (void)pthread_mutex_lock(&gate);
    gate_closed = closed;
    gate_reached = false;
    (void)pthread_cond_broadcast(&gate_opened);
    (void)pthread_mutex_unlock(&gate);
}

static bool gate_is_reached(void)
{
    (void)pthread_mutex_lock(&gate);
    bool reached = gate_reached;
    (void)pthread_mutex_unlock(&gate);
    return reached;
}

/* --- tests --- */

static void start(struct fixture *f)
{
    struct store_sqlite_options options = {.checkpoint_pages = PAGES, .pace_ms = -1};
    struct err err = {0};
    struct stat info;
    fixture_close(f);
    assert_int_equal(store_sqlite_open(&f->loop, f->path, &options, &err, &f->store), 0);
    assert_int_equal(stat(f->path, &info), 0);
    atomic_store(&file_inode, info.st_ino);
}

static char *big_body(void)
{
    char *body = xcalloc(1, BODY_BYTES + 1);
    memset(body, 'x', BODY_BYTES);
    return body;
}

static uint64_t count_journal(struct fixture *f)
{
    struct store_count count = {0};
    assert_int_equal(f->store->ops->count(f->store, &count, NULL), 0);
    return count.journal;
}

static void commits_pass_a_slow_checkpoint(void **state)
{
    struct fixture *f = *state;
    start(f);
    CLEANUP_FREE char *body = big_body();
    char log[160];
    (void)snprintf(log, sizeof(log), "%s-wal", f->path); /* fits */
    gate_set(true);
    /* the first checkpoint comes early, and far later commits would have to wait for it */
    for (struct stat info = {0}; info.st_size < PAGES / 4 * (off_t)PAGE_BYTES;) {
        SUBMIT(f, journal_row((msec_t)f->submitted + 10, body));
        fixture_settle(f);
        assert_int_equal(stat(log, &info), 0);
    }
    while (!gate_is_reached()) /* the test's time limit ends it */
        (void)uv_run(&f->loop, UV_RUN_NOWAIT);
    size_t before = f->done;
    for (int i = 0; i < 5; i++) {
        SUBMIT(f, journal_row((msec_t)f->submitted + 10, "{}"));
        fixture_settle(f); /* would never end if a commit waited for the checkpoint */
    }
    assert_int_equal(f->last_status, 0);
    assert_true(f->done >= before + 5);
    assert_true(gate_is_reached());
    gate_set(false);
    fixture_settle(f);
    assert_int_equal(count_journal(f), f->submitted);
}

static void failed_checkpoint_fails_the_store(void **state)
{
    struct fixture *f = *state;
    start(f);
    CLEANUP_FREE char *body = big_body();
    atomic_store(&file_fails, true);
    atomic_store(&file_syncs, 0);
    uint64_t good = 0;
    while (!f->last_status) { /* the test's time limit ends it */
        SUBMIT(f, journal_row((msec_t)good + 10, body));
        fixture_settle(f);
        good += !f->last_status;
    }
    assert_int_equal(f->last_status, -EIO);
    assert_non_null(strstr(store_sqlite_failure(f->store), f->path));
    SUBMIT(f, journal_row((msec_t)good + 10, "{}"));
    fixture_settle(f);
    assert_int_equal(f->last_status, -EIO);
    fixture_close(f);
    assert_int_equal(atomic_load(&file_syncs), 1); /* after a failed one the next means nothing */
    atomic_store(&file_fails, false);
    fixture_start(f);
    assert_int_equal(count_journal(f), good);
}

static void run_sql(sqlite3 *db, const char *sql)
{
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static void expect_text(sqlite3 *db, const char *sql, const char *wanted)
{
    sqlite3_stmt *query;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_string_equal(sqlite3_column_text(query, 0), wanted);
    assert_int_equal(sqlite3_finalize(query), SQLITE_OK);
}

/* With room for a few pages only, SQLite writes them to the log before the commit, reads them back
 * at once and writes them again over the old ones. */
static void gathered_log_reads_back(void **state)
{
    struct fixture *f = *state;
    char path[160];
    sqlite3 *db, *reader;
    (void)snprintf(path, sizeof(path), "%s/other.db", f->folder); /* fits */
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                     store_sqlite_log_vfs()),
                     SQLITE_OK);
    run_sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=3;"
                "CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
    run_sql(db, "BEGIN");
    run_sql(db, "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 1999)"
                "INSERT INTO t SELECT n * 7919 % 2000, hex(zeroblob(100)) FROM c");
    for (int i = 0; i < 2000; i++) {
        char sql[80];
        (void)snprintf(sql, sizeof(sql), "UPDATE t SET text = text || 'x%d' WHERE n = %d", i,
                       i * 171 % 2000); /* fits */
        run_sql(db, sql);
    }
    assert_int_equal(sqlite3_open(path, &reader), SQLITE_OK);
    expect_text(reader, "SELECT count(*) FROM t", "0");
    run_sql(db, "COMMIT");
    expect_text(reader, "PRAGMA integrity_check", "ok");
    expect_text(reader, "SELECT count(*) FROM t WHERE text LIKE '0%x%'", "2000");
    assert_int_equal(sqlite3_close(reader), SQLITE_OK);
    run_sql(db, "PRAGMA wal_checkpoint(TRUNCATE)");
    expect_text(db, "PRAGMA integrity_check", "ok");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(unlink(path), 0);
}

#define CASE(test)                                                                                 \
    {                                                                                              \
#test, test, set_up_sqlite, tear_down, NULL                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(commits_pass_a_slow_checkpoint),
        CASE(failed_checkpoint_fails_the_store),
        CASE(gathered_log_reads_back),
    };
    return cmocka_run_group_tests_name("store_settle", tests, NULL, NULL);
}
