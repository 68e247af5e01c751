#include "wsock.h"

#include "conn.h"
#include "later.h"
#include "util.h"
#include "ws.h"

enum { CLOSE_WAIT_MS = 2000 };

void wsock_init(struct wsock *s, struct conn *c, const struct wsock_rules *rules, int id)
{
    *s = (struct wsock){.f = c->f, .c = c, .rules = rules, .id = id, .close_code = 1006};
}

bool wsock_is_muted(const struct wsock *s)
{
    return s->muted || s->rules->mute;
}

void wsock_frame(struct wsock *s, int op, const char *data, size_t len)
{
    struct buf b = {0};
    char head[WS_HEAD_MAX];

    if (wsock_is_muted(s) || s->closing)
        return;
    buf_add(&b, head, ws_head(head, op, len));
    buf_add(&b, data, len);
    conn_write(s->c, b.p, b.len);
    buf_done(&b);
}

static void on_close_wait(void *arg)
{
    struct wsock *s = arg;

    s->close_timer = NULL;
    conn_close(s->c);
}

void wsock_close(struct wsock *s, int code)
{
    char data[2] = {(char)(code >> 8), (char)code};

    if (s->closing)
        return;
    s->close_code = code;
    wsock_frame(s, WS_CLOSE, data, 2);
    s->closing = true;
    later_cancel(s->close_timer);
    s->close_timer = later_start(s->c->host->loop, CLOSE_WAIT_MS, on_close_wait, s);
    wsock_on_closing(s);
}

void wsock_gone(struct wsock *s)
{
    later_cancel(s->close_timer);
    buf_done(&s->part);
    wsock_on_gone(s);
}

static void on_close_frame(struct wsock *s, const struct ws_frame *fr)
{
    if (s->closing) { /* answer to ours */
        conn_close(s->c);
        return;
    }
    if (fr->len >= 2)
        s->close_code = (unsigned char)fr->payload[0] << 8 | (unsigned char)fr->payload[1];
    else
        s->close_code = 1005;
    if (s->rules->no_close_reply)
        return;
    wsock_frame(s, WS_CLOSE, fr->payload, fr->len < 2 ? 0 : 2);
    conn_finish(s->c);
}

/* Data frames, put together again. */
static void on_data_frame(struct wsock *s, const struct ws_frame *fr)
{
    bool first = fr->op != WS_CONT;

    if (first == (s->part_op != 0)) { /* a start inside a message, or a rest without a start */
        wsock_on_bad_frame(s);
        wsock_close(s, 1002);
        return;
    }
    if (s->rules->message_max && s->part.len + fr->len > s->rules->message_max) {
        wsock_on_bad_frame(s);
        conn_abort(s->c);
        return;
    }
    if (first)
        s->part_op = fr->op;
    if (!fr->fin || !first)
        buf_add(&s->part, fr->payload, fr->len);
    if (!fr->fin)
        return;
    /* A message may set off requests that end this socket: s is not touched after it. */
    struct buf part = s->part;
    struct ws_frame whole = *fr;
    s->part = (struct buf){0};
    s->part_op = 0;
    if (!first) {
        whole.payload = part.p ? part.p : whole.payload;
        whole.len = part.len;
    }
    wsock_on_message(s, whole.payload, whole.len, !first);
    buf_done(&part);
}

static void on_frame(struct wsock *s, const struct ws_frame *fr)
{
    if (wsock_is_muted(s))
        return;
    switch (fr->op) {
    case WS_PING:
        if (!s->rules->no_pong)
            wsock_frame(s, WS_PONG, fr->payload, fr->len);
        break;
    case WS_PONG:
        s->pong_ms = util_mono_ms();
        break;
    case WS_CLOSE:
        on_close_frame(s, fr);
        break;
    default:
        if (!s->closing)
            on_data_frame(s, fr);
        break;
    }
}

void wsock_input(struct wsock *s, struct buf *in)
{
    struct conn *c = s->c;
    size_t at = 0, used = 0;
    struct ws_frame fr;
    int r = 0;

    while (!c->closing && (r = ws_parse(in->p + at, in->len - at, &fr, &used)) > 0) {
        on_frame(s, &fr);
        at += used;
    }
    if (c->closing)
        return;
    memmove(in->p, in->p + at, in->len - at);
    in->len -= at;
    if (r < 0) {
        wsock_on_bad_frame(s);
        wsock_close(s, -r);
        c->mode = CONN_DEAF; /* where the next frame starts is unknown */
        in->len = 0;
    }
}
