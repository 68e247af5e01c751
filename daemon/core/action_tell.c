/* tell: information; no answer is expected. */
#include "core/compose.h"
#include "core/phrases_reasons.h"

static const char *compose_tell(const struct core *core, const struct rule *rule,
                                const struct scope *scope, struct draft *draft)
{
    int start = compose_start(core, rule, scope, rule->text_count);
    draft->words = compose_pick(scope, rule->texts, rule->text_count, start, &draft->variant);
    return draft->words ? NULL : SAY_REASON_NO_VALUE;
}

const struct action action_tell = {
    .name = "tell",
    .help = "says something that needs no answer",
    .counts = true,
    .compose = compose_tell,
};
