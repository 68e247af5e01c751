#include <string.h>

#include "base/alloc.h"
#include "base/err.h"
#include "load/blocks.h"
#include "load/load_plugin.h"

#define TYPE_BIT(type) (1u << (type))
enum {
    TYPES_ORDERED = TYPE_BIT(VALUE_NUMBER) | TYPE_BIT(VALUE_MONEY) | TYPE_BIT(VALUE_LENGTH),
    TYPES_EQUAL = TYPE_BIT(VALUE_TEXT) | TYPE_BIT(VALUE_NUMBER) | TYPE_BIT(VALUE_MONEY) |
                  TYPE_BIT(VALUE_BOOL) | TYPE_BIT(VALUE_DATE),
    TYPES_WHEN = TYPE_BIT(VALUE_TIME) | TYPE_BIT(VALUE_DATE),
};

/* The tests of a field written as a mapping; also a chapter of the manual. */
static const struct field_test ops[] = {
    {"is", COND_IS, SHAPE_LIST, TYPES_EQUAL, "equal to, or one of a list", "side: {is: seller}"},
    {"is_not", COND_IS_NOT, SHAPE_LIST, TYPES_EQUAL, "present and different",
     "deal.stage: {is_not: prospect}"},
    {"none_of", COND_IS_NOT, SHAPE_LIST, TYPES_EQUAL, "present and none of a list",
     "deal.stage: {none_of: [won, lost]}"},
    {"at_least", COND_AT_LEAST, SHAPE_ONE, TYPES_ORDERED, "this much or more",
     "deal.amount: {at_least: 10000}"},
    {"at_most", COND_AT_MOST, SHAPE_ONE, TYPES_ORDERED, "this much or less", "count: {at_most: 3}"},
    {"over", COND_OVER, SHAPE_ONE, TYPES_ORDERED, "more than", "deal.in_stage: {over: 14d}"},
    {"under", COND_UNDER, SHAPE_ONE, TYPES_ORDERED, "less than", "rep.tenure: {under: 90d}"},
    {"between", COND_BETWEEN, SHAPE_PAIR, TYPES_ORDERED, "[from, to], both included",
     "deal.amount: {between: [5000, 20000]}"},
    {"contains", COND_CONTAINS, SHAPE_TEXT, TYPE_BIT(VALUE_TEXT), "has these words in it",
     "reason: {contains: price}"},
    {"matches", COND_MATCHES, SHAPE_PATTERN, TYPE_BIT(VALUE_TEXT), "fits a regular expression",
     "deal.name: {matches: renewal|upgrade}"},
    {"within", COND_WITHIN, SHAPE_LENGTH, TYPES_WHEN, "at most so far from now, before or after",
     "deal.close_date: {within: 30d}"},
    {"before", COND_BEFORE, SHAPE_ONE, TYPES_WHEN, "earlier than",
     "deal.created: {before: 2026-01-01}"},
    {"after", COND_AFTER, SHAPE_ONE, TYPES_WHEN, "later than", "rep.joined: {after: 2026-01-01}"},
};

static const char *const type_phrases[] = {
    [VALUE_MISSING] = "nothing",
    [VALUE_TEXT] = "a text",
    [VALUE_NUMBER] = "a number",
    [VALUE_MONEY] = "money",
    [VALUE_TIME] = "a time",
    [VALUE_DATE] = "a date",
    [VALUE_LENGTH] = "a length of time",
    [VALUE_BOOL] = "true or false",
};

const struct field_test *load_field_test_at(size_t index)
{
    return index < ARRAY_LEN(ops) ? &ops[index] : NULL;
}

static const struct field_test *op_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
        if (strcmp(ops[i].name, name) == 0)
            return &ops[i];
    }
    return NULL;
}

static const char **op_names(struct plugin_reading *p, unsigned types, size_t *ret_count)
{
    const char **names = arena_alloc(&p->f.load->scratch, ARRAY_LEN(ops) * sizeof(*names));
    *ret_count = 0;
    for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
        if (ops[i].types & types)
            names[(*ret_count)++] = ops[i].name;
    }
    return names;
}

static void free_regex(void *regex)
{
    cond_regex_free(regex);
}

static bool read_values(struct plugin_reading *p, const struct node *node, struct cond *cond)
{
    int count = node->kind == NODE_LIST ? node->count : 1, errors = p->f.r.errors;
    if (node->kind == NODE_LIST && !count) {
        read_wrong(&p->f.r, node, "a list with at least one value", NULL);
        return false;
    }
    cond->values = arena_alloc(p->f.r.arena, (size_t)count * sizeof(*cond->values));
    cond->value_count = count;
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < count; i++, item = item->next)
        (void)field_read_value(p, &cond->field, item, &cond->values[i]); /* counted */
    return p->f.r.errors == errors;
}

static bool read_pair(struct plugin_reading *p, const struct node *node, struct cond *cond)
{
    if (node->kind != NODE_LIST || node->count != 2) {
        read_wrong(&p->f.r, node, "a list of two values", "[10, 20]");
        return false;
    }
    if (!read_values(p, node, cond))
        return false;
    if (cond->values[0].number > cond->values[1].number) {
        read_error(&p->f.r, node, "wrong-value", "'between' needs the smaller value first");
        return false;
    }
    return true;
}

static bool read_pattern(struct plugin_reading *p, const struct node *node, struct cond *cond)
{
    struct err err = {0};
    const char *pattern;
    if (!read_text(&p->f.r, node, &pattern))
        return false;
    if (cond_regex_compile(pattern, &err, &cond->regex)) {
        read_error(&p->f.r, node, "bad-pattern", "%s", err.text);
        return false;
    }
    plugin_made(p, free_regex, cond->regex);
    cond->values = arena_alloc(p->f.r.arena, sizeof(*cond->values));
    cond->values[0] = (struct value){.type = VALUE_TEXT, .text = pattern};
    cond->value_count = 1;
    return true;
}

static bool read_shape(struct plugin_reading *p, const struct node *node, enum test_shape shape,
                       struct cond *cond)
{
    struct value value = {0};
    bool ok = false;
    switch (shape) {
    case SHAPE_LIST:
        return read_values(p, node, cond);
    case SHAPE_PAIR:
        return read_pair(p, node, cond);
    case SHAPE_PATTERN:
        return read_pattern(p, node, cond);
    case SHAPE_ONE:
        ok = field_read_value(p, &cond->field, node, &value);
        break;
    case SHAPE_TEXT:
        value.type = VALUE_TEXT;
        ok = read_text(&p->f.r, node, &value.text);
        break;
    case SHAPE_LENGTH:
        value.type = VALUE_LENGTH;
        ok = read_calendar_length(&p->f.r, node, &value.number);
        break;
    }
    cond->values = arena_alloc(p->f.r.arena, sizeof(*cond->values));
    cond->values[0] = value;
    cond->value_count = 1;
    return ok;
}

static bool read_op(struct plugin_reading *p, const struct node *node, const struct field_ref *ref,
                    struct cond *ret)
{
    struct reading *r = &p->f.r;
    const struct field_test *op = op_find(node->key);
    enum value_type type = field_ref_type(p, ref);
    size_t count;
    if (!op) {
        const char **names = op_names(p, TYPE_BIT(type), &count);
        read_unknown(r, read_key_place(r, node), "unknown-test", "test", node->key, names, count);
        return false;
    }
    if (!(op->types & TYPE_BIT(type))) {
        const char **names = op_names(p, TYPE_BIT(type), &count);
        struct strbuf list = {0};
        for (size_t i = 0; i < count; i++)
            strbuf_printf(&list, "%s%s", i ? ", " : "", names[i]);
        read_error_at(r, read_key_place(r, node), "wrong-test",
                      "'%s' does not fit: the field is %s; what fits is: %s", op->name,
                      type_phrases[type], strbuf_text(&list));
        strbuf_done(&list);
        return false;
    }
    *ret = (struct cond){
        .op = (enum cond_op)op->op, .field = *ref, .line = node->key_line, .col = node->key_col};
    return read_shape(p, node, op->shape, ret);
}

/* Children joined by op; one child of ALL stands for itself. */
static void join(struct plugin_reading *p, enum cond_op op, struct cond *children, int count,
                 const struct node *node, struct cond *ret)
{
    (void)p;
    if (op == COND_ALL && count == 1)
        *ret = children[0];
    else
        *ret = (struct cond){.op = op,
                             .children = children,
                             .child_count = count,
                             .line = node->line,
                             .col = node->col};
}

static bool read_equal(struct plugin_reading *p, const struct node *node,
                       const struct field_ref *ref, struct cond *ret)
{
    enum value_type type = field_ref_type(p, ref);
    *ret =
        (struct cond){.op = COND_IS, .field = *ref, .line = node->key_line, .col = node->key_col};
    if (node->kind == NODE_SCALAR && !node->quoted &&
        (str_eq(node->text, "missing") || str_eq(node->text, "present"))) {
        ret->op = node->text[0] == 'm' ? COND_MISSING : COND_PRESENT;
        return true;
    }
    if (!(TYPES_EQUAL & TYPE_BIT(type))) {
        read_wrong(&p->f.r, node,
                   arena_printf(&p->f.load->scratch, "a test, because the field is %s",
                                type_phrases[type]),
                   TYPES_WHEN & TYPE_BIT(type) ? "{before: 2026-03-02} or {within: 2d}"
                                               : "{at_least: 2d}");
        return false;
    }
    return read_values(p, node, ret);
}

static bool read_field(struct plugin_reading *p, const struct node *node, struct cond *ret)
{
    struct field_ref ref;
    struct err err = {0};
    if (field_resolve(p, node->key, &err, &ref)) {
        read_error_at(&p->f.r, read_key_place(&p->f.r, node), "unknown-field", "%s", err.text);
        return false;
    }
    if (node->kind != NODE_MAP)
        return read_equal(p, node, &ref, ret);
    struct cond *children =
        arena_alloc(p->f.r.arena, (size_t)(node->count + 1) * sizeof(*children));
    int count = 0;
    for (const struct node *n = node->first; n; n = n->next)
        count += read_op(p, n, &ref, &children[count]);
    if (!node->count)
        read_wrong(&p->f.r, node, "a test", "{at_least: 3}");
    if (count != node->count || !count)
        return false;
    join(p, COND_ALL, children, count, node, ret);
    return true;
}

static bool read_group(struct plugin_reading *p, const struct node *node, enum cond_op op,
                       struct cond *ret)
{
    int count = 0;
    if (node->kind == NODE_MAP && op == COND_NOT) {
        struct cond *only = cond_read(p, node, NULL);
        if (only)
            join(p, COND_NOT, only, 1, node, ret);
        else if (!node->count)
            read_wrong(&p->f.r, node, "a mapping of tests", "{side: seller}");
        return only;
    }
    if (node->kind != NODE_LIST || !node->count) {
        read_wrong(&p->f.r, node, op == COND_NOT ? "a mapping of tests" : "a list of mappings",
                   op == COND_NOT ? "{side: seller}" : "[{side: seller}, {kind: call}]");
        return false;
    }
    struct cond *children = arena_alloc(p->f.r.arena, (size_t)node->count * sizeof(*children));
    for (const struct node *n = node->first; n; n = n->next) {
        struct cond *child = n->kind == NODE_MAP ? cond_read(p, n, NULL) : NULL;
        if (child)
            children[count++] = *child;
        else if (n->kind != NODE_MAP || !n->count)
            read_wrong(&p->f.r, n, "a mapping of tests", "{side: seller}");
    }
    if (count != node->count)
        return false;
    join(p, op, children, count, node, ret);
    return true;
}

static bool skipped(const char *const *skip, const char *key)
{
    return skip && words_find(skip, key) >= 0;
}

struct cond *cond_read(struct plugin_reading *p, const struct node *map, const char *const *skip)
{
    int count = 0, errors = p->f.r.errors;
    if (map->kind != NODE_MAP) {
        read_wrong(&p->f.r, map, "a mapping of field to test", "{side: seller}");
        return NULL;
    }
    struct cond *children = arena_alloc(p->f.r.arena, (size_t)(map->count + 1) * sizeof(*children));
    for (const struct node *n = map->first; n; n = n->next) {
        if (skipped(skip, n->key))
            continue;
        enum cond_op op = str_eq(n->key, "any")   ? COND_ANY
                          : str_eq(n->key, "all") ? COND_ALL
                          : str_eq(n->key, "not") ? COND_NOT
                                                  : COND_IS;
        count += op == COND_IS ? read_field(p, n, &children[count])
                               : read_group(p, n, op, &children[count]);
    }
    if (p->f.r.errors != errors || !count)
        return NULL;
    struct cond *ret = arena_alloc(p->f.r.arena, sizeof(*ret));
    join(p, COND_ALL, children, count, map, ret);
    return ret;
}
