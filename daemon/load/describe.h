/* describe.h: help lines for what is not a key: events, fields, gates, filters, check codes.
 * Layer: load (pure). `gritctl explain` and the manual show them; a test compares them with the
 * code. */
#pragma once
#include <stddef.h>

#include "core/event.h"
#include "core/value.h"

struct description {
    const char *name;
    const char *help;
    const char
        *more; /* events: the names of their fields; fields and filters: an example; or NULL */
};

/* NULL past the end of each. */
const struct description *describe_event(size_t index); /* those that rules may name */
const struct description *describe_field(size_t index); /* in the order of the table of fields */
const struct description *describe_gate(size_t index);  /* in the order in which they are asked */
const struct description *describe_note(size_t index);  /* gates of decisions outside that order */
const struct description *describe_outcome(size_t index); /* what becomes of a decision */
const struct description *describe_filter(size_t index);  /* of texts */
const struct description *describe_code(size_t index);    /* what check finds */
