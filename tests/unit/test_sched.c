#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "sched_check.h"
#include "shared.h"

/* FM-D01 */
static void sched_follows_clock_changes(void **state)
{
    static const struct time_case cases[] = {
        /* fixed times: first instant after the gap, once; first pass of an overlap */
        {"30 2 * * *",
         "America/Denver",
         "2026-03-07T10:00:00Z",
         {"2026-03-08T03:00:00-06:00", "2026-03-09T02:30:00-06:00", "2026-03-10T02:30:00-06:00",
          "2026-03-11T02:30:00-06:00"}},
        {"0,15,30,45 2,3 * * *",
         "America/Denver",
         "2026-03-08T08:00:00Z",
         {"2026-03-08T03:00:00-06:00", "2026-03-08T03:15:00-06:00", "2026-03-08T03:30:00-06:00",
          "2026-03-08T03:45:00-06:00"}},
        {"day at 01:30",
         "America/Denver",
         "2026-10-31T12:00:00Z",
         {"2026-11-01T01:30:00-06:00", "2026-11-02T01:30:00-07:00", "2026-11-03T01:30:00-07:00",
          "2026-11-04T01:30:00-07:00"}},
        {"day at 01:30",
         "America/Denver",
         "2026-11-01T07:45:00Z", /* between the passes */
         {"2026-11-02T01:30:00-07:00", "2026-11-03T01:30:00-07:00", "2026-11-04T01:30:00-07:00",
          "2026-11-05T01:30:00-07:00"}},
        {"day at 02:10",
         "Australia/Lord_Howe",
         "2026-10-03T00:00:00Z",
         {"2026-10-04T02:30:00+11:00", "2026-10-05T02:10:00+11:00", "2026-10-06T02:10:00+11:00",
          "2026-10-07T02:10:00+11:00"}},
        {"day at 09:00",
         "Pacific/Apia",
         "2011-12-29T00:00:00Z",
         {"2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00",
          "2012-01-01T09:00:00+14:00"}},
        {"day at 02:30",
         "Africa/Casablanca",
         "2026-02-14T12:00:00Z",
         {"2026-02-15T02:30:00+01:00", "2026-02-16T02:30:00+00:00", "2026-02-17T02:30:00+00:00",
          "2026-02-18T02:30:00+00:00"}},
        {"@daily",
         "Africa/Cairo",
         "2024-04-24T16:00:00Z",
         {"2024-04-25T00:00:00+02:00", "2024-04-26T01:00:00+03:00", "2024-04-27T00:00:00+03:00",
          "2024-04-28T00:00:00+03:00"}},
        {"day at 23:30",
         "Asia/Beirut",
         "2025-10-25T12:00:00Z",
         {"2025-10-25T23:30:00+03:00", "2025-10-26T23:30:00+02:00", "2025-10-27T23:30:00+02:00",
          "2025-10-28T23:30:00+02:00"}},
        /* intervals: both passes, and over the gap */
        {"30 minutes",
         "America/Denver",
         "2026-03-08T08:00:00Z",
         {"2026-03-08T01:30:00-07:00", "2026-03-08T03:00:00-06:00", "2026-03-08T03:30:00-06:00",
          "2026-03-08T04:00:00-06:00"}},
        {"*/30 * * * *",
         "America/Denver",
         "2026-11-01T07:00:00Z",
         {"2026-11-01T01:30:00-06:00", "2026-11-01T01:00:00-07:00", "2026-11-01T01:30:00-07:00",
          "2026-11-01T02:00:00-07:00"}},
        {"30 minutes between 01:00 and 02:00",
         "Australia/Lord_Howe",
         "2026-04-04T13:45:00Z",
         {"2026-04-04T14:00:00Z", "2026-04-04T14:30:00Z", "2026-04-04T15:00:00Z",
          "2026-04-04T15:30:00Z"}},
        {"12 hours",
         "Pacific/Apia",
         "2011-12-29T10:00:00Z",
         {"2011-12-29T12:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00",
          "2012-01-01T00:00:00+14:00"}},
        /* RRULE: offset before the gap; first pass; what was moved may be overtaken */
        {"FREQ=DAILY;BYHOUR=2;BYMINUTE=30",
         "America/Denver",
         "2026-03-07T10:00:00Z",
         {"2026-03-08T03:30:00-06:00", "2026-03-09T02:30:00-06:00", "2026-03-10T02:30:00-06:00",
          "2026-03-11T02:30:00-06:00"}},
        {"DTSTART:20260308T021500\nRRULE:FREQ=MINUTELY;INTERVAL=50;COUNT=4",
         "America/Denver",
         "2026-03-01T00:00:00Z",
         {"2026-03-08T03:05:00-06:00", "2026-03-08T03:15:00-06:00", "2026-03-08T03:55:00-06:00",
          "2026-03-08T04:45:00-06:00"}},
        {"FREQ=DAILY;BYHOUR=1;BYMINUTE=30",
         "America/Denver",
         "2026-11-01T07:30:00Z",
         {"2026-11-02T01:30:00-07:00", "2026-11-03T01:30:00-07:00", "2026-11-04T01:30:00-07:00",
          "2026-11-05T01:30:00-07:00"}},
        {"FREQ=DAILY;BYHOUR=9",
         "Pacific/Apia",
         "2011-12-29T20:00:00Z",
         {"2011-12-31T09:00:00+14:00", "2012-01-01T09:00:00+14:00", "2012-01-02T09:00:00+14:00",
          "2012-01-03T09:00:00+14:00"}},
    };
    (void)state;
    check_cases(cases, ARRAY_LEN(cases));
}

static void sched_english_means_what_it_says(void **state)
{
    static const struct time_case cases[] = {
        {"weekday at 09:00",
         "UTC",
         "2026-11-20T09:00:00Z",
         {"2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z", "2026-11-25T09:00:00Z",
          "2026-11-26T09:00:00Z"}},
        {"every MONDAY, Wednesday at 9am and 17:30",
         "UTC",
         "2026-11-22T00:00:00Z",
         {"2026-11-23T09:00:00Z", "2026-11-23T17:30:00Z", "2026-11-25T09:00:00Z",
          "2026-11-25T17:30:00Z"}},
        {"2 weeks on Friday at 16:00",
         "UTC",
         "2001-01-01T00:00:00Z",
         {"2001-01-05T16:00:00Z", "2001-01-19T16:00:00Z", "2001-02-02T16:00:00Z",
          "2001-02-16T16:00:00Z"}},
        {"every other day at 08:00",
         "UTC",
         "2001-01-01T00:00:00Z",
         {"2001-01-01T08:00:00Z", "2001-01-03T08:00:00Z", "2001-01-05T08:00:00Z",
          "2001-01-07T08:00:00Z"}},
        {"last weekday of month at 10:00",
         "UTC",
         "2026-01-01T00:00:00Z",
         {"2026-01-30T10:00:00Z", "2026-02-27T10:00:00Z", "2026-03-31T10:00:00Z",
          "2026-04-30T10:00:00Z"}},
        {"first weekday of month at 10:00",
         "UTC",
         "2026-07-15T00:00:00Z",
         {"2026-08-03T10:00:00Z", "2026-09-01T10:00:00Z", "2026-10-01T10:00:00Z",
          "2026-11-02T10:00:00Z"}},
        {"first Monday of quarter at 09:00",
         "UTC",
         "2026-01-06T00:00:00Z",
         {"2026-04-06T09:00:00Z", "2026-07-06T09:00:00Z", "2026-10-05T09:00:00Z",
          "2027-01-04T09:00:00Z"}},
        {"last Friday of year at noon",
         "UTC",
         "2026-01-01T00:00:00Z",
         {"2026-12-25T12:00:00Z", "2027-12-31T12:00:00Z", "2028-12-29T12:00:00Z",
          "2029-12-28T12:00:00Z"}},
        {"first and last day of month at 07:00",
         "UTC",
         "2028-02-01T07:00:00Z",
         {"2028-02-29T07:00:00Z", "2028-03-01T07:00:00Z", "2028-03-31T07:00:00Z",
          "2028-04-01T07:00:00Z"}},
        {"1st and 15th of the month at 09:00",
         "UTC",
         "2026-11-22T00:00:00Z",
         {"2026-12-01T09:00:00Z", "2026-12-15T09:00:00Z", "2027-01-01T09:00:00Z",
          "2027-01-15T09:00:00Z"}},
        {"second Tuesday of January at 09:00",
         "UTC",
         "2026-11-22T00:00:00Z",
         {"2027-01-12T09:00:00Z", "2028-01-11T09:00:00Z", "2029-01-09T09:00:00Z",
          "2030-01-08T09:00:00Z"}},
        {"30 minutes between 09:00 and 10:00 on weekdays",
         "UTC",
         "2026-11-20T09:10:00Z",
         {"2026-11-20T09:30:00Z", "2026-11-20T10:00:00Z", "2026-11-23T09:00:00Z",
          "2026-11-23T09:30:00Z"}},
        {"50 minutes",
         "UTC",
         "2026-11-20T23:00:00Z", /* counted anew from each midnight */
         {"2026-11-20T23:20:00Z", "2026-11-21T00:00:00Z", "2026-11-21T00:50:00Z",
          "2026-11-21T01:40:00Z"}},
    };
    (void)state;
    check_cases(cases, ARRAY_LEN(cases));
}

static void sched_cron_fields(void **state)
{
    static const struct time_case cases[] = {
        {"0 9 1,15 * MON",
         "UTC",
         "2026-11-22T00:00:00Z", /* either one */
         {"2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z", "2026-12-01T09:00:00Z",
          "2026-12-07T09:00:00Z"}},
        {"0 9 */2 * MON",
         "UTC",
         "2026-11-22T00:00:00Z", /* starts with '*': both */
         {"2026-11-23T09:00:00Z", "2026-12-07T09:00:00Z", "2026-12-21T09:00:00Z",
          "2027-01-11T09:00:00Z"}},
        {"0 9 * * 5L,mon#2",
         "UTC",
         "2026-11-01T00:00:00Z",
         {"2026-11-09T09:00:00Z", "2026-11-27T09:00:00Z", "2026-12-14T09:00:00Z",
          "2026-12-25T09:00:00Z"}},
        {"0 9 1W ? *",
         "UTC",
         "2026-07-15T00:00:00Z",
         {"2026-08-03T09:00:00Z", "2026-09-01T09:00:00Z", "2026-10-01T09:00:00Z",
          "2026-11-02T09:00:00Z"}},
        {"0 9 31W * *",
         "UTC",
         "2026-01-01T00:00:00Z",
         {"2026-01-30T09:00:00Z", "2026-03-31T09:00:00Z", "2026-05-29T09:00:00Z",
          "2026-07-31T09:00:00Z"}},
        {"5/20 8-10/2 * jan-mar FRI-SUN",
         "UTC",
         "2026-03-29T09:00:00Z",
         {"2026-03-29T10:05:00Z", "2026-03-29T10:25:00Z", "2026-03-29T10:45:00Z",
          "2027-01-01T08:05:00Z"}},
        {"0 0 29 2 *",
         "UTC",
         "2096-03-01T00:00:00Z", /* 2100 is no leap year */
         {"2104-02-29T00:00:00Z", "2108-02-29T00:00:00Z", "2112-02-29T00:00:00Z",
          "2116-02-29T00:00:00Z"}},
        {"@weekly",
         "UTC",
         "2026-11-22T00:00:00Z",
         {"2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z", "2026-12-13T00:00:00Z",
          "2026-12-20T00:00:00Z"}},
        {"0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", {NULL}},
        {"*/5 * 31 4,6 *", "America/Denver", "2026-01-01T00:00:00Z", {NULL}},
    };
    (void)state;
    check_cases(cases, ARRAY_LEN(cases));
}

static void sched_slot_is_different_in_each_pass(void **state)
{
    (void)state;
    char slot[SCHED_SLOT_BYTES];
    struct tz *tz = zone_new("America/Denver");
    struct sched *s = sched_new("30 minutes");
    sched_slot(s, tz, at("2026-03-09T15:00:00Z"), slot);
    assert_string_equal(slot, "2026-03-09T09:00 America/Denver");
    sched_slot(s, tz, at("2026-11-01T07:30:00Z"), slot);
    assert_string_equal(slot, "2026-11-01T01:30 America/Denver");
    sched_slot(s, tz, at("2026-11-01T08:30:00Z"), slot);
    assert_string_equal(slot, "2026-11-01T01:30-07:00 America/Denver");
    sched_free(s);
    tz_free(tz);
}

/* From whatever moment one asks, the answer is the next of the same list. FM-D10 */
static void sched_next_does_not_depend_on_the_asking(void **state)
{
    static const char *const texts[] = {"*/20 * * * *",
                                        "day at 01:30, 02:00, 02:30, 03:10",
                                        "50 minutes between 00:30 and 05:00",
                                        "FREQ=MINUTELY;INTERVAL=37",
                                        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,40",
                                        "FREQ=DAILY;BYHOUR=0,1,2,3;BYMINUTE=5,45;BYSETPOS=2,-3"};
    static const char *const zones[][2] = {{"America/Denver", "2026-03-08T00:00:00Z"},
                                           {"America/Denver", "2026-11-01T00:00:00Z"},
                                           {"Australia/Lord_Howe", "2026-10-03T06:00:00Z"},
                                           {"Pacific/Apia", "2011-12-29T20:00:00Z"},
                                           {"Asia/Beirut", "2025-10-25T10:00:00Z"}};
    enum { MINUTES = 36 * 60 };
    (void)state;
    for (size_t z = 0; z < ARRAY_LEN(zones); z++) {
        struct tz *tz = zone_new(zones[z][0]);
        for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
            struct sched *s = sched_new(texts[i]);
            const msec_t start = at(zones[z][1]);
            msec_t due;
            assert_int_equal(sched_next(s, tz, start, &due), 0);
            for (msec_t t = start; t < start + MINUTES * MSEC_MINUTE; t += MSEC_MINUTE) {
                msec_t got;
                if (t >= due)
                    assert_int_equal(sched_next(s, tz, due, &due), 0);
                assert_int_equal(sched_next(s, tz, t, &got), 0);
                if (got != due)
                    fail_msg("%s in %s at %lld", texts[i], zones[z][0], (long long)t);
            }
            sched_free(s);
        }
        tz_free(tz);
    }
}

/* FM-D03 FM-D11 */
static void sched_next_at_the_ends_of_time(void **state)
{
    (void)state;
    struct tz *tz = zone_new("America/Denver");
    struct sched *fixed = sched_new("day at 09:00"), *interval = sched_new("2 hours");
    msec_t due = 7;
    assert_int_equal(sched_next(fixed, tz, MSEC_NEVER, &due), -ENOENT);
    assert_int_equal(sched_next(interval, tz, MSEC_NEVER, &due), -ENOENT);
    assert_int_equal(due, 7);
    assert_int_equal(sched_next(fixed, tz, MSEC_NONE, &due), 0);
    assert_int_equal(sched_next(interval, tz, MSEC_NONE, &due), 0);
    sched_free(fixed);
    sched_free(interval);
    sched_free(NULL);
    tz_free(tz);
}

/* -- the shared cases -- */

static json_t *shared_cases(void)
{
    size_t n = 0;
    json_error_t error;
    char *text = shared_read_new("cases/cron-dst-cases.json", &n);
    if (!text)
        return NULL;
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (!root)
        fail_msg("cron-dst-cases.json:%d: %s", error.line, error.text);
    return root;
}

static const char *field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (!text)
        fail_msg("a case without %s", name);
    return text;
}

static size_t expected(const json_t *object, const char *ret[8])
{
    const json_t *list = json_object_get(object, "expect");
    size_t count = json_array_size(list);
    assert_true(count > 0 && count <= 8);
    for (size_t i = 0; i < count; i++)
        ret[i] = json_string_value(json_array_get(list, i));
    return count;
}

/* FM-D01 FM-D02 */
static void sched_passes_the_shared_cron_cases(void **state)
{
    size_t i;
    json_t *root = shared_cases(), *item;
    (void)state;
    if (!root)
        skip();
    const json_t *cases = json_object_get(root, "cases");
    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, item)
    {
        const char *expect[8];
        size_t count = expected(item, expect);
        check_times(field(item, "id"), field(item, "schedule"), field(item, "tz"),
                    at(field(item, "after")), expect, count, false);
    }
    json_decref(root);
}

/* FM-D11 */
static void sched_passes_the_shared_rrule_cases(void **state)
{
    size_t i;
    json_t *root = shared_cases(), *item;
    (void)state;
    if (!root)
        skip();
    const json_t *cases = json_object_get(root, "rrule_cases");
    assert_true(json_array_size(cases) > 0);
    json_array_foreach(cases, i, item)
    {
        const char *expect[8];
        char text[512];
        size_t count = expected(item, expect);
        snprintf(text, sizeof(text), "DTSTART:%s\nRRULE:%s", field(item, "dtstart"),
                 field(item, "rrule"));
        check_times(field(item, "id"), text, field(item, "tz"), 0, expect, count, count < 6);
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sched_follows_clock_changes),
        cmocka_unit_test(sched_english_means_what_it_says),
        cmocka_unit_test(sched_cron_fields),
        cmocka_unit_test(sched_slot_is_different_in_each_pass),
        cmocka_unit_test(sched_next_does_not_depend_on_the_asking),
        cmocka_unit_test(sched_next_at_the_ends_of_time),
        cmocka_unit_test(sched_passes_the_shared_cron_cases),
        cmocka_unit_test(sched_passes_the_shared_rrule_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
