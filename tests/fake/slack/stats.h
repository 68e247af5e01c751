/* stats.h: counters for GET /_ctl/stats. */
#pragma once
#include <stdint.h>

#include "buf.h"
#include "map.h"

struct stats {
    int64_t requests; /* Web API calls */
    int64_t posts_stored, limited, faults, held;
    int64_t tickets, tickets_refused, ticket_last_ms, ticket_min_gap_ms; /* gap -1: below two */
    int64_t sockets_opened, sockets_refused, bad_frames, fragmented;
    int64_t pushed, sent, acked, redelivered, dispatch_failed;
    int64_t acks_late, acks_double, acks_unknown, acks_too_big, max_ack_ms;
    int64_t gap_since_ms, max_gap_ms;   /* no socket open; since -1: one is, or none ever was */
    int64_t deaf_since_ms, max_deaf_ms; /* no socket that really delivers */
    struct map keys[2];                 /* metadata.event_payload.k and .key: value to count */
};

struct fake;

void stats_init(struct stats *s);
void stats_done(struct stats *s);
/* Call after each change of the set of sockets. */
void stats_sockets(struct stats *s, int open, int live);
/* Remembers the key of a stored message; metadata may be NULL. */
void stats_key(struct stats *s, const json_t *metadata);
void stats_write(struct fake *f, struct buf *out);
