#include <string.h>

#include "load/load_plugin.h"

/* One event with its tests, and the bit it adds. */
static struct cond *read_mapping(struct plugin_reading *p, const struct node *node,
                                 const char *const *skip, uint64_t *ret_bits)
{
    const struct node *event = node_get(node, "event");
    const char *skip_all[8] = {"event"};
    for (size_t i = 0; skip && skip[i] && i + 2 < sizeof(skip_all) / sizeof(*skip_all); i++)
        skip_all[i + 1] = skip[i];
    *ret_bits = 0;
    if (!event) {
        read_error(&p->f.r, node, "missing-key",
                   "'event' is missing: what happens, such as {event: deal.lost}");
        return NULL;
    }
    (void)read_events(&p->f.r, event, ret_bits); /* the problem is told */
    return cond_read(p, node, skip_all);
}

/* The test that an event is of one of these types. */
static struct cond type_test(struct plugin_reading *p, const struct node *node, uint64_t bits)
{
    struct cond test = {.op = COND_IS, .line = node->line, .col = node->col};
    test.field.field = FIELD_TYPE;
    test.values = arena_alloc(p->f.r.arena, EVENT_RULE_TYPES * sizeof(*test.values));
    for (int i = 0; i < EVENT_RULE_TYPES; i++) {
        if (bits >> i & 1)
            test.values[test.value_count++] =
                (struct value){.type = VALUE_TEXT, .text = event_words[i]};
    }
    return test;
}

/* One entry of a list as "this type and its tests", so that each entry keeps its own tests. */
static struct cond read_entry(struct plugin_reading *p, const struct node *node,
                              const char *const *skip, uint64_t *ret_bits)
{
    struct cond *tests = NULL;
    if (node->kind == NODE_MAP)
        tests = read_mapping(p, node, skip, ret_bits);
    else if (!read_events(&p->f.r, node, ret_bits))
        *ret_bits = 0;
    struct cond type = type_test(p, node, *ret_bits);
    if (!tests)
        return type;
    struct cond *both = arena_alloc(p->f.r.arena, 2 * sizeof(*both));
    both[0] = type;
    both[1] = *tests;
    return (struct cond){
        .op = COND_ALL, .children = both, .child_count = 2, .line = node->line, .col = node->col};
}

static void read_mixed_list(struct plugin_reading *p, const struct node *node,
                            const char *const *skip, uint64_t *ret_bits, struct cond **ret_cond)
{
    struct cond *any = arena_alloc(p->f.r.arena, sizeof(*any));
    *any = (struct cond){.op = COND_ANY, .line = node->line, .col = node->col};
    any->children = arena_alloc(p->f.r.arena, (size_t)node->count * sizeof(*any->children));
    for (const struct node *n = node->first; n; n = n->next) {
        uint64_t bits;
        any->children[any->child_count++] = read_entry(p, n, skip, &bits);
        *ret_bits |= bits;
    }
    *ret_cond = any;
}

void when_read(struct plugin_reading *p, const struct node *node, const char *const *skip,
               uint64_t *ret_bits, struct cond **ret_cond)
{
    bool mixed = false;
    *ret_bits = 0;
    *ret_cond = NULL;
    for (const struct node *n = node->kind == NODE_LIST ? node->first : NULL; n; n = n->next)
        mixed |= n->kind == NODE_MAP;
    if (node->kind == NODE_MAP)
        *ret_cond = read_mapping(p, node, skip, ret_bits);
    else if (mixed)
        read_mixed_list(p, node, skip, ret_bits, ret_cond);
    else
        (void)read_events(&p->f.r, node, ret_bits); /* the problem is told */
}
