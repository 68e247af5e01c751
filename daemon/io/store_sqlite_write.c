#include "base/alloc.h"
#include "io/store_sqlite_impl.h"

enum {
    BUSY_SLICE_MS = 10,
    CLOSING_MS = 3000, /* of the 5 s in which a daemon must have stopped */
    EARLY_PART = 12,
    EARLY_MS = 5000,
};

static const char *const statements[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_JOURNAL_INSERT] = "INSERT INTO journal (at, time, id, type, kind, direction, flags, rep, "
                           "deal, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [SQL_STATE_PUT] = "INSERT INTO state (kind, key, value) VALUES (?1, ?2, ?3) "
                      "ON CONFLICT DO UPDATE SET value = excluded.value",
    [SQL_STATE_DELETE] = "DELETE FROM state WHERE kind = ?1 AND key = ?2",
    [SQL_OUTBOX_INSERT] =
        "INSERT INTO outbox (key, state, attempt, at, due, deadline, rule, rep, deal, message, "
        "channel, platform_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) "
        "ON CONFLICT (key) DO NOTHING",
    [SQL_OUTBOX_UPDATE] =
        "UPDATE outbox SET state = ifnull(?2, state), attempt = ifnull(?3, attempt), "
        "at = ifnull(?4, at), due = ifnull(?5, due), deadline = ifnull(?6, deadline), "
        "rule = ifnull(?7, rule), rep = ifnull(?8, rep), deal = ifnull(?9, deal), "
        "message = ifnull(?10, message), channel = ifnull(?11, channel), "
        "platform_id = ifnull(?12, platform_id) WHERE key = ?1",
    [SQL_DECISION_INSERT] = "INSERT INTO decision (at, rep, rule, outcome, line) "
                            "VALUES (?1, ?2, ?3, ?4, ?5)",
};

/* --- rows --- */

/* Collects the results of binds, which all are 0 or the row is not written. NULL text binds NULL.
 */
struct binder {
    sqlite3_stmt *statement;
    int column, failed;
};

static void bind_text(struct binder *binder, const char *text)
{
    binder->failed |=
        sqlite3_bind_text(binder->statement, ++binder->column, text, -1, SQLITE_STATIC);
}

static void bind_int(struct binder *binder, int64_t value)
{
    binder->failed |= sqlite3_bind_int64(binder->statement, ++binder->column, value);
}

static void bind_null(struct binder *binder)
{
    binder->failed |= sqlite3_bind_null(binder->statement, ++binder->column);
}

static int step(const struct binder *binder)
{
    if (binder->failed)
        return SQLITE_NOMEM;               /* all that can happen to a bind here */
    (void)sqlite3_step(binder->statement); /* reset tells the same */
    return sqlite3_reset(binder->statement);
}

static int write_journal(struct store_writer *writer, const struct row *row)
{
    const struct row_journal *journal = &row->journal;
    struct binder b = {.statement = writer->statements[SQL_JOURNAL_INSERT]};
    bind_int(&b, journal->at);
    bind_int(&b, journal->time);
    b.failed |= sqlite3_bind_blob(b.statement, ++b.column, &journal->id, sizeof(journal->id),
                                  SQLITE_STATIC);
    bind_int(&b, journal->type);
    bind_int(&b, journal->kind);
    bind_int(&b, journal->direction);
    bind_int(&b, (int64_t)journal->flags);
    bind_text(&b, journal->rep);
    bind_text(&b, journal->deal);
    bind_text(&b, journal->body);
    return step(&b);
}

static int write_state(struct store_writer *writer, const struct row *row)
{
    const struct row_state *state = &row->state;
    struct binder b = {.statement =
                           writer->statements[state->value ? SQL_STATE_PUT : SQL_STATE_DELETE]};
    bind_int(&b, state->kind);
    bind_text(&b, state->key);
    if (state->value)
        bind_text(&b, state->value);
    return step(&b);
}

/* A field that an update leaves as it is, and a deadline of none, are NULL. */
static void bind_field(struct binder *binder, bool update, int64_t value)
{
    if (value == MSEC_NONE || (update && value < 0))
        bind_null(binder);
    else
        bind_int(binder, value);
}

static int write_outbox(struct store_writer *writer, const struct row *row)
{
    const struct row_outbox *outbox = &row->outbox;
    struct binder b = {
        .statement = writer->statements[outbox->update ? SQL_OUTBOX_UPDATE : SQL_OUTBOX_INSERT]};
    bind_text(&b, outbox->key);
    bind_field(&b, outbox->update, outbox->state);
    bind_field(&b, outbox->update, outbox->attempt);
    bind_field(&b, outbox->update, outbox->at);
    bind_field(&b, outbox->update, outbox->due);
    bind_field(&b, outbox->update, outbox->deadline);
    bind_text(&b, outbox->rule);
    bind_text(&b, outbox->rep);
    bind_text(&b, outbox->deal);
    bind_text(&b, outbox->message);
    bind_text(&b, outbox->channel);
    bind_text(&b, outbox->platform_id);
    return step(&b);
}

static int write_decision(struct store_writer *writer, const struct row *row)
{
    const struct row_decision *decision = &row->decision;
    struct binder b = {.statement = writer->statements[SQL_DECISION_INSERT]};
    bind_int(&b, decision->at);
    bind_text(&b, decision->rep);
    bind_text(&b, decision->rule);
    bind_text(&b, decision->outcome);
    bind_text(&b, decision->line);
    return step(&b);
}

static const struct {
    const char *doing;
    int (*write)(struct store_writer *writer, const struct row *row);
} row_types[] = {
    [ROW_JOURNAL] = {"write journal", write_journal},
    [ROW_STATE] = {"write state", write_state},
    [ROW_OUTBOX] = {"write outbox", write_outbox},
    [ROW_DECISION] = {"write decision", write_decision},
    [ROW_ERASE] = {"erase a person", store_writer_erase},
    [ROW_SWEEP] = {"remove what is old", store_writer_sweep},
};

int store_writer_row(struct store_writer *writer, const struct row *row)
{
    return row_types[row->type].write(writer, row);
}

/* --- transactions --- */

static int control(struct store_writer *writer, enum store_sql which, struct err *err)
{
    int rc = step(&(struct binder){.statement = writer->statements[which]});
    return rc == SQLITE_OK
               ? 0
               : store_sqlite_error(err, writer->db, rc, writer->path, statements[which]);
}

static int write_batch(struct store_writer *writer, const struct store_batch *batch,
                       struct err *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct row *row = &batch->rows[i];
        int rc = store_writer_row(writer, row);
        if (rc != SQLITE_OK)
            return store_sqlite_error(err, writer->db, rc, writer->path,
                                      row_types[row->type].doing);
    }
    return 0;
}

int store_writer_commit(struct store_writer *writer, const struct store_batch *list,
                        struct err *err)
{
    const struct store_batch *batch = list;
    while (batch && !batch->count)
        batch = batch->next;
    if (!batch) /* nothing to make durable */
        return 0;
    writer->short_log = false;
    int status = control(writer, SQL_BEGIN, err);
    for (; !status && batch; batch = batch->next)
        status = write_batch(writer, batch, err);
    if (!status)
        status = control(writer, SQL_COMMIT, err);
    if (status && !sqlite3_get_autocommit(writer->db))
        (void)control(writer, SQL_ROLLBACK, NULL); /* the first failure is the one to tell */
    if (!status)
        store_writer_scrub(writer);
    return status;
}

/* --- checkpoints --- */

static int count_pages(void *user, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name; /* there is one database */
    struct store_writer *writer = user;
    if (pages < writer->wal_pages) /* the log began anew */
        writer->wal_settled = writer->wal_rested = 0;
    writer->wal_pages = pages;
    return SQLITE_OK;
}

bool store_writer_is_unsettled(const struct store_writer *writer)
{
    return writer->wal_pages != writer->wal_rested;
}

/* Under a light load early, if not often: a commit over old pages of the log needs no new blocks of
 * the file system, so its sync is short and waits for nobody else's. */
bool store_writer_is_due(const struct store_writer *writer, uint64_t now_ns)
{
    int pages = writer->wal_pages - writer->wal_settled;
    return pages >= writer->checkpoint_pages ||
           (pages >= writer->checkpoint_pages / EARLY_PART &&
            now_ns - writer->asked_ns >= EARLY_MS * UINT64_C(1000000));
}

bool store_writer_is_late(const struct store_writer *writer)
{
    return writer->wal_pages - writer->wal_settled >= writer->checkpoint_pages / 2;
}

/* With a reader in the way the rest waits for the next one, `checkpoint_pages` further on. */
void store_writer_asked(struct store_writer *writer, bool rest, uint64_t now_ns)
{
    writer->asked_ns = now_ns;
    writer->wal_settled = writer->wal_pages;
    if (rest)
        writer->wal_rested = writer->wal_pages;
}

/* Waits for another process's lock, here on the writer thread where nobody else waits. */
static int wait_busy(void *user, int tries)
{
    struct store_writer *writer = user;
    uint64_t now_ms = uv_hrtime() / 1000000;
    if (tries == 0)
        writer->wait_start_ms = now_ms;
    uint64_t limit_ms = (uint64_t)writer->busy_ms;
    if (atomic_load(&writer->closing) && limit_ms > CLOSING_MS)
        limit_ms = CLOSING_MS;
    if (now_ms - writer->wait_start_ms >= limit_ms)
        return 0;
    uv_sleep(BUSY_SLICE_MS);
    return 1;
}

int store_writer_checkpoint(struct store_writer *writer, bool rest, struct err *err)
{
    /* Emptying the log needs a moment without readers; commits must not wait for that moment. */
    (void)sqlite3_busy_handler(writer->db, NULL, NULL);
    int rc = sqlite3_wal_checkpoint_v2(
        writer->db, NULL, rest ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL,
        NULL);
    (void)sqlite3_busy_handler(writer->db, wait_busy, writer);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
        return store_sqlite_error(err, writer->db, rc, writer->path, "checkpoint");
    if (rest && rc == SQLITE_OK) /* empty: the next commit of the same size is not this one */
        writer->wal_pages = writer->wal_settled = writer->wal_rested = 0;
    writer->short_log = rest && rc == SQLITE_OK;
    return 0;
}

int store_writer_grow(struct store_writer *writer, struct err *err)
{
    int rc = store_sqlite_log_grow(writer->db, &writer->short_log);
    return rc == SQLITE_OK || (rc & 0xff) == SQLITE_FULL
               ? 0
               : store_sqlite_error(err, writer->db, rc, writer->path, "log");
}

/* --- start and end --- */

int store_writer_init(struct store_writer *writer, struct err *err)
{
    (void)sqlite3_busy_handler(writer->db, wait_busy, writer);
    (void)sqlite3_wal_hook(writer->db, count_pages, writer);
    for (size_t i = 0; i < SQL_COUNT; i++) {
        int rc = sqlite3_prepare_v3(writer->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &writer->statements[i], NULL);
        if (rc != SQLITE_OK)
            return store_sqlite_error(err, writer->db, rc, writer->path, statements[i]);
    }
    return 0;
}

void store_writer_done(struct store_writer *writer, bool failed)
{
    for (size_t i = 0; i < SQL_COUNT; i++)
        (void)sqlite3_finalize(writer->statements[i]); /* accepts NULL; tells of older failures */
    /* After a failed sync the kernel may have dropped what it could not write and call the next
     * sync a success, so a checkpoint on closing could only make things worse. */
    if (failed)
        (void)sqlite3_db_config(writer->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    (void)sqlite3_close(writer->db); /* the log holds whatever a checkpoint here could not move */
    writer->db = NULL;
}
