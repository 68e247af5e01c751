#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "event_equal.h"
#include "shared.h"
#include "wire/cloudevents.h"
#include "wire/jtree.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* An event with `type`, more attributes and data, in one line. */
static const char *make(const char *type, const char *subject, const char *more, const char *data)
{
    return arena_printf(&arena,
                        "{\"specversion\":\"1.0\",\"id\":\"e1\",\"source\":\"/crm/generic/t\","
                        "\"type\":\"%s\",\"time\":\"2027-02-21T10:05:04.120Z\","
                        "\"subject\":\"%s\"%s,\"data\":%s}",
                        type, subject, more, data);
}

static struct event accept(const char *json)
{
    struct err err = {0};
    struct event event, again;
    struct strbuf out = {0};
    if (cloudevents_parse(json, strlen(json), &arena, &err, &event))
        fail_msg("%s\n  %s", json, err.text);
    cloudevents_encode(&event, &out);
    if (cloudevents_parse(strbuf_text(&out), out.len, &arena, &err, &again))
        fail_msg("%s\n  written as %s\n  %s", json, strbuf_text(&out), err.text);
    if (event_difference(&event, &again))
        fail_msg("%s\n  written as %s\n  differs in %s", json, strbuf_text(&out),
                 event_difference(&event, &again));
    strbuf_done(&out);
    return event;
}

static void refuse(const char *json, const char *words)
{
    struct err err = {0};
    struct event event;
    if (!cloudevents_parse(json, strlen(json), &arena, &err, &event))
        fail_msg("accepted: %s", json);
    if (strcmp(err.text, words) != 0)
        fail_msg("%s\n  says     %s\n  expected %s", json, err.text, words);
}

static void refuse_data(const char *type, const char *data, const char *words)
{
    refuse(make(type, "deal/D1", "", data), words);
}

static void cloudevents_whole_deal_read(void **state)
{
    (void)state;
    struct event e = accept(make(
        "gritd.deal.stage_changed", "deal/D1",
        ",\"datacontenttype\":\"application/json; charset=utf-8\",\"repid\":\"amara\","
        "\"dataschema\":\"urn:gritd:event:1\",\"partitionkey\":\"deal/D1\",\"traceparent\":\"0\","
        "\"recordedtime\":\"2027-02-21T10:05:05Z\",\"derived\":false",
        "{\"deal\":{\"id\":\"D1\",\"name\":\"Harbour \\u2013 \\\"cold\\\" room\",\"account\":\"H\","
        "\"owner\":\"6112\",\"contact\":\"Lee\",\"value\":{\"minor\":1250050,\"currency\":\"EUR\"},"
        "\"amount\":1,\"currency\":\"USD\",\"created\":\"2027-01-02T03:04:05+01:00\","
        "\"expected_close\":\"2027-03-31\",\"next_step\":\"call\\nthen mail\","
        "\"stage\":{\"canonical\":\"negotiate\",\"probability\":60.5}},"
        "\"from\":{\"canonical\":\"unmapped\",\"raw\":\"Legal check\"},"
        "\"to\":{\"canonical\":\"negotiate\",\"raw\":\"contractsent\",\"label\":\"Contract\"},"
        "\"direction\":\"forward\",\"seconds_in_from\":86400,\"extra\":{\"a\":[1,2]},"
        "\"origin\":{\"crm\":\"hubspot\",\"attempt\":0,\"bulk\":true,\"anything\":1}}"));
    assert_int_equal(e.type, EVENT_DEAL_STAGE_CHANGED);
    assert_string_equal(e.type_name, "deal.stage_changed");
    assert_true(e.time == INT64_C(1803204304120) && e.at == e.time);
    assert_string_equal(e.rep, "amara");
    assert_string_equal(e.deal, "D1");
    assert_string_equal(e.deal_name, "Harbour \xE2\x80\x93 \"cold\" room");
    assert_string_equal(e.owner, "6112");
    assert_true(e.amount == 1250050);
    assert_string_equal(e.currency, "EUR");
    assert_string_equal(e.from, "Legal check");
    assert_string_equal(e.to, "negotiate");
    assert_string_equal(e.stage, "negotiate");
    assert_string_equal(e.close_date, "2027-03-31");
    assert_string_equal(e.next_step, "call\nthen mail");
    assert_true(e.created == INT64_C(1798855445000));
    assert_true(hash128_eq(e.key, event_key("/crm/generic/t", "e1")));
}

static struct event deal(const char *members)
{
    return accept(make("gritd.deal.created", "deal/D1", "",
                       arena_printf(&arena, "{\"deal\":{\"id\":\"D1\"%s}}", members)));
}

static void cloudevents_amount_becomes_minor_units(void **state)
{
    (void)state;
    assert_true(deal(",\"amount\":12500.5,\"currency\":\"EUR\"").amount == 1250050);
    assert_true(deal(",\"currency\":\"JPY\",\"amount\":880000").amount == 880000);
    assert_true(deal(",\"currency\":\"KWD\",\"amount\":1.2345").amount == 1235);
    assert_true(deal(",\"amount\":12.345").amount == 1235);
    assert_true(deal(",\"amount\":12.344999").amount == 1234);
    assert_true(deal(",\"amount\":-1.5e3").amount == -150000);
    assert_true(deal(",\"amount\":1e-400").amount == 0);
    assert_true(deal(",\"amount\":0.005").amount == 1);
    assert_true(deal(",\"value\":{\"minor\":1.0,\"currency\":\"EUR\"}").amount == 1);
    assert_true(deal("").amount == NUMBER_NONE);
    assert_string_equal(deal(",\"currency\":\"EUR\"").currency, "EUR");
    refuse_data("gritd.deal.created", "{\"deal\":{\"id\":\"D\",\"amount\":1e400}}",
                "data.deal.amount: is a number too large to keep");
    refuse_data("gritd.deal.created", "{\"deal\":{\"id\":\"D\",\"amount\":123456789012345678901}}",
                "data.deal.amount: is a number too large to keep");
    refuse_data("gritd.deal.created",
                "{\"deal\":{\"id\":\"D\",\"value\":{\"minor\":1.5,\"currency\":\"EUR\"}}}",
                "data.deal.value.minor: must be a whole number");
    refuse_data("gritd.deal.created", "{\"deal\":{\"id\":\"D\",\"currency\":\"eur\"}}",
                "data.deal.currency: 'eur' is not a currency (three capital letters)");
}

static void cloudevents_change_fills_the_deal(void **state)
{
    (void)state;
    struct event e = accept(make("gritd.deal.amount_changed", "deal/D1", "",
                                 "{\"deal\":{\"id\":\"D1\"},\"from\":null,"
                                 "\"to\":{\"minor\":1300050,\"currency\":\"EUR\"}}"));
    assert_true(e.amount == 1300050);
    e = accept(make("gritd.deal.amount_changed", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\",\"currency\":\"EUR\"},\"to\":1300.5}"));
    assert_true(e.amount == 130050);
    e = accept(make("gritd.deal.amount_changed", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\",\"amount\":5},\"to\":7}"));
    assert_true(e.amount == 500);
    e = accept(
        make("gritd.deal.amount_changed", "deal/D1", "", "{\"deal\":{\"id\":\"D1\"},\"to\":null}"));
    assert_true(e.amount == NUMBER_NONE);
    e = accept(make("gritd.deal.owner_changed", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\"},\"from\":\"6000\",\"to\":\"6112\"}"));
    assert_string_equal(e.owner, "6112");
    assert_string_equal(e.rep, "6112");
    assert_string_equal(e.from, "6000");
    e = accept(make("gritd.deal.close_date_changed", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\"},\"to\":\"2027-02-28\"}"));
    assert_string_equal(e.close_date, "2027-02-28");
    refuse_data("gritd.deal.close_date_changed", "{\"deal\":{\"id\":\"D1\"},\"to\":\"2027-02-29\"}",
                "data.to: '2027-02-29' is not a date (YYYY-MM-DD)");
    refuse_data("gritd.deal.amount_changed", "{\"deal\":{\"id\":\"D1\"}}", "data.to: is missing");
    refuse_data("gritd.deal.amount_changed", "{\"deal\":{\"id\":\"D1\"},\"to\":\"7\"}",
                "data.to: must be a number, or an object of minor and currency, not text");
}

static void cloudevents_other_types_of_data_read(void **state)
{
    (void)state;
    struct event e = accept(make("gritd.activity.logged", "activity/A1", "",
                                 "{\"kind\":\"call\",\"direction\":\"outbound\",\"outcome\":"
                                 "\"no_answer\",\"duration_s\":0,\"count\":3,\"automated\":true,"
                                 "\"due\":\"2027-02-22T10:00:00Z\",\"raw_kind\":\"x\"}"));
    assert_true(e.count == 3 && e.duration_s == 0 && e.automated && !e.deal);
    assert_string_equal(e.activity, "A1"); /* which activity, and not which event */
    struct strbuf out = {0};
    cloudevents_encode(&e, &out);
    assert_non_null(strstr(strbuf_text(&out), "\"subject\":\"activity/A1\""));
    strbuf_done(&out);
    e = accept(make("activity.planned", "deal/D7", "", "{\"kind\":\"meeting\"}"));
    assert_int_equal(e.type, EVENT_ACTIVITY_PLANNED);
    assert_string_equal(e.deal, "D7");
    e = accept(make("gritd.gate.completed", "deal/C-1", "",
                    "{\"gate\":\"budget_confirmed\",\"side\":\"customer\",\"stage\":\"qualify\","
                    "\"deal\":{\"id\":\"C-1\",\"stage\":{\"canonical\":\"propose\"}}}"));
    assert_string_equal(e.stage, "qualify");
    e = accept(make("gritd.rep.away", "rep/ana", ",\"repid\":\"ana\"",
                    "{\"from\":\"2027-02-22T00:00:00Z\",\"until\":\"2027-03-01T00:00:00Z\","
                    "\"reason\":\"pto\",\"manager\":\"dana\",\"team\":\"west\","
                    "\"tz\":\"America/Denver\"}"));
    assert_string_equal(e.zone, "America/Denver");
    assert_true(e.away_until - e.away_from == MSEC_WEEK);
    e = accept(make("gritd.goal.set", "goal/g1", "",
                    "{\"goal\":\"g1\",\"metric\":\"calls\",\"target\":12.5,\"actual\":0,"
                    "\"period\":\"week\",\"kind\":\"effort\",\"why\":\"to learn\"}"));
    assert_true(e.target == 12500 && e.actual == 0);
    assert_string_equal(e.reason, "to learn");
    e = accept(make("gritd.goal.set", "goal/g1", "",
                    "{\"goal\":\"g1\",\"metric\":\"calls\",\"target\":1000000000000,"
                    "\"period\":\"week\",\"owner\":\"assigned\"}"));
    assert_string_equal(e.goal_owner, "assigned");
    e = accept(make("gritd.goal.progress", "rep/bo", "",
                    "{\"goal\":\"g1\",\"metric\":\"calls\",\"target\":1,\"period\":\"once\"}"));
    assert_string_equal(e.rep, "bo");
    e = accept(make("gritd.training.completed", "deal/D1", ",\"repid\":\"ana\"",
                    "{\"topic\":\"gates\",\"area\":\"skill\",\"score\":-0.25}"));
    assert_true(e.actual == -250);
    assert_string_equal(e.deal, "D1");
    e = accept(make("gritd.customer.reaction", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\"},\"content\":\"c\",\"reaction\":\"opened\"}"));
    assert_string_equal(e.reaction, "opened");
    e = accept(make("gritd.deal.lost", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\"},\"from\":null,\"reason\":\"\"}"));
    assert_string_equal(e.reason, "");
    e = accept(make("gritd.deal.won", "deal/D1", "",
                    "{\"deal\":{\"id\":\"D1\"},\"from\":{\"canonical\":\"unmapped\"}}"));
    assert_string_equal(e.from, "unmapped");
}

/* B74: an unknown event is kept, and content and reactions are read (above) */
static void cloudevents_unknown_type_kept_by_name(void **state)
{
    (void)state;
    struct event e =
        accept(make("gritd.prompt.sent", "rep/ana", ",\"repid\":\"ana\"", "{\"r\":1}"));
    assert_int_equal(e.type, EVENT_OTHER);
    assert_string_equal(e.type_name, "gritd.prompt.sent");
    assert_string_equal(e.rep, "ana");
    e = accept(
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:x\",\"type\":\"com.acme.paid\","
        "\"time\":\"2027-02-21T10:05:04Z\",\"data_base64\":\"AAAA\"}");
    assert_int_equal(e.type, EVENT_OTHER);
    assert_null(e.deal);
    e = accept(make("gritd.plan.cue", "rep/ana", "", "{}")); /* the core's own, and nobody else's */
    assert_int_equal(e.type, EVENT_OTHER);
    e = accept(make("gritd.chat.said", "deal/D1", "", "null"));
    assert_int_equal(e.type, EVENT_OTHER);
    assert_string_equal(e.deal, "D1");
    /* what is not written again is not read: found by mutating the corpus */
    e = accept(make("com.acme.activity", "activity/A7", ",\"repid\":\"ana\"", "{}"));
    assert_null(e.activity);
}

static void cloudevents_envelope_mistakes_named(void **state)
{
    (void)state;
    const char *data = "{\"deal\":{\"id\":\"D1\"}}";
    refuse("[]", "an event must be an object, not a list");
    refuse("{}", "specversion: is missing");
    refuse("{\"specversion\":\"2.0\"}", "specversion: must be '1.0', not '2.0'");
    refuse("{\"specversion\":1}", "specversion: must be text, not a number");
    refuse("{\"specversion\":\"1.0\",\"id\":\"\"}", "id: is empty");
    refuse("{\"id\":\"a\\nb\"}", "id: holds a line break or another control character");
    refuse("{\"id\":\"a\x7F\"}", "id: holds a line break or another control character");
    refuse("{\"id\":\"a long one, \xC3\xA9\x7F\"}",
           "id: holds a line break or another control character");
    refuse(make("gritd.deal.won", "rep/D1", "", data),
           "subject: 'rep/D1' is not deal/ID, as gritd.deal.won needs it");
    refuse(make("gritd.deal.won", "deal/", "", data),
           "subject: 'deal/' is not deal/ID, as gritd.deal.won needs it");
    refuse(make("gritd.activity.logged", "house/1", "", data),
           "subject: 'house/1' is not KIND/ID with one of deal, rep, team, activity, goal, prompt, "
           "content, training");
    refuse(make("gritd.activity.logged", "dea/1", "", data),
           "subject: 'dea/1' is not KIND/ID with one of deal, rep, team, activity, goal, prompt, "
           "content, training");
    refuse(make("gritd.activity.logged", "deals/1", "", data),
           "subject: 'deals/1' is not KIND/ID with one of deal, rep, team, activity, goal, prompt, "
           "content, training");
    refuse(make("gritd.rep.joined", "rep/ana", "", "{}"),
           "repid: is missing, gritd.rep.joined needs it");
    refuse(make("gritd.deal.won", "deal/D1", ",\"dataschema\":\"urn:x\"", data),
           "dataschema: must be urn:gritd:event:1");
    refuse(make("gritd.deal.won", "deal/D1", ",\"datacontenttype\":\"text/xml\"", data),
           "datacontenttype: must be application/json");
    refuse(make("gritd.deal.won", "deal/D1", ",\"datacontenttype\":\"application/jsonx\"", data),
           "datacontenttype: must be application/json");
    refuse(make("gritd.deal.won", "deal/D1", ",\"Trace\":1", data),
           "'Trace' is no attribute's name (1 to 20 of a-z and 0-9; what belongs to the event goes "
           "into `data`)");
    refuse(make("gritd.deal.won", "deal/D1", ",\"derived\":1", data),
           "derived: must be true or false, not a number");
    refuse(make("gritd.deal.won", "deal/D1", ",\"id\":\"e1\"", data),
           "not valid JSON at line 1, column 136: 'id' is given twice");
    refuse(make("gritd.deal.won", "deal/D1", ",\"data_base64\":\"\"", data),
           "data_base64: data must be a JSON object in `data`");
    refuse("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a b\",\"type\":\"gritd.deal.won\","
           "\"time\":\"2027-02-21T10:05:04Z\",\"subject\":\"deal/1\",\"data\":{}}",
           "source: '/a b' is not a URI reference");
    refuse("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"gritd.deal.won\","
           "\"time\":\"2027-03-01 09:00\",\"subject\":\"deal/1\",\"data\":{}}",
           "time: '2027-03-01 09:00' is not a date and time with an offset (RFC 3339)");
    refuse("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"gritd.deal.won\","
           "\"time\":\"1969-12-31T23:59:59Z\"}",
           "time: '1969-12-31T23:59:59Z' lies outside of the years 1970 to 9999");
    refuse("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"gritd.deal.won\","
           "\"time\":\"2027-03-01T09:00:00Z\",\"data\":{}}",
           "subject: is missing");
    refuse("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"gritd.deal.won\","
           "\"time\":\"2027-03-01T09:00:00Z\",\"subject\":\"deal/1\"}",
           "data: is missing");
}

/* Each is looked for, whatever else is there. */
static void cloudevents_missing_attribute_named(void **state)
{
    (void)state;
    static const char *const all[][2] = {{"specversion", "1.0"},
                                         {"id", "e1"},
                                         {"source", "/crm/generic/t"},
                                         {"type", "gritd.activity.logged"},
                                         {"time", "2027-02-21T10:05:04Z"},
                                         {"subject", "deal/D1"},
                                         {"repid", "ana"}};
    for (size_t missing = 0; missing < ARRAY_LEN(all); missing++) {
        const char *json = "{\"recordedtime\":\"2027-02-21T10:05:04Z\",\"derived\":false";
        for (size_t i = 0; i < ARRAY_LEN(all); i++) {
            if (i != missing)
                json = arena_printf(&arena, "%s,\"%s\":\"%s\"", json, all[i][0], all[i][1]);
        }
        json = arena_printf(&arena, "%s,\"data\":{\"kind\":\"call\"}}", json);
        if (str_eq(all[missing][0], "repid"))
            (void)accept(json);
        else
            refuse(json, arena_printf(&arena, "%s: is missing", all[missing][0]));
    }
}

/* A tree that was put together may hold a name twice: that is no other one. */
static void cloudevents_attribute_twice_counts_once(void **state)
{
    (void)state;
    struct err err = {0};
    struct event event;
    struct jtree *root = jtree_object_new(&arena);
    jtree_add(root, "specversion", jtree_text_new(&arena, "1.0"));
    jtree_add(root, "id", jtree_text_new(&arena, "e1"));
    jtree_add(root, "id", jtree_text_new(&arena, "e1"));
    jtree_add(root, "type", jtree_text_new(&arena, "x"));
    jtree_add(root, "time", jtree_text_new(&arena, "2027-02-21T10:05:04Z"));
    assert_int_equal(cloudevents_read(root, &err, &event), -EINVAL);
    assert_string_equal(err.text, "source: is missing");
}

static void cloudevents_data_mistakes_named(void **state)
{
    (void)state;
    refuse_data("gritd.deal.won", "[]", "data: must be an object, not a list");
    refuse_data("gritd.deal.won", "{}", "data.deal: is missing");
    refuse_data("gritd.deal.won", "{\"deal\":{}}", "data.deal.id: is missing");
    refuse_data("gritd.deal.won", "{\"deal\":{\"id\":7}}",
                "data.deal.id: must be text, not a number");
    refuse_data("gritd.deal.won", "{\"deal\":{\"id\":\"1\",\"amout\":1}}",
                "data.deal: unknown member 'amout'; did you mean 'amount'?");
    refuse_data("gritd.deal.won", "{\"deal\":{\"id\":\"1\",\"x-y\":1}}",
                "data.deal: unknown member 'x-y'");
    refuse_data("gritd.deal.created",
                "{\"deal\":{\"id\":\"1\",\"stage\":{\"canonical\":\"propse\"}}}",
                "data.deal.stage.canonical: 'propse' is not a stage; did you mean 'propose'?");
    refuse_data("gritd.deal.created",
                "{\"deal\":{\"id\":\"1\",\"stage\":{\"canonical\":\"propose\",\"id\":1}}}",
                "data.deal.stage: unknown member 'id'");
    refuse_data("gritd.deal.created", "{\"deal\":{\"id\":\"1\",\"stage\":\"propose\"}}",
                "data.deal.stage: must be an object, not text");
    refuse_data("gritd.deal.created",
                "{\"deal\":{\"id\":\"1\",\"stage\":{\"canonical\":\"won\",\"probability\":100.1}}}",
                "data.deal.stage.probability: must be at most 100");
    refuse_data("gritd.deal.created", "{\"deal\":{\"id\":\"1\"},\"origin\":{\"crm\":\"acme\"}}",
                "data.origin.crm: 'acme' is not a CRM (hubspot, salesforce, pipedrive, close, "
                "dataverse, zoho, generic, chat, gritd)");
    refuse_data("gritd.activity.logged", "{\"kind\":\"cal\"}",
                "data.kind: 'cal' is not a kind of activity; did you mean 'call'?");
    refuse_data("gritd.activity.logged", "{\"kind\":\"call\",\"count\":0}",
                "data.count: must be at least 1");
    refuse_data("gritd.activity.logged", "{\"kind\":\"call\",\"duration_s\":-1}",
                "data.duration_s: must be at least 0");
    refuse_data("gritd.activity.logged", "{\"kind\":\"call\",\"automated\":\"no\"}",
                "data.automated: must be true or false, not text");
    refuse_data("gritd.activity.logged", "{\"kind\":\"call\",\"outcome\":null}",
                "data.outcome: must be text, not null");
    refuse_data("gritd.gate.completed",
                "{\"gate\":\"Budget\",\"side\":\"seller\",\"stage\":\"qualify\"}",
                "data.gate: 'Budget' is not a gate's id (1 to 60 of a-z, 0-9 and _)");
    refuse_data("gritd.gate.completed", "{\"gate\":\"b\",\"side\":\"seller\",\"stage\":\"won\"}",
                "data.stage: 'won' is not a stage that has gates (prospect, qualify, discover, "
                "propose, negotiate)");
    refuse_data("gritd.goal.set",
                "{\"goal\":\"g\",\"metric\":\"m\",\"target\":0,\"period\":\"day\"}",
                "data.target: must be at least 0.001");
    refuse_data("gritd.goal.set",
                "{\"goal\":\"g\",\"metric\":\"m\",\"target\":-5,\"period\":\"day\"}",
                "data.target: must be at least 0.001");
    refuse_data("gritd.goal.set",
                "{\"goal\":\"g\",\"metric\":\"m\",\"target\":5,\"period\":\"day\","
                "\"owner\":\"boss\"}",
                "data.owner: 'boss' is not an owner of a goal (self, assigned)");
    char long_name[400];
    memset(long_name, 'x', sizeof(long_name));
    long_name[301] = '\0';
    refuse_data("gritd.deal.won",
                arena_printf(&arena, "{\"deal\":{\"id\":\"1\",\"name\":\"%s\"}}", long_name),
                "data.deal.name: is longer than 300 characters");
}

/* FM-F06 */
static void cloudevents_broken_json_placed(void **state)
{
    (void)state;
    refuse("", "not valid JSON at line 1, column 1: the end came too early");
    refuse("{\n \"a\":", "not valid JSON at line 2, column 6: the end came too early");
    refuse("{\"a\" 1}", "not valid JSON at line 1, column 6: ':' must stand here");
    refuse("{a:1}", "not valid JSON at line 1, column 2: a member's name in double quotes must "
                    "stand here");
    refuse("{\"a\":1,}", "not valid JSON at line 1, column 8: a member's name in double quotes "
                         "must stand here");
    refuse("[1 2]", "not valid JSON at line 1, column 4: ',' or ']' must stand here");
    refuse("[1", "not valid JSON at line 1, column 3: ']' must stand here");
    refuse("{} x", "not valid JSON at line 1, column 4: more text behind the value");
    refuse("[01]", "not valid JSON at line 1, column 2: no value");
    refuse("[1.]", "not valid JSON at line 1, column 2: no value");
    refuse("[nul]", "not valid JSON at line 1, column 2: no value");
    refuse("[\"a\tb\"]", "not valid JSON at line 1, column 4: control character in a text");
    refuse("[\"ab", "not valid JSON at line 1, column 2: a text that is never closed");
    refuse("[\"\\x\"]", "not valid JSON at line 1, column 3: unknown escape in a text");
    refuse("[\"\\u12\"]", "not valid JSON at line 1, column 5: \\u needs four hexadecimal digits");
    refuse("[\"\\u0000\"]", "not valid JSON at line 1, column 3: text with a NUL character");
    refuse("[\"\\ud800x\"]", "not valid JSON at line 1, column 3: half of a surrogate pair");
    refuse("[\"\\udc00\"]", "not valid JSON at line 1, column 3: half of a surrogate pair");
    refuse("[\"\xC0\xA0\"]", "not valid JSON at line 1, column 2: text that is not valid UTF-8");
    refuse("[[[[[[[[[[[[[[[[[[[[[[[[[", "not valid JSON at line 1, column 25: more than 24 levels");
    struct event e = accept("\xEF\xBB\xBF{\"specversion\":\"1.0\",\"id\":\"\\ud83d\\udcaa\","
                            "\"source\":\"/a\",\"type\":\"x\",\"time\":\"2027-03-01T09:00:00Z\"}");
    assert_string_equal(e.id, "\xF0\x9F\x92\xAA");
}

static int count_events(void *user, const struct event *event)
{
    int *count = user;
    return ++*count == 3 && str_eq(event->id, "e1") ? 77 : 0;
}

static void cloudevents_batch_all_or_nothing(void **state)
{
    (void)state;
    struct err err = {0};
    int count = 0;
    const char *good = make("gritd.deal.won", "deal/D1", "", "{\"deal\":{\"id\":\"D1\"}}");
    const char *bad = make("gritd.deal.won", "deal/D1", "", "{\"deal\":{\"id\":\"\"}}");
    const char *text = arena_printf(&arena, "[%s,%s]", good, good);
    assert_int_equal(
        cloudevents_parse_batch(text, strlen(text), &arena, &err, count_events, &count), 0);
    assert_int_equal(count, 2);
    assert_int_equal(cloudevents_parse_batch("[]", 2, &arena, &err, count_events, &count), 0);
    assert_int_equal(
        cloudevents_parse_batch(text, strlen(text), &arena, &err, count_events, &count), 77);
    assert_int_equal(count, 3);
    text = arena_printf(&arena, "[%s,%s]", good, bad);
    assert_int_equal(
        cloudevents_parse_batch(text, strlen(text), &arena, &err, count_events, &count), -EINVAL);
    assert_int_equal(count, 3);
    assert_string_equal(err.text, "event 2: data.deal.id: is empty");
    assert_int_equal(cloudevents_parse_batch("{}", 2, &arena, &err, count_events, &count), -EINVAL);
    assert_string_equal(err.text, "a batch must be a list of events, not an object");
}

static void cloudevents_batch_past_limit_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct strbuf text = {0};
    int count = 0;
    for (int i = 0; i <= CLOUDEVENTS_BATCH_MAX; i++)
        strbuf_puts(&text, i ? ",1" : "[1");
    strbuf_puts(&text, "]");
    assert_int_equal(
        cloudevents_parse_batch(text.data, text.len, &arena, &err, count_events, &count), -E2BIG);
    strbuf_clear(&text);
    for (int i = 0; i <= CLOUDEVENTS_BYTES_MAX; i++)
        strbuf_puts(&text, " ");
    assert_int_equal(
        cloudevents_parse_batch(text.data, text.len, &arena, &err, count_events, &count), -E2BIG);
    strbuf_done(&text);
}

static int parse_binary(const char *id, const char *more_name, const char *more, struct err *err,
                        struct event *ret)
{
    const char *body = "{\"gate\":\"budget_confirmed\",\"side\":\"customer\",\"stage\":\"qualify\","
                       "\"deal\":{\"id\":\"C-1\"}}";
    struct wire_header headers[] = {{"Content-Type", "application/json"},
                                    {"ce-specversion", "1.0"},
                                    {"CE-Id", id},
                                    {"ce-source", "/crm/generic/x"},
                                    {"ce-type", "gritd.gate.completed"},
                                    {"ce-time", "2027-02-21T10:05:04.120Z"},
                                    {"ce-subject", "\"deal/C-1\""},
                                    {"X-Other", "%%%"},
                                    {more_name, more}};
    return cloudevents_parse_binary((struct wire_headers){headers, ARRAY_LEN(headers)}, body,
                                    strlen(body), &arena, err, ret);
}

static void cloudevents_binary_headers_decoded(void **state)
{
    (void)state;
    struct err err = {0};
    struct event e;
    assert_int_equal(parse_binary("dKq7x1%20b", "ce-derived", "true", &err, &e), 0);
    assert_string_equal(e.id, "dKq7x1 b");
    assert_string_equal(e.gate, "budget_confirmed");
    assert_int_equal(parse_binary("%41%c3%A9", "ce-repid", "\"a \\\" b\"", &err, &e), 0);
    assert_string_equal(e.id, "A\xC3\xA9");
    assert_string_equal(e.rep, "a \" b");
    assert_int_equal(parse_binary("x%C0%A0", "x", "y", &err, &e), -EINVAL);
    assert_string_equal(err.text, "CE-Id: is not percent-encoded UTF-8");
    assert_int_equal(parse_binary("50%", "x", "y", &err, &e), -EINVAL);
    assert_int_equal(parse_binary("%00", "x", "y", &err, &e), -EINVAL);
    assert_int_equal(parse_binary("\"a", "x", "y", &err, &e), -EINVAL);
    assert_int_equal(parse_binary("a", "ce-id", "b", &err, &e), -EINVAL);
    assert_string_equal(err.text, "ce-id: is given twice");
    assert_int_equal(parse_binary("a", "ce-datacontenttype", "b", &err, &e), -EINVAL);
    assert_string_equal(err.text, "ce-datacontenttype: there is no such header");
}

static void cloudevents_mode_told_by_media_type(void **state)
{
    (void)state;
    assert_int_equal(cloudevents_mode("application/cloudevents-batch+json"), CLOUDEVENTS_BATCH);
    assert_int_equal(cloudevents_mode("Application/CloudEvents+JSON"), CLOUDEVENTS_STRUCTURED);
    assert_int_equal(cloudevents_mode("application/cloudevents+json; charset=utf-8"),
                     CLOUDEVENTS_STRUCTURED);
    assert_int_equal(cloudevents_mode("application/json"), CLOUDEVENTS_BINARY);
    assert_int_equal(cloudevents_mode(NULL), CLOUDEVENTS_BINARY);
}

static void round_trip_stream(const char *name, int expected)
{
    char *bytes = shared_read_new(name, NULL), *rest = NULL;
    if (!bytes)
        skip();
    int count = 0;
    for (char *line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        struct event e = accept(line);
        assert_true(e.type < EVENT_OTHER);
        assert_non_null(e.rep);
        arena_reset(&arena);
        count++;
    }
    free(bytes);
    assert_int_equal(count, expected);
}

static void cloudevents_synthetic_streams_round_trip(void **state)
{
    (void)state;
    round_trip_stream("cases/data/synthetic/stream-ordered.ndjson", 681);
    round_trip_stream("cases/data/synthetic/stream-delivered.ndjson", 699);
}

/* The requests of cases/crm-payloads.json that are CloudEvents. */
static void check_payload(const json_t *test)
{
    const json_t *request = json_object_get(test, "request"), *value;
    const char *body = json_string_value(json_object_get(request, "body")), *name, *type = NULL;
    const char *id = json_string_value(json_object_get(test, "id"));
    json_t *headers = json_object_get(request, "headers");
    struct wire_header list[16];
    size_t count = 0,
           events = json_array_size(json_object_get(json_object_get(test, "expect"), "events"));
    json_object_foreach(headers, name, value)
    {
        list[count++] = (struct wire_header){name, json_string_value(value)};
        type = strcmp(name, "Content-Type") ? type : json_string_value(value);
    }
    struct err err = {0};
    struct event e;
    int seen = 0, result = 0,
        status =
            (int)json_integer_value(json_object_get(json_object_get(test, "expect"), "status"));
    if (cloudevents_mode(type) == CLOUDEVENTS_BATCH)
        result = cloudevents_parse_batch(body, strlen(body), &arena, &err, count_events, &seen);
    else if (cloudevents_mode(type) == CLOUDEVENTS_STRUCTURED)
        result = cloudevents_parse(body, strlen(body), &arena, &err, &e);
    else
        result = cloudevents_parse_binary((struct wire_headers){list, count}, body, strlen(body),
                                          &arena, &err, &e);
    if ((result == 0) != (status == 202))
        fail_msg("%s: %d %s", id, result, err.text);
    if (cloudevents_mode(type) == CLOUDEVENTS_BATCH)
        assert_int_equal(seen, events);
}

static void cloudevents_shared_payloads_as_expected(void **state)
{
    (void)state;
    char *bytes = shared_read_new("cases/crm-payloads.json", NULL);
    if (!bytes)
        skip();
    json_t *root = json_loads(bytes, 0, NULL), *test;
    size_t i;
    int count = 0;
    json_array_foreach(json_object_get(root, "cases"), i, test)
    {
        const char *method =
            json_string_value(json_object_get(json_object_get(test, "request"), "method"));
        if (!str_eq(json_string_value(json_object_get(test, "crm")), "cloudevents") ||
            !str_eq(method, "POST"))
            continue;
        check_payload(test);
        count++;
    }
    assert_int_equal(count, 9);
    json_decref(root);
    free(bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(cloudevents_whole_deal_read),
        CASE(cloudevents_amount_becomes_minor_units),
        CASE(cloudevents_change_fills_the_deal),
        CASE(cloudevents_other_types_of_data_read),
        CASE(cloudevents_unknown_type_kept_by_name),
        CASE(cloudevents_envelope_mistakes_named),
        CASE(cloudevents_missing_attribute_named),
        CASE(cloudevents_attribute_twice_counts_once),
        CASE(cloudevents_data_mistakes_named),
        CASE(cloudevents_broken_json_placed),
        CASE(cloudevents_batch_all_or_nothing),
        CASE(cloudevents_batch_past_limit_refused),
        CASE(cloudevents_binary_headers_decoded),
        CASE(cloudevents_mode_told_by_media_type),
        CASE(cloudevents_synthetic_streams_round_trip),
        CASE(cloudevents_shared_payloads_as_expected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
