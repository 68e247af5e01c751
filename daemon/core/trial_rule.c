/* What a rule knows of itself: made when it first comes into force, and anew with each version of
 * its plugin. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/trial.h"

static size_t state_place(const struct core *core, const char *rule)
{
    size_t low = 0, high = core->rule_state_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(core->rule_states[middle]->rule, rule) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct rule_state *rule_state_find(const struct core *core, const char *rule)
{
    size_t place = rule ? state_place(core, rule) : core->rule_state_count;
    if (place == core->rule_state_count || !str_eq(core->rule_states[place]->rule, rule))
        return NULL;
    return core->rule_states[place];
}

struct rule_state *rule_state_get(struct core *core, const char *rule)
{
    struct rule_state *state = rule_state_find(core, rule);
    if (state)
        return state;
    size_t place = state_place(core, rule);
    ARRAY_GROW(core->rule_states, core->rule_state_count, core->rule_state_cap);
    memmove(core->rule_states + place + 1, core->rule_states + place,
            (core->rule_state_count - place) * sizeof(*core->rule_states));
    core->rule_state_count++;
    state = core->rule_states[place] = NEW(struct rule_state);
    state->rule = core_intern(core, rule);
    state->version = -1;
    state->paused_at = MSEC_NONE;
    return state;
}

struct wording_sum *rule_state_wording(struct core *core, struct rule_state *state,
                                       const char *wording)
{
    int place = 0;
    while (place < state->wording_count && strcmp(state->wordings[place].wording, wording) < 0)
        place++;
    if (place < state->wording_count && str_eq(state->wordings[place].wording, wording))
        return &state->wordings[place];
    ARRAY_GROW(state->wordings, state->wording_count, state->wording_cap);
    memmove(state->wordings + place + 1, state->wordings + place,
            (size_t)(state->wording_count - place) * sizeof(*state->wordings));
    state->wording_count++;
    state->wordings[place] = (struct wording_sum){.wording = core_intern(core, wording)};
    return &state->wordings[place];
}

static int sum_order(const struct trial_sum *sum, const char *arm, const struct person *rep)
{
    int order = strcmp(sum->arm, arm);
    return order ? order : strcmp(sum->rep->id, rep->id);
}

struct trial_sum *rule_state_sum(struct core *core, struct rule_state *state, const char *arm,
                                 struct person *rep)
{
    size_t low = 0, high = state->sum_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sum_order(&state->sums[middle], arm, rep) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < state->sum_count && sum_order(&state->sums[low], arm, rep) == 0)
        return &state->sums[low];
    ARRAY_GROW(state->sums, state->sum_count, state->sum_cap);
    memmove(state->sums + low + 1, state->sums + low,
            (state->sum_count - low) * sizeof(*state->sums));
    state->sum_count++;
    state->sums[low] = (struct trial_sum){.arm = core_intern(core, arm), .rep = rep};
    return &state->sums[low];
}

void rule_state_team(struct core *core, struct rule_state *state, const char *team, msec_t since)
{
    int place = 0;
    while (place < state->team_count && strcmp(state->teams[place].team, team) < 0)
        place++;
    if (place < state->team_count && str_eq(state->teams[place].team, team))
        return;
    ARRAY_GROW(state->teams, state->team_count, state->team_cap);
    memmove(state->teams + place + 1, state->teams + place,
            (size_t)(state->team_count - place) * sizeof(*state->teams));
    state->team_count++;
    state->teams[place] = (struct ramp_team){core_intern(core, team), since};
}

/* Another version is another rule set: what was found out about the old one says nothing of it. */
static void begin_anew(struct core *core, struct step *step, struct rule_state *state,
                       const struct rule *rule)
{
    for (size_t i = 0; i < state->sum_count; i++)
        persist_sum_gone(step, state, &state->sums[i]);
    trial_drop_rule(core, step, state->rule);
    state->sum_count = 0;
    state->team_count = state->wording_count = state->looks = 0;
    state->paused_at = MSEC_NONE;
    xstr_replace(&state->paused_why, NULL);
    xstr_replace(&state->plugin, rule->plugin->id);
    state->version = rule->plugin->version;
    state->since = step->now;
}

/* The teams that have reps, each once. */
static size_t teams_of(struct core *core, struct arena *arena, const char ***ret)
{
    const char **list = arena_alloc(arena, (core->person_count + 1) * sizeof(*list));
    struct map seen = {0};
    size_t count = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        const char *team = ramp_team_of(core->people[i]);
        if (!person_is_rep(core, core->people[i]) || map_get(&seen, team))
            continue;
        list[count] = team;
        map_set(&seen, team, &list[count++]);
    }
    map_done(&seen);
    *ret = list;
    return count;
}

void rule_states_refresh(struct core *core, struct step *step)
{
    const char **teams = NULL;
    size_t team_count = core->options.ramp ? teams_of(core, &step->arena, &teams) : 0;
    for (int i = 0; i < core->book->rule_count; i++) {
        const struct rule *rule = core->book->rules[i];
        if (!core->options.ramp && !rule->experiment && rule->pick != PICK_ADAPTIVE)
            continue;
        struct rule_state *state = rule_state_get(core, rule->id);
        bool changed =
            state->version != rule->plugin->version || !str_eq(state->plugin, rule->plugin->id);
        if (changed)
            begin_anew(core, step, state, rule);
        int known = state->team_count;
        for (size_t k = 0; k < team_count; k++)
            rule_state_team(core, state, teams[k], step->now);
        if (changed || known != state->team_count)
            persist_rule(step, state);
    }
}

void rule_states_free(struct core *core)
{
    for (size_t i = 0; i < core->rule_state_count; i++) {
        struct rule_state *state = core->rule_states[i];
        free(state->plugin);
        free(state->teams);
        free(state->sums);
        free(state->wordings);
        free(state->paused_why);
        free(state);
    }
    free(core->rule_states);
}
