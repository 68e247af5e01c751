/* Small groups are hidden, and so is whatever would give them away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/suppress.h"

enum { GROUPS = 7, TABLES = 20000 };

static uint64_t seed = 11;

static int64_t roll(int64_t sides)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (int64_t)(seed >> 33) % sides;
}

struct table {
    int64_t people[GROUPS];
    bool hidden[GROUPS], sum_hidden;
    size_t count;
};

static struct table random_table(bool sum_known)
{
    struct table t = {.count = 1 + (size_t)roll(GROUPS)};
    int64_t sides = roll(2) ? 7 : 30; /* many small ones, or few */
    for (size_t i = 0; i < t.count; i++)
        t.people[i] = roll(sides);
    t.sum_hidden = suppress_groups(t.people, t.count, sum_known, t.hidden);
    return t;
}

static void suppress_hides_every_small_group_and_no_empty_one(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        struct table t = random_table(i % 2);
        for (size_t k = 0; k < t.count; k++) {
            assert_false(t.people[k] > 0 && t.people[k] < SUPPRESS_LEAST && !t.hidden[k]);
            assert_false(t.people[k] == 0 && t.hidden[k]);
        }
    }
}

/* What an onlooker can work out: the sum less what is shown is a figure of all hidden groups
 * together, which are two at least and as many people as any group that is shown. */
static void suppress_leaves_no_difference_that_tells(void **state)
{
    int met = 0;
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        struct table t = random_table(true);
        int64_t sum = 0, shown = 0, groups = 0;
        for (size_t k = 0; k < t.count; k++) {
            sum += t.people[k];
            shown += t.hidden[k] ? 0 : t.people[k];
            groups += t.hidden[k];
        }
        if (!groups || t.sum_hidden)
            continue;
        met++;
        assert_true(groups >= 2);
        assert_true(sum - shown >= SUPPRESS_LEAST);
    }
    assert_true(met > TABLES / 10);
}

static void suppress_hides_the_sum_only_where_nothing_else_helps(void **state)
{
    int met = 0;
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        struct table t = random_table(true);
        for (size_t k = 0; t.sum_hidden && k < t.count; k++)
            assert_true(t.hidden[k] || !t.people[k]);
        met += t.sum_hidden;
    }
    assert_true(met > 100);
}

static void suppress_hides_nothing_without_a_small_group(void **state)
{
    (void)state;
    for (int i = 0; i < TABLES; i++) {
        struct table t = random_table(true);
        bool small = false, hidden = t.sum_hidden;
        for (size_t k = 0; k < t.count; k++) {
            small |= suppress_one(t.people[k]);
            hidden |= t.hidden[k];
        }
        assert_true(small || !hidden);
    }
}

/* The smallest of the larger ones gives way, and only as many as it takes. */
static void suppress_takes_as_little_as_it_can(void **state)
{
    static const struct {
        int64_t people[4];
        bool known, hidden[4], sum;
    } cases[] = {
        {{9, 7, 3, 12}, true, {false, true, true, false}, false},
        {{9, 7, 3, 12}, false, {false, false, true, false}, false},
        {{9, 4, 3, 12}, true, {false, true, true, false}, false},
        {{9, 1, 1, 12}, true, {true, true, true, false}, false},
        {{4, 0, 0, 0}, true, {true, false, false, false}, true},
        {{2, 2, 0, 0}, true, {true, true, false, false}, true},
        {{5, 5, 6, 8}, true, {false, false, false, false}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        bool hidden[4];
        assert_int_equal(suppress_groups(cases[i].people, 4, cases[i].known, hidden), cases[i].sum);
        assert_memory_equal(hidden, cases[i].hidden, sizeof(hidden));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(suppress_hides_every_small_group_and_no_empty_one),
        cmocka_unit_test(suppress_leaves_no_difference_that_tells),
        cmocka_unit_test(suppress_hides_the_sum_only_where_nothing_else_helps),
        cmocka_unit_test(suppress_hides_nothing_without_a_small_group),
        cmocka_unit_test(suppress_takes_as_little_as_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
