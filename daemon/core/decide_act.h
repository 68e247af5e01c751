/* decide_act.h: what follows once the gates have answered. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* What the gates look at. */
struct ask {
    struct core *core;
    struct step *step;
    const struct candidate *candidate;
    const struct rule *rule;
    struct person *rep, *to;
    struct deal *deal;
    bool coaching; /* counts against the coaching caps of `to` */
    bool card;
    msec_t now;
    msec_t hold_until;     /* set by a gate that says HOLD */
    const struct arm *arm; /* on which the experiment's coin has fallen, or NULL */
};

/* The rule speaks, or the experiment's coin keeps it silent; the note is complete then. */
void decide_act(struct ask *ask, const struct scope *scope, const struct draft *draft,
                struct decision *trace);
/* It waits for ask->hold_until. */
void decide_hold(struct ask *ask, struct decision *trace);

bool rule_inhibits(const struct rule *strong, const struct rule *weak);
