/* Looking a store through: SQLite's own check, and what gritd relies on beyond it. */
#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/intent.h"
#include "engine/outbox.h"
#include "io/store_file.h"
#include "io/store_sqlite_impl.h"

enum { BUSY_MS = 5000, TEXT_BYTES = 512 };

struct looking {
    const char *path;
    sqlite3 *db;
    int most, count;
    void (*found)(void *user, const char *text);
    void *user;
};

/* One thing that must hold: the query gives a row, with where it is, for each place where it does
 * not. */
struct invariant {
    const char *text; /* what is wrong there */
    const char *sql;
};

/* ?1 and ?2 are the outbox's first and last state, ?3 has a bit for each that is an end, ?4 and ?5
 * are kinds of state rows: the engine's own, and questions. */
static const struct invariant invariants[] = {
    {"the journal goes back in time",
     "SELECT 'journal row ' || seq FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS before"
     " FROM journal) WHERE at < before"},
    {"the decisions go back in time",
     "SELECT 'decision row ' || seq FROM (SELECT seq, at, lag(at) OVER (ORDER BY seq) AS before"
     " FROM decision) WHERE at < before"},
    {"an event has no identity",
     "SELECT 'journal row ' || seq FROM journal WHERE length(id) <> 16"},
    {"an event is no JSON",
     "SELECT 'journal row ' || seq FROM journal WHERE body IS NOT NULL AND NOT json_valid(body)"},
    {"a decision is no JSON",
     "SELECT 'decision row ' || seq FROM decision WHERE line IS NOT NULL AND NOT json_valid(line)"},
    {"what is true is no JSON",
     "SELECT 'state ' || kind || ' ' || key FROM state WHERE NOT json_valid(value)"},
    {"a message is no JSON",
     "SELECT 'outbox row ' || seq FROM outbox WHERE message IS NOT NULL AND NOT"
     " json_valid(message)"},
    {"a message stands nowhere between planned and its end",
     "SELECT 'outbox row ' || seq FROM outbox WHERE state NOT BETWEEN ?1 AND ?2"},
    {"a message still to be sent has no words",
     "SELECT 'outbox row ' || seq FROM outbox WHERE message IS NULL AND NOT (?3 >> state) & 1"},
    {"a question has no message in the outbox",
     "SELECT 'state ' || kind || ' ' || key FROM state WHERE kind = ?5 AND json_valid(value)"
     " AND json_extract(value, '$.latest') NOT IN (SELECT key FROM outbox)"
     " AND json_extract(value, '$.latest') <> ''"},
    {"the store's own secret is missing or broken",
     "SELECT 'state ' || ?4 || ' secret' WHERE EXISTS (SELECT 1 FROM journal) AND NOT EXISTS"
     " (SELECT 1 FROM state WHERE kind = ?4 AND key = 'secret' AND json_valid(value)"
     " AND length(json_extract(value, '$.hex')) = 64)"},
    {"more people were erased than the counter says",
     "SELECT DISTINCT rep FROM journal WHERE rep GLOB 'gone-[0-9]*' AND"
     " CAST(substr(rep, 6) AS INTEGER) > ifnull((SELECT json_extract(value, '$.count') FROM state"
     " WHERE kind = ?4 AND key = 'gone' AND json_valid(value)), 0)"},
};

static void tell(struct looking *looking, const char *what, const char *where)
{
    char text[TEXT_BYTES];
    if (looking->count++ >= looking->most)
        return;
    (void)snprintf(text, sizeof(text), "%s%s%s", what, where ? ": " : "",
                   where ? where : ""); /* may be cut */
    looking->found(looking->user, text);
}

/* What the queries may ask for, in the order of their numbers. */
static int bind_facts(sqlite3_stmt *statement)
{
    const int64_t facts[] = {OUTBOX_PLANNED, OUTBOX_CANCELLED, outbox_final_mask(), STATE_META,
                             STATE_PROMPT};
    int rc = SQLITE_OK, count = sqlite3_bind_parameter_count(statement);
    for (int i = 0; rc == SQLITE_OK && i < count; i++)
        rc = sqlite3_bind_int64(statement, i + 1, facts[i]);
    return rc;
}

/* Tells of each row of the query. */
static int ask(struct looking *looking, const char *sql, const char *what, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(looking->db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = bind_facts(statement);
    while (rc == SQLITE_OK && looking->count <= looking->most &&
           (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        tell(looking, what, (const char *)sqlite3_column_text(statement, 0));
        rc = SQLITE_OK;
    }
    int status = rc == SQLITE_OK || rc == SQLITE_DONE
                     ? 0
                     : store_sqlite_error(err, looking->db, rc, looking->path, what);
    (void)sqlite3_finalize(statement); /* its failure is step's */
    return status;
}

static int ask_all(struct looking *looking, struct err *err)
{
    int status = 0;
    for (size_t i = 0; !status && i < ARRAY_LEN(invariants); i++)
        status = ask(looking, invariants[i].sql, invariants[i].text, err);
    return status;
}

static int visit_none(void *user, const struct row *row)
{
    (void)user, (void)row;
    return 1; /* the counts are there already */
}

int store_file_check(const char *path, int most, void (*found)(void *user, const char *text),
                     void *user, struct store_file *ret, struct err *err)
{
    struct looking looking = {.path = path, .most = most, .found = found, .user = user};
    bool fits = true;
    int status = store_sqlite_connect_any(path, BUSY_MS, err, &looking.db, &ret->version);
    if (status)
        return status;
    status = ask(&looking,
                 "SELECT integrity_check FROM pragma_integrity_check(100)"
                 " WHERE integrity_check <> 'ok'",
                 "the file is damaged", err);
    if (!status)
        status = store_sqlite_schema_fits(looking.db, path, ret->version, err, &fits);
    if (!fits)
        tell(&looking, "tables or indexes are not those of gritd", NULL);
    if (!status && !looking.count) /* in a damaged file they would find nothing new */
        status = ask_all(&looking, err);
    (void)sqlite3_close(looking.db); /* only read */
    if (status && status != -EUCLEAN)
        return status;
    if (status)
        tell(&looking, err->text, NULL);
    if (!looking.count)
        status = store_file_visit(path, visit_none, NULL, ret, err);
    return status < 0 && status != -EUCLEAN ? status : looking.count;
}
