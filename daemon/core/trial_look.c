/* A rule looks at its own figures: when it does harm it pauses itself and says so. */
#include <stdlib.h>

#include "base/alloc.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/trial.h"

/* It looks when each arm has 30, 60, 120, ... occasions that are over, and each time asks for half
 * the doubt of the time before: the chances of accusing a harmless rule add up to 1.25 %, however
 * often it looks (and stay under 2.5 % where few people make the interval a little too narrow).
 * Several arms against silence share that chance. */
static int64_t next_look(const struct rule_state *state)
{
    enum { DOUBLINGS_MAX = 40 };
    return (int64_t)STATS_OCCASIONS_MIN
           << (state->looks < DOUBLINGS_MAX ? state->looks : DOUBLINGS_MAX);
}

static int halvings_of(const struct rule_state *state, const struct experiment *experiment)
{
    int halvings = state->looks + 2;
    for (int shared = 1; shared < experiment->arm_count - 1; shared *= 2)
        halvings++;
    return halvings;
}

static int64_t arm_count(const struct rule_state *state, const char *arm, int64_t *ret_people)
{
    int64_t count = 0;
    *ret_people = 0;
    for (size_t i = 0; i < state->sum_count; i++) {
        if (!str_eq(state->sums[i].arm, arm))
            continue;
        count += state->sums[i].count;
        ++*ret_people;
    }
    return count;
}

static bool is_time(const struct rule_state *state, const struct experiment *experiment)
{
    int64_t people;
    for (int i = 0; i < experiment->arm_count; i++) {
        if (arm_count(state, experiment->arms[i].name, &people) < next_look(state) ||
            people < STATS_PEOPLE_MIN)
            return false;
    }
    return true;
}

static void add_to(struct stats_cluster *cluster, int arm, const struct trial_sum *sum)
{
    cluster->count[arm] = sum->count;
    cluster->hits[arm] = sum->hits;
    cluster->weight[arm] = sum->weight;
    cluster->weighted[arm] = sum->weighted;
}

/* The sums of both arms, each person once, in the order of ids. */
static size_t clusters_of(const struct core *core, const struct rule_state *state,
                          const char *const arms[2], struct stats_cluster *list)
{
    size_t count = 0, at[2] = {0, 0};
    for (size_t i = 0; i < core->person_count; i++) {
        struct stats_cluster cluster = {0};
        for (int arm = 0; arm < 2; arm++) {
            while (at[arm] < state->sum_count && !str_eq(state->sums[at[arm]].arm, arms[arm]))
                at[arm]++;
            if (at[arm] < state->sum_count && state->sums[at[arm]].rep == core->people[i])
                add_to(&cluster, arm, &state->sums[at[arm]++]);
        }
        if (cluster.count[0] || cluster.count[1])
            list[count++] = cluster;
    }
    return count;
}

static int points(double share)
{
    return (int)(share * 100 + (share < 0 ? -0.5 : 0.5));
}

/* In percent: 97.5 of one halving. */
static double certainty(int halvings)
{
    double left = 5;
    while (halvings-- > 0)
        left /= 2;
    return 100 - left;
}

static bool leads_one(const struct core *core, const struct rule_state *state,
                      const struct person *manager)
{
    for (size_t i = 0; i < state->sum_count; i++) {
        if (person_manager(core, state->sums[i].rep) == manager)
            return true;
    }
    return false;
}

static void tell_managers(struct core *core, struct step *step, const struct rule_state *state,
                          const char *text)
{
    const char *occurrence = arena_printf(&step->arena, "%d %d", state->version, state->looks);
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *manager = core->people[i];
        if (!manager->manager || !leads_one(core, state, manager))
            continue;
        struct message *message =
            say_message(core, step, manager, state->rule, occurrence, "paused itself", text);
        message->due = person_next_working(core, manager, step->now);
    }
}

static void pause_rule(struct core *core, struct step *step, struct rule_state *state,
                       const struct rule *rule, const struct stats_difference *d, int halvings)
{
    struct arena *arena = &step->arena;
    state->paused_at = step->now;
    xstr_replace(&state->paused_why,
                 arena_printf(arena, say_to(core, NULL, SAY_RULE_PAUSED_WHY), points(d->difference),
                              points(d->low), points(d->high)));
    const char *text = arena_printf(
        arena, SAY_RULE_PAUSED, rule->id, rule->about ? rule->about : rule->plugin->about,
        (long long)d->hits[1], (long long)d->count[1], points(d->share[1]), (long long)d->hits[0],
        (long long)d->count[0], points(d->share[0]), points(d->difference), points(d->low),
        points(d->high), certainty(halvings), (long long)d->clusters, rule->id);
    tell_managers(core, step, state, text);
}

void trial_look(struct core *core, struct step *step, struct rule_state *state,
                const struct rule *rule)
{
    const struct experiment *experiment = rule->experiment;
    if (!experiment || experiment->nothing < 0 || !is_time(state, experiment))
        return;
    int halvings = halvings_of(state, experiment);
    state->looks++;
    struct stats_cluster *list = NEW_ARRAY(struct stats_cluster, core->person_count + 1);
    for (int i = 0; i < experiment->arm_count && state->paused_at == MSEC_NONE; i++) {
        const char *const arms[] = {experiment->arms[experiment->nothing].name,
                                    experiment->arms[i].name};
        struct stats_difference d;
        if (i == experiment->nothing)
            continue;
        stats_compare(list, clusters_of(core, state, arms, list), halvings, &d);
        if (d.verdict == STATS_ENOUGH && d.high < 0)
            pause_rule(core, step, state, rule, &d, halvings);
    }
    free(list);
    persist_rule(step, state);
}

void trial_resume(struct core *core, struct step *step, const char *rule)
{
    struct rule_state *state = rule_state_find(core, rule);
    if (!state || state->paused_at == MSEC_NONE)
        return;
    state->paused_at = MSEC_NONE;
    xstr_replace(&state->paused_why, NULL);
    persist_rule(step, state);
}

const char *trial_paused(const struct core *core, const struct rule *rule)
{
    const struct rule_state *state = rule->experiment ? rule_state_find(core, rule->id) : NULL;
    return state && state->paused_at != MSEC_NONE ? state->paused_why : NULL;
}
