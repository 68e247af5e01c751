/* programme.h: a plugin that begins when a manager starts it: after a look at the manager's own
 * view, and with a baseline to compare with later.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "core/question.h"

enum { PROGRAMME_SIGNALS_MAX = 6 };

struct programme {
    const struct question *self_check; /* for the manager; NULL: none */
    const struct rule *asks;           /* the rule that asks it; NULL: none */
    const struct signal *baseline[PROGRAMME_SIGNALS_MAX];
    int baseline_count;
};

struct arena;
struct core;
struct person;
struct rule;
struct step;

/* Why a rule of a programme cannot speak to this rep yet, or NULL. */
const char *programme_missing(const struct core *core, const struct rule *rule,
                              const struct person *rep, struct arena *arena);
/* "start NAME", "start NAME without check", "start": what to say. */
const char *programme_start(struct core *core, struct step *step, struct person *manager,
                            const char *words);
bool programme_is_named(const struct core *core, const char *words);
