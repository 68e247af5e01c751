/* health.h: whether the daemon can do its work, and if not, why; looked at every few seconds.
 * Layer: gritd. The sentences are for operators: no secret and nobody's words are in them. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct daemon;

enum {
    HEALTH_LOOK_MS = 5000,
    HEALTH_STUCK_MS = 45000, /* without any progress; probes see it within a minute */
};

struct health {
    const char *told;            /* word of why it was not well when that was logged, or NULL */
    uint64_t ended;              /* messages that had come to their end, when ... */
    uint64_t sends_ms, store_ms; /* ... something moved last; by the loop's clock */
    uint64_t stored;             /* rows that waited for the store then */
};

/* True when all is well; else the first reason is appended to why, which may be NULL. */
bool health_good(const struct daemon *daemon, struct strbuf *why);

/* Every reason there is, by its word; its sentence where it holds, else NULL. */
void health_each(const struct daemon *daemon,
                 void (*visit)(void *user, const char *word, const char *text), void *user);

void health_look(struct daemon *daemon); /* each HEALTH_LOOK_MS; logs what has changed */
