#include "io/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"
#include "io/store_sqlite_impl.h"

enum { BUSY_MS = 5000, FILE_MODE = 0600 };

static char *named(const char *path, const char *suffix)
{
    struct strbuf name = {0};
    strbuf_printf(&name, "%s%s", path, suffix);
    return strbuf_take(&name);
}

/* --- copy --- */

/* An empty file of ours alone. What an interrupted copy left is taken over. */
static int open_fresh(const char *path, struct err *err, int *ret)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE), code = 0;
    if (fd < 0)
        return err_set(err, errno, "%s: cannot create: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        code = errno == EWOULDBLOCK ? EBUSY : errno;
    else if (fchmod(fd, FILE_MODE) < 0 || ftruncate(fd, 0) < 0)
        code = errno;
    if (code) {
        (void)close(fd); /* nothing was written */
        return err_set(err, code, "%s: %s", path,
                       code == EBUSY ? "another copy is being written there" : strerror(code));
    }
    *ret = fd;
    return 0;
}

static int vacuum_into(const char *from, const char *to, struct err *err)
{
    sqlite3 *db;
    int64_t version;
    int status = store_sqlite_connect_any(from, BUSY_MS, err, &db, &version);
    if (status)
        return status;
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_exec(db, "PRAGMA page_size=4096", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(statement, 1, to, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc != SQLITE_DONE)
        status = store_sqlite_error(err, db, rc, from, "cannot copy");
    (void)sqlite3_finalize(statement); /* its failure is step's */
    (void)sqlite3_close(db);           /* only read */
    return status;
}

int store_file_copy(const char *from, const char *to, struct err *err)
{
    int fd = -1;
    int status = open_fresh(to, err, &fd);
    if (status)
        return status;
    status = vacuum_into(from, to, err);
    if (!status && fsync(fd) < 0)
        status = err_set(err, errno, "%s: cannot sync: %s", to, strerror(errno));
    if (status)
        (void)unlink(to); /* the first failure is the one to tell */
    (void)close(fd);      /* synced */
    return status;
}

/* --- all rows --- */

static int visit_table(sqlite3 *db, const char *path, const struct store_table *table,
                       store_visit visit, void *user, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int status = 0;
    int rc = sqlite3_prepare_v2(db, table->select, -1, &statement, NULL);
    while (rc == SQLITE_OK && !status && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row row;
        table->read(statement, &row);
        status = visit(user, &row);
        rc = SQLITE_OK;
    }
    if (!status && rc != SQLITE_DONE)
        status = store_sqlite_error(err, db, rc, path, table->name);
    (void)sqlite3_finalize(statement); /* its failure is step's */
    return status;
}

int store_file_visit(const char *path, store_visit visit, void *user, struct store_file *ret,
                     struct err *err)
{
    sqlite3 *db;
    int status = store_sqlite_connect_any(path, BUSY_MS, err, &db, &ret->version);
    if (status)
        return status;
    int rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL); /* one moment for all of it */
    if (rc != SQLITE_OK)
        status = store_sqlite_error(err, db, rc, path, "cannot read");
    if (!status)
        status = store_sqlite_count_rows(db, path, err, &ret->count);
    for (size_t i = 0; !status && i < STORE_TABLES; i++)
        status = visit_table(db, path, &store_tables[i], visit, user, err);
    (void)sqlite3_close(db); /* only read */
    return status;
}

/* --- in another's place --- */

int store_file_lock(const char *path, struct err *err, int *ret_fd)
{
    return store_sqlite_lock(path, err, ret_fd);
}

/* Whoever restores is often root, and the daemon is not. */
static int give_owner(const char *path, const char *fresh, struct err *err)
{
    struct stat info;
    CLEANUP_FREE char *lock = named(path, ".lock");
    if (geteuid() != 0)
        return 0;
    CLEANUP_FREE char *folder = path_beside(path, ".");
    if (stat(path, &info) < 0 && stat(folder, &info) < 0)
        return err_set(err, errno, "%s: %s", folder, strerror(errno));
    if (chown(fresh, info.st_uid, info.st_gid) < 0 || chown(lock, info.st_uid, info.st_gid) < 0)
        return err_set(err, errno, "%s: cannot give it its owner: %s", fresh, strerror(errno));
    return 0;
}

/* Moves the log into the file, where that can be read. */
static int empty_log(const char *path, struct err *err)
{
    struct err why;
    sqlite3 *db;
    if (store_sqlite_connect_settler(path, &why, &db))
        return 0; /* damaged, or none of ours */
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    int status = (rc & 0xff) == SQLITE_BUSY
                     ? store_sqlite_error(err, db, rc, path, "somebody is still reading it")
                     : 0;
    (void)sqlite3_close(db); /* nothing is left to write */
    return status;
}

/* A log that is left beside the file would be taken for the new store's. What cannot be moved into
 * the old file (it is damaged) goes aside with it. */
static int settle_old(const char *path, const char *aside, struct err *err)
{
    CLEANUP_FREE char *log = named(path, "-wal");
    CLEANUP_FREE char *shared = named(path, "-shm");
    CLEANUP_FREE char *log_aside = named(aside, "-wal");
    struct stat info;
    int status = empty_log(path, err);
    if (status)
        return status;
    bool left = stat(log, &info) == 0 && info.st_size > 0;
    if (left && rename(log, log_aside) < 0)
        return err_set(err, errno, "%s: cannot be kept as %s: %s", log, log_aside, strerror(errno));
    if (!left && unlink(log) < 0 && errno != ENOENT)
        return err_set(err, errno, "%s: cannot remove: %s", log, strerror(errno));
    if (unlink(shared) < 0 && errno != ENOENT)
        return err_set(err, errno, "%s: cannot remove: %s", shared, strerror(errno));
    return 0;
}

int store_file_replace(const char *path, const char *fresh, const char *aside, struct err *err)
{
    bool old = access(path, F_OK) == 0;
    int status = give_owner(path, fresh, err);
    if (!status && old)
        status = settle_old(path, aside, err);
    if (!status && old && link(path, aside) < 0)
        status = err_set(err, errno, "%s: cannot be kept as %s: %s", path, aside, strerror(errno));
    if (!status && rename(fresh, path) < 0)
        status = err_set(err, errno, "%s: cannot take its place: %s", fresh, strerror(errno));
    return status ? status : folder_sync_of(path, err);
}
