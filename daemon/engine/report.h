/* report.h: what rules did and what came after, from the store: how often they spoke, how often the
 * outcome followed, and what an experiment says about why.
 * Layer: engine (pure). Lifetime: the caller's. */
#pragma once
#include "base/arena.h"
#include "core/core.h"
#include "core/stats.h"
#include "engine/store.h"

enum {
    REPORT_PEOPLE_MIN = 5, /* smaller groups are not shown */
    REPORT_DAYS = 90,      /* decisions and conversations are kept so long */
};

/* One arm of an experiment: the occasions that are over. */
struct report_arm {
    const char *name;
    int64_t people, occasions, hits;
    double share;                    /* weighted by 1/p */
    struct stats_difference against; /* the base arm; of the base itself only counts */
};

struct report_rule {
    const struct rule *rule;
    int64_t sent, people;       /* messages, and to or about how many */
    int64_t answered;           /* questions among them that have an answer */
    int64_t over, hits;         /* messages whose outcome can be told; with it */
    int64_t open;               /* messages for which it is too early */
    struct stats_share outcome; /* the same two, with an interval; each person one cluster */
    struct stats_share answer;  /* questions that are still kept, and those with an answer */
    struct report_arm *arms;    /* in the order of the rule; none without an experiment */
    int arm_count;
    int base;         /* the arm that the others are compared with */
    bool arms_shown;  /* each has REPORT_PEOPLE_MIN people */
    msec_t since;     /* the experiment's occasions count from here; MSEC_NONE: no limit */
    msec_t paused_at; /* MSEC_NONE: not paused */
    const char *paused_why;
};

struct report {
    struct arena arena;
    msec_t from, to, now;
    struct report_rule *rules; /* by id; of all rules of the book */
    int count;
};

/* Whose decisions count: NULL in place of the struct, or of `covers`, is everybody's. */
struct report_of {
    bool (*covers)(void *user, const char *rep);
    void *user;
};

/* Decisions with from <= at < to; an occasion is over when nothing that counts for it can be heard
 * of any more at `now`. The core has the store's states loaded.
 *
 * Owns:   report_done(), also after an error. Borrows core and book for its life.
 * Errors: those of the store. */
int report_make(const struct core *core, struct store *store, const struct report_of *of,
                msec_t from, msec_t to, msec_t now, struct err *err, struct report *ret);
void report_done(struct report *report);
