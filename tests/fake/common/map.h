/* map.h: text to pointer. Keys are copied, values belong to the caller. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    char *key; /* NULL: free or removed */
    void *value;
    uint32_t hash;
    uint8_t used; /* 0 never, 1 taken, 2 removed */
};

struct map {
    struct map_slot *slots;
    size_t cap, live, filled;
};

void *map_get(const struct map *m, const char *key);
/* Replaces the value of a known key; returns the value before, or NULL. */
void *map_put(struct map *m, const char *key, void *value);
/* Returns the value, NULL if the key was not there. */
void *map_del(struct map *m, const char *key);
/* Start with *pos = 0; returns the next taken slot or NULL at the end. */
struct map_slot *map_next(const struct map *m, size_t *pos);
/* free_value may be NULL. */
void map_done(struct map *m, void (*free_value)(void *));
