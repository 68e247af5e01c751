/* funnel.h: how far a team's deals come, stage by stage, from the deals it has closed.
 * Layer: core (pure). Lifetime: process. Private to core/.
 *
 * Kept as it goes: each closed deal is counted once, in the month it was closed; a change of the
 * deal moves its count. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/msec.h"

struct core;
struct deal;

/* FUNNEL_LEAST: fewer closed deals say nothing yet. */
enum { FUNNEL_STAGES = 6, FUNNEL_MONTHS = 12, FUNNEL_LEAST = 20 };

struct funnel {
    int64_t reached[FUNNEL_STAGES]; /* deals that came as far as the stage of this order; 5: won */
    int64_t amount, amounts;        /* of the won ones in one currency: minor units, how many */
};

/* A stage was named for the deal: true when it is further than all before. */
bool funnel_reach(const struct core *core, struct deal *deal, const char *stage);
void funnel_count(struct core *core, struct deal *deal); /* after any change of the deal */
void funnel_rebuild(struct core *core);                  /* teams or stages have changed */
void funnel_done(struct core *core);

/* The last FUNNEL_MONTHS months of a team ("": of nobody's) up to now; amounts in this currency
 * (NULL: none). */
struct funnel funnel_of(const struct core *core, const char *team, const char *currency,
                        msec_t now);
