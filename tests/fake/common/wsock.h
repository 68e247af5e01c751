/* wsock.h: a web socket after its handshake: frames in and out, closing, half-open ones.
 * Lifetime: the program's, which frees it in wsock_on_gone. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

struct conn;
struct fake;
struct later;

/* What a program's knobs say about all sockets. */
struct wsock_rules {
    bool mute; /* hear and say nothing, as on a half-open connection */
    bool no_pong, no_close_reply;
    size_t message_max; /* 0: no limit but the frame's; a longer message aborts the connection */
};

struct wsock {
    struct fake *f;
    struct conn *c;
    const struct wsock_rules *rules;
    int id, close_code;
    bool muted, closing;
    int64_t pong_ms; /* when the last pong came; monotonic */
    struct later *close_timer;
    struct buf part; /* fragments so far */
    int part_op;
};

void wsock_init(struct wsock *s, struct conn *c, const struct wsock_rules *rules, int id);
bool wsock_is_muted(const struct wsock *s);
/* Lost without a trace when the socket is muted. */
void wsock_frame(struct wsock *s, int op, const char *data, size_t len);
/* Sends a close frame and gives the peer a moment to answer it. */
void wsock_close(struct wsock *s, int code);
/* Eats whole frames from the front of in. For conn.c. */
void wsock_input(struct wsock *s, struct buf *in);
/* The TCP connection is going away. For conn.c. */
void wsock_gone(struct wsock *s);

/* --- supplied by each program --- */

/* A whole message; fragmented: it came in several frames. s may be gone when this returns. */
void wsock_on_message(struct wsock *s, const char *text, size_t len, bool fragmented);
void wsock_on_bad_frame(struct wsock *s);
void wsock_on_closing(struct wsock *s);
/* Takes s off its lists and frees it. */
void wsock_on_gone(struct wsock *s);
