#include "conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "route.h"
#include "util.h"
#include "wsock.h"

struct write {
    uv_write_t req;
    char data[];
};

static void conn_pump(struct conn *c);

struct conn *conn_ref(struct conn *c)
{
    c->refs++;
    return c;
}

void conn_unref(struct conn *c)
{
    if (--c->refs > 0)
        return;
    buf_done(&c->in);
    free(c);
}

static void on_closed(uv_handle_t *h)
{
    conn_unref(h->data);
}

/* What has to be undone before the handle goes; false if that was done before. */
static bool leave(struct conn *c)
{
    if (c->closing)
        return false;
    c->closing = true;
    if (c->prev)
        c->prev->next = c->next;
    else
        c->host->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    if (c->ws)
        wsock_gone(c->ws);
    c->ws = NULL;
    return true;
}

void conn_close(struct conn *c)
{
    if (leave(c))
        uv_close((uv_handle_t *)&c->tcp, on_closed);
}

void conn_abort(struct conn *c)
{
    /* Refused by libuv only while a shutdown is under way, which this program never starts. */
    if (leave(c) && uv_tcp_close_reset(&c->tcp, on_closed) != 0)
        uv_close((uv_handle_t *)&c->tcp, on_closed);
}

static void on_written(uv_write_t *req, int status)
{
    struct conn *c = req->handle->data;

    free(req->data);
    if (status < 0 || (c->close_when_written && c->tcp.write_queue_size == 0))
        conn_close(c);
}

void conn_write(struct conn *c, const void *data, size_t len)
{
    const char *p = data;

    if (c->closing || len == 0)
        return;
    if (c->tcp.write_queue_size == 0) {
        /* The answer nearly always fits in the socket buffer; no copy then. The cast only drops
         * const, which libuv's buffer type cannot express. */
        uv_buf_t b = uv_buf_init((char *)(uintptr_t)p, (unsigned)len);
        int n = uv_try_write((uv_stream_t *)&c->tcp, &b, 1);
        if (n < 0 && n != UV_EAGAIN) {
            /* A web socket is closed by its read side: a sender never loses it under way. */
            if (c->mode != CONN_WS)
                conn_close(c);
            return;
        }
        size_t done = n > 0 ? (size_t)n : 0;
        p += done;
        len -= done;
    }
    if (len == 0)
        return;
    struct write *w = util_alloc(sizeof *w + len);
    memcpy(w->data, p, len);
    w->req.data = w;
    uv_buf_t b = uv_buf_init(w->data, (unsigned)len);
    if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &b, 1, on_written) != 0) {
        free(w);
        if (c->mode != CONN_WS)
            conn_close(c);
    }
}

void conn_finish(struct conn *c)
{
    c->close_when_written = true;
    if (c->tcp.write_queue_size == 0)
        conn_close(c);
}

static const char *date_line(const struct host *h)
{
    static char line[64];
    static time_t of;
    time_t now = (time_t)((util_wall_us() + *h->clock_skew_ms * 1000) / 1000000);
    struct tm tm;

    if (now != of) {
        of = now;
        (void)gmtime_r(&now, &tm); /* in range */
        (void)strftime(line, sizeof line, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &tm);
    }
    return line;
}

/* The request is answered: drop its bytes, and go on with what the peer sent behind it. */
static void next_request(struct conn *c)
{
    c->busy = false;
    size_t rest = c->in.len - c->req_bytes;
    memmove(c->in.p, c->in.p + c->req_bytes, rest);
    c->in.len = rest;
    c->req_bytes = 0;
    c->continued = false;
    if (!c->pumping && !c->closing)
        conn_pump(c);
}

void conn_reply(struct conn *c, int status, const char *type, const char *headers, const char *body,
                size_t len)
{
    if (c->closing)
        return;
    struct buf *out = &c->host->out;
    out->len = 0;
    buf_fmt(out,
            "HTTP/1.1 %d %s\r\n%sContent-Type: %s\r\nContent-Length: %zu\r\n"
            "%s: %08x\r\n%s%s\r\n",
            status, http_reason(status), date_line(c->host), type, len, c->host->id_header,
            ++c->host->answers, headers, c->req.keep_alive ? "" : "Connection: close\r\n");
    buf_add(out, body, len);
    conn_write(c, out->p, out->len);
    if (c->closing)
        return;
    if (!c->req.keep_alive)
        conn_finish(c);
    else
        next_request(c);
}

void conn_reply_json(struct conn *c, int status, const char *body)
{
    conn_reply(c, status, "application/json; charset=utf-8", "", body, strlen(body));
}

void conn_deafen(struct conn *c)
{
    c->mode = CONN_DEAF;
    next_request(c);
}

void conn_upgrade(struct conn *c, struct wsock *s, const char *accept)
{
    char head[256];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                     accept);

    c->mode = CONN_WS;
    c->ws = s;
    conn_write(c, head, (size_t)n);
    if (!c->closing)
        next_request(c);
}

static void pump_http(struct conn *c)
{
    bool wants_continue = false;
    int r = http_parse(c->in.p, c->in.len, &c->req, &c->req_bytes, &wants_continue);

    if (r > 0) {
        c->busy = true;
        route_request(c);
    } else if (r < 0) {
        c->req = (struct http_req){0}; /* no keep-alive: where the next request starts is unknown */
        c->busy = true;
        conn_reply_json(c, -r, "{\"ok\":false,\"error\":\"bad_http\"}");
    } else if (wants_continue && !c->continued) {
        c->continued = true;
        conn_write(c, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    }
}

static void on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *b)
{
    struct conn *c = h->data;

    (void)hint; /* libuv always suggests 64 KiB, too much for thousands of connections */
    size_t want = c->in.len > 8192 ? 65536 : 8192;
    char *at = buf_room(&c->in, want);
    *b = uv_buf_init(at, (unsigned)want);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    struct conn *c = s->data;

    (void)b; /* always the tail of c->in */
    if (n < 0) {
        conn_close(c);
        return;
    }
    c->in.len += (size_t)n;
    conn_pump(c);
}

static void read_or_wait(struct conn *c)
{
    /* While a request is in hand its pointers lead into c->in, which must not move then. */
    if (c->busy && c->reading) {
        (void)uv_read_stop((uv_stream_t *)&c->tcp); /* always 0 */
        c->reading = false;
    } else if (!c->busy && !c->reading) {
        c->reading = uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) == 0;
        if (!c->reading)
            conn_close(c);
    }
}

static void conn_pump(struct conn *c)
{
    size_t before;

    conn_ref(c);
    c->pumping = true;
    do {
        before = c->in.len;
        if (c->closing || c->busy || before == 0)
            break;
        if (c->mode == CONN_HTTP)
            pump_http(c);
        else if (c->mode == CONN_WS)
            wsock_input(c->ws, &c->in);
        else
            c->in.len = 0;
    } while (c->in.len < before);
    c->pumping = false;
    if (!c->closing)
        read_or_wait(c);
    conn_unref(c);
}

static void on_connection(uv_stream_t *server, int status)
{
    struct host *h = server->data;

    if (status < 0)
        return;
    struct conn *c = util_alloc(sizeof *c);
    c->host = h;
    c->f = h->f;
    c->refs = 1;
    (void)uv_tcp_init(h->loop, &c->tcp); /* no socket is made yet, cannot fail */
    c->tcp.data = c;
    c->next = h->conns;
    if (c->next)
        c->next->prev = c;
    h->conns = c;
    if (uv_accept(server, (uv_stream_t *)&c->tcp) != 0) {
        conn_close(c);
        return;
    }
    (void)uv_tcp_nodelay(&c->tcp, 1); /* only a matter of speed */
    read_or_wait(c);
}

int conn_listen(struct host *h, int port)
{
    struct sockaddr_in at;
    int len = sizeof at, r;

    (void)uv_tcp_init(h->loop, &h->listener); /* see on_connection */
    h->listener.data = h;
    if ((r = uv_ip4_addr("127.0.0.1", port, &at)) != 0 ||
        (r = uv_tcp_bind(&h->listener, (const struct sockaddr *)&at, 0)) != 0 ||
        (r = uv_listen((uv_stream_t *)&h->listener, 1024, on_connection)) != 0 ||
        (r = uv_tcp_getsockname(&h->listener, (struct sockaddr *)&at, &len)) != 0)
        return r;
    h->port = ntohs(at.sin_port);
    return 0;
}

void conn_close_all(struct host *h)
{
    if (!uv_is_closing((uv_handle_t *)&h->listener))
        uv_close((uv_handle_t *)&h->listener, NULL);
    while (h->conns)
        conn_close(h->conns);
}
