#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/clock.h"
#include "core/hours.h"
#include "zone_load.h"

/* Monday 2026-11-23 and Thursday 2026-11-26 (Thanksgiving), in days since 1970. */
enum { DAY_NOV_23 = 20780, DAY_NOV_26 = 20783 };

static const int32_t holidays[] = {DAY_NOV_26};

static struct hours_calendar calendar(const struct tz *zone)
{
    return (struct hours_calendar){{8 * 60 + 30, 18 * 60, HOURS_MON_TO_FRI}, zone, holidays, 1};
}

static void clock_parse_forms(void **state)
{
    static const struct {
        const char *text;
        int minutes; /* -1: refused */
    } cases[] = {
        {"09:00", 540}, {"9:05", 545},     {"24:00", 1440}, {"9am", 540},    {"12am", 0},
        {"12pm", 720},  {"9:30 PM", 1290}, {"noon", 720},   {"Midnight", 0}, {"9", -1},
        {"24:01", -1},  {"9:5", -1},       {"9:60", -1},    {"13pm", -1},    {"0am", -1},
        {"", -1},       {"09:00x", -1},    {"-1:00", -1},   {"999:00", -1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int minutes = -1;
        int r = clock_parse(cases[i].text, strlen(cases[i].text), &minutes);
        if (minutes != cases[i].minutes || (r < 0) != (minutes < 0))
            fail_msg("'%s': %d", cases[i].text, minutes);
    }
}

static void hours_parse_forms(void **state)
{
    static const struct {
        const char *text;
        int start_min, end_min;
        unsigned weekdays;
    } cases[] = {
        {"08:30-18:00", 510, 1080, HOURS_MON_TO_FRI},
        {"8:30 - 18:00", 510, 1080, 0x3E},
        {"Mon-Fri 9am-5pm", 540, 1020, 0x3E},
        {"Sun-Thu 09:00-24:00", 540, 1440, 0x1F},
        {"fri-mon 09:00-10:00", 540, 600, 0x63},
        {"Mon, Wednesday 09:00-10:00", 540, 600, 0x0A},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hours hours = {0};
        struct err err = {0};
        if (hours_parse(cases[i].text, &err, &hours) < 0)
            fail_msg("%s", err.text);
        assert_int_equal(hours.start_min, cases[i].start_min);
        assert_int_equal(hours.end_min, cases[i].end_min);
        assert_int_equal(hours.weekdays, cases[i].weekdays);
    }
}

static void hours_parse_errors_say_what_is_right(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "'08:30-18:00'"},
        {"08:30", "'08:30-18:00'"},
        {"18:00-08:30", "midnight"},
        {"Mo-Fri 09:00-17:00", "not a day"},
        {"Mon- 09:00-17:00", "not a day"},
        {"09:00-25:00", "'08:30-18:00'"},
        {"Mon-Fri", "'08:30-18:00'"},
        {NULL, "'08:30-18:00'"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct hours hours = {.start_min = 7};
        struct err err = {0};
        assert_int_equal(hours_parse(cases[i].text, &err, &hours), -EINVAL);
        assert_non_null(strstr(err.text, cases[i].part));
        assert_int_equal(hours.start_min, 7);
    }
}

static void hours_next_over_night_weekend_holiday(void **state)
{
    static const struct {
        const char *from, *next, *end;
    } cases[] = {
        {"2026-11-23T07:00:00-07:00", "2026-11-23T08:30:00-07:00", "2026-11-23T18:00:00-07:00"},
        {"2026-11-23T08:30:00-07:00", "2026-11-23T08:30:00-07:00", "2026-11-23T18:00:00-07:00"},
        {"2026-11-23T17:59:59-07:00", "2026-11-23T17:59:59-07:00", "2026-11-23T18:00:00-07:00"},
        {"2026-11-23T18:00:00-07:00", "2026-11-24T08:30:00-07:00", "2026-11-24T18:00:00-07:00"},
        {"2026-11-25T20:00:00-07:00", "2026-11-27T08:30:00-07:00", "2026-11-27T18:00:00-07:00"},
        {"2026-11-27T18:00:00-07:00", "2026-11-30T08:30:00-07:00", "2026-11-30T18:00:00-07:00"},
        {"2026-03-06T19:00:00-07:00", "2026-03-09T08:30:00-06:00", "2026-03-09T18:00:00-06:00"},
    };
    (void)state;
    struct tz *tz = zone_new("America/Denver");
    const struct hours_calendar c = calendar(tz);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        msec_t t = at(cases[i].from), next = hours_next(&c, t, NULL, 0);
        assert_time(next, cases[i].next);
        assert_time(hours_period_end(&c, t), cases[i].end);
        assert_int_equal(hours_is_working(&c, t), t == next);
    }
    tz_free(tz);
}

static void hours_next_leaves_out_away_periods(void **state)
{
    (void)state;
    const struct hours_calendar c = calendar(tz_utc());
    const struct hours_away away[] = {
        {at("2026-11-24T10:00:00Z"), at("2026-11-24T11:00:00Z")},
        {at("2026-11-23T12:00:00Z"), at("2026-11-24T10:00:00Z")},
        {at("2026-12-01T00:00:00Z"), MSEC_NEVER},
    };
    assert_time(hours_next(&c, at("2026-11-23T09:00:00Z"), away, 3), "2026-11-23T09:00:00Z");
    assert_time(hours_next(&c, at("2026-11-23T13:00:00Z"), away, 3), "2026-11-24T11:00:00Z");
    assert_int_equal(hours_next(&c, at("2026-11-30T18:00:00Z"), away, 3), MSEC_NEVER);
}

static void hours_without_days_never_come(void **state)
{
    (void)state;
    struct hours_calendar c = calendar(tz_utc());
    c.hours.weekdays = 0;
    assert_int_equal(hours_next(&c, 0, NULL, 0), MSEC_NEVER);
    assert_int_equal(hours_period_end(&c, 0), MSEC_NEVER);
    assert_int_equal(hours_add_working(&c, 0, 1), MSEC_NEVER);
    assert_int_equal(hours_add_working_days(&c, 0, 1), MSEC_NEVER);
    assert_false(hours_is_working(&c, 0));
    c = calendar(tz_utc());
    assert_int_equal(hours_next(&c, MSEC_NEVER, NULL, 0), MSEC_NEVER);
    (void)hours_next(&c, MSEC_NONE, NULL, 0);
}

static void hours_add_working_skips_free_time(void **state)
{
    static const struct {
        const char *from;
        msec_t length;
        const char *expect;
    } cases[] = {
        {"2026-11-23T09:00:00Z", MSEC_HOUR, "2026-11-23T10:00:00Z"},
        {"2026-11-23T17:30:00Z", MSEC_HOUR, "2026-11-24T09:00:00Z"},
        {"2026-11-21T12:00:00Z", MSEC_HOUR, "2026-11-23T09:30:00Z"},
        {"2026-11-23T08:30:00Z", 570 * MSEC_MINUTE, "2026-11-23T18:00:00Z"},
        {"2026-11-25T17:00:00Z", 2 * MSEC_HOUR, "2026-11-27T09:30:00Z"}, /* over the holiday */
        {"2026-11-23T20:00:00Z", 0, "2026-11-23T20:00:00Z"},
    };
    (void)state;
    const struct hours_calendar c = calendar(tz_utc());
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_time(hours_add_working(&c, at(cases[i].from), cases[i].length), cases[i].expect);
}

static void hours_add_days_keeps_the_local_time(void **state)
{
    (void)state;
    struct tz *tz = zone_new("America/Denver");
    const struct hours_calendar c = calendar(tz);
    assert_time(hours_add_working_days(&c, at("2026-03-06T10:00:00-07:00"), 1),
                "2026-03-09T10:00:00-06:00");
    assert_time(hours_add_working_days(&c, at("2026-11-24T10:15:30-07:00"), 2),
                "2026-11-27T10:15:30-07:00");
    assert_time(hours_add_working_days(&c, at("2026-11-21T10:00:00-07:00"), 1),
                "2026-11-23T10:00:00-07:00");
    assert_time(hours_add(&c, at("2026-11-24T17:00:00-07:00"), 26 * MSEC_HOUR),
                "2026-11-27T09:30:00-07:00");
    assert_time(hours_add(&c, at("2026-11-23T09:00:00-07:00"), 72 * MSEC_HOUR),
                "2026-11-27T09:00:00-07:00");
    tz_free(tz);
}

/* Going back finds the way that going forward took. */
static void hours_subtract_goes_back(void **state)
{
    (void)state;
    struct tz *tz = zone_new("America/Denver");
    const struct hours_calendar c = calendar(tz);
    assert_time(hours_subtract(&c, at("2026-03-09T10:00:00-06:00"), 24 * MSEC_HOUR),
                "2026-03-06T10:00:00-07:00"); /* over the change of clocks */
    assert_time(hours_subtract(&c, at("2026-11-27T10:15:30-07:00"), 48 * MSEC_HOUR),
                "2026-11-24T10:15:30-07:00"); /* over the holiday */
    assert_time(hours_subtract(&c, at("2026-11-23T12:00:00-07:00"), 0),
                "2026-11-23T12:00:00-07:00");
    const struct hours_calendar never = {{540, 1020, 0}, tz, NULL, 0};
    assert_true(hours_subtract(&never, at("2026-11-23T12:00:00-07:00"), MSEC_HOUR) == MSEC_NONE);
    assert_true(hours_subtract(&never, at("2026-11-23T12:00:00-07:00"), MSEC_DAY) == MSEC_NONE);
    for (int minute = 0; minute < 14 * 24 * 60; minute += 37) {
        msec_t t = at("2026-03-02T00:00:00-07:00") + minute * MSEC_MINUTE;
        for (msec_t length = 20 * MSEC_MINUTE; length < MSEC_DAY; length += 7 * MSEC_HOUR / 3) {
            msec_t back = hours_subtract(&c, t, length);
            msec_t there = hours_add_working(&c, back, length);
            assert_true(back < t && there <= t);
            /* what lies between is no working time */
            assert_true(hours_add_working(&c, there, 1) > t || there == t);
        }
    }
    tz_free(tz);
}

static void hours_of_changed_days(void **state)
{
    (void)state;
    /* work on Sunday night 01:00 to 05:00, while the clock is put forward and back */
    struct tz *denver = zone_new("America/Denver"), *apia = zone_new("Pacific/Apia");
    struct hours_calendar c = {{60, 300, 1}, denver, NULL, 0};
    assert_time(hours_add_working(&c, at("2026-03-08T00:00:00-07:00"), 3 * MSEC_HOUR),
                "2026-03-08T05:00:00-06:00");
    assert_time(hours_add_working(&c, at("2026-11-01T00:00:00-06:00"), 5 * MSEC_HOUR),
                "2026-11-01T05:00:00-07:00");
    /* a day that never was: Friday 2011-12-30 */
    c = (struct hours_calendar){{540, 1020, HOURS_MON_TO_FRI}, apia, NULL, 0};
    assert_time(hours_next(&c, at("2011-12-29T18:00:00-10:00"), NULL, 0),
                "2012-01-02T09:00:00+14:00");
    tz_free(denver);
    tz_free(apia);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_parse_forms),
        cmocka_unit_test(hours_parse_forms),
        cmocka_unit_test(hours_parse_errors_say_what_is_right),
        cmocka_unit_test(hours_next_over_night_weekend_holiday),
        cmocka_unit_test(hours_next_leaves_out_away_periods),
        cmocka_unit_test(hours_without_days_never_come),
        cmocka_unit_test(hours_add_working_skips_free_time),
        cmocka_unit_test(hours_add_days_keeps_the_local_time),
        cmocka_unit_test(hours_of_changed_days),
        cmocka_unit_test(hours_subtract_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
