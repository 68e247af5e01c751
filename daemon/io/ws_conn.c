/* One connection of either side: queue, receive, close, and the callback that lws knows. */
#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "io/cert.h"
#include "io/ws_private.h"

enum {
    WRITE_CLOSE = 4, /* lws's internal LWS_WRITE_CLOSE, missing in its public header: the close */
                     /* that lws would send by itself never leaves when it runs on libuv */
    CLOSE_ACK_S = 3,
    CODE_NONE = 1005,
    CODE_ABNORMAL = 1006,
    KEEP_IN_BYTES = 65536, /* a receive buffer beyond this is not kept for the next message */
};

/* The id is a slot number with a generation above it. */
static void id_set(struct ws_conn *conn, unsigned slot)
{
    conn->id = (void *)(uintptr_t)((++conn->ws->generation << 16) | (slot + 1));
}

struct ws_conn *ws_conn_of(struct lws *wsi)
{
    struct ws *ws = lws_context_user(lws_get_context(wsi));
    void *id = lws_get_opaque_user_data(wsi);
    unsigned slot = (unsigned)((uintptr_t)id & 0xffff);
    if (slot == 0 || slot > ws->opts.max_connections)
        return NULL;
    struct ws_conn *conn = ws->slots[slot - 1];
    if (!conn || conn->id != id)
        return NULL;
    if (conn->inside_connect && !conn->wsi)
        conn->wsi = wsi;
    return conn->wsi == wsi ? conn : NULL;
}

struct ws_conn *ws_conn_new(struct ws *ws, const struct ws_handler *handler, void *user,
                            size_t max_message_bytes)
{
    unsigned slot = 0;
    while (slot < ws->opts.max_connections && ws->slots[slot])
        slot++;
    if (slot == ws->opts.max_connections)
        return NULL;
    struct ws_conn *conn = NEW(struct ws_conn);
    conn->ws = ws;
    conn->handler = handler;
    conn->user = user;
    id_set(conn, slot);
    strbuf_init(&conn->in, max_message_bytes ? max_message_bytes : WS_DEFAULT_MESSAGE_BYTES);
    (void)uv_timer_init(ws->loop, &conn->timer);
    conn->timer.data = conn;
    ws->handles++;
    ws->slots[slot] = conn;
    ws->used++;
    return conn;
}

static void queue_clear(struct ws_conn *conn)
{
    while (conn->head) {
        struct ws_message *message = conn->head;
        conn->head = message->next;
        free(message);
    }
    conn->tail = NULL;
    conn->queued_bytes = 0;
}

static void conn_freed(uv_handle_t *handle)
{
    struct ws_conn *conn = handle->data;
    conn->ws->handles--;
    free(conn);
}

void ws_conn_report(struct ws_conn *conn)
{
    struct ws *ws = conn->ws;
    unsigned code = conn->peer_code ? conn->peer_code : CODE_ABNORMAL;
    const char *reason = conn->peer_reason;
    if (conn->own_code) { /* who closes first names the cause */
        code = conn->own_code;
        reason = conn->own_reason;
    }
    struct ws_closed why = {.was_open = conn->was_open,
                            .code = code,
                            .reason = reason,
                            .error = conn->error,
                            .http_status = conn->http_status};
    ws->slots[((uintptr_t)conn->id & 0xffff) - 1] = NULL;
    ws->used--;
    if (conn->handler->on_closed)
        conn->handler->on_closed(conn->user, conn, &why);
    queue_clear(conn);
    strbuf_done(&conn->in);
    uv_close((uv_handle_t *)&conn->timer, conn_freed);
}

void ws_conn_drop_wsi(struct ws_conn *conn)
{
    struct lws *wsi = conn->wsi;
    if (!wsi)
        return;
    conn->wsi = NULL;
    lws_set_opaque_user_data(wsi, NULL);
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    lws_cancel_service(conn->ws->context); /* else the timeout sleeps until lws has other work */
}

void ws_conn_dead(struct ws_conn *conn, const char *error)
{
    if (conn->state == WS_DEAD)
        return;
    if (error && !conn->error[0])
        (void)snprintf(conn->error, sizeof(conn->error), "%s", error); /* may be cut */
    conn->state = WS_DEAD;
    (void)uv_timer_stop(&conn->timer);
    ws_dial_done(conn);
    ws_conn_drop_wsi(conn);
    ws_wake(conn->ws);
}

void ws_conn_open(struct ws_conn *conn)
{
    conn->state = WS_OPEN;
    conn->was_open = true;
    conn->heard_ms = uv_now(conn->ws->loop);
    (void)uv_timer_stop(&conn->timer);
    ws_dial_done(conn);
    if (conn->handler->on_open)
        conn->handler->on_open(conn->user, conn);
}

int ws_send(struct ws_conn *conn, const void *data, size_t len)
{
    if (conn->state != WS_OPEN)
        return -ENOTCONN;
    if (len > conn->ws->opts.queue_max_bytes - conn->queued_bytes)
        return -ENOBUFS;
    struct ws_message *message = xrealloc(NULL, sizeof(*message) + LWS_PRE + len, 1);
    message->next = NULL;
    message->len = len;
    message->off = 0;
    if (len)
        memcpy(message->data + LWS_PRE, data, len);
    if (conn->tail)
        conn->tail->next = message;
    else
        conn->head = message;
    conn->tail = message;
    conn->queued_bytes += len;
    (void)lws_callback_on_writable(conn->wsi); /* fails only when the connection is ending */
    return 0;
}

size_t ws_queued_bytes(const struct ws_conn *conn)
{
    return conn->queued_bytes;
}

static void close_timer_cb(uv_timer_t *timer)
{
    ws_conn_dead(timer->data, "the peer did not finish the close in time");
}

/* Started again with each chunk sent: a long queue may take its time, a stuck peer may not. */
static void close_timer_start(struct ws_conn *conn)
{
    (void)uv_timer_start(&conn->timer, close_timer_cb, conn->ws->opts.close_ms, 0);
}

static void reason_set(struct ws_conn *conn, const char *reason)
{
    size_t len = strlen(reason);
    if (len >= WS_REASON_BYTES) {
        len = WS_REASON_BYTES - 1;
        while (len > 0 && ((unsigned char)reason[len] & 0xc0) == 0x80)
            len--; /* half a character would be a protocol error */
    }
    memcpy(conn->own_reason, reason, len);
    conn->own_reason[len] = '\0';
}

void ws_close(struct ws_conn *conn, unsigned code, const char *reason)
{
    switch (conn->state) {
    case WS_DRAINING:
    case WS_CLOSE_SENT:
    case WS_DEAD:
        return;
    case WS_LOOKUP:
    case WS_CONNECTING:
    case WS_RETRY:
        ws_conn_dead(conn, "given up before it was open");
        return;
    case WS_OPEN:
        break;
    }
    conn->state = WS_DRAINING;
    conn->own_code = code;
    reason_set(conn, reason ? reason : "");
    close_timer_start(conn);
    (void)lws_callback_on_writable(conn->wsi);
}

void ws_set_user(struct ws_conn *conn, void *user)
{
    conn->user = user;
}

void *ws_user(const struct ws_conn *conn)
{
    return conn->user;
}

void ws_set_max_message(struct ws_conn *conn, size_t bytes)
{
    conn->in.max = bytes;
}

static int write_close(struct ws_conn *conn)
{
    unsigned char frame[LWS_PRE + 2 + WS_REASON_BYTES];
    size_t len = strlen(conn->own_reason);
    frame[LWS_PRE] = (unsigned char)(conn->own_code >> 8);
    frame[LWS_PRE + 1] = (unsigned char)conn->own_code;
    memcpy(frame + LWS_PRE + 2, conn->own_reason, len);
    if (lws_write(conn->wsi, frame + LWS_PRE, len + 2, (enum lws_write_protocol)WRITE_CLOSE) < 0)
        return -1;
    conn->state = WS_CLOSE_SENT;
    lws_set_timeout(conn->wsi, PENDING_TIMEOUT_CLOSE_ACK, CLOSE_ACK_S);
    return 0;
}

static int on_writeable(struct ws_conn *conn)
{
    struct ws_message *message = conn->head;
    if (conn->state != WS_OPEN && conn->state != WS_DRAINING)
        return 0;
    if (!message)
        return conn->state == WS_DRAINING ? write_close(conn) : 0;
    size_t left = message->len - message->off;
    size_t chunk = left > WS_CHUNK_BYTES ? WS_CHUNK_BYTES : left;
    int flags = lws_write_ws_flags(LWS_WRITE_TEXT, message->off == 0, chunk == left);
    int sent = lws_write(conn->wsi, message->data + LWS_PRE + message->off, chunk,
                         (enum lws_write_protocol)flags);
    if (sent < (int)chunk) /* lws keeps what the kernel did not take, so less means an end */
        return -1;
    message->off += chunk;
    conn->queued_bytes -= chunk;
    if (message->off == message->len) {
        conn->head = message->next;
        if (!conn->head)
            conn->tail = NULL;
        free(message);
    }
    if (conn->state == WS_DRAINING)
        close_timer_start(conn);
    if (conn->head || conn->state == WS_DRAINING)
        (void)lws_callback_on_writable(conn->wsi);
    return 0;
}

static int on_receive(struct ws_conn *conn, const void *data, size_t len)
{
    struct lws *wsi = conn->wsi;
    conn->heard_ms = uv_now(conn->ws->loop);
    if (conn->state != WS_OPEN) /* closing: input is thrown away */
        return 0;
    if (lws_is_first_fragment(wsi)) {
        strbuf_clear(&conn->in);
        conn->in_text = !lws_frame_is_binary(wsi);
    }
    strbuf_add(&conn->in, data, len);
    if (conn->in.overflow) {
        (void)snprintf(conn->error, sizeof(conn->error), "a message is longer than %zu bytes",
                       conn->in.max);
        /* Only noted here: closing inside RECEIVE overruns the heap of lws. */
        ws_close(conn, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "message too long");
        return 0;
    }
    if (!lws_is_final_fragment(wsi))
        return 0;
    if (conn->handler->on_message)
        conn->handler->on_message(conn->user, conn, strbuf_text(&conn->in), conn->in.len,
                                  conn->in_text);
    if (conn->in.cap > KEEP_IN_BYTES) {
        size_t max = conn->in.max;
        strbuf_done(&conn->in);
        strbuf_init(&conn->in, max);
    }
    return 0;
}

/* The answer to our close ends it; a close of the peer is answered by lws, which does that right.
 */
static int on_peer_close(struct ws_conn *conn, const unsigned char *data, size_t len)
{
    if (conn->state == WS_CLOSE_SENT) {
        ws_conn_dead(conn, NULL);
        return -1;
    }
    conn->own_code = 0; /* the peer was first */
    conn->peer_code = len >= 2 ? (unsigned)(data[0] << 8 | data[1]) : CODE_NONE;
    if (len > 2) {
        size_t n = len - 2 < WS_REASON_BYTES - 1 ? len - 2 : WS_REASON_BYTES - 1;
        memcpy(conn->peer_reason, data + 2, n);
    }
    conn->state = WS_CLOSE_SENT; /* lws sends the answer */
    return 0;
}

/* CLIENT_CONNECTION_ERROR, CLIENT_CLOSED, CLOSED_CLIENT_HTTP, WSI_DESTROY and the server's own:
 * a lost connection shows any of these faces, and several. */
static void on_lost(struct ws_conn *conn, const char *detail)
{
    struct lws *wsi = conn->wsi;
    conn->wsi = NULL; /* lws is ending it, nothing of it may be touched */
    lws_set_opaque_user_data(wsi, NULL);
    if (conn->inside_connect)
        return; /* the NULL that lws_client_connect_via_info returns tells it */
    uint64_t silent_ms = uv_now(conn->ws->loop) - conn->heard_ms;
    if (conn->state == WS_CONNECTING && conn->dial)
        ws_dial_lost(conn, detail);
    else if (conn->state == WS_CONNECTING)
        ws_conn_dead(conn, "the client went away before the upgrade");
    else if (conn->peer_code)
        ws_conn_dead(conn, NULL);
    else if (conn->state == WS_CLOSE_SENT)
        ws_conn_dead(conn, "the peer did not answer the close");
    else if (silent_ms >= conn->ws->opts.hangup_s * UINT64_C(1000))
        ws_conn_dead(conn, "no answer to the ping");
    else
        ws_conn_dead(conn, "connection lost without a close frame");
}

/* Other reasons of failure have useless texts, so this one is kept. */
static void on_certificate(struct ws_conn *conn, X509_STORE_CTX *store, bool trusted)
{
    int code = X509_STORE_CTX_get_error(store);
    if (trusted || code == X509_V_OK || conn->error[0])
        return;
    (void)snprintf(conn->error, sizeof(conn->error), "certificate of %.80s: %.60s%s",
                   conn->dial ? conn->dial->url.host : "the peer",
                   X509_verify_cert_error_string(code), URL_CERTIFICATE_TODO);
}

static int on_client_event(struct ws_conn *conn, int reason, void *in, size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_WSI_CREATE:
        if (conn->dial)
            conn->dial->tcp_done = true;
        return 0;
    case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
        return 0; /* handled by the caller */
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return conn->dial ? ws_dial_headers(conn, in, *(unsigned char **)in + len) : 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        if (conn->state == WS_CONNECTING)
            conn->http_status = lws_http_client_http_response(conn->wsi);
        on_lost(conn, in ? in : "cannot connect");
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        conn->heard_ms = uv_now(conn->ws->loop);
        return 0;
    default:
        return 0;
    }
}

/* 0 for reasons not known here: an unknown reason must not end anything. */
int ws_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    if (reason == LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION) {
        struct ws_conn *checked = ws_conn_of(wsi);
        X509_STORE_CTX *store = user; /* and `len` is whether it is good so far */
        bool good = len != 0 && (X509_STORE_CTX_get_error_depth(store) || cert_names_hosts(store));
        if (checked)
            on_certificate(checked, store, good);
        return len != 0 && !good; /* a certificate that is bad already stays so */
    }
    if (reason == LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION)
        return ws_server_filter(lws_context_user(lws_get_context(wsi)), wsi);
    if (reason == LWS_CALLBACK_HTTP)
        return ws_server_http(wsi);
    struct ws_conn *conn = wsi ? ws_conn_of(wsi) : NULL;
    switch ((int)reason) { /* some of a hundred; as int, so that -Wswitch-enum asks for no more */
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        if (!conn || conn->state != WS_CONNECTING)
            return -1;
        ws_conn_open(conn);
        return 0;
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return conn ? on_receive(conn, in, len) : 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return conn ? on_writeable(conn) : 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return conn ? on_peer_close(conn, in, len) : 0;
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_CLIENT_CLOSED:
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
    case LWS_CALLBACK_WSI_DESTROY:
        if (conn)
            on_lost(conn, "the server closed or stayed silent before the upgrade");
        return 0;
    default:
        return conn ? on_client_event(conn, reason, in, len) : 0;
    }
}
