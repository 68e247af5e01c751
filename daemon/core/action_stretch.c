/* stretch: the next step of a ladder, a little harder than the last one, free to decline. */
#include "core/compose.h"
#include "core/phrases_reasons.h"
#include "core/stretch.h"

static const char *compose_stretch(const struct core *core, const struct rule *rule,
                                   const struct scope *scope, struct draft *draft)
{
    const struct rung *rung = stretch_next(scope);
    if (!rung)
        return SAY_REASON_NO_RUNG;
    int start = compose_start(core, rule, scope, rung->text_count);
    draft->words =
        compose_pick(scope, rule->texts + rung->first, rung->text_count, start, &draft->variant);
    if (!draft->words)
        return SAY_REASON_NO_VALUE;
    draft->variant += rung->first;
    draft->kind = PROMPT_STRETCH;
    draft->offer = rung->id;
    draft->prompt = true;
    return NULL;
}

const struct action action_stretch = {
    .name = "stretch",
    .help = "offers the next step of a ladder, a little harder than the last, free to decline",
    .counts = true,
    .compose = compose_stretch,
};
