/* Waits (`for`, `unless`), schedules, and which wording speaks. */
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
    "  - {id: una, name: Una Utz}\n"                                                               \
    "  - {id: ute, name: Ute Utz, zone: UTC}\n"                                                    \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define PIPELINE                                                                                   \
    "stages:\n"                                                                                    \
    "  - {id: discover, name: Discovery, crm: [\"Needs Analysis\"], gates: [{seller: review, "     \
    "customer: confirmed}]}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "  many: {kind: skill, reader: rep, answer: text, text: [\"What one?\", \"What two?\", "       \
    "\"What three?\", \"What four?\"]}\n"                                                          \
    "  known: {kind: skill, reader: rep, answer: text, text: \"What says {{deal.contact}}?\"}\n"   \
    "rules:\n"

static const char loose[] =
    "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, open_conversations: 50, "
    "back_off_after: 100, hours: Mon-Sun 00:00-24:00}\n";

static void with_people(struct rig *rig, const char *people, const char *rules, const char *start)
{
    struct rig_text text = {
        .people = people, .pipeline = PIPELINE, .config = loose, .plugins = {rules}};
    rig_init(rig, &text, start);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void with(struct rig *rig, const char *rules)
{
    with_people(rig, PEOPLE, rules, "2026-03-02 00:00");
}

#define GATE(rig, when, half, who)                                                                 \
    GIVE(rig, when, .type = EVENT_GATE_COMPLETED, .rep = (who), .deal = "D1", .gate = (half),      \
         .side = str_eq(half, "review") ? "seller" : "customer")

#define HALF                                                                                       \
    HEAD "  - rule: half\n    about: s\n    when: {event: gate.completed, side: seller}\n"         \
         "    if: {gate.customer: missing}\n    for: 2d\n    unless: [deal.lost, deal.won]\n"      \
         "    ask: q\n    reminders: false\n"

/* --- waits --- */

static void wait_fires_at_the_exact_instant(struct rig *rig)
{
    with(rig, HALF);
    GATE(rig, "2026-03-02 10:00:30", "review", "ana");
    rig_until(rig, "2026-03-04 10:00:29");
    rig_expect(rig, "");
    rig_until(rig, "2026-03-04 10:00:30");
    rig_expect(rig, "03-04 10:00 ana half sent\n");
}

static void wait_condition_that_breaks_in_between_cancels(struct rig *rig)
{
    with(rig, HALF);
    GATE(rig, "2026-03-02 10:00", "review", "ana");
    GATE(rig, "2026-03-03 10:00", "confirmed", "ana");
    GIVE(rig, "2026-03-03 11:00", .type = EVENT_GATE_REVERTED, .rep = "ana", .deal = "D1",
         .gate = "confirmed", .side = "customer");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-03 10:00 ana half cancelled if\n");
}

static void wait_unless_cancels_up_to_the_last_second(struct rig *rig)
{
    with(rig, HALF);
    GATE(rig, "2026-03-02 10:00:00", "review", "ana");
    GIVE(rig, "2026-03-04 09:59:59", .type = EVENT_DEAL_LOST, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-04 09:59 ana half cancelled unless\n");
}

static void wait_unless_of_another_deal_or_an_earlier_time_does_not_cancel(struct rig *rig)
{
    with(rig, HALF);
    GATE(rig, "2026-03-02 10:00", "review", "ana");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    struct event won = {.type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1"};
    rig_late(rig, "2026-03-02 09:00", "2026-03-02 12:00", won);
    rig_until(rig, "2026-03-04 10:00");
    rig_expect(rig, "03-04 10:00 ana half sent\n");
}

/* An import tells what is true; nobody is asked or praised about it. */
static void bulk_event_decides_nothing(struct rig *rig)
{
    with(rig, HEAD "  - {rule: won, about: s, when: deal.won, ask: q, reminders: false}\n");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1", .bulk = true);
    rig_expect(rig, "03-02 11:00 ana won expired late\n");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2");
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 12:00 ana won sent\n");
}

#define STALLED                                                                                    \
    HEAD "  - rule: stalled\n    about: s\n    when: activity.logged\n    for: 3d\n"               \
         "    unless: {event: activity.logged, direction: outbound}\n    ask: q\n"                 \
         "    reminders: false\n"

static void wait_begun_late_counts_from_when_it_happened(struct rig *rig)
{
    with(rig, STALLED);
    struct event call = {.type = EVENT_ACTIVITY_LOGGED,
                         .rep = "ana",
                         .deal = "D1",
                         .kind = "call",
                         .direction = "inbound"};
    rig_late(rig, "2026-03-02 10:00", "2026-03-04 08:00", call);
    rig_until(rig, "2026-03-06 00:00");
    rig_expect(rig, "03-05 10:00 ana stalled sent\n");
    rig_late(rig, "2026-03-06 10:00", "2026-03-10 08:00", call); /* was due yesterday */
    rig_until(rig, "2026-03-10 08:10");
    rig_expect(rig, "03-10 08:00 ana stalled sent\n");
    rig_late(rig, "2026-03-10 10:00", "2026-03-14 11:00", call); /* more than a day over */
    rig_until(rig, "2026-03-14 12:00");
    rig_expect(rig, "03-14 11:00 ana stalled expired late\n");
}

static void wait_cancelled_by_what_was_heard_of_before_it(struct rig *rig)
{
    with(rig, STALLED);
    struct event call = {.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1", .kind = "call"};
    call.direction = "outbound";
    rig_late(rig, "2026-03-03 10:00", "2026-03-03 10:00", call);
    rig_expect(rig, "");
    call.direction = "inbound";
    rig_late(rig, "2026-03-02 10:00", "2026-03-03 12:00", call);
    rig_expect(rig, "03-03 12:00 ana stalled cancelled unless\n");
    rig_until(rig, "2026-03-07 00:00");
    rig_expect(rig, "03-06 10:00 ana stalled sent\n");
}

static void wait_about_no_deal_is_cancelled_by_the_person(struct rig *rig)
{
    with(rig, HEAD "  - rule: goal\n    about: s\n    when: goal.set\n    for: 2d\n"
                   "    unless: goal.progress\n    ask: q\n    reminders: false\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_GOAL_SET, .rep = "ana", .goal = "calls");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_GOAL_SET, .rep = "ben", .goal = "calls");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_GOAL_PROGRESS, .rep = "ana", .goal = "calls");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-03 10:00 ana goal cancelled unless\n03-04 10:00 ben goal sent\n");
}

static void wait_in_working_time_skips_the_weekend(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE,
                            .pipeline = PIPELINE,
                            .plugins = {HEAD "  - {rule: w, about: s, when: deal.created, "
                                             "for: 2 working days, ask: q}\n"}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
    GIVE(rig, "2026-03-06 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-10 12:00"); /* over the change of clocks */
    rig_expect(rig, "03-10 10:00 ana w sent\n");
}

static void wait_of_two_sources_with_one_id_are_two(struct rig *rig)
{
    with(rig, HEAD "  - {rule: w, about: s, when: activity.logged, for: 1h, ask: q, "
                   "reminders: false}\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .id = "1", .source = "/a",
         .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-02 10:10", .type = EVENT_ACTIVITY_LOGGED, .id = "1", .source = "/b",
         .rep = "ana", .deal = "D2");
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 11:00 ana w sent\n03-02 11:10 ana w sent\n");
}

static void wait_rule_gone_at_reload_is_cancelled_with_a_note(struct rig *rig)
{
    with(rig, HALF);
    GATE(rig, "2026-03-02 10:00", "review", "ana");
    struct rig_text text = {
        .people = PEOPLE,
        .pipeline = PIPELINE,
        .plugins = {HEAD "  - {rule: other, about: s, when: deal.won, ask: q}\n"}};
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-02 10:00 ana half cancelled rule\n");
}

/* --- schedules --- */

static void schedule_speaks_in_everybodys_own_zone(struct rig *rig)
{
    with(rig,
         HEAD "  - {rule: day, about: s, every: weekday at 09:00, ask: q, reminders: false}\n");
    rig_until(rig, "2026-03-02 23:00");
    rig_expect(rig, "03-02 01:00 ben day sent\n" /* Berlin */
                    "03-02 02:00 una day sent\n" /* nobody has named her zone: UTC */
                    "03-02 02:00 ute day sent\n"
                    "03-02 09:00 ana day sent\n");
}

static void schedule_in_a_fixed_zone_speaks_to_all_at_once(struct rig *rig)
{
    with(rig, HEAD "  - {rule: day, about: s, every: weekday at 09:00, zone: America/Denver, "
                   "ask: q, reminders: false}\n");
    rig_until(rig, "2026-03-02 23:00");
    rig_expect(rig, "03-02 09:00 ana day sent\n03-02 09:00 ben day sent\n"
                    "03-02 09:00 una day sent\n03-02 09:00 ute day sent\n");
}

/* FM-D01 */
static void schedule_over_the_change_of_clocks_keeps_the_wall_time(struct rig *rig)
{
    with_people(rig, "people: [{id: ana, name: A, zone: America/Denver}]\n",
                HEAD "  - {rule: gap, about: s, every: day at 02:30, ask: q, reminders: false}\n",
                "2026-03-07 00:00");
    rig_until(rig, "2026-03-09 12:00"); /* on the 8th there is no 02:30 */
    rig_expect(rig, "03-07 02:30 ana gap sent\n03-08 03:00 ana gap sent\n"
                    "03-09 02:30 ana gap sent\n");
}

/* FM-D04 FM-D05 FM-D06 */
static void schedule_missed_once_within_its_grace_speaks(struct rig *rig)
{
    with(rig, HEAD "  - {rule: day, about: s, every: day at 09:00, zone: America/Denver, ask: q, "
                   "to: manager, missed: once within 15m, reminders: false}\n");
    rig_sleep_until(rig, "2026-03-02 09:15");
    rig_sleep_until(rig, "2026-03-03 09:16");
    rig_sleep_until(rig, "2026-03-05 09:10"); /* of two only the last can be made good */
    rig_expect(rig, "03-02 09:15 dana day sent\n03-03 09:16 dana day missed missed\n"
                    "03-05 09:10 dana day missed missed\n03-05 09:10 dana day sent\n");
}

/* FM-D04 FM-D06 */
static void schedule_missed_skip_and_all(struct rig *rig)
{
    with(rig, HEAD "  - {rule: all, about: s, cron: \"0 9-12 * * *\", zone: America/Denver, "
                   "ask: q, to: manager, missed: all within 2h, reminders: false}\n"
                   "  - {rule: skip, about: s, every: day at 11:30, zone: America/Denver, ask: q, "
                   "to: manager, missed: skip, reminders: false}\n");
    rig_sleep_until(rig, "2026-03-02 12:05");
    rig_expect(rig, "03-02 12:05 dana all missed missed\n"
                    "03-02 12:05 dana all missed missed\n"
                    "03-02 12:05 dana all sent\n"
                    "03-02 12:05 dana skip missed missed\n"
                    "03-02 12:05 dana all sent\n");
}

static void schedule_after_a_month_of_silence_tells_of_the_last_week(struct rig *rig)
{
    with(rig, HEAD "  - {rule: day, about: s, every: day at 09:00, zone: America/Denver, ask: q, "
                   "to: manager, reminders: false}\n");
    rig->now = rig_time(rig, "2026-05-02 12:00");
    rig_restart(rig);
    rig_sleep_until(rig, "2026-05-02 12:00");
    int count = 0;
    for (const char *p = strbuf_text(&rig->lines); (p = strstr(p, "missed missed")); p++)
        count++;
    assert_int_equal(count, 7);
}

static void schedule_new_person_is_asked_from_then_on(struct rig *rig)
{
    with_people(rig, "people: [{id: ana, name: A, zone: America/Denver}]\n",
                HEAD "  - {rule: day, about: s, every: day at 09:00, ask: q, reminders: false}\n",
                "2026-03-02 00:00");
    rig_until(rig, "2026-03-03 12:00");
    struct rig_text text = {.people = "people: [{id: ana, name: A, zone: America/Denver}, "
                                      "{id: kim, name: K, zone: Asia/Tokyo}]\n",
                            .pipeline = PIPELINE,
                            .plugins = {HEAD "  - {rule: day, about: s, every: day at 09:00, "
                                             "ask: q, reminders: false}\n"}};
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    rig_until(rig, "2026-03-04 12:00");
    rig_expect(rig, "03-02 09:00 ana day sent\n03-03 09:00 ana day sent\n"
                    "03-03 17:00 kim day sent\n03-04 09:00 ana day sent\n");
}

static void schedule_switched_off_and_on_again_has_missed_nothing(struct rig *rig)
{
    with(rig, HEAD "  - {rule: day, about: s, every: day at 09:00, zone: America/Denver, ask: q, "
                   "to: manager, reminders: false}\n");
    struct rig_text off = {.people = PEOPLE,
                           .plugins = {HEAD "  - {rule: x, about: s, when: deal.won, ask: q}\n"}};
    struct book *with_rule = rig->book, *without = rig_book(rig, &off);
    rig->book = without;
    core_set_book(rig->core, without, rig->now, &rig->step);
    rig_take(rig);
    rig_until(rig, "2026-03-05 12:00");
    rig->book = with_rule;
    core_set_book(rig->core, with_rule, rig->now, &rig->step);
    rig_take(rig);
    rig_until(rig, "2026-03-06 12:00");
    book_free(without);
    rig_expect(rig, "03-06 09:00 dana day sent\n");
}

/* --- wordings --- */

#define MANY HEAD "  - {rule: many, about: s, when: activity.logged, ask: many, reminders: false}\n"

/* The wordings one person got, as digits. */
static void ask_often(struct rig *rig, const char *who, int days, char *ret)
{
    for (int i = 0; i < days; i++) {
        struct event call = {.type = EVENT_ACTIVITY_LOGGED, .rep = who, .deal = "D1"};
        struct event event = rig_event(rig, call, rig->now + 7 * MSEC_DAY);
        event.at = event.time;
        rig_until_msec(rig, event.at);
        strbuf_clear(&rig->lines);
        rig->full = true;
        rig_step(rig, &event);
        rig->full = false;
        const char *variant = strstr(strbuf_text(&rig->lines), "\"variant\":");
        assert_non_null(variant);
        ret[i] = variant[10];
    }
    ret[days] = '\0';
}

static void rotation_uses_every_wording_before_one_returns(struct rig *rig)
{
    char ana[32], ben[32], una[32];
    with(rig, MANY);
    ask_often(rig, "ana", 24, ana); /* half a year, a question a week */
    for (int i = 0; i + 4 <= 24; i++) {
        for (int k = 0; k < 16; k++)
            assert_true(k / 4 == k % 4 || ana[i + k / 4] != ana[i + k % 4]);
    }
    ask_often(rig, "ben", 4, ben);
    ask_often(rig, "una", 4, una);
    assert_true(ana[0] != ben[0] || ana[0] != una[0]);
}

static void rotation_is_the_same_every_time(struct rig *rig)
{
    char first[16], second[16];
    struct rig other = {.restarts = !rig->restarts};
    with(rig, MANY);
    with(&other, MANY);
    ask_often(rig, "ana", 9, first);
    ask_often(&other, "ana", 9, second);
    assert_string_equal(first, second);
    rig_done(&other);
}

static void wording_with_a_missing_value_is_passed_over(struct rig *rig)
{
    with(rig, HEAD "  - {rule: k, about: s, when: activity.logged, ask: [known, q], "
                   "reminders: false}\n"
                   "  - {rule: only, about: s, when: deal.won, ask: known, reminders: false}\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D2",
         .contact = "Rosa");
    rig_expect(rig, "03-02 10:00 ana k sent\n"
                    "03-02 11:00 ana only suppressed evidence\n"
                    "03-02 12:00 ana only sent\n");
}

/* B19: an empty slot cancels the message, and the log says evidence */
static void praise_without_evidence_is_not_given(struct rig *rig)
{
    with(rig, "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
              "signals:\n"
              "  calls: {count: activity.logged, kind: call, since: deal.lost, within: 48h}\n"
              "rules:\n"
              "  - rule: thanks\n    about: s\n    when: activity.logged\n    via: bot\n"
              "    praise: \"You made {{signal.calls}} calls after it.\"\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_LOST, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-03 09:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call");
    rig_expect(rig, "03-02 10:00 ana thanks suppressed evidence\n03-03 09:00 ana thanks sent\n");
}

static void stage_words_of_the_crm_are_those_of_the_pipeline(struct rig *rig)
{
    with(rig, HEAD "  - {rule: d, about: s, when: {event: deal.stage_changed, to: discover}, "
                   "if: {deal.stage: discover}, ask: q, reminders: false}\n");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .to = "needs analysis");
    rig_expect(rig, "03-02 10:00 ana d sent\n");
}

static void gates_stand_in_the_promised_order(struct rig *rig)
{
    static const char *const order[] = {"consent",  "late",         "leave",    "stage",   "hours",
                                        "cool_off", "conversation", "back_off", "caps",    "limit",
                                        "cooldown", "inhibit",      "priority", "evidence"};
    with(rig, MANY);
    rig->full = true;
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1");
    const char *place = strstr(strbuf_text(&rig->lines), "\"gates\":[");
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        char want[48];
        (void)snprintf(want, sizeof(want), "{\"gate\":\"%s\",\"ok\":true", order[i]);
        const char *found = strstr(place, want);
        if (!found)
            fail_msg("%s is not where it should be: %s", order[i], place);
        assert_null(memchr(place + 9, ']', (size_t)(found - place)));
        place = found;
    }
}

int main(void)
{
    const struct play_case cases[] = {
        PLAY(wait_fires_at_the_exact_instant),
        PLAY(wait_condition_that_breaks_in_between_cancels),
        PLAY(wait_unless_cancels_up_to_the_last_second),
        PLAY(wait_unless_of_another_deal_or_an_earlier_time_does_not_cancel),
        PLAY(bulk_event_decides_nothing),
        PLAY(wait_begun_late_counts_from_when_it_happened),
        PLAY(wait_cancelled_by_what_was_heard_of_before_it),
        PLAY(wait_about_no_deal_is_cancelled_by_the_person),
        PLAY(wait_in_working_time_skips_the_weekend),
        PLAY(wait_of_two_sources_with_one_id_are_two),
        PLAY(wait_rule_gone_at_reload_is_cancelled_with_a_note),
        PLAY(schedule_speaks_in_everybodys_own_zone),
        PLAY(schedule_in_a_fixed_zone_speaks_to_all_at_once),
        PLAY(schedule_over_the_change_of_clocks_keeps_the_wall_time),
        PLAY(schedule_missed_once_within_its_grace_speaks),
        PLAY(schedule_missed_skip_and_all),
        PLAY(schedule_after_a_month_of_silence_tells_of_the_last_week),
        PLAY(schedule_new_person_is_asked_from_then_on),
        PLAY(schedule_switched_off_and_on_again_has_missed_nothing),
        PLAY(rotation_uses_every_wording_before_one_returns),
        PLAY(rotation_is_the_same_every_time),
        PLAY(wording_with_a_missing_value_is_passed_over),
        PLAY(praise_without_evidence_is_not_given),
        PLAY(stage_words_of_the_crm_are_those_of_the_pipeline),
        PLAY(gates_stand_in_the_promised_order),
    };
    return play_run("decide_time", cases, ARRAY_LEN(cases));
}
