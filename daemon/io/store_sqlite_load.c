#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "io/store_sqlite_impl.h"

enum { QUERY_INTS = 3 };

/* One SELECT: its parameters (?1 text, ?2.. numbers) and how a row of it is read. */
struct query {
    const char *name, *sql;
    const char *text; /* ?1 when has_text; NULL binds NULL */
    int64_t ints[QUERY_INTS];
    int int_count;
    bool has_text;
    void (*read)(sqlite3_stmt *statement, struct row *ret);
};

static const char *text_at(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

static msec_t msec_at(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? MSEC_NONE
               : sqlite3_column_int64(statement, column);
}

static void read_state(sqlite3_stmt *statement, struct row *ret)
{
    *ret = (struct row){.type = ROW_STATE,
                        .state = {.kind = sqlite3_column_int(statement, 0),
                                  .key = text_at(statement, 1),
                                  .value = text_at(statement, 2)}};
}

static void read_journal(sqlite3_stmt *statement, struct row *ret)
{
    *ret = (struct row){.type = ROW_JOURNAL};
    struct row_journal *journal = &ret->journal;
    journal->at = sqlite3_column_int64(statement, 0);
    journal->time = sqlite3_column_int64(statement, 1);
    const void *id = sqlite3_column_blob(statement, 2);
    if (id && sqlite3_column_bytes(statement, 2) == sizeof(journal->id))
        memcpy(&journal->id, id, sizeof(journal->id));
    journal->type = sqlite3_column_int(statement, 3);
    journal->kind = sqlite3_column_int(statement, 4);
    journal->direction = sqlite3_column_int(statement, 5);
    journal->flags = (uint64_t)sqlite3_column_int64(statement, 6);
    journal->rep = text_at(statement, 7);
    journal->deal = text_at(statement, 8);
    journal->body = text_at(statement, 9);
}

static void read_outbox(sqlite3_stmt *statement, struct row *ret)
{
    *ret = (struct row){.type = ROW_OUTBOX};
    struct row_outbox *outbox = &ret->outbox;
    outbox->key = text_at(statement, 0);
    outbox->state = sqlite3_column_int(statement, 1);
    outbox->attempt = sqlite3_column_int(statement, 2);
    outbox->at = sqlite3_column_int64(statement, 3);
    outbox->due = sqlite3_column_int64(statement, 4);
    outbox->deadline = msec_at(statement, 5);
    outbox->rule = text_at(statement, 6);
    outbox->rep = text_at(statement, 7);
    outbox->deal = text_at(statement, 8);
    outbox->channel = text_at(statement, 9);
    outbox->platform_id = text_at(statement, 10);
    outbox->message = text_at(statement, 11);
}

static void read_decision(sqlite3_stmt *statement, struct row *ret)
{
    *ret = (struct row){.type = ROW_DECISION,
                        .decision = {.at = sqlite3_column_int64(statement, 0),
                                     .rep = text_at(statement, 1),
                                     .rule = text_at(statement, 2),
                                     .outcome = text_at(statement, 3),
                                     .line = text_at(statement, 4)}};
}

const struct store_table store_tables[STORE_TABLES] = {
    {"state", "SELECT kind, key, value FROM state ORDER BY kind, key", -1, read_state, NULL, NULL},
    {"journal",
     "SELECT at, time, id, type, kind, direction, flags, rep, deal, body, seq FROM journal"
     " ORDER BY seq",
     10, read_journal, "DELETE FROM journal WHERE seq = ?1",
     "UPDATE journal SET rep = ?2, body = ?3 WHERE seq = ?1"},
    {"outbox",
     "SELECT key, state, attempt, at, due, deadline, rule, rep, deal, channel, platform_id,"
     " message, seq FROM outbox ORDER BY seq",
     12, read_outbox, NULL,
     "UPDATE outbox SET rule = ?2, rep = ?3, deal = ?4, message = ?5, channel = ?6,"
     " platform_id = ?7, state = ?8, deadline = ?9 WHERE seq = ?1"},
    {"decision", "SELECT at, rep, rule, outcome, line, seq FROM decision ORDER BY seq", 5,
     read_decision, "DELETE FROM decision WHERE seq = ?1",
     "UPDATE decision SET line = ?2 WHERE seq = ?1"},
};

static int bind_query(sqlite3_stmt *statement, const struct query *query)
{
    int rc = SQLITE_OK, column = 1;
    if (query->has_text)
        rc = sqlite3_bind_text(statement, column++, query->text, -1, SQLITE_STATIC);
    for (int i = 0; rc == SQLITE_OK && i < query->int_count; i++)
        rc = sqlite3_bind_int64(statement, column++, query->ints[i]);
    return rc;
}

static int visit_rows(sqlite3_stmt *statement, const struct query *query, store_visit visit,
                      void *user, int *ret_visit)
{
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row row;
        query->read(statement, &row);
        *ret_visit = visit(user, &row);
        if (*ret_visit)
            return SQLITE_DONE;
    }
    return rc;
}

static int run(const struct store *store, const struct query *query, store_visit visit, void *user,
               struct err *err)
{
    const struct store_sqlite *sqlite = (const struct store_sqlite *)store;
    sqlite3 *db;
    int status = store_sqlite_connect_reader(sqlite->path, sqlite->options.busy_ms, err, &db);
    if (status)
        return status;
    sqlite3_stmt *statement = NULL;
    int visited = 0;
    int rc = sqlite3_prepare_v2(db, query->sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = bind_query(statement, query);
    if (rc == SQLITE_OK)
        rc = visit_rows(statement, query, visit, user, &visited);
    status =
        rc == SQLITE_DONE ? visited : store_sqlite_error(err, db, rc, sqlite->path, query->name);
    (void)sqlite3_finalize(statement); /* its failure is step's */
    (void)sqlite3_close(db);           /* only read */
    return status;
}

int store_sqlite_load_states(struct store *store, store_visit visit, void *user, struct err *err)
{
    return run(store,
               &(struct query){.name = "load states",
                               .sql = "SELECT kind, key, value FROM state ORDER BY kind, key",
                               .read = read_state},
               visit, user, err);
}

int store_sqlite_load_all(struct store *store, store_visit visit, void *user, struct err *err)
{
    int status = 0;
    for (size_t i = 0; !status && i < STORE_TABLES; i++)
        status = run(store,
                     &(struct query){.name = store_tables[i].name,
                                     .sql = store_tables[i].select,
                                     .read = store_tables[i].read},
                     visit, user, err);
    return status;
}

int store_sqlite_load_kind(struct store *store, int kind, store_visit visit, void *user,
                           struct err *err)
{
    return run(store,
               &(struct query){.name = "load states of a kind",
                               .sql = "SELECT kind, key, value FROM state WHERE kind = ?1"
                                      " ORDER BY key",
                               .ints = {kind},
                               .int_count = 1,
                               .read = read_state},
               visit, user, err);
}

/* The last place before the rows of `table` whose moment is not before `moment`. There is no index
 * on `at`, which would take a page of each commit: moments never decrease (store.h), so the table
 * itself is searched, one bit of the place after the other. */
#define SEQ_BEFORE(table, moment)                                                                  \
    "(WITH RECURSIVE search (place, bit) AS (VALUES (0, 1 << 47) UNION ALL "                       \
    "SELECT place + iif((SELECT at FROM " table " WHERE seq >= place + bit ORDER BY seq LIMIT 1)"  \
    " < " moment ", bit, 0), bit >> 1 FROM search WHERE bit > 0)"                                  \
    " SELECT place FROM search WHERE bit = 0)"

#define JOURNAL_COLUMNS "at, time, id, type, kind, direction, flags, rep, deal"
#define JOURNAL_ROWS    " FROM journal WHERE seq > " SEQ_BEFORE("journal", "?1") " ORDER BY seq"

int store_sqlite_load_journal(struct store *store, msec_t since_at, bool with_body,
                              store_visit visit, void *user, struct err *err)
{
    const char *sql = with_body ? "SELECT " JOURNAL_COLUMNS ", body" JOURNAL_ROWS
                                : "SELECT " JOURNAL_COLUMNS ", NULL" JOURNAL_ROWS;
    return run(store,
               &(struct query){.name = "load journal",
                               .sql = sql,
                               .ints = {since_at},
                               .int_count = 1,
                               .read = read_journal},
               visit, user, err);
}

int store_sqlite_load_outbox(struct store *store, msec_t since_at, store_visit visit, void *user,
                             struct err *err)
{
    const struct store_sqlite *sqlite = (const struct store_sqlite *)store;
    /* `over` is 1 for a finished row. States outside 0..31 have no bit and are never finished. */
    return run(store,
               &(struct query){
                   .name = "load outbox",
                   .sql = "SELECT key, state, attempt, at, due, deadline, rule, rep, deal, channel,"
                          " platform_id, CASE WHEN over THEN NULL ELSE message END FROM"
                          " (SELECT *, state BETWEEN 0 AND 31 AND (?1 >> state) & 1 AS over"
                          " FROM outbox) WHERE NOT over OR at >= ?2 ORDER BY seq",
                   .ints = {sqlite->options.finished, since_at},
                   .int_count = 2,
                   .read = read_outbox},
               visit, user, err);
}

#define DECISION_COLUMNS "SELECT at, rep, rule, outcome, line FROM decision WHERE "
#define DECISIONS_OF_REP                                                                           \
    DECISION_COLUMNS "rep = ?1 AND at >= ?2 AND at < ?3 ORDER BY at DESC, seq DESC LIMIT ?4"
#define DECISION_SINCE SEQ_BEFORE("decision", "?2")
#define DECISION_UNTIL SEQ_BEFORE("decision", "?3")
#define DECISIONS_OF_ALL                                                                           \
    DECISION_COLUMNS "?1 IS NULL AND seq > " DECISION_SINCE " AND seq <= " DECISION_UNTIL          \
                     " ORDER BY seq DESC LIMIT ?4"

int store_sqlite_load_decisions(struct store *store, const char *rep, msec_t from, msec_t to,
                                size_t limit, store_visit visit, void *user, struct err *err)
{
    return run(store,
               &(struct query){.name = "load decisions",
                               .sql = rep ? DECISIONS_OF_REP : DECISIONS_OF_ALL,
                               .text = rep,
                               .has_text = true,
                               .ints = {from, to, limit > INT64_MAX ? INT64_MAX : (int64_t)limit},
                               .int_count = 3,
                               .read = read_decision},
               visit, user, err);
}

int store_sqlite_count_rows(sqlite3 *db, const char *path, struct err *err, struct store_count *ret)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db,
                                "SELECT (SELECT count(*) FROM journal),"
                                " (SELECT count(*) FROM decision), (SELECT count(*) FROM outbox),"
                                " (SELECT count(*) FROM state)",
                                -1, &statement, NULL);
    int status = 0;
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *ret = (struct store_count){.journal = (uint64_t)sqlite3_column_int64(statement, 0),
                                    .decisions = (uint64_t)sqlite3_column_int64(statement, 1),
                                    .outbox = (uint64_t)sqlite3_column_int64(statement, 2),
                                    .states = (uint64_t)sqlite3_column_int64(statement, 3)};
    else
        status = store_sqlite_error(err, db, rc, path, "count");
    (void)sqlite3_finalize(statement); /* its failure is step's */
    return status;
}

int store_sqlite_count(struct store *store, struct store_count *ret, struct err *err)
{
    const struct store_sqlite *sqlite = (const struct store_sqlite *)store;
    sqlite3 *db;
    int status = store_sqlite_connect_reader(sqlite->path, sqlite->options.busy_ms, err, &db);
    if (status)
        return status;
    status = store_sqlite_count_rows(db, sqlite->path, err, ret);
    (void)sqlite3_close(db); /* only read */
    return status;
}
