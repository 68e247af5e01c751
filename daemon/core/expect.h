/* expect.h: what an event that comes soon will need is fetched from memory while others are
 * decided. Nothing is decided or changed by it: without it all comes out the same, only later.
 * Layer: core (pure). */
#pragma once
#include <stdint.h>

struct core;
struct event;

/* What is known of a deal or a person hangs on a chain of pointers, and each link of it may have
 * left the caches: a step for each, with other events between two steps. */
enum expect_step {
    EXPECT_SLOTS,  /* where the maps keep the deal and the person */
    EXPECT_ROWS,   /* the deal and the person */
    EXPECT_PARTS,  /* what hangs on them */
    EXPECT_BEHIND, /* what hangs on that */
    EXPECT_STEPS
};

/* Whom and what an event is about, as far as that is needed here. */
struct expected {
    uint64_t deal, rep; /* hashes of their keys; 0: none is named */
};

struct expected core_expected(const struct event *event);
void core_expect(const struct core *core, const struct expected *expected, enum expect_step step);
