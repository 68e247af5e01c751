/* mix.h: which share of the prompts is to be of which kind, as gritd.yaml says it, and how a choice
 * between several keeps to it.
 * Layer: core (pure). Lifetime: process (part of the limits). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/msec.h"

/* What a prompt can be a share of. The numbers are stored. */
enum mix_share {
    MIX_AREA_SKILL,
    MIX_AREA_OPPORTUNITY,
    MIX_KIND_SKILL,
    MIX_KIND_ACTIVITY,
    MIX_KIND_MENTAL, /* belief and drive */
    MIX_KIND_PURPOSE,
    MIX_CONTESTED, /* of the prompts about a deal: those about one that is neither won nor lost */
    MIX_SHARES
};

enum mix_mode { MIX_STEADY, MIX_TRANSFORMATION, MIX_MODES };

struct mix_shares {
    int percent[MIX_SHARES]; /* at least; 0: as it comes */
};

struct mix {
    struct mix_shares shares[MIX_MODES];
    int mode;      /* enum mix_mode: which of them hold */
    bool on;       /* any of these is above 0 */
    msec_t window; /* they are kept over so long; 4 weeks at most */
};

enum { MIX_WINDOW_DAYS = 28 };

struct core;
struct step;
struct rule;
struct person;
struct deal;
struct question;
struct candidate;
struct decision;

/* How a deal stands, by its age in the stage and by what the customer has done. */
enum deal_chance { CHANCE_OVER, CHANCE_LOST_LIKELY, CHANCE_CONTESTED, CHANCE_WON_LIKELY };
enum deal_chance deal_chance(const struct core *core, const struct deal *deal, msec_t now);

/* The order in which several decide at one moment: by priority, then those whose share is furthest
 * behind, then by their names. */
void mix_order(const struct core *core, struct step *step, struct candidate *list, size_t count);
/* The share that is to have this moment's or this day's slot, in words; NULL: none before this one.
 */
const char *mix_prefers(struct core *core, struct step *step, const struct candidate *candidate,
                        const struct person *to);
/* It was said to this person; question NULL: no single one. */
void mix_spoke(const struct core *core, struct step *step, const struct candidate *candidate,
               struct person *to, const struct question *question);
/* It was refused; where it only had no room, its share is waited for. */
void mix_wanted(const struct core *core, struct step *step, const struct candidate *candidate,
                struct person *to, const struct decision *trace);

/* decide.c: what the rule itself is bound by, or the rep's own word, does not let it speak now. */
bool decide_is_spent(struct core *core, struct step *step, const struct rule *rule,
                     struct person *rep);
