/* The gates, in the order the rule language promises, and what each leaves behind. */
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
    "  - {id: ana, name: Ana Ruiz, team: west, crm: [A1], leave: [2026-03-10 to 2026-03-11]}\n"    \
    "  - {id: ben, name: Ben Osei, team: west, zone: Asia/Tokyo}\n"                                \
    "  - {id: solo, name: Solo Lee, zone: America/Denver}\n"                                       \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: what is next?\"}\n"      \
    "  r: {kind: skill, reader: rep, answer: text, text: \"{{deal.name}}: and then?\"}\n"          \
    "rules:\n"

#define STAGE "  - {rule: stage, about: s, when: deal.stage_changed, ask: q"

static void with(struct rig *rig, const char *rules, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {rules}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define MOVE(rig, when, who, which)                                                                \
    GIVE(rig, when, .type = EVENT_DEAL_STAGE_CHANGED, .rep = (who), .deal = (which),               \
         .to = "propose")
#define LOSE(rig, when, who, which)                                                                \
    GIVE(rig, when, .type = EVENT_DEAL_LOST, .rep = (who), .deal = (which))

static const char no_caps[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                              "open_conversations: 50, back_off_after: 100}\n";

static void decide_in_working_hours_asks(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    rig_expect(rig, "03-02 10:00 ana stage sent\n");
}

/* --- what was worked out about a person's calendar does not outlive a change of it --- */

#define FLIES(rig, when, where)                                                                    \
    GIVE(rig, when, .type = EVENT_PERSON, .chat = "ana", .zone = (where))

/* FM-D09 */
static void calendar_of_working_time_follows_the_zone(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", no_caps);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    FLIES(rig, "2026-03-02 10:30", "Asia/Tokyo");
    MOVE(rig, "2026-03-02 11:00", "ana", "D2"); /* 03:00 of the next day there */
    rig_expect(rig, "03-02 10:00 ana stage sent\n03-02 11:00 ana stage held hours\n");
}

/* FM-D09 */
static void calendar_of_the_cap_follows_the_zone(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n",
         "limits: {hours: Mon-Sun 00:00-24:00, open_conversations: 9, "
         "prompts_per_family_per_week: 9}\n");
    MOVE(rig, "2026-03-02 07:30", "ana", "D1");
    MOVE(rig, "2026-03-02 07:40", "ana", "D2");
    FLIES(rig, "2026-03-02 07:50", "Asia/Tokyo");
    MOVE(rig, "2026-03-02 17:00", "ana", "D3"); /* Tuesday there; the first was on Monday */
    rig_expect(rig, "03-02 07:30 ana stage sent\n03-02 07:40 ana stage suppressed caps\n"
                    "03-02 17:00 ana stage sent\n");
}

/* FM-D08: a zone that nobody knows, or none, is as if the chat had said nothing: the team's counts.
 */
static void zone_of_the_chat_that_is_not_known_leaves_the_teams(struct rig *rig)
{
    static const char *const names[] = {"Mars/Phobos", "", "EST5EDT4,M3.2.0,M11.1.0",
                                        "../etc/passwd", "Europe/Kiev2"};
    with(rig, HEAD STAGE "}\n", no_caps);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-03 10:%02d", (int)i + 10);
        GIVE(rig, "2026-03-03 10:05", .type = EVENT_PERSON, .chat = "ana", .zone = names[i]);
        MOVE(rig, when, "ana", *names[i] ? names[i] : "D");
    }
    MOVE(rig, "2026-03-03 10:30", "ben", "D9"); /* in Tokyo: the others are as they were */
    rig_expect(rig, "03-03 10:10 ana stage sent\n03-03 10:11 ana stage sent\n"
                    "03-03 10:12 ana stage sent\n03-03 10:13 ana stage sent\n"
                    "03-03 10:14 ana stage sent\n03-03 10:30 ben stage held hours\n");
}

static void calendar_of_the_cool_off_follows_absences(struct rig *rig)
{
    with(rig, HEAD STAGE ", quiet: drop}\n", no_caps);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_from = rig_time(rig, "2026-03-03 08:00"),
         .away_until = rig_time(rig, "2026-03-03 12:00"));
    LOSE(rig, "2026-03-02 16:55", "ana", "D1");
    MOVE(rig, "2026-03-02 17:00", "ana", "D2");
    GIVE(rig, "2026-03-03 09:00", .type = EVENT_REP_BACK, .rep = "ana");
    MOVE(rig, "2026-03-03 09:30", "ana", "D3");
    rig_expect(rig, "03-02 17:00 ana stage suppressed cool_off\n03-03 09:30 ana stage sent\n");
}

static void decide_manager_or_stranger_is_not_asked(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    MOVE(rig, "2026-03-02 10:00", "dana", "D1");
    MOVE(rig, "2026-03-02 10:01", "nobody-we-know", "D2");
    rig_expect(rig, "");
}

static void consent_paused_person_hears_nothing(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    rig_say(rig, "2026-03-02 09:00", "ana", "pause 3h");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 12:00", "ana", "D2");
    rig_expect(rig, "03-02 09:00 > ana: All right, nothing from me until Mon 2 Mar, 12:00. "
                    "Say resume to end it early.\n"
                    "03-02 10:00 ana stage suppressed consent\n"
                    "03-02 12:00 ana stage sent\n");
}

static void consent_operators_pause_and_resume_are_obeyed(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_PAUSE, .team = "west");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 10:05", "solo", "D2");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_RESUME, .rep = "ana");
    MOVE(rig, "2026-03-02 11:05", "ana", "D3");
    rig_expect(rig, "03-02 10:00 ana stage suppressed consent\n"
                    "03-02 10:05 solo stage sent\n"
                    "03-02 11:05 ana stage sent\n");
}

static void consent_left_or_gone_person_hears_nothing(struct rig *rig)
{
    with(rig, HEAD STAGE ", for: 1h}\n", NULL);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 10:00", "solo", "D2");
    GIVE(rig, "2026-03-02 10:30", .type = EVENT_REP_LEFT, .rep = "ana");
    GIVE(rig, "2026-03-02 10:31", .type = EVENT_PERSON, .chat = "solo", .gone = true);
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 11:00 ana stage suppressed consent\n"
                    "03-02 11:00 solo stage suppressed consent\n");
}

static void leave_of_people_yaml_and_of_events_suppresses(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", no_caps);
    MOVE(rig, "2026-03-10 10:00", "ana", "D1"); /* people.yaml */
    GIVE(rig, "2026-03-12 09:00", .type = EVENT_REP_AWAY, .rep = "ana",
         .away_until = rig_time(rig, "2026-03-13 12:00"));
    MOVE(rig, "2026-03-12 10:00", "ana", "D2");
    GIVE(rig, "2026-03-12 14:00", .type = EVENT_REP_BACK, .rep = "ana");
    MOVE(rig, "2026-03-12 15:00", "ana", "D3");
    rig_expect(rig, "03-10 10:00 ana stage suppressed leave\n"
                    "03-12 10:00 ana stage suppressed leave\n"
                    "03-12 15:00 ana stage sent\n");
}

static void hours_hold_drop_expire_differ(struct rig *rig)
{
    with(rig,
         HEAD STAGE ", quiet: hold}\n"
                    "  - {rule: drop, about: s, when: deal.won, ask: q, quiet: drop}\n"
                    "  - {rule: expire, about: s, when: deal.reopened, ask: q, quiet: expire}\n",
         no_caps);
    MOVE(rig, "2026-03-02 20:00", "ana", "D1");
    GIVE(rig, "2026-03-02 20:01", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    GIVE(rig, "2026-03-02 20:02", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D3");
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 20:00 ana stage held hours\n"
                    "03-02 20:01 ana drop suppressed hours\n"
                    "03-02 20:02 ana expire expired hours\n"
                    "03-03 08:30 ana stage sent\n");
}

static void hours_are_those_of_the_reps_own_zone(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    MOVE(rig, "2026-03-02 10:00", "ben", "D1"); /* 02:00 on Tuesday in Tokyo */
    rig_until(rig, "2026-03-02 17:59");
    rig_expect(rig, "03-02 10:00 ben stage held hours\n"
                    "03-02 16:30 ben stage sent\n");
}

static void hours_held_longer_than_a_working_day_expires(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", no_caps);
    MOVE(rig, "2026-03-09 20:00", "ana", "D1"); /* leave on the 10th and 11th begins */
    rig_until(rig, "2026-03-13 12:00");
    rig_expect(rig, "03-09 20:00 ana stage expired hours\n");
}

static void hours_deal_moved_on_while_held_expires(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    MOVE(rig, "2026-03-02 20:00", "ana", "D1");
    GIVE(rig, "2026-03-02 21:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 20:00 ana stage held hours\n"
                    "03-03 08:30 ana stage expired stage\n");
}

static void hours_condition_that_broke_while_held_cancels(struct rig *rig)
{
    with(rig, HEAD STAGE ", if: {deal.amount: {at_least: 1000}}}\n", NULL);
    GIVE(rig, "2026-03-02 20:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .to = "propose", .amount = 200000);
    GIVE(rig, "2026-03-02 21:00", .type = EVENT_DEAL_AMOUNT_CHANGED, .rep = "ana", .deal = "D1",
         .amount = 99999);
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 20:00 ana stage held hours\n"
                    "03-02 21:00 ana stage cancelled if\n");
}

static void cool_off_loss_in_the_afternoon_keeps_quiet_till_morning(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n  - {rule: loss, about: s, when: deal.lost, ask: r, inhibit: stage}\n",
         NULL);
    MOVE(rig, "2026-03-02 16:50", "ana", "D2");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 16:51", "ana", "skip", NULL);
    strbuf_clear(&rig->lines);
    LOSE(rig, "2026-03-03 16:55", "ana", "D1");
    MOVE(rig, "2026-03-03 17:30", "ana", "D3");
    rig_until(rig, "2026-03-04 12:00");
    rig_expect(rig, "03-03 16:55 ana loss held cool_off\n"
                    "03-03 17:30 ana stage held cool_off\n"
                    "03-04 08:30 ana loss sent\n"
                    "03-04 08:30 ana stage suppressed conversation\n");
}

/* Where decisions are only counted the open gates are not noted: the one that shuts is the same. */
static void counted_decisions_end_at_the_same_gates(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n  - {rule: loss, about: s, when: deal.lost, ask: r, inhibit: stage}\n",
         NULL);
    rig->step.wordless = true;
    MOVE(rig, "2026-03-02 16:50", "ana", "D2");
    MOVE(rig, "2026-03-02 16:52", "ana", "D3");
    assert_int_equal(rig->step.intents[0].note.gate_count, 1);
    rig_click(rig, "2026-03-02 16:53", "ana", "skip", NULL);
    MOVE(rig, "2026-03-02 16:54", "ana", "D3");
    LOSE(rig, "2026-03-03 16:55", "ana", "D1");
    rig_until(rig, "2026-03-04 12:00");
    MOVE(rig, "2026-03-04 13:00", "ana", "D3");
    rig_expect(rig, "03-02 16:50 ana stage sent\n"
                    "03-02 16:52 ana stage suppressed conversation\n"
                    "03-02 16:53 ~ ana: D2: what is next?\n\nSkipped. That is fine.\n"
                    "03-02 16:54 ana stage suppressed caps\n"
                    "03-03 16:55 ana loss held cool_off\n"
                    "03-04 08:30 ana loss sent\n"
                    "03-04 13:00 ana stage suppressed conversation\n");
}

static void cool_off_over_a_weekend_and_change_of_clocks_ends_monday(struct rig *rig)
{
    with(rig, HEAD "  - {rule: loss, about: s, when: deal.lost, ask: r}\n", NULL);
    LOSE(rig, "2026-03-06 17:59", "ana", "D1"); /* Friday; the clocks change on Sunday */
    rig_until(rig, "2026-03-09 12:00");
    rig_expect(rig, "03-06 17:59 ana loss held cool_off\n03-09 08:30 ana loss sent\n");
}

static void cool_off_can_be_switched_off(struct rig *rig)
{
    with(rig, HEAD "  - {rule: loss, about: s, when: deal.lost, ask: r}\n",
         "limits: {cool_off: false}\n");
    LOSE(rig, "2026-03-03 16:55", "ana", "D1");
    rig_expect(rig, "03-03 16:55 ana loss sent\n");
}

static void cool_off_holds_reminders_and_snoozes_back(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", NULL);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    rig_click(rig, "2026-03-02 15:30", "ana", "later", NULL); /* for 17:30 */
    LOSE(rig, "2026-03-02 17:00", "ana", "D2");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-03 09:00");
    rig_expect(rig, "03-03 08:30 > ana: You asked me to come back to this:\nD1: what is next?\n");
    rig_click(rig, "2026-03-03 09:00", "ana", "skip", NULL);
    MOVE(rig, "2026-03-04 10:00", "ana", "D3");
    strbuf_clear(&rig->lines);
    LOSE(rig, "2026-03-05 09:30", "ana", "D4"); /* the reminder is due at 10:00 */
    rig_until(rig, "2026-03-05 18:00");
    rig_expect(rig, "");
}

static void conversation_one_open_question_refuses_the_next(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", "limits: {prompts_per_day: 9}\n");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 11:00", "ana", "D2");
    rig_click(rig, "2026-03-02 11:30", "ana", "skip", NULL);
    MOVE(rig, "2026-03-02 12:00", "ana", "D3");
    rig_expect(rig, "03-02 10:00 ana stage sent\n"
                    "03-02 11:00 ana stage suppressed conversation\n"
                    "03-02 11:30 ~ ana: D1: what is next?\n\nSkipped. That is fine.\n"
                    "03-02 12:00 ana stage sent\n");
}

static void caps_one_a_day_by_the_reps_own_calendar(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n",
         "limits: {open_conversations: 9, prompts_per_family_per_week: 9, "
         "hours: Mon-Sun 00:00-24:00}\n");
    MOVE(rig, "2026-03-02 07:30", "ben", "D1"); /* 23:30 in Tokyo */
    MOVE(rig, "2026-03-02 08:30", "ben", "D2"); /* 00:30 on the next day there */
    MOVE(rig, "2026-03-02 23:00", "ben", "D3");
    MOVE(rig, "2026-03-02 23:10", "ana", "D4");
    MOVE(rig, "2026-03-03 00:10", "ana", "D5");
    rig_expect(rig, "03-02 07:30 ben stage sent\n"
                    "03-02 08:30 ben stage sent\n"
                    "03-02 23:00 ben stage suppressed caps\n"
                    "03-02 23:10 ana stage sent\n"
                    "03-03 00:10 ana stage sent\n");
}

static void caps_three_of_a_family_a_week_and_monday_begins_anew(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", "limits: {open_conversations: 9}\n");
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-03 10:00", "ana", "D2");
    MOVE(rig, "2026-03-04 10:00", "ana", "D3");
    strbuf_clear(&rig->lines); /* reminders come between */
    MOVE(rig, "2026-03-05 10:30", "ana", "D4");
    assert_non_null(strstr(strbuf_text(&rig->lines), "03-05 10:30 ana stage suppressed caps\n"));
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-09 08:45");
    strbuf_clear(&rig->lines);
    GIVE(rig, "2026-03-09 08:50", .type = EVENT_CLICKED, .chat = "ana", .message = rig->last_key,
         .button = "less");
    strbuf_clear(&rig->lines);
    MOVE(rig, "2026-03-09 09:00", "ana", "D5");
    rig_expect(rig, "03-09 09:00 ana stage sent\n");
}

static void caps_message_to_the_manager_is_none_to_the_rep(struct rig *rig)
{
    with(rig,
         HEAD STAGE
         "}\n  - {rule: boss, about: s, when: deal.won, ask: r, to: manager, quiet: hold}\n",
         NULL);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    MOVE(rig, "2026-03-02 11:00", "ana", "D2");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_DEAL_WON, .rep = "ben", .deal = "D3");
    rig_expect(rig, "03-02 10:00 ana boss sent\n"
                    "03-02 11:00 ana stage sent\n"
                    "03-02 12:00 ben boss suppressed conversation\n");
}

static void limit_per_deal_day_week_month_are_counted_apart(struct rig *rig)
{
    with(rig,
         HEAD
         "  - {rule: deal, about: s, when: deal.stage_changed, ask: q, limit: 1 per deal}\n"
         "  - {rule: month, about: s, when: deal.won, ask: q, limit: [1 per day, 2 per month]}\n"
         "  - {rule: week, about: s, when: deal.reopened, ask: q, limit: 1 per week}\n",
         no_caps);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    MOVE(rig, "2026-03-02 11:00", "ana", "D1");
    MOVE(rig, "2026-03-02 12:00", "ana", "D2");
    rig_expect(rig, "03-02 10:00 ana deal sent\n"
                    "03-02 11:00 ana deal suppressed limit\n"
                    "03-02 12:00 ana deal sent\n");
    const char *won[] = {"2026-03-02 13:00", "2026-03-02 14:00", "2026-03-03 09:00",
                         "2026-03-04 09:00", "2026-04-01 09:00"};
    const char *outcome[] = {"sent", "suppressed limit", "sent", "suppressed limit", "sent"};
    for (int i = 0; i < 5; i++) {
        char want[64];
        rig_until(rig, won[i]);
        strbuf_clear(&rig->lines);
        GIVE(rig, won[i], .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D9");
        (void)snprintf(want, sizeof(want), "%.5s %.5s ana month %s\n", won[i] + 5, won[i] + 11,
                       outcome[i]);
        rig_expect(rig, want);
    }
}

static void cooldown_reaches_beyond_the_month(struct rig *rig)
{
    with(rig, HEAD STAGE ", cooldown: 60d}\n  - {rule: won, about: s, when: deal.won, ask: r}\n",
         no_caps);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    GIVE(rig, "2026-04-20 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-04-20 10:10", "ana", "skip", NULL);
    strbuf_clear(&rig->lines);
    MOVE(rig, "2026-04-21 10:00", "ana", "D3"); /* 50 days later */
    MOVE(rig, "2026-05-01 10:59", "ana", "D3"); /* the summer's clock is an hour ahead */
    MOVE(rig, "2026-05-01 11:00", "ana", "D3");
    rig_expect(rig, "04-21 10:00 ana stage suppressed cooldown\n"
                    "05-01 10:59 ana stage suppressed cooldown\n"
                    "05-01 11:00 ana stage sent\n");
}

static void inhibit_stronger_rule_that_waits_or_spoke_silences(struct rig *rig)
{
    with(rig,
         HEAD STAGE ", quiet: hold}\n"
                    "  - {rule: loss, about: s, when: deal.lost, ask: r, inhibit: [stage]}\n",
         no_caps);
    MOVE(rig, "2026-03-03 19:00", "ana", "D1");
    LOSE(rig, "2026-03-03 20:00", "ana", "D1");
    MOVE(rig, "2026-03-03 21:00", "ana", "D1"); /* reopened, so to speak: still silenced */
    MOVE(rig, "2026-03-03 21:30", "ana", "D2"); /* another deal is not */
    rig_until(rig, "2026-03-04 09:00");
    rig_expect(rig, "03-03 19:00 ana stage held hours\n"
                    "03-03 20:00 ana stage cancelled inhibit\n"
                    "03-03 20:00 ana loss held hours\n"
                    "03-03 21:00 ana stage held hours\n"
                    "03-03 21:30 ana stage held hours\n"
                    "03-04 08:30 ana loss expired stage\n"
                    "03-04 08:30 ana stage sent\n"
                    "03-04 08:30 ana stage suppressed priority\n");
}

static void priority_the_highest_speaks_alone(struct rig *rig)
{
    with(rig,
         HEAD STAGE
         "}\n  - {rule: a-low, about: s, when: deal.stage_changed, ask: r, priority: -1}\n"
         "  - {rule: high, about: s, when: deal.stage_changed, ask: r, priority: 5}\n"
         "  - {rule: news, about: s, when: deal.stage_changed, class: alert, "
         "tell: \"{{deal.name}} has moved.\"}\n",
         no_caps);
    MOVE(rig, "2026-03-02 10:00", "ana", "D1");
    rig_expect(rig, "03-02 10:00 ana high sent\n"
                    "03-02 10:00 ana news sent\n"
                    "03-02 10:00 ana stage suppressed priority\n"
                    "03-02 10:00 ana a-low suppressed priority\n");
}

/* FM-F05 */
static void late_event_decides_nothing_and_an_old_one_leaves_no_note(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", no_caps);
    struct event move = {
        .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1", .to = "propose"};
    rig_late(rig, "2026-03-12 10:00", "2026-03-13 10:00", move);
    rig_late(rig, "2026-03-12 10:29", "2026-03-13 10:30", move);
    rig_late(rig, "2026-03-06 09:00", "2026-03-13 11:01", move);
    rig_expect(rig, "03-13 10:00 ana stage sent\n"
                    "03-13 10:30 ana stage expired late\n");
}

static void late_event_repeated_after_days_decides_nothing(struct rig *rig)
{
    with(rig, HEAD STAGE "}\n", no_caps);
    struct event move = {.type = EVENT_DEAL_STAGE_CHANGED,
                         .id = "once",
                         .rep = "ana",
                         .deal = "D1",
                         .to = "propose"};
    rig_late(rig, "2026-03-12 10:00", NULL, move);
    rig_late(rig, "2026-03-12 10:00", "2026-03-12 11:00", move);
    rig_late(rig, "2026-03-12 10:00", "2026-03-17 11:00", move);
    assert_non_null(strstr(strbuf_text(&rig->lines), "03-12 10:00 ana stage sent\n"));
    assert_null(strstr(strbuf_text(&rig->lines), "03-12 11:00"));
    assert_null(strstr(strbuf_text(&rig->lines), "03-17 11:00"));
}

static void receiver_without_a_manager_is_noted(struct rig *rig)
{
    with(rig, HEAD "  - {rule: boss, about: s, when: deal.won, ask: r, to: manager}\n", NULL);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_WON, .rep = "solo", .deal = "D1");
    rig_expect(rig, "03-02 10:00 solo boss suppressed receiver\n");
}

static void receiver_follows_a_rep_into_another_team(struct rig *rig)
{
    with(rig, HEAD "  - {rule: boss, about: s, when: deal.won, ask: r, to: manager}\n", NULL);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_WON, .rep = "solo", .deal = "D1");
    GIVE(rig, "2026-03-02 10:30", .type = EVENT_REP_JOINED, .rep = "solo", .team = "west");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_WON, .rep = "solo", .deal = "D2");
    rig_expect(rig, "03-02 10:00 solo boss suppressed receiver\n"
                    "03-02 11:00 solo boss sent\n");
}

int main(void)
{
    const struct play_case cases[] = {
        PLAY(decide_in_working_hours_asks),
        PLAY(calendar_of_working_time_follows_the_zone),
        PLAY(calendar_of_the_cap_follows_the_zone),
        PLAY(zone_of_the_chat_that_is_not_known_leaves_the_teams),
        PLAY(calendar_of_the_cool_off_follows_absences),
        PLAY(decide_manager_or_stranger_is_not_asked),
        PLAY(consent_paused_person_hears_nothing),
        PLAY(consent_operators_pause_and_resume_are_obeyed),
        PLAY(consent_left_or_gone_person_hears_nothing),
        PLAY(leave_of_people_yaml_and_of_events_suppresses),
        PLAY(hours_hold_drop_expire_differ),
        PLAY(hours_are_those_of_the_reps_own_zone),
        PLAY(hours_held_longer_than_a_working_day_expires),
        PLAY(hours_deal_moved_on_while_held_expires),
        PLAY(hours_condition_that_broke_while_held_cancels),
        PLAY(cool_off_loss_in_the_afternoon_keeps_quiet_till_morning),
        PLAY(counted_decisions_end_at_the_same_gates),
        PLAY(cool_off_over_a_weekend_and_change_of_clocks_ends_monday),
        PLAY(cool_off_can_be_switched_off),
        PLAY(cool_off_holds_reminders_and_snoozes_back),
        PLAY(conversation_one_open_question_refuses_the_next),
        PLAY(caps_one_a_day_by_the_reps_own_calendar),
        PLAY(caps_three_of_a_family_a_week_and_monday_begins_anew),
        PLAY(caps_message_to_the_manager_is_none_to_the_rep),
        PLAY(limit_per_deal_day_week_month_are_counted_apart),
        PLAY(cooldown_reaches_beyond_the_month),
        PLAY(inhibit_stronger_rule_that_waits_or_spoke_silences),
        PLAY(priority_the_highest_speaks_alone),
        PLAY(late_event_decides_nothing_and_an_old_one_leaves_no_note),
        PLAY(late_event_repeated_after_days_decides_nothing),
        PLAY(receiver_without_a_manager_is_noted),
        PLAY(receiver_follows_a_rep_into_another_team),
    };
    return play_run("decide", cases, ARRAY_LEN(cases));
}
