/* timer.h: what is due next: a heap of things that embed a struct timer.
 * Layer: core (pure). Equal times come out in the order of (kind, key), so that a restart and a
 * replay agree. */
#pragma once
#include <stddef.h>

#include "base/msec.h"

enum timer_kind {
    TIMER_SLOT,
    TIMER_PENDING,
    TIMER_PROMPT,
    TIMER_PAIR,
    TIMER_TRIAL,
    TIMER_PLAN,
    TIMER_REQUEST,
    TIMER_DOOR
};

struct timer {
    msec_t due;
    enum timer_kind kind;
    size_t place;    /* in the heap, from 1; 0: not set */
    const char *key; /* borrowed from the thing it is in */
};

/* A place of the heap: when it is due stands beside it, so that most comparisons need not look at
 * the thing itself. */
struct timer_place {
    msec_t due;
    struct timer *timer;
};

struct timers {
    struct timer_place *heap;
    size_t count, cap;
};

void timers_done(struct timers *timers);
void timer_set(struct timers *timers, struct timer *timer, msec_t due); /* MSEC_NEVER clears */
void timer_clear(struct timers *timers, struct timer *timer);
struct timer *timers_first(const struct timers *timers); /* or NULL */
