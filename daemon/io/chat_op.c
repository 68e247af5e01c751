#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/chat_private.h"

enum { GRACE_MS = 250 }; /* timers are late now and then */

/* --- one block of memory for a request and all its texts --- */

static size_t text_bytes(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static const char *put_text(char **at, const char *text)
{
    if (!text)
        return NULL;
    size_t bytes = strlen(text) + 1;
    char *copy = memcpy(*at, text, bytes);
    *at += bytes;
    return copy;
}

/* The texts of a request that is sent at once are not needed later, but for the tag. */
static struct chat_op *op_new(struct chat *chat, const struct wire_request *r, bool hold)
{
    size_t tag = text_bytes(r->tag.key) + text_bytes(r->tag.channel) + text_bytes(r->tag.more);
    size_t rest = text_bytes(r->url) + text_bytes(r->verb) + text_bytes(r->content_type) +
                  text_bytes(r->channel) + r->len + 1;
    struct chat_op *op = xcalloc(1, sizeof(*op) + tag + (hold ? rest : 0));
    char *at = (char *)(op + 1);
    op->chat = chat;
    op->request = *r;
    op->request.tag.key = put_text(&at, r->tag.key);
    op->request.tag.channel = put_text(&at, r->tag.channel);
    op->request.tag.more = put_text(&at, r->tag.more);
    if (hold) {
        op->request.url = put_text(&at, r->url);
        op->request.verb = put_text(&at, r->verb);
        op->request.content_type = put_text(&at, r->content_type);
        op->request.channel = put_text(&at, r->channel);
        op->request.body = r->len ? memcpy(at, r->body, r->len) : "";
    }
    op->held = hold;
    return op;
}

struct chat_op *op_copy(struct chat *chat, const struct wire_request *request)
{
    return op_new(chat, request, true);
}

/* Held ones stay in their order. */
static void op_hang(struct chat_op *op)
{
    struct chat_op **slot = op->held ? &op->chat->held : &op->chat->flying;
    while (op->held && *slot)
        slot = &(*slot)->next;
    op->next = *slot;
    op->slot = slot;
    if (op->next)
        op->next->slot = &op->next;
    *slot = op;
}

static void op_unhang(struct chat_op *op)
{
    *op->slot = op->next;
    if (op->next)
        op->next->slot = op->slot;
}

static void op_count(struct chat_op *op, int change)
{
    struct chat *chat = op->chat;
    chat->op_count += (size_t)change;
    chat->held_count += op->held ? (size_t)change : 0;
}

/* --- the end --- */

/* Tells the platform; the op is gone when this returns. */
static void op_reply(struct chat_op *op, const struct wire_reply *reply)
{
    struct chat *chat = op->chat;
    struct chat_out *out = chat_out_take(chat);
    op_unhang(op);
    op_count(op, -1);
    chat->platform->on_reply(chat->state, &op->request.tag, reply, &out->out);
    chat_out_run(chat, out);
    free(op);
}

static void op_not_sent(struct chat_op *op, const char *why, msec_t wait_ms)
{
    const struct wire_reply reply = {.outcome = WIRE_NOT_SENT,
                                     .retry_after_ms = wait_ms,
                                     .date = MSEC_NONE,
                                     .now = op->chat->opts.clock(op->chat->opts.user),
                                     .headers = {"", "", "", ""},
                                     .body = "",
                                     .error = why};
    op_reply(op, &reply);
}

static enum wire_outcome outcome_of(enum httpc_outcome outcome)
{
    switch (outcome) {
    case HTTPC_ANSWERED:
        return WIRE_ANSWERED;
    case HTTPC_NOT_SENT:
        return WIRE_NOT_SENT;
    case HTTPC_UNKNOWN:
        break;
    }
    return WIRE_LOST;
}

static void on_http(void *user, const struct httpc_result *result)
{
    struct chat_op *op = user;
    struct chat *chat = op->chat;
    if (!chat) {
        free(op);
        return;
    }
    struct wire_reply reply = {.outcome = outcome_of(result->outcome),
                               .status = result->status,
                               .retry_after_ms =
                                   wire_retry_after(result->retry_after, result->date),
                               .date = result->outcome == HTTPC_ANSWERED ? result->date : MSEC_NONE,
                               .now = chat->opts.clock(chat->opts.user),
                               .body = result->body ? result->body : "",
                               .len = result->len,
                               .error = result->error};
    for (size_t i = 0; i < WIRE_REPLY_HEADERS; i++)
        reply.headers[i] = result->kept[i];
    if (result->outcome == HTTPC_ANSWERED && result->status == 429)
        chat->status.limited++;
    op_reply(op, &reply);
    chat_wake(chat);
}

/* --- the beginning --- */

const char **op_headers(const struct chat *chat, const struct wire_field *headers,
                        struct arena *arena)
{
    size_t count = 0;
    while (headers && headers[count].name)
        count++;
    const char **lines = arena_alloc(arena, (count + 1) * sizeof(*lines));
    for (size_t i = 0; i < count; i++) {
        const char *value = headers[i].option < 0 ? "" : chat->values[headers[i].option];
        lines[i] =
            arena_printf(arena, "%s: %s%s", headers[i].name, headers[i].prefix, value ? value : "");
    }
    lines[count] = NULL;
    return lines;
}

static void op_fire(struct chat_op *op, const struct wire_request *r)
{
    struct chat *chat = op->chat;
    struct err err = {0};
    struct chat_out *lines = chat_out_take(chat);
    const struct httpc_request request = {.url = r->url,
                                          .method = r->verb ? r->verb : "POST",
                                          .headers =
                                              op_headers(chat, r->headers, &lines->out.arena),
                                          .keep = chat->platform->reply_headers,
                                          .content_type = r->content_type,
                                          .body = r->body,
                                          .len = r->len,
                                          .total_timeout_ms = r->timeout_ms};
    int64_t now = chat_now(chat);
    rate_take(&chat->rates[r->method], now);
    if (r->channel)
        rate_map_take(&chat->channels, r->channel, now);
    int rc = httpc_send(chat->httpc, &request, on_http, op, &err);
    chat_out_run(chat, lines); /* nothing is in it: only its arena was wanted */
    if (rc < 0)
        op_not_sent(op, err.text, 0);
}

static int64_t op_wait_ms(const struct chat *chat, const struct wire_request *r)
{
    int64_t now = chat_now(chat), wait = rate_wait_ms(&chat->rates[r->method], now);
    int64_t own = r->channel ? rate_map_wait_ms(&chat->channels, r->channel, now) : 0;
    return own > wait ? own : wait;
}

/* How far one request moves the next one of the same place. */
static int64_t step_ms(const struct chat *chat, const struct wire_request *r)
{
    if (r->channel && chat->channels.per_minute > 0)
        return MSEC_MINUTE / chat->channels.per_minute;
    return chat->rates[r->method].interval_us / 1000;
}

/* Those held before it for the same place go first. */
static int64_t queue_ms(const struct chat *chat, const struct wire_request *r)
{
    int64_t until = INT64_MIN, now = chat_now(chat);
    for (const struct chat_op *op = chat->held; op; op = op->next) {
        if (op->request.method == r->method && str_eq(op->request.channel, r->channel) &&
            op->ready_ms > until)
            until = op->ready_ms;
    }
    return until == INT64_MIN ? 0 : until - now + step_ms(chat, r);
}

static int64_t longest(const struct wire_request *r)
{
    return r->max_wait_ms == WIRE_WAIT_FOREVER ? INT64_MAX : (int64_t)r->max_wait_ms;
}

void op_start(struct chat *chat, const struct wire_request *request)
{
    int64_t wait = op_wait_ms(chat, request), behind = queue_ms(chat, request);
    wait = behind > wait ? behind : wait;
    bool crowded = chat->op_count >= CHAT_OPS_MAX;
    bool hold = wait > 0 && wait <= longest(request) && !chat->stopping && !crowded;
    struct chat_op *op = op_new(chat, request, hold);
    int64_t now = chat_now(chat);
    op_hang(op);
    op_count(op, 1);
    op->ready_ms = now + wait;
    op->give_up_ms = longest(request) == INT64_MAX ? INT64_MAX : now + longest(request) + GRACE_MS;
    if (hold)
        return;
    if (chat->stopping || crowded)
        op_not_sent(op, chat->stopping ? "stopping" : "too many requests at once", 0);
    else if (wait > 0)
        op_not_sent(op, "waiting for a rate limit", wait);
    else
        op_fire(op, request);
}

/* --- held ones --- */

static bool op_try(struct chat_op *op)
{
    struct chat *chat = op->chat;
    int64_t now = chat_now(chat), wait = op_wait_ms(chat, &op->request);
    if (op->ready_ms > now)
        return false;
    op->ready_ms = now + wait;
    if (wait > 0 && op->ready_ms > op->give_up_ms) {
        op_not_sent(op, "waiting for a rate limit", wait);
        return true;
    }
    if (wait > 0)
        return false;
    op_unhang(op);
    op_count(op, -1);
    op->held = false;
    op_hang(op);
    op_count(op, 1);
    op_fire(op, &op->request);
    return true;
}

/* One that went may have changed the list, so the walk begins again; each round ends one wait. */
void op_tick(struct chat *chat)
{
    bool again = true;
    while (again) {
        again = false;
        for (struct chat_op *op = chat->held; op && !again; op = op->next)
            again = op_try(op);
    }
}

int64_t op_next_ms(const struct chat *chat)
{
    int64_t next = INT64_MAX;
    for (const struct chat_op *op = chat->held; op; op = op->next)
        next = op->ready_ms < next ? op->ready_ms : next;
    return next;
}

void op_end_held(struct chat *chat)
{
    while (chat->held)
        op_not_sent(chat->held, "stopping", 0);
}

void op_forget_all(struct chat *chat)
{
    for (struct chat_op *op = chat->flying; op; op = op->next)
        op->chat = NULL; /* on_http frees it */
    chat->flying = NULL;
    while (chat->held) {
        struct chat_op *op = chat->held;
        op_unhang(op);
        free(op);
    }
}
