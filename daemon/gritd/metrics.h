/* metrics.h: what the daemon counts for GET /metrics besides what its parts count themselves.
 * Layer: gritd. Nothing here tells of a person. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/intent.h"
#include "io/histogram.h"
#include "wire/result.h"

enum { METRICS_OUTCOMES = 6, METRICS_GATES = 48, METRICS_RESULTS = CHAT_UNREADABLE + 1 };

struct metrics {
    uint64_t outcomes[METRICS_OUTCOMES];
    struct {
        char *gate; /* as the core calls it */
        uint64_t count;
    } stops[METRICS_GATES];
    uint64_t results[METRICS_RESULTS];
    uint64_t lookups, watchdog;
    struct histogram busy;
    uint64_t turn_ns, idle_ns; /* when the last turn ended, and what it had slept until then */
};

/* One value of a figure that every source of events has; `outcome` NULL: it has no such label. */
typedef void (*metrics_put)(void *user, const char *intake, const char *outcome, double value);

void metrics_decision(struct metrics *metrics, const struct decision *decision);
void metrics_done(struct metrics *metrics);
