/* action.h: what a rule can do; an open set, one file and one row in action_list.h each.
 * Layer: core (pure). */
#pragma once
#include <stdbool.h>

struct rule;
struct draft;
struct core;
struct scope;

/* A message in the making (core/message.h has the finished one). */
struct action {
    const char *name; /* the key in the YAML: ask praise tell */
    const char *help; /* one line for the manual */
    bool counts;      /* uses up the person's coaching caps */
    /* Fills the draft from the rule for this scope. Returns NULL, or the reason code for not
     * speaking
     * ("no_evidence"). */
    const char *(*compose)(const struct core *core, const struct rule *rule,
                           const struct scope *scope, struct draft *draft);
};

#define ACTION(name) extern const struct action action_##name;
#include "core/action_list.h"
#undef ACTION

const struct action *action_find(const char *name); /* or NULL */
const struct action *action_at(int index);          /* NULL past the end */
