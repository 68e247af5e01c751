/* flow.h: a talk of several steps, as a plugin writes it.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "core/cond.h"
#include "core/question.h"

enum { FLOW_STEPS_MAX = 12 };

/* A step is a question; its id is the step's. */
struct flow_step {
    struct question *question;
    struct cond *cond; /* if; over the answers of earlier steps, and what is known otherwise */
    bool plan;         /* an if-then plan: its answer is kept as a plan */
};

/* dialog.c: a word that the chat takes for itself, so that no flow can have it. */
bool dialog_is_command(const char *word);

struct flow {
    const char *id, *about;
    const char *command; /* the word by which a person starts it in the chat, or NULL */
    struct plugin *plugin;
    struct flow_step *steps;
    int step_count;
    struct text *closing;        /* what is said at the end; NULL: the person's own words */
    const char *leads_name;      /* leads_to, as it is written */
    const struct flow *leads_to; /* the talk that begins when this one is done; or NULL */
    struct cond *leads_if;       /* over its answers; NULL: always */
    msec_t expires;              /* untouched for so much working time it closes by itself */
    struct source_place place;
};
