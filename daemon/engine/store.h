/* store.h: what the engine needs of durable memory; the SQLite, in-memory and later stores
 * implement it. Layer: engine (pure: the implementations live in io). Depends on: base. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/msec.h"

/* What happened. The numeric columns let a restart rebuild effort facts without parsing `body`. */
struct row_journal {
    msec_t at;              /* when the engine took it; never less than in the row before */
    msec_t time;            /* when it happened */
    struct hash128 id;      /* of source and id: the duplicate window */
    int type;               /* enum event_type */
    int kind, direction;    /* enums of core/event.h, 0 when not an activity */
    uint64_t flags;         /* of struct fact_row */
    const char *rep, *deal; /* NULL when the event has none */
    const char *body;       /* the event as canonical JSON */
};

/* What is true: (kind, key) has exactly one value. */
struct row_state {
    int kind;
    const char *key;
    const char *value; /* JSON; NULL deletes the row */
};

/* What to say: one row a message, `key` unique for ever (a second insert of a key is ignored).
 * Fields that are NULL or negative keep their stored value when `update` is set. */
struct row_outbox {
    bool update;
    const char *key;
    int state; /* enum outbox_state */
    int attempt;
    msec_t at;       /* decided */
    msec_t due;      /* not to be sent before */
    msec_t deadline; /* of the running attempt, MSEC_NONE when none */
    const char *rule, *rep, *deal;
    const char *message; /* JSON of struct message; kept until retention empties it */
    const char *channel; /* the platform's place and id of what was sent */
    const char *platform_id;
};

/* Why, or why not. */
struct row_decision {
    msec_t at; /* never less than in the row before */
    const char *rep, *rule, *outcome;
    const char *line; /* the decision line of interfaces.md, JSON */
};

/* A person, by all that can stand for them in a row. */
struct personal {
    const char *id, *name; /* name: as people.yaml has it, or NULL */
    const char **keys;     /* chat, e-mail, CRM ids; only those that are nobody else's */
    size_t key_count;
    const char *pseudonym; /* what is put in their place */
};

/* Retention: what is older than these moments goes, at most so many rows of each table. */
struct row_sweep {
    msec_t journal, decisions;
    msec_t messages; /* words and places of messages that have ended */
    msec_t outbox;   /* and all the rest of them */
    msec_t accesses; /* state rows of this kind, whose keys begin with their time */
    int access_kind;
    int most;
};

/* Keys that begin with a time: those before it are less than this text. */
enum { SWEEP_KEY_BYTES = 24 };
void sweep_key(msec_t before, char ret[SWEEP_KEY_BYTES]);

enum row_type {
    ROW_JOURNAL,
    ROW_STATE,
    ROW_OUTBOX,
    ROW_DECISION,
    ROW_ERASE, /* an order: all rows become what personal_erase() makes of them, and no byte of what
                  was there stays in the files */
    ROW_SWEEP, /* an order */
};

struct row {
    enum row_type type;
    union {
        struct row_journal journal;
        struct row_state state;
        struct row_outbox outbox;
        struct row_decision decision;
        struct personal erase;
        struct row_sweep sweep;
    };
};

/* Rows that become durable together. Owns: everything the rows point to lives in `arena`. */
struct store_batch {
    struct arena arena;
    struct row *rows;
    size_t count, cap;
    void (*done)(void *user, struct store_batch *batch, int status); /* 0 or -errno; loop thread */
    void *user;
    struct store_batch *next; /* the store's queue */
};

struct store_batch *store_batch_new(void);
void store_batch_free(struct store_batch *batch);                       /* accepts NULL */
void store_batch_add(struct store_batch *batch, const struct row *row); /* copies the text */

/* Called once a row while loading; row and text are borrowed for the call. 0 goes on, else stops.
 */
typedef int (*store_visit)(void *user, const struct row *row);

struct store_count {
    uint64_t journal, decisions, outbox, states;
};

struct store;

struct store_ops {
    const char *name;
    /* Queues the batch and owns it until done() was called; batches become durable in order, many
     * in one transaction. done() is called on the loop's thread, in order. */
    void (*submit)(struct store *store, struct store_batch *batch);
    size_t (*queued)(const struct store *store); /* rows submitted and not yet durable */

    /* Blocking reads, for start and for commands. -errno with err filled on failure. */
    int (*load_states)(struct store *store, store_visit visit, void *user, struct err *err);
    int (*load_kind)(struct store *store, int kind, store_visit visit, void *user,
                     struct err *err); /* the states of one kind */
    int (*load_journal)(struct store *store, msec_t since_at, bool with_body, store_visit visit,
                        void *user, struct err *err); /* in the order of arrival */
    int (*load_outbox)(struct store *store, msec_t since_at, store_visit visit, void *user,
                       struct err *err); /* all unfinished rows, and finished ones decided since;
                                            message only for the unfinished */
    /* Decisions of one rep (NULL all), newest first, from <= at < to, at most `limit`. */
    int (*load_decisions)(struct store *store, const char *rep, msec_t from, msec_t to,
                          size_t limit, store_visit visit, void *user, struct err *err);
    /* Every row of every table with all its columns: states, journal, outbox, decisions. */
    int (*load_all)(struct store *store, store_visit visit, void *user, struct err *err);
    int (*count)(struct store *store, struct store_count *ret, struct err *err);
    /* Waits for all batches, calls their done(), closes. */
    void (*close)(struct store *store);
};

/* Each implementation starts with this. */
struct store {
    const struct store_ops *ops;
};
