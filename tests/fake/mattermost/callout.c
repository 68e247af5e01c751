#include "callout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "later.h"
#include "util.h"

enum { CALLOUT_MS = 5000 };

struct job {
    struct fake *f;
    uv_tcp_t tcp;
    uv_connect_t connect;
    uv_write_t write;
    struct buf out, in;
    struct later *timer;
    void (*done)(void *arg, int status, const json_t *answer);
    void *arg;
    bool over;
};

static void on_closed(uv_handle_t *h)
{
    struct job *j = h->data;

    buf_done(&j->out);
    buf_done(&j->in);
    free(j);
}

static void finish(struct job *j)
{
    int status = 0;
    const char *body = j->in.p ? strstr(j->in.p, "\r\n\r\n") : NULL;

    if (j->over)
        return;
    j->over = true;
    if (body && sscanf(j->in.p, "HTTP/1.%*d %d", &status) != 1)
        status = 0;
    json_t *answer = body ? json_loads(body + 4, 0, NULL) : NULL;
    j->f->stats.callouts_failed += status != 200;
    j->done(j->arg, status, answer);
    json_decref(answer);
    later_cancel(j->timer);
    uv_close((uv_handle_t *)&j->tcp, on_closed);
}

static void on_late(void *arg)
{
    struct job *j = arg;

    j->timer = NULL;
    finish(j);
}

static void on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *b)
{
    struct job *j = h->data;

    (void)hint; /* answers are short */
    *b = uv_buf_init(buf_room(&j->in, 8192), 8192);
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
    struct job *j = s->data;

    (void)b; /* always the tail of j->in */
    if (n > 0) {
        j->in.len += (size_t)n;
        j->in.p[j->in.len] = '\0';
    }
    const char *body = j->in.p ? strstr(j->in.p, "\r\n\r\n") : NULL;
    const char *length = body ? strcasestr(j->in.p, "\r\nContent-Length:") : NULL;
    size_t want = length && length < body ? strtoul(length + 17, NULL, 10) : SIZE_MAX;
    if (n < 0 || (body && strlen(body + 4) >= want))
        finish(j);
}

static void on_written(uv_write_t *w, int status)
{
    if (status < 0)
        finish(w->data);
}

static void on_connected(uv_connect_t *r, int status)
{
    struct job *j = r->data;
    uv_buf_t b = uv_buf_init(j->out.p, (unsigned)j->out.len);

    if (j->over)
        return;
    j->write.data = j;
    if (status < 0 || uv_read_start((uv_stream_t *)&j->tcp, on_alloc, on_read) != 0 ||
        uv_write(&j->write, (uv_stream_t *)&j->tcp, &b, 1, on_written) != 0)
        finish(j);
}

void callout_start(struct fake *f, const struct callout *call)
{
    struct job *j = util_alloc(sizeof *j);
    struct sockaddr_in at;
    char host[64] = "", path[512] = "";
    int port = 0;

    f->stats.callouts++;
    j->f = f;
    j->done = call->done;
    j->arg = call->arg;
    j->connect.data = j;
    (void)uv_tcp_init(f->host.loop, &j->tcp); /* no socket is made yet, cannot fail */
    j->tcp.data = j;
    j->timer = later_start(f->host.loop, CALLOUT_MS, on_late, j);
    int parts = sscanf(call->url, "http://%63[0-9.]:%d%511s", host, &port, path);
    buf_fmt(&j->out,
            "POST %s HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
            "Connection: close\r\nUser-Agent: Mattermost-Bot/1.1\r\n%s\r\n%s",
            path, host, port, call->type, strlen(call->body), call->header, call->body);
    if (parts != 3 || strcmp(host, "127.0.0.1") != 0 || f->knobs.refuse_internal ||
        uv_ip4_addr(host, port, &at) != 0 ||
        uv_tcp_connect(&j->connect, &j->tcp, (const struct sockaddr *)&at, on_connected) != 0) {
        later_cancel(j->timer);
        j->timer = later_start(f->host.loop, 0, on_late, j); /* told later, as always */
    }
}
