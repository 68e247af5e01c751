/* signal_reference.h: the value of a signal straight from the definitions of docs/rules.md, slowly,
 * over the list of all events that were heard of. Include after cmocka.h. */
#pragma once
#include "signal_random.h"

enum { REF_EVENTS = 420 };

struct ref_event {
    struct event event;
    char id[16];
    bool heard;
};

struct ref {
    struct rig rig;
    struct ref_event events[REF_EVENTS];
    size_t count;
    /* one look: the facts in sight, in order */
    const char *rep, *deal;
    msec_t now;
    const struct event *list[REF_EVENTS];
    size_t used;
};

/* --- what is in sight --- */

static inline int ref_by_stamp(const void *a, const void *b)
{
    const struct event *x = *(const struct event *const *)a, *y = *(const struct event *const *)b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->key.a > y->key.a) - (x->key.a < y->key.a);
}

static inline void ref_look(struct ref *ref, const struct ref_signal *s)
{
    ref->used = 0;
    for (size_t i = 0; i < ref->count; i++) {
        const struct event *e = &ref->events[i].event;
        if (ref->events[i].heard && str_eq(e->rep, ref->rep) && e->time <= ref->now &&
            e->time > ref->now - ref_reach(s) && (!s->per_deal || str_eq(e->deal, ref->deal)))
            ref->list[ref->used++] = e;
    }
    if (ref->used > 1)
        qsort(ref->list, ref->used, sizeof(*ref->list), ref_by_stamp);
}

/* In events, or in seconds. */
static inline int64_t ref_number(const struct ref_signal *s, const struct event *e)
{
    if (!ref_fits(&s->of, e))
        return 0;
    return !s->minutes ? ref_times(e) : e->duration_s == NUMBER_NONE ? 0 : e->duration_s;
}

static inline int64_t ref_in(const struct ref *ref, const struct ref_signal *s, msec_t after,
                             msec_t until)
{
    int64_t sum = 0;
    for (size_t i = 0; i < ref->used; i++)
        sum += ref->list[i]->time > after && ref->list[i]->time <= until
                   ? ref_number(s, ref->list[i])
                   : 0;
    return sum;
}

/* --- the kinds --- */

static inline int64_t ref_count(const struct ref *ref, const struct ref_signal *s)
{
    long start = -1;
    msec_t from = s->window ? ref->now - s->window : MSEC_NONE;
    int64_t sum = 0;
    bool deals[10] = {0};
    for (size_t i = 0; s->has_since && i < ref->used; i++)
        start = ref_fits(&s->since, ref->list[i]) ? (long)i : start;
    if (s->has_since && start < 0 && (!s->per_deal || s->within))
        return NUMBER_NONE;
    for (size_t i = (size_t)(start + 1); i < ref->used; i++) {
        const struct event *e = ref->list[i];
        if (e->time <= from || (s->within && e->time > ref->list[start]->time + s->within))
            continue;
        sum += ref_number(s, e);
        if (e->deal && ref_fits(&s->of, e))
            deals[e->deal[1] - '0'] = true;
    }
    if (s->kind != SIGNAL_DISTINCT)
        return sum * 1000 / (s->minutes ? 60 : 1);
    for (size_t i = sum = 0; i < ARRAY_LEN(deals); i++)
        sum += deals[i];
    return sum * 1000;
}

static inline int64_t ref_gap(const struct ref *ref, const struct ref_signal *s)
{
    for (size_t i = ref->used; i-- > 0;) {
        if (ref_fits(&s->of, ref->list[i]))
            return (ref->now - ref->list[i]->time) * 1000 / MSEC_HOUR;
    }
    return NUMBER_NONE;
}

static inline void ref_sort(msec_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = i + 1; k < count; k++) {
            msec_t swap = list[i];
            if (list[k] >= swap)
                continue;
            list[i] = list[k];
            list[k] = swap;
        }
    }
}

/* Each beginning with the first end behind it, unless the next beginning comes before that. */
static inline int64_t ref_time(const struct ref *ref, const struct ref_signal *s)
{
    msec_t lengths[REF_EVENTS], last = MSEC_NONE;
    size_t count = 0;
    for (size_t i = 0; i < ref->used; i++) {
        if (!ref_fits(&s->since, ref->list[i]))
            continue;
        last = MSEC_NONE; /* waits */
        for (size_t k = i + 1; k < ref->used && last == MSEC_NONE; k++) {
            if (ref_fits(&s->of, ref->list[k]) && ref->list[k]->time > ref->list[i]->time)
                last = lengths[count++] = ref->list[k]->time - ref->list[i]->time;
            else if (ref_fits(&s->since, ref->list[k]))
                break;
        }
    }
    if (last == MSEC_NONE)
        return NUMBER_NONE;
    if (!s->baseline)
        return last * 1000 / MSEC_HOUR;
    size_t before = count - 1 > 9 ? 9 : count - 1;
    msec_t *earlier = lengths + count - 1 - before;
    if (before < 3)
        return NUMBER_NONE;
    ref_sort(earlier, before);
    return (earlier[before / 2] - last) * 100 / earlier[before / 2] * 1000;
}

/* away: of each window, from now back, whether the person was away in it. */
static inline int64_t ref_ratio(const struct ref *ref, const struct ref_signal *s, const bool *away)
{
    int64_t sum = 0, filled = 0, current = ref_in(ref, s, ref->now - s->window, ref->now);
    for (int w = 1; w <= s->parts; w++) {
        int64_t in = ref_in(ref, s, ref->now - s->window * (w + 1), ref->now - s->window * w);
        sum += away[w] ? 0 : in;
        filled += !away[w] && in > 0;
    }
    return away[0] || filled < 2 || filled * 2 < s->parts ? NUMBER_NONE
                                                          : current * 1000 * filled / sum;
}

/* Slopes as fractions, put in order by multiplying crosswise. */
struct ref_slope {
    int64_t rise, run;
};

static inline int ref_by_slope(const void *a, const void *b)
{
    const struct ref_slope *x = a, *y = b;
    int64_t left = x->rise * y->run, right = y->rise * x->run;
    return (left > right) - (left < right);
}

static inline int64_t ref_trend(const struct ref *ref, const struct ref_signal *s, const bool *away)
{
    int64_t weeks[16], sum = 0, filled = 0, mean_of = 0;
    struct ref_slope slopes[128];
    int first = 0, n = s->parts, count = 0; /* oldest first; -1: left out */
    for (int w = 0; w < n; w++)
        weeks[w] = away[n - w - 1] ? -1
                                   : ref_in(ref, s, ref->now - s->window * (n - w),
                                            ref->now - s->window * (n - w - 1));
    while (first < n && weeks[first] <= 0)
        first++;
    for (int i = first; i < n; i++) {
        sum += weeks[i] > 0 ? weeks[i] : 0;
        filled += weeks[i] > 0;
        mean_of += weeks[i] >= 0;
        for (int k = i + 1; k < n && weeks[i] >= 0; k++) {
            if (weeks[k] >= 0)
                slopes[count++] = (struct ref_slope){weeks[k] - weeks[i], k - i};
        }
    }
    if (filled < 3 || filled * 2 < n)
        return NUMBER_NONE;
    qsort(slopes, (size_t)count, sizeof(slopes[0]), ref_by_slope);
    struct ref_slope a = slopes[(count - 1) / 2], b = slopes[count / 2];
    int64_t slope = (a.rise * b.run + b.rise * a.run) * 1000 / (2 * a.run * b.run);
    return slope * 100 * mean_of / sum;
}
