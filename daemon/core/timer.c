#include "core/timer.h"

#include <stdbool.h>

#include "base/alloc.h"
#include "base/str.h"

void timers_done(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static bool before(const struct timer *a, const struct timer *b)
{
    if (a->due != b->due)
        return a->due < b->due;
    if (a->kind != b->kind)
        return a->kind < b->kind;
    return str_cmp(a->key, b->key) < 0;
}

static void put(struct timers *timers, struct timer *timer, size_t place)
{
    timers->heap[place - 1] = timer;
    timer->place = place;
}

static void rise(struct timers *timers, struct timer *timer)
{
    size_t i = timer->place;
    for (; i > 1 && before(timer, timers->heap[i / 2 - 1]); i /= 2)
        put(timers, timers->heap[i / 2 - 1], i);
    put(timers, timer, i);
}

static void sink(struct timers *timers, struct timer *timer)
{
    size_t i = timer->place;
    for (;;) {
        size_t child = i * 2;
        if (child > timers->count)
            break;
        if (child < timers->count && before(timers->heap[child], timers->heap[child - 1]))
            child++;
        if (!before(timers->heap[child - 1], timer))
            break;
        put(timers, timers->heap[child - 1], i);
        i = child;
    }
    put(timers, timer, i);
}

void timer_clear(struct timers *timers, struct timer *timer)
{
    size_t hole = timer->place;
    if (!hole)
        return;
    timer->place = 0;
    struct timer *last = timers->heap[--timers->count];
    if (last == timer)
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
    put(timers, timer, ++timers->count);
    rise(timers, timer);
}

struct timer *timers_first(const struct timers *timers)
{
    return timers->count ? timers->heap[0] : NULL;
}
