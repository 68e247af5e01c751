/* The floor everything stands on: memory, text, time, hashes, JSON out, the map. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/jsonw.h"
#include "base/map.h"
#include "base/msec.h"
#include "base/nearest.h"
#include "base/str.h"

static unsigned roll(uint64_t *random, unsigned sides)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33) % sides;
}

/* --- arena, err --- */

static void arena_alloc_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena;
    uint64_t random = 1;
    unsigned char *parts[400];
    size_t sizes[400];
    arena_init(&arena);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 400; i++) {
            sizes[i] = i % 50 == 49 ? 40000 : roll(&random, 300);
            parts[i] = arena_alloc(&arena, sizes[i]);
            assert_int_equal((uintptr_t)parts[i] % 16, 0);
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(parts[i][k], 0);
            memset(parts[i], i % 255 + 1, sizes[i]);
        }
        for (int i = 0; i < 400; i++) {
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(parts[i][k], i % 255 + 1);
        }
        arena_reset(&arena);
    }
    arena_done(&arena);
    arena_done(&arena); /* twice is once */
}

static void arena_text_is_copied_and_measured(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char long_text[5000];
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    assert_null(arena_strdup(&arena, NULL));
    assert_string_equal(arena_strdup(&arena, ""), "");
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_printf(&arena, "%s", long_text), long_text);
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
    arena_done(&arena);
}

static void err_words_of_the_layers_stand_in_front(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(err_set(&err, ENOENT, "no rule '%s'", "x"), -ENOENT);
    assert_int_equal(err_prefix(&err, "%s:%d: ", "a.yaml", 3), -ENOENT);
    assert_string_equal(err.text, "a.yaml:3: no rule 'x'");
    assert_int_equal(err_set(NULL, EIO, "lost"), -EIO);
    assert_int_equal(err_prefix(NULL, "x"), -EINVAL);
}

/* --- str, utf8 --- */

static void strbuf_grows_and_stops_at_its_limit(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf, 10);
    assert_string_equal(strbuf_text(&buf), "");
    strbuf_puts(&buf, "12345");
    strbuf_printf(&buf, "%d", 678);
    assert_false(buf.overflow);
    strbuf_puts(&buf, "abcdef");
    assert_true(buf.overflow);
    assert_true(buf.len <= 10 && strlen(buf.data) == buf.len);
    strbuf_clear(&buf);
    assert_false(buf.overflow);
    strbuf_putc(&buf, 'x');
    strbuf_int(&buf, INT64_MIN);
    assert_true(buf.overflow);
    strbuf_done(&buf);
    struct strbuf free_one = {0};
    for (int i = 0; i < 10000; i++)
        strbuf_int(&free_one, i % 10);
    assert_int_equal(free_one.len, 10000);
    char *taken = strbuf_take(&free_one);
    assert_int_equal(strlen(taken), 10000);
    free(taken);
    taken = strbuf_take(&free_one);
    assert_string_equal(taken, "");
    free(taken);
    strbuf_done(&free_one);
}

static void strbuf_int_writes_every_number(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0,  1,    -1,        9,         10,        -10,
                                      99, 1000, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct strbuf buf = {0};
        char want[32];
        int64_t back = 5;
        (void)snprintf(want, sizeof(want), "%lld", (long long)numbers[i]);
        strbuf_int(&buf, numbers[i]);
        assert_string_equal(strbuf_text(&buf), want);
        assert_int_equal(str_to_i64(strbuf_text(&buf), &back), 0);
        assert_true(back == numbers[i]);
        strbuf_done(&buf);
    }
}

static void str_helpers_accept_null(void **state)
{
    (void)state;
    assert_true(str_eq(NULL, NULL) && !str_eq(NULL, "") && !str_eq("a", NULL));
    assert_true(str_ieq("Abc", "aBC") && !str_ieq("ab", "abc") && !str_ieq("abc", "ab"));
    assert_true(str_ieq(NULL, NULL) && !str_ieq("", NULL));
    assert_false(str_ieq("[", "{")); /* 32 apart, and no letters */
    assert_true(str_empty(NULL) && str_empty("") && !str_empty("a"));
    assert_true(str_starts("abc", "ab") && str_starts("abc", "") && !str_starts(NULL, "a"));
    assert_true(str_cmp(NULL, "a") < 0 && str_cmp("a", NULL) > 0 && str_cmp(NULL, NULL) == 0);
}

static void str_to_i64_takes_whole_numbers_only(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", "+", " 1", "1 ", "1a", "0x1", "1.0", "--1"};
    int64_t value = 77;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(str_to_i64(bad[i], &value), -EINVAL);
    assert_int_equal(str_to_i64(NULL, &value), -EINVAL);
    assert_int_equal(str_to_i64("9223372036854775808", &value), -ERANGE);
    assert_int_equal(str_to_i64("-9223372036854775809", &value), -ERANGE);
    assert_int_equal(value, 77);
    assert_int_equal(str_to_i64("-9223372036854775808", &value), 0);
    assert_true(value == INT64_MIN);
    assert_int_equal(str_to_i64("+007", &value), 0);
    assert_int_equal(value, 7);
}

static void utf8_length_refuses_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",         "\xC0\x80",         "\xC1\xBF",         "\xE0\x80\x80",
        "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFF",         "\xE2\x82",         "\xF0\x9F\x98",     "a\xC3",
        "\xC3(",        "\xE2\x28\xA1"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(utf8_length(bad[i], strlen(bad[i])), -1);
    assert_int_equal(utf8_length("", 0), 0);
    assert_int_equal(utf8_length("aé€😀", strlen("aé€😀")), 4);
    assert_int_equal(utf8_length("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", 10), 3);
    assert_int_equal(utf8_length("a\0b", 3), 3);
}

/* FM-G03 */
static void utf8_prefix_cuts_between_code_points(void **state)
{
    (void)state;
    const char *text = "aé€😀z";
    static const size_t bytes[] = {0, 1, 3, 6, 10, 11, 11};
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++)
        assert_int_equal(utf8_prefix(text, i), bytes[i]);
}

/* FM-G03 */
static void utf8_turner_is_found_and_nothing_else_is(void **state)
{
    (void)state;
    static const uint32_t turners[] = {0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
                                       0x2066, 0x2067, 0x2068, 0x2069};
    size_t found = 0;
    for (uint32_t point = 0x2000; point < 0x2100; point++) {
        const char text[] = {
            'a', (char)0xe2, (char)(0x80 | (point >> 6 & 0x3f)), (char)(0x80 | (point & 0x3f)),
            'z', 0};
        bool turns = utf8_turner(text) == 1;
        assert_true(turns || utf8_turner(text) == 5);
        found += turns;
        if (turns)
            assert_int_equal(point, turners[found - 1]);
    }
    assert_int_equal(found, ARRAY_LEN(turners));
    assert_int_equal(utf8_turner(""), 0);
    assert_int_equal(utf8_turner("\xe2"), 1); /* cut off */
    assert_int_equal(utf8_turner("\xe2\x80"), 2);
}

/* --- msec --- */

/* FM-D11 */
static void msec_parse_takes_rfc3339_in_all_its_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc;
    } good[] = {
        {"2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z"},
        {"2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z"}, /* behind 32 bits of seconds */
        {"2026-11-22t09:00:00z", "2026-11-22T09:00:00Z"},
        {"2026-11-22 09:00:00+00:00", "2026-11-22T09:00:00Z"},
        {"2026-11-22T09:00:00-00:00", "2026-11-22T09:00:00Z"},
        {"2026-11-22T09:00:00.1Z", "2026-11-22T09:00:00.100Z"},
        {"2026-11-22T09:00:00.1239999Z", "2026-11-22T09:00:00.123Z"},
        {"2026-11-22T09:00:00.000Z", "2026-11-22T09:00:00Z"},
        {"2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"},
        {"2025-12-31T23:30:00-05:30", "2026-01-01T05:00:00Z"},
        {"2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"},
        {"2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"1583-01-01T00:00:00Z", "1583-01-01T00:00:00Z"},
        {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"}, /* a leap second is the next one */
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        msec_t t = 0;
        char text[MSEC_TEXT_BYTES];
        assert_int_equal(msec_parse(good[i].text, &t), 0);
        assert_string_equal(msec_format(t, text), good[i].utc);
    }
}

static void msec_parse_refuses_everything_else(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-11-22",
                                      "2026-11-22T09:00Z",
                                      "2026-11-22T09:00:00",
                                      "2026-11-22T09:00:00.Z",
                                      "2026-11-22T09:00:00,5Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-04-31T00:00:00Z",
                                      "2026-11-00T00:00:00Z",
                                      "2026-11-22T24:00:00Z",
                                      "2026-11-22T23:60:00Z",
                                      "2026-11-22T23:59:61Z",
                                      "2026-11-22T09:00:00+24:00",
                                      "2026-11-22T09:00:00+01:60",
                                      "2026-11-22T09:00:00+0100",
                                      "2026-11-22T09:00:00+01",
                                      "2026-11-22T09:00:00Z ",
                                      " 2026-11-22T09:00:00Z",
                                      "26-11-22T09:00:00Z",
                                      "+2026-11-22T09:00:00Z"};
    msec_t t = 42;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (msec_parse(bad[i], &t) != -EINVAL)
            fail_msg("taken: %s", bad[i]);
    }
    assert_int_equal(msec_parse(NULL, &t), -EINVAL);
    assert_int_equal(t, 42);
}

/* Every place of the usual form holds what belongs there, and no place may be the last. */
static void msec_parse_looks_at_every_place(void **state)
{
    (void)state;
    static const char whole[] = "2026-11-22T09:00:00+01:30";
    static const char wrong[] = "/:x\x01\xFF";
    msec_t t;
    assert_int_equal(msec_parse(whole, &t), 0);
    for (size_t at = 0; whole[at]; at++) {
        char text[sizeof(whole)];
        memcpy(text, whole, sizeof(whole));
        for (const char *c = wrong; *c; c++) {
            text[at] = *c;
            if (*c != whole[at] && msec_parse(text, &t) != -EINVAL)
                fail_msg("taken: %s", text);
        }
        char *cut = xstrndup(whole, at);
        if (msec_parse(cut, &t) != -EINVAL)
            fail_msg("taken: %s", cut);
        free(cut);
    }
}

static void msec_every_time_reads_back(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < 20000; i++) {
        msec_t t = ((msec_t)roll(&random, 1u << 30) - (1 << 29)) * 90000 +
                   (i % 3 ? 0 : (msec_t)roll(&random, 1000)),
               back = 0;
        char text[MSEC_TEXT_BYTES];
        if (t > 253402300799999 || t < -62167219200000)
            continue;
        assert_int_equal(msec_parse(msec_format(t, text), &back), 0);
        assert_true(back == t);
    }
}

/* FM-D11 */
static void civil_days_run_on_without_a_gap(void **state)
{
    (void)state;
    int year, month, day, last_year = 0, last_month = 0, last_day = 0;
    for (int64_t d = -800000; d < 800000; d++) {
        civil_from_days(d, &year, &month, &day);
        assert_true(civil_to_days(year, month, day) == d);
        bool next = last_year == 0 ||
                    (year == last_year && month == last_month && day == last_day + 1) ||
                    (day == 1 && last_day == civil_month_days(last_year, last_month));
        assert_true(next);
        last_year = year;
        last_month = month;
        last_day = day;
    }
    assert_int_equal(civil_weekday(0), 4);
    assert_int_equal(civil_weekday(-1), 3);
    assert_int_equal(civil_weekday(civil_to_days(2026, 3, 8)), 0);
}

static void civil_months_outside_of_the_year_are_carried(void **state)
{
    (void)state;
    for (int months = -60; months <= 60; months++) {
        int year = 2026, month = months;
        while (month < 1) {
            month += 12;
            year--;
        }
        while (month > 12) {
            month -= 12;
            year++;
        }
        assert_int_equal(civil_to_days(2026, months, 5), civil_to_days(year, month, 5));
    }
}

static void lengths_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        msec_t length;
        const char *shortest;
    } good[] = {{"90s", 90 * MSEC_SECOND, "1m30s"},
                {"15m", 15 * MSEC_MINUTE, "15m"},
                {"1h30m", 90 * MSEC_MINUTE, "1h30m"},
                {"3d", 3 * MSEC_DAY, "3d"},
                {"2w", 2 * MSEC_WEEK, "2w"},
                {"14d", 2 * MSEC_WEEK, "2w"},
                {"10d", 10 * MSEC_DAY, "10d"},
                {"0s", 0, "0s"},
                {"24h", MSEC_DAY, "1d"}};
    static const char *const bad[] = {"", "d", "3", "3x", "3 d", "-3d", "3d ", "1.5h", "d3"};
    char text[MSEC_TEXT_BYTES];
    msec_t length = 9;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_int_equal(msec_parse_length(good[i].text, &length), 0);
        assert_true(length == good[i].length);
        assert_string_equal(msec_format_length(length, text), good[i].shortest);
    }
    length = 9;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_int_equal(msec_parse_length(bad[i], &length), -EINVAL);
    assert_int_equal(msec_parse_length(NULL, &length), -EINVAL);
    assert_int_equal(msec_parse_length("3661d", &length), -ERANGE);
    assert_int_equal(msec_parse_length("99999999999999999999w", &length), -ERANGE);
    assert_int_equal(length, 9);
    assert_int_equal(msec_parse_length("3660d", &length), 0);
}

/* --- hash, nearest --- */

/* What the daemon relies on: equal for ever, spread, and cuts matter. */
static void hash_is_stable_and_cuts_matter(void **state)
{
    (void)state;
    const char *const ab_c[] = {"ab", "c"}, *const a_bc[] = {"a", "bc"},
                      *const c_ab[] = {"c", "ab"};
    const char *const with_null[] = {"ab", NULL}, *const with_empty[] = {"ab", ""};
    assert_true(hash_text("abc") == hash_bytes(0, "abc", 3).a);
    assert_true(hash_text(NULL) == hash_text(""));
    assert_true(hash_join(1, ab_c, 2) != hash_join(1, a_bc, 2));
    assert_true(hash_join(1, ab_c, 2) != hash_join(1, c_ab, 2));
    assert_true(hash_join(1, ab_c, 2) != hash_join(2, ab_c, 2));
    assert_true(hash_join(1, with_null, 2) == hash_join(1, with_empty, 2));
    struct hash128 one = hash_bytes(7, "12345678", 8), two = hash_bytes(7, "12345678", 7);
    assert_false(hash128_eq(one, two));
    assert_true(hash128_eq(one, hash_bytes(7, "12345678", 8)));
    int counts[16] = {0};
    for (int i = 0; i < 16000; i++) {
        char text[16];
        (void)snprintf(text, sizeof(text), "k%d", i);
        counts[hash_text(text) % 16]++;
    }
    for (int i = 0; i < 16; i++)
        assert_in_range(counts[i], 800, 1200);
}

static void nearest_finds_what_was_meant(void **state)
{
    (void)state;
    static const char *const words[] = {"pause", "resume", "skip", "why", "help", "later"};
    assert_string_equal(nearest_word("puase", words, 6), "pause");
    assert_string_equal(nearest_word("skp", words, 6), "skip");
    assert_string_equal(nearest_word("resumee", words, 6), "resume");
    assert_string_equal(nearest_word("why", words, 6), "why");
    assert_null(nearest_word("wxz", words, 6)); /* two edits in three letters say nothing */
    assert_null(nearest_word("completely", words, 6));
    assert_null(nearest_word("x", words, 0));
    assert_int_equal(nearest_distance("abc", "abc", 2), 0);
    assert_int_equal(nearest_distance("abc", "acb", 2), 1);
    assert_int_equal(nearest_distance("", "ab", 2), 2);
    assert_int_equal(nearest_distance("abcdef", "a", 2), 3);
    char a[200], b[200];
    memset(a, 'a', sizeof(a));
    memset(b, 'a', sizeof(b));
    a[199] = b[199] = '\0';
    assert_int_equal(nearest_distance(a, b, 2), 3); /* too long to be looked at */
}

/* --- jsonw --- */

static void jsonw_writes_what_a_reader_reads(void **state)
{
    (void)state;
    struct strbuf out = {0};
    struct jsonw json;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "text", "a\"b\\c\n\t\x01/é😀");
    jsonw_text(&json, "null", NULL);
    jsonw_text_opt(&json, "absent", NULL);
    jsonw_text_opt(&json, "there", "x");
    jsonw_int(&json, "int", INT64_MIN);
    jsonw_bool(&json, "yes", true);
    jsonw_null(&json, "nothing");
    jsonw_time(&json, "at", 1000);
    jsonw_array(&json, "list");
    jsonw_int(&json, NULL, 1);
    jsonw_array(&json, NULL);
    jsonw_array_end(&json);
    jsonw_object(&json, NULL);
    jsonw_object_end(&json);
    jsonw_raw(&json, NULL, "{\"r\":2}");
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    assert_string_equal(strbuf_text(&out),
                        "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001/é😀\",\"null\":null,\"there\":\"x\","
                        "\"int\":-9223372036854775808,\"yes\":true,\"nothing\":null,"
                        "\"at\":\"1970-01-01T00:00:01Z\",\"list\":[1,[],{},{\"r\":2}]}");
    strbuf_done(&out);
}

/* FM-G04 */
static void jsonw_any_bytes_make_a_readable_string(void **state)
{
    (void)state;
    uint64_t random = 9;
    for (int i = 0; i < 3000; i++) {
        char text[24];
        size_t length = roll(&random, 20);
        for (size_t k = 0; k < length; k++)
            text[k] = (char)(1 + roll(&random, 255));
        text[length] = '\0';
        struct strbuf out = {0};
        jsonw_quote(&out, text);
        json_t *back = json_loads(strbuf_text(&out), JSON_DECODE_ANY, NULL);
        assert_non_null(back);
        if (utf8_length(text, length) >= 0)
            assert_string_equal(json_string_value(back), text);
        json_decref(back);
        strbuf_done(&out);
    }
    struct strbuf out = {0};
    jsonw_quote(&out, "a\xFFz");
    assert_string_equal(strbuf_text(&out), "\"a\xEF\xBF\xBDz\"");
    strbuf_done(&out);
}

/* --- alloc --- */

static void str_replace_takes_shorter_longer_and_none(void **state)
{
    static const char *const texts[] = {"qualify", "won", "", "a longer one than before",
                                        NULL,      "x"};
    char *slot = NULL;
    (void)state;
    for (size_t i = 0; i < 36; i++) {
        const char *text = texts[i % 2 ? i / 6 : i % 6];
        xstr_replace(&slot, text);
        assert_true(str_eq(slot, text) && !slot == !text);
    }
    xstr_replace(&slot, "of itself the end");
    xstr_replace(&slot, slot + 3);
    assert_string_equal(slot, "itself the end");
    free(slot);
}

/* --- map --- */

enum { KEYS = 700 };

static void map_agrees_with_a_plain_list(void **state)
{
    (void)state;
    struct map map = {0};
    char keys[KEYS][8];
    void *values[KEYS] = {0};
    uint64_t random = 11;
    for (int i = 0; i < KEYS; i++)
        (void)snprintf(keys[i], sizeof(keys[i]), "k%d", i);
    assert_null(map_get(&map, "k0"));
    assert_null(map_guess(&map, hash_quick("k0")));
    map_set(&map, "k0", NULL); /* removing nothing from nothing */
    for (int step = 0; step < 60000; step++) {
        unsigned i = roll(&random, step < 20000 ? KEYS : 40);
        void *value = roll(&random, 3) ? &keys[roll(&random, KEYS)] : NULL;
        if (value && roll(&random, 2)) {
            assert_ptr_equal(map_add(&map, keys[i], hash_quick(keys[i]), value), values[i]);
            value = values[i] ? values[i] : value;
        } else if (!value && values[i] && roll(&random, 2)) {
            map_remove(&map, hash_quick(keys[i]), values[i]);
        } else {
            map_set(&map, keys[i], value);
        }
        values[i] = value;
        unsigned k = roll(&random, KEYS);
        assert_ptr_equal(map_get(&map, keys[k]), values[k]);
    }
    size_t count = 0;
    for (int i = 0; i < KEYS; i++) {
        assert_ptr_equal(map_get(&map, keys[i]), values[i]);
        assert_ptr_equal(map_guess(&map, hash_quick(keys[i])), values[i]); /* no two hashes meet */
        count += values[i] != NULL;
    }
    assert_int_equal(map.count, count);
    assert_true(map.cap < 8 * KEYS); /* what was removed makes room again */
    assert_null(map_get(&map, NULL));
    map_done(&map);
    map_done(&map);
}

/* The key of a removed entry is its owner's to free: nothing may look at it any more. */
static void map_removed_key_is_never_looked_at_again(void **state)
{
    (void)state;
    struct map map = {0};
    int value = 1;
    for (int i = 0; i < 200; i++) {
        char *key = xstrdup("the same key"), *other = xstrdup("the same key");
        map_set(&map, key, &value);
        map_set(&map, other, NULL);
        free(key);
        free(other);
        assert_null(map_get(&map, "the same key"));
    }
    map_set(&map, "the same key", &value);
    assert_ptr_equal(map_get(&map, "the same key"), &value);
    assert_int_equal(map.count, 1);
    map_done(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_alloc_is_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_text_is_copied_and_measured),
        cmocka_unit_test(err_words_of_the_layers_stand_in_front),
        cmocka_unit_test(strbuf_grows_and_stops_at_its_limit),
        cmocka_unit_test(strbuf_int_writes_every_number),
        cmocka_unit_test(str_helpers_accept_null),
        cmocka_unit_test(str_to_i64_takes_whole_numbers_only),
        cmocka_unit_test(utf8_length_refuses_what_is_not_utf8),
        cmocka_unit_test(utf8_prefix_cuts_between_code_points),
        cmocka_unit_test(utf8_turner_is_found_and_nothing_else_is),
        cmocka_unit_test(msec_parse_takes_rfc3339_in_all_its_forms),
        cmocka_unit_test(msec_parse_refuses_everything_else),
        cmocka_unit_test(msec_parse_looks_at_every_place),
        cmocka_unit_test(msec_every_time_reads_back),
        cmocka_unit_test(civil_days_run_on_without_a_gap),
        cmocka_unit_test(civil_months_outside_of_the_year_are_carried),
        cmocka_unit_test(lengths_are_read_and_written),
        cmocka_unit_test(hash_is_stable_and_cuts_matter),
        cmocka_unit_test(nearest_finds_what_was_meant),
        cmocka_unit_test(jsonw_writes_what_a_reader_reads),
        cmocka_unit_test(jsonw_any_bytes_make_a_readable_string),
        cmocka_unit_test(str_replace_takes_shorter_longer_and_none),
        cmocka_unit_test(map_agrees_with_a_plain_list),
        cmocka_unit_test(map_removed_key_is_never_looked_at_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
