#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

struct map_slot {
    uint64_t hash;
    const char *key; /* NULL: never used; `removed`: used once, its key may be freed by now */
    void *value;
};

static const char removed[] = "";

void map_done(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}

static struct map_slot *find(const struct map *map, const char *key, uint64_t hash)
{
    size_t mask = map->cap - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct map_slot *slot = &map->slots[i];
        if (!slot->key ||
            (slot->key != removed && slot->hash == hash && strcmp(slot->key, key) == 0))
            return slot;
    }
}

static void rehash(struct map *map, size_t cap)
{
    struct map_slot *old = map->slots;
    size_t old_cap = map->cap;
    map->slots = NEW_ARRAY(struct map_slot, cap);
    map->cap = cap;
    map->used = map->count;
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i].value)
            *find(map, old[i].key, old[i].hash) = old[i];
    }
    free(old);
}

static void make_room(struct map *map)
{
    size_t cap = map->cap ? map->cap : 16;
    if (map->used * 4 < map->cap * 3)
        return;
    while (cap < map->count * 2 + 2)
        cap *= 2;
    rehash(map, cap);
}

void map_set(struct map *map, const char *key, void *value)
{
    make_room(map);
    uint64_t hash = hash_quick(key);
    struct map_slot *slot = find(map, key, hash);
    if (!slot->key && !value)
        return;
    if (!slot->key)
        map->used++;
    map->count += !slot->value;
    map->count -= !value;
    *slot = (struct map_slot){.hash = hash, .key = value ? key : removed, .value = value};
}

void *map_add(struct map *map, const char *key, uint64_t hash, void *value)
{
    make_room(map);
    struct map_slot *slot = find(map, key, hash);
    if (slot->key)
        return slot->value;
    map->used++;
    map->count++;
    *slot = (struct map_slot){.hash = hash, .key = key, .value = value};
    return NULL;
}

void map_remove(struct map *map, uint64_t hash, const void *value)
{
    for (size_t i = hash & (map->cap - 1); map->slots[i].key; i = (i + 1) & (map->cap - 1)) {
        if (map->slots[i].hash != hash || map->slots[i].value != value)
            continue;
        map->slots[i] = (struct map_slot){.hash = hash, .key = removed};
        map->count--;
        return;
    }
}

void *map_get(const struct map *map, const char *key)
{
    return map->cap && key ? find(map, key, hash_quick(key))->value : NULL;
}

void map_expect(const struct map *map, uint64_t hash)
{
    if (map->cap)
        __builtin_prefetch(&map->slots[hash & (map->cap - 1)]);
}

void *map_guess(const struct map *map, uint64_t hash)
{
    if (!map->cap)
        return NULL;
    for (size_t i = hash & (map->cap - 1);; i = (i + 1) & (map->cap - 1)) {
        const struct map_slot *slot = &map->slots[i];
        if (!slot->key || (slot->value && slot->hash == hash))
            return slot->value;
    }
}
