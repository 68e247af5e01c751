#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/alloc.h"
#include "sched_check.h"

static void sched_auto_finds_the_notation(void **state)
{
    static const struct {
        const char *text;
        enum sched_notation notation;
        bool interval;
    } cases[] = {
        {"0 9 * * 1-5", SCHED_CRON, false},
        {" */5 * * * *", SCHED_CRON, true},
        {"0 * * * *", SCHED_CRON, true},
        {"0-59/5 9 * * *", SCHED_CRON, false},
        {"@hourly", SCHED_CRON, true},
        {"weekday at 09:00", SCHED_EVERY, false},
        {"15 of month at 09:00", SCHED_EVERY, false},
        {"1, 15 of month at 09:00", SCHED_EVERY, false},
        {"2 hours", SCHED_EVERY, true},
        {"every 2 weeks on Friday at 16:00", SCHED_EVERY, false},
        {"FREQ=DAILY", SCHED_RRULE, false},
        {"rrule:freq=hourly", SCHED_RRULE, false},
        {"DTSTART:20260101\nRRULE:FREQ=DAILY", SCHED_RRULE, false},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sched *s = sched_new(cases[i].text);
        assert_int_equal(sched_notation(s), cases[i].notation);
        assert_int_equal(sched_is_interval(s), cases[i].interval);
        assert_string_equal(sched_source(s), cases[i].text);
        sched_free(s);
    }
}

/* FM-D03 */
static void sched_errors_name_the_part(void **state)
{
    static const struct {
        const char *text, *parts[2];
    } cases[] = {
        {"", {"empty", "weekday at 09:00"}},
        {"Monady at 08:30", {"'Monady'", "did you mean 'monday'?"}},
        {"first weekday of mnth at 09:00", {"'mnth'", "did you mean 'month'?"}},
        {"Monday 08:30", {"'08:30'", "wants 'at 09:00'"}},
        {"weekday at 25:00", {"'25:00'", "wants 09:00"}},
        {"weekday at 9", {"'9'", "wants a time"}},
        {"weekday", {"stops too early", "'at 09:00'"}},
        {"2 weeks at 09:00", {"'at'", "'on Friday'"}},
        {"90 days", {"stops too early", "'at 09:00'"}},
        {"30 hours", {"'30 hours'", "3 days at 09:00"}},
        {"32 of month at 09:00", {"'32'", "1 to 31"}},
        {"second weekday of month at 09:00", {"'second weekday'", "first or last"}},
        {"fifth Monday of quarter at 09:00", {"5 of a quarter", "1 to 4"}},
        {"30 minutes between 17:00 and 09:00", {"window", "midnight"}},
        {"weekday at 09:00 please", {"'please'", "not known"}},
        {"0 25 * * *", {"hour '25'", "0-23"}},
        {"0 9 * * MOM", {"weekday 'MOM'", "did you mean 'MON'?"}},
        {"0 9 * FBE *", {"month 'FBE'", "did you mean 'FEB'?"}},
        {"0 9 * *", {"4 fields", "minute, hour, day of month, month, weekday"}},
        {"0 0 9 * * *", {"6 fields", "five"}},
        {"0 22-2 * * *", {"hour '22-2'", "backwards"}},
        {"*/0 * * * *", {"'*/0'", "1-59"}},
        {"0 9 * * 1#6", {"'1#6'", "1-5"}},
        {"0 9 * * L", {"'L'", "5L"}},
        {"0 9 , * *", {"day of month", "empty"}},
        {"@dialy", {"'@dialy'", "did you mean '@daily'?"}},
        {"FRQ=DAILY", {"'FRQ'", "did you mean 'FREQ'?"}},
        {"FREQ=WEKLY", {"FREQ=WEKLY", "did you mean 'WEEKLY'?"}},
        {"BYDAY=MO", {"FREQ is missing", "FREQ=WEEKLY"}},
        {"FREQ=DAILY;COUNT=3", {"COUNT", "DTSTART"}},
        {"DTSTART:20260101;FREQ=DAILY;COUNT=3;UNTIL=20270101", {"COUNT and UNTIL", "keep one"}},
        {"FREQ=WEEKLY;BYDAY=2MO", {"1MO", "MONTHLY"}},
        {"FREQ=MONTHLY;BYDAY=6MO", {"BYDAY", "1 to 5"}},
        {"FREQ=WEEKLY;BYDAY=MON", {"BYDAY=MON", "SU, MO"}},
        {"FREQ=WEEKLY;BYMONTHDAY=1", {"BYMONTHDAY", "MONTHLY"}},
        {"FREQ=DAILY;BYHOUR=9,10;BYSETPOS=3", {"BYSETPOS", "2 times in each day"}},
        {"FREQ=DAILY;FREQ=DAILY", {"FREQ", "twice"}},
        {"FREQ=DAILY;INTERVAL=0", {"INTERVAL=0", "from 1"}},
        {"FREQ=DAILY;BYHOUR=-1", {"BYHOUR=-1", "0 to 23"}},
        {"FREQ=DAILY;UNTIL=20261301", {"UNTIL=20261301", "20271231"}},
        {"DTSTART;TZID=Europe/Paris:20260101T090000\nRRULE:FREQ=DAILY", {"DTSTART", "wants"}},
        {"DTSTART:20260101T090000Z;FREQ=DAILY", {"DTSTART", "local"}},
        {"FREQ=DAILY;BYHOUR", {"'BYHOUR'", "value"}},
        {"weekday at 09:00 \xC3\xA4", {"ASCII", "18"}},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct sched *s = NULL;
        assert_int_equal(sched_parse(cases[i].text, SCHED_AUTO, &err, &s), -EINVAL);
        assert_null(s);
        for (size_t k = 0; k < 2; k++) {
            if (!strstr(err.text, cases[i].parts[k]))
                fail_msg("'%s' is not in: %s", cases[i].parts[k], err.text);
        }
    }
}

static void sched_text_is_english(void **state)
{
    static const char *const cases[][2] = {
        {"0 9 * * 1-5", "at 09:00 on Monday to Friday"},
        {"*/15 9-17 * * *", "every 15 minutes from 09:00 to 17:45 every day"},
        {"0 9 1,15 * MON", "at 09:00 on day 1 and 15 of the month or on Monday"},
        {"0 9 LW 1 *", "at 09:00 on the last weekday of the month in January"},
        {"@hourly", "every hour every day"},
        {"2 weeks on Friday at 16:00", "at 16:00 on Friday every 2 weeks"},
        {"first and third Monday of month at 9am",
         "at 09:00 on the first Monday and third Monday of the month"},
        {"FREQ=MONTHLY;BYMONTHDAY=1,-1;BYHOUR=9",
         "at 09:00, every month on day 1 and the last of the month"},
        {"FREQ=HOURLY;INTERVAL=2", "every 2 hours at minute 0"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct sched *s = sched_new(cases[i][0]);
        assert_string_equal(sched_text(s), cases[i][1]);
        sched_free(s);
    }
}

/* Random texts of known words: parsed or refused, and whatever is parsed can be asked. */
static void sched_parse_survives_any_text(void **state)
{
    static const char *const pieces[] = {"every",
                                         "2",
                                         "weeks",
                                         "on",
                                         "Friday",
                                         "at",
                                         "09:00",
                                         "9am",
                                         "first",
                                         "last",
                                         "of",
                                         "and",
                                         ",",
                                         "day",
                                         "month",
                                         "15",
                                         "*",
                                         "*/7",
                                         "0",
                                         "5L",
                                         "1#2",
                                         "LW",
                                         "31W",
                                         "?",
                                         "-",
                                         "/",
                                         "#",
                                         "@daily",
                                         "FREQ=YEARLY",
                                         "FREQ=MINUTELY",
                                         ";BYDAY=-53SU",
                                         ";BYSETPOS=-1",
                                         ";INTERVAL=7",
                                         ";COUNT=9",
                                         "DTSTART:",
                                         "20260101T000000",
                                         "\n",
                                         "RRULE:",
                                         ";BYMONTHDAY=-31",
                                         ";UNTIL=",
                                         "between",
                                         "17:00",
                                         "="};
    uint32_t seed = 7;
    int parsed = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[400] = "";
        struct sched *s = NULL;
        struct err err;
        for (uint32_t k = 0, count = 1 + seed % 9; k < count; k++) {
            seed = seed * 1664525 + 1013904223;
            strcat(text, pieces[(seed >> 10) % ARRAY_LEN(pieces)]);
            if (seed >> 30)
                strcat(text, " ");
        }
        if (sched_parse(text, SCHED_AUTO + (seed >> 5) % 4, &err, &s) == 0) {
            msec_t due;
            parsed++;
            (void)sched_next(s, tz_utc(), 0, &due);
        }
        sched_free(s);
    }
    assert_true(parsed > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sched_auto_finds_the_notation),
        cmocka_unit_test(sched_errors_name_the_part),
        cmocka_unit_test(sched_text_is_english),
        cmocka_unit_test(sched_parse_survives_any_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
