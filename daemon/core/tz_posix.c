#include "core/tz_posix.h"

#include <errno.h>

#include "base/msec.h"

enum { DAY_S = 86400, OFFSET_MAX_HOURS = 24, TIME_MAX_HOURS = 167 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool take(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool take_int(const char **p, int low, int high, int *ret)
{
    int value = 0;
    if (!is_digit(**p))
        return false;
    for (; is_digit(**p); (*p)++) {
        value = value * 10 + (**p - '0');
        if (value > high)
            return false;
    }
    *ret = value;
    return value >= low;
}

/* "EST" or "<+03>"; the name itself is not kept. */
static bool take_name(const char **p)
{
    const char *from = *p;
    if (take(p, '<')) {
        while (is_letter(**p) || is_digit(**p) || **p == '+' || **p == '-')
            (*p)++;
        return *p > from + 1 && take(p, '>');
    }
    while (is_letter(**p))
        (*p)++;
    return *p >= from + 3;
}

static bool take_time(const char **p, int max_hours, int *ret_s)
{
    int sign = 1, hours, minutes = 0, seconds = 0;
    if (take(p, '-'))
        sign = -1;
    else
        (void)take(p, '+'); /* a sign that changes nothing */
    if (!take_int(p, 0, max_hours, &hours))
        return false;
    if (take(p, ':')) {
        if (!take_int(p, 0, 59, &minutes))
            return false;
        if (take(p, ':') && !take_int(p, 0, 59, &seconds))
            return false;
    }
    *ret_s = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool take_rule_day(const char **p, struct tz_rule *rule)
{
    if (take(p, 'M')) {
        rule->form = TZ_RULE_MONTH_WEEK;
        return take_int(p, 1, 12, &rule->month) && take(p, '.') && take_int(p, 1, 5, &rule->week) &&
               take(p, '.') && take_int(p, 0, 6, &rule->day);
    }
    if (take(p, 'J')) {
        rule->form = TZ_RULE_JULIAN;
        return take_int(p, 1, 365, &rule->day);
    }
    rule->form = TZ_RULE_DAY;
    return take_int(p, 0, 365, &rule->day);
}

static bool take_rule(const char **p, struct tz_rule *rule)
{
    *rule = (struct tz_rule){.time_s = 2 * 3600};
    if (!take(p, ',') || !take_rule_day(p, rule))
        return false;
    return !take(p, '/') || take_time(p, TIME_MAX_HOURS, &rule->time_s);
}

static bool take_posix(const char **p, struct tz_posix *posix)
{
    int west_s = 0;
    if (!take_name(p) || !take_time(p, OFFSET_MAX_HOURS, &west_s))
        return false;
    posix->std_s = -west_s;
    if (!**p)
        return true;
    posix->has_dst = true;
    posix->dst_s = posix->std_s + 3600;
    if (!take_name(p))
        return false;
    if (**p != ',') {
        if (!take_time(p, OFFSET_MAX_HOURS, &west_s))
            return false;
        posix->dst_s = -west_s;
    }
    return take_rule(p, &posix->start) && take_rule(p, &posix->end) && !**p;
}

int tz_posix_parse(const char *text, struct err *err, struct tz_posix *ret)
{
    struct tz_posix posix = {0};
    const char *p = text;
    if (!take_posix(&p, &posix))
        return err_set(err, EINVAL, "footer '%.60s' is not a POSIX TZ rule at character %d", text,
                       (int)(p - text) + 1);
    *ret = posix;
    return 0;
}

/* Local seconds at which a rule acts in a year. */
static int64_t rule_at(const struct tz_rule *rule, int year, int64_t new_year)
{
    int64_t day = new_year + rule->day;
    if (rule->form == TZ_RULE_JULIAN) {
        bool leap = civil_month_days(year, 2) == 29;
        day += leap && rule->day >= 60 ? 0 : -1;
    } else if (rule->form == TZ_RULE_MONTH_WEEK) {
        int64_t first = civil_to_days(year, rule->month, 1);
        day = first + (rule->day - civil_weekday(first) + 7) % 7 + (rule->week - 1) * 7;
        if (rule->week == 5 && day >= first + civil_month_days(year, rule->month))
            day -= 7;
    }
    return day * DAY_S + rule->time_s;
}

/* Cuts a stretch at a change so that it still holds the instant. */
static void cut(struct tz_stretch *stretch, int64_t change_s, int64_t utc_s)
{
    if (change_s <= utc_s && change_s > stretch->from_s)
        stretch->from_s = change_s;
    if (change_s > utc_s && change_s < stretch->until_s)
        stretch->until_s = change_s;
}

struct tz_stretch tz_posix_at(const struct tz_posix *posix, int64_t utc_s)
{
    struct tz_stretch ret = {INT64_MIN, INT64_MAX, posix->std_s};
    if (!posix->has_dst)
        return ret;
    int year, month, day;
    int64_t local_s = utc_s + posix->std_s;
    civil_from_days(local_s / DAY_S - (local_s % DAY_S < 0), &year, &month, &day);
    int64_t new_year = civil_to_days(year, 1, 1);
    int64_t start_s = rule_at(&posix->start, year, new_year) - posix->std_s;
    int64_t end_s = rule_at(&posix->end, year, new_year) - posix->dst_s;
    bool dst =
        start_s < end_s ? start_s <= utc_s && utc_s < end_s : utc_s < end_s || start_s <= utc_s;
    ret.offset_s = dst ? posix->dst_s : posix->std_s;
    cut(&ret, new_year * DAY_S - posix->std_s, utc_s);
    cut(&ret, civil_to_days((int64_t)year + 1, 1, 1) * DAY_S - posix->std_s, utc_s);
    cut(&ret, start_s, utc_s);
    cut(&ret, end_s, utc_s);
    return ret;
}
