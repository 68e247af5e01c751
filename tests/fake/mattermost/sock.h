/* sock.h: websocket connections of API v4: sign-in, hello, numbered events, resume.
 * Lifetime: a socket lives until its TCP connection goes, the session behind it longer: that is
 * what a connection id names, and what is resumed. */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "wsock.h"

enum { SOCK_MAX = 64, SOCK_RING = 128, SOCK_MESSAGE_MAX = 8192 };

struct channel;
struct conn;
struct fake;
struct later;

struct session {
    char id[27], user[27];
    struct sock *s; /* NULL: lost, to be resumed */
    bool forgotten; /* is not resumed any more */
    int64_t gone_ms;
    int64_t next; /* sequence number of the next event */
    struct {
        int64_t seq;
        char *text;
    } ring[SOCK_RING]; /* by seq modulo its size */
    struct session *more;
};

struct sock {
    struct wsock w; /* first: each is the other */
    struct session *session;
    bool by_header; /* signed in by the upgrade request */
    int64_t last_ping_ms;
    struct later *tick, *auth_timer, *hello_timer;
};

struct socks {
    struct sock *v[SOCK_MAX]; /* oldest first */
    int n, last_id;
    struct session *sessions;
};

/* GET with Upgrade; answers the request. */
void sock_upgrade(struct conn *c);
/* Numbers the event and gives it to each session that may see it: members of the channel (NULL:
 * everybody), or only that user. data is taken over. */
void sock_event(struct fake *f, const char *event, json_t *data, const struct channel *ch,
                const char *user);
/* code 0: RST. Returns how many. */
int sock_drop(struct fake *f, int code);
int sock_count(const struct fake *f);
/* No connection id of today can be resumed. */
void sock_forget_all(struct fake *f);
void sock_mute_current(struct fake *f);
void sock_unmute_all(struct fake *f);
void sock_done(struct fake *f);
