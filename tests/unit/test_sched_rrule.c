#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "sched_check.h"

/* Expectations from python-dateutil 2.9.0. */
static void sched_rrule_parts(void **state)
{
    static const struct time_case cases[] = {
        {"DTSTART:20260101T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-11T09:00:00Z", "2026-01-13T09:00:00Z", "2026-01-25T09:00:00Z",
          "2026-01-27T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-04T09:00:00Z", "2026-01-13T09:00:00Z", "2026-01-18T09:00:00Z",
          "2026-01-27T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-30T09:00:00Z", "2026-02-27T09:00:00Z", "2026-03-31T09:00:00Z",
          "2026-04-30T09:00:00Z"}},
        {"DTSTART:20260131T090000\nRRULE:FREQ=MONTHLY",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-31T09:00:00Z", "2026-03-31T09:00:00Z", "2026-05-31T09:00:00Z",
          "2026-07-31T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1,15",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-15T09:00:00Z", "2026-01-31T09:00:00Z", "2026-02-15T09:00:00Z",
          "2026-02-28T09:00:00Z"}},
        {"DTSTART:20240229T090000\nRRULE:FREQ=YEARLY",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2024-02-29T09:00:00Z", "2028-02-29T09:00:00Z", "2032-02-29T09:00:00Z",
          "2036-02-29T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=YEARLY;BYDAY=20MO",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-05-18T09:00:00Z", "2027-05-17T09:00:00Z", "2028-05-15T09:00:00Z",
          "2029-05-14T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=YEARLY;BYDAY=-1FR;BYMONTH=3,9",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-03-27T09:00:00Z", "2026-09-25T09:00:00Z", "2027-03-26T09:00:00Z",
          "2027-09-24T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30;"
         "BYSETPOS=2,-1",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-04T09:30:00Z", "2026-01-25T09:30:00Z", "2027-01-03T09:30:00Z",
          "2027-01-31T09:30:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-02-13T09:00:00Z", "2026-03-13T09:00:00Z", "2026-11-13T09:00:00Z",
          "2027-08-13T09:00:00Z"}},
        {"DTSTART:20260101T090030\nRRULE:FREQ=HOURLY;INTERVAL=5;BYDAY=SA",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-03T01:00:30Z", "2026-01-03T06:00:30Z", "2026-01-03T11:00:30Z",
          "2026-01-03T16:00:30Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=MINUTELY;INTERVAL=90;BYHOUR=9,10,11",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-01T09:00:00Z", "2026-01-01T10:30:00Z", "2026-01-02T09:00:00Z",
          "2026-01-02T10:30:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=DAILY;INTERVAL=10;BYMONTH=2",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-02-10T09:00:00Z", "2026-02-20T09:00:00Z", "2027-02-05T09:00:00Z",
          "2027-02-15T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU,-1TH",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-13T09:00:00Z", "2026-01-29T09:00:00Z", "2026-04-14T09:00:00Z",
          "2026-04-30T09:00:00Z"}},
        {"DTSTART:20260105T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=3",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-05T09:00:00Z", "2026-01-07T09:00:00Z", "2026-01-09T09:00:00Z"}},
        {"DTSTART:20260101T090000\nRRULE:FREQ=HOURLY;BYMINUTE=10,20,30;BYSETPOS=-1",
         "UTC",
         "2000-01-01T00:00:00Z",
         {"2026-01-01T09:30:00Z", "2026-01-01T10:30:00Z", "2026-01-01T11:30:00Z",
          "2026-01-01T12:30:00Z"}},
    };
    (void)state;
    check_cases(cases, ARRAY_LEN(cases));
}

static void sched_rrule_ends(void **state)
{
    static const struct time_case cases[] = {
        {"DTSTART=20260306T090000;FREQ=WEEKLY;COUNT=3",
         "America/Denver",
         "2026-01-01T00:00:00Z",
         {"2026-03-06T16:00:00Z", "2026-03-13T15:00:00Z", "2026-03-20T15:00:00Z"}},
        {"FREQ=DAILY;BYHOUR=9;UNTIL=20261124",
         "UTC",
         "2026-11-22T12:00:00Z", /* the day counts */
         {"2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"}},
        {"FREQ=DAILY;BYHOUR=9;UNTIL=20261124T160000Z",
         "America/Denver",
         "2026-11-23T00:00:00Z",
         {"2026-11-23T16:00:00Z", "2026-11-24T16:00:00Z"}},
        {"FREQ=DAILY;BYHOUR=9;UNTIL=20261124T155959Z",
         "America/Denver",
         "2026-11-23T00:00:00Z",
         {"2026-11-23T16:00:00Z"}},
        {"FREQ=WEEKLY;BYHOUR=9",
         "UTC",
         "2026-11-22T00:00:00Z", /* anchor: Monday 2001-01-01 */
         {"2026-11-23T09:00:00Z", "2026-11-30T09:00:00Z", "2026-12-07T09:00:00Z",
          "2026-12-14T09:00:00Z"}},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "UTC", "2026-01-01T00:00:00Z", {NULL}},
        {"FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1", "UTC", "2026-01-01T00:00:00Z", {NULL}},
        {"FREQ=YEARLY;BYDAY=MO;BYSETPOS=300", "UTC", "2026-01-01T00:00:00Z", {NULL}},
    };
    (void)state;
    check_cases(cases, ARRAY_LEN(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sched_rrule_parts),
        cmocka_unit_test(sched_rrule_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
