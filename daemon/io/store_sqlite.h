/* store_sqlite.h: the embedded store: one SQLite file, written by one thread.
 * Layer: io. Lifetime: process. Depends on: engine/store, libuv, SQLite.
 *
 * After opening, the loop's thread never waits for the disk: submit() queues, the writer thread
 * takes the whole queue into one transaction, and done() follows by uv_async. A second thread moves
 * the log into the file (checkpoints) while the first goes on. Load functions block;
 * each uses a short-lived read-only connection of its own, so that no read transaction is ever
 * forgotten (one would stop checkpoints and let the write-ahead log grow). */
#pragma once
#include <uv.h>

#include "base/err.h"
#include "engine/store.h"
#include "io/histogram.h"

enum {
    STORE_SQLITE_BUSY_MS = 60000,          /* more than the 30 s a backup may hold the write lock */
    STORE_SQLITE_PACE_MS = 4,              /* least time between two commits under load */
    STORE_SQLITE_CHECKPOINT_PAGES = 24000, /* 96 MiB of log; a light load does it earlier */
};

struct store_sqlite_options {
    bool read_only;       /* for commands beside a running daemon: no lock, no thread, no submit */
    unsigned finished;    /* bit 1u << state for each outbox state that is an end */
    int busy_ms;          /* 0 means STORE_SQLITE_BUSY_MS */
    int pace_ms;          /* 0 means STORE_SQLITE_PACE_MS, negative none */
    int checkpoint_pages; /* 0 means STORE_SQLITE_CHECKPOINT_PAGES */
    int max_pages;        /* for tests: the file may not grow beyond; 0 no limit */
};

/* Opens the store at `path`, creates it (mode 0600) when there is no file, and brings an older
 * schema up to date. What is not a gritd store, is damaged or is newer than this program is left
 * untouched.
 *
 * Units:  options NULL means all zero.
 * Owns:   the caller ends it with ops->close; loop is borrowed until its callbacks ran after that
 *         (NULL allowed when read_only). A batch without done() is freed by the store.
 * Errors: -EAGAIN another daemon has it; -EUCLEAN not a gritd store, or damaged; -ENOTSUP newer
 * schema; -ENOENT (read_only), -EACCES, -EROFS, -ENOSPC, -EIO and others from the system. Source:
 * SQLite "Write-Ahead Logging", "Database File Format" 1.3; dependencies.md, 8. */
int store_sqlite_open(uv_loop_t *loop, const char *path, const struct store_sqlite_options *options,
                      struct err *err, struct store **ret);

/* What made the store fail, for the log; NULL while it works. After the first failed commit every
 * later batch fails too, and nothing is written or synced again: the process must end.
 *
 * Owns:   borrowed until close. Call it on the loop's thread, for instance in done(). */
const char *store_sqlite_failure(const struct store *store);

/* How long its commits took. Borrowed until close. */
const struct histogram *store_sqlite_commits(const struct store *store);
