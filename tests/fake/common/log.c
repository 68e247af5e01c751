#include "log.h"

#include <stdlib.h>

#include "http.h"
#include "util.h"

void log_done(struct log *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->items[i]);
    free(l->items);
    *l = (struct log){.quiet = l->quiet, .start_ms = util_mono_ms()};
}

static void begin(const struct log *l, struct buf *b, const char *kind)
{
    buf_fmt(b, "{\"kind\":\"%s\",\"at_ms\":%lld", kind, (long long)(util_mono_ms() - l->start_ms));
}

static void keep(struct log *l, struct buf *b)
{
    buf_str(b, "}");
    if (l->n == LOG_MAX) {
        l->dropped++;
        buf_done(b);
        return;
    }
    if (l->n == l->cap) {
        l->cap = l->cap ? l->cap * 2 : 256;
        l->items = util_realloc(l->items, l->cap * sizeof *l->items);
    }
    l->items[l->n++] = buf_take(b);
}

void log_http(struct log *l, const struct http_req *r)
{
    struct buf b = {0};

    if (l->quiet)
        return;
    begin(l, &b, "http");
    buf_member(&b, "method", r->method);
    buf_member(&b, "path", r->path);
    buf_member(&b, "query", r->query);
    buf_member(&b, "auth", r->headers[HTTP_AUTHORIZATION] ? r->headers[HTTP_AUTHORIZATION] : "");
    buf_str(&b, ",\"body\":");
    buf_json_n(&b, r->body, r->body_len);
    keep(l, &b);
}

void log_open(struct log *l, int sock, const char *path)
{
    struct buf b = {0};

    if (l->quiet)
        return;
    begin(l, &b, "open");
    buf_fmt(&b, ",\"socket\":%d", sock);
    buf_member(&b, "path", path);
    keep(l, &b);
}

void log_ws(struct log *l, int sock, const char *text, size_t n)
{
    struct buf b = {0};

    if (l->quiet)
        return;
    begin(l, &b, "ws");
    buf_fmt(&b, ",\"socket\":%d,\"text\":", sock);
    buf_json_n(&b, text, n);
    keep(l, &b);
}

void log_closed(struct log *l, int sock, int code)
{
    struct buf b = {0};

    if (l->quiet)
        return;
    begin(l, &b, "closed");
    buf_fmt(&b, ",\"socket\":%d,\"code\":%d", sock, code);
    keep(l, &b);
}

void log_write(const struct log *l, struct buf *out)
{
    buf_str(out, "[");
    for (size_t i = 0; i < l->n; i++) {
        buf_str(out, i ? ",\n" : "");
        buf_str(out, l->items[i]);
    }
    if (l->dropped)
        buf_fmt(out, ",\n{\"kind\":\"dropped\",\"count\":%zu}", l->dropped);
    buf_str(out, "]");
}
