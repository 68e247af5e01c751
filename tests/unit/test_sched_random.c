/* Schedules nobody would write: each answers, or says never, in bounded work. What is counted is
 * the work, not the time: steps of the calendar, tests of a day, looks into the zone (by --wrap).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/alloc.h"
#include "core/sched_form.h"
#include "pattern_random.h"
#include "sched_check.h"

/* A step is a few nanoseconds, so these are well below the 10 ms an answer may take. A COUNT is
 * counted out when it is read, through at most 400 years. */
enum { READ_STEPS_MAX = 1000000, STEPS_MAX = 200000, SCHEDULES = 3000, ANSWERS = 3 };

static long steps;

#define COUNTED(type, name, parameters, arguments)                                                 \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        steps++;                                                                                   \
        return __real_##name arguments;                                                            \
    }
COUNTED(void, sched_day_step, (struct sched_day * day), (day))
COUNTED(void, sched_day_next_month, (struct sched_day * day), (day))
COUNTED(bool, sched_days_match, (const struct sched_days *days, const struct sched_day *day),
        (days, day))
COUNTED(bool, rrule_match, (const struct rrule *rule, const struct sched_day *day), (rule, day))
COUNTED(int, rrule_minute, (struct sched_walk * walk, const struct sched_day *day, int from),
        (walk, day, from))
COUNTED(int, sched_minute_next, (const uint64_t *minutes, int from), (minutes, from))
COUNTED(int, sched_minute_count, (const uint64_t *minutes, int from, int until),
        (minutes, from, until))
COUNTED(struct tz_span, tz_span_at, (const struct tz *tz, msec_t utc), (tz, utc))
COUNTED(msec_t, tz_instant_wall, (const struct tz *tz, msec_t wall, enum tz_pick pick),
        (tz, wall, pick))

#define NUMBER_60 "([0-9]|[1-5][0-9])"
#define DAY       "([1-9]|[12][0-9]|30|31)"
#define WEEKDAY   "(MO|TU|WE|TH|FR|SA|SU)"
#define MINUTES   "(\\*|" NUMBER_60 "|\\*/" NUMBER_60 "|" NUMBER_60 "," NUMBER_60 ")"
#define HOURS     "(\\*|0|2|9|23|\\*/[1-9]|1-3)"
#define DAYS      "(\\*|" DAY "|L|LW|" DAY "W|" DAY "," DAY "|\\*/[1-9])"
#define MONTHS    "(\\*|[1-9]|1[0-2]|2|2|\\*/[1-7])"
#define WEEKDAYS  "(\\*|[0-6]|[0-6]L|[0-6]#[1-5]|1-5|\\*/[2-7])"
#define AT        " at ([01][0-9]|2[0-3]):[0-5][0-9]"

static const char *const patterns[] = {
    MINUTES " " HOURS " " DAYS " " MONTHS " " WEEKDAYS,
    "FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY)(;INTERVAL=([1-9]|[1-9][0-9]{1,4}))?"
    "(;BYMONTH=(2|[1-9]|1[0-2]))?(;BYMONTHDAY=-?(29|30|31|[1-9]))?(;BYDAY=" WEEKDAY "(," WEEKDAY
    ")?)?(;BYHOUR=(2|23))?(;BYMINUTE=[0-5]?[0-9])?",
    "FREQ=(YEARLY|MONTHLY);BYDAY=-?[1-5]" WEEKDAY "(;BYMONTH=2)?(;BYSETPOS=-?([1-9]|366))?",
    "FREQ=(YEARLY|MONTHLY|DAILY);BYMONTHDAY=(29|30|31);BYMONTH=(2|4)"
    ";BYHOUR=1,2,3;BYSETPOS=-?[1-9]",
    "DTSTART:20(0|2)[0-9]0[1-9][0-2][1-9]T0[0-9](00|30)00 RRULE:FREQ=(YEARLY|MONTHLY|DAILY|HOURLY|"
    "MINUTELY);INTERVAL=[1-9]{1,3};COUNT=[1-9][0-9]{0,3}(;BYMONTHDAY=(29|31))?",
    "DTSTART:20260101T000000 RRULE:FREQ=(MINUTELY|HOURLY);INTERVAL=[1-9][0-9]{0,2}"
    ";BYMINUTE=1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31,33,35(;BYMONTHDAY=31)?",
    "FREQ=(MONTHLY|YEARLY|DAILY);BYDAY=" WEEKDAY ";BYHOUR=9,10,11,12,13,14,15,16;"
    "BYMINUTE=0,5,10,15,20,25,30,35,40,45;BYSETPOS=-?(1|80|81|366)",
    "([1-9] weeks on Friday|[1-9][0-9]{0,2} days|last weekday of month|first Monday of quarter|"
    "(30|31|29) of month|29 of February|last day of year)" AT,
    "[1-9][0-9]{0,2} (minutes|hours)( between 0[0-9]:00 and 2[0-3]:[0-5]0)?( on weekdays)?",
};

static const char *const zones[] = {"UTC",          "America/Denver", "Australia/Lord_Howe",
                                    "Africa/Cairo", "Pacific/Apia",   "Europe/Dublin"};
static const char *const moments[] = {"1996-03-01T00:00:00Z", "2026-11-22T09:00:00Z",
                                      "2096-02-29T12:00:00Z", "2044-10-30T00:30:00Z"};

static void assert_bounded(const char *text, const char *what, long most)
{
    if (steps > most)
        fail_msg("'%s': %ld steps for %s", text, steps, what);
}

static void follow(const char *text, const struct sched *s, const struct tz *zone, msec_t after)
{
    for (int i = 0; i < ANSWERS; i++) {
        msec_t due = after;
        steps = 0;
        int r = sched_next(s, zone, after, &due);
        assert_bounded(text, r ? "never" : "an answer", STEPS_MAX);
        if (r)
            return;
        assert_true(due > after);
        after = due;
    }
}

/* FM-D03; GRITD_SCHED_SEED=N plays others. */
static void sched_answers_or_says_never_in_bounded_work(void **state)
{
    (void)state;
    const char *seed = getenv("GRITD_SCHED_SEED");
    struct chance chance = {seed ? strtoull(seed, NULL, 10) * 2 + 1 : 20261122};
    struct tz *tz[ARRAY_LEN(zones)];
    int taken = 0, most = 0;
    long most_steps = 0;
    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        tz[i] = zone_new(zones[i]);
    for (int n = 0; n < SCHEDULES; n++) {
        struct strbuf text = {0};
        struct sched *s = NULL;
        struct err err = {0};
        pattern_random(&chance, patterns[n % (int)ARRAY_LEN(patterns)], &text);
        steps = 0;
        int r = sched_parse(strbuf_text(&text), SCHED_AUTO, &err, &s);
        assert_bounded(strbuf_text(&text), "reading it", READ_STEPS_MAX);
        if (r < 0)
            assert_true(err.text[0] != '\0');
        else
            follow(strbuf_text(&text), s, tz[chance_below(&chance, ARRAY_LEN(zones))],
                   at(moments[chance_below(&chance, ARRAY_LEN(moments))]));
        taken += r == 0;
        if (steps > most_steps) {
            most_steps = steps;
            most = n;
        }
        sched_free(s);
        strbuf_done(&text);
    }
    print_message("  %d of %d read; at most %ld steps (number %d)\n", taken, SCHEDULES, most_steps,
                  most);
    assert_true(taken > SCHEDULES / 2);
    assert_true(most_steps > 0);
    for (size_t i = 0; i < ARRAY_LEN(zones); i++)
        tz_free(tz[i]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sched_answers_or_says_never_in_bounded_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
