#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "io/chat_rate.h"

static void rate_unlimited_never_waits(void **unused)
{
    struct rate rate;
    (void)unused;
    rate_init(&rate, 0, 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(rate_wait_ms(&rate, 0), 0);
        rate_take(&rate, 0);
    }
    assert_int_equal(rate_room(&rate, 0, 32), 32);
}

static void rate_lets_a_burst_and_then_one_each(void **unused)
{
    struct rate rate;
    (void)unused;
    rate_init(&rate, 60, 3);
    for (size_t left = 3; left > 0; left--) {
        assert_int_equal(rate_room(&rate, 5, 32), left);
        rate_take(&rate, 5);
    }
    assert_int_equal(rate_room(&rate, 5, 32), 0);
    assert_int_equal(rate_wait_ms(&rate, 5), 1000);
    assert_int_equal(rate_wait_ms(&rate, 1004), 1);
    assert_int_equal(rate_wait_ms(&rate, 1005), 0);
    rate_take(&rate, 1005);
    assert_int_equal(rate_wait_ms(&rate, 1005), 1000);
    assert_int_equal(rate_room(&rate, 100000, 32), 3);
}

/* With 240 a minute and a burst of 60 no minute holds more than 300. FM-B12 */
static void rate_holds_the_promise_for_any_minute(void **unused)
{
    static int64_t sent[4000];
    struct rate rate;
    size_t count = 0;
    (void)unused;
    rate_init(&rate, 240, 60);
    for (int64_t now = 0; now < 600000; now += 10) {
        while (rate_wait_ms(&rate, now) == 0) {
            rate_take(&rate, now);
            sent[count++] = now;
        }
    }
    for (size_t i = 0; i + 300 < count; i++)
        assert_true(sent[i + 300] - sent[i] >= 60000 - 250);
    assert_true(count > 2400);
}

static void rate_blocked_waits_and_keeps_the_longest(void **unused)
{
    struct rate rate;
    (void)unused;
    rate_init(&rate, 60, 3);
    rate_block(&rate, 5000);
    rate_block(&rate, 2000);
    assert_int_equal(rate_wait_ms(&rate, 1000), 4000);
    assert_int_equal(rate_room(&rate, 1000, 32), 0);
    assert_int_equal(rate_wait_ms(&rate, 5000), 0);
}

static void map_keeps_channels_apart_and_forgets(void **unused)
{
    struct rate_map map;
    char name[32];
    (void)unused;
    rate_map_init(&map, 60, 1);
    for (int64_t round = 0; round < 20; round++) {
        for (int i = 0; i < 5000; i++) {
            (void)snprintf(name, sizeof(name), "D%d-%d", (int)round, i);
            assert_int_equal(rate_map_wait_ms(&map, name, round * 10000), 0);
            rate_map_take(&map, name, round * 10000);
            assert_int_equal(rate_map_wait_ms(&map, name, round * 10000), 1000);
        }
    }
    assert_true(map.capacity <= 65536); /* not 100,000 channels, but those of the last second */
    rate_map_done(&map);
}

static void map_without_limit_takes_no_memory(void **unused)
{
    struct rate_map map;
    (void)unused;
    rate_map_init(&map, 0, 0);
    rate_map_take(&map, "D1", 0);
    assert_int_equal(rate_map_wait_ms(&map, "D1", 0), 0);
    assert_null(map.slots);
    rate_map_done(&map);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_unlimited_never_waits),
        cmocka_unit_test(rate_lets_a_burst_and_then_one_each),
        cmocka_unit_test(rate_holds_the_promise_for_any_minute),
        cmocka_unit_test(rate_blocked_waits_and_keeps_the_longest),
        cmocka_unit_test(map_keeps_channels_apart_and_forgets),
        cmocka_unit_test(map_without_limit_takes_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
