/* explain.h: "why not?": what was kept from a person lately, and what came close.
 * Layer: engine (pure). Depends on: core, store. */
#pragma once
#include "core/core.h"
#include "engine/store.h"

/* The answer to a person who asked why nothing came: the newest decisions not to speak to them,
 * each with its reason and what would have changed it, and rules that an event of the last hours
 * nearly woke. Only what would have gone to that person; not yet committed decisions are not in it.
 *
 * Blocks:  for a read of the store; it is asked rarely.
 * Returns: text in the arena; a sentence also when the store cannot be read. */
const char *explain_why_not(const struct core *core, struct store *store, const char *person,
                            msec_t now, struct arena *arena);
