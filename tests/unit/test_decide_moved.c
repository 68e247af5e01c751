/* Schedules and people who change zone: no local time comes twice, none is lost without a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

/* The clock of these tests is Denver's: 16 hours behind Tokyo's, 2 behind New York's. */
#define PEOPLE_WITH(zone)                                                                          \
    "teams: [{id: west, manager: dana, zone: America/Denver}]\n"                                   \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana, team: west}\n"                                                       \
    "  - {id: dana, name: Dana, role: manager, team: west" zone "}\n"
#define PEOPLE PEOPLE_WITH("")
#define TOKYO  PEOPLE_WITH(", zone: Asia/Tokyo")
#define DENVER PEOPLE_WITH(", zone: America/Denver")

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"         \
    "rules:\n"

#define ASK(times, more)                                                                           \
    HEAD "  - {rule: day, about: s, " times ", to: manager, ask: q, reminders: false" more "}\n"
#define DAILY ASK("every: day at 09:00", "")

#define DIGEST                                                                                     \
    HEAD "  - rule: day\n    about: s\n    every: day at 09:00\n    to: manager\n"                 \
         "    digest: [{title: Open, each: deal, text: \"{{deal.name}}\"}]\n"

static const char loose[] =
    "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, open_conversations: 50, "
    "back_off_after: 100, hours: Mon-Sun 00:00-24:00}\n";

static void with(struct rig *rig, const char *people, const char *rules, const char *start)
{
    struct rig_text text = {.people = people, .config = loose, .plugins = {rules}};
    rig_init(rig, &text, start);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static struct book *read_people(struct rig *rig, const char *people, const char *rules)
{
    struct rig_text text = {.people = people, .config = loose, .plugins = {rules}};
    config_free(rig->config);
    rig->config = NULL;
    return rig_book(rig, &text);
}

static void reload(struct rig *rig, const char *when, const char *people, const char *rules)
{
    rig_until(rig, when);
    struct book *old = rig->book;
    rig->book = read_people(rig, people, rules);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    if (rig->restarts)
        rig_restart(rig);
}

/* gritd is down from now on; when it comes up, people.yaml is another one. */
static void start_again(struct rig *rig, const char *when, const char *people, const char *rules)
{
    struct book *old = rig->book;
    rig->book = read_people(rig, people, rules);
    rig->now = rig_time(rig, when);
    rig_restart(rig);
    for (size_t i = 0; i < rig->step.count; i++) {
        const struct intent *intent = &rig->step.intents[i];
        rig_state(rig, intent->state.kind, intent->state.key, intent->state.value);
    }
    book_free(old);
}

#define FLIES(rig, when, where)                                                                    \
    GIVE(rig, when, .type = EVENT_PERSON, .chat = "dana", .zone = (where))

/* FM-D09 */
static void digest_comes_once_for_a_date_to_who_flies_west(struct rig *rig)
{
    with(rig, TOKYO, DIGEST, "2026-03-01 12:00");
    GIVE(rig, "2026-03-01 13:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1",
         .name = "Acme");
    reload(rig, "2026-03-01 18:00", PEOPLE, DIGEST); /* it is the first of March again */
    FLIES(rig, "2026-03-01 18:01", "America/New_York");
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-01 17:00 dana day sent\n03-03 07:00 dana day sent\n");
}

/* FM-D09 */
static void schedule_speaks_once_for_a_date_however_often_one_flies(struct rig *rig)
{
    with(rig, PEOPLE, DAILY, "2026-03-01 12:00");
    FLIES(rig, "2026-03-01 16:30", "Asia/Tokyo"); /* 08:30 of the second */
    rig_until(rig, "2026-03-01 22:00");
    rig_expect(rig, "03-01 17:00 dana day sent\n");
    FLIES(rig, "2026-03-01 22:00", "America/Denver");
    rig_until(rig, "2026-03-03 10:00");
    rig_expect(rig, "03-03 09:00 dana day sent\n"); /* not on the second, that was Tokyo's */
    FLIES(rig, "2026-03-03 10:00", "Asia/Tokyo");
    rig_until(rig, "2026-03-03 17:30");
    rig_expect(rig, "03-03 17:00 dana day sent\n"); /* the fourth */
    FLIES(rig, "2026-03-03 17:30", "Europe/Berlin");
    FLIES(rig, "2026-03-03 17:40", "Asia/Tokyo");
    FLIES(rig, "2026-03-03 17:50", "America/New_York");
    rig_until(rig, "2026-03-05 12:00");
    rig_expect(rig, "03-05 07:00 dana day sent\n");
}

/* FM-D09 */
static void schedule_that_is_still_to_come_is_not_lost_by_flying_west(struct rig *rig)
{
    with(rig, TOKYO, DAILY, "2026-03-01 12:00");
    reload(rig, "2026-03-01 16:59", DENVER, DAILY); /* 08:59 of the second */
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 09:00 dana day sent\n");
}

/* FM-D09 */
static void schedule_that_was_leapt_over_is_told_of(struct rig *rig)
{
    with(rig, PEOPLE, DAILY, "2026-03-01 12:00");
    FLIES(rig, "2026-03-02 08:30", "America/New_York"); /* 10:30: too late for 15 minutes */
    rig_until(rig, "2026-03-03 08:00");
    rig_expect(rig, "03-02 08:30 dana day missed missed\n03-03 07:00 dana day sent\n");
}

/* FM-D09 */
static void schedule_that_was_leapt_over_is_made_good_as_the_rule_says(struct rig *rig)
{
    with(rig, PEOPLE,
         ASK("every: \"day at 09:00, 10:00\"",
             ", missed: once within 3h") "  - {rule: all, about: s, every: day at 09:30, to: "
                                         "manager, ask: q, reminders: false, "
                                         "missed: all within 3h}\n"
                                         "  - {rule: no, about: s, every: day at 09:30, to: "
                                         "manager, ask: q, reminders: false, "
                                         "if: {rep.zone: Asia/Tokyo}, missed: all within 3h}\n",
         "2026-03-01 12:00");
    FLIES(rig, "2026-03-02 08:30", "America/New_York");
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 08:30 dana day missed missed\n03-02 08:30 dana all sent\n"
                    "03-02 08:30 dana day sent\n");
    FLIES(rig, "2026-03-02 12:00", "America/Denver");
    rig_until(rig, "2026-03-03 08:00");
    rig_expect(rig, "");
}

/* FM-D09 */
static void arriving_where_others_are_brings_them_nothing_again(struct rig *rig)
{
    static const char people[] =
        "people:\n"
        "  - {id: dana, name: Dana, role: manager, zone: America/Denver}\n"
        "  - {id: nora, name: Nora, role: manager, zone: America/New_York}\n";
    static const char there[] =
        "people:\n"
        "  - {id: dana, name: Dana, role: manager, zone: America/New_York}\n"
        "  - {id: nora, name: Nora, role: manager, zone: America/New_York}\n";
    static const char rules[] = ASK("every: day at 09:00", ", missed: once within 3h");
    with(rig, people, rules, "2026-03-01 12:00");
    reload(rig, "2026-03-02 08:30", there, rules);
    rig_expect(rig, "03-02 07:00 nora day sent\n"); /* a reload itself says nothing */
    rig_until(rig, "2026-03-03 08:00");
    rig_expect(rig, "03-02 08:30 dana day sent\n03-03 07:00 dana day sent\n"
                    "03-03 07:00 nora day sent\n");
}

/* FM-D09 */
static void zone_changed_while_gritd_was_down_brings_no_date_twice(struct rig *rig)
{
    with(rig, TOKYO, DAILY, "2026-03-01 12:00");
    rig_until(rig, "2026-03-01 17:30"); /* 09:00 of the second has been */
    start_again(rig, "2026-03-01 18:00", DENVER, DAILY);
    rig_until(rig, "2026-03-03 10:00");
    rig_expect(rig, "03-01 17:00 dana day sent\n03-03 09:00 dana day sent\n");
}

/* FM-D09 */
static void what_was_due_while_gritd_was_down_is_not_taken_for_said(struct rig *rig)
{
    with(rig, TOKYO, DAILY, "2026-02-28 12:00");
    rig_until(rig, "2026-03-01 16:30");
    start_again(rig, "2026-03-01 18:00", DENVER, DAILY); /* 10:00 of the second in Tokyo */
    rig_until(rig, "2026-03-02 10:00");
    rig_expect(rig, "02-28 17:00 dana day sent\n03-02 09:00 dana day sent\n");
}

/* Until the chat has said where somebody lives it is the zone of the team, or UTC. */
static void zone_that_is_heard_of_on_the_first_day_costs_nothing_of_it(struct rig *rig)
{
    with(rig, PEOPLE_WITH(", zone: UTC"), DAILY, "2026-03-02 08:00"); /* 15:00 there */
    reload(rig, "2026-03-02 08:01", DENVER, DAILY);
    rig_until(rig, "2026-03-03 10:00");
    rig_expect(rig, "03-02 09:00 dana day sent\n03-03 09:00 dana day sent\n");
}

/* FM-D09 FM-D01: the hour that Los Angeles leaves out has been shown in Phoenix. */
static void change_of_clocks_after_a_flight_brings_nothing_twice(struct rig *rig)
{
    static const char rules[] = ASK("every: day at 02:30", "");
    with(rig, PEOPLE_WITH(", zone: America/Phoenix"), rules, "2026-03-07 12:00");
    reload(rig, "2026-03-08 03:45", PEOPLE_WITH(", zone: America/Los_Angeles"), rules);
    rig_until(rig, "2026-03-09 12:00");
    rig_expect(rig, "03-08 03:30 dana day sent\n03-09 03:30 dana day sent\n");
}

static void schedule_of_no_local_time_takes_no_notice_of_flights(struct rig *rig)
{
    with(rig, TOKYO,
         ASK("every: 6 hours",
             "") "  - {rule: utc, about: s, every: day at 09:00, zone: UTC, to: manager, ask: q, "
                 "reminders: false}\n",
         "2026-03-01 12:00");
    rig_until(rig, "2026-03-01 15:30");
    strbuf_clear(&rig->lines);
    reload(rig, "2026-03-01 15:30", DENVER,
           ASK("every: 6 hours",
               "") "  - {rule: utc, about: s, every: day at 09:00, zone: UTC, to: manager, ask: q, "
                   "reminders: false}\n");
    rig_until(rig, "2026-03-02 05:00");
    rig_expect(rig, "03-01 18:00 dana day sent\n03-02 00:00 dana day sent\n"
                    "03-02 02:00 dana utc sent\n");
}

int main(void)
{
    const struct play_case cases[] = {
        PLAY(digest_comes_once_for_a_date_to_who_flies_west),
        PLAY(schedule_speaks_once_for_a_date_however_often_one_flies),
        PLAY(schedule_that_is_still_to_come_is_not_lost_by_flying_west),
        PLAY(schedule_that_was_leapt_over_is_told_of),
        PLAY(schedule_that_was_leapt_over_is_made_good_as_the_rule_says),
        PLAY(arriving_where_others_are_brings_them_nothing_again),
        PLAY(zone_changed_while_gritd_was_down_brings_no_date_twice),
        PLAY(what_was_due_while_gritd_was_down_is_not_taken_for_said),
        PLAY(zone_that_is_heard_of_on_the_first_day_costs_nothing_of_it),
        PLAY(change_of_clocks_after_a_flight_brings_nothing_twice),
        PLAY(schedule_of_no_local_time_takes_no_notice_of_flights),
    };
    return play_run("decide_moved", cases, ARRAY_LEN(cases));
}
