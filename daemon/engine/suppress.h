/* suppress.h: which groups of a table are too small to be shown.
 * Layer: engine (pure). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SUPPRESS_LEAST = 5 }; /* people; a smaller group's figures are figures of people */

/* Groups that have nobody in common, with so many people each. Hidden are those with fewer than
 * SUPPRESS_LEAST. Where the sum of all groups is known, what is hidden must not come out as the
 * difference: at least two groups are hidden then, with SUPPRESS_LEAST people between them; the
 * smallest ones that are left give way. A group without anybody hides nothing and is shown.
 *
 * Returns true when the sum must not be shown either.
 * Source: complementary cell suppression, Hundepool et al., "Statistical Disclosure Control", 2012,
 * 4.2. */
bool suppress_groups(const int64_t *people, size_t count, bool sum_known, bool *ret_hidden);

/* A group on its own. */
static inline bool suppress_one(int64_t people)
{
    return people > 0 && people < SUPPRESS_LEAST;
}
