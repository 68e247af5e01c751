/* The facts of one person, in order of time, and chained by deal. A fact is known by its position,
 * which stays the same when old ones are forgotten and moves by one when a late one lands before
 * it. */
#include <string.h>

#include "base/alloc.h"
#include "core/parts.h"

_Static_assert(sizeof(struct fact) == 32, "there are millions of them");
_Static_assert(EVENT_OTHER < 32, "the type of a fact has 5 bits");

/* `back` of a fact whose predecessor is at least so far away: it must be looked for. */
enum { BACK_FAR = 0xFFFF };

static void set_back(struct fact *fact, size_t distance)
{
    fact->back = (unsigned)(distance < BACK_FAR ? distance : BACK_FAR) & BACK_FAR;
}

static uint32_t position_of(const struct person *rep, size_t index)
{
    return rep->facts_gone + (uint32_t)index + 1;
}

const struct fact *facts_at(const struct person *rep, uint32_t position)
{
    return &rep->facts[position - rep->facts_gone - 1];
}

/* The index of the fact before this one about the same deal, -1: none. */
static long before(const struct person *rep, size_t index)
{
    size_t back = rep->facts[index].back;
    if (!back || back > index)
        return -1;
    if (back < BACK_FAR)
        return (long)(index - back);
    for (size_t i = index - back + 1; i-- > 0;) {
        if (rep->facts[i].deal == rep->facts[index].deal)
            return (long)i;
    }
    return -1;
}

uint32_t facts_before(const struct person *rep, uint32_t position)
{
    long index = before(rep, position - rep->facts_gone - 1);
    return index < 0 ? 0 : position_of(rep, (size_t)index);
}

static struct deal_tail *tail_of(const struct deal *deal, const struct person *rep)
{
    for (int i = 0; i < deal->tail_count; i++) {
        if (deal->tails[i].rep == rep)
            return &deal->tails[i];
    }
    return NULL;
}

uint32_t facts_last(const struct person *rep, const struct deal *deal)
{
    const struct deal_tail *tail = tail_of(deal, rep);
    return tail && tail->last > rep->facts_gone ? tail->last : 0;
}

static void set_last(struct deal *deal, const struct person *rep, uint32_t position)
{
    struct deal_tail *tail = tail_of(deal, rep);
    if (!tail) { /* by one: mostly one is all */
        deal->tails = xrealloc(deal->tails, (size_t)deal->tail_count + 1, sizeof(*deal->tails));
        tail = &deal->tails[deal->tail_count++];
        *tail = (struct deal_tail){.rep = rep};
    }
    uint32_t back = tail->last < position ? position - tail->last : 0;
    memmove(tail->back + 1, tail->back, sizeof(tail->back) - sizeof(tail->back[0]));
    tail->back[0] = (uint16_t)(tail->last && back <= UINT16_MAX ? back : 0);
    tail->last = position;
}

/* The last of the rep's facts about the deal is forgotten. */
static void drop_last(struct deal *deal, const struct person *rep, uint32_t gone)
{
    struct deal_tail *tail = tail_of(deal, rep);
    if (!tail || tail->last > gone)
        return;
    *tail = deal->tails[--deal->tail_count];
    if (deal->tail_count)
        return;
    free(deal->tails);
    deal->tails = NULL;
}

/* Hangs the fact at `place` behind the one before about its deal. */
static void link_last(struct person *rep, size_t place)
{
    struct fact *fact = &rep->facts[place];
    uint32_t position = position_of(rep, place), last = facts_last(rep, fact->deal);
    set_back(fact, last ? position - last : 0);
    set_last(fact->deal, rep, position);
}

/* A fact has been put in at `place`, without its deal: the chains of those behind it cross it now,
 * and its own deal's takes it in. */
static void relink(struct person *rep, struct deal *deal, size_t place)
{
    struct fact *fact = &rep->facts[place];
    bool linked = !deal;
    for (size_t i = place + 1; i < rep->fact_count; i++) {
        struct fact *later = &rep->facts[i];
        if (!later->deal)
            continue;
        bool next = !linked && later->deal == deal;
        if (later->back >= i - place) /* over the new one */
            set_back(later, later->back + 1U);
        if (next) { /* the first behind it about the same deal */
            long far = before(rep, i);
            set_back(fact, far < 0 ? 0 : place - (size_t)far);
            set_back(later, i - place);
            linked = true;
        }
        struct deal_tail *tail = tail_of(later->deal, rep);
        if (tail && tail->last == position_of(rep, i) - 1)
            tail->last++;
    }
    fact->deal = deal;
    if (!linked)
        link_last(rep, place);
}

static bool fact_before(const struct fact *a, const struct fact *b)
{
    return a->time != b->time ? a->time < b->time : a->tie < b->tie;
}

/* Drops what no signal can see any more; leaves room, so that this happens rarely. */
static void forget_old(struct core *core, struct person *rep, msec_t newest)
{
    size_t old = 0;
    msec_t edge = newest - core->book->fact_horizon;
    while (old < rep->fact_count && rep->facts[old].time < edge)
        old++;
    for (size_t i = 0; i < old; i++) {
        if (rep->facts[i].deal)
            drop_last(rep->facts[i].deal, rep, rep->facts_gone + (uint32_t)old);
    }
    memmove(rep->facts, rep->facts + old, (rep->fact_count - old) * sizeof(*rep->facts));
    rep->fact_count -= old;
    rep->facts_gone += (uint32_t)old;
    core->fact_total -= old;
}

/* By a half, not to the double: most of the memory is facts. */
static void grow(struct person *rep)
{
    if (rep->fact_count < rep->fact_cap)
        return;
    rep->fact_cap += rep->fact_cap / 2 + 2;
    rep->facts = xrealloc(rep->facts, rep->fact_cap, sizeof(*rep->facts));
}

bool facts_add(struct core *core, struct person *rep, struct deal *deal, const struct fact *fact)
{
    size_t place = rep->fact_count;
    while (place > 0 && fact_before(fact, &rep->facts[place - 1]))
        place--;
    if (place > 0 && !fact_before(&rep->facts[place - 1], fact))
        return false; /* the same fact again */
    if (rep->fact_count == rep->fact_cap && rep->fact_count) {
        size_t before_it = rep->fact_count;
        forget_old(core, rep, rep->facts[rep->fact_count - 1].time);
        size_t gone = before_it - rep->fact_count;
        place = place > gone ? place - gone : 0;
    }
    grow(rep);
    memmove(rep->facts + place + 1, rep->facts + place,
            (rep->fact_count - place) * sizeof(*rep->facts));
    rep->fact_count++;
    core->fact_total++;
    rep->facts[place] = *fact;
    rep->facts[place].deal = NULL;
    rep->facts[place].back = 0;
    relink(rep, deal, place);
    signal_late(core, rep, position_of(rep, place));
    if (fact->type == EVENT_DEAL_LOST && fact->time > rep->last_loss)
        rep->last_loss = fact->time;
    return true;
}
