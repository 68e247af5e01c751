#include "io/chat_rate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { RATE_MAP_FIRST = 64 };

struct rate_slot {
    struct hash128 name; /* 128 bits do not collide by chance */
    struct rate rate;
    bool used;
};

static struct hash128 hash_of(const char *name)
{
    return hash_bytes(0, name, strlen(name));
}

void rate_init(struct rate *rate, int64_t per_minute, int64_t burst)
{
    *rate = (struct rate){.blocked_ms = INT64_MIN, .full_us = INT64_MIN / 2};
    if (per_minute > 0) {
        rate->interval_us = 60000000 / per_minute;
        rate->slack_us = (burst > 1 ? burst - 1 : 0) * rate->interval_us;
    }
}

int64_t rate_wait_ms(const struct rate *rate, int64_t now_ms)
{
    int64_t wait_ms = rate->blocked_ms > now_ms ? rate->blocked_ms - now_ms : 0;
    if (rate->interval_us > 0 && rate->full_us - rate->slack_us > now_ms * 1000) {
        int64_t own_ms = (rate->full_us - rate->slack_us - now_ms * 1000 + 999) / 1000;
        wait_ms = own_ms > wait_ms ? own_ms : wait_ms;
    }
    return wait_ms;
}

void rate_take(struct rate *rate, int64_t now_ms)
{
    int64_t from = rate->full_us > now_ms * 1000 ? rate->full_us : now_ms * 1000;
    if (rate->interval_us > 0)
        rate->full_us = from + rate->interval_us;
}

void rate_block(struct rate *rate, int64_t until_ms)
{
    if (until_ms > rate->blocked_ms)
        rate->blocked_ms = until_ms;
}

size_t rate_room(const struct rate *rate, int64_t now_ms, size_t most)
{
    if (rate_wait_ms(rate, now_ms) > 0)
        return 0;
    if (rate->interval_us == 0)
        return most;
    int64_t from = rate->full_us > now_ms * 1000 ? rate->full_us : now_ms * 1000;
    size_t room = (size_t)((now_ms * 1000 + rate->slack_us - from) / rate->interval_us) + 1;
    return room < most ? room : most;
}

void rate_map_init(struct rate_map *map, int64_t per_minute, int64_t burst)
{
    *map = (struct rate_map){.per_minute = per_minute, .burst = burst};
}

void rate_map_done(struct rate_map *map)
{
    free(map->slots);
    map->slots = NULL;
    map->capacity = map->used = 0;
}

/* The slot of the name, or the free one where it belongs. */
static struct rate_slot *probe(const struct rate_map *map, struct hash128 name)
{
    for (size_t i = name.a;; i++) {
        struct rate_slot *slot = &map->slots[i & (map->capacity - 1)];
        if (!slot->used || hash128_eq(slot->name, name))
            return slot;
    }
}

/* Leaves out those that are as if never used, and makes the table larger if many remain. */
static void rebuild(struct rate_map *map, int64_t now_ms)
{
    struct rate_map old = *map;
    size_t live = 0;
    for (size_t i = 0; i < old.capacity; i++)
        live += old.slots[i].used && old.slots[i].rate.full_us > now_ms * 1000;
    map->capacity = RATE_MAP_FIRST;
    while (map->capacity < live * 4)
        map->capacity *= 2;
    map->slots = NEW_ARRAY(struct rate_slot, map->capacity);
    map->used = live;
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].used && old.slots[i].rate.full_us > now_ms * 1000)
            *probe(map, old.slots[i].name) = old.slots[i];
    }
    free(old.slots);
}

int64_t rate_map_wait_ms(const struct rate_map *map, const char *name, int64_t now_ms)
{
    if (map->capacity == 0)
        return 0;
    const struct rate_slot *slot = probe(map, hash_of(name));
    return slot->used ? rate_wait_ms(&slot->rate, now_ms) : 0;
}

void rate_map_take(struct rate_map *map, const char *name, int64_t now_ms)
{
    if (map->per_minute <= 0)
        return;
    if ((map->used + 1) * 2 > map->capacity)
        rebuild(map, now_ms);
    struct hash128 hash = hash_of(name);
    struct rate_slot *slot = probe(map, hash);
    if (!slot->used) {
        slot->used = true;
        slot->name = hash;
        rate_init(&slot->rate, map->per_minute, map->burst);
        map->used++;
    }
    rate_take(&slot->rate, now_ms);
}
