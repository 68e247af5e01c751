/* generic.h: events from senders without a form of their own: scripts, automation tools, and any
 * JSON that the configuration maps.
 * Layer: wire (pure).
 * Source: protocols, crm-events, 8; Standard Webhooks, "Webhook structure". */
#pragma once
#include "wire/crm.h"

enum { GENERIC_EVENTS_MAX = 1000, GENERIC_REPEAT_MINUTES = 10 };

/* One event, or a list of them, in any of these forms:
 *
 * - as the intake's `map:` says, where it has one;
 * - a whole CloudEvent;
 * - Standard Webhooks' {"type", "timestamp", "data": {...}}, with "repid";
 * - flat: {"type": "deal.won", "id", "time", "rep", "deal": {"id", ...}, ...}: the members of
 * `data` beside the others; values may be texts, as forms have them. `time` absent means now.
 *
 * A form (application/x-www-form-urlencoded) is the flat one, "deal.id" or "deal__id" for members
 * of the deal. Without an id the header webhook-id is one, else the hash of the body: the same
 * bytes within ten minutes are the same event. source is "/intake/NAME". Types that gritd does not
 * know are counted in out->ignored.
 *
 * Owns:   text of the events lives in out->arena.
 * Errors: as crm->parse, naming the member. */
int generic_read(const struct crm_request *request, struct crm_out *out, struct err *err);
