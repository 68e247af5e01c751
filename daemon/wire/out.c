#include "wire/out.h"

#include <string.h>

#include "base/str.h"

void wire_out_init(struct wire_out *out)
{
    *out = (struct wire_out){0};
    arena_init(&out->arena);
    out->last = &out->first;
}

void wire_out_done(struct wire_out *out)
{
    arena_done(&out->arena);
    out->first = NULL;
    out->last = &out->first;
}

void wire_out_reset(struct wire_out *out)
{
    arena_reset(&out->arena);
    out->first = NULL;
    out->last = &out->first;
}

struct wire_item *wire_add(struct wire_out *out, enum wire_kind kind)
{
    struct wire_item *item = arena_alloc(&out->arena, sizeof(*item));
    item->kind = kind;
    *out->last = item;
    out->last = &item->next;
    return item;
}

void wire_frame(struct wire_out *out, uint32_t conn, const char *text, size_t len)
{
    struct wire_item *item = wire_add(out, WIRE_FRAME);
    item->conn = conn;
    item->text = arena_strndup(&out->arena, text, len);
    item->len = len;
}

void wire_connect(struct wire_out *out, const char *url, const struct wire_field *headers)
{
    struct wire_item *item = wire_add(out, WIRE_CONNECT);
    item->text = arena_strdup(&out->arena, url);
    item->headers = headers;
}

void wire_drop(struct wire_out *out, uint32_t conn, msec_t delay_ms, const char *why)
{
    struct wire_item *item = wire_add(out, WIRE_DROP);
    item->conn = conn;
    item->delay_ms = delay_ms;
    item->text = arena_strdup(&out->arena, why);
}

void wire_fatal(struct wire_out *out, msec_t delay_ms, const char *what, const char *todo)
{
    struct wire_item *item = wire_add(out, WIRE_FATAL);
    item->delay_ms = delay_ms;
    item->text = arena_strdup(&out->arena, what);
    item->todo = arena_strdup(&out->arena, todo);
}

void wire_warn(struct wire_out *out, const char *what, const char *todo)
{
    struct wire_item *item = wire_add(out, WIRE_WARN);
    item->text = arena_strdup(&out->arena, what);
    item->todo = arena_strdup(&out->arena, todo);
}

void wire_limit(struct wire_out *out, int method, msec_t delay_ms)
{
    struct wire_item *item = wire_add(out, WIRE_LIMIT);
    item->method = method;
    item->delay_ms = delay_ms;
}

void wire_timer(struct wire_out *out, msec_t delay_ms)
{
    wire_add(out, WIRE_TIMER)->delay_ms = delay_ms;
}

void wire_result(struct wire_out *out, const struct chat_result *result)
{
    struct wire_item *item = wire_add(out, WIRE_RESULT);
    item->result = *result;
    item->result.key = arena_strdup(&out->arena, result->key);
    item->result.channel = arena_strdup(&out->arena, result->channel);
    item->result.platform_id = arena_strdup(&out->arena, result->platform_id);
    item->result.error = arena_strdup(&out->arena, result->error);
}

struct event *wire_event(struct wire_out *out, uint32_t conn, enum event_type type, msec_t time,
                         const char *ack)
{
    struct event *event = arena_alloc(&out->arena, sizeof(*event));
    event_init(event, type, time);
    struct wire_item *item = wire_add(out, WIRE_EVENT);
    item->conn = conn;
    item->event = event;
    item->ack = arena_strdup(&out->arena, ack);
    return event;
}

const char *wire_cut(struct wire_out *out, const char *text, size_t max_points)
{
    return text ? arena_strndup(&out->arena, text, utf8_prefix(text, max_points)) : NULL;
}
