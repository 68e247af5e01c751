/* Schedules in English. The grammar, after an optional "every", "each" or "the":
 *
 *   [N|other] minutes|hours [on DAYS] [between TIME and TIME] [on DAYS]
 *   [N|other] weeks on DAYS at TIMES
 *   [N|other] days at TIMES
 *   DAYS at TIMES
 *   ORDINALS day|weekday|NAME of PERIOD at TIMES
 *   NUMBERS of PERIOD at TIMES
 *
 * DAYS are names, "weekday", "weekend" or "day"; lists take "," and "and"; a PERIOD is month,
 * quarter, year or the name of a month. */
#include <errno.h>

#include "core/every_words.h"
#include "core/sched_form.h"

struct parser {
    struct every_token tokens[EVERY_TOKENS_MAX + 1]; /* the last one is END */
    const struct every_token *now;
    struct err *err;
    struct sched *s;
    int start_min, end_min; /* window of an interval */
    bool front, back;       /* ordinals counted from there */
    int highest;            /* ordinal */
};

/* -- pieces of the grammar -- */

static bool accept(struct parser *p, enum every_kind kind)
{
    if (p->now->kind != kind)
        return false;
    p->now++;
    return true;
}

static int wanted(struct parser *p, const char *what)
{
    if (p->now->kind == EVERY_END)
        return err_set(p->err, EINVAL, "stops too early (wants %s)", what);
    return err_set(p->err, EINVAL, "'%s' does not fit there (wants %s)", p->now->text, what);
}

/* "," and "and" and both. */
static bool more_in_list(struct parser *p)
{
    if (!accept(p, EVERY_COMMA))
        return false;
    (void)accept(p, EVERY_COMMA); /* "a, and b" */
    return true;
}

static int parse_time(struct parser *p, int latest, int *ret)
{
    /* a bare "9" is an hour only where am or pm follows, which clock_parse() has looked at */
    if (p->now->kind != EVERY_TIME || p->now->value > latest)
        return wanted(p, "a time like 09:00 or 9am");
    *ret = p->now->value;
    p->now++;
    return 0;
}

static int parse_times(struct parser *p)
{
    if (!accept(p, EVERY_AT))
        return wanted(p, "'at 09:00'");
    do {
        int minute = 0;
        int r = parse_time(p, CLOCK_DAY_MIN - 1, &minute);
        if (r < 0)
            return r;
        sched_minute_add(p->s->minutes, minute);
    } while (more_in_list(p));
    return p->now->kind == EVERY_END ? 0 : wanted(p, "nothing after the times");
}

static int parse_days(struct parser *p)
{
    uint8_t mask = 0;
    do {
        if (p->now->kind == EVERY_DAY)
            mask = SCHED_ALL_WEEK;
        else if (p->now->kind == EVERY_DAYS)
            mask |= (uint8_t)p->now->value;
        else
            return wanted(p, "a day like Monday or weekday");
        p->now++;
    } while (more_in_list(p));
    p->s->days.weekdays = mask;
    return 0;
}

/* First or last month of each period, as ordinals count from the front or the back. */
static uint32_t period_months(const struct every_token *period, bool from_end)
{
    uint32_t mask = 0;
    if (period->kind == EVERY_MONTH)
        return UINT32_C(1) << period->value;
    for (int month = from_end ? period->value : 1; month <= 12; month += period->value)
        mask |= UINT32_C(1) << month;
    return mask;
}

static void note_ordinal(struct parser *p, int value)
{
    p->back |= value < 0;
    p->front |= value > 0;
    p->highest = value > p->highest ? value : p->highest;
}

/* "of month". In longer periods the first ordinals fall into the first month, "last" into the last.
 */
static int parse_period(struct parser *p, int most)
{
    if (!accept(p, EVERY_OF))
        return wanted(p, "'of month', 'of quarter' or 'of year'");
    const struct every_token *period = p->now;
    if (period->kind != EVERY_PERIOD && period->kind != EVERY_MONTH)
        return wanted(p, "month, quarter, year or the name of a month");
    if (period->kind == EVERY_PERIOD && period->value > 1) {
        if (p->front && p->back)
            return err_set(p->err, EINVAL, "of a %s 'last' must stand alone; write two schedules",
                           period->text);
        if (p->highest > most)
            return err_set(p->err, EINVAL,
                           "number %d of a %s is not supported (wants 1 to %d, or "
                           "last)",
                           p->highest, period->text, most);
    }
    p->s->days.months = period_months(period, p->back);
    p->now++;
    return 0;
}

/* -- forms -- */

static void fill_window(struct parser *p, int step)
{
    for (int minute = p->start_min; minute <= p->end_min && minute < CLOCK_DAY_MIN; minute += step)
        sched_minute_add(p->s->minutes, minute);
}

static int parse_window(struct parser *p)
{
    int r = parse_time(p, CLOCK_DAY_MIN - 1, &p->start_min);
    if (r < 0)
        return r;
    if (!accept(p, EVERY_COMMA) && !accept(p, EVERY_TO))
        return wanted(p, "'between 09:00 and 17:00'");
    r = parse_time(p, CLOCK_DAY_MIN, &p->end_min);
    if (r == 0 && p->end_min <= p->start_min)
        r = err_set(p->err, EINVAL, "the window ends before it starts; it cannot cross midnight");
    return r;
}

static int interval_form(struct parser *p, int count)
{
    int r = 0;
    bool window = false, on = false;
    int64_t step = (int64_t)count * p->now->value;
    if (step < 1 || step > CLOCK_DAY_MIN)
        return err_set(p->err, EINVAL,
                       "'%d %s' is not between a minute and a day (wants '3 days "
                       "at 09:00' for longer ones)",
                       count, p->now->text);
    p->now++;
    p->end_min = CLOCK_DAY_MIN;
    while (r == 0 && p->now->kind != EVERY_END) {
        if (!window && accept(p, EVERY_BETWEEN)) {
            window = true;
            r = parse_window(p);
        } else if (!on && accept(p, EVERY_ON)) {
            on = true;
            r = parse_days(p);
        } else {
            r = wanted(p, "'between 09:00 and 17:00', 'on weekdays' or nothing more");
        }
    }
    p->s->interval = true;
    fill_window(p, (int)step);
    return r;
}

static int weeks_form(struct parser *p, int count)
{
    p->now++;
    p->s->days.every_weeks = count > 1 ? count : 0;
    if (!accept(p, EVERY_ON))
        return wanted(p, "'on Friday'");
    int r = parse_days(p);
    return r < 0 ? r : parse_times(p);
}

static int days_form(struct parser *p, int count)
{
    p->now++;
    p->s->days.every_days = count > 1 ? count : 0;
    return parse_times(p);
}

/* "15 of month", "1st and 15th of month", "first and last day of quarter". */
static int monthdays_form(struct parser *p)
{
    enum { SHORTEST_FIRST_MONTH_DAYS = 30 }; /* of a quarter */
    struct sched_days *days = &p->s->days;
    days->monthdays = 0;
    do {
        const struct every_token *number = p->now;
        if (number->kind != EVERY_NUMBER && number->kind != EVERY_ORDINAL)
            return wanted(p, "a day of the month, 1 to 31");
        if (number->value > 31 || number->value == 0)
            return err_set(p->err, EINVAL, "day '%s' is not 1 to 31", number->text);
        note_ordinal(p, number->value);
        if (number->value < 0)
            days->last_day = true;
        else
            days->monthdays |= UINT32_C(1) << number->value;
        p->now++;
    } while (more_in_list(p));
    (void)accept(p, EVERY_DAY); /* "first day of month" and "15 of month" say the same thing */
    int r = parse_period(p, SHORTEST_FIRST_MONTH_DAYS);
    return r < 0 ? r : parse_times(p);
}

static int nth_weekday(struct parser *p, const struct every_token *ordinal, int mask)
{
    struct sched_days *days = &p->s->days;
    if (mask == SCHED_MON_TO_FRI) {
        if (ordinal->value > 1)
            return err_set(p->err, EINVAL, "'%s weekday' is not supported (wants first or last)",
                           ordinal->text);
        days->monthdays = 0;
        days->weekdays = SCHED_ALL_WEEK;
        days->last_workday |= ordinal->value < 0;
        days->nearest |= ordinal->value > 0 ? 1U << 1 : 0;
        return 0;
    }
    if (ordinal->value < -1 || ordinal->value > 5 || !ordinal->value || (mask & (mask - 1)))
        return err_set(p->err, EINVAL,
                       "'%s' with that day is not supported (wants first to fifth "
                       "or last, and one day)",
                       ordinal->text);
    int weekday = __builtin_ctz((unsigned)mask);
    if (ordinal->value < 0)
        days->last_weekdays |= (uint8_t)mask;
    else
        days->nth[weekday] |= (uint8_t)(1U << ordinal->value);
    return 0;
}

/* "first and third Monday of month". */
static int ordinal_form(struct parser *p, const struct every_token *day)
{
    enum { CERTAIN_IN_FIRST_MONTH = 4 };
    p->s->days.weekdays = 0;
    do {
        const struct every_token *ordinal = p->now;
        if (ordinal->kind != EVERY_ORDINAL)
            return wanted(p, "first, second, third, fourth, fifth or last");
        int r = nth_weekday(p, ordinal, day->value);
        if (r < 0)
            return r;
        note_ordinal(p, ordinal->value);
        p->now++;
    } while (more_in_list(p));
    if (p->now != day)
        return wanted(p, "a day like Monday or weekday");
    p->now++;
    int r = parse_period(p, CERTAIN_IN_FIRST_MONTH);
    return r < 0 ? r : parse_times(p);
}

/* The token after a list of ordinals. */
static const struct every_token *after_ordinals(const struct every_token *token)
{
    while (token->kind == EVERY_ORDINAL || token->kind == EVERY_COMMA)
        token++;
    return token;
}

/* "N minutes", "N weeks", "N days", "N of month"; first[1] exists since END is the last token. */
static int counted_form(struct parser *p, const struct every_token *first)
{
    if (first[1].kind == EVERY_OF || first[1].kind == EVERY_COMMA)
        return monthdays_form(p);
    if (first->value < 1 || first->value > EVERY_COUNT_MAX)
        return err_set(p->err, EINVAL, "'%s' is not a number from 1 to %d", first->text,
                       EVERY_COUNT_MAX);
    p->now++;
    if (p->now->kind == EVERY_UNIT)
        return interval_form(p, first->value);
    if (p->now->kind == EVERY_WEEK)
        return weeks_form(p, first->value);
    if (p->now->kind == EVERY_DAY)
        return days_form(p, first->value);
    return wanted(p, "minutes, hours, days, weeks or 'of month' after a number");
}

static int parse_form(struct parser *p)
{
    const struct every_token *first = p->now;
    if (first->kind == EVERY_ORDINAL) {
        const struct every_token *day = after_ordinals(first);
        return day->kind == EVERY_DAYS ? ordinal_form(p, day) : monthdays_form(p);
    }
    if (first->kind == EVERY_DAY && first[1].kind == EVERY_NUMBER) {
        p->now++; /* "day 15 of month" */
        return monthdays_form(p);
    }
    if (first->kind == EVERY_NUMBER || first->kind == EVERY_OTHER)
        return counted_form(p, first);
    if (first->kind == EVERY_UNIT)
        return interval_form(p, 1);
    if (first->kind == EVERY_WEEK)
        return weeks_form(p, 1);
    int r = parse_days(p);
    return r < 0 ? r : parse_times(p);
}

int every_parse(const char *text, struct err *err, struct sched *s)
{
    struct parser p = {.err = err, .s = s};
    sched_days_init(&s->days);
    int r = every_tokenize(text, err, p.tokens);
    if (r < 0)
        return r;
    p.now = p.tokens;
    return parse_form(&p);
}
