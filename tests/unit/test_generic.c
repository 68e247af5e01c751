/* Events from senders that know Standard Webhooks but not CloudEvents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "wire/generic.h"

struct read {
    struct arena arena;
    struct err err;
    struct event event;
    int status;
};

static struct read read_body(const char *id, const char *body)
{
    struct read read = {0};
    arena_init(&read.arena);
    read.status = generic_parse("crm", id, body, strlen(body), &read.arena, &read.err, &read.event);
    return read;
}

static void refused(const char *id, const char *body, const char *words)
{
    struct read read = read_body(id, body);
    assert_int_not_equal(read.status, 0);
    if (!strstr(read.err.text, words))
        fail_msg("wanted '%s', got '%s'", words, read.err.text);
    arena_done(&read.arena);
}

static void generic_webhook_becomes_an_event(void **state)
{
    (void)state;
    struct read read = read_body(
        "msg_1", "{\"type\":\"deal.stage_changed\",\"timestamp\":\"2026-03-02T10:00:00Z\","
                 "\"repid\":\"ana\",\"data\":{\"deal\":{\"id\":\"D1\",\"name\":\"Acme\"},"
                 "\"to\":{\"canonical\":\"propose\"}}}");
    assert_int_equal(read.status, 0);
    assert_int_equal(read.event.type, EVENT_DEAL_STAGE_CHANGED);
    assert_string_equal(read.event.id, "msg_1");
    assert_string_equal(read.event.source, "/intake/crm");
    assert_string_equal(read.event.rep, "ana");
    assert_string_equal(read.event.deal, "D1");
    assert_string_equal(read.event.to, "propose");
    arena_done(&read.arena);
}

static void generic_id_may_stand_in_the_body(void **state)
{
    (void)state;
    struct read read =
        read_body(NULL, "{\"id\":\"a7\",\"type\":\"gritd.activity.logged\",\"timestamp\":"
                        "\"2026-03-02T10:00:00Z\",\"repid\":\"ana\",\"data\":{\"kind\":\"call\"}}");
    assert_int_equal(read.status, 0);
    assert_string_equal(read.event.id, "a7");
    assert_string_equal(read.event.kind, "call");
    arena_done(&read.arena);
}

static void generic_whole_cloudevent_is_taken_as_it_is(void **state)
{
    (void)state;
    struct read read = read_body(
        "ignored", "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/crm/x\",\"type\":"
                   "\"gritd.deal.won\",\"time\":\"2026-03-02T10:00:00Z\",\"subject\":\"deal/D1\","
                   "\"data\":{\"deal\":{\"id\":\"D1\"}}}");
    assert_int_equal(read.status, 0);
    assert_string_equal(read.event.id, "e1");
    assert_string_equal(read.event.source, "/crm/x");
    arena_done(&read.arena);
}

static void generic_what_is_missing_is_named(void **state)
{
    (void)state;
    refused("m", "[]", "not an object");
    refused("m", "{\"type\":", "line 1");
    refused("m", "{\"timestamp\":\"2026-03-02T10:00:00Z\",\"data\":{}}", "type: missing");
    refused("m", "{\"type\":\"deal.won\",\"data\":{}}", "timestamp: missing");
    refused("m", "{\"type\":\"deal.won\",\"timestamp\":\"2026-03-02T10:00:00Z\"}", "data: missing");
    refused("", "{\"type\":\"deal.won\",\"timestamp\":\"2026-03-02T10:00:00Z\",\"data\":{}}",
            "id: missing");
    refused("m",
            "{\"type\":\"deal.won\",\"timestamp\":\"soon\",\"data\":{\"deal\":{\"id\":\"D\"}}}",
            "time");
    refused("m",
            "{\"type\":\"activity.logged\",\"timestamp\":\"2026-03-02T10:00:00Z\","
            "\"repid\":\"ana\",\"data\":{\"kind\":\"cal\"}}",
            "call");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generic_webhook_becomes_an_event),
        cmocka_unit_test(generic_id_may_stand_in_the_body),
        cmocka_unit_test(generic_whole_cloudevent_is_taken_as_it_is),
        cmocka_unit_test(generic_what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
