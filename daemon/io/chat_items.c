#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/chat_private.h"

struct chat_out *chat_out_take(struct chat *chat)
{
    struct chat_out *out = chat->spare;
    if (!out) {
        out = NEW(struct chat_out);
        wire_out_init(&out->out);
        return out;
    }
    chat->spare = out->next;
    return out;
}

/* --- results --- */

static const char *put_text(char **at, const char *text)
{
    if (!text)
        return NULL;
    size_t bytes = strlen(text) + 1;
    char *copy = memcpy(*at, text, bytes);
    *at += bytes;
    return copy;
}

static size_t text_bytes(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static void queue(struct chat *chat, const struct chat_result *r)
{
    struct chat_queued *queued =
        xcalloc(1, sizeof(*queued) + text_bytes(r->key) + text_bytes(r->channel) +
                       text_bytes(r->platform_id) + text_bytes(r->error));
    char *at = (char *)(queued + 1);
    queued->result = *r;
    queued->result.key = put_text(&at, r->key);
    queued->result.channel = put_text(&at, r->channel);
    queued->result.platform_id = put_text(&at, r->platform_id);
    queued->result.error = put_text(&at, r->error);
    *chat->queued_last = queued;
    chat->queued_last = &queued->next;
}

void chat_tell(struct chat *chat, const struct chat_result *result)
{
    chat->sends -= chat->sends > 0 && !result->more;
    if (chat->inside_port > 0)
        queue(chat, result);
    else
        chat->hooks.result(chat->hooks.user, result);
}

void chat_drain_queued(struct chat *chat)
{
    struct chat_queued *queued = chat->queued;
    chat->queued = NULL;
    chat->queued_last = &chat->queued;
    while (queued) {
        struct chat_queued *next = queued->next;
        chat->hooks.result(chat->hooks.user, &queued->result);
        free(queued);
        queued = next;
    }
}

/* --- one function for each kind of wish --- */

static void do_event(struct chat *chat, const struct wire_item *item)
{
    bool waits = item->ack || item->told;
    struct chat_link *link = waits ? link_find(chat, item->conn) : NULL;
    bool wanted = link || item->request.url || item->told;
    struct event event = *item->event;
    if (event.id && event.source)
        event.key = event_key(event.source, event.id); /* by it a second copy is known */
    if (!chat->stopping)
        chat->hooks.event(chat->hooks.user, &event, wanted ? ack_new(chat, link, item) : NULL);
}

static void do_frame(struct chat *chat, const struct wire_item *item)
{
    struct chat_link *link = link_find(chat, item->conn);
    if (link && link_send(link, item->text, item->len) == -ENOBUFS)
        link_close(link, 1008, "the other side does not read");
}

static void do_request(struct chat *chat, const struct wire_item *item)
{
    op_start(chat, &item->request);
}

static void do_connect(struct chat *chat, const struct wire_item *item)
{
    link_open(chat, item->text, item->headers);
}

static void do_up(struct chat *chat, const struct wire_item *item)
{
    struct chat_link *link = link_find(chat, item->conn);
    if (link)
        link_up(link, item->number);
}

static void do_renew(struct chat *chat, const struct wire_item *item)
{
    struct chat_link *link = link_find(chat, item->conn);
    if (link)
        link_renew(link);
}

static void do_drop(struct chat *chat, const struct wire_item *item)
{
    struct chat_link *link = link_find(chat, item->conn);
    if (item->conn == 0 && chat->asking)
        link_attempt_failed(chat, item->delay_ms, item->text ? item->text : "refused");
    if (!link)
        return;
    if (link->phase == LINK_CALL) {
        call_answer(link, item->number ? (unsigned)item->number : 400, "", 0);
        return;
    }
    link->drop_delay_ms = item->delay_ms;
    link_close(link, item->number ? (unsigned)item->number : 1000,
               item->text ? item->text : "refused");
}

static void do_fatal(struct chat *chat, const struct wire_item *item)
{
    char text[CHAT_ERROR_BYTES];
    int64_t now = chat_now(chat);
    (void)snprintf(text, sizeof(text), "%s; %s", item->text, item->todo); /* cut is fine */
    chat->fatal = true;
    chat->asking = false;
    chat->not_before_ms = item->delay_ms ? now + item->delay_ms : INT64_MAX;
    chat->want_ms = link_any_healthy(chat) ? INT64_MAX : chat->not_before_ms;
    chat_error(chat, text);
    chat_set_state(chat, CHAT_FATAL, text);
}

static void do_warn(struct chat *chat, const struct wire_item *item)
{
    char text[CHAT_ERROR_BYTES];
    (void)snprintf(text, sizeof(text), "%s; %s", item->text, item->todo); /* cut is fine */
    chat_error(chat, text);
    chat_set_state(chat, chat->status.state, text);
}

static void do_limit(struct chat *chat, const struct wire_item *item)
{
    uint64_t spread = (uint64_t)(item->delay_ms / 10) + 1;
    int64_t extra = (int64_t)(chat->opts.random(chat->opts.user) % spread);
    rate_block(&chat->rates[item->method], chat_now(chat) + item->delay_ms + extra);
}

static void do_timer(struct chat *chat, const struct wire_item *item)
{
    chat->platform_ms = chat_now(chat) + item->delay_ms;
}

static void do_result(struct chat *chat, const struct wire_item *item)
{
    chat_tell(chat, &item->result);
}

static void do_caught_up(struct chat *chat, const struct wire_item *item)
{
    catch_done(chat, item->delay_ms);
}

void chat_out_run(struct chat *chat, struct chat_out *out)
{
    static void (*const handlers[])(struct chat *, const struct wire_item *) = {
        [WIRE_EVENT] = do_event,     [WIRE_FRAME] = do_frame,   [WIRE_REQUEST] = do_request,
        [WIRE_CONNECT] = do_connect, [WIRE_UP] = do_up,         [WIRE_RENEW] = do_renew,
        [WIRE_DROP] = do_drop,       [WIRE_FATAL] = do_fatal,   [WIRE_LIMIT] = do_limit,
        [WIRE_TIMER] = do_timer,     [WIRE_RESULT] = do_result, [WIRE_CAUGHT_UP] = do_caught_up,
        [WIRE_WARN] = do_warn,
    };
    for (const struct wire_item *item = out->out.first; item; item = item->next)
        handlers[item->kind](chat, item);
    wire_out_reset(&out->out);
    out->next = chat->spare;
    chat->spare = out;
}
