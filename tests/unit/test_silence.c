/* A source that is quiet for longer than it ever is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gritd/silence.h"

#define START (INT64_C(20514) * MSEC_DAY) /* a Monday */

/* Office hours, each ten minutes, Monday to Friday. */
static msec_t work(struct silence *silence, int from_day, int days)
{
    msec_t last = 0;
    for (int day = from_day; day < from_day + days; day++) {
        for (int minute = 9 * 60; day % 7 < 5 && minute <= 17 * 60; minute += 10) {
            last = START + day * MSEC_DAY + minute * MSEC_MINUTE;
            assert_false(silence_is(silence, last));
            silence_heard(silence, last);
        }
    }
    return last;
}

static void silence_of_nights_and_weekends_is_usual(void **state)
{
    struct silence silence = {0};
    (void)state;
    msec_t last = work(&silence, 0, 33); /* ends on a Friday */
    assert_int_equal(silence_usual(&silence), 2 * MSEC_DAY + 16 * MSEC_HOUR);
    assert_false(silence_is(&silence, last + 2 * MSEC_DAY + 16 * MSEC_HOUR));
    assert_true(silence_is(&silence, last + 5 * MSEC_DAY));
}

static void silence_says_nothing_in_the_first_week(void **state)
{
    struct silence silence = {0};
    (void)state;
    msec_t last = work(&silence, 0, 5);
    assert_int_equal(silence_usual(&silence), 0);
    assert_false(silence_is(&silence, last + 2 * MSEC_DAY));
}

/* An outage does not become what is usual, and time alone forgets nothing. */
static void silence_that_was_told_of_is_not_learned(void **state)
{
    struct silence silence = {0};
    (void)state;
    msec_t last = work(&silence, 0, 19), usual = silence_usual(&silence);
    assert_true(silence_is(&silence, last + 9 * MSEC_DAY));
    assert_true(silence_is(&silence, last + 40 * MSEC_DAY));
    silence.told = true;
    silence_heard(&silence, last + 9 * MSEC_DAY);
    assert_false(silence.told);
    assert_int_equal(silence_usual(&silence), usual);
    assert_true(silence_is(&silence, last + 9 * MSEC_DAY + 5 * MSEC_DAY));
}

static void silence_is_the_same_after_a_restart(void **state)
{
    struct silence silence = {0}, again;
    struct strbuf text = {0};
    (void)state;
    msec_t last = work(&silence, 0, 19);
    silence_encode(&silence, &text);
    silence_decode(strbuf_text(&text), &again);
    assert_int_equal(silence_usual(&again), silence_usual(&silence));
    assert_int_equal(again.last, last);
    silence_decode("[", &again);
    assert_false(silence_is(&again, last + 99 * MSEC_DAY));
    strbuf_done(&text);
}

/* While gritd was down nobody could be heard. */
static void silence_of_our_own_is_nobodys(void **state)
{
    struct silence silence = {0};
    (void)state;
    msec_t last = work(&silence, 0, 19), usual = silence_usual(&silence);
    silence.since = last + 30 * MSEC_DAY;
    assert_false(silence_is(&silence, silence.since + usual));
    assert_true(silence_is(&silence, silence.since + 2 * usual));
    silence_heard(&silence, silence.since + MSEC_HOUR);
    assert_true(silence_usual(&silence) <= usual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_of_nights_and_weekends_is_usual),
        cmocka_unit_test(silence_says_nothing_in_the_first_week),
        cmocka_unit_test(silence_that_was_told_of_is_not_learned),
        cmocka_unit_test(silence_is_the_same_after_a_restart),
        cmocka_unit_test(silence_of_our_own_is_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
