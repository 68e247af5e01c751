/* What the words of an event say about a condition is what the condition says itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/parts.h"
#include "core/words.h"

enum { TRIES = 40000, VALUES_MAX = 3, LEAVES_MAX = 4, GROUPS_MAX = 3 };

static const char *const words[] = {"call",        "CALL",      "meeting", "other",     "outbound",
                                    "Inbound",     "none",      "forward", "no_answer", "unknown",
                                    "rescheduled", "cancelled", "",        "one_to_one"};

struct dice {
    uint64_t state;
};

static size_t roll(struct dice *dice, size_t sides)
{
    dice->state = hash_bytes(1, &dice->state, sizeof(dice->state)).a;
    return dice->state % sides;
}

static const char *any_word(struct dice *dice)
{
    size_t at = roll(dice, ARRAY_LEN(words) + 1);
    return at < ARRAY_LEN(words) ? words[at] : NULL;
}

static void any_event(struct dice *dice, struct event *ret)
{
    event_init(ret, EVENT_ACTIVITY_LOGGED, 1000);
    bool odd = !roll(dice, 4); /* with words that no list has */
    ret->kind = odd ? any_word(dice) : word_kind_text((int)roll(dice, 4));
    ret->direction = odd ? any_word(dice) : word_direction_text((int)roll(dice, 4));
    ret->outcome = odd ? any_word(dice) : word_outcome_text((int)roll(dice, 4));
    ret->topic = any_word(dice);
    ret->automated = roll(dice, 2);
}

static void any_leaf(struct dice *dice, struct value *values, struct cond *ret)
{
    static const enum field fields[] = {FIELD_KIND,      FIELD_DIRECTION, FIELD_OUTCOME,
                                        FIELD_AUTOMATED, FIELD_TOPIC,     FIELD_REASON,
                                        FIELD_KIND,      FIELD_OUTCOME};
    static const enum cond_op ops[] = {COND_IS, COND_IS, COND_IS, COND_IS_NOT, COND_MISSING};
    *ret = (struct cond){.op = ops[roll(dice, ARRAY_LEN(ops))],
                         .field = {.field = fields[roll(dice, ARRAY_LEN(fields))]},
                         .values = values,
                         .value_count = 1 + (int)roll(dice, VALUES_MAX)};
    for (int i = 0; i < ret->value_count; i++) {
        const char *word = words[roll(dice, ARRAY_LEN(words))];
        values[i] = ret->field.field == FIELD_AUTOMATED
                        ? (struct value){.type = VALUE_BOOL, .number = (int64_t)roll(dice, 2)}
                        : (struct value){.type = VALUE_TEXT, .text = word};
    }
}

/* Up to two levels, as a rule with several events has: one of them, and all of its words. */
struct tree {
    struct value values[GROUPS_MAX][LEAVES_MAX][VALUES_MAX];
    struct cond leaves[GROUPS_MAX][LEAVES_MAX], groups[GROUPS_MAX], top;
};

static void any_group(struct dice *dice, struct tree *tree, int place)
{
    struct cond *group = &tree->groups[place];
    *group = (struct cond){.op = roll(dice, 6) ? COND_ALL : COND_NOT,
                           .children = tree->leaves[place],
                           .child_count = (int)roll(dice, LEAVES_MAX + 1)};
    for (int k = 0; k < group->child_count; k++)
        any_leaf(dice, tree->values[place][k], &tree->leaves[place][k]);
}

static const struct cond *any_tree(struct dice *dice, struct tree *tree)
{
    any_group(dice, tree, 0);
    if (roll(dice, 2)) {
        bool bare = tree->groups[0].child_count == 1 && roll(dice, 2);
        return bare ? tree->leaves[0] : tree->groups;
    }
    tree->top = (struct cond){.op = roll(dice, 4) ? COND_ANY : COND_ALL,
                              .children = tree->groups,
                              .child_count = (int)roll(dice, GROUPS_MAX + 1)};
    for (int i = 1; i < tree->top.child_count; i++)
        any_group(dice, tree, i);
    return &tree->top;
}

static void wake_of_random_conditions_says_what_they_say(void **state)
{
    struct dice dice = {7};
    size_t passed_over = 0, passed_over_any = 0, exact = 0;
    (void)state;
    for (int i = 0; i < TRIES; i++) {
        struct tree tree;
        struct event event;
        struct scope scope = {.event = &event, .now = 1000};
        const struct cond *cond = any_tree(&dice, &tree);
        any_event(&dice, &event);
        struct wake wake = wake_of(cond);
        uint64_t own = wake_words(&event);
        bool holds = cond_holds(cond, &scope), fits = !(own & ~wake.words);
        if (holds)
            assert_true(fits);
        if (fits && wake.exact && wake_is_plain(own))
            assert_true(holds);
        passed_over += !fits;
        passed_over_any += !fits && cond->op == COND_ANY && cond->child_count;
        exact += fits && wake.exact && wake_is_plain(own);
    }
    assert_true(passed_over > TRIES / 4);
    assert_true(passed_over_any > TRIES / 40);
    assert_true(exact > TRIES / 10);
}

static void wake_of_no_condition_and_of_another_tree_lets_everything_pass(void **state)
{
    struct event event;
    struct value call = {.type = VALUE_TEXT, .text = "call"};
    struct cond leaf = {
        .op = COND_IS, .field = {.field = FIELD_KIND}, .values = &call, .value_count = 1};
    struct cond two[] = {leaf, {.op = COND_MISSING, .field = {.field = FIELD_KIND}}};
    struct cond any = {.op = COND_ANY, .children = two, .child_count = 2};
    struct cond not = {.op = COND_NOT, .children = &leaf, .child_count = 1};
    (void)state;
    event_init(&event, EVENT_ACTIVITY_LOGGED, 1000);
    event.kind = "email";
    assert_false(wake_words(&event) & ~wake_of(NULL).words);
    assert_true(wake_of(NULL).exact);
    assert_false(wake_words(&event) & ~wake_of(&any).words);
    assert_false(wake_of(&any).exact);
    assert_false(wake_words(&event) & ~wake_of(&not ).words);
    assert_false(wake_of(&not ).exact);
    assert_true(wake_words(&event) & ~wake_of(&leaf).words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wake_of_random_conditions_says_what_they_say),
        cmocka_unit_test(wake_of_no_condition_and_of_another_tree_lets_everything_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
