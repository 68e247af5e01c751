/* compose.h: picking a wording. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* Where the rotation of `count` wordings begins for this rule and person: a different start for
 * each person, one step further with each message, so that nobody hears one twice before all were
 * used. */
int compose_start(const struct core *core, const struct rule *rule, const struct scope *scope,
                  int count);

/* The first wording from `start` on whose names all have a value; NULL when none has.
 * *ret_variant is its index. */
const char *compose_pick(const struct scope *scope, struct text *const *texts, int count, int start,
                         int *ret_variant);
