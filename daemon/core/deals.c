#include "core/deals.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/deal.h"

struct deals {
    struct deal **list;
    size_t count, cap;
    size_t sorted; /* so many are in order, the others came later */
};

struct deals *deals_new(void)
{
    return NEW(struct deals);
}

void deals_free(struct deals *deals)
{
    if (!deals)
        return;
    free(deals->list);
    free(deals);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(struct deal *const *)a)->id, (*(struct deal *const *)b)->id);
}

void deals_add(struct deals *deals, struct deal *deal)
{
    ARRAY_GROW(deals->list, deals->count, deals->cap);
    deals->list[deals->count++] = deal;
    bool last = deals->sorted + 1 == deals->count &&
                (!deals->sorted || by_id(&deals->list[deals->sorted - 1], &deal) < 0);
    deals->sorted += last; /* a store is read in order */
}

size_t deals_count(const struct deals *deals)
{
    return deals->count;
}

/* How many of the first `count` stand before this one. */
static size_t place_of(const struct deals *deals, size_t count, struct deal *deal)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_id(&deals->list[middle], &deal) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From behind, so that each is moved once. */
static void merge(struct deals *deals)
{
    size_t old = deals->sorted, fresh = deals->count - old;
    struct deal **added = NEW_ARRAY(struct deal *, fresh);
    memcpy(added, deals->list + old, fresh * sizeof(struct deal *));
    qsort(added, fresh, sizeof(struct deal *), by_id);
    for (; fresh; fresh--) {
        size_t place = place_of(deals, old, added[fresh - 1]);
        memmove(deals->list + place + fresh, deals->list + place,
                (old - place) * sizeof(struct deal *));
        deals->list[place + fresh - 1] = added[fresh - 1];
        old = place;
    }
    free(added);
}

struct deal_list deals_sorted(struct deals *deals)
{
    if (deals->sorted < deals->count)
        merge(deals);
    deals->sorted = deals->count;
    return (struct deal_list){deals->list, deals->count};
}
