/* The daemon on the loop, and the way of one request from its first header to the handler. */
#include "io/httpd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/address.h"
#include "io/httpd_private.h"

enum {
    DEFAULT_BODY_BYTES = 1 << 20,
    DEFAULT_CONNECTION_BYTES = 16 << 10,
    DEFAULT_CONNECTIONS = 512,
    DEFAULT_IDLE_S = 60,
    DEFAULT_HEADER_S = 10,
    DEFAULT_BODY_S = 30,
    BACKLOG = 511,
    SPARE_CALLS = 256,
    SPARE_BODY_BYTES = 16 << 10, /* a longer buffer is not kept for the next request */
    THROWN_AWAY_FACTOR = 8,      /* a body this often over the limit is not even read */
};

void httpd_call_free(struct httpd_call *call)
{
    struct httpd *httpd = call->httpd;
    if (call->body_cap > SPARE_BODY_BYTES) {
        free(call->body);
        call->body = NULL;
        call->body_cap = 0;
    }
    if (httpd && httpd->spare_count < SPARE_CALLS) {
        call->next = httpd->spare;
        httpd->spare = call;
        httpd->spare_count++;
        return;
    }
    free(call->body);
    free(call->path);
    free(call);
}

static void pending_add(struct httpd *httpd, struct httpd_call *call)
{
    call->previous = NULL;
    call->next = httpd->pending;
    if (call->next)
        call->next->previous = call;
    httpd->pending = call;
    httpd->pending_count++;
}

static void body_reserve(struct httpd_call *call, size_t bytes)
{
    if (bytes < call->body_cap)
        return;
    size_t cap = call->body_cap ? call->body_cap : 1024;
    while (cap <= bytes)
        cap *= 2;
    call->body = xrealloc(call->body, cap, 1);
    call->body_cap = cap;
}

static bool address_is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof(v6));
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}

/* One household has all of a /64, and one machine in it as many addresses as it likes. */
static void peer_fill(const struct sockaddr *address, unsigned char ret[16])
{
    memset(ret, 0, 16);
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        ret[10] = ret[11] = 0xff;
        memcpy(ret + 12, &v4.sin_addr, 4);
    } else if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        memcpy(ret, &v6.sin6_addr, IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) ? 16 : 8);
    }
}

static struct httpd_call *call_new(struct httpd *httpd, struct MHD_Connection *connection,
                                   const char *url, const char *method)
{
    struct httpd_call *call = httpd->spare;
    if (call) {
        httpd->spare = call->next;
        httpd->spare_count--;
    } else {
        call = NEW(struct httpd_call);
        call->httpd = httpd;
    }
    size_t path_bytes = strlen(url) + 1;
    if (path_bytes > call->path_cap) {
        call->path = xrealloc(call->path, path_bytes, 1);
        call->path_cap = path_bytes;
    }
    memcpy(call->path, url, path_bytes);
    (void)snprintf(call->method, sizeof(call->method), "%s", method); /* longer ones are unknown */
    body_reserve(call, 0);
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    call->connection = connection;
    call->stage = HTTPD_BODY;
    call->received_bytes = 0;
    call->public = (struct httpd_request){
        .method = call->method,
        .path = call->path,
        .peer_loopback = peer && peer->client_addr && address_is_loopback(peer->client_addr),
    };
    if (peer && peer->client_addr)
        peer_fill(peer->client_addr, call->public.peer);
    return call;
}

static enum MHD_Result refuse_too_long(const struct httpd *httpd, struct MHD_Connection *connection)
{
    char detail[64];
    (void)snprintf(detail, sizeof(detail), "the limit is %zu bytes", httpd->opts.max_body_bytes);
    return httpd_refuse(connection, MHD_HTTP_CONTENT_TOO_LARGE, "Content Too Large", detail);
}

struct framing {
    unsigned lengths, codings;
    bool coding_known, names_clean;
    int64_t length;
};

static enum MHD_Result on_header(void *user, enum MHD_ValueKind kind, const char *name,
                                 size_t name_len, const char *value, size_t value_len)
{
    struct framing *framing = user;
    (void)kind, (void)value_len;
    if (name_len == 0 || name[name_len - 1] == ' ' || name[name_len - 1] == '\t')
        framing->names_clean = false;
    if (str_ieq(name, MHD_HTTP_HEADER_CONTENT_LENGTH)) {
        framing->lengths++;
        if (!value || str_to_i64(value, &framing->length) < 0)
            framing->length = INT64_MAX; /* a number beyond int64, other things never come here */
    } else if (str_ieq(name, MHD_HTTP_HEADER_TRANSFER_ENCODING)) {
        framing->codings++;
        framing->coding_known = value && str_ieq(value, "chunked");
    }
    return MHD_YES;
}

/* A sender that waits for "100 Continue" is refused before its body; one that sends at once would
 * meet a reset instead of the answer, so its body is thrown away first, within reason. */
static bool refuse_early(const struct httpd *httpd, struct MHD_Connection *connection,
                         int64_t length)
{
    const char *expect =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT);
    size_t max = httpd->opts.max_body_bytes;
    return length > (int64_t)max &&
           (str_ieq(expect, "100-continue") || length / THROWN_AWAY_FACTOR > (int64_t)max);
}

/* libmicrohttpd takes a body that is framed in two ways, which a proxy in front may read in the
 * other one. true: refused, *ret_result is for the caller. Source: RFC 9112, 5.1, 6.1 and 6.3. */
static bool framing_refuse(const struct httpd *httpd, struct MHD_Connection *connection,
                           enum MHD_Result *ret_result)
{
    struct framing framing = {.names_clean = true};
    (void)MHD_get_connection_values_n(connection, MHD_HEADER_KIND, on_header, &framing);
    if (framing.codings + framing.lengths > 1 || !framing.names_clean)
        *ret_result = httpd_refuse(connection, MHD_HTTP_BAD_REQUEST, "Bad Request",
                                   "the length of the body is ambiguous");
    else if (framing.codings && !framing.coding_known)
        *ret_result = httpd_refuse(connection, MHD_HTTP_NOT_IMPLEMENTED, "Not Implemented",
                                   "the only transfer coding is chunked");
    else if (refuse_early(httpd, connection, framing.length))
        *ret_result = refuse_too_long(httpd, connection);
    else
        return false;
    return true;
}

static enum MHD_Result body_add(struct httpd_call *call, const char *data, size_t *len)
{
    size_t max = call->httpd->opts.max_body_bytes;
    size_t bytes = *len;
    *len = 0; /* all of it is taken */
    if (call->stage == HTTPD_ANSWERED)
        return MHD_YES;
    call->received_bytes += bytes;
    if (call->received_bytes > max) {
        call->stage = HTTPD_TOO_LONG;
        return call->received_bytes / THROWN_AWAY_FACTOR > max ? MHD_NO : MHD_YES;
    }
    body_reserve(call, call->received_bytes);
    memcpy(call->body + call->received_bytes - bytes, data, bytes);
    return MHD_YES;
}

static enum MHD_Result call_complete(struct httpd_call *call)
{
    struct httpd *httpd = call->httpd;
    call->body[call->received_bytes] = '\0';
    call->public.body = call->body;
    call->public.body_len = call->received_bytes;
    call->stage = HTTPD_HANDLER;
    httpd_allow(httpd, call->connection, 0);
    pending_add(httpd, call);
    httpd->handler(httpd->user, &call->public);
    if (call->stage == HTTPD_ANSWERED)
        return call->queued ? MHD_YES : MHD_NO;
    call->stage = HTTPD_WAITING;
    MHD_suspend_connection(call->connection);
    return MHD_YES;
}

/* libmicrohttpd calls this with the headers, for each piece of the body and once at the end. A
 * response may be queued at the first, and at the last or any time later while suspended. */
static enum MHD_Result on_access(void *user, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *data,
                                 size_t *len, void **slot)
{
    struct httpd *httpd = user;
    struct httpd_call *call = *slot;
    (void)version; /* 1.0 and 1.1 make no difference here */
    if (!call) {
        enum MHD_Result result;
        httpd_allow(httpd, connection, httpd->opts.body_s);
        if (framing_refuse(httpd, connection, &result))
            return result;
        *slot = call_new(httpd, connection, url, method);
        return MHD_YES;
    }
    if (*len > 0)
        return body_add(call, data, len);
    switch (call->stage) {
    case HTTPD_BODY:
        return call_complete(call);
    case HTTPD_TOO_LONG:
        return refuse_too_long(httpd, connection);
    case HTTPD_HANDLER:
    case HTTPD_WAITING:
        return MHD_YES;
    case HTTPD_ANSWERED:
        return MHD_NO; /* a queued response would have kept this call away */
    }
    return MHD_NO;
}

/* The connection may end while a request waits: then the request lives on until its reply. */
static void on_completed(void *user, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode code)
{
    struct httpd *httpd = user;
    struct httpd_call *call = *slot;
    (void)code;
    httpd_rests(httpd, connection);
    if (!call)
        return;
    *slot = NULL;
    call->connection = NULL;
    if (call->stage != HTTPD_WAITING && call->stage != HTTPD_HANDLER)
        httpd_call_free(call);
}

static void daemon_run(struct httpd *httpd);

static void timer_cb(uv_timer_t *timer)
{
    daemon_run(timer->data);
}

static void poll_cb(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events; /* whatever it is, libmicrohttpd finds out */
    daemon_run(poll->data);
}

static void daemon_run(struct httpd *httpd)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    httpd->run_soon = false;
    (void)MHD_run(httpd->daemon); /* fails only for a daemon with a thread of its own */
    if (httpd->run_soon)
        return; /* a reply came from inside, the timer is set to now */
    if (MHD_get_timeout(httpd->daemon, &wait_ms) == MHD_YES)
        (void)uv_timer_start(&httpd->timer, timer_cb, wait_ms, 0);
    else
        (void)uv_timer_stop(&httpd->timer);
}

void httpd_wake(struct httpd *httpd)
{
    if (httpd->run_soon)
        return;
    httpd->run_soon = true;
    (void)uv_timer_start(&httpd->timer, timer_cb, 0, 0);
}

static int socket_failed(const char *text, int fd, struct err *err)
{
    int code = errno;
    (void)close(fd);
    return err_set(err, code, "cannot listen on %s: %s", text, strerror(code));
}

/* Own socket instead of libmicrohttpd's: its failures have no reason. */
static int socket_listen(const char *text, struct err *err, int *ret_socket)
{
    struct sockaddr_storage address;
    socklen_t size;
    if (address_parse(text, &address, &size) < 0)
        return err_set(err, EINVAL, "'%s' is not an address such as 127.0.0.1:8467", text);
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int one = 1;
    if (fd < 0)
        return err_set(err, errno, "%s: %s", text, strerror(errno));
    /* Without it a restart would find the port taken by connections of the time before. */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, BACKLOG) < 0)
        return socket_failed(text, fd, err);
    *ret_socket = fd;
    return 0;
}

/* The listener, our own or one that was handed over, and its port. */
static int socket_open(const struct httpd_opts *opts, struct err *err, int *ret_socket,
                       uint16_t *ret_port)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);
    int fd = opts->listener;
    int r = fd ? 0 : socket_listen(opts->address, err, &fd);
    if (r)
        return r;
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        return socket_failed(opts->address, fd, err);
    *ret_socket = fd;
    *ret_port = address_port(&address);
    return 0;
}

static void opts_fill(struct httpd_opts *opts)
{
    if (!opts->max_body_bytes)
        opts->max_body_bytes = DEFAULT_BODY_BYTES;
    if (!opts->connection_bytes)
        opts->connection_bytes = DEFAULT_CONNECTION_BYTES;
    if (!opts->max_connections)
        opts->max_connections = DEFAULT_CONNECTIONS;
    if (!opts->max_per_address)
        opts->max_per_address = opts->max_connections - opts->max_connections / 4;
    if (!opts->idle_s)
        opts->idle_s = DEFAULT_IDLE_S;
    if (!opts->header_s)
        opts->header_s = DEFAULT_HEADER_S;
    if (!opts->body_s)
        opts->body_s = DEFAULT_BODY_S;
}

__attribute__((format(printf, 2, 0))) static void on_log(void *user, const char *format,
                                                         va_list values)
{
    (void)user, (void)format, (void)values; /* bytes of strangers, of no use in our log */
}

/* "/metrics%00" is another path than "/metrics", though not one for C: the byte becomes one that no
 * path has. */
static size_t unescape(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user, (void)connection;
    size_t length = MHD_http_unescape(text);
    for (size_t i = 0; i < length; i++)
        if (!text[i])
            text[i] = '\x01';
    return length;
}

static struct MHD_Daemon *daemon_start(struct httpd *httpd)
{
    const struct httpd_opts *opts = &httpd->opts;
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access,
        httpd, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, httpd->socket,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, httpd, MHD_OPTION_NOTIFY_CONNECTION,
        httpd_on_connection, httpd, MHD_OPTION_CONNECTION_MEMORY_LIMIT, opts->connection_bytes,
        MHD_OPTION_CONNECTION_LIMIT, opts->max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        opts->max_per_address, MHD_OPTION_CONNECTION_TIMEOUT, opts->idle_s,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
}

static void handle_closed(uv_handle_t *handle)
{
    struct httpd *httpd = handle->data;
    if (--httpd->handles == 0)
        free(httpd);
}

int httpd_new(uv_loop_t *loop, const struct httpd_opts *opts, httpd_cb handler, void *user,
              struct err *err, struct httpd **ret_httpd)
{
    int fd = -1;
    uint16_t port = 0;
    int r = socket_open(opts, err, &fd, &port);
    if (r < 0)
        return r;
    struct httpd *httpd = NEW(struct httpd);
    *httpd = (struct httpd){.loop = loop,
                            .opts = *opts,
                            .handler = handler,
                            .user = user,
                            .socket = fd,
                            .port = port,
                            .next_deadline = UINT64_MAX};
    opts_fill(&httpd->opts);
    httpd->opts.address = NULL; /* the caller's text, not needed again */
    httpd->daemon = daemon_start(httpd);
    const union MHD_DaemonInfo *info =
        httpd->daemon ? MHD_get_daemon_info(httpd->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info || uv_poll_init(loop, &httpd->poll, info->epoll_fd) < 0) {
        if (httpd->daemon)
            MHD_stop_daemon(httpd->daemon); /* closes the socket too */
        else
            (void)close(fd);
        free(httpd);
        return err_set(err, ENOMEM, "%s: libmicrohttpd does not start", opts->address);
    }
    (void)uv_timer_init(loop, &httpd->timer); /* never fails */
    (void)uv_timer_init(loop, &httpd->deadlines);
    httpd->poll.data = httpd->timer.data = httpd->deadlines.data = httpd;
    httpd->handles = 3;
    (void)uv_poll_start(&httpd->poll, UV_READABLE, poll_cb);
    *ret_httpd = httpd;
    return 0;
}

uint16_t httpd_port(const struct httpd *httpd)
{
    return httpd->port;
}

int httpd_listener(const struct httpd *httpd)
{
    return httpd->socket;
}

void httpd_quiesce(struct httpd *httpd)
{
    if (httpd->quiesced)
        return;
    httpd->quiesced = true;
    httpd->quiesced_ms = uv_now(httpd->loop);
    int fd = MHD_quiesce_daemon(httpd->daemon);
    if (fd >= 0)
        (void)close(fd);
    httpd_wake(httpd);
}

size_t httpd_pending(const struct httpd *httpd)
{
    return httpd->pending_count;
}

void httpd_free(struct httpd *httpd)
{
    if (!httpd)
        return;
    httpd_quiesce(httpd);
    /* A daemon with suspended connections aborts the process when it is stopped. */
    for (struct httpd_call *call = httpd->pending; call; call = call->next)
        if (call->stage == HTTPD_WAITING && call->connection)
            MHD_resume_connection(call->connection);
    (void)uv_poll_stop(&httpd->poll);
    MHD_stop_daemon(httpd->daemon);
    while (httpd->pending) { /* these now belong to whoever will reply */
        struct httpd_call *call = httpd->pending;
        httpd->pending = call->next;
        call->httpd = NULL;
    }
    while (httpd->spare) {
        struct httpd_call *call = httpd->spare;
        httpd->spare = call->next;
        call->httpd = NULL;
        httpd_call_free(call);
    }
    httpd_kept_done(httpd);
    uv_close((uv_handle_t *)&httpd->poll, handle_closed);
    uv_close((uv_handle_t *)&httpd->timer, handle_closed);
    uv_close((uv_handle_t *)&httpd->deadlines, handle_closed);
}
