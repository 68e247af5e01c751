/* wire_mattermost_case.h: the Mattermost codec with its id known, answers in and items out. Include
 * after cmocka.h. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/mattermost_act.h"

#define BOT  "bbbbbbbbbbbbbbbbbbbbbbbbbb"
#define REP  "rrrrrrrrrrrrrrrrrrrrrrrrrr"
#define DM   "drrrrrrrrrrrrrrrrrrrrrrrrr"
#define POST "pppppppppppppppppppppppppp"
#define KEY  "abcdefghijklmnopqrstuvwxyz"
#define NOW  ((msec_t)1712345700000)

static const struct wire_field auth[] = {{"Authorization", "Bearer ", 1}, {0}};
static struct mattermost mm;
static struct wire_out out;

static inline const struct wire_item *item(int index)
{
    const struct wire_item *at = out.first;
    while (at && index-- > 0)
        at = at->next;
    assert_non_null(at);
    return at;
}

static inline const struct wire_item *only(enum wire_kind kind)
{
    assert_non_null(out.first);
    assert_null(out.first->next);
    assert_int_equal(out.first->kind, kind);
    return out.first;
}

static inline struct wire_reply answer(long status, const char *body)
{
    return (struct wire_reply){.outcome = WIRE_ANSWERED,
                               .status = status,
                               .date = MSEC_NONE,
                               .now = NOW,
                               .body = body,
                               .len = strlen(body),
                               .error = ""};
}

/* A tag whose texts do not live in the list that the answer is written to. */
static inline struct wire_tag keep_tag(const struct wire_tag *tag)
{
    struct wire_tag copy = *tag;
    copy.key = xstrdup(tag->key);
    copy.channel = xstrdup(tag->channel);
    copy.more = xstrdup(tag->more);
    return copy;
}

static inline void drop_tag(struct wire_tag *tag)
{
    free((void *)(uintptr_t)tag->key);
    free((void *)(uintptr_t)tag->channel);
    free((void *)(uintptr_t)tag->more);
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

/* Follows object keys and array positions: "props.attachments.0.actions". */
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

static inline int setup(void **unused)
{
    struct err err = {0};
    const char *error;
    (void)unused;
    wire_out_init(&out);
    assert_int_equal(mm_init(&mm, "https://chat.example.com/", auth, "secret", NULL, &err), 0);
    mm_ask_me(&mm, &out);
    assert_string_equal(only(WIRE_REQUEST)->request.url,
                        "https://chat.example.com/api/v4/users/me");
    assert_string_equal(out.first->request.verb, "GET");
    assert_ptr_equal(out.first->request.headers, auth);
    const struct wire_reply me = answer(200, "{\"id\":\"" BOT "\",\"username\":\"gritd\"}");
    assert_true(mm_me_reply(&mm, &me, &out, &error));
    wire_out_reset(&out);
    return 0;
}

static inline int teardown(void **unused)
{
    (void)unused;
    mm_done(&mm);
    wire_out_done(&out);
    return 0;
}
