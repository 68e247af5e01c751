/* Two rule sets over the same events: what would change, per rule and per person. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritctl/tally.h"

struct change {
    const char *name;
    long before, after;
};

struct changes {
    struct change *list;
    size_t count, cap;
};

static void add(struct changes *changes, const char *name, long before, long after)
{
    ARRAY_GROW(changes->list, changes->count, changes->cap);
    changes->list[changes->count++] = (struct change){name, before, after};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct change *)a)->name, ((const struct change *)b)->name);
}

/* Rows of one name become one. */
static void join(struct changes *changes)
{
    size_t kept = 0;
    if (changes->count)
        qsort(changes->list, changes->count, sizeof(*changes->list), by_name);
    for (size_t i = 0; i < changes->count; i++) {
        if (kept && str_eq(changes->list[kept - 1].name, changes->list[i].name)) {
            changes->list[kept - 1].before += changes->list[i].before;
            changes->list[kept - 1].after += changes->list[i].after;
        } else {
            changes->list[kept++] = changes->list[i];
        }
    }
    changes->count = kept;
}

static void show_json(const char *kind, const struct change *change, FILE *out)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, kind, change->name);
    jsonw_int(&json, "against", change->before);
    jsonw_int(&json, "sent", change->after);
    jsonw_int(&json, "change", change->after - change->before);
    jsonw_object_end(&json);
    (void)fprintf(out, "%s\n", strbuf_text(&line));
    strbuf_done(&line);
}

static void show(const char *kind, struct changes *changes, bool json, FILE *out)
{
    int width = 6;
    join(changes);
    for (size_t i = 0; i < changes->count; i++) {
        int length = (int)strlen(changes->list[i].name);
        width = length > width ? length : width;
    }
    if (!json)
        (void)fprintf(out, "%-*s %10s %10s %10s\n", width, kind, "against", "sent", "change");
    for (size_t i = 0; i < changes->count; i++) {
        const struct change *change = &changes->list[i];
        if (json)
            show_json(kind, change, out);
        else
            (void)fprintf(out, "%-*s %10ld %10ld %+10ld\n", width, change->name, change->before,
                          change->after, change->after - change->before);
    }
    free(changes->list);
}

static void add_rules(struct changes *changes, const struct tally *tally, bool after)
{
    for (int i = 0; i < tally->book->rule_count; i++) {
        long sent = tally->rules[i][TALLY_SENT];
        add(changes, tally->book->rules[i]->id, after ? 0 : sent, after ? sent : 0);
    }
}

static void add_people(struct changes *changes, const struct tally *tally, bool after)
{
    for (size_t i = 0; i < tally->message_count; i++)
        add(changes, tally->messages[i].to, !after, after);
}

void tally_compare(const struct tally *before, const struct tally *after, bool json, FILE *out)
{
    struct changes rules = {0}, people = {0};
    add_rules(&rules, before, false);
    add_rules(&rules, after, true);
    add_people(&people, before, false);
    add_people(&people, after, true);
    if (!json)
        (void)fprintf(out, "messages: %zu against %zu\n", after->message_count,
                      before->message_count);
    show("rule", &rules, json, out);
    show("person", &people, json, out);
}
