/* `missing`: what somebody did not do, and when it is fair to ask for it; tests of dates. */
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
    "  - {id: ben, name: Ben Osei, team: west, zone: Europe/Berlin}\n"                             \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "rules:\n"

#define RULE(decides, more)                                                                        \
    HEAD "  - rule: r\n    about: s\n    " decides "\n" more "    ask: q\n    reminders: false\n"

#define NO_CALL                                                                                    \
    "missing: {event: activity.logged, kind: call, since: Monday 09:00, by: Wednesday 11:00}"

static const char loose[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                            "open_conversations: 50, back_off_after: 100}\n";

static void with_people(struct rig *rig, const char *people, const char *rules)
{
    struct rig_text text = {.people = people, .config = loose, .plugins = {rules}};
    rig_init(rig, &text, "2026-02-20 00:00");
    rig_start(rig);
}

static void logged(struct rig *rig, const char *when, const char *who, const char *kind,
                   const char *deal)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = who, .kind = kind, .deal = deal);
}

/* Both reps' feeds are known to work. */
static void with(struct rig *rig, const char *rules)
{
    with_people(rig, PEOPLE, rules);
    logged(rig, "2026-02-20 08:00", "ana", "email", NULL);
    logged(rig, "2026-02-20 08:01", "ben", "email", NULL);
    strbuf_clear(&rig->lines);
}

static void missing_asks_who_did_not(struct rig *rig)
{
    with(rig, RULE(NO_CALL, ""));
    logged(rig, "2026-02-23 10:00", "ana", "call", NULL);
    logged(rig, "2026-02-23 10:01", "ben", "email", NULL);
    rig_until(rig, "2026-02-26 00:00");
    rig_expect(rig, "02-25 03:00 ben r sent\n");          /* Wednesday 11:00 in Berlin */
    logged(rig, "2026-02-27 10:01", "ana", "call", NULL); /* before Monday: the week before */
    logged(rig, "2026-03-02 02:01", "ben", "call", NULL); /* Monday 10:01 in Berlin */
    rig_until(rig, "2026-03-05 00:00");
    rig_expect(rig, "03-04 11:00 ana r sent\n");
}

static void missing_counts_late_news_and_not_the_future(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    zone: America/Denver\n"));
    rig_late(rig, "2026-02-23 10:00", "2026-02-25 10:59",
             (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call"});
    rig_late(rig, "2026-02-24 10:00", "2026-02-25 11:01",
             (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ben", .kind = "call"});
    rig_until(rig, "2026-02-27 12:00");
    rig_expect(rig, "02-25 11:00 ben r held hours\n"
                    "02-26 00:30 ben r cancelled missing\n");
}

static void missing_held_and_done_meanwhile_is_not_asked(struct rig *rig)
{
    /* by is after Ben's day */
    with(rig, RULE("missing: {event: activity.logged, kind: call, since: Monday 09:00, by: "
                   "Wednesday 11:00}",
                   "    zone: America/Denver\n"));
    logged(rig, "2026-02-23 10:00", "ana", "call", NULL);
    rig_until(rig, "2026-02-25 12:00");
    rig_expect(rig, "02-25 11:00 ben r held hours\n"); /* 19:00 in Berlin */
    logged(rig, "2026-02-25 12:30", "ben", "call", NULL);
    rig_until(rig, "2026-02-27 00:00");
    rig_expect(rig, "02-26 00:30 ben r cancelled missing\n");
}

static void missing_automated_is_not_effort(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    zone: America/Denver\n    if: {rep.id: ana}\n"));
    GIVE(rig, "2026-02-23 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .automated = true);
    rig_until(rig, "2026-02-26 12:00");
    rig_expect(rig, "02-25 11:00 ana r sent\n");
}

static void missing_automated_counts_when_the_rule_says_so(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, kind: call, automated: true, since: Monday "
                   "09:00, by: Wednesday 11:00}",
                   "    if: {rep.id: ana}\n"));
    GIVE(rig, "2026-02-23 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .automated = true);
    rig_until(rig, "2026-02-26 12:00");
    rig_expect(rig, "");
}

static void missing_each_working_day(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, since: weekday at 09:00, by: weekday 16:00}",
                   "    if: {rep.id: ana}\n"));
    rig_until(rig, "2026-02-22 00:00");
    strbuf_clear(&rig->lines);
    logged(rig, "2026-02-23 10:00", "ana", "call", NULL);
    logged(rig, "2026-02-24 08:59", "ana", "call", NULL);
    logged(rig, "2026-02-25 09:00", "ana", "call", NULL);
    logged(rig, "2026-02-26 15:59", "ana", "call", NULL);
    rig_until(rig, "2026-02-28 12:00");
    rig_expect(rig, "02-24 16:00 ana r sent\n"
                    "02-27 16:00 ana r sent\n");
}

static void missing_since_the_day_before_at_the_same_time(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, since: weekday 11:00, by: weekday 11:00}",
                   "    if: {rep.id: ana}\n"));
    rig_until(rig, "2026-02-23 11:30");
    strbuf_clear(&rig->lines);
    logged(rig, "2026-02-23 12:00", "ana", "call", NULL);
    rig_until(rig, "2026-02-25 12:00");
    rig_expect(rig, "02-25 11:00 ana r sent\n");
}

static void missing_a_little_late_says_since_when(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, kind: call, direction: outbound, since: "
                   "weekday 11:00, by: weekday 11:00}",
                   "    if: {rep.id: ana}\n"));
    logged(rig, "2026-02-20 12:00", "ana", "email", NULL);
    rig_until(rig, "2026-02-23 10:00");
    rig->full = true;
    rig_sleep_until(rig, "2026-02-23 11:09"); /* `missed` makes it good */
    if (!strstr(strbuf_text(&rig->lines),
                "\"why\":\"no outbound call was logged since Fri 20 Feb 11:00\""))
        fail_msg("%s", strbuf_text(&rig->lines));
}

static void missing_of_a_month(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, kind: demo, since: 1st of month 09:00, by: "
                   "last weekday of month 10:00}",
                   "    if: {rep.id: ana}\n"));
    logged(rig, "2026-02-23 12:00", "ana", "demo", NULL);
    rig_until(rig, "2026-04-15 12:00"); /* over the change of clocks of 03-08 */
    rig_expect(rig, "03-31 10:00 ana r sent\n");
}

static void missing_is_fair_to_who_was_away(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    if: {rep.id: ana}\n"));
    GIVE(rig, "2026-02-23 10:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-02-25 09:00"));
    rig_until(rig, "2026-02-26 12:00");
    rig_expect(rig, "02-25 11:00 ana r suppressed leave\n");
}

static void missing_is_asked_of_who_was_away_for_a_morning(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    zone: America/Denver\n    if: {rep.id: ana}\n"));
    GIVE(rig, "2026-02-23 10:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-02-23 13:00"));
    rig_until(rig, "2026-02-26 12:00");
    rig_expect(rig, "02-25 11:00 ana r sent\n");
}

static void missing_most_of_the_time_is_half_of_the_working_time(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    zone: America/Denver\n"));
    /* there are 21 working hours in between */
    GIVE(rig, "2026-02-23 09:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-02-24 09:30"));
    rig_until(rig, "2026-02-25 11:30");
    rig_expect(rig, "02-25 11:00 ana r sent\n"
                    "02-25 11:00 ben r held hours\n");
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-03-03 10:30"));
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-04 11:30");
    rig_expect(rig, "03-04 11:00 ana r suppressed leave\n"
                    "03-04 11:00 ben r held hours\n");
}

static void missing_is_fair_to_leave_joining_and_pauses(struct rig *rig)
{
    with_people(rig,
                "people:\n"
                "  - {id: leave, zone: America/Denver, leave: [2026-02-23 to 2026-02-24]}\n"
                "  - {id: new, zone: America/Denver, joined: 2026-02-25}\n"
                "  - {id: old, zone: America/Denver, joined: 2026-02-23}\n"
                "  - {id: off, zone: America/Denver}\n"
                "  - {id: quiet, zone: America/Denver}\n",
                RULE(NO_CALL, ""));
    static const char *const all[] = {"leave", "new", "old", "off", "quiet"};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        logged(rig, "2026-02-20 10:00", all[i], "email", NULL);
    GIVE(rig, "2026-02-23 08:00", .type = EVENT_PAUSE, .rep = "quiet",
         .away_until = rig_time(rig, "2026-02-24 20:00"));
    GIVE(rig, "2026-02-23 08:01", .type = EVENT_PAUSE, .rep = "off");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-02-26 12:00");
    rig_expect(rig, "02-25 11:00 leave r suppressed leave\n"
                    "02-25 11:00 new r suppressed leave\n"
                    "02-25 11:00 quiet r suppressed leave\n"
                    "02-25 11:00 off r suppressed consent\n"
                    "02-25 11:00 old r sent\n");
}

static void missing_without_a_feed_says_nothing(struct rig *rig)
{
    with_people(rig, PEOPLE, RULE(NO_CALL, "    zone: America/Denver\n"));
    logged(rig, "2026-02-24 08:00", "ana", "email", NULL); /* the first ever heard of, too late */
    logged(rig, "2026-02-23 08:00", "ben", "email", NULL);
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-02-25 11:30");
    rig_expect(rig, "02-25 11:00 ana r suppressed feed\n"
                    "02-25 11:00 ben r held hours\n");
}

static void missing_on_holidays_only_is_silent(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, since: Saturday 09:00, by: Sunday 16:00}",
                   "    if: {rep.id: ana}\n"));
    rig_until(rig, "2026-02-24 12:00");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-01 16:00 ana r suppressed leave\n");
}

static void missing_for_the_manager(struct rig *rig)
{
    with(rig, RULE(NO_CALL, "    zone: America/Denver\n    to: manager\n"));
    logged(rig, "2026-02-23 10:00", "ben", "call", NULL);
    rig->full = true;
    rig_until(rig, "2026-02-25 11:30");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"to\":\"dana\""));
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"rep\":\"ana\""));
    assert_null(strstr(strbuf_text(&rig->lines), "\"rep\":\"ben\""));
}

static void deal(struct rig *rig, const char *when, const char *id)
{
    GIVE(rig, when, .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = id, .stage = "discover");
}

static void missing_per_deal_asks_about_the_one_left_alone_longest(struct rig *rig)
{
    with(rig, RULE("missing: {event: activity.logged, per: deal, since: Monday 09:00, by: "
                   "Friday 11:00}",
                   "    limit: 1 per deal\n    zone: America/Denver\n"));
    deal(rig, "2026-02-23 08:10", "D1");
    deal(rig, "2026-02-23 08:11", "D2");
    deal(rig, "2026-02-23 08:12", "D3");
    deal(rig, "2026-02-23 08:13", "D4");
    logged(rig, "2026-02-23 08:20", "ana", "call", "D1");
    logged(rig, "2026-02-23 08:18", "ana", "call", "D2");
    logged(rig, "2026-02-24 10:00", "ben", "call", "D3"); /* a colleague's call is contact too */
    GIVE(rig, "2026-02-24 11:00", .type = EVENT_DEAL_LOST, .rep = "ana", .deal = "D4");
    deal(rig, "2026-02-26 08:13", "D5"); /* not there for half of the time */
    rig->full = true;
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-02-27 11:30");
    const char *text = strbuf_text(&rig->lines);
    const char *sent = strstr(text, "\"outcome\":\"sent\""), *d1 = strstr(text, "Denver D1");
    const char *d2 = strstr(text, "Denver D2");
    assert_non_null(sent);
    assert_true(d2 && d1 && d2 < d1); /* D2 was left alone for longer, and speaks */
    assert_null(strstr(text, "Denver D3"));
    assert_null(strstr(text, "Denver D4"));
    assert_null(strstr(text, "Denver D5"));
}

/* --- dates --- */

#define CLOSING(test) RULE("when: activity.logged", "    if: {deal.close_date: {" test "}}\n")

static void closing_on(struct rig *rig, const char *rules, const char *first, const char *last)
{
    with(rig, rules);
    const char *const dates[] = {first, last};
    const char *const ids[] = {"D1", "D2"};
    for (int i = 0; i < 2; i++)
        GIVE(rig, "2026-02-24 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = ids[i],
             .close_date = dates[i]);
    strbuf_clear(&rig->lines);
    logged(rig, "2026-02-24 17:30", "ana", "call", "D1"); /* already the 25th in UTC */
    logged(rig, "2026-02-24 17:40", "ana", "call", "D2");
}

static void dates_within_count_days_of_the_rep(struct rig *rig)
{
    closing_on(rig, CLOSING("within: 14d"), "2026-03-10", "2026-03-11");
    rig_expect(rig, "02-24 17:30 ana r sent\n");
}

static void dates_within_reach_back_too(struct rig *rig)
{
    closing_on(rig, CLOSING("within: 14d"), "2026-02-10", "2026-02-09");
    rig_expect(rig, "02-24 17:30 ana r sent\n");
}

static void dates_within_hours_are_today(struct rig *rig)
{
    closing_on(rig, CLOSING("within: 2h"), "2026-02-24", "2026-02-25");
    rig_expect(rig, "02-24 17:30 ana r sent\n");
}

static void dates_before_and_after_leave_the_day_out(struct rig *rig)
{
    closing_on(rig, CLOSING("before: 2026-03-01"), "2026-02-28", "2026-03-01");
    rig_expect(rig, "02-24 17:30 ana r sent\n");
}

static void dates_after_leave_the_day_out(struct rig *rig)
{
    closing_on(rig, CLOSING("after: 2026-03-01"), "2026-03-02", "2026-03-01");
    rig_expect(rig, "02-24 17:30 ana r sent\n");
}

static void dates_that_are_none_never_hold(struct rig *rig)
{
    closing_on(rig, CLOSING("within: 14d"), "soon", "2026-02-31");
    rig_expect(rig, "");
}

static void times_are_compared_with_days_of_the_rep(struct rig *rig)
{
    with(rig, RULE("when: activity.logged", "    if: {deal.created: {after: 2026-02-23}}\n"));
    GIVE(rig, "2026-02-23 20:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-02-24 00:30", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D2");
    strbuf_clear(&rig->lines);
    logged(rig, "2026-02-24 17:30", "ana", "call", "D1"); /* in UTC it was the 24th */
    logged(rig, "2026-02-24 17:40", "ana", "call", "D2");
    rig_expect(rig, "02-24 17:40 ana r sent\n");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(missing_asks_who_did_not),
        PLAY(missing_counts_late_news_and_not_the_future),
        PLAY(missing_held_and_done_meanwhile_is_not_asked),
        PLAY(missing_automated_is_not_effort),
        PLAY(missing_automated_counts_when_the_rule_says_so),
        PLAY(missing_each_working_day),
        PLAY(missing_since_the_day_before_at_the_same_time),
        PLAY(missing_a_little_late_says_since_when),
        PLAY(missing_of_a_month),
        PLAY(missing_is_fair_to_who_was_away),
        PLAY(missing_is_asked_of_who_was_away_for_a_morning),
        PLAY(missing_most_of_the_time_is_half_of_the_working_time),
        PLAY(missing_is_fair_to_leave_joining_and_pauses),
        PLAY(missing_without_a_feed_says_nothing),
        PLAY(missing_on_holidays_only_is_silent),
        PLAY(missing_for_the_manager),
        PLAY(missing_per_deal_asks_about_the_one_left_alone_longest),
        PLAY(dates_within_count_days_of_the_rep),
        PLAY(dates_within_reach_back_too),
        PLAY(dates_within_hours_are_today),
        PLAY(dates_before_and_after_leave_the_day_out),
        PLAY(dates_after_leave_the_day_out),
        PLAY(dates_that_are_none_never_hold),
        PLAY(times_are_compared_with_days_of_the_rep),
    };
    return play_run("missing", cases, ARRAY_LEN(cases));
}
