/* poll.h: asking a CRM what has happened since: which requests, and what their answers say.
 * Layer: wire (pure: moments are handed in). Lifetime: a poll lives as long as its configuration is
 * in force; what a round reads lives in the round's arena.
 *
 * A round is one talk with the CRM: poll_begin(), then poll_ask() and poll_read() in turns until it
 * is over. Its events are handed out on the way, the cursor moves at its end (or at the end of a
 * part that holds all up to there): whoever keeps events and cursor in that order loses nothing
 * and, as each round begins a little before the last one ended, misses nothing that a CRM wrote
 * down late. What was read twice is known by its id.
 *
 * A new source is one file with a `const struct poll_kind poll_NAME` and a row in poll_list.h. */
#pragma once
#include "wire/crm.h"

enum {
    POLL_HEADERS_MAX = 4,
    POLL_SEEN_MAX = 2000, /* ids of one round that the next one may read again */
    POLL_PLACE_BYTES = 200,
    POLL_URL_BYTES = 4000,
    POLL_TEXT_BYTES = 4000, /* of a token or an address in an answer */
};

/* What the configuration says. Texts are borrowed, but for the secret. */
struct poll_setup {
    const char *intake;   /* its name */
    const char *url;      /* where to ask, and to sign in unless sign_in says so; without "/" at its
                             end. NULL: the CRM tells it to who signs in */
    const char *sign_in;  /* or NULL */
    const char *account;  /* whose data it is; NULL: told apart by the intake's name */
    const char *client;   /* of OAuth; or NULL */
    const char *user;     /* who is signed in; or NULL */
    const char *secret;   /* key in PEM, client secret or token */
    const char *refresh;  /* a second secret: the refresh token; or NULL */
    const char *tenant;   /* who signs in belongs to; or NULL */
    const char *currency; /* of amounts without one; or NULL */
    msec_t since;         /* how far back the first round looks */
};

/* How far it has come. Owns: `place` and `seen` are the poll's. */
struct poll_cursor {
    msec_t until;   /* all before it was read; MSEC_NONE: nothing yet */
    char *place;    /* the CRM's own mark; or NULL */
    uint64_t *seen; /* hashes of the ids that the last round read */
    size_t seen_count;
};

struct poll_request {
    const char *method, *url;
    const char *headers[POLL_HEADERS_MAX + 1]; /* "Name: value" */
    const char *content_type, *body;           /* NULL: none */
};

struct poll_reply {
    long status;
    const char *body;
    size_t length;
    msec_t date; /* by the CRM's clock, or MSEC_NONE */
};

/* What is known of a deal, where that decides what an answer means. */
struct poll_deal {
    const char *owner, *stage, *currency;
    int64_t amount;
    bool deleted;
};

struct poll_world {
    const struct book *book;
    bool (*deal)(void *user, const char *id, struct poll_deal *ret); /* false: not known */
    int (*event)(void *user, const struct event *event);             /* as of struct crm_out */
    void (*want)(void *user, const struct crm_want *want);           /* NULL: nobody reads back */
    void *user;
};

struct poll {
    const struct poll_kind *kind;
    struct poll_setup setup;
    struct poll_cursor cursor;

    /* of the session with the CRM */
    char *token, *base; /* base: where the CRM wants to be asked, or NULL: at setup.url */
    bool renewed;       /* the token was asked for because of a 401 */
    const char *lacks;  /* what the CRM does not show and is done without; or NULL */

    /* of the round */
    struct arena arena, page; /* page: emptied at each answer that is read whole */
    int step;                 /* POLL_IDLE, POLL_TOKEN or the kind's own */
    int after_token;          /* the step that needed it */
    msec_t now, from;         /* of its beginning; where it begins to read */
    const char *more;         /* address or mark of the next page, in the arena, or NULL */
    const char *place;        /* the mark that will be kept, in the arena */
    void *own;                /* the kind's, in the arena */
    uint64_t *seen;
    size_t seen_count, seen_cap;
    const struct poll_world *world; /* while an answer is read */
    struct crm_request request;
    int at_once;                  /* records that one request asks for */
    int read, ignored;            /* events handed out, notes without interest */
    const struct crm_want *wants; /* reading back: the records of this round (read_back.h) */
    size_t want_count;
};

enum { POLL_IDLE = 0, POLL_TOKEN = -1 };

struct poll_kind {
    const char *name;   /* as the intake's kind */
    msec_t overlap;     /* a round begins so long before the last one ended */
    int first;          /* step */
    int at_once;        /* records; fewer where an answer is too long. 0: the CRM decides */
    bool signs_in;      /* a token is asked for first */
    bool reads_gone;    /* read() wants answers of status 404 too */
    const char *unread; /* a member of its answers that nobody needs, however long; or NULL */
    bool tells_all;     /* whatever a webhook tells of deals and effort, its rounds bring */
    bool (*reads)(const struct poll *poll, long status); /* or of others; NULL: no */
    /* What to look at where the CRM refuses to sign in, or to show something; or NULL. */
    const char *secrets, *rights;
    const char *no_right; /* in an answer of status 401: not the token is too old; or NULL */

    /* Reading back: how many such records one round may read; 0: none. */
    int (*takes)(const struct crm_want *want);

    /* Errors: -EINVAL the secret is of no use. NULL: any text will do. */
    int (*check)(const struct poll_setup *setup, struct err *err);
    /* The request for a token. */
    int (*sign_in)(struct poll *poll, struct poll_request *ret, struct err *err);
    /* The request of poll->step. */
    int (*ask)(struct poll *poll, struct poll_request *ret, struct err *err);
    /* Reads its answer, of status 200, 204 or 207, and sets the next step; POLL_IDLE: the round is
     * over.
     */
    int (*read)(struct poll *poll, const struct poll_reply *reply, struct err *err);
};

const struct poll_kind *poll_find(const char *name); /* or NULL */

/* setup's texts are copied but for those that are borrowed. Owns: poll_done(). */
void poll_init(struct poll *poll, const struct poll_kind *kind, const struct poll_setup *setup);
void poll_done(struct poll *poll);

/* Starts a round, or starts it anew. now: wall clock. */
void poll_begin(struct poll *poll, msec_t now);
void poll_abort(struct poll *poll); /* what was read stays read, the cursor stays where it was */

/* The next request; its texts live until the next call.
 * Errors: -EINVAL no request can be made (a key, an address). */
int poll_ask(struct poll *poll, struct poll_request *ret, struct err *err);

enum { POLL_ON, POLL_OVER };

/* Reads the answer. POLL_ON: ask again. POLL_OVER: the cursor has moved on.
 * Errors: -EAGAIN the CRM refuses for now (429, 5xx), -EACCES it refuses the token or the rights,
 * -EINVAL it answers what cannot be read; what `event` returned. err has words without secrets. */
int poll_read(struct poll *poll, const struct poll_reply *reply, const struct poll_world *world,
              struct err *err);

/* Asks for half as many records from now on. False: it cannot be asked for less, and what is too
 * long stays so. */
bool poll_ask_less(struct poll *poll);

/* The cursor as JSON, and back. Text that cannot be read, or is of another CRM or address, is a
 * cursor that has read nothing. */
void poll_cursor_write(const struct poll *poll, struct strbuf *out);
void poll_cursor_read(struct poll *poll, const char *json);
