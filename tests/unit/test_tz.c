#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/tz.h"
#include "core/tz_posix.h"
#include "zone_load.h"

static void tz_utc_is_always_there(void **state)
{
    (void)state;
    assert_string_equal(tz_name(tz_utc()), "UTC");
    assert_int_equal(tz_offset(tz_utc(), 0), 0);
    assert_int_equal(tz_offset(tz_utc(), MSEC_NEVER), 0);
    assert_int_equal(tz_span_at(tz_utc(), 0).until, MSEC_NEVER);
    assert_int_equal(tz_span_at(tz_utc(), 0).from, MSEC_NONE);
    assert_int_equal(tz_instant_wall(tz_utc(), 12345, TZ_GAP_END), 12345);
}

static void tz_offset_around_changes(void **state)
{
    static const struct {
        const char *zone, *utc;
        int minutes;
    } cases[] = {
        {"America/Denver", "2026-03-08T08:59:59Z", -420},
        {"America/Denver", "2026-03-08T09:00:00Z", -360},
        {"America/Denver", "2026-11-01T07:59:59Z", -360},
        {"America/Denver", "2026-11-01T08:00:00Z", -420},
        {"America/Denver", "2044-07-01T00:00:00Z", -360}, /* from the footer */
        {"America/Denver", "2044-12-01T00:00:00Z", -420},
        {"Asia/Kathmandu", "2026-01-01T00:00:00Z", 345},
        {"Australia/Lord_Howe", "2026-10-03T15:29:59Z", 630},
        {"Australia/Lord_Howe", "2026-10-03T15:30:00Z", 660},
        {"Europe/Dublin", "2042-01-15T12:00:00Z", 0}, /* summer is standard there */
        {"Europe/Dublin", "2042-07-15T12:00:00Z", 60},
        {"America/Nuuk", "2044-03-26T23:59:59Z", -120},   /* rule before midnight */
        {"Africa/Casablanca", "2026-03-01T12:00:00Z", 0}, /* Ramadan */
        {"Africa/Casablanca", "2026-04-01T12:00:00Z", 60},
        {"Pacific/Apia", "2011-12-30T09:59:59Z", -600},
        {"Pacific/Apia", "2011-12-30T10:00:00Z", 840},
        {"America/New_York", "1800-01-01T00:00:00Z", -296}, /* before the first change */
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tz *tz = zone_new(cases[i].zone);
        msec_t offset = tz_offset(tz, at(cases[i].utc));
        if (offset / MSEC_MINUTE != cases[i].minutes)
            fail_msg("%s %s: %d", cases[i].zone, cases[i].utc, (int)(offset / MSEC_MINUTE));
        tz_free(tz);
    }
}

static void tz_instant_of_gap_and_overlap(void **state)
{
    static const struct {
        const char *zone, *wall; /* wall written as if it were UTC */
        enum tz_fit fit;
        const char *first, *last, *before_gap;
    } cases[] = {
        {"America/New_York", "2026-03-08T02:30:00Z", TZ_GAP, "2026-03-08T07:00:00Z",
         "2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"},
        {"America/New_York", "2026-03-08T02:00:00Z", TZ_GAP, "2026-03-08T07:00:00Z",
         "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-03-08T03:00:00Z", TZ_NORMAL, "2026-03-08T07:00:00Z",
         "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-11-01T01:30:00Z", TZ_OVERLAP, "2026-11-01T05:30:00Z",
         "2026-11-01T06:30:00Z", "2026-11-01T05:30:00Z"},
        {"America/New_York", "2026-11-01T02:00:00Z", TZ_NORMAL, "2026-11-01T07:00:00Z",
         "2026-11-01T07:00:00Z", "2026-11-01T07:00:00Z"},
        {"America/New_York", "2043-03-08T02:30:00Z", TZ_GAP, "2043-03-08T07:00:00Z",
         "2043-03-08T07:00:00Z", "2043-03-08T07:30:00Z"},
        {"Australia/Lord_Howe", "2026-10-04T02:15:00Z", TZ_GAP, "2026-10-03T15:30:00Z",
         "2026-10-03T15:30:00Z", "2026-10-03T15:45:00Z"},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00Z", TZ_OVERLAP, "2026-04-04T14:45:00Z",
         "2026-04-04T15:15:00Z", "2026-04-04T14:45:00Z"},
        {"Pacific/Apia", "2011-12-30T09:00:00Z", TZ_GAP, "2011-12-30T10:00:00Z",
         "2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"},
        {"Africa/Casablanca", "2026-02-15T02:30:00Z", TZ_OVERLAP, "2026-02-15T01:30:00Z",
         "2026-02-15T02:30:00Z", "2026-02-15T01:30:00Z"},
        {"Asia/Beirut", "2025-10-25T23:30:00Z", TZ_OVERLAP, "2025-10-25T20:30:00Z",
         "2025-10-25T21:30:00Z", "2025-10-25T20:30:00Z"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tz *tz = zone_new(cases[i].zone);
        struct civil wall;
        civil_from_msec(at(cases[i].wall), &wall);
        assert_int_equal(tz_fit(tz, &wall), cases[i].fit);
        assert_time(tz_instant(tz, &wall, TZ_GAP_END | TZ_PASS_FIRST), cases[i].first);
        assert_time(tz_instant(tz, &wall, TZ_GAP_END | TZ_PASS_SECOND), cases[i].last);
        assert_time(tz_instant(tz, &wall, TZ_GAP_BEFORE | TZ_PASS_FIRST), cases[i].before_gap);
        tz_free(tz);
    }
}

static void tz_local_is_the_way_back(void **state)
{
    (void)state;
    struct tz *tz = zone_new("Pacific/Chatham");
    struct civil c;
    tz_local(tz, at("2028-09-23T14:00:00Z"), &c);
    assert_int_equal(c.day, 24);
    assert_int_equal(c.hour, 3);
    assert_int_equal(c.minute, 45);
    /* every quarter of an hour over two years: there and back again */
    for (msec_t t = at("2026-01-01T00:00:00Z"); t < at("2028-01-01T00:00:00Z"); t += 900000) {
        msec_t wall = tz_wall(tz, t);
        assert_true(tz_instant_wall(tz, wall, TZ_PASS_FIRST) == t ||
                    tz_instant_wall(tz, wall, TZ_PASS_SECOND) == t);
    }
    tz_free(tz);
}

static void tz_spans_join_without_holes(void **state)
{
    (void)state;
    struct tz *tz = zone_new("America/Denver");
    struct tz_span span = tz_span_at(tz, at("2035-01-01T00:00:00Z"));
    for (int i = 0; i < 40; i++) {
        struct tz_span next = tz_span_at(tz, span.until);
        assert_int_equal(next.from, span.until);
        assert_int_equal(tz_offset(tz, span.until - 1), span.offset);
        span = next;
    }
    tz_free(tz);
}

static void tz_posix_footer_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t utc_s;
        int32_t offset_s;
    } cases[] = {
        {"<+03>-3", 0, 10800},
        {"UTC0", 1800000000, 0},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774742399, -7200}, /* 2026-03-28T23:59:59Z */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1774746000, -3600}, /* 2026-03-29T01:00Z */
        {"IST-2IDT,M3.4.4/26,M10.5.0", 1774565999, 7200},       /* 2026-03-26T22:59:59Z */
        {"IST-2IDT,M3.4.4/26,M10.5.0", 1774569600, 10800},      /* 2026-03-27T00:00Z */
        {"AAA3BBB,J60/0,J300/0", 1772334000, -7200},            /* 2026-03-01T03:00Z */
        {"AAA3BBB,J60/0,J300/0", 1709262000, -7200},            /* 2024-03-01T03:00Z, leap year */
        {"AAA3BBB,J60/0,J300/0", 1709261999, -10800},
        {"AAA3BBB,59/0,300/0", 1709175600, -7200},    /* n counts 29 February: 2024-02-29T03:00Z */
        {"XXX3EDT4,0/0,J365/23", 1767225600, -14400}, /* all the year */
        {"XXX3EDT4,0/0,J365/23", 1782864000, -14400},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 1782864000, 43200},
        {"NZST-12NZDT,M9.5.0,M4.1.0/3", 1767225600, 46800},
        {"EST5:30:15EDT4:30,M3.2.0,M11.1.0", 1767225600, -19815},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tz_posix posix;
        struct err err = {0};
        assert_int_equal(tz_posix_parse(cases[i].text, &err, &posix), 0);
        if (tz_posix_at(&posix, cases[i].utc_s).offset_s != cases[i].offset_s)
            fail_msg("%s at %lld", cases[i].text, (long long)cases[i].utc_s);
    }
}

static void tz_posix_bad_footers_are_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "E5",
        "EST",
        "<+03-3",
        "<>3",
        "EST25",
        "EST5EDT",
        "EST5EDT,M13.1.0,M11.1.0",
        "EST5EDT,M3.2.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J0,J5",
        "EST5EDT,366,5",
        "EST5EDT,M3.2.0/168,M11.1.0",
        "EST5EDT,M3.2.0,M11.1.0x",
        "EST5:60",
        "EST99999999999999",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tz_posix posix;
        assert_int_equal(tz_posix_parse(cases[i], NULL, &posix), -EINVAL);
    }
}

/* FM-D08 */
static void tz_new_refuses_names_and_bytes(void **state)
{
    (void)state;
    static const char *const names[] = {"", "../etc", "/etc/x", "a//b", "a b", "a/", "x\n", NULL};
    struct tz *tz = NULL;
    struct err err = {0};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        assert_int_equal(tz_new(names[i], "TZif", 4, &err, &tz), -EINVAL);
        assert_non_null(strstr(err.text, "no zone name"));
    }
    assert_int_equal(tz_new("A/B", "", 0, &err, &tz), -EINVAL);
    assert_string_equal(err.text, "zone 'A/B': not a TZif file");
    assert_null(tz);
    tz_free(NULL);
}

/* Every prefix and a few thousand changed bytes: refused or read, never out of bounds. */
static void tz_new_survives_damage(void **state)
{
    (void)state;
    char bytes[8192];
    size_t n = zone_bytes("America/Denver", bytes, sizeof(bytes));
    uint32_t seed = 1;
    assert_true(n > 0 && n < sizeof(bytes));
    for (size_t cut = 0; cut <= n; cut++) {
        char *exact = xmemdup(bytes, cut ? cut : 1); /* so that a sanitizer sees the end */
        struct tz *tz = NULL;
        if (tz_new("A", exact, cut, NULL, &tz) == 0)
            assert_int_equal(cut, n);
        tz_free(tz);
        free(exact);
    }
    for (int i = 0; i < 4000; i++) {
        char *copy = xmemdup(bytes, n);
        struct tz *tz = NULL;
        for (int k = 0; k < 3; k++) {
            seed = seed * 1664525 + 1013904223;
            copy[(seed >> 8) % n] = (char)(seed >> 24);
        }
        if (tz_new("A", copy, n, NULL, &tz) == 0) {
            msec_t t = (msec_t)seed * 1000000 - INT64_C(2000000000000);
            (void)tz_instant_wall(tz, t, TZ_GAP_BEFORE);
            (void)tz_offset(tz, MSEC_NONE);
            (void)tz_offset(tz, MSEC_NEVER);
        }
        tz_free(tz);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tz_utc_is_always_there),
        cmocka_unit_test(tz_offset_around_changes),
        cmocka_unit_test(tz_instant_of_gap_and_overlap),
        cmocka_unit_test(tz_local_is_the_way_back),
        cmocka_unit_test(tz_spans_join_without_holes),
        cmocka_unit_test(tz_posix_footer_forms),
        cmocka_unit_test(tz_posix_bad_footers_are_refused),
        cmocka_unit_test(tz_new_refuses_names_and_bytes),
        cmocka_unit_test(tz_new_survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
