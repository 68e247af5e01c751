#include "engine/attention.h"

#include "base/alloc.h"
#include "base/str.h"
#include "core/action.h"

long attention_halves(const struct rule *rule)
{
    static const struct {
        const char *action;
        long halves;
    } costs[] = {{"ask", 4},     {"start", 4},   {"digest", 2},
                 {"suggest", 1}, {"stretch", 1}, {"tell", 1}};
    if (rule->action == &action_praise)
        return rule->via_bot ? 1 : 2;
    for (size_t i = 0; i < ARRAY_LEN(costs); i++) {
        if (str_eq(costs[i].action, rule->action->name))
            return costs[i].halves;
    }
    return 1;
}
