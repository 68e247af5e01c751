/* What the CRMs send becomes our events: the cases in tests/cases, and any order and repetition. */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"
#include "io/files.h"
#include "wire/cloudevents.h"
#include "wire/crm.h"
#include "wire/verify.h"

enum { FOUND_MAX = 64, FILE_MAX = 1 << 20 };

/* A row for each CRM whose cases are played: the stages as its administrator would map them. */
static const struct player {
    const char *crm, *pipeline;
} players[] = {
    {"cloudevents", "stages:\n  - {id: qualify}\n"},
    {"hubspot", "stages:\n"
                "  - {id: prospect, crm: [appointmentscheduled]}\n"
                "  - {id: qualify, crm: [qualifiedtobuy]}\n"
                "  - {id: discover, crm: [presentationscheduled]}\n"
                "  - {id: propose, crm: [decisionmakerboughtin]}\n"
                "  - {id: negotiate, crm: [contractsent]}\n"
                "  - {id: won, crm: [closedwon]}\n"
                "  - {id: lost, crm: [closedlost]}\n"},
    {"pipedrive", "stages:\n"
                  "  - {id: prospect, crm: [\"1\"]}\n"
                  "  - {id: qualify, crm: [\"2\"]}\n"
                  "  - {id: discover, crm: [\"3\"]}\n"
                  "  - {id: propose, crm: [\"4\"]}\n"
                  "  - {id: negotiate, crm: [\"5\"]}\n"},
    {"close", "stages:\n  - {id: qualify}\n"},
    {"dataverse", "stages:\n"
                  "  - {id: qualify, crm: [\"0\"]}\n"
                  "  - {id: discover, crm: [\"1\"]}\n"
                  "  - {id: propose, crm: [\"2\"]}\n"
                  "  - {id: negotiate, crm: [\"3\"]}\n"},
    {"zoho", "stages:\n  - {id: qualify}\n"},
    {"salesforce", "stages:\n"
                   "  - {id: propose, crm: [\"Proposal/Price Quote\"]}\n"},
    {"generic", "stages:\n  - {id: qualify}\n"},
};

/* What one request came to. */
struct found {
    struct arena arena;
    struct rig *rig;
    const struct book *book;
    struct event events[FOUND_MAX];
    struct crm_want wants[FOUND_MAX];
    size_t count, want_count;
    int ignored, status;
    bool asked;
    const char *reply;
    struct err err;
};

static int on_event(void *user, const struct event *event)
{
    struct found *found = user;
    assert_true(found->count < FOUND_MAX);
    found->events[found->count++] = *event;
    return 0;
}

static void on_want(void *user, const struct crm_want *want)
{
    struct found *found = user;
    assert_true(found->want_count < FOUND_MAX);
    found->wants[found->want_count++] = *want;
}

static void found_init(struct found *found, const char *pipeline)
{
    *found = (struct found){.rig = NEW(struct rig)};
    rig_init(found->rig, &(struct rig_text){.pipeline = pipeline}, "2027-02-21 12:00");
    found->book = found->rig->book;
    arena_init(&found->arena);
}

static void found_done(struct found *found)
{
    arena_done(&found->arena);
    rig_done(found->rig);
    free(found->rig);
}

static void give(struct found *found, const char *crm, struct wire_headers headers,
                 const char *body)
{
    struct crm_request request = {.intake = crm,
                                  .headers = headers,
                                  .body = body,
                                  .length = strlen(body),
                                  .now = found->rig->now,
                                  .book = found->book,
                                  .asked = found->asked};
    struct crm_out out = {
        .arena = &found->arena, .event = on_event, .want = on_want, .user = found};
    found->count = found->want_count = 0;
    found->err = (struct err){0};
    int status = crm_find(crm)->parse(&request, &out, &found->err);
    found->ignored = out.ignored;
    found->status = status ? 400 : 202;
    struct strbuf reply = {0};
    const char *media;
    unsigned own = !status && crm_find(crm)->encode_reply
                       ? crm_find(crm)->encode_reply(&request, &reply, &media)
                       : 0;
    found->status = own ? (int)own : found->status;
    found->reply = arena_strdup(&found->arena, strbuf_text(&reply));
    strbuf_done(&reply);
    if (status && (!found->err.text[0] || found->count))
        fail_msg("%s: refused without a reason, or after some of it was taken", crm);
}

/* An event as JSON, as it is stored, and its stages by the pipeline file. */
static void name_stage(const struct book *book, json_t *stage)
{
    const char *raw = json_string_value(json_object_get(stage, "raw"));
    const struct stage_def *known = book_stage(book, raw);
    if (known)
        assert_int_equal(json_object_set_new(stage, "canonical", json_string(known->id)), 0);
}

static json_t *as_json(const struct book *book, const struct event *event)
{
    struct strbuf text = {0};
    struct arena arena;
    struct event again;
    struct err err = {0};
    arena_init(&arena);
    cloudevents_encode(event, &text);
    if (cloudevents_parse(strbuf_text(&text), text.len, &arena, &err, &again))
        fail_msg("%s: %s", strbuf_text(&text), err.text);
    json_t *json = json_loads(strbuf_text(&text), 0, NULL);
    assert_non_null(json);
    json_t *data = json_object_get(json, "data");
    name_stage(book, json_object_get(data, "from"));
    name_stage(book, json_object_get(data, "to"));
    name_stage(book, json_object_get(json_object_get(data, "deal"), "stage"));
    strbuf_done(&text);
    arena_done(&arena);
    return json;
}

/* Whether all that is wanted is there; "origin" of a row as well. */
static bool has(json_t *there, json_t *wanted)
{
    const char *key;
    json_t *value;
    if (!json_is_object(wanted))
        return json_equal(there, wanted) == 1;
    json_object_foreach(wanted, key, value)
    {
        if (!has(json_object_get(there, key), value))
            return false;
    }
    return true;
}

/* What the cases before brought. */
struct seen {
    struct hash128 keys[FOUND_MAX];
    size_t count;
};

static bool was_seen(const struct seen *seen, struct hash128 key)
{
    for (size_t i = 0; i < seen->count && i < FOUND_MAX; i++) {
        if (hash128_eq(seen->keys[i], key))
            return true;
    }
    return false;
}

static void expect_events(const char *id, struct found *found, const struct seen *before,
                          json_t *wanted)
{
    json_t *fresh = json_array(), *event;
    size_t i, k;
    for (i = 0; i < found->count; i++) {
        if (i)
            assert_true(found->events[i - 1].time <= found->events[i].time);
        if (!was_seen(before, found->events[i].key))
            assert_int_equal(json_array_append_new(fresh, as_json(found->book, &found->events[i])),
                             0);
    }
    json_array_foreach(wanted, i, event)
    {
        for (k = 0; k < json_array_size(fresh); k++) {
            if (has(json_array_get(fresh, k), event))
                break;
        }
        if (k == json_array_size(fresh))
            fail_msg("%s: wanted %s\nfound %s", id, json_dumps(event, 0), json_dumps(fresh, 0));
        assert_int_equal(json_array_remove(fresh, k), 0);
    }
    if (json_array_size(fresh))
        fail_msg("%s: nobody wanted %s", id, json_dumps(fresh, 0));
    json_decref(fresh);
}

static bool is_wanted(const struct found *found, const char *text)
{
    for (size_t i = 0; i < found->want_count; i++) {
        if (str_starts(text, "reread:") && str_eq(found->wants[i].id, text + strlen("reread:")))
            return true;
        for (const char *const *field = found->wants[i].fields; field && *field; field++) {
            if (str_eq(*field, text))
                return true;
        }
    }
    return false;
}

/* A sender that writes its secret into the body. */
static bool refused(json_t *expect, const char *body)
{
    struct err err;
    const char *token =
        json_string_value(json_object_get(json_object_get(expect, "auth"), "body_token"));
    struct verify_request request = {.body = body, .length = strlen(body)};
    return token && verify_request(verify_find("body-token"), &request, &token, 1, &err);
}

static void play_one(struct found *found, struct seen *seen, json_t *one)
{
    const char *id = json_string_value(json_object_get(one, "id")), *name;
    const char *crm = json_string_value(json_object_get(one, "crm"));
    json_t *request = json_object_get(one, "request"), *expect = json_object_get(one, "expect");
    json_t *headers = json_object_get(request, "headers"), *value;
    const char *body = json_string_value(json_object_get(request, "body"));
    int status = (int)json_integer_value(json_object_get(expect, "status"));
    struct wire_header list[16];
    size_t count = 0, i;
    if (str_eq(json_string_value(json_object_get(request, "method")), "OPTIONS"))
        return; /* tests/integration/crm.py */
    if (refused(expect, body)) {
        assert_int_equal(status, 401);
        return;
    }
    json_object_foreach(headers, name, value)
    {
        list[count++] = (struct wire_header){name, json_string_value(value)};
    }
    give(found, crm, (struct wire_headers){list, count}, body);
    if (found->status != status)
        fail_msg("%s: %d, not %d: %s", id, found->status, status, found->err.text);
    const char *contains = json_string_value(json_object_get(expect, "response_contains"));
    if (contains && !strstr(found->reply, contains))
        fail_msg("%s: answered %s", id, found->reply);
    if (status < 300 &&
        found->ignored != (int)json_integer_value(json_object_get(expect, "ignored")))
        fail_msg("%s: %d ignored", id, found->ignored);
    expect_events(id, found, seen, json_object_get(expect, "events"));
    json_array_foreach(json_object_get(expect, "enrich"), i, value)
    {
        if (!is_wanted(found, json_string_value(value)))
            fail_msg("%s: nobody reads %s", id, json_string_value(value));
    }
    for (i = 0; i < found->count; i++)
        seen->keys[seen->count++ % FOUND_MAX] = found->events[i].key;
}

static void crm_cases_become_their_events(void **state)
{
    char *bytes;
    size_t length, i, played = 0;
    struct err err = {0};
    (void)state;
    if (file_read(GRITD_SOURCE_DIR "/tests/cases/crm-payloads.json", FILE_MAX, &err, &bytes,
                  &length))
        fail_msg("%s", err.text);
    json_t *root = json_loads(bytes, 0, NULL), *one;
    for (size_t k = 0; k < ARRAY_LEN(players); k++) {
        struct found *found = NEW(struct found);
        struct seen seen = {0};
        found_init(found, players[k].pipeline);
        json_array_foreach(json_object_get(root, "cases"), i, one)
        {
            if (!str_eq(json_string_value(json_object_get(one, "crm")), players[k].crm))
                continue;
            play_one(found, &seen, one);
            played++;
        }
        found_done(found);
        free(found);
    }
    assert_true(played >= 48);
    json_decref(root);
    free(bytes);
}

/* --- beyond the cases --- */

static const struct wire_headers none;

#define PIPEDRIVE(entity, action, meta, rest)                                                      \
    "{\"meta\":{\"action\":\"" action "\",\"entity\":\"" entity                                    \
    "\",\"company_id\":\"44\",\"entity_id\":\"71\",\"id\":\"m1\",\"timestamp\":"                   \
    "\"2027-02-21T10:05:04.120Z\"" meta "}," rest "}"

static void crm_stage_of_one_pipeline_among_several(void **state)
{
    struct found found;
    (void)state;
    found_init(&found, "stages:\n"
                       "  - {id: qualify, crm: [\"1/7\"]}\n"
                       "  - {id: propose, crm: [\"2/7\", \"8\"]}\n");
    give(&found, "pipedrive", none,
         PIPEDRIVE("deal", "change", "",
                   "\"data\":{\"id\":71,\"stage_id\":7,\"pipeline_id\":2},"
                   "\"previous\":{\"stage_id\":7,\"pipeline_id\":1}"));
    assert_int_equal(found.count, 1);
    assert_string_equal(book_stage(found.book, found.events[0].from)->id, "qualify");
    assert_string_equal(book_stage(found.book, found.events[0].to)->id, "propose");
    assert_string_equal(found.events[0].direction, "forward");
    give(&found, "pipedrive", none,
         PIPEDRIVE("deal", "change", "",
                   "\"data\":{\"id\":71,\"stage_id\":9,\"pipeline_id\":2},"
                   "\"previous\":{\"stage_id\":8}"));
    assert_string_equal(found.events[0].to, "9");
    assert_null(found.events[0].direction);
    found_done(&found);
}

/* A stage that means won is the closing, and there is no move beside it. */
static void crm_closing_beats_moving(void **state)
{
    struct found found;
    (void)state;
    found_init(&found, "stages:\n  - {id: qualify, crm: [\"7\"]}\n  - {id: won, crm: [\"8\"]}\n");
    give(&found, "pipedrive", none,
         PIPEDRIVE("deal", "change", "",
                   "\"data\":{\"id\":71,\"stage_id\":8,\"status\":\"open\"},"
                   "\"previous\":{\"stage_id\":7}"));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.events[0].type, EVENT_DEAL_WON);
    give(&found, "pipedrive", none,
         PIPEDRIVE("deal", "change", "",
                   "\"data\":{\"id\":71,\"stage_id\":7,\"status\":\"won\"},"
                   "\"previous\":{\"stage_id\":8,\"status\":\"open\"}"));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.events[0].type, EVENT_DEAL_WON);
    found_done(&found);
}

/* Ticked, unticked, ticked again: once. */
static void crm_activity_is_done_once(void **state)
{
    struct found found;
    struct hash128 key;
    (void)state;
    found_init(&found, NULL);
    give(&found, "pipedrive", none,
         PIPEDRIVE("activity", "change", "",
                   "\"data\":{\"id\":71,\"type\":\"call\",\"done\":true},"
                   "\"previous\":{\"done\":false}"));
    assert_int_equal(found.count, 1);
    key = found.events[0].key;
    give(&found, "pipedrive", none,
         PIPEDRIVE("activity", "change", ",\"attempt\":2",
                   "\"data\":{\"id\":71,\"type\":\"call\",\"done\":true},"
                   "\"previous\":{\"done\":false}"));
    assert_true(hash128_eq(found.events[0].key, key));
    give(&found, "hubspot", none,
         "[{\"objectId\":5,\"portalId\":1,\"occurredAt\":1803204304120,\"objectTypeId\":\"0-27\","
         "\"subscriptionType\":\"object.propertyChange\",\"propertyName\":\"hs_task_status\","
         "\"propertyValue\":\"COMPLETED\"},"
         "{\"objectId\":5,\"portalId\":1,\"occurredAt\":1803204305120,\"objectTypeId\":\"0-27\","
         "\"subscriptionType\":\"object.propertyChange\",\"propertyName\":\"hs_task_status\","
         "\"propertyValue\":\"COMPLETED\"}]");
    assert_int_equal(found.count, 2);
    assert_true(hash128_eq(found.events[0].key, found.events[1].key));
    assert_string_equal(found.events[0].kind, "task");
    found_done(&found);
}

static void crm_bulk_and_automated_are_marked(void **state)
{
    struct found found;
    (void)state;
    found_init(&found, NULL);
    give(&found, "hubspot", none,
         "[{\"objectId\":5,\"portalId\":1,\"occurredAt\":1803204304120,\"changeSource\":\"IMPORT\","
         "\"subscriptionType\":\"deal.creation\"},"
         "{\"objectId\":6,\"portalId\":1,\"occurredAt\":1803204304121,\"objectTypeId\":\"0-49\","
         "\"subscriptionType\":\"object.creation\",\"changeSource\":\"SEQUENCES\"}]");
    assert_int_equal(found.count, 2);
    assert_true(found.events[0].bulk && !found.events[1].bulk);
    assert_true(found.events[1].automated);
    found_done(&found);
}

/* One odd value does not refuse what the request is about, and what is odd beyond that is named. */
static void crm_odd_values_are_made_to_fit(void **state)
{
    struct found found;
    struct strbuf body = {0};
    (void)state;
    found_init(&found, NULL);
    strbuf_puts(&body,
                "{\"meta\":{\"action\":\"create\",\"entity\":\"deal\",\"entity_id\":\"71\","
                "\"id\":\"m\",\"timestamp\":\"2027-02-21T10:05:04Z\"},\"data\":{\"title\":\"a\\n");
    for (int i = 0; i < 500; i++)
        strbuf_puts(&body, "\xC3\xA9");
    strbuf_puts(&body,
                "\",\"value\":1e99,\"currency\":\"Euro\",\"expected_close_date\":\"soon\"}}");
    give(&found, "pipedrive", none, strbuf_text(&body));
    assert_int_equal(found.count, 1);
    assert_null(found.events[0].close_date);
    assert_int_equal(found.events[0].amount, NUMBER_NONE);
    json_decref(as_json(found.book, &found.events[0]));
    strbuf_done(&body);
    static const char *const bad[][3] = {
        {"pipedrive", "{}", "meta"},
        {"pipedrive", "{\"meta\":{\"action\":\"create\",\"entity\":\"deal\",\"entity_id\":\"1\"}}",
         "time"},
        {"hubspot", "[{\"subscriptionType\":\"deal.creation\",\"occurredAt\":1}]", "objectId"},
        {"hubspot", "[{\"objectId\":1,\"subscriptionType\":\"deal.creation\"}]", "note 1: a time"},
        {"hubspot", "[{\"subscriptionType\":\"deal.merge\",\"occurredAt\":1}]", "newObjectId"},
        {"close", "{\"event\":[]}", "event"},
        {"dataverse", "[]", "context"},
        {"zoho", "{\"module\":\"Deals\",\"operation\":\"update\"}", "ids"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        give(&found, bad[i][0], none, bad[i][1]);
        assert_int_equal(found.status, 400);
        if (!strstr(found.err.text, bad[i][2]))
            fail_msg("%s: %s", bad[i][1], found.err.text);
    }
    found_done(&found);
}

static void crm_values_of_a_zoho_channel_are_events(void **state)
{
    struct found found;
    (void)state;
    found_init(&found, NULL);
    give(&found, "zoho", none,
         "{\"server_time\":1803204304120,\"module\":\"Deals\",\"operation\":\"update\","
         "\"ids\":[\"9007199254740995\",\"2\"],\"affected_values\":[{\"record_id\":"
         "\"9007199254740995\",\"values\":{\"Stage\":\"Closed Won\",\"Amount\":12500.5}}]}");
    assert_int_equal(found.count, 2);
    assert_int_equal(found.events[0].type, EVENT_DEAL_WON);
    assert_string_equal(found.events[0].deal, "9007199254740995");
    assert_int_equal(found.events[1].amount, 1250050);
    assert_int_equal(found.want_count, 2);
    found_done(&found);
}

/* What overflowed names no record; what is asked for as well makes no event of its own. */
static void crm_what_salesforce_has_to_be_asked_for(void **state)
{
    static const struct {
        const char *kind, *id, *how, *wanted;
        int events; /* where nobody asks as well */
    } rows[] = {
        {"Opportunity", "006A00000000001", "UPDATE", "Opportunity", 1},
        {"Opportunity", "006A00000000001", "DELETE", "Opportunity", 1},
        {"Task", "00TA00000000001", "CREATE", "Task", 1},
        {"Opportunity", "006A00000000001", "GAP_DELETE", "Opportunity", 0},
        {"Event", "000000000000000AAA", "GAP_OVERFLOW", "Event", 0},
        {"Account", "000000000000000AAA", "GAP_OVERFLOW", NULL, 0},
        {"Account", "001A00000000001", "UPDATE", NULL, 0},
    };
    struct found found;
    (void)state;
    found_init(&found, NULL);
    for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
        size_t row = i / 2;
        bool known = rows[row].wanted != NULL;
        found.asked = i % 2;
        give(&found, "salesforce", none,
             arena_printf(
                 &found.arena,
                 "{\"payload\":{\"ChangeEventHeader\":{\"entityName\":\"%s\",\"changeType\":"
                 "\"%s\",\"changedFields\":[\"StageName\"],\"transactionKey\":\"t\","
                 "\"commitTimestamp\":1803204304120,\"recordIds\":[\"%s\"]},\"StageName\":"
                 "\"Prospecting\",\"IsClosed\":true}}",
                 rows[row].kind, rows[row].how, rows[row].id));
        assert_int_equal(found.count, found.asked ? 0 : rows[row].events);
        assert_int_equal(found.want_count, known && !found.count);
        if (found.want_count)
            assert_string_equal(found.wants[0].object, rows[row].wanted);
        assert_int_equal(found.ignored, !known);
    }
    give(&found, "salesforce", none,
         "{\"type\":\"deal.won\",\"id\":\"1\",\"deal\":{\"id\":\"D1\"}}");
    assert_int_equal(found.count, 1);
    found_done(&found);
}

/* More than an object may have elsewhere, and lists within lists. */
static void crm_fields_of_an_accounts_own_are_passed_over(void **state)
{
    struct found found;
    struct strbuf body = {0};
    (void)state;
    found_init(&found, NULL);
    for (int broken = 0; broken < 2; broken++) {
        strbuf_clear(&body);
        strbuf_puts(&body,
                    "{\"meta\":{\"action\":\"change\",\"entity\":\"deal\",\"entity_id\":\"71\","
                    "\"id\":\"m1\",\"timestamp\":\"2027-02-21T10:05:04Z\"},\"data\":{"
                    "\"custom_fields\":{");
        for (int i = 0; i < 1000; i++)
            strbuf_printf(&body, "\"%040d\":{\"value\":[%d,{\"custom_fields\":null}]},", i, i);
        strbuf_printf(&body,
                      "\"x\":%s},\"status\":\"won\"},\"previous\":{\"custom_fields\":[],"
                      "\"status\":\"open\"}}",
                      broken ? "[}" : "[]");
        give(&found, "pipedrive", none, strbuf_text(&body));
        assert_int_equal(found.status, broken ? 400 : 202);
        assert_int_equal(found.count, !broken);
    }
    assert_non_null(strstr(found.err.text, "not valid JSON"));
    strbuf_done(&body);
    found_done(&found);
}

/* --- any order, any repetition --- */

enum { STREAM = 24, SHUFFLES = 20 };

static unsigned roll(uint64_t *random, unsigned sides)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33) % sides;
}

/* One deal's life in batches of HubSpot and single changes of Pipedrive. */
static void fill(char *bodies[STREAM], uint64_t *random)
{
    static const char *const stages[] = {"qualifiedtobuy", "contractsent", "closedwon", "custom"};
    for (int i = 0; i < STREAM; i++) {
        struct strbuf body = {0};
        long long at = 1803204304000 + roll(random, 12) * 1000 + i; /* of one moment: one id */
        int deal = 70 + (int)roll(random, 3);
        if (i % 2)
            strbuf_printf(&body,
                          "[{\"objectId\":%d,\"portalId\":7,\"occurredAt\":%lld,\"eventId\":%d,"
                          "\"subscriptionType\":\"deal.propertyChange\",\"propertyName\":"
                          "\"dealstage\",\"propertyValue\":\"%s\"}]",
                          deal, at, i, stages[roll(random, 4)]);
        else
            strbuf_printf(&body,
                          "{\"meta\":{\"action\":\"change\",\"entity\":\"deal\",\"entity_id\":"
                          "\"%d\",\"id\":\"m%d\",\"timestamp\":\"2027-02-21T10:05:%02uZ\"},"
                          "\"data\":{\"owner_id\":%u,\"value\":%u,\"currency\":\"EUR\","
                          "\"status\":\"%s\",\"stage_id\":3},\"previous\":{\"value\":1,"
                          "\"status\":\"x\"}}",
                          deal, i, roll(random, 12), 1 + roll(random, 2), roll(random, 900),
                          roll(random, 2) ? "open" : "lost");
        bodies[i] = strbuf_take(&body);
    }
}

static char *end_of(struct found *found, char *bodies[STREAM], const int *order, size_t count)
{
    struct rig *rig = found->rig;
    struct core *core = core_new(rig->book, &rig->options);
    struct strbuf dump = {0};
    core_ready(core, rig->now, &rig->step);
    for (size_t i = 0; i < count; i++) {
        give(found, order[i] % 2 ? "hubspot" : "pipedrive", none, bodies[order[i]]);
        for (size_t k = 0; k < found->count; k++) {
            found->events[k].at = rig->now;
            core_step(core, &found->events[k], &rig->step);
        }
    }
    core_dump(core, &dump);
    core_free(core);
    return strbuf_take(&dump);
}

/* FM-F05 */
static void crm_any_order_with_repetitions_ends_the_same(void **state)
{
    char *bodies[STREAM];
    struct found *found = NEW(struct found);
    (void)state;
    found_init(found, players[1].pipeline);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        uint64_t random = seed;
        int order[STREAM + 12];
        fill(bodies, &random);
        for (int i = 0; i < STREAM; i++)
            order[i] = i;
        CLEANUP_FREE char *straight = end_of(found, bodies, order, STREAM);
        assert_non_null(strstr(straight, "70"));
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            size_t count = STREAM;
            for (int i = 0; i < STREAM; i++)
                order[i] = i;
            while (count < ARRAY_LEN(order))
                order[count++] = (int)roll(&random, STREAM);
            for (size_t i = count - 1; i > 0; i--) {
                size_t k = roll(&random, (unsigned)i + 1);
                int swap = order[i];
                order[i] = order[k];
                order[k] = swap;
            }
            CLEANUP_FREE char *shuffled = end_of(found, bodies, order, count);
            assert_string_equal(straight, shuffled);
        }
        for (int i = 0; i < STREAM; i++)
            free(bodies[i]);
    }
    found_done(found);
    free(found);
}

static void crm_table_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; crm_at(i); i++) {
        const struct crm *crm = crm_at(i);
        assert_ptr_equal(crm_find(crm->name), crm);
        for (const char *const *scheme = crm->schemes; *scheme; scheme++)
            assert_non_null(verify_find(*scheme));
        assert_true(crm->busy_status == 429 || crm->busy_status == 503);
    }
    assert_null(crm_find("fax"));
    assert_true(crm_reads(&crm_hubspot, "application/json; charset=utf-8"));
    assert_true(crm_reads(&crm_hubspot, "Application/JSON"));
    assert_true(crm_reads(&crm_hubspot, NULL));
    assert_false(crm_reads(&crm_hubspot, "text/xml"));
    assert_false(crm_reads(&crm_hubspot, "application/jsonp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crm_cases_become_their_events),
        cmocka_unit_test(crm_stage_of_one_pipeline_among_several),
        cmocka_unit_test(crm_closing_beats_moving),
        cmocka_unit_test(crm_activity_is_done_once),
        cmocka_unit_test(crm_bulk_and_automated_are_marked),
        cmocka_unit_test(crm_odd_values_are_made_to_fit),
        cmocka_unit_test(crm_values_of_a_zoho_channel_are_events),
        cmocka_unit_test(crm_what_salesforce_has_to_be_asked_for),
        cmocka_unit_test(crm_fields_of_an_accounts_own_are_passed_over),
        cmocka_unit_test(crm_any_order_with_repetitions_ends_the_same),
        cmocka_unit_test(crm_table_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
