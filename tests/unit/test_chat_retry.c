#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "io/chat_retry.h"

enum { MOST = 20000, PER_DAY = CHAT_SIGNINS_PER_DAY + CHAT_SIGNINS_BURST };

static uint64_t seed;

static uint64_t next_random(void *user)
{
    (void)user;
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return seed >> 33;
}

static struct chat_retry fresh(msec_t full_at, msec_t wall, int64_t now)
{
    struct chat_retry retry = {.first_ms = 500, .most_ms = 60000, .random = next_random};
    retry_init(&retry, full_at, wall, now);
    return retry;
}

/* The instants of sign-ins, in order: no day holds more than the budget. */
static void no_day_holds_more(const msec_t *at, size_t count)
{
    for (size_t i = 0; i + PER_DAY < count; i++)
        assert_true(at[i + PER_DAY] - at[i] >= MSEC_DAY);
}

/* FM-C02: 10,000 connections that are closed as soon as they are up. A handshake alone makes the
 * waits no shorter. */
static void closed_at_once_for_ever_is_no_storm(void **unused)
{
    static msec_t at[MOST];
    struct chat_retry retry;
    int64_t now = 0, longest = 0;
    (void)unused;
    seed = 7;
    retry = fresh(0, 0, 0);
    for (size_t i = 0; i < 10000; i++) {
        int64_t budget = retry_budget_ms(&retry, now), wait = retry_wait_ms(&retry);
        now += budget > wait ? budget : wait;
        at[i] = now;
        retry_signin(&retry, now);
        retry_ended(&retry, 20);
        longest = wait > longest ? wait : longest;
        assert_true(i < 8 || retry_ceiling(&retry) == 60000);
    }
    no_day_holds_more(at, 10000);
    assert_true(longest > 50000 && longest <= 60000);
}

static void failed_connects_are_tried_for_ever_with_jitter(void **unused)
{
    struct chat_retry retry;
    int64_t now = 0, sum = 0;
    (void)unused;
    seed = 8;
    retry = fresh(0, 0, 0);
    for (int i = 0; i < 10000; i++) {
        int64_t wait = retry_wait_ms(&retry);
        assert_int_equal(retry_budget_ms(&retry, now), 0); /* what does not sign in costs nothing */
        assert_true(wait >= 0 && wait <= 60000);
        now += wait;
        retry_signin(&retry, now);
        retry_not_signed_in(&retry);
        retry.failures++;
        sum += wait;
    }
    assert_true(sum / 10000 > 28000 && sum / 10000 < 32000); /* full jitter: half of the ceiling */
    assert_int_equal(retry_spent(&retry, now), 0);
}

static void only_a_stable_connection_ends_the_waiting(void **unused)
{
    struct chat_retry retry = fresh(0, 0, 0);
    (void)unused;
    for (int i = 0; i < 20; i++)
        retry_ended(&retry, CHAT_STABLE_MS - 1);
    assert_int_equal(retry_ceiling(&retry), 60000);
    retry_ended(&retry, CHAT_STABLE_MS);
    assert_int_equal(retry_ceiling(&retry), 500);
}

/* FM-C03: a supervisor that starts the daemon again each second; each start has a new monotonic
 * clock and knows only what the one before has stored. */
static void restarts_share_one_budget(void **unused)
{
    static msec_t at[MOST];
    size_t count = 0;
    msec_t full_at = 0;
    (void)unused;
    seed = 9;
    for (int start = 0; start < 4 * 86400; start++) {
        msec_t wall = 1700000000000 + start * MSEC_SECOND;
        int64_t now = 5 + start % 1000;
        struct chat_retry retry = fresh(full_at, wall, now);
        if (retry_budget_ms(&retry, now) > 0)
            continue;
        retry_signin(&retry, now);
        full_at = retry_full_at(&retry, wall, now);
        assert_true(count < MOST);
        at[count++] = wall;
    }
    no_day_holds_more(at, count);
    assert_true(count >= 4 * CHAT_SIGNINS_PER_DAY); /* and nobody is shut out for good */
    assert_true(count <= 4 * CHAT_SIGNINS_PER_DAY + CHAT_SIGNINS_BURST + 1);
}

static void clock_that_was_set_back_does_not_shut_out(void **unused)
{
    struct chat_retry retry = fresh(1700000000000, 1600000000000, 50);
    (void)unused;
    assert_int_equal(retry_spent(&retry, 50), CHAT_SIGNINS_BURST);
    assert_true(retry_budget_ms(&retry, 50) <= MSEC_DAY / CHAT_SIGNINS_PER_DAY);
    retry = fresh(1600000000000, 1700000000000, 50);
    assert_int_equal(retry_spent(&retry, 50), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_at_once_for_ever_is_no_storm),
        cmocka_unit_test(failed_connects_are_tried_for_ever_with_jitter),
        cmocka_unit_test(only_a_stable_connection_ends_the_waiting),
        cmocka_unit_test(restarts_share_one_budget),
        cmocka_unit_test(clock_that_was_set_back_does_not_shut_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
