/* What a rep says by herself: when, how often, about what; what she did; and what is said wrongly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>

#include <cmocka.h>

#include "core/when.h"
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define DEALS                                                                                         \
    "plugin: p\nabout: Questions about deals.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                    \
    "  words: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                    \
    "  faith: {kind: belief, reader: rep, answer: text, text: \"What would you try?\"}\n"             \
    "  scale: {kind: belief, reader: rep, answer: scale 1-5, text: \"How sure, 1 to 5?\"}\n"          \
    "  pick: {kind: skill, reader: rep, answer: \"choice [more, less]\", text: \"Which?\"}\n"         \
    "flows:\n"                                                                                        \
    "  gps:\n"                                                                                        \
    "    about: Goals, plan, support\n"                                                               \
    "    command: gps\n"                                                                              \
    "    steps:\n"                                                                                    \
    "      - ask: {id: goal, kind: purpose, text: \"What is the goal?\"}\n"                           \
    "      - ask: {id: act, kind: activity, text: \"You said “{{answer.goal}}”. What first?\"}\n" \
    "rules:\n"                                                                                        \
    "  - {rule: ask, about: to help, when: deal.stage_changed, ask: words}\n"                         \
    "  - {rule: faith, about: s, when: deal.reopened, ask: faith}\n"                                  \
    "  - {rule: scale, about: s, when: goal.set, ask: scale}\n"                                       \
    "  - {rule: pick, about: s, when: goal.progress, ask: pick}\n"                                    \
    "  - rule: thanks\n    about: effort after a loss\n"                                              \
    "    when: {event: activity.logged, kind: call}\n"                                                \
    "    praise: \"You made a {{event.kind}} about {{deal.name}}.\"\n    via: bot\n"

#define GROWTH                                                                                     \
    "plugin: train\nabout: How you work.\nversion: 1\narea: skill\n"                               \
    "questions:\n"                                                                                 \
    "  tried: {kind: activity, reader: rep, answer: text, text: \"What have you tried?\"}\n"       \
    "rules:\n"                                                                                     \
    "  - {rule: tried, about: s, when: training.completed, ask: tried}\n"

static const char loose[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 9}\n";

static void begin_with(struct rig *rig, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {DEALS, GROWTH}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void begin(struct rig *rig)
{
    begin_with(rig, loose);
}

#define HAPPENS(rig, when, what)                                                                   \
    GIVE(rig, when, .type = (what), .rep = "ana", .deal = "D1", .to = "propose")

static void skipped(struct rig *rig, const char *when)
{
    rig_say(rig, when, "ana", "skip");
    strbuf_clear(&rig->lines);
}

static void contains(struct rig *rig, const char *words)
{
    if (!strstr(strbuf_text(&rig->lines), words))
        fail_msg("wanted somewhere:\n%s\ngot:\n%s", words, strbuf_text(&rig->lines));
    strbuf_clear(&rig->lines);
}

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

/* --- log --- */

static void deal(struct rig *rig, const char *id, const char *name, const char *account,
                 const char *owner)
{
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .deal = id, .deal_name = name,
         .account = account, .owner = owner, .stage = "qualify");
    strbuf_clear(&rig->lines);
}

static void with_deals(struct rig *rig)
{
    begin(rig);
    deal(rig, "D1", "Acme Renewal", "Acme, Inc.", "ana");
    deal(rig, "D2", "Harbour lights", "Harbour", "ana");
    deal(rig, "D3", "Acme Rollout", "Acme, Inc.", "ana");
    deal(rig, "D4", "Northwind", "Northwind", "ben");
}

static size_t facts(struct rig *rig)
{
    return core_counts(rig->core).facts;
}

static void log_makes_an_event_of_the_reps_own(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call harbour, talked about price");
    rig_expect(rig,
               "03-02 10:00 > ana: Logged: a call about Harbour lights. Your remark stays here "
               "in the chat; I keep only the fact.\n"
               "03-02 10:00 ana thanks sent\n");
    assert_int_equal(facts(rig), before + 1);
    rig_say(rig, "2026-03-02 10:01", "ana", "Logged an email to Acme Rollout");
    rig_say(rig, "2026-03-02 10:02", "ana", "log 3 calls from Acme Renewal, no answer");
    rig_say(rig, "2026-03-02 10:03", "ana", "log meeting");
    rig_expect(rig, "03-02 10:01 > ana: Logged: an email about Acme Rollout.\n"
                    "03-02 10:02 > ana: Logged: 3 calls (no answer) about Acme Renewal.\n"
                    "03-02 10:02 ana thanks suppressed caps\n"
                    "03-02 10:03 > ana: Logged: a meeting, about no deal. To tie the next one to a "
                    "deal, say for example log meeting Acme.\n");
    assert_int_equal(facts(rig), before + 4);
}

static void log_of_one_message_counts_once(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_SAID, .chat = "ana", .id = "m1",
         .text = "log email harbour");
    rig_late(
        rig, "2026-03-02 10:00", "2026-03-02 10:05",
        (struct event){.type = EVENT_SAID, .chat = "ana", .id = "m1", .text = "log email harbour"});
    assert_int_equal(facts(rig), before + 1);
}

static void log_asks_which_of_several(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call Acme");
    rig_expect(rig, "03-02 10:00 > ana: Which one do you mean? Reply with its number, or say none."
                    "\n1. Acme Renewal (Qualify)\n2. Acme Rollout (Qualify)\n");
    assert_int_equal(facts(rig), before);
    rig_say(rig, "2026-03-02 10:01", "ana", "3");
    rig_say(rig, "2026-03-02 10:02", "ana", "2");
    rig_expect(rig, "03-02 10:01 > ana: Please reply with a number from 1 to 2, or say none.\n"
                    "03-02 10:02 > ana: Logged: a call about Acme Rollout.\n"
                    "03-02 10:02 ana thanks sent\n");
    rig_say(rig, "2026-03-02 10:03", "ana", "2");
    rig_expect(rig, "03-02 10:03 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
    assert_int_equal(facts(rig), before + 1);
    rig_say(rig, "2026-03-02 10:04", "ana", "log call Acme");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "ana", "none");
    rig_say(rig, "2026-03-02 10:06", "ana", "log call Acme");
    rig_say(rig, "2026-03-02 12:00", "ana", "1"); /* an hour later it is about nothing any more */
    contains(rig, "Nothing is waiting for an answer.");
    assert_int_equal(facts(rig), before + 1);
}

static void log_choice_gives_way_to_a_newer_question(struct rig *rig)
{
    with_deals(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call Acme");
    HAPPENS(rig, "2026-03-02 10:01", EVENT_GOAL_SET);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "2");
    contains(rig, "How sure, 1 to 5?\n\nYour answer: 2");
}

static void log_without_a_match_offers_the_nearest(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log email Harbuor");
    rig_say(rig, "2026-03-02 10:01", "ana", "yes");
    rig_say(rig, "2026-03-02 10:02", "ana", "log email Zebra");
    rig_say(rig, "2026-03-02 10:03", "ben", "log email Acme");
    rig_say(rig, "2026-03-02 10:04", "dana", "log call Acme");
    rig_expect(
        rig, "03-02 10:00 > ana: I see no deal of yours called “Harbuor”. Did you mean Harbour "
             "lights? Say yes, and I log it.\n"
             "03-02 10:01 > ana: Logged: an email about Harbour lights.\n"
             "03-02 10:02 > ana: I see no deal of yours called “Zebra”, so nothing is logged. "
             "Your open deals: Acme Renewal, Harbour lights, Acme Rollout. Say log email and one "
             "of the names, or nothing behind it for no deal.\n"
             "03-02 10:03 > ben: I see no deal of yours called “Acme”, so nothing is logged. Your "
             "open deals: Northwind. Say log email and one of the names, or nothing behind it for "
             "no deal.\n"
             "03-02 10:04 > dana: I see no deal of yours called “Acme”, so nothing is logged. Say "
             "log call alone to log it without a deal.\n");
    assert_int_equal(facts(rig), before + 1);
}

static void log_half_understood_is_helped(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log");
    contains(rig, "What did you do? For example: log call Acme");
    rig_say(rig, "2026-03-02 10:01", "ana", "log dinner Acme");
    contains(rig, "What did you do? For example: log call Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "log 900 calls Acme");
    contains(rig, "That is more than 50 at once");
    rig_say(rig, "2026-03-02 10:03", "ana", "log call ☎☎☎");
    contains(rig, "I see no deal of yours called “☎☎☎”");
    HAPPENS(rig, "2026-03-02 10:04", EVENT_DEAL_STAGE_CHANGED);
    before = facts(rig);
    rig_say(rig, "2026-03-02 10:05", "ana", "Log the numbers of last year.");
    contains(rig, "Your answer: Log the numbers of last year.");
    assert_int_equal(facts(rig), before);
}

/* --- who we are --- */

static void begin_as_a_stranger(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {DEALS, GROWTH}};
    rig_init(rig, &text, "2026-03-02 00:00");
    core_free(rig->core);
    rig->options.introduces = true;
    rig->core = core_new(rig->book, &rig->options);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define HELLO_ANA                                                                                  \
    "> ana: Hello Ana. I am gritd, a bot; when a person's words come through me, I say whose "     \
    "they are.\n"                                                                                  \
    "Now and then I ask you one short question about your own deals, in your working hours, and "  \
    "pass on praise for effort. Your answers are yours.\n"                                         \
    "Say pause to silence me, privacy to see who can read what, and help for all the rest.\n"

/* B85: the bot says that it is one before it says anything else, and once */
static void hello_comes_before_the_first_question_and_once(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig->full = true;
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    const char *lines = strbuf_text(&rig->lines), *hello = strstr(lines, "I am gritd, a bot");
    assert_non_null(hello);
    assert_true(hello < strchr(strstr(lines, "SEND "), '\n')); /* in the first of all messages */
    assert_non_null(strstr(strstr(hello, "SEND "), "What is next?"));
    rig->full = false;
    skipped(rig, "2026-03-02 10:01");
    HAPPENS(rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-03 10:00 ana ask sent\n");
}

static void hello_comes_when_the_person_writes_first(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig_say(rig, "2026-03-02 07:00", "ana", "resume");
    rig_say(rig, "2026-03-02 07:01", "ana", "later");
    rig_expect(rig,
               "03-02 07:00 " HELLO_ANA
               "03-02 07:00 > ana: Welcome back. I will ask again when there is something worth "
               "asking.\n"
               "03-02 07:01 > ana: Nothing is waiting for an answer. Say help to see what I "
               "understand.\n");
}

static void hello_to_a_manager_is_about_the_team(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig_say(rig, "2026-03-02 10:00", "dana", "resume");
    contains(rig,
             "Hello Dana. I am gritd, a bot; nothing goes out in your name unless you send it.");
    step_reset(&rig->step, rig->now);
    core_notice(rig->core, "ben", "1", "A file is broken.", &rig->step);
    rig_take(rig);
    contains(rig, "Hello Ben. I am gritd, a bot;");
    step_reset(&rig->step, rig->now);
    core_notice(rig->core, "ben", "2", "Another file is broken.", &rig->step);
    rig_take(rig);
    rig_expect(rig, "03-02 10:00 > ben: Another file is broken.\n");
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
        PLAY(log_makes_an_event_of_the_reps_own),
        PLAY(log_of_one_message_counts_once),
        PLAY(log_asks_which_of_several),
        PLAY(log_choice_gives_way_to_a_newer_question),
        PLAY(log_without_a_match_offers_the_nearest),
        PLAY(log_half_understood_is_helped),
        PLAY(hello_comes_before_the_first_question_and_once),
        PLAY(hello_comes_when_the_person_writes_first),
        PLAY(hello_to_a_manager_is_about_the_team),
    };
    int failed = cmocka_run_group_tests_name("when", tests, NULL, NULL);
    return failed + play_run("rep", plays, ARRAY_LEN(plays));
}
