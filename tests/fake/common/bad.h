/* bad.h: the answers that a rule of faults.h asks for instead of a good one. */
#pragma once
#include <stdbool.h>

#include "buf.h"
#include "faults.h"

struct conn;

/* The platform's way to say that there were too many requests. */
struct bad_limited {
    const char *type, *body;
};

/* Answers the request in hand as the rule says, good being the answer it would have had. Returns
 * false, with nothing done, when the kind is none of these: then it is one of the platform's own
 * error names. */
bool bad_answer(struct conn *c, const struct fault *bad, const struct buf *good,
                const struct bad_limited *limited);
