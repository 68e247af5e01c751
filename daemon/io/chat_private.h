/* chat_private.h: what the files of the runner share; nobody else includes it.
 * Layer: io. Lifetime: process.
 *
 * chat.c life and port, chat_link.c connections, chat_call.c calls of the platform's server,
 * chat_op.c requests, chat_items.c the platform's wishes, chat_ack.c acks, chat_catch.c what was
 * missed, chat_rate.c limits, chat_retry.c back-off. */
#pragma once
#include "io/chat.h"
#include "io/chat_rate.h"
#include "io/chat_retry.h"

enum {
    CHAT_ASK_MS = 90000,       /* on_start must have led to something */
    CHAT_STOP_MS = 2000,       /* for acks when stopping */
    CHAT_RENEW_WAIT_MS = 2000, /* at most, when a young connection wants to be renewed */
    CHAT_OPS_MAX = 4096,
    CHAT_PERSON_BYTES = 128,
};

/* LINK_CALL: no websocket, but a call that waits for its answer. */
enum link_phase { LINK_OPENING, LINK_HELLO, LINK_UP, LINK_CLOSING, LINK_CALL };

struct chat_link {
    struct chat *chat;
    struct chat_link *next;
    struct ws_conn *ws; /* NULL before ws_connect returned */
    uint32_t id;
    enum link_phase phase;
    bool was_up;
    bool leaving;        /* another one takes over; still read and acked */
    int64_t deadline_ms; /* OPENING, HELLO: fails then; else closes then; INT64_MAX: none */
    int64_t up_ms;
    int64_t drop_delay_ms;
    char why[CHAT_ERROR_BYTES]; /* we closed it for this */
    char person[CHAT_PERSON_BYTES];
    struct chat_ack *acks;
    chat_answer_cb answer; /* CALL */
    void *answer_user;
};

struct chat_ack {
    struct chat *chat;             /* NULL: freed meanwhile */
    struct chat_link *link;        /* NULL: closed meanwhile */
    struct chat_ack *next, **slot; /* in the link's list, else in the chat's */
    struct chat_op *op;            /* the ack is this request; or NULL */
    uint32_t conn;
    bool told; /* the ack is a call of on_kept */
    int64_t number;
    size_t len;
    char text[]; /* else, with a link, it is this frame */
};

/* A request from being wanted to being replied to. */
struct chat_op {
    struct chat *chat; /* NULL: freed meanwhile */
    struct chat_op *next, **slot;
    bool held;
    int64_t ready_ms, give_up_ms; /* held */
    struct wire_request request;  /* all its texts follow the struct */
};

struct chat_queued {
    struct chat_queued *next;
    struct chat_result result; /* all its texts follow the struct */
};

/* A spare list for the platform to write to; hooks can bring us here again while one is in use. */
struct chat_out {
    struct chat_out *next;
    struct wire_out out;
};

struct chat {
    uv_loop_t *loop;
    struct ws *ws;
    struct httpc *httpc;
    const struct chat_platform *platform;
    struct chat_opts opts;
    char **values;
    struct chat_hooks hooks;
    struct chat_port port;
    void *state;
    uv_timer_t timer;
    int64_t armed_ms;
    struct chat_out *spare;

    struct chat_link *links;
    uint32_t last_link;
    bool started, stopping, freed;
    bool asking; /* on_start was called and has not led to anything yet */
    int64_t ask_deadline_ms, want_ms, not_before_ms, platform_ms;
    struct {       /* a connection that waits until its sign-in is kept */
        char *url; /* NULL: none */
        const struct wire_field *headers;
        uint64_t memo;
    } opening;
    struct chat_retry retry;
    int wanted; /* connections, of the option "connections" */

    struct chat_op *held, *flying;
    size_t op_count, held_count;
    size_t sends;       /* of the port, without a result yet */
    struct rate *rates; /* one for each method */
    struct rate_map channels;
    int post_method; /* row of the one that is of messages, or -1 */

    struct chat_queued *queued, **queued_last;
    unsigned inside_port;        /* depth of calls of the port: results wait */
    struct chat_ack *loose_acks; /* of links that are gone */
    size_t ack_count;

    msec_t read_until, read_floor; /* see struct chat_memo */
    int64_t memo_ms;               /* it is told again then; INT64_MAX: not connected */
    uint64_t memos, memos_kept;    /* told so far; of these what a restart would find */
    struct {
        bool on;
        msec_t since;
        size_t index; /* of hooks.place */
        unsigned tries;
        unsigned flying; /* places asked, not yet answered */
        int64_t next_ms; /* not before */
    } catch;

    bool fatal;
    char *told; /* text of the last status */
    struct chat_status status;
};

int64_t chat_now(const struct chat *chat); /* monotonic */
void chat_wake(struct chat *chat);         /* sets the timer to the next thing to do */
void chat_set_state(struct chat *chat, enum chat_state state, const char *text);
void chat_error(struct chat *chat, const char *text);

/* chat_items.c */
struct chat_out *chat_out_take(struct chat *chat);
/* Does what is in the list and takes the list back. */
void chat_out_run(struct chat *chat, struct chat_out *out);
void chat_tell(struct chat *chat, const struct chat_result *result);
void chat_drain_queued(struct chat *chat);

/* chat_link.c */
struct chat_link *link_find(const struct chat *chat, uint32_t id);
bool link_any_healthy(const struct chat *chat);
int link_up_count(const struct chat *chat);
int link_listen(struct chat *chat, struct err *err);
void link_want(struct chat *chat, int64_t min_delay_ms);
void link_want_now(struct chat *chat);
void link_begin(struct chat *chat); /* an attempt, now */
void link_open(struct chat *chat, const char *url, const struct wire_field *headers);
struct chat_link *link_new(struct chat *chat);
void link_free(struct chat_link *link);
/* A frame, or the answer to a call: the link of one is gone then. -ENOBUFS: it does not read. */
int link_send(struct chat_link *link, const char *text, size_t len);
void link_up(struct chat_link *link, int64_t connections_said);
void link_renew(struct chat_link *link);
void link_close(struct chat_link *link, unsigned code, const char *why);
void link_attempt_failed(struct chat *chat, int64_t min_delay_ms, const char *why);
void link_ack_gone(struct chat_link *link); /* one ack less: a connection may be free to close */
void link_tick(struct chat *chat);
int64_t link_next_ms(const struct chat *chat);
void link_stop_all(struct chat *chat);
void link_forget_all(struct chat *chat);

/* chat_call.c */
void call_answer(struct chat_link *link, unsigned status, const char *body, size_t len);

/* chat_catch.c */
void memo_tell(struct chat *chat);
void memo_tick(struct chat *chat);
void catch_begin(struct chat *chat);
void catch_done(struct chat *chat, msec_t again_after_ms);
void catch_tick(struct chat *chat);
int64_t catch_next_ms(const struct chat *chat);

/* chat_op.c */
/* "Name: value" lines of a list, NULL at the end. */
const char **op_headers(const struct chat *chat, const struct wire_field *headers,
                        struct arena *arena);
struct chat_op *op_copy(struct chat *chat, const struct wire_request *request); /* free() it */
void op_start(struct chat *chat, const struct wire_request *request);
void op_tick(struct chat *chat);
int64_t op_next_ms(const struct chat *chat);
void op_end_held(struct chat *chat);
void op_forget_all(struct chat *chat);

/* chat_ack.c */
/* link: whom the text is for, or NULL with a request. */
struct chat_ack *ack_new(struct chat *chat, struct chat_link *link, const struct wire_item *item);
void ack_link_gone(struct chat_link *link);
void ack_forget_all(struct chat *chat);
