/* course.h: what the steps of a ladder and the mix left behind with one person; row STATE_LADDER.
 * Private to core/.
 * Layer: core (pure). */
#pragma once
#include <jansson.h>

#include "core/parts.h"

/* The numbers are stored. */
enum climb_state { CLIMB_OFFERED = 0, CLIMB_TAKEN = 1, CLIMB_DECLINED = 2, CLIMB_TRIED = 3 };

/* The latest step of one ladder. */
struct climb {
    char *rule, *rung;
    int size; /* of the rung then: it finds its place again when the rung is gone */
    enum climb_state state;
    msec_t at;
};

/* One prompt of the last weeks, by what it was a share of. */
struct asked {
    msec_t at;
    unsigned traits; /* bits of mix.c; stored */
};

enum { START_VALUES_MAX = 6 };

/* A programme that this manager has started, with the sums of that day. */
struct start {
    char *plugin;
    msec_t at;
    bool waived; /* without the self-check */
    int reps;    /* of the manager, then */
    struct start_value {
        char *signal;
        int64_t total; /* thousandths */
    } values[START_VALUES_MAX];
    int value_count;
};

struct course {
    struct person *person;
    bool welcome;              /* has said that harder steps are welcome */
    msec_t hint_at;            /* last asked for a hint; MSEC_NONE: never */
    msec_t wanted[MIX_SHARES]; /* when the share last had something to say; MSEC_NONE */
    struct asked *asked;       /* in order of time; only with a mix */
    int asked_count, asked_cap;
    struct start *starts;
    int start_count, start_cap;
    struct climb *climbs;
    int climb_count, climb_cap;
};

struct course *course_get(struct person *person); /* made when absent */
void course_free(struct course *course);          /* accepts NULL */
void course_persist(struct step *step, const struct course *course);
int course_load(struct core *core, const char *key, const json_t *root);
struct climb *course_climb(const struct course *course, const char *rule); /* or NULL */
struct climb *course_climb_get(struct course *course, const char *rule);   /* made when absent */

/* --- course_start.c --- */

struct jsonw;
void start_done(struct start *start);
const struct start *course_start(const struct course *course, const char *plugin); /* or NULL */
/* Takes what `start` points to; step NULL: it was stored already. */
void course_start_add(struct step *step, struct course *course, const struct start *start);
void starts_free(struct course *course);
void starts_write(struct jsonw *json, const struct course *course);
void starts_load(struct course *course, const json_t *list);
