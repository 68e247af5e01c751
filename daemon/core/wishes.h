/* wishes.h: what people have asked of us in their own words: when, how often, about what. These win
 * over every rule that coaches.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/rule.h"

struct core;
struct jsonw;
struct json_t;
struct person;

enum { WISH_PER_WEEK_MAX = 20 };

/* All zero: nothing was asked for. */
struct wishes {
    int quiet_from, quiet_to; /* minutes of the local day; over midnight when to <= from */
    bool quiet;               /* the two above are said */
    int per_week;             /* at most so many questions; 0: as many as the limits allow */
    unsigned areas_off;       /* bits of enum rule_area */
    unsigned kinds_off;       /* bits of enum question_kind */
};

/* First working instant from t on that lies outside of the person's own quiet hours. MSEC_NEVER:
 * there is none. */
msec_t person_next_welcome(const struct core *core, const struct person *person, msec_t t);

/* Whether t lies in the person's own quiet hours. */
bool person_is_quiet(const struct person *person, msec_t t);

/* At most so many questions in this week, -1: nothing but the limits. Who begins talks herself is
 * asked less often by us. *ret_own: how many she has begun in the last two weeks. */
int person_week_cap(const struct core *core, const struct person *person, msec_t now, int *ret_own);

/* Why this person does not want what the rule is about, or NULL. */
const char *person_unwanted(const struct person *person, const struct rule *rule);

/* Fields of the person's row. */
void wishes_write(struct jsonw *json, const struct wishes *wishes);
void wishes_load(struct wishes *wishes, const struct json_t *root);
