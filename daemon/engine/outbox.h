/* outbox.h: messages on their way: planned, intent, sent, unknown, retry, dead, expired, cancelled.
 * Layer: engine (pure). Private to engine/. The state machine of the delivery design. */
#pragma once
#include "base/map.h"
#include "core/core.h"
#include "core/timer.h"
#include "engine/delivery.h"
#include "engine/ports.h"
#include "engine/store.h"

/* One bit for each final state: what stores want to know of them. */
static inline unsigned outbox_final_mask(void)
{
    return 1u << OUTBOX_SENT | 1u << OUTBOX_DEAD | 1u << OUTBOX_EXPIRED | 1u << OUTBOX_CANCELLED;
}

struct outbox_counts {
    uint64_t sent, dead, unknown_seen, retries;
};

struct outbox;

struct outbox_options {
    msec_t quiet_ms; /* after so long an accepted request cannot appear any more */
    /* The message will never arrive: tell the core; its rows go into the batch. */
    void (*failed)(void *user, const struct message *message, const char *why, msec_t now,
                   struct store_batch *batch);
    /* Makes a batch durable and calls outbox_committed(handle) after. */
    void (*commit)(void *user, struct store_batch *batch, void *handle);
    void *user;
};

struct outbox *outbox_new(struct core *core, const struct outbox_options *options);
void outbox_free(struct outbox *outbox); /* accepts NULL */
/* Nothing starts while it is held; what is under way comes to its end. */
void outbox_hold(struct outbox *outbox, bool hold);
/* Replies to the person and changes of what they were sent, still to be made, and what is on its
 * way or perhaps arrived. */
bool outbox_owes(const struct outbox *outbox, const char *person);
void outbox_set_counts(struct outbox *outbox, const struct outbox_counts *counts);
void outbox_set_quiet(struct outbox *outbox, msec_t quiet_ms);
/* The store is a backup that was put back: a daemon that it does not know of may have sent any
 * message since. Until then each new one is looked up before it leaves. */
void outbox_set_doubt(struct outbox *outbox, msec_t since, msec_t until);
void outbox_set_chat(struct outbox *outbox, const struct chat_port *chat);

/* From the store. An intent found there is unknown: the process may have died at any byte. */
int outbox_load(struct outbox *outbox, const struct row_outbox *row, msec_t now, struct err *err);

/* A new message of a step: its row goes into the step's batch. When it can leave at once its row is
 * an intent already, and *ret_handle is to be passed to outbox_committed with the batch. */
void outbox_add(struct outbox *outbox, const struct message *message, msec_t now,
                struct store_batch *batch, void **handle);

/* Of those on their way; NULL: it is none. Borrowed. */
const struct message *outbox_message(const struct outbox *outbox, const char *key);

/* The batch with these intents is durable: the requests start. */
void outbox_committed(struct outbox *outbox, void *handle, msec_t now);
void outbox_handle_free(void *handle);

void outbox_result(struct outbox *outbox, const struct chat_result *result, msec_t now);
void outbox_run(struct outbox *outbox, msec_t now); /* what is due or can leave */
msec_t outbox_next_wake(const struct outbox *outbox);
bool outbox_idle(const struct outbox *outbox, msec_t now);
/* Whether there is a message that would be sent by now if the platform had taken it. */
bool outbox_is_late(const struct outbox *outbox);
void outbox_sizes(const struct outbox *outbox, size_t *ret_all, size_t *ret_flight,
                  size_t *ret_unknown);
struct outbox_counts outbox_counts(const struct outbox *outbox);
