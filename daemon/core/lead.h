/* lead.h: who leads whom, and what a leader's own week looks like. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/ledger.h"

/* Who is here and reports to this person directly, by name, as a list in the arena: reps, and for
 * a leader managers. */
size_t lead_reports(const struct core *core, const struct person *manager, struct arena *arena,
                    struct person ***ret);
/* One of them: a rep who is coached, or a manager who is led. */
bool lead_is_report(const struct core *core, const struct person *manager,
                    const struct person *person);

/* [from, until) of the local week or month of t; months counted from it, -1: the one before. */
void lead_week(const struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until);
void lead_month(const struct person *person, msec_t t, int months, msec_t *ret_from,
                msec_t *ret_until);

/* rep.leads, rep.seen, rep.one_to_one and coaching.*, for value.c. */
struct value lead_value(const struct scope *scope, enum field field);
