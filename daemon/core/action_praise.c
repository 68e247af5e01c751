/* praise: evidence in words; by default a card for the manager, who says it. */
#include "core/compose.h"

static const char *compose_praise(const struct core *core, const struct rule *rule,
                                  const struct scope *scope, struct draft *draft)
{
    int missing = 0;
    int start = compose_start(core, rule, scope, rule->text_count);
    /* the card is for the manager, the words are for the rep */
    struct scope own = *scope;
    own.reader = scope->rep;
    draft->words = compose_pick(&own, rule->texts, rule->text_count, start, &draft->variant);
    if (!draft->words)
        return "no_evidence";
    if (rule->via_bot)
        return NULL;
    draft->kind = PROMPT_CARD;
    draft->prompt = true;
    draft->card = rule->card ? render_text(scope, rule->card, &missing) : NULL;
    if (rule->card && (!draft->card || missing))
        return "no_evidence";
    if (!draft->card)
        draft->card = arena_printf(draft->arena, "%s: %s", person_name(scope->rep), rule->about);
    return NULL;
}

const struct action action_praise = {
    .name = "praise",
    .help = "praises effort that happened, with the evidence in the text",
    .counts = false,
    .compose = compose_praise,
};
