#include "core/when.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/clock.h"

enum { WORDS_MAX = 6, WORD_BYTES = 24, TEXT_BYTES = 64 };

struct words {
    char list[WORDS_MAX][WORD_BYTES]; /* small letters */
    int count;
};

static bool split(const char *text, struct words *words)
{
    *words = (struct words){0};
    for (text += strspn(text, " \t\r\n,"); *text; text += strspn(text, " \t\r\n,")) {
        size_t length = strcspn(text, " \t\r\n,");
        if (words->count == WORDS_MAX || length >= WORD_BYTES)
            return false;
        char *word = words->list[words->count++];
        for (size_t i = 0; i < length; i++)
            word[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
        text += length;
    }
    return words->count > 0;
}

static bool is_filler(const char *word)
{
    static const char *const fillers[] = {"until", "till", "for", "on", "the", "next", "til"};
    for (size_t i = 0; i < ARRAY_LEN(fillers); i++) {
        if (str_eq(word, fillers[i]))
            return true;
    }
    return false;
}

/* A word of the list, in full or by its first three letters, or -1. */
static int index_of(const char *word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (str_eq(word, names[i]) || (strlen(word) == 3 && str_starts(names[i], word)))
            return i;
    }
    return -1;
}

static int weekday_of(const char *word)
{
    static const char *const names[] = {"sunday",   "monday", "tuesday", "wednesday",
                                        "thursday", "friday", "saturday"};
    return index_of(word, names, ARRAY_LEN(names));
}

static int month_of(const char *word)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    return index_of(word, names, ARRAY_LEN(names)) + 1;
}

/* "3" or "three"; 0: no number. */
static int number_of(const char *word)
{
    static const char *const names[] = {"",      "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    int64_t number;
    if (!str_to_i64(word, &number))
        return number > 0 && number < 100000 ? (int)number : 0;
    if (str_eq(word, "a") || str_eq(word, "an"))
        return 1;
    for (size_t i = 1; i < ARRAY_LEN(names); i++) {
        if (str_eq(word, names[i]))
            return (int)i;
    }
    return 0;
}

static msec_t unit_of(const char *word)
{
    static const struct {
        const char *name;
        msec_t length;
    } units[] = {{"minute", MSEC_MINUTE}, {"minutes", MSEC_MINUTE}, {"min", MSEC_MINUTE},
                 {"hour", MSEC_HOUR},     {"hours", MSEC_HOUR},     {"day", MSEC_DAY},
                 {"days", MSEC_DAY},      {"week", MSEC_WEEK},      {"weeks", MSEC_WEEK}};
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (str_eq(word, units[i].name))
            return units[i].length;
    }
    return 0;
}

static msec_t day_begins(const struct tz *zone, struct civil c, int days)
{
    int64_t day = civil_to_days(c.year, c.month, c.day) + days;
    c = (struct civil){0};
    civil_from_days(day, &c.year, &c.month, &c.day);
    return tz_instant(zone, &c, TZ_GAP_END);
}

static bool take_length(const struct words *words, int first, msec_t *ret)
{
    if (words->count == first + 1 && !msec_parse_length(words->list[first], ret))
        return true;
    if (words->count != first + 2)
        return false;
    int number = number_of(words->list[first]);
    msec_t unit = unit_of(words->list[first + 1]);
    *ret = number * unit;
    return number && unit;
}

/* 2026-12-01 */
static bool take_iso(const char *word, struct civil *ret)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    if (strlen(word) != 10)
        return false;
    memcpy(stamp, word, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    if (msec_parse(stamp, &t))
        return false;
    civil_from_msec(t, ret);
    return true;
}

/* "1 dec", "december 1": in this year, or else in the next. */
static bool take_date(const char *a, const char *b, const struct tz *zone, struct civil now,
                      msec_t after, msec_t *ret)
{
    int month = month_of(a), day = number_of(b);
    if (!month) {
        month = month_of(b);
        day = number_of(a);
    }
    if (!month || day < 1 || day > 31)
        return false;
    struct civil c = {.year = now.year, .month = month, .day = day};
    *ret = day_begins(zone, c, 0);
    c.year++;
    if (*ret <= after)
        *ret = day_begins(zone, c, 0);
    return true;
}

static bool take_moment(const struct words *words, int first, const struct tz *zone, msec_t now,
                        msec_t *ret)
{
    struct civil c, day;
    int minutes, left = words->count - first;
    const char *word = words->list[first];
    tz_local(zone, now, &c);
    int today = civil_weekday(civil_to_days(c.year, c.month, c.day)), weekday = weekday_of(word);
    if (left == 2)
        return take_date(word, words->list[first + 1], zone, c, now, ret);
    if (left != 1)
        return false;
    if (str_eq(word, "today") || str_eq(word, "tomorrow")) {
        *ret = day_begins(zone, c, 1);
    } else if (str_eq(word, "week")) { /* "until next week" */
        *ret = day_begins(zone, c, (8 - today) % 7 ? (8 - today) % 7 : 7);
    } else if (weekday >= 0) {
        int days = (weekday - today + 7) % 7;
        *ret = day_begins(zone, c, days ? days : 7);
    } else if (take_iso(word, &day)) {
        *ret = day_begins(zone, day, 0);
    } else if (strspn(word, "0123456789") < strlen(word) &&
               !clock_parse(word, strlen(word), &minutes)) {
        c.hour = minutes / 60;
        c.minute = minutes % 60;
        c.second = 0;
        *ret = tz_instant(zone, &c, TZ_GAP_END);
        c.day++;
        if (*ret <= now)
            *ret = tz_instant(zone, &c, TZ_GAP_END);
    } else {
        return false;
    }
    return true;
}

int when_parse(const char *text, const struct tz *zone, msec_t now, msec_t *ret_until)
{
    struct words words;
    msec_t length, until;
    int first = 0;
    if (strlen(text) > TEXT_BYTES || !split(text, &words))
        return -EINVAL;
    while (first < words.count - 1 && is_filler(words.list[first]))
        first++;
    if (take_length(&words, first, &length))
        until = now + length;
    else if (!take_moment(&words, first, zone, now, &until))
        return -EINVAL;
    if (until <= now || until > now + 366 * MSEC_DAY)
        return -ERANGE;
    *ret_until = until;
    return 0;
}

int when_parse_span(const char *text, int *ret_from, int *ret_to)
{
    static const char *const joints[] = {"-", "–", " to ", " until ", " till "};
    size_t from_length = 0;
    const char *second = NULL;
    int from = 0, to = 0;
    if (strlen(text) > TEXT_BYTES)
        return -EINVAL;
    text += strspn(text, " ");
    if (str_istarts(text, "from ", 5))
        text += 5;
    for (size_t i = 0; i < ARRAY_LEN(joints) && !second; i++) {
        const char *joint = strstr(text, joints[i]);
        if (!joint)
            continue;
        from_length = (size_t)(joint - text);
        second = joint + strlen(joints[i]);
    }
    if (!second)
        return -EINVAL;
    while (from_length && text[from_length - 1] == ' ')
        from_length--;
    second += strspn(second, " ");
    /* a lone number is an hour: 17-9 */
    const char *const sides[] = {text, second};
    const size_t lengths[] = {from_length, strlen(second)};
    int *const minutes[] = {&from, &to};
    for (int i = 0; i < 2; i++) {
        char side[WORD_BYTES];
        int64_t hour;
        if (lengths[i] >= sizeof(side))
            return -EINVAL;
        memcpy(side, sides[i], lengths[i]);
        side[lengths[i]] = '\0';
        if (!str_to_i64(side, &hour) && hour >= 0 && hour <= 24)
            *minutes[i] = (int)hour * 60;
        else if (clock_parse(side, lengths[i], minutes[i]))
            return -EINVAL;
    }
    if (from % CLOCK_DAY_MIN == to % CLOCK_DAY_MIN)
        return -EINVAL;
    *ret_from = from % CLOCK_DAY_MIN;
    *ret_to = to;
    return 0;
}
