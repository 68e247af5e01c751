/* Outgoing connections: look-up, one address after the other, watchdog, request headers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "io/ws_private.h"

static void dial_arm(struct ws_conn *conn);

static bool header_safe(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

static void lookup_drop(struct ws_lookup *lookup)
{
    lookup->conn = NULL;
    /* A look-up that runs cannot be cancelled; its answer will find nobody. */
    (void)uv_cancel((uv_req_t *)&lookup->request);
}

void ws_dial_done(struct ws_conn *conn)
{
    struct ws_dial *dial = conn->dial;
    if (!dial)
        return;
    conn->dial = NULL;
    if (dial->lookup)
        lookup_drop(dial->lookup);
    if (dial->found)
        uv_freeaddrinfo(dial->found);
    explicit_bzero(dial->headers, strlen(dial->headers));
    free(dial->headers);
    free(dial->path);
    free(dial->subprotocol);
    free(dial);
}

static void dial_fail(struct ws_conn *conn, const char *detail)
{
    char text[sizeof(conn->error)];
    (void)snprintf(text, sizeof(text), "%s:%u: %s", conn->dial->url.host, conn->dial->url.port,
                   detail);
    ws_conn_dead(conn, text);
}

/* Plain text may leave this host by no address, whatever the resolver says about `localhost`. */
static bool address_allowed(const struct ws_conn *conn, const struct addrinfo *address)
{
    const struct ws_dial *dial = conn->dial;
    char text[INET6_ADDRSTRLEN];
    if (address->ai_family != AF_INET && address->ai_family != AF_INET6)
        return false;
    if (dial->proxied) /* the proxy's own, which the operator has named */
        return true;
    if (!reach_allows(conn->ws->opts.reach, dial->url.host, address->ai_addr))
        return false;
    if (dial->url.tls)
        return true;
    return uv_ip_name(address->ai_addr, text, sizeof(text)) == 0 && url_host_is_loopback(text);
}

/* libwebsockets has the proxy in the vhost, as "LOGIN@ADDRESS:PORT". False: it would not fit. */
static bool set_proxy(const struct ws *ws, const char *address)
{
    const struct proxy *proxy = ws->opts.proxy;
    struct strbuf text = {0};
    strbuf_printf(&text, strchr(address, ':') ? "%s%s[%s]:%u" : "%s%s%s:%u", proxy->login,
                  *proxy->login ? "@" : "", address, proxy->port);
    bool good = lws_set_proxy(ws->proxied, strbuf_text(&text)) == 0;
    explicit_bzero(text.data, text.len);
    strbuf_done(&text);
    return good;
}

static struct lws *connect_address(struct ws_conn *conn, const char *address)
{
    struct ws_dial *dial = conn->dial;
    struct ws *ws = conn->ws;
    struct lws *wsi = NULL;
    struct lws_client_connect_info info = {
        .context = ws->context,
        /* numeric: lws would look up a name by itself and freeze the loop; a proxy gets the name */
        .address = dial->proxied ? dial->url.host : address,
        .port = dial->url.port,
        .path = dial->path,
        .host = dial->host_header,
        .origin = dial->url.host,
        .protocol = dial->subprotocol,
        .local_protocol_name = "gritd-client",
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (dial->url.tls ? LCCSCF_USE_SSL : 0),
        .alpn = "http/1.1",
        .vhost = dial->proxied   ? ws->proxied
                 : dial->url.tls ? ws->tls
                                 : ws->plain,
        .retry_and_idle_policy = &ws->idle_policy,
        .opaque_user_data = conn->id,
        .pwsi = &wsi,
    };
    if (dial->proxied && !set_proxy(ws, address))
        return NULL;
    conn->inside_connect = true;
    conn->state = WS_CONNECTING;
    dial->tcp_done = false;
    struct lws *made = lws_client_connect_via_info(&info);
    conn->inside_connect = false;
    return made;
}

void ws_dial_next(struct ws_conn *conn)
{
    struct ws_dial *dial = conn->dial;
    while (dial->next) {
        struct addrinfo *address = dial->next;
        dial->next = address->ai_next;
        char text[INET6_ADDRSTRLEN];
        if (uv_ip_name(address->ai_addr, text, sizeof(text)) != 0)
            continue;
        if (!address_allowed(conn, address)) {
            (void)snprintf(dial->refused, sizeof(dial->refused), "%s", text);
            continue;
        }
        conn->wsi = NULL;
        struct lws *wsi = connect_address(conn, text);
        if (!wsi) { /* no callback came or will come */
            conn->wsi = NULL;
            continue;
        }
        if (conn->state == WS_CONNECTING) {
            conn->wsi = wsi;
            dial_arm(conn);
        }
        return;
    }
    char why[INET6_ADDRSTRLEN + 64] = "no address accepts the connection";
    if (dial->refused[0])
        (void)snprintf(why, sizeof(why), "%s is an address that may not be called", dial->refused);
    dial_fail(conn, why);
}

void ws_dial_lost(struct ws_conn *conn, const char *error)
{
    if (!conn->dial->tcp_done && conn->dial->next) {
        conn->state = WS_RETRY; /* in the tick, not below a callback of lws */
        ws_wake(conn->ws);
        return;
    }
    if (conn->http_status && conn->http_status != 101) {
        char text[64];
        (void)snprintf(text, sizeof(text), "upgrade refused with HTTP status %u",
                       conn->http_status);
        dial_fail(conn, text);
        return;
    }
    conn->http_status = 0;
    /* its words for any answer of a proxy but 200 */
    bool refused = conn->dial->proxied && strstr(error, "proxy");
    dial_fail(conn, refused ? "the proxy does not let the connection through" : error);
}

static void watchdog_cb(uv_timer_t *timer)
{
    struct ws_conn *conn = timer->data;
    struct ws_dial *dial = conn->dial;
    if (uv_now(conn->ws->loop) >= dial->deadline_ms) {
        char text[64];
        (void)snprintf(text, sizeof(text), "not connected within %u ms", conn->ws->opts.connect_ms);
        dial_fail(conn, text);
    } else if (conn->state == WS_CONNECTING && !dial->tcp_done && dial->next) {
        ws_conn_drop_wsi(conn);
        ws_dial_next(conn);
    } else {
        dial_arm(conn);
    }
}

/* An address that stays silent gets its share of the time when others wait. */
static void dial_arm(struct ws_conn *conn)
{
    struct ws_dial *dial = conn->dial;
    uint64_t now = uv_now(conn->ws->loop);
    uint64_t left = dial->deadline_ms > now ? dial->deadline_ms - now : 0;
    uint64_t share = left;
    if (!dial->tcp_done && conn->state == WS_CONNECTING)
        for (const struct addrinfo *a = dial->next; a; a = a->ai_next)
            share = share > left / 4 ? share / 2 : share;
    (void)uv_timer_start(&conn->timer, watchdog_cb, share, 0);
}

static void lookup_cb(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct ws_lookup *lookup = request->data;
    struct ws_conn *conn = lookup->conn;
    free(lookup);
    if (!conn) { /* given up meanwhile, and the ws itself may be gone */
        if (found)
            uv_freeaddrinfo(found);
        return;
    }
    conn->dial->lookup = NULL;
    conn->dial->found = conn->dial->next = found;
    if (status < 0)
        dial_fail(conn,
                  conn->dial->proxied ? "the proxy's name is not known" : uv_strerror(status));
    else
        ws_dial_next(conn);
}

static int lookup_start(struct ws_conn *conn, struct err *err)
{
    struct ws_lookup *lookup = NEW(struct ws_lookup);
    struct addrinfo hints = {
        .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP, .ai_flags = AI_ADDRCONFIG};
    lookup->conn = conn;
    lookup->request.data = lookup;
    const char *host = conn->dial->proxied ? conn->ws->opts.proxy->host : conn->dial->url.host;
    if (url_host_is_loopback(host))
        hints.ai_flags = 0; /* AI_ADDRCONFIG hides loopback on a host without a network */
    int r = uv_getaddrinfo(conn->ws->loop, &lookup->request, lookup_cb, host, NULL, &hints);
    if (r < 0) {
        free(lookup);
        return err_set(err, -r, "%s: %s", host, uv_strerror(r));
    }
    conn->dial->lookup = lookup;
    return 0;
}

static int target_check(const struct ws_target *target, struct err *err, struct url *ret_url)
{
    struct url url;
    int r = url_parse(target->url, err, &url);
    if (r < 0)
        return r;
    if (url.scheme[0] != 'w')
        return err_set(err, EINVAL, "'%.200s' is not a ws or wss URL", target->url);
    if (!url.tls && !url_host_is_loopback(url.host))
        return err_set(err, EPERM, "ws://%s: only wss:// may leave this host", url.host);
    bool safe = header_safe(target->subprotocol);
    for (size_t i = 0; safe && target->headers && target->headers[i]; i++)
        safe = header_safe(target->headers[i]) && strchr(target->headers[i], ':');
    if (!safe)
        return err_set(err, EINVAL, "a header or subprotocol is broken or contains a line break");
    *ret_url = url;
    return 0;
}

static struct ws_dial *dial_new(const struct ws_target *target, const struct url *url)
{
    struct ws_dial *dial = NEW(struct ws_dial);
    bool literal = strchr(url->host, ':') != NULL;
    dial->url = *url;
    struct strbuf path = {0}, headers = {0};
    if (url->path[0] != '/')
        strbuf_putc(&path, '/');
    strbuf_puts(&path, url->path);
    dial->path = strbuf_take(&path);
    dial->url.path = NULL; /* pointed into the caller's text */
    for (size_t i = 0; target->headers && target->headers[i]; i++)
        strbuf_printf(&headers, "%s\n", target->headers[i]);
    dial->headers = strbuf_take(&headers);
    dial->subprotocol = xstrdup(target->subprotocol);
    char port[8] = "";
    if (!url->default_port)
        (void)snprintf(port, sizeof(port), ":%u", url->port);
    (void)snprintf(dial->host_header, sizeof(dial->host_header), literal ? "[%s]%s" : "%s%s",
                   url->host, port);
    return dial;
}

int ws_connect(struct ws *ws, const struct ws_target *target, const struct ws_handler *handler,
               void *user, struct err *err, struct ws_conn **ret_conn)
{
    struct url url;
    int r = target_check(target, err, &url);
    if (r == 0)
        r = ws_start(ws, err);
    bool proxied = r == 0 && url.tls && proxy_serves(ws->opts.proxy, url.host);
    if (r == 0 && proxied && !reach_allows_name(ws->opts.reach, url.host))
        r = err_set(err, EPERM, "%s is an address that may not be called", url.host);
    if (r == 0 && url.tls)
        r = ws_start_tls(ws, proxied, err);
    if (r < 0)
        return r;
    struct ws_conn *conn = ws_conn_new(ws, handler, user, target->max_message_bytes);
    if (!conn)
        return err_set(err, EMFILE, "more than %u WebSocket connections", ws->opts.max_connections);
    conn->own_handler = *handler;
    conn->handler = &conn->own_handler;
    conn->dial = dial_new(target, &url);
    conn->dial->proxied = proxied;
    uv_update_time(ws->loop);
    conn->dial->deadline_ms = uv_now(ws->loop) + ws->opts.connect_ms;
    r = lookup_start(conn, err);
    if (r < 0) {
        conn->own_handler = (struct ws_handler){0}; /* nobody is to be told of this one */
        ws_conn_dead(conn, NULL);
        return r;
    }
    dial_arm(conn);
    if (ret_conn)
        *ret_conn = conn;
    return 0;
}

/* Adds one "Name: value" line. */
static int add_header(struct ws_conn *conn, const char *line, size_t len, unsigned char **at,
                      unsigned char *end)
{
    size_t name = (size_t)((const char *)memchr(line, ':', len) - line) + 1;
    const char *value = line + name + strspn(line + name, " ");
    char *key = xstrndup(line, name); /* with its colon, as libwebsockets wants it */
    int r = lws_add_http_header_by_name(conn->wsi, (const unsigned char *)key,
                                        (const unsigned char *)value, (int)(line + len - value), at,
                                        end);
    free(key);
    return r;
}

/* Adds the headers of the target. Non-zero ends the handshake. */
int ws_dial_headers(struct ws_conn *conn, unsigned char **at, unsigned char *end)
{
    int r = 0;
    for (const char *line = conn->dial->headers; *line && r == 0;) {
        size_t len = strcspn(line, "\n");
        r = add_header(conn, line, len, at, end);
        line += len + 1;
    }
    return r;
}
