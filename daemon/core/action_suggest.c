/* suggest: one step offered, free to decline: something to look at, or a talk with a colleague. */
#include "core/compose.h"
#include "core/phrases_reasons.h"
#include "core/suggest.h"

static const char *compose_suggest(const struct core *core, const struct rule *rule,
                                   const struct scope *scope, struct draft *draft)
{
    const char *obstacle = suggest_obstacle(scope);
    if (obstacle)
        return obstacle;
    int start = compose_start(core, rule, scope, rule->text_count);
    draft->words = compose_pick(scope, rule->texts, rule->text_count, start, &draft->variant);
    if (!draft->words)
        return SAY_REASON_NO_VALUE;
    draft->kind = rule->offer.resource ? PROMPT_OFFER : PROMPT_TALK;
    draft->offer = rule->offer.resource ? rule->offer.resource : rule->offer.topic;
    draft->prompt = true;
    return NULL;
}

const struct action action_suggest = {
    .name = "suggest",
    .help = "offers one step, free to decline: something to look at, or a talk with a colleague",
    .counts = true,
    .compose = compose_suggest,
};
