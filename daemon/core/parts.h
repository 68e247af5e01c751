/* parts.h: what the files of core/ offer each other. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/model.h"

enum { HISTORY_DAYS = 7 }; /* older events fill in what is true and decide nothing */

/* value.c */
struct value value_get(const struct scope *scope, const struct field_ref *ref);
const struct gate_def *
scope_gate(const struct scope *scope); /* the pair the event or stage is about */

/* model.c */
const char *core_intern(struct core *core, const char *text);
struct person *person_find(const struct core *core, const char *any_key); /* or NULL */
struct person *person_get(struct core *core, const char *id);             /* made when absent */
void person_add_key(struct core *core, const char *key, struct person *person);
void person_resolve_zone(struct core *core, struct person *person);
const struct tz *core_zone(const struct core *core, const char *name); /* NULL: nobody knows it */
const struct hours *person_hours(const struct core *core, const struct person *person);
const char *person_name(const struct person *person);
const char *person_first_name(const struct person *person, struct arena *arena);
const char *person_team(const struct person *person);
struct person *person_manager(const struct core *core, const struct person *person);
bool person_is_rep(const struct core *core, const struct person *person);
void person_touch(struct core *core, struct person *person);
struct deal *deal_find(const struct core *core, const char *id);
struct deal *deal_get(struct core *core, const char *id);  /* made when absent, and then stored */
struct deal *deal_read(struct core *core, const char *id); /* the same, as it is stored already */
void deal_touch(struct core *core, struct deal *deal);
bool deal_map_stage(const struct core *core, struct deal *deal); /* true: the word has changed */
const struct gate_mark *deal_gate(const struct deal *deal, const char *gate);
bool deal_is_open(const struct deal *deal);
const char *deal_label(const struct deal *deal); /* name, account or id */
void deal_sent_add(struct core *core, struct deal *deal, const char *rule, msec_t at);
void person_sent_add(struct core *core, struct person *person, const char *rule, struct deal *deal,
                     msec_t at, bool received);
void person_rebind_sents(const struct core *core, struct person *person); /* to a new book */
void person_use_add(struct core *core, struct person *rep, const char *rule, msec_t at);
void person_use_drop(struct core *core, struct person *rep, const char *rule);
const struct uses *person_use(const struct person *person, const char *rule); /* or NULL */
const struct uses *deal_use(const struct deal *deal, const char *rule);       /* or NULL */
bool person_is_here(const struct core *core, const struct person *person);
/* Whom a rule speaks to about this rep; NULL: nobody is named as the manager. */
struct person *person_receiver(const struct core *core, const struct rule *rule,
                               struct person *rep);

/* fold.c: false when the rep's fact was there already: the event came a second time. */
bool fold_event(struct core *core, const struct event *event, struct person **ret_rep,
                struct deal **ret_deal);
void fold_fact_event(const struct fact *fact, struct event *ret); /* what is left of an event */

/* facts.c: false when it was there already */
bool facts_add(struct core *core, struct person *rep, struct deal *deal, const struct fact *fact);
/* Position of the newest fact of the rep about the deal, and of the one before; 0: none. */
uint32_t facts_last(const struct person *rep, const struct deal *deal);
uint32_t facts_before(const struct person *rep, uint32_t position);
const struct fact *facts_at(const struct person *rep, uint32_t position); /* one that is there */

/* signal.c: see signal.h for the insides */
int64_t signal_value(const struct scope *scope, const struct signal *signal);
/* What was worked out for this person does not hold any more: zone or days off have changed. */
void signal_forget(const struct core *core, struct person *person);
void signal_forget_all(struct core *core); /* the book changes: room and all */
/* A fact came to stand at this position, before ones that were seen already. */
void signal_late(const struct core *core, struct person *rep, uint32_t position);

/* avail.c: working time of one person */
bool person_works_at(const struct core *core, const struct person *person, msec_t t);
msec_t person_next_working(const struct core *core, const struct person *person, msec_t t);
msec_t person_add_working(const struct core *core, const struct person *person, msec_t t,
                          msec_t working);
msec_t person_subtract_working(const struct core *core, const struct person *person, msec_t t,
                               msec_t working); /* MSEC_NONE: there is not so much of it */
/* The working time of [from, until) in which the person was there, which began at there_from at
 * the earliest; *ret_working: all of it. */
msec_t person_presence(const struct core *core, const struct person *person, msec_t from,
                       msec_t until, msec_t there_from, msec_t *ret_working);
msec_t person_working_end(const struct core *core, const struct person *person, msec_t t);
/* When the n-th working day from `from` on begins, n from 1; leave is not looked at. */
msec_t person_workday(const struct core *core, const struct person *person, msec_t from, int64_t n);
msec_t person_away_until(const struct person *person, msec_t t); /* MSEC_NONE: not away */
/* At any moment from `from` to `until`. */
bool person_was_away(const struct person *person, msec_t from, msec_t until);
/* The first working morning after the last lost deal; MSEC_NONE: none was lost. */
msec_t person_cool_until(const struct core *core, const struct person *person);
/* The person's own pause, the operator's, the manager's; past or MSEC_NONE: not paused. */
msec_t person_paused_until(const struct person *person);
/* With us, neither away nor paused. */
bool person_reachable(const struct core *core, const struct person *person, msec_t now);
int64_t person_day(const struct person *person, msec_t t);  /* local date as a day number */
int64_t person_week(const struct person *person, msec_t t); /* Monday weeks */
/* The local day or week of t, from <= x < until. These four remember what they found, */
void person_day_span(struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until);
void person_week_span(struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until);
bool person_works_now(const struct core *core, struct person *person, msec_t t);
msec_t person_cool_end(const struct core *core, struct person *person);
void person_forget_calendar(struct person *person); /* until this */

/* persist.c */
void persist_person(struct step *step, const struct person *person);
void persist_deal(struct step *step, const struct deal *deal);
void persist_prompt(struct step *step, const struct prompt *prompt);
void persist_pending(struct step *step, const struct pending *pending, bool gone);
void persist_put(struct step *step, int kind, const char *key, struct strbuf *value); /* takes it */
void persist_delete(struct step *step, int kind, const char *key);
void persist_cursor(struct step *step, const char *key, msec_t after, const char *source);
void persist_flush(struct core *core, struct step *step); /* all that is dirty */

/* decide.c */
struct candidate {
    const struct rule *rule;
    struct person *rep;
    struct deal *deal;
    const struct event *event;
    const char *occurrence;
    const char *stage;    /* of the deal when it began; NULL: now */
    struct pending *held; /* released from a hold, or NULL */
    bool waited;
    msec_t rank; /* of candidates of one rule and rep: the lowest first */
};
void decide_all(struct core *core, struct step *step, struct candidate *list, size_t count);
/* The gates of the person, not those of the rule: may this one be asked now for another's sake?
 * *ret_later is set where the answer is only "not at this hour". */
bool decide_may_ask(struct core *core, struct step *step, const struct rule *rule,
                    struct person *person, msec_t *ret_later);
void decide_note(struct step *step, const struct candidate *candidate, const char *outcome,
                 const char *gate, const char *why);

/* pending.c */
struct pending *pending_new(const char *key, const char *occurrence, const char *stage);
void pending_start(struct core *core, struct step *step, const struct candidate *candidate,
                   enum pending_kind kind, msec_t since, msec_t due);
/* Of a WAIT or HOLD. */
const char *pending_key(const struct candidate *candidate, struct arena *arena);
/* In all indexes, and stored. A row of the same key gives way. */
void pending_put(struct core *core, struct step *step, struct pending *pending, msec_t due);
void pending_end(struct core *core, struct step *step, struct pending *pending);
void pending_detach(struct core *core, struct pending *pending); /* out of all indexes */
void pending_free(struct core *core, struct pending *pending);
void pending_check(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal);
void pending_restore(struct core *core, struct pending *pending, msec_t due);
/* What cancels the wait happened after its event, and was heard of first. */
bool pending_is_over(struct core *core, struct step *step, const struct candidate *candidate);

/* slot.c */
void slots_refresh(struct core *core, msec_t now, struct step *step);
size_t slot_fire(struct core *core, struct step *step, struct slot *slot, struct candidate **list,
                 size_t *count, size_t *cap);
void slots_free(struct core *core);
bool slot_receives(const struct core *core, const struct rule *rule, const struct person *person);

/* prompt.c */
struct draft {
    enum prompt_kind kind;
    const struct question *question;
    int variant;
    const char *words; /* the question, the praise or the telling */
    const char *card;  /* what the manager is told was seen */
    const char *offer; /* the resource or the topic that is suggested */
    bool prompt;       /* starts a conversation */
    struct arena *arena;
    const struct question
        *only;              /* the one question of an experiment's arm; NULL: any of the rule */
    const char *occurrence; /* of the decision; NULL: a preview */
    const char *wording;    /* pick: adaptive: what is learned from the answer belongs to it */
    int p;                  /* of that choice, in thousandths; 0: nothing was left to chance */
};
void prompt_open(struct core *core, struct step *step, const struct candidate *candidate,
                 struct person *to, const struct draft *draft, const char *why);
void prompt_due(struct core *core, struct step *step, struct prompt *prompt);
void prompt_click(struct core *core, struct step *step, struct person *by, struct prompt *prompt,
                  const struct event *event);
void prompt_answer(struct core *core, struct step *step, struct prompt *prompt, const char *words,
                   const struct event *event);
void prompt_close(struct core *core, struct step *step, struct prompt *prompt,
                  enum prompt_state state);
void prompt_free(struct prompt *prompt);
struct prompt *prompt_latest_open(const struct core *core, const struct person *person);
void prompt_restore(struct core *core, struct prompt *prompt, msec_t due);
void prompt_rebind(struct core *core, struct prompt *prompt);
void prompt_preview(const struct core *core, struct step *step, struct person *rep,
                    struct deal *deal, const struct rule *rule, const struct draft *draft,
                    struct message *ret);

/* say.c: messages outside of decisions */
struct message *say_message(struct core *core, struct step *step, struct person *to,
                            const char *rule, const char *occurrence, const char *part,
                            const char *text);
/* A sentence of phrases.h without values comes in the words of its reader; text as it is. */
void say_reply(struct core *core, struct step *step, struct person *to, const struct event *event,
               const char *text);

/* render.c: NULL when it came out empty. *ret_missing counts names without a value. */
const char *render_text(const struct scope *scope, const struct text *text, int *ret_missing);
char *render_value(const struct scope *scope, const struct value *value, struct arena *arena);
char *render_date(const struct person *person, msec_t t, struct arena *arena); /* "Tue 24 Nov" */
char *render_time(const struct person *person, msec_t t, struct arena *arena); /* "16:05" */
