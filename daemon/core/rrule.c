/* Recurrence rules of iCalendar. Source: RFC 5545, 3.3.10 (names, limits and what goes with what).
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/sched_form.h"

enum {
    RRULE_VALUE_BYTES = 256,
    RRULE_COUNT_MAX = 10000,
    RRULE_INTERVAL_MAX = 100000,
    RRULE_LAST_YEAR = 2400, /* a COUNT that reaches further has no end */
};

static const char *const freq_names[] = {"YEARLY", "MONTHLY", "WEEKLY",
                                         "DAILY",  "HOURLY",  "MINUTELY"};
static const char *const day_names[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

/* What is gathered before it is known how the parts go together. */
struct draft {
    struct rrule rule;
    bool has_freq, has_start;
    uint64_t hours, minutes;
    uint32_t seen; /* bit per row of parts */
};

static bool take_int(const char **p, int64_t *ret)
{
    bool negative = **p == '-';
    int64_t value = 0;
    int digits = 0;
    if (**p == '-' || **p == '+')
        (*p)++;
    for (; **p >= '0' && **p <= '9' && digits < 9; (*p)++, digits++)
        value = value * 10 + (**p - '0');
    *ret = negative ? -value : value;
    return digits > 0;
}

static int take_day_name(const char **p)
{
    for (int i = 0; i < 7; i++) {
        if (sched_starts(*p, day_names[i])) {
            *p += 2;
            return i;
        }
    }
    return -1;
}

/* "20270201", "20270201T133000", "20270201T123000Z". */
static bool parse_time(const char *text, msec_t *ret, bool *ret_has_time, bool *ret_utc)
{
    static const struct {
        int digits, low, high;
    } shape[] = {{4, 1601, 8999}, {2, 1, 12}, {2, 1, 31}, {2, 0, 23}, {2, 0, 59}, {2, 0, 59}};
    int value[6] = {0};
    const char *p = text;
    *ret_has_time = false;
    for (int i = 0; i < 6; i++) {
        if (i == 3 && !*p)
            break;
        if (i == 3 && *p != 'T' && *p != 't')
            return false;
        p += i == 3;
        *ret_has_time = i >= 3;
        for (int k = 0; k < shape[i].digits; k++, p++) {
            if (*p < '0' || *p > '9')
                return false;
            value[i] = value[i] * 10 + (*p - '0');
        }
        if (value[i] < shape[i].low || value[i] > shape[i].high)
            return false;
    }
    *ret_utc = *p == 'Z' || *p == 'z';
    p += *ret_utc;
    const struct civil c = {value[0], value[1], value[2], value[3], value[4], value[5]};
    *ret = civil_to_msec(&c);
    return !*p && c.day <= civil_month_days(c.year, c.month);
}

/* -- one part each: value is the text after '=' -- */

static int part_freq(const char *value, struct err *err, struct draft *d)
{
    char hint[SCHED_HINT_BYTES];
    for (size_t i = 0; i < ARRAY_LEN(freq_names); i++) {
        if (str_ieq(value, freq_names[i])) {
            d->rule.freq = (enum rrule_freq)i;
            d->has_freq = true;
            return 0;
        }
    }
    return err_set(err, EINVAL, "FREQ=%s is not known%s (wants YEARLY to MINUTELY)", value,
                   sched_hint(value, freq_names, ARRAY_LEN(freq_names), hint));
}

static int whole(const char *name, const char *value, int64_t high, struct err *err, int64_t *ret)
{
    const char *p = value;
    int64_t number;
    if (!take_int(&p, &number) || *p || number < 1 || number > high)
        return err_set(err, EINVAL, "%s=%s wants a number from 1 to %d", name, value, (int)high);
    *ret = number;
    return 0;
}

static int part_interval(const char *value, struct err *err, struct draft *d)
{
    return whole("INTERVAL", value, RRULE_INTERVAL_MAX, err, &d->rule.interval);
}

static int part_count(const char *value, struct err *err, struct draft *d)
{
    return whole("COUNT", value, RRULE_COUNT_MAX, err, &d->rule.count);
}

static int part_until(const char *value, struct err *err, struct draft *d)
{
    msec_t at;
    bool has_time, utc;
    if (!parse_time(value, &at, &has_time, &utc))
        return err_set(err, EINVAL, "UNTIL=%s wants 20271231, 20271231T170000 or 20271231T170000Z",
                       value);
    if (utc)
        d->rule.until_utc = at;
    else
        d->rule.until = has_time ? at : at + MSEC_DAY - 1;
    return 0;
}

static int part_start(const char *value, struct err *err, struct draft *d)
{
    bool has_time, utc;
    if (!parse_time(value, &d->rule.start, &has_time, &utc))
        return err_set(err, EINVAL, "DTSTART '%s' wants 20270201 or 20270201T133000", value);
    if (utc)
        return err_set(err, EINVAL, "DTSTART '%s' wants local time: leave out the Z", value);
    d->has_start = true;
    return 0;
}

/* A list of numbers from low to high, and from -high to -low where negative ones make sense. */
static int list(const char *name, const char *value, int low, int high, uint64_t *bits,
                uint64_t *bits_from_end, struct err *err)
{
    const char *p = value;
    for (;;) {
        int64_t number;
        bool fine = take_int(&p, &number) && (!*p || *p == ',');
        uint64_t *into = number < 0 ? bits_from_end : bits;
        number = number < 0 ? -number : number;
        if (!fine || !into || number < low || number > high)
            return err_set(err, EINVAL, "%s=%s wants numbers from %d to %d%s", name, value, low,
                           high, bits_from_end ? ", or negative ones from the end" : "");
        into[number / 64] |= UINT64_C(1) << number % 64;
        if (!*p++)
            return 0;
    }
}

static int part_month(const char *value, struct err *err, struct draft *d)
{
    uint64_t bits = 0;
    int r = list("BYMONTH", value, 1, 12, &bits, NULL, err);
    d->rule.months = (uint32_t)bits;
    d->rule.has_months = true;
    return r;
}

static int part_monthday(const char *value, struct err *err, struct draft *d)
{
    uint64_t bits = 0, from_end = 0;
    int r = list("BYMONTHDAY", value, 1, 31, &bits, &from_end, err);
    d->rule.monthdays = (uint32_t)bits;
    d->rule.monthdays_from_end = (uint32_t)from_end;
    d->rule.has_monthdays = true;
    return r;
}

static int part_hour(const char *value, struct err *err, struct draft *d)
{
    return list("BYHOUR", value, 0, 23, &d->hours, NULL, err);
}

static int part_minute(const char *value, struct err *err, struct draft *d)
{
    return list("BYMINUTE", value, 0, 59, &d->minutes, NULL, err);
}

static int part_setpos(const char *value, struct err *err, struct draft *d)
{
    d->rule.has_setpos = true;
    return list("BYSETPOS", value, 1, RRULE_SETPOS_MAX, d->rule.setpos, d->rule.setpos_from_end,
                err);
}

static int part_day(const char *value, struct err *err, struct draft *d)
{
    const char *p = value;
    d->rule.has_weekdays = true;
    for (;;) {
        int64_t nth = 0;
        bool counted = take_int(&p, &nth);
        int day = take_day_name(&p);
        bool fine = day >= 0 && (!*p || *p == ',') && (!counted || nth) && nth >= -53 && nth <= 53;
        if (!fine)
            return err_set(err, EINVAL,
                           "BYDAY=%s wants SU, MO, TU, WE, TH, FR, SA, counted like 1MO or -1FR",
                           value);
        if (nth > 0)
            d->rule.nth[day] |= UINT64_C(1) << nth;
        else if (nth < 0)
            d->rule.nth_from_end[day] |= UINT64_C(1) << -nth;
        else
            d->rule.weekdays |= (uint8_t)(1U << day);
        if (!*p++)
            return 0;
    }
}

static int part_week_start(const char *value, struct err *err, struct draft *d)
{
    const char *p = value;
    d->rule.week_start = take_day_name(&p);
    if (d->rule.week_start < 0 || *p)
        return err_set(err, EINVAL, "WKST=%s wants one of SU, MO, TU, WE, TH, FR, SA", value);
    return 0;
}

static const struct {
    const char *name;
    int (*parse)(const char *value, struct err *err, struct draft *d);
} parts[] = {
    {"FREQ", part_freq},           {"INTERVAL", part_interval}, {"COUNT", part_count},
    {"UNTIL", part_until},         {"DTSTART", part_start},     {"BYMONTH", part_month},
    {"BYMONTHDAY", part_monthday}, {"BYDAY", part_day},         {"BYHOUR", part_hour},
    {"BYMINUTE", part_minute},     {"BYSETPOS", part_setpos},   {"WKST", part_week_start},
};

static int parse_part(const char *name, const char *value, struct err *err, struct draft *d)
{
    const char *names[ARRAY_LEN(parts)];
    char hint[SCHED_HINT_BYTES];
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        names[i] = parts[i].name;
        if (!str_ieq(name, names[i]))
            continue;
        if (d->seen >> i & 1)
            return err_set(err, EINVAL, "%s stands there twice", names[i]);
        d->seen |= UINT32_C(1) << i;
        return parts[i].parse(value, err, d);
    }
    return err_set(err, EINVAL,
                   "part '%s' is not known%s (wants FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, "
                   "BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSETPOS, WKST, DTSTART)",
                   name, sched_hint(name, names, ARRAY_LEN(names), hint));
}

/* "NAME=VALUE" between separators; "DTSTART:VALUE" and a bare "RRULE:" in front too. */
static int parse_parts(const char *text, struct err *err, struct draft *d)
{
    static const char *const separators = "; \t\r\n";
    for (text += strspn(text, separators); *text; text += strspn(text, separators)) {
        char piece[RRULE_VALUE_BYTES];
        if (sched_starts(text, "RRULE:")) {
            text += strlen("RRULE:");
            continue;
        }
        size_t length = strcspn(text, separators);
        if (length >= sizeof(piece))
            return err_set(err, EINVAL, "a part is longer than %d bytes", RRULE_VALUE_BYTES - 1);
        memcpy(piece, text, length);
        piece[length] = '\0';
        text += length;
        if (sched_starts(piece, "TZID="))
            return err_set(err, EINVAL, "TZID is not taken; the zone is the receiver's or 'zone:'");
        char *equals = strpbrk(piece, "=:");
        if (!equals)
            return err_set(err, EINVAL, "part '%s' wants a value, like BYDAY=MO", piece);
        *equals = '\0';
        int r = str_ieq(piece, "DTSTART") && !equals[1]
                    ? err_set(err, EINVAL, "DTSTART wants 20270201 or 20270201T133000")
                    : parse_part(piece, equals + 1, err, d);
        if (r < 0)
            return r;
    }
    return 0;
}

/* -- putting the parts together -- */

static bool has_nth(const struct rrule *rule, int *ret_highest)
{
    uint64_t all = 0;
    for (int i = 0; i < 7; i++)
        all |= rule->nth[i] | rule->nth_from_end[i];
    *ret_highest = all ? 63 - __builtin_clzll(all) : 0;
    return all != 0;
}

static int check(const struct draft *d, struct err *err)
{
    const struct rrule *rule = &d->rule;
    int highest;
    if (!d->has_freq)
        return err_set(err, EINVAL, "FREQ is missing (wants FREQ=WEEKLY, for example)");
    if (rule->count && (rule->until != MSEC_NEVER || rule->until_utc != MSEC_NEVER))
        return err_set(err, EINVAL, "COUNT and UNTIL exclude each other; keep one");
    if (rule->count && !d->has_start)
        return err_set(err, EINVAL, "COUNT needs a start to count from: DTSTART:20270201T090000");
    if (rule->has_monthdays && rule->freq == RRULE_WEEKLY)
        return err_set(err, EINVAL, "BYMONTHDAY has no meaning in FREQ=WEEKLY; use MONTHLY");
    if (has_nth(rule, &highest)) {
        if (rule->freq > RRULE_MONTHLY)
            return err_set(err, EINVAL, "a counted BYDAY such as 1MO wants FREQ=MONTHLY or YEARLY");
        if (highest > 5 && (rule->freq == RRULE_MONTHLY || rule->has_months))
            return err_set(err, EINVAL,
                           "no month has a weekday %d times; BYDAY wants 1 to 5 or "
                           "-1 to -5",
                           highest);
    }
    return 0;
}

/* Source: RFC 5545, 3.3.10: "Information, not contained in the rule ... is derived from DTSTART".
 */
static void take_from_start(struct rrule *rule)
{
    struct civil c;
    civil_from_msec(rule->start, &c);
    if (!rule->has_monthdays && !rule->has_weekdays && rule->freq <= RRULE_WEEKLY) {
        rule->has_weekdays = rule->freq == RRULE_WEEKLY;
        rule->has_monthdays = !rule->has_weekdays;
        if (rule->freq == RRULE_YEARLY && !rule->months)
            rule->months = UINT32_C(1) << c.month;
        if (rule->has_weekdays)
            rule->weekdays = (uint8_t)(1U << civil_weekday(sched_date(rule->start)));
        else
            rule->monthdays = UINT32_C(1) << c.day;
    }
    if (!rule->months)
        rule->months = SCHED_ALL_MONTHS;
}

static void store_minutes(struct sched *s, const struct draft *d)
{
    struct civil c;
    civil_from_msec(d->rule.start, &c);
    uint64_t hours = d->hours, minutes = d->minutes;
    if (!hours)
        hours = d->rule.freq >= RRULE_HOURLY ? ~UINT64_C(0) : UINT64_C(1) << c.hour;
    if (!minutes)
        minutes = d->rule.freq == RRULE_MINUTELY ? ~UINT64_C(0) : UINT64_C(1) << c.minute;
    for (int minute = 0; minute < CLOCK_DAY_MIN; minute++) {
        if ((hours >> minute / 60 & 1) && (minutes >> minute % 60 & 1))
            sched_minute_add(s->minutes, minute);
    }
}

/* Up to a day each period holds as many times; the shortest search for nothing is none. */
static int check_setpos(const struct sched *s, struct err *err)
{
    static const char *const periods[] = {"day", "hour", "minute"};
    const struct rrule *rule = &s->rrule;
    if (!rule->has_setpos || rule->freq < RRULE_DAILY)
        return 0;
    int total = sched_minute_count(s->minutes, 0, CLOCK_DAY_MIN);
    if (rule->freq == RRULE_HOURLY) {
        int hour = sched_minute_next(s->minutes, 0) / 60 * 60;
        total = sched_minute_count(s->minutes, hour, hour + 60);
    } else if (rule->freq == RRULE_MINUTELY) {
        total = 1;
    }
    for (int i = 1; i <= total && i <= RRULE_SETPOS_MAX; i++) {
        if ((rule->setpos[i / 64] | rule->setpos_from_end[i / 64]) >> i % 64 & 1)
            return 0;
    }
    return err_set(err, EINVAL, "BYSETPOS counts further than the %d time%s in each %s", total,
                   total == 1 ? "" : "s", periods[rule->freq - RRULE_DAILY]);
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    return b ? common_divisor(b, a % b) : a;
}

/* An interval of hours or minutes meets only those that are as far from the start as it and a day
 * have in common: every 2 minutes from 12:00, never 12:01. Those that it never meets go, so that no
 * search looks for them day after day. */
static void drop_unmet(struct sched *s)
{
    const int64_t unit = s->rrule.freq == RRULE_HOURLY ? 60 : 1;
    const int64_t common = common_divisor(s->rrule.interval, CLOCK_DAY_MIN / unit);
    const int64_t start = sched_floor(s->rrule.start, MSEC_MINUTE * unit);
    memcpy(s->named, s->minutes, sizeof(s->named));
    if (s->rrule.freq < RRULE_HOURLY)
        return;
    for (int minute = 0; minute < CLOCK_DAY_MIN; minute++) {
        if (sched_modulo(minute / unit - start, common))
            s->minutes[minute / 64] &= ~(UINT64_C(1) << minute % 64);
    }
}

/* Turns COUNT into the wall time of the last occurrence, so that later searches may start anywhere.
 */
static void count_out(struct sched *s)
{
    struct sched_walk walk = {.sched = s, .last_date = civil_to_days(RRULE_LAST_YEAR, 1, 1)};
    msec_t wall = s->rrule.start - 1;
    for (int64_t i = 0; i < s->rrule.count; i++) {
        if (!sched_walk_next(&walk, wall + 1, &wall))
            return;
    }
    s->rrule.until = wall;
}

int rrule_parse(const char *text, struct err *err, struct sched *s)
{
    struct draft d = {.rule = {.interval = 1,
                               .week_start = 1,
                               .start = SCHED_ANCHOR_DATE * MSEC_DAY,
                               .until = MSEC_NEVER,
                               .until_utc = MSEC_NEVER}};
    int r = parse_parts(text, err, &d);
    if (r == 0)
        r = check(&d, err);
    if (r < 0)
        return r;
    take_from_start(&d.rule);
    s->rrule = d.rule;
    store_minutes(s, &d);
    r = check_setpos(s, err);
    if (r < 0)
        return r;
    drop_unmet(s);
    if (s->rrule.count)
        count_out(s);
    return 0;
}
