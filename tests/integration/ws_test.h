/* ws_test.h: two ends of a WebSocket and what happened to them.
 * Layer: tests. Each test program includes it once, so all of it is static. */
#pragma once
#include "io_test.h"

#include "base/alloc.h"
#include "io/ws.h"

/* One end of a connection and what happened to it. */
struct end {
    struct ws_conn *conn;
    int opened, messages, closed;
    char last[256];
    size_t bytes; /* of all messages */
    unsigned code, http_status;
    bool was_open;
    char reason[128], error[256];
};

struct bench {
    uv_loop_t loop;
    struct ws *ws;
    struct end server; /* the last connection's end at the own server */
    bool accept;
    char query[128], origin[128];
};

static void on_open(void *user, struct ws_conn *conn)
{
    struct end *end = user;
    end->conn = conn;
    end->opened++;
}

static void on_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    struct end *end = user;
    assert_ptr_equal(end->conn, conn);
    assert_true(text);
    assert_int_equal(data[len], '\0');
    end->messages++;
    end->bytes += len;
    snprintf(end->last, sizeof(end->last), "%.200s", data);
}

static void on_closed(void *user, struct ws_conn *conn, const struct ws_closed *why)
{
    struct end *end = user;
    (void)conn;
    end->closed++;
    end->conn = NULL;
    end->code = why->code;
    end->http_status = why->http_status;
    end->was_open = why->was_open;
    snprintf(end->reason, sizeof(end->reason), "%s", why->reason);
    snprintf(end->error, sizeof(end->error), "%s", why->error);
}

static const struct ws_handler CLIENT = {on_open, on_message, on_closed};

static void bench_start(struct bench *b, const struct ws_opts *opts)
{
    struct err err;
    memset(b, 0, sizeof(*b));
    assert_int_equal(uv_loop_init(&b->loop), 0);
    assert_int_equal(ws_new(&b->loop, opts, &err, &b->ws), 0);
    b->accept = true;
}

static void bench_end(struct bench *b)
{
    ws_stop(b->ws);
    assert_int_equal(uv_run(&b->loop, UV_RUN_DEFAULT), 0);
    ws_free(b->ws);
    assert_int_equal(uv_loop_close(&b->loop), 0);
}
