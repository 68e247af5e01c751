/* ideas: which of the ideas about coaching a rule carries out. */
#include "load/load_idea.h"

#include "core/idea.h"

static bool known(const char *id)
{
    for (int i = 0; i < idea_count; i++) {
        if (str_eq(ideas[i].id, id))
            return true;
    }
    return false;
}

static void unknown(struct reading *r, const struct node *node, const char *id)
{
    const char **ids = arena_alloc(&loading_of(r)->scratch, (size_t)idea_count * sizeof(*ids));
    for (int i = 0; i < idea_count; i++)
        ids[i] = ideas[i].id;
    read_unknown(r, read_place(r, node), "unknown-idea", "idea", id, ids, (size_t)idea_count);
}

void idea_read(struct reading *r, const struct node *node, void *into)
{
    struct rule *rule = &((struct rule_draft *)into)->rule;
    if (node->kind == NODE_MAP) {
        read_wrong(r, node, "the id of an idea, or a list of ids", "[B76, B77]");
        return;
    }
    if (!read_texts(r, node, &rule->ideas, &rule->idea_count))
        return;
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < rule->idea_count; i++, item = item->next) {
        if (!known(rule->ideas[i]))
            unknown(r, item, rule->ideas[i]);
    }
}
