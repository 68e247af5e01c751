#include "core/sched_form.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

/* -- minutes of the day -- */

void sched_minute_add(uint64_t *minutes, int minute)
{
    minutes[minute / 64] |= UINT64_C(1) << minute % 64;
}

int sched_minute_next(const uint64_t *minutes, int from)
{
    if (from < 0)
        from = 0;
    for (int word = from / 64; word < SCHED_MINUTE_WORDS; word++) {
        uint64_t bits = minutes[word];
        if (word == from / 64)
            bits &= ~UINT64_C(0) << from % 64;
        if (bits)
            return word * 64 + __builtin_ctzll(bits);
    }
    return -1;
}

int sched_minute_count(const uint64_t *minutes, int from, int until)
{
    int count = 0;
    for (int word = from / 64; word < SCHED_MINUTE_WORDS && word * 64 < until; word++) {
        uint64_t bits = minutes[word];
        if (word == from / 64)
            bits &= ~UINT64_C(0) << from % 64;
        if (until - word * 64 < 64)
            bits &= (UINT64_C(1) << (until - word * 64)) - 1;
        count += __builtin_popcountll(bits);
    }
    return count;
}

/* -- dates -- */

int64_t sched_floor(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t sched_modulo(int64_t a, int64_t b)
{
    return a - sched_floor(a, b) * b;
}

int64_t sched_date(msec_t wall)
{
    return sched_floor(wall, MSEC_DAY);
}

void sched_day_set(struct sched_day *day, int64_t date)
{
    day->date = date;
    civil_from_days(date, &day->year, &day->month, &day->day);
    day->weekday = civil_weekday(date);
    day->month_days = civil_month_days(day->year, day->month);
}

void sched_day_step(struct sched_day *day)
{
    if (day->day == day->month_days) {
        sched_day_set(day, day->date + 1);
        return;
    }
    day->date++;
    day->day++;
    day->weekday = day->weekday == 6 ? 0 : day->weekday + 1;
}

void sched_day_next_month(struct sched_day *day)
{
    sched_day_set(day, day->date + day->month_days - day->day + 1);
}

void sched_days_init(struct sched_days *days)
{
    *days = (struct sched_days){
        .months = SCHED_ALL_MONTHS, .monthdays = SCHED_ALL_MONTHDAYS, .weekdays = SCHED_ALL_WEEK};
}

bool sched_days_month(const struct sched_days *days, const struct sched_day *day)
{
    return days->months >> day->month & 1;
}

static bool has_bit(uint32_t mask, int bit)
{
    return bit >= 0 && bit < 32 && (mask >> bit & 1);
}

/* The weekday nearest to a day n never leaves the month of n. */
static bool nearest_match(uint32_t mask, const struct sched_day *day)
{
    enum { MONDAY = 1, FRIDAY = 5 };
    if (!mask || !has_bit(SCHED_MON_TO_FRI, day->weekday))
        return false;
    if (has_bit(mask, day->day))
        return true;
    if (day->weekday == MONDAY)
        return has_bit(mask, day->day - 1) || (day->day == 3 && has_bit(mask, 1));
    if (day->weekday == FRIDAY && day->day < day->month_days)
        return has_bit(mask, day->day + 1) ||
               (day->day == day->month_days - 2 && has_bit(mask, day->month_days));
    return false;
}

static bool last_workday(const struct sched_day *day)
{
    if (!has_bit(SCHED_MON_TO_FRI, day->weekday))
        return false;
    return day->day == day->month_days || (day->weekday == 5 && day->day >= day->month_days - 2);
}

static bool monthday_match(const struct sched_days *days, const struct sched_day *day)
{
    return has_bit(days->monthdays, day->day) || (days->last_day && day->day == day->month_days) ||
           (days->last_workday && last_workday(day)) || nearest_match(days->nearest, day);
}

static bool weekday_match(const struct sched_days *days, const struct sched_day *day)
{
    return has_bit(days->weekdays, day->weekday) ||
           (has_bit(days->last_weekdays, day->weekday) && day->day + 7 > day->month_days) ||
           has_bit(days->nth[day->weekday], (day->day - 1) / 7 + 1);
}

bool sched_days_match(const struct sched_days *days, const struct sched_day *day)
{
    int64_t since = day->date - SCHED_ANCHOR_DATE;
    if (days->every_days && sched_modulo(since, days->every_days) != 0)
        return false;
    if (days->every_weeks && sched_modulo(sched_floor(since, 7), days->every_weeks) != 0)
        return false;
    if (days->either)
        return monthday_match(days, day) || weekday_match(days, day);
    return monthday_match(days, day) && weekday_match(days, day);
}

/* -- words -- */

static char fold(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool sched_starts(const char *text, const char *prefix)
{
    while (*prefix && fold(*text) == fold(*prefix)) {
        text++;
        prefix++;
    }
    return !*prefix;
}

static void fold_into(char *buf, size_t size, const char *word)
{
    (void)snprintf(buf, size, "%s", word); /* a cut word is near to nothing */
    for (char *p = buf; *p; p++)
        *p = fold(*p);
}

const char *sched_hint(const char *word, const char *const *known, size_t count, char *buf)
{
    char asked[32], candidate[32];
    const char *best = NULL;
    int least = strlen(word) <= 3 ? 1 : 2;
    buf[0] = '\0';
    fold_into(asked, sizeof(asked), word);
    for (size_t i = 0; i < count; i++) {
        fold_into(candidate, sizeof(candidate), known[i]);
        int distance = nearest_distance(asked, candidate, least);
        if (distance < least || (distance == least && !best)) {
            best = known[i];
            least = distance;
        }
    }
    if (best)
        (void)snprintf(buf, SCHED_HINT_BYTES, "; did you mean '%s'?", best);
    return buf;
}
