/* trial.h: what a rule has learned of itself: since when it is in force, the occasions of its
 * experiment that are still open, the sums of those that are over, how its wordings were taken.
 * Layer: core (pure). Lifetime: process. Private to core/. */
#pragma once
#include "core/learn.h"
#include "core/stats.h"

/* One occasion: what the coin fell on, and whether the outcome has come. Open until nothing that
 * happened in its time can be heard of any more. */
struct trial {
    struct timer timer;
    char *key; /* of its row: "rule|rep|occurrence" */
    const struct rule *rule;
    const char *rule_id, *arm; /* interned */
    int p;
    struct person *rep;
    struct deal *deal; /* or NULL */
    msec_t at, until;  /* the outcome counts in at < t <= until */
    bool hit;
};

/* The occasions of one person in one arm that are over. */
struct trial_sum {
    const char *arm; /* interned */
    struct person *rep;
    int64_t count, hits, weight, weighted;
};

/* Since when a team has the rule. */
struct ramp_team {
    const char *team; /* id, interned; "" for reps without one */
    msec_t since;
};

struct wording_sum {
    const char *wording; /* "question#index", interned */
    int tried, answered; /* conversations that ended; with an answer */
};

struct rule_state {
    const char *rule; /* id, interned */
    char *plugin;
    int version;             /* -1: its row was not read yet */
    msec_t since;            /* this version is in force */
    struct ramp_team *teams; /* sorted by team */
    int team_count, team_cap;
    struct trial_sum *sums; /* sorted by (arm, id of the rep) */
    size_t sum_count, sum_cap;
    struct wording_sum *wordings; /* sorted by wording */
    int wording_count, wording_cap;
    int looks;        /* how often it has looked at its own figures */
    msec_t paused_at; /* MSEC_NONE: not paused */
    char *paused_why;
};

/* --- trial_rule.c --- */
struct rule_state *rule_state_find(const struct core *core, const char *rule); /* or NULL */
struct rule_state *rule_state_get(struct core *core, const char *rule);        /* made if absent */
struct wording_sum *rule_state_wording(struct core *core, struct rule_state *state,
                                       const char *wording); /* made if absent */
struct trial_sum *rule_state_sum(struct core *core, struct rule_state *state, const char *arm,
                                 struct person *rep); /* made if absent */
void rule_state_team(struct core *core, struct rule_state *state, const char *team, msec_t since);

/* --- trial.c --- */
void trial_restore(struct core *core, struct trial *trial, msec_t due); /* takes it over */
void trial_drop_rule(struct core *core, struct step *step, const char *rule);

/* --- trial_rows.c --- */
void persist_trial(struct step *step, const struct trial *trial);
void persist_sum(struct step *step, const struct rule_state *state, const struct trial_sum *sum);
void persist_sum_gone(struct step *step, const struct rule_state *state,
                      const struct trial_sum *sum);
void persist_rule(struct step *step, const struct rule_state *state);

/* --- trial_look.c --- */
/* Looks at the figures when there are enough new ones; a rule that does harm pauses itself. */
void trial_look(struct core *core, struct step *step, struct rule_state *state,
                const struct rule *rule);
