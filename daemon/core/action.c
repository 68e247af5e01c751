#include "core/action.h"

#include <stddef.h>

#include "base/alloc.h"
#include "base/str.h"

static const struct action *const actions[] = {
#define ACTION(name) &action_##name,
#include "core/action_list.h"
#undef ACTION
};

const struct action *action_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
        if (str_eq(actions[i]->name, name))
            return actions[i];
    }
    return NULL;
}

const struct action *action_at(int index)
{
    return index >= 0 && (size_t)index < ARRAY_LEN(actions) ? actions[index] : NULL;
}
