#include "core/compose.h"

#include "base/hash.h"

static int times_said(const struct rule *rule, const struct person *rep)
{
    const struct uses *uses = person_use(rep, rule->id);
    return uses ? uses->count : 0;
}

int compose_start(const struct core *core, const struct rule *rule, const struct scope *scope,
                  int count)
{
    if (rule->pick == PICK_WEIGHTED) {
        const char *const parts[] = {rule->id, scope->rep->id,
                                     scope->event ? scope->event->id : NULL};
        return (int)(hash_join(core->options.seed + (uint64_t)scope->now, parts, 3) %
                     (uint64_t)count);
    }
    const char *const parts[] = {rule->id, scope->rep->id};
    uint64_t first = hash_join(core->options.seed, parts, 2);
    return (int)((first % (uint64_t)count + (uint64_t)times_said(rule, scope->rep)) %
                 (uint64_t)count);
}

const char *compose_pick(const struct scope *scope, struct text *const *texts, int count, int start,
                         int *ret_variant)
{
    for (int i = 0; i < count; i++) {
        int missing = 0, at = (start + i) % count;
        const char *words = render_text(scope, texts[at], &missing);
        if (words && !missing) {
            *ret_variant = at;
            return words;
        }
    }
    return NULL;
}
