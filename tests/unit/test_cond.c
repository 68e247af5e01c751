/* Conditions: random trees against what the rule language says of each test, and patterns against
 * the same pattern asked for the first time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/parts.h"

enum { TRIES = 40000, DEPTH_MAX = 3, CHILDREN_MAX = 3, PLACES = 40 };

struct dice {
    uint64_t state;
};

static size_t roll(struct dice *dice, size_t sides)
{
    dice->state = hash_bytes(1, &dice->state, sizeof(dice->state)).a;
    return dice->state % sides;
}

/* --- trees --- */

/* All that one tree needs: nodes lie in it as they are made. */
struct tree {
    struct cond nodes[PLACES];
    struct value values[PLACES][2];
    int count;
};

static void any_leaf(struct dice *dice, struct tree *tree, struct cond *ret)
{
    static const enum cond_op ops[] = {COND_IS,      COND_IS_NOT,   COND_MISSING,
                                       COND_PRESENT, COND_AT_LEAST, COND_AT_MOST,
                                       COND_OVER,    COND_UNDER,    COND_BETWEEN};
    struct value *values = tree->values[ret - tree->nodes];
    *ret = (struct cond){.op = ops[roll(dice, ARRAY_LEN(ops))],
                         .field = {.field = FIELD_COUNT_OF},
                         .values = values,
                         .value_count = 2};
    for (int i = 0; i < 2; i++)
        values[i] = (struct value){.type = VALUE_NUMBER, .number = (int64_t)roll(dice, 5) * 1000};
}

static void any_node(struct dice *dice, struct tree *tree, struct cond *ret, int depth)
{
    static const enum cond_op groups[] = {COND_ALL, COND_ANY, COND_NOT};
    int children = (int)roll(dice, CHILDREN_MAX + 1);
    if (!depth || !roll(dice, 3) || tree->count + children > PLACES) {
        any_leaf(dice, tree, ret);
        return;
    }
    *ret = (struct cond){.op = groups[roll(dice, ARRAY_LEN(groups))],
                         .children = &tree->nodes[tree->count],
                         .child_count = children};
    tree->count += children;
    for (int i = 0; i < children; i++)
        any_node(dice, tree, &ret->children[i], depth - 1);
}

/* What the rule language promises of a number; a missing one is like nothing. */
static bool should_hold_leaf(const struct cond *leaf, int64_t count)
{
    int64_t a = leaf->values[0].number / 1000, b = leaf->values[1].number / 1000;
    bool missing = count == NUMBER_NONE;
    switch ((int)leaf->op) {
    case COND_MISSING:
        return missing;
    case COND_PRESENT:
        return !missing;
    case COND_IS:
        return !missing && (count == a || count == b);
    case COND_IS_NOT:
        return !missing && count != a && count != b;
    case COND_AT_LEAST:
        return !missing && count >= a;
    case COND_AT_MOST:
        return !missing && count <= a;
    case COND_OVER:
        return !missing && count > a;
    case COND_UNDER:
        return !missing && count < a;
    default:
        return !missing && count >= a && count <= b;
    }
}

static bool should_hold(const struct cond *cond, int64_t count)
{
    int held = 0;
    if (!cond->children)
        return should_hold_leaf(cond, count);
    for (int i = 0; i < cond->child_count; i++)
        held += should_hold(&cond->children[i], count);
    if (cond->op == COND_ANY)
        return held > 0;
    return (held == cond->child_count) == (cond->op == COND_ALL);
}

static void cond_of_random_trees_holds_as_promised(void **state)
{
    struct dice dice = {3};
    int held = 0;
    (void)state;
    for (int i = 0; i < TRIES; i++) {
        struct tree tree = {.count = 1};
        struct event event;
        struct scope scope = {.event = &event, .now = 1000};
        event_init(&event, EVENT_ACTIVITY_LOGGED, 1000);
        event.count = roll(&dice, 4) ? (int64_t)roll(&dice, 5) : NUMBER_NONE;
        any_node(&dice, &tree, &tree.nodes[0], DEPTH_MAX);
        bool wanted = should_hold(&tree.nodes[0], event.count);
        assert_int_equal(cond_holds(&tree.nodes[0], &scope), wanted);
        held += wanted;
    }
    assert_in_range(held, TRIES / 4, TRIES * 3 / 4);
}

/* --- patterns --- */

#define LONG_NAME "A name of a deal that is longer than what is remembered, by far: "

static const char *const patterns[] = {"renew|extension", "(?i)RENEW", "^Deal", "1$", "x*",
                                       "deal 12"};
static const char *const names[] = {"Deal 1",          "Deal 12",         "deal 1", "Renewal",
                                    "renewal of Acme", "Extension: Acme", "Deal",   LONG_NAME "1",
                                    LONG_NAME "renew", "Ünïcode renew",   "D"};

/* Two leaves of one pattern, as two rules have them: each with a text and a regex of its own. */
static void leaf_make(struct cond *leaf, struct value *value, const char *pattern)
{
    struct err err;
    *value = (struct value){.type = VALUE_TEXT, .text = xstrdup(pattern)};
    *leaf = (struct cond){
        .op = COND_MATCHES, .field = {.field = FIELD_REASON}, .values = value, .value_count = 1};
    assert_int_equal(cond_regex_compile(pattern, &err, &leaf->regex), 0);
}

static bool fits(struct cond_room *room, const struct cond *leaf, const char *name)
{
    struct core core = {.room = room};
    struct event event;
    struct scope scope = {.core = &core, .event = &event, .now = 1000};
    event_init(&event, EVENT_DEAL_LOST, 1000);
    event.reason = name;
    return cond_holds(leaf, &scope);
}

static bool fits_when_asked_first(const struct cond *leaf, const char *name)
{
    struct cond_room *room = cond_room_new();
    bool holds = fits(room, leaf, name);
    cond_room_free(room);
    return holds;
}

static void pattern_asked_again_says_what_it_said(void **state)
{
    struct cond leaves[2 * ARRAY_LEN(patterns)];
    struct value values[ARRAY_LEN(leaves)];
    struct cond_room *room = cond_room_new();
    struct dice dice = {5};
    int held = 0;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
        leaf_make(&leaves[i], &values[i], patterns[i / 2]);
    for (int i = 0; i < TRIES / 4; i++) {
        char name[128]; /* always at the same place, as the next deal's name may be */
        const struct cond *leaf = &leaves[roll(&dice, ARRAY_LEN(leaves))];
        (void)snprintf(name, sizeof(name), "%s", names[roll(&dice, ARRAY_LEN(names))]);
        if (!roll(&dice, 20))
            cond_room_forget(room);
        bool wanted = fits_when_asked_first(leaf, name);
        assert_int_equal(fits(room, leaf, name), wanted);
        held += wanted;
    }
    assert_in_range(held, TRIES / 16, TRIES * 3 / 16);
    for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
        cond_regex_free(leaves[i].regex);
        free((void *)(uintptr_t)values[i].text);
    }
    cond_room_free(room);
}

/* The book with the pattern may be gone by then. */
static void pattern_that_is_forgotten_may_go(void **state)
{
    struct cond_room *room = cond_room_new();
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct cond leaf;
        struct value value;
        leaf_make(&leaf, &value, patterns[i]);
        assert_int_equal(fits(room, &leaf, "Deal 1"), fits_when_asked_first(&leaf, "Deal 1"));
        cond_room_forget(room);
        cond_regex_free(leaf.regex);
        free((void *)(uintptr_t)value.text);
    }
    cond_room_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cond_of_random_trees_holds_as_promised),
        cmocka_unit_test(pattern_asked_again_says_what_it_said),
        cmocka_unit_test(pattern_that_is_forgotten_may_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
