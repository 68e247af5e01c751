/* stretch.h: a ladder of steps, each a little harder than the one before; as a plugin writes it,
 * and how far it leads a person.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "core/question.h"

enum { STRETCH_RUNGS_MAX = 12 };

struct rung {
    const char *id;
    int size;                 /* how hard it is; rises from rung to rung */
    int first, text_count;    /* its wordings among the texts of the rule */
    struct fact_filter tried; /* what shows that it was tried; no types: only the rep's word does */
};

struct stretch {
    struct rung *rungs;
    int rung_count;
    int max_step;            /* the most by which the size may rise from one rung to the next */
    struct fact_filter wins; /* what counts as a comfortable win */
    int after;               /* so many of them since the last step was settled */
    msec_t rest; /* a step that was not taken or not tried is not offered again before */
    struct fact_filter trust; /* no types: none is needed */
    msec_t trust_within;
};

struct arena;
struct rule;
struct person;
struct scope;
struct core;
struct step;
struct prompt;
struct event;
struct message;

void stretch_prepare(struct stretch *stretch); /* book_index: words as numbers */

/* The rung to offer now; NULL: none. Why is the rep's own affair: neither a no nor an untried step
 * may show in a decision, which managers can read. */
const struct rung *stretch_next(const struct scope *scope);
/* Why the rep cannot be pushed now, or NULL: no recent one-to-one, and no word that it is welcome.
 */
const char *stretch_distrust(const struct rule *rule, const struct person *rep, msec_t now,
                             struct arena *arena);

/* --- what becomes of an offer --- */
void stretch_offered(struct step *step, const struct prompt *prompt);
void stretch_yes(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event);
void stretch_no(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event);
/* "I tried it", however it went. */
void stretch_tried(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event);
/* "stretch" in the chat: harder steps are welcome, or are not any more. What to say. */
const char *stretch_welcome(struct step *step, struct person *person);
