#include "wire/read_back.h"

#include <string.h>

#include "base/alloc.h"

static const struct poll_kind *const kinds[] = {
#define BACK(name) &back_##name,
#include "wire/back_list.h"
#undef BACK
};

const struct poll_kind *back_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_eq(kinds[i]->name, name))
            return kinds[i];
    }
    return NULL;
}

void back_begin(struct poll *poll, const struct crm_want *wants, size_t count, msec_t now)
{
    poll_begin(poll, now);
    poll->wants = wants;
    poll->want_count = count;
}

const struct crm_want *back_want(const struct poll *poll, const char *id)
{
    for (size_t i = 0; id && i < poll->want_count; i++) {
        if (str_ieq(poll->wants[i].id, id))
            return &poll->wants[i];
    }
    return NULL;
}

bool back_id(const char *id, const char *characters, size_t most)
{
    size_t length = id ? strlen(id) : 0;
    return length && length <= most && strspn(id, characters) == length;
}
