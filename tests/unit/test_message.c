/* A message on its way into the outbox and out again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "core/message.h"

static struct message round_trip(const struct message *message, struct arena *arena)
{
    struct strbuf json = {0};
    struct err err = {0};
    struct message got = {0};
    message_encode(message, &json);
    if (message_decode(strbuf_text(&json), arena, &err, &got))
        fail_msg("%s", err.text);
    strbuf_done(&json);
    return got;
}

/* FM-G03: "Acme" and an override would read "Acmefdp.exe" backwards, and all that follows it. Marks
 * of right-to-left writing and the joiners within an emoji stay. */
static void nothing_turns_the_words_beside_it(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct message message = {
        .key = "k",
        .to = "ana",
        .text = "What has \u202eAcme\u202c \u2066Tools\u2069\u2067\u2068 changed? "
                "\u05e9\u05dc\u05d5\u05dd\u200f, \U0001f469\u200d\U0001f4bb!\u202a",
        .reader = "\u202bmanager\u202d",
        .buttons = {{.id = "answer", .label = "\u202eAnswer"}, {.id = "skip", .label = "\u2067"}},
        .button_count = 2,
        .input = {.present = true, .label = "\u2069Words", .value = "caf\u00e9 \u20ac\u202e"},
    };
    struct message got = round_trip(&message, &arena);
    assert_string_equal(got.text, "What has Acme Tools changed? "
                                  "\u05e9\u05dc\u05d5\u05dd\u200f, \U0001f469\u200d\U0001f4bb!");
    assert_string_equal(got.reader, "manager");
    assert_string_equal(got.buttons[0].label, "Answer");
    assert_string_equal(got.buttons[1].label, "");
    assert_string_equal(got.input.label, "Words");
    assert_string_equal(got.input.value, "caf\u00e9 \u20ac");
    arena_done(&arena);
}

static void words_without_any_stay_as_they_are(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct message message = {
        .key = "k", .to = "ana", .text = "\u20ac5 \u2014 d\u00e9j\u00e0 vu"};
    struct message got = round_trip(&message, &arena);
    assert_string_equal(got.text, message.text);
    assert_null(got.reader);
    arena_done(&arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_turns_the_words_beside_it),
        cmocka_unit_test(words_without_any_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
