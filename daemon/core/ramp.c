/* The ramp: a new rule reaches a team bit by bit, the same reps first for all rules of its set. */
#include <string.h>

#include "base/hash.h"
#include "core/trial.h"

enum {
    RAMP_TEAM_MIN = 10,    /* smaller teams get it at once */
    RAMP_DAYS_PER_DAY = 6, /* no ramp takes more days than so many for each working day of it */
    CATALOGUE_DAYS = 5     /* working days between two practices of the catalogue */
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

/* --- the catalogue: what is easy and changes much comes first --- */

int plugin_by_ease(const struct plugin *a, const struct plugin *b)
{
    if (!a->effort != !b->effort)
        return a->effort ? -1 : 1;
    int ratio = b->impact * a->effort - a->impact * b->effort;
    if (ratio)
        return ratio;
    return a->effort != b->effort ? a->effort - b->effort : strcmp(a->id, b->id);
}

static bool came_then(const struct core *core, const struct plugin *plugin, const char *team,
                      msec_t since)
{
    for (int i = 0; i < core->book->rule_count; i++) {
        const struct rule *rule = core->book->rules[i];
        if (rule->plugin == plugin && since_of(core, rule, team) == since)
            return true;
    }
    return false;
}

/* Among the practices that came to the team together: how many come before that of the rule. */
static int place_of(const struct core *core, const struct rule *rule, const char *team,
                    msec_t since)
{
    const struct book *book = core->book;
    int place = 0;
    for (int i = 0; book->limits.easy_first && rule->plugin->effort && i < book->plugin_count; i++)
        place += plugin_by_ease(book->plugins[i], rule->plugin) < 0 &&
                 came_then(core, book->plugins[i], team, since);
    return place;
}

/* The working day, from 1, on which the catalogue comes to the rule; 0: at once. */
static int64_t catalogue_day(const struct core *core, const struct rule *rule, const char *team,
                             msec_t since)
{
    int place = place_of(core, rule, team, since);
    return place ? (int64_t)place * CATALOGUE_DAYS + 1 : 0;
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
    int64_t listed = since == MSEC_NONE ? 0 : catalogue_day(core, rule, team, since);
    if (since == MSEC_NONE ||
        now - since > (100 / percent + 1 + listed) * RAMP_DAYS_PER_DAY * MSEC_DAY)
        return MSEC_NONE;
    int64_t day = day_of(core, rule, rep, team, percent);
    day = listed > day ? listed : day;
    msec_t turn = day ? person_workday(core, rep, since, day) : MSEC_NONE;
    return turn == MSEC_NONE || now >= turn ? MSEC_NONE : turn;
}
