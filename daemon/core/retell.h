/* retell.h: sentences that were kept in English, said to their reader.
 * Layer: core (pure). */
#pragma once
#include "core/speech.h"

/* A reason of the decision log (phrases_reasons.h, phrases_remedies.h), with its values, in the
 * words of this reader. What is of another kind comes back as it is. `person` is an id; `kept` may
 * be NULL. */
const char *retell(const struct core *core, const char *person, const char *kept,
                   struct arena *arena);
