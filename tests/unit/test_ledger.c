/* The ledger: what managers did for their people, counted act by act, and what reps say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/ledger_csv.h"
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "  - {id: east, name: East, manager: eve, zone: America/Denver}\n"                             \
    "  - {id: leads, name: Leads, manager: vera, zone: America/Denver}\n"                          \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west, crm: [\"005A1\"]}\n"                                \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: cleo, name: Cleo Park, team: west}\n"                                                \
    "  - {id: dan, name: Dan Wu, team: west}\n"                                                    \
    "  - {id: fay, name: Fay Bell, team: west}\n"                                                  \
    "  - {id: gil, name: Gil Moss, team: east}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, team: leads}\n"                              \
    "  - {id: eve, name: Eve Stone, role: manager, team: leads}\n"                                 \
    "  - {id: vera, name: Vera Holm, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"                     \
    "  worth: {kind: skill, reader: group, topic: one_to_one, answer: scale 1-5, text: \"From 1 "  \
    "to 5, how useful was it for you?\"}\n"                                                        \
    "rules:\n"

static void begin(struct rig *rig, const char *rules)
{
    struct strbuf plugin = {0};
    strbuf_printf(&plugin, "%s%s", HEAD, rules);
    struct rig_text text = {.people = PEOPLE, .plugins = {strbuf_text(&plugin)}};
    rig_init(rig, &text, "2026-03-01 00:00");
    strbuf_done(&plugin);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define NO_RULE                                                                                    \
    "  - {rule: r, about: a, when: deal.reopened, tell: \"A deal of yours is open again.\"}\n"
#define SALES_RULE                                                                                 \
    "  - {rule: sales, about: a, when: {event: activity.logged, kind: meeting}, ask: idea}\n"      \
    "  - {rule: ahead, about: a, before: {event: activity.planned, kind: meeting, by: 2h}, ask: "  \
    "idea}\n"

static bool has(const struct rig *rig, const char *line)
{
    return strstr(strbuf_text(&rig->lines), line) != NULL;
}

static void expect_line(struct rig *rig, const char *line)
{
    if (!has(rig, line))
        fail_msg("wanted: %s\ngot:\n%s", line, strbuf_text(&rig->lines));
}

static void met(struct rig *rig, const char *when, const char *rep, const char *with,
                const char *topic, int minutes)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = rep, .kind = "meeting", .with = with,
         .topic = topic, .duration_s = minutes * 60);
}

static void plan(struct rig *rig, const char *when, const char *activity, const char *due,
                 const char *outcome)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_PLANNED, .rep = "dana", .kind = "meeting", .with = "ben",
         .activity = activity, .due = rig_time(rig, due), .outcome = outcome);
}

static void ask_ledger(struct rig *rig, const char *when, const char *who)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    rig_say(rig, when, who, "ledger");
}

/* The scripted month of Dana: what stands on the right is counted by hand. */
static void march(struct rig *rig)
{
    met(rig, "2026-03-02 09:00", "dana", "ana", "one_to_one", 30);      /* 1 one-to-one */
    met(rig, "2026-03-02 10:00", "ben", "dana", NULL, 25);              /* 2 */
    met(rig, "2026-03-03 09:00", "dana", "005A1", "Call review", 20);   /* 1 call review */
    met(rig, "2026-03-03 09:00", "ana", "dana", "call_review", 20);     /* the same once more */
    met(rig, "2026-03-04 11:00", "dana", "cleo", "joint-planning", 45); /* 1 joint plan */
    met(rig, "2026-03-05 11:00", "dana", "west", NULL, 60);             /* 1 team meeting */
    met(rig, "2026-03-06 11:00", "dana", "gil", "one_to_one", 30);      /* of another team */
    met(rig, "2026-03-06 12:00", "ana", "ben", "one_to_one", 30);       /* two reps */
    met(rig, "2026-03-06 13:00", "eve", "gil", "one_to_one", 30);       /* another manager's */
    met(rig, "2026-03-09 09:00", "dana", "dan", "career talk", 50);     /* 1 career talk */
    met(rig, "2026-03-10 09:00", "dana", "fay", "1:1", 30);             /* 3 */
    GIVE(rig, "2026-03-10 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "meeting",
         .with = "ana", .outcome = "no_show", .duration_s = 1800); /* nobody came */
    GIVE(rig, "2026-03-10 11:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "meeting",
         .with = "ana", .automated = true, .duration_s = 1800); /* a machine's */
    GIVE(rig, "2026-03-10 12:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "call",
         .with = "ana", .duration_s = 1800); /* any call */
}

/* A14: the ledger equals a hand count of a scripted month */
static void ledger_equals_a_hand_count_of_a_month(struct rig *rig)
{
    begin(rig, NO_RULE);
    met(rig, "2026-03-01 23:00", "dana", "ana", NULL, 7); /* a Sunday, of March all the same */
    march(rig);
    ask_ledger(rig, "2026-03-11 09:00", "dana");
    rig_expect(rig,
               "03-11 09:00 > dana: Your own coaching, for your eyes only.\n"
               "This week: 1 one-to-one, 1 career talk; 80 minutes.\n"
               "This month so far: 4 one-to-ones, 1 call review, 1 joint plan, 1 career talk, 1 "
               "team meeting; 267 minutes.\n"
               "Kept: nothing was planned this month up to now.\n"
               "Rated by reps last month: not shown. It takes ratings from at least five "
               "people in a month.\n");
    ask_ledger(rig, "2026-04-01 09:00", "dana");
    expect_line(rig, "This month so far: nothing on record yet.");
}

/* B87: the minutes equal the sum of the scripted calendar, and rules can hold them to a target */
static void minutes_equal_the_calendar_and_meet_a_target(struct rig *rig)
{
    begin(rig, "  - {rule: time, about: a, every: Friday at 12:00, to: manager, if: "
               "{coaching.minutes: {under: 180}}, tell: \"So far this week: "
               "{{coaching.minutes|no}} minutes.\"}\n");
    march(rig);
    /* 30 + 25 + 20 + 45 + 60 are 180 by Friday noon; Eve's comes later that day */
    expect_line(rig, "03-06 12:00 eve time sent\n03-06 12:00 vera time sent\n");
    assert_false(has(rig, "dana time sent"));
    rig_until(rig, "2026-03-13 12:00");
    expect_line(rig, "03-13 12:00 dana time sent");
}

/* What is planned and what was held of it meet, whichever is heard of first. */
static void what_was_planned_is_kept_or_not(struct rig *rig)
{
    begin(rig, NO_RULE);
    plan(rig, "2026-03-02 08:00", "M1", "2026-03-03 10:00", NULL); /* held below */
    plan(rig, "2026-03-02 08:01", "M2", "2026-03-03 11:00", NULL); /* never held */
    plan(rig, "2026-03-02 08:02", "M3", "2026-03-03 12:00", NULL); /* called off */
    plan(rig, "2026-03-02 08:03", "M4", "2026-03-12 12:00", NULL); /* still to come */
    plan(rig, "2026-03-02 08:04", NULL, "2026-03-04 10:00", NULL); /* no id: held half an hour on */
    plan(rig, "2026-03-02 08:05", "M3", "2026-03-03 12:00", "cancelled");
    GIVE(rig, "2026-03-03 10:05", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "meeting",
         .with = "ben", .activity = "M1", .duration_s = 1500);
    met(rig, "2026-03-04 10:30", "dana", "ben", NULL, 15);
    rig_late(rig, "2026-03-02 07:00", "2026-03-05 09:00", /* heard of late, and older */
             (struct event){.type = EVENT_ACTIVITY_PLANNED,
                            .rep = "dana",
                            .kind = "meeting",
                            .with = "ben",
                            .activity = "M1",
                            .due = rig_time(rig, "2026-03-03 09:00")});
    ask_ledger(rig, "2026-03-05 09:30", "dana");
    expect_line(rig, "This month so far: 2 one-to-ones; 40 minutes.");
    expect_line(rig, "Kept: 2 of the 3 that were planned up to now this month.");
}

static void one_to_one_is_no_customer_meeting(struct rig *rig)
{
    begin(rig, SALES_RULE);
    met(rig, "2026-03-02 09:00", "ana", "dana", NULL, 30);
    plan(rig, "2026-03-02 09:30", "M1", "2026-03-03 12:00", NULL);
    rig_until(rig, "2026-03-03 13:00");
    rig_expect(rig, "");
    GIVE(rig, "2026-03-03 14:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "meeting");
    rig_expect(rig, "03-03 14:00 ana sales sent\n");
}

/* A8: a manager with none of five acts is asked, and the reps' side does not notice */
static void manager_without_acts_is_asked_and_reps_are_not(struct rig *rig)
{
    begin(rig, "  - {rule: own, about: a, every: Thursday at 10:00, to: manager, if: "
               "{coaching.acts: {under: 5}, rep.leads: reps}, ask: idea}\n"
               "  - {rule: reps, about: a, every: Thursday at 10:00, ask: idea}\n");
    march(rig);
    rig_until(rig, "2026-03-05 10:30"); /* Dana has four by then; Eve none; Vera leads managers */
    assert_true(has(rig, "03-05 10:00 dana own sent") && has(rig, "03-05 10:00 eve own sent"));
    assert_false(has(rig, "vera own"));
    assert_true(has(rig, "03-05 10:00 ana reps sent") && has(rig, "03-05 10:00 gil reps sent"));
    strbuf_clear(&rig->lines);
    met(rig, "2026-03-16 11:00", "dana", "ana", NULL, 30);
    met(rig, "2026-03-16 12:00", "dana", "ben", NULL, 30);
    met(rig, "2026-03-17 11:00", "dana", "cleo", "call_review", 30);
    met(rig, "2026-03-17 12:00", "dana", "dan", NULL, 30);
    met(rig, "2026-03-18 11:00", "dana", "west", NULL, 30);
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-19 10:30");
    assert_false(has(rig, "dana own")); /* five of five */
    assert_true(has(rig, "eve own"));
}

static void ledger_takes_what_the_manager_says(struct rig *rig)
{
    begin(rig, NO_RULE);
    rig_say(rig, "2026-03-02 09:00", "dana", "ledger one-to-one Ana 30m");
    rig_say(rig, "2026-03-02 09:01", "dana", "Ledger call review Ben Osei");
    rig_say(rig, "2026-03-02 09:02", "dana", "ledger team meeting 1h");
    rig_say(rig, "2026-03-02 09:03", "dana", "ledger one-to-one Gil 30m");
    rig_say(rig, "2026-03-02 09:04", "dana", "ledger lunch Ana");
    rig_say(rig, "2026-03-02 09:05", "dana", "ledger one-to-one");
    rig_say(rig, "2026-03-02 09:06", "dana", "ledger one-to-one Ana 2d");
    rig_say(rig, "2026-03-02 09:07", "ana", "ledger");
    rig_expect(
        rig,
        "03-02 09:00 > dana: Noted: one-to-one with Ana Ruiz, 30 minutes.\n"
        "03-02 09:01 > dana: Noted: call review with Ben Osei.\n"
        "03-02 09:02 > dana: Noted: team meeting, 60 minutes.\n"
        "03-02 09:03 > dana: I do not find “Gil” in your team. You lead: Ana Ruiz, "
        "Ben Osei, Cleo Park, Dan Wu, Fay Bell.\n"
        "03-02 09:04 > dana: Tell me what it was, with whom, and how long, for example: ledger "
        "one-to-one Ana 30m. I know one-to-one, call review, joint plan, career talk and team "
        "meeting.\n"
        "03-02 09:05 > dana: Tell me what it was, with whom, and how long, for example: ledger "
        "one-to-one Ana 30m. I know one-to-one, call review, joint plan, career talk and team "
        "meeting.\n"
        "03-02 09:06 > dana: That is longer than a day. For example: ledger one-to-one Ana 30m.\n"
        "03-02 09:07 > ana: “ledger” is for managers. Say help to see what I can do for you.\n");
    ask_ledger(rig, "2026-03-02 10:00", "dana");
    expect_line(rig, "This week: 1 one-to-one, 1 call review, 1 team meeting; 90 minutes.");
    met(rig, "2026-03-02 10:01", "dana", "ana", "career_talk", 10); /* of the calendar: it stays */
    rig_say(rig, "2026-03-02 10:02", "dana", "ledger undo");
    rig_say(rig, "2026-03-02 10:03", "eve", "ledger undo");
    expect_line(rig, "10:02 > dana: Taken out again: team meeting.\n"
                     "03-02 10:03 > eve: There is nothing of yours that I could take out again.");
    ask_ledger(rig, "2026-03-02 11:00", "dana");
    expect_line(rig, "This week: 1 one-to-one, 1 call review, 1 career talk; 40 minutes.");
}

/* --- what reps say of it --- */

#define RATE                                                                                       \
    "  - {rule: rate, about: a, when: {event: activity.logged, topic: one_to_one}, ask: worth}\n"

static void rate(struct rig *rig, const char *when, const char *then, const char *rep,
                 const char *answer)
{
    met(rig, when, "dana", rep, "one_to_one", 30);
    rig_click(rig, then, rep, "answer", answer);
}

/* Four of them: 5 + 4 + 4 + 3. */
static void four_ratings(struct rig *rig)
{
    rate(rig, "2026-03-02 09:00", "2026-03-02 09:10", "ana", "5");
    rate(rig, "2026-03-02 10:00", "2026-03-02 10:10", "ben", "4");
    rate(rig, "2026-03-03 09:00", "2026-03-03 09:10", "cleo", "4");
    rate(rig, "2026-03-03 10:00", "2026-03-03 10:10", "dan", "3");
}

/* A15: with fewer than five ratings nothing is shown, with five the exact mean */
static void ratings_are_shown_from_five_people_on_exactly(struct rig *rig)
{
    begin(rig, RATE);
    four_ratings(rig);
    rate(rig, "2026-03-24 09:00", "2026-03-24 09:10", "dan", "2"); /* the latest of each counts */
    ask_ledger(rig, "2026-04-01 09:00", "dana");
    expect_line(rig, "Rated by reps last month: not shown.");
    rate(rig, "2026-04-02 09:00", "2026-04-02 09:10", "fay", "5"); /* five, but in two months */
    ask_ledger(rig, "2026-04-02 10:00", "dana");
    expect_line(rig, "Rated by reps last month: not shown.");
}

static void five_ratings_make_an_exact_mean(struct rig *rig)
{
    begin(rig, RATE);
    four_ratings(rig);
    rate(rig, "2026-03-24 09:00", "2026-03-24 09:10", "fay", "2");
    ask_ledger(rig, "2026-03-25 09:00", "dana");
    assert_false(has(rig, "3.60"));              /* the month is not over */
    ask_ledger(rig, "2026-04-01 09:00", "dana"); /* 5 + 4 + 4 + 3 + 2 = 18, of five */
    expect_line(rig, "Rated by reps last month: 3.60 on a scale from 1 to 5, by 5 people.");
    ask_ledger(rig, "2026-04-01 10:00", "eve"); /* nobody rated her */
    expect_line(rig, "Rated by reps last month: not shown.");
}

/* B37: the weekly question to the manager, and a rating with one tap that nobody can single out */
static void rating_is_one_tap_that_stays_as_it_was(struct rig *rig)
{
    begin(rig, RATE);
    rig->full = true;
    met(rig, "2026-03-02 09:00", "dana", "ana", "one_to_one", 30);
    expect_line(rig, "Nobody sees your answer by itself. It only counts in a figure of five people "
                     "or more.");
    rig->full = false;
    rig_click(rig, "2026-03-02 09:10", "ana", "answer", "4");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 09:20", "ana", "answer", "1");
    rig_expect(rig, "03-02 09:20 > ana: Your answer is counted already, without your name, so it "
                    "stays as it was. Thank you for it.\n");
    ask_ledger(rig, "2026-03-02 10:00", "dana");
    assert_false(has(rig, "4.00"));
}

/* B88: what was kept and what reps say of it are two figures, and neither changes the other */
static void kept_and_rated_are_two_figures(struct rig *rig)
{
    begin(rig, RATE);
    four_ratings(rig);
    rate(rig, "2026-03-24 09:00", "2026-03-24 09:10", "fay", "2");
    plan(rig, "2026-04-01 08:00", "M1", "2026-04-01 12:00", NULL);
    plan(rig, "2026-04-01 08:00", "M2", "2026-04-01 13:00", NULL);
    ask_ledger(rig, "2026-04-02 09:00", "dana");
    expect_line(rig, "Kept: 0 of the 2 that were planned up to now this month.\n"
                     "Rated by reps last month: 3.60 on a scale from 1 to 5, by 5 people.\n");
    rig_late(rig, "2026-04-01 12:00", "2026-04-02 09:10",
             (struct event){.type = EVENT_ACTIVITY_LOGGED,
                            .rep = "dana",
                            .kind = "meeting",
                            .with = "ben",
                            .activity = "M1"});
    ask_ledger(rig, "2026-04-02 10:00", "dana");
    expect_line(rig, "Kept: 1 of the 2 that were planned up to now this month.\n"
                     "Rated by reps last month: 3.60 on a scale from 1 to 5, by 5 people.\n");
}

/* B50: the export equals the ledger, and does nothing by itself */
static void export_equals_the_ledger(struct rig *rig)
{
    struct strbuf csv = {0};
    int64_t minutes = 0, acts = 0;
    begin(rig, RATE);
    march(rig);
    plan(rig, "2026-03-10 13:00", "M1", "2026-03-12 10:00", NULL);
    rig_click(rig, "2026-03-10 14:00", "fay", "answer", "4"); /* a rating is never exported */
    core_ledger_csv(rig->core, rig_time(rig, "2026-03-05 00:00"), MSEC_NEVER, &csv);
    assert_string_equal(strbuf_text(&csv), "manager,act,planned,held,minutes,called_off\n"
                                           "dana,team_meeting,,2026-03-05T18:00:00Z,60,no\n"
                                           "eve,one_to_one,,2026-03-06T20:00:00Z,30,no\n"
                                           "dana,career_talk,,2026-03-09T15:00:00Z,50,no\n"
                                           "dana,one_to_one,,2026-03-10T15:00:00Z,30,no\n"
                                           "dana,one_to_one,2026-03-10T16:00:00Z,,0,yes\n"
                                           "dana,one_to_one,2026-03-12T16:00:00Z,,0,no\n");
    strbuf_clear(&csv);
    core_ledger_csv(rig->core, 0, MSEC_NEVER, &csv);
    for (const char *line = strbuf_text(&csv); (line = strchr(line, '\n')) && *++line;) {
        const char *off = strstr(line, ",no\n"), *count = off;
        if (!str_starts(line, "dana,") || !off || off > strchr(line, '\n'))
            continue;
        while (count[-1] != ',')
            count--;
        minutes += strtoll(count, NULL, 10);
        acts += *count != '0';
    }
    ask_ledger(rig, "2026-03-11 09:00", "dana");
    char sums[64];
    (void)snprintf(sums, sizeof(sums), "; %lld minutes.\nKept", (long long)minutes);
    expect_line(rig, sums);
    assert_int_equal(acts, 7); /* 3 one-to-ones, and one of each other kind */
    strbuf_done(&csv);
}

/* A8: what a manager does is logged in a line, about somebody or somebody's deal, and counts for
 * the manager's own goals as a rep's calls do */
static void managers_log_and_set_goals_of_all_their_acts(struct rig *rig)
{
    begin(rig, NO_RULE);
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .rep = "ben", .deal = "D1",
         .stage = "discover", .deal_name = "Acme rollout", .account = "Acme");
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .rep = "gil", .deal = "D2",
         .stage = "discover", .deal_name = "Birchwood");
    static const struct {
        const char *said, *reply;
    } lines[] = {
        {"log a call review with Ana 30m", "Noted: call review with Ana Ruiz, 30 minutes."},
        {"log call review Acme", "Noted: call review with Ben Osei."},
        {"log career talk Cleo", "Noted: career talk with Cleo Park."},
        {"log joint plan dan 45m", "Noted: joint plan with Dan Wu, 45 minutes."},
        {"log team meeting 60m", "Noted: team meeting, 60 minutes."},
        {"log one-to-one Fay", "Noted: one-to-one with Fay Bell."},
        {"log call review Birchwood", "Birchwood"}, /* nobody of this team */
        {"log call review", "with whom, and how long, for example"},
        {"log sunshine", "What did you do? For example: log call review Ana 30m"},
        {"goals 3 call reviews a week", "1. 3 call reviews a week (your own)"},
        {"goals", "This week: 3 call reviews. 2 done, 1 to go."},
        {"goals 2 career talks a week", "2 career talks"},
        {"goals", "This week: 2 career talks. 1 done, 1 to go."},
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        strbuf_clear(&rig->lines);
        rig_say(rig, "2026-03-02 10:00", "dana", lines[i].said);
        if (!has(rig, lines[i].reply))
            fail_msg("%s: wanted %s, got:\n%s", lines[i].said, lines[i].reply,
                     strbuf_text(&rig->lines));
    }
    ask_ledger(rig, "2026-03-02 11:00", "dana");
    expect_line(rig, "This week: 1 one-to-one, 2 call reviews, 1 joint plan, 1 career talk, 1 team "
                     "meeting; 135 minutes.");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 11:10", "ben", "log call review Acme"); /* a rep's own: a call */
    assert_false(has(rig, "Noted"));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(ledger_equals_a_hand_count_of_a_month),
        PLAY(minutes_equal_the_calendar_and_meet_a_target),
        PLAY(what_was_planned_is_kept_or_not),
        PLAY(one_to_one_is_no_customer_meeting),
        PLAY(manager_without_acts_is_asked_and_reps_are_not),
        PLAY(ledger_takes_what_the_manager_says),
        PLAY(ratings_are_shown_from_five_people_on_exactly),
        PLAY(five_ratings_make_an_exact_mean),
        PLAY(rating_is_one_tap_that_stays_as_it_was),
        PLAY(kept_and_rated_are_two_figures),
        PLAY(export_equals_the_ledger),
        PLAY(managers_log_and_set_goals_of_all_their_acts),
    };
    return play_run("ledger", cases, ARRAY_LEN(cases));
}
