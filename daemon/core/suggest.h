/* suggest.h: one step offered, free to decline, and talks between two colleagues. Private to core/.
 * Layer: core (pure).
 *
 * A talk is arranged in a round: the rep has said yes; up to PAIR_TRIES colleagues are asked one
 * after the other, without a name; the first yes ends the round and both hear each other's names.
 */
#pragma once
#include <jansson.h>

#include "core/parts.h"

enum { PAIR_TRIES = 3, PAIR_PARTNERS = 3 };

struct declined {
    char *what; /* the resource or the topic */
    msec_t at;
};

/* What suggestions left behind with one person; row STATE_PAIR. */
struct pair {
    struct timer timer; /* of a round: when to look for a colleague again */
    struct person *person;
    msec_t asked_at;               /* last asked for a colleague's sake; MSEC_NONE: never */
    char *partners[PAIR_PARTNERS]; /* ids of those met last, the newest first */
    struct declined *declined;
    int declined_count, declined_cap;

    bool seeking; /* a round is under way */
    char *rule_id, *topic, *occurrence;
    char *asked[PAIR_TRIES];
    int asked_count;
    char prompt[MESSAGE_KEY_BYTES]; /* of the colleague who is asked now; "": nobody */
    msec_t began;
};

/* --- suggest_row.c --- */

struct pair *pair_get(struct person *person); /* made when absent */
void pair_free(struct pair *pair);            /* accepts NULL */
void pair_persist(struct step *step, const struct pair *pair);
int pair_load(struct core *core, const char *key, const json_t *root);
msec_t pair_asked_at(const struct person *person);
void pair_asked(struct core *core, struct step *step, struct person *person);
/* Declined within the rule's cooldown (or the default one) before now? */
bool pair_declined(const struct person *person, const struct rule *rule, msec_t now);
void pair_end_round(struct core *core, struct pair *pair);

/* --- suggest.c --- */

void pair_due(struct core *core, struct step *step, struct timer *timer);
/* The colleague's message came to nothing: the next one is asked. */
void suggest_no_answer(struct core *core, struct step *step, struct prompt *prompt);
void suggest_yes(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event);
void suggest_no(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event);
void suggest_why(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event);
void suggest_dress(struct message *message);
/* A plain yes or no in the chat to an open offer; false: it was something else. */
bool suggest_said(struct core *core, struct step *step, struct person *by, const char *words,
                  const struct event *event);
/* Why nothing can be suggested to this person now, or NULL. */
const char *suggest_obstacle(const struct scope *scope);
