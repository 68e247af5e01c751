/* The write-ahead log's file as SQLite sees it: what SQLite writes there in many small pieces (24
 * bytes and a page, for each page) gathers here and leaves in few system calls.
 *
 * Nothing is promised before SQLite syncs the log, and only then do other connections hear of the
 * new pages; so all of it leaves before each sync, and before anything else that looks at the file.
 * Only the writer's connection uses this; the others read the file itself.
 *
 * Emptying the log leaves zeros, not an empty file: a sync of blocks that the file has already is
 * one flush of the disk, while new blocks take a commit of the file system's own journal. To SQLite
 * a log that begins with zeros holds nothing ("Database File Format" 4.1, the magic number). */
#include <string.h>

#include "base/alloc.h"
#include "io/store_sqlite_impl.h"

enum {
    GATHER_BYTES = 124 * 1024,     /* the system's VFS takes less than 128 KiB at once */
    HEAD_BYTES = 4096,             /* the log's header is in there */
    KEEP_BYTES = 32 * 1024 * 1024, /* a few seconds of a light load, between two checkpoints */
    GROW_BYTES = 1024 * 1024,
};

struct log_file {
    sqlite3_file base; /* first: SQLite gets a pointer to it */
    sqlite3_int64 at;  /* where the gathered bytes belong */
    int gathered;
    unsigned char *bytes;
    sqlite3_int64 written; /* from here on the file holds zeros */
    sqlite3_file real[];   /* of the system's VFS, which says how large it is */
};

static struct log_file *log_of(sqlite3_file *file)
{
    return (struct log_file *)file;
}

static int leave(struct log_file *log)
{
    int bytes = log->gathered;
    log->gathered = 0; /* a failure ends the store: nothing is written twice */
    return bytes ? log->real->pMethods->xWrite(log->real, log->bytes, bytes, log->at) : SQLITE_OK;
}

static int log_write(sqlite3_file *file, const void *data, int bytes, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    if (at + bytes > log->written)
        log->written = at + bytes;
    bool follows = at == log->at + log->gathered && bytes <= GATHER_BYTES - log->gathered;
    int rc = follows ? SQLITE_OK : leave(log);
    if (rc != SQLITE_OK)
        return rc;
    if (bytes > GATHER_BYTES)
        return log->real->pMethods->xWrite(log->real, data, bytes, at);
    if (!log->gathered)
        log->at = at;
    memcpy(log->bytes + log->gathered, data, (size_t)bytes);
    log->gathered += bytes;
    return SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
    struct log_file *log = log_of(file);
    int left = leave(log), rc = log->real->pMethods->xClose(log->real);
    free(log->bytes);
    return left != SQLITE_OK ? left : rc;
}

static int log_read(sqlite3_file *file, void *data, int bytes, sqlite3_int64 at)
{
    struct log_file *log = log_of(file);
    int rc = leave(log);
    return rc != SQLITE_OK ? rc : log->real->pMethods->xRead(log->real, data, bytes, at);
}

/* Nothing may be gathered. */
static int write_zeros(struct log_file *log, sqlite3_int64 from, sqlite3_int64 end)
{
    int rc = SQLITE_OK;
    memset(log->bytes, 0, GATHER_BYTES);
    for (; rc == SQLITE_OK && from < end; from += GATHER_BYTES) {
        int bytes = end - from < GATHER_BYTES ? (int)(end - from) : GATHER_BYTES;
        rc = log->real->pMethods->xWrite(log->real, log->bytes, bytes, from);
    }
    return rc;
}

/* The header goes first and for good: behind it a log whose end is zeros already would be a log of
 * its beginning, older than the file that it was moved to. */
static int write_blank(struct log_file *log)
{
    const sqlite3_io_methods *real = log->real->pMethods;
    sqlite3_int64 size = 0;
    int rc = real->xFileSize(log->real, &size);
    sqlite3_int64 kept = size < KEEP_BYTES ? size : KEEP_BYTES;
    sqlite3_int64 end = log->written < kept ? log->written : kept;
    if (rc == SQLITE_OK)
        rc = write_zeros(log, 0, end < HEAD_BYTES ? end : HEAD_BYTES);
    if (rc == SQLITE_OK)
        rc = real->xSync(log->real, SQLITE_SYNC_NORMAL);
    if (rc == SQLITE_OK)
        rc = write_zeros(log, HEAD_BYTES, end);
    if (rc == SQLITE_OK && size > kept)
        rc = real->xTruncate(log->real, kept);
    if (rc == SQLITE_OK)
        rc =
            real->xSync(log->real, SQLITE_SYNC_NORMAL); /* else the next commit would wait for it */
    if (rc == SQLITE_OK)
        log->written = 0;
    return rc;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct log_file *log = log_of(file);
    int rc = leave(log);
    if (rc != SQLITE_OK)
        return rc;
    return size ? log->real->pMethods->xTruncate(log->real, size) : write_blank(log);
}

static int log_sync(sqlite3_file *file, int flags)
{
    struct log_file *log = log_of(file);
    int rc = leave(log);
    return rc != SQLITE_OK ? rc : log->real->pMethods->xSync(log->real, flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    struct log_file *log = log_of(file);
    int rc = leave(log);
    return rc != SQLITE_OK ? rc : log->real->pMethods->xFileSize(log->real, ret);
}

static int log_lock(sqlite3_file *file, int level)
{
    struct log_file *log = log_of(file);
    return log->real->pMethods->xLock(log->real, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    struct log_file *log = log_of(file);
    return log->real->pMethods->xUnlock(log->real, level);
}

static int log_is_reserved(sqlite3_file *file, int *ret)
{
    struct log_file *log = log_of(file);
    return log->real->pMethods->xCheckReservedLock(log->real, ret);
}

static int log_control(sqlite3_file *file, int what, void *data)
{
    struct log_file *log = log_of(file);
    int rc = leave(log);
    return rc != SQLITE_OK ? rc : log->real->pMethods->xFileControl(log->real, what, data);
}

static int log_sector(sqlite3_file *file)
{
    struct log_file *log = log_of(file);
    return log->real->pMethods->xSectorSize(log->real);
}

static int log_device(sqlite3_file *file)
{
    struct log_file *log = log_of(file);
    return log->real->pMethods->xDeviceCharacteristics(log->real);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_is_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

/* --- the VFS: the system's, but for the log --- */

static int (*system_open)(sqlite3_vfs *, sqlite3_filename, sqlite3_file *, int, int *);

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                    int *ret_flags)
{
    if (!(flags & SQLITE_OPEN_WAL))
        return system_open(vfs, name, file, flags, ret_flags);
    struct log_file *log = log_of(file);
    log->base.pMethods = NULL; /* so that SQLite does not close what was not opened */
    int rc = system_open(vfs, name, log->real, flags, ret_flags);
    if (rc != SQLITE_OK) {
        if (log->real->pMethods)
            (void)log->real->pMethods->xClose(log->real); /* the failure is told already */
        return rc;
    }
    log->at = log->gathered = 0;
    log->written = KEEP_BYTES; /* nobody knows: all that is kept of it */
    log->bytes = xrealloc(NULL, GATHER_BYTES, 1);
    log->base.pMethods = &log_methods;
    return SQLITE_OK;
}

const char *store_sqlite_log_vfs(void)
{
    static sqlite3_vfs vfs; /* SQLite keeps the pointer */
    const sqlite3_vfs *system = vfs.zName ? NULL : sqlite3_vfs_find(NULL);
    if (system) {
        vfs = *system;
        vfs.zName = "gritd-log";
        vfs.szOsFile += (int)sizeof(struct log_file);
        system_open = system->xOpen;
        vfs.xOpen = vfs_open;
        (void)sqlite3_vfs_register(&vfs, 0); /* an open with its name would fail */
    }
    return vfs.zName;
}

int store_sqlite_log_grow(sqlite3 *db, bool *ret_more)
{
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    *ret_more = false;
    if (rc != SQLITE_OK || file->pMethods != &log_methods)
        return rc;
    struct log_file *log = log_of(file);
    rc = log_size(file, &size);
    if (rc != SQLITE_OK || size >= KEEP_BYTES)
        return rc;
    rc = write_zeros(log, size, size + GROW_BYTES < KEEP_BYTES ? size + GROW_BYTES : KEEP_BYTES);
    if (rc == SQLITE_OK)
        rc = log_sync(file, SQLITE_SYNC_NORMAL);
    *ret_more = rc == SQLITE_OK;
    return rc;
}
