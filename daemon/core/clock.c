#include "core/clock.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static bool take_number(const char **p, int max_digits, int *ret)
{
    int value = 0, digits = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++, digits++)
        value = digits < 4 ? value * 10 + (**p - '0') : value;
    *ret = value;
    return digits >= 1 && digits <= max_digits;
}

/* "am" and "pm" after an hour of 1 to 12; without them minutes are a must. */
static int apply_half(const char *half, bool has_minutes, int hour)
{
    bool pm = str_ieq(half, "pm");
    if (!*half)
        return has_minutes && hour <= 24 ? hour : -1;
    if ((!pm && !str_ieq(half, "am")) || hour < 1 || hour > 12)
        return -1;
    return hour % 12 + (pm ? 12 : 0);
}

int clock_parse(const char *text, size_t length, int *ret_min)
{
    char copy[16];
    int hour, minute = 0;
    if (!length || length >= sizeof(copy))
        return -EINVAL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (str_ieq(copy, "noon") || str_ieq(copy, "midnight")) {
        *ret_min = str_ieq(copy, "noon") ? CLOCK_DAY_MIN / 2 : 0;
        return 0;
    }
    const char *p = copy;
    if (!take_number(&p, 2, &hour))
        return -EINVAL;
    bool has_minutes = *p == ':';
    if (has_minutes) {
        const char *digits = ++p;
        if (!take_number(&p, 2, &minute) || p != digits + 2 || minute > 59)
            return -EINVAL;
    }
    if (*p == ' ')
        p++;
    hour = apply_half(p, has_minutes, hour);
    if (hour < 0 || hour * 60 + minute > CLOCK_DAY_MIN)
        return -EINVAL;
    *ret_min = hour * 60 + minute;
    return 0;
}

char *clock_format(int minutes, char *text)
{
    /* always fits */
    (void)snprintf(text, CLOCK_TEXT_BYTES, "%02d:%02d", minutes / 60 % 100, minutes % 60);
    return text;
}
