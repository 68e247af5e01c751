/* Incoming connections, on loopback only. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "io/ws_private.h"

enum { KEEPALIVE_S = 10, PATH_BYTES = 512, QUERY_BYTES = 2048, ORIGIN_BYTES = 512 };

static struct ws_listener *listener_new(const struct ws_local *local, ws_accept_cb accept,
                                        const struct ws_handler *handler, void *user)
{
    struct ws_listener *listener = NEW(struct ws_listener);
    listener->path = xstrdup(local->path);
    listener->subprotocol = xstrdup(local->subprotocol);
    listener->max_message_bytes = local->max_message_bytes;
    listener->accept = accept;
    listener->handler = handler;
    listener->user = user;
    /* A client that names no subprotocol lands on protocol 0, so that one is never the real one. */
    listener->protocols[0] = (struct lws_protocols){.name = "gritd-http", .callback = ws_event};
    if (local->subprotocol)
        listener->protocols[1] =
            (struct lws_protocols){.name = listener->subprotocol, .callback = ws_event};
    return listener;
}

int ws_listen(struct ws *ws, const struct ws_local *local, ws_accept_cb accept,
              const struct ws_handler *handler, void *user, struct err *err)
{
    if (ws->listener)
        return err_set(err, EALREADY, "there is a WebSocket listener already");
    int r = ws_start(ws, err);
    if (r < 0)
        return r;
    struct ws_listener *listener = listener_new(local, accept, handler, user);
    struct lws_context_creation_info info = {
        .port = local->port,
        .iface = "127.0.0.1",
        .protocols = listener->protocols,
        .vhost_name = "local",
        .options = LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE,
        .keepalive_timeout = KEEPALIVE_S,
        .retry_and_idle_policy = &ws->idle_policy,
    };
    struct lws_vhost *vhost = lws_create_vhost(ws->context, &info);
    if (!vhost) {
        free(listener->path);
        free(listener->subprotocol);
        free(listener);
        return err_set(err, EADDRINUSE, "127.0.0.1:%u: the port is taken or not allowed",
                       local->port);
    }
    listener->port = (uint16_t)lws_get_vhost_listen_port(vhost);
    ws->listener = listener;
    return 0;
}

uint16_t ws_listen_port(const struct ws *ws)
{
    return ws->listener && !ws->stopping ? ws->listener->port : 0;
}

/* false when it does not fit; "" when absent. */
static bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *to, int size)
{
    to[0] = '\0';
    return lws_hdr_total_length(wsi, token) == 0 || lws_hdr_copy(wsi, to, size, token) >= 0;
}

/* lws keeps one fragment per argument; its own copy would join them with commas. */
static bool query_copy(struct lws *wsi, char *to, size_t size)
{
    enum { ARGUMENTS = 64 };
    int total = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS);
    size_t used = 0;
    to[0] = '\0';
    if (total <= 0)
        return total == 0;
    if ((size_t)total + ARGUMENTS >= size)
        return false;
    for (int i = 0; i < ARGUMENTS; i++) {
        char *at = to + used + (i > 0); /* one more for the '&' */
        int n = lws_hdr_copy_fragment(wsi, at, (int)(size - (size_t)(at - to)),
                                      WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n < 0)
            return true; /* the one before was the last */
        if (i > 0)
            to[used] = '&';
        used = (size_t)(at - to) + (size_t)n;
    }
    return false;
}

static int refuse(struct lws *wsi, unsigned status)
{
    (void)lws_return_http_status(wsi, status, NULL); /* the connection ends either way */
    return -1;
}

int ws_server_filter(struct ws *ws, struct lws *wsi)
{
    struct ws_listener *listener = ws->listener;
    char path[PATH_BYTES], query[QUERY_BYTES], origin[ORIGIN_BYTES];
    if (!listener || ws->stopping)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE);
    if (!header_copy(wsi, WSI_TOKEN_GET_URI, path, sizeof(path)) || !str_eq(path, listener->path))
        return refuse(wsi, HTTP_STATUS_NOT_FOUND);
    if (listener->subprotocol && lws_get_protocol(wsi)->name != listener->subprotocol)
        return refuse(wsi, HTTP_STATUS_FORBIDDEN);
    if (!query_copy(wsi, query, sizeof(query)) ||
        !header_copy(wsi, WSI_TOKEN_ORIGIN, origin, sizeof(origin)))
        return refuse(wsi, HTTP_STATUS_FORBIDDEN);
    struct ws_conn *conn =
        ws_conn_new(ws, listener->handler, listener->user, listener->max_message_bytes);
    if (!conn)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE);
    conn->state = WS_CONNECTING;
    bool has_origin = lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) > 0;
    if (!listener->accept(listener->user, conn, query, has_origin ? origin : NULL)) {
        static const struct ws_handler nobody;
        conn->handler = &nobody;
        ws_conn_dead(conn, NULL);
        return refuse(wsi, HTTP_STATUS_FORBIDDEN);
    }
    conn->wsi = wsi;
    lws_set_opaque_user_data(wsi, conn->id);
    return 0;
}

/* No pages here, and no second request on a connection: pipelined bodies make lws spin. */
int ws_server_http(struct lws *wsi)
{
    return refuse(wsi, HTTP_STATUS_NOT_FOUND);
}
