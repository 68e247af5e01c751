/* simulate.h: the core under virtual time: events in order, every wake-up at its moment.
 * Layer: engine (pure). The daemon's own core; no store, no chat: what is said counts as sent. */
#pragma once
#include "core/core.h"
#include "core/event_fields.h"

struct simulate_options {
    const struct book *book;
    struct core_options core;
    msec_t from, to;     /* MSEC_NONE: the first event's time; the last one's, plus a day */
    msec_t answer_after; /* each question is answered after so long; 0: never */
    bool counts;         /* decisions are only counted: the gates' reasons are not put into words */
    void (*decided)(void *user, const struct decision *decision);
    void (*said)(void *user, const struct message *message, msec_t at);
    void (*stepped)(void *user, struct core *core, const struct event *event); /* may be NULL */
    void *user;
};

struct simulate_result {
    size_t events, repeated, unknown_types;
    msec_t from, to;
};

/* Sorts the events by (time, id), drops repeated ones, and plays them. The array is reordered. */
void simulate_run(const struct simulate_options *options, struct event_packed *events, size_t count,
                  struct simulate_result *ret);
