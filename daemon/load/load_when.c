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

/* --- the keys of a rule that say when --- */

void when_read_when(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    draft->points++;
    when_read(plugin_of(r), node, NULL, &draft->rule.when, &draft->rule.when_cond);
}

static void free_sched(void *sched)
{
    sched_free(sched);
}

static void read_schedule(struct reading *r, const struct node *node, enum sched_notation notation,
                          struct rule_draft *draft)
{
    struct err err = {0};
    const char *text;
    msec_t due;
    draft->points++;
    if (!read_text(r, node, &text))
        return;
    struct sched *sched;
    if (sched_parse(text, notation, &err, &sched)) {
        read_error(r, node, "bad-schedule", "%s", err.text);
        return;
    }
    plugin_made(plugin_of(r), free_sched, sched);
    /* the search begins where no schedule has come to its end yet */
    if (sched_next(sched, tz_utc(), 0, &due))
        read_error(r, node, "bad-schedule", "'%s' is never due: there is no such day", text);
    draft->rule.sched = sched;
}

void when_read_every(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_EVERY, into);
}

void when_read_cron(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_CRON, into);
}

void when_read_rrule(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_RRULE, into);
}

void when_read_rule_zone(struct reading *r, const struct node *node, void *into)
{
    const char *name;
    (void)read_zone(r, node, &name, &((struct rule_draft *)into)->rule.zone); /* told */
}

/* "once within 15m", "skip", "all within 4h" */
void when_read_missed(struct reading *r, const struct node *node, void *into)
{
    static const char *const words[] = {"once", "skip", "all", NULL};
    struct rule *rule = &((struct rule_draft *)into)->rule;
    const char *text;
    bool working = false;
    msec_t length = 0;
    if (!read_text(r, node, &text))
        return;
    size_t word_length = strcspn(text, " ");
    const char *rest = text + word_length;
    int word = words_find(words, arena_strndup(r->arena, text, word_length));
    bool within = str_starts(rest, " within ");
    bool bad = word < 0 || (*rest && !within) || (word == MISSED_SKIP && *rest) ||
               (word == MISSED_ALL && !within);
    if (!bad && within)
        bad = !length_parse(rest + strlen(" within "), &working, &length) || working || !length;
    if (bad) {
        read_wrong(r, node, "what happens to a time that passed while the daemon was down",
                   "once within 15m, skip, or all within 4h");
        return;
    }
    rule->missed = (enum schedule_missed)word;
    if (within)
        rule->missed_within = length;
}

void when_read_if(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    draft->rule.cond = cond_read(plugin_of(r), node, NULL);
}

void when_read_for(struct reading *r, const struct node *node, void *into)
{
    struct rule *rule = &((struct rule_draft *)into)->rule;
    bool working;
    msec_t length;
    if (!read_length(r, node, &working, &length))
        return;
    rule->wait = length;
    rule->wait_working = working;
}

void when_read_unless(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    when_read(plugin_of(r), node, NULL, &draft->rule.unless, &draft->rule.unless_cond);
}

void when_read_outcome(struct reading *r, const struct node *node, void *into)
{
    static const char *const skip[] = {"within", NULL};
    struct rule *rule = &((struct rule_draft *)into)->rule;
    const struct node *within = node_get(node, "within");
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping", "{event: gate.completed, side: customer, within: 3d}");
        return;
    }
    when_read(plugin_of(r), node, skip, &rule->outcome_when, &rule->outcome_cond);
    if (within)
        (void)read_calendar_length(r, within, &rule->outcome_within); /* the problem is told */
    else
        read_error(r, node, "missing-key", "outcome needs 'within', such as within: 3d");
}
