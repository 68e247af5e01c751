#include "engine/seen.h"

#include <string.h>

#include "base/alloc.h"

struct seen_slot {
    struct hash128 id;
    msec_t at; /* when it was new */
};

static bool is_empty(const struct seen_slot *slot)
{
    return !slot->id.a && !slot->id.b;
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

static size_t find(const struct seen *seen, struct hash128 id)
{
    size_t i = id.a & (seen->cap - 1);
    while (!is_empty(&seen->slots[i]) && !hash128_eq(seen->slots[i].id, id))
        i = (i + 1) & (seen->cap - 1);
    return i;
}

static void rebuild(struct seen *seen, size_t cap)
{
    free(seen->slots);
    seen->slots = NEW_ARRAY(struct seen_slot, cap);
    seen->cap = cap;
    seen->count = 0;
    for (size_t i = seen->first; i < seen->used; i++) {
        struct seen_slot *slot = &seen->slots[find(seen, seen->items[i].id)];
        seen->count += is_empty(slot);
        *slot = (struct seen_slot){seen->items[i].id, seen->items[i].at};
    }
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

bool seen_has(const struct seen *seen, struct hash128 id, msec_t now)
{
    const struct seen_slot *slot = seen->cap ? &seen->slots[find(seen, id)] : NULL;
    return slot && !is_empty(slot) && slot->at >= now - seen->window;
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
    struct seen_slot *slot = &seen->slots[find(seen, id)];
    if (!is_empty(slot) && slot->at >= now - seen->window)
        return false;
    seen->count += is_empty(slot);
    *slot = (struct seen_slot){id, now};
    ARRAY_GROW(seen->items, seen->used, seen->items_cap);
    seen->items[seen->used++] = (struct seen_item){id, now};
    return true;
}
