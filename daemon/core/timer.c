#include "core/timer.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "base/str.h"

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

static void rise(struct timers *timers, struct timer_place one)
{
    size_t i = one.timer->place;
    for (; i > 1 && before(&one, &timers->heap[i / 2 - 1]); i /= 2)
        put(timers, timers->heap[i / 2 - 1], i);
    put(timers, one, i);
}

static void sink(struct timers *timers, struct timer_place one)
{
    size_t i = one.timer->place;
    for (;;) {
        size_t child = i * 2;
        if (child > timers->count)
            break;
        if (child < timers->count && before(&timers->heap[child], &timers->heap[child - 1]))
            child++;
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
