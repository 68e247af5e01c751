#include "core/idea.h"

#include "base/alloc.h"
#include "base/str.h"

#define IDEA(id, name) {#id, name},
const struct idea ideas[] = {
#include "core/idea_list.h"
    {NULL, NULL}};
#undef IDEA

const int idea_count = (int)ARRAY_LEN(ideas) - 1;

bool idea_is_named(const struct book *book, const char *id, const struct plugin *plugin)
{
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        for (int k = 0; k < rule->idea_count && (!plugin || rule->plugin == plugin); k++) {
            if (str_eq(rule->ideas[k], id))
                return true;
        }
    }
    return false;
}
