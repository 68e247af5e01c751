/* ws.h: WebSocket connections, outgoing and (on loopback) incoming.
 * Layer: io. Lifetime: process. Depends on: err; libwebsockets behind it, on the caller's loop.
 *
 * Every call and every callback is on the thread of the loop. A callback may call any function
 * here but ws_free. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "io/proxy.h"
#include "io/reach.h"

struct ws;
struct ws_conn;

/* Zero means the default in brackets. */
struct ws_opts {
    const char *ca_file;       /* PEM bundle for wss [the system's] */
    unsigned connect_ms;       /* name look-up to finished handshake, per connect [15000] */
    unsigned ping_s;           /* ping after so long without a frame [30] */
    unsigned hangup_s;         /* lost after so long without one; more than ping_s [45] */
    unsigned close_ms;         /* a closing peer gets so long, also in ws_stop [1000] */
    size_t queue_max_bytes;    /* unsent bytes per connection [16 MiB] */
    unsigned max_connections;  /* file descriptors of both sides together [256] */
    const struct reach *reach; /* which addresses may be called; borrowed; of what goes through a
                                  proxy, the names only [all] */
    const struct proxy *proxy; /* for wss; borrowed [none] */
};

struct ws_target {
    const char *url;            /* wss://host[:port]/path?query; ws:// to loopback only */
    const char *const *headers; /* NULL, or "Name: value" lines of the handshake, NULL at the end */
    const char *subprotocol;    /* NULL: none is asked for */
    size_t max_message_bytes;   /* a longer message closes with 1009; 0 means 1 MiB */
};

/* Why a connection is gone. The texts live for the callback only. */
struct ws_closed {
    bool was_open;        /* false: the handshake never finished, so nothing was ever sent */
    unsigned code;        /* close code of the peer, or ours; 1006 when there was none */
    const char *reason;   /* text of the close frame, "" if none */
    const char *error;    /* our own words when it did not end by close frames, else "" */
    unsigned http_status; /* the server's answer when it refused the upgrade, else 0 */
};

/* on_message: one whole message, data is NUL-terminated beyond len; text is not checked for UTF-8.
 * on_closed: the last call for `conn`, after it the pointer is dead. Each may be NULL. */
struct ws_handler {
    void (*on_open)(void *user, struct ws_conn *conn);
    void (*on_message)(void *user, struct ws_conn *conn, const char *data, size_t len, bool text);
    void (*on_closed)(void *user, struct ws_conn *conn, const struct ws_closed *why);
};

/* Decides over an incoming connection before the upgrade is answered (false: HTTP 403, nothing
 * more is called). It may call ws_set_user and ws_set_max_message on conn, nothing else.
 * query: without '?', percent-decoded, "" if none. origin: NULL without the header. */
typedef bool (*ws_accept_cb)(void *user, struct ws_conn *conn, const char *query,
                             const char *origin);

struct ws_local {
    uint16_t port;            /* 0 picks one, see ws_listen_port */
    const char *path;         /* exact path of the upgrade, anything else gets 404 */
    const char *subprotocol;  /* must be offered by the client; NULL: not looked at */
    size_t max_message_bytes; /* 0 means 1 MiB */
};

/* Makes the module; libwebsockets itself is only started by the first connect or listen.
 *
 * Owns:   *ret_ws is freed with ws_free; opts and its texts are copied, loop and reach are
 * borrowed. Errors: -EINVAL for hangup_s not above ping_s. Source: RFC 6455; libwebsockets 4.1.6
 * for the limits. */
int ws_new(uv_loop_t *loop, const struct ws_opts *opts, struct err *err, struct ws **ret_ws);

/* Starts to connect: look-up, TCP, TLS, upgrade; tries each address in turn until the time is up.
 * When 0 is returned on_closed comes exactly once, later, never from inside this call.
 *
 * Owns:   target and handler are copied. *ret_conn (NULL allowed) is borrowed and valid until
 * on_closed. Errors: -EINVAL bad URL, -EPERM ws:// beyond loopback, -ESHUTDOWN after ws_stop,
 * -ENOTSUP lws cannot start (its libuv plugin package is missing). None of them calls on_closed.
 * Source: RFC 6455, 3 and 4.1. */
int ws_connect(struct ws *ws, const struct ws_target *target, const struct ws_handler *handler,
               void *user, struct err *err, struct ws_conn **ret_conn);

/* Accepts on 127.0.0.1; one listener for each struct ws.
 *
 * Owns:   local is copied, handler is borrowed for the life of ws. The user of each new connection
 *         is `user` until the accept callback sets another.
 * Errors: -EADDRINUSE, -EALREADY for a second listener, -ESHUTDOWN, -ENOTSUP. */
int ws_listen(struct ws *ws, const struct ws_local *local, ws_accept_cb accept,
              const struct ws_handler *handler, void *user, struct err *err);
uint16_t ws_listen_port(const struct ws *ws); /* 0 while not listening */

/* Queues one text message.
 *
 * Owns:   data is copied.
 * Errors: -ENOBUFS the queue would exceed queue_max_bytes (nothing was queued), -ENOTCONN the
 *         connection is not open or is closing. */
int ws_send(struct ws_conn *conn, const void *data, size_t len);
size_t ws_queued_bytes(const struct ws_conn *conn); /* not yet given to the kernel */

/* Closes after the queue is sent; a connect under way is given up. on_closed follows, later, and
 * no on_message before it. A second call changes nothing. reason is cut to 123 bytes. Source: RFC
 * 6455, 5.5.1 and 7.4. */
void ws_close(struct ws_conn *conn, unsigned code, const char *reason);

void ws_set_user(struct ws_conn *conn, void *user);
void *ws_user(const struct ws_conn *conn);
void ws_set_max_message(struct ws_conn *conn, size_t bytes);

/* Ends all: closes every connection with 1001, waits close_ms at most, then lets go of the loop,
 * so that uv_run returns. A name look-up that hangs cannot be cancelled and keeps uv_run from
 * returning: whoever cannot wait stops the loop (uv_stop) and leaves. Twice is harmless. */
void ws_stop(struct ws *ws);

/* After ws_stop and after uv_run returned; runs the loop itself for what is left, so that
 * uv_loop_close returns 0. Accepts NULL; a ws that was not stopped is stopped here at once. */
void ws_free(struct ws *ws);
