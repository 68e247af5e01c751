/* Advise or ask; what a rule waits for; two people of one role. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"
#include "load_check.h"

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {id: new, name: New Nash, zone: America/Denver, joined: 2026-02-16}\n"                    \
    "  - {id: old, name: Old Okri, zone: America/Denver, joined: 2024-02-16}\n"                    \
    "  - {id: any, name: Any Abel, zone: America/Denver}\n"
#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  cost: {kind: skill, reader: rep, style: auto, text: What does it cost them?, advice: Ask "  \
    "them for the sum.}\n"                                                                         \
    "  inner: {kind: belief, reader: rep, text: What holds you back?}\n"                           \
    "rules:\n"                                                                                     \
    "  - {rule: cost, when: deal.won, ask: cost}\n"

static void begin_with(struct rig *rig, const char *rules)
{
    struct rig_text text = {.people = PEOPLE,
                            .config = "limits: {prompts_per_day: 9, open_conversations: 9, "
                                      "prompts_per_family_per_week: 99, back_off_after: 99, "
                                      "remind: []}\n",
                            .plugins = {rules}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static bool said(struct rig *rig, const char *text)
{
    return strstr(strbuf_text(&rig->lines), text) != NULL;
}

/* What this person is told when a deal is won then: the hint, or the question. */
static bool is_advised(struct rig *rig, const char *who, const char *when)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    rig->full = true;
    GIVE(rig, when, .type = EVENT_DEAL_WON, .rep = who, .deal = "D1");
    rig->full = false;
    bool hint = said(rig, "Ask them for the sum."), question = said(rig, "What does it cost");
    assert_true(hint != question);
    return hint;
}

/* B40: new or not, asked for a hint or not, lately or long ago, and nobody knows since when */
static void style_follows_the_context(struct rig *rig)
{
    static const struct {
        const char *who, *hint, *when;
        bool advised;
    } contexts[] = {
        {"new", NULL, "2026-03-03 10:00", true},
        {"old", NULL, "2026-03-03 10:10", false},
        {"any", NULL, "2026-03-03 10:20", false},
        {"old", "2026-03-04 10:00", "2026-03-17 10:00", true},
        {"old", NULL, "2026-03-19 10:00", false}, /* the word was more than two weeks ago */
        {"new", "2026-05-14 10:00", "2026-05-21 10:00", true}, /* not new any more, but asked */
        {"new", NULL, "2026-06-10 10:00", false},
    };
    begin_with(rig, HEAD);
    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        if (contexts[i].hint)
            rig_say(rig, contexts[i].hint, contexts[i].who, "advice");
        if (is_advised(rig, contexts[i].who, contexts[i].when) != contexts[i].advised)
            fail_msg("context %zu", i);
    }
}

static void hint_answers_the_open_question(struct rig *rig)
{
    begin_with(rig, HEAD "  - {rule: inner, when: deal.created, ask: inner}\n");
    rig_say(rig, "2026-03-02 09:00", "any", "advice"); /* nothing is open */
    assert_true(said(rig, "I have no hint for this one."));
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_WON, .rep = "old", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "old", "advice");
    assert_true(said(rig, "Ask them for the sum.\n\nThe question stays open."));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:06", "old", "They lose a day a week.");
    assert_true(said(rig, "Your answer: They lose a day a week."));
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_CREATED, .rep = "old", .deal = "D2");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:05", "old", "advice"); /* this one has none */
    assert_true(said(rig, "I have no hint for this one."));
}

/* --- what must come first --- */

static const char locked[] =
    HEAD "  - {rule: inner, when: deal.created, ask: inner}\n"
         "  - {rule: craft, when: deal.lost, ask: cost, unlock: {answered: inner, skipped: 5d}}\n";

static void lost(struct rig *rig, const char *when)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    GIVE(rig, when, .type = EVENT_DEAL_LOST, .rep = "old", .deal = "D1");
    rig_until_msec(rig, rig->now + 24 * MSEC_HOUR);
}

/* B86: skill comes after a first answered reflection, and from then on */
static void skill_waits_for_a_reflection(struct rig *rig)
{
    begin_with(rig, locked);
    lost(rig, "2026-03-02 10:00");
    assert_true(said(rig, "old craft suppressed unlock") || said(rig, "held"));
    assert_false(said(rig, "craft sent"));
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_DEAL_CREATED, .rep = "old", .deal = "D2");
    lost(rig, "2026-03-04 11:00");
    assert_false(said(rig, "craft sent"));
    rig_click(rig, "2026-03-06 11:00", "old", "answer", "The first sentence.");
    lost(rig, "2026-03-09 11:00");
    assert_true(said(rig, "craft sent"));
    lost(rig, "2026-07-20 11:00"); /* the answer is forgotten; the rule stays open */
    assert_true(said(rig, "craft sent"));
}

/* B86: a skipped one opens it too, some days later */
static void skipping_opens_it_later(struct rig *rig)
{
    begin_with(rig, locked);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .rep = "old", .deal = "D2");
    rig_click(rig, "2026-03-02 10:05", "old", "skip", NULL);
    lost(rig, "2026-03-04 11:00");
    assert_false(said(rig, "craft sent"));
    lost(rig, "2026-03-09 11:00");
    assert_true(said(rig, "craft sent"));
}

/* B1: one role and one team, other days behind them: other prompts */
static void logs_decide_and_not_the_role(struct rig *rig)
{
    begin_with(rig,
               HEAD "  - {rule: many, every: Friday at 15:00, ask: inner, if: {signal.calls: "
                    "{at_least: 3}}}\n"
                    "  - {rule: few, every: Friday at 15:00, ask: cost, if: {signal.calls: {under: "
                    "3}}}\n"
                    "signals:\n  calls: {count: activity.logged, kind: call, window: 1w}\n");
    for (int i = 0; i < 3; i++)
        GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "old", .kind = "call");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "any", .kind = "call");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-06 15:00");
    rig_expect(rig, "03-06 15:00 any few sent\n03-06 15:00 new few sent\n"
                    "03-06 15:00 old many sent\n");
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

static void style_mistakes_are_named(void **state)
{
    (void)state;
    refused("plugin: p\nquestions:\n  q: {kind: skill, reader: rep, style: auto, text: What?}\n",
            "'style: auto' has no 'advice' to choose from");
    refused(
        "plugin: p\nquestions:\n  q: {kind: skill, reader: rep, style: ask, text: What?, advice: "
        "Do it.}\n",
        "'advice' is only for 'style: auto'");
    refused(HEAD "  - {rule: r, when: deal.lost, ask: cost, unlock: {answered: iner}}\n",
            "unknown question 'iner'; did you mean 'inner'?");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(style_follows_the_context),    PLAY(hint_answers_the_open_question),
        PLAY(skill_waits_for_a_reflection), PLAY(skipping_opens_it_later),
        PLAY(logs_decide_and_not_the_role),
    };
    const struct CMUnitTest load[] = {cmocka_unit_test(style_mistakes_are_named)};
    int failed = play_run("style", cases, ARRAY_LEN(cases));
    return failed + cmocka_run_group_tests_name("style.load", load, NULL, NULL);
}
