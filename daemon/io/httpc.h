/* httpc.h: HTTP requests out, each told apart in answered, not sent and unknown.
 * Layer: io. Lifetime: process. Depends on: err, msec; libcurl behind it, on the caller's loop.
 *
 * No request is ever repeated here. Every call and every callback is on the thread of the loop.
 * Source: RFC 9110, RFC 9112. */
#pragma once
#include <stddef.h>
#include <uv.h>

#include "base/err.h"
#include "base/msec.h"
#include "io/proxy.h"
#include "io/reach.h"

struct httpc;

/* Zero means the default in brackets. */
struct httpc_opts {
    const char *ca_file;       /* PEM bundle [the system's] */
    const char *user_agent;    /* ["gritd"] */
    const struct proxy *proxy; /* borrowed [none; the environment is never asked here] */
    unsigned max_in_flight;    /* more wait inside, in order [64] */
    unsigned max_per_host;     /* connections to one host [max_in_flight] */
    size_t max_queued;         /* waiting requests; more is -ENOBUFS [65536] */
    const struct reach *reach; /* which addresses may be called; borrowed; of what goes
                                  through a proxy, the names only [all] */
};

struct httpc_request {
    const char *url;          /* https; http to loopback only */
    const char *method;       /* NULL: POST with a body, else GET */
    const char *content_type; /* NULL: none */
    const void *body;         /* NULL: none; for POST, PUT and PATCH an empty one is sent */
    size_t len;
    const char *const *headers;  /* NULL, or more "Name: value" lines, NULL at the end */
    const char *const *keep;     /* NULL, or names of headers of the response that are wanted,
                                    NULL at the end; borrowed until the callback */
    unsigned connect_timeout_ms; /* [10000] */
    unsigned total_timeout_ms;   /* from the start of the attempt, not of the waiting [30000] */
    size_t max_response_bytes;   /* body; more is HTTPC_UNKNOWN [1 MiB] */
};

enum httpc_outcome {
    HTTPC_ANSWERED, /* a complete response is there, whatever its status */
    HTTPC_NOT_SENT, /* proven: no byte of the request left this host */
    HTTPC_UNKNOWN,  /* the server may or may not have acted */
};

enum { HTTPC_ERROR_BYTES = 256, HTTPC_HEADER_BYTES = 64, HTTPC_KEPT_MAX = 4 };

/* Lives for the callback. Fields below outcome mean something only for HTTPC_ANSWERED, except
 * error and, where headers came before the trouble, status. */
struct httpc_result {
    enum httpc_outcome outcome;
    long status;                                   /* 0 when none was read */
    long retry_after_s;                            /* -1: absent, or a date (see the raw text) */
    char retry_after[HTTPC_HEADER_BYTES];          /* raw text, "" if absent */
    char kept[HTTPC_KEPT_MAX][HTTPC_HEADER_BYTES]; /* in the order of `keep`; "" if absent */
    msec_t date;                                   /* Date header, or MSEC_NONE */
    const char *body;                              /* NUL-terminated beyond len; never NULL */
    size_t len;
    bool too_long;                 /* the body was longer than max_response_bytes */
    char error[HTTPC_ERROR_BYTES]; /* "" when answered; never holds the token */
};

typedef void (*httpc_cb)(void *user, const struct httpc_result *result);

/* Owns:   *ret_httpc is freed with httpc_free; opts is copied, loop and reach borrowed.
 * Errors: -ENOMEM libcurl would not start. */
int httpc_new(uv_loop_t *loop, const struct httpc_opts *opts, struct err *err,
              struct httpc **ret_httpc);

/* Starts or queues one request. When 0 is returned the callback comes exactly once, later, never
 * from inside this call.
 *
 * Owns:   request and all it points to are copied, body included.
 * Errors: -EINVAL URL or method or a line break in a header, -EPERM http beyond loopback, or an
 * address no proxy may be asked for, -ENOBUFS queue full, -ESHUTDOWN after httpc_cancel_all. None
 * calls back. */
int httpc_send(struct httpc *httpc, const struct httpc_request *request, httpc_cb callback,
               void *user, struct err *err);

size_t httpc_in_flight(const struct httpc *httpc); /* started, not yet reported */
size_t httpc_queued(const struct httpc *httpc);    /* not started */

/* Ends all, reporting each from inside this call: queued ones as HTTPC_NOT_SENT, started ones
 * as HTTPC_UNKNOWN. Nothing more is accepted after it. */
void httpc_cancel_all(struct httpc *httpc);

/* Cancels what is left (see above). The handles are gone from the loop after its next turn.
 * Not to be called from a callback of this module. Accepts NULL. */
void httpc_free(struct httpc *httpc);
