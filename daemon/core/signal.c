/* Signals: what effort looks like. Which way each kind is worked out, and on what. */
#include "core/signal.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/words.h"

/* A count without a beginning of its own is one window; with one it is a span. */
static const struct signal_way *way_of(const struct signal *signal)
{
    switch (signal->kind) {
    case SIGNAL_COUNT:
    case SIGNAL_SUM:
        return signal->has_since ? &signal_way_span : &signal_way_windows;
    case SIGNAL_RATIO:
    case SIGNAL_TREND:
        return &signal_way_windows;
    case SIGNAL_DISTINCT:
        return &signal_way_span;
    case SIGNAL_STREAK:
        return &signal_way_streak;
    case SIGNAL_GAP:
        return &signal_way_gap;
    case SIGNAL_TIME:
        return &signal_way_time;
    }
    return NULL;
}

void filter_prepare(struct fact_filter *filter)
{
    filter->kind_word = (uint8_t)word_kind(filter->kind);
    filter->direction_word = (uint8_t)word_direction(filter->direction);
    filter->outcome_word = (uint8_t)word_outcome(filter->outcome);
}

void signal_prepare(struct signal *signal)
{
    filter_prepare(&signal->of);
    filter_prepare(&signal->since);
    signal->since.automated = true; /* what begins a count need not be effort */
}

size_t signal_words(const struct signal *signal)
{
    return way_of(signal)->words(signal);
}

size_t signal_positions(const struct signal *signal)
{
    return way_of(signal)->positions(signal);
}

msec_t signal_reach(const struct signal *signal)
{
    int parts = signal->kind == SIGNAL_RATIO ? signal->parts + 1 : signal->parts;
    msec_t own = signal->window * (parts > 1 ? parts : 1);
    return own > SIGNAL_REACH ? own : SIGNAL_REACH;
}

int64_t signal_thousandths(const struct signal *signal, uint64_t added)
{
    int64_t seconds_a_unit = signal->add == SIGNAL_OF_DURATION ? 60 : 1; /* minutes */
    return (int64_t)added * 1000 / seconds_a_unit;
}

/* --- the state of a person --- */

void signal_forget(const struct core *core, struct person *person)
{
    if (person->signal_states)
        memset(person->signal_states, 0, core->book->signal_words * sizeof(uint32_t));
}

void signal_forget_all(struct core *core)
{
    for (size_t i = 0; i < core->person_count; i++) {
        free(core->people[i]->signal_states);
        core->people[i]->signal_states = NULL;
    }
}

static void tell_late(const struct core *core, const struct person *rep, uint32_t position)
{
    const struct fact *fact = facts_at(rep, position);
    for (int i = 0; i < core->book->signal_count; i++) {
        const struct signal *signal = core->book->signals[i];
        uint32_t *state = rep->signal_states + signal->state;
        if (signal->per_deal || position >= state[0])
            continue;
        if (way_of(signal)->late)
            way_of(signal)->late(signal, state, position, fact);
        else
            state[0] = 0;
    }
}

/* People get room for the states when something happens to them while we watch, and they have so
 * many facts that it pays: who is only remembered needs none. */
void signal_late(const struct core *core, struct person *rep, uint32_t position)
{
    if (!rep->signal_states) {
        if (core->ready && core->book->signal_words && rep->fact_count > SIGNAL_KEEP_FACTS)
            rep->signal_states = NEW_ARRAY(uint32_t, core->book->signal_words);
    } else if (position < rep->facts_gone + rep->fact_count) {
        tell_late(core, rep, position);
    }
}

/* --- the value --- */

/* The facts about one deal that are in sight, as a series of their own: a deal has few of them, and
 * the chain leads there without the others. */
static struct series series_of_deal(const struct scope *scope, msec_t edge)
{
    const struct person *rep = scope->rep;
    uint32_t newest = facts_last(rep, scope->deal), count = 0;
    for (uint32_t p = newest; p; p = facts_before(rep, p)) {
        if (facts_at(rep, p)->time <= edge)
            break;
        count++;
    }
    struct fact *facts = arena_alloc(scope->arena, (count + 1) * sizeof(*facts));
    uint32_t left = count;
    for (uint32_t p = newest; left; p = facts_before(rep, p))
        facts[--left] = *facts_at(rep, p);
    return (struct series){facts, 1, 1 + count};
}

static struct series series_of(const struct person *rep)
{
    uint32_t first = rep->facts_gone + 1;
    return (struct series){rep->facts, first, first + (uint32_t)rep->fact_count};
}

/* A plain count of a deal within its own window: back along the chain, to the `since` event or to
 * the window's edge, whichever is met first. */
static bool is_short_walk(const struct signal *signal)
{
    bool counts = signal->kind == SIGNAL_COUNT || signal->kind == SIGNAL_SUM;
    return counts && signal->per_deal && signal->window && !signal->within;
}

static int64_t walk_back(const struct scope *scope, const struct signal *signal)
{
    const struct person *rep = scope->rep;
    msec_t edge = scope->now - signal->window;
    uint64_t added = 0;
    for (uint32_t p = facts_last(rep, scope->deal); p; p = facts_before(rep, p)) {
        const struct fact *fact = facts_at(rep, p);
        if (fact->time > scope->now)
            continue;
        if (fact->time <= edge || (signal->has_since && filter_passes(&signal->since, fact)))
            break;
        added += signal_adds(signal, fact);
    }
    return signal_thousandths(signal, added);
}

int64_t signal_value(const struct scope *scope, const struct signal *signal)
{
    const struct person *rep = scope->rep;
    uint32_t none[SIGNAL_WORDS_MAX];
    if (!rep || (signal->per_deal && !scope->deal))
        return NUMBER_NONE;
    if (is_short_walk(signal))
        return walk_back(scope, signal);
    bool kept = rep->signal_states && !signal->per_deal;
    struct sight sight = {.core = scope->core,
                          .rep = rep,
                          .signal = signal,
                          .now = scope->now,
                          .edge = scope->now - signal_reach(signal)};
    sight.series = signal->per_deal ? series_of_deal(scope, sight.edge) : series_of(rep);
    if (!kept)
        memset(none, 0, signal_words(signal) * sizeof(none[0]));
    return way_of(signal)->value(&sight, kept ? rep->signal_states + signal->state : none);
}
