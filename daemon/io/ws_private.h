/* ws_private.h: what the files of the ws module share; nobody else includes it.
 * Layer: io. */
#pragma once
#include <libwebsockets.h>
#include <netdb.h>
#include <netinet/in.h>

#include "base/str.h"
#include "io/url.h"
#include "io/ws.h"

enum {
    WS_REASON_BYTES = 124, /* a close frame carries 125 bytes, two are the code; one for NUL */
    WS_CHUNK_BYTES = 16384,
    WS_DEFAULT_MESSAGE_BYTES = 1 << 20,
};

enum ws_state {
    WS_LOOKUP,     /* waits for the resolver */
    WS_CONNECTING, /* lws works on TCP, TLS or the upgrade */
    WS_RETRY,      /* this address failed, the next tick tries another */
    WS_OPEN,
    WS_DRAINING,   /* close wanted, the queue goes first */
    WS_CLOSE_SENT, /* our close frame is out */
    WS_DEAD,       /* the next tick reports it */
};

struct ws_message {
    struct ws_message *next;
    size_t len, off;
    unsigned char data[]; /* LWS_PRE bytes for the frame header, then len bytes */
};

struct ws_lookup {
    uv_getaddrinfo_t request;
    struct ws_conn *conn; /* NULL: given up, the answer is thrown away */
};

/* What a client needs until it is open. */
struct ws_dial {
    struct url url; /* path is not used, see below */
    char *path, *subprotocol;
    char *headers; /* lines, each with its line break; tokens may stand in them */
    char host_header[URL_HOST_BYTES + 8];
    struct ws_lookup *lookup;
    struct addrinfo *found, *next;
    uint64_t deadline_ms; /* on the clock of uv_now */
    bool tcp_done, proxied;
    char refused[INET6_ADDRSTRLEN]; /* the last address that may not be called */
};

struct ws_conn {
    struct ws *ws;
    struct lws *wsi; /* NULL: lws has none for us */
    void *id;        /* what lws keeps instead of a pointer, so that a late callback is harmless */
    enum ws_state state;
    const struct ws_handler *handler;
    struct ws_handler own_handler; /* the client's copy */
    void *user;
    struct ws_dial *dial; /* clients, until open */
    uv_timer_t timer;     /* connect watchdog, later the limit for closing */
    bool inside_connect;  /* lws_client_connect_via_info is running */
    bool was_open, in_text;
    struct strbuf in;
    struct ws_message *head, *tail;
    size_t queued_bytes;
    uint64_t heard_ms;
    unsigned own_code, peer_code, http_status;
    char own_reason[WS_REASON_BYTES], peer_reason[WS_REASON_BYTES];
    char error[256];
};

struct ws_listener {
    char *path, *subprotocol;
    size_t max_message_bytes;
    ws_accept_cb accept;
    const struct ws_handler *handler;
    void *user;
    struct lws_protocols protocols[3];
    uint16_t port;
};

struct ws {
    uv_loop_t *loop;
    struct ws_opts opts;
    char *ca_file;
    struct lws_context *context;             /* NULL before the first use and again after the end */
    struct lws_vhost *plain, *tls, *proxied; /* proxied: TLS through the proxy */
    lws_retry_bo_t idle_policy;
    struct ws_listener *listener;
    struct ws_conn **slots; /* opts.max_connections */
    unsigned used;
    uint64_t generation;
    uv_timer_t tick, stop_timer;
    unsigned handles; /* ours on the loop, not yet closed */
    bool stopping, stopped;
};

/* ws.c */
int ws_start(struct ws *ws, struct err *err);
int ws_start_tls(struct ws *ws, bool proxied, struct err *err);
void ws_wake(struct ws *ws); /* runs the tick in the next turn of the loop */

/* ws_conn.c */
struct ws_conn *ws_conn_new(struct ws *ws, const struct ws_handler *handler, void *user,
                            size_t max_message_bytes);
struct ws_conn *ws_conn_of(struct lws *wsi);
void ws_conn_open(struct ws_conn *conn);
void ws_conn_dead(struct ws_conn *conn, const char *error); /* error NULL: ended in order */
void ws_conn_drop_wsi(struct ws_conn *conn);                /* lets lws end it by itself */
void ws_conn_report(struct ws_conn *conn);                  /* on_closed, then frees */
int ws_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

/* ws_client.c */
void ws_dial_next(struct ws_conn *conn);
void ws_dial_done(struct ws_conn *conn);
void ws_dial_lost(struct ws_conn *conn, const char *error);
int ws_dial_headers(struct ws_conn *conn, unsigned char **at, unsigned char *end);

/* ws_server.c */
int ws_server_filter(struct ws *ws, struct lws *wsi);
int ws_server_http(struct lws *wsi);
