/* level.h: how far a team's coaching has come: ad-hoc, informal, formal, dynamic, and what keeps it
 * from the next level.
 * Layer: engine (pure).
 *
 * Source: the four levels and what tells them apart are ideas B46 to B49 of the coaching concepts:
 * ad-hoc is up to each manager (no cadence, large differences between managers); informal has a
 * cadence and no use of the stage map; formal uses the map and keeps its cadence; dynamic is formal
 * and lets rules follow the measured effect, with content linked. The ideas name no numbers: those
 * below are this product's own, written here once and shown beside every level. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum {
    LEVEL_WEEKS_LEAST = 4,     /* fewer whole weeks say nothing about a cadence */
    LEVEL_REPS_PCT = 50,       /* a week is kept when so many of the team were coached in it */
    LEVEL_CADENCE_PCT = 50,    /* informal: so many weeks are kept */
    LEVEL_CADENCE_FORMAL = 75, /* formal */
    LEVEL_SPREAD_MOST = 50,    /* points between the managers who keep most and fewest weeks */
    LEVEL_MAP_PCT = 50,        /* of the deals that moved have a gate of the map on record */
    LEVEL_DEALS_LEAST = 5,     /* fewer moved deals say nothing about the map */
};

enum level { LEVEL_UNKNOWN, LEVEL_ADHOC, LEVEL_INFORMAL, LEVEL_FORMAL, LEVEL_DYNAMIC, LEVELS };

enum level_criterion {
    CRITERION_NONE, /* dynamic: nothing is left; unknown: too little is known */
    CRITERION_CADENCE,
    CRITERION_SPREAD,
    CRITERION_MAP,
    CRITERION_MAP_DEALS,
    CRITERION_CADENCE_FORMAL,
    CRITERION_EFFECT,
    CRITERION_CONTENT,
    CRITERIA
};

struct level_facts {
    int64_t weeks, weeks_kept;
    int spread_points;     /* between managers; 0 for one */
    int64_t moved, mapped; /* deals that changed their stage; those with a gate on record */
    bool effect_followed;  /* a rule was changed, or paused itself, after its effect was measured */
    bool content_linked;   /* a suggestion was sent, or content was shared */
};

struct level_verdict {
    enum level level;
    enum level_criterion failed; /* the first that keeps it from the next level */
};

struct level_verdict level_of(const struct level_facts *facts);

const char *level_name(enum level level);                    /* "ad-hoc" */
const char *level_criterion(enum level_criterion criterion); /* in words; "" for none */

/* Whole percent, rounded; 0 of 0 is 0. */
int level_pct(int64_t part, int64_t whole);
