/* book_diff.h: what an edit changed, rule by rule.
 * Layer: core (pure). */
#pragma once
#include "core/rule.h"

enum rule_change { RULE_ADDED, RULE_CHANGED, RULE_REMOVED };

/* Calls visit for each rule that differs, in the order of ids. `rule` is of the new book, of a
 * removed one of the old. */
void book_diff(const struct book *before, const struct book *after,
               void (*visit)(void *user, enum rule_change change, const struct rule *rule),
               void *user);
