#include "core/expect.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "core/parts.h"
#include "core/signal.h"

enum { LINE = 64 }; /* bytes that a cache fetches at once; only the speed depends on it */

/* All lines that hold any of it. */
static void fetch(const void *from, size_t bytes)
{
    const char *first = from, *end = first + bytes;
    for (const char *at = first - (uintptr_t)first % LINE; at < end; at += LINE)
        __builtin_prefetch(at);
}

/* The newest facts of a deal are read one after the other, each from another line. */
static void fetch_tail(const struct deal_tail *tail)
{
    uint32_t position = tail->last;
    for (size_t i = 0; position > tail->rep->facts_gone; i++) {
        fetch(facts_at(tail->rep, position), sizeof(struct fact));
        if (i == ARRAY_LEN(tail->back) || !tail->back[i] || tail->back[i] > position)
            break;
        position -= tail->back[i];
    }
}

static void fetch_deal(const struct deal *deal, enum expect_step step)
{
    const void *const parts[] = {deal->id,    deal->texts[DEAL_STAGE], deal->texts[DEAL_OWNER],
                                 deal->tails, deal->pending,           deal->uses};
    switch ((int)step) {
    case EXPECT_PARTS:
        for (size_t i = 0; i < ARRAY_LEN(parts); i++)
            fetch(parts[i], 1);
        break;
    case EXPECT_BEHIND:
        for (int i = 0; i < deal->pending_count; i++)
            fetch(deal->pending[i], sizeof(*deal->pending[i]));
        for (int i = 0; i < deal->tail_count; i++)
            fetch_tail(&deal->tails[i]);
        break;
    }
}

/* Where the windows end: a signal looks at the facts before and behind. The first position is how
 * far it has read, which is near the end. */
static void fetch_borders(const struct core *core, const struct person *rep)
{
    for (int i = 0; i < core->book->signal_count; i++) {
        const struct signal *signal = core->book->signals[i];
        for (size_t k = 1; k < signal->positions; k++) {
            uint32_t index = rep->signal_states[signal->state + k] - rep->facts_gone - 1;
            if (index < rep->fact_count)
                fetch(&rep->facts[index], 1);
        }
    }
}

static void fetch_person(const struct core *core, const struct person *rep, enum expect_step step)
{
    switch ((int)step) {
    case EXPECT_PARTS:
        fetch(rep->pending, 1);
        if (rep->fact_count)
            fetch(&rep->facts[rep->fact_count - 1], 2 * sizeof(*rep->facts));
        if (rep->signal_states)
            fetch(rep->signal_states, core->book->signal_words * sizeof(uint32_t));
        break;
    case EXPECT_BEHIND:
        for (int i = 0; i < rep->pending_count; i++)
            fetch(rep->pending[i], sizeof(*rep->pending[i]));
        if (rep->signal_states)
            fetch_borders(core, rep);
        break;
    }
}

struct expected core_expected(const struct event *event)
{
    const char *rep = event->rep ? event->rep : event->owner;
    return (struct expected){event->deal ? hash_quick(event->deal) : 0, rep ? hash_quick(rep) : 0};
}

void core_expect(const struct core *core, const struct expected *expected, enum expect_step step)
{
    if (step == EXPECT_SLOTS) {
        map_expect(&core->deal_ids, expected->deal);
        map_expect(&core->person_keys, expected->rep);
        return;
    }
    const struct deal *deal = expected->deal ? map_guess(&core->deal_ids, expected->deal) : NULL;
    const struct person *rep = expected->rep ? map_guess(&core->person_keys, expected->rep) : NULL;
    if (step == EXPECT_ROWS) {
        fetch(deal, deal ? sizeof(*deal) : 0);
        fetch(rep, rep ? sizeof(*rep) : 0);
        return;
    }
    if (deal)
        fetch_deal(deal, step);
    if (rep)
        fetch_person(core, rep, step);
}
