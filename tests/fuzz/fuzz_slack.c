/* Any lines as Slack: each a frame of its websocket, and all of them as the answer to each request
 * that can be under way. Nothing breaks; an event is acknowledged by one frame, and what is asked
 * for leads to requests to Slack's own address and nowhere else. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/chat.h"
#include "wire/chat_slack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(1712345700) * MSEC_SECOND)
#define API "https://slack.example/api/"
#define KEY "abcdefghijklmnopqrstuvwxyz"

static void check_out(struct wire_out *out)
{
    for (const struct wire_item *item = out->first; item; item = item->next) {
        if (item->kind == WIRE_EVENT && (!item->event || !item->event->id || !item->event->source))
            abort();
        if (item->kind == WIRE_REQUEST && !str_starts(item->request.url, API))
            abort();
        if (item->kind == WIRE_FRAME && utf8_length(item->text, item->len) < 0)
            abort();
        if (item->event && item->event->text &&
            utf8_length(item->event->text, strlen(item->event->text)) < 0)
            abort();
    }
    wire_out_reset(out);
}

static void frames(void *state, const char *bytes, size_t size, struct wire_out *out)
{
    for (const char *line = bytes, *end = bytes + size; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((stop ? stop : end) - line);
        CLEANUP_FREE char *frame = xstrndup(line, length); /* frames end in a NUL */
        chat_slack.on_frame(state, 7, frame, strlen(frame), NOW, out);
        check_out(out);
        line += length + 1;
    }
}

static void replies(void *state, const char *bytes, size_t size, struct wire_out *out)
{
    static const long statuses[] = {200, 200, 429, 500};
    CLEANUP_FREE char *body = xstrndup(bytes, size);
    for (int kind = SLACK_TAG_TICKET; kind <= SLACK_TAG_MISSED; kind++) {
        for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
            const struct wire_tag tag = {
                .kind = kind, .key = KEY, .channel = "D1", .more = "1712345000.000100"};
            const struct wire_reply reply = {.outcome = WIRE_ANSWERED,
                                             .status = statuses[i],
                                             .date = i ? NOW : MSEC_NONE,
                                             .now = NOW,
                                             .headers = {"", "", "", ""},
                                             .body = body,
                                             .len = strlen(body),
                                             .error = ""};
            chat_slack.on_reply(state, &tag, &reply, out);
            check_out(out);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct wire_tag auth = {
        .kind = SLACK_TAG_AUTH, .key = "", .channel = "", .more = ""};
    static const char known[] = "{\"ok\":true,\"team_id\":\"T1\",\"user_id\":\"UBOT\",\"bot_id\":"
                                "\"BBOT\",\"url\":\"https://x.slack.example/\"}";
    const char *values[SLACK_OPTIONS] = {"xapp-1", "xoxb-1", API, NULL, "1"};
    const struct chat_setup setup = {.values = values, .seed = 7};
    const struct wire_reply reply = {.outcome = WIRE_ANSWERED,
                                     .status = 200,
                                     .date = MSEC_NONE,
                                     .now = NOW,
                                     .headers = {"", "", "", ""},
                                     .body = known,
                                     .len = sizeof(known) - 1,
                                     .error = ""};
    CLEANUP_FREE char *bytes = xmemdup(data, size ? size : 1);
    struct wire_out out;
    struct err err = {0};
    void *state;
    if (chat_slack.state_new(&setup, &err, &state))
        abort();
    wire_out_init(&out);
    chat_slack.on_start(state, NOW, &out);
    check_out(&out);
    chat_slack.on_reply(state, &auth, &reply, &out);
    check_out(&out);
    frames(state, bytes, size, &out);
    replies(state, bytes, size, &out);
    wire_out_done(&out);
    chat_slack.state_free(state);
    return 0;
}
