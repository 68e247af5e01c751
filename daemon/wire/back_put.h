/* back_put.h: what the readers of records share: from what a record says to the events that it adds
 * to what is known. Private to wire/back_*.c.
 * Layer: wire (pure). Lifetime: of the page. */
#pragma once
#include "wire/read_back.h"

/* Where the events of one answer are put together. */
struct back_reading {
    struct poll *poll;
    struct crm_out out;
    struct crm_events events;
    struct err *err;
    const char *prefix; /* of the events' ids: "hs" */
};

void back_reading_init(struct back_reading *reading, struct poll *poll, const char *prefix,
                       struct err *err);

/* A deal as its record is now; every text may be NULL. */
struct back_deal {
    const struct crm_want *want;
    const char *object; /* as the CRM calls deals */
    const char *name, *owner, *account, *currency, *close_date;
    int64_t amount;
    const char *stage;      /* the word for it */
    enum event_type closed; /* DEAL_WON, DEAL_LOST, or DEAL_STAGE_CHANGED while it is open */
    const char *from;       /* the stage before */
    msec_t moved;           /* when it came to its stage; MSEC_NONE: not known */
};

struct back_deal back_deal_copy(struct arena *arena, const struct back_deal *deal);

/* Whether the stage before, and when it moved, would be told. */
bool back_deal_moved(struct poll *poll, const struct back_deal *deal);

/* The owner where that is another one; the last move where it was not told, or was told when nobody
 * was known to own the deal, so that nobody could be asked; the amount where it was not told.
 * Errors: of crm_add(). */
int back_deal(struct back_reading *reading, const struct back_deal *deal);

/* Something done or planned; every text may be NULL. */
struct back_effort {
    const struct crm_want *want;
    const char *kind, *owner, *deal, *direction, *outcome;
    bool done;
    msec_t at;          /* when it was done, as far as the record says */
    msec_t due;         /* for when it is planned */
    int64_t duration_s; /* or NUMBER_NONE */
};

/* Once for what is done, once for each time that it is planned for. Nothing without an owner, and
 * nothing for what is planned without a time.
 * Errors: of crm_add(). */
int back_effort(struct back_reading *reading, const struct back_effort *effort);
