/* What is due next, against a slow search: set, set anew, cleared, taken, with many of one instant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/str.h"
#include "core/timer.h"
#include "pattern_random.h"

enum { TIMERS = 300, STEPS = 30000 };

struct rig {
    struct timers timers;
    struct timer all[TIMERS];
    char keys[TIMERS][8];
};

static bool comes_first(const struct timer *a, const struct timer *b)
{
    if (a->due != b->due)
        return a->due < b->due;
    return a->kind != b->kind ? a->kind < b->kind : str_cmp(a->key, b->key) < 0;
}

static const struct timer *slow_first(const struct rig *rig)
{
    const struct timer *first = NULL;
    for (size_t i = 0; i < TIMERS; i++) {
        if (rig->all[i].place && (!first || comes_first(&rig->all[i], first)))
            first = &rig->all[i];
    }
    return first;
}

static void prepare(struct rig *rig)
{
    *rig = (struct rig){0};
    for (size_t i = 0; i < TIMERS; i++) {
        (void)snprintf(rig->keys[i], sizeof(rig->keys[i]), "%zu", i * 7 % TIMERS);
        rig->all[i].key = rig->keys[i];
        rig->all[i].kind = i % 3 ? TIMER_PENDING : TIMER_SLOT;
    }
}

/* range: how many different instants there are. */
static void play(uint32_t range)
{
    struct chance chance = {range};
    struct rig rig;
    prepare(&rig);
    for (size_t i = 0; i < STEPS; i++) {
        struct timer *one = &rig.all[chance_below(&chance, TIMERS)];
        uint32_t what = chance_below(&chance, 10);
        if (what < 5)
            timer_set(&rig.timers, one, chance_below(&chance, range));
        else if (what < 6)
            timer_set(&rig.timers, one, MSEC_NEVER);
        else if (what < 8)
            timer_clear(&rig.timers, one);
        else if (rig.timers.count)
            timer_clear(&rig.timers, timers_first(&rig.timers));
        assert_ptr_equal(timers_first(&rig.timers), slow_first(&rig));
    }
    for (const struct timer *last = NULL; rig.timers.count;) {
        struct timer *first = timers_first(&rig.timers);
        assert_ptr_equal(first, slow_first(&rig));
        assert_true(!last || comes_first(last, first));
        last = first;
        timer_clear(&rig.timers, first);
    }
    timers_done(&rig.timers);
}

static void timer_order_is_that_of_a_search(void **state)
{
    (void)state;
    play(3);
    play(100);
    play(1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(timer_order_is_that_of_a_search)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
