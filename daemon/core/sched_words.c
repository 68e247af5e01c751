#include "core/sched_form.h"

#include <stdio.h>

#include "base/alloc.h"

static const char *const day_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
static const char *const month_names[] = {"",        "January",  "February", "March",  "April",
                                          "May",     "June",     "July",     "August", "September",
                                          "October", "November", "December"};
static const char *const nth_names[] = {"", "first", "second", "third", "fourth", "fifth"};

/* "a, b and c": remembers what is still to be written. */
struct series {
    struct strbuf *out;
    char held[64];
    int count;
};

static void series_add(struct series *series, const char *text)
{
    if (series->count > 1)
        strbuf_puts(series->out, ", ");
    if (series->count++)
        strbuf_puts(series->out, series->held);
    (void)snprintf(series->held, sizeof(series->held), "%s", text); /* all are short */
}

static void series_end(struct series *series)
{
    if (series->count > 1)
        strbuf_puts(series->out, " and ");
    if (series->count)
        strbuf_puts(series->out, series->held);
}

static void numbers(struct strbuf *out, uint64_t bits, const char *const *names)
{
    struct series series = {.out = out};
    char text[16];
    for (int i = 0; i < 64; i++) {
        if (!(bits >> i & 1))
            continue;
        (void)snprintf(text, sizeof(text), "%d", i); /* two digits */
        series_add(&series, names ? names[i] : text);
    }
    series_end(&series);
}

static void weekdays(struct strbuf *out, unsigned mask)
{
    if (mask == SCHED_MON_TO_FRI)
        strbuf_puts(out, "Monday to Friday");
    else
        numbers(out, mask, day_names);
}

/* -- times -- */

/* The step that leads from each minute to the next, or 0. */
static int even_step(const uint64_t *minutes)
{
    int first = sched_minute_next(minutes, 0);
    int second = first < 0 ? -1 : sched_minute_next(minutes, first + 1);
    if (second < 0)
        return 0;
    for (int at = second, next; (next = sched_minute_next(minutes, at + 1)) >= 0; at = next) {
        if (next - at != second - first)
            return 0;
    }
    return second - first;
}

static void length_words(struct strbuf *out, int64_t count, const char *unit)
{
    if (count == 1)
        strbuf_printf(out, "every %s", unit);
    else
        strbuf_printf(out, "every %lld %ss", (long long)count, unit);
}

static void stepped_times(struct strbuf *out, const uint64_t *minutes, int step)
{
    char from[CLOCK_TEXT_BYTES], to[CLOCK_TEXT_BYTES];
    int first = sched_minute_next(minutes, 0), last = first;
    for (int next = first; next >= 0; next = sched_minute_next(minutes, next + 1))
        last = next;
    length_words(out, step % 60 ? step : step / 60, step % 60 ? "minute" : "hour");
    if (first || last + step < CLOCK_DAY_MIN)
        strbuf_printf(out, " from %s to %s", clock_format(first, from), clock_format(last, to));
}

static void times(struct strbuf *out, const uint64_t *minutes)
{
    enum { LISTED = 6 };
    struct series series = {.out = out};
    char text[32];
    int count = sched_minute_count(minutes, 0, CLOCK_DAY_MIN);
    int step = count > 3 ? even_step(minutes) : 0;
    if (step) {
        stepped_times(out, minutes, step);
        return;
    }
    strbuf_puts(out, "at ");
    int minute = sched_minute_next(minutes, 0);
    for (int i = 0; minute >= 0 && i < LISTED; i++) {
        series_add(&series, clock_format(minute, text));
        minute = sched_minute_next(minutes, minute + 1);
    }
    if (count > LISTED) {
        (void)snprintf(text, sizeof(text), "%d more times", count - LISTED); /* fits */
        series_add(&series, text);
    }
    series_end(&series);
}

/* -- CRON, EVERY -- */

static bool monthdays(struct strbuf *out, const struct sched_days *days)
{
    const char *join = " on ";
    if (days->monthdays == SCHED_ALL_MONTHDAYS)
        return false;
    if (days->monthdays) {
        strbuf_puts(out, " on day ");
        numbers(out, days->monthdays, NULL);
        join = " or ";
    }
    if (days->nearest) {
        strbuf_printf(out, "%sthe weekday nearest to day ", join);
        numbers(out, days->nearest, NULL);
        join = " or ";
    }
    if (days->last_day) {
        strbuf_printf(out, "%sthe last day", join);
        join = " or ";
    }
    if (days->last_workday)
        strbuf_printf(out, "%sthe last weekday", join);
    strbuf_puts(out, " of the month");
    return true;
}

static bool counted_weekdays(struct strbuf *out, const struct sched_days *days)
{
    struct series series = {.out = out};
    char text[32];
    for (int k = 1; k <= 6; k++) {
        for (int day = 0; day < 7; day++) {
            bool last = k == 6;
            if (!(last ? days->last_weekdays >> day & 1 : days->nth[day] >> k & 1))
                continue;
            if (!series.count)
                strbuf_puts(out, "the ");
            (void)snprintf(text, sizeof(text), "%s %s", last ? "last" : nth_names[k],
                           day_names[day]); /* fits */
            series_add(&series, text);
        }
    }
    series_end(&series);
    if (series.count)
        strbuf_puts(out, " of the month");
    return series.count > 0;
}

static void days_words(struct strbuf *out, const struct sched_days *days)
{
    bool by_month = monthdays(out, days);
    struct strbuf counted = {0};
    bool has_counted = counted_weekdays(&counted, days);
    bool all_week = days->weekdays == SCHED_ALL_WEEK;
    if (has_counted || !all_week) {
        strbuf_puts(out, !by_month ? " on " : days->either ? " or on " : " that is ");
        if (days->weekdays)
            weekdays(out, days->weekdays);
        if (days->weekdays && has_counted)
            strbuf_puts(out, " or ");
        strbuf_puts(out, strbuf_text(&counted));
    } else if (!by_month && !days->every_days) {
        strbuf_puts(out, " every day");
    }
    strbuf_done(&counted);
    if (days->every_days)
        strbuf_printf(out, " every %d days", days->every_days);
    if (days->every_weeks)
        strbuf_printf(out, " every %d weeks", days->every_weeks);
    if (days->months != SCHED_ALL_MONTHS) {
        strbuf_puts(out, " in ");
        numbers(out, days->months, month_names);
    }
}

/* -- RRULE -- */

static void wall_words(struct strbuf *out, const char *before, msec_t wall, bool utc)
{
    struct civil c;
    civil_from_msec(wall, &c);
    strbuf_printf(out, "%s%04d-%02d-%02d %02d:%02d%s", before, c.year, c.month, c.day, c.hour,
                  c.minute, utc ? " UTC" : "");
}

static void signed_numbers(struct strbuf *out, const uint64_t *bits, const uint64_t *from_end,
                           int count)
{
    struct series series = {.out = out};
    char text[32];
    for (int side = 0; side < 2; side++) {
        const uint64_t *set = side ? from_end : bits;
        for (int i = 0; i < count; i++) {
            if (!(set[i / 64] >> i % 64 & 1))
                continue;
            if (side && i == 1)
                (void)snprintf(text, sizeof(text), "the last"); /* fits */
            else
                (void)snprintf(text, sizeof(text), "%d%s", i, side ? " from the end" : "");
            series_add(&series, text);
        }
    }
    series_end(&series);
}

static void rrule_weekdays(struct strbuf *out, const struct rrule *rule)
{
    strbuf_puts(out, " on ");
    weekdays(out, rule->weekdays);
    const char *join = rule->weekdays ? ", " : "";
    for (int day = 0; day < 7; day++) {
        if (!rule->nth[day] && !rule->nth_from_end[day])
            continue;
        strbuf_printf(out, "%s%s number ", join, day_names[day]);
        signed_numbers(out, &rule->nth[day], &rule->nth_from_end[day], 64);
        join = ", ";
    }
}

static void rrule_words(struct strbuf *out, const struct rrule *rule)
{
    static const char *const units[] = {"year", "month", "week", "day", "hour", "minute"};
    length_words(out, rule->interval, units[rule->freq]);
    if (rule->has_weekdays)
        rrule_weekdays(out, rule);
    if (rule->has_monthdays) {
        const uint64_t front = rule->monthdays, back = rule->monthdays_from_end;
        strbuf_puts(out, " on day ");
        signed_numbers(out, &front, &back, 32);
        strbuf_puts(out, " of the month");
    }
    if (rule->months != SCHED_ALL_MONTHS) {
        strbuf_puts(out, " in ");
        numbers(out, rule->months, month_names);
    }
    if (rule->has_setpos) {
        strbuf_puts(out, ", only number ");
        signed_numbers(out, rule->setpos, rule->setpos_from_end, RRULE_SETPOS_MAX + 1);
        strbuf_puts(out, " of these");
    }
    if (rule->count)
        strbuf_printf(out, ", %lld times", (long long)rule->count);
    if (rule->count || rule->start != SCHED_ANCHOR_DATE * MSEC_DAY)
        wall_words(out, ", from ", rule->start, false);
    if (rule->until != MSEC_NEVER)
        wall_words(out, ", until ", rule->until, false);
    if (rule->until_utc != MSEC_NEVER)
        wall_words(out, ", until ", rule->until_utc, true);
}

/* HOURLY and MINUTELY hold every minute unless a BYxxx part says otherwise. */
static void rrule_only_times(struct strbuf *out, const struct sched *s)
{
    int count = sched_minute_count(s->named, 0, CLOCK_DAY_MIN);
    if (s->rrule.freq == RRULE_HOURLY && count == 24 && even_step(s->named) == 60) {
        strbuf_printf(out, " at minute %d", sched_minute_next(s->named, 0));
    } else if (count < CLOCK_DAY_MIN) {
        strbuf_puts(out, ", of these only ");
        times(out, s->named);
    }
}

void sched_words(const struct sched *s, struct strbuf *out)
{
    bool counted = s->notation == SCHED_RRULE && s->rrule.freq >= RRULE_HOURLY;
    if (!counted)
        times(out, s->minutes);
    if (s->notation != SCHED_RRULE) {
        days_words(out, &s->days);
        return;
    }
    strbuf_puts(out, counted ? "" : ", ");
    rrule_words(out, &s->rrule);
    if (counted)
        rrule_only_times(out, s);
}
