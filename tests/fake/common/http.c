#include "http.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const header_names[HTTP_HEADERS] = {
    [HTTP_AUTHORIZATION] = "Authorization",
    [HTTP_CONNECTION] = "Connection",
    [HTTP_CONTENT_LENGTH] = "Content-Length",
    [HTTP_CONTENT_TYPE] = "Content-Type",
    [HTTP_EXPECT] = "Expect",
    [HTTP_HOST] = "Host",
    [HTTP_TRANSFER_ENCODING] = "Transfer-Encoding",
    [HTTP_UPGRADE] = "Upgrade",
    [HTTP_WS_KEY] = "Sec-WebSocket-Key",
    [HTTP_WS_VERSION] = "Sec-WebSocket-Version",
};

struct span {
    char *p;
    size_t n;
};

struct head {
    struct span method, target, version;
    struct span headers[HTTP_HEADERS];
    size_t len; /* with the empty line */
};

static bool span_is(struct span s, const char *text)
{
    return s.n == strlen(text) && strncasecmp(s.p, text, s.n) == 0;
}

static bool request_line(struct head *h, char *p, size_t n)
{
    char *sp1 = memchr(p, ' ', n);
    char *sp2 = sp1 ? memchr(sp1 + 1, ' ', n - (size_t)(sp1 + 1 - p)) : NULL;

    if (!sp2)
        return false;
    h->method = (struct span){p, (size_t)(sp1 - p)};
    h->target = (struct span){sp1 + 1, (size_t)(sp2 - sp1 - 1)};
    h->version = (struct span){sp2 + 1, n - (size_t)(sp2 + 1 - p)};
    return h->method.n > 0 && h->target.n > 0 && h->target.p[0] == '/' &&
           (span_is(h->version, "HTTP/1.1") || span_is(h->version, "HTTP/1.0"));
}

static bool header_line(struct head *h, char *p, size_t n)
{
    char *colon = memchr(p, ':', n);

    if (!colon || colon == p)
        return false;
    struct span name = {p, (size_t)(colon - p)}, value = {colon + 1, n - (size_t)(colon + 1 - p)};
    while (value.n > 0 && (*value.p == ' ' || *value.p == '\t')) {
        value.p++;
        value.n--;
    }
    while (value.n > 0 && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
        value.n--;
    for (int i = 0; i < HTTP_HEADERS; i++) {
        if (span_is(name, header_names[i])) {
            h->headers[i] = value;
            break;
        }
    }
    return true;
}

/* 1 found, 0 more, <0 refused. */
static int scan_head(char *data, size_t len, struct head *h)
{
    char *end = memmem(data, len, "\r\n\r\n", 4);

    if (!end)
        return len > HTTP_HEAD_MAX ? -431 : 0;
    h->len = (size_t)(end + 4 - data);
    bool first = true;
    for (char *p = data; p < end + 2;) {
        char *eol = memmem(p, (size_t)(end + 4 - p), "\r\n", 2);
        size_t n = (size_t)(eol - p);
        if (first ? !request_line(h, p, n) : !header_line(h, p, n))
            return -400;
        first = false;
        p = eol + 2;
    }
    return 1;
}

/* Size line of one chunk: 1 read, 0 more, <0 refused. */
static int chunk_size(const char *p, size_t n, size_t *ret_size, size_t *ret_line)
{
    const char *eol = memmem(p, n, "\r\n", 2);
    char *stop;

    if (!eol)
        return n > 64 ? -400 : 0;
    if (!isxdigit((unsigned char)*p))
        return -400;
    unsigned long v = strtoul(p, &stop, 16);
    if (stop > eol || (stop < eol && *stop != ';' && *stop != ' '))
        return -400;
    if (v > HTTP_BODY_MAX)
        return -413;
    *ret_size = v;
    *ret_line = (size_t)(eol + 2 - p);
    return 1;
}

/* Walks the chunks; with join the data moves together to the front, without it nothing changes. */
static int walk_chunks(char *body, size_t n, bool join, size_t *ret_used, size_t *ret_len)
{
    size_t at = 0, total = 0, size = 0, line = 0;

    for (;;) {
        int r = chunk_size(body + at, n - at, &size, &line);
        if (r <= 0)
            return r;
        if (size == 0)
            break;
        if (total + size > HTTP_BODY_MAX)
            return -413;
        if (n - at < line + size + 2)
            return 0;
        if (memcmp(body + at + line + size, "\r\n", 2) != 0)
            return -400;
        if (join)
            memmove(body + total, body + at + line, size);
        total += size;
        at += line + size + 2;
    }
    at += line;
    for (;;) { /* trailer fields, normally none */
        char *eol = memmem(body + at, n - at, "\r\n", 2);
        if (!eol)
            return 0;
        bool last = eol == body + at;
        at = (size_t)(eol + 2 - body);
        if (last)
            break;
    }
    *ret_used = at;
    *ret_len = total;
    return 1;
}

/* Finds the end of the body without touching it. */
static int scan_body(const struct head *h, char *body, size_t n, bool *ret_chunked,
                     size_t *ret_used, size_t *ret_len)
{
    struct span te = h->headers[HTTP_TRANSFER_ENCODING], cl = h->headers[HTTP_CONTENT_LENGTH];

    if (te.p) {
        *ret_chunked = true;
        return span_is(te, "chunked") ? walk_chunks(body, n, false, ret_used, ret_len) : -501;
    }
    *ret_used = *ret_len = 0;
    if (!cl.p)
        return 1;
    size_t want = 0;
    if (cl.n == 0 || cl.n > 9)
        return cl.n ? -413 : -400;
    for (size_t i = 0; i < cl.n; i++) {
        if (!isdigit((unsigned char)cl.p[i]))
            return -400;
        want = want * 10 + (size_t)(cl.p[i] - '0');
    }
    if (want > HTTP_BODY_MAX)
        return -413;
    *ret_used = *ret_len = want;
    return n >= want;
}

static char *finish(struct span s)
{
    s.p[s.n] = '\0';
    return s.p;
}

static void fill_request(struct head *h, struct http_req *r)
{
    struct span conn = h->headers[HTTP_CONNECTION];
    bool old = span_is(h->version, "HTTP/1.0");

    r->keep_alive = old ? span_is(conn, "keep-alive") : !span_is(conn, "close");
    r->method = finish(h->method);
    r->path = finish(h->target);
    r->query = strchr(r->path, '?');
    if (r->query)
        *r->query++ = '\0';
    else
        r->query = r->path + h->target.n;
    for (int i = 0; i < HTTP_HEADERS; i++)
        r->headers[i] = h->headers[i].p ? finish(h->headers[i]) : NULL;
}

int http_parse(char *data, size_t len, struct http_req *ret_req, size_t *ret_used,
               bool *ret_continue)
{
    struct head h = {0};
    size_t skip = 0, body_used = 0, body_len = 0;
    bool chunked = false;

    *ret_continue = false;
    while (skip < len && (data[skip] == '\r' || data[skip] == '\n'))
        skip++; /* RFC 9112, 2.2: empty lines before a request are ignored */
    int r = scan_head(data + skip, len - skip, &h);
    if (r <= 0)
        return r;
    char *body = data + skip + h.len;
    size_t there = len - skip - h.len;
    r = scan_body(&h, body, there, &chunked, &body_used, &body_len);
    if (r == 0)
        *ret_continue = span_is(h.headers[HTTP_EXPECT], "100-continue");
    if (r <= 0)
        return r;
    if (chunked)
        (void)walk_chunks(body, there, true, &body_used, &body_len); /* checked just before */
    fill_request(&h, ret_req);
    /* One byte to the front, over the end of the head: makes room for the NUL without touching a
     * request that may follow. */
    ret_req->body = memmove(body - 1, body, body_len);
    ret_req->body[body_len] = '\0';
    ret_req->body_len = body_len;
    *ret_used = skip + h.len + body_used;
    return 1;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    int low = tolower((unsigned char)c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

size_t http_url_decode(char *s, size_t n)
{
    size_t to = 0;

    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && i + 2 < n && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0) {
            c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
            i += 2;
        }
        s[to++] = c;
    }
    s[to] = '\0';
    return to;
}

bool http_query(const char *query, const char *name, char *dst, size_t size)
{
    size_t len = strlen(name);

    for (const char *p = query; *p;) {
        size_t n = strcspn(p, "&");
        if (n > len && p[len] == '=' && strncmp(p, name, len) == 0) {
            size_t vn = n - len - 1 < size - 1 ? n - len - 1 : size - 1;
            memcpy(dst, p + len + 1, vn);
            (void)http_url_decode(dst, vn);
            return true;
        }
        p += n + (p[n] == '&');
    }
    return false;
}

const char *http_reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {
        {200, "OK"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].status == status)
            return reasons[i].text;
    }
    return "Unknown";
}
