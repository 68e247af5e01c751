/* Rows of the store that gritd never wrote are refused by name, and those that it wrote fit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "core_rig.h"

static void load(int kind, const char *value, const char *words)
{
    struct rig rig = {0};
    struct err err = {0};
    const struct rig_text text = {.people = "people:\n  - {id: ana, name: Ana}\n"};
    rig_init(&rig, &text, "2026-03-02 08:00");
    int status = core_load_state(rig.core, kind, "the-key", value, &err);
    if (words) {
        assert_int_equal(status, -EINVAL);
        if (!strstr(err.text, words) || !strstr(err.text, "the-key"))
            fail_msg("wanted '%s', got '%s'", words, err.text);
    } else {
        assert_int_equal(status, 0);
    }
    rig_done(&rig);
}

#define PROMPT(more)                                                                               \
    "{\"key\":\"aaaaaaaaaaaaaaaaaaaaaaaaaa\",\"to\":\"ana\",\"about\":\"ana\",\"text\":\"?\"" more \
    "}"

static void row_without_a_text_that_it_needs_is_refused(void **state)
{
    (void)state;
    load(STATE_PROMPT, PROMPT(""), NULL);
    load(STATE_PROMPT, "{\"key\":\"a\",\"about\":\"ana\"}", "'to' is missing");
    load(STATE_PROMPT, "{\"key\":\"a\",\"to\":7,\"about\":\"ana\"}", "'to' is missing");
    load(STATE_PROMPT, "{\"to\":\"ana\",\"about\":\"ana\"}", "'key' is missing");
    load(STATE_PENDING, "{\"rule\":\"r\"}", "'rep' is missing");
    load(STATE_FLOW, "{\"to\":\"ana\"}", "'about' is missing");
}

static void row_with_a_number_out_of_place_is_refused(void **state)
{
    (void)state;
    load(STATE_PROMPT, PROMPT(",\"state\":6"), "'state' is no number that it can be");
    load(STATE_PROMPT, PROMPT(",\"state\":-1"), "'state'");
    load(STATE_PROMPT, PROMPT(",\"reader\":4"), "'reader'");
    load(STATE_PROMPT, PROMPT(",\"stored\":\"no\""), "'stored'");
    load(STATE_PERSON, "{\"backoff\":3}", "'backoff'");
    load(STATE_PROMPT, PROMPT(",\"at\":9223372036854775806"), "'at' is too large");
    load(STATE_PROMPT, PROMPT(",\"close_at\":9223372036854775807"), NULL); /* never */
}

static void row_with_a_list_of_other_things_is_refused(void **state)
{
    (void)state;
    load(STATE_PERSON, "{\"mutes\":[\"skill\",7]}", "'mutes' holds something that is no text");
    load(STATE_PERSON, "{\"mutes\":[\"skill\"]}", NULL);
    load(STATE_DEAL, "{\"gates\":[[null,true,[0,0]]]}", "'gates'");
    load(STATE_DEAL, "{\"gates\":[[\"review\",true,[0,0]]]}", NULL);
    load(STATE_DEAL, "[]", "is not readable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_without_a_text_that_it_needs_is_refused),
        cmocka_unit_test(row_with_a_number_out_of_place_is_refused),
        cmocka_unit_test(row_with_a_list_of_other_things_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
