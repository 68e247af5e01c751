#include "bad.h"

#include <stdio.h>

#include "conn.h"

struct bad {
    struct conn *c;
    const struct fault *fault;
    const struct buf *good;
    const struct bad_limited *limited;
};

static void send_status(const struct bad *b)
{
    char header[160] = "";

    if (b->fault->retry_after[0])
        (void)snprintf(header, sizeof header, "Retry-After: %s\r\n", b->fault->retry_after);
    if (b->fault->status == 429)
        conn_reply(b->c, 429, b->limited->type, header, b->limited->body, strlen(b->limited->body));
    else
        conn_reply(b->c, b->fault->status, "text/plain", header, "upstream trouble\n", 17);
}

static void send_html(const struct bad *b)
{
    static const char page[] = "<!DOCTYPE html>\n<html><head><title>Server Error</title></head>"
                               "<body><h1>Something went wrong</h1></body></html>\n";

    conn_reply(b->c, b->fault->status, "text/html; charset=utf-8", "", page, sizeof page - 1);
}

static void send_truncated(const struct bad *b)
{
    conn_reply(b->c, b->fault->status, "application/json; charset=utf-8", "", b->good->p,
               b->good->len / 2);
}

/* Promises the whole answer and ends in its middle. */
static void send_cut(const struct bad *b)
{
    char head[128];
    int n = snprintf(head, sizeof head,
                     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     "Content-Length: %zu\r\n\r\n",
                     b->good->len);

    conn_write(b->c, head, (size_t)n);
    conn_write(b->c, b->good->p, b->good->len / 2);
    conn_finish(b->c);
}

static void send_half_head(const struct bad *b)
{
    conn_write(b->c, "HTTP/1.1 200 OK\r\nContent-Ty", 27);
    conn_finish(b->c);
}

static void send_empty(const struct bad *b)
{
    conn_reply(b->c, b->fault->status, "application/json; charset=utf-8", "", "", 0);
}

static void send_close(const struct bad *b)
{
    conn_close(b->c);
}

static void send_reset(const struct bad *b)
{
    conn_abort(b->c);
}

static void send_never(const struct bad *b)
{
    conn_deafen(b->c);
}

static const struct {
    const char *kind;
    void (*send)(const struct bad *b);
} kinds[] = {
    {"", send_status},   {"close", send_close},    {"reset", send_reset},
    {"html", send_html}, {"empty", send_empty},    {"truncated", send_truncated},
    {"cut", send_cut},   {"head", send_half_head}, {"hang", send_never},
};

bool bad_answer(struct conn *c, const struct fault *bad, const struct buf *good,
                const struct bad_limited *limited)
{
    const struct bad b = {c, bad, good, limited};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, bad->kind) == 0) {
            kinds[i].send(&b);
            return true;
        }
    }
    return false;
}
