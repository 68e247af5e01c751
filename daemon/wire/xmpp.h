/* xmpp.h: one account's XMPP session over websocket frames, without any I/O.
 * Layer: wire (pure: times and the random nonce are handed in). Lifetime: process, over many
 * connections. Depends on: xml.h, scram.h.
 *
 * Every function appends to an xmpp_out what is to be done and what happened; the caller does it in
 * order. Source: RFC 6120, 6121, 7395; XEP-0198 1.6, 0199, 0280, 0313 (mam:2), 0334, 0359. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/msec.h"

enum {
    XMPP_JID_BYTES = 3071,     /* RFC 7622, 3.1 */
    XMPP_STANZA_BYTES = 10000, /* what every server must take: RFC 6120, 13.12 */
    XMPP_KEY_BYTES = 128,
    XMPP_QUEUE_MAX = 256,  /* stanzas that the server has not acknowledged */
    XMPP_UNDONE_MAX = 256, /* messages that the caller has not made durable */
    XMPP_LOOKUPS_MAX = 16, /* at a time */
    XMPP_PAGES_MAX = 40,   /* of 50 messages, in one look-up */
    XMPP_CONTACTS_MAX = 50000,
    XMPP_HOPS_MAX = 3, /* servers that send us on, in a row */
};

#define XMPP_SUBPROTOCOL "xmpp"
#define XMPP_STEP_MS     (15 * MSEC_SECOND) /* each step of signing in, each page of a look-up */
#define XMPP_IDLE_MS     (10 * MSEC_SECOND) /* without a frame: the server is asked for a sign */
#define XMPP_ACK_MS      (15 * MSEC_SECOND) /* and then has so long; half-open shows within 25 s */
#define XMPP_RESUME_MS   (60 * MSEC_SECOND) /* then what was under way is unsure */

struct xmpp_config {
    const char *jid; /* of the account, user@domain */
    const char *password;
    const char *resource; /* a wish; NULL: the server's choice. The same each time: the server ends
                             the session that had it, so nothing of that one lands any more */
    bool secure;          /* the socket is TLS: only such another address may be followed */
    bool plain;           /* the password may be sent as it is, where a server knows no SCRAM */
};

enum xmpp_kind {
    XMPP_FRAME,   /* send `text` as one text frame */
    XMPP_UP,      /* signed in and ready. Not `resumed`: what was written meanwhile may hang in the
                     session that is gone, see xmpp_catch_up */
    XMPP_END,     /* close the socket after the frames before. `fatal`: a person must act, `todo`
                     says how; `url`: go there next; else next try after `delay_ms` at least */
    XMPP_MESSAGE, /* `jid` wrote `body`; xmpp_handled() with `number` once it is durable */
    XMPP_SENT,    /* proof: the server has the message of `key` */
    XMPP_BOUNCED, /* it came back from `jid`: `what`; `temporary`; `late`: after XMPP_SENT */
    XMPP_UNSURE,  /* the connection is gone for good: look it up */
    XMPP_FOUND,   /* look-up: it is there, `archive_id` */
    XMPP_MISSING, /* the archive was read and it is not there */
    XMPP_UNREADABLE, /* the archive could not be read: `what` */
    XMPP_CAUGHT_UP,  /* the end of xmpp_catch_up; `what` when it failed; `archive_id` of the last */
    XMPP_PRESENCE,   /* of `jid`: `show` */
    XMPP_CONTACT,    /* the roster's line about `jid` changed */
    XMPP_ASKS,       /* `jid` wants to see our presence: xmpp_admit() */
};

enum xmpp_show { XMPP_OFFLINE, XMPP_ONLINE, XMPP_CHATTY, XMPP_AWAY, XMPP_XA, XMPP_DND };

struct xmpp_item {
    struct xmpp_item *next;
    enum xmpp_kind kind;
    const char *text;
    size_t len;
    const char *jid;        /* bare */
    const char *key;        /* as given to xmpp_send or xmpp_look_up */
    const char *body, *id;  /* id: the sender's */
    const char *archive_id; /* our own server's: the one to tell repeats by; NULL: none */
    const char *reply_to;   /* id of the message that it answers, or NULL */
    msec_t at;              /* when it was written, as the server says, else now */
    uint64_t number;        /* for xmpp_handled; 0: no need */
    bool stranger;          /* no contact of ours */
    bool resumed, fatal, temporary, late;
    enum xmpp_show show;
    msec_t delay_ms;
    const char *what, *todo, *url;
};

struct xmpp_out {
    struct arena arena;
    struct xmpp_item *first, **last;
};

void xmpp_out_init(struct xmpp_out *out);
void xmpp_out_done(struct xmpp_out *out);
void xmpp_out_reset(struct xmpp_out *out);

struct xmpp;

/* Owns:   config is copied; *ret_xmpp is freed with xmpp_free.
 * Errors: -EINVAL a name or the password cannot be used; never shows the password. */
int xmpp_new(const struct xmpp_config *config, struct err *err, struct xmpp **ret_xmpp);
void xmpp_free(struct xmpp *xmpp); /* accepts NULL */

/* A websocket with the subprotocol is open. nonce: at least 16 printable random bytes without a
 * comma, another one each time. Leads to XMPP_UP or XMPP_END. */
void xmpp_open(struct xmpp *xmpp, const char *nonce, msec_t now, struct xmpp_out *out);
void xmpp_frame(struct xmpp *xmpp, const char *data, size_t len, msec_t now, struct xmpp_out *out);
/* The websocket is gone (harmless after XMPP_END). What was under way waits to be resumed. */
void xmpp_lost(struct xmpp *xmpp, msec_t now, struct xmpp_out *out);
/* Says good-bye; XMPP_END follows now. The session cannot be resumed. */
void xmpp_close(struct xmpp *xmpp, msec_t now, struct xmpp_out *out);

msec_t xmpp_due(const struct xmpp *xmpp); /* when to call xmpp_tick; MSEC_NEVER */
void xmpp_tick(struct xmpp *xmpp, msec_t now, struct xmpp_out *out);

bool xmpp_is_up(const struct xmpp *xmpp);
const char *xmpp_jid(const struct xmpp *xmpp); /* with its resource; "" before the first XMPP_UP */

/* Sends a message once: key is its id and its origin-id. Leads to exactly one of XMPP_SENT,
 * XMPP_BOUNCED, XMPP_UNSURE; within a resumed session it is sent again only where the server says
 * that it never had it.
 *
 * Errors (nothing was sent): -ENOTCONN not up; -EAGAIN too much waits for the server; -EALREADY
 *         the key is under way; -EINVAL no address; -EILSEQ characters that XML cannot hold;
 *         -E2BIG. */
int xmpp_send(struct xmpp *xmpp, const char *key, const char *to, const char *body, msec_t now,
              struct err *err, struct xmpp_out *out);

/* The same in the place of an earlier message of ours; a program that does not know how shows it as
 * one more. Source: XEP-0308. */
int xmpp_correct(struct xmpp *xmpp, const char *key, const char *to, const char *earlier,
                 const char *body, msec_t now, struct err *err, struct xmpp_out *out);

/* Whether a message with the key is in our archive, which is read back to `since`. Leads to exactly
 * one of XMPP_FOUND, XMPP_MISSING, XMPP_UNREADABLE.
 *
 * Errors: as xmpp_send; -EAGAIN too many look-ups. */
int xmpp_look_up(struct xmpp *xmpp, const char *key, const char *with, msec_t since, msec_t now,
                 struct err *err, struct xmpp_out *out);

/* What was written to us and never came: as XMPP_MESSAGE, then XMPP_CAUGHT_UP. after: the last
 * archive_id known, or NULL to begin at `since`. Errors: as xmpp_look_up. */
int xmpp_catch_up(struct xmpp *xmpp, const char *after, msec_t since, msec_t now, struct err *err,
                  struct xmpp_out *out);

/* The message is durable: only now the server may forget it. Any order. */
void xmpp_handled(struct xmpp *xmpp, uint64_t number, msec_t now, struct xmpp_out *out);

/* --- who may be messaged --- */

enum {
    XMPP_SEES_THEM = 1 << 0, /* their presence comes to us */
    XMPP_SEEN_BY = 1 << 1,   /* ours goes to them */
    XMPP_ASKED = 1 << 2,     /* we asked and wait */
};

unsigned xmpp_contact(const struct xmpp *xmpp, const char *jid); /* 0: a stranger */

/* Asks to see somebody's presence, which also makes us no stranger; once for all: nothing is sent
 * where it was asked or granted. Errors: as xmpp_send. */
int xmpp_subscribe(struct xmpp *xmpp, const char *jid, msec_t now, struct err *err,
                   struct xmpp_out *out);
/* The answer to XMPP_ASKS. Errors: as xmpp_send. */
int xmpp_admit(struct xmpp *xmpp, const char *jid, bool yes, msec_t now, struct err *err,
               struct xmpp_out *out);

/* --- addresses --- */

/* Errors: -EINVAL what is wrong. A resource is allowed. Source: RFC 7622 for ASCII; other letters
 * are taken as they are. */
int xmpp_jid_check(const char *jid, struct err *err);
/* Without resource, ASCII letters small. Owns: the arena. */
const char *xmpp_jid_bare(struct arena *arena, const char *jid);
bool xmpp_jid_same(const char *a, const char *b); /* bare, as above; NULL is nobody */
