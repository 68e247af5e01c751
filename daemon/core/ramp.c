/* The ramp: a new rule reaches a team bit by bit, the same reps first for all rules of its set. */
#include "base/hash.h"
#include "core/trial.h"

enum {
    RAMP_TEAM_MIN = 10,   /* smaller teams get it at once */
    RAMP_DAYS_PER_DAY = 6 /* no ramp takes more days than so many for each working day of it */
};

const char *ramp_team_of(const struct person *person)
{
    const char *team = person_team(person);
    return team ? team : "";
}

static msec_t since_of(const struct core *core, const struct rule *rule, const char *team)
{
    const struct rule_state *state = rule_state_find(core, rule->id);
    for (int i = 0; state && i < state->team_count; i++) {
        if (str_eq(state->teams[i].team, team))
            return state->teams[i].since;
    }
    return MSEC_NONE;
}

static uint64_t order_of(const struct core *core, const struct rule *rule, const struct person *rep)
{
    char version[24];
    struct strbuf text = {.data = NULL};
    strbuf_init(&text, sizeof(version));
    strbuf_int(&text, rule->plugin->version);
    const char *const parts[] = {rule->plugin->id, strbuf_text(&text), rep->id};
    uint64_t order = hash_join(core->options.seed, parts, 3);
    strbuf_done(&text);
    return order;
}

/* The working day of the ramp, from 1, on which it comes to this rep; 0: no ramp. */
static int64_t day_of(const struct core *core, const struct rule *rule, const struct person *rep,
                      const char *team, int percent)
{
    uint64_t own = order_of(core, rule, rep);
    int64_t before = 0, all = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *other = core->people[i];
        if (!person_is_rep(core, other) || !str_eq(ramp_team_of(other), team))
            continue;
        all++;
        before += other != rep && order_of(core, rule, other) < own;
    }
    return all < RAMP_TEAM_MIN ? 0 : before * 100 / (all * percent) + 1;
}

msec_t ramp_turn(const struct core *core, const struct rule *rule, const struct person *rep,
                 msec_t now)
{
    int percent = rule->ramp == RAMP_DEFAULT ? core->book->limits.ramp : rule->ramp;
    if (!core->options.ramp || percent <= 0 || percent >= 100 || rule->alert || rep->is_team ||
        !person_is_rep(core, rep))
        return MSEC_NONE;
    const char *team = ramp_team_of(rep);
    msec_t since = since_of(core, rule, team);
    if (since == MSEC_NONE || now - since > (100 / percent + 1) * RAMP_DAYS_PER_DAY * MSEC_DAY)
        return MSEC_NONE;
    int64_t day = day_of(core, rule, rep, team, percent);
    msec_t turn = day ? person_workday(core, rep, since, day) : MSEC_NONE;
    return turn == MSEC_NONE || now >= turn ? MSEC_NONE : turn;
}
