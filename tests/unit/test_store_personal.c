/* Erasing a person and retention, in both stores: what goes, what stays, and not a byte left. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/alloc.h"
#include "core/event.h"
#include "core/intent.h"
#include "engine/personal.h"
#include "store_fixture.h"

/* Stands in every place that can hold something of ana. */
#define CANARY "kanarienvogel"

static const char *const keys[] = {"UANA7", "ana@example.com", "17"};
static const struct personal ana = {.id = "ana",
                                    .name = "Ana Ruiz",
                                    .keys = (const char **)(uintptr_t)keys,
                                    .key_count = ARRAY_LEN(keys),
                                    .pseudonym = "gone-1"};

static struct row erase_row(void)
{
    return (struct row){.type = ROW_ERASE, .erase = ana};
}

static struct row journal_of(int type, msec_t at, const char *rep, const char *deal,
                             const char *body)
{
    struct row row = journal_row(at, body);
    row.journal.type = type;
    row.journal.rep = rep;
    row.journal.deal = deal;
    return row;
}

static struct row outbox_of(const char *key, int state, const char *rep, const char *message)
{
    struct row row = outbox_row(key, state, 1);
    row.outbox.rep = rep;
    row.outbox.message = message;
    row.outbox.channel = CANARY;
    row.outbox.platform_id = CANARY;
    return row;
}

/* All columns of all rows as text. */
static int dump_visit(void *user, const struct row *row)
{
    struct listing listing = {0};
    (void)listing_visit(&listing, row); /* never stops here */
    strbuf_puts(user, strbuf_text(&listing.text));
    strbuf_done(&listing.text);
    return 0;
}

static char *dump(struct fixture *f)
{
    struct strbuf text = {0};
    assert_int_equal(f->store->ops->load_all(f->store, dump_visit, &text, NULL), 0);
    return strbuf_take(&text);
}

static bool file_holds(const char *path, const char *word)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, length = strlen(word);
    char *bytes = NULL;
    bool found = false;
    if (!file)
        return false;
    (void)fseek(file, 0, SEEK_END); /* a plain file */
    size = (size_t)ftell(file);
    rewind(file);
    bytes = xcalloc(1, size + 1);
    assert_int_equal(fread(bytes, 1, size, file), size);
    for (size_t i = 0; i + length <= size && !found; i++)
        found = !memcmp(bytes + i, word, length);
    free(bytes);
    (void)fclose(file); /* only read */
    return found;
}

static bool disk_holds(const struct fixture *f, const char *word)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    bool found = false;
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        char name[160];
        (void)snprintf(name, sizeof(name), "%s%s", f->path, suffixes[i]); /* fits */
        found |= file_holds(name, word);
    }
    return found;
}

/* Enough that pages split, move and are freed. */
static void plant(struct fixture *f)
{
    for (int i = 0; i < 400; i++) {
        char key[64], mine[600], other[64];
        (void)snprintf(key, sizeof(key), "key%04d", i);
        (void)snprintf(other, sizeof(other), "other%04d", i);
        (void)snprintf(mine, sizeof(mine),
                       "{\"to\":\"ana\",\"about\":\"ana\",\"answer\":\"%s %0*d\"}", CANARY,
                       i * 7 % 400 + 1, i);
        SUBMIT(f, state_row(STATE_PROMPT, key, mine), state_row(STATE_PROMPT, other, "{}"),
               journal_of(EVENT_ACTIVITY_LOGGED, i + 10, i % 2 ? "ana" : "ben", NULL,
                          i % 2 ? "{\"reason\":\"" CANARY "\"}" : "{}"),
               outbox_of(key, SENT, "ana", mine), decision_row(i, i % 2 ? "ana" : "ben", "{}"),
               decision_row(i, "ana", mine));
    }
    SUBMIT(
        f, state_row(STATE_PERSON, "ana", "{\"chat\":\"UANA7\",\"email\":\"" CANARY "\"}"),
        state_row(STATE_PERSON, "17", "{\"mutes\":[\"" CANARY "\"]}"),
        state_row(STATE_PENDING, "r|ana|x", "{\"rep\":\"ana\",\"terms\":\"" CANARY "\"}"),
        state_row(STATE_FLOW, "ana|p/f|1", "{\"to\":\"ana\",\"why\":\"" CANARY "\"}"),
        state_row(STATE_TRIAL, "t1", "{\"rep\":\"ana\",\"arm\":\"" CANARY "\"}"),
        state_row(STATE_PAIR, "ana", "{\"topic\":\"" CANARY "\"}"),
        state_row(STATE_ACCESS, "000000000000009|ana|x", "{\"rep\":\"ana\",\"by\":\"" CANARY "\"}"),
        state_row(STATE_META, "forget|ana", "{\"rep\":\"ana\",\"x\":\"" CANARY "\"}"),
        state_row(99, "ana|" CANARY, "{}"), /* a kind that nobody knows yet */
        journal_of(EVENT_SAID, 900, NULL, NULL, "{\"chat\":\"UANA7\",\"x\":\"" CANARY "\"}"));
}

/* FM-J04 */
static void erase_leaves_no_trace_in_any_table(void **state)
{
    struct fixture *f = *state;
    plant(f);
    fixture_settle(f);
    CLEANUP_FREE char *before = dump(f);
    assert_non_null(strstr(before, CANARY));
    SUBMIT(f, erase_row());
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    CLEANUP_FREE char *after = dump(f);
    if (strstr(after, CANARY))
        fail_msg("%.300s", strstr(after, CANARY));
    expect_count(f, 200, 200, 400, 400);
    fixture_restart(f);
    CLEANUP_FREE char *again = dump(f);
    assert_string_equal(after, again);
}

static void erase_leaves_no_byte_on_the_disk(void **state)
{
    struct fixture *f = *state;
    plant(f);
    /* rows that were deleted or shortened before leave their bytes in no gap either */
    SUBMIT(f, state_row(STATE_PROMPT, "key0001", NULL),
           state_row(STATE_PROMPT, "key0002", "{\"to\":\"ana\"}"));
    fixture_settle(f);
    assert_true(disk_holds(f, CANARY));
    SUBMIT(f, erase_row());
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    assert_false(disk_holds(f, CANARY));
    assert_false(disk_holds(f, "UANA7"));
    fixture_restart(f);
    assert_false(disk_holds(f, CANARY));
}

static void erase_keeps_what_is_of_others_without_the_name(void **state)
{
    struct fixture *f = *state;
    SUBMIT(f,
           state_row(STATE_DEAL, "17", "{\"name\":\"Acme\",\"owner\":\"17\",\"contact\":\"Ana\"}"),
           state_row(STATE_PROMPT, "b",
                     "{\"to\":\"ben\",\"about\":\"ben\",\"answer\":\"I ask Ana "
                     "Ruiz.\",\"shown\":\"Ana Ruiz has time, and you may.\"}"),
           state_row(STATE_PAIR, "ben", "{\"partners\":[\"ana\",\"kim\"]}"),
           state_row(STATE_TRIAL, "=r|a|ana", "{\"rep\":\"ana\",\"count\":3}"),
           state_row(STATE_ACCESS, "000000000000009|ben|ana|why",
                     "{\"rep\":\"ben\",\"by\":\"ana\",\"what\":\"why\"}"),
           state_row(STATE_META, "secret", "{\"hex\":\"ana\"}"),
           state_row(STATE_PLUGIN, "ana", "{\"text\":\"Ana Ruiz\"}"),
           journal_of(EVENT_DEAL_WON, 10, "ana", "D1", "{\"rep\":\"17\",\"deal\":\"D1\"}"),
           journal_of(EVENT_ACTIVITY_LOGGED, 11, "ana", "D1", "{\"rep\":\"ana\"}"),
           journal_of(EVENT_DEAL_OWNER_CHANGED, 12, "ben", "17", "{\"owner\":\"17\"}"),
           outbox_of("k1", SENT, "dana", "{\"to\":\"dana\",\"text\":\"Ana Ruiz, ana-maria\"}"),
           outbox_of("k2", OPEN, "ana", "{\"to\":\"dana\",\"text\":\"" CANARY "\"}"),
           decision_row(20, "ben", "{\"text\":\"Ask Ana Ruiz.\"}"), erase_row());
    fixture_settle(f);
    CLEANUP_FREE char *text = dump(f);
    static const char wanted[] =
        "2 17 {\"name\":\"Acme\",\"owner\":\"gone-1\",\"contact\":\"Ana\"}\n"
        "3 b {\"to\":\"ben\",\"about\":\"ben\",\"answer\":\"I ask Ana Ruiz.\",\"shown\":\"gone-1 "
        "has time, and you may.\"}\n"
        "6 secret {\"hex\":\"ana\"}\n"
        "8 =r|a|gone-1 {\"rep\":\"gone-1\",\"count\":3}\n"
        "10 ana {\"text\":\"Ana Ruiz\"}\n"
        "11 ben {\"partners\":[\"gone-1\",\"kim\"]}\n"
        "15 000000000000009|ben|gone-1|why {\"rep\":\"ben\",\"by\":\"gone-1\",\"what\":\"why\"}\n"
        "10 5 5 2 1 1800080000001 gone-1 D1 {\"rep\":\"gone-1\",\"deal\":\"D1\"}\n"
        "12 7 4 2 1 1800080000001 ben 17 {\"owner\":\"gone-1\"}\n"
        "k1 2 0 1 2 -1 stalled dana - {\"to\":\"dana\",\"text\":\"gone-1, ana-maria\"} "
        "kanarienvogel kanarienvogel\n"
        "k2 8 0 1 2 -1 - - - - - -\n"
        "20 ben {\"text\":\"Ask gone-1.\"}\n";
    assert_string_equal(text, wanted);
}

/* What an export shows is what an erasure finds: the same question is asked. */
static void look_and_erase_agree(void **state)
{
    const struct row rows[] = {
        state_row(STATE_PROMPT, "a", "{\"to\":\"ana\"}"),
        state_row(STATE_PROMPT, "b", "{\"to\":\"ben\"}"),
        state_row(STATE_PAIR, "ben", "{\"partners\":[\"ana\"]}"),
        journal_of(EVENT_DEAL_WON, 1, "ana", "D1", "{}"),
        journal_of(EVENT_DEAL_WON, 1, "ben", "D1", "{\"reason\":\"Ana Ruiz\"}"),
        outbox_of("k", SENT, "ana", "{}"),
        decision_row(1, "ana", "{}"),
        decision_row(1, "ben", "{}"),
    };
    static const enum personal_kind kinds[] = {
        PERSONAL_THEIRS,  PERSONAL_NOT,    PERSONAL_MENTION, PERSONAL_THEIRS,
        PERSONAL_MENTION, PERSONAL_THEIRS, PERSONAL_THEIRS,  PERSONAL_NOT,
    };
    struct arena arena;
    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct row made;
        assert_int_equal(personal_look(&ana, &rows[i]), kinds[i]);
        assert_int_equal(personal_erase(&ana, &rows[i], &arena, &made) == REST_SAME,
                         kinds[i] == PERSONAL_NOT);
    }
    arena_done(&arena);
}

/* Every kind of state that the core writes has its row in the table of personal.c. */
static void every_kind_of_state_is_covered(void **state)
{
    char line[256];
    int kinds = 0;
    FILE *file = fopen("daemon/core/intent.h", "r");
    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file)) {
        const char *word = line + strspn(line, " ");
        const char *equals = strstr(word, " = ");
        if (strncmp(word, "STATE_", 6) || !equals || !isdigit((unsigned char)equals[3]))
            continue;
        int kind = atoi(equals + 3);
        kinds++;
        if (!personal_state_name(kind))
            fail_msg("engine/personal.c says nothing of: %s", line);
    }
    (void)fclose(file); /* only read */
    assert_true(kinds >= 12);
    assert_null(personal_state_name(0));
    assert_null(personal_state_name(99));
}

/* A column that load_all() does not read would be in no export. */
static void every_column_is_loaded(void **state)
{
    static const char wanted[] =
        "decision: seq at rep rule outcome line\n"
        "journal: seq at time id type kind direction flags rep deal body\n"
        "outbox: seq key state attempt at due deadline rule rep deal channel platform_id message\n"
        "state: kind key value\n";
    struct fixture *f = *state;
    struct strbuf text = {0};
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    char last[64] = "";
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT m.name, c.name FROM sqlite_schema m,"
                                        " pragma_table_info(m.name) c WHERE m.type = 'table'"
                                        " ORDER BY m.name, c.cid",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(statement, 0);
        if (!str_eq(table, last)) {
            strbuf_printf(&text, "%s%s:", *last ? "\n" : "", table);
            (void)snprintf(last, sizeof(last), "%s", table); /* fits */
        }
        strbuf_printf(&text, " %s", (const char *)sqlite3_column_text(statement, 1));
    }
    strbuf_putc(&text, '\n');
    (void)sqlite3_finalize(statement); /* its failure would show above */
    (void)sqlite3_close(db);
    assert_string_equal(strbuf_text(&text), wanted);
    strbuf_done(&text);
}

static void retention_takes_the_old_rows_and_empties_old_messages(void **state)
{
    struct fixture *f = *state;
    struct row old = outbox_of("old", SENT, "ana", "{}"), new = outbox_of("new", SENT, "ana", "{}");
    struct row waits = outbox_of("waits", OPEN, "ana", "{}");
    struct row ancient = outbox_of("ancient", SENT, "ana", "{}");
    old.outbox.at = 50;
    new.outbox.at = 500;
    SUBMIT(f, ancient, waits, old, new, journal_row(10, "{}"), journal_row(20, "{}"),
           journal_row(200, "{}"), decision_row(10, "ana", "{}"), decision_row(300, "ana", "{}"),
           state_row(STATE_ACCESS, "000000000000009|ana|x", "{}"),
           state_row(STATE_ACCESS, "000000000000999|ana|x", "{}"), state_row(1, "ana", "{}"));
    SUBMIT(f, (struct row){.type = ROW_SWEEP,
                           .sweep = {.journal = 100,
                                     .decisions = 200,
                                     .messages = 400,
                                     .outbox = 40,
                                     .accesses = 100,
                                     .access_kind = STATE_ACCESS,
                                     .most = 1000}});
    fixture_settle(f);
    assert_int_equal(f->last_status, 0);
    CLEANUP_FREE char *text = dump(f);
    assert_string_equal(text, "1 ana {}\n"
                              "15 000000000000999|ana|x {}\n"
                              "200 195 3 2 1 1800080000001 ana - {}\n"
                              "waits 0 0 1 2 -1 stalled ana - {} kanarienvogel kanarienvogel\n"
                              "old 2 0 50 2 -1 stalled ana - - - -\n"
                              "new 2 0 500 2 -1 stalled ana - {} kanarienvogel kanarienvogel\n"
                              "300 ana {}\n");
}

static void retention_goes_in_small_steps(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 50; i++)
        SUBMIT(f, journal_row(i + 10, "{}"), decision_row(i, "ana", "{}"));
    SUBMIT(f, (struct row){.type = ROW_SWEEP,
                           .sweep = {.journal = 1000, .decisions = 1000, .most = 20}});
    fixture_settle(f);
    expect_count(f, 30, 30, 0, 0);
}

#define BOTH(test)                                                                                 \
    {"sqlite: " #test, test, set_up_sqlite, tear_down, NULL},                                      \
    {                                                                                              \
        "memory: " #test, test, set_up_memory, tear_down, NULL                                     \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(erase_leaves_no_trace_in_any_table),
        {"erase_leaves_no_byte_on_the_disk", erase_leaves_no_byte_on_the_disk, set_up_sqlite,
         tear_down, NULL},
        BOTH(erase_keeps_what_is_of_others_without_the_name),
        cmocka_unit_test(look_and_erase_agree),
        cmocka_unit_test(every_kind_of_state_is_covered),
        {"every_column_is_loaded", every_column_is_loaded, set_up_sqlite, tear_down, NULL},
        BOTH(retention_takes_the_old_rows_and_empties_old_messages),
        BOTH(retention_goes_in_small_steps),
    };
    return cmocka_run_group_tests_name("store personal", tests, NULL, NULL);
}
