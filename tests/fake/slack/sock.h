/* sock.h: Socket Mode connections: tickets, hello, pings, delivery of frames.
 * Lifetime: a socket lives until its TCP connection goes. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"
#include "map.h"
#include "wsock.h"

enum { SOCK_MAX = 256 };

struct conn;
struct fake;
struct later;

struct sock {
    struct wsock w; /* first: each is the other */
    int pings;
    bool hello, retiring, refused, rotate;
    int64_t last_ping_ms;
    struct later *tick, *hello_timer, *life_timer;
};

struct socks {
    struct sock *v[SOCK_MAX]; /* oldest first */
    int n, last_id;
    unsigned round;
    struct map tickets; /* to the moment of issue, as allocated int64_t */
};

/* Writes the JSON text (quoted, slashes escaped) of a fresh one-use address. */
void sock_ticket(struct conn *c, struct buf *out);
/* GET with Upgrade; answers the request. */
void sock_upgrade(struct conn *c);
/* One text frame; silently lost when the socket is muted, as on a half-open connection. */
void sock_send(struct sock *s, const char *text, size_t len);
/* No more choice for new envelopes; the server closes it soon. */
void sock_retire(struct sock *s);
/* Who gets the next envelope; NULL: nobody. which: NULL for the knob, else newest|oldest. */
struct sock *sock_pick(struct fake *f, const char *which);
/* code 0: RST. which: NULL for all, else newest|oldest. Returns how many. */
int sock_drop(struct fake *f, int code, const char *which);
int sock_count(const struct fake *f);
void sock_recount(struct fake *f);
void sock_mute_current(struct fake *f);
void sock_unmute_all(struct fake *f);
void sock_done(struct fake *f);
