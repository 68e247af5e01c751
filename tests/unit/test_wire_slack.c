#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat.h"
#include "wire/chat_slack.h"
#include "wire/peek.h"

enum { NOW_S = 1712345700, CONN = 7 };
#define NOW ((msec_t)NOW_S * 1000)
#define KEY "abcdefghijklmnopqrstuvwxyz"

static const struct chat_platform *const slack = &chat_slack;
static void *state;
static struct wire_out out;

/* --- helpers --- */

static const struct wire_item *item(int index)
{
    const struct wire_item *at = out.first;
    while (at && index-- > 0)
        at = at->next;
    assert_non_null(at);
    return at;
}

static int item_count(void)
{
    int count = 0;
    for (const struct wire_item *at = out.first; at; at = at->next)
        count++;
    return count;
}

static const struct wire_item *only(enum wire_kind kind)
{
    assert_int_equal(item_count(), 1);
    assert_int_equal(item(0)->kind, kind);
    return item(0);
}

static const struct wire_item *first_of(enum wire_kind kind)
{
    const struct wire_item *at = out.first;
    while (at && at->kind != kind)
        at = at->next;
    if (!at)
        fail_msg("no item of kind %d", kind);
    return at;
}

static uint64_t counter(const char *name)
{
    const struct chat_counter *all;
    size_t count = slack->counters(state, &all);
    for (size_t i = 0; i < count; i++) {
        if (str_eq(all[i].name, name))
            return all[i].value;
    }
    fail_msg("no counter %s", name);
    return 0;
}

static void frame(const char *text)
{
    wire_out_reset(&out);
    slack->on_frame(state, CONN, text, strlen(text), NOW, &out);
}

/* An envelope of that type. */
static void envelope(const char *type, bool accepts, const char *payload)
{
    char text[16384];
    int len = snprintf(text, sizeof(text),
                       "{\"envelope_id\":\"e-1\",\"type\":\"%s\",\"accepts_response_payload\":%s,"
                       "\"x_new\":{\"a\":[1,null]},\"payload\":%s}",
                       type, accepts ? "true" : "false", payload);
    assert_true(len > 0 && (size_t)len < sizeof(text));
    frame(text);
}

static void inner_event(const char *event)
{
    char text[8192];
    int len = snprintf(text, sizeof(text),
                       "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"Ev1\","
                       "\"event_time\":1712345678,\"authorizations\":[],\"event\":%s}",
                       event);
    assert_true(len > 0 && (size_t)len < sizeof(text));
    envelope("events_api", false, text);
}

static void reply_full(const struct wire_tag *tag, const struct wire_reply *reply)
{
    struct wire_tag copy = *tag;
    copy.key = xstrdup(tag->key);
    copy.channel = xstrdup(tag->channel);
    copy.more = xstrdup(tag->more);
    wire_out_reset(&out);
    slack->on_reply(state, &copy, reply, &out);
    free((void *)(uintptr_t)copy.key);
    free((void *)(uintptr_t)copy.channel);
    free((void *)(uintptr_t)copy.more);
}

static void reply(const struct wire_tag *tag, long status, const char *body)
{
    reply_full(tag, &(struct wire_reply){.outcome = WIRE_ANSWERED,
                                         .status = status,
                                         .date = MSEC_NONE,
                                         .now = NOW,
                                         .body = body,
                                         .len = strlen(body),
                                         .error = ""});
}

static const struct wire_tag tag_post = {.kind = SLACK_TAG_POST, .key = KEY};

static json_t *body_of(const struct wire_item *request)
{
    json_error_t error;
    json_t *body = json_loadb(request->request.body, request->request.len, JSON_REJECT_DUPLICATES,
                              &error);
    if (!body)
        fail_msg("%s in %s", error.text, request->request.body);
    return body;
}

/* Follows object keys and array positions: "blocks.0.text.text". */
static const json_t *at(const json_t *json, const char *path)
{
    char copy[256], *rest = copy, *part;
    (void)snprintf(copy, sizeof(copy), "%s", path);
    while (json && (part = strsep(&rest, ".")))
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(part))
                                   : json_object_get(json, part);
    return json;
}

static const char *text_at(const json_t *json, const char *path)
{
    return json_string_value(at(json, path));
}

static struct message question(void)
{
    struct message message = {.op = MESSAGE_POST,
                              .key = KEY,
                              .to = "ana",
                              .text = "What is the next small step?",
                              .reader = "Only you read your answer.",
                              .at = NOW};
    message.buttons[0] = (struct button){"answer", "Answer", true};
    message.buttons[1] = (struct button){"later", "Later", false};
    message.button_count = 2;
    message.input = (struct input){.present = true, .type = ANSWER_TEXT, .label = "Your step"};
    return message;
}

static const struct wire_item *encode(const struct message *message)
{
    const struct chat_place place = {.user = "U1"};
    wire_out_reset(&out);
    slack->encode_send(state, message, &place, NOW, &out);
    return item(0);
}

static int setup(void **unused)
{
    const char *values[SLACK_OPTIONS] = {"xapp-1-test", "xoxb-test", "http://127.0.0.1:1/api"};
    const struct chat_setup made = {values, 1};
    struct err err = {0};
    (void)unused;
    assert_int_equal(slack->state_new(&made, &err, &state), 0);
    wire_out_init(&out);
    slack->on_start(state, NOW, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url, "http://127.0.0.1:1/api/auth.test");
    struct wire_tag tag = item(0)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"team_id\":\"T1\",\"user_id\":\"UBOT\",\"bot_id\":\"B1\"}");
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        "http://127.0.0.1:1/api/apps.connections.open");
    return 0;
}

static int teardown(void **unused)
{
    (void)unused;
    slack->state_free(state);
    wire_out_done(&out);
    return 0;
}

/* --- options --- */

static void options_wrong_are_refused(void **unused)
{
    static const char *const bad[][SLACK_OPTIONS] = {
        {"xoxb-1", "xoxb-2", "https://slack.com/api/", NULL},
        {"xapp-1", "xapp-2", "https://slack.com/api/", NULL},
        {"xapp-1\r\nX: y", "xoxb-2", "https://slack.com/api/", NULL},
        {"xapp-1", "", "https://slack.com/api/", NULL},
        {"xapp-1", "xoxb-2", "slack.com", NULL},
        {"xapp-1", "xoxb-2", "https://slack.com/api/", "many"},
        {"xapp-1", "xoxb-2", "https://slack.com/api/", "-1"},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err err = {0};
        void *other = NULL;
        const struct chat_setup made = {bad[i], 1};
        assert_int_equal(slack->state_new(&made, &err, &other), -EINVAL);
        assert_null(strstr(err.text, "xoxb-2"));
        assert_null(other);
    }
}

static const char *get_none(void *user, const char *key)
{
    return str_eq(key, "app_token") ? user : NULL;
}

static void options_missing_is_named(void **unused)
{
    const char *values[SLACK_OPTIONS];
    struct err err = {0};
    char token[] = "xapp-1";
    (void)unused;
    assert_int_equal(chat_options_resolve(slack, get_none, token, &err, values), -EINVAL);
    assert_non_null(strstr(err.text, "bot_token"));
}

static void platforms_are_listed(void **unused)
{
    (void)unused;
    assert_ptr_equal(chat_platform_find("slack"), &chat_slack);
    assert_ptr_equal(chat_platform_find("local"), &chat_local);
    assert_null(chat_platform_find("telegram"));
}

/* --- connecting --- */

static void ticket_escaped_url_connects(void **unused)
{
    (void)unused;
    reply(&(struct wire_tag){.kind = SLACK_TAG_TICKET}, 200,
          "{\"ok\":true,\"x_new\":[],\"url\":\"wss:\\/\\/wss.slack.com\\/link\\/?ticket=7f\"}");
    assert_string_equal(only(WIRE_CONNECT)->text, "wss://wss.slack.com/link/?ticket=7f");
}

static void ticket_refused_drops_or_is_fatal(void **unused)
{
    static const struct {
        long status;
        const char *body;
        bool fatal;
    } cases[] = {
        {200, "{\"ok\":false,\"error\":\"invalid_auth\"}", true},
        {200, "{\"ok\":false,\"error\":\"internal_error\"}", false},
        {200, "{\"ok\":false,\"error\":\"something_new\"}", false},
        {200, "<html>hello</html>", false},
        {200, "{\"ok\":true}", false},
        {200, "{\"ok\":true,\"url\":\"https://x\"}", false},
        {200, "", false},
        {500, "{\"ok\":true,\"url\":\"wss://x\"}", false},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        reply(&(struct wire_tag){.kind = SLACK_TAG_TICKET}, cases[i].status, cases[i].body);
        assert_int_equal(first_of(WIRE_DROP)->conn, 0);
        assert_int_equal(item(0)->kind == WIRE_FATAL, cases[i].fatal);
    }
}

static void ticket_limited_waits(void **unused)
{
    (void)unused;
    reply_full(&(struct wire_tag){.kind = SLACK_TAG_TICKET},
               &(struct wire_reply){.outcome = WIRE_ANSWERED, .status = 429,
                                    .retry_after_ms = 7000, .date = MSEC_NONE, .body = "",
                                    .error = ""});
    assert_int_equal(first_of(WIRE_LIMIT)->delay_ms, 7000);
    assert_int_equal(first_of(WIRE_LIMIT)->method, SLACK_TICKET);
    assert_int_equal(first_of(WIRE_DROP)->delay_ms, 7000);
}

static void hello_is_up_and_asks_people_once(void **unused)
{
    (void)unused;
    frame("{\"type\":\"hello\",\"num_connections\":2,\"debug_info\":{},\"connection_info\":{}}");
    assert_int_equal(item_count(), 2);
    assert_int_equal(first_of(WIRE_UP)->conn, CONN);
    assert_int_equal(first_of(WIRE_UP)->number, 2);
    assert_non_null(strstr(first_of(WIRE_REQUEST)->request.url, "users.list"));
    frame("{\"type\":\"hello\"}");
    assert_int_equal(only(WIRE_UP)->number, 0);
}

static void disconnect_reasons_differ(void **unused)
{
    (void)unused;
    frame("{\"type\":\"disconnect\",\"reason\":\"warning\",\"debug_info\":{}}");
    assert_int_equal(only(WIRE_RENEW)->conn, CONN);
    frame("{\"type\":\"disconnect\",\"reason\":\"refresh_requested\"}");
    assert_int_equal(only(WIRE_RENEW)->conn, CONN);
    frame("{\"type\":\"disconnect\",\"reason\":\"never_heard_of\"}");
    assert_int_equal(only(WIRE_RENEW)->conn, CONN);
    frame("{\"type\":\"disconnect\"}");
    assert_int_equal(only(WIRE_RENEW)->conn, CONN);
    frame("{\"type\":\"disconnect\",\"reason\":\"too_many_websockets\"}");
    assert_int_equal(only(WIRE_DROP)->delay_ms, 30000);
    frame("{\"type\":\"disconnect\",\"reason\":\"link_disabled\"}");
    assert_int_equal(first_of(WIRE_FATAL)->delay_ms, 300000);
    assert_int_equal(first_of(WIRE_DROP)->conn, CONN);
}

static void frame_garbage_is_counted(void **unused)
{
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"type\":5}",
        "{\"type\":\"events_api\",\"payload\":{}}",
        "{\"type\":\"events_api\",\"envelope_id\":\"\",\"payload\":{}}",
        "{\"type\":\"hello\",\"type\":\"disconnect\"}",
        "{\"type\":\"hello\",\"x\":\"\xff\xfe\"}",
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        frame(bad[i]);
        assert_int_equal(item_count(), 0);
        assert_int_equal(counter("bad_frame"), i + 1);
    }
}

static void frame_deep_or_long_is_survived(void **unused)
{
    size_t size = 600000;
    char *text = xcalloc(size + 1, 1);
    (void)unused;
    memset(text, '[', size);
    frame(text);
    assert_int_equal(item_count(), 0);
    memset(text, 'x', size);
    memcpy(text, "{\"type\":\"", 9);
    memcpy(text + size - 2, "\"}", 2);
    frame(text);
    assert_int_equal(item_count(), 0);
    free(text);
}

/* --- events --- */

static void message_im_becomes_said(void **unused)
{
    (void)unused;
    inner_event("{\"client_msg_id\":\"5f6a\",\"type\":\"message\",\"channel_type\":\"im\","
                "\"channel\":\"D1\",\"user\":\"U1\",\"text\":\"called &lt;Acme&gt; &amp; "
                "<https:\\/\\/a.b\\/c|site> <@U2> <#C1|deals> <!here> <mailto:x@y.z|x@y.z>\","
                "\"ts\":\"1712345678.123456\",\"blocks\":[{\"type\":\"rich_text\"}]}");
    const struct wire_item *it = only(WIRE_EVENT);
    assert_int_equal(it->event->type, EVENT_SAID);
    assert_int_equal(it->conn, CONN);
    assert_string_equal(it->ack, "{\"envelope_id\":\"e-1\"}");
    assert_string_equal(it->event->id, "5f6a");
    assert_string_equal(it->event->source, "/chat/slack/T1");
    assert_string_equal(it->event->chat, "U1");
    assert_string_equal(it->event->text,
                        "called <Acme> & site @U2 #deals @here x@y.z");
    assert_true(it->event->time == INT64_C(1712345678123));
}

static void message_without_client_id_uses_event_id(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"message\",\"channel_type\":\"im\",\"channel\":\"D1\",\"user\":\"U1\","
                "\"text\":\"hi\",\"ts\":\"1712345678.123456\"}");
    assert_string_equal(only(WIRE_EVENT)->event->id, "Ev1");
}

static void message_thread_reply_is_said(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"message\",\"channel_type\":\"im\",\"channel\":\"D1\",\"user\":\"U1\","
                "\"text\":\"hi\",\"ts\":\"1712345678.1\",\"thread_ts\":\"1712345600.1\","
                "\"parent_user_id\":\"UBOT\"}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "hi");
}

static void message_retry_is_not_dropped(void **unused)
{
    (void)unused;
    frame("{\"envelope_id\":\"e-2\",\"type\":\"events_api\",\"retry_attempt\":1,"
          "\"retry_reason\":\"timeout\",\"accepts_response_payload\":false,\"payload\":{"
          "\"type\":\"event_callback\",\"event_id\":\"Ev2\",\"event\":{\"type\":\"message\","
          "\"channel_type\":\"im\",\"user\":\"U1\",\"text\":\"late\",\"ts\":\"1.0\"}}}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "late");
    assert_int_equal(counter("redelivered"), 1);
}

static void message_of_no_use_is_acked_at_once(void **unused)
{
    static const char *const events[] = {
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"U1\",\"text\":\"x\",\"ts\":\"1.0\","
        "\"subtype\":\"message_changed\",\"hidden\":true}",
        "{\"type\":\"message\",\"channel_type\":\"im\",\"subtype\":\"message_deleted\"}",
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"UBOT\",\"text\":\"x\"}",
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"U1\",\"bot_id\":\"B9\","
        "\"text\":\"x\"}",
        "{\"type\":\"message\",\"channel_type\":\"channel\",\"user\":\"U1\",\"text\":\"x\"}",
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"U1\",\"text\":\"\"}",
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"U1\",\"text\":7}",
        "{\"type\":\"reaction_added\",\"user\":\"U1\",\"item\":{}}",
        "{\"type\":\"app_home_opened\",\"user\":\"U1\"}",
        "{\"type\":\"tokens_revoked\",\"tokens\":{\"oauth\":[\"U1\"]}}",
        "{\"type\":\"user_change\",\"user\":{\"id\":\"U7\",\"is_bot\":true}}",
        "{\"type\":\"user_change\"}",
        "{}",
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        inner_event(events[i]);
        assert_string_equal(only(WIRE_FRAME)->text, "{\"envelope_id\":\"e-1\"}");
    }
    assert_int_equal(counter("own_or_bot"), 2);
}

static void unknown_envelope_is_acked(void **unused)
{
    (void)unused;
    envelope("brand_new", true, "{}");
    assert_string_equal(only(WIRE_FRAME)->text, "{\"envelope_id\":\"e-1\"}");
}

static void rate_limited_both_forms_are_counted(void **unused)
{
    (void)unused;
    envelope("events_api", false,
             "{\"type\":\"app_rate_limited\",\"minute_rate_limited\":1,\"team_id\":\"T1\"}");
    assert_int_equal(only(WIRE_FRAME)->conn, CONN);
    inner_event("{\"type\":\"app_rate_limited\",\"minute_rate_limited\":1}");
    assert_int_equal(counter("events_limited"), 2);
}

static void removal_is_fatal(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"app_uninstalled\"}");
    assert_non_null(first_of(WIRE_FATAL)->todo);
    inner_event("{\"type\":\"tokens_revoked\",\"tokens\":{\"bot\":[\"UBOT\"]}}");
    assert_non_null(first_of(WIRE_FATAL)->todo);
}

/* --- people --- */

static void user_change_becomes_person(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"user_change\",\"user\":{\"id\":\"U1\",\"name\":\"ana\",\"tz\":"
                "\"America\\/Denver\",\"deleted\":true,\"profile\":{\"real_name\":\"Ana Ruiz\","
                "\"email\":\"ana@example.com\",\"fields\":[]}},\"cache_ts\":1}");
    const struct event *event = only(WIRE_EVENT)->event;
    assert_int_equal(event->type, EVENT_PERSON);
    assert_string_equal(event->chat, "U1");
    assert_string_equal(event->name, "Ana Ruiz");
    assert_string_equal(event->email, "ana@example.com");
    assert_string_equal(event->zone, "America/Denver");
    assert_true(event->gone);
    assert_non_null(item(0)->ack);
}

static void users_list_pages_with_cursor(void **unused)
{
    (void)unused;
    reply(&(struct wire_tag){.kind = SLACK_TAG_USERS}, 200,
          "{\"ok\":true,\"members\":[{\"id\":\"U1\",\"profile\":{\"fields\":null}},"
          "{\"id\":\"USLACKBOT\"},{\"id\":\"U8\",\"is_bot\":true},{\"name\":\"no id\"},7],"
          "\"response_metadata\":{\"next_cursor\":\"dXNlcjpVMg==\"}}");
    assert_int_equal(item_count(), 2);
    assert_null(first_of(WIRE_EVENT)->ack);
    assert_null(first_of(WIRE_EVENT)->event->email);
    const struct wire_item *more = first_of(WIRE_REQUEST);
    assert_string_equal(more->request.body, "limit=200&cursor=dXNlcjpVMg%3D%3D");
    struct wire_tag tag = more->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"members\":[],\"response_metadata\":{\"next_cursor\":\"\"}}");
    assert_true(only(WIRE_TIMER)->delay_ms > MSEC_HOUR);
    reply(&tag, 503, "");
    assert_int_equal(only(WIRE_TIMER)->delay_ms, 30000);
    reply(&tag, 200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"users:read\"}");
    assert_true(only(WIRE_TIMER)->delay_ms > MSEC_HOUR);
}

/* --- clicks and forms --- */

static void click(const char *value, const char *type)
{
    char text[8192], *quoted;
    json_t *json = json_string(value);
    quoted = json_dumps(json, JSON_ENCODE_ANY);
    (void)snprintf(text, sizeof(text),
                   "{\"type\":\"%s\",\"user\":{\"id\":\"U1\"},\"trigger_id\":\"12.34.ab\","
                   "\"container\":{\"type\":\"message\"},\"channel\":{\"id\":\"D1\"},"
                   "\"message\":{\"text\":\"Step on &lt;!channel&gt; &amp; Co?\",\"ts\":\"1.1\"},"
                   "\"state\":{\"values\":[]},\"actions\":[{\"action_id\":\"0-later\","
                   "\"type\":\"button\",\"value\":%s,\"action_ts\":\"1712345680.112233\"}]}",
                   type, quoted);
    envelope("interactive", true, text);
    free(quoted);
    json_decref(json);
}

static const char *button_value(const struct wire_item *request, int index)
{
    static char value[4096];
    char path[64];
    json_t *body = body_of(request);
    const json_t *blocks = json_object_get(body, "blocks");
    (void)snprintf(path, sizeof(path), "blocks.%zu.elements.%d.value", json_array_size(blocks) - 1,
                   index);
    const char *text = text_at(body, path);
    assert_non_null(text);
    assert_true(strlen(text) < sizeof(value));
    strcpy(value, text);
    json_decref(body);
    return value;
}

static void click_on_plain_button_is_clicked(void **unused)
{
    struct message message = question();
    (void)unused;
    click(button_value(encode(&message), 1), "block_actions");
    const struct wire_item *it = only(WIRE_EVENT);
    assert_int_equal(it->event->type, EVENT_CLICKED);
    assert_string_equal(it->event->message, KEY);
    assert_string_equal(it->event->button, "later");
    assert_null(it->event->text);
    assert_string_equal(it->event->chat, "U1");
    assert_string_equal(it->event->id, "click:U1:1712345680.112233");
    assert_true(it->event->time == INT64_C(1712345680112));
    assert_string_equal(it->ack, "{\"envelope_id\":\"e-1\"}");
}

static void click_on_answer_opens_form(void **unused)
{
    struct message message = question();
    (void)unused;
    click(button_value(encode(&message), 0), "block_actions");
    assert_int_equal(item_count(), 2);
    assert_string_equal(item(0)->text, "{\"envelope_id\":\"e-1\"}");
    const struct wire_item *request = first_of(WIRE_REQUEST);
    assert_non_null(strstr(request->request.url, "views.open"));
    assert_true(request->request.max_wait_ms <= 3000);
    json_t *body = body_of(request);
    assert_string_equal(text_at(body, "trigger_id"), "12.34.ab");
    assert_string_equal(text_at(body, "view.blocks.0.text.text"),
                        "Step on &lt;!channel&gt; &amp; Co?");
    assert_string_equal(text_at(body, "view.blocks.1.element.type"), "plain_text_input");
    assert_string_equal(text_at(body, "view.blocks.1.label.text"), "Your step");
    assert_true(strlen(text_at(body, "view.title.text")) <= 24);
    json_decref(body);
}

static void form(const char *metadata, const char *values, bool accepts)
{
    char text[8192], *quoted;
    json_t *json = json_string(metadata);
    quoted = json_dumps(json, JSON_ENCODE_ANY);
    (void)snprintf(text, sizeof(text),
                   "{\"type\":\"view_submission\",\"user\":{\"id\":\"U1\"},\"view\":{\"id\":\"V1\","
                   "\"private_metadata\":%s,\"state\":{\"values\":%s}},\"response_urls\":[]}",
                   quoted, values);
    envelope("interactive", accepts, text);
    free(quoted);
    json_decref(json);
}

static void form_sent_is_clicked(void **unused)
{
    static const char *const fields[] = {
        "{\"type\":\"plain_text_input\",\"value\":\"5 calls\"}",
        "{\"type\":\"datepicker\",\"selected_date\":\"5 calls\"}",
        "{\"type\":\"static_select\",\"selected_option\":{\"text\":{},\"value\":\"5 calls\"}}",
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        char values[512];
        (void)snprintf(values, sizeof(values), "{\"answer\":{\"value\":%s}}", fields[i]);
        form("{\"k\":\"" KEY "\",\"b\":\"answer\"}", values, true);
        const struct wire_item *it = only(WIRE_EVENT);
        assert_string_equal(it->event->text, "5 calls");
        assert_string_equal(it->event->message, KEY);
        assert_string_equal(it->event->button, "answer");
        assert_string_equal(it->event->id, "view:V1");
        assert_string_equal(it->ack, "{\"envelope_id\":\"e-1\",\"payload\":"
                                     "{\"response_action\":\"clear\"}}");
    }
    form("{\"k\":\"" KEY "\",\"b\":\"answer\"}", "[]", false);
    assert_null(only(WIRE_EVENT)->event->text);
    assert_string_equal(item(0)->ack, "{\"envelope_id\":\"e-1\"}");
}

static void click_foreign_is_ignored(void **unused)
{
    static const char *const values[] = {"k1:done", "{}", "", "{\"k\":5,\"b\":\"x\"}",
                                         "{\"k\":\"a b<c\",\"b\":\"x\"}", "[1]"};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        click(values[i], "block_actions");
        assert_int_equal(only(WIRE_FRAME)->conn, CONN);
    }
    form("k1", "[]", true);
    assert_int_equal(only(WIRE_FRAME)->conn, CONN);
    assert_int_equal(counter("foreign_click"), ARRAY_LEN(values) + 1);
    click("{}", "view_closed");
    assert_int_equal(only(WIRE_FRAME)->conn, CONN);
    envelope("interactive", true, "{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\"}}");
    assert_int_equal(only(WIRE_FRAME)->conn, CONN);
    envelope("interactive", true, "null");
    assert_int_equal(only(WIRE_FRAME)->conn, CONN);
}

static void few_choices_are_direct_buttons(void **unused)
{
    static const char *choices[] = {"Yes & <no>", "Maybe"};
    struct message message = question();
    (void)unused;
    message.input.type = ANSWER_CHOICE;
    message.input.choices = choices;
    message.input.choice_count = 2;
    const struct wire_item *request = encode(&message);
    json_t *body = body_of(request);
    assert_int_equal(json_array_size(at(body, "blocks.2.elements")), 3);
    json_decref(body);
    click(button_value(request, 0), "block_actions");
    assert_string_equal(only(WIRE_EVENT)->event->text, "Yes & <no>");
    assert_string_equal(item(0)->event->button, "answer");
    message.input.type = ANSWER_YES_NO;
    click(button_value(encode(&message), 1), "block_actions");
    assert_string_equal(only(WIRE_EVENT)->event->text, "no");
    message.input.type = ANSWER_SCALE;
    message.input.min = 1;
    message.input.max = 5;
    click(button_value(encode(&message), 4), "block_actions");
    assert_string_equal(only(WIRE_EVENT)->event->text, "5");
}

static void many_choices_open_a_select(void **unused)
{
    struct message message = question();
    (void)unused;
    message.input.type = ANSWER_SCALE;
    message.input.min = 0;
    message.input.max = 10;
    message.input.value = "7";
    click(button_value(encode(&message), 0), "block_actions");
    json_t *body = body_of(first_of(WIRE_REQUEST));
    assert_string_equal(text_at(body, "view.blocks.1.element.type"), "static_select");
    assert_int_equal(json_array_size(at(body, "view.blocks.1.element.options")), 11);
    assert_string_equal(text_at(body, "view.blocks.1.element.initial_option.value"), "7");
    json_decref(body);
    message.input.type = ANSWER_DATE;
    message.input.value = "2026-12-01";
    click(button_value(encode(&message), 0), "block_actions");
    body = body_of(first_of(WIRE_REQUEST));
    assert_string_equal(text_at(body, "view.blocks.1.element.type"), "datepicker");
    assert_string_equal(text_at(body, "view.blocks.1.element.initial_date"), "2026-12-01");
    json_decref(body);
}

static void card_edit_carries_its_draft(void **unused)
{
    struct message message = question();
    char draft[6000];
    (void)unused;
    memset(draft, '"', sizeof(draft));
    draft[sizeof(draft) - 1] = '\0';
    message.buttons[0] = (struct button){"send", "Send this", true};
    message.buttons[1] = (struct button){"edit", "Edit", false};
    message.input.value = "Well \"done\"\n& <on>";
    click(button_value(encode(&message), 1), "block_actions");
    json_t *body = body_of(first_of(WIRE_REQUEST));
    assert_string_equal(text_at(body, "view.blocks.1.element.initial_value"),
                        "Well \"done\"\n& <on>");
    assert_non_null(strstr(text_at(body, "view.private_metadata"), "\"edit\""));
    json_decref(body);
    click(button_value(encode(&message), 0), "block_actions");
    assert_string_equal(only(WIRE_EVENT)->event->button, "send");
    message.input.value = draft;
    assert_true(strlen(button_value(encode(&message), 1)) <= 2000);
}

/* --- commands --- */

static void command_becomes_said(void **unused)
{
    (void)unused;
    envelope("slash_commands", true,
             "{\"team_id\":\"T1\",\"user_id\":\"U1\",\"command\":\"/grit\",\"text\":\"goal 5\","
             "\"is_enterprise_install\":\"false\",\"trigger_id\":\"1.2.c\"}");
    const struct wire_item *it = only(WIRE_EVENT);
    assert_int_equal(it->event->type, EVENT_SAID);
    assert_string_equal(it->event->text, "goal 5");
    assert_string_equal(it->event->id, "1.2.c");
    assert_string_equal(it->ack, "{\"envelope_id\":\"e-1\",\"payload\":{\"response_type\":"
                                 "\"ephemeral\",\"text\":\"On it. Look in our direct message.\"}}");
    envelope("slash_commands", true, "{\"user_id\":\"U1\",\"text\":\"\"}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "help");
    assert_string_equal(item(0)->event->id, "e-1");
}

/* --- sending --- */

static void post_has_everything(void **unused)
{
    struct message message = question();
    (void)unused;
    const struct wire_item *request = encode(&message);
    assert_int_equal(request->kind, WIRE_REQUEST);
    assert_string_equal(request->request.url, "http://127.0.0.1:1/api/chat.postMessage");
    assert_string_equal(request->request.channel, "U1");
    assert_int_equal(request->request.token, SLACK_BOT_TOKEN);
    json_t *body = body_of(request);
    assert_string_equal(text_at(body, "channel"), "U1");
    assert_string_equal(text_at(body, "metadata.event_type"), "gritd");
    assert_string_equal(text_at(body, "metadata.event_payload.k"), KEY);
    assert_string_equal(text_at(body, "blocks.1.elements.0.text"), "Only you read your answer.");
    assert_string_equal(text_at(body, "blocks.2.elements.0.style"), "primary");
    assert_true(json_is_false(at(body, "unfurl_links")));
    assert_true(json_is_false(at(body, "link_names")));
    assert_string_equal(text_at(body, "parse"), "none");
    json_decref(body);
}

/* No text of a person or the CRM can mention anybody, whatever field it comes through. */
static void post_hostile_names_cannot_mention(void **unused)
{
    static const char *const names[] = {
        "<!channel>", "<!here>", "<!everyone>", "<@U1>", "<!subteam^S1>", "<#C1>",
        "<https://evil|click>", "&lt;!channel&gt;", "& < >", "a\"b\\c\n\t\x01",
        "&amp;lt;!channel>", "\xff\xfe<!here>",
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct message message = question();
        char text[128];
        (void)snprintf(text, sizeof(text), "Deal %s?", names[i]);
        message.text = text;
        message.reader = names[i];
        json_t *body = body_of(encode(&message));
        const char *places[] = {text_at(body, "text"), text_at(body, "blocks.0.text.text"),
                                text_at(body, "blocks.1.elements.0.text")};
        for (size_t p = 0; p < ARRAY_LEN(places); p++) {
            assert_null(strpbrk(places[p], "<>"));
            for (const char *amp = strchr(places[p], '&'); amp; amp = strchr(amp + 1, '&'))
                assert_true(str_starts(amp, "&amp;") || str_starts(amp, "&lt;") ||
                            str_starts(amp, "&gt;"));
        }
        assert_true(json_is_true(at(body, "blocks.0.text.verbatim")));
        json_decref(body);
    }
}

static void post_long_text_is_cut_between_entities(void **unused)
{
    struct message message = question();
    char text[9001];
    (void)unused;
    memset(text, '&', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    message.text = text;
    json_t *body = body_of(encode(&message));
    const char *shown = text_at(body, "blocks.0.text.text");
    assert_true(utf8_length(shown, strlen(shown)) <= 3000);
    assert_string_equal(shown + strlen(shown) - 8, "&amp;\xE2\x80\xA6");
    json_decref(body);
}

static void update_changes_the_posted_message(void **unused)
{
    struct message message = question();
    const struct chat_place place = {"U1", "D1", "1712345678.000100"};
    (void)unused;
    message.op = MESSAGE_UPDATE;
    message.target = KEY;
    message.key = "update-key";
    message.button_count = 0;
    message.input.present = false;
    wire_out_reset(&out);
    slack->encode_send(state, &message, &place, NOW, &out);
    json_t *body = body_of(only(WIRE_REQUEST));
    assert_string_equal(text_at(body, "ts"), "1712345678.000100");
    assert_int_equal(json_array_size(at(body, "blocks")), 2);
    assert_null(at(body, "metadata"));
    json_decref(body);
    struct wire_tag tag = item(0)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1\",\"text\":\"x\"}");
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_SENT);
    assert_string_equal(item(0)->result.key, "update-key");
    assert_string_equal(item(0)->result.platform_id, "1712345678.000100");
}

static void send_impossible_is_rejected(void **unused)
{
    struct message message = question();
    const struct chat_place nowhere = {0};
    (void)unused;
    wire_out_reset(&out);
    slack->encode_send(state, &message, &nowhere, NOW, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_REJECTED);
    message.text = "";
    assert_int_equal(encode(&message)->result.outcome, CHAT_REJECTED);
    message.text = "x";
    message.op = MESSAGE_UPDATE;
    assert_int_equal(encode(&message)->result.outcome, CHAT_REJECTED);
}

/* --- what a reply proves --- */

static void post_replies_are_classified(void **unused)
{
    static const struct {
        long status;
        const char *body;
        enum chat_outcome outcome;
    } cases[] = {
        {200, "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1.5\",\"message\":{\"ok\":false}}", CHAT_SENT},
        {200, " {\"x\":{\"ok\":[\"}\\\"\"]},\"ts\":\"1.5\",\"channel\":\"D1\",\"ok\" : true} ",
         CHAT_SENT},
        {200, "{\"ok\":true,\"channel\":\"D1\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":true,\"channel\":\"D1\",\"ts\":17.5}", CHAT_UNKNOWN},
        {200, "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1.5\",\"mess", CHAT_UNKNOWN},
        {200, "{\"ok\":true,\"ok\":false,\"error\":\"no_text\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":\"true\"}", CHAT_UNKNOWN},
        {200, "<html>502</html>", CHAT_UNKNOWN},
        {200, "", CHAT_UNKNOWN},
        {200, "{}", CHAT_UNKNOWN},
        {404, "not here", CHAT_UNKNOWN},
        {302, "", CHAT_UNKNOWN},
        {400, "{\"ok\":false,\"error\":\"invalid_arguments\"}", CHAT_REJECTED},
        {200, "{\"ok\":false,\"error\":\"channel_not_found\"}", CHAT_REJECTED},
        {200, "{\"ok\":false,\"error\":\"messages_tab_disabled\"}", CHAT_REJECTED},
        {200, "{\"ok\":false,\"error\":\"restricted_action_read_only_channel\"}", CHAT_REJECTED},
        {200, "{\"ok\":false,\"error\":\"internal_error\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":false,\"error\":\"fatal_error\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":false,\"error\":\"service_unavailable\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":false,\"error\":\"request_timeout\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":false,\"error\":\"duplicate_message_not_found\"}", CHAT_UNKNOWN},
        {200, "{\"ok\":false,\"error\":\"message_limit_exceeded\"}", CHAT_RETRY},
        {200, "{\"ok\":false,\"error\":\"never_seen\"}", CHAT_RETRY},
        {200, "{\"ok\":false}", CHAT_RETRY},
        {200, "{\"ok\":false,\"error\":\"invalid_auth\"}", CHAT_RETRY},
        {200, "{\"ok\":false,\"error\":\"ratelimited\"}", CHAT_RETRY},
        {429, "", CHAT_RETRY},
        {500, "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1.5\"}", CHAT_UNKNOWN},
        {503, "", CHAT_UNKNOWN},
        {408, "", CHAT_UNKNOWN},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        reply(&tag_post, cases[i].status, cases[i].body);
        const struct chat_result *result = &first_of(WIRE_RESULT)->result;
        if (result->outcome != cases[i].outcome)
            fail_msg("%ld %s: %d", cases[i].status, cases[i].body, result->outcome);
        assert_string_equal(result->key, KEY);
        assert_int_equal(!result->error, result->outcome == CHAT_SENT);
    }
    assert_int_equal(counter("unknown_error"), 2);
}

static void post_limited_says_how_long(void **unused)
{
    (void)unused;
    reply(&tag_post, 200, "{\"ok\":false,\"error\":\"ratelimited\"}");
    assert_int_equal(first_of(WIRE_LIMIT)->delay_ms, 30000);
    assert_int_equal(first_of(WIRE_LIMIT)->method, SLACK_POST);
    assert_int_equal(first_of(WIRE_RESULT)->result.retry_after_ms, 30000);
}

static void post_refused_token_is_fatal(void **unused)
{
    (void)unused;
    reply(&tag_post, 200, "{\"ok\":false,\"error\":\"token_revoked\"}");
    assert_int_equal(first_of(WIRE_FATAL)->delay_ms, 0);
    assert_int_equal(first_of(WIRE_RESULT)->result.outcome, CHAT_RETRY);
}

static void lost_replies_tell_apart(void **unused)
{
    struct wire_reply lost = {.outcome = WIRE_LOST, .date = MSEC_NONE, .body = "", .error = "reset"};
    (void)unused;
    reply_full(&tag_post, &lost);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNKNOWN);
    reply_full(&(struct wire_tag){SLACK_TAG_UPDATE, KEY, "D1", "1.5", 0}, &lost);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_RETRY);
    lost.outcome = WIRE_NOT_SENT;
    lost.retry_after_ms = 1500;
    reply_full(&tag_post, &lost);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_RETRY);
    assert_int_equal(item(0)->result.retry_after_ms, 1500);
}

static void error_table_is_sorted(void **unused)
{
    static const char *const known[] = {"access_denied", "internal_error", "invalid_auth", "no_text",
                                        "update_failed", "view_too_large", "ratelimited"};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        assert_int_not_equal(slack_error_class(known[i]), SLACK_NEW);
    assert_int_equal(slack_error_class("zzz"), SLACK_NEW);
    assert_int_equal(slack_error_class(""), SLACK_NEW);
    assert_int_equal(slack_error_class("duplicate_external_id"), SLACK_REFUSED);
}

/* --- look-up --- */

static struct wire_tag look_up(const struct chat_place *place)
{
    wire_out_reset(&out);
    slack->encode_lookup(state, KEY, place, NOW, &out);
    return only(WIRE_REQUEST)->request.tag;
}

static void lookup_finds_own_key(void **unused)
{
    const struct chat_place place = {"U1", "D1", NULL};
    (void)unused;
    struct wire_tag tag = look_up(&place);
    assert_string_equal(item(0)->request.body,
                        "channel=D1&oldest=1712345580.000000&inclusive=true&"
                        "include_all_metadata=true&limit=15");
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":[{\"bot_id\":\"B9\",\"ts\":\"3.1\",\"metadata\":{"
          "\"event_type\":\"gritd\",\"event_payload\":{\"k\":\"" KEY "\"}}},{\"user\":\"U1\"},"
          "{\"bot_id\":\"B1\",\"ts\":\"2.1\",\"metadata\":{\"event_payload\":{\"k\":\"" KEY
          "\"}}}],\"has_more\":false}");
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_FOUND);
    assert_string_equal(item(0)->result.platform_id, "2.1");
    assert_string_equal(item(0)->result.channel, "D1");
}

static void lookup_opens_the_channel_and_pages(void **unused)
{
    const struct chat_place place = {"U1", NULL, NULL};
    (void)unused;
    struct wire_tag tag = look_up(&place);
    assert_string_equal(item(0)->request.body, "users=U1");
    reply(&tag, 200, "{\"ok\":true,\"channel\":{\"id\":\"D1\"}}");
    tag = only(WIRE_REQUEST)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"messages\":[],\"has_more\":true,"
                     "\"response_metadata\":{\"next_cursor\":\"c=1\"}}");
    assert_non_null(strstr(only(WIRE_REQUEST)->request.body, "&cursor=c%3D1"));
    tag = item(0)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"messages\":[],\"has_more\":false}");
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_MISSING);
}

static void lookup_that_fails_is_unreadable(void **unused)
{
    static const struct {
        long status;
        const char *body;
    } cases[] = {
        {200, "{\"ok\":false,\"error\":\"missing_scope\"}"},
        {200, "{\"ok\":false,\"error\":\"channel_not_found\"}"},
        {500, ""},
        {200, "<html>"},
        {200, "{\"ok\":true}"},
        {200, "{\"ok\":true,\"messages\":{}}"},
        {200, "{\"ok\":true,\"messages\":[],\"has_more\":true}"},
    };
    const struct chat_place place = {"U1", "D1", NULL}, nowhere = {0};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct wire_tag tag = look_up(&place);
        reply(&tag, cases[i].status, cases[i].body);
        assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNREADABLE);
    }
    wire_out_reset(&out);
    slack->encode_lookup(state, KEY, &nowhere, NOW, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNREADABLE);
}

static void lookup_uses_the_clock_of_slack(void **unused)
{
    const struct chat_place place = {"U1", "D1", NULL};
    (void)unused;
    reply_full(&tag_post, &(struct wire_reply){.outcome = WIRE_ANSWERED, .status = 200,
                                               .now = NOW, .date = NOW + 3600000, .body = "",
                                               .error = ""});
    (void)look_up(&place);
    assert_non_null(strstr(item(0)->request.body, "oldest=1712349180.000000"));
}

/* --- Retry-After, peek --- */

static void retry_after_is_clamped(void **unused)
{
    static const struct {
        const char *raw;
        msec_t wait;
    } cases[] = {
        {"", 0}, {"30", 30000}, {" 30 ", 30000}, {"0", 1000}, {"-5", 1000}, {"0.2", 1000},
        {"1.5", 2000}, {"1000000000000", 3600000}, {"99999999999999999999999", 3600000},
        {"soon", 0}, {"3x", 0}, {"+2", 2000}, {".", 0},
        {"Fri, 05 Apr 2024 19:35:30 GMT", 30000}, {"Fri, 05 Apr 2023 19:35:30 GMT", 1000},
        {"Fri, 05 Apr 2034 19:35:30 GMT", 3600000}, {"Fri, 05 Xxx 2024 19:35:30 GMT", 0},
        {"Fri, 45 Apr 2024 19:35:30 GMT", 0},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (wire_retry_after(cases[i].raw, NOW) != cases[i].wait)
            fail_msg("%s: %lld", cases[i].raw,
                     (long long)wire_retry_after(cases[i].raw, NOW));
    }
    assert_int_equal(wire_retry_after(NULL, NOW), 0);
    assert_int_equal(wire_retry_after("Fri, 05 Apr 2024 19:35:30 GMT", MSEC_NONE), 0);
}

static void peek_wants_a_whole_object(void **unused)
{
    static const char whole[] = "{\"a\":{\"b\":[1,{\"c\":\"]}\\\"\"}]},\"ok\":true,\"t\":\"x\\/y\"}";
    struct peek field = {.key = "ok"}, escaped = {.key = "t"};
    (void)unused;
    assert_int_equal(peek_object(whole, strlen(whole), &field, 1), 0);
    assert_int_equal(field.type, PEEK_TRUE);
    assert_int_equal(peek_object(whole, strlen(whole), &escaped, 1), 0);
    assert_int_equal(escaped.type, PEEK_OTHER);
    for (size_t len = 0; len < strlen(whole); len++)
        assert_int_equal(peek_object(whole, len, &field, 1), -EINVAL);
    assert_int_equal(peek_object("{\"a\":[}]}", 9, &field, 1), -EINVAL);
    assert_int_equal(peek_object("{}x", 3, &field, 1), -EINVAL);
    assert_int_equal(peek_object("{\"ok\":1,}", 9, &field, 1), -EINVAL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(options_wrong_are_refused),
        TEST(options_missing_is_named),
        TEST(platforms_are_listed),
        TEST(ticket_escaped_url_connects),
        TEST(ticket_refused_drops_or_is_fatal),
        TEST(ticket_limited_waits),
        TEST(hello_is_up_and_asks_people_once),
        TEST(disconnect_reasons_differ),
        TEST(frame_garbage_is_counted),
        TEST(frame_deep_or_long_is_survived),
        TEST(message_im_becomes_said),
        TEST(message_without_client_id_uses_event_id),
        TEST(message_thread_reply_is_said),
        TEST(message_retry_is_not_dropped),
        TEST(message_of_no_use_is_acked_at_once),
        TEST(unknown_envelope_is_acked),
        TEST(rate_limited_both_forms_are_counted),
        TEST(removal_is_fatal),
        TEST(user_change_becomes_person),
        TEST(users_list_pages_with_cursor),
        TEST(click_on_plain_button_is_clicked),
        TEST(click_on_answer_opens_form),
        TEST(form_sent_is_clicked),
        TEST(click_foreign_is_ignored),
        TEST(few_choices_are_direct_buttons),
        TEST(many_choices_open_a_select),
        TEST(card_edit_carries_its_draft),
        TEST(command_becomes_said),
        TEST(post_has_everything),
        TEST(post_hostile_names_cannot_mention),
        TEST(post_long_text_is_cut_between_entities),
        TEST(update_changes_the_posted_message),
        TEST(send_impossible_is_rejected),
        TEST(post_replies_are_classified),
        TEST(post_limited_says_how_long),
        TEST(post_refused_token_is_fatal),
        TEST(lost_replies_tell_apart),
        TEST(error_table_is_sorted),
        TEST(lookup_finds_own_key),
        TEST(lookup_opens_the_channel_and_pages),
        TEST(lookup_that_fails_is_unreadable),
        TEST(lookup_uses_the_clock_of_slack),
        TEST(retry_after_is_clamped),
        TEST(peek_wants_a_whole_object),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
