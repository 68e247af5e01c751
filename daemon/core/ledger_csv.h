/* ledger_csv.h: what managers did for their teams, as a table for people to read.
 * Layer: core (pure). */
#pragma once
#include "core/core.h"

/* Appends comma-separated values with a head line: what was held, or else planned, in [from,
 * until), in order of time. */
void core_ledger_csv(const struct core *core, msec_t from, msec_t until, struct strbuf *out);
