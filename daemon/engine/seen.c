#include "engine/seen.h"

#include <string.h>

#include "base/alloc.h"

/* Small, as a look at it mostly waits for memory: the id itself is read when the mark fits. */
struct seen_slot {
    uint32_t mark; /* of the id */
    uint32_t item; /* its place in the list, from 1; 0: empty */
};

static uint32_t mark_of(struct hash128 id)
{
    return (uint32_t)id.b;
}

static struct seen_item *item_of(const struct seen *seen, const struct seen_slot *slot)
{
    return &seen->items[slot->item - 1];
}

void seen_init(struct seen *seen, msec_t window)
{
    *seen = (struct seen){.window = window};
}

void seen_done(struct seen *seen)
{
    free(seen->slots);
    free(seen->items);
    *seen = (struct seen){.window = seen->window};
}

/* The slot of this id, or the empty one that it would have. */
static struct seen_slot *find(const struct seen *seen, struct hash128 id)
{
    for (size_t i = id.a & (seen->cap - 1);; i = (i + 1) & (seen->cap - 1)) {
        struct seen_slot *slot = &seen->slots[i];
        if (!slot->item || (slot->mark == mark_of(id) && hash128_eq(item_of(seen, slot)->id, id)))
            return slot;
    }
}

/* The item at `index` is the newest of its id. */
static void enter(struct seen *seen, size_t index)
{
    struct seen_slot *slot = find(seen, seen->items[index].id);
    seen->count += !slot->item;
    *slot = (struct seen_slot){mark_of(seen->items[index].id), (uint32_t)index + 1};
}

static void rebuild(struct seen *seen, size_t cap)
{
    free(seen->slots);
    seen->slots = NEW_ARRAY(struct seen_slot, cap);
    seen->cap = cap;
    seen->count = 0;
    for (size_t i = seen->first; i < seen->used; i++)
        enter(seen, i);
}

/* Forgets what has left the window. The table is rebuilt from the list, so no marks of removed ids
 * are needed; that happens once the table is full, so its cost is spread. */
static void forget(struct seen *seen, msec_t now)
{
    while (seen->first < seen->used && seen->items[seen->first].at < now - seen->window)
        seen->first++;
    if (seen->first * 2 > seen->used) {
        seen->used -= seen->first;
        memmove(seen->items, seen->items + seen->first, seen->used * sizeof(*seen->items));
        seen->first = 0;
    }
}

static bool is_known(const struct seen *seen, struct hash128 id, msec_t now)
{
    const struct seen_slot *slot = find(seen, id);
    return slot->item && item_of(seen, slot)->at >= now - seen->window;
}

bool seen_has(const struct seen *seen, struct hash128 id, msec_t now)
{
    return seen->cap && is_known(seen, id, now);
}

void seen_expect(const struct seen *seen, struct hash128 id)
{
    if (seen->cap)
        __builtin_prefetch(&seen->slots[id.a & (seen->cap - 1)]);
}

bool seen_add(struct seen *seen, struct hash128 id, msec_t now)
{
    if (seen->count * 2 >= seen->cap) {
        forget(seen, now);
        size_t live = seen->used - seen->first, cap = 64;
        while (cap < live * 4)
            cap *= 2;
        rebuild(seen, cap);
    }
    if (is_known(seen, id, now))
        return false;
    ARRAY_GROW(seen->items, seen->used, seen->items_cap);
    seen->items[seen->used++] = (struct seen_item){id, now};
    enter(seen, seen->used - 1);
    return true;
}
