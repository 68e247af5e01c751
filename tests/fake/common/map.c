#include "map.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

enum { SLOT_NEVER, SLOT_TAKEN, SLOT_REMOVED };

static uint32_t hash_text(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h ^ h >> 15;
}

static struct map_slot *find(const struct map *m, const char *key, uint32_t hash)
{
    if (m->cap == 0)
        return NULL;
    for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        struct map_slot *s = &m->slots[i];
        if (s->used == SLOT_NEVER)
            return NULL;
        if (s->used == SLOT_TAKEN && s->hash == hash && strcmp(s->key, key) == 0)
            return s;
    }
}

static void place(struct map *m, struct map_slot slot)
{
    size_t i = slot.hash & (m->cap - 1);
    while (m->slots[i].used == SLOT_TAKEN)
        i = (i + 1) & (m->cap - 1);
    if (m->slots[i].used == SLOT_NEVER)
        m->filled++;
    m->slots[i] = slot;
    m->live++;
}

static void grow(struct map *m)
{
    struct map old = *m;

    /* Removed slots count as filled; sizing by what is alive lets a busy map clean itself. */
    m->cap = 64;
    while (m->cap < old.live * 3)
        m->cap *= 2;
    m->slots = util_alloc(m->cap * sizeof *m->slots);
    m->live = m->filled = 0;
    for (size_t i = 0; i < old.cap; i++) {
        if (old.slots[i].used == SLOT_TAKEN)
            place(m, old.slots[i]);
    }
    free(old.slots);
}

void *map_get(const struct map *m, const char *key)
{
    struct map_slot *s = find(m, key, hash_text(key));
    return s ? s->value : NULL;
}

void *map_put(struct map *m, const char *key, void *value)
{
    uint32_t hash = hash_text(key);
    struct map_slot *s = find(m, key, hash);

    if (s) {
        void *before = s->value;
        s->value = value;
        return before;
    }
    if (m->filled * 4 >= m->cap * 3)
        grow(m);
    place(m, (struct map_slot){util_dup(key), value, hash, SLOT_TAKEN});
    return NULL;
}

void *map_del(struct map *m, const char *key)
{
    struct map_slot *s = find(m, key, hash_text(key));

    if (!s)
        return NULL;
    free(s->key);
    s->key = NULL;
    s->used = SLOT_REMOVED;
    m->live--;
    return s->value;
}

struct map_slot *map_next(const struct map *m, size_t *pos)
{
    while (*pos < m->cap) {
        struct map_slot *s = &m->slots[(*pos)++];
        if (s->used == SLOT_TAKEN)
            return s;
    }
    return NULL;
}

void map_done(struct map *m, void (*free_value)(void *))
{
    size_t pos = 0;

    for (struct map_slot *s; (s = map_next(m, &pos));) {
        free(s->key);
        if (free_value)
            free_value(s->value);
    }
    free(m->slots);
    *m = (struct map){0};
}
