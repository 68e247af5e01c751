/* Ladders of steps: when the next one is offered, what a no and a try change, who hears of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"
#include "load_check.h"

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, zone: America/Denver}\n"                                        \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"
#define HEAD "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
#define LADDER(trust, second)                                                                      \
    HEAD "rules:\n"                                                                                \
         "  - rule: ladder\n    when: activity.logged\n"                                           \
         "    stretch:\n"                                                                          \
         "      wins: {event: activity.logged, kind: call}\n"                                      \
         "      after: 2\n      rest: 10d\n" trust "      rungs:\n"                                \
         "        - {rung: a, size: 1, text: Try A., tried: {event: activity.logged, kind: "       \
         "demo}}\n"                                                                                \
         "        - {rung: b, size: " second ", text: Try B.}\n"

static const char plain[] = LADDER("", "2");
static const char trusting[] =
    LADDER("      trust: {event: activity.logged, kind: meeting, direction: none}\n"
           "      trust_within: 7d\n",
           "2");

static void begin_with(struct rig *rig, const char *plugin)
{
    struct rig_text text = {
        .people = PEOPLE, .config = "limits: {prompts_per_day: 9}\n", .plugins = {plugin}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void logged(struct rig *rig, const char *when, const char *kind)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = kind,
         .direction = str_eq(kind, "meeting") ? "none" : "outbound");
}

/* Two calls, the second of which brings an offer, or does not. */
static void two_calls(struct rig *rig, const char *first, const char *second)
{
    logged(rig, first, "call");
    strbuf_clear(&rig->lines);
    logged(rig, second, "call");
}

static int count_of(const struct rig *rig, const char *text)
{
    int count = 0;
    for (const char *at = strbuf_text(&rig->lines); (at = strstr(at, text)); at++)
        count++;
    return count;
}

/* A1: k easy wins bring exactly one offer, also when more of them follow */
static void wins_bring_exactly_one_offer(struct rig *rig)
{
    begin_with(rig, plain);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_expect(rig, "03-02 11:00 ana ladder sent\n");
    for (int day = 3; day < 10; day++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-%02d 10:00", day);
        logged(rig, when, "call");
    }
    assert_int_equal(count_of(rig, "sent"), 0);
}

/* A1: a no is for the whole rest, and what managers can read does not tell of it */
static void decline_rests_and_does_not_show(struct rig *rig)
{
    begin_with(rig, plain);
    rig->full = true;
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "no", NULL);
    assert_int_equal(count_of(rig, "\"dana\""), 0);
    two_calls(rig, "2026-03-04 10:00", "2026-03-04 11:00");
    assert_int_equal(count_of(rig, "SEND"), 0);
    assert_int_equal(count_of(rig, "no step to offer now"), 1);
    assert_int_equal(count_of(rig, "declin"), 0);
    rig->full = false;
    two_calls(rig, "2026-03-12 10:00", "2026-03-12 13:00"); /* ten days later the same step */
    rig_expect(rig, "03-12 13:00 ana ladder sent\n");
    rig_click(rig, "2026-03-12 13:05", "ana", "yes", NULL);
    assert_int_equal(count_of(rig, "Try A."), 1);
}

static void nothing_is_written_where_nothing_is_stored(struct rig *rig)
{
    begin_with(rig, plain);
    rig_store_nothing(rig);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "no", NULL);
    assert_int_equal(count_of(rig, "sent"), 1);
}

/* The same words whatever the reason: nobody can tell a no from a step that was not tried. */
static void untried_step_looks_like_a_no(struct rig *rig)
{
    begin_with(rig, plain);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "yes", NULL);
    rig->full = true;
    two_calls(rig, "2026-03-04 10:00", "2026-03-04 11:00");
    assert_int_equal(count_of(rig, "no step to offer now"), 1);
}

/* A2: no one-to-one behind the rep: gate=trust, and nothing is sent */
static void trust_is_asked_for(struct rig *rig)
{
    begin_with(rig, trusting);
    two_calls(rig, "2026-03-09 10:00", "2026-03-09 11:00");
    rig_expect(rig, "03-09 11:00 ana ladder suppressed trust\n");
    logged(rig, "2026-03-09 12:00", "meeting");
    rig_expect(rig, "03-09 12:00 ana ladder sent\n");
}

/* A2: a one-to-one of long ago is none; the rep's own word stands for it, until it is taken back */
static void trust_grows_old_and_can_be_given(struct rig *rig)
{
    begin_with(rig, trusting);
    logged(rig, "2026-03-02 09:00", "meeting");
    two_calls(rig, "2026-03-10 10:00", "2026-03-10 11:00");
    rig_expect(rig, "03-10 11:00 ana ladder suppressed trust\n");
    rig_say(rig, "2026-03-10 11:30", "ana", "stretch");
    assert_int_equal(count_of(rig, "free to decline"), 1);
    rig_say(rig, "2026-03-10 11:31", "ana", "stretch");
    assert_int_equal(count_of(rig, "from now on"), 1);
    strbuf_clear(&rig->lines);
    logged(rig, "2026-03-10 12:00", "call");
    rig_expect(rig, "03-10 12:00 ana ladder suppressed trust\n");
    rig_say(rig, "2026-03-10 12:30", "ana", "stretch");
    strbuf_clear(&rig->lines);
    logged(rig, "2026-03-10 13:00", "call");
    rig_expect(rig, "03-10 13:00 ana ladder sent\n");
}

/* B5: tried and not won unlocks the next rung */
static void trying_unlocks_the_next_rung(struct rig *rig)
{
    begin_with(rig, plain);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "yes", NULL);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "demo",
         .direction = "outbound", .outcome = "no_show");
    two_calls(rig, "2026-03-04 10:00", "2026-03-04 11:00");
    rig_expect(rig, "03-04 11:00 ana ladder sent\n");
    rig_click(rig, "2026-03-04 11:05", "ana", "yes", NULL);
    assert_int_equal(count_of(rig, "Try B."), 1);
    rig_click(rig, "2026-03-05 10:00", "ana", "tried", NULL);
    assert_int_equal(count_of(rig, "You tried it"), 1);
    two_calls(rig, "2026-03-06 10:00", "2026-03-06 11:00"); /* the ladder has come to its end */
    rig_expect(rig, "03-06 11:00 ana ladder suppressed evidence\n");
}

/* B5: what was not tried unlocks nothing: after the rest the same rung comes again */
static void not_trying_unlocks_nothing(struct rig *rig)
{
    begin_with(rig, plain);
    logged(rig, "2026-03-02 09:00", "demo"); /* before the offer it is no try */
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "yes", NULL);
    two_calls(rig, "2026-03-04 10:00", "2026-03-04 11:00");
    rig_expect(rig, "03-04 11:00 ana ladder suppressed evidence\n");
    two_calls(rig, "2026-03-13 10:00", "2026-03-13 11:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-13 11:05", "ana", "yes", NULL);
    assert_int_equal(count_of(rig, "Try A."), 1);
}

/* Who said no and did it all the same was not on the ladder: the same step is offered again. */
static void declined_step_is_not_tried_by_chance(struct rig *rig)
{
    begin_with(rig, plain);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    rig_click(rig, "2026-03-02 11:05", "ana", "no", NULL);
    logged(rig, "2026-03-03 09:00", "demo");
    two_calls(rig, "2026-03-13 10:00", "2026-03-13 11:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-13 11:05", "ana", "yes", NULL);
    assert_int_equal(count_of(rig, "Try A."), 1);
}

static void buttons_twice_and_in_words(struct rig *rig)
{
    begin_with(rig, plain);
    two_calls(rig, "2026-03-02 10:00", "2026-03-02 11:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:01", "ana", "tried", NULL); /* it was not taken yet */
    rig_click(rig, "2026-03-02 11:02", "dana", "yes", NULL);
    assert_int_equal(count_of(rig, "closed already"), 1);
    assert_int_equal(count_of(rig, "meant for Ana"), 1);
    rig_say(rig, "2026-03-02 11:03", "ana", "no thanks");
    assert_int_equal(count_of(rig, "That is fine"), 1);
    rig_click(rig, "2026-03-02 11:04", "ana", "yes", NULL); /* a no can be taken back */
    rig_click(rig, "2026-03-02 11:05", "ana", "yes", NULL);
    rig_click(rig, "2026-03-02 11:06", "ana", "tried", NULL);
    rig_click(rig, "2026-03-02 11:07", "ana", "tried", NULL);
    assert_int_equal(count_of(rig, "stays between us; nobody"), 1);
    assert_int_equal(count_of(rig, "You tried it"), 1);
    assert_int_equal(count_of(rig, "closed already"), 3);
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

/* B34: a jump over max_step is a mistake, with its place */
static void ladder_with_a_jump_is_refused(void **state)
{
    (void)state;
    refused(LADDER("", "3"), "a.yaml:14:27: error: from 'a' to 'b' the size rises by 2, and "
                             "'max_step' is 1; put a step between them [rung-jump]");
    refused(LADDER("", "1"), "each step must be larger than the one before; 'b' is not");
    refused(LADDER("      max_step: 2\n", "3"), "");
}

static void ladder_mistakes_are_named(void **state)
{
    (void)state;
    refused(HEAD "rules:\n  - {rule: r, when: deal.won, stretch: {wins: deal.won, rungs: []}}\n",
            "'rungs' must be a list of 1 to 12 steps");
    refused(HEAD
            "rules:\n  - {rule: r, when: deal.won, stretch: {wins: deal.won, rungs: [{rung: a, "
            "size: 1, text: A}, {rung: a, size: 2, text: B}]}}\n",
            "the step 'a' stands in this ladder a second time");
    refused(HEAD "rules:\n  - {rule: r, when: deal.won, to: manager, stretch: {wins: deal.won, "
                 "rungs: [{rung: a, size: 1, text: A}]}}\n",
            "a harder step is offered to the rep alone");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(wins_bring_exactly_one_offer),     PLAY(decline_rests_and_does_not_show),
        PLAY(untried_step_looks_like_a_no),     PLAY(trust_is_asked_for),
        PLAY(trust_grows_old_and_can_be_given), PLAY(trying_unlocks_the_next_rung),
        PLAY(not_trying_unlocks_nothing),       PLAY(declined_step_is_not_tried_by_chance),
        PLAY(buttons_twice_and_in_words),       PLAY(nothing_is_written_where_nothing_is_stored),
    };
    const struct CMUnitTest load[] = {
        cmocka_unit_test(ladder_with_a_jump_is_refused),
        cmocka_unit_test(ladder_mistakes_are_named),
    };
    int failed = play_run("stretch", cases, ARRAY_LEN(cases));
    return failed + cmocka_run_group_tests_name("stretch.load", load, NULL, NULL);
}
