/* sched_form.h: the compiled form that all notations share.
 * Layer: core (pure). Used by sched*.c, cron.c, every.c and rrule*.c only.
 *
 * A schedule is a test of local dates and a set of minutes of the day; sched.c walks them. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/msec.h"
#include "base/str.h"
#include "core/clock.h"
#include "core/sched.h"

enum {
    SCHED_MINUTE_WORDS = (CLOCK_DAY_MIN + 63) / 64,
    SCHED_ANCHOR_DATE = 11323, /* Monday 2001-01-01 in days since 1970-01-01 */
    SCHED_MON_TO_FRI = 0x3E,
    SCHED_ALL_WEEK = 0x7F,
    SCHED_ALL_MONTHS = 0x1FFE,
};
#define SCHED_ALL_MONTHDAYS 0xFFFFFFFEU

/* A local date with what the tests ask about it. */
struct sched_day {
    int64_t date; /* days since 1970-01-01 */
    int year, month, day, weekday, month_days;
};

/* Dates of CRON and EVERY. Bits are counted by the number they stand for. */
struct sched_days {
    uint32_t months;
    uint32_t monthdays, nearest; /* nearest: Monday to Friday nearest to that day */
    bool last_day, last_workday;
    uint8_t weekdays;            /* bit 0 Sunday */
    uint8_t last_weekdays;       /* last of the month */
    uint8_t nth[7];              /* bit k: the k-th such weekday of the month */
    bool either;                 /* day of month or day of week, rather than both */
    int every_days, every_weeks; /* 0, or counted from SCHED_ANCHOR_DATE */
};

enum rrule_freq {
    RRULE_YEARLY,
    RRULE_MONTHLY,
    RRULE_WEEKLY,
    RRULE_DAILY,
    RRULE_HOURLY,
    RRULE_MINUTELY,
};

enum { RRULE_SETPOS_WORDS = 6, RRULE_SETPOS_MAX = 366 };

struct rrule {
    enum rrule_freq freq;
    int64_t interval;
    int week_start; /* 0 Sunday */
    msec_t start;   /* wall milliseconds */
    msec_t until;   /* the last wall time, or MSEC_NEVER */
    msec_t until_utc;
    int64_t count; /* 0: without end; otherwise also told by until */
    uint32_t months, monthdays, monthdays_from_end;
    uint8_t weekdays;
    bool has_months, has_monthdays, has_weekdays, has_setpos;
    uint64_t nth[7], nth_from_end[7]; /* bit k: the k-th such weekday of the month or year */
    uint64_t setpos[RRULE_SETPOS_WORDS], setpos_from_end[RRULE_SETPOS_WORDS];
};

struct sched {
    enum sched_notation notation;
    bool interval;                        /* follows the wall clock */
    uint64_t minutes[SCHED_MINUTE_WORDS]; /* of the day */
    uint64_t named[SCHED_MINUTE_WORDS];   /* RRULE: as written, those it never meets too */
    union {
        struct sched_days days; /* CRON, EVERY */
        struct rrule rrule;
    };
    char *source, *text;
};

/* One walk over the wall times of a schedule, ascending. */
struct sched_walk {
    const struct sched *sched;
    int64_t last_date;
    /* BYSETPOS: the dates of the period in hand */
    int64_t period_from, period_until; /* until not included; equal when none is in hand */
    int period_dates;
    uint16_t rank[366]; /* matching dates before that one */
};

/* First matching wall time at or after `from`, not after the walk's last date. */
bool sched_walk_next(struct sched_walk *walk, msec_t from, msec_t *ret_wall);

/* Notations: each fills s, whose other fields are zero. Errors: -EINVAL. */
int cron_parse(const char *text, struct err *err, struct sched *s);
int every_parse(const char *text, struct err *err, struct sched *s);
int rrule_parse(const char *text, struct err *err, struct sched *s);

/* Minute sets. */
void sched_minute_add(uint64_t *minutes, int minute);
int sched_minute_next(const uint64_t *minutes, int from); /* -1: none */
int sched_minute_count(const uint64_t *minutes, int from, int until);

/* Dates. */
int64_t sched_date(msec_t wall);
void sched_day_set(struct sched_day *day, int64_t date);
void sched_day_step(struct sched_day *day);
void sched_day_next_month(struct sched_day *day);
bool sched_days_month(const struct sched_days *days, const struct sched_day *day);
bool sched_days_match(const struct sched_days *days, const struct sched_day *day);
void sched_days_init(struct sched_days *days); /* every day */

/* Floor division, and its remainder. */
int64_t sched_floor(int64_t a, int64_t b);
int64_t sched_modulo(int64_t a, int64_t b);

/* RRULE's tests. */
bool rrule_month(const struct rrule *rule, const struct sched_day *day);
bool rrule_match(const struct rrule *rule, const struct sched_day *day);
int rrule_minute(struct sched_walk *walk, const struct sched_day *day, int from); /* -1: none */

/* English for the whole schedule. */
void sched_words(const struct sched *s, struct strbuf *out);

/* sched_hint: "; did you mean 'x'?" for err texts, or "". buf is SCHED_HINT_BYTES. */
enum { SCHED_HINT_BYTES = 64 };
bool sched_starts(const char *text, const char *prefix); /* ASCII case folded */
const char *sched_hint(const char *word, const char *const *known, size_t count, char *buf);
