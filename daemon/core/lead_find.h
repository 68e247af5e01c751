/* lead_find.h: one of the reports, by what the manager calls them. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/command.h"
#include "core/ledger.h"

/* By id, whole name or first name; NULL: nobody, or *ret_several of that name. */
struct person *lead_find(const struct said *said, const char *words, size_t *ret_several);
/* The same, with a kind reply where there is nobody to go on with; `how`: to empty words. */
struct person *lead_find_or_reply(const struct said *said, const char *words, const char *how);
