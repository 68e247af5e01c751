/* The list of deals: in order whenever it is asked, whatever came since. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "core/deal.h"
#include "core/deals.h"
#include "pattern_random.h"

enum { DEALS = 2000, ID_BYTES = 16 };

static void assert_all_in_order(struct deals *deals, size_t count)
{
    const struct deal_list all = deals_sorted(deals);
    assert_int_equal(all.count, count);
    assert_int_equal(deals_count(deals), count);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(all.list[i - 1]->id, all.list[i]->id) < 0);
}

/* Each number once, in an order that looks random: 7 has no part in DEALS. */
static void play(uint32_t percent_asked, size_t step)
{
    struct chance chance = {percent_asked + 1};
    struct deals *deals = deals_new();
    struct deal *all = NEW_ARRAY(struct deal, DEALS);
    char *ids = NEW_ARRAY(char, DEALS *ID_BYTES);
    for (size_t i = 0; i < DEALS; i++) {
        all[i].id = ids + i * ID_BYTES;
        (void)snprintf(all[i].id, ID_BYTES, "D-%05zu", i * step % DEALS);
        deals_add(deals, &all[i]);
        if (chance_of(&chance, percent_asked))
            assert_all_in_order(deals, i + 1);
    }
    assert_all_in_order(deals, DEALS);
    deals_free(deals);
    free(all);
    free(ids);
}

static void deals_are_in_order_when_asked(void **state)
{
    (void)state;
    play(0, 7);
    play(2, 7);
    play(50, 1777);
    play(20, 1);
    play(20, DEALS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(deals_are_in_order_when_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
