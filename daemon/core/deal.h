/* deal.h: what the core knows of one deal. Private to core/.
 * Layer: core (pure). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/msec.h"

struct pending;
struct person;

/* Last writer wins: the later `time`, then the larger `tie`. Makes the fold independent of order.
 */
struct stamp {
    msec_t time;
    uint64_t tie;
};

bool stamp_take(struct stamp *stamp, msec_t time, uint64_t tie); /* true: newer, and taken over */

/* How often a rule has spoken: to or about a person since ever, or about a deal. */
struct uses {
    const char *rule; /* id, interned in the core */
    int count;
    msec_t last; /* MSEC_NONE: never */
};

enum deal_field {
    DEAL_NAME,
    DEAL_ACCOUNT,
    DEAL_OWNER,
    DEAL_CONTACT,
    DEAL_CURRENCY,
    DEAL_NEXT_STEP,
    DEAL_CLOSE_DATE,
    DEAL_STAGE,
    DEAL_TEXTS, /* the ones before are texts */
    DEAL_AMOUNT = DEAL_TEXTS,
    DEAL_DELETED,
    DEAL_FIELDS
};

struct gate_mark {
    char *gate; /* id of the seller's or customer's half */
    bool done;
    struct stamp stamp;
};

/* Where the facts of one rep about a deal end; the others hang on `back`. */
struct deal_tail {
    const struct person *rep;
    uint32_t last;    /* position */
    uint16_t back[6]; /* from each of the last ones to the one before, 0: ends; a hint, as what
                         comes late is not told to it: for core_expect only */
};

struct deal {
    char *id;
    char *texts[DEAL_TEXTS];
    int64_t amount; /* minor units */
    bool deleted;
    msec_t created; /* the earliest that was said */
    struct stamp stamps[DEAL_FIELDS];
    struct gate_mark *gates; /* sorted by gate */
    int gate_count, gate_cap;
    struct uses *uses;
    int use_count, use_cap;
    struct person *rep;      /* of the owner; NULL when nobody we know */
    struct deal_tail *tails; /* one for each rep with facts about it; mostly one */
    int tail_count;
    struct pending **pending; /* waits and holds about this deal; sorted by key */
    int pending_count, pending_cap;
    struct uses *hushes; /* how often an experiment kept a rule silent about it */
    int hush_count, hush_cap;
    int furthest; /* order of the last open stage it was ever in, from 1; 0: none is known */
    struct {      /* how funnel.c has counted it */
        size_t place;
        int stages;
        int64_t amount;
    } counted;
    bool dirty;
};
