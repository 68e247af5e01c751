/* Looking in: what reports and pages may know of rules and their conversations. */
#include "core/trial.h"

bool core_rule_at(const struct core *core, const char *rule, struct rule_view *ret)
{
    const struct rule_state *state = rule_state_find(core, rule);
    if (!state)
        return false;
    *ret = (struct rule_view){.version = state->version,
                              .since = state->since,
                              .paused_at = state->paused_at,
                              .paused_why = state->paused_why};
    return true;
}

bool core_outcome(const struct core *core, const struct rule *rule, const struct event *event,
                  const char *rep, const char *deal, struct arena *arena)
{
    const struct person *person = person_find(core, rep);
    return person && trial_is_outcome(core, rule, event, person,
                                      str_empty(deal) ? NULL : deal_find(core, deal), arena);
}

size_t core_question_count(const struct core *core)
{
    return core->prompt_count;
}

struct question_view core_question_at(const struct core *core, size_t index)
{
    const struct prompt *prompt = core->prompt_list[index];
    bool question = prompt->kind == PROMPT_QUESTION;
    return (struct question_view){.rule = question ? prompt->rule_id : NULL,
                                  .rep = prompt->about->id,
                                  .at = prompt->at,
                                  .answered = prompt->state == PROMPT_ANSWERED};
}

size_t core_paused_rules(const struct core *core, struct strbuf *names)
{
    size_t count = 0;
    for (size_t i = 0; i < core->rule_state_count; i++) {
        const struct rule *rule = book_rule(core->book, core->rule_states[i]->rule);
        if (!rule || !trial_paused(core, rule))
            continue;
        if (names)
            strbuf_printf(names, "%s%s", count ? ", " : "", rule->id);
        count++;
    }
    return count;
}
