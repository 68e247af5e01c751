/* engine.h: the order of things: journal, step, commit, execute, recover.
 * Layer: engine (pure: time comes in, store and chat are ports). Lifetime: process.
 *
 * Nothing is visible before it is durable: an event is acknowledged, and a message leaves, only
 * after the transaction that holds it was committed. */
#pragma once
#include "core/core.h"
#include "engine/ports.h"
#include "engine/store.h"

struct engine;

struct engine_hooks {
    /* The store failed: nothing can be promised any more; the process should end. */
    void (*failed)(void *user, int status);
    /* One decision, as it is made. */
    void (*decided)(void *user, const struct decision *decision);
    /* All that was kept of a person is gone, in memory and in the store. `id` is still readable.
     * left: messages of the last two weeks that the platform did not let us blank. */
    void (*erased)(void *user, const char *id, size_t left);
    /* Something that a page shows has changed. */
    void (*changed)(void *user);
    void *user;
};

struct engine_options {
    struct core_options core; /* the secret is used when the store has none yet */
    msec_t quiet_ms;          /* after so long an accepted request cannot appear any more */
    bool restored;            /* the store is a backup that was put back */
    struct engine_hooks hooks;
};

/* Loads everything and is ready. Borrows book and store.
 * Errors: -errno of the store, -EINVAL for rows that cannot be read. */
int engine_open(const struct book *book, struct store *store, const struct engine_options *options,
                msec_t now, struct err *err, struct engine **ret);
void engine_close(struct engine *engine); /* accepts NULL; the store stays the caller's */

/* From now on nothing new leaves; commits still count down. Call before closing the store. */
void engine_stop(struct engine *engine);

void engine_set_chat(struct engine *engine, const struct chat_port *chat);

enum engine_taken { ENGINE_TAKEN, ENGINE_REPEATED, ENGINE_FULL };

/* Takes one event. `done` (may be NULL) is called once it is durable, with 0 or -errno: later, or
 * from inside for a repeated event that is durable already. ENGINE_FULL: nothing was taken, done is
 * not called. */
typedef void (*engine_done)(void *user, int status);
enum engine_taken engine_take(struct engine *engine, const struct event *event, msec_t now,
                              engine_done done, void *user);

/* Whether an event with this key was taken lately. */
bool engine_has_seen(const struct engine *engine, struct hash128 key, msec_t now);

/* What is due: schedules, waits, retries, look-ups. */
void engine_tick(struct engine *engine, msec_t now);
msec_t engine_next_wake(const struct engine *engine);

/* The chat's answer to a send or a look-up; and: the chat may take more now. */
void engine_result(struct engine *engine, const struct chat_result *result, msec_t now);
void engine_chat_ready(struct engine *engine, msec_t now);

/* Whether somebody waits to be erased; id NULL: anybody. */
bool engine_forgets(const struct engine *engine, const char *id);
/* How many messages could not be blanked when this person was erased; 0 also when nobody knows. */
size_t engine_forget_left(const struct engine *engine, const char *id);

/* True when all is durable and nothing that is due waits to be sent. */
bool engine_idle(const struct engine *engine);
/* Whether there is a message that would be sent by now if the platform had taken it. */
bool engine_is_late(const struct engine *engine);

/* What the daemon itself wants kept and told, in the same transaction. */
struct engine_notice {
    const char *to; /* as in core_notice() */
    const char *occurrence, *text;
};

struct engine_own {
    const struct row_state *rows;
    size_t row_count;
    const struct engine_notice *notices;
    size_t notice_count;
    engine_done done; /* of engine_keep(), once it is durable; or NULL */
    void *user;
};

/* The new book is in force when this returns; the old one may be freed. own may be NULL.
 * Errors: of reading the journal for what only the new book looks at; the book is in force all the
 * same. */
int engine_set_book(struct engine *engine, const struct book *book, msec_t now,
                    const struct engine_own *own, struct err *err);
void engine_keep(struct engine *engine, const struct engine_own *own, msec_t now);

/* Whether this start began with a backup that was put back: options.restored, or word of it in the
 * store. */
bool engine_was_restored(const struct engine *engine);

/* One such notice to exactly this person: its key is written, and done() is called once it is
 * durable. False: nobody by that id can hear it. */
bool engine_say(struct engine *engine, const struct engine_notice *notice, msec_t now,
                char ret_key[MESSAGE_KEY_BYTES], engine_done done, void *user);
/* Why the message with this key does not leave yet, and from when on it may (MSEC_NONE: not known).
 * NULL: nothing of the rules holds it, or it is not among those on their way. */
const char *engine_held(const struct engine *engine, const char *key, msec_t now,
                        msec_t *ret_until);

struct core *engine_core(struct engine *engine); /* to look in */
msec_t
engine_last_at(const struct engine *engine); /* newest instant the store knew at start, or 0 */

struct engine_stats {
    uint64_t events, repeated, decisions, sent, dead, unknown_seen, retries;
    size_t outbox, in_flight, unknown, uncommitted;
    msec_t last_event;
};
struct engine_stats engine_stats(const struct engine *engine);
