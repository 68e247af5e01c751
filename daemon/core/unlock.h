/* unlock.h: what a rule waits for, as a plugin writes it.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "base/msec.h"

struct unlock {
    const char **questions; /* an answer to any of them opens the rule */
    int count;
    msec_t skipped; /* so long after one was skipped or passed over it opens too */
};
