/* talk.h: one flow with one person, from its first step to its end. Private to core/.
 * Layer: core (pure).
 *
 * The answers are those of the conversations (struct prompt), one for each step that was asked;
 * which step is next follows from them alone, so that a correction, a late answer and a restart
 * need no bookkeeping of their own. */
#pragma once
#include "core/parts.h"

enum talk_state {
    TALK_ON,     /* asked, or left lying: then whoever starts it again goes on */
    TALK_DONE,   /* nothing is left to ask */
    TALK_STOPPED /* by the person's own word */
};

/* The rep's own answer behind a name; within a talk first those of its steps. */
struct value answer_get(const struct scope *scope, const char *name);
/* Its row in the store. */
struct json_t;
int talk_load(struct core *core, const char *key, const struct json_t *root);

struct talk {
    char *key; /* of its row: "person|plugin/flow|number" */
    struct person *to, *about;
    const struct flow *flow; /* NULL when it is gone */
    char *plugin_id, *flow_id;
    char *rule_id; /* what started it; "" when the person did */
    struct deal *deal;
    char *occurrence, *why;
    char *led_to, *led_from; /* keys of the talk it led to, and of the one that led to it; NULL */
    msec_t started, touched; /* touched: by an answer, a skip or a new start */
    int number;              /* counts the talks of this flow with this person */
    int posts;               /* messages with a step in them; tells their keys apart */
    enum talk_state state;
    struct prompt **prompts;
    int prompt_count, prompt_cap;
};

/* --- talk.c: what follows from the answers; changes nothing --- */

/* The step that is to be asked now, or -1: the first without an answer whose `if` holds and whose
 * words can be said. `scope` is the talk's own. */
int talk_next(const struct scope *scope);
struct prompt *talk_prompt(const struct talk *talk, const char *step); /* or NULL */
struct prompt *talk_live(const struct talk *talk); /* the step that waits for an answer, or NULL */
struct talk *talk_open_with(const struct person *person); /* the talk it belongs to, or NULL */
/* The newest talk of this flow with the person, in whatever state, or NULL. */
struct talk *talk_newest(const struct person *person, const struct flow *flow);
struct scope talk_scope(const struct core *core, const struct talk *talk, msec_t now,
                        struct arena *arena);
/* NULL when no wording can be said. */
const char *talk_words(const struct scope *scope, int step, int *ret_variant);
/* The newest answer of the talk's own, or NULL. */
const struct prompt *talk_last_answer(const struct scope *scope);
/* What is said at the end. */
const char *talk_closing(const struct scope *scope);
msec_t talk_expires(const struct prompt *prompt);

/* --- talk_life.c: what people and time do with it --- */

/* A talk that was never stored, to see what it would begin with. */
struct talk talk_blank(struct person *to, struct person *about, const struct flow *flow,
                       struct deal *deal);
/* The rule speaks: a new talk, or the open one once more. */
void talk_open(struct core *core, struct step *step, const struct candidate *candidate,
               struct person *to, const char *why);
/* The person's own word for it. */
void talk_say(struct core *core, struct step *step, struct person *by, const struct flow *flow,
              const struct event *event);
/* A step was answered or skipped. `fresh`: answered for the first time, which opens a stopped talk
 * again. False: there was nothing to say. */
bool talk_go_on(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event, bool fresh);
/* False: it is not open. */
bool talk_stop(struct core *core, struct step *step, struct talk *talk, const struct event *event);

/* --- talk_row.c: its row in the store --- */
void talk_free(struct talk *talk);
void talk_started(struct talk *talk); /* tells its person when it began; once these are set */
struct talk *talk_get(struct core *core, const char *key); /* made when absent */
void talk_persist(struct step *step, const struct talk *talk);
void talk_link(struct talk *talk, struct prompt *prompt);
/* The talk goes with its last conversation. */
void talk_unlink(struct core *core, struct step *step, struct prompt *prompt);
void talk_rebind(const struct core *core, struct talk *talk);
/* After a reload: a talk whose flow is gone ends with a note. */
void talk_rebind_all(struct core *core, struct step *step);
