/* msec.h: instants and lengths of time, without a clock.
 * Layer: base. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef int64_t msec_t; /* milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted */

#define MSEC_NEVER  INT64_MAX
#define MSEC_NONE   INT64_MIN
#define MSEC_SECOND ((msec_t)1000)
#define MSEC_MINUTE (60 * MSEC_SECOND)
#define MSEC_HOUR   (60 * MSEC_MINUTE)
#define MSEC_DAY    (24 * MSEC_HOUR)
#define MSEC_WEEK   (7 * MSEC_DAY)

/* A wall-clock time without a zone. */
struct civil {
    int year, month, day; /* month 1 to 12, day 1 to 31 */
    int hour, minute, second;
};

/* Days since 1970-01-01 in the proleptic Gregorian calendar; month may be out of 1..12.
 * Source: the era formula of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
int64_t civil_to_days(int64_t year, int month, int day);
void civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day);
int civil_weekday(int64_t days); /* 0 Sunday to 6 Saturday */
int civil_month_days(int year, int month);

/* The instant that `c` would be in UTC, and back (floor to the second). */
msec_t civil_to_msec(const struct civil *c);
void civil_from_msec(msec_t t, struct civil *ret);

enum { MSEC_TEXT_BYTES = 32 };

/* RFC 3339 in UTC: "2026-11-22T09:00:00Z", with ".123" only when not a whole second.
 * text holds MSEC_TEXT_BYTES. Returns text. */
char *msec_format(msec_t t, char *text);

/* RFC 3339 date-time with any offset; fractions beyond milliseconds are cut.
 * Errors: -EINVAL. Source: RFC 3339, 5.6. */
int msec_parse(const char *text, msec_t *ret);

/* "90s" "15m" "2h" "3d" "2w" and joins such as "1h30m". Errors: -EINVAL, -ERANGE (over 10 years).
 */
int msec_parse_length(const char *text, msec_t *ret);

/* The shortest such text: "1h30m", "3d". Returns text (MSEC_TEXT_BYTES). */
char *msec_format_length(msec_t length, char *text);
