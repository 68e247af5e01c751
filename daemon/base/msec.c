#include "base/msec.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t civil_to_days(int64_t year, int month, int day)
{
    int years = (month - 1) / 12 - ((month - 1) % 12 < 0);
    year += years;
    month -= years * 12;
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *ret_day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *ret_month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *ret_year = (int)(yoe + era * 400 + (*ret_month <= 2));
}

int civil_weekday(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7);
}

int civil_month_days(int year, int month)
{
    return (int)(civil_to_days(year, month + 1, 1) - civil_to_days(year, month, 1));
}

msec_t civil_to_msec(const struct civil *c)
{
    return civil_to_days(c->year, c->month, c->day) * MSEC_DAY + c->hour * MSEC_HOUR +
           c->minute * MSEC_MINUTE + c->second * MSEC_SECOND;
}

void civil_from_msec(msec_t t, struct civil *ret)
{
    int64_t days = t / MSEC_DAY - (t % MSEC_DAY < 0);
    msec_t rest = t - days * MSEC_DAY;
    civil_from_days(days, &ret->year, &ret->month, &ret->day);
    ret->hour = (int)(rest / MSEC_HOUR);
    ret->minute = (int)(rest / MSEC_MINUTE % 60);
    ret->second = (int)(rest / MSEC_SECOND % 60);
}

static char *put_digits(char *text, int count, int value)
{
    for (int i = count; i-- > 0; value /= 10)
        text[i] = (char)('0' + value % 10);
    return text + count;
}

static char *put_part(char *text, char before, int value)
{
    *text = before;
    return put_digits(text + 1, 2, value);
}

char *msec_format(msec_t t, char *text)
{
    struct civil c;
    civil_from_msec(t, &c);
    int ms = (int)((t % 1000 + 1000) % 1000);
    char *p = put_digits(text, 4, abs(c.year % 10000));
    p = put_part(p, '-', c.month);
    p = put_part(p, '-', c.day);
    p = put_part(p, 'T', c.hour);
    p = put_part(p, ':', c.minute);
    p = put_part(p, ':', c.second);
    if (ms) {
        *p = '.';
        p = put_digits(p + 1, 3, ms);
    }
    memcpy(p, "Z", 2);
    return text;
}

static bool take_two(const char **p, int *ret)
{
    unsigned tens = (unsigned)(*p)[0] - '0';
    if (tens > 9)
        return false;
    unsigned ones = (unsigned)(*p)[1] - '0';
    if (ones > 9)
        return false;
    *ret = (int)(tens * 10 + ones);
    *p += 2;
    return true;
}

static bool take_char(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool take_day(const char **p, struct civil *ret)
{
    int century, year;
    if (!take_two(p, &century) || !take_two(p, &year) || !take_char(p, '-') ||
        !take_two(p, &ret->month) || !take_char(p, '-') || !take_two(p, &ret->day))
        return false;
    ret->year = century * 100 + year;
    return true;
}

static bool take_between(const char **p)
{
    return take_char(p, 'T') || take_char(p, 't') || take_char(p, ' ');
}

static bool take_time(const char **p, struct civil *ret)
{
    return take_two(p, &ret->hour) && take_char(p, ':') && take_two(p, &ret->minute) &&
           take_char(p, ':') && take_two(p, &ret->second);
}

static int take_fraction_ms(const char **p)
{
    int ms = 0, scale = 100;
    for (; **p >= '0' && **p <= '9'; (*p)++) {
        ms += (**p - '0') * scale;
        scale /= 10;
    }
    return ms;
}

static bool take_offset(const char **p, msec_t *ret)
{
    int hours, minutes;
    if (take_char(p, 'Z') || take_char(p, 'z')) {
        *ret = 0;
        return true;
    }
    int sign = **p == '-' ? -1 : 1;
    if ((!take_char(p, '+') && !take_char(p, '-')) || !take_two(p, &hours) || !take_char(p, ':') ||
        !take_two(p, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret = sign * (hours * MSEC_HOUR + minutes * MSEC_MINUTE);
    return true;
}

static bool civil_valid(const struct civil *c)
{
    return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           (c->day <= 28 || c->day <= civil_month_days(c->year, c->month)) && c->hour <= 23 &&
           c->minute <= 59 && c->second <= 60;
}

int msec_parse(const char *text, msec_t *ret)
{
    struct civil c;
    msec_t offset;
    const char *p = text;
    if (!p || !take_day(&p, &c) || !take_between(&p) || !take_time(&p, &c))
        return -EINVAL;
    int ms = 0;
    if (*p == '.') {
        p++;
        if (*p < '0' || *p > '9')
            return -EINVAL;
        ms = take_fraction_ms(&p);
    }
    if (!take_offset(&p, &offset) || *p || !civil_valid(&c))
        return -EINVAL;
    *ret = civil_to_msec(&c) + ms - offset;
    return 0;
}

static const struct {
    char letter;
    msec_t length;
} units[] = {
    {'w', MSEC_WEEK}, {'d', MSEC_DAY}, {'h', MSEC_HOUR}, {'m', MSEC_MINUTE}, {'s', MSEC_SECOND}};

static msec_t unit_length(char letter)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].letter == letter)
            return units[i].length;
    }
    return 0;
}

int msec_parse_length(const char *text, msec_t *ret)
{
    msec_t total = 0;
    const char *p = text;
    if (!p || !*p)
        return -EINVAL;
    while (*p) {
        int64_t number = 0;
        if (*p < '0' || *p > '9')
            return -EINVAL;
        for (; *p >= '0' && *p <= '9'; p++) {
            number = number * 10 + (*p - '0');
            if (number > 1000000000)
                return -ERANGE;
        }
        msec_t unit = unit_length(*p);
        if (!unit)
            return -EINVAL;
        p++;
        total += number * unit;
        if (total > 3660 * MSEC_DAY)
            return -ERANGE;
    }
    *ret = total;
    return 0;
}

char *msec_format_length(msec_t length, char *text)
{
    int used = 0;
    text[0] = '\0';
    if (length < 0 || length > 3660 * MSEC_DAY)
        length = length < 0 ? 0 : 3660 * MSEC_DAY;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        /* weeks only where nothing remains: "10d" reads better than "1w3d" */
        if (i == 0 && length % MSEC_WEEK)
            continue;
        msec_t count = length / units[i].length;
        if (!count)
            continue;
        used += snprintf(text + used, (size_t)(MSEC_TEXT_BYTES - used), "%d%c", (int)count,
                         units[i].letter);
        length -= count * units[i].length;
    }
    if (!used)
        (void)snprintf(text, MSEC_TEXT_BYTES, "0s"); /* always fits */
    return text;
}
