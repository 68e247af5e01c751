/* Goals: what events and people say, this week's slice, the funnel behind it, restarts. */
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
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define BOOK                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  free: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                  \
    "  mine: {kind: drive, reader: rep, answer: text, keep: goal, text: \"In your words?\"}\n"     \
    "  why: {kind: purpose, reader: rep, answer: text, keep: why, text: \"What for?\"}\n"          \
    "rules:\n"                                                                                     \
    "  - {rule: ask, about: s, when: deal.reopened, ask: free}\n"                                  \
    "  - {rule: reason, about: s, when: customer.reaction, ask: why}\n"                            \
    "  - {rule: words, about: s, when: goal.set, if: {goal.owner: assigned}, ask: mine}\n"         \
    "  - {rule: slice, about: s, when: content.shared, if: {goal.left: {at_least: 1}},\n"          \
    "     tell: \"{{goal.slice}} {{goal.unit}}, {{goal.left}} left\"}\n"

static const char loose[] = "limits: {prompts_per_day: 99, prompts_per_family_per_week: 99}\n";

#define EMPTY "No goal is noted for you. Set one of your own, for example: goals 20 calls a week."

static void begin(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {BOOK}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void says(struct rig *rig, const char *when, const char *text, const char *answer)
{
    struct strbuf line = {0};
    rig_say(rig, when, "ana", text);
    strbuf_printf(&line, "%.5s %.5s > ana: %s\n", when + 5, when + 11, answer);
    rig_expect(rig, strbuf_text(&line));
    strbuf_done(&line);
}

static void goal(struct rig *rig, const char *when, const char *heard, const char *id,
                 const char *metric, const char *period, int64_t target, const char *owner)
{
    rig_late(rig, when, heard,
             (struct event){.type = EVENT_GOAL_SET,
                            .rep = "ana",
                            .goal = id,
                            .metric = metric,
                            .period = period,
                            .target = target * 1000,
                            .goal_owner = owner});
    strbuf_clear(&rig->lines);
}

/* One deal of ben's from its first stage to its end; `stages` of the five. */
static void deal(struct rig *rig, int number, int stages, bool won)
{
    static const char *const names[] = {"prospect", "qualify", "discover", "propose", "negotiate"};
    char id[16], when[32];
    (void)snprintf(id, sizeof(id), "D%d", number);
    for (int i = 0; i < stages; i++) {
        (void)snprintf(when, sizeof(when), "2026-03-02 01:%02d:%02d", number, i);
        GIVE(rig, when, .type = i ? EVENT_DEAL_STAGE_CHANGED : EVENT_DEAL_CREATED, .rep = "ben",
             .owner = "ben", .deal = id, .stage = i ? NULL : names[0],
             .from = i ? names[i - 1] : NULL, .to = i ? names[i] : NULL);
    }
    (void)snprintf(when, sizeof(when), "2026-03-02 01:%02d:30", number);
    GIVE(rig, when, .type = won ? EVENT_DEAL_WON : EVENT_DEAL_LOST, .rep = "ben", .owner = "ben",
         .deal = id, .amount = 1200000, .currency = "EUR");
}

/* 24 deals: 18 got past the first stage, 6 were won. */
static void funnel(struct rig *rig)
{
    for (int i = 0; i < 6; i++)
        deal(rig, i, 1, false);
    for (int i = 6; i < 18; i++)
        deal(rig, i, 2 + i % 3, false);
    for (int i = 18; i < 24; i++)
        deal(rig, i, 5, true);
    strbuf_clear(&rig->lines);
}

/* A7: known funnel in, exact integers out, and the message has the slice and not the quota */
static void goal_quota_becomes_whole_first_meetings(struct rig *rig)
{
    begin(rig);
    funnel(rig);
    goal(rig, "2026-03-02 08:00", NULL, "q", "won deals", "quarter", 7, "self");
    says(rig, "2026-03-02 09:00", "goals",
         "Your goals. Nobody else reads this.\n"
         "1. 7 won deals a quarter (your own)\n"
         "   This week: 5 first meetings. 0 done, 5 to go.\n"
         "   Of the 24 deals your team closed within 12 months, 18 got past the first stage "
         "and 6 were won.\n"
         "   7 won deals to go × 18 ÷ 6 ÷ 5 weeks, rounded up: 5.\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_CONTENT_SHARED, .rep = "ana", .deal = "A1");
    rig_expect(rig, "03-02 10:00 ana slice sent\n");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "A1",
         .kind = "meeting");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "A1",
         .kind = "meeting"); /* the second one there is no first meeting */
    GIVE(rig, "2026-03-02 13:00", .type = EVENT_DEAL_WON, .rep = "ana", .owner = "ana",
         .deal = "A2"); /* the slice of a week stays what it was on Monday */
    rig->full = true;
    GIVE(rig, "2026-03-02 14:00", .type = EVENT_CONTENT_SHARED, .rep = "ana", .deal = "A1");
    assert_non_null(strstr(strbuf_text(&rig->lines), "5 first meetings, 4 left"));
    assert_null(strstr(strbuf_text(&rig->lines), "\"text\":\"7"));
}

/* A7: an amount goes through the mean of a won deal */
static void goal_amount_goes_through_the_mean_of_a_won_deal(struct rig *rig)
{
    begin(rig);
    funnel(rig);
    says(rig, "2026-03-02 09:00", "goals 50k eur a month",
         "Noted as your own goal.\n"
         "1. 50,000 EUR a month (your own)\n"
         "   This week: 3 first meetings. 0 done, 3 to go.\n"
         "   50000 are left; a won deal brought 12000 on average, so that is 5 won deals.\n"
         "   Of the 24 deals your team closed within 12 months, 18 got past the first stage "
         "and 6 were won.\n"
         "   5 won deals to go × 18 ÷ 6 ÷ 5 weeks, rounded up: 3.\n");
}

/* A7: too few deals are named, and no number is made up */
static void goal_few_deals_are_no_rate(struct rig *rig)
{
    begin(rig);
    for (int i = 0; i < 19; i++)
        deal(rig, i, 3, i % 2);
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:00", "goals 5 deals a quarter",
         "Noted as your own goal.\n"
         "1. 5 won deals a quarter (your own)\n"
         "   Your team has closed 19 deals whose way I know. Below 20 any rate would be a guess, "
         "so I give no number for the week.\n");
    GIVE(rig, "2026-03-02 09:30", .type = EVENT_DEAL_CREATED, .rep = "ben", .owner = "ben",
         .deal = "D50", .stage = "prospect");
    GIVE(rig, "2026-03-02 09:40", .type = EVENT_DEAL_LOST, .rep = "ben", .owner = "ben",
         .deal = "D50");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:00", "ana", "goals");
    assert_non_null(strstr(strbuf_text(&rig->lines), "Of the 20 deals"));
}

/* A deal that is reopened, or whose words come in another order, is counted as it stands now. */
static void goal_funnel_counts_each_deal_as_it_stands(struct rig *rig)
{
    begin(rig);
    funnel(rig);
    GIVE(rig, "2026-03-02 05:00", .type = EVENT_DEAL_REOPENED, .rep = "ben", .owner = "ben",
         .deal = "D23", .stage = "propose");
    GIVE(rig, "2026-03-02 06:00", .type = EVENT_DEAL_DELETED, .rep = "ben", .owner = "ben",
         .deal = "D0");
    rig_late(rig, "2026-03-02 01:01:10", "2026-03-02 07:00",
             (struct event){.type = EVENT_DEAL_STAGE_CHANGED,
                            .rep = "ben",
                            .owner = "ben",
                            .deal = "D1",
                            .from = "prospect",
                            .to = "qualify"});
    strbuf_clear(&rig->lines);
    goal(rig, "2026-03-02 08:00", NULL, "q", "won deals", "quarter", 7, "self");
    rig_say(rig, "2026-03-02 09:00", "ana", "goals");
    assert_non_null(strstr(strbuf_text(&rig->lines),
                           "Of the 22 deals your team closed within 12 months, 18 got past "
                           "the first stage and 5 were won."));
}

static void goal_effort_is_shared_out_and_rounded_up(struct rig *rig)
{
    begin(rig);
    goal(rig, "2026-03-02 08:00", NULL, "g", "activity.call", "month", 95, "self");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .count = 20);
    GIVE(rig, "2026-03-03 10:01", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "email");
    GIVE(rig, "2026-03-03 10:02", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .automated = true);
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-09 09:00", "goals",
         "Your goals. Nobody else reads this.\n1. 95 calls a month (your own)\n"
         "   This week: 19 calls. 0 done, 19 to go.\n"
         "   75 of 95 are left for 4 weeks, rounded up.\n");
    says(rig, "2026-03-30 09:00", "goals",
         "Your goals. Nobody else reads this.\n1. 95 calls a month (your own)\n"
         "   This week: 75 calls. 0 done, 75 to go.\n");
    says(rig, "2026-04-01 09:00", "goals", /* a new month, and a week of five days */
         "Your goals. Nobody else reads this.\n1. 95 calls a month (your own)\n"
         "   This week: 19 calls. 0 done, 19 to go.\n"
         "   95 of 95 are left for 5 weeks, rounded up.\n");
}

static void goal_that_makes_no_sense_gets_a_kind_reply(struct rig *rig)
{
    static const struct {
        const char *said, *part;
    } cases[] = {
        {"goals 0 calls a week", "starts at 1"},
        {"goals -5 calls a week", "starts at 1"},
        {"goals 20 handshakes a week", "I can count calls, emails"},
        {"goals 20 calls a fortnight", "by day, week, month, quarter or year"},
        {"goals 20 calls by 2026-03-01", "has passed already"},
        {"goals 99999999999999999999 calls", "A number first"},
        {"goals 2000000000 calls", "more than I can count"},
        {"goals calls", "A number first"},
        {"goals drop 1", "Which one?"},
        {"goals drop x", "Which one?"},
        {"goals 20", "I can count calls"},
    };
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        strbuf_clear(&rig->lines);
        rig_say(rig, "2026-03-02 09:00", "ana", cases[i].said);
        if (!strstr(strbuf_text(&rig->lines), cases[i].part))
            fail_msg("%s: wanted '%s', got %s", cases[i].said, cases[i].part,
                     strbuf_text(&rig->lines));
    }
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:30", "goals", EMPTY);
}

static void goal_words_are_understood_leniently(struct rig *rig)
{
    static const struct {
        const char *said, *line;
    } cases[] = {
        {"goal 20 calls", "1. 20 calls a week"},
        {"Goals 20 Calls weekly.", "1. 20 calls a week"},
        {"goals 3 won deals per quarter", "1. 3 won deals a quarter"},
        {"goals 1 demo this month", "1. 1 demo a month"},
        {"goals 1,200 emails a year", "1. 1,200 emails a year"},
        {"goals 5 first meetings each week", "1. 5 first meetings a week"},
        {"goals 4 1:1s a week", "1. 4 one-to-ones a week"},
    };
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        strbuf_clear(&rig->lines);
        rig_say(rig, "2026-03-02 09:00", "ana", cases[i].said);
        if (!strstr(strbuf_text(&rig->lines), cases[i].line))
            fail_msg("%s: wanted '%s', got %s", cases[i].said, cases[i].line,
                     strbuf_text(&rig->lines));
        rig_say(rig, "2026-03-02 09:00", "ana", "goals drop 1");
    }
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:30", "goals", EMPTY);
}

static void goal_of_an_open_question_stays_an_answer(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 09:05", "ana", "goals are what we talked about");
    assert_non_null(strstr(strbuf_text(&rig->lines), "Your answer: goals are what"));
}

static void goal_newest_word_counts_whenever_it_comes(struct rig *rig)
{
    begin(rig);
    goal(rig, "2026-03-02 08:00", NULL, "g", "calls", "week", 30, "self");
    goal(rig, "2026-03-01 08:00", "2026-03-02 08:30", "g", "calls", "week", 99, "assigned");
    rig_late(rig, "2026-03-02 07:00", "2026-03-02 08:40",
             (struct event){.type = EVENT_GOAL_PROGRESS,
                            .rep = "ana",
                            .goal = "g",
                            .metric = "calls",
                            .period = "week",
                            .target = 30000,
                            .actual = 12000});
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:00", "goals",
         "Your goals. Nobody else reads this.\n1. 30 calls a week (your own)\n"
         "   This week: 30 calls. 0 done, 30 to go.\n");
}

static void goal_of_the_next_quarter_takes_the_place_of_the_last(struct rig *rig)
{
    begin(rig);
    goal(rig, "2026-03-02 08:00", NULL, "q2", "emails", "quarter", 200, "assigned");
    goal(rig, "2026-03-01 08:00", "2026-03-02 08:10", "q1", "emails", "quarter", 100, "assigned");
    goal(rig, "2026-03-02 08:20", NULL, "own", "emails", "quarter", 300, "self");
    goal(rig, "2026-03-02 08:30", NULL, "q3", "emails", "quarter", 400, "assigned");
    rig_say(rig, "2026-03-02 09:00", "ana", "later");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 09:01", "ana", "goals");
    assert_non_null(strstr(strbuf_text(&rig->lines), "1. 300 emails a quarter (your own)"));
    assert_non_null(strstr(strbuf_text(&rig->lines), "2. 400 emails a quarter (handed to you)"));
    assert_null(strstr(strbuf_text(&rig->lines), "3. "));
}

/* B63: asked once for own words; a correction of them is a correction of the goal */
static void goal_handed_down_becomes_own_in_own_words(struct rig *rig)
{
    begin(rig);
    goal(rig, "2026-03-02 09:00", NULL, "g", "calls", "week", 30, "assigned");
    rig_say(rig, "2026-03-02 09:05", "ana", "Six good talks a day");
    assert_non_null(strstr(strbuf_text(&rig->lines), "From now on it stands in your words"));
    rig_click(rig, "2026-03-02 09:06", "ana", "answer", "Seven good talks a day");
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:10", "goals",
         "Your goals. Nobody else reads this.\n"
         "1. 30 calls a week (handed to you, made your own)\n"
         "   In your words: “Seven good talks a day”\n"
         "   This week: 30 calls. 0 done, 30 to go.\n");
}

/* A12: a reason is kept word for word, and a correction replaces it */
static void goal_reason_is_kept_word_for_word(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_CUSTOMER_REACTION, .rep = "ana", .deal = "D1");
    rig_say(rig, "2026-03-02 09:05", "ana", "For Mila.");
    rig_click(rig, "2026-03-02 09:06", "ana", "answer", "For Mila and the sea.");
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:10", "goals",
         EMPTY "Why it is worth it, in your words:\n• “For Mila and the sea.”\n");
}

static void goal_list_has_an_end(struct rig *rig)
{
    static const char *const units[] = {"calls",    "emails",     "meetings", "demos", "proposals",
                                        "messages", "activities", "deals",    "EUR",   "USD"};
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        char words[64];
        (void)snprintf(words, sizeof(words), "goals 5 %s a week", units[i]);
        rig_say(rig, "2026-03-02 09:00", "ana", words);
    }
    strbuf_clear(&rig->lines);
    says(rig, "2026-03-02 09:30", "goals 5 first meetings a week",
         "You have 10 goals, which is all I can keep. Take one off first: goals drop 1.");
    says(rig, "2026-03-02 09:31", "goals drop 1", "All right, that goal is off your list.");
    rig_say(rig, "2026-03-02 09:32", "ana", "goals 5 first meetings a week");
    assert_non_null(strstr(strbuf_text(&rig->lines), "Noted as your own goal"));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(goal_quota_becomes_whole_first_meetings),
        PLAY(goal_amount_goes_through_the_mean_of_a_won_deal),
        PLAY(goal_few_deals_are_no_rate),
        PLAY(goal_funnel_counts_each_deal_as_it_stands),
        PLAY(goal_effort_is_shared_out_and_rounded_up),
        PLAY(goal_that_makes_no_sense_gets_a_kind_reply),
        PLAY(goal_words_are_understood_leniently),
        PLAY(goal_of_an_open_question_stays_an_answer),
        PLAY(goal_newest_word_counts_whenever_it_comes),
        PLAY(goal_of_the_next_quarter_takes_the_place_of_the_last),
        PLAY(goal_handed_down_becomes_own_in_own_words),
        PLAY(goal_reason_is_kept_word_for_word),
        PLAY(goal_list_has_an_end),
    };
    return play_run("goal", cases, ARRAY_LEN(cases));
}
