/* State rows of experiments: an open occasion, the sums of one person in one arm (their keys begin
 * with '=', as no rule's name does), and what a rule knows of itself. */
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/trial.h"

void persist_trial(struct step *step, const struct trial *trial)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rule", trial->rule_id);
    jsonw_text(&json, "rep", trial->rep->id);
    jsonw_text_opt(&json, "deal", trial->deal ? trial->deal->id : NULL);
    jsonw_text(&json, "arm", trial->arm);
    jsonw_int(&json, "p", trial->p);
    jsonw_int(&json, "at", trial->at);
    jsonw_int(&json, "until", trial->until);
    jsonw_bool(&json, "hit", trial->hit);
    jsonw_int(&json, "due", trial->timer.due);
    jsonw_object_end(&json);
    persist_put(step, STATE_TRIAL, trial->key, &out);
}

static const char *sum_key(struct step *step, const struct rule_state *state,
                           const struct trial_sum *sum)
{
    return arena_printf(&step->arena, "=%s|%s|%s", state->rule, sum->arm, sum->rep->id);
}

void persist_sum(struct step *step, const struct rule_state *state, const struct trial_sum *sum)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rule", state->rule);
    jsonw_text(&json, "rep", sum->rep->id);
    jsonw_text(&json, "arm", sum->arm);
    jsonw_int(&json, "count", sum->count);
    jsonw_int(&json, "hits", sum->hits);
    jsonw_int(&json, "weight", sum->weight);
    jsonw_int(&json, "weighted", sum->weighted);
    jsonw_object_end(&json);
    persist_put(step, STATE_TRIAL, sum_key(step, state, sum), &out);
}

void persist_sum_gone(struct step *step, const struct rule_state *state,
                      const struct trial_sum *sum)
{
    persist_delete(step, STATE_TRIAL, sum_key(step, state, sum));
}

void persist_rule(struct step *step, const struct rule_state *state)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "plugin", state->plugin);
    jsonw_int(&json, "version", state->version);
    jsonw_int(&json, "since", state->since);
    jsonw_array(&json, "teams");
    for (int i = 0; i < state->team_count; i++) {
        jsonw_array(&json, NULL);
        jsonw_text(&json, NULL, state->teams[i].team);
        jsonw_int(&json, NULL, state->teams[i].since);
        jsonw_array_end(&json);
    }
    jsonw_array_end(&json);
    jsonw_array(&json, "wordings");
    for (int i = 0; i < state->wording_count; i++) {
        jsonw_array(&json, NULL);
        jsonw_text(&json, NULL, state->wordings[i].wording);
        jsonw_int(&json, NULL, state->wordings[i].tried);
        jsonw_int(&json, NULL, state->wordings[i].answered);
        jsonw_array_end(&json);
    }
    jsonw_array_end(&json);
    jsonw_int(&json, "looks", state->looks);
    if (state->paused_at != MSEC_NONE)
        jsonw_int(&json, "paused_at", state->paused_at);
    jsonw_text_opt(&json, "paused_why", state->paused_why);
    jsonw_object_end(&json);
    persist_put(step, STATE_RULE, state->rule, &out);
}

/* --- reading --- */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static int64_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void load_sum(struct core *core, const json_t *root, const char *rule, const char *arm,
                     struct person *rep)
{
    struct trial_sum *sum = rule_state_sum(core, rule_state_get(core, rule), arm, rep);
    sum->count = int_of(root, "count");
    sum->hits = int_of(root, "hits");
    sum->weight = int_of(root, "weight");
    sum->weighted = int_of(root, "weighted");
}

int load_trial(struct core *core, const char *key, const json_t *root)
{
    const char *rule = text_of(root, "rule"), *arm = text_of(root, "arm");
    const char *id = text_of(root, "rep"), *deal = text_of(root, "deal");
    if (!rule || !arm || !id)
        return 0; /* of no use to anybody */
    struct person *rep = person_get(core, id);
    if (*key == '=') {
        load_sum(core, root, rule, arm, rep);
        return 0;
    }
    struct trial *trial = NEW(struct trial);
    trial->key = xstrdup(key);
    trial->rule = book_rule(core->book, rule); /* NULL: core_ready drops it */
    trial->rule_id = core_intern(core, rule);
    trial->arm = core_intern(core, arm);
    trial->p = (int)int_of(root, "p");
    trial->rep = rep;
    trial->deal = deal ? deal_get(core, deal) : NULL;
    trial->at = int_of(root, "at");
    trial->until = int_of(root, "until");
    trial->hit = json_is_true(json_object_get(root, "hit"));
    trial_restore(core, trial, int_of(root, "due"));
    return 0;
}

int load_rule_state(struct core *core, const char *key, const json_t *root)
{
    struct rule_state *state = rule_state_get(core, key);
    const json_t *teams = json_object_get(root, "teams"), *paused;
    const json_t *wordings = json_object_get(root, "wordings");
    xstr_replace(&state->plugin, text_of(root, "plugin"));
    state->version = (int)int_of(root, "version");
    state->since = int_of(root, "since");
    for (size_t i = 0; i < json_array_size(teams); i++) {
        const json_t *pair = json_array_get(teams, i);
        const char *team = json_string_value(json_array_get(pair, 0));
        if (team)
            rule_state_team(core, state, team, json_integer_value(json_array_get(pair, 1)));
    }
    for (size_t i = 0; i < json_array_size(wordings); i++) {
        const json_t *row = json_array_get(wordings, i);
        const char *wording = json_string_value(json_array_get(row, 0));
        if (!wording)
            continue;
        struct wording_sum *sum = rule_state_wording(core, state, wording);
        sum->tried = (int)json_integer_value(json_array_get(row, 1));
        sum->answered = (int)json_integer_value(json_array_get(row, 2));
    }
    state->looks = (int)int_of(root, "looks");
    paused = json_object_get(root, "paused_at");
    state->paused_at = json_is_integer(paused) ? json_integer_value(paused) : MSEC_NONE;
    xstr_replace(&state->paused_why, text_of(root, "paused_why"));
    return 0;
}
