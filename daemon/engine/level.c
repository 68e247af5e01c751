#include "engine/level.h"

#include <stddef.h>

int level_pct(int64_t part, int64_t whole)
{
    return whole > 0 ? (int)((part * 200 + whole) / (2 * whole)) : 0;
}

struct rung {
    enum level below; /* where a team stays that does not fulfil it */
    enum level_criterion criterion;
    bool (*holds)(const struct level_facts *);
};

static bool has_cadence(const struct level_facts *f)
{
    return level_pct(f->weeks_kept, f->weeks) >= LEVEL_CADENCE_PCT;
}

static bool managers_agree(const struct level_facts *f)
{
    return f->spread_points <= LEVEL_SPREAD_MOST;
}

static bool enough_deals(const struct level_facts *f)
{
    return f->moved >= LEVEL_DEALS_LEAST;
}

static bool uses_map(const struct level_facts *f)
{
    return level_pct(f->mapped, f->moved) >= LEVEL_MAP_PCT;
}

static bool keeps_cadence(const struct level_facts *f)
{
    return level_pct(f->weeks_kept, f->weeks) >= LEVEL_CADENCE_FORMAL;
}

static bool follows_effect(const struct level_facts *f)
{
    return f->effect_followed;
}

static bool links_content(const struct level_facts *f)
{
    return f->content_linked;
}

struct level_verdict level_of(const struct level_facts *facts)
{
    static const struct rung rungs[] = {
        {LEVEL_ADHOC, CRITERION_CADENCE, has_cadence},
        {LEVEL_ADHOC, CRITERION_SPREAD, managers_agree},
        {LEVEL_INFORMAL, CRITERION_MAP_DEALS, enough_deals},
        {LEVEL_INFORMAL, CRITERION_MAP, uses_map},
        {LEVEL_INFORMAL, CRITERION_CADENCE_FORMAL, keeps_cadence},
        {LEVEL_FORMAL, CRITERION_EFFECT, follows_effect},
        {LEVEL_FORMAL, CRITERION_CONTENT, links_content},
    };
    if (facts->weeks < LEVEL_WEEKS_LEAST)
        return (struct level_verdict){LEVEL_UNKNOWN, CRITERION_NONE};
    for (size_t i = 0; i < sizeof(rungs) / sizeof(*rungs); i++) {
        if (!rungs[i].holds(facts))
            return (struct level_verdict){rungs[i].below, rungs[i].criterion};
    }
    return (struct level_verdict){LEVEL_DYNAMIC, CRITERION_NONE};
}

const char *level_name(enum level level)
{
    static const char *const names[LEVELS] = {
        [LEVEL_UNKNOWN] = "not enough data yet",
        [LEVEL_ADHOC] = "ad-hoc",
        [LEVEL_INFORMAL] = "informal",
        [LEVEL_FORMAL] = "formal",
        [LEVEL_DYNAMIC] = "dynamic",
    };
    return names[level];
}

const char *level_criterion(enum level_criterion criterion)
{
    static const char *const words[CRITERIA] = {
        [CRITERION_NONE] = "",
        [CRITERION_CADENCE] = "cadence: in half of the weeks, half of the team is coached",
        [CRITERION_SPREAD] = "alike: managers keep their weeks within 50 points of each other",
        [CRITERION_MAP] = "stage map: half of the deals that move have a gate on record",
        [CRITERION_MAP_DEALS] = "stage map: fewer than 5 deals moved, so its use cannot be told",
        [CRITERION_CADENCE_FORMAL] = "cadence kept: in three of four weeks, half of the team is "
                                     "coached",
        [CRITERION_EFFECT] = "effect: a rule changes after what it does was measured",
        [CRITERION_CONTENT] = "content: something to read, watch or practise goes with the "
                              "coaching",
    };
    return words[criterion];
}
