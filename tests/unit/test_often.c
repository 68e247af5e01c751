/* What goes wrong again and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "gritd/often.h"

enum { HOUR_MS = 3600 * 1000 };

struct log {
    uint64_t lines, times;
};

static void told(void *user, const char *cause, uint64_t times)
{
    struct log *log = user;
    assert_true(*cause);
    log->lines++;
    log->times += times;
}

static void happens(struct often *often, struct log *log, const char *cause, int64_t now_ms)
{
    bool tell = often_tell(often, cause, now_ms);
    log->lines += tell;
    log->times += tell;
}

/* FM-B13: all sends fail for an hour, and what is written about it is less than ten lines a cause;
 * no failure goes uncounted. */
static void an_hour_of_failures_is_a_few_lines_for_each_cause(void **state)
{
    struct often often = {0};
    struct log log = {0};
    uint64_t failures = 0;
    (void)state;
    for (int64_t now = 0; now < HOUR_MS; now += 250, failures += 2) {
        happens(&often, &log, "message_limit_exceeded", now);
        happens(&often, &log, "no answer within 15 s", now);
        if (now % 5000 == 0)
            often_look(&often, now, told, &log);
    }
    assert_in_range(log.lines, 2, 2 * 9);
    often_look(&often, HOUR_MS + 600000, told, &log);
    assert_int_equal(log.times, failures);
}

static void first_ones_are_told_at_once_and_so_is_a_new_cause(void **state)
{
    struct often often = {0};
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(often_tell(&often, "a", 7));
    assert_false(often_tell(&often, "a", 7));
    assert_true(often_tell(&often, "b", 7));
    assert_true(often_tell(&often, "a long time after", 7 + HOUR_MS));
    assert_false(often_tell(&often, "a", 7 + HOUR_MS)); /* one is owed still */
    struct log log = {0};
    often_look(&often, 7 + HOUR_MS, told, &log);
    assert_int_equal(log.lines, 1);
    assert_int_equal(log.times, 2);
    assert_true(often_tell(&often, "a", 7 + HOUR_MS));
}

/* Words of a platform that are never the same do not fill the log either. */
static void thousands_of_causes_are_a_few_lines_too(void **state)
{
    struct often often = {0};
    struct log log = {0};
    uint64_t failures = 0;
    (void)state;
    for (int64_t now = 0; now < HOUR_MS; now += 1000, failures++) {
        char cause[32];
        (void)snprintf(cause, sizeof(cause), "request %lld failed", (long long)now);
        happens(&often, &log, cause, now);
        often_look(&often, now, told, &log);
    }
    assert_in_range(log.lines, 1, OFTEN_CAUSES * 9);
    often_look(&often, 2 * HOUR_MS, told, &log);
    assert_int_equal(log.times, failures);
}

static void long_words_are_cut(void **state)
{
    struct often often = {0};
    char one[400], two[400];
    (void)state;
    memset(one, 'x', sizeof(one) - 1);
    memset(two, 'x', sizeof(two) - 1);
    one[sizeof(one) - 1] = two[sizeof(two) - 1] = '\0';
    two[sizeof(two) - 2] = 'y';
    for (int i = 0; i < 3; i++)
        assert_true(often_tell(&often, i % 2 ? one : two, 0));
    assert_false(often_tell(&often, one, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_of_failures_is_a_few_lines_for_each_cause),
        cmocka_unit_test(first_ones_are_told_at_once_and_so_is_a_new_cause),
        cmocka_unit_test(thousands_of_causes_are_a_few_lines_too),
        cmocka_unit_test(long_words_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
