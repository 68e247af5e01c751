/* Orders to the store, on the writer thread: erasing a person, and retention. */
#include "base/alloc.h"
#include "engine/personal.h"
#include "io/store_sqlite_impl.h"

/* What an erasure makes of one row. */
struct change {
    int64_t seq;
    bool gone;
    struct row row; /* gone: as it was */
};

struct changes {
    struct arena arena;
    struct change *list;
    size_t count, cap;
};

/* The texts of a row live as long as the statement stands on it. */
static void keep_texts(struct arena *arena, struct row *row)
{
    const char **const journal[] = {&row->journal.rep, &row->journal.deal, &row->journal.body};
    const char **const state[] = {&row->state.key, &row->state.value};
    const char **const outbox[] = {
        &row->outbox.key,     &row->outbox.rule,    &row->outbox.rep,        &row->outbox.deal,
        &row->outbox.message, &row->outbox.channel, &row->outbox.platform_id};
    const char **const decision[] = {&row->decision.rep, &row->decision.rule,
                                     &row->decision.outcome, &row->decision.line};
    const struct {
        const char **const *texts;
        size_t count;
    } lists[] = {[ROW_JOURNAL] = {journal, ARRAY_LEN(journal)},
                 [ROW_STATE] = {state, ARRAY_LEN(state)},
                 [ROW_OUTBOX] = {outbox, ARRAY_LEN(outbox)},
                 [ROW_DECISION] = {decision, ARRAY_LEN(decision)}};
    for (size_t i = 0; i < lists[row->type].count; i++)
        *lists[row->type].texts[i] = arena_strdup(arena, *lists[row->type].texts[i]);
}

static int find_changes(struct store_writer *writer, const struct store_table *table,
                        const struct personal *who, struct changes *changes)
{
    sqlite3_stmt *statement = NULL;
    struct arena scratch;
    int rc = sqlite3_prepare_v2(writer->db, table->select, -1, &statement, NULL);
    arena_init(&scratch);
    if (rc == SQLITE_OK)
        rc = SQLITE_ROW;
    while (rc == SQLITE_ROW && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row row, made;
        arena_reset(&scratch);
        table->read(statement, &row);
        enum personal_rest rest = personal_erase(who, &row, &scratch, &made);
        if (rest == REST_SAME)
            continue;
        int64_t seq = table->seq < 0 ? 0 : sqlite3_column_int64(statement, table->seq);
        if (row.type == ROW_STATE) { /* its key is its place: the old one goes in any case */
            ARRAY_GROW(changes->list, changes->count, changes->cap);
            changes->list[changes->count] = (struct change){seq, true, row};
            keep_texts(&changes->arena, &changes->list[changes->count++].row);
            if (rest == REST_GONE)
                continue;
        }
        ARRAY_GROW(changes->list, changes->count, changes->cap);
        changes->list[changes->count] =
            (struct change){seq, rest == REST_GONE, rest == REST_GONE ? row : made};
        keep_texts(&changes->arena, &changes->list[changes->count++].row);
    }
    arena_done(&scratch);
    (void)sqlite3_finalize(statement); /* its failure is step's */
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* ?1 is the row's place, the others are texts that may be NULL. */
static int change_one(sqlite3_stmt *statement, int64_t seq, const char *const *texts, int count)
{
    int rc = sqlite3_bind_int64(statement, 1, seq);
    for (int i = 0; rc == SQLITE_OK && i < count; i++)
        rc = sqlite3_bind_text(statement, i + 2, texts[i], -1, SQLITE_STATIC);
    if (rc != SQLITE_OK)
        return rc;
    (void)sqlite3_step(statement); /* reset tells the same */
    return sqlite3_reset(statement);
}

static int change_outbox(sqlite3_stmt *update, int64_t seq, const struct row_outbox *row)
{
    const char *const texts[] = {row->rule,    row->rep,     row->deal,
                                 row->message, row->channel, row->platform_id};
    int rc = sqlite3_bind_int(update, 8, row->state);
    if (rc == SQLITE_OK)
        rc = row->deadline == MSEC_NONE ? sqlite3_bind_null(update, 9)
                                        : sqlite3_bind_int64(update, 9, row->deadline);
    return rc == SQLITE_OK ? change_one(update, seq, texts, (int)ARRAY_LEN(texts)) : rc;
}

static int apply_change(struct store_writer *writer, sqlite3_stmt *remove, sqlite3_stmt *update,
                        const struct change *change)
{
    const struct row *row = &change->row;
    const char *const journal[] = {row->journal.rep, row->journal.body};
    const char *const decision[] = {row->decision.line};
    struct row gone = *row;
    switch (row->type) {
    case ROW_STATE:
        if (change->gone)
            gone.state.value = NULL;
        return store_writer_row(writer, &gone);
    case ROW_JOURNAL:
        return change_one(change->gone ? remove : update, change->seq, journal,
                          change->gone ? 0 : (int)ARRAY_LEN(journal));
    case ROW_OUTBOX:
        return change_outbox(update, change->seq, &row->outbox);
    case ROW_DECISION:
        return change_one(change->gone ? remove : update, change->seq, decision,
                          change->gone ? 0 : (int)ARRAY_LEN(decision));
    case ROW_ERASE:
    case ROW_SWEEP:
        break; /* orders, and nothing that is kept */
    }
    return SQLITE_OK;
}

static int erase_table(struct store_writer *writer, const struct store_table *table,
                       const struct personal *who)
{
    struct changes changes = {0};
    sqlite3_stmt *remove = NULL, *update = NULL;
    arena_init(&changes.arena);
    int rc = find_changes(writer, table, who, &changes);
    if (rc == SQLITE_OK && table->remove)
        rc = sqlite3_prepare_v2(writer->db, table->remove, -1, &remove, NULL);
    if (rc == SQLITE_OK && table->update)
        rc = sqlite3_prepare_v2(writer->db, table->update, -1, &update, NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < changes.count; i++)
        rc = apply_change(writer, remove, update, &changes.list[i]);
    (void)sqlite3_finalize(remove); /* accept NULL; tell of older failures */
    (void)sqlite3_finalize(update);
    free(changes.list);
    arena_done(&changes.arena);
    return rc;
}

int store_writer_erase(struct store_writer *writer, const struct row *row)
{
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < STORE_TABLES; i++)
        rc = erase_table(writer, &store_tables[i], &row->erase);
    writer->scrub |= rc == SQLITE_OK;
    return rc;
}

/* Deleted cells are overwritten already (secure_delete); what moving cells between pages left in
 * their gaps goes with the pages, which are written anew. Where the disk has no room for that, the
 * rows are gone all the same. The log still holds the pages of before until it is emptied; a reader
 * in the way is waited for, as long as for any lock. */
void store_writer_scrub(struct store_writer *writer)
{
    if (!writer->scrub)
        return;
    writer->scrub = false;
    (void)sqlite3_exec(writer->db, "VACUUM", NULL, NULL, NULL);
    if (sqlite3_wal_checkpoint_v2(writer->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
        SQLITE_OK)
        writer->wal_pages = writer->wal_settled = writer->wal_rested = 0;
    else
        writer->wal_rested = -1; /* emptied as soon as there is nothing else to do */
}

/* --- retention --- */

/* ?1 is the moment, ?2 how many rows at most, ?3 the finished states, ?4 the last row of the outbox
 * that is empty already. Rows of a table come in the order of their time, so the old ones stand in
 * front and nothing else is looked at. */
static const char *const sweeps[] = {
    "DELETE FROM journal WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM journal ORDER BY seq"
    " LIMIT ?2) WHERE at < ?1) AND ?3 + ?4 IS NOT NULL",
    "DELETE FROM decision WHERE seq IN (SELECT seq FROM (SELECT seq, at FROM decision ORDER BY seq"
    " LIMIT ?2) WHERE at < ?1) AND ?3 + ?4 IS NOT NULL",
    "UPDATE outbox SET message = NULL, channel = NULL, platform_id = NULL WHERE seq IN"
    " (SELECT seq FROM (SELECT seq, at, state, message, platform_id FROM outbox WHERE seq > ?4"
    " ORDER BY seq LIMIT ?2) WHERE at < ?1 AND state BETWEEN 0 AND 31 AND (?3 >> state) & 1"
    " AND (message IS NOT NULL OR platform_id IS NOT NULL))",
    "DELETE FROM outbox WHERE seq IN (SELECT seq FROM (SELECT seq, at, state FROM outbox"
    " ORDER BY seq LIMIT ?2) WHERE at < ?1 AND state BETWEEN 0 AND 31 AND (?3 >> state) & 1)"
    " AND ?4 IS NOT NULL",
};

/* Emptied rows stay for more than a year; the next sweep begins behind those in front. */
static int find_emptied(struct store_writer *writer)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(
        writer->db,
        "SELECT ifnull((SELECT seq - 1 FROM outbox WHERE seq > ?1 AND (message IS NOT NULL"
        " OR platform_id IS NOT NULL) ORDER BY seq LIMIT 1),"
        " ifnull((SELECT max(seq) FROM outbox), 0))",
        -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(statement, 1, writer->emptied);
    if (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) /* else finalize tells why */
        writer->emptied = sqlite3_column_int64(statement, 0);
    int end = sqlite3_finalize(statement);
    return rc == SQLITE_OK ? end : rc;
}

static int sweep_rows(struct store_writer *writer, const char *sql, msec_t before, int most)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(writer->db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(statement, 1, before);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int(statement, 2, most);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(statement, 3, writer->finished);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int64(statement, 4, writer->emptied);
    if (rc == SQLITE_OK)
        (void)sqlite3_step(statement); /* finalize tells the same */
    int end = sqlite3_finalize(statement);
    return rc == SQLITE_OK ? end : rc;
}

static int sweep_states(struct store_writer *writer, const struct row_sweep *sweep)
{
    char edge[SWEEP_KEY_BYTES];
    sqlite3_stmt *statement = NULL;
    sweep_key(sweep->accesses, edge);
    int rc = sqlite3_prepare_v2(writer->db, "DELETE FROM state WHERE kind = ?1 AND key < ?2", -1,
                                &statement, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_int(statement, 1, sweep->access_kind);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(statement, 2, edge, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        (void)sqlite3_step(statement); /* finalize tells the same */
    int end = sqlite3_finalize(statement);
    return rc == SQLITE_OK ? end : rc;
}

int store_writer_sweep(struct store_writer *writer, const struct row *row)
{
    const struct row_sweep *sweep = &row->sweep;
    const msec_t before[] = {sweep->journal, sweep->decisions, sweep->messages, sweep->outbox};
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(sweeps); i++)
        rc = sweep_rows(writer, sweeps[i], before[i], sweep->most);
    if (rc == SQLITE_OK)
        rc = find_emptied(writer);
    return rc == SQLITE_OK ? sweep_states(writer, sweep) : rc;
}
