/* ports.h: what the engine asks of a chat connection, and what it is told; io implements it.
 * Layer: engine (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"
#include "core/message.h"
#include "wire/result.h"

struct chat_port {
    void *self;
    /* How many sends it would start now; 0 while not connected or waiting for a rate limit. */
    size_t (*room)(void *self);
    /* Starts one request; exactly one result follows, on the loop, never from inside this call. */
    void (*send)(void *self, const struct message *message, const struct chat_place *place);
    /* Looks for messages of one place, none of them sent before `sent_at`; a result for each key
     * follows as with send. */
    void (*lookup)(void *self, const char *const *keys, size_t count,
                   const struct chat_place *place, msec_t sent_at);
};
