/* test_store_sqlite.c: what only a store on a disk can get wrong: damage, locks, crashes, full
 * disks. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/alloc.h"
#include "io/store_sqlite.h"
#include "store_fixture.h"

/* --- a sync that fails when told to; these stand in front of libc's for SQLite too --- */

static atomic_int syncs;
static atomic_bool sync_fails;

static int sync_or_fail(long call, int fd)
{
    atomic_fetch_add(&syncs, 1);
    if (atomic_load(&sync_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, fd);
}

int fsync(int fd)
{
    return sync_or_fail(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_or_fail(SYS_fdatasync, fd);
}

/* --- helpers --- */

static int reopen(struct fixture *f, const struct store_sqlite_options *options, struct err *err)
{
    if (f->store)
        fixture_close(f);
    return store_sqlite_open(&f->loop, f->path, options, err, &f->store);
}

static const char *beside(const struct fixture *f, const char *suffix)
{
    static char name[160];
    (void)snprintf(name, sizeof(name), "%s%s", f->path, suffix); /* fits */
    return name;
}

static off_t file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) < 0 ? -1 : info.st_size;
}

static unsigned char *file_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = (size_t)file_size(path);
    unsigned char *data = xcalloc(1, size);
    assert_int_equal(fread(data, 1, size, file), size);
    (void)fclose(file); /* only read */
    *ret_size = size;
    return data;
}

static void file_write(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* The store must refuse the file, name it, and leave every byte. */
static void expect_refused(struct fixture *f, int status, const char *why)
{
    size_t before_size, after_size;
    CLEANUP_FREE unsigned char *before = file_read(f->path, &before_size);
    struct err err = {0};
    assert_int_equal(reopen(f, NULL, &err), status);
    if (!strstr(err.text, why) || !strstr(err.text, f->path))
        fail_msg("'%s' lacks '%s' or the path", err.text, why);
    CLEANUP_FREE unsigned char *after = file_read(f->path, &after_size);
    assert_int_equal(before_size, after_size);
    assert_memory_equal(before, after, after_size);
}

static void exec(const struct fixture *f, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* --- files that are refused --- */

static void open_new_file_mode_0600(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    (void)unlink(f->path); /* checked below */
    mode_t old = umask(0);
    file_write(beside(f, ".new"), "half", 4); /* an interrupted start */
    fixture_start(f);
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_settle(f);
    (void)umask(old); /* has no failure */
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        struct stat info;
        assert_int_equal(stat(beside(f, suffixes[i]), &info), 0);
        assert_int_equal(info.st_mode & 07777, 0600);
    }
    assert_int_equal(file_size(beside(f, ".new")), -1);
}

static void open_second_daemon_refused(void **state)
{
    struct fixture *f = *state;
    struct store *other = NULL;
    struct err err = {0};
    assert_int_equal(store_sqlite_open(&f->loop, f->path, NULL, &err, &other), -EAGAIN);
    assert_non_null(strstr(err.text, "locked by another daemon (process "));
    assert_null(other);
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
}

/* FM-A13 */
static void open_newer_schema_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    exec(f, "PRAGMA user_version=99");
    expect_refused(f, -ENOTSUP, "newer");
}

/* A store as the first version made it. */
#define VERSION_1                                                                                  \
    "PRAGMA page_size=8192;"                                                                       \
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, time INTEGER NOT NULL,"   \
    " id BLOB NOT NULL, type INTEGER NOT NULL, kind INTEGER NOT NULL, direction INTEGER NOT NULL," \
    " flags INTEGER NOT NULL, rep TEXT, deal TEXT, body TEXT) STRICT;"                             \
    "CREATE TABLE state (kind INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"           \
    " PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;"                                             \
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"                      \
    " state INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL,"                      \
    " due INTEGER NOT NULL, deadline INTEGER, rule TEXT, rep TEXT, deal TEXT, channel TEXT,"       \
    " platform_id TEXT, message TEXT) STRICT;"                                                     \
    "CREATE TABLE decision (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, rep TEXT, rule TEXT,"    \
    " outcome TEXT, line TEXT) STRICT;"                                                            \
    "CREATE INDEX decision_rep ON decision (rep, at);"                                             \
    "CREATE INDEX journal_at ON journal (at);"                                                     \
    "PRAGMA application_id=0x67726974; PRAGMA user_version=1;"

static int64_t number(const struct fixture *f, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t result = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement); /* its failure would show above */
    (void)sqlite3_close(db);
    return result;
}

static void open_first_schema_is_brought_forward(void **state)
{
    struct fixture *f = *state;
    struct store_sqlite_options options = {.read_only = true};
    struct store *reader = NULL;
    struct err err = {0};
    fixture_close(f);
    (void)unlink(f->path); /* checked by what is created in its place */
    exec(f, VERSION_1
         "INSERT INTO journal VALUES"
         " (3, 10, 5, x'f5ffffffffffffff0a00000000000000', 3, 2, 1, 0, 'ana', NULL, '[]'),"
         " (7, 20, 15, x'ebffffffffffffff1400000000000000', 3, 2, 1, 0, 'ana', NULL, '{}'),"
         " (8, 20, 16, x'ebffffffffffffff1400000000000000', 3, 2, 1, 0, 'bo', 'd1', '{}');"
         "INSERT INTO state VALUES (1, 'ana', '{}');"
         "INSERT INTO outbox (key, state, attempt, at, due, message)"
         " VALUES ('k', 0, 0, 10, 11, '{}');"
         "INSERT INTO decision (at, rep, line) VALUES (10, 'ana', 'a'),"
         " (20, 'bo', 'b')");
    assert_int_equal(store_sqlite_open(NULL, f->path, &options, &err, &reader), -ENOTSUP);
    assert_non_null(strstr(err.text, "start gritd once"));
    fixture_start(f);
    SUBMIT(f, journal_row(30, "{}"), decision_row(30, "ana", "c"));
    for (int i = 0; i < 2; i++) {
        fixture_settle(f);
        expect_journal(f, 11, true,
                       "20 15 3 2 1 0 ana - {}\n20 16 3 2 1 0 bo d1 {}\n"
                       "30 25 3 2 1 1800080000001 ana - {}\n");
        expect_decisions(f, NULL, 20, MSEC_NEVER, SIZE_MAX, "30 ana c\n20 bo b\n");
        expect_decisions(f, "ana", 0, MSEC_NEVER, SIZE_MAX, "30 ana c\n10 ana a\n");
        expect_states(f, "1 ana {}\n");
        expect_count(f, 4, 3, 1, 1);
        fixture_restart(f);
    }
    assert_int_equal(number(f, "SELECT count(*) FROM sqlite_schema WHERE name = 'journal_at'"), 0);
    assert_int_equal(number(f, "PRAGMA user_version"), 2);
    assert_int_equal(number(f, "PRAGMA page_size"), 8192); /* only a new file has small ones */
}

static void open_new_file_has_small_pages(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(number(f, "PRAGMA page_size"), 4096);
    assert_int_equal(number(f, "PRAGMA user_version"), 2);
}

static void open_foreign_files_refused(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    char text[8192];
    memset(text, 'x', sizeof(text));
    file_write(f->path, text, sizeof(text));
    expect_refused(f, -EUCLEAN, "not a gritd store");
    file_write(f->path, "hi\n", 3);
    expect_refused(f, -EUCLEAN, "not a gritd store");
    file_write(f->path, "", 0);
    expect_refused(f, -EUCLEAN, "empty");
    (void)unlink(f->path); /* exec would fail */
    exec(f, "CREATE TABLE t (x); INSERT INTO t VALUES (1)");
    expect_refused(f, -EUCLEAN, "another program");
    struct err err = {0};
    struct store_sqlite_options read_only = {.read_only = true};
    assert_int_equal(reopen(f, &read_only, &err), -EUCLEAN);
}

static void fill(struct fixture *f, int rows)
{
    for (int i = 0; i < rows; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "k%d", i); /* fits */
        SUBMIT(f, journal_row(i + 10, "{\"some\":\"body of an event\"}"), state_row(1, key, "{}"),
               outbox_row(key, OPEN, i));
    }
    fixture_settle(f);
}

static void open_damaged_header_refused(void **state)
{
    struct fixture *f = *state;
    fill(f, 300);
    fixture_close(f);
    size_t size;
    CLEANUP_FREE unsigned char *whole = file_read(f->path, &size);
    CLEANUP_FREE unsigned char *copy = xmemdup(whole, size);
    memset(copy + 100, 0xff, 8); /* the root page of the schema */
    file_write(f->path, copy, size);
    expect_refused(f, -EUCLEAN, "malformed");
    file_write(f->path, whole, size / 2); /* cut in half */
    expect_refused(f, -EUCLEAN, "malformed");
    memcpy(copy, whole, size);
    memset(copy + size / 8192 / 2 * 8192, 0x5a, 2048); /* inside a table */
    file_write(f->path, copy, size);
    expect_refused(f, -EUCLEAN, "amage");
}

/* Whatever the bytes, the store opens with its rows or is refused untouched. FM-A08 */
static void open_flipped_bytes_never_empties(void **state)
{
    struct fixture *f = *state;
    fill(f, 100);
    fixture_close(f);
    size_t size, now;
    CLEANUP_FREE unsigned char *whole = file_read(f->path, &size);
    int refused = 0;
    for (unsigned seed = 1; seed <= 1000; seed++) {
        CLEANUP_FREE unsigned char *copy = xmemdup(whole, size);
        unsigned dice = seed;
        for (int i = 0; i < 8; i++) {
            size_t range = seed % 3 ? size : 100; /* each third time only the header */
            copy[(size_t)rand_r(&dice) % range] ^= (unsigned char)(1u << (rand_r(&dice) & 7));
        }
        file_write(f->path, copy, size);
        struct err err = {0};
        if (reopen(f, NULL, &err)) {
            refused++;
            assert_non_null(strstr(err.text, f->path));
            CLEANUP_FREE unsigned char *after = file_read(f->path, &now);
            assert_int_equal(now, size);
            assert_memory_equal(after, copy, size);
        } else {
            struct store_count count = {0};
            if (!f->store->ops->count(f->store, &count, &err))
                assert_true(count.journal && count.outbox && count.states);
            fixture_close(f);
        }
        (void)unlink(beside(f, "-wal")); /* of a refused file */
        (void)unlink(beside(f, "-shm"));
    }
    assert_true(refused > 300);
    file_write(f->path, whole, size);
}

static void open_without_permission_says_path(void **state)
{
    struct fixture *f = *state;
    fixture_close(f);
    (void)unlink(beside(f, ".lock")); /* so that it must be created */
    assert_int_equal(chmod(f->folder, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        struct err err = {0};
        struct store *store;
        if (geteuid() == 0 && setuid(65534) < 0)
            _exit(99);
        int status = store_sqlite_open(&f->loop, f->path, NULL, &err, &store);
        _exit(status == -EACCES && strstr(err.text, f->path) && strstr(err.text, "ermission") ? 0
                                                                                              : 1);
    }
    assert_int_equal(wait_exit(child), 0);
    assert_int_equal(chmod(f->folder, 0700), 0);
    struct err err = {0};
    struct store_sqlite_options read_only = {.read_only = true};
    assert_int_equal(rename(f->path, beside(f, ".away")), 0);
    assert_int_equal(reopen(f, &read_only, &err), -ENOENT);
    assert_int_equal(rename(beside(f, ".away"), f->path), 0);
}

/* --- failures while running --- */

static void full_file_fails_all_later(void **state)
{
    struct fixture *f = *state;
    struct err err = {0};
    struct store_sqlite_options options = {.max_pages = 60};
    assert_int_equal(reopen(f, &options, &err), 0);
    CLEANUP_FREE char *body = xcalloc(1, 20001);
    memset(body, 'x', 20000);
    uint64_t good = 0;
    while (f->last_status == 0 && good < 1000) {
        SUBMIT(f, journal_row((msec_t)good + 10, body), state_row(1, "last", "{}"));
        fixture_settle(f);
        good += f->last_status == 0;
    }
    assert_int_equal(f->last_status, -ENOSPC);
    assert_non_null(strstr(store_sqlite_failure(f->store), f->path));
    SUBMIT(f, state_row(1, "small", "{}"));
    SUBMIT(f, state_row(1, "small", "{}"));
    fixture_settle(f);
    assert_int_equal(f->last_status, -ENOSPC);
    assert_int_equal(reopen(f, NULL, &err), 0);
    expect_count(f, good, 0, 0, 1);
    expect_states(f, "1 last {}\n");
}

/* FM-A04 */
static void failed_sync_is_never_repeated(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_settle(f);
    assert_null(store_sqlite_failure(f->store));
    int before = atomic_load(&syncs);
    atomic_store(&sync_fails, true);
    SUBMIT(f, state_row(1, "b", "2"));
    SUBMIT(f, state_row(1, "c", "3"));
    fixture_settle(f);
    assert_int_equal(f->last_status, -EIO);
    atomic_store(&sync_fails, false);
    SUBMIT(f, state_row(1, "d", "4"));
    fixture_settle(f);
    assert_int_equal(f->last_status, -EIO);
    fixture_close(f);
    assert_int_equal(atomic_load(&syncs), before + 1);
    fixture_start(f);
    struct listing l = {0};
    assert_int_equal(f->store->ops->load_states(f->store, listing_visit, &l, NULL), 0);
    assert_int_equal(strncmp(strbuf_text(&l.text), "1 a 1\n", 6), 0);
    assert_null(strstr(strbuf_text(&l.text), "1 d 4"));
    strbuf_done(&l.text);
}

static void on_unlock(uv_timer_t *timer)
{
    assert_int_equal(sqlite3_exec(timer->data, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    uv_close((uv_handle_t *)timer, NULL);
}

/* FM-A07 */
static void locked_by_other_process_waits_without_blocking(void **state)
{
    struct fixture *f = *state;
    sqlite3 *other;
    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    uv_timer_t timer = {.data = other};
    (void)uv_timer_init(&f->loop, &timer); /* always 0 */
    SUBMIT(f, state_row(1, "a", "1"));
    assert_int_equal(uv_timer_start(&timer, on_unlock, 80, 0), 0);
    while (!sqlite3_get_autocommit(other)) {
        assert_int_equal(f->done, 0); /* the loop turns, the batch waits */
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    }
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void locked_for_too_long_fails(void **state)
{
    struct fixture *f = *state;
    struct store_sqlite_options options = {.busy_ms = 30};
    struct err err = {0};
    assert_int_equal(reopen(f, &options, &err), 0);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    SUBMIT(f, state_row(1, "a", "1"));
    fixture_settle(f);
    assert_int_equal(f->last_status, -EBUSY);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
}

static void reader_beside_writer_sees_commits(void **state)
{
    struct fixture *f = *state;
    struct fixture reader = {0};
    struct store_sqlite_options options = {.read_only = true};
    struct err err = {0};
    assert_int_equal(store_sqlite_open(NULL, f->path, &options, &err, &reader.store), 0);
    for (int i = 0; i < 50; i++) {
        SUBMIT(f, journal_row(i + 10, "{}"));
        fixture_settle(f);
        expect_count(&reader, (uint64_t)i + 1, 0, 0, 0);
    }
    reader.store->ops->close(reader.store);
    pid_t child = fork(); /* a command is another process */
    if (child == 0) {
        struct store_count count = {0};
        struct store *store;
        if (store_sqlite_open(NULL, f->path, &options, NULL, &store) ||
            store->ops->count(store, &count, NULL))
            _exit(1);
        _exit(count.journal == 50 ? 0 : 2);
    }
    assert_int_equal(wait_exit(child), 0);
}

/* Whether the log holds nothing: its blocks stay, and all of them are zeros. */
static bool log_is_blank(const struct fixture *f)
{
    size_t size, i = 0;
    CLEANUP_FREE unsigned char *bytes = file_read(beside(f, "-wal"), &size);
    while (i < size && !bytes[i])
        i++;
    return i == size;
}

static void on_look(uv_timer_t *timer)
{
    if (log_is_blank(timer->data))
        uv_close((uv_handle_t *)timer, NULL);
}

static void wait_for_rest(struct fixture *f)
{
    uv_timer_t timer = {.data = f};
    (void)uv_timer_init(&f->loop, &timer); /* always 0 */
    assert_int_equal(uv_timer_start(&timer, on_look, 5, 5), 0);
    while (!uv_is_closing((uv_handle_t *)&timer)) /* the test's time limit ends it */
        (void)uv_run(&f->loop, UV_RUN_ONCE);
    (void)uv_run(&f->loop, UV_RUN_NOWAIT); /* lets go of the timer */
}

static void log_stays_small_and_is_emptied_at_rest(void **state)
{
    struct fixture *f = *state;
    struct store_sqlite_options options = {.checkpoint_pages = 20, .pace_ms = -1};
    struct err err = {0};
    assert_int_equal(reopen(f, &options, &err), 0);
    for (int i = 0; i < 400; i++) {
        SUBMIT(f, journal_row(i + 10, "{\"some\":\"body\"}"), state_row(1, "last", "{}"));
        fixture_settle(f);
    }
    assert_in_range(file_size(beside(f, "-wal")), 1, 40 * 4150);
    for (int i = 0; i < 3; i++) { /* twice after commits of the same size */
        wait_for_rest(f);
        SUBMIT(f, state_row(1, "last", i % 2 ? "{}" : "[]"));
        fixture_settle(f);
        assert_int_equal(f->last_status, 0);
        assert_false(log_is_blank(f));
    }
}

/* What a crash leaves once the log is blank: the file alone, and a log in which nothing is found.
 */
static void blank_log_is_an_empty_one(void **state)
{
    static const char *const suffixes[] = {"", "-wal"};
    struct fixture *f = *state, copy = {.sqlite = true};
    for (int i = 0; i < 50; i++)
        SUBMIT(f, journal_row(i + 10, "{}"), state_row(1, "last", i % 2 ? "{}" : "[]"));
    fixture_settle(f);
    wait_for_rest(f);
    (void)snprintf(copy.folder, sizeof(copy.folder), "%s", f->folder);     /* fits */
    (void)snprintf(copy.path, sizeof(copy.path), "%s/copy.db", f->folder); /* fits */
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        size_t size;
        CLEANUP_FREE unsigned char *bytes = file_read(beside(f, suffixes[i]), &size);
        assert_true(size > 0);
        file_write(beside(&copy, suffixes[i]), bytes, size);
    }
    assert_int_equal(uv_loop_init(&copy.loop), 0);
    assert_int_equal(reopen(&copy, NULL, NULL), 0);
    expect_count(&copy, 50, 0, 0, 1);
    SUBMIT(&copy, journal_row(100, "{}"));
    fixture_settle(&copy);
    expect_count(&copy, 51, 0, 0, 1);
    expect_states(&copy, "1 last {}\n");
    fixture_close(&copy);
    (void)uv_run(&copy.loop, UV_RUN_DEFAULT); /* lets go of the store */
    assert_int_equal(uv_loop_close(&copy.loop), 0);
    static const char *const left[] = {"", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(left); i++)
        assert_int_equal(unlink(beside(&copy, left[i])), 0);
}

#define CASE(test)                                                                                 \
    {                                                                                              \
#test, test, set_up_sqlite, tear_down, NULL                                                \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(open_new_file_mode_0600),
        CASE(open_second_daemon_refused),
        CASE(open_newer_schema_refused),
        CASE(open_first_schema_is_brought_forward),
        CASE(open_new_file_has_small_pages),
        CASE(open_foreign_files_refused),
        CASE(open_damaged_header_refused),
        cmocka_unit_test_setup_teardown(open_flipped_bytes_never_empties, set_up_sqlite_often,
                                        tear_down),
        CASE(open_without_permission_says_path),
        CASE(full_file_fails_all_later),
        CASE(failed_sync_is_never_repeated),
        CASE(locked_by_other_process_waits_without_blocking),
        CASE(locked_for_too_long_fails),
        CASE(reader_beside_writer_sees_commits),
        CASE(log_stays_small_and_is_emptied_at_rest),
        CASE(blank_log_is_an_empty_one),
    };
    return cmocka_run_group_tests_name("store_sqlite", tests, NULL, NULL);
}
