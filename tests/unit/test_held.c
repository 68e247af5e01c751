/* What people said while nothing can be taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/str.h"
#include "gritd/held.h"

static char taken[256];
static int room;

static bool take(void *user, const struct event *event)
{
    assert_ptr_equal(user, taken);
    if (room == 0)
        return false;
    room--;
    strcat(taken, event->text);
    return true;
}

static void add(struct held *held, const char *text)
{
    char copy[16];
    struct event event;
    (void)snprintf(copy, sizeof(copy), "%s", text);
    event_init(&event, EVENT_SAID, 1);
    event.text = copy;
    assert_true(held_add(held, &event));
    memset(copy, 'x', sizeof(copy) - 1); /* the copy is its own */
}

static void held_come_out_in_their_order(void **state)
{
    struct held held = {0};
    (void)state;
    taken[0] = '\0';
    add(&held, "a");
    add(&held, "b");
    add(&held, "c");
    room = 0;
    assert_false(held_offer(&held, take, taken));
    assert_string_equal(taken, "");
    room = 2;
    assert_false(held_offer(&held, take, taken));
    assert_string_equal(taken, "ab");
    add(&held, "d");
    room = 9;
    assert_true(held_offer(&held, take, taken));
    assert_string_equal(taken, "abcd");
    assert_true(held_offer(&held, take, taken));
    held_done(&held);
}

static void held_have_a_limit(void **state)
{
    struct held held = {0};
    struct event event;
    (void)state;
    event_init(&event, EVENT_SAID, 1);
    event.text = "a";
    for (int i = 0; i < HELD_MAX; i++)
        assert_true(held_add(&held, &event));
    assert_false(held_add(&held, &event));
    held_done(&held);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(held_come_out_in_their_order),
        cmocka_unit_test(held_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
