#include "io/store_sqlite.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/store_sqlite_impl.h"

#define NS_PER_MS UINT64_C(1000000)
enum {
    IDLE_MS = 2000,  /* without work, before the log is emptied */
    PACE_BATCHES = 4 /* a smaller group tells of a light load, which need not wait */
};

static struct store_sqlite *self(struct store *store)
{
    return (struct store_sqlite *)store;
}

/* --- writer thread --- */

/* The rest of a checkpoint, which only the writer can do: see store_sqlite_settle.c. SETTLE_NO: a
 * piece of the log's blocks, for the commits to come. */
static void settle_rest(struct store_sqlite *sqlite, enum settle what)
{
    struct err err = {0};
    int status = what == SETTLE_NO
                     ? store_writer_grow(&sqlite->writer, &err)
                     : store_writer_checkpoint(&sqlite->writer, what == SETTLE_REST, &err);
    if (!status)
        return;
    uv_mutex_lock(&sqlite->mutex);
    if (!sqlite->failure.code)
        sqlite->failure = err;
    uv_mutex_unlock(&sqlite->mutex);
}

/* What is left to do of a checkpoint now; under the mutex. */
static enum settle take_left(struct store_sqlite *sqlite)
{
    enum settle left = sqlite->settle_left;
    sqlite->settle_left = SETTLE_NO;
    if (left == SETTLE_REST && sqlite->queue) /* no rest any more */
        left = SETTLE_NO;
    if (left == SETTLE_DUE && sqlite->settle_moved == sqlite->writer.wal_pages) /* all is moved */
        left = SETTLE_NO;
    return sqlite->failure.code || sqlite->stop ? SETTLE_NO : left;
}

/* Waits for work under the mutex. Without any for a while it has the log emptied, once. */
static void wait_for_work(struct store_sqlite *sqlite)
{
    bool unsettled = !sqlite->failure.code && store_writer_is_unsettled(&sqlite->writer);
    int status = 0;
    sqlite->idle = true;
    if (unsettled)
        status = uv_cond_timedwait(&sqlite->work, &sqlite->mutex, IDLE_MS * NS_PER_MS);
    else
        uv_cond_wait(&sqlite->work, &sqlite->mutex);
    sqlite->idle = false;
    if (status != UV_ETIMEDOUT || sqlite->queue || sqlite->stop)
        return;
    store_writer_asked(&sqlite->writer, true, uv_hrtime());
    if (!store_settle_ask(sqlite, SETTLE_REST))
        sqlite->settle_left = SETTLE_REST;
}

/* Sleeps until there is work. NULL means stop. *ret_err: why nothing may be written any more. */
static struct store_batch *take_queue(struct store_sqlite *sqlite, struct err *ret_err)
{
    uv_mutex_lock(&sqlite->mutex);
    while (!sqlite->queue && !sqlite->stop) {
        enum settle left = take_left(sqlite);
        if (left || (sqlite->writer.short_log && !sqlite->failure.code)) {
            uv_mutex_unlock(&sqlite->mutex);
            settle_rest(sqlite, left);
            uv_mutex_lock(&sqlite->mutex);
        } else {
            wait_for_work(sqlite);
        }
    }
    struct store_batch *list = sqlite->queue;
    sqlite->queue = sqlite->queue_last = NULL;
    *ret_err = sqlite->failure;
    uv_mutex_unlock(&sqlite->mutex);
    return list;
}

/* After a commit: has a long log moved into the file by the other thread, and waits for that thread
 * where it cannot keep up, so that the log has a bound. */
static void settle_if_due(struct store_sqlite *sqlite, uint64_t now_ns)
{
    uv_mutex_lock(&sqlite->mutex);
    if (store_writer_is_due(&sqlite->writer, now_ns) && !sqlite->settle_asked &&
        !sqlite->failure.code) {
        store_writer_asked(&sqlite->writer, false, now_ns);
        if (!store_settle_ask(sqlite, SETTLE_DUE)) {
            sqlite->settle_left = SETTLE_DUE;
            sqlite->settle_moved = 0;
        }
    }
    while (store_writer_is_late(&sqlite->writer) && sqlite->settle_asked && !sqlite->failure.code)
        uv_cond_wait(&sqlite->work, &sqlite->mutex);
    enum settle left = take_left(sqlite);
    uv_mutex_unlock(&sqlite->mutex);
    if (left == SETTLE_DUE)
        settle_rest(sqlite, left);
}

/* Hands a list back to the loop's thread and counts it. `failed` marks its first batch as the first
 * failed one.
 */
static size_t hand_back(struct store_sqlite *sqlite, struct store_batch *list,
                        const struct err *err)
{
    struct store_batch *last = list;
    size_t count = 1;
    for (; last->next; last = last->next)
        count++;
    uv_mutex_lock(&sqlite->mutex);
    if (err->code && !sqlite->failure.code)
        sqlite->failure = *err;
    if (sqlite->failure.code && err->code && !sqlite->first_failed)
        sqlite->first_failed = list;
    if (sqlite->committed)
        sqlite->committed_last->next = list;
    else
        sqlite->committed = list;
    sqlite->committed_last = last;
    uv_cond_signal(&sqlite->progress);
    uv_mutex_unlock(&sqlite->mutex);
    (void)uv_async_send(&sqlite->async); /* fails only for a closed handle, which comes later */
    return count;
}

/* Lets a group gather under load, when each commit would otherwise write the same pages again for a
 * handful of rows. The last commit, of so many batches, began at last_ns. */
static void pace(struct store_sqlite *sqlite, size_t batches, uint64_t last_ns)
{
    if (batches < PACE_BATCHES)
        return;
    uint64_t until = last_ns + (uint64_t)sqlite->options.pace_ms * NS_PER_MS, now;
    uv_mutex_lock(&sqlite->mutex);
    while (!sqlite->hurry && (now = uv_hrtime()) < until)
        (void)uv_cond_timedwait(&sqlite->work, &sqlite->mutex, until - now); /* the loop looks */
    uv_mutex_unlock(&sqlite->mutex);
}

static void write_until_stopped(void *user)
{
    struct store_sqlite *sqlite = user;
    struct store_batch *list;
    struct err err = {0};
    (void)pthread_setname_np(pthread_self(), "store"); /* for top; no harm without */
    while ((list = take_queue(sqlite, &err))) {
        uint64_t start = uv_hrtime();
        if (!err.code)
            (void)store_writer_commit(&sqlite->writer, list, &err);
        histogram_add(&sqlite->commits, uv_hrtime() - start);
        size_t batches = hand_back(sqlite, list, &err);
        settle_if_due(sqlite, start);
        pace(sqlite, batches, start);
    }
    store_settle_stop(sqlite);
    store_writer_done(&sqlite->writer, sqlite->failure.code != 0); /* no thread is left to set it */
}

/* --- loop thread --- */

static void deliver(struct store_sqlite *sqlite)
{
    uv_mutex_lock(&sqlite->mutex);
    struct store_batch *list = sqlite->committed;
    struct store_batch *first_failed = sqlite->first_failed;
    int failure = sqlite->failure.code;
    sqlite->committed = NULL;
    uv_mutex_unlock(&sqlite->mutex);

    if (!sqlite->delivering)
        sqlite->delivering = list;
    else { /* called again by a done() below us */
        struct store_batch *last = sqlite->delivering;
        while (last->next)
            last = last->next;
        last->next = list;
    }
    while (sqlite->delivering) {
        struct store_batch *batch = sqlite->delivering;
        sqlite->delivering = batch->next;
        batch->next = NULL;
        if (batch == first_failed)
            sqlite->deliver_status = -failure;
        sqlite->batches_waiting--;
        sqlite->rows_waiting -= batch->count;
        if (batch->done)
            batch->done(batch->user, batch, sqlite->deliver_status);
        else
            store_batch_free(batch);
    }
}

static void on_async(uv_async_t *async)
{
    deliver(async->data);
}

static void sqlite_submit(struct store *store, struct store_batch *batch)
{
    struct store_sqlite *sqlite = self(store);
    assert(!sqlite->options.read_only && !sqlite->stop);
    batch->next = NULL;
    sqlite->batches_waiting++;
    sqlite->rows_waiting += batch->count;
    uv_mutex_lock(&sqlite->mutex);
    if (sqlite->queue)
        sqlite->queue_last->next = batch;
    else
        sqlite->queue = batch;
    sqlite->queue_last = batch;
    bool wake = sqlite->idle;
    uv_mutex_unlock(&sqlite->mutex);
    if (wake)
        uv_cond_signal(&sqlite->work); /* not before, or the writer wakes to wait for the mutex */
}

static size_t sqlite_queued(const struct store *store)
{
    return ((const struct store_sqlite *)store)->rows_waiting;
}

static void release(struct store_sqlite *sqlite)
{
    if (sqlite->lock_fd >= 0)
        (void)close(sqlite->lock_fd); /* gives the lock back */
    free(sqlite->path);
    free(sqlite);
}

static void on_closed(uv_handle_t *handle)
{
    struct store_sqlite *sqlite = handle->data;
    uv_cond_destroy(&sqlite->work);
    uv_cond_destroy(&sqlite->settle_work);
    uv_cond_destroy(&sqlite->progress);
    uv_mutex_destroy(&sqlite->mutex);
    release(sqlite);
}

static void sqlite_close(struct store *store)
{
    struct store_sqlite *sqlite = self(store);
    if (sqlite->options.read_only) {
        release(sqlite);
        return;
    }
    if (sqlite->closed) /* by a done() below us */
        return;
    sqlite->closed = true;
    atomic_store(&sqlite->writer.closing, true);
    uv_mutex_lock(&sqlite->mutex);
    sqlite->hurry = true;
    uv_cond_signal(&sqlite->work);
    uv_mutex_unlock(&sqlite->mutex);
    deliver(sqlite);
    while (sqlite->batches_waiting) {
        uv_mutex_lock(&sqlite->mutex);
        while (!sqlite->committed)
            uv_cond_wait(&sqlite->progress, &sqlite->mutex);
        uv_mutex_unlock(&sqlite->mutex);
        deliver(sqlite);
    }
    uv_mutex_lock(&sqlite->mutex);
    sqlite->stop = true;
    uv_cond_signal(&sqlite->work);
    uv_mutex_unlock(&sqlite->mutex);
    (void)uv_thread_join(&sqlite->thread); /* it was started */
    /* The lock goes now, not when the loop gets to it: the next daemon may be waiting. */
    (void)close(sqlite->lock_fd); /* nothing was written */
    sqlite->lock_fd = -1;
    uv_close((uv_handle_t *)&sqlite->async, on_closed);
}

static const struct store_ops sqlite_ops = {
    .name = "sqlite",
    .submit = sqlite_submit,
    .queued = sqlite_queued,
    .load_states = store_sqlite_load_states,
    .load_kind = store_sqlite_load_kind,
    .load_journal = store_sqlite_load_journal,
    .load_outbox = store_sqlite_load_outbox,
    .load_decisions = store_sqlite_load_decisions,
    .load_all = store_sqlite_load_all,
    .count = store_sqlite_count,
    .close = sqlite_close,
};

static void set_default(int *value, int normal)
{
    if (*value == 0)
        *value = normal;
    if (*value < 0)
        *value = 0;
}

static struct store_sqlite *sqlite_new(const char *path, const struct store_sqlite_options *options)
{
    struct store_sqlite *sqlite = NEW(struct store_sqlite);
    sqlite->base.ops = &sqlite_ops;
    sqlite->path = xstrdup(path);
    sqlite->lock_fd = -1;
    if (options)
        sqlite->options = *options;
    set_default(&sqlite->options.busy_ms, STORE_SQLITE_BUSY_MS);
    set_default(&sqlite->options.pace_ms, STORE_SQLITE_PACE_MS);
    set_default(&sqlite->options.checkpoint_pages, STORE_SQLITE_CHECKPOINT_PAGES);
    sqlite->writer.path = sqlite->path;
    sqlite->writer.finished = sqlite->options.finished;
    sqlite->writer.busy_ms = sqlite->options.busy_ms;
    sqlite->writer.checkpoint_pages = sqlite->options.checkpoint_pages;
    return sqlite;
}

static int open_read_only(struct store_sqlite *sqlite, struct err *err)
{
    if (access(sqlite->path, R_OK) < 0)
        return err_set(err, errno, "%s: cannot open: %s", sqlite->path, strerror(errno));
    sqlite3 *db;
    int status = store_sqlite_connect_reader(sqlite->path, sqlite->options.busy_ms, err, &db);
    if (!status)
        (void)sqlite3_close(db); /* it was only a look */
    return status;
}

/* Starts what needs libuv. On failure all of `sqlite` is given back. */
static int start(struct store_sqlite *sqlite, uv_loop_t *loop, struct err *err)
{
    int status = uv_async_init(loop, &sqlite->async, on_async);
    if (status) {
        err_set(err, -status, "%s: cannot watch: %s", sqlite->path, uv_strerror(status));
        store_writer_done(&sqlite->writer, false);
        release(sqlite);
        return status;
    }
    sqlite->async.data = sqlite;
    if (uv_mutex_init(&sqlite->mutex) || uv_cond_init(&sqlite->work) ||
        uv_cond_init(&sqlite->settle_work) || uv_cond_init(&sqlite->progress))
        alloc_none(); /* fail only for lack of memory */
    status = uv_thread_create(&sqlite->thread, write_until_stopped, sqlite);
    if (status) {
        err_set(err, -status, "%s: cannot start the writer: %s", sqlite->path, uv_strerror(status));
        store_writer_done(&sqlite->writer, false);
        uv_close((uv_handle_t *)&sqlite->async, on_closed);
    }
    return status;
}

int store_sqlite_open(uv_loop_t *loop, const char *path, const struct store_sqlite_options *options,
                      struct err *err, struct store **ret)
{
    struct store_sqlite *sqlite = sqlite_new(path, options);
    int status = 0;
    if (sqlite->options.read_only) {
        status = open_read_only(sqlite, err);
    } else {
        status = store_sqlite_lock(path, err, &sqlite->lock_fd);
        if (!status)
            status = store_sqlite_connect(path, &sqlite->options, err, &sqlite->writer.db);
        if (!status) {
            status = store_writer_init(&sqlite->writer, err);
            if (status)
                store_writer_done(&sqlite->writer, true);
        }
    }
    if (status) {
        release(sqlite);
        return status;
    }
    if (!sqlite->options.read_only)
        status = start(sqlite, loop, err);
    if (!status)
        *ret = &sqlite->base;
    return status;
}

const char *store_sqlite_failure(const struct store *store)
{
    const struct store_sqlite *sqlite = (const struct store_sqlite *)store;
    return sqlite->deliver_status ? sqlite->failure.text : NULL;
}

const struct histogram *store_sqlite_commits(const struct store *store)
{
    return &((const struct store_sqlite *)store)->commits;
}
