/* Links that work once, sessions that end, and nothing but hashes kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gritd/session.h"

#define NOW ((msec_t)1800000000000)

static bool random_fails;
static unsigned char next_byte;

static bool bytes(void *data, size_t size)
{
    unsigned char *at = data;
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(next_byte * 7 + i);
    next_byte++;
    return !random_fails;
}

static int setup(void **state)
{
    random_fails = false;
    next_byte = 0;
    *state = sessions_new(bytes);
    return 0;
}

static int teardown(void **state)
{
    sessions_free(*state);
    return 0;
}

static void session_link_signs_in_once(void **state)
{
    char token[SESSION_TEXT_BYTES], cookie[SESSION_TEXT_BYTES], again[SESSION_TEXT_BYTES];
    struct session session;
    assert_true(session_link(*state, "dana", NOW, token));
    assert_true(session_is_token(token));
    assert_true(session_link_holds(*state, token, NOW)); /* looking does not use it up */
    assert_int_equal(session_open(*state, token, NOW, cookie), SESSION_OPENED);
    assert_int_equal(session_open(*state, token, NOW, again), SESSION_WRONG);
    assert_false(session_link_holds(*state, token, NOW));
    assert_true(session_find(*state, cookie, NOW, &session));
    assert_string_equal(session.person, "dana");
    assert_true(session_is_token(session.form));
    assert_string_not_equal(session.form, cookie);
    assert_false(session_find(*state, token, NOW, &session)); /* a link is no cookie */
}

static void session_and_link_end_in_time(void **state)
{
    char token[SESSION_TEXT_BYTES], cookie[SESSION_TEXT_BYTES];
    struct session session;
    assert_true(session_link(*state, "dana", NOW, token));
    assert_true(session_link_holds(*state, token, NOW + SESSION_LINK_LASTS - 1));
    assert_false(session_link_holds(*state, token, NOW + SESSION_LINK_LASTS));
    assert_int_equal(session_open(*state, token, NOW + SESSION_LINK_LASTS, cookie), SESSION_WRONG);
    assert_true(session_link(*state, "dana", NOW, token));
    assert_int_equal(session_open(*state, token, NOW, cookie), SESSION_OPENED);
    assert_true(session_find(*state, cookie, NOW + SESSION_LASTS - 1, &session));
    assert_false(session_find(*state, cookie, NOW + SESSION_LASTS, &session));
}

static void session_close_ends_that_one(void **state)
{
    char token[SESSION_TEXT_BYTES], one[SESSION_TEXT_BYTES], other[SESSION_TEXT_BYTES];
    struct session session;
    assert_true(session_link(*state, "dana", NOW, token));
    assert_int_equal(session_open(*state, token, NOW, one), SESSION_OPENED);
    assert_true(session_link(*state, "dana", NOW, token));
    assert_int_equal(session_open(*state, token, NOW, other), SESSION_OPENED);
    session_close(*state, one);
    assert_false(session_find(*state, one, NOW, &session));
    assert_true(session_find(*state, other, NOW, &session));
}

static void session_refuses_what_is_no_token(void **state)
{
    static const char *const wrong[] = {NULL, "", "0", "zz", "../../etc/passwd"};
    char cookie[SESSION_TEXT_BYTES], token[SESSION_TEXT_BYTES];
    struct session session;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        assert_false(session_is_token(wrong[i]));
        assert_false(session_find(*state, wrong[i], NOW, &session));
        assert_int_equal(session_open(*state, wrong[i], NOW, cookie), SESSION_WRONG);
    }
    assert_true(session_link(*state, "dana", NOW, token));
    token[0] = 'A'; /* capitals are another text */
    assert_false(session_is_token(token));
    assert_false(session_same(NULL, NULL));
    assert_false(session_same("ab", "abc"));
    assert_true(session_same("abc", "abc"));
}

static void session_wrong_links_are_limited_and_right_ones_are_not(void **state)
{
    char token[SESSION_TEXT_BYTES], cookie[SESSION_TEXT_BYTES], wrong[SESSION_TEXT_BYTES];
    memset(wrong, 'f', sizeof(wrong) - 1);
    wrong[sizeof(wrong) - 1] = '\0';
    assert_true(session_link(*state, "dana", NOW, token));
    for (int i = 0; i < SESSION_FAILURES_MOST; i++)
        assert_int_equal(session_open(*state, wrong, NOW, cookie), SESSION_WRONG);
    assert_int_equal(session_open(*state, wrong, NOW, cookie), SESSION_TOO_MANY);
    assert_int_equal(session_open(*state, token, NOW, cookie), SESSION_OPENED);
    assert_int_equal(session_open(*state, wrong, NOW + MSEC_MINUTE, cookie), SESSION_WRONG);
}

static void session_one_person_cannot_crowd_out_the_others(void **state)
{
    char first[SESSION_TEXT_BYTES], token[SESSION_TEXT_BYTES], kept[SESSION_TEXT_BYTES];
    assert_true(session_link(*state, "kim", NOW, kept));
    assert_true(session_link(*state, "dana", NOW, first));
    for (int i = 1; i <= SESSION_LINKS_EACH; i++)
        assert_true(session_link(*state, "dana", NOW + i, token));
    assert_false(session_link_holds(*state, first, NOW + 9)); /* the oldest gave way */
    assert_true(session_link_holds(*state, token, NOW + 9));
    assert_true(session_link_holds(*state, kept, NOW + 9));
    for (int i = 0; i < 2 * SESSION_LINKS_MOST; i++) /* and the table is never full */
        assert_true(session_link(*state, "emil", NOW + 100 + i, token));
    assert_true(session_link_holds(*state, token, NOW + 1000));
}

static void session_needs_random_bytes(void **state)
{
    char token[SESSION_TEXT_BYTES], cookie[SESSION_TEXT_BYTES];
    assert_true(session_link(*state, "dana", NOW, token));
    random_fails = true;
    assert_int_equal(session_open(*state, token, NOW, cookie), SESSION_NO_RANDOM);
    assert_false(session_link(*state, "dana", NOW, cookie));
    random_fails = false;
    assert_int_equal(session_open(*state, token, NOW, cookie), SESSION_OPENED); /* not used up */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(session_link_signs_in_once, setup, teardown),
        cmocka_unit_test_setup_teardown(session_and_link_end_in_time, setup, teardown),
        cmocka_unit_test_setup_teardown(session_close_ends_that_one, setup, teardown),
        cmocka_unit_test_setup_teardown(session_refuses_what_is_no_token, setup, teardown),
        cmocka_unit_test_setup_teardown(session_wrong_links_are_limited_and_right_ones_are_not,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(session_one_person_cannot_crowd_out_the_others, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(session_needs_random_bytes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
