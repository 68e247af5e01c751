/* A new book under a running core: what goes on, what ends, and what a restart after it sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/book_diff.h"
#include "core_play.h"
#include "zone_load.h"

#define PEOPLE                                                                                     \
    "teams: [{id: west, manager: dana, zone: America/Denver}]\n"                                   \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana, team: west, zone: America/Denver}\n"                                 \
    "  - {id: dana, name: Dana, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "signals:\n  calls: {count: activity.logged, window: 2d}\n"                                    \
    "questions:\n"                                                                                 \
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                     \
    "  two: {kind: skill, reader: rep, answer: text, text: \"What else is there?\"}\n"             \
    "rules:\n"

#define WAIT  "  - {rule: w, about: s, when: activity.logged, for: 2d, ask: q, reminders: false}\n"
#define OTHER "  - {rule: other, about: s, when: deal.won, ask: q}\n"
#define DAY(at)                                                                                    \
    "  - {rule: day, about: s, every: day at " at ", to: manager, ask: q, reminders: false}\n"

static const char loose[] =
    "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, open_conversations: 50, "
    "back_off_after: 100, hours: Mon-Sun 00:00-24:00}\n";

static void with(struct rig *rig, const char *rules)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {rules}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

/* What a restart at this very moment makes of it must be what goes on without one. */
static void compare_with_restart(struct rig *rig)
{
    struct strbuf before = {0}, after = {0};
    core_dump(rig->core, &before);
    rig_restart(rig);
    core_dump(rig->core, &after);
    assert_string_equal(strbuf_text(&before), strbuf_text(&after));
    strbuf_done(&before);
    strbuf_done(&after);
}

static struct book *read_book(struct rig *rig, const char *people, const char *rules)
{
    struct rig_text text = {.people = people, .config = loose, .plugins = {rules}};
    config_free(rig->config);
    rig->config = NULL;
    return rig_book(rig, &text);
}

static void edit_all(struct rig *rig, const char *when, const char *people, const char *rules)
{
    rig_until(rig, when);
    struct book *old = rig->book;
    rig->book = read_book(rig, people, rules);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    if (rig->restarts)
        compare_with_restart(rig);
}

static void edit(struct rig *rig, const char *when, const char *rules)
{
    edit_all(rig, when, PEOPLE, rules);
}

#define CALL(rig, when) GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1")

/* --- waits --- */

static void wait_goes_on_with_the_words_of_the_new_rule(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-03 10:00",
         HEAD "  - {rule: w, about: s, when: activity.logged, for: 2d, ask: two, "
              "reminders: false}\n");
    rig->full = true;
    rig_until(rig, "2026-03-04 10:00");
    assert_non_null(strstr(strbuf_text(&rig->lines), "What else is there?"));
    assert_null(strstr(strbuf_text(&rig->lines), "What is next?"));
}

/* FM-E01 */
static void wait_keeps_the_moment_it_was_promised_for(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 11:00",
         HEAD "  - {rule: w, about: s, when: activity.logged, for: 5d, ask: q, "
              "reminders: false}\n");
    CALL(rig, "2026-03-03 10:00"); /* the first that waits for five days; the clocks go forward
                                      meanwhile */
    rig_until(rig, "2026-03-09 10:00");
    rig_expect(rig, "03-04 10:00 ana w sent\n03-08 11:00 ana w sent\n");
}

static void wait_goes_on_when_the_rule_wakes_on_something_else(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 11:00",
         HEAD "  - {rule: w, about: s, when: deal.won, ask: q, reminders: false}\n");
    CALL(rig, "2026-03-02 12:00");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-04 10:00 ana w sent\n");
}

static void wait_is_ended_by_the_new_unless(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 11:00",
         HEAD "  - {rule: w, about: s, when: activity.logged, for: 2d, unless: deal.lost, "
              "ask: q, reminders: false}\n");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_DEAL_LOST, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-02 12:00 ana w cancelled unless\n");
}

static void wait_is_ended_by_the_new_if(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 11:00",
         HEAD "  - {rule: w, about: s, when: activity.logged, if: {deal.amount: present}, "
              "for: 2d, ask: q, reminders: false}\n");
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-04 10:00 ana w cancelled if\n");
}

static void wait_of_a_renamed_rule_is_cancelled_with_a_note(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-03 10:00",
         HEAD "  - {rule: v, about: s, when: activity.logged, for: 2d, ask: q, "
              "reminders: false}\n");
    edit(rig, "2026-03-03 11:00", HEAD WAIT); /* and back: what is gone is gone */
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-03 10:00 ana w cancelled rule\n");
}

/* FM-E01 */
static void wait_survives_a_move_to_another_place_in_the_file(struct rig *rig)
{
    with(rig, HEAD WAIT OTHER);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-03 10:00", HEAD OTHER WAIT);
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-04 10:00 ana w sent\n");
}

static void wait_about_somebody_who_was_taken_out_says_nothing(struct rig *rig)
{
    with(rig, HEAD WAIT);
    CALL(rig, "2026-03-02 10:00");
    edit_all(rig, "2026-03-03 10:00",
             "people: [{id: dana, name: Dana, role: manager, zone: America/Denver}]\n", HEAD WAIT);
    rig_until(rig, "2026-03-05 10:00");
    rig_expect(rig, "03-04 10:00 ana w suppressed consent\n");
}

static void hold_goes_on_over_an_edit(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE,
                            .plugins = {HEAD "  - {rule: n, about: s, when: activity.logged, "
                                             "ask: q, reminders: false}\n"}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
    CALL(rig, "2026-03-02 20:00");
    rig_expect(rig, "03-02 20:00 ana n held hours\n");
    rig_until(rig, "2026-03-02 21:00");
    text.plugins[0] = HEAD "  - {rule: n, about: s, when: activity.logged, ask: two, limit: 1 per "
                           "week, reminders: false}\n";
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    rig_take(rig);
    rig_until(rig, "2026-03-03 09:00");
    rig_expect(rig, "03-03 08:30 ana n sent\n");
}

/* --- what was counted --- */

/* FM-E01 */
static void limit_counts_what_was_said_before_the_edit(struct rig *rig)
{
    with(rig, HEAD "  - {rule: n, about: s, when: activity.logged, ask: q, limit: 1 per week, "
                   "reminders: false}\n");
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 11:00",
         HEAD "  - {rule: n, about: t, when: activity.logged, ask: two, limit: 1 per week, "
              "reminders: false}\n");
    CALL(rig, "2026-03-02 12:00");
    edit(rig, "2026-03-02 13:00", HEAD OTHER);
    edit(rig, "2026-03-02 14:00",
         HEAD "  - {rule: n, about: t, when: activity.logged, ask: two, limit: 2 per week, "
              "reminders: false}\n");
    CALL(rig, "2026-03-02 15:00");
    CALL(rig, "2026-03-02 16:00");
    rig_expect(rig, "03-02 10:00 ana n sent\n03-02 12:00 ana n suppressed limit\n"
                    "03-02 15:00 ana n sent\n03-02 16:00 ana n suppressed limit\n");
}

/* --- schedules --- */

/* FM-E03 */
static void schedule_moved_to_an_hour_that_is_over_was_not_missed(struct rig *rig)
{
    with(rig, HEAD DAY("18:00"));
    edit(rig, "2026-03-02 10:00", HEAD DAY("09:00"));
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-03 09:00 dana day sent\n");
}

static void schedule_moved_to_a_later_hour_speaks_today(struct rig *rig)
{
    with(rig, HEAD DAY("09:00"));
    edit(rig, "2026-03-02 10:00", HEAD DAY("18:00"));
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-02 09:00 dana day sent\n03-02 18:00 dana day sent\n");
}

/* FM-D06 */
static void schedule_edited_while_gritd_was_down_was_not_missed(struct rig *rig)
{
    with(rig, HEAD DAY("18:00"));
    rig_until(rig, "2026-03-02 10:00");
    struct book *old = rig->book;
    rig->book = read_book(rig, PEOPLE, HEAD DAY("09:00"));
    rig_restart(rig);
    rig_take(rig);
    book_free(old);
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-03 09:00 dana day sent\n");
}

/* FM-E03 */
static void schedule_with_new_words_keeps_what_was_missed(struct rig *rig)
{
    with(rig, HEAD DAY("09:00"));
    edit(rig, "2026-03-02 08:59",
         HEAD "  - {rule: day, about: t, every: day at 09:00, to: manager, ask: two, "
              "reminders: false}\n");
    rig_sleep_until(rig, "2026-03-02 09:10"); /* within its fifteen minutes */
    rig_expect(rig, "03-02 09:10 dana day sent\n");
}

static void schedule_moves_with_the_zone_of_the_rule(struct rig *rig)
{
    with(rig, HEAD DAY("09:00"));
    edit(rig, "2026-03-02 05:00",
         HEAD "  - {rule: day, about: s, every: day at 09:00, zone: America/New_York, "
              "to: manager, ask: q, reminders: false}\n");
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 07:00 dana day sent\n");
}

static void copy_zone(const char *folder, const char *from)
{
    char path[256], bytes[TZ_FILE_MAX_BYTES];
    size_t n = zone_bytes(from, bytes, sizeof(bytes));
    (void)snprintf(path, sizeof(path), "%s/America/Denver", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* FM-D07: the times in the expectations are those of Denver as it was at first */
static void schedule_follows_new_rules_of_its_zone(struct rig *rig)
{
    char folder[] = "/tmp/gritd-zones-XXXXXX", path[64], command[96];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/America", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    copy_zone(folder, "America/Denver");
    assert_int_equal(setenv("TZDIR", folder, 1), 0);
    with(rig, HEAD DAY("09:00"));
    rig_until(rig, "2026-03-02 09:30");
    rig_expect(rig, "03-02 09:00 dana day sent\n");
    assert_int_equal(zones_refresh(&rig->zones), 0);
    copy_zone(folder, "America/Los_Angeles"); /* nine o'clock is still to come, and was already */
    assert_int_equal(zones_refresh(&rig->zones), 1);
    assert_int_equal(zones_refresh(&rig->zones), 0);
    edit(rig, "2026-03-02 09:31", HEAD DAY("09:00"));
    rig_until(rig, "2026-03-03 12:00");
    rig_expect(rig, "03-03 10:00 dana day sent\n");
    copy_zone(folder, "America/New_York");
    assert_int_equal(zones_refresh(&rig->zones), 1);
    edit(rig, "2026-03-03 12:01", HEAD DAY("09:00"));
    rig_until(rig, "2026-03-04 12:00");
    rig_expect(rig, "03-04 07:00 dana day sent\n");
    (void)snprintf(path, sizeof(path), "%s/America/Denver", folder);
    assert_int_equal(unlink(path), 0); /* gone: what was read before stays */
    assert_int_equal(zones_refresh(&rig->zones), 0);
    edit(rig, "2026-03-04 12:01", HEAD DAY("09:00"));
    rig_until(rig, "2026-03-05 12:00");
    rig_expect(rig, "03-05 07:00 dana day sent\n");
    assert_int_equal(unsetenv("TZDIR"), 0);
    (void)snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void schedule_that_became_an_event_does_not_fire_any_more(struct rig *rig)
{
    with(rig, HEAD DAY("09:00"));
    edit(rig, "2026-03-02 05:00",
         HEAD "  - {rule: day, about: s, when: activity.logged, ask: q, reminders: false}\n");
    CALL(rig, "2026-03-02 10:00");
    rig_expect(rig, "03-02 10:00 ana day sent\n");
}

/* --- conversations --- */

#define NOW "  - {rule: n, about: s, when: activity.logged, ask: q, reminders: false}\n"

static void conversation_takes_its_answer_after_an_edit(struct rig *rig)
{
    with(rig, HEAD NOW);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 10:10",
         HEAD "  - {rule: n, about: s, when: activity.logged, ask: two, reminders: false}\n");
    rig_expect(rig, "03-02 10:00 ana n sent\n");
    rig_click(rig, "2026-03-02 10:20", "ana", "answer", "I call them");
    assert_non_null(strstr(strbuf_text(&rig->lines), "Your answer: I call them"));
    assert_int_equal(core_counts(rig->core).open_prompts, 0);
}

static void conversation_of_a_rule_that_is_gone_can_still_be_answered(struct rig *rig)
{
    with(rig, HEAD NOW);
    CALL(rig, "2026-03-02 10:00");
    edit(rig, "2026-03-02 10:10", HEAD OTHER);
    rig_click(rig, "2026-03-02 10:20", "ana", "answer", "I call them");
    assert_non_null(strstr(strbuf_text(&rig->lines), "Your answer: I call them"));
    assert_int_equal(core_counts(rig->core).open_prompts, 0);
}

/* --- what changed --- */

static void note_change(void *user, enum rule_change change, const struct rule *rule)
{
    static const char signs[] = {[RULE_ADDED] = '+', [RULE_CHANGED] = '~', [RULE_REMOVED] = '-'};
    strbuf_printf(user, "%c%s ", signs[change], rule->id);
}

static void expect_changes(struct rig *rig, const char *before, const char *after, const char *want)
{
    struct book *x = read_book(rig, PEOPLE, before), *y = read_book(rig, PEOPLE, after);
    struct strbuf got = {0};
    book_diff(x, y, note_change, &got);
    assert_string_equal(strbuf_text(&got), want);
    strbuf_done(&got);
    book_free(x);
    book_free(y);
}

static void changes_are_told_by_rule(struct rig *rig)
{
    with(rig, HEAD NOW);
    if (rig->restarts)
        return;
    expect_changes(rig, HEAD WAIT NOW, HEAD NOW WAIT, "");
    expect_changes(rig, HEAD WAIT NOW, HEAD WAIT OTHER, "-n +other ");
    expect_changes(rig, HEAD WAIT NOW,
                   HEAD "  - {rule: n, about: s, when: deal.won, ask: q, "
                        "reminders: false}\n" WAIT,
                   "~n ");
    /* its question's words are its own too; a signal counts for those that name one */
    static const char seen[] = "  - {rule: x, about: s, when: activity.logged, "
                               "if: {signal.calls: {at_least: 2}}, ask: two}\n";
    struct strbuf one = {0}, other = {0};
    strbuf_printf(&one, "%s%s%s", HEAD, NOW, seen);
    strbuf_puts(&other, strbuf_text(&one));
    memcpy(strstr(other.data, "is next"), "is best", 7);
    expect_changes(rig, strbuf_text(&one), strbuf_text(&other), "~n ");
    memcpy(strstr(other.data, "is best"), "is next", 7);
    memcpy(strstr(other.data, "window: 2d"), "window: 3d", 10);
    expect_changes(rig, strbuf_text(&one), strbuf_text(&other), "~x ");
    strbuf_done(&one);
    strbuf_done(&other);
}

/* The steps of a talk belong to the rule that starts it. */
static void changes_of_a_flow_are_those_of_its_rule(struct rig *rig)
{
    static const char talk[] =
        "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
        "flows:\n"
        "  f: {about: a talk, steps: [{ask: {id: one, kind: skill, text: What moves?}}]}\n"
        "  g: {about: a talk, steps: [{ask: {id: two, kind: skill, text: What waits?}}]}\n"
        "rules:\n"
        "  - {rule: x, about: s, when: deal.won, start: f}\n"
        "  - {rule: y, about: s, when: deal.won, start: g}\n";
    char other[sizeof(talk)];
    with(rig, HEAD NOW);
    if (rig->restarts)
        return;
    memcpy(other, talk, sizeof(talk));
    memcpy(strstr(other, "What moves?"), "What stays?", strlen("What stays?"));
    expect_changes(rig, talk, other, "~x ");
    expect_changes(rig, talk, talk, "");
}

static void notice_reaches_its_owner_or_every_manager(struct rig *rig)
{
    with(rig, HEAD NOW);
    step_reset(&rig->step, rig->now);
    core_notice(rig->core, "ana", "1", "to one", &rig->step);
    core_notice(rig->core, NULL, "2", "to all", &rig->step);
    core_notice(rig->core, "nobody", "3", "to all again", &rig->step);
    rig_take(rig);
    rig_expect(rig, "03-02 00:00 > ana: to one\n03-02 00:00 > dana: to all\n"
                    "03-02 00:00 > dana: to all again\n");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(wait_goes_on_with_the_words_of_the_new_rule),
        PLAY(wait_keeps_the_moment_it_was_promised_for),
        PLAY(wait_goes_on_when_the_rule_wakes_on_something_else),
        PLAY(wait_is_ended_by_the_new_unless),
        PLAY(wait_is_ended_by_the_new_if),
        PLAY(wait_of_a_renamed_rule_is_cancelled_with_a_note),
        PLAY(wait_survives_a_move_to_another_place_in_the_file),
        PLAY(wait_about_somebody_who_was_taken_out_says_nothing),
        PLAY(hold_goes_on_over_an_edit),
        PLAY(limit_counts_what_was_said_before_the_edit),
        PLAY(schedule_moved_to_an_hour_that_is_over_was_not_missed),
        PLAY(schedule_moved_to_a_later_hour_speaks_today),
        PLAY(schedule_edited_while_gritd_was_down_was_not_missed),
        PLAY(schedule_with_new_words_keeps_what_was_missed),
        PLAY(schedule_moves_with_the_zone_of_the_rule),
        PLAY(schedule_follows_new_rules_of_its_zone),
        PLAY(schedule_that_became_an_event_does_not_fire_any_more),
        PLAY(conversation_takes_its_answer_after_an_edit),
        PLAY(conversation_of_a_rule_that_is_gone_can_still_be_answered),
        PLAY(changes_are_told_by_rule),
        PLAY(changes_of_a_flow_are_those_of_its_rule),
        PLAY(notice_reaches_its_owner_or_every_manager),
    };
    return play_run("reload", cases, ARRAY_LEN(cases));
}
