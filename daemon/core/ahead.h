/* ahead.h: decisions ahead of an event, behind it, or for want of one: `before`, `after`,
 * `missing`. Layer: core (pure). Private to core/. */
#pragma once
#include "core/coaching.h"

/* ahead.c: `before` and `after`. Depends on nothing but what was planned: in whatever order the
 * versions of it come, the newest one counts. */
void ahead_event(struct core *core, struct step *step, const struct event *event,
                 const struct coaching *coaching, struct person *rep, struct deal *deal,
                 bool decides);
/* A row that is due and detached: true when *ret_candidate is to be decided. */
bool ahead_fire(struct core *core, struct step *step, struct pending *pending,
                struct candidate *ret_candidate);
void ahead_continue(struct core *core, struct step *step, struct pending *pending); /* after that */
/* An event under `unless` has come. False: the row is gone. */
bool ahead_close(struct core *core, struct step *step, struct pending *pending);
/* After a reload or restart. Tells what ends when `tells`. */
void ahead_rebind(struct core *core, struct step *step, struct pending *pending, bool tells);
void ahead_ready(struct core *core, struct step *step); /* all rows, after a restart */
/* Why a decision ahead of something comes too late at t, or NULL. */
const char *ahead_too_late(const struct candidate *candidate, msec_t t);
const char *ahead_stale(const struct candidate *candidate); /* its deal was closed meanwhile */
/* The moment of a length; MSEC_NONE or MSEC_NEVER: there is none. */
msec_t ahead_moment(const struct core *core, const struct rule *rule, const struct person *rep,
                    const struct event *event, const struct moment *moment);

/* missing.c */
/* Since when the question that is due at t (or was last due before it) looks; MSEC_NONE: never. */
msec_t missing_since(const struct rule *rule, const struct person *person, msec_t t);
/* One due time: what it adds to, and what it works out once for everybody. */
struct missing_run {
    const struct rule *rule;
    msec_t due;
    const char *occurrence;
    struct candidate **list;
    size_t *count, *cap;
    struct touch *touches; /* `per: deal`: the last one about each deal */
    size_t touch_count, touch_cap;
    bool looked;
};

/* Adds candidates for what this person did not do between the last `since` and the due time. The
 * caller frees touches. */
void missing_fire(struct core *core, struct step *step, struct missing_run *run,
                  struct person *person);
/* slot.c: a moment of a schedule for one of its receivers, as missing_fire() */
void slot_ask(struct core *core, struct step *step, struct missing_run *run, struct person *person,
              const char *missed); /* in words why it is too late; NULL: it is not */
bool slot_missed(const struct rule *rule, const struct tz *tz, msec_t due, msec_t now);
/* Up to when a rule is done in a zone; MSEC_NONE: it does not run there yet. */
msec_t slot_done(const struct core *core, const struct rule *rule, const struct tz *tz, msec_t now);

/* It has happened after all, while the question was held. */
bool missing_is_met(const struct core *core, const struct candidate *candidate, msec_t now);
/* The newest fact of [since, until] that the rule misses, or NULL. */
const struct fact *missing_fact(const struct rule *rule, const struct person *person,
                                const struct deal *deal, msec_t since, msec_t until);
/* Why it is not fair to ask: in words, with its gate; NULL: it is. */
const char *missing_excuse(const struct core *core, const struct rule *rule,
                           const struct person *person, msec_t since, msec_t until,
                           struct arena *arena, const char **ret_gate);

/* ahead_words.c: in words, for why and near triggers */
const char *ahead_because(const struct scope *scope, const struct candidate *candidate);
const char *missing_words(const struct rule *rule, const struct deal *deal, struct arena *arena);
const char *moment_words(const struct moment *moment, struct arena *arena); /* "7 days" */
