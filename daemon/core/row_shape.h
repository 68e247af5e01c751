/* row_shape.h: what a stored row must have before it is read.
 * Layer: core (pure). Depends on: jansson. */
#pragma once
#include <jansson.h>

#include "base/err.h"

/* A row that gritd wrote always fits. One that was changed by somebody else, or by a broken disk,
 * is refused by name instead of being believed: what is missing, or no number that it can be.
 * `kind` is one of enum state_kind.
 *
 * Errors: -EINVAL with kind, key and member. */
int row_shape_check(int kind, const char *key, const json_t *root, struct err *err);
