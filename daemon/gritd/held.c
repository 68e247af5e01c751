#include "gritd/held.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/event_fields.h"

bool held_add(struct held *held, const struct event *event)
{
    if (held->count == HELD_MAX)
        return false;
    ARRAY_GROW(held->list, held->count, held->cap);
    held->list[held->count++] = event_dup(event);
    return true;
}

bool held_offer(struct held *held, bool (*take)(void *user, const struct event *event), void *user)
{
    size_t taken = 0;
    while (taken < held->count && take(user, held->list[taken]))
        free(held->list[taken++]);
    held->count -= taken;
    if (held->count)
        memmove(held->list, held->list + taken, held->count * sizeof(*held->list));
    return held->count == 0;
}

void held_done(struct held *held)
{
    for (size_t i = 0; i < held->count; i++)
        free(held->list[i]);
    free(held->list);
    *held = (struct held){0};
}
