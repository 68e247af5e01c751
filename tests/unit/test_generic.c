/* Events from senders without a form of their own: flat, as a form, as Standard Webhooks, mapped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load.h"
#include "load/load_map.h"
#include "wire/event_schema.h"
#include "wire/generic.h"

enum { TAKEN_MAX = 16 };

#define NOW INT64_C(1803204304120) /* 2027-02-21T10:05:04.120Z */

struct taken {
    struct arena arena;
    struct err err;
    struct event events[TAKEN_MAX];
    size_t count;
    int status, ignored;
    const char *ids[TAKEN_MAX]; /* of earlier requests */
    size_t id_count;
    msec_t now;
    const struct remap *map;
};

static int on_event(void *user, const struct event *event)
{
    struct taken *taken = user;
    assert_true(taken->count < TAKEN_MAX);
    taken->events[taken->count++] = *event;
    return 0;
}

static bool on_seen(void *user, const char *source, const char *id)
{
    const struct taken *taken = user;
    assert_string_equal(source, "/intake/crm");
    for (size_t i = 0; i < taken->id_count; i++) {
        if (str_eq(taken->ids[i], id))
            return true;
    }
    return false;
}

static void give_as(struct taken *taken, const char *media, const char *id, const char *body)
{
    const struct wire_header list[] = {{"content-type", media}, {"webhook-id", id ? id : ""}};
    const struct crm_request request = {.intake = "crm",
                                        .headers = {list, id ? 2 : 1},
                                        .body = body,
                                        .length = strlen(body),
                                        .now = taken->now ? taken->now : NOW,
                                        .map = taken->map,
                                        .seen = on_seen,
                                        .seen_user = taken};
    struct crm_out out = {.arena = &taken->arena, .event = on_event, .user = taken};
    for (size_t i = 0; i < taken->count && taken->id_count < TAKEN_MAX; i++)
        taken->ids[taken->id_count++] = taken->events[i].id;
    taken->count = 0;
    taken->err = (struct err){0};
    taken->status = generic_read(&request, &out, &taken->err);
    taken->ignored = out.ignored;
}

static struct taken take(const char *id, const char *body)
{
    struct taken taken = {0};
    arena_init(&taken.arena);
    give_as(&taken, "application/json", id, body);
    return taken;
}

static void refused(const char *body, const char *words)
{
    struct taken taken = take("m", body);
    assert_int_not_equal(taken.status, 0);
    assert_int_equal(taken.count, 0);
    if (!strstr(taken.err.text, words))
        fail_msg("wanted '%s', got '%s'", words, taken.err.text);
    arena_done(&taken.arena);
}

static void generic_webhook_becomes_an_event(void **state)
{
    (void)state;
    struct taken taken =
        take("msg_1", "{\"type\":\"deal.stage_changed\",\"timestamp\":\"2026-03-02T10:00:00Z\","
                      "\"repid\":\"ana\",\"data\":{\"deal\":{\"id\":\"D1\",\"name\":\"Acme\"},"
                      "\"to\":{\"canonical\":\"propose\"}}}");
    assert_int_equal(taken.count, 1);
    assert_int_equal(taken.events[0].type, EVENT_DEAL_STAGE_CHANGED);
    assert_string_equal(taken.events[0].id, "msg_1");
    assert_string_equal(taken.events[0].source, "/intake/crm");
    assert_string_equal(taken.events[0].rep, "ana");
    assert_string_equal(taken.events[0].deal, "D1");
    assert_string_equal(taken.events[0].to, "propose");
    arena_done(&taken.arena);
}

static void generic_id_may_stand_in_the_body(void **state)
{
    (void)state;
    struct taken taken =
        take(NULL, "{\"id\":9007199254740993123,\"type\":\"gritd.activity.logged\",\"timestamp\":"
                   "\"2026-03-02T10:00:00Z\",\"repid\":\"ana\",\"data\":{\"kind\":\"call\"}}");
    assert_int_equal(taken.count, 1);
    assert_string_equal(taken.events[0].id, "9007199254740993123");
    assert_string_equal(taken.events[0].kind, "call");
    arena_done(&taken.arena);
}

static void generic_whole_cloudevent_is_taken_as_it_is(void **state)
{
    (void)state;
    struct taken taken = take(
        "ignored", "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/crm/x\",\"type\":"
                   "\"gritd.deal.won\",\"time\":\"2026-03-02T10:00:00Z\",\"subject\":\"deal/D1\","
                   "\"data\":{\"deal\":{\"id\":\"D1\"}}}");
    assert_int_equal(taken.count, 1);
    assert_string_equal(taken.events[0].id, "e1");
    assert_string_equal(taken.events[0].source, "/crm/x");
    arena_done(&taken.arena);
}

static void generic_flat_values_may_be_texts(void **state)
{
    (void)state;
    struct taken taken =
        take(NULL, "{\"type\":\"activity.logged\",\"id\":7,\"time\":1803204304,"
                   "\"rep\":\"ana@example.com\",\"kind\":\"Email\",\"count\":\"3\","
                   "\"automated\":\"yes\",\"outcome\":\"\",\"deal\":4711,"
                   "\"note\":\"anything\"}");
    assert_int_equal(taken.count, 1);
    const struct event *event = &taken.events[0];
    assert_string_equal(event->id, "7");
    assert_int_equal(event->time, INT64_C(1803204304000));
    assert_string_equal(event->rep, "ana@example.com");
    assert_string_equal(event->kind, "email");
    assert_int_equal(event->count, 3);
    assert_true(event->automated);
    assert_null(event->outcome);
    assert_string_equal(event->deal, "4711");
    arena_done(&taken.arena);
}

static void generic_form_is_the_flat_form(void **state)
{
    (void)state;
    struct taken taken = {0};
    arena_init(&taken.arena);
    give_as(&taken, "application/x-www-form-urlencoded; charset=utf-8", NULL,
            "type=deal.stage_changed&rep=ana&deal.id=D%201&deal__name=Acme+Tools&to=Proposal"
            "&deal.amount=12500.50&deal.currency=EUR&deal.expected_close=2027-03-31T00:00:00Z");
    if (taken.status)
        fail_msg("%s", taken.err.text);
    assert_int_equal(taken.count, 1);
    assert_string_equal(taken.events[0].deal, "D 1");
    assert_string_equal(taken.events[0].deal_name, "Acme Tools");
    assert_string_equal(taken.events[0].to, "Proposal");
    assert_int_equal(taken.events[0].amount, 1250050);
    assert_string_equal(taken.events[0].close_date, "2027-03-31");
    assert_int_equal(taken.events[0].time, NOW);
    static const char *const wrong[] = {"type=deal.won&deal.id=%zz", "type=deal.won&deal.id=%00",
                                        "type=a&type=b", "deal=D1&deal.id=D1", "a=%ff"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        give_as(&taken, "application/x-www-form-urlencoded", NULL, wrong[i]);
        assert_int_equal(taken.status, -EINVAL);
    }
    arena_done(&taken.arena);
}

static void generic_same_body_within_ten_minutes_is_the_same(void **state)
{
    (void)state;
    static const char body[] = "{\"type\":\"activity.logged\",\"rep\":\"ana\",\"kind\":\"call\"}";
    static const struct {
        msec_t later;
        bool same;
    } rows[] = {{0, true}, {MSEC_MINUTE, true}, {9 * MSEC_MINUTE, true}, {11 * MSEC_MINUTE, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct taken taken = take(NULL, body);
        const char *first = taken.events[0].id;
        taken.now = NOW + rows[i].later;
        give_as(&taken, "application/json", NULL, body);
        assert_int_equal(str_eq(taken.events[0].id, first), rows[i].same);
        give_as(&taken, "application/json", NULL,
                "{\"type\":\"activity.logged\",\"rep\":\"ana\",\"kind\":\"email\"}");
        assert_string_not_equal(taken.events[0].id, first);
        arena_done(&taken.arena);
    }
}

static void generic_list_is_handed_out_by_time(void **state)
{
    (void)state;
    struct taken taken = take("h", "[{\"type\":\"deal.won\",\"deal\":\"D1\",\"time\":1803204303},"
                                   "{\"type\":\"deal.won\",\"deal\":\"D2\",\"time\":1803204301},"
                                   "{\"type\":\"deal.won\",\"deal\":\"D3\",\"time\":1803204303}]");
    assert_int_equal(taken.status, 0);
    assert_int_equal(taken.count, 3);
    assert_string_equal(taken.events[0].deal, "D2");
    assert_string_equal(taken.events[1].deal, "D1");
    assert_string_equal(taken.events[2].deal, "D3");
    arena_done(&taken.arena);
}

static void generic_list_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    struct taken taken =
        take("h", "[{\"type\":\"deal.won\",\"deal\":\"D1\"},{\"type\":\"invoice.paid\"},"
                  "{\"type\":\"deal.lost\",\"deal\":\"D2\",\"id\":\"own\"}]");
    assert_int_equal(taken.count, 2);
    assert_int_equal(taken.ignored, 1);
    assert_string_equal(taken.events[0].id, "h");
    assert_string_equal(taken.events[1].id, "own");
    arena_done(&taken.arena);
    refused("[{\"type\":\"deal.won\",\"deal\":\"D1\"},{\"type\":\"deal.lost\"}]", "event 2: ");
}

static void generic_what_is_wrong_is_named(void **state)
{
    (void)state;
    refused("7", "not an object");
    refused("{\"type\":", "line 1");
    refused("{\"time\":\"2026-03-02T10:00:00Z\"}", "type: missing");
    refused("{\"type\":\"deal.won\",\"time\":\"2026-03-02T10:00:00Z\"}", "deal");
    refused("{\"type\":\"deal.won\",\"time\":\"2027-03-01 09:00\",\"deal\":\"D\"}", "time");
    refused("{\"type\":\"deal.won\",\"deal\":{\"id\":\"D\",\"nmae\":\"x\"}}",
            "did you mean 'name'");
    refused("{\"type\":\"activity.logged\",\"rep\":\"ana\",\"kind\":\"cal\"}", "call");
    refused("{\"type\":\"rep.away\"}", "rep");
}

/* --- maps --- */

static const char map_text[] = "map:\n"
                               "  - type: deal.stage_changed\n"
                               "    when: {path: $.action, is: [moved, pushed]}\n"
                               "    id: $.event.id\n"
                               "    time: $.at\n"
                               "    rep: $.user.email\n"
                               "    deal:\n"
                               "      id: $.deal.id\n"
                               "      name: $.deal['full name']\n"
                               "      amount: $.value\n"
                               "      currency: EUR\n"
                               "    to: $.stages[1]\n"
                               "    from: $.stages[0]\n"
                               "  - type: activity.logged\n"
                               "    each: $.calls\n"
                               "    when:\n"
                               "      - {path: $.seconds}\n"
                               "      - {path: $$.action, is_not: test}\n"
                               "    id: $.id\n"
                               "    rep: $$.user.email\n"
                               "    kind: call\n"
                               "    duration_s: $.seconds\n";

static const struct remap *map_of(struct arena *arena, const char *text, struct strbuf *told)
{
    struct problems problems;
    const struct remap *map;
    const struct load_file file = {"tickets.map.yaml", text, strlen(text)};
    problems_init(&problems);
    (void)map_load(&file, arena, &problems, &map);
    problems_print(&problems, told);
    problems_done(&problems);
    return map;
}

static void generic_map_makes_events_of_any_json(void **state)
{
    (void)state;
    struct strbuf told = {0};
    struct taken taken = {0};
    arena_init(&taken.arena);
    taken.map = map_of(&taken.arena, map_text, &told);
    assert_string_equal(strbuf_text(&told), "");
    assert_non_null(taken.map);
    give_as(&taken, "application/json", NULL,
            "{\"action\":\"moved\",\"event\":{\"id\":12},\"at\":1803204304120,\"value\":\"99.5\","
            "\"user\":{\"email\":\"ana@example.com\"},\"stages\":[\"Demo\",\"Proposal\"],"
            "\"deal\":{\"id\":71,\"full name\":\"Harbour Freight\"},"
            "\"calls\":[{\"id\":\"c1\",\"seconds\":60},{\"id\":\"c2\"},"
            "{\"id\":\"c3\",\"seconds\":\"5\"}]}");
    if (taken.status)
        fail_msg("%s", taken.err.text);
    assert_int_equal(taken.count, 3);
    const struct event *moved = &taken.events[0];
    assert_int_equal(moved->type, EVENT_DEAL_STAGE_CHANGED);
    assert_string_equal(moved->id, "12");
    assert_int_equal(moved->time, NOW);
    assert_string_equal(moved->deal, "71");
    assert_string_equal(moved->deal_name, "Harbour Freight");
    assert_int_equal(moved->amount, 9950);
    assert_string_equal(moved->from, "Demo");
    assert_string_equal(moved->to, "Proposal");
    assert_string_equal(taken.events[1].id, "c1");
    assert_string_equal(taken.events[2].id, "c3");
    assert_int_equal(taken.events[2].duration_s, 5);
    assert_string_equal(taken.events[2].rep, "ana@example.com");
    give_as(&taken, "application/json", NULL, "{\"action\":\"test\",\"calls\":[{\"seconds\":1}]}");
    assert_int_equal(taken.status, 0);
    assert_int_equal(taken.count, 0);
    assert_int_equal(taken.ignored, 1);
    strbuf_done(&told);
    arena_done(&taken.arena);
}

static void generic_map_names_each_mistake_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } rows[] = {
        {"map: [{type: deal.won, deal: {id: $..id}}]\n",
         "tickets.map.yaml:1:35: error: '$..id' is no path"},
        {"map: [{type: deal.won, deal: {id: '$.list[x]'}}]\n",
         ":1:35: error: '$.list[x]' is no path"},
        {"map: [{type: deal.won, id: D1, deal: {id: $.id}}]\n", ":1:28: error: 'D1' is no path"},
        {"map: [{type: deal.wonn, deal: {id: $.id}}]\n", "deal.won"},
        {"map: [{type: deal.won}]\n", "deal.won needs 'deal: {id: ...}'"},
        {"map: [{type: activity.logged, rep: $.x}]\n", "activity.logged needs 'kind'"},
        {"map: [{type: deal.won, deal: {id: $.id, nmae: $.n}}]\n", "did you mean 'name'"},
        {"map: [{type: deal.won, deal: {id: $.id}, when: {is: x}}]\n", "path"},
        {"map: []\n", "a list of entries"},
        {"map: [{type: plan.cue}]\n", "gritd's own"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf told = {0};
        struct arena arena;
        arena_init(&arena);
        assert_null(map_of(&arena, rows[i].text, &told));
        if (!strstr(strbuf_text(&told), rows[i].told))
            fail_msg("%s: wanted '%s', got '%s'", rows[i].text, rows[i].told, strbuf_text(&told));
        strbuf_done(&told);
        arena_done(&arena);
    }
}

/* Every member that an event can have can be mapped, and no other. */
static void generic_map_has_the_members_of_the_events(void **state)
{
    (void)state;
    static const char *const about[] = {"type", "each", "when", "id", "time", "rep", "deal"};
    for (size_t i = 0; i < map_block.count; i++) {
        bool found = false;
        for (size_t k = 0; k < ARRAY_LEN(about); k++)
            found |= str_eq(about[k], map_block.keys[i].name);
        for (int type = 0; type < EVENT_SENT_TYPES && !found; type++) {
            const struct member_table *table = &event_schema((enum event_type)type)->data;
            for (size_t k = 0; k < table->count; k++)
                found |= str_eq(table->rows[k].name, map_block.keys[i].name);
        }
        if (!found)
            fail_msg("no event has '%s'", map_block.keys[i].name);
    }
    for (int type = 0; type < EVENT_SENT_TYPES; type++) {
        const struct member_table *table = &event_schema((enum event_type)type)->data;
        for (size_t k = 0; k < table->count; k++) {
            const char *name = table->rows[k].name;
            bool found = str_eq(name, "origin") || str_eq(name, "seconds_in_from") ||
                         str_eq(name, "raw_kind");
            for (size_t i = 0; i < map_block.count; i++)
                found |= str_eq(name, map_block.keys[i].name);
            if (!found)
                fail_msg("'%s' cannot be mapped", name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(generic_webhook_becomes_an_event),
        cmocka_unit_test(generic_id_may_stand_in_the_body),
        cmocka_unit_test(generic_whole_cloudevent_is_taken_as_it_is),
        cmocka_unit_test(generic_flat_values_may_be_texts),
        cmocka_unit_test(generic_form_is_the_flat_form),
        cmocka_unit_test(generic_same_body_within_ten_minutes_is_the_same),
        cmocka_unit_test(generic_list_is_handed_out_by_time),
        cmocka_unit_test(generic_list_is_taken_whole_or_not_at_all),
        cmocka_unit_test(generic_what_is_wrong_is_named),
        cmocka_unit_test(generic_map_makes_events_of_any_json),
        cmocka_unit_test(generic_map_names_each_mistake_with_its_place),
        cmocka_unit_test(generic_map_has_the_members_of_the_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
