/* xmpp_private.h: what the files of the session share; nobody else includes it.
 * Layer: wire (pure).
 *
 * xmpp.c life, time and who reads which element; xmpp_sign_in.c from open to bind; xmpp_sm.c what
 * the server has acknowledged; xmpp_iq.c questions and answers; xmpp_start.c what is asked before
 * the session is up; xmpp_message.c messages; xmpp_archive.c look-ups; xmpp_contacts.c roster and
 * presence; xmpp_errors.c conditions; xmpp_jid.c addresses. */
#pragma once
#include "base/str.h"
#include "wire/scram.h"
#include "wire/xml.h"
#include "wire/xmpp.h"
#include "wire/xmpp_names.h"

enum { XMPP_IQS_MAX = 64, XMPP_WORDS_POINTS = 200 };

enum phase {
    PHASE_OFF,       /* no socket */
    PHASE_OPEN,      /* our <open/> is out */
    PHASE_FEATURES,  /* the server's came */
    PHASE_CHALLENGE, /* our first SASL message is out */
    PHASE_SUCCESS,   /* our proof is out */
    PHASE_RESUME,
    PHASE_BIND,
    PHASE_ENABLE, /* between bind and <enabled/> nothing may be sent: both sides begin to count */
    PHASE_START,  /* roster, archive and what the server can do */
    PHASE_UP,
};

/* A stanza that the server has not acknowledged. */
struct unacked {
    struct unacked *next;
    char *text;
    char *key, *to; /* of xmpp_send, until its end was told */
};

struct sm {
    bool on;  /* else a ping stands for the request to acknowledge */
    char *id; /* to resume with, or NULL */
    msec_t max_ms, resume_until;
    uint32_t sent, acked; /* ours, modulo 2^32 */
    struct unacked *first, **last;
    size_t count;
    bool asked;
    msec_t asked_at;
    uint32_t received; /* theirs */
    uint32_t epoch;    /* sessions so far: numbers of an old one mean nothing */
    uint32_t undone[XMPP_UNDONE_MAX];
    size_t undone_count;
};

struct xmpp_iq {
    unsigned serial; /* 0: free */
    const struct iq_kind *kind;
    uint32_t number; /* ping: stanzas sent, with it */
    size_t query;
};

/* What becomes of the answer. answer is an <iq/> of type result or error. */
struct iq_kind {
    const char *name;
    void (*on_answer)(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer);
};

struct query {
    unsigned serial;    /* of the whole query: its queryid; 0: free */
    char *key, *with;   /* NULL: catches up */
    msec_t since;       /* or MSEC_NONE */
    char *edge, *found; /* archive ids; edge: where the next page begins */
    unsigned pages;
    bool seen;      /* this page has something */
    msec_t oldest;  /* of it */
    unsigned empty; /* pages that have nothing, in a row */
    bool waits;     /* the next page, until the caller has stored enough of this one */
    msec_t deadline;
};

struct contact {
    char *jid;
    unsigned flags;
};

struct xmpp {
    char *user, *domain, *bare, *password, *resource, *jid;
    bool secure, plain;

    struct xmpp_out *out; /* of the call under way */
    msec_t now;
    enum phase phase;
    msec_t deadline, heard; /* of the phase; when the last frame came */
    uint64_t number;        /* of the stanza being read; 0: it is not counted */

    bool signed_in, verified, offers_sm; /* on this socket; verified: the server proved itself */
    char *nonce;
    struct scram scram;
    struct scram_salted salted;
    unsigned hops;

    struct sm sm;
    unsigned serial;
    struct xmpp_iq iqs[XMPP_IQS_MAX];
    unsigned starting; /* questions of PHASE_START without an answer */
    bool archive, sids, readable;
    struct query queries[XMPP_LOOKUPS_MAX];

    struct contact *contacts; /* sorted */
    size_t contact_count, contact_cap;
};

/* xmpp.c */
struct xmpp_item *xmpp_add(struct xmpp *xmpp, enum xmpp_kind kind);
void xmpp_say(struct xmpp *xmpp, const struct strbuf *text); /* a frame that is not counted */
void xmpp_enter(struct xmpp *xmpp, enum phase phase);
/* XMPP_END, unless it was said; the phase is off after. */
void xmpp_end(struct xmpp *xmpp, const char *what);
void xmpp_end_with(struct xmpp *xmpp, const struct xmpp_item *end);

/* xmpp_sign_in.c */
void xmpp_send_open(struct xmpp *xmpp);
void xmpp_on_open(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_features(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_challenge(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_success(struct xmpp *xmpp, const struct xml *node);
void xmpp_bind(struct xmpp *xmpp);
void xmpp_on_bound(struct xmpp *xmpp, const struct xml *node);

/* xmpp_sm.c */
/* Sends a counted stanza. key and to: see struct unacked, else NULL. */
void sm_put(struct xmpp *xmpp, const struct strbuf *text, const char *key, const char *to);
bool sm_has_room(const struct xmpp *xmpp, size_t spare);
void sm_ask(struct xmpp *xmpp);
void sm_ask_if_due(struct xmpp *xmpp); /* something waits and nothing is asked */
void sm_acked(struct xmpp *xmpp, uint32_t number);
struct unacked *sm_find(const struct xmpp *xmpp, const char *key);
void sm_settle(struct unacked *unacked);   /* its end was told */
void sm_begin(struct xmpp *xmpp, bool on); /* a new count */
void sm_give_up(struct xmpp *xmpp);        /* what is left is unsure */
void sm_drop(struct xmpp *xmpp);           /* the same, quietly */
void sm_resume(struct xmpp *xmpp);
void xmpp_on_enabled(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_resumed(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_sm_failed(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_ask(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_ack(struct xmpp *xmpp, const struct xml *node);
/* A message goes out to the caller: its number, which is not handled before it says so. */
uint64_t sm_undone(struct xmpp *xmpp);
void sm_handled(struct xmpp *xmpp, uint64_t number);

/* xmpp_iq.c */
extern const struct iq_kind iq_ping;
unsigned xmpp_serial(struct xmpp *xmpp); /* never 0 */
/* Remembers a question; its id is "g" and the serial. 0 (and the end): too many are open. */
unsigned iq_new(struct xmpp *xmpp, const struct iq_kind *kind, uint32_t number, size_t query);
void iq_forget(struct xmpp *xmpp, const struct iq_kind *kind, size_t query);
void iq_forget_all(struct xmpp *xmpp);
void xmpp_on_iq(struct xmpp *xmpp, const struct xml *node);
/* From our own account or server. */
bool xmpp_is_own(const struct xmpp *xmpp, const char *from);

/* xmpp_start.c */
void xmpp_start(struct xmpp *xmpp);
void xmpp_up(struct xmpp *xmpp, bool resumed);

/* xmpp_message.c */
void xmpp_on_message(struct xmpp *xmpp, const struct xml *node);
/* A message that somebody wrote, live or out of the archive (then its id there). */
void xmpp_take_message(struct xmpp *xmpp, const struct xml *message, const char *archive_id,
                       const struct xml *delay);

/* xmpp_archive.c */
void xmpp_on_result(struct xmpp *xmpp, const struct xml *result);
int archive_ask(struct xmpp *xmpp, const char *key, const char *with, const char *after,
                msec_t since, struct err *err);
void archive_go_on(struct xmpp *xmpp); /* more may be stored now */
msec_t archive_due(const struct xmpp *xmpp);
void archive_tick(struct xmpp *xmpp);
void archive_give_up(struct xmpp *xmpp); /* all queries end unread */
void archive_drop(struct xmpp *xmpp);    /* the same, quietly */

/* xmpp_contacts.c */
void contacts_read(struct xmpp *xmpp, const struct xml *query, bool all);
void contact_set(struct xmpp *xmpp, const char *jid, unsigned flags);
void contacts_drop(struct xmpp *xmpp);
void xmpp_on_presence(struct xmpp *xmpp, const struct xml *node);

/* xmpp_errors.c: what a condition means and what to do about it. */
void xmpp_on_failure(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_stream_error(struct xmpp *xmpp, const struct xml *node);
void xmpp_on_close(struct xmpp *xmpp, const struct xml *node);
/* "item-not-found (the server's own words)"; node is an <iq/> or <message/> of type error. */
const char *xmpp_error_words(struct xmpp *xmpp, const struct xml *node, bool *ret_temporary);
