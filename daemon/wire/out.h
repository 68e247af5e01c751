/* out.h: what a platform wants done, as a list; the runner in io does it in order.
 * Layer: wire (pure). Lifetime: one call of the platform; all texts live in the list's arena. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/msec.h"
#include "core/event.h"
#include "wire/result.h"

enum wire_kind {
    WIRE_EVENT,   /* something happened; once that is durable, `ack` is sent on `conn`, the request
                     is made, or on_kept is called with `number` */
    WIRE_FRAME,   /* send `text` on `conn` */
    WIRE_REQUEST, /* one HTTP request; what becomes of it is told to on_reply, always once */
    WIRE_CONNECT, /* open a websocket to `text` (a ticket: never log it), with `headers` */
    WIRE_UP,     /* `conn` is signed in; `number` connections of ours exist, if the platform says */
    WIRE_RENEW,  /* `conn` ends soon: keep it until another one is up */
    WIRE_DROP,   /* close `conn` (0: give this attempt up) with the close code `number`; next try
                    after `delay_ms` at least. Of a call: answer it with the status `number` */
    WIRE_FATAL,  /* useless until a person acts; tried again after `delay_ms`, 0: never */
    WIRE_LIMIT,  /* no request of `method` for `delay_ms` */
    WIRE_TIMER,  /* call on_timer after `delay_ms`; replaces the one before */
    WIRE_RESULT, /* the end of a send or look-up */
    WIRE_CAUGHT_UP, /* the end of a catch-up; `delay_ms`: it failed, again after that */
    WIRE_WARN,      /* works, but not wholly: what is wrong, and `todo` */
};

/* Comes back with the reply. What the fields mean is the platform's own business. */
struct wire_tag {
    int kind;
    const char *key, *channel, *more;
    int64_t number;
};

enum { WIRE_WAIT_FOREVER = 0, WIRE_REPLY_HEADERS = 4 };

/* One header that is sent: `prefix`, then the value of an option. A list of them is a static
 * table of the platform's file that ends with a NULL name. */
struct wire_field {
    const char *name, *prefix;
    int option; /* row of the option table; -1: the prefix is all */
};

struct wire_request {
    const char *url;
    const char *verb;                 /* NULL: POST */
    const struct wire_field *headers; /* NULL: none */
    const char *content_type;         /* NULL: none */
    const char *body;
    size_t len;
    int method;           /* row of the platform's methods: whose rate limit counts */
    const char *channel;  /* or NULL: this channel's rate limit counts too */
    unsigned timeout_ms;  /* 0: the client's own */
    unsigned max_wait_ms; /* for rate limits; then it is replied to as not sent */
    struct wire_tag tag;
};

enum wire_outcome {
    WIRE_ANSWERED, /* a whole response, whatever its status */
    WIRE_NOT_SENT, /* proof: no byte of it left */
    WIRE_LOST,     /* the other side may or may not have acted */
};

struct wire_reply {
    enum wire_outcome outcome;
    long status;
    msec_t retry_after_ms; /* of the header, clamped; or the wait that was too long; 0: none said */
    msec_t date;           /* of the server, or MSEC_NONE */
    msec_t now;            /* ours, wall clock */
    const char *headers[WIRE_REPLY_HEADERS]; /* those the platform's row names; "" if absent */
    const char *body;                        /* NUL-terminated beyond len */
    size_t len;
    const char *error; /* words for NOT_SENT and LOST, or "" */
};

struct wire_item {
    struct wire_item *next;
    enum wire_kind kind;
    uint32_t conn; /* of the runner; 0: none */
    const struct event *event;
    const char *ack;                  /* EVENT: or NULL */
    bool told;                        /* EVENT: on_kept wants to know what becomes of it */
    const struct wire_field *headers; /* CONNECT: or NULL */
    const char *text;
    size_t len;
    const char *todo; /* FATAL, WARN: what the operator should do */
    msec_t delay_ms;
    int64_t number;
    int method;
    struct wire_request request;
    struct chat_result result;
};

struct wire_out {
    struct arena arena;
    struct wire_item *first, **last;
};

void wire_out_init(struct wire_out *out);
void wire_out_done(struct wire_out *out);
void wire_out_reset(struct wire_out *out);

/* Appends a zeroed item. Owns: the list's arena. */
struct wire_item *wire_add(struct wire_out *out, enum wire_kind kind);

/* The common ones in one line; texts are copied. */
void wire_frame(struct wire_out *out, uint32_t conn, const char *text, size_t len);
void wire_drop(struct wire_out *out, uint32_t conn, msec_t delay_ms, const char *why);
void wire_connect(struct wire_out *out, const char *url, const struct wire_field *headers);
void wire_fatal(struct wire_out *out, msec_t delay_ms, const char *what, const char *todo);
void wire_warn(struct wire_out *out, const char *what, const char *todo);
void wire_limit(struct wire_out *out, int method, msec_t delay_ms);
void wire_timer(struct wire_out *out, msec_t delay_ms);
void wire_result(struct wire_out *out, const struct chat_result *result);
struct event *wire_event(struct wire_out *out, uint32_t conn, enum event_type type, msec_t time,
                         const char *ack);

/* Copies at most `max_points` code points into the arena. NULL stays NULL. */
const char *wire_cut(struct wire_out *out, const char *text, size_t max_points);

/* How long a Retry-After header asks to wait: seconds, a fraction of them, or an HTTP date (needs
 * the Date header). 0 when there is none or it makes no sense.
 *
 * Units:  clamped to 1 s .. 1 h.
 * Source: RFC 9110, 10.2.3 and 5.6.7. */
msec_t wire_retry_after(const char *raw, msec_t date);
