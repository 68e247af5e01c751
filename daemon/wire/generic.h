/* generic.h: events from senders that know Standard Webhooks but not CloudEvents.
 * Layer: wire (pure).
 * Source: Standard Webhooks specification, "Webhook structure": {"type", "timestamp", "data"}. */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "core/event.h"

/* {"type": "deal.won", "timestamp": "2026-11-23T15:04:05Z", "data": {"deal": {"id": "D1"}}}, data
 * as in the event schema. `id` (the webhook-id header) or a member "id" makes a repeated delivery
 * the same event; "repid" or data.rep names the rep; the subject follows from the data. A whole
 * CloudEvent is taken as it is. source is "/intake/NAME".
 *
 * Owns:   text of *ret lives in the arena.
 * Errors: -EINVAL naming the member. */
int generic_parse(const char *intake, const char *id, const char *body, size_t length,
                  struct arena *arena, struct err *err, struct event *ret);
