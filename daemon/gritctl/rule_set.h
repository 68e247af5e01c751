/* rule_set.h: the rules and people that a command plays events through.
 * Layer: commands. Lifetime: one call of the program. */
#pragma once
#include "core/core.h"
#include "gritctl/ctl.h"

struct rule_set {
    struct setup *setup;
    struct book book; /* the setup's, perhaps without its people */
    bool every_owner;
};

/* From `plugins` (folders or files; none: the configuration's, else those that come with gritd) and
 * the options people and pipeline, which the command must have.
 *
 * Owns:   end with rule_set_done(), also after a failure.
 * Errors: told on stderr; false when there is no rule at all. */
bool rule_set_load(struct call *call, const struct option_value *plugins, struct rule_set *ret);
void rule_set_done(struct rule_set *set); /* accepts a zeroed one */

/* For a core that plays this set. */
struct core_options rule_set_core(struct call *call, const struct rule_set *set, uint64_t seed);
