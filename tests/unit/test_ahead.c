/* `before` and `after`: moments ahead of what is planned and behind what happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/near.h"
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "rules:\n"

static const char loose[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                            "open_conversations: 50, back_off_after: 100}\n";
static const char always[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                             "open_conversations: 50, back_off_after: 100, "
                             "hours: Mon-Sun 00:00-24:00}\n";

static void with(struct rig *rig, const char *config, const char *rules)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {rules}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define RULE(decides, more)                                                                        \
    HEAD "  - rule: r\n    about: s\n    " decides "\n" more "    ask: q\n    reminders: false\n"
#define MEET "before: {event: activity.planned, kind: meeting, by: 2h}"

/* An activity that is planned, known by its id. */
static void planned(struct rig *rig, const char *when, const char *id, const char *activity,
                    const char *due, const char *outcome)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1", .deal_name = "Acme",
         .kind = "meeting", .id = id, .activity = activity, .due = due ? rig_time(rig, due) : 0,
         .outcome = outcome);
}

/* --- before --- */

static void before_decides_ahead_of_the_meeting(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    rig_until(rig, "2026-03-04 11:59");
    rig_expect(rig, "");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-04 12:00 ana r sent\n");
}

static void before_of_another_kind_decides_nothing(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .kind = "call",
         .due = rig_time(rig, "2026-03-04 14:00"));
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_heard_of_between_decides_at_once_and_after_it_never(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-04 13:00", "a", NULL, "2026-03-04 14:00", NULL);
    rig_until(rig, "2026-03-04 13:00");
    rig_expect(rig, "03-04 13:00 ana r sent\n");
    planned(rig, "2026-03-05 15:00", "b", NULL, "2026-03-05 14:00", NULL);
    rig_expect(rig, "03-05 15:00 ana r expired late\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_decides_once_however_often_it_is_told(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    for (int i = 0; i < 3; i++)
        rig_late(rig, "2026-03-02 10:00", i ? "2026-03-04 12:30" : NULL,
                 (struct event){.type = EVENT_ACTIVITY_PLANNED,
                                .rep = "ana",
                                .kind = "meeting",
                                .id = "same",
                                .due = rig_time(rig, "2026-03-04 14:00")});
    /* a new version with the same time is the same meeting */
    GIVE(rig, "2026-03-04 12:40", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .kind = "meeting",
         .id = "next", .activity = "same", .due = rig_time(rig, "2026-03-04 14:00"));
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-04 12:00 ana r sent\n");
}

static void before_moves_with_the_meeting(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", "M", "2026-03-04 14:00", NULL);
    planned(rig, "2026-03-03 10:00", "b", "M", "2026-03-06 14:00", NULL);
    rig_expect(rig, "03-03 10:00 ana r cancelled plan\n");
    rig_until(rig, "2026-03-06 12:30");
    rig_expect(rig, "03-06 12:00 ana r sent\n");
    planned(rig, "2026-03-06 12:45", "c", "M", "2026-03-09 15:00", NULL);
    rig_until(rig, "2026-03-20 10:00"); /* asked about once already, but it is another day now */
    rig_expect(rig, "03-09 13:00 ana r sent\n");
}

static void before_is_called_off(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", "M", "2026-03-04 14:00", NULL);
    planned(rig, "2026-03-03 10:00", "b", "M", NULL, "cancelled");
    rig_expect(rig, "03-03 10:00 ana r cancelled plan\n");
    planned(rig, "2026-03-03 11:00", "c", "N", "2026-03-05 14:00", NULL);
    GIVE(rig, "2026-03-03 12:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "meeting", .id = "d", .activity = "N", .outcome = "completed");
    rig_expect(rig, "03-03 12:00 ana r cancelled plan\n");
    /* a sender without ids of activities names the time */
    planned(rig, "2026-03-03 13:00", "e", NULL, "2026-03-05 15:00", NULL);
    planned(rig, "2026-03-03 14:00", "f", NULL, "2026-03-05 15:00", "cancelled");
    rig_expect(rig, "03-03 14:00 ana r cancelled plan\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_takes_the_newest_version_in_whatever_order(struct rig *rig)
{
    static const struct {
        const char *when, *id, *due, *outcome;
    } versions[] = {
        {"2026-03-02 09:00", "v1", "2026-03-04 14:00", NULL},
        {"2026-03-02 09:10", "v2", NULL, "cancelled"},
        {"2026-03-02 09:20", "v3", "2026-03-05 14:00", NULL},
        {"2026-03-02 09:30", "v4", "2026-03-06 14:00", NULL},
    };
    static const int orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}};
    static const char *const activities[] = {"A", "B", "C", "D"};
    with(rig, loose, RULE(MEET, ""));
    for (size_t o = 0; o < ARRAY_LEN(orders); o++) {
        for (int i = 0; i < 4; i++) {
            char id[16];
            int v = orders[o][i];
            (void)snprintf(id, sizeof(id), "%s%s", activities[o], versions[v].id);
            rig_late(rig, versions[v].when, "2026-03-02 10:00",
                     (struct event){
                         .type = EVENT_ACTIVITY_PLANNED,
                         .rep = "ana",
                         .deal = activities[o],
                         .kind = "meeting",
                         .id = id,
                         .activity = activities[o],
                         .outcome = versions[v].outcome,
                         .due = versions[v].due ? rig_time(rig, versions[v].due) : 0,
                     });
        }
    }
    strbuf_clear(&rig->lines); /* what was called off on the way depends on the order */
    rig_until(rig, "2026-03-20 10:00");
    /* all at one moment: one voice, and the others are told */
    rig_expect(rig, "03-06 12:00 ana r sent\n"
                    "03-06 12:00 ana r suppressed priority\n"
                    "03-06 12:00 ana r suppressed priority\n"
                    "03-06 12:00 ana r suppressed priority\n");
}

static void before_called_off_first_and_planned_later_is_silent(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 11:00", "b", "M", NULL, "cancelled");
    rig_late(rig, "2026-03-02 10:00", "2026-03-02 12:00",
             (struct event){.type = EVENT_ACTIVITY_PLANNED,
                            .rep = "ana",
                            .deal = "D1",
                            .kind = "meeting",
                            .id = "a",
                            .activity = "M",
                            .due = rig_time(rig, "2026-03-04 14:00")});
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_called_off_and_planned_again_is_asked(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", "M", "2026-03-04 14:00", NULL);
    planned(rig, "2026-03-02 11:00", "b", "M", "2026-03-04 14:00", "cancelled");
    planned(rig, "2026-03-02 12:00", "c", "M", "2026-03-04 14:00", NULL);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-02 11:00 ana r cancelled plan\n"
                    "03-04 12:00 ana r sent\n");
}

static void before_given_to_somebody_else_goes_with_it(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", "M", "2026-03-04 14:00", NULL);
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_ACTIVITY_PLANNED, .rep = "ben", .deal = "D1",
         .kind = "meeting", .id = "b", .activity = "M", .due = rig_time(rig, "2026-03-04 14:00"));
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-02 11:00 ana r cancelled plan\n"
                    "03-04 12:00 ben r sent\n");
}

static void before_asks_if_at_its_moment(struct rig *rig)
{
    with(rig, loose, RULE(MEET, "    if: {deal.amount: {at_least: 1000}}\n"));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_AMOUNT_CHANGED, .deal = "D1", .rep = "ana",
         .amount = 500000);
    rig_until(rig, "2026-03-04 13:00");
    rig_expect(rig, "03-04 12:00 ana r sent\n");
    planned(rig, "2026-03-04 13:00", "b", NULL, "2026-03-06 14:00", NULL);
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_DEAL_AMOUNT_CHANGED, .deal = "D1", .rep = "ana",
         .amount = 100);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-06 12:00 ana r cancelled if\n");
}

static void before_ends_by_unless_whichever_came_first(struct rig *rig)
{
    with(rig, loose, RULE(MEET, "    unless: {event: activity.logged, kind: note}\n"));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "note");
    rig_expect(rig, "03-03 10:00 ana r cancelled unless\n");
    GIVE(rig, "2026-03-03 12:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "note");
    rig_late(rig, "2026-03-03 11:00", "2026-03-03 13:00",
             (struct event){.type = EVENT_ACTIVITY_PLANNED,
                            .rep = "ana",
                            .deal = "D1",
                            .kind = "meeting",
                            .due = rig_time(rig, "2026-03-05 14:00")});
    rig_expect(rig, "03-03 13:00 ana r cancelled unless\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_of_a_deal_closed_meanwhile_is_silent(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_WON, .deal = "D1", .rep = "ana");
    rig_until(rig, "2026-03-04 13:00");
    rig_expect(rig, "03-04 12:00 ana r expired stage\n");
    planned(rig, "2026-03-04 13:00", "b", NULL, "2026-03-06 14:00", NULL);
    rig_until(rig, "2026-03-20 10:00"); /* planned when the deal was won already */
    rig_expect(rig, "03-06 12:00 ana r sent\n");
}

static void before_is_held_only_until_it_begins(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 08:30", NULL); /* 06:30: too early */
    planned(rig, "2026-03-02 10:01", "b", NULL, "2026-03-04 09:30", NULL);
    rig_until(rig, "2026-03-04 08:00");
    rig_expect(rig, "03-04 06:30 ana r expired hours\n"
                    "03-04 07:30 ana r held hours\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-04 08:30 ana r sent\n");
}

static void before_held_and_moved_or_slept_through_is_not_said(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", "M", "2026-03-04 09:30", NULL);
    rig_until(rig, "2026-03-04 08:00");
    planned(rig, "2026-03-04 08:00", "b", "M", NULL, "cancelled");
    rig_expect(rig, "03-04 07:30 ana r held hours\n"
                    "03-04 08:00 ana r cancelled plan\n");
    planned(rig, "2026-03-04 12:00", "c", "N", "2026-03-05 09:30", NULL);
    rig_until(rig, "2026-03-05 08:00");
    rig_sleep_until(rig, "2026-03-05 09:30"); /* the daemon was down until it began */
    rig_expect(rig, "03-05 07:30 ana r held hours\n"
                    "03-05 09:30 ana r expired late\n");
    planned(rig, "2026-03-05 12:00", "d", "O", "2026-03-06 14:00", NULL);
    rig_sleep_until(rig, "2026-03-06 14:00");
    rig_expect(rig, "03-06 14:00 ana r expired late\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void before_over_a_change_of_clocks_keeps_the_time_of_day(struct rig *rig)
{
    /* Denver goes from MST to MDT on 2026-03-08 */
    with(rig, always, RULE("before: {event: activity.planned, by: 1d}", ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-08 14:00", NULL);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-07 14:00 ana r sent\n");
}

static void before_counts_hours_and_not_the_clock(struct rig *rig)
{
    with(rig, always, RULE("before: {event: activity.planned, by: 2h}", ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-08 03:30", NULL);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-08 00:30 ana r sent\n"); /* two hours, one of which the clock left out */
}

static void before_by_working_time_goes_back_over_the_weekend(struct rig *rig)
{
    with(rig, loose, RULE("before: {event: activity.planned, by: 2 working hours}", ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-09 09:00", NULL);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-06 16:30 ana r sent\n");
}

static void before_by_working_days_keeps_the_time_of_day(struct rig *rig)
{
    with(rig, loose, RULE("before: {event: activity.planned, by: 1 working day}", ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-09 10:00", NULL);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-06 10:00 ana r sent\n");
}

static void before_without_a_time_is_told(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, NULL, NULL);
    rig_expect(rig, "03-02 10:00 ana r suppressed plan\n");
}

static void before_closes_its_question_when_it_begins(struct rig *rig)
{
    with(rig, "limits: {back_off_after: 1, prompts_per_day: 9, prompts_per_family_per_week: 9}\n",
         RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    planned(rig, "2026-03-02 10:01", "b", NULL, "2026-03-04 17:00", NULL);
    rig_until(rig, "2026-03-20 10:00");
    /* the first is closed, so the second can be asked; and nobody was silent */
    rig_expect(rig, "03-04 12:00 ana r sent\n"
                    "03-04 15:00 ana r sent\n");
}

static void before_snoozed_beyond_the_beginning_does_not_come_back(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    rig_click(rig, "2026-03-04 13:00", "ana", "later", NULL);
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

/* --- after --- */

#define LEARN "after: {event: training.completed, at: [2d, 7d, 21d]}"

static void trained(struct rig *rig, const char *when, const char *heard, const char *id)
{
    rig_late(rig, when, heard,
             (struct event){.type = EVENT_TRAINING_COMPLETED,
                            .rep = "ana",
                            .topic = "objections",
                            .area = "skill",
                            .id = id});
}

static void after_repeats_at_each_length(struct rig *rig)
{
    with(rig, loose, RULE(LEARN, ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    char first[sizeof(rig->last_key)];
    rig_until(rig, "2026-03-05 10:00");
    memcpy(first, rig->last_key, sizeof(first));
    rig_until(rig, "2026-05-01 10:00");            /* a clock change on the way: ten stays ten */
    assert_string_not_equal(first, rig->last_key); /* else only the first would go out */
    rig_expect(rig, "03-04 10:00 ana r sent\n"
                    "03-09 10:00 ana r sent\n"
                    "03-23 10:00 ana r sent\n");
}

static void after_twice_told_repeats_once(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: 2d}", ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    trained(rig, "2026-03-02 10:00", "2026-03-03 10:00", "t");
    trained(rig, "2026-03-02 10:00", "2026-03-05 10:00", "t");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-04 10:00 ana r sent\n");
}

static void after_heard_of_late_leaves_out_what_passed(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: [1d, 2d, 4d, 8d]}", ""));
    trained(rig, "2026-03-02 10:00", "2026-03-06 15:00", "t");
    rig_expect(rig, "03-06 15:00 ana r expired late\n"
                    "03-06 15:00 ana r expired late\n");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-06 15:00 ana r sent\n" /* the one of 10:00 on that day */
                    "03-10 10:00 ana r sent\n");
}

static void after_slept_through_leaves_out_what_passed(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: [1d, 2d, 4d, 8d]}", ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    rig_sleep_until(rig, "2026-03-06 15:00");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-06 15:00 ana r expired late\n"
                    "03-06 15:00 ana r expired late\n"
                    "03-06 15:00 ana r sent\n"
                    "03-10 10:00 ana r sent\n");
}

static void after_outside_working_hours_waits_for_the_morning(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: [1d, 5d]}", ""));
    trained(rig, "2026-03-02 19:00", NULL, "t");
    rig_until(rig, "2026-05-01 10:00"); /* 03-07 is a Saturday */
    rig_expect(rig, "03-03 19:00 ana r held hours\n"
                    "03-04 08:30 ana r sent\n"
                    "03-07 19:00 ana r held hours\n"
                    "03-09 08:30 ana r sent\n");
}

static void after_by_working_days(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: [1 working day, 5d]}", ""));
    trained(rig, "2026-03-06 10:00", NULL, "t");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-09 10:00 ana r sent\n"
                    "03-11 10:00 ana r sent\n");
}

static void after_unless_ends_all_that_remain(struct rig *rig)
{
    with(rig, loose, RULE(LEARN, "    unless: activity.logged\n"));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-04 10:00 ana r sent\n"
                    "03-05 10:00 ana r cancelled unless\n");
}

static void after_if_is_asked_each_time(struct rig *rig)
{
    with(rig, always, RULE(LEARN, "    if: {rep.open_deals: 0}\n"));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_DEAL_CREATED, .deal = "D1", .rep = "ana",
         .stage = "discover");
    GIVE(rig, "2026-03-12 10:00", .type = EVENT_DEAL_LOST, .deal = "D1", .rep = "ana");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-04 10:00 ana r sent\n"
                    "03-09 10:00 ana r cancelled if\n"
                    "03-23 10:00 ana r sent\n");
}

static void after_counts_limits_and_cooldown(struct rig *rig)
{
    with(rig, loose,
         RULE("after: {event: training.completed, at: [1d, 2d, 9d]}", "    cooldown: 3d\n"));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-03 10:00 ana r sent\n"
                    "03-04 10:00 ana r suppressed cooldown\n"
                    "03-11 10:00 ana r sent\n");
}

static void after_while_away_is_told(struct rig *rig)
{
    with(rig, loose, RULE("after: {event: training.completed, at: [1d, 9d]}", ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-03-06 08:00"));
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-03 10:00 ana r suppressed leave\n"
                    "03-11 10:00 ana r sent\n");
}

/* --- what is told: why, near triggers --- */

static void before_and_after_say_why(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    rig->full = true;
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    rig_until(rig, "2026-03-04 12:00");
    if (!strstr(strbuf_text(&rig->lines),
                "\"why\":\"a meeting about Acme is planned for today at 14:00\""))
        fail_msg("%s", strbuf_text(&rig->lines));
}

static void after_says_why(struct rig *rig)
{
    with(rig, loose, RULE(LEARN, ""));
    rig->full = true;
    trained(rig, "2026-03-02 10:00", NULL, "t");
    rig_until(rig, "2026-03-10 12:00");
    const char *text = strbuf_text(&rig->lines);
    if (!strstr(text, "\"why\":\"2 days have passed since the training on objections\"") ||
        !strstr(text, "\"why\":\"7 days have passed since the training on objections\"") ||
        !strstr(text, "\"occurrence\":\"t +7d\""))
        fail_msg("%s", text);
}

static struct near near_of(struct rig *rig, const char *when, const char *kind, const char *due,
                           struct arena *arena)
{
    struct event event = rig_event(rig,
                                   (struct event){.type = EVENT_ACTIVITY_PLANNED,
                                                  .rep = "ana",
                                                  .kind = kind,
                                                  .due = due ? rig_time(rig, due) : 0},
                                   rig_time(rig, when));
    event.at = event.time;
    return core_near(rig->core, &event, rig->book->rules[0], NEAR_THEN, arena);
}

static void before_near_triggers_are_told(struct rig *rig)
{
    struct arena arena;
    with(rig, loose, RULE(MEET, ""));
    arena_init(&arena);
    const char *when = "2026-03-02 10:00", *due = "2026-03-04 14:00";
    struct near near = near_of(rig, when, "call", due, &arena);
    assert_int_equal(near.kind, NEAR_WHEN);
    assert_string_equal(near.why, "kind is call, the rule wants meeting");
    near = near_of(rig, when, "meeting", NULL, &arena);
    assert_int_equal(near.kind, NEAR_BEFORE);
    assert_string_equal(near.why, "it does not say when it begins");
    near = near_of(rig, when, "meeting", "2026-03-02 09:00", &arena);
    assert_string_equal(near.why, "it began at Mon 2 Mar 09:00, and that had passed");
    near = near_of(rig, when, "meeting", due, &arena);
    assert_string_equal(near.why, "it is decided 2 hours before it begins, on Wed 4 Mar at 12:00");
    arena_done(&arena);
}

/* --- another text of the rule --- */

static void reload(struct rig *rig, const char *rules)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {rules}};
    struct book *old = rig->book;
    config_free(rig->config);
    rig->config = NULL;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    if (rig->restarts)
        rig_restart(rig);
}

/* The files were edited while the daemon was down. */
static void restart_with(struct rig *rig, const char *rules)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {rules}};
    struct book *old = rig->book;
    config_free(rig->config);
    rig->config = NULL;
    rig->book = rig_book(rig, &text);
    rig_restart(rig);
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        if (intent->type == INTENT_STATE)
            rig_state(rig, intent->state.kind, intent->state.key, intent->state.value);
    }
    book_free(old);
}

static void before_edited_moves_what_waits(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    planned(rig, "2026-03-02 10:01", "b", NULL, "2026-03-06 14:00", NULL);
    reload(rig, RULE("before: {event: activity.planned, kind: meeting, by: 3h}", ""));
    rig_until(rig, "2026-03-04 12:00");
    rig_expect(rig, "03-04 11:00 ana r sent\n");
    rig_until(rig, "2026-03-06 10:30");
    restart_with(rig, RULE("before: {event: activity.planned, kind: meeting, by: 4h}", ""));
    rig_until(rig, "2026-03-20 10:00"); /* that moment has just passed: at once */
    rig_expect(rig, "03-06 10:30 ana r sent\n");
}

static void before_unedited_stays(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    reload(rig, RULE(MEET, "    priority: 3\n"));
    restart_with(rig, RULE(MEET, "    priority: 4\n"));
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-04 12:00 ana r sent\n");
}

static void before_edited_to_something_else_ends(struct rig *rig)
{
    with(rig, loose, RULE(MEET, ""));
    planned(rig, "2026-03-02 10:00", "a", NULL, "2026-03-04 14:00", NULL);
    reload(rig, RULE("before: {event: activity.planned, kind: call, by: 2h}", ""));
    rig_expect(rig, "03-02 10:00 ana r cancelled rule\n");
    reload(rig, RULE(MEET, ""));
    planned(rig, "2026-03-03 10:00", "b", NULL, "2026-03-04 14:00", NULL);
    reload(rig, RULE("when: deal.won", ""));
    rig_expect(rig, "03-03 10:00 ana r cancelled rule\n");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void after_edited_goes_on_by_the_new_list(struct rig *rig)
{
    with(rig, loose, RULE(LEARN, ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    rig_until(rig, "2026-03-10 09:00");
    rig_expect(rig, "03-04 10:00 ana r sent\n"
                    "03-09 10:00 ana r sent\n");
    /* 1d and 6d are over, 180h was yesterday evening; 9d is new, 21d is gone */
    reload(rig, RULE("after: {event: training.completed, at: [1d, 6d, 180h, 9d, 30d]}", ""));
    rig_until(rig, "2026-03-12 09:00");
    rig_expect(rig, "03-11 10:00 ana r sent\n");
    restart_with(rig, RULE("after: {event: training.completed, at: [1d, 6d, 14d]}", ""));
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-16 10:00 ana r sent\n");
}

static void after_edited_to_the_past_ends_with_a_note(struct rig *rig)
{
    with(rig, loose, RULE(LEARN, ""));
    trained(rig, "2026-03-02 10:00", NULL, "t");
    rig_until(rig, "2026-03-10 09:00");
    strbuf_clear(&rig->lines);
    reload(rig, RULE("after: {event: training.completed, at: 1d}", ""));
    rig_until(rig, "2026-05-01 10:00");
    rig_expect(rig, "03-10 09:00 ana r cancelled rule\n");
}

/* --- nobody hears of a meeting that has begun --- */

static uint32_t roll(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static void check_sends(struct rig *rig, const msec_t *dues, int *ret_sent)
{
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        if (intent->type != INTENT_SEND || intent->send.op != MESSAGE_POST || !intent->send.rule)
            continue;
        msec_t due = dues[atoi(intent->send.deal)];
        if (rig->step.now >= due || intent->send.expires > due)
            fail_msg("asked at %lld about %lld", (long long)rig->step.now, (long long)due);
        ++*ret_sent;
    }
}

static void before_random_schedules_never_ask_after_it_began(struct rig *rig)
{
    enum { MEETINGS = 60, MOVES = 300 };
    uint64_t seed = rig->restarts ? 11 : 12;
    msec_t dues[MEETINGS] = {0};
    int sent = 0;
    with(rig, loose,
         HEAD "  - {rule: r, about: s, before: {event: activity.planned, by: 2 "
              "working days}, ask: q}\n"); /* with reminders */
    bool restarts = rig->restarts;
    rig->restarts = false; /* the step is looked at before it is gone */
    msec_t now = rig->now;
    for (int i = 0; i < MOVES; i++) {
        char id[16], activity[16];
        int m = (int)roll(&seed, MEETINGS);
        (void)snprintf(id, sizeof(id), "e%d", i);
        (void)snprintf(activity, sizeof(activity), "%d", m);
        msec_t next = now + roll(&seed, 240) * MSEC_MINUTE;
        if (roll(&seed, 10) == 0)
            next += roll(&seed, 4) * MSEC_DAY; /* the daemon sleeps */
        else
            for (msec_t wake; (wake = core_next_wake(rig->core)) <= next;) {
                struct event tick;
                event_init(&tick, EVENT_TICK, wake < rig->now ? rig->now : wake);
                rig_step(rig, &tick);
                check_sends(rig, dues, &sent);
                if (restarts)
                    rig_restart(rig);
            }
        now = next;
        struct event tick;
        event_init(&tick, EVENT_TICK, now);
        rig_step(rig, &tick);
        check_sends(rig, dues, &sent);
        msec_t due = now + ((msec_t)roll(&seed, 10 * 24 * 60) - 600) * MSEC_MINUTE;
        struct event event = rig_event(rig,
                                       (struct event){.type = EVENT_ACTIVITY_PLANNED,
                                                      .rep = "ana",
                                                      .deal = activity,
                                                      .kind = "meeting",
                                                      .id = id,
                                                      .activity = activity,
                                                      .due = due},
                                       now);
        event.at = now;
        dues[m] = due;
        rig_step(rig, &event);
        check_sends(rig, dues, &sent);
        if (restarts)
            rig_restart(rig);
    }
    rig->restarts = restarts;
    assert_true(sent > 20);
    strbuf_clear(&rig->lines);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(before_decides_ahead_of_the_meeting),
        PLAY(before_of_another_kind_decides_nothing),
        PLAY(before_heard_of_between_decides_at_once_and_after_it_never),
        PLAY(before_decides_once_however_often_it_is_told),
        PLAY(before_moves_with_the_meeting),
        PLAY(before_is_called_off),
        PLAY(before_takes_the_newest_version_in_whatever_order),
        PLAY(before_called_off_first_and_planned_later_is_silent),
        PLAY(before_called_off_and_planned_again_is_asked),
        PLAY(before_given_to_somebody_else_goes_with_it),
        PLAY(before_asks_if_at_its_moment),
        PLAY(before_ends_by_unless_whichever_came_first),
        PLAY(before_of_a_deal_closed_meanwhile_is_silent),
        PLAY(before_is_held_only_until_it_begins),
        PLAY(before_held_and_moved_or_slept_through_is_not_said),
        PLAY(before_over_a_change_of_clocks_keeps_the_time_of_day),
        PLAY(before_counts_hours_and_not_the_clock),
        PLAY(before_by_working_time_goes_back_over_the_weekend),
        PLAY(before_by_working_days_keeps_the_time_of_day),
        PLAY(before_without_a_time_is_told),
        PLAY(before_closes_its_question_when_it_begins),
        PLAY(before_snoozed_beyond_the_beginning_does_not_come_back),
        PLAY(after_repeats_at_each_length),
        PLAY(after_twice_told_repeats_once),
        PLAY(after_heard_of_late_leaves_out_what_passed),
        PLAY(after_slept_through_leaves_out_what_passed),
        PLAY(after_outside_working_hours_waits_for_the_morning),
        PLAY(after_by_working_days),
        PLAY(after_unless_ends_all_that_remain),
        PLAY(after_if_is_asked_each_time),
        PLAY(after_counts_limits_and_cooldown),
        PLAY(after_while_away_is_told),
        PLAY(before_and_after_say_why),
        PLAY(after_says_why),
        PLAY(before_near_triggers_are_told),
        PLAY(before_edited_moves_what_waits),
        PLAY(before_unedited_stays),
        PLAY(before_edited_to_something_else_ends),
        PLAY(after_edited_goes_on_by_the_new_list),
        PLAY(after_edited_to_the_past_ends_with_a_note),
        PLAY(before_random_schedules_never_ask_after_it_began),
    };
    return play_run("ahead", cases, ARRAY_LEN(cases));
}
