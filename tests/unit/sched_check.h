/* sched_check.h: follows a schedule through expected times. Include after cmocka.h. */
#pragma once
#include <errno.h>

#include "core/sched.h"
#include "zone_load.h"

static inline struct sched *sched_new(const char *text)
{
    struct sched *s = NULL;
    struct err err = {0};
    if (sched_parse(text, SCHED_AUTO, &err, &s) < 0)
        fail_msg("%s", err.text);
    return s;
}

/* Follows a schedule and compares with expected RFC 3339 texts; `whole` means none may follow. */
static inline void check_times(const char *what, const char *text, const char *zone, msec_t after,
                               const char *const *expect, size_t count, bool whole)
{
    struct tz *tz = zone_new(zone);
    struct sched *s = sched_new(text);
    char got[MSEC_TEXT_BYTES], right[MSEC_TEXT_BYTES];
    for (size_t i = 0; i < count; i++) {
        if (sched_next(s, tz, after, &after) < 0)
            fail_msg("%s '%s' %s: never, instead of %s", what, text, zone, expect[i]);
        if (after != at(expect[i]))
            fail_msg("%s '%s' %s: number %zu is %s, not %s", what, text, zone, i + 1,
                     msec_format(after, got), msec_format(at(expect[i]), right));
    }
    if (whole)
        assert_int_equal(sched_next(s, tz, after, &after), -ENOENT);
    sched_free(s);
    tz_free(tz);
}

enum { TIMES = 4 };

struct time_case {
    const char *text, *zone, *after;
    const char *expect[TIMES]; /* up to the first NULL; then none may follow */
};

static inline void check_cases(const struct time_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        while (n < TIMES && cases[i].expect[n])
            n++;
        check_times("case", cases[i].text, cases[i].zone, at(cases[i].after), cases[i].expect, n,
                    n < TIMES);
    }
}
