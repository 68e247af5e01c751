/* Signals: what effort looks like. Worked out from the person's own facts, which are kept sorted
 * and without repetitions, so events that come late or twice change nothing in the end. */
#include <stdlib.h>

#include "base/alloc.h"
#include "core/parts.h"
#include "core/words.h"

/* A filter with its words as numbers. */
struct sieve {
    uint64_t types;
    int kind, direction, outcome;
    bool automated;
    const struct deal *deal; /* NULL: any */
};

static struct sieve sieve_of(const struct fact_filter *filter, const struct deal *deal)
{
    return (struct sieve){filter->types,
                          word_kind(filter->kind),
                          word_direction(filter->direction),
                          word_outcome(filter->outcome),
                          filter->automated,
                          deal};
}

static bool passes(const struct sieve *sieve, const struct fact *fact)
{
    return (sieve->types >> fact->type & 1) && (!sieve->kind || sieve->kind == fact->kind) &&
           (!sieve->direction || sieve->direction == fact->direction) &&
           (!sieve->outcome || sieve->outcome == fact->outcome) &&
           (sieve->automated || !fact->automated) && (!sieve->deal || sieve->deal == fact->deal);
}

/* Number of facts at or before `now`; the rest of the array is the future. */
static size_t facts_until(const struct person *rep, msec_t now)
{
    size_t count = rep->fact_count;
    while (count && rep->facts[count - 1].time > now)
        count--;
    return count;
}

/* The newest fact before index `end` that passes, or -1. */
static long last_match(const struct person *rep, const struct sieve *sieve, size_t end)
{
    for (size_t i = end; i-- > 0;) {
        if (passes(sieve, &rep->facts[i]))
            return (long)i;
    }
    return -1;
}

/* The span of facts a signal counts: [*first, *end), false when there is none to count in. */
static bool span(const struct scope *scope, const struct signal *signal, size_t *first, size_t *end)
{
    const struct person *rep = scope->rep;
    *first = 0;
    *end = facts_until(rep, scope->now);
    msec_t from = signal->window ? scope->now - signal->window : MSEC_NONE;
    if (signal->has_since) {
        struct sieve since = sieve_of(&signal->since, signal->per_deal ? scope->deal : NULL);
        since.automated = true; /* what begins the count need not be effort */
        long start = last_match(rep, &since, *end);
        if (start < 0 && !signal->per_deal)
            return false;
        if (start >= 0) {
            msec_t begun = rep->facts[start].time;
            *first = (size_t)start + 1;
            if (signal->within) {
                while (*end > *first && rep->facts[*end - 1].time > begun + signal->within)
                    (*end)--;
            }
        }
    }
    while (*first < *end && from != MSEC_NONE && rep->facts[*first].time <= from)
        (*first)++;
    return true;
}

static int64_t count_value(const struct scope *scope, const struct signal *signal,
                           const struct sieve *sieve)
{
    size_t first, end;
    if (!span(scope, signal, &first, &end))
        return NUMBER_NONE;
    int64_t count = 0;
    for (size_t i = first; i < end; i++)
        count += passes(sieve, &scope->rep->facts[i]) ? scope->rep->facts[i].times : 0;
    return count * 1000;
}

/* Different deals touched. */
static int64_t distinct_value(const struct scope *scope, const struct signal *signal,
                              const struct sieve *sieve)
{
    size_t first, end;
    if (!span(scope, signal, &first, &end))
        return NUMBER_NONE;
    int64_t count = 0;
    for (size_t i = first; i < end; i++) {
        const struct fact *fact = &scope->rep->facts[i];
        bool seen = !fact->deal || !passes(sieve, fact);
        for (size_t k = first; k < i && !seen; k++)
            seen = scope->rep->facts[k].deal == fact->deal && passes(sieve, &scope->rep->facts[k]);
        count += !seen;
    }
    return count * 1000;
}

static int64_t gap_value(const struct scope *scope, const struct sieve *sieve)
{
    long last = last_match(scope->rep, sieve, facts_until(scope->rep, scope->now));
    return last < 0 ? NUMBER_NONE : (scope->now - scope->rep->facts[last].time) / MSEC_HOUR * 1000;
}

static bool works_on(const struct core *core, const struct person *rep, int64_t day)
{
    unsigned bit = 1u << civil_weekday(day);
    if (!(person_hours(core, rep)->weekdays & bit))
        return false;
    for (int i = 0; i < core->book->holiday_count; i++) {
        if (core->book->holidays[i] == day)
            return false;
    }
    return true;
}

/* Working days in a row, back from today, that each had `at_least` facts. Today counts once it has
 * enough and breaks nothing before it is over; days off neither count nor break. */
static int64_t streak_value(const struct scope *scope, const struct signal *signal,
                            const struct sieve *sieve)
{
    const struct person *rep = scope->rep;
    size_t i = facts_until(rep, scope->now);
    int64_t today = person_day(rep, scope->now), run = 0;
    int need = signal->at_least > 0 ? signal->at_least : 1;
    for (int64_t day = today;; day--) {
        int found = 0;
        for (; i > 0 && person_day(rep, rep->facts[i - 1].time) >= day; i--)
            found +=
                passes(sieve, &rep->facts[i - 1]) && person_day(rep, rep->facts[i - 1].time) == day
                    ? rep->facts[i - 1].times
                    : 0;
        if (!works_on(scope->core, rep, day)) {
            if (i == 0)
                break;
            continue;
        }
        if (found >= need)
            run++;
        else if (day != today)
            break;
    }
    return run * 1000;
}

static int compare_lengths(const void *a, const void *b)
{
    msec_t x = *(const msec_t *)a, y = *(const msec_t *)b;
    return (x > y) - (x < y);
}

enum { BASELINE_MAX = 64, BASELINE_LEAST = 3 };

/* Time from a `since` fact to the first passing fact after it. Plain: hours. Against the own
 * baseline: how much faster than the median of the earlier ones, in percent. */
static int64_t time_value(const struct scope *scope, const struct signal *signal,
                          const struct sieve *sieve)
{
    const struct person *rep = scope->rep;
    struct sieve since = sieve_of(&signal->since, NULL);
    msec_t lengths[BASELINE_MAX];
    size_t count = 0, end = facts_until(rep, scope->now);
    msec_t begun = MSEC_NONE;
    since.automated = true;
    for (size_t i = 0; i < end; i++) {
        const struct fact *fact = &rep->facts[i];
        if (begun != MSEC_NONE && passes(sieve, fact) && fact->time > begun) {
            if (count == BASELINE_MAX) {
                for (size_t k = 1; k < count; k++)
                    lengths[k - 1] = lengths[k];
                count--;
            }
            lengths[count++] = fact->time - begun;
            begun = MSEC_NONE;
        }
        if (passes(&since, fact))
            begun = fact->time;
    }
    if (!count || begun != MSEC_NONE)
        return NUMBER_NONE; /* never recovered, or not yet from the last one */
    msec_t last = lengths[count - 1];
    if (!signal->own_baseline)
        return last / MSEC_HOUR * 1000;
    if (count - 1 < BASELINE_LEAST)
        return NUMBER_NONE;
    qsort(lengths, count - 1, sizeof(lengths[0]), compare_lengths);
    msec_t median = lengths[(count - 1) / 2];
    return median > 0 ? (median - last) * 100 / median * 1000 : NUMBER_NONE;
}

int64_t signal_value(const struct scope *scope, const struct signal *signal)
{
    if (!scope->rep || (signal->per_deal && !scope->deal))
        return NUMBER_NONE;
    struct sieve sieve = sieve_of(&signal->of, signal->per_deal ? scope->deal : NULL);
    switch (signal->kind) {
    case SIGNAL_COUNT:
    case SIGNAL_SUM: /* one event can stand for several: both add up the event's count */
        return count_value(scope, signal, &sieve);
    case SIGNAL_DISTINCT:
        return distinct_value(scope, signal, &sieve);
    case SIGNAL_STREAK:
        return streak_value(scope, signal, &sieve);
    case SIGNAL_GAP:
        return gap_value(scope, &sieve);
    case SIGNAL_TIME:
        return time_value(scope, signal, &sieve);
    }
    return NUMBER_NONE;
}
