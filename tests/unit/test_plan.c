/* If-then plans: how they are read, their moments, what came of them, practice, restarts. */
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
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define BOOK                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  free: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                  \
    "  one: {kind: skill, reader: rep, answer: text, keep: practice, text: \"Which one?\"}\n"      \
    "  own: {kind: skill, reader: rep, answer: text, keep: plan, text: \"When, then?\"}\n"         \
    "  how: {kind: skill, reader: rep, answer: \"choice [by itself, with help, no]\",\n"           \
    "        keep: tried, text: \"How was it?\"}\n"                                                \
    "rules:\n"                                                                                     \
    "  - {rule: ask, about: s, when: deal.reopened, ask: free}\n"                                  \
    "  - {rule: train, about: s, when: training.completed, ask: one}\n"                            \
    "  - {rule: planned, about: s, when: content.shared, ask: own}\n"                              \
    "  - {rule: how, about: s, when: plan.practice, ask: how, reminders: false}\n"                 \
    "  - {rule: cue, about: s, when: plan.cue, tell: \"{{plan.words}}\", class: alert}\n"          \
    "  - {rule: walk, about: s, when: plan.rehearsal, tell: \"{{plan.words}}\", class: alert}\n"   \
    "  - {rule: lapse, about: s, when: plan.missed, tell: \"{{plan.act}}\", class: alert}\n"

#define LIMITS "prompts_per_day: 99, prompts_per_family_per_week: 99, back_off_after: 99"

static void begin_with(struct rig *rig, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {BOOK}};
    rig_init(rig, &text, "2026-03-02 08:00"); /* a Monday */
    rig_start(rig);
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .owner = "ana",
         .deal = "D1", .account = "Acme", .stage = "discover");
    GIVE(rig, "2026-03-02 08:01", .type = EVENT_DEAL_CREATED, .rep = "ana", .owner = "ana",
         .deal = "D2", .account = "Birchwood", .stage = "discover");
    strbuf_clear(&rig->lines);
}

static void begin(struct rig *rig)
{
    begin_with(rig, "limits: {" LIMITS "}\n");
}

static void says(struct rig *rig, const char *when, const char *text, const char *answer)
{
    struct strbuf line = {0};
    rig_say(rig, when, "ana", text);
    strbuf_printf(&line, "%.5s %.5s > ana: %s\n", when + 5, when + 11, answer);
    rig_expect(rig, strbuf_text(&line));
    strbuf_done(&line);
}

static void has(struct rig *rig, const char *part)
{
    if (!strstr(strbuf_text(&rig->lines), part))
        fail_msg("wanted '%s', got %s", part, strbuf_text(&rig->lines));
    strbuf_clear(&rig->lines);
}

static void plans(struct rig *rig, const char *when, const char *sentence)
{
    struct strbuf words = {0};
    strbuf_printf(&words, "plan %s", sentence);
    rig_say(rig, when, "ana", strbuf_text(&words));
    rig_say(rig, when, "ana", "plan yes");
    strbuf_done(&words);
    has(rig, "Kept");
}

static void logs(struct rig *rig, const char *when, const char *heard, const char *deal)
{
    rig_late(
        rig, when, heard,
        (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = deal, .kind = "call"});
}

/* --- how they are read --- */

static void plan_is_read_leniently_and_read_back(struct rig *rig)
{
    static const struct {
        const char *said, *cue, *act;
    } cases[] = {
        {"Tuesday 9:00, I call Rosa", "Tue 3 Mar at 09:00", "call Rosa"},
        {"on Tuesday at 9am call Rosa", "Tue 3 Mar at 09:00", "call Rosa"},
        {"tomorrow at 3 pm: write to Acme", "Tue 3 Mar at 15:00", "write to Acme"},
        {"Monday 8:00, I plan", "Mon 9 Mar at 08:00", "plan"},
        {"2026-03-20 9:00, I call Rosa", "Fri 20 Mar at 09:00", "call Rosa"},
        {"when it's lunch, then I walk", NULL, "walk"},
        {"every Tuesday morning I call somebody new", "every Tuesday at 09:00",
         "call somebody new"},
        {"every day at 8:45, I write one line", "every working day at 08:45", "write one line"},
        {"when I lose a deal, then I call Rosa", "when a deal is lost", "call Rosa"},
        {"I call Rosa when I lose a deal", "when a deal is lost", "call Rosa"},
        {"after a lost deal, I will take a walk", "when a deal is lost", "take a walk"},
        {"When we win, I'll thank the planners", "when a deal is won", "thank the planners"},
        {"if a deal moves to propose then I send the plan", "when a deal comes to propose",
         "send the plan"},
        {"before my next meeting with Acme, I reread the notes",
         "an hour before what you have planned (Acme)", "reread the notes"},
        {"before my next meeting with Zorro, I reread the notes", NULL, "reread the notes"},
    };
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct strbuf words = {0}, part = {0};
        strbuf_printf(&words, "plan %s", cases[i].said);
        if (cases[i].cue)
            strbuf_printf(&part, "When: %s\nThen: %s\n", cases[i].cue, cases[i].act);
        else
            strbuf_puts(&part, "I do not know that moment");
        rig_say(rig, "2026-03-02 10:00", "ana", strbuf_text(&words));
        if (!strstr(strbuf_text(&rig->lines), strbuf_text(&part)))
            fail_msg("%s: wanted '%s', got %s", cases[i].said, strbuf_text(&part),
                     strbuf_text(&rig->lines));
        strbuf_clear(&rig->lines);
        strbuf_done(&words);
        strbuf_done(&part);
    }
}

static void plan_half_understood_gets_a_kind_reply(struct rig *rig)
{
    static const struct {
        const char *said, *part;
    } cases[] = {
        {"plan the quarter", "A plan has two halves"},
        {"plan Tuesday 9:00", "A plan has two halves"},
        {"plan yes", "no plan that waits for a yes"},
        {"plan no", "no plan that waits for a yes"},
        {"plan drop 7", "Which one?"},
        {"plan done x", "Which one?"},
        {"plan 2026-02-20 9:00, I call Rosa", "passed already"},
        {"plan today 8:00, I call Rosa", "passed already"},
        {"plan when this happens, then I do that", "only the frame"},
        {"plan when ... happens, I will ... now", "only the frame"},
    };
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        rig_say(rig, "2026-03-02 10:00", "ana", cases[i].said);
        if (!strstr(strbuf_text(&rig->lines), cases[i].part))
            fail_msg("%s: wanted '%s', got %s", cases[i].said, cases[i].part,
                     strbuf_text(&rig->lines));
        strbuf_clear(&rig->lines);
    }
    rig_say(rig, "2026-03-02 10:10", "ana", "plan");
    has(rig, "You have no plans");
    GIVE(rig, "2026-03-02 10:20", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:21", "ana", "plan the call with Rosa");
    has(rig, "Your answer: plan the call with Rosa");
}

static void plan_not_confirmed_is_forgotten(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "plan Tuesday 9:00, I call Rosa");
    rig_say(rig, "2026-03-02 10:01", "ana", "plan Tuesday 9:30, I call Rosa");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-04 10:00");
    says(rig, "2026-03-04 10:00", "plan yes",
         "That moment has passed already. When would be the next good one?");
    rig_until(rig, "2026-03-10 10:00");
    says(rig, "2026-03-10 10:00", "plan yes",
         "There is no plan that waits for a yes. Say plan to see yours.");
}

/* --- its moments --- */

/* B55: rehearsed on the next working morning, then one reminder at its moment */
static void plan_is_rehearsed_and_comes_back_once(struct rig *rig)
{
    begin(rig);
    plans(rig, "2026-03-06 10:00", "Tuesday 9:00, I write to Acme"); /* a Friday */
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-09 08:30 ana walk sent\n03-10 09:00 ana cue sent\n"
                    "03-11 09:00 ana lapse sent\n");
    rig_say(rig, "2026-03-20 11:00", "ana", "plan");
    has(rig, "(its moment has passed)\n   Followed through 0 of 1 times.\n"
             "A moment that slips by is part of learning.");
}

static void plan_for_tomorrow_early_is_its_own_rehearsal(struct rig *rig)
{
    begin(rig);
    plans(rig, "2026-03-04 10:00", "tomorrow 8:30, I stretch");
    rig_until(rig, "2026-03-06 10:00");
    rig_expect(rig, "03-05 08:30 ana cue sent\n");
}

static void plan_ahead_follows_the_calendar(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-03 09:00", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m1", .activity = "m1", .kind = "meeting", .due = rig_time(rig, "2026-03-05 15:00"));
    plans(rig, "2026-03-03 10:00", "before a meeting with Acme, I reread the notes");
    rig_until(rig, "2026-03-04 09:00");
    strbuf_clear(&rig->lines);
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m1b", .activity = "m1", .kind = "meeting",
         .due = rig_time(rig, "2026-03-06 11:00"));
    GIVE(rig, "2026-03-04 10:01", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m2", .activity = "m2", .kind = "meeting", .due = rig_time(rig, "2026-03-05 11:00"));
    GIVE(rig, "2026-03-04 10:02", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m2b", .activity = "m2", .kind = "meeting", .outcome = "cancelled");
    GIVE(rig, "2026-03-04 10:03", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D2",
         .id = "m3", .activity = "m3", .kind = "meeting", .due = rig_time(rig, "2026-03-05 12:00"));
    GIVE(rig, "2026-03-04 10:04", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m4", .activity = "m4", .kind = "meeting", .due = rig_time(rig, "2026-03-09 11:00"));
    GIVE(rig, "2026-03-06 10:30", .type = EVENT_ACTIVITY_PLANNED, .rep = "ana", .deal = "D1",
         .id = "m5", .activity = "m5", .kind = "meeting", .due = rig_time(rig, "2026-03-11 11:00"));
    rig_until(rig, "2026-03-12 09:00"); /* of the meeting at 11:00 it has spoken already */
    rig_expect(rig, "03-06 10:00 ana cue sent\n03-09 10:00 ana cue sent\n"
                    "03-11 10:00 ana cue sent\n");
}

static void plan_of_a_stage_or_a_loss_hears_of_it_once(struct rig *rig)
{
    begin(rig);
    plans(rig, "2026-03-03 10:00", "when a deal moves to propose, I send the plan");
    plans(rig, "2026-03-03 10:05", "when I lose Birchwood, I call Rosa");
    rig_until(rig, "2026-03-04 09:00");
    strbuf_clear(&rig->lines);
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .owner = "ana",
         .deal = "D1", .from = "discover", .to = "propose");
    GIVE(rig, "2026-03-04 11:00", .type = EVENT_DEAL_LOST, .rep = "ana", .owner = "ana",
         .deal = "D1");
    GIVE(rig, "2026-03-04 12:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .owner = "ana",
         .deal = "D2", .from = "discover", .to = "lost");
    GIVE(rig, "2026-03-04 12:01", .type = EVENT_DEAL_LOST, .rep = "ana", .owner = "ana",
         .deal = "D2");
    rig_until(rig, "2026-03-04 18:00");
    rig_expect(rig, "03-04 10:00 ana cue sent\n03-04 12:00 ana cue sent\n");
}

/* --- said and done --- */

/* B56: kept and missed are exact, also when the act is heard of late */
static void plan_counts_what_happened_whenever_it_is_heard_of(struct rig *rig)
{
    begin(rig);
    plans(rig, "2026-03-02 10:00", "every day at 11:00, I call Acme");
    logs(rig, "2026-03-02 10:59", NULL, "D1"); /* before the moment */
    logs(rig, "2026-03-02 15:00", NULL, "D2"); /* somebody else */
    logs(rig, "2026-03-03 15:00", NULL, "D1");
    logs(rig, "2026-03-03 16:00", NULL, "D1"); /* once is enough */
    rig_until(rig, "2026-03-05 10:59");
    rig_say(rig, "2026-03-05 10:59", "ana", "plan");
    has(rig, "Followed through 1 of 2 times");
    logs(rig, "2026-03-03 10:59:59", "2026-03-05 11:30", "D1"); /* Monday's, at the last moment */
    rig_say(rig, "2026-03-05 11:31", "ana", "plan");
    has(rig, "Followed through 2 of 3 times");
}

static void plan_sums_stay_when_the_list_is_full(struct rig *rig)
{
    begin(rig);
    plans(rig, "2026-03-02 10:00", "every day at 11:00, I call somebody");
    logs(rig, "2026-03-02 12:00", NULL, "D1");
    logs(rig, "2026-03-03 12:00", NULL, "D1");
    rig_until(rig, "2026-03-18 10:00"); /* twelve working days later */
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-18 10:00", "ana", "plan");
    has(rig, "Followed through 2 of 11 times");
}

/* --- practice --- */

/* B7: the interval doubles with success and halves with a miss, and asking ends at five */
static void plan_practice_grows_shrinks_and_ends_as_a_habit(struct rig *rig)
{
    static const struct {
        const char *asked, *answer;
    } turns[] = {
        {"03-05 10:05", "by itself"}, /* 2 days after it was begun; now 4 */
        {"03-09 10:05", "no"},        /* 2 */
        {"03-11 10:05", "with help"}, /* still 2 */
        {"03-13 10:05", "by itself"}, /* 4 */
        {"03-17 10:05", "by itself"}, /* 8 */
        {"03-25 10:05", "by itself"}, /* 16 */
        {"04-10 10:05", "by itself"},
    };
    begin(rig);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_TRAINING_COMPLETED, .rep = "ana", .topic = "x");
    rig_say(rig, "2026-03-03 10:05", "ana", "Three breaths first");
    has(rig, "yours to practise now");
    for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
        char when[32], line[64];
        (void)snprintf(when, sizeof(when), "2026-%s", turns[i].asked);
        (void)snprintf(line, sizeof(line), "%s ana how sent\n", turns[i].asked);
        rig_until(rig, when);
        rig_expect(rig, line);
        rig_say(rig, when, "ana", turns[i].answer);
        if (i + 1 < ARRAY_LEN(turns))
            strbuf_clear(&rig->lines);
    }
    has(rig, "“Three breaths first” comes by itself now.");
    rig_until(rig, "2026-06-20 10:00");
    rig_expect(rig, "");
}

/* B7: an act that is logged counts by itself, once a day */
static void plan_practice_sees_what_is_logged(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_TRAINING_COMPLETED, .rep = "ana", .topic = "x");
    rig_say(rig, "2026-03-03 10:05", "ana", "Every day at 9:00, I call somebody new");
    logs(rig, "2026-03-04 09:30", NULL, "D1");
    logs(rig, "2026-03-04 09:40", NULL, "D1");
    logs(rig, "2026-03-05 09:30", NULL, "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-05 10:00", "ana", "plan");
    has(rig, "Done by itself 2 of 5 times. I ask again on Fri 13 Mar.");
}

/* B83: two at a time, the third waits; the setting is the team's */
static void plan_third_practice_waits(struct rig *rig)
{
    static const char *const words[] = {"First thing", "Second thing", "Third thing"};
    begin_with(rig, "limits: {" LIMITS ", habits_at_once: 2}\n");
    for (int i = 0; i < 3; i++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-03 1%d:00", i);
        GIVE(rig, when, .type = EVENT_TRAINING_COMPLETED, .rep = "ana", .topic = "x");
        strbuf_clear(&rig->lines);
        rig_say(rig, when, "ana", words[i]);
        has(rig, i < 2 ? "yours to practise now" : "You practise 2 things already");
    }
    for (int i = 0; i < 5; i++) { /* the first becomes a habit */
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-%02d 14:00", 3 + i);
        rig_say(rig, when, "ana", "plan done 1");
    }
    has(rig, "“First thing” comes by itself now.");
    rig_say(rig, "2026-03-07 15:00", "ana", "plan");
    has(rig, "3. “Third thing” (without a reminder)\n   Done by itself 0 of 5 times.");
}

/* B68: an answer that only repeats the frame is asked for again */
static void plan_template_is_no_answer(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_CONTENT_SHARED, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:05", "ana", "When this happens then I do that");
    has(rig, "That is only the frame.");
    rig_say(rig, "2026-03-03 10:06", "ana", "When a deal moves to propose, then I call Rosa");
    has(rig, "I will remind you in your own words: when a deal comes to propose.");
}

static void plan_of_a_corrected_answer_is_the_corrected_one(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_CONTENT_SHARED, .rep = "ana", .deal = "D1");
    rig_say(rig, "2026-03-03 10:05", "ana", "Thursday 9:00, I stretch");
    rig_click(rig, "2026-03-03 10:06", "ana", "answer", "Friday 9:00, I stretch");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-10 10:00");
    rig_expect(rig, "03-04 08:30 ana walk sent\n03-06 09:00 ana cue sent\n");
}

static void plan_list_has_an_end(struct rig *rig)
{
    begin(rig);
    for (int i = 0; i < 20; i++)
        plans(rig, "2026-03-03 10:00", "when I lose a deal, then I call Rosa");
    says(rig, "2026-03-03 11:00", "plan when I win a deal, then I call Rosa",
         "You have 20 plans, which is all I can keep. Take one off first: plan drop 1.");
    rig_say(rig, "2026-03-03 11:01", "ana", "plan drop 20");
    plans(rig, "2026-03-03 11:02", "when I win a deal, then I call Rosa");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(plan_is_read_leniently_and_read_back),
        PLAY(plan_half_understood_gets_a_kind_reply),
        PLAY(plan_not_confirmed_is_forgotten),
        PLAY(plan_is_rehearsed_and_comes_back_once),
        PLAY(plan_for_tomorrow_early_is_its_own_rehearsal),
        PLAY(plan_ahead_follows_the_calendar),
        PLAY(plan_of_a_stage_or_a_loss_hears_of_it_once),
        PLAY(plan_counts_what_happened_whenever_it_is_heard_of),
        PLAY(plan_sums_stay_when_the_list_is_full),
        PLAY(plan_practice_grows_shrinks_and_ends_as_a_habit),
        PLAY(plan_practice_sees_what_is_logged),
        PLAY(plan_third_practice_waits),
        PLAY(plan_template_is_no_answer),
        PLAY(plan_of_a_corrected_answer_is_the_corrected_one),
        PLAY(plan_list_has_an_end),
    };
    return play_run("plan", cases, ARRAY_LEN(cases));
}
