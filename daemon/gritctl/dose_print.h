/* dose_print.h: the most that one person can get, as `check` says it.
 * Layer: commands. */
#pragma once
#include <stdbool.h>

#include "core/rule.h"

/* Nothing where the book is NULL or has no rules. */
void dose_print(const struct book *book, bool json);
