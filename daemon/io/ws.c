/* Life of the module: lazy start, the tick that reports ends, stop.
 * The rules behind many lines are measured traps of Debian's libwebsockets 4.1.6. */
#include "io/ws.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/ws_private.h"

enum {
    DEFAULT_CONNECT_MS = 15000,
    DEFAULT_PING_S = 30,
    DEFAULT_HANGUP_S = 45,
    DEFAULT_CLOSE_MS = 1000,
    DEFAULT_QUEUE_BYTES = 16 << 20,
    DEFAULT_CONNECTIONS = 256,
    HEADER_BYTES = 16384, /* the 4096 of lws are too few for the replies of some proxies */
    CONTEXT_FDS = 8,      /* more than it takes to begin */
    SPARE_FDS = 16,       /* listener, event pipe, and sockets whose close is under way */
};

static const struct lws_protocols CLIENT_PROTOCOLS[] = {
    {.name = "gritd-client", .callback = ws_event},
    {0},
};

static void handle_closed(uv_handle_t *handle)
{
    struct ws *ws = handle->data;
    ws->handles--;
}

/* The context outlives none of our calls: it is only destroyed from a callback of our own timers
 * or from ws_free, never below a callback of lws. */
static void stop_finish(struct ws *ws)
{
    if (ws->stopped)
        return;
    ws->stopped = true;
    for (unsigned i = 0; i < ws->opts.max_connections; i++) {
        struct ws_conn *conn = ws->slots[i];
        if (!conn)
            continue;
        ws_conn_dead(conn, "stopped before the peer answered");
        ws_conn_report(conn);
    }
    if (ws->context)
        lws_context_destroy(ws->context);
    uv_close((uv_handle_t *)&ws->tick, handle_closed);
    uv_close((uv_handle_t *)&ws->stop_timer, handle_closed);
}

static void stop_timer_cb(uv_timer_t *timer)
{
    stop_finish(timer->data);
}

static void tick_cb(uv_timer_t *timer)
{
    struct ws *ws = timer->data;
    for (unsigned i = 0; i < ws->opts.max_connections; i++) {
        struct ws_conn *conn = ws->slots[i];
        if (conn && conn->state == WS_RETRY)
            ws_dial_next(conn);
        if (conn && conn->state == WS_DEAD)
            ws_conn_report(conn);
    }
    if (ws->stopping && ws->used == 0)
        stop_finish(ws);
}

void ws_wake(struct ws *ws)
{
    if (!ws->stopped && !uv_is_active((uv_handle_t *)&ws->tick))
        (void)uv_timer_start(&ws->tick, tick_cb, 0, 0); /* fails only for a closing handle */
}

static void opts_fill(struct ws_opts *opts)
{
    if (!opts->connect_ms)
        opts->connect_ms = DEFAULT_CONNECT_MS;
    if (!opts->ping_s)
        opts->ping_s = DEFAULT_PING_S;
    if (!opts->hangup_s)
        opts->hangup_s = opts->ping_s + (DEFAULT_HANGUP_S - DEFAULT_PING_S);
    if (!opts->close_ms)
        opts->close_ms = DEFAULT_CLOSE_MS;
    if (!opts->queue_max_bytes)
        opts->queue_max_bytes = DEFAULT_QUEUE_BYTES;
    if (!opts->max_connections)
        opts->max_connections = DEFAULT_CONNECTIONS;
}

int ws_new(uv_loop_t *loop, const struct ws_opts *given, struct err *err, struct ws **ret_ws)
{
    struct ws_opts opts = given ? *given : (struct ws_opts){0};
    opts_fill(&opts);
    if (opts.hangup_s <= opts.ping_s || opts.hangup_s > UINT16_MAX)
        /* an assert that is alive in Debian's lws would end the process */
        return err_set(err, EINVAL, "hang-up after %u s must be later than ping after %u s",
                       opts.hangup_s, opts.ping_s);
    if (opts.max_connections > UINT16_MAX)
        return err_set(err, EINVAL, "%u connections are too many", opts.max_connections);
    struct ws *ws = NEW(struct ws);
    ws->loop = loop;
    ws->opts = opts;
    ws->ca_file = xstrdup(opts.ca_file);
    ws->opts.ca_file = ws->ca_file;
    ws->slots = NEW_ARRAY(struct ws_conn *, opts.max_connections);
    ws->idle_policy.secs_since_valid_ping = (uint16_t)opts.ping_s;
    ws->idle_policy.secs_since_valid_hangup = (uint16_t)opts.hangup_s;
    (void)uv_timer_init(loop, &ws->tick); /* never fails */
    (void)uv_timer_init(loop, &ws->stop_timer);
    ws->tick.data = ws->stop_timer.data = ws;
    ws->handles = 2;
    *ret_ws = ws;
    return 0;
}

/* Never below 1 s over our own watchdogs: those decide, lws only cleans up. */
static unsigned lws_timeout_s(const struct ws *ws)
{
    return ws->opts.connect_ms / 1000 + 5;
}

/* A context that cannot be made whole is torn down half made, with a signal; what it opens is its
 * event library, this device, and a pipe. */
static int look_for_descriptors(struct err *err)
{
    static const char device[] = "/dev/urandom";
    int fds[CONTEXT_FDS], count = 0;
    while (count < CONTEXT_FDS && (fds[count] = open(device, O_RDONLY | O_CLOEXEC)) >= 0)
        count++;
    int code = count < CONTEXT_FDS ? errno : 0;
    while (count)
        (void)close(fds[--count]); /* never read */
    return code
               ? err_set(err, code, "libwebsockets would not start: %s: %s", device, strerror(code))
               : 0;
}

static int context_new(struct ws *ws, struct err *err)
{
    int r = look_for_descriptors(err);
    if (r < 0)
        return r;
    lws_set_log_level(0, NULL); /* its lines would show tokens, and go to stderr */
    void *loops[] = {ws->loop};
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .foreign_loops = loops,
        .pcontext = &ws->context, /* becomes NULL when all of it is freed */
        .uid = (uid_t)-1,
        .gid = (gid_t)-1,
        .user = ws,
        .fd_limit_per_thread = ws->opts.max_connections + SPARE_FDS,
        .timeout_secs = lws_timeout_s(ws),
        .pt_serv_buf_size = WS_CHUNK_BYTES,
        .max_http_header_data2 = HEADER_BYTES,
    };
    ws->context = lws_create_context(&info);
    if (!ws->context)
        return err_set(err, ENOTSUP,
                       "libwebsockets does not start; is libwebsockets-evlib-uv installed?");
    return 0;
}

static struct lws_vhost *client_vhost(struct ws *ws, const char *name, bool tls)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = CLIENT_PROTOCOLS,
        .vhost_name = name,
        .connect_timeout_secs = lws_timeout_s(ws),
        .http_proxy_address = "", /* else the environment's http_proxy takes the connection */
        .retry_and_idle_policy = &ws->idle_policy,
    };
    if (tls) {
        info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_client_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
    }
    if (tls && ws->ca_file) {
        info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
        info.client_ssl_ca_filepath = ws->ca_file;
    }
    return lws_create_vhost(ws->context, &info);
}

int ws_start(struct ws *ws, struct err *err)
{
    if (ws->stopping)
        return err_set(err, ESHUTDOWN, "WebSockets are being stopped");
    if (ws->context)
        return 0;
    int r = context_new(ws, err);
    if (r < 0)
        return r;
    /* The first vhost gets every certificate callback, so it must be one of ours. */
    ws->plain = client_vhost(ws, "client", false);
    return ws->plain ? 0 : err_set(err, ENOTSUP, "libwebsockets makes no client vhost");
}

/* Reading the system's certificates takes 35 ms, so only the first wss connect pays for it. */
int ws_start_tls(struct ws *ws, bool proxied, struct err *err)
{
    struct lws_vhost **place = proxied ? &ws->proxied : &ws->tls;
    if (!*place)
        *place = client_vhost(ws, proxied ? "client-proxied" : "client-tls", true);
    return *place ? 0
                  : err_set(err, ENOTSUP, "cannot set up TLS with the certificates of %s",
                            ws->ca_file ? ws->ca_file : "the system");
}

void ws_stop(struct ws *ws)
{
    if (ws->stopping)
        return;
    ws->stopping = true;
    for (unsigned i = 0; i < ws->opts.max_connections; i++)
        if (ws->slots[i])
            ws_close(ws->slots[i], LWS_CLOSE_STATUS_GOINGAWAY, "stopping");
    (void)uv_timer_start(&ws->stop_timer, stop_timer_cb, ws->opts.close_ms, 0);
    ws_wake(ws);
}

static void listener_free(struct ws_listener *listener)
{
    if (!listener)
        return;
    free(listener->path);
    free(listener->subprotocol);
    free(listener);
}

void ws_free(struct ws *ws)
{
    if (!ws)
        return;
    ws->stopping = true;
    stop_finish(ws);
    /* lws closes its handles in two rounds: sockets first, its own timer and idle after them. */
    for (unsigned turn = 0; turn < 4 || ws->handles > 0; turn++)
        (void)uv_run(ws->loop, UV_RUN_NOWAIT);
    if (ws->context)
        lws_context_destroy(ws->context); /* the second call frees, and sets context to NULL */
    (void)uv_run(ws->loop, UV_RUN_NOWAIT);
    listener_free(ws->listener);
    free(ws->slots);
    free(ws->ca_file);
    free(ws);
}
