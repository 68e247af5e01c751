/* What a rep says by herself about when, how often and about what she is asked; and her own talks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>

#include <cmocka.h>

#include "core/when.h"
#include "rep_rig.h"

/* --- how long, in words --- */

static void when_understands_people(void **state)
{
    (void)state;
    static const struct {
        const char *text, *until; /* of Wednesday 2026-03-11 10:00 in Denver; NULL: not understood,
                                     "": out of range */
    } cases[] = {
        {"3d", "2026-03-14 10:00"},
        {"2h30m", "2026-03-11 12:30"},
        {"for 3 days", "2026-03-14 10:00"},
        {"a week", "2026-03-18 10:00"},
        {"an hour", "2026-03-11 11:00"},
        {"two weeks", "2026-03-25 10:00"},
        {"today", "2026-03-12 00:00"},
        {"until tomorrow", "2026-03-12 00:00"},
        {"until Monday", "2026-03-16 00:00"},
        {"til mon", "2026-03-16 00:00"},
        {"until Wednesday", "2026-03-18 00:00"},
        {"until next week", "2026-03-16 00:00"},
        {"until 15:00", "2026-03-11 15:00"},
        {"until 9am", "2026-03-12 09:00"},
        {"until 2026-03-20", "2026-03-20 00:00"},
        {"until 1 Apr", "2026-04-01 00:00"},
        {"until December 24", "2026-12-24 00:00"},
        {"until 3 March", "2027-03-03 00:00"},
        {"until 2026-03-01", ""},
        {"0d", ""},
        {"900d", ""},
        {"until 2031-01-01", ""},
        {"", NULL},
        {"until", NULL},
        {"for a bit", NULL},
        {"until the cows come home", NULL},
        {"until 31 Foo", NULL},
        {"99999999999999999999d", NULL},
        {"until 25:00", NULL},
        {"🙂", NULL},
    };
    struct zones zones = {0};
    struct rig rig = {.zone = zones_get(&zones, "America/Denver")};
    msec_t now = rig_time(&rig, "2026-03-11 10:00");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        msec_t until = -1;
        int want = !cases[i].until ? -EINVAL : !*cases[i].until ? -ERANGE : 0;
        int status = when_parse(cases[i].text, rig.zone, now, &until);
        if (status != want || until != (want ? -1 : rig_time(&rig, cases[i].until)))
            fail_msg("%s: %d, %lld", cases[i].text, status, (long long)until);
    }
    zones_done(&zones);
}

static void when_understands_spans(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int from, to; /* -1: not understood */
    } cases[] = {
        {"17:00-09:00", 1020, 540},
        {"17-9", 1020, 540},
        {"5pm to 9am", 1020, 540},
        {"12:00 - 13:30", 720, 810},
        {"from 12 to 13", 720, 780},
        {"17:00–09:00", 1020, 540},
        {"22:00-24:00", 1320, 1440},
        {"0-6", 0, 360},
        {"9-9", -1, 0},
        {"0-24", -1, 0},
        {"17:00", -1, 0},
        {"25-9", -1, 0},
        {"17:00-", -1, 0},
        {"-9", -1, 0},
        {"late-early", -1, 0},
        {"", -1, 0},
        {"17:61-09:00", -1, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int from = -1, to = 0;
        (void)when_parse_span(cases[i].text, &from, &to); /* seen in what it leaves behind */
        if (from != cases[i].from || to != cases[i].to)
            fail_msg("%s: %d to %d", cases[i].text, from, to);
    }
}

static void when_takes_the_day_of_the_clock_change(void **state)
{
    (void)state;
    struct zones zones = {0};
    struct rig rig = {.zone = zones_get(&zones, "America/Denver")};
    msec_t until, now = rig_time(&rig, "2026-03-07 10:00"); /* the clocks go on in the night */
    assert_int_equal(when_parse("until 2:30", rig.zone, now, &until), 0);
    assert_true(until == rig_time(&rig, "2026-03-08 03:00"));
    assert_int_equal(when_parse("until Monday", rig.zone, now, &until), 0);
    assert_true(until == rig_time(&rig, "2026-03-09 00:00"));
    zones_done(&zones);
}

/* --- pause --- */

static void pause_until_monday_is_over_on_monday(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-04 10:00", "ana", "Pause until Monday");
    HAPPENS(rig, "2026-03-06 10:00", EVENT_DEAL_STAGE_CHANGED);
    HAPPENS(rig, "2026-03-09 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-04 10:00 > ana: All right, nothing from me until Mon 9 Mar, 00:00. Say "
                    "resume to end it early.\n"
                    "03-06 10:00 ana ask suppressed consent\n"
                    "03-09 10:00 ana ask sent\n");
    rig_say(rig, "2026-03-09 11:00", "ana", "pause until 2020-01-01");
    contains(rig, "That lies in the past or more than a year ahead.");
    rig_say(rig, "2026-03-09 11:01", "ana", "pause until the budget is clear");
    contains(rig, "Your answer: pause until the budget is clear");
}

/* --- quiet --- */

static void quiet_holds_what_falls_into_it(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "quiet 11:00-13:00");
    HAPPENS(rig, "2026-03-02 11:30", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-02 14:00");
    rig_expect(rig,
               "03-02 09:00 > ana: All right: nothing from me from 11:00 to 13:00, on any day. "
               "What falls into it waits or goes away. Say quiet off to end it.\n"
               "03-02 11:30 ana ask held hours\n"
               "03-02 13:00 ana ask sent\n");
}

static void quiet_runs_over_midnight_and_ends_with_off(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 08:00", "ana", "quiet 17:00-09:30");
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-02 17:10", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 17:10 ana ask held hours\n03-03 09:30 ana ask sent\n");
    skipped(rig, "2026-03-03 12:00");
    rig_say(rig, "2026-03-03 12:01", "ana", "quiet");
    rig_say(rig, "2026-03-03 12:02", "ana", "quiet off");
    rig_say(rig, "2026-03-03 12:03", "ana", "quiet");
    HAPPENS(rig, "2026-03-03 17:10", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-03 12:01 > ana: Your quiet hours are from 17:00 to 09:30. Say quiet off to "
                    "end them.\n"
                    "03-03 12:02 > ana: All right: your own quiet hours are over. Working hours "
                    "still count.\n"
                    "03-03 12:03 > ana: You have no quiet hours of your own. For example: quiet "
                    "17:00-09:00.\n"
                    "03-03 17:10 ana ask sent\n");
}

static void quiet_keeps_reminders_away_too(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 16:30", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 16:31", "ana", "quiet 16:00-17:00");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-03 18:00"); /* the reminder of a day later would fall into it */
    rig_expect(rig, "");
}

static void quiet_over_all_working_time_is_refused(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "quiet 8-19");
    contains(rig, "Those hours cover all of your working time");
    rig_say(rig, "2026-03-02 09:01", "ana", "quiet please");
    contains(rig, "Which hours? For example: quiet 17:00-09:00");
    HAPPENS(rig, "2026-03-02 11:30", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-02 11:30 ana ask sent\n");
    rig_say(rig, "2026-03-02 11:31", "ana", "Quiet rooms for the demo.");
    contains(rig, "Your answer: Quiet rooms for the demo.");
}

/* --- less and more --- */

static void ask_and_skip(struct rig *rig, const char *at, const char *then)
{
    HAPPENS(rig, at, EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, then, "ana", "skip");
}

/* B59: what the person has asked for wins over what the rules would do */
static void less_goes_down_and_more_comes_back(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 08:00", "ana", "less");
    contains(rig, "at most 3 questions a week from now on");
    rig_say(rig, "2026-03-02 08:01", "ana", "less");
    contains(rig, "at most 2 questions a week from now on");
    ask_and_skip(rig, "2026-03-02 10:00", "2026-03-02 10:01");
    ask_and_skip(rig, "2026-03-03 10:00", "2026-03-03 10:01");
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-04 10:00", EVENT_DEAL_STAGE_CHANGED);
    HAPPENS(rig, "2026-03-09 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-04 10:00 ana ask suppressed caps\n03-09 10:00 ana ask sent\n");
    rig_say(rig, "2026-03-09 10:01", "ana", "less");
    contains(rig, "at most one question a week from now on");
    rig_say(rig, "2026-03-09 10:02", "ana", "less");
    contains(rig, "It is one question a week at most already.");
    rig_say(rig, "2026-03-09 10:03", "ana", "more");
    contains(rig, "at most 2 questions a week");
    rig_say(rig, "2026-03-09 10:04", "ana", "more");
    rig_say(rig, "2026-03-09 10:05", "ana", "more");
    contains(rig, "as many as the team's limits allow, that is 9 a working day at most.");
    skipped(rig, "2026-03-09 10:06");
    HAPPENS(rig, "2026-03-10 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-10 10:00 ana ask sent\n");
}

static void less_takes_a_number_and_says_which(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 08:00", "ana", "less 2 a week");
    contains(rig, "at most 2 questions a week");
    rig_say(rig, "2026-03-02 08:01", "ana", "less 0");
    contains(rig, "How many questions a week at most?");
    rig_say(rig, "2026-03-02 08:02", "ana", "less 200");
    contains(rig, "How many questions a week at most?");
    rig_say(rig, "2026-03-02 08:03", "ana", "less bother");
    contains(rig, "From 1 to 20; for none at all, say pause.");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:01", "ana", "Less talk, more listening.");
    contains(rig, "Your answer: Less talk, more listening.");
}

static void a_choice_that_sounds_like_a_command_is_the_answer(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_GOAL_PROGRESS);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "more");
    rig_expect(rig, "03-02 10:01 ~ ana: Which?\n\nYour answer: more\n"
                    "03-02 10:01 > ana: Thank you, noted. Only you can read your answer.\n");
}

/* --- topics --- */

/* B59: topics that were left out stay out, whatever the rule */
static void topics_can_be_left_out_and_taken_back(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 08:00", "ana", "topics");
    rig_expect(rig, "03-02 08:00 > ana: What I ask you about; say topics off 2 to leave one out, "
                    "topics on 2 to take it back:\n"
                    "1. deals: the deals you are working on\n"
                    "2. growth: how you work, whatever the deal\n"
                    "3. skill: how to do something\n"
                    "4. activity: what to do next\n"
                    "5. belief: what you think is possible\n"
                    "6. p: Questions about deals.\n"
                    "7. train: How you work.\n");
    rig_say(rig, "2026-03-02 08:01", "ana", "topics off 5");
    rig_say(rig, "2026-03-02 08:02", "ana", "topics off growth");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_REOPENED);
    HAPPENS(rig, "2026-03-02 10:01", EVENT_TRAINING_COMPLETED);
    HAPPENS(rig, "2026-03-02 10:02", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-02 08:01 > ana: All right: nothing more about “belief”. Say topics on "
                    "belief to take it back.\n"
                    "03-02 08:02 > ana: All right: nothing more about “growth”. Say topics on "
                    "growth to take it back.\n"
                    "03-02 10:00 ana faith suppressed consent\n"
                    "03-02 10:01 ana tried suppressed consent\n"
                    "03-02 10:02 ana ask sent\n");
    skipped(rig, "2026-03-02 10:03");
    rig_say(rig, "2026-03-02 10:04", "ana", "topics");
    contains(rig, "5. belief: what you think is possible (left out)\n6. p: Questions");
    rig_say(rig, "2026-03-02 10:05", "ana", "topics on belief");
    contains(rig, "All right: “belief” is on again.");
    HAPPENS(rig, "2026-03-02 10:06", EVENT_DEAL_REOPENED);
    rig_expect(rig, "03-02 10:06 ana faith sent\n");
    skipped(rig, "2026-03-02 10:07");
    rig_say(rig, "2026-03-02 10:08", "ana", "topics off p");
    rig_say(rig, "2026-03-02 10:09", "ana", "topics all");
    contains(rig, "every topic is on again");
    HAPPENS(rig, "2026-03-02 10:10", EVENT_TRAINING_COMPLETED);
    rig_expect(rig, "03-02 10:10 ana tried sent\n");
}

static void topics_half_understood_is_helped(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 08:00", "ana", "topics off beleif");
    contains(rig, "I do not know the topic “beleif”. Did you mean belief?");
    rig_say(rig, "2026-03-02 08:01", "ana", "topics off 99");
    contains(rig, "I do not know the topic “99”. Say topics for the list");
    rig_say(rig, "2026-03-02 08:02", "ana", "topics dinner");
    contains(rig, "I do not know the topic “dinner”.");
    rig_say(rig, "2026-03-02 08:03", "ana", "topcs");
    contains(rig, "Did you mean topics?");
}

/* --- talks of one's own --- */

/* B62: a talk with oneself goes at any hour, with every rule silenced */
static void gps_needs_no_rule_and_no_hour(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 03:00", "ana", "pause");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 03:01", "ana", "GPS");
    rig_say(rig, "2026-03-02 03:02", "ana", "Two first meetings");
    rig_say(rig, "2026-03-02 03:03", "ana", "I write to Rosa.");
    rig_expect(rig,
               "03-02 03:01 > ana: What is the goal?\n"
               "03-02 03:02 ~ ana: What is the goal?\n\nYour answer: Two first meetings\n"
               "03-02 03:02 > ana: You said “Two first meetings”. What first?\n"
               "03-02 03:03 ~ ana: You said “Two first meetings”. What first?\n\nYour answer: I "
               "write to Rosa.\n"
               "03-02 03:03 > ana: That was the last question. In your own words:\n"
               "• “Two first meetings”\n• “I write to Rosa.”\n\n");
}

/* B39: the next question quotes what was answered last; B14: after a restart it is the same one */
static void gps_quotes_the_last_answer_and_goes_on_where_it_was(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "gps");
    rig_say(rig, "2026-03-02 10:01", "ana", "Harbour");
    contains(rig, "> ana: You said “Harbour”. What first?");
    rig_restart(rig);
    rig_say(rig, "2026-03-02 10:02", "ana", "gps");
    rig_expect(rig, "03-02 10:02 > ana: Here is where we stopped. Last you said: “Harbour”\n"
                    "You said “Harbour”. What first?\n");
    rig_say(rig, "2026-03-02 10:03", "ana", "I call.");
    contains(rig, "What first?\n\nYour answer: I call.");
}

static void talk_with_oneself(struct rig *rig, const char *a, const char *b, const char *c)
{
    rig_say(rig, a, "ana", "gps");
    rig_say(rig, b, "ana", "A goal of mine");
    rig_say(rig, c, "ana", "A first act");
    strbuf_clear(&rig->lines);
}

/* B16: who begins talks herself is asked less by us, down to nothing and never below */
static void own_talks_take_as_many_from_ours(struct rig *rig)
{
    begin_with(rig, "limits: {prompts_per_day: 1, prompts_per_family_per_week: 9}\n");
    rig_say(rig, "2026-03-02 08:00", "ana", "less 2");
    talk_with_oneself(rig, "2026-03-02 08:01", "2026-03-02 08:02", "2026-03-02 08:03");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    skipped(rig, "2026-03-02 10:01");
    HAPPENS(rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED); /* one of two is left for us */
    rig_expect(rig, "03-03 10:00 ana ask suppressed caps\n");
    talk_with_oneself(rig, "2026-03-04 08:01", "2026-03-04 08:02", "2026-03-04 08:03");
    talk_with_oneself(rig, "2026-03-05 08:01", "2026-03-05 08:02", "2026-03-05 08:03");
    HAPPENS(rig, "2026-03-09 10:00", EVENT_DEAL_STAGE_CHANGED); /* three talks: none, not -1 */
    HAPPENS(rig, "2026-03-17 10:00", EVENT_DEAL_STAGE_CHANGED); /* the first is two weeks ago */
    HAPPENS(rig, "2026-03-23 10:00", EVENT_DEAL_STAGE_CHANGED); /* all are */
    rig_expect(rig, "03-09 10:00 ana ask suppressed caps\n"
                    "03-17 10:00 ana ask suppressed caps\n"
                    "03-23 10:00 ana ask sent\n");
}

static void own_talks_do_not_touch_others(struct rig *rig)
{
    begin_with(rig, "limits: {prompts_per_day: 1, prompts_per_family_per_week: 9}\n");
    for (int i = 0; i < 6; i++) { /* as many as there are working days, and one more */
        char a[32], b[32], c[32];
        (void)snprintf(a, sizeof(a), "2026-03-02 07:%02d", i * 3);
        (void)snprintf(b, sizeof(b), "2026-03-02 07:%02d", i * 3 + 1);
        (void)snprintf(c, sizeof(c), "2026-03-02 07:%02d", i * 3 + 2);
        talk_with_oneself(rig, a, b, c);
    }
    HAPPENS(rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ben", .deal = "D9",
         .to = "propose");
    rig_expect(rig, "03-03 10:00 ana ask suppressed caps\n03-03 10:00 ben ask sent\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when_understands_people),
        cmocka_unit_test(when_understands_spans),
        cmocka_unit_test(when_takes_the_day_of_the_clock_change),
    };
    static const struct play_case plays[] = {
        PLAY(pause_until_monday_is_over_on_monday),
        PLAY(quiet_holds_what_falls_into_it),
        PLAY(quiet_runs_over_midnight_and_ends_with_off),
        PLAY(quiet_keeps_reminders_away_too),
        PLAY(quiet_over_all_working_time_is_refused),
        PLAY(less_goes_down_and_more_comes_back),
        PLAY(less_takes_a_number_and_says_which),
        PLAY(a_choice_that_sounds_like_a_command_is_the_answer),
        PLAY(topics_can_be_left_out_and_taken_back),
        PLAY(topics_half_understood_is_helped),
        PLAY(gps_needs_no_rule_and_no_hour),
        PLAY(gps_quotes_the_last_answer_and_goes_on_where_it_was),
        PLAY(own_talks_take_as_many_from_ours),
        PLAY(own_talks_do_not_touch_others),
    };
    int failed = cmocka_run_group_tests_name("when", tests, NULL, NULL);
    return failed + play_run("rep", plays, ARRAY_LEN(plays));
}
