/* result.h: where a message stands on a platform, and what became of sending it.
 * Layer: wire (pure). Source: the delivery design: proof, no proof, look-up. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/msec.h"

enum chat_outcome {
    CHAT_SENT,       /* proof: channel and id of the message */
    CHAT_RETRY,      /* proof that nothing was done; try again after retry_after_ms */
    CHAT_REJECTED,   /* proof that nothing was done, and never will be */
    CHAT_UNKNOWN,    /* it may or may not have arrived */
    CHAT_FOUND,      /* look-up: it is there; channel and id */
    CHAT_MISSING,    /* look-up: the history was read and it is not there */
    CHAT_UNREADABLE, /* look-up: the history could not be read */
};

struct chat_result {
    const char *key; /* of the message */
    enum chat_outcome outcome;
    const char *channel, *platform_id;
    const char *error;     /* the platform's word, for logs and status; or NULL */
    msec_t retry_after_ms; /* CHAT_RETRY, CHAT_UNREADABLE; 0: the engine's own back-off */
    bool more;             /* of a look-up for several messages: not its last result */
};

/* Where a message stands or goes on the platform. */
struct chat_place {
    const char *user;        /* the platform's id of the person, or of a team's channel */
    const char *channel;     /* known from an earlier send, or NULL */
    const char *platform_id; /* UPDATE: the message to change */
    const char **members;    /* of a team, for platforms that have no channels; else NULL */
    size_t member_count;
};
