#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"
#include "io/store_sqlite_impl.h"

enum {
    APPLICATION_ID = 0x67726974, /* "grit" */
    HEADER_BYTES = 100,
    HEADER_APPLICATION_ID = 68, /* big-endian, as all of the header */
    FILE_MODE = 0600,
    CHECK_WHOLE_BYTES = 256 * 1024 * 1024, /* about one second of quick_check */
};

/* Each brings the schema from version i to i + 1, in one transaction. Never change one that was
 * released; add one. Columns that are read while searching stand first, long text last. */
static const char *const migrations[] = {
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, time INTEGER NOT NULL,"
    " id BLOB NOT NULL, type INTEGER NOT NULL, kind INTEGER NOT NULL, direction INTEGER NOT NULL,"
    " flags INTEGER NOT NULL, rep TEXT, deal TEXT, body TEXT) STRICT;"
    "CREATE TABLE state (kind INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,"
    " PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
    " state INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, due INTEGER NOT NULL,"
    " deadline INTEGER, rule TEXT, rep TEXT, deal TEXT, channel TEXT, platform_id TEXT,"
    " message TEXT) STRICT;"
    "CREATE TABLE decision (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, rep TEXT, rule TEXT,"
    " outcome TEXT, line TEXT) STRICT;"
    "CREATE INDEX decision_rep ON decision (rep, at);" /* 2.6 us a row */
    "CREATE INDEX journal_at ON journal (at);",
    /* The moments of the journal never decrease, so that its rows themselves can be searched (see
     * store_sqlite_load.c); the index took a page of each commit, and 1.1 us a row. */
    "DROP INDEX journal_at;",
};

enum { SCHEMA_VERSION = ARRAY_LEN(migrations) };

/* --- errors --- */

static const struct {
    int rc, code; /* code 0: what the system said, else EIO */
} error_codes[] = {
    {SQLITE_BUSY, EBUSY},      {SQLITE_LOCKED, EBUSY},    {SQLITE_FULL, ENOSPC},
    {SQLITE_CORRUPT, EUCLEAN}, {SQLITE_NOTADB, EUCLEAN},  {SQLITE_PERM, EACCES},
    {SQLITE_READONLY, EROFS},  {SQLITE_NOMEM, ENOMEM},    {SQLITE_CONSTRAINT, EINVAL},
    {SQLITE_MISMATCH, EINVAL}, {SQLITE_TOOBIG, EMSGSIZE}, {SQLITE_CANTOPEN, 0},
    {SQLITE_IOERR, 0},
};

int store_sqlite_error(struct err *err, sqlite3 *db, int rc, const char *path, const char *doing)
{
    int code = 0, system = db ? sqlite3_system_errno(db) : 0;
    for (size_t i = 0; i < ARRAY_LEN(error_codes); i++) {
        if (error_codes[i].rc == (rc & 0xff))
            code = error_codes[i].code;
    }
    const char *why =
        db && sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errmsg(db) : sqlite3_errstr(rc);
    if (code)
        return err_set(err, code, "%s: %s: %s", path, doing, why);
    if (!system)
        return err_set(err, EIO, "%s: %s: %s", path, doing, why);
    return err_set(err, system, "%s: %s: %s (%s)", path, doing, why, strerror(system));
}

/* --- lock --- */

static int lock_busy(int fd, const char *path, struct err *err)
{
    char pid[24] = "";
    ssize_t got = pread(fd, pid, sizeof(pid) - 1, 0);
    pid[got > 0 ? got : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    return err_set(err, EAGAIN, "%s: store locked by another daemon (process %s)", path,
                   *pid ? pid : "unknown");
}

int store_sqlite_lock(const char *path, struct err *err, int *ret_fd)
{
    struct strbuf name = {0};
    strbuf_printf(&name, "%s.lock", path);
    CLEANUP_FREE char *lock = strbuf_take(&name);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return err_set(err, errno, "%s: cannot open: %s", lock, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int status = errno == EWOULDBLOCK
                         ? lock_busy(fd, path, err)
                         : err_set(err, errno, "%s: cannot lock: %s", lock, strerror(errno));
        (void)close(fd); /* nothing was written */
        return status;
    }
    char pid[24];
    int length = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid());
    /* Only a hint for the message above; the lock itself is the kernel's. The file is never
     * removed, or two daemons could hold locks on two files of the same name. */
    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, pid, (size_t)length, 0);
    *ret_fd = fd;
    return 0;
}

/* --- checks --- */

/* Looks at the bytes before SQLite sees the file: SQLite takes an empty file for a new database,
 * and rolls back a journal that lies beside a foreign one. Nobody of this process has the file open
 * (the lock is held), so closing it here drops no POSIX lock of another connection. */
static int check_header(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(err, errno, "%s: cannot open: %s", path, strerror(errno));
    struct stat info;
    unsigned char head[HEADER_BYTES];
    ssize_t got =
        fstat(fd, &info) < 0 || !S_ISREG(info.st_mode) ? -2 : read(fd, head, sizeof(head));
    int code = errno;
    (void)close(fd); /* only read */
    if (got == -2)
        return err_set(err, EUCLEAN, "%s: not a regular file", path);
    if (got < 0)
        return err_set(err, code, "%s: cannot read: %s", path, strerror(code));
    if (got < HEADER_BYTES || memcmp(head, "SQLite format 3", 16) != 0)
        return err_set(err, EUCLEAN, "%s: not a gritd store (%s); left untouched", path,
                       got ? "no SQLite header" : "the file is empty");
    const unsigned char *id = head + HEADER_APPLICATION_ID;
    uint32_t application =
        (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    if (application != APPLICATION_ID)
        return err_set(err, EUCLEAN, "%s: an SQLite database of another program; left untouched",
                       path);
    return 0;
}

static int exec(sqlite3 *db, const char *path, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : store_sqlite_error(err, db, rc, path, sql);
}

/* The first column of the first row, as text. */
static int query_text(sqlite3 *db, const char *path, const char *sql, struct err *err,
                      char **ret_text)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    int status = 0;
    if (rc == SQLITE_ROW)
        *ret_text = xstrdup((const char *)sqlite3_column_text(statement, 0));
    else
        status = store_sqlite_error(err, db, rc, path, sql);
    (void)sqlite3_finalize(statement); /* its failure is step's */
    return status;
}

static int query_int(sqlite3 *db, const char *path, const char *sql, struct err *err, int64_t *ret)
{
    CLEANUP_FREE char *text = NULL;
    int status = query_text(db, path, sql, err, &text);
    if (!status && (!text || str_to_i64(text, ret)))
        status = err_set(err, EUCLEAN, "%s: %s: no number", path, sql);
    return status;
}

static int check_identity(sqlite3 *db, const char *path, struct err *err, int64_t *ret_version)
{
    int64_t application, version;
    int status = query_int(db, path, "PRAGMA application_id", err, &application);
    if (status && sqlite3_errcode(db) == SQLITE_NOTADB)
        return err_set(err, EUCLEAN, "%s: no database, and so no gritd store; left untouched",
                       path);
    if (!status)
        status = query_int(db, path, "PRAGMA user_version", err, &version);
    if (status)
        return status;
    if (application != APPLICATION_ID)
        return err_set(err, EUCLEAN, "%s: not a gritd store; left untouched", path);
    if (version > SCHEMA_VERSION)
        return err_set(err, ENOTSUP,
                       "%s: schema version %" PRId64 " is newer than this gritd, which knows up to "
                       "%d; left untouched. Run the newer gritd, or restore a backup of the time "
                       "before the upgrade",
                       path, version, (int)SCHEMA_VERSION);
    *ret_version = version;
    return 0;
}

/* The whole file when that takes about a second at most; else the smallest table, which at least
 * reads the header, the schema and the list of free pages. */
static int check_damage(sqlite3 *db, const char *path, struct err *err)
{
    int64_t pages, page_bytes;
    int status = query_int(db, path, "PRAGMA page_count", err, &pages);
    if (!status)
        status = query_int(db, path, "PRAGMA page_size", err, &page_bytes);
    if (status)
        return status;
    bool whole = pages * page_bytes <= CHECK_WHOLE_BYTES;
    CLEANUP_FREE char *found = NULL;
    status = query_text(db, path, whole ? "PRAGMA quick_check(1)" : "PRAGMA quick_check(state)",
                        err, &found);
    if (!status && !str_eq(found, "ok"))
        status = err_set(err, EUCLEAN, "%s: damaged: %s", path, found ? found : "no result");
    return status;
}

/* --- schema --- */

static int migrate_step(sqlite3 *db, const char *path, int64_t version, struct err *err)
{
    struct strbuf sql = {0};
    strbuf_printf(
        &sql, "BEGIN IMMEDIATE;%s PRAGMA application_id=%d; PRAGMA user_version=%" PRId64 ";COMMIT",
        migrations[version], (int)APPLICATION_ID, version + 1);
    int rc = sqlite3_exec(db, strbuf_text(&sql), NULL, NULL, NULL);
    strbuf_done(&sql);
    if (rc == SQLITE_OK)
        return 0;
    char doing[64];
    (void)snprintf(doing, sizeof(doing), "schema version %" PRId64, version + 1); /* fits */
    int status = store_sqlite_error(err, db, rc, path, doing);
    if (!sqlite3_get_autocommit(db))
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL); /* closing would do the same */
    return status;
}

static int migrate(sqlite3 *db, const char *path, int64_t version, struct err *err)
{
    int status = 0;
    for (; !status && version < SCHEMA_VERSION; version++)
        status = migrate_step(db, path, version, err);
    return status;
}

/* --- connections --- */

static int open_connection(const char *path, int flags, bool commits, int busy_ms, struct err *err,
                           sqlite3 **ret)
{
    /* SQLite gives these names a meaning of their own. */
    if (path[0] == ':' || path[0] == '\0' || str_starts(path, "file:"))
        return err_set(err, EINVAL, "'%s' is no path of a store", path);
    /* Statistics cost a mutex at each allocation, and each connection has one thread. It is refused
     * without harm once SQLite runs. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE,
                             commits ? store_sqlite_log_vfs() : NULL);
    int status = 0;
    if (rc != SQLITE_OK) {
        status = store_sqlite_error(err, db, rc, path, "cannot open");
        (void)sqlite3_close(db); /* nothing was done with it */
        return status;
    }
    (void)sqlite3_extended_result_codes(db, 1);
    (void)sqlite3_busy_timeout(db, busy_ms);
    /* A store that is refused must stay as it is, its log included. The writer turns this off. */
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    *ret = db;
    return 0;
}

static int create_schema(const char *path, struct err *err)
{
    sqlite3 *db;
    int status = open_connection(path, SQLITE_OPEN_READWRITE, false, 0, err, &db);
    if (status)
        return status;
    /* A commit writes each page that it touched: small pages are half the bytes of larger ones. A
     * file that has others keeps them (docs/performance.md tells how to change that). */
    status = exec(db, path, "PRAGMA page_size=4096; PRAGMA synchronous=FULL", err);
    if (!status)
        status = migrate(db, path, 0, err);
    if (sqlite3_close(db) != SQLITE_OK && !status)
        status = err_set(err, EIO, "%s: cannot close", path);
    return status;
}

/* Builds the store under another name and renames it when it is whole and durable. So an empty or
 * half-made file under the real name is never ours, and never taken for a store of no history. */
static int create(const char *path, struct err *err)
{
    struct strbuf name = {0};
    strbuf_printf(&name, "%s.new", path);
    CLEANUP_FREE char *fresh = strbuf_take(&name);
    strbuf_printf(&name, "%s.new-journal", path);
    CLEANUP_FREE char *journal = strbuf_take(&name);
    (void)unlink(fresh); /* what an interrupted start left; open() below tells if it stays */
    (void)unlink(journal);
    int fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return err_set(err, errno, "%s: cannot create: %s", fresh, strerror(errno));
    (void)close(fd); /* empty */
    int status = create_schema(fresh, err);
    if (!status && rename(fresh, path) < 0)
        status = err_set(err, errno, "%s: cannot create: %s", path, strerror(errno));
    if (status) {
        (void)unlink(fresh); /* the first failure is the one to tell */
        (void)unlink(journal);
        return status;
    }
    return folder_sync_of(path, err);
}

static int set_up(sqlite3 *db, const char *path, const struct store_sqlite_options *options,
                  struct err *err)
{
    int64_t version;
    int status = check_identity(db, path, err, &version);
    if (!status)
        status = check_damage(db, path, err);
    if (status)
        return status;
    CLEANUP_FREE char *mode = NULL;
    status = query_text(db, path, "PRAGMA journal_mode=WAL", err, &mode);
    if (!status && !str_eq(mode, "wal"))
        status = err_set(err, ENOTSUP, "%s: the file system allows no write-ahead log (%s)", path,
                         mode ? mode : "?");
    /* Checkpoints are made when we say so. 16 MiB hold the hot part of state and key index. */
    if (!status)
        status = exec(db, path,
                      "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                      "PRAGMA cell_size_check=ON; PRAGMA cache_size=-16384;"
                      "PRAGMA wal_autocheckpoint=0",
                      err);
    if (!status)
        status = migrate(db, path, version, err);
    if (!status && options->max_pages) {
        char sql[64];
        (void)snprintf(sql, sizeof(sql), "PRAGMA max_page_count=%d", options->max_pages); /* fits */
        status = exec(db, path, sql, err);
    }
    return status;
}

int store_sqlite_connect(const char *path, const struct store_sqlite_options *options,
                         struct err *err, sqlite3 **ret)
{
    struct stat info;
    int status = 0;
    if (lstat(path, &info) < 0)
        status = errno == ENOENT
                     ? create(path, err)
                     : err_set(err, errno, "%s: cannot open: %s", path, strerror(errno));
    if (!status)
        status = check_header(path, err);
    sqlite3 *db;
    if (!status)
        status = open_connection(path, SQLITE_OPEN_READWRITE, true, options->busy_ms, err, &db);
    if (status)
        return status;
    if (sqlite3_db_readonly(db, "main"))
        status = err_set(err, EROFS, "%s: may be read but not written", path);
    if (!status)
        status = set_up(db, path, options, err);
    if (status) {
        (void)sqlite3_close(db); /* refused: leaves file and log as they are */
        return status;
    }
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    *ret = db;
    return 0;
}

int store_sqlite_connect_settler(const char *path, struct err *err, sqlite3 **ret)
{
    sqlite3 *db;
    int status = open_connection(path, SQLITE_OPEN_READWRITE, false, 0, err, &db);
    if (status)
        return status;
    /* SQLite takes part in the log from the first reading on. */
    status = exec(db, path, "PRAGMA synchronous=FULL; PRAGMA user_version", err);
    if (status)
        (void)sqlite3_close(db); /* nothing was done with it */
    else
        *ret = db;
    return status;
}

int store_sqlite_connect_any(const char *path, int busy_ms, struct err *err, sqlite3 **ret,
                             int64_t *ret_version)
{
    sqlite3 *db;
    int status = open_connection(path, SQLITE_OPEN_READONLY, false, busy_ms, err, &db);
    if (status)
        return status;
    status = check_identity(db, path, err, ret_version);
    if (status)
        (void)sqlite3_close(db); /* only read */
    else
        *ret = db;
    return status;
}

int store_sqlite_connect_reader(const char *path, int busy_ms, struct err *err, sqlite3 **ret)
{
    int64_t version;
    int status = store_sqlite_connect_any(path, busy_ms, err, ret, &version);
    if (status || version == SCHEMA_VERSION)
        return status;
    (void)sqlite3_close(*ret); /* only read */
    return err_set(err, ENOTSUP,
                   "%s: schema version %" PRId64 " is older than this program's "
                   "%d; start gritd once to bring it up to date",
                   path, version, (int)SCHEMA_VERSION);
}

/* --- what the schema should be --- */

static const char schema_texts[] =
    "SELECT group_concat(type || ' ' || name || ': ' || ifnull(sql, ''), '\n') FROM"
    " (SELECT * FROM sqlite_schema ORDER BY type, name)";

/* Built anew in memory by the same steps. */
static int wanted_schema(int64_t version, struct err *err, char **ret)
{
    sqlite3 *db;
    int rc = sqlite3_open(":memory:", &db), status = 0;
    for (int64_t i = 0; rc == SQLITE_OK && i < version; i++)
        rc = sqlite3_exec(db, migrations[i], NULL, NULL, NULL);
    status = rc == SQLITE_OK ? query_text(db, "schema", schema_texts, err, ret)
                             : store_sqlite_error(err, db, rc, "schema", "cannot be built");
    (void)sqlite3_close(db); /* of no use any more */
    return status;
}

int store_sqlite_schema_fits(sqlite3 *db, const char *path, int64_t version, struct err *err,
                             bool *ret)
{
    CLEANUP_FREE char *wanted = NULL;
    CLEANUP_FREE char *found = NULL;
    int status = wanted_schema(version, err, &wanted);
    if (!status)
        status = query_text(db, path, schema_texts, err, &found);
    if (!status)
        *ret = str_eq(wanted, found);
    return status;
}
