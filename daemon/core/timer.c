#include "core/timer.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "base/str.h"

/* Of a place. The four stand side by side in memory: half the steps of a heap with two. */
enum { CHILDREN = 4 };

void timers_done(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static bool before(const struct timer_place *a, const struct timer_place *b)
{
    if (a->due != b->due)
        return a->due < b->due;
    if (a->timer->kind != b->timer->kind)
        return a->timer->kind < b->timer->kind;
    return str_cmp(a->timer->key, b->timer->key) < 0;
}

static void put(struct timers *timers, struct timer_place one, size_t place)
{
    timers->heap[place - 1] = one;
    one.timer->place = place;
}

/* Places count from 1. */
static size_t parent_of(size_t place)
{
    return (place - 2) / CHILDREN + 1;
}

static size_t first_child(size_t place)
{
    return (place - 1) * CHILDREN + 2;
}

static void rise(struct timers *timers, struct timer_place one)
{
    size_t i = one.timer->place;
    for (; i > 1 && before(&one, &timers->heap[parent_of(i) - 1]); i = parent_of(i))
        put(timers, timers->heap[parent_of(i) - 1], i);
    put(timers, one, i);
}

static size_t least_child(const struct timers *timers, size_t place)
{
    size_t least = first_child(place), end = least + CHILDREN;
    for (size_t i = least + 1; i < end && i <= timers->count; i++)
        least = before(&timers->heap[i - 1], &timers->heap[least - 1]) ? i : least;
    return least;
}

static void sink(struct timers *timers, struct timer_place one)
{
    size_t i = one.timer->place;
    while (first_child(i) <= timers->count) {
        size_t child = least_child(timers, i);
        if (!before(&timers->heap[child - 1], &one))
            break;
        put(timers, timers->heap[child - 1], i);
        i = child;
    }
    put(timers, one, i);
}

void timer_clear(struct timers *timers, struct timer *timer)
{
    size_t hole = timer->place;
    if (!hole)
        return;
    timer->place = 0;
    struct timer_place last = timers->heap[--timers->count];
    if (last.timer == timer)
        return;
    put(timers, last, hole);
    rise(timers, last);
    sink(timers, last);
}

void timer_set(struct timers *timers, struct timer *timer, msec_t due)
{
    timer_clear(timers, timer);
    timer->due = due;
    if (due == MSEC_NEVER)
        return;
    ARRAY_GROW(timers->heap, timers->count, timers->cap);
    struct timer_place one = {due, timer};
    put(timers, one, ++timers->count);
    rise(timers, one);
}

struct timer *timers_first(const struct timers *timers)
{
    return timers->count ? timers->heap[0].timer : NULL;
}
