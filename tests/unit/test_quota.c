/* How often each of many may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "gritd/quota.h"

enum { PER_MINUTE = 600, BURST = 20 };

static unsigned taken(struct quota *quota, const char *who, unsigned tries, int64_t now)
{
    unsigned count = 0;
    for (unsigned i = 0; i < tries; i++)
        count += quota_take(quota, who, 1, now);
    return count;
}

static void quota_is_for_each_by_itself(void **state)
{
    (void)state;
    struct quota *quota = quota_new(PER_MINUTE, BURST, 64, 7);
    unsigned burst = taken(quota, "a", 1000, 5000);
    assert_in_range(burst, BURST, BURST + 1);
    assert_int_equal(taken(quota, "a", 10, 5000), 0);
    assert_int_equal(taken(quota, "b", 1000, 5000), burst);
    assert_in_range(taken(quota, "a", 1000, 6000), 9, 11); /* ten a second */
    assert_int_equal(taken(quota, "a", 1000, 60000), burst);
    quota_free(quota);
}

/* A flood of others takes no more memory, and never locks anybody out. */
static void quota_of_many_stays_of_its_size(void **state)
{
    (void)state;
    struct quota *quota = quota_new(PER_MINUTE, BURST, 64, 7);
    for (unsigned i = 0; i < 100000; i++)
        assert_true(quota_take(quota, &i, sizeof(i), 1000));
    assert_in_range(taken(quota, "a", 1000, 2000), BURST, BURST + 1);
    quota_free(quota);
    quota_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quota_is_for_each_by_itself),
        cmocka_unit_test(quota_of_many_stays_of_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
