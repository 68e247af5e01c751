/* The figures of experiments: by hand, at their thresholds, and whether the interval holds what it
 * promises when experiments are played hundreds of times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "core/stats.h"

static void assert_near(double found, double wanted, double within)
{
    if (found < wanted - within || found > wanted + within)
        fail_msg("%.6f is not %.6f", found, wanted);
}

/* Source of the wanted values: any table of the t distribution. */
static void stats_t_is_that_of_the_tables(void **state)
{
    (void)state;
    assert_near(stats_t(0, 9), 2.2622, 0.001);
    assert_near(stats_t(0, 14), 2.1448, 0.001);
    assert_near(stats_t(0, 29), 2.0452, 0.001);
    assert_near(stats_t(0, 120), 1.9799, 0.001);
    assert_near(stats_t(1, 9), 2.6850, 0.003);
    assert_near(stats_t(1, 1000000), 2.2414, 0.001);
    assert_near(stats_t(99, 1000000), stats_t(15, 1000000), 0); /* no further than the table */
}

/* So many people, each with `each` occasions in both arms, of which `hits` in the arm. */
static void fill(struct stats_cluster *list, size_t people, int64_t each, int64_t p)
{
    for (size_t i = 0; i < people; i++) {
        list[i] = (struct stats_cluster){.count = {each, each}};
        for (int arm = 0; arm < 2; arm++)
            list[i].weight[arm] = each * p;
    }
}

static void stats_says_what_is_missing(void **state)
{
    struct stats_cluster list[12];
    struct stats_difference d;
    (void)state;
    stats_compare(NULL, 0, 0, &d);
    assert_int_equal(d.verdict, STATS_FEW_OCCASIONS);
    fill(list, 9, 10, 2000);
    stats_compare(list, 9, 0, &d);
    assert_int_equal(d.verdict, STATS_FEW_PEOPLE);
    fill(list, 12, 2, 2000);
    stats_compare(list, 12, 0, &d);
    assert_int_equal(d.verdict, STATS_FEW_OCCASIONS);
    fill(list, 10, 3, 2000);
    stats_compare(list, 10, 0, &d);
    assert_int_equal(d.verdict, STATS_TOO_UNIFORM); /* no outcome at all */
    for (int i = 0; i < 10; i++) {                  /* everybody alike: no spread to judge by */
        list[i].hits[1] = 1;
        list[i].weighted[1] = 2000;
    }
    stats_compare(list, 10, 0, &d);
    assert_int_equal(d.verdict, STATS_TOO_UNIFORM);
    list[3].hits[1] = 2;
    list[3].weighted[1] = 4000;
    stats_compare(list, 10, 0, &d);
    assert_int_equal(d.verdict, STATS_ENOUGH);
}

/* Worked out by hand with fractions: 10 people, 3 occasions in each arm, weight 2; the first five
 * have 2 of 3 with the message, the others 1; without it everybody 1, the last two 0.
 * shares 15/30 and 8/30, difference 7/30; pulls: five of (0.5 - 7/30 ... ) / 30 as below. */
static void stats_interval_is_that_worked_out_by_hand(void **state)
{
    struct stats_cluster list[10];
    struct stats_difference d;
    double sum = 0;
    (void)state;
    fill(list, 10, 3, 2000);
    for (int i = 0; i < 10; i++) {
        list[i].hits[1] = i < 5 ? 2 : 1;
        list[i].hits[0] = i < 8 ? 1 : 0;
        for (int arm = 0; arm < 2; arm++)
            list[i].weighted[arm] = list[i].hits[arm] * 2000;
        double with = (double)list[i].hits[1] - 1.5, without = (double)list[i].hits[0] - 0.8;
        sum += (with - without) * (with - without) / (30.0 * 30.0);
    }
    double variance = sum * (10.0 / 9.0) * (59.0 / 58.0);
    stats_compare(list, 10, 0, &d);
    assert_int_equal(d.verdict, STATS_ENOUGH);
    assert_int_equal(d.clusters, 10);
    assert_near(d.share[1], 0.5, 1e-12);
    assert_near(d.share[0], 8.0 / 30.0, 1e-12);
    assert_near(d.difference, 7.0 / 30.0, 1e-12);
    double reach = d.high - d.difference;
    assert_near(reach * reach, variance * 2.2622 * 2.2622, 1e-4);
    assert_near(d.low, d.difference - reach, 1e-12);
    struct stats_difference wider;
    stats_compare(list, 10, 1, &wider);
    assert_true(wider.low < d.low && wider.high > d.high);
}

/* A share of 2 of 10 that was drawn with p 0.1 weighs as much as one of 18 of 90 with p 0.9. */
static void stats_weights_make_up_for_the_chances(void **state)
{
    struct stats_cluster list[2] = {{.count = {0, 10}, .hits = {0, 2}},
                                    {.count = {0, 90}, .hits = {0, 81}}};
    struct stats_difference d;
    (void)state;
    assert_int_equal(stats_weight(1000), STATS_WEIGHT_ONE);
    assert_int_equal(stats_weight(100), 10 * STATS_WEIGHT_ONE);
    list[0].weight[1] = 10 * stats_weight(100);
    list[0].weighted[1] = 2 * stats_weight(100);
    list[1].weight[1] = 90 * stats_weight(900);
    list[1].weighted[1] = 81 * stats_weight(900);
    stats_compare(list, 2, 0, &d);
    assert_near(d.share[1], 0.55, 0.0005);
}

/* --- played experiments --- */

struct world {
    uint64_t random;
};

static double chance(struct world *w)
{
    w->random = w->random * 6364136223846793005ULL + 1442695040888963407ULL;
    uint64_t x = w->random;
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    return (double)(x >> 11) / 9007199254740992.0;
}

enum { PEOPLE = 24, OCCASIONS = 16, EXPERIMENTS = 400 };

/* People differ in how often the outcome comes anyway (0.25 to 0.65) and in what the message does
 * (effect, give or take 0.1). p of the message is 0.7. */
static void play(struct world *w, double effect, struct stats_cluster *list)
{
    for (int i = 0; i < PEOPLE; i++) {
        double base = 0.25 + 0.4 * chance(w), own = effect + 0.2 * (chance(w) - 0.5);
        list[i] = (struct stats_cluster){0};
        for (int k = 0; k < OCCASIONS; k++) {
            int arm = chance(w) < 0.7;
            bool hit = chance(w) < base + (arm ? own : 0);
            list[i].count[arm]++;
            list[i].hits[arm] += hit;
            list[i].weight[arm] += stats_weight(arm ? 700 : 300);
            list[i].weighted[arm] += hit ? stats_weight(arm ? 700 : 300) : 0;
        }
    }
}

static void stats_interval_holds_the_true_effect_in_95_of_100(void **state)
{
    static const double effects[] = {0.0, 0.15, -0.12};
    (void)state;
    for (size_t e = 0; e < ARRAY_LEN(effects); e++) {
        struct world w = {.random = 77 + e};
        int covered = 0, below = 0;
        for (int i = 0; i < EXPERIMENTS; i++) {
            struct stats_cluster list[PEOPLE];
            struct stats_difference d;
            play(&w, effects[e], list);
            stats_compare(list, PEOPLE, 0, &d);
            assert_int_equal(d.verdict, STATS_ENOUGH);
            covered += d.low <= effects[e] && effects[e] <= d.high;
            below += d.high < 0;
        }
        print_message("effect %+.2f: %d of %d intervals hold it, %d lie below zero\n", effects[e],
                      covered, EXPERIMENTS, below);
        assert_in_range(covered, EXPERIMENTS * 93 / 100, EXPERIMENTS * 97 / 100);
        if (effects[e] < 0)
            assert_true(below > EXPERIMENTS / 2); /* it sees real harm */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_t_is_that_of_the_tables),
        cmocka_unit_test(stats_says_what_is_missing),
        cmocka_unit_test(stats_interval_is_that_worked_out_by_hand),
        cmocka_unit_test(stats_weights_make_up_for_the_chances),
        cmocka_unit_test(stats_interval_holds_the_true_effect_in_95_of_100),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
