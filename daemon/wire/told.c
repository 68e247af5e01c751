#include "wire/told.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { PEOPLE_MAX = 100000 /* who was not kept is read again with the next listing */ };

struct told_one {
    struct told_one *next;
    int64_t number;
    char id[];
};

void told_done(struct told *told)
{
    map_done(&told->people);
    while (told->list) {
        struct told_one *one = told->list;
        told->list = one->next;
        free(one);
    }
    *told = (struct told){0};
}

void told_add(struct told *told, const char *id)
{
    struct told_one *one = map_get(&told->people, id);
    if (!one && told->people.count < PEOPLE_MAX) {
        size_t size = strlen(id) + 1;
        one = xcalloc(1, sizeof(*one) + size);
        memcpy(one->id, id, size);
        one->next = told->list;
        told->list = one;
        map_set(&told->people, one->id, one);
    }
    told->count++;
    if (one)
        one->number = told->count;
}

const char *told_mark(const struct told *told, struct arena *arena)
{
    return arena_printf(arena, "%lld", (long long)told->count);
}

bool told_since(const struct told *told, const char *id, const char *mark)
{
    const struct told_one *one = map_get(&told->people, id);
    int64_t number = 0;
    if (mark)
        (void)str_to_i64(mark, &number); /* our own text */
    return one && one->number > number;
}
