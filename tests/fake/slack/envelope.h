/* envelope.h: events, interactions and commands on their way to the app, and their acks.
 * Lifetime: until acked or given up. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"

enum { ENVELOPE_ACK_LIMIT_BYTES = 20480, ENVELOPE_LATE_MS = 3000, ENVELOPE_RETRIES = 3 };

struct fake;

struct envelopes {
    struct map ids; /* every id ever sent, to struct seen */
    struct envelope *first;
    struct later_dup *dups;
    size_t waiting;
};

/* Told once: ack is the payload of the answer (borrowed, {} when none was sent), NULL when nobody
 * answered in time or the fake was reset. */
struct envelope_wait {
    void (*done)(void *arg, const json_t *ack, int64_t ms);
    void *arg;
};

/* Sends payload (taken over) in an envelope. False: no socket is open and, not being an event, it
 * is lost; w is not called then. Events wait for the next socket. w may be NULL. */
bool envelope_new(struct fake *f, const char *type, json_t *payload, const struct envelope_wait *w);
/* Wraps an inner event (taken over) as events_api. ret_event_id may be NULL. */
void envelope_event(struct fake *f, json_t *event, char ret_event_id[24],
                    const struct envelope_wait *w);
/* A frame as the test wrote it; envelopes in it are watched for their ack. which as sock_pick. */
bool envelope_raw(struct fake *f, const char *text, size_t len, const char *which);
/* A text frame from the app. */
void envelope_ack(struct fake *f, const char *text, size_t len);
/* A socket came up: what waited goes out. */
void envelope_flush(struct fake *f);
void envelope_drop_all(struct fake *f);
