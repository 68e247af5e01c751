/* seen.h: ids that were seen in a sliding window of time: of events (72 h), of messages.
 * Layer: engine (pure). */
#pragma once
#include <stdbool.h>

#include "base/hash.h"
#include "base/msec.h"

/* So long an event is known by its source and id. */
#define SEEN_WINDOW (72 * MSEC_HOUR)

struct seen_slot;

struct seen {
    struct seen_slot *slots; /* open addressing */
    size_t count, cap;
    struct seen_item {
        struct hash128 id;
        msec_t at;
    } * items; /* in order of arrival, for forgetting */
    size_t first, used, items_cap;
    msec_t window;
};

void seen_init(struct seen *seen, msec_t window);

void seen_done(struct seen *seen);

/* True when the id was seen in the window that ends now. */
bool seen_has(const struct seen *seen, struct hash128 id, msec_t now);

/* Fetches from memory what the two others will look at; a hint. */
void seen_expect(const struct seen *seen, struct hash128 id);

/* True when the id is new in the window that ends now; it is remembered then. */
bool seen_add(struct seen *seen, struct hash128 id, msec_t now);
