/* people.h: who there is, and the stages with their gates, as the files say it.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include <stdbool.h>

#include "core/hours.h"

struct source_place {
    const char *file;
    int line, col;
};

/* --- people.yaml --- */

/* There are 100,000 of them: the order leaves no holes. */
struct person_def {
    const char *id, *name, *email;
    const char *chat;     /* platform id or "@name"; NULL: found by e-mail */
    const char *team;     /* team id or NULL */
    const char *zone;     /* IANA name; NULL: what the platform says, else the team's, else UTC */
    const char *language; /* "de", "pt-BR"; NULL: as the texts come */
    const struct speech *speech; /* book_index: the daemon's sentences in it, or NULL */
    const char *joined;          /* YYYY-MM-DD or NULL */
    const char **crm;            /* owner ids */
    struct {
        const char *from, *until; /* local dates, both included */
    } * leave;
    struct source_place place;
    int crm_count, leave_count;
    struct hours hours;
    bool manager;
    bool has_hours;
};

struct team_def {
    const char *id, *name, *manager, *zone;
    const char *channel; /* the platform's id of the team's channel, or NULL */
    struct source_place place;
};

/* What is expected of each level, in the team's own words. */
enum { EXPECTED_REPS, EXPECTED_MANAGERS, EXPECTED_LEADERS, EXPECTED_LEVELS };

struct expectations {
    const char **lists[EXPECTED_LEVELS];
    int counts[EXPECTED_LEVELS];
};

/* Who can be asked for help without being named; `who` NULL: nobody. */
enum helper_role { HELPER_CRM, HELPER_PRACTICE, HELPER_COMPANY, HELPER_ROLES };

struct helper {
    const char *who; /* person id */
    struct source_place place;
};

/* --- pipeline.yaml --- */

struct gate_def {
    const char *seller, *customer;           /* gate ids */
    const char *seller_name, *customer_name; /* words for people; default: the id with spaces */
};

struct stage_def {
    const char *id, *name, *customer_phase;
    int order; /* prospect 0 ... negotiate 4, won 5, lost 6 */
    msec_t typical;
    const char **crm;
    int crm_count;
    struct gate_def *gates;
    int gate_count;
};
