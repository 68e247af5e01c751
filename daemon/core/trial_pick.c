/* pick: adaptive: more often what got answers, and never quite never what did not. */
#include "core/trial.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "core/compose.h"

enum { P_ONE = 1000, P_FLOOR = 100, RATE_ONE = 1000000 };

/* Laplace's rule of succession: a wording that nobody was asked yet counts as one half. */
static int64_t rate_of(const struct rule_state *state, const char *wording)
{
    int tried = 0, answered = 0;
    for (int i = 0; state && i < state->wording_count; i++) {
        if (str_eq(state->wordings[i].wording, wording)) {
            tried = state->wordings[i].tried;
            answered = state->wordings[i].answered;
        }
    }
    return (int64_t)RATE_ONE * (answered + 1) / (tried + 2);
}

/* Each keeps P_FLOOR (or an equal share, where there are more than ten); what is left goes by the
 * rates. What rounding leaves over goes to the first, so that all together are P_ONE. */
void pick_chances(const struct core *core, const struct rule *rule, const char *const *wordings,
                  int count, int *ret_p)
{
    const struct rule_state *state = rule_state_find(core, rule->id);
    int floor = P_ONE / count < P_FLOOR ? P_ONE / count : P_FLOOR;
    int64_t left = P_ONE - (int64_t)floor * count, sum = 0;
    int given = 0;
    for (int i = 0; i < count; i++)
        sum += rate_of(state, wordings[i]);
    for (int i = 0; i < count; i++) {
        ret_p[i] = floor + (int)(left * rate_of(state, wordings[i]) / sum);
        given += ret_p[i];
    }
    ret_p[0] += P_ONE - given;
}

int pick_adaptive(const struct core *core, const struct rule *rule, const struct scope *scope,
                  const char *const *wordings, int count, const char *occurrence, int *ret_p)
{
    const char *const parts[] = {rule->id, scope->rep->id,
                                 scope->event ? scope->event->source : NULL, occurrence};
    int *p = arena_alloc(scope->arena, (size_t)count * sizeof(*p)), chosen = 0;
    int roll = (int)(hash_join(core->options.seed, parts, ARRAY_LEN(parts)) % P_ONE);
    pick_chances(core, rule, wordings, count, p);
    while (chosen < count - 1 && roll >= p[chosen])
        roll -= p[chosen++];
    *ret_p = p[chosen];
    return chosen;
}

void pick_moved(struct core *core, struct step *step, const struct prompt *prompt,
                enum prompt_state from)
{
    bool was_live = from == PROMPT_OPEN || from == PROMPT_SNOOZED;
    bool ended = was_live && (prompt->state == PROMPT_ANSWERED || prompt->state == PROMPT_SKIPPED ||
                              prompt->state == PROMPT_UNANSWERED);
    bool answered = prompt->state == PROMPT_ANSWERED && from != PROMPT_ANSWERED;
    struct rule_state *state =
        prompt->wording && (ended || answered) ? rule_state_find(core, prompt->rule_id) : NULL;
    if (!state || prompt->at < state->since) /* asked by a version before this one */
        return;
    struct wording_sum *sum = rule_state_wording(core, state, prompt->wording);
    sum->tried += ended;
    sum->answered += answered;
    persist_rule(step, state);
}
