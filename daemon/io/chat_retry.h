/* chat_retry.h: when a connection may be tried again: back-off, and a budget of sign-ins a day.
 * Layer: io, but pure: time and random numbers are given. Lifetime: the owner's.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015. */
#pragma once
#include <stdbool.h>

#include "base/msec.h"
#include "io/chat_rate.h"

enum {
    CHAT_STABLE_MS = 60000, /* up so long: the back-off begins anew */
    CHAT_SIGNINS_PER_DAY = 240,
    CHAT_SIGNINS_BURST = 60, /* at most 300 in any day */
};

struct chat_retry {
    uint64_t first_ms, most_ms; /* ceilings of the waits */
    unsigned failures;          /* in a row */
    struct rate signins;
    uint64_t (*random)(void *user);
    void *user;
};

/* full_at: when the budget is as if never used, as retry_full_at said before a restart; 0: it was
 * never used. Both clocks are needed: the budget outlives the monotonic one. */
void retry_init(struct chat_retry *retry, msec_t full_at, msec_t wall, int64_t now_ms);

/* Any time up to a ceiling that doubles with each failure; 0 .. most_ms. */
int64_t retry_wait_ms(struct chat_retry *retry);
int64_t retry_jitter(struct chat_retry *retry, uint64_t ceiling_ms);
uint64_t retry_ceiling(const struct chat_retry *retry);

int64_t retry_budget_ms(const struct chat_retry *retry, int64_t now_ms); /* 0: one is left */
void retry_signin(struct chat_retry *retry, int64_t now_ms); /* an attempt: it may sign in */
void retry_not_signed_in(struct chat_retry *retry);          /* after all: it is given back */
void retry_ended(struct chat_retry *retry,
                 int64_t lasted_ms); /* a connection that was up is lost */

msec_t retry_full_at(const struct chat_retry *retry, msec_t wall, int64_t now_ms);
unsigned retry_spent(const struct chat_retry *retry, int64_t now_ms);
