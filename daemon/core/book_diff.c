#include "core/book_diff.h"

#include <string.h>

void book_diff(const struct book *before, const struct book *after,
               void (*visit)(void *user, enum rule_change change, const struct rule *rule),
               void *user)
{
    int old = 0, new = 0;
    while (old < before->rule_count || new < after->rule_count) {
        const struct rule *was = old < before->rule_count ? before->rules[old] : NULL;
        const struct rule *is = new < after->rule_count ? after->rules[new] : NULL;
        int order = !was ? 1 : !is ? -1 : strcmp(was->id, is->id);
        old += order <= 0;
        new += order >= 0;
        if (order < 0)
            visit(user, RULE_REMOVED, was);
        else if (order > 0)
            visit(user, RULE_ADDED, is);
        else if (!hash128_eq(was->print, is->print))
            visit(user, RULE_CHANGED, is);
    }
}
