/* The thread that moves the log into the file (checkpoints), so that no commit waits for it.
 *
 * It copies what is committed while the writer goes on. Under load there is always a little more by
 * the time it has come to the end, and the log can only begin anew where nothing is left; so that
 * little is left to the writer, between two commits. */
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "io/store_sqlite_impl.h"

enum { PASSES = 4, NICE = 10 };

/* SQLite syncs the file only after a pass that found nothing new in the log. Without this the
 * writer, which does the last pass, would wait for all that was written here. */
static int sync_file(sqlite3 *db)
{
    sqlite3_file *file = NULL;
    int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    return rc != SQLITE_OK ? rc : file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
}

/* Moves the log, again as long as something was added meanwhile. The pages that were moved. */
static int move(struct store_sqlite *sqlite, sqlite3 *db, struct err *err)
{
    int moved = 0;
    for (int i = 0, last = -1; i < PASSES && last != moved; i++) {
        last = moved;
        int rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &moved);
        if (rc == SQLITE_OK && moved != last)
            rc = sync_file(db);
        if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY) {
            store_sqlite_error(err, db, rc, sqlite->path, "checkpoint");
            return 0;
        }
    }
    return moved;
}

static void settle_until_stopped(void *user)
{
    struct store_sqlite *sqlite = user;
    sqlite3 *db = NULL;
    (void)pthread_setname_np(pthread_self(), "store-settle"); /* for top; no harm without */
    /* On a machine with few cores commits and messages go first; no harm without. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    uv_mutex_lock(&sqlite->mutex);
    while (!sqlite->settle_stop) {
        enum settle asked = sqlite->settle_asked;
        if (!asked || sqlite->failure.code) {
            uv_cond_wait(&sqlite->settle_work, &sqlite->mutex);
            continue;
        }
        uv_mutex_unlock(&sqlite->mutex);
        struct err err = {0};
        int moved = 0;
        /* without a connection all is left to the writer, which will tell what is wrong */
        if (db || !store_sqlite_connect_settler(sqlite->path, NULL, &db))
            moved = move(sqlite, db, &err);
        uv_mutex_lock(&sqlite->mutex);
        if (err.code && !sqlite->failure.code)
            sqlite->failure = err;
        sqlite->settle_asked = SETTLE_NO;
        sqlite->settle_left = asked;
        sqlite->settle_moved = moved;
        uv_cond_broadcast(&sqlite->work);
    }
    uv_mutex_unlock(&sqlite->mutex);
    (void)sqlite3_close(db); /* the writer's connection is the one to tidy up */
}

bool store_settle_ask(struct store_sqlite *sqlite, enum settle what)
{
    if (!sqlite->has_settler)
        sqlite->has_settler = uv_thread_create(&sqlite->settler, settle_until_stopped, sqlite) == 0;
    if (!sqlite->has_settler)
        return false;
    sqlite->settle_asked = what;
    uv_cond_signal(&sqlite->settle_work);
    return true;
}

void store_settle_stop(struct store_sqlite *sqlite)
{
    uv_mutex_lock(&sqlite->mutex);
    sqlite->settle_stop = true;
    uv_cond_signal(&sqlite->settle_work);
    uv_mutex_unlock(&sqlite->mutex);
    if (sqlite->has_settler)
        (void)uv_thread_join(&sqlite->settler); /* it was started */
}
