/* learn.h: experiments, the ramp and adaptive picks, as the other files of core use them.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/parts.h"

/* --- model.c --- */

/* An experiment kept the rule silent: its own limit and cooldown count that. */
void person_hush_add(struct core *core, struct person *rep, const char *rule, msec_t at);
msec_t person_hush_last(const struct person *rep, const char *rule); /* MSEC_NONE: never */
void deal_hush_add(struct core *core, struct deal *deal, const char *rule, msec_t at);
int deal_hush_count(const struct deal *deal, const char *rule);

/* --- trial*.c: experiments, and what a rule knows of itself --- */

struct arm;
void trial_open(struct core *core, struct step *step, const struct candidate *candidate,
                const struct arm *arm);
void trial_event(struct core *core, struct step *step, const struct event *event,
                 struct person *rep, struct deal *deal);
void trial_due(struct core *core, struct step *step, struct timer *timer);
void trial_resume(struct core *core, struct step *step, const char *rule);
bool trial_is_outcome(const struct core *core, const struct rule *rule, const struct event *event,
                      const struct person *rep, const struct deal *deal, struct arena *arena);
const char *trial_paused(const struct core *core, const struct rule *rule); /* why, or NULL */
const struct arm *trial_toss(const struct core *core, const struct candidate *candidate);
/* What to say, by the coin where there is one (*ret_arm, else NULL); the reason for not speaking.
 */
const char *trial_compose(const struct core *core, const struct candidate *candidate,
                          const struct scope *scope, struct draft *draft,
                          const struct arm **ret_arm);
void trials_rebind(struct core *core, struct step *step);
void trials_free(struct core *core, struct person *person);
void rule_states_refresh(struct core *core, struct step *step);
void rule_states_free(struct core *core);
/* The chances of the wordings in thousandths, 1000 together; count is at least 1. */
void pick_chances(const struct core *core, const struct rule *rule, const char *const *wordings,
                  int count, int *ret_p);
int pick_adaptive(const struct core *core, const struct rule *rule, const struct scope *scope,
                  const char *const *wordings, int count, const char *occurrence, int *ret_p);
void pick_moved(struct core *core, struct step *step, const struct prompt *prompt,
                enum prompt_state from);

/* --- ramp.c --- */

/* When a new rule comes to this rep; MSEC_NONE: it has. */
msec_t ramp_turn(const struct core *core, const struct rule *rule, const struct person *rep,
                 msec_t now);
/* The order of the catalogue, for qsort: what brings most for the least effort comes first; then
 * what costs least, then the name. Those that say nothing about it stand at the end, by name. */
int plugin_by_ease(const struct plugin *a, const struct plugin *b);
const char *ramp_team_of(const struct person *person); /* "" without one */

/* --- trial_rows.c: what persist.c hands on --- */

struct json_t;
int load_trial(struct core *core, const char *key, const struct json_t *root);
int load_rule_state(struct core *core, const char *key, const struct json_t *root);
