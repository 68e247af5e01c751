#include "engine/store_memory_index.h"

#include "base/alloc.h"

void store_index_done(struct store_index *index)
{
    free(index->slots);
    *index = (struct store_index){0};
}

static void put(struct store_index *index, struct store_index_slot slot)
{
    size_t at = slot.hash & (index->size - 1);
    while (index->slots[at].place)
        at = (at + 1) & (index->size - 1);
    index->slots[at] = slot;
}

void store_index_add(struct store_index *index, uint64_t hash, size_t place)
{
    if (index->count * 2 >= index->size) {
        struct store_index old = *index;
        index->size = old.size ? old.size * 2 : 16;
        index->slots = NEW_ARRAY(struct store_index_slot, index->size);
        for (size_t i = 0; i < old.size; i++) {
            if (old.slots[i].place)
                put(index, old.slots[i]);
        }
        free(old.slots);
    }
    put(index, (struct store_index_slot){hash, place + 1});
    index->count++;
}

struct store_index_slot *store_index_find(const struct store_index *index, const void *user,
                                          uint64_t hash, store_index_match match, const void *key)
{
    if (!index->size)
        return NULL;
    size_t mask = index->size - 1;
    for (size_t at = hash & mask; index->slots[at].place; at = (at + 1) & mask) {
        struct store_index_slot *slot = &index->slots[at];
        if (slot->hash == hash && match(user, slot->place - 1, key))
            return slot;
    }
    return NULL;
}

/* Closes the gap by moving later slots of the same run back, so that no tombstones pile up. */
void store_index_remove(struct store_index *index, struct store_index_slot *slot)
{
    size_t mask = index->size - 1, gap = (size_t)(slot - index->slots);
    for (size_t at = (gap + 1) & mask; index->slots[at].place; at = (at + 1) & mask) {
        size_t home = index->slots[at].hash & mask;
        if (((at - home) & mask) >= ((at - gap) & mask)) {
            index->slots[gap] = index->slots[at];
            gap = at;
        }
    }
    index->slots[gap] = (struct store_index_slot){0};
    index->count--;
}

static bool is_place(const void *user, size_t place, const void *key)
{
    (void)user; /* the callback's shape */
    return place == *(const size_t *)key;
}

void store_index_move(struct store_index *index, uint64_t hash, size_t from, size_t to)
{
    store_index_find(index, NULL, hash, is_place, &from)->place = to + 1;
}
