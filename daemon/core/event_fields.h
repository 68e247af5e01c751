/* event_fields.h: the table of an event's own fields: copying, storing and reading them by name.
 * Layer: core (pure). */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "core/event.h"

/* A deep copy in one heap block; free() it. */
struct event *event_dup(const struct event *event);

/* An event in about a third of the room, for millions of them; only what it says is kept. */
struct event_packed {
    msec_t time;
    struct hash128 key;
    const char *bytes; /* in the arena it was packed into */
};

struct event_packed event_pack(const struct event *event, struct arena *arena);
/* The texts of *ret are those of the packed event, and live as long. */
void event_unpack(const struct event_packed *packed, struct event *ret);

/* JSON of every field that is set (the core's own form, not CloudEvents), and back. The decoded
 * text lives in the arena. Errors: -EINVAL. */
void event_encode(const struct event *event, struct strbuf *out);
int event_decode(const char *json, struct arena *arena, struct err *err, struct event *ret);
