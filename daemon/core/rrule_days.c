/* Which dates and minutes a recurrence rule holds. Source: RFC 5545, 3.3.10, the table of what each
 * BYxxx part does at each FREQ. */
#include <string.h>

#include "core/sched_form.h"

static int64_t month_index(int year, int month)
{
    return (int64_t)year * 12 + month - 1;
}

static int64_t week_of(const struct rrule *rule, int64_t date)
{
    /* 1970-01-04 was a Sunday */
    return sched_floor(date - 3 - rule->week_start, 7);
}

bool rrule_month(const struct rrule *rule, const struct sched_day *day)
{
    int year, month, first;
    if (!(rule->months >> day->month & 1))
        return false;
    if (rule->freq > RRULE_MONTHLY || rule->interval == 1)
        return true;
    civil_from_days(sched_date(rule->start), &year, &month, &first);
    if (rule->freq == RRULE_YEARLY)
        return sched_modulo(day->year - year, rule->interval) == 0;
    return sched_modulo(month_index(day->year, day->month) - month_index(year, month),
                        rule->interval) == 0;
}

static bool interval_match(const struct rrule *rule, const struct sched_day *day)
{
    int64_t start = sched_date(rule->start);
    if (rule->interval == 1)
        return true;
    if (rule->freq == RRULE_WEEKLY)
        return sched_modulo(week_of(rule, day->date) - week_of(rule, start), rule->interval) == 0;
    if (rule->freq == RRULE_DAILY)
        return sched_modulo(day->date - start, rule->interval) == 0;
    return true; /* coarser: rrule_month; finer: rrule_minute */
}

static bool monthday_match(const struct rrule *rule, const struct sched_day *day)
{
    return !rule->has_monthdays || (rule->monthdays >> day->day & 1) ||
           (rule->monthdays_from_end >> (day->month_days - day->day + 1) & 1);
}

/* Counted within the month, or within the year for YEARLY without BYMONTH. */
static bool weekday_match(const struct rrule *rule, const struct sched_day *day)
{
    if (!rule->has_weekdays || (rule->weekdays >> day->weekday & 1))
        return true;
    uint64_t nth = rule->nth[day->weekday], from_end = rule->nth_from_end[day->weekday];
    if (!nth && !from_end)
        return false;
    int64_t before = day->day - 1, behind = day->month_days - day->day;
    if (rule->freq == RRULE_YEARLY && !rule->has_months) {
        before = day->date - civil_to_days(day->year, 1, 1);
        behind = civil_to_days(day->year, 12, 31) - day->date;
    }
    return (nth >> (before / 7 + 1) & 1) || (from_end >> (behind / 7 + 1) & 1);
}

bool rrule_match(const struct rrule *rule, const struct sched_day *day)
{
    return rrule_month(rule, day) && interval_match(rule, day) && monthday_match(rule, day) &&
           weekday_match(rule, day);
}

/* -- BYSETPOS -- */

static void period_bounds(const struct rrule *rule, const struct sched_day *day, int64_t *ret_from,
                          int64_t *ret_until)
{
    *ret_from = day->date;
    *ret_until = day->date + 1;
    if (rule->freq == RRULE_YEARLY) {
        *ret_from = civil_to_days(day->year, 1, 1);
        *ret_until = civil_to_days((int64_t)day->year + 1, 1, 1);
    } else if (rule->freq == RRULE_MONTHLY) {
        *ret_from = day->date - day->day + 1;
        *ret_until = *ret_from + day->month_days;
    } else if (rule->freq == RRULE_WEEKLY) {
        *ret_from = week_of(rule, day->date) * 7 + 3 + rule->week_start;
        *ret_until = *ret_from + 7;
    }
}

static void enter_period(struct sched_walk *walk, const struct sched_day *day)
{
    const struct rrule *rule = &walk->sched->rrule;
    struct sched_day other;
    if (day->date >= walk->period_from && day->date < walk->period_until)
        return;
    period_bounds(rule, day, &walk->period_from, &walk->period_until);
    walk->period_dates = 0;
    sched_day_set(&other, walk->period_from);
    for (; other.date < walk->period_until; sched_day_step(&other)) {
        walk->rank[other.date - walk->period_from] = (uint16_t)walk->period_dates;
        walk->period_dates += rrule_match(rule, &other);
    }
}

static bool has_position(const uint64_t *bits, int64_t position)
{
    return position <= RRULE_SETPOS_MAX && (bits[position / 64] >> position % 64 & 1);
}

static bool setpos_match(struct sched_walk *walk, const struct sched_day *day, int minute)
{
    const struct sched *s = walk->sched;
    const struct rrule *rule = &s->rrule;
    int64_t before, total;
    if (rule->freq == RRULE_MINUTELY) {
        before = 0;
        total = 1;
    } else if (rule->freq == RRULE_HOURLY) {
        int hour = minute / 60 * 60;
        before = sched_minute_count(s->minutes, hour, minute);
        total = sched_minute_count(s->minutes, hour, hour + 60);
    } else {
        int64_t times = sched_minute_count(s->minutes, 0, CLOCK_DAY_MIN);
        enter_period(walk, day);
        before = walk->rank[day->date - walk->period_from] * times +
                 sched_minute_count(s->minutes, 0, minute);
        total = walk->period_dates * times;
    }
    return has_position(rule->setpos, before + 1) ||
           has_position(rule->setpos_from_end, total - before);
}

/* -- minutes -- */

/* First minute from `minute` on, perhaps of a later day, that the interval of HOURLY or MINUTELY
 * hits; it counts from the start, over midnight. */
static int64_t minute_align(const struct rrule *rule, const struct sched_day *day, int minute)
{
    int64_t now = day->date * CLOCK_DAY_MIN + minute;
    int64_t start = sched_floor(rule->start, MSEC_MINUTE);
    if (rule->interval == 1 || rule->freq < RRULE_HOURLY)
        return minute;
    if (rule->freq == RRULE_MINUTELY)
        return minute + sched_modulo(start - now, rule->interval);
    int64_t hours = sched_modulo(sched_floor(start, 60) - sched_floor(now, 60), rule->interval);
    return hours ? (minute / 60 + hours) * 60 : minute;
}

/* Set and interval take turns in moving forward, so that neither is walked minute by minute. */
int rrule_minute(struct sched_walk *walk, const struct sched_day *day, int from)
{
    const struct sched *s = walk->sched;
    int minute = sched_minute_next(s->minutes, from);
    while (minute >= 0) {
        int64_t aligned = minute_align(&s->rrule, day, minute);
        if (aligned >= CLOCK_DAY_MIN)
            return -1;
        bool here = aligned == minute;
        if (here && (!s->rrule.has_setpos || setpos_match(walk, day, minute)))
            return minute;
        minute = sched_minute_next(s->minutes, (int)aligned + here);
    }
    return -1;
}
