#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "wire_slack_case.h"

static const struct wire_tag tag_post = {.kind = SLACK_TAG_POST, .key = KEY};

/* --- sending --- */

static void post_has_everything(void **unused)
{
    struct message message = question();
    (void)unused;
    const struct wire_item *request = encode(&message);
    assert_int_equal(request->kind, WIRE_REQUEST);
    assert_string_equal(request->request.url, "http://127.0.0.1:1/api/chat.postMessage");
    assert_string_equal(request->request.channel, "U1");
    assert_string_equal(request->request.headers[0].name, "Authorization");
    assert_string_equal(request->request.headers[0].prefix, "Bearer ");
    assert_int_equal(request->request.headers[0].option, SLACK_BOT_TOKEN);
    assert_null(request->request.headers[1].name);
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

/* No text of a person or the CRM can mention anybody, whatever field it comes through. FM-G01 */
static void post_hostile_names_cannot_mention(void **unused)
{
    static const char *const names[] = {
        "<!channel>",    "<!here>",         "<!everyone>",          "<@U1>",
        "<!subteam^S1>", "<#C1>",           "<https://evil|click>", "&lt;!channel&gt;",
        "& < >",         "a\"b\\c\n\t\x01", "&amp;lt;!channel>",    "\xff\xfe<!here>",
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

/* FM-G03 */
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
    const struct chat_place place = {
        .user = "U1", .channel = "D1", .platform_id = "1712345678.000100"};
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

/* FM-B04 FM-B05 */
static void post_replies_are_classified(void **unused)
{
    static const struct {
        long status;
        const char *body;
        enum chat_outcome outcome;
    } cases[] = {
        {200, "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"1.5\",\"message\":{\"ok\":false}}",
         CHAT_SENT},
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

/* FM-B11 */
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
    struct wire_reply lost = {
        .outcome = WIRE_LOST, .date = MSEC_NONE, .body = "", .error = "reset"};
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

/* A table out of order would lose rows: each of these must be found. */
static void error_table_is_sorted(void **unused)
{
    static const char *const known[] = {"access_denied",
                                        "account_inactive",
                                        "bad_timestamp",
                                        "block_mismatch",
                                        "cannot_reply_to_message",
                                        "cant_update_message",
                                        "channel_not_found",
                                        "deprecated_endpoint",
                                        "edit_window_closed",
                                        "ekm_access_denied",
                                        "enterprise_is_restricted",
                                        "exchanged_trigger_id",
                                        "expired_trigger_id",
                                        "external_channel_migrating",
                                        "fatal_error",
                                        "forbidden_team",
                                        "internal_error",
                                        "invalid_arg_name",
                                        "invalid_arguments",
                                        "invalid_array_arg",
                                        "invalid_auth",
                                        "invalid_blocks",
                                        "invalid_blocks_format",
                                        "invalid_charset",
                                        "invalid_cursor",
                                        "invalid_form_data",
                                        "invalid_metadata_format",
                                        "invalid_metadata_schema",
                                        "invalid_name",
                                        "invalid_post_type",
                                        "invalid_trigger_id",
                                        "is_archived",
                                        "limit_required",
                                        "markdown_text_conflict",
                                        "message_limit_exceeded",
                                        "message_not_found",
                                        "messages_tab_disabled",
                                        "metadata_must_be_sent_from_app",
                                        "metadata_too_large",
                                        "method_deprecated",
                                        "missing_post_type",
                                        "missing_scope",
                                        "msg_blocks_too_long",
                                        "msg_too_long",
                                        "no_permission",
                                        "no_text",
                                        "not_allowed_token_type",
                                        "not_authed",
                                        "not_enabled",
                                        "not_found",
                                        "not_in_channel",
                                        "org_login_required",
                                        "push_limit_reached",
                                        "rate_limited",
                                        "ratelimited",
                                        "request_timeout",
                                        "service_unavailable",
                                        "team_access_not_granted",
                                        "team_added_to_org",
                                        "team_disabled",
                                        "thread_locked",
                                        "token_expired",
                                        "token_revoked",
                                        "too_many_attachments",
                                        "two_factor_setup_required",
                                        "update_failed",
                                        "user_disabled",
                                        "user_not_found",
                                        "user_not_visible",
                                        "user_removed_from_team",
                                        "users_not_found",
                                        "view_too_large"};
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
    const struct chat_place place = {.user = "U1", .channel = "D1", .platform_id = NULL};
    (void)unused;
    struct wire_tag tag = look_up(&place);
    assert_string_equal(item(0)->request.body, "channel=D1&oldest=1712345580.000000&inclusive=true&"
                                               "include_all_metadata=true&limit=200");
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":[{\"bot_id\":\"B9\",\"ts\":\"3.1\",\"metadata\":{"
          "\"event_type\":\"gritd\",\"event_payload\":{\"k\":\"" KEY "\"}}},{\"user\":\"U1\"},"
          "{\"bot_id\":\"B1\",\"ts\":\"2.1\",\"metadata\":{\"event_payload\":{\"k\":\"" KEY
          "\"}}}],\"has_more\":false}");
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_FOUND);
    assert_string_equal(item(0)->result.platform_id, "2.1");
    assert_string_equal(item(0)->result.channel, "D1");
}

/* FM-A09: one reading for all that stand in a place. */
static void lookup_of_several_is_one_reading(void **unused)
{
    const struct chat_place place = {.user = "U1", .channel = "D1"};
    const char *const keys[] = {"KA", "KB", "KC", "KD"};
    (void)unused;
    wire_out_reset(&out);
    slack->encode_lookups(state, keys, ARRAY_LEN(keys), &place, NOW, &out);
    struct wire_tag tag = only(WIRE_REQUEST)->request.tag;
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":[{\"bot_id\":\"B1\",\"ts\":\"2.1\",\"metadata\":{"
          "\"event_payload\":{\"k\":\"KB\"}}}],\"has_more\":true,"
          "\"response_metadata\":{\"next_cursor\":\"c\"}}");
    assert_int_equal(item(0)->kind, WIRE_RESULT);
    assert_string_equal(item(0)->result.key, "KB");
    assert_int_equal(item(0)->result.outcome, CHAT_FOUND);
    assert_true(item(0)->result.more);
    assert_int_equal(item(1)->kind, WIRE_REQUEST);
    tag = item(1)->request.tag;
    assert_string_equal(tag.key, "KA KC KD");
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":[{\"bot_id\":\"B1\",\"ts\":\"1.2\",\"metadata\":{"
          "\"event_payload\":{\"k\":\"KD\"}}}],\"has_more\":false}");
    static const struct chat_result wanted[] = {
        {.key = "KD", .outcome = CHAT_FOUND, .more = true},
        {.key = "KA", .outcome = CHAT_MISSING, .more = true},
        {.key = "KC", .outcome = CHAT_MISSING, .more = false},
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_string_equal(item(i)->result.key, wanted[i].key);
        assert_int_equal(item(i)->result.outcome, wanted[i].outcome);
        assert_int_equal(item(i)->result.more, wanted[i].more);
    }
    wire_out_reset(&out);
    slack->encode_lookups(state, keys, ARRAY_LEN(keys), &place, NOW, &out);
    tag = only(WIRE_REQUEST)->request.tag;
    reply(&tag, 503, "");
    assert_int_equal(item(3)->result.outcome, CHAT_UNREADABLE);
    assert_false(item(3)->result.more);
}

static void lookup_opens_the_channel_and_pages(void **unused)
{
    const struct chat_place place = {.user = "U1", .channel = NULL, .platform_id = NULL};
    (void)unused;
    struct wire_tag tag = look_up(&place);
    assert_string_equal(item(0)->request.body, "users=U1");
    reply(&tag, 200, "{\"ok\":true,\"channel\":{\"id\":\"D1\"}}");
    tag = only(WIRE_REQUEST)->request.tag;
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":[],\"has_more\":true,"
          "\"response_metadata\":{\"next_cursor\":\"c=1\"}}");
    assert_non_null(strstr(only(WIRE_REQUEST)->request.body, "&cursor=c%3D1"));
    tag = item(0)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"messages\":[],\"has_more\":false}");
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_MISSING);
}

static void lookup_of_a_team_reads_its_channel_at_once(void **unused)
{
    const char *members[] = {"U1"};
    const struct chat_place place = {.user = "C024BE91L", .members = members, .member_count = 1};
    (void)unused;
    struct wire_tag tag = look_up(&place);
    assert_true(str_starts(item(0)->request.body, "channel=C024BE91L&oldest="));
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
    const struct chat_place place = {.user = "U1", .channel = "D1", .platform_id = NULL},
                            nowhere = {0};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct wire_tag tag = look_up(&place);
        reply(&tag, cases[i].status, cases[i].body);
        assert_int_equal(first_of(WIRE_RESULT)->result.outcome, CHAT_UNREADABLE);
        assert_int_equal(item_count(), i ? 1 : 2); /* the scope is named besides */
    }
    wire_out_reset(&out);
    slack->encode_lookup(state, KEY, &nowhere, NOW, &out);
    assert_int_equal(only(WIRE_RESULT)->result.outcome, CHAT_UNREADABLE);
}

/* --- what was missed --- */

static struct wire_tag catch_up(const struct chat_place *place)
{
    wire_out_reset(&out);
    slack->encode_catch_up(state, place, NOW, &out);
    return only(WIRE_REQUEST)->request.tag;
}

static void missed_words_are_said_in_their_order(void **unused)
{
    const struct chat_place place = {.user = "U1"};
    (void)unused;
    struct wire_tag tag = catch_up(&place);
    assert_string_equal(item(0)->request.body, "users=U1");
    reply(&tag, 200, "{\"ok\":true,\"channel\":{\"id\":\"D1\"}}");
    assert_true(
        str_starts(only(WIRE_REQUEST)->request.body, "channel=D1&oldest=1712345700.000000&"));
    tag = item(0)->request.tag;
    reply(&tag, 200,
          "{\"ok\":true,\"messages\":["
          "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"two\",\"ts\":\"1712345702.000000\"},"
          "{\"type\":\"message\",\"bot_id\":\"B1\",\"text\":\"ours\",\"ts\":\"1712345701.500000\"},"
          "{\"type\":\"message\",\"user\":\"U1\",\"text\":\"one\",\"ts\":\"1712345701.000000\","
          "\"client_msg_id\":\"5f6a\"}],\"has_more\":true,"
          "\"response_metadata\":{\"next_cursor\":\"c1\"}}");
    assert_int_equal(item_count(), 3);
    assert_string_equal(item(0)->event->text, "one");
    assert_string_equal(item(0)->event->id, "5f6a");
    assert_string_equal(item(1)->event->text, "two");
    assert_string_equal(item(1)->event->id, "D1:1712345702.000000");
    assert_string_equal(item(1)->event->source, "/chat/slack/T1");
    assert_non_null(strstr(item(2)->request.body, "&cursor=c1"));
    tag = item(2)->request.tag;
    reply(&tag, 200, "{\"ok\":true,\"messages\":[],\"has_more\":false}");
    assert_int_equal(only(WIRE_CAUGHT_UP)->delay_ms, 0);
}

static void missed_words_that_cannot_be_read(void **unused)
{
    static const struct {
        long status;
        const char *body;
        msec_t again_ms;
    } cases[] = {
        {200, "{\"ok\":false,\"error\":\"channel_not_found\"}", 0},
        {200, "{\"ok\":false,\"error\":\"missing_scope\"}", 0},
        {200, "{\"ok\":false,\"error\":\"internal_error\"}", 60000},
        {500, "", 60000},
        {200, "<html>", 60000},
    };
    const char *members[] = {"U1"};
    const struct chat_place place = {.user = "U1", .channel = "D1"},
                            team = {.user = "C1", .members = members, .member_count = 1};
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct wire_tag tag = catch_up(&place);
        reply(&tag, cases[i].status, cases[i].body);
        assert_int_equal(first_of(WIRE_CAUGHT_UP)->delay_ms, cases[i].again_ms);
    }
    wire_out_reset(&out);
    slack->encode_catch_up(state, &team, NOW, &out);
    assert_int_equal(only(WIRE_CAUGHT_UP)->delay_ms, 0);
}

static void lookup_uses_the_clock_of_slack(void **unused)
{
    const struct chat_place place = {.user = "U1", .channel = "D1", .platform_id = NULL};
    (void)unused;
    reply_full(&tag_post, &(struct wire_reply){.outcome = WIRE_ANSWERED,
                                               .status = 200,
                                               .now = NOW,
                                               .date = NOW + 3600000,
                                               .body = "",
                                               .error = ""});
    (void)look_up(&place);
    assert_non_null(strstr(item(0)->request.body, "oldest=1712349180.000000"));
}

/* --- Retry-After, peek --- */

/* FM-B11 */
static void retry_after_is_clamped(void **unused)
{
    static const struct {
        const char *raw;
        msec_t wait;
    } cases[] = {
        {"", 0},
        {"30", 30000},
        {" 30 ", 30000},
        {"0", 1000},
        {"-5", 1000},
        {"0.2", 1000},
        {"1.5", 2000},
        {"1000000000000", 3600000},
        {"99999999999999999999999", 3600000},
        {"soon", 0},
        {"3x", 0},
        {"+2", 2000},
        {".", 0},
        {"Fri, 05 Apr 2024 19:35:30 GMT", 30000},
        {"Fri, 05 Apr 2023 19:35:30 GMT", 1000},
        {"Fri, 05 Apr 2034 19:35:30 GMT", 3600000},
        {"Fri, 05 Xxx 2024 19:35:30 GMT", 0},
        {"Fri, 45 Apr 2024 19:35:30 GMT", 0},
    };
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        if (wire_retry_after(cases[i].raw, NOW) != cases[i].wait)
            fail_msg("%s: %lld", cases[i].raw, (long long)wire_retry_after(cases[i].raw, NOW));
    }
    assert_int_equal(wire_retry_after(NULL, NOW), 0);
    assert_int_equal(wire_retry_after("Fri, 05 Apr 2024 19:35:30 GMT", MSEC_NONE), 0);
}

static void peek_wants_a_whole_object(void **unused)
{
    static const char whole[] =
        "{\"a\":{\"b\":[1,{\"c\":\"]}\\\"\"}]},\"ok\":true,\"t\":\"x\\/y\"}";
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
        TEST(lookup_of_several_is_one_reading),
        TEST(lookup_opens_the_channel_and_pages),
        TEST(lookup_of_a_team_reads_its_channel_at_once),
        TEST(lookup_that_fails_is_unreadable),
        TEST(missed_words_are_said_in_their_order),
        TEST(missed_words_that_cannot_be_read),
        TEST(lookup_uses_the_clock_of_slack),
        TEST(retry_after_is_clamped),
        TEST(peek_wants_a_whole_object),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
