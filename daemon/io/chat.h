/* chat.h: runs a chat platform: connects, keeps connected, paces, and carries acks and results.
 * Layer: io. Lifetime: process. Depends on: ws, httpc, wire/chat.h, engine/ports.h.
 *
 * Every call and every callback is on the thread of the loop. Hooks may call chat_stop,
 * chat_ack_done and the port, but not chat_free. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/msec.h"
#include "engine/ports.h"
#include "io/httpc.h"
#include "io/ws.h"
#include "wire/chat.h"

struct chat;
struct chat_ack;

enum chat_state {
    CHAT_DOWN, /* not connected, trying */
    CHAT_UP,
    CHAT_FATAL, /* a person must act; the text says what */
};

struct chat_hooks {
    void *user;
    /* Something happened. event lives for the call. ack is NULL, or wants exactly one
     * chat_ack_done (when durable) or chat_ack_drop, now or later. */
    void (*event)(void *user, const struct event *event, struct chat_ack *ack);
    /* The end of one send or look-up of the port. */
    void (*result)(void *user, const struct chat_result *result);
    /* On each change, and for the same state with another text. */
    void (*status)(void *user, enum chat_state state, const char *text);
    /* Places where people write to us, one after the other, from *index on, which is moved behind
     * the one given; false: no more. Its texts live until the next call. NULL: none. */
    bool (*place)(void *user, size_t *index, struct chat_place *ret_place);
};

/* What outlives a restart; wall clock. */
struct chat_memo {
    msec_t signins_full_at; /* the daily budget of sign-ins is whole again */
    msec_t read_until;      /* what people wrote before is known; 0: never connected, so nothing */
    msec_t read_floor;      /* and what they wrote before this is not to be read (again) */
};

/* Zero means the default in brackets. */
struct chat_opts {
    const struct chat_platform *platform;
    const char *const *values;      /* see chat_options_resolve; copied */
    uint16_t listen_port;           /* server platforms [picked by the system] */
    unsigned max_sends;             /* in flight at a time [32] */
    unsigned backoff_ms;            /* first ceiling of the waits [500] */
    unsigned backoff_max_ms;        /* last one [60000] */
    struct chat_memo memo;          /* as `remember` said before a restart; zeroes: it never did */
    void *user;                     /* of the next three */
    msec_t (*clock)(void *user);    /* wall clock, required */
    uint64_t (*random)(void *user); /* required */
    /* This is to be known after a restart: chat_remembered() once it is. NULL: no. */
    void (*remember)(void *user, const struct chat_memo *memo);
};

enum { CHAT_ERROR_BYTES = 256 };

struct chat_status {
    enum chat_state state;
    char error[CHAT_ERROR_BYTES]; /* the last one, also after it was overcome; "" if none ever */
    msec_t since;                 /* of state; wall clock */
    msec_t last_frame;            /* MSEC_NONE: none yet */
    uint64_t signins;             /* connections that came up */
    uint64_t failures;            /* attempts that did not, and connections lost */
    unsigned signins_spent;       /* of the daily budget */
    int connections;              /* ours that are up */
    int64_t connections_said;     /* as the platform counts; 0: it does not. More than ours means
                                     that another process has the same token */
    size_t in_flight, waiting;    /* requests started; held back by a rate limit */
    size_t acks;                  /* not yet decided */
    uint64_t limited;             /* answers that told us to slow down */
};

/* Owns:   *ret_chat is freed with chat_free; opts and hooks are copied, the rest is borrowed.
 * Errors: -EINVAL a missing or senseless value. */
int chat_new(uv_loop_t *loop, struct ws *ws, struct httpc *httpc, const struct chat_opts *opts,
             const struct chat_hooks *hooks, struct err *err, struct chat **ret_chat);

/* Begins to connect (or listens); goes on until chat_stop. Being refused is told by status.
 * Errors: those of ws_listen. */
int chat_start(struct chat *chat, struct err *err);

/* New values after a reload, such as another token; also wakes a chat that was CHAT_FATAL. The same
 * values change nothing else. Not to be called from a hook.
 * Errors: -EINVAL, the old ones stay. */
int chat_set_values(struct chat *chat, const char *const *values, struct err *err);

/* No new connections, events or sends. Connections close once their acks are decided, within 2 s;
 * requests held back end as CHAT_RETRY, those in flight end on their own. */
void chat_stop(struct chat *chat);
bool chat_is_idle(const struct chat *chat); /* nothing in flight, no connection */

/* The handles are gone from the loop after its next turn. What is still in flight is forgotten
 * without a result. A server platform wants ws_stop before. Accepts NULL. */
void chat_free(struct chat *chat);

const struct chat_port *chat_port(struct chat *chat);
void chat_status(const struct chat *chat, struct chat_status *ret_status);
size_t chat_counters(const struct chat *chat, const struct chat_counter **ret_counters);

/* Sends the ack on the connection the event came by (nothing if that one is gone: the platform
 * will deliver again, and the id tells). Either call ends the ack. */
void chat_ack_done(struct chat_ack *ack);
void chat_ack_drop(struct chat_ack *ack);

/* What `remember` said is kept; once for each time, in their order. No connection is begun before.
 */
void chat_remembered(struct chat *chat);

/* Somebody was erased: the histories hold words that must not come back. */
void chat_forget_past(struct chat *chat);

/* The answer to a call of the platform's server. */
typedef void (*chat_answer_cb)(void *user, unsigned status, const char *body, size_t len);

/* Hands a call to the platform; `answer` comes exactly once, now or when what was in the call is
 * durable: 404 where the platform takes no calls, 503 when stopping. */
void chat_call(struct chat *chat, const struct chat_call *call, chat_answer_cb answer, void *user);

/* --- the local platform --- */

uint16_t chat_local_port(const struct chat *chat); /* 0: not listening */
void chat_local_tell_clock(struct chat *chat, msec_t at);
void chat_local_tell_changed(struct chat *chat);
/* Puts what was said before a restart back into memory; nothing is sent, no result comes. */
void chat_local_refill(struct chat *chat, const struct message *message, const char *person);
void chat_local_forget(struct chat *chat, const char *person); /* the whole conversation */
void chat_local_refill_said(struct chat *chat, const char *person, const char *id, msec_t at,
                            const char *text);
