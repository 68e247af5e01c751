/* event_shape.h: values as people and other programs write them, made into those that an event has.
 * Layer: wire (pure). */
#pragma once
#include "wire/event_schema.h"

/* Walks `data` by the schema of the type and changes, in place, what can be read in one way only:
 * numbers where texts belong (ids), texts where numbers, flags and words belong (form fields), a
 * stage as one word, times as seconds or milliseconds. Members that are null or empty go. What
 * cannot be read so stays and is refused later, with its name. */
void event_shape(struct arena *arena, enum event_type type, struct jtree *data);

/* One instant, the same way. */
void event_shape_time(struct arena *arena, struct jtree *node);
