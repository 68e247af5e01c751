/* store_sqlite_impl.h: what the files of the SQLite store share.
 * Layer: io (private to store_sqlite*.c). */
#pragma once
#include <sqlite3.h>
#include <stdatomic.h>

#include "io/histogram.h"
#include "io/store_sqlite.h"

enum store_sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_JOURNAL_INSERT,
    SQL_STATE_PUT,
    SQL_STATE_DELETE,
    SQL_OUTBOX_INSERT,
    SQL_OUTBOX_UPDATE,
    SQL_DECISION_INSERT,
    SQL_COUNT
};

/* The connection of the writer thread. Nobody else touches it once that thread runs. */
struct store_writer {
    const char *path;
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT];
    int busy_ms, checkpoint_pages;
    int wal_pages;       /* in the log after the last commit */
    int wal_settled;     /* when a checkpoint was last asked for */
    int wal_rested;      /* when the log was last to be emptied */
    uint64_t asked_ns;   /* when a checkpoint was last asked for */
    atomic_bool closing; /* set by the loop's thread: wait no longer than CLOSING_MS for a lock */
    uint64_t wait_start_ms;
    unsigned finished; /* bit 1u << state for each outbox state that is an end */
    bool short_log;    /* it is empty, and shorter than it should be */
    bool scrub;        /* somebody was erased: no byte of it may stay in the files */
    int64_t emptied;   /* up to this seq retention has emptied the outbox; 0 after a start */
};

enum settle {
    SETTLE_NO,
    SETTLE_DUE, /* the log is long: move it into the file */
    SETTLE_REST /* nothing to do: empty it too */
};

struct store_sqlite {
    struct store base; /* first: the ops get a pointer to it */
    char *path;
    struct store_sqlite_options options; /* with the defaults filled in */
    int lock_fd;
    struct store_writer writer;
    uv_thread_t thread, settler;
    uv_async_t async;
    struct histogram commits;

    uv_mutex_t mutex;
    uv_cond_t work, progress, settle_work;
    /* Under the mutex: */
    enum settle settle_asked; /* until it is done */
    enum settle settle_left;  /* of the last one, for the writer to do */
    int settle_moved;         /* pages of the log that it moved */
    bool has_settler, settle_stop;
    struct store_batch *queue, *queue_last;
    struct store_batch *committed, *committed_last;
    struct store_batch *first_failed; /* from here on every batch gets `failure` */
    struct err failure;
    bool idle, hurry, stop;

    /* Loop thread only: */
    struct store_batch *delivering;
    size_t batches_waiting, rows_waiting;
    int deliver_status;
    bool closed;
};

/* --- store_sqlite_schema.c --- */

/* Fills err from the last failure of db: "PATH: DOING: text". Returns the -errno. db may be NULL.
 */
int store_sqlite_error(struct err *err, sqlite3 *db, int rc, const char *path, const char *doing);

/* How many rows each table has. Errors: those of reading. */
int store_sqlite_count_rows(sqlite3 *db, const char *path, struct err *err,
                            struct store_count *ret);

/* The kernel lock of the one daemon. Errors: -EAGAIN held by another. Owns: close() *ret_fd. */
int store_sqlite_lock(const char *path, struct err *err, int *ret_fd);

/* A checked connection that may write; creates the file when there is none. The lock is held. */
int store_sqlite_connect(const char *path, const struct store_sqlite_options *options,
                         struct err *err, sqlite3 **ret);

/* A connection for checkpoints beside the writer's. */
int store_sqlite_connect_settler(const char *path, struct err *err, sqlite3 **ret);

/* A connection that only reads, in a store of exactly this program's schema. */
int store_sqlite_connect_reader(const char *path, int busy_ms, struct err *err, sqlite3 **ret);

/* The same for any schema up to this program's: *ret_version says which. */
int store_sqlite_connect_any(const char *path, int busy_ms, struct err *err, sqlite3 **ret,
                             int64_t *ret_version);

/* Whether tables and indexes are those of this version. */
int store_sqlite_schema_fits(sqlite3 *db, const char *path, int64_t version, struct err *err,
                             bool *ret);

/* --- store_sqlite_write.c (writer thread) --- */

int store_writer_init(struct store_writer *writer, struct err *err);
void store_writer_done(struct store_writer *writer, bool failed);

/* All rows of the list in one transaction. */
int store_writer_commit(struct store_writer *writer, const struct store_batch *list,
                        struct err *err);

/* One row in the transaction at hand. The result code of SQLite. */
int store_writer_row(struct store_writer *writer, const struct row *row);

/* --- store_sqlite_orders.c (writer thread) --- */

int store_writer_erase(struct store_writer *writer, const struct row *row);
int store_writer_sweep(struct store_writer *writer, const struct row *row);
void store_writer_scrub(struct store_writer *writer); /* after the commit */

/* Whether the log holds pages since it was last to be emptied; so many that they should move into
 * the file now; so many more since that was asked that commits must wait for it. */
bool store_writer_is_unsettled(const struct store_writer *writer);
bool store_writer_is_due(const struct store_writer *writer, uint64_t now_ns);
bool store_writer_is_late(const struct store_writer *writer);
void store_writer_asked(struct store_writer *writer, bool rest, uint64_t now_ns);

/* Moves the log into the file; `rest` also empties it. Readers in the way are no error. */
int store_writer_checkpoint(struct store_writer *writer, bool rest, struct err *err);
int store_writer_grow(struct store_writer *writer, struct err *err); /* for a moment at rest */

/* --- store_sqlite_settle.c (called by the writer thread) --- */

/* Has the log moved by a thread of its own, which leaves the end of it in settle_left. The mutex is
 * held. False: there is no such thread. */
bool store_settle_ask(struct store_sqlite *sqlite, enum settle what);
void store_settle_stop(struct store_sqlite *sqlite); /* waits for its end */

/* --- store_sqlite_log.c --- */

/* Name of the VFS for the connection that writes; the others take the system's. */
const char *store_sqlite_log_vfs(void);

/* Makes an empty log a little longer, with zeros, so that commits find its blocks there. A code of
 * SQLite; SQLITE_FULL does no harm. */
int store_sqlite_log_grow(sqlite3 *db, bool *ret_more);

/* --- store_sqlite_load.c (any thread) --- */

/* One table as a whole: every column in `select`, the row's place last where it has one. */
struct store_table {
    const char *name, *select;
    int seq; /* column of `select`; -1: none */
    void (*read)(sqlite3_stmt *statement, struct row *ret);
    const char *remove, *update; /* NULL: never */
};
enum { STORE_TABLES = 4 };
extern const struct store_table store_tables[STORE_TABLES];

int store_sqlite_load_all(struct store *store, store_visit visit, void *user, struct err *err);
int store_sqlite_load_kind(struct store *store, int kind, store_visit visit, void *user,
                           struct err *err);
int store_sqlite_load_states(struct store *store, store_visit visit, void *user, struct err *err);
int store_sqlite_load_journal(struct store *store, msec_t since_at, bool with_body,
                              store_visit visit, void *user, struct err *err);
int store_sqlite_load_outbox(struct store *store, msec_t since_at, store_visit visit, void *user,
                             struct err *err);
int store_sqlite_load_decisions(struct store *store, const char *rep, msec_t from, msec_t to,
                                size_t limit, store_visit visit, void *user, struct err *err);
int store_sqlite_count(struct store *store, struct store_count *ret, struct err *err);
