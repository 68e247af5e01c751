/* near.h: why a rule that waits for an event of this type did not come to its gates.
 * Layer: core (pure). Depends on: core. */
#pragma once
#include "core/core.h"

enum near_kind {
    NEAR_NOT,     /* the rule does not wait for events of this type, or nobody we know did it */
    NEAR_HISTORY, /* the event was heard of too late to decide anything */
    NEAR_NO_REP,  /* it is about somebody who is not asked: a manager, or a person who has left */
    NEAR_WHEN,    /* a field under `when` did not fit */
    NEAR_IF,      /* a condition under `if` did not hold */
    NEAR_WAITS,   /* all held: the wait of `for` began */
    NEAR_HOLDS,   /* all holds: it went on to the gates */
    NEAR_BEFORE,  /* it is decided ahead of something */
    NEAR_AFTER,   /* it is decided some time later */
    NEAR_MISSING, /* what the rule misses was there */
};

/* When the core is asked: right behind the step of the event, or long afterwards, when of that
 * moment only the event's own fields are still known. */
enum near_view { NEAR_THEN, NEAR_AFTERWARDS };

struct near {
    enum near_kind kind;
    const char *rep;            /* whom the event is about */
    const char *deal;           /* or NULL */
    const char *field;          /* the first that did not hold, as rules name it; NULL: several */
    const char *found, *wanted; /* values in words */
    const char *why;            /* "to is qualify, the rule wants propose" */
    const char *remedy;         /* one sentence: what would have changed it */
    bool unsure;                /* judged by what is known now, not by what was known then */
};

/* Whom an event is about, or NULL when it is nobody we know. Borrowed from the core. */
const char *core_event_rep(const struct core *core, const struct event *event);

/* Asks the rule's conditions about the event. NEAR_AFTERWARDS looks at the event's own fields first
 * and marks as unsure what rests on anything else.
 *
 * Owns:   the texts live in the arena or are the book's and the core's. */
struct near core_near(const struct core *core, const struct event *event, const struct rule *rule,
                      enum near_view view, struct arena *arena);

/* The same for a rule with a schedule that was due for this person within from <= t < to; NEAR_NOT
 * when it was not. *ret_due is its moment, *ret_occurrence its name in decisions.
 *
 * Owns:   as core_near(). */
struct near core_near_due(const struct core *core, const char *rep, const struct rule *rule,
                          msec_t from, msec_t to, enum near_view view, struct arena *arena,
                          msec_t *ret_due, const char **ret_occurrence);
