#include "wire/import.h"

#include "base/alloc.h"
#include "base/jsonw.h"

#define IMPORTER(name) extern const struct importer importer_##name;
#include "wire/import_list.h"
#undef IMPORTER

static const struct importer *const importers[] = {
#define IMPORTER(name) &importer_##name,
#include "wire/import_list.h"
#undef IMPORTER
};

const struct importer *import_at(size_t index)
{
    return index < ARRAY_LEN(importers) ? importers[index] : NULL;
}

const struct importer *import_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(importers); i++) {
        if (str_eq(importers[i]->name, name))
            return importers[i];
    }
    return NULL;
}

/* Double quotes of YAML take what JSON writes: nothing has to be guessed about plain text. */
static void add_member(struct strbuf *out, const char *lead, const char *key, const char *value)
{
    if (!value)
        return;
    strbuf_printf(out, "%s%s: ", lead, key);
    jsonw_quote(out, value);
    strbuf_putc(out, '\n');
}

static int team_order(const void *a, const void *b)
{
    const struct import_person *const *x = a, *const *y = b;
    int order = str_cmp((*x)->team, (*y)->team);
    return order ? order : str_cmp((*x)->manager, (*y)->manager);
}

static void add_teams(const struct import_person *people, size_t count, struct strbuf *out)
{
    const struct import_person **members = NEW_ARRAY(const struct import_person *, count + 1);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (people[i].team && !people[i].manages)
            members[used++] = &people[i];
    }
    qsort(members, used, sizeof(*members), team_order);
    for (size_t i = 0; i < used; i++) {
        if (i && str_eq(members[i]->team, members[i - 1]->team))
            continue;
        if (!i)
            strbuf_puts(out, "teams:\n");
        add_member(out, "  - ", "id", members[i]->team);
        add_member(out, "    ", "manager", members[i]->manager);
    }
    free(members);
}

void import_people_yaml(const struct import_person *people, size_t count, struct strbuf *out)
{
    add_teams(people, count, out);
    strbuf_puts(out, count ? "people:\n" : "people: []\n");
    for (size_t i = 0; i < count; i++) {
        const struct import_person *p = &people[i];
        add_member(out, "  - ", "id", p->id);
        add_member(out, "    ", "name", p->name);
        if (p->manages)
            strbuf_puts(out, "    role: manager\n");
        if (p->crm) {
            strbuf_puts(out, "    crm: [");
            jsonw_quote(out, p->crm);
            strbuf_puts(out, "]\n");
        }
        add_member(out, "    ", "team", p->team);
        add_member(out, "    ", "zone", p->zone);
    }
}
