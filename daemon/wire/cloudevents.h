/* cloudevents.h: CloudEvents 1.0 in JSON to struct event and back.
 * Layer: wire (pure). Lifetime: what is read points into the caller's arena.
 * Source: CloudEvents 1.0.2, JSON event format and HTTP protocol binding; grit-event.schema.json.
 *
 * Known types are held to the schema: required members, forms, words and lengths; members that an
 * object does not have are refused where the schema closes it (deal, stage, money, the event
 * itself) and skipped where it does not (data, origin). Any other type is EVENT_OTHER with
 * type_name as received, its data unread and its subject optional; its time is still needed.
 *
 * What becomes of members: amounts are minor units (deal.value wins over deal.amount); a stage is
 * its canonical id, or the CRM's own word where that is "unmapped"; rep is repid, else the
 * subject's rep/ID, else deal.owner; a goal's `why` is `reason`, a training's `score` is `actual`;
 * `at` is `time`. Not kept: the origin's actor and change_source, recordedtime, seconds_in_from,
 * labels, extensions. */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/event.h"
#include "wire/header.h"

enum {
    CLOUDEVENTS_BATCH_MAX = 5000, /* events in one batch */
    CLOUDEVENTS_BYTES_MAX = 1 << 20,
    CLOUDEVENTS_HEADERS_MAX = 64, /* ce- headers of one request */
    CLOUDEVENTS_ID_CHARS = 200,
};

enum cloudevents_mode { CLOUDEVENTS_BINARY, CLOUDEVENTS_STRUCTURED, CLOUDEVENTS_BATCH };

/* Told by the media type; case and parameters are not looked at. NULL is BINARY.
 * Source: HTTP protocol binding, 3. */
enum cloudevents_mode cloudevents_mode(const char *content_type);

/* One event in structured mode.
 *
 * Owns:   text of *ret lives in the arena; *ret is untouched on failure.
 * Errors: -EINVAL "data.deal.stage.canonical: 'propse' is not a stage; did you mean 'propose'?",
 *         -E2BIG past a limit. */
int cloudevents_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
                      struct event *ret);

/* The same from a tree, whose text *ret borrows; for importers and connectors that put one
 * together. */
struct jtree;
int cloudevents_read(const struct jtree *root, struct err *err, struct event *ret);

/* A JSON array of events. All are read before the first is handed out, so that a bad one refuses
 * the batch; emit's first value other than 0 stops and is returned. An empty array is fine.
 *
 * Owns:   as cloudevents_parse().
 * Errors: "event 3: data.kind: ...", counted from 1. */
int cloudevents_parse_batch(const char *bytes, size_t length, struct arena *arena, struct err *err,
                            int (*emit)(void *user, const struct event *event), void *user);

/* Binary mode: attributes in ce- headers (others than ce- and Content-Type are skipped), the body
 * is `data`.
 *
 * Source: HTTP protocol binding, 3.1.3.2: double quotes undone, then one round of percent-decoding.
 */
int cloudevents_parse_binary(struct wire_headers headers, const char *body, size_t length,
                             struct arena *arena, struct err *err, struct event *ret);

/* Appends the canonical form, one line without a line end. What cloudevents_parse() accepted reads
 * back to an equal event. */
void cloudevents_encode(const struct event *event, struct strbuf *out);
