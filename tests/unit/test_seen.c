/* Ids of a sliding window against a slow reference: many ids, few, ids that share their slot, their
 * mark or both, long silences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "engine/seen.h"
#include "pattern_random.h"

enum { WINDOW = 1000, ADDED = 20000 };

struct reference {
    struct seen_item *items;
    size_t count, cap;
};

static bool reference_has(const struct reference *all, struct hash128 id, msec_t now)
{
    for (size_t i = all->count; i-- > 0 && all->items[i].at >= now - WINDOW;) {
        if (hash128_eq(all->items[i].id, id))
            return true;
    }
    return false;
}

static bool reference_add(struct reference *all, struct hash128 id, msec_t now)
{
    if (reference_has(all, id, now))
        return false;
    ARRAY_GROW(all->items, all->count, all->cap);
    all->items[all->count++] = (struct seen_item){id, now};
    return true;
}

/* Halves of few different values: as the slot and the mark come from one half each, ids meet in
 * either, and differ in what is left of the other. */
static struct hash128 id_of(struct chance *chance, uint32_t kinds)
{
    return (struct hash128){(uint64_t)chance_below(chance, kinds) << chance_below(chance, 2) * 40,
                            (uint64_t)chance_below(chance, kinds) << chance_below(chance, 2) * 40};
}

static void compare(struct chance *chance, uint32_t kinds, uint32_t pause)
{
    struct reference all = {0};
    struct seen seen;
    msec_t now = 0;
    seen_init(&seen, WINDOW);
    for (int i = 0; i < ADDED; i++) {
        struct hash128 id = id_of(chance, kinds), other = id_of(chance, kinds);
        now +=
            chance_of(chance, 1) ? chance_below(chance, 3 * WINDOW) : chance_below(chance, pause);
        assert_int_equal(seen_has(&seen, other, now), reference_has(&all, other, now));
        assert_int_equal(seen_add(&seen, id, now), reference_add(&all, id, now));
    }
    assert_true(seen.used - seen.first <= ADDED);
    seen_done(&seen);
    free(all.items);
}

static void seen_agrees_with_a_list(void **state)
{
    struct chance chance = {20261123};
    (void)state;
    for (uint32_t kinds = 1; kinds <= 300; kinds *= 3) {
        compare(&chance, kinds, 3);
        compare(&chance, kinds, 2 * WINDOW);
    }
}

static void seen_forgets_what_has_left_the_window(void **state)
{
    struct seen seen;
    (void)state;
    seen_init(&seen, WINDOW);
    for (uint64_t i = 1; i <= 1000 * WINDOW; i++)
        assert_true(
            seen_add(&seen, (struct hash128){i * UINT64_C(0x9E3779B97F4A7C15), i}, (msec_t)i));
    assert_true(seen.items_cap <= 16 * WINDOW);
    assert_true(seen.cap <= 16 * WINDOW);
    seen_done(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seen_agrees_with_a_list),
        cmocka_unit_test(seen_forgets_what_has_left_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
