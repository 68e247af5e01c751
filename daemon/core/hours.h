/* hours.h: working time of one person: hours of the day, days of the week, holidays.
 * Layer: core (pure). Depends on: tz.
 *
 * A working period is one per local date: from the first instant at which the clock shows start_min
 * (after a gap, the first instant after it) to the first at which it shows end_min. Nobody works
 * through midnight: end_min is later than start_min. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/msec.h"
#include "core/tz.h"

enum { HOURS_MON_TO_FRI = 0x3E, HOURS_SEARCH_DAYS = 400 };

struct hours {
    int start_min, end_min; /* of the local day; end up to 1440, not included */
    unsigned weekdays;      /* bit 0 Sunday to bit 6 Saturday */
};

/* What the functions below look at; everything is borrowed. */
struct hours_calendar {
    struct hours hours;
    const struct tz *zone;
    const int32_t *holidays; /* local dates in days since 1970-01-01, ascending */
    size_t holiday_count;
};

/* Time in which somebody is away; until is not part of it. */
struct hours_away {
    msec_t from, until;
};

/* "08:30-18:00" on Monday to Friday, or with days in front: "Mon-Fri 08:30-18:00",
 * "Sun-Thu 9am-5pm", "Mon,Wed,Fri 09:00-13:00".
 *
 * Errors: -EINVAL with what would be right; *ret untouched. */
int hours_parse(const char *text, struct err *err, struct hours *ret);

/* Whether a local date (days since 1970-01-01) is a working day. */
bool hours_is_working_day(const struct hours_calendar *c, int64_t date);

bool hours_is_working(const struct hours_calendar *c, msec_t t);

/* First instant at or after t that is working time outside every away period (in any order).
 * Returns MSEC_NEVER where there is none within HOURS_SEARCH_DAYS. */
msec_t hours_next(const struct hours_calendar *c, msec_t t, const struct hours_away *away,
                  size_t away_count);

/* End of the working period that holds t, or else of the next one. MSEC_NEVER as above. */
msec_t hours_period_end(const struct hours_calendar *c, msec_t t);

/* The instant at which `length` of working time has passed since t; it may be the end of a period.
 * A length of zero or less gives t. MSEC_NEVER where working time runs out. */
msec_t hours_add_working(const struct hours_calendar *c, msec_t t, msec_t length);

/* The same local time n working days later (n of 0 or less gives t). Hours are not looked at: the
 * result can lie outside them when t does. MSEC_NEVER as above. */
msec_t hours_add_working_days(const struct hours_calendar *c, msec_t t, int n);

/* A length as written in a rule: each 24 h is one working day, the rest is working time. */
msec_t hours_add(const struct hours_calendar *c, msec_t t, msec_t length);

/* The other way: so much working time before t. MSEC_NONE where working time runs out. */
msec_t hours_subtract(const struct hours_calendar *c, msec_t t, msec_t length);
