/* goal.h: what a person wants to reach, and why; the next slice of it. Private to core/.
 * Layer: core (pure). Lifetime: process.
 *
 * A goal is what events and the person's own words say; the slice is worked out whenever somebody
 * asks, from the facts and, for won deals, from the team's own funnel. */
#pragma once
#include "core/funnel.h"
#include "core/parts.h"

enum { GOALS_MAX = 10, GOAL_REASONS_MAX = 20, GOAL_NUMBER_MAX = 1000000000 };

/* What a goal counts. */
enum goal_count {
    COUNT_OTHER,
    COUNT_KIND,
    COUNT_FIRST,
    COUNT_INTERNAL,
    COUNT_ACT,
    COUNT_WON,
    COUNT_AMOUNT,
    COUNT_BEHAVIOUR /* what shows it */
};

struct goal_unit {
    const char *one, *many; /* "call", "calls" */
    const char *also;       /* other words for it, with '|' between; or NULL */
    enum goal_count count;
    /* COUNT_KIND: of the activity; NULL: any. COUNT_ACT: of coaching. COUNT_BEHAVIOUR: its id */
    const char *kind;
};

struct goal {
    char *id, *metric, *period;
    char *words;            /* the person's own, or NULL */
    int64_t target, actual; /* thousandths; actual NUMBER_NONE: nobody has said */
    bool assigned;          /* handed down; own words make it the person's own */
    bool result;            /* kind: result */
    struct stamp set, moved;
};

struct reason {
    char *words;
    msec_t at;
};

struct goals {
    struct goal *list; /* sorted by id */
    int count, cap;
    struct reason *reasons; /* in order of time */
    int reason_count, reason_cap;
};

/* goal.c */
void goal_event(struct core *core, struct step *step, const struct event *event,
                struct person *rep);
struct goal *goal_get(struct person *person, const char *id);        /* made when absent */
struct goal *goal_find(const struct person *person, const char *id); /* or NULL */
void goal_drop(struct person *person, struct goal *goal);
bool goal_is_own(const struct goal *goal);
/* The goal that questions are about: the event's, else an own one before one that was handed down.
 * NULL: there is none. */
const struct goal *goal_in_hand(const struct person *person, const struct event *event);
void reason_add(struct person *person, const char *words, msec_t at);
void goals_persist(struct step *step, const struct person *person);
struct json_t;
int goals_load(struct core *core, const char *key, const struct json_t *root);
void goals_free(struct person *person);
struct value goal_value(const struct scope *scope, enum field field);

/* goal_slice.c */
/* The unit of a metric ("calls", "activity.call", "EUR"), or NULL: one we do not count. A currency
 * is COUNT_AMOUNT. */
const struct goal_unit *goal_unit_find(const char *metric);
const char *goal_unit_names(struct arena *arena); /* for a reply, with commas */
bool goal_period_known(const char *word);

enum slice_state {
    SLICE_NONE, /* its unit is not counted, or it has no end */
    SLICE_FEW,  /* too few closed deals */
    SLICE_KNOWN
};

/* All numbers are whole. */
struct slice {
    enum slice_state state;
    const struct goal_unit *unit; /* of the goal itself */
    const char *one, *many;       /* what the week counts */
    int64_t week, done, left;     /* KNOWN: this week's number, of it done, and still to go */
    int64_t target, have, rest;   /* of the period, up to the beginning of this week */
    int64_t weeks;                /* from this one to the end of the period */
    int64_t wins;                 /* won deals still to go; 0 for effort */
    int64_t price;                /* the mean of a won deal, whole units; 0: not asked for */
    struct funnel funnel;
    bool reached; /* nothing is left of the period, as of now */
};

struct slice goal_slice(const struct core *core, const struct person *person,
                        const struct goal *goal, msec_t now);
