/* engine_impl.h: what the files of the engine share.
 * Layer: engine (pure). Private to engine*.c and forget.c. */
#pragma once
#include "base/hash.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/seen.h"

/* Somebody who is to be erased. */
struct forget {
    char *id;
    msec_t at;    /* of the wish */
    msec_t since; /* when it was first worked on here, or MSEC_NONE */
};

/* How the latest erasures ended, for whoever asks: nobody can be read from a hash with an id of no
 * row behind it, and it goes with the process. */
struct forget_end {
    struct hash128 who;
    size_t left; /* messages on the platform that stand as they were */
};
enum { FORGET_ENDS = 8 };

struct forgets {
    struct forget *list; /* in the order of the wishes; the first is at work */
    size_t count, cap;
    bool busy;    /* inside forget_step() */
    bool door;    /* nothing is taken: the rows about to go must be the last ones */
    bool erasing; /* the order is with the store */
    bool erased;  /* and durable */
    size_t left;  /* as in struct forget_end, of the one whose order is with the store */
    struct forget_end ends[FORGET_ENDS]; /* a ring */
    size_t end_count;                    /* ever */
};

struct engine {
    struct core *core;
    struct store *store;
    struct outbox *outbox;
    struct engine_options options;
    struct seen seen;
    struct step step;
    struct chat_port chat;
    msec_t now; /* newest instant; never goes back */
    msec_t last_at;
    size_t uncommitted; /* batches */
    bool closing, has_secret, has_chat;
    bool was_restored; /* this start found that the store is a backup */
    struct forgets forgets;
    int inside;   /* calls of the outbox under way: it must not be replaced in one */
    msec_t swept; /* when retention last ran */
    int64_t gone; /* people who were erased so far: names their rows that stay */
    struct engine_stats stats;
};

/* engine.c */
void engine_submit(struct engine *engine, struct store_batch *batch, void *intents,
                   engine_done done, void *user);
/* The step's intents as rows; what can leave at once is collected in *intents. */
void engine_add_intents(struct engine *engine, const struct step *step, struct store_batch *batch,
                        void **intents);
/* Core and outbox anew, from what the store has: as after a restart. */
int engine_rebuild(struct engine *engine, struct err *err);

/* forget.c */
/* A row that a step or the store brought: perhaps a wish. */
void forget_row(struct engine *engine, const struct row_state *row);
/* Goes as far as it can go now. */
void forget_step(struct engine *engine);
msec_t forget_wake(const struct engine *engine);
void forgets_done(struct forgets *forgets);
