/* Over OpenSSL itself: it tells what is wrong with a certificate, and gritctl starts without
 * libcurl and all that comes with it. */
#include "io/probe.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/cert.h"
#include "io/proxy.h"

enum { WAIT_MS = 10000, HEAD_BYTES = 16 * 1024, PROXY_BYTES = 1024 };

/* A line to the server, and what has gone wrong on it. */
struct line {
    const struct probe_request *request;
    struct probe_result *result;
    struct url url;
    int fd;
    SSL_CTX *context;
    SSL *tls;
};

static bool fail(struct line *line, enum probe_cause cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(struct line *line, enum probe_cause cause, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line->result->error, sizeof(line->result->error), format,
                    args); /* cut is fine */
    va_end(args);
    line->result->cause = cause;
    return false;
}

/* --- the way there --- */

static int connect_one(const struct line *line, const struct addrinfo *address)
{
    msec_t wait = line->request->wait_ms ? line->request->wait_ms : WAIT_MS;
    const struct timeval most = {.tv_sec = wait / MSEC_SECOND,
                                 .tv_usec = wait % MSEC_SECOND * 1000};
    int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);
    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)); /* at worst it waits */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most));
    int status;
    do
        status = connect(fd, address->ai_addr, address->ai_addrlen);
    while (status < 0 && errno == EINTR); /* stopped and continued: it goes on */
    if (!status)
        return fd;
    int code = errno == EINPROGRESS ? ETIMEDOUT : errno;
    (void)close(fd); /* nothing was sent */
    return -code;
}

static bool connect_host(struct line *line, const char *host, uint16_t port, bool proxy)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    char text[16];
    (void)snprintf(text, sizeof(text), "%u", (unsigned)port); /* fits */
    int code = getaddrinfo(host, text, &hints, &list), fd = -ENOENT;
    if (code)
        return fail(line, proxy ? PROBE_PROXY : PROBE_NO_HOST, "%s%s: %s", proxy ? "proxy " : "",
                    host, gai_strerror(code));
    for (const struct addrinfo *one = list; one && fd < 0; one = one->ai_next)
        fd = connect_one(line, one);
    freeaddrinfo(list);
    line->fd = fd;
    return fd >= 0 || fail(line,
                           proxy              ? PROBE_PROXY
                           : fd == -ETIMEDOUT ? PROBE_SILENT
                                              : PROBE_REFUSED,
                           "%s%s port %s: %s", proxy ? "proxy " : "", host, text, strerror(-fd));
}

/* --- bytes --- */

static ssize_t take(const struct line *line, char *block, size_t size)
{
    ssize_t got;
    do { /* where a time-out is set a call ends when we are stopped and continued */
        errno = 0;
        got = line->tls ? SSL_read(line->tls, block, (int)size) : recv(line->fd, block, size, 0);
    } while (got <= 0 && errno == EINTR);
    if (!line->tls)
        return got;
    /* many servers end without a goodbye: what was read is judged by itself */
    return got > 0 || SSL_get_error(line->tls, (int)got) != SSL_ERROR_SYSCALL ? (got > 0 ? got : 0)
                                                                              : -1;
}

static bool give(struct line *line, const struct strbuf *text)
{
    for (size_t done = 0; done < text->len;) {
        errno = 0;
        ssize_t some = line->tls
                           ? SSL_write(line->tls, text->data + done, (int)(text->len - done))
                           : send(line->fd, text->data + done, text->len - done, MSG_NOSIGNAL);
        if (some < 0 && errno == EINTR)
            continue;
        if (some <= 0)
            return fail(line, PROBE_BROKEN, "the connection broke");
        done += (size_t)some;
    }
    return true;
}

/* --- a proxy in between --- */

static void basic_header(const char *user, size_t length, struct strbuf *out)
{
    char *text = xcalloc(1, length * 2 + 8);
    (void)EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)user, (int)length);
    strbuf_printf(out, "Proxy-Authorization: Basic %s\r\n", text);
    explicit_bzero(text, strlen(text));
    free(text);
}

static bool enter_proxy(struct line *line, const struct proxy *proxy)
{
    struct strbuf ask = {0};
    bool literal = strchr(line->url.host, ':') != NULL;
    bool good = connect_host(line, proxy->host, proxy->port, true);
    if (good) {
        strbuf_printf(&ask, "CONNECT %s%s%s:%u HTTP/1.1\r\nHost: %s%s%s:%u\r\n", literal ? "[" : "",
                      line->url.host, literal ? "]" : "", (unsigned)line->url.port,
                      literal ? "[" : "", line->url.host, literal ? "]" : "",
                      (unsigned)line->url.port);
        if (*proxy->login)
            basic_header(proxy->login, strlen(proxy->login), &ask);
        strbuf_puts(&ask, "\r\n");
        good = give(line, &ask);
        explicit_bzero(ask.data, ask.len);
    }
    strbuf_done(&ask);
    char answer[PROXY_BYTES];
    size_t length = 0;
    int status = 0;
    while (good && length + 1 < sizeof(answer)) { /* byte by byte: what follows is TLS */
        if (recv(line->fd, answer + length, 1, 0) != 1)
            break;
        answer[++length] = '\0';
        if (length >= 4 && str_eq(answer + length - 4, "\r\n\r\n"))
            break;
    }
    if (good && (!length || sscanf(answer, "HTTP/1.%*1d %3d", &status) != 1 || status != 200))
        return fail(line, PROBE_PROXY, "proxy %s port %u does not let us through (%d)", proxy->host,
                    (unsigned)proxy->port, status);
    return good;
}

static bool enter(struct line *line)
{
    struct proxy proxy;
    struct err err;
    if (proxy_from_environment(&proxy, &err))
        return fail(line, PROBE_PROXY, "%.500s", err.text);
    bool good = line->url.tls && proxy_serves(&proxy, line->url.host)
                    ? enter_proxy(line, &proxy)
                    : connect_host(line, line->url.host, line->url.port, false);
    proxy_done(&proxy);
    return good;
}

/* --- TLS --- */

/* What OpenSSL found wrong. Source: openssl-verification-options(1). */
static enum probe_cause cause_of_certificate(long verdict)
{
    switch (verdict) {
    case X509_V_OK: /* it is no matter of certificates */
        return PROBE_TLS;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return PROBE_EXPIRED;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return PROBE_WRONG_HOST;
    default:
        return PROBE_CA;
    }
}

static bool load_roots(struct line *line)
{
    const char *roots = getenv("SSL_CERT_FILE");
    if (str_empty(roots))
        return SSL_CTX_set_default_verify_paths(line->context) == 1 ||
               fail(line, PROBE_CA_FILE, "this machine has no root certificates");
    return SSL_CTX_load_verify_locations(line->context, roots, NULL) == 1 ||
           fail(line, PROBE_CA_FILE, "SSL_CERT_FILE: %s cannot be read", roots);
}

static bool shake_hands(struct line *line)
{
    const char *host = line->url.host;
    line->context = SSL_CTX_new(TLS_client_method());
    if (!line->context)
        alloc_none();
    (void)SSL_CTX_set_min_proto_version(line->context, TLS1_2_VERSION); /* a known version */
    SSL_CTX_set_verify(line->context, SSL_VERIFY_PEER, NULL);
    cert_want_names(line->context);
    if (!load_roots(line))
        return false;
    line->tls = SSL_new(line->context);
    if (!line->tls)
        alloc_none();
    X509_VERIFY_PARAM *wanted = SSL_get0_param(line->tls);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host) != 1 &&
        (X509_VERIFY_PARAM_set1_host(wanted, host, 0) != 1 ||
         SSL_set_tlsext_host_name(line->tls, line->url.host) != 1))
        alloc_none();
    if (SSL_set_fd(line->tls, line->fd) != 1)
        alloc_none();
    int status;
    do {
        errno = 0;
        status = SSL_connect(line->tls);
    } while (status <= 0 && errno == EINTR);
    if (status == 1)
        return true;
    int system = errno;
    long verdict = SSL_get_verify_result(line->tls);
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (verdict != X509_V_OK)
        return fail(line, cause_of_certificate(verdict), "%s",
                    X509_verify_cert_error_string(verdict));
    if (!code && (system == EAGAIN || system == EWOULDBLOCK))
        return fail(line, PROBE_SILENT, "no answer in time");
    return fail(line, PROBE_TLS, "no TLS: %s", reason ? reason : "the connection was closed");
}

/* --- HTTP --- */

static bool ask(struct line *line)
{
    struct strbuf out = {0};
    const char *path = line->url.path;
    bool literal = strchr(line->url.host, ':') != NULL;
    strbuf_printf(&out,
                  "%s %s%s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUser-Agent: gritctl/" GRITD_VERSION
                  "\r\nAccept: application/json\r\nConnection: close\r\n",
                  line->request->method, *path == '/' ? "" : "/", path, literal ? "[" : "",
                  line->url.host, literal ? "]" : "", (unsigned)line->url.port);
    if (line->request->bearer)
        strbuf_printf(&out, "Authorization: Bearer %s\r\n", line->request->bearer);
    if (str_eq(line->request->method, "POST"))
        strbuf_puts(&out, "Content-Type: application/x-www-form-urlencoded\r\n"
                          "Content-Length: 0\r\n");
    strbuf_puts(&out, "\r\n");
    bool good = give(line, &out);
    explicit_bzero(out.data, out.len);
    strbuf_done(&out);
    return good;
}

/* The value of a header in the head, without the blanks around it; NULL: absent. */
static char *header_new(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(head, "\r\n"); at && at[2] != '\r'; at = strstr(at + 2, "\r\n")) {
        const char *start = at + 2;
        if (strncasecmp(start, name, length) || start[length] != ':')
            continue;
        start += length + 1;
        start += strspn(start, " \t");
        struct strbuf value = {0};
        strbuf_add(&value, start, strcspn(start, "\r\n"));
        return strbuf_take(&value);
    }
    return NULL;
}

/* Source: RFC 9112, 7.1; trailers are of no use here. */
static void put_chunks(const char *at, struct strbuf *out)
{
    for (;;) {
        char *end;
        unsigned long size = strtoul(at, &end, 16);
        const char *data = strstr(end, "\r\n");
        if (end == at || !size || !data || size > strlen(data + 2))
            return;
        strbuf_add(out, data + 2, size);
        at = data + 2 + size;
        at += strspn(at, "\r\n");
    }
}

/* "Sun, 22 Nov 2026 16:00:00 GMT". Source: RFC 9110, 5.6.7. */
static msec_t date_of(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = {0};
    char month[4] = "";
    if (!text || sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &c.day, month, &c.year, &c.hour,
                        &c.minute, &c.second) != 6)
        return MSEC_NONE;
    const char *found = strlen(month) == 3 ? strstr(months, month) : NULL;
    c.month = found ? (int)(found - months) / 3 + 1 : 1;
    return found ? civil_to_msec(&c) : MSEC_NONE;
}

static bool hear(struct line *line)
{
    struct strbuf all = {0};
    char block[4096];
    ssize_t got;
    int status = 0;
    strbuf_init(&all, HEAD_BYTES + PROBE_BODY_BYTES);
    while ((got = take(line, block, sizeof(block))) > 0 && !all.overflow)
        strbuf_add(&all, block, (size_t)got);
    int system = errno;
    const char *body = strstr(strbuf_text(&all), "\r\n\r\n");
    bool good = body && sscanf(strbuf_text(&all), "HTTP/1.%*1d %3d", &status) == 1;
    if (!good) {
        bool late = got < 0 && (system == EAGAIN || system == EWOULDBLOCK);
        strbuf_done(&all);
        return fail(line, late ? PROBE_SILENT : PROBE_BROKEN,
                    late ? "no answer in time" : "no answer that is HTTP");
    }
    CLEANUP_FREE char *date = header_new(strbuf_text(&all), "Date");
    CLEANUP_FREE char *coding = header_new(strbuf_text(&all), "Transfer-Encoding");
    CLEANUP_FREE char *kept =
        line->request->keep ? header_new(strbuf_text(&all), line->request->keep) : NULL;
    line->result->status = status;
    line->result->date = date_of(date);
    if (kept)
        (void)snprintf(line->result->kept, sizeof(line->result->kept), "%s", kept); /* cut: fine */
    if (coding && strcasestr(coding, "chunked"))
        put_chunks(body + 4, &line->result->body);
    else
        strbuf_puts(&line->result->body, body + 4);
    strbuf_done(&all);
    return true;
}

static bool go(struct line *line)
{
    struct err err;
    if (url_parse(line->request->url, &err, &line->url))
        return fail(line, PROBE_BAD_URL, "%.500s", err.text);
    if (!line->url.tls && !url_host_is_loopback(line->url.host))
        return fail(line, PROBE_BAD_URL, "%s:// leaves this machine without TLS", line->url.scheme);
    if (!enter(line) || (line->url.tls && !shake_hands(line)))
        return false;
    return line->url.scheme[0] == 'w' || (ask(line) && hear(line)); /* of ws: only the way */
}

void probe_run(const struct probe_request *request, struct probe_result *ret)
{
    struct line line = {.request = request, .result = ret, .fd = -1};
    *ret = (struct probe_result){.cause = PROBE_ANSWERED, .date = MSEC_NONE};
    strbuf_init(&ret->body, PROBE_BODY_BYTES);
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    (void)go(&line);                /* in ret */
    SSL_free(line.tls);
    SSL_CTX_free(line.context);
    if (line.fd >= 0)
        (void)close(line.fd); /* the talk is over */
}

void probe_done(struct probe_result *result)
{
    strbuf_done(&result->body);
}
