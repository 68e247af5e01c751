/* delivery.h: the life of one message on its way to a platform, as a pure function: what is known
 * of it and what happened give what is known next. The outbox runs it; a test enumerates it. Layer:
 * engine (pure). Private to engine/. Source: the delivery design, "Terms and state machine".
 *
 *   planned -> intent -> sent | unknown | retry | dead
 *   unknown -> sent | planned (two misses a quiet period apart, or `unknown: resend`) | expired |
 * dead planned, retry -> cancelled | expired
 *
 * A message that was suppressed never came so far: the decision not to send is a row of its own. */
#pragma once
#include <stdbool.h>

#include "base/msec.h"
#include "core/rule.h"
#include "wire/result.h"

enum outbox_state {
    OUTBOX_PLANNED = 1,
    OUTBOX_INTENT = 2, /* a request may be on its way */
    OUTBOX_SENT = 3,
    OUTBOX_UNKNOWN = 4,
    OUTBOX_RETRY = 5,
    OUTBOX_DEAD = 6,
    OUTBOX_EXPIRED = 7,
    OUTBOX_CANCELLED = 8,
};

enum {
    DELIVERY_ATTEMPTS_MAX = 50,
    DELIVERY_LOOKUP_AGAIN_MS = 5000, /* of a history that could not be read */
};

struct delivery {
    enum outbox_state state;
    int attempt;
    int unreadable;   /* look-ups in a row that told nothing */
    bool missed;      /* one look-up found nothing */
    msec_t second_at; /* a second miss counts from then on */
    msec_t intent_at; /* when the last attempt began */
};

/* What does not change while it is on its way. */
struct delivery_terms {
    const char *key;
    bool harmless; /* to repeat: needs no look-up */
    enum rule_unknown policy;
    msec_t expires;
    msec_t quiet_ms; /* after so long an accepted request cannot appear any more; 0: at once */
};

enum delivery_step {
    DELIVERY_NOW,  /* go on: send, or look up when it is unsure */
    DELIVERY_WAIT, /* until `at` */
    DELIVERY_END,
};

struct delivery_next {
    enum delivery_step step;
    msec_t at;
    bool stored;     /* the row changes */
    const char *why; /* the end, when it is not `sent`; NULL: the platform's own word */
};

bool outbox_is_final(enum outbox_state state);

/* To be looked up, and not to be sent. */
bool delivery_is_unsure(const struct delivery *delivery, const struct delivery_terms *terms);

/* An attempt begins; its row must be durable before the first byte leaves. */
void delivery_leave(struct delivery *delivery, msec_t now);

/* The facts speak against an attempt: cancelled or expired. */
void delivery_stop(struct delivery *delivery, enum outbox_state end);

/* An answer of the platform. What does not fit the question is no proof of anything. */
struct delivery_next delivery_answer(struct delivery *delivery, const struct delivery_terms *terms,
                                     const struct chat_result *result, msec_t now);

/* What a restart makes of a row that was not at its end, and when to go on. due: of the row.
 * An intent is unknown: the process may have died at any byte. */
msec_t delivery_restart(struct delivery *delivery, msec_t due, msec_t now);
