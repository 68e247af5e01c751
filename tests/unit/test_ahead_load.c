/* `before`, `after` and `missing` as they are written: what is read, and each mistake by its
 * sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load_check.h"

#define HEAD                                                                                       \
    "plugin: p\narea: skill\nquestions:\n"                                                         \
    "  q: {kind: skill, reader: rep, text: \"What is next?\"}\nrules:\n"

static struct loaded load_rule(const char *line)
{
    char yaml[900];
    (void)snprintf(yaml, sizeof(yaml), HEAD "  - {rule: r, ask: q, %s}\n", line);
    return load_given(&(struct load_given){.plugins = {yaml}});
}

/* Columns count from `  - {rule: r, ask: q, `, which is 22 characters long. */
static const struct {
    const char *rule, *line;
} mistakes[] = {
    {"before: 2h", "a.yaml:6:31: error: 'before' must be a mapping, such as {event: "
                   "activity.planned, kind: meeting, by: 2h}; found '2h' [wrong-value]"},
    {"before: {event: activity.planned}",
     "a.yaml:6:31: error: 'before' needs 'by', such as {event: activity.planned, kind: meeting, "
     "by: 2h} [missing-key]"},
    {"before: {event: deal.won, by: 2h}",
     "a.yaml:6:39: error: 'before' needs event: activity.planned; no other event says when "
     "something will begin [wrong-value]"},
    {"before: {event: activity.planned, by: 2}",
     "a.yaml:6:61: error: 'by' must be a length of time with its unit, such as 2d or 2h; found "
     "'2' [wrong-value]"},
    {"before: {event: activity.planned, by: 0h}",
     "a.yaml:6:61: error: 'by' must be a length of time that is more than nothing, such as 2h; "
     "found '0h' [wrong-value]"},
    {"before: {event: activity.planned, by: [1h, 2h]}",
     "a.yaml:6:61: error: 'by' must be one length of time, such as 2h; found a list "
     "[wrong-value]"},
    {"before: {event: activity.planned, kinds: call, by: 2h}",
     "a.yaml:6:57: error: unknown field 'kinds'; did you mean 'kind'? [unknown-field]"},
    {"before: {event: activity.planned, by: 2h}, for: 2d",
     "a.yaml:6:66: error: 'for' cannot go with 'before': the moment is said by 'by' [unused-key]"},
    {"before: {event: activity.planned, by: 2h}, missed: skip",
     "a.yaml:6:66: error: 'missed' is only for schedules (every, cron, rrule, missing) "
     "[unused-key]"},
    {"before: {event: activity.planned, by: 2h}, when: deal.won",
     "a.yaml:6:5: error: a rule has exactly one of when, every, cron, rrule, before, after, "
     "missing; this one has 2 [two-decision-points]"},
    {"after: {event: deal.won}", "a.yaml:6:30: error: 'after' needs 'at', such as {event: "
                                 "training.completed, at: [2d, 7d, 21d]} [missing-key]"},
    {"after: {event: deal.won, at: []}",
     "a.yaml:6:52: error: 'at' must be 1 to 12 lengths of time, such as [2d, 7d, 21d, 60d]; found "
     "a list [wrong-value]"},
    {"after: {event: deal.won, at: [2d, 2d]}",
     "a.yaml:6:57: error: '2d' must be longer than '2d' before it: the lengths of 'at' rise "
     "[wrong-value]"},
    {"after: {event: deal.won, at: [2d, 1 working day]}",
     "a.yaml:6:57: error: '1 working day' must be longer than '2d' before it: the lengths of 'at' "
     "rise [wrong-value]"},
    {"after: {event: deal.win, at: 2d}",
     "a.yaml:6:38: error: unknown event 'deal.win'; did you mean 'deal.won'? [unknown-event]"},
    {"after: {event: deal.won, at: 2d}, for: 1d",
     "a.yaml:6:57: error: 'for' cannot go with 'after': the moments are said by 'at' "
     "[unused-key]"},
    {"missing: {event: activity.logged, since: Monday 09:00}",
     "a.yaml:6:32: error: 'missing' needs 'by': when it decides, by the clock of the rep (or of "
     "'zone'), such as Wednesday 11:00 [missing-key]"},
    {"missing: {event: activity.logged, since: Monday 09:00, snce: x, by: Monday 10:00}",
     "a.yaml:6:78: error: unknown key 'snce'; did you mean 'since'? [unknown-key]"},
    {"missing: {event: activity.logged, since: Munday 09:00, by: Monday 10:00}",
     "a.yaml:6:64: error: every 'Munday at 09:00': word 'Munday' is not known; did you mean "
     "'sunday'? (wants something like 'weekday at 09:00') [bad-schedule]"},
    {"missing: {event: activity.logged, since: Monday, by: Monday 10:00}",
     "a.yaml:6:64: error: every 'Monday': stops too early (wants 'at 09:00') [bad-schedule]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: 30 minutes}",
     "a.yaml:6:82: error: 'by' must be a point of the week or month, such as Monday 09:00; found "
     "'30 minutes' [wrong-value]"},
    {"missing: {event: activity.logged, since: first day of year 09:00, by: last day of year "
     "09:00}",
     "a.yaml:6:64: error: 'since' can lie more than 100 days before 'by'; what happened is not "
     "kept for longer than that [wrong-value]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Friday 9am, kind: cal}",
     "a.yaml:6:100: error: unknown word for 'kind': 'cal'; did you mean 'call'? [unknown-word]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Friday 9am, per: team}",
     "a.yaml:6:99: error: unknown word for 'per': 'team'; known are: rep, deal [unknown-word]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Friday 9am}, for: 2d",
     "a.yaml:6:95: error: 'for' cannot go with 'missing': 'since' and 'by' say how long "
     "[unused-key]"},
    {"missing: {event: activity.logged, since: Monday 09:00, by: Friday 9am}, unless: deal.won",
     "a.yaml:6:95: error: 'unless' cannot go with 'missing': there is no wait to cancel; what "
     "must not have happened goes under 'missing' or 'if' [unused-key]"},
};

static void ahead_mistakes_are_explained(void **state)
{
    int wrong = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        struct loaded l = load_rule(mistakes[i].rule);
        size_t length = strlen(mistakes[i].line);
        if (strncmp(l.text, mistakes[i].line, length) != 0 || l.text[length] != '\n' ||
            l.text[length + 1]) {
            print_error("%s\nwanted: %s\nfound:  %s\n", mistakes[i].rule, mistakes[i].line, l.text);
            wrong++;
        }
        load_done(&l);
    }
    assert_int_equal(wrong, 0);
}

static struct loaded good(const char *line)
{
    struct loaded l = load_rule(line);
    if (l.result || l.book->rule_count != 1)
        fail_msg("%s", l.text);
    return l;
}

static void before_is_read(void **state)
{
    (void)state;
    struct loaded l = good("before: {event: activity.planned, kind: meeting, by: 2 working hours}");
    const struct rule *rule = l.book->rules[0];
    assert_int_equal(rule->point, POINT_BEFORE);
    assert_true(rule->when == EVENT_BIT(EVENT_ACTIVITY_PLANNED) && rule->when_cond);
    assert_int_equal(rule->moment_count, 1);
    assert_true(rule->moments[0].working && rule->moments[0].length == 2 * MSEC_HOUR);
    assert_int_equal(l.book->ahead.count, 1);
    load_done(&l);
}

static void after_is_read(void **state)
{
    (void)state;
    struct loaded l = good("after: {event: [deal.won, deal.lost], at: [2d, 3 working days, 2w]}");
    const struct rule *rule = l.book->rules[0];
    assert_int_equal(rule->point, POINT_AFTER);
    assert_true(rule->when == (EVENT_BIT(EVENT_DEAL_WON) | EVENT_BIT(EVENT_DEAL_LOST)));
    assert_int_equal(rule->moment_count, 3);
    assert_true(rule->moments[1].working && rule->moments[2].length == 14 * MSEC_DAY);
    assert_string_equal(rule->moments_text, "2d, 3 working days, 2w");
    load_done(&l);
}

static void missing_is_read(void **state)
{
    (void)state;
    struct loaded l = good("missing: {event: activity.logged, kind: call, direction: outbound, "
                           "per: deal, since: Monday 09:00, by: Wednesday 11am}, missed: skip, "
                           "zone: America/Denver");
    const struct rule *rule = l.book->rules[0];
    assert_int_equal(rule->point, POINT_MISSING);
    assert_true(rule->absent_per_deal && !rule->absent.automated);
    assert_string_equal(rule->absent.direction, "outbound");
    assert_string_equal(sched_text(rule->since), "at 09:00 on Monday");
    assert_string_equal(sched_text(rule->sched), "at 11:00 on Wednesday");
    assert_int_equal(l.book->scheduled.count, 1);
    load_done(&l);
}

static void lengths_can_be_inputs(void **state)
{
    (void)state;
    struct load_given given = {
        .plugins = {"plugin: p\narea: skill\n"
                    "inputs: {lead: {type: duration, default: 3h, about: How long before}}\n"
                    "rules:\n  - rule: r\n    before: {event: activity.planned, by: $lead}\n"
                    "    tell: It begins soon.\n"}};
    struct loaded l = load_given(&given);
    if (l.result)
        fail_msg("%s", l.text);
    assert_true(l.book->rules[0]->moments[0].length == 3 * MSEC_HOUR);
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ahead_mistakes_are_explained),
        cmocka_unit_test(before_is_read),
        cmocka_unit_test(after_is_read),
        cmocka_unit_test(missing_is_read),
        cmocka_unit_test(lengths_can_be_inputs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
