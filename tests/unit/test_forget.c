/* Erasing, exporting and retention while the engine runs, over the store in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "forget_rows.h"

static void forget_me_leaves_nothing(struct play *p, bool deferred)
{
    begin(p, deferred);
    live(p);
    assert_int_equal(open_of(p, "ana"), 2); /* the question, and the card about her */
    CLEANUP_FREE char *before = dump(p->store);
    assert_non_null(strstr(before, CANARY));
    SAY(p, "UANA", "forget me");
    int asked = p->sent_count;
    SAY(p, "UANA", "yes");
    settle(p);
    assert_string_equal(p->erased, "ana");
    assert_false(engine_forgets(p->engine, NULL));
    expect_gone(p->store);
    struct strbuf core = {0};
    core_dump(engine_core(p->engine), &core);
    assert_null(strstr(strbuf_text(&core), CANARY));
    strbuf_done(&core);
    assert_int_equal(open_of(p, "ana"), 0);
    assert_int_equal(open_of(p, "ben"), 1);
    /* told, and every message to her or about her blanked: question, its change, replies, card */
    int blanked = 0, told = 0, to_dana = 0;
    for (int i = asked; i < p->sent_count; i++) {
        bool blank = str_eq(p->sent[i].text, SAY_FORGOTTEN);
        blanked += blank && str_eq(p->sent[i].to, "ana");
        to_dana += blank && str_eq(p->sent[i].to, "dana");
        told += str_eq(p->sent[i].text, SAY_FORGET_BEGUN);
    }
    assert_int_equal(told, 1);
    assert_true(blanked >= 3);
    assert_int_equal(to_dana, 1);
    GIVE(p, .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D3", .deal_name = "New",
         .to = "propose"); /* still in people.yaml: begins anew */
    assert_int_equal(open_of(p, "ana"), 1);
    end(p);
}

/* FM-J04 */
static void forget_me_leaves_nothing_anywhere(void **state)
{
    struct play now = {0}, later = {0};
    (void)state;
    forget_me_leaves_nothing(&now, false);
    forget_me_leaves_nothing(&later, true);
}

/* Any batch can be the last one before a crash. FM-J05 */
static void a_crash_begins_again_with_the_wish(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, true);
    live(&p);
    SAY(&p, "UANA", "forget me");
    assert_int_equal(give(&p, (struct event){.type = EVENT_SAID, .chat = "UANA", .text = "yes"}),
                     ENGINE_TAKEN);
    for (int crashes = 0; crashes < 6; crashes++) {
        struct play q = p;
        struct store_memory_options options = store_options(&p);
        q.sent_count = 0;
        q.erased[0] = '\0';
        q.store = store_memory_clone(p.store, &options);
        open_engine(&q);
        engine_tick(q.engine, q.now);
        settle(&q);
        q.now += 11 * MSEC_MINUTE; /* the reply whose fate nobody knows is not waited for */
        engine_tick(q.engine, q.now);
        settle(&q);
        expect_gone(q.store);
        engine_stop(q.engine);
        q.store->ops->close(q.store);
        engine_close(q.engine);
        (void)store_memory_pump(p.store); /* one step further */
        engine_tick(p.engine, p.now);
    }
    end(&p);
}

/* While the rows go, nothing is taken that could bring one back. */
static void the_door_is_closed_only_while_the_rows_go(void **state)
{
    struct play p = {0};
    struct event ben = {
        .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ben", .deal = "D2", .to = "negotiate"};
    (void)state;
    begin(&p, true);
    live(&p);
    GIVE(&p, .type = EVENT_DEAL_WON, .rep = "ben", .deal = "D9");
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    int refused = 0, taken = 0;
    for (int i = 0; i < 200 && engine_forgets(p.engine, NULL); i++) {
        if (give(&p, ben) == ENGINE_FULL)
            refused++;
        else
            taken++;
        struct err err = {0};
        if (i % 3 == 0)
            assert_int_equal(engine_set_book(p.engine, p.rig.book, p.now, NULL, &err), 0);
        for (int k = 0; k < p.sent_count; k++) {
            if (p.sent[k].answered)
                continue;
            p.sent[k].answered = true;
            struct chat_result result = {.key = p.sent[k].key,
                                         .channel = "C1",
                                         .platform_id = p.sent[k].key,
                                         .outcome = CHAT_SENT};
            engine_result(p.engine, &result, p.now);
        }
        (void)store_memory_pump(p.store); /* perhaps nothing waits */
        engine_tick(p.engine, p.now);
    }
    assert_false(engine_forgets(p.engine, NULL));
    assert_true(refused > 0 && refused < 50 && taken > 0);
    settle(&p);
    expect_gone(p.store);
    assert_int_equal(give(&p, ben), ENGINE_TAKEN);
    end(&p);
}

static void two_wishes_are_heard_one_after_the_other(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, true);
    live(&p);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ben"}), ENGINE_TAKEN);
    assert_int_equal(give(&p, (struct event){.type = EVENT_FORGET, .rep = "ana"}), ENGINE_TAKEN);
    settle(&p);
    assert_false(engine_forgets(p.engine, NULL));
    CLEANUP_FREE char *text = dump(p.store);
    assert_null(strstr(text, CANARY));
    assert_null(strstr(text, "secret is"));
    assert_null(strstr(text, "ben has a secret"));
    assert_non_null(strstr(text, "{\"count\":2}"));
    end(&p);
}

/* --- what others can get at --- */

static void expect_unseen(struct play *p, int from, const char *words)
{
    for (int i = from; i < p->sent_count; i++) {
        if (!str_eq(p->sent[i].to, "ana") && strstr(p->sent[i].text, "is what I said"))
            fail_msg("“%s” shows a private answer to %s: %s", words, p->sent[i].to,
                     p->sent[i].text);
    }
    p->sent_count = 0; /* there are many */
}

static void say_all(struct play *p, const char *chat)
{
    static const char *const rests[] = {"", " ana", " Ana", " 1"};
    const struct command *command;
    for (int i = 0; (command = command_at(i)); i++) {
        for (size_t k = 0; k < ARRAY_LEN(rests); k++) {
            char words[80];
            (void)snprintf(words, sizeof(words), "%s%s", command->words, rests[k]); /* fits */
            SAY(p, chat, words);
            expect_unseen(p, 0, words);
        }
    }
}

static bool in_export(struct play *p, const char *who, const char *words)
{
    struct strbuf json = {0}, text = {0};
    struct personal person;
    struct arena arena;
    struct err err = {0};
    int entries;
    arena_init(&arena);
    engine_personal(engine_core(p->engine), who, 0, &arena, &person);
    assert_int_equal(export_person(engine_core(p->engine), p->store, &person, p->now, &json, &text,
                                   &entries, &err),
                     0);
    bool found = strstr(strbuf_text(&json), words) || strstr(strbuf_text(&text), words);
    strbuf_done(&json);
    strbuf_done(&text);
    arena_done(&arena);
    return found;
}

/* B57: B66: every word that can be said, by the manager and by a colleague, and both their exports
 FM-J03 */
static void a_private_answer_is_unreadable_to_everybody_else(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p);
    p.sent_count = 0;
    say_all(&p, "UDANA");
    say_all(&p, "UBEN");
    assert_true(in_export(&p, "ana", "is what I said"));
    assert_false(in_export(&p, "dana", "is what I said"));
    assert_false(in_export(&p, "ben", "is what I said"));
    end(&p);
}

/* B65: what was asked for goes with the asker, on the helper's side too; when the helper goes, the
 * asker keeps the words, without a name */
static void a_request_for_help_is_the_askers(void **state)
{
    static const char words[] = CANARY " and my slides";
    static const char *const who[] = {"UANA", "UBEN"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(who); i++) {
        struct play p = {0};
        begin(&p, false);
        live(&p);
        SAY(&p, "UANA", "request Ben Osei: " CANARY " and my slides");
        SAY(&p, "UANA", "request yes");
        assert_true(in_export(&p, "ana", words));
        assert_true(in_export(&p, "ben", words)); /* it was said to him */
        assert_false(in_export(&p, "dana", words));
        SAY(&p, who[i], "forget me");
        SAY(&p, who[i], "yes");
        settle(&p);
        CLEANUP_FREE char *left = dump(p.store);
        if (i == 0)
            expect_gone(p.store);
        else
            assert_non_null(strstr(left, words));
        assert_null(strstr(left, i == 0 ? words : "Ben Osei"));
        assert_null(strstr(left, i == 0 ? "\"ana\"" : "\"with\":\"ben\""));
        end(&p);
    }
}

/* B58: the words stand in the box and nowhere else: not in the journal, the outbox, a decision, an
 * export; and who is erased leaves no token */
static void anonymous_words_are_in_no_row_of_a_person(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p); /* has the canary too: another word for this */
    SAY(&p, "UANA", "anonymous zaunkoenig is afraid of the phone");
    CLEANUP_FREE char *before = dump(p.store);
    int rows = 0;
    for (const char *at = before; (at = strstr(at, "zaunkoenig")); at++) {
        const char *line = at;
        while (line > before && line[-1] != '\n')
            line--;
        rows++;
        if (strncmp(line, "S17 open|west ", 14))
            fail_msg("%.300s", line);
    }
    assert_int_equal(rows, 1);
    assert_null(strstr(before, "\"who\":[]"));
    assert_false(in_export(&p, "ana", "zaunkoenig"));
    assert_false(in_export(&p, "dana", "zaunkoenig"));
    SAY(&p, "UANA", "forget me");
    SAY(&p, "UANA", "yes");
    settle(&p);
    assert_string_equal(p.erased, "ana");
    CLEANUP_FREE char *after = dump(p.store);
    assert_non_null(strstr(after, "\"who\":[],\"words\":[\"zaunkoenig"));
    end(&p);
}

/* --- export --- */

static void export_holds_everything_and_nobody_else(void **state)
{
    struct play p = {0};
    struct strbuf json = {0}, text = {0};
    struct personal who;
    struct arena arena;
    struct err err = {0};
    int entries = 0;
    (void)state;
    begin(&p, false);
    live(&p);
    arena_init(&arena);
    engine_personal(engine_core(p.engine), "ana", 0, &arena, &who);
    assert_int_equal(who.key_count, 2);
    assert_int_equal(
        export_person(engine_core(p.engine), p.store, &who, p.now, &json, &text, &entries, &err),
        0);
    static const char *const wanted[] = {
        "\"person\":\"ana\"",
        "\"name\":\"Ana Ruiz\"",
        "\"known_as\":[\"UANA\",\"17\"]",
        "\"purpose\":\"coaching\"",
        "\"signals\":{\"calls\":1000}",
        "kanarienvogel is what I said",
        "\"by\":\"carl\"",
        "\"table\":\"decision\"",
        "\"table\":\"journal\"",
        "\"table\":\"outbox\"",
        "\"what\":\"deals\"",
        "Ana Ruiz made a call.",
        "\"reason\":\"" CANARY "\"",
        "\"platform_id\":\"",
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        if (!strstr(strbuf_text(&json), wanted[i]))
            fail_msg("%s is not in %.2000s", wanted[i], strbuf_text(&json));
    }
    assert_null(strstr(strbuf_text(&json), "ben has a secret"));
    assert_null(strstr(strbuf_text(&text), "ben has a secret"));
    assert_non_null(strstr(strbuf_text(&text), "answer: kanarienvogel is what I said"));
    assert_non_null(strstr(strbuf_text(&text), "who has looked"));
    assert_true(entries > 10);
    strbuf_done(&json);
    strbuf_done(&text);
    arena_done(&arena);
    end(&p);
}

static void export_in_the_chat_comes_in_parts_that_fit(void **state)
{
    struct play p = {0};
    (void)state;
    begin(&p, false);
    live(&p);
    int before = p.sent_count;
    SAY(&p, "UANA", "export");
    int parts = p.sent_count - before;
    assert_true(parts >= 2 && parts <= 5);
    bool answer = false, rest = false;
    for (int i = before; i < p.sent_count; i++) {
        assert_string_equal(p.sent[i].to, "ana");
        assert_true(strlen(p.sent[i].text) < 2000);
        assert_null(strstr(p.sent[i].text, "ben has"));
        answer |= strstr(p.sent[i].text, "kanarienvogel is what I said") != NULL;
        rest |= strstr(p.sent[i].text, "gritctl export --rep ana") != NULL;
    }
    assert_true(answer);
    assert_true(rest || parts < 5);
    end(&p);
}

/* --- retention --- */

/* E7: with a clock of the test's own */
static void old_rows_go_by_themselves(void **state)
{
    struct play p = {0};
    struct store_count count;
    (void)state;
    begin(&p, false);
    live(&p);
    p.now += 31 * MSEC_DAY;
    settle(&p);
    CLEANUP_FREE char *month = dump(p.store);
    assert_null(strstr(month, "\"op\":")); /* words of messages */
    assert_non_null(strstr(month, "kanarienvogel is what I said"));
    p.now += 61 * MSEC_DAY;
    settle(&p);
    CLEANUP_FREE char *quarter = dump(p.store);
    assert_null(strstr(quarter, "kanarienvogel is what I said"));
    assert_null(strstr(quarter, "\nD "));
    assert_non_null(strstr(quarter, "\nJ "));
    p.now += 310 * MSEC_DAY;
    settle(&p);
    assert_int_equal(p.store->ops->count(p.store, &count, NULL), 0);
    assert_int_equal(count.journal, 0);
    assert_int_equal(count.outbox, 0);
    CLEANUP_FREE char *year = dump(p.store);
    assert_null(strstr(year, "carl"));
    end(&p);
}

/* E10: so long after leaving, and in no file any more. */
static void a_leaver_is_erased_after_a_while(void **state)
{
    static const char without[] =
        "teams:\n  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
        "people:\n"
        "  - {id: ben, name: Ben Osei, team: west, chat: UBEN}\n"
        "  - {id: dana, name: Dana Okafor, role: manager, chat: UDANA, zone: America/Denver}\n";
    struct rig_text text = {.people = without, .config = config, .plugins = {plugin}};
    struct rig later = {0};
    struct play p = {0};
    struct err err = {0};
    (void)state;
    begin(&p, false);
    rig_init(&later, &text, "2026-03-02 09:00");
    live(&p);
    GIVE(&p, .type = EVENT_REP_LEFT, .rep = "ana");
    p.now += 31 * MSEC_DAY;
    settle(&p);
    assert_string_equal(p.erased, ""); /* still in people.yaml */
    assert_int_equal(engine_set_book(p.engine, later.book, p.now, NULL, &err), 0);
    struct book *old = p.rig.book;
    p.rig.book = later.book;
    p.now += MSEC_HOUR;
    settle(&p);
    assert_string_equal(p.erased, "ana");
    CLEANUP_FREE char *after = dump(p.store);
    assert_null(strstr(after, CANARY));
    assert_null(strstr(after, "\"ana\""));
    p.rig.book = old;
    end(&p);
    rig_done(&later);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forget_me_leaves_nothing_anywhere),
        cmocka_unit_test(a_crash_begins_again_with_the_wish),
        cmocka_unit_test(the_door_is_closed_only_while_the_rows_go),
        cmocka_unit_test(two_wishes_are_heard_one_after_the_other),
        cmocka_unit_test(a_private_answer_is_unreadable_to_everybody_else),
        cmocka_unit_test(a_request_for_help_is_the_askers),
        cmocka_unit_test(anonymous_words_are_in_no_row_of_a_person),
        cmocka_unit_test(export_holds_everything_and_nobody_else),
        cmocka_unit_test(export_in_the_chat_comes_in_parts_that_fit),
        cmocka_unit_test(old_rows_go_by_themselves),
        cmocka_unit_test(a_leaver_is_erased_after_a_while),
    };
    return cmocka_run_group_tests_name("forget", tests, NULL, NULL);
}
