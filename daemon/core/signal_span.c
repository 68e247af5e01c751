/* Counts, sums and different deals from the last `since` event on, within a window. */
#include "core/signal.h"

/* [from, read) is what is counted; start is the `since` event, 0: none seen. */
struct span {
    uint32_t read, from, start, total;
};

static size_t words(const struct signal *signal)
{
    (void)signal;
    return sizeof(struct span) / sizeof(uint32_t);
}

static size_t positions(const struct signal *signal)
{
    (void)signal;
    return 3; /* read, from, start */
}

/* Counts what stands at this position? `within` begins with the start. */
static bool counts(const struct sight *sight, const struct span *span, uint32_t position)
{
    const struct signal *signal = sight->signal;
    const struct fact *fact = series_at(&sight->series, position);
    if (!filter_passes(&signal->of, fact))
        return false;
    if (!signal->within)
        return true;
    return span->start >= sight->series.first &&
           fact->time <= series_at(&sight->series, span->start)->time + signal->within;
}

/* Another one in [from, position) about the same deal. */
static bool deal_before(const struct sight *sight, const struct span *span, uint32_t position)
{
    for (uint32_t p = facts_before(sight->rep, position); p >= span->from && p;
         p = facts_before(sight->rep, p)) {
        if (counts(sight, span, p))
            return true;
    }
    return false;
}

/* Another one in (position, read) about the same deal. */
static bool deal_behind(const struct sight *sight, const struct span *span, uint32_t position)
{
    const struct deal *deal = series_at(&sight->series, position)->deal;
    for (uint32_t p = facts_last(sight->rep, deal); p > position; p = facts_before(sight->rep, p)) {
        if (p < span->read && counts(sight, span, p))
            return true;
    }
    return false;
}

static uint32_t adds(const struct sight *sight, const struct span *span, uint32_t position,
                     bool (*known)(const struct sight *, const struct span *, uint32_t))
{
    const struct fact *fact = series_at(&sight->series, position);
    if (!counts(sight, span, position))
        return 0;
    if (sight->signal->kind == SIGNAL_DISTINCT)
        return fact->deal && !known(sight, span, position);
    return signal_adds(sight->signal, fact);
}

static bool stale(const struct sight *sight, const struct span *span, msec_t edge)
{
    const struct series *series = &sight->series;
    if (!span->read || span->from < series->first)
        return true;
    return series_passed(series, span->read, sight->now) ||
           (span->from - 1 != span->start && series_passed(series, span->from, edge));
}

static void move(const struct sight *sight, struct span *span, msec_t edge)
{
    const struct series *series = &sight->series;
    for (; span->read < series->end && series_at(series, span->read)->time <= sight->now;
         span->read++) {
        const struct fact *fact = series_at(series, span->read);
        if (sight->signal->has_since && filter_passes(&sight->signal->since, fact))
            *span = (struct span){span->read, span->read + 1, span->read, 0};
        else
            span->total += adds(sight, span, span->read, deal_before);
    }
    for (; span->from < span->read && series_at(series, span->from)->time <= edge; span->from++)
        span->total -= adds(sight, span, span->from, deal_behind);
}

/* Without its `since` event a count has no value; but of a deal, which begins somewhere itself, it
 * counts from there on. */
static int64_t value(const struct sight *sight, uint32_t *state)
{
    struct span span = {state[0], state[1], state[2], state[3]};
    const struct signal *signal = sight->signal;
    msec_t edge = signal->window ? sight->now - signal->window : sight->edge;
    if (stale(sight, &span, edge))
        span = (struct span){.read = sight->series.first, .from = sight->series.first};
    move(sight, &span, edge);
    state[0] = span.read;
    state[1] = span.from;
    state[2] = span.start;
    state[3] = span.total;
    if (signal->has_since && (!signal->per_deal || signal->within) && !sight_has(sight, span.start))
        return NUMBER_NONE;
    if (signal->kind == SIGNAL_DISTINCT)
        return (int64_t)span.total * 1000;
    return signal_thousandths(signal, span.total);
}

const struct signal_way signal_way_span = {words, positions, value, NULL};
