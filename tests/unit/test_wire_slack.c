#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_slack_case.h"

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
        const struct chat_setup made = {.values = bad[i], .seed = 1};
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
               &(struct wire_reply){.outcome = WIRE_ANSWERED,
                                    .status = 429,
                                    .retry_after_ms = 7000,
                                    .date = MSEC_NONE,
                                    .body = "",
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

/* FM-E05 */
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
    assert_string_equal(it->event->text, "called <Acme> & site @U2 #deals @here x@y.z");
    assert_true(it->event->time == INT64_C(1712345678123));
}

/* The history, where missed messages are read, does not know event ids. */
static void message_without_client_id_is_named_by_its_time(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"message\",\"channel_type\":\"im\",\"channel\":\"D1\",\"user\":\"U1\","
                "\"text\":\"hi\",\"ts\":\"1712345678.123456\"}");
    assert_string_equal(only(WIRE_EVENT)->event->id, "D1:1712345678.123456");
}

static void message_thread_reply_is_said(void **unused)
{
    (void)unused;
    inner_event("{\"type\":\"message\",\"channel_type\":\"im\",\"channel\":\"D1\",\"user\":\"U1\","
                "\"text\":\"hi\",\"ts\":\"1712345678.1\",\"thread_ts\":\"1712345600.1\","
                "\"parent_user_id\":\"UBOT\"}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "hi");
}

/* FM-C06 */
static void message_retry_is_not_dropped(void **unused)
{
    (void)unused;
    frame("{\"envelope_id\":\"e-2\",\"type\":\"events_api\",\"retry_attempt\":1,"
          "\"retry_reason\":\"timeout\",\"accepts_response_payload\":false,\"payload\":{"
          "\"type\":\"event_callback\",\"event_id\":\"Ev2\",\"event\":{\"type\":\"message\","
          "\"channel_type\":\"im\",\"channel\":\"D1\",\"user\":\"U1\",\"text\":\"late\",\"ts\":\"1."
          "0\"}}}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "late");
    assert_int_equal(counter("redelivered"), 1);
}

/* FM-G06 */
static void message_of_no_use_is_acked_at_once(void **unused)
{
    static const char *const events[] = {
        "{\"type\":\"message\",\"channel_type\":\"im\",\"user\":\"U1\",\"text\":\"x\",\"ts\":\"1."
        "0\","
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

static void timer(msec_t now)
{
    wire_out_reset(&out);
    slack->on_timer(state, now, &out);
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
    assert_true(only(WIRE_TIMER)->delay_ms < MSEC_MINUTE);
    timer(NOW + MSEC_HOUR); /* not yet another listing */
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "auth.test"));
    timer(NOW + 2 * MSEC_DAY);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "users.list"));
    reply(&tag, 503, "");
    assert_int_equal(only(WIRE_TIMER)->delay_ms, 30000);
    timer(NOW + 30000);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "users.list"));
    reply(&tag, 200, "{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"users:read\"}");
    assert_string_equal(first_of(WIRE_WARN)->text,
                        "Slack refuses users.list: missing_scope, needed: users:read");
    assert_non_null(strstr(first_of(WIRE_WARN)->todo, "scope"));
    timer(NOW + MSEC_HOUR);
    assert_non_null(strstr(only(WIRE_REQUEST)->request.url, "auth.test"));
}

/* FM-J01: a listing that was asked for before an event says what was true before it. */
static void what_is_told_counts_more_than_an_older_listing(void **unused)
{
    static const char *const page = "{\"ok\":true,\"members\":[{\"id\":\"U1\"}]}";
    char mark[32];
    (void)unused;
    timer(NOW + 2 * MSEC_DAY);
    struct wire_tag tag = only(WIRE_REQUEST)->request.tag;
    (void)snprintf(mark, sizeof(mark), "%s", tag.more); /* the event below gives its memory back */
    tag.more = mark;
    inner_event("{\"type\":\"user_change\",\"user\":{\"id\":\"U1\",\"deleted\":true}}");
    assert_true(only(WIRE_EVENT)->event->gone);
    reply(&tag, 200, page);
    (void)only(WIRE_TIMER); /* and nothing of her */
    /* the next one is newer */
    timer(NOW + 4 * MSEC_DAY);
    tag = only(WIRE_REQUEST)->request.tag;
    (void)snprintf(mark, sizeof(mark), "%s", tag.more);
    tag.more = mark;
    reply(&tag, 200, page);
    assert_false(first_of(WIRE_EVENT)->event->gone);
}

/* FM-K04: a token that is revoked while nothing is said. */
static void pulse_finds_a_revoked_token(void **unused)
{
    const struct wire_tag tag = {.kind = SLACK_TAG_PULSE};
    (void)unused;
    reply(&tag, 200, "{\"ok\":true,\"user_id\":\"UBOT\"}");
    assert_true(only(WIRE_TIMER)->delay_ms < MSEC_MINUTE);
    reply(&tag, 503, "");
    assert_true(only(WIRE_TIMER)->delay_ms < MSEC_MINUTE); /* nothing is known by that */
    reply(&tag, 200, "{\"ok\":false,\"error\":\"token_revoked\"}");
    assert_non_null(strstr(only(WIRE_FATAL)->text, "token_revoked")); /* and is not asked again */
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
                   "\"state\":{\"values\":[]},\"actions\":[{\"action_id\":\"01-later\","
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
    static const char *const values[] = {
        "k1:done", "{}", "", "{\"k\":5,\"b\":\"x\"}", "{\"k\":\"a b<c\",\"b\":\"x\"}", "[1]"};
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
    assert_string_equal(it->event->text, "/goal 5");
    assert_string_equal(it->event->id, "1.2.c");
    assert_string_equal(it->ack, "{\"envelope_id\":\"e-1\",\"payload\":{\"response_type\":"
                                 "\"ephemeral\",\"text\":\"On it. Look in our direct message.\"}}");
    envelope("slash_commands", true, "{\"user_id\":\"U1\",\"text\":\"\"}");
    assert_string_equal(only(WIRE_EVENT)->event->text, "/help");
    assert_string_equal(item(0)->event->id, "e-1");
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
        TEST(message_without_client_id_is_named_by_its_time),
        TEST(message_thread_reply_is_said),
        TEST(message_retry_is_not_dropped),
        TEST(message_of_no_use_is_acked_at_once),
        TEST(unknown_envelope_is_acked),
        TEST(rate_limited_both_forms_are_counted),
        TEST(removal_is_fatal),
        TEST(user_change_becomes_person),
        TEST(users_list_pages_with_cursor),
        TEST(what_is_told_counts_more_than_an_older_listing),
        TEST(pulse_finds_a_revoked_token),
        TEST(click_on_plain_button_is_clicked),
        TEST(click_on_answer_opens_form),
        TEST(form_sent_is_clicked),
        TEST(click_foreign_is_ignored),
        TEST(few_choices_are_direct_buttons),
        TEST(many_choices_open_a_select),
        TEST(card_edit_carries_its_draft),
        TEST(command_becomes_said),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
