#include "wire/remap.h"

#include <errno.h>
#include <string.h>

#include "base/str.h"

enum { EVENTS_MAX = 1000 };

struct run {
    const struct remap_entry *entry;
    const struct jtree *root, *here; /* the body; what paths begin at */
    struct arena *arena;
    remap_take take;
    void *user;
    struct err *err;
    int count;
};

static const struct jtree *item(const struct jtree *list, int index)
{
    const struct jtree *one = list->first;
    for (int i = 0; one && i < index; i++)
        one = one->next;
    return one;
}

static const struct jtree *find(const struct run *run, const struct remap_value *value)
{
    const struct jtree *node = value->whole ? run->root : run->here;
    for (int i = 0; i < value->step_count && node; i++) {
        const struct remap_step *step = &value->steps[i];
        enum jtree_type wanted = step->name ? JTREE_OBJECT : JTREE_ARRAY;
        if (node->type != wanted)
            return NULL;
        node = step->name ? jtree_find(node, step->name) : item(node, step->index);
    }
    return node && node->type != JTREE_NULL ? node : NULL;
}

/* Words are compared as they stand there: numbers and flags by their text. */
static bool is_word(const struct jtree *node, const char *word)
{
    switch (node->type) {
    case JTREE_TRUE:
        return str_eq(word, "true");
    case JTREE_FALSE:
        return str_eq(word, "false");
    case JTREE_TEXT:
    case JTREE_NUMBER:
        return strlen(word) == node->length && memcmp(word, node->text, node->length) == 0;
    case JTREE_NULL:
    case JTREE_ARRAY:
    case JTREE_OBJECT:
        return false;
    }
    return false;
}

static bool is_one(const struct jtree *node, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (is_word(node, words[i]))
            return true;
    }
    return false;
}

static bool holds(const struct run *run, const struct remap_when *when)
{
    const struct jtree *node = find(run, &when->path);
    if (when->is)
        return node && is_one(node, when->is, when->is_count);
    if (when->is_not)
        return !node || !is_one(node, when->is_not, when->is_not_count);
    return node;
}

/* A node of its own for the value: the same one may be used several times. NULL: nothing there. */
static struct jtree *value_of(const struct run *run, const struct remap_value *value)
{
    if (!value->text)
        return NULL;
    if (!value->is_path)
        return jtree_text_new(run->arena, value->text);
    const struct jtree *node = find(run, value);
    if (!node)
        return NULL;
    struct jtree *copy = arena_alloc(run->arena, sizeof(*copy));
    *copy = *node;
    copy->next = NULL;
    return copy;
}

static void put(const struct run *run, struct jtree *object, const char *name,
                const struct remap_value *value)
{
    struct jtree *node = value_of(run, value);
    if (node)
        jtree_add(object, name, node);
}

static int make(struct run *run)
{
    const struct remap_entry *entry = run->entry;
    for (int i = 0; i < entry->when_count; i++) {
        if (!holds(run, &entry->whens[i]))
            return 0;
    }
    if (++run->count > EVENTS_MAX)
        return err_set(run->err, E2BIG, "more than %d events in one body", EVENTS_MAX);
    struct jtree *flat = jtree_object_new(run->arena), *deal = jtree_object_new(run->arena);
    jtree_add(flat, "type", jtree_text_new(run->arena, event_type_name(entry->type)));
    put(run, flat, "id", &entry->id);
    put(run, flat, "time", &entry->time);
    put(run, flat, "rep", &entry->rep);
    for (int i = 0; i < entry->member_count; i++) {
        const struct remap_member *member = &entry->members[i];
        put(run, member->deal ? deal : flat, member->name, &member->value);
    }
    if (deal->first)
        jtree_add(flat, "deal", deal);
    return run->take(run->user, flat, run->err);
}

static int run_entry(struct run *run)
{
    run->here = run->root;
    if (!run->entry->each.text)
        return make(run);
    const struct jtree *list = find(run, &run->entry->each);
    int status = 0;
    for (const struct jtree *one = list && list->type == JTREE_ARRAY ? list->first : NULL;
         one && !status; one = one->next) {
        run->here = one;
        status = make(run);
    }
    return status;
}

int remap_run(const struct remap *map, const struct jtree *root, struct arena *arena,
              remap_take take, void *user, struct err *err)
{
    struct run run = {.root = root, .arena = arena, .take = take, .user = user, .err = err};
    int status = 0;
    for (int i = 0; i < map->count && !status; i++) {
        run.entry = &map->entries[i];
        status = run_entry(&run);
    }
    return status;
}
