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

/* Where the events come from, one after the other; false: there are no more. Their texts may lie in
 * `arena`, which is empty. */
struct simulate_source {
    bool (*next)(void *user, struct arena *arena, struct event *ret);
    void *user;
};

/* Plays events as they come, which must be by (time, id); repeated ones are dropped.
 * Errors: false, they were not in that order: what was told until then counts for nothing. */
bool simulate_stream(const struct simulate_options *options, const struct simulate_source *source,
                     struct simulate_result *ret);

struct simulate_pile {
    struct event_packed *events;
    size_t count, at;
};

/* Events in any order as a source; the array is reordered. */
struct simulate_source simulate_sorted(struct simulate_pile *pile);

/* Plays events that come in any order; the array is reordered. */
void simulate_run(const struct simulate_options *options, struct event_packed *events, size_t count,
                  struct simulate_result *ret);
