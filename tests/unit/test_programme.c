/* Programmes that a manager starts, and talks that lead to another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"
#include "load_check.h"

#define PEOPLE                                                                                     \
    "teams:\n  - {id: west, manager: dana, zone: America/Denver}\n"                                \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: solo, name: Solo Lee, zone: America/Denver}\n"                                       \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"
#define MORE_PEOPLE                                                                                \
    PEOPLE                                                                                         \
    "  - {id: cleo, name: Cleo, team: west}\n"                                                     \
    "  - {id: dan, name: Dan, team: west}\n"                                                       \
    "  - {id: eva, name: Eva, team: west}\n"
#define HEAD "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
#define PROGRAMME                                                                                  \
    HEAD "programme: {self_check: view, baseline: [calls]}\n"                                      \
         "signals:\n  calls: {count: activity.logged, kind: call, window: 4w}\n"                   \
         "questions:\n"                                                                            \
         "  view: {kind: belief, reader: manager, text: What in your team can still grow?}\n"      \
         "  idea: {kind: skill, reader: rep, text: What do you try next?}\n"                       \
         "rules:\n"                                                                                \
         "  - {rule: check, every: Tuesday at 09:00, to: manager, ask: view}\n"                    \
         "  - {rule: idea, when: deal.won, ask: idea}\n"

static const char loose[] = "limits: {prompts_per_day: 9, open_conversations: 9}\n";

static void begin_with(struct rig *rig, const char *people, const char *plugin)
{
    struct rig_text text = {.people = people, .config = loose, .plugins = {plugin}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static bool said(struct rig *rig, const char *text)
{
    return strstr(strbuf_text(&rig->lines), text) != NULL;
}

static void say(struct rig *rig, const char *when, const char *who, const char *text)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    rig_say(rig, when, who, text);
}

static void call(struct rig *rig, const char *when, const char *who)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = who, .kind = "call");
}

static void won(struct rig *rig, const char *when, const char *who)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    GIVE(rig, when, .type = EVENT_DEAL_WON, .rep = who, .deal = "D1");
}

/* B30: nothing reaches a rep before the manager has looked at the own view */
static void programme_waits_for_the_self_check(struct rig *rig)
{
    begin_with(rig, PEOPLE, PROGRAMME);
    call(rig, "2026-03-02 09:00", "ana");
    won(rig, "2026-03-02 10:00", "ana");
    rig_expect(rig, "03-02 10:00 ana idea suppressed start\n");
    won(rig, "2026-03-02 10:30", "solo"); /* nobody could start it */
    rig_expect(rig, "03-02 10:30 solo idea suppressed start\n");
    say(rig, "2026-03-02 11:00", "dana", "start p");
    assert_true(said(rig, "your own view of it counts"));
    won(rig, "2026-03-03 08:40", "ana");
    rig_expect(rig, "03-03 08:40 ana idea suppressed start\n");
    rig_click(rig, "2026-03-03 09:05", "dana", "answer", "Ana's way with prices.");
    won(rig, "2026-03-03 10:00", "ana"); /* checked, and not started */
    rig_expect(rig, "03-03 10:00 ana idea suppressed start\n");
    say(rig, "2026-03-03 11:00", "dana", "start p");
    assert_true(said(rig, "p has started with your team"));
    won(rig, "2026-03-03 12:00", "ana");
    rig_expect(rig, "03-03 12:00 ana idea sent\n");
}

/* B30: the check can be waived, and the log says that it was */
static void waiving_is_logged(struct rig *rig)
{
    begin_with(rig, PEOPLE, PROGRAMME);
    call(rig, "2026-03-02 09:00", "ana");
    say(rig, "2026-03-02 11:00", "dana", "Start p without check");
    assert_true(said(rig, "03-02 11:00 dana check cancelled start\n"));
    assert_true(said(rig, "p has started"));
    won(rig, "2026-03-02 12:00", "ben");
    rig_expect(rig, "03-02 12:00 ben idea sent\n");
    say(rig, "2026-03-02 13:00", "dana", "start p without check"); /* twice changes nothing */
    assert_true(said(rig, "p started on Mon 2 Mar."));
}

/* B84: no start without a baseline; and the baseline of that day stays to compare with */
static void start_needs_a_baseline(struct rig *rig)
{
    begin_with(rig, MORE_PEOPLE, PROGRAMME);
    say(rig, "2026-03-02 11:00", "dana", "start p without check");
    assert_true(said(rig, "p cannot start yet"));
    won(rig, "2026-03-02 12:00", "ana");
    rig_expect(rig, "03-02 12:00 ana idea suppressed start\n");
    call(rig, "2026-03-03 10:00", "ana");
    call(rig, "2026-03-03 11:00", "ben");
    call(rig, "2026-03-03 12:00", "solo"); /* of nobody's team */
    say(rig, "2026-03-04 11:00", "dana", "start p without check");
    assert_true(said(rig, "p has started"));
    call(rig, "2026-03-05 10:00", "cleo");
    say(rig, "2026-03-06 11:00", "dana", "start p");
    assert_true(said(rig, "p started on Wed 4 Mar.\n• calls: 2 then, 3 now\n"));
}

static void figures_of_few_are_not_shown(struct rig *rig)
{
    begin_with(rig, PEOPLE, PROGRAMME);
    call(rig, "2026-03-03 10:00", "ana");
    say(rig, "2026-03-04 11:00", "dana", "start p without check");
    say(rig, "2026-03-04 12:00", "dana", "start p");
    assert_true(said(rig, "shown once your team has five people"));
    assert_false(said(rig, "calls:"));
}

static void start_is_a_word_for_managers(struct rig *rig)
{
    begin_with(rig, PEOPLE, PROGRAMME);
    say(rig, "2026-03-02 11:00", "ana", "start p");
    assert_true(said(rig, "is for managers"));
    say(rig, "2026-03-02 11:01", "dana", "start q");
    assert_true(said(rig, "Say start and the name of a programme: p."));
    rig_until(rig, "2026-03-03 09:00");
    say(rig, "2026-03-03 09:10", "dana", "start with the small accounts"); /* an answer */
    assert_true(said(rig, "Your answer: start with the small accounts"));
}

/* --- talks that lead on --- */

static const char leading[] =
    HEAD "flows:\n"
         "  deal:\n    leads_to: craft\n    leads_if: {answer.practise: \"yes\"}\n    steps:\n"
         "      - ask: {id: stuck, text: \"Where is it stuck?\"}\n"
         "      - ask: {id: practise, text: \"Is it worth practising?\", answer: yes_no}\n"
         "  craft:\n    steps:\n"
         "      - ask: {id: try, text: \"You wrote “{{answer.stuck}}”. What do you try?\"}\n"
         "rules:\n"
         "  - {rule: look, about: a look, when: deal.stage_changed, start: deal}\n";

static const char *row_of(const struct rig *rig, const char *key)
{
    for (size_t i = 0; i < rig->count; i++) {
        if (rig->rows[i].kind == STATE_FLOW && str_eq(rig->rows[i].key, key))
            return rig->rows[i].value;
    }
    return "";
}

static void talk_about_a_deal(struct rig *rig, const char *practise)
{
    begin_with(rig, PEOPLE, leading);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .deal_name = "Acme", .to = "propose");
    rig_click(rig, "2026-03-02 10:01", "ana", "answer", "The price.");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:02", "ana", "answer", practise);
}

/* B80: what a deal brought up gets a talk of its own, and each row has the key of the other */
static void deal_talk_leads_to_a_skill_talk(struct rig *rig)
{
    talk_about_a_deal(rig, "yes");
    assert_true(said(rig, "> ana: You wrote “The price.”. What do you try?"));
    assert_non_null(strstr(row_of(rig, "ana|p/deal|1"), "\"led_to\":\"ana|p/craft|1\""));
    assert_non_null(strstr(row_of(rig, "ana|p/craft|1"), "\"led_from\":\"ana|p/deal|1\""));
    assert_non_null(strstr(row_of(rig, "ana|p/deal|1"), "\"deal\":\"D1\""));
    assert_null(strstr(row_of(rig, "ana|p/craft|1"), "\"deal\""));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:03", "ana", "why", NULL);
    assert_true(said(rig, "the talk before (Acme)"));
    rig_click(rig, "2026-03-02 10:04", "ana", "answer", "Wait after the price.");
    assert_true(said(rig, "That was the last question."));
    assert_non_null(strstr(row_of(rig, "ana|p/craft|1"), "\"led_from\":\"ana|p/deal|1\""));
}

/* B80: only where the answers say so */
static void no_skill_talk_without_need(struct rig *rig)
{
    talk_about_a_deal(rig, "no");
    assert_false(said(rig, "What do you try?"));
    assert_null(strstr(row_of(rig, "ana|p/deal|1"), "led_to"));
    assert_string_equal(row_of(rig, "ana|p/craft|1"), "");
}

/* --- what check says --- */

static void refused(const char *plugin, const char *wanted)
{
    struct load_given given = {.people = PEOPLE, .plugins = {plugin}};
    struct loaded l = load_given(&given);
    if (!strstr(l.text, wanted))
        fail_msg("wanted: %s\ngot: %s", wanted, l.text);
    load_done(&l);
}

static void mistakes_are_named(void **state)
{
    (void)state;
    refused(HEAD "programme: {baseline: [cals]}\nsignals: {calls: {count: activity.logged}}\n",
            "unknown signal 'cals'; did you mean 'calls'?");
    refused(HEAD "programme: {baseline: calls, self_check: view}\n"
                 "signals: {calls: {count: activity.logged}}\n"
                 "questions: {view: {kind: belief, reader: rep, text: What?}}\n",
            "no rule asks 'view' of the manager");
    refused(HEAD "programme: {self_check: view}\n", "a programme needs 'baseline'");
    refused(HEAD "flows:\n  a: {leads_to: a, steps: [{ask: {id: x, text: What?}}]}\n",
            "a flow cannot lead to itself");
    refused(HEAD "flows:\n  aaaa: {leads_to: bbbb, steps: [{ask: {id: x, text: What?}}]}\n",
            "unknown flow 'bbbb'");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(programme_waits_for_the_self_check),
        PLAY(waiving_is_logged),
        PLAY(start_needs_a_baseline),
        PLAY(figures_of_few_are_not_shown),
        PLAY(start_is_a_word_for_managers),
        PLAY(deal_talk_leads_to_a_skill_talk),
        PLAY(no_skill_talk_without_need),
    };
    const struct CMUnitTest load[] = {cmocka_unit_test(mistakes_are_named)};
    int failed = play_run("programme", cases, ARRAY_LEN(cases));
    return failed + cmocka_run_group_tests_name("programme.load", load, NULL, NULL);
}
