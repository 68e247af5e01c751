#include "wire/decimal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

enum { EXPONENT_MAX = 400 };

/* A number taken apart: the digits as they stand and where the point belongs. */
struct parts {
    bool negative;
    const char *digits; /* may hold one '.' */
    size_t length;
    long exponent; /* written exponent minus digits behind the point */
};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && digit(*p))
        p++;
    return p;
}

static bool take_exponent(const char *p, const char *end, long *ret)
{
    bool negative = p < end && *p == '-';
    long value = 0;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    for (; p < end && digit(*p); p++)
        value = value < EXPONENT_MAX ? value * 10 + (*p - '0') : value;
    *ret = negative ? -value : value;
    return p == end;
}

static bool take_apart(const char *text, size_t length, struct parts *ret)
{
    const char *end = text + length, *p = text;
    struct parts parts = {.negative = p < end && *p == '-'};
    p += parts.negative;
    parts.digits = p;
    const char *point = skip_digits(p, end);
    if (point == p || (*p == '0' && point - p > 1))
        return false;
    p = point;
    if (p < end && *p == '.') {
        p = skip_digits(point + 1, end);
        if (p == point + 1)
            return false;
        parts.exponent = -(long)(p - point - 1);
    }
    parts.length = (size_t)(p - parts.digits);
    if (p < end) {
        long exponent;
        if ((*p != 'e' && *p != 'E') || !take_exponent(p + 1, end, &exponent))
            return false;
        parts.exponent += exponent;
    }
    *ret = parts;
    return true;
}

int decimal_parse(const char *text, size_t length, int places, int64_t *ret, bool *ret_exact)
{
    struct parts parts;
    if (!take_apart(text, length, &parts))
        return -EINVAL;
    long shift = parts.exponent + places;
    size_t count = parts.length - (memchr(parts.digits, '.', parts.length) != NULL);
    /* digits that lie below the last place are looked at for rounding only */
    size_t keep = shift >= 0 ? count : count > (size_t)-shift ? count - (size_t)-shift : 0;
    bool round_up = false, exact = true;
    int64_t value = 0;
    size_t seen = 0;
    for (const char *p = parts.digits; p < parts.digits + parts.length; p++) {
        if (*p == '.')
            continue;
        if (seen < keep)
            value = value * 10 + (*p - '0');
        else
            exact = exact && *p == '0';
        if (seen == keep && *p >= '5' && count - keep == (size_t)-shift)
            round_up = true;
        seen++;
        if (value > DECIMAL_MAX)
            return -ERANGE;
    }
    for (; shift > 0 && value; shift--) {
        value *= 10;
        if (value > DECIMAL_MAX)
            return -ERANGE;
    }
    value += round_up;
    if (value > DECIMAL_MAX)
        return -ERANGE;
    *ret = parts.negative ? -value : value;
    if (ret_exact)
        *ret_exact = exact;
    return 0;
}

char *decimal_format(int64_t value, int places, char *text)
{
    static const int64_t powers[DECIMAL_PLACES_MAX + 1] = {1,     10,     100,    1000,
                                                           10000, 100000, 1000000};
    int64_t unit = powers[places];
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    unsigned long long whole = size / (uint64_t)unit, rest = size % (uint64_t)unit;
    while (places > 0 && rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    int used = snprintf(text, DECIMAL_TEXT_BYTES, "%s%llu", value < 0 ? "-" : "", whole);
    text[used] = places > 0 ? '.' : '\0'; /* sign, 19 digits and point always fit */
    for (int i = places; i > 0; i--, rest /= 10)
        text[used + i] = (char)('0' + rest % 10);
    if (places > 0)
        text[used + places + 1] = '\0';
    return text;
}

int currency_places(const char *currency)
{
    static const struct {
        char code[4];
        int places;
    } unusual[] = {
        {"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"IQD", 3},
        {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3},
        {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3}, {"UGX", 0}, {"UYI", 0}, {"UYW", 4},
        {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
    };
    for (size_t i = 0; currency && i < ARRAY_LEN(unusual); i++) {
        if (str_eq(unusual[i].code, currency))
            return unusual[i].places;
    }
    return 2;
}

bool currency_valid(const char *currency)
{
    for (int i = 0; i < 3; i++) {
        if (currency[i] < 'A' || currency[i] > 'Z')
            return false;
    }
    return currency[3] == '\0';
}
