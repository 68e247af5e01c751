#include "core/hours.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "core/clock.h"

enum {
    HOURS_TEXT_MAX_BYTES = 64,
    HOURS_PERIODS_MAX = 40000, /* a century of days: the end of any addition */
};

/* -- reading -- */

/* "Mon" or "Monday" at *p; 0 Sunday, or -1. */
static int take_weekday(const char **p)
{
    static const char *const names[] = {"sunday",   "monday", "tuesday", "wednesday",
                                        "thursday", "friday", "saturday"};
    char word[16] = "", brief[4];
    size_t length = strspn(*p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (length >= sizeof(word))
        return -1;
    memcpy(word, *p, length);
    for (int i = 0; i < 7; i++) {
        memcpy(brief, names[i], 3);
        brief[3] = '\0';
        if (str_ieq(word, names[i]) || str_ieq(word, brief)) {
            *p += length;
            return i;
        }
    }
    return -1;
}

/* "Mon-Fri," at *p; a range may run over the weekend. */
static bool take_days(const char **p, unsigned *ret)
{
    do {
        int from = take_weekday(p), to = from;
        if (from >= 0 && **p == '-') {
            (*p)++;
            to = take_weekday(p);
        }
        if (from < 0 || to < 0)
            return false;
        for (int day = from;; day = (day + 1) % 7) {
            *ret |= 1U << day;
            if (day == to)
                break;
        }
        if (**p != ',')
            return true;
        (*p)++;
        *p += strspn(*p, " ");
    } while (**p);
    return false;
}

static bool take_range(const char *p, struct hours *hours)
{
    const char *dash = strchr(p, '-');
    if (!dash)
        return false;
    size_t before = (size_t)(dash - p);
    while (before && p[before - 1] == ' ')
        before--;
    const char *after = dash + 1 + strspn(dash + 1, " ");
    return clock_parse(p, before, &hours->start_min) == 0 &&
           clock_parse(after, strlen(after), &hours->end_min) == 0;
}

int hours_parse(const char *text, struct err *err, struct hours *ret)
{
    struct hours hours = {0};
    const char *p = text ? text : "";
    if (strlen(p) > HOURS_TEXT_MAX_BYTES)
        return err_set(err, EINVAL, "hours are longer than %d characters", HOURS_TEXT_MAX_BYTES);
    p += strspn(p, " ");
    if (*p && !strchr("0123456789", *p)) {
        if (!take_days(&p, &hours.weekdays))
            return err_set(err, EINVAL,
                           "hours '%s': '%s' is not a day; days look like 'Mon-Fri' or 'Mon,Wed'",
                           text, p);
        p += strspn(p, " ");
    } else {
        hours.weekdays = HOURS_MON_TO_FRI;
    }
    if (!take_range(p, &hours))
        return err_set(err, EINVAL, "hours '%s' should look like '08:30-18:00'", text ? text : "");
    if (hours.end_min <= hours.start_min)
        return err_set(err, EINVAL, "hours '%s' end before they start; work cannot cross midnight",
                       text);
    *ret = hours;
    return 0;
}

/* -- periods -- */

static bool is_holiday(const struct hours_calendar *c, int64_t date)
{
    size_t low = 0, high = c->holiday_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->holidays[middle] < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->holiday_count && c->holidays[low] == date;
}

bool hours_is_working_day(const struct hours_calendar *c, int64_t date)
{
    return (c->hours.weekdays >> civil_weekday(date) & 1) && !is_holiday(c, date);
}

static int64_t local_date(const struct hours_calendar *c, msec_t t)
{
    msec_t wall = tz_wall(c->zone, t);
    return wall / MSEC_DAY - (wall % MSEC_DAY < 0);
}

struct period {
    msec_t open, close;
};

/* The first period that ends after t, from local date *date on, which moves to its date. */
static bool next_period(const struct hours_calendar *c, msec_t t, int64_t *date, struct period *ret)
{
    for (int i = 0; i <= HOURS_SEARCH_DAYS + 1; i++, (*date)++) {
        if (!hours_is_working_day(c, *date))
            continue;
        msec_t midnight = *date * MSEC_DAY;
        ret->close =
            tz_instant_wall(c->zone, midnight + c->hours.end_min * MSEC_MINUTE, TZ_GAP_END);
        if (ret->close <= t)
            continue;
        ret->open =
            tz_instant_wall(c->zone, midnight + c->hours.start_min * MSEC_MINUTE, TZ_GAP_END);
        if (ret->open < ret->close)
            return true;
    }
    return false;
}

/* A clock put back over midnight shows yesterday's date again, so the search starts there. */
static bool first_period(const struct hours_calendar *c, msec_t t, int64_t *ret_date,
                         struct period *ret)
{
    *ret_date = local_date(c, t) - 1;
    return next_period(c, t, ret_date, ret);
}

bool hours_is_working(const struct hours_calendar *c, msec_t t)
{
    int64_t date;
    struct period period;
    return first_period(c, t, &date, &period) && period.open <= t;
}

static bool leave_away(const struct hours_away *away, size_t count, msec_t *t)
{
    for (size_t i = 0; i < count; i++) {
        if (*t >= away[i].from && *t < away[i].until) {
            *t = away[i].until;
            return true;
        }
    }
    return false;
}

/* Unsigned, because the two may be further apart than a signed difference can say. */
static bool too_far(msec_t from, msec_t t)
{
    return t > from && (uint64_t)t - (uint64_t)from > (uint64_t)(HOURS_SEARCH_DAYS * MSEC_DAY);
}

msec_t hours_next(const struct hours_calendar *c, msec_t t, const struct hours_away *away,
                  size_t away_count)
{
    const msec_t asked = t;
    for (;;) {
        int64_t date;
        struct period period;
        if (too_far(asked, t) || !first_period(c, t, &date, &period))
            return MSEC_NEVER;
        if (t < period.open)
            t = period.open;
        if (!leave_away(away, away_count, &t))
            return too_far(asked, t) ? MSEC_NEVER : t;
    }
}

msec_t hours_period_end(const struct hours_calendar *c, msec_t t)
{
    int64_t date;
    struct period period;
    return first_period(c, t, &date, &period) ? period.close : MSEC_NEVER;
}

/* -- adding -- */

msec_t hours_add_working(const struct hours_calendar *c, msec_t t, msec_t length)
{
    int64_t date;
    struct period period;
    if (length <= 0)
        return t;
    bool more = first_period(c, t, &date, &period);
    for (int i = 0; more && i < HOURS_PERIODS_MAX; i++) {
        msec_t from = t > period.open ? t : period.open;
        if (length <= period.close - from)
            return from + length;
        length -= period.close - from;
        date++;
        more = next_period(c, period.close, &date, &period);
    }
    return MSEC_NEVER;
}

msec_t hours_add_working_days(const struct hours_calendar *c, msec_t t, int n)
{
    if (n <= 0)
        return t;
    const msec_t wall = tz_wall(c->zone, t);
    const int64_t today = local_date(c, t);
    int64_t date = today;
    for (int idle = 0; n && idle <= HOURS_SEARCH_DAYS && date - today < HOURS_PERIODS_MAX;) {
        bool working = hours_is_working_day(c, ++date);
        n -= working;
        idle = working ? 0 : idle + 1;
    }
    return n ? MSEC_NEVER : tz_instant_wall(c->zone, wall + (date - today) * MSEC_DAY, TZ_GAP_END);
}

msec_t hours_add(const struct hours_calendar *c, msec_t t, msec_t length)
{
    if (length <= 0)
        return t;
    if (length / MSEC_DAY > HOURS_PERIODS_MAX)
        return MSEC_NEVER;
    t = hours_add_working_days(c, t, (int)(length / MSEC_DAY));
    return t == MSEC_NEVER ? t : hours_add_working(c, t, length % MSEC_DAY);
}

/* -- going back -- */

/* The last period that begins before t, from local date *date back, which moves to its date. */
static bool previous_period(const struct hours_calendar *c, msec_t t, int64_t *date,
                            struct period *ret)
{
    for (int i = 0; i <= HOURS_SEARCH_DAYS + 1; i++, (*date)--) {
        if (!hours_is_working_day(c, *date))
            continue;
        msec_t midnight = *date * MSEC_DAY;
        ret->open =
            tz_instant_wall(c->zone, midnight + c->hours.start_min * MSEC_MINUTE, TZ_GAP_END);
        if (ret->open >= t)
            continue;
        ret->close =
            tz_instant_wall(c->zone, midnight + c->hours.end_min * MSEC_MINUTE, TZ_GAP_END);
        if (ret->open < ret->close)
            return true;
    }
    return false;
}

static msec_t subtract_working(const struct hours_calendar *c, msec_t t, msec_t length)
{
    int64_t date = local_date(c, t) + 1;
    struct period period;
    if (length <= 0)
        return t;
    bool more = previous_period(c, t, &date, &period);
    for (int i = 0; more && i < HOURS_PERIODS_MAX; i++) {
        msec_t until = t < period.close ? t : period.close;
        if (length <= until - period.open)
            return until - length;
        length -= until - period.open;
        date--;
        more = previous_period(c, period.open, &date, &period);
    }
    return MSEC_NONE;
}

static msec_t subtract_working_days(const struct hours_calendar *c, msec_t t, int n)
{
    const msec_t wall = tz_wall(c->zone, t);
    const int64_t today = local_date(c, t);
    int64_t date = today;
    if (n <= 0)
        return t;
    for (int idle = 0; n && idle <= HOURS_SEARCH_DAYS && today - date < HOURS_PERIODS_MAX;) {
        bool working = hours_is_working_day(c, --date);
        n -= working;
        idle = working ? 0 : idle + 1;
    }
    return n ? MSEC_NONE : tz_instant_wall(c->zone, wall - (today - date) * MSEC_DAY, TZ_GAP_END);
}

msec_t hours_subtract(const struct hours_calendar *c, msec_t t, msec_t length)
{
    if (length <= 0)
        return t;
    if (length / MSEC_DAY > HOURS_PERIODS_MAX)
        return MSEC_NONE;
    t = subtract_working_days(c, t, (int)(length / MSEC_DAY));
    return t == MSEC_NONE ? t : subtract_working(c, t, length % MSEC_DAY);
}
