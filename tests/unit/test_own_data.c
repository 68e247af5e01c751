/* What a person can see and say about what is kept of her: history, share, privacy, forget me. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: lee, name: Lee Lone, zone: America/Denver}\n"                                        \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  words: {kind: skill, reader: %s, answer: text, text: \"What is next?\"}\n"                  \
    "  open: {kind: skill, reader: manager, answer: text, text: \"What do you need?\"}\n"          \
    "  yes: {kind: skill, reader: rep, answer: yes_no, text: \"Is it theirs?\"}\n"                 \
    "rules:\n"                                                                                     \
    "  - {rule: ask, about: to help, when: deal.stage_changed, ask: words}\n"                      \
    "  - {rule: open, about: s, when: deal.reopened, ask: open}\n"                                 \
    "  - {rule: yes, about: s, when: goal.set, ask: yes}\n"

static const char loose[] =
    "purpose: coaching of our sales teams\n"
    "controller: Example Ltd\n"
    "limits: {prompts_per_day: 99, prompts_per_family_per_week: 99, cool_off: false}\n";

static char plugin_text[2000];

static const char *plugin(const char *reader)
{
    (void)snprintf(plugin_text, sizeof(plugin_text), HEAD, reader); /* fits */
    return plugin_text;
}

static void begin(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {plugin("rep")}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void asked(struct rig *rig, const char *when, const char *rep, enum event_type what)
{
    GIVE(rig, when, .type = what, .rep = rep, .deal = "D1", .to = "propose");
    strbuf_clear(&rig->lines);
}

static void answered(struct rig *rig, const char *when, const char *rep, enum event_type what,
                     const char *words)
{
    asked(rig, when, rep, what);
    rig_say(rig, when, rep, words);
    strbuf_clear(&rig->lines);
}

static bool has(struct rig *rig, const char *words)
{
    return strstr(strbuf_text(&rig->lines), words) != NULL;
}

static void says(struct rig *rig, const char *when, const char *who, const char *text)
{
    strbuf_clear(&rig->lines);
    rig_say(rig, when, who, text);
}

/* The stored value of a row of this kind that has these words, or NULL. */
static const char *stored(const struct rig *rig, int kind, const char *words)
{
    for (size_t i = 0; i < rig->count; i++) {
        const char *value = rig->rows[i].value;
        if (rig->rows[i].kind == kind && value && strstr(value, words))
            return value;
    }
    return NULL;
}

/* A12: the answer comes back, and to nobody but her */
static void history_shows_the_own_answers_to_their_owner_only(struct rig *rig)
{
    begin(rig);
    says(rig, "2026-03-02 09:00", "ana", "history");
    assert_true(has(rig, "> ana: I have not asked you anything that I still keep."));
    answered(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I call Rosa.");
    says(rig, "2026-03-02 10:30", "ana", "history");
    assert_true(has(rig, "Answer 1: “I call Rosa.” Only you can read your answer."));
    static const char *const others[] = {"ben", "dana", "lee"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        says(rig, "2026-03-02 10:31", others[i], "history");
        assert_false(has(rig, "Rosa"));
        says(rig, "2026-03-02 10:31", others[i], "why");
        assert_false(has(rig, "Rosa"));
    }
}

/* B60: the share half: by the rep's own act, one answer, named, and taken back */
static void share_widens_one_answer_and_unshare_takes_it_back(struct rig *rig)
{
    begin(rig);
    says(rig, "2026-03-02 09:00", "ana", "share");
    assert_true(has(rig, "nothing to share"));
    answered(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I call Rosa.");
    answered(rig, "2026-03-02 11:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I write to Tom.");
    assert_null(stored(rig, STATE_PROMPT, "\"shared\":true"));
    says(rig, "2026-03-02 11:10", "ana", "share 1");
    assert_true(has(rig, "Dana Okafor can read this now:\n“What is next?”\nYou said: “I call "
                         "Rosa.”\nSay unshare 1 to take it back."));
    assert_non_null(strstr(stored(rig, STATE_PROMPT, "\"shared\":true"), "Rosa"));
    says(rig, "2026-03-02 11:11", "ana", "share 1");
    assert_true(has(rig, "can read that one already"));
    says(rig, "2026-03-02 11:12", "ana", "share 9");
    assert_true(has(rig, "Which one?"));
    says(rig, "2026-03-02 11:12", "ana", "history");
    assert_true(has(rig, "Answer 1: “I call Rosa.” Dana Okafor can read your answer, because"));
    assert_true(has(rig, "Answer 2: “I write to Tom.” Only you can read"));
    says(rig, "2026-03-02 11:13", "ana", "unshare 1");
    assert_true(has(rig, "Taken back."));
    assert_null(stored(rig, STATE_PROMPT, "\"shared\":true"));
    says(rig, "2026-03-02 11:14", "ana", "unshare 1");
    assert_true(has(rig, "not shared"));
    says(rig, "2026-03-02 11:15", "ana", "share"); /* the newest */
    assert_true(has(rig, "I write to Tom."));
}

static void a_shared_answer_that_is_changed_is_private_again(struct rig *rig)
{
    begin(rig);
    answered(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I call Rosa.");
    rig_say(rig, "2026-03-02 10:10", "ana", "share");
    assert_non_null(stored(rig, STATE_PROMPT, "\"shared\":true"));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:20", "ana", "answer", "I am not sure at all.");
    assert_true(has(rig, "Your new words are yours alone"));
    assert_null(stored(rig, STATE_PROMPT, "\"shared\":true"));
}

static void an_announced_reader_cannot_be_taken_back_and_needs_no_share(struct rig *rig)
{
    begin(rig);
    answered(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_REOPENED, "An hour with you.");
    says(rig, "2026-03-02 10:10", "ana", "share");
    assert_true(has(rig, "can read that one already"));
    says(rig, "2026-03-02 10:11", "ana", "unshare");
    assert_true(has(rig, "announced before you answered: Dana Okafor will read your answer too."));
    answered(rig, "2026-03-02 11:00", "lee", EVENT_DEAL_STAGE_CHANGED, "Alone.");
    says(rig, "2026-03-02 11:10", "lee", "share");
    assert_true(has(rig, "do not know who your manager is"));
}

/* With a question open, words that only begin like a command are its answer. */
static void a_sentence_that_begins_with_share_is_an_answer(struct rig *rig)
{
    begin(rig);
    asked(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:10", "ana", "share the slides with Rosa");
    assert_true(has(rig, "Your answer: share the slides with Rosa"));
}

/* B66: the purpose is said, and who looked is there to be read */
static void privacy_says_purpose_readers_and_who_looked(struct rig *rig)
{
    begin(rig);
    answered(rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I call Rosa.");
    says(rig, "2026-03-02 10:10", "ana", "privacy");
    assert_true(has(rig, "What I am for: coaching of our sales teams."));
    assert_true(has(rig, "Your answers are yours."));
    assert_true(has(rig, "1 of your questions and talks, 1 of them with an answer, and 0 you"));
    assert_true(has(rig, "Nobody has looked at what is kept about you."));
    assert_true(has(rig, "Responsible for it: Example Ltd."));
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_ACCESS, .rep = "ana", .name = "carl (user 1000)",
         .reason = "why");
    assert_non_null(stored(rig, STATE_ACCESS, "\"by\":\"carl (user 1000)\""));
    says(rig, "2026-03-02 12:10", "ana", "Privacy?");
    assert_true(has(rig, "• Mon 2 Mar, 12:00: carl (user 1000) looked up why you got"));
    says(rig, "2026-03-02 12:11", "ben", "privacy");
    assert_false(has(rig, "carl"));
}

static void only_the_newest_looks_are_listed_and_the_rest_is_counted(struct rig *rig)
{
    begin(rig);
    for (int i = 0; i < 60; i++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-02 12:%02d", i); /* fits */
        GIVE(rig, when, .type = EVENT_ACCESS, .rep = "ana", .name = "carl", .reason = "export");
    }
    says(rig, "2026-03-02 13:10", "ana", "privacy");
    assert_true(has(rig, "12:59: carl took out everything"));
    assert_true(has(rig, "And 54 times before that"));
}

static const char forget_row[] = "\"rep\":\"ana\",\"at\":";

static void forget_me_asks_once_and_hands_over_a_row(struct rig *rig)
{
    begin(rig);
    says(rig, "2026-03-02 09:00", "ana", "forget me");
    assert_true(has(rig, "cannot be undone"));
    assert_null(stored(rig, STATE_META, forget_row));
    says(rig, "2026-03-02 09:05", "ana", "Yes!");
    assert_true(has(rig, "I am erasing everything now"));
    assert_non_null(stored(rig, STATE_META, forget_row));
}

static void anything_but_yes_keeps_everything(struct rig *rig)
{
    begin(rig);
    says(rig, "2026-03-02 09:00", "ana", "forget me");
    says(rig, "2026-03-02 09:01", "ana", "what?");
    says(rig, "2026-03-02 09:02", "ana", "yes");
    says(rig, "2026-03-02 10:00", "ana", "erase me");
    says(rig, "2026-03-02 10:11", "ana", "yes"); /* too late */
    says(rig, "2026-03-02 11:00", "ana", "forget me");
    says(rig, "2026-03-02 11:01", "ana", "yes, but later");
    assert_null(stored(rig, STATE_META, forget_row));
    asked(rig, "2026-03-02 12:00", "ana", EVENT_GOAL_SET);
    says(rig, "2026-03-02 12:01", "ana", "yes"); /* to the question */
    assert_true(has(rig, "Your answer: yes"));
    assert_null(stored(rig, STATE_META, forget_row));
}

/* E2: what was announced before the question was asked holds, whatever a reload says. */
static void a_reload_never_widens_who_reads_an_answer(void **state)
{
    (void)state;
    struct rig rig = {0}, wider = {0};
    begin(&rig);
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {plugin("manager")}};
    rig_init(&wider, &text, "2026-03-02 00:00");
    answered(&rig, "2026-03-02 10:00", "ana", EVENT_DEAL_STAGE_CHANGED, "I call Rosa.");
    asked(&rig, "2026-03-02 11:00", "ana", EVENT_DEAL_STAGE_CHANGED);
    core_set_book(rig.core, wider.book, rig.now, &rig.step);
    struct book *old = rig.book;
    rig.book = wider.book;
    rig_restart(&rig);
    rig_say(&rig, "2026-03-02 11:10", "ana", "I write to Tom.");
    assert_true(has(&rig, "Only you can read your answer."));
    says(&rig, "2026-03-02 11:11", "ana", "history");
    assert_false(has(&rig, "Dana"));
    answered(&rig, "2026-03-02 12:00", "ana", EVENT_DEAL_STAGE_CHANGED, "Third.");
    says(&rig, "2026-03-02 12:11", "ana", "history");
    assert_true(has(&rig, "Answer 3: “Third.” Dana Okafor will read your answer too."));
    rig.book = old;
    rig_done(&rig);
    rig_done(&wider);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(history_shows_the_own_answers_to_their_owner_only),
        PLAY(share_widens_one_answer_and_unshare_takes_it_back),
        PLAY(a_shared_answer_that_is_changed_is_private_again),
        PLAY(an_announced_reader_cannot_be_taken_back_and_needs_no_share),
        PLAY(a_sentence_that_begins_with_share_is_an_answer),
        PLAY(privacy_says_purpose_readers_and_who_looked),
        PLAY(only_the_newest_looks_are_listed_and_the_rest_is_counted),
        PLAY(forget_me_asks_once_and_hands_over_a_row),
        PLAY(anything_but_yes_keeps_everything),
    };
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_reload_never_widens_who_reads_an_answer)};
    int failed = play_run("own data", cases, ARRAY_LEN(cases));
    return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
