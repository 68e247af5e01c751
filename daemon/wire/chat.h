/* chat.h: what a chat platform is: a row of limits, options and functions without I/O.
 * Layer: wire (pure). Lifetime of a state: process. Depends on: wire/out.h, wire/result.h.
 *
 * A new platform is one file with a `const struct chat_platform chat_NAME` and one row in
 * chat_list.h. Sockets, back-off, rate limits and time-outs are in io/chat.c, once for all. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/msec.h"
#include "core/message.h"
#include "wire/result.h"
#include "wire/out.h"

enum chat_transport {
    CHAT_CLIENT, /* we connect to the platform */
    CHAT_SERVER, /* people's pages connect to us, loopback only */
};

struct chat_option {
    const char *key; /* below `chat: NAME:` of the configuration */
    bool required, secret;
    const char *fallback; /* NULL: none */
    const char *help;
};

/* One kind of request that the platform limits by itself. */
struct chat_method {
    const char *name;
    int per_minute, burst; /* 0: no limit of ours */
    bool of_messages;      /* posts: `room` of the port counts this one, and the option
                              "messages_per_minute", where a platform has it, changes it */
};

struct chat_limits {
    int text_points, buttons;
    int channel_per_minute, channel_burst; /* 0: none */
    size_t frame_bytes;                    /* a longer frame ends the connection */
    unsigned hello_ms;                     /* open to UP */
    unsigned catch_up_after_ms; /* the platform itself delivers again what is missed in less */
    unsigned linger_ms; /* a renewed connection is read on so long, for the other side to close */
    unsigned ping_s, hangup_s; /* for ws_opts: ping after, lost after so long without any frame */
};

struct chat_server {
    const char *path;
    /* Whom an incoming connection is for: copies the person's id into ret (size bytes).
     * Errors: -EACCES strange origin, -EINVAL no or bad id. */
    int (*accept)(const char *query, const char *origin, char *ret_person, size_t size);
};

/* How a websocket ended. The texts live for the call. */
struct chat_closed {
    unsigned code;        /* of the other side's close frame, or ours; 1006: there was none */
    const char *reason;   /* of the close frame, or "" */
    unsigned http_status; /* it was refused with, before it was open; else 0 */
};

/* A platform's server calls us: POST /chat/NAME and below, on the daemon's own listener. */
struct chat_call {
    const char *path;          /* behind /chat/NAME: "" or "/..." */
    const char *authorization; /* the header, or "" */
    const char *content_type;
    const char *body; /* NUL-terminated beyond len */
    size_t len;
};

/* What a platform counts besides; for metrics. */
struct chat_counter {
    const char *name;
    uint64_t value;
};

enum { CHAT_SECRET_BYTES = 32 };

struct chat_setup {
    const char *const *values; /* one for each option, NULL: not given and no fallback */
    uint64_t seed;             /* differs from start to start */
    unsigned char secret[CHAT_SECRET_BYTES]; /* the same, and nobody can guess it */
};

struct chat_platform {
    const char *name, *help;
    enum chat_transport transport;
    struct chat_limits limits;
    const struct chat_option *options;
    size_t option_count;
    const struct chat_method *methods;
    size_t method_count;
    const struct chat_server *server; /* CHAT_SERVER only */
    const char *subprotocol;          /* of its websockets, or NULL */
    const char *const *reply_headers; /* NULL, or what on_reply wants to see, NULL at the end */

    /* Errors: -EINVAL a value makes no sense. setup is read during the call only. */
    int (*state_new)(const struct chat_setup *setup, struct err *err, void **ret_state);
    void (*state_free)(void *state); /* accepts NULL */

    /* A connection is wanted, the first one or another one. Leads, now or after replies, to exactly
     * one CONNECT, DROP of connection 0, or FATAL. NULL for servers. */
    void (*on_start)(void *state, msec_t now, struct wire_out *out);
    /* person: of an incoming connection, else NULL. */
    void (*on_open)(void *state, uint32_t conn, const char *person, struct wire_out *out);
    void (*on_frame)(void *state, uint32_t conn, const char *data, size_t len, msec_t now,
                     struct wire_out *out);
    /* Sends that had no answer on this connection end here, with a RESULT. The state may never have
     * heard of `conn`: one that did not open, or one from before new settings. */
    void (*on_closed)(void *state, uint32_t conn, const struct chat_closed *how,
                      struct wire_out *out);
    void (*on_timer)(void *state, msec_t now, struct wire_out *out); /* NULL: never asks for one */
    /* What became of an EVENT with `told`, whose `number` comes back; conn may be gone. NULL: none
     * has it. */
    void (*on_kept)(void *state, uint32_t conn, int64_t number, bool kept, msec_t now,
                    struct wire_out *out);
    /* We go for good: stopping, or another state takes over. Says good-bye, and ends with a RESULT
     * or CAUGHT_UP whatever waits for an answer. NULL: nothing of that outlives a connection. */
    void (*on_leave)(void *state, struct wire_out *out);
    void (*on_reply)(void *state, const struct wire_tag *tag, const struct wire_reply *reply,
                     struct wire_out *out);

    /* A call came in; conn stands for it until it is answered: with status 200 by a FRAME or an
     * ack, with another one by a DROP, with an empty 200 when nothing of that is wanted.
     * NULL: the platform's server never calls. */
    void (*on_call)(void *state, uint32_t conn, const struct chat_call *call, msec_t now,
                    struct wire_out *out);

    /* Each leads, now or later, by a reply, a frame, the timer or the end of the connection, to
     * exactly one RESULT with the message's key. */
    void (*encode_send)(void *state, const struct message *message, const struct chat_place *place,
                        msec_t now, struct wire_out *out);
    void (*encode_lookup)(void *state, const char *key, const struct chat_place *place,
                          msec_t sent_at, struct wire_out *out);
    /* The same for several messages by one reading of their place, which is all that a platform
     * with a tight limit allows: a RESULT for each, `more` in all but the last. NULL: one by one.
     */
    void (*encode_lookups)(void *state, const char *const *keys, size_t count,
                           const struct chat_place *place, msec_t sent_at, struct wire_out *out);

    /* Reads what was written in one place since then and makes the events that would have been,
     * with the same ids: those that did arrive are known by them. Leads to exactly one CAUGHT_UP.
     * NULL: cannot. */
    void (*encode_catch_up)(void *state, const struct chat_place *place, msec_t since,
                            struct wire_out *out);

    /* Borrowed from the state. NULL: none. */
    size_t (*counters)(const void *state, const struct chat_counter **ret_counters);
};

#define CHAT(name) extern const struct chat_platform chat_##name;
#include "wire/chat_list.h"
#undef CHAT

const struct chat_platform *chat_platform_find(const char *name); /* or NULL */
const struct chat_platform *chat_platform_at(size_t index);       /* NULL past the end */

/* Row of an option, or -1. */
int chat_option_find(const struct chat_platform *platform, const char *key);

/* Fills ret_values (option_count rows) from a look-up by key, with the fallbacks.
 * Owns:   nothing; the texts are borrowed from `get` and from the platform.
 * Errors: -EINVAL, the text names the option that is required and missing. */
int chat_options_resolve(const struct chat_platform *platform,
                         const char *(*get)(void *user, const char *key), void *user,
                         struct err *err, const char **ret_values);

/* --- for platforms --- */

/* What the person sees at once who used a slash command; the reply itself comes as a message. */
#define CHAT_COMMAND_TAKEN "On it. Look in our direct message."

/* "text" "yes_no" "scale" "choice" "date". */
const char *chat_input_kind(enum answer_type type);
int chat_input_kind_find(const char *name); /* enum answer_type, or -1 */

/* Appends what a message says where there are no buttons: the text, cut to max_points code points
 * of everything together, who will read the answer, and a line of numbers (message_numbers). Such a
 * platform sets `plain` in the events of what is said. */
void chat_plain(const struct message *message, size_t max_points, struct arena *arena,
                struct strbuf *out);
