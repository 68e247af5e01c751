/* unblanked.h: what an erasure could not reach on the chat platform.
 * Layer: core (pure). */
#pragma once
#include "core/core.h"

/* Tells a person that `left` messages to or about her could not be blanked after the wish of that
 * moment, and what can be done. Once for each wish; nobody for an id that is not known. */
void core_tell_unblanked(struct core *core, const char *id, size_t left, msec_t wish,
                         struct step *step);
