/* ledger.h: what each manager did for the team, kept act by act. Private to core/.
 * Layer: core (pure). Lifetime: process; stored as rows STATE_LEDGER.
 *
 * An act is known by its activity, else by its event; what is planned and what was held of it meet
 * in one row, in whatever order they are heard of. Figures are worked out from the rows when they
 * are asked for, so there is no second truth to keep in step. */
#pragma once
#include "core/coaching.h"

struct ledger_row {
    char *key;
    struct person *manager, *rep; /* rep NULL: the team, or nobody named */
    enum coaching_act act;
    msec_t planned, held; /* MSEC_NONE: not */
    int64_t seconds;      /* of what was held */
    bool called_off;
    struct stamp planned_stamp, held_stamp;
};

struct ledger {
    struct ledger_row **rows; /* in no order */
    size_t count, cap;
    struct map keys;
};

struct ledger_sums {
    int held[ACT_COUNT];
    int meetings;      /* all that are in the calendar */
    int64_t minutes;   /* of the meetings */
    int planned, kept; /* planned: due by now and not called off */
};

enum { LEDGER_KEEP_DAYS = 400 };

/* The event is an act of coaching. */
void ledger_take(struct core *core, struct step *step, const struct coaching *coaching,
                 const struct event *event);
/* Something else that counts, once for each key. */
void ledger_add(struct core *core, struct step *step, const char *key,
                const struct coaching *coaching, int64_t seconds);

/* Takes the newest row out whose key begins so; NULL: there is none. The row lives in the arena. */
const struct ledger_row *ledger_take_back(struct core *core, struct step *step, const char *prefix);

struct ledger_sums ledger_sum(const struct core *core, const struct person *manager, msec_t from,
                              msec_t until, msec_t now);
/* How often this was held in [from, until), with this person on either side of it. */
int ledger_held(const struct core *core, const struct person *person, enum coaching_act act,
                msec_t from, msec_t until);
/* When the manager last did this for the rep; MSEC_NONE: never. */
msec_t ledger_last(const struct core *core, const struct person *manager, const struct person *rep,
                   enum coaching_act act);
/* The last one-to-one with the manager of now; MSEC_NONE: never. */
msec_t ledger_last_one_to_one(const struct core *core, const struct person *rep);
/* The next one that is planned with the manager of now, after `now`; MSEC_NONE: none. */
msec_t ledger_next_one_to_one(const struct core *core, const struct person *rep, msec_t now);
/* Whether the manager did anything in [from, until). */
bool ledger_is_active(const struct core *core, const struct person *manager, msec_t from,
                      msec_t until);

/* All rows of a manager (NULL: of all) in order of time, as a list in the arena. */
size_t ledger_list(const struct core *core, const struct person *manager, struct arena *arena,
                   const struct ledger_row ***ret);

/* ledger_row.c */
struct json_t;
int ledger_load(struct core *core, const char *key, const struct json_t *root);
void ledger_persist(struct step *step, const struct ledger_row *row);

/* ledger.c, for ledger_row.c: made when absent */
struct ledger_row *ledger_get(struct core *core, const char *key);
void ledger_free(struct core *core);
