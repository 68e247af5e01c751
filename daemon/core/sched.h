/* sched.h: when a rule is next due, in any of three notations.
 * Layer: core (pure). Lifetime: process. Depends on: tz.
 *
 * Clock changes. A fixed local time that a gap swallows is due at the first instant after the gap,
 * once, however many fall into it; one that occurs twice is due the first time only. Interval
 * schedules (a cron minute or hour with '*'; "30 minutes") follow the wall clock: through both
 * passes, and over times that do not exist. RRULE reads a swallowed time with the offset before the
 * gap and a repeated one as its first pass, at every FREQ. */
#pragma once
#include <stdbool.h>

#include "base/err.h"
#include "base/msec.h"
#include "core/tz.h"

struct sched;

enum sched_notation { SCHED_AUTO, SCHED_CRON, SCHED_EVERY, SCHED_RRULE };

enum {
    SCHED_TEXT_MAX_BYTES = 512,
    SCHED_SLOT_BYTES = 112,
    SCHED_SEARCH_YEARS = 60,
};

/* Compiles a schedule.
 *
 * CRON:   five fields with lists, ranges, steps, names, L, nL, n#k, nW, LW, ?; @hourly and the
 * like. Day of month and day of week both given (not starting with '*'): either one counts. EVERY:
 * "[every] weekday at 09:00", "Monday, Wednesday at 9am", "2 weeks on Friday at 16:00", "3 days at
 * 08:00", "last weekday of month at 10:00", "first Monday of quarter at 09:00", "15 of month at
 * 09:00", "30 minutes between 09:00 and 17:00 on weekdays", "2 hours". Weeks and days are counted
 * from Monday 2001-01-01; minutes and hours from midnight or from the start of the window, whose
 * end is part of it. RRULE:  FREQ YEARLY to MINUTELY, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY,
 * BYDAY, BYHOUR, BYMINUTE, BYSETPOS, WKST; "DTSTART:20270201T133000" in front, local time. Without
 * it the rule starts at 2001-01-01T00:00, a Monday, and COUNT is refused. The start itself is due
 *         only when the rule matches it. UNTIL as a date includes that day.
 * AUTO:   looks at the text and takes one of them.
 *
 * Owns:   the caller frees *ret with sched_free(); text is copied.
 * Errors: -EINVAL; err names the part, what would be right, and the nearest known word.
 * Source: crontab(5) of Debian; RFC 5545, 3.3.10 and 3.8.5.3. */
int sched_parse(const char *text, enum sched_notation notation, struct err *err,
                struct sched **ret);
void sched_free(struct sched *s); /* accepts NULL */

/* First moment strictly after `after` at which s is due in zone.
 *
 * Errors: -ENOENT never again, or not within SCHED_SEARCH_YEARS; *ret untouched.
 * Source: RFC 5545, 3.3.5 for RRULE. */
int sched_next(const struct sched *s, const struct tz *zone, msec_t after, msec_t *ret);

/* The local time of an occurrence, "2026-03-09T09:00 America/Denver", the same at every call and
 * different for each occurrence: the second pass of a repeated hour carries its offset,
 * "2026-11-01T01:30-07:00 America/Denver". buf holds SCHED_SLOT_BYTES. Returns buf. */
char *sched_slot(const struct sched *s, const struct tz *zone, msec_t due, char *buf);

/* Whether it follows the wall clock rather than naming times of day. */
bool sched_is_interval(const struct sched *s);

enum sched_notation sched_notation(const struct sched *s); /* never SCHED_AUTO */

/* What was parsed, and what it means in English: "at 09:00 on Monday to Friday". Borrowed. */
const char *sched_source(const struct sched *s);
const char *sched_text(const struct sched *s);
