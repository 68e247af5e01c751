/* store_memory.h: the store without a disk, for simulate and for tests of the engine.
 * Layer: engine (pure). Lifetime: process. Depends on: store.
 *
 * Rows are visible to the load functions as soon as submit returns, so every prefix of the
 * submitted batches is a state that a crash can leave behind: store_memory_clone() after a submit
 * takes it. */
#pragma once
#include "engine/store.h"

struct store_memory_options {
    unsigned finished;    /* bit 1u << state for each outbox state that is an end */
    bool deferred;        /* done() waits for store_memory_pump() */
    bool discard_journal; /* journal rows are counted and forgotten */
    uint64_t fail_at;     /* the batch (1 is the first) whose commit fails; 0 none */
    int fail_status;      /* what done() is told then, a negative errno; 0 means -EIO */
};

/* An empty store. A batch without done() is freed by the store.
 *
 * Owns:   the caller ends it with ops->close. options NULL means all zero. */
struct store *store_memory_new(const struct store_memory_options *options);

/* Calls done() for the batches submitted before this call. Those that done() submits wait for the
 * next. Returns how many were called. */
size_t store_memory_pump(struct store *store);

/* What a restart would find now: all visible rows, no waiting batches, no failure ahead.
 *
 * Owns:   the caller closes the copy; nothing is shared with the original. */
struct store *store_memory_clone(const struct store *store,
                                 const struct store_memory_options *options);
