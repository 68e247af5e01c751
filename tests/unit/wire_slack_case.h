/* wire_slack_case.h: Slack's platform with its ids known, frames in and items out. Include after
 * cmocka.h. Each test program is one of these cases. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static inline const struct wire_item *item(int index)
{
    const struct wire_item *at = out.first;
    while (at && index-- > 0)
        at = at->next;
    assert_non_null(at);
    return at;
}

static inline int item_count(void)
{
    int count = 0;
    for (const struct wire_item *at = out.first; at; at = at->next)
        count++;
    return count;
}

static inline const struct wire_item *only(enum wire_kind kind)
{
    assert_int_equal(item_count(), 1);
    assert_int_equal(item(0)->kind, kind);
    return item(0);
}

static inline const struct wire_item *first_of(enum wire_kind kind)
{
    const struct wire_item *at = out.first;
    while (at && at->kind != kind)
        at = at->next;
    if (!at)
        fail_msg("no item of kind %d", kind);
    return at;
}

static inline uint64_t counter(const char *name)
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

static inline void frame(const char *text)
{
    wire_out_reset(&out);
    slack->on_frame(state, CONN, text, strlen(text), NOW, &out);
}

/* An envelope of that type. */
static inline void envelope(const char *type, bool accepts, const char *payload)
{
    char text[16384];
    int len = snprintf(text, sizeof(text),
                       "{\"envelope_id\":\"e-1\",\"type\":\"%s\",\"accepts_response_payload\":%s,"
                       "\"x_new\":{\"a\":[1,null]},\"payload\":%s}",
                       type, accepts ? "true" : "false", payload);
    assert_true(len > 0 && (size_t)len < sizeof(text));
    frame(text);
}

static inline void inner_event(const char *event)
{
    char text[8192];
    int len = snprintf(text, sizeof(text),
                       "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"Ev1\","
                       "\"event_time\":1712345678,\"authorizations\":[],\"event\":%s}",
                       event);
    assert_true(len > 0 && (size_t)len < sizeof(text));
    envelope("events_api", false, text);
}

static inline void reply_full(const struct wire_tag *tag, const struct wire_reply *reply)
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

static inline void reply(const struct wire_tag *tag, long status, const char *body)
{
    reply_full(tag, &(struct wire_reply){.outcome = WIRE_ANSWERED,
                                         .status = status,
                                         .date = MSEC_NONE,
                                         .now = NOW,
                                         .body = body,
                                         .len = strlen(body),
                                         .error = ""});
}

static inline json_t *body_of(const struct wire_item *request)
{
    json_error_t error;
    json_t *body =
        json_loadb(request->request.body, request->request.len, JSON_REJECT_DUPLICATES, &error);
    if (!body)
        fail_msg("%s in %s", error.text, request->request.body);
    return body;
}

/* Follows object keys and array positions: "blocks.0.text.text". */
static inline const json_t *at(const json_t *json, const char *path)
{
    char copy[256], *rest = copy, *part;
    (void)snprintf(copy, sizeof(copy), "%s", path);
    while (json && (part = strsep(&rest, ".")))
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(part))
                                   : json_object_get(json, part);
    return json;
}

static inline const char *text_at(const json_t *json, const char *path)
{
    return json_string_value(at(json, path));
}

static inline struct message question(void)
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

static inline const struct wire_item *encode(const struct message *message)
{
    const struct chat_place place = {.user = "U1"};
    wire_out_reset(&out);
    slack->encode_send(state, message, &place, NOW, &out);
    return item(0);
}

static inline int setup(void **unused)
{
    const char *values[SLACK_OPTIONS] = {"xapp-1-test", "xoxb-test", "http://127.0.0.1:1/api"};
    const struct chat_setup made = {.values = values, .seed = 1};
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

static inline int teardown(void **unused)
{
    (void)unused;
    slack->state_free(state);
    wire_out_done(&out);
    return 0;
}
