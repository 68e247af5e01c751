/* held.h: events of the chat that cannot be taken yet, in the order they came in.
 * Layer: gritd. Lifetime: process.
 *
 * While somebody is erased, or with too much uncommitted, the engine takes nothing. What the
 * platform delivers again needs no more than that its ack is dropped; the rest waits here. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"

enum { HELD_MAX = 4096 };

struct held {
    struct event **list;
    size_t count, cap;
};

/* Takes a copy. False: HELD_MAX wait already, and this one is lost. */
bool held_add(struct held *held, const struct event *event);
/* Offers each in turn, until one is not taken. True: none is left. */
bool held_offer(struct held *held, bool (*take)(void *user, const struct event *event), void *user);
void held_done(struct held *held);
