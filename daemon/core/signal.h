/* signal.h: the insides of signals, shared by signal*.c. Private to core/.
 * Layer: core (pure).
 *
 * What a signal sees at a moment `now`: the facts of its person (of the deal at hand, with
 * `per: deal`) that pass its filter, happened at or before now, and later than now - reach. It is a
 * function of these alone, so it is the same in whatever order they came. The reach is the signal's
 * own (signal_reach), never another's, so no other plugin can change it.
 *
 * To be cheap, each signal keeps a few words for each person: how far it has read, and what it has
 * found. They are a cache: `signal_value` moves them on over what is new and over what has left the
 * windows; zeros are a valid state ("nothing read yet") and give the same value, only slower. */
#pragma once
#include "core/parts.h"

/* How far back a signal sees that names no span of its own. */
#define SIGNAL_REACH (100 * MSEC_DAY)

enum {
    SIGNAL_KEEP_FACTS = 16,  /* with fewer, reading all of them is cheaper than to remember */
    SIGNAL_STREAK_DAYS = 90, /* so far back a streak is counted: well within the reach */
    SIGNAL_BASELINE_MAX = 9, /* time_from: the median is that of so many earlier ones */
    SIGNAL_BASELINE_LEAST = 3,
    SIGNAL_RATIO_LEAST = 2, /* ratio: windows with anything in them, and half of all; trend: 3 */
    SIGNAL_WORDS_MAX = 2 * (SIGNAL_RATIO_PARTS + 1) + 1
};

/* Facts in order of time; facts[0] has the position `first`, positions are never 0. */
struct series {
    const struct fact *facts;
    uint32_t first, end; /* end: the position behind the last */
};

static inline const struct fact *series_at(const struct series *series, uint32_t position)
{
    return &series->facts[position - series->first];
}

/* One signal of one person at one moment. */
struct sight {
    const struct core *core;
    const struct person *rep;
    const struct signal *signal;
    struct series series;
    msec_t now, edge; /* what happened at or before the edge is out of sight */
};

/* There is a fact at this position, it is not forgotten and not out of sight. */
static inline bool sight_has(const struct sight *sight, uint32_t position)
{
    return position >= sight->series.first && position < sight->series.end &&
           series_at(&sight->series, position)->time > sight->edge;
}

/* Is the fact before this position later than `t`? Then time has gone back, or the state is that of
 * another world, and all must be read anew. */
static inline bool series_passed(const struct series *series, uint32_t position, msec_t t)
{
    return position > series->first && series_at(series, position - 1)->time > t;
}

/* The words of a filter as numbers; once, when the book is indexed. */
void filter_prepare(struct fact_filter *filter);
/* These two are asked of each fact, once at each border of a window. */
static inline bool filter_passes(const struct fact_filter *filter, const struct fact *fact)
{
    return (filter->types >> fact->type & 1) &&
           (!filter->kind_word || filter->kind_word == fact->kind) &&
           (!filter->direction_word || filter->direction_word == fact->direction) &&
           (!filter->outcome_word || filter->outcome_word == fact->outcome) &&
           (filter->automated || !fact->automated);
}

/* What a fact adds to a count or sum: how often, or seconds. */
static inline uint32_t signal_adds(const struct signal *signal, const struct fact *fact)
{
    if (!filter_passes(&signal->of, fact))
        return 0;
    return signal->add == SIGNAL_OF_DURATION ? fact->seconds : fact->times;
}

int64_t signal_thousandths(const struct signal *signal, uint64_t added);

/* One row for each way to work. The first word of every state is the position up to which it has
 * read, so that a late fact before it is seen. */
struct signal_way {
    size_t (*words)(const struct signal *signal);
    size_t (*positions)(const struct signal *signal); /* so many of them, the first ones */
    int64_t (*value)(const struct sight *sight, uint32_t *state);
    /* a late fact is there now; NULL: all is read anew */
    void (*late)(const struct signal *signal, uint32_t *state, uint32_t position,
                 const struct fact *fact);
};

extern const struct signal_way signal_way_windows, signal_way_span, signal_way_streak,
    signal_way_gap, signal_way_time;

/* For book_index. */
void signal_prepare(struct signal *signal);
size_t signal_words(const struct signal *signal);
size_t signal_positions(const struct signal *signal);
msec_t signal_reach(const struct signal *signal);
