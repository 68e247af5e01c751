/* conn.h: one TCP connection: HTTP with keep-alive and pipelining, or a web socket after upgrade.
 * Lifetime: counted; the TCP handle holds one reference until it is closed. */
#pragma once
#include <stdbool.h>
#include <uv.h>

#include "buf.h"
#include "http.h"

struct fake; /* each program has one of its own; nothing here looks into it */
struct wsock;

/* The listener and what its connections share. */
struct host {
    uv_loop_t *loop;
    uv_tcp_t listener;
    struct fake *f;
    struct conn *conns;
    struct buf out; /* scratch of conn_reply */
    int port;
    const int64_t *clock_skew_ms; /* moves the Date header */
    const char *id_header;        /* name of the header that numbers the answers */
    unsigned answers;
};

enum conn_mode {
    CONN_HTTP,
    CONN_WS,
    CONN_DEAF, /* stays open, what comes in is thrown away */
};

struct conn {
    uv_tcp_t tcp;
    struct host *host;
    struct fake *f;
    struct buf in;
    struct http_req req; /* valid while busy */
    size_t req_bytes;
    enum conn_mode mode;
    bool busy;    /* a request waits for its answer */
    bool pumping; /* conn_pump is on the stack */
    bool reading, continued, closing, close_when_written;
    unsigned refs;
    struct wsock *ws; /* CONN_WS */
    struct conn *next, *prev;
};

/* Starts listening on 127.0.0.1; port 0 picks one. loop, f and id_header are set before. Returns 0
 * or a libuv error. */
int conn_listen(struct host *h, int port);
/* Closes the listener and every connection. */
void conn_close_all(struct host *h);

struct conn *conn_ref(struct conn *c);
void conn_unref(struct conn *c);

/* Answers the request in hand; also later than from inside the handler, then the caller holds a
 * reference. Nothing happens when the peer is gone. headers: complete lines or "". */
void conn_reply(struct conn *c, int status, const char *type, const char *headers, const char *body,
                size_t len);
void conn_reply_json(struct conn *c, int status, const char *body);
/* Bytes as they are, e.g. half an answer or a frame. */
void conn_write(struct conn *c, const void *data, size_t len);
/* The rest of the bytes goes out, then FIN. */
void conn_finish(struct conn *c);
void conn_close(struct conn *c);
/* RST. */
void conn_abort(struct conn *c);
/* Never answers again but keeps the connection. */
void conn_deafen(struct conn *c);
/* Answers 101 and hands the connection to s. */
void conn_upgrade(struct conn *c, struct wsock *s, const char *accept);
