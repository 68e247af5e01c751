/* httpd.h: HTTP requests in, answered now or later.
 * Layer: io. Lifetime: process. Depends on: err; libmicrohttpd behind it, on the caller's loop.
 *
 * Every call and every callback is on the thread of the loop. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

struct httpd;

/* Zero means the default in brackets. */
struct httpd_opts {
    const char *address;      /* "127.0.0.1:8467", "[::1]:0"; numeric, port 0 picks one */
    int listener;             /* already listening there, now the server's [makes its own] */
    size_t max_body_bytes;    /* more is answered 413 [1 MiB] */
    size_t connection_bytes;  /* headers and buffers of one connection [16 KiB] */
    unsigned max_connections; /* [512] */
    unsigned max_per_address; /* connections of one address [three quarters of all] */
    unsigned idle_s;          /* a silent connection is closed [60] */
    unsigned header_s;        /* for all headers of a request, however slowly they come [10] */
    unsigned body_s;          /* for its whole body [30] */
};

/* One complete request. It stays readable until httpd_reply, which must come exactly once for
 * each, also when the client has gone and also after httpd_free. */
struct httpd_request {
    const char *method; /* as sent: "POST" */
    const char *path;   /* percent-decoded, without the query */
    const char *body;   /* NUL-terminated beyond body_len; never NULL */
    size_t body_len;
    bool peer_loopback;     /* 127.0.0.0/8, ::1 or ::ffff:127.0.0.0/104 */
    unsigned char peer[16]; /* its address as IPv6; of a real one the network (/64) */
    void *user;             /* the handler's own; NULL at first */
};

struct httpd_header {
    const char *name, *value;
};

typedef void (*httpd_cb)(void *user, struct httpd_request *request);

/* Listens and serves on `loop`.
 *
 * Owns:   *ret_httpd is freed with httpd_free; opts is copied, loop borrowed.
 * Errors: -EINVAL not an address, -EADDRINUSE and others of bind, the text names the address.
 * Source: RFC 9110 for the status codes; RFC 9457 for the problem documents of 413 and 400. */
int httpd_new(uv_loop_t *loop, const struct httpd_opts *opts, httpd_cb handler, void *user,
              struct err *err, struct httpd **ret_httpd);
uint16_t httpd_port(const struct httpd *httpd);
int httpd_listener(const struct httpd *httpd); /* borrowed; open until httpd_quiesce */

/* First value of the query argument or the header (case folded), percent-decoded; NULL if absent,
 * and always NULL after httpd_free. A query argument without '=' is "". Owns: the request. */
const char *httpd_query(const struct httpd_request *request, const char *name);
const char *httpd_header(const struct httpd_request *request, const char *name);

/* Answers and lets go of the request; may be called inside the handler or any time later.
 *
 * Owns:   everything is copied. content_type NULL: no such header (for 204). headers: count rows.
 * Errors: none; nobody is told when the client has gone. */
void httpd_reply(struct httpd_request *request, unsigned status, const char *content_type,
                 const void *body, size_t len, const struct httpd_header *headers, size_t count);

/* Same for a body that lives as long as the process, such as an embedded page: not copied. */
void httpd_reply_static(struct httpd_request *request, unsigned status, const char *content_type,
                        const void *body, size_t len, const struct httpd_header *headers,
                        size_t count);

/* Takes no new connections; those there are served on, each for one more answer. Twice is harmless.
 */
void httpd_quiesce(struct httpd *httpd);

/* Requests handed out and not answered yet. */
size_t httpd_pending(const struct httpd *httpd);

/* Whether a request is not answered yet, or may be on its way on a connection that is new. */
bool httpd_busy(const struct httpd *httpd);

/* Ends all connections; requests still pending are cut off without an answer. The handles are
 * gone from the loop after its next turn. Accepts NULL. */
void httpd_free(struct httpd *httpd);
