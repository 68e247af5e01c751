/* because.h: what led to a message, in words. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* It fits behind "You got this because". */
const char *because(const struct scope *scope, const struct candidate *c);
