#include "wire/crm.h"

#include "base/alloc.h"

static const struct crm *const rows[] = {
#define CRM(name) &crm_##name,
#include "wire/crm_list.h"
#undef CRM
};

const struct crm *crm_at(size_t index)
{
    return index < ARRAY_LEN(rows) ? rows[index] : NULL;
}

const struct crm *crm_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (str_eq(rows[i]->name, name))
            return rows[i];
    }
    return NULL;
}

bool crm_reads(const struct crm *crm, const char *content_type)
{
    bool found = !crm->media || str_empty(content_type);
    for (const char *const *media = crm->media; !found && *media; media++) {
        size_t length = strlen(*media);
        found = str_istarts(content_type, *media, length) &&
                (!content_type[length] || strchr("; \t", content_type[length]));
    }
    return found;
}
