/* core.h: deciding. Events in, intents out; no clock, no files, no network.
 * Layer: core (pure). Lifetime: process. */
#pragma once
#include "core/intent.h"
#include "core/key.h"
#include "core/rule.h"

struct core;

struct core_options {
    unsigned char secret[KEY_SECRET_BYTES]; /* of this instance; keys are made from it */
    uint64_t seed;                          /* of choices (wordings, coins) */
    bool every_owner; /* simulate without people: every owner seen is a rep in UTC */
    bool introduces;  /* before its first message to a person it says who it is: of the daemon */
    bool ramp;        /* new rules reach a team bit by bit: of the daemon */
    const char *arm;  /* tests of plugins: the coin falls on this arm where an experiment has it,
                         else ("") on the first that speaks; NULL: it is tossed. Borrowed */
    /* Zone data by IANA name, NULL when there is none; borrowed for the life of the core. */
    const struct tz *(*zone)(void *user, const char *name);
    void *zone_user;
};

/* Borrows the book. */
struct core *core_new(const struct book *book, const struct core_options *options);
void core_free(struct core *core); /* accepts NULL */

/* The instance's secret, when it was found in the store after core_new. */
void core_set_secret(struct core *core, const unsigned char secret[KEY_SECRET_BYTES]);

/* Start: hand in what was stored, states first, then facts and sends in any order, then core_ready.
 */
int core_load_state(struct core *core, int kind, const char *key, const char *value,
                    struct err *err);
struct fact_row {
    msec_t time;
    struct hash128 id;
    enum event_type type;
    int kind, direction;
    uint64_t flags; /* from the lowest bit: automated 1, 7 free, outcome 8, times 16, seconds 17 */
    const char *rep, *deal;
};
void core_load_fact(struct core *core, const struct fact_row *row);
void core_load_send(struct core *core, const char *rule, const char *rep, const char *deal,
                    msec_t at);

/* Begins at `now`: schedules are set up; fills the step with states to store. */
void core_ready(struct core *core, msec_t now, struct step *step);

/* Reload: swaps the book (the old one may be freed after). Conversations, waits and cursors go on
 * by their rules' ids; what belonged to a rule that is gone is cancelled with a note. */
void core_set_book(struct core *core, const struct book *book, msec_t now, struct step *step);

/* Adds a message of the daemon's own to the step: to the person with this id, or where there is no
 * such one (NULL, unknown, gone) to every manager. `occurrence` tells it from all others. */
void core_notice(struct core *core, const char *to, const char *occurrence, const char *text,
                 struct step *step);

/* One event. event->at must not be before that of the step before. */
void core_step(struct core *core, const struct event *event, struct step *step);

/* When the core wants an EVENT_TICK; MSEC_NEVER when it waits for nothing. */
msec_t core_next_wake(const struct core *core);

bool core_hears(const struct core *core, const char *person); /* a notice would go to them */

/* Asked again before a message leaves: NULL when it may go, else the reason and what becomes of it.
 */
enum send_verdict { SEND_GO, SEND_LATER, SEND_CANCEL, SEND_EXPIRE };
enum send_verdict core_may_send(const struct core *core, const struct message *message, msec_t now,
                                msec_t *ret_later, const char **ret_why);

/* The message will never arrive (dead, expired, cancelled): its conversation ends. */
void core_send_failed(struct core *core, const struct message *message, const char *why, msec_t now,
                      struct step *step);

/* Whether an id, e-mail, chat or CRM id leads to a person. */
bool core_knows(const struct core *core, const char *key);

/* The platform's id of a person or of a team's channel, or NULL when it is not known (yet).
 * Borrowed. */
const char *core_chat_id(const struct core *core, const char *person);

/* Whether the words ask why something did not come. The answer is in the store, so the engine works
 * it out and hands it to core_answer(), which takes the place of core_step() for this event. */
bool core_asks_why_not(const struct core *core, const struct event *said);
void core_answer(struct core *core, const struct event *said, const char *text, struct step *step);

/* The parts of an export as messages to who said so, where the step asked for one (step->export).
 */
void core_exported(struct core *core, const struct event *said, const char *const *parts, int count,
                   struct step *step);

/* Somebody who has left for longer than is kept and is in no file any more, or NULL. Borrowed. */
const char *core_leaver(const struct core *core, msec_t now);
/* The wish that a person be erased, as a row of the step. */
void core_forget(const char *id, struct step *step);

/* Whom the message with this key went to, where a conversation knows it; else NULL. Borrowed. */
const char *core_message_receiver(const struct core *core, const char *key);
/* Adds the message that blanks the one with the key `target`, after the wish of that moment. */
void core_blank(struct core *core, const char *to, const char *about, const char *target,
                msec_t wish, struct step *step);

/* The engine's row that a person is to be erased: this and the id. */
#define FORGET_KEY "forget|"

/* Id of whoever has this key (id, chat id, e-mail ...), or NULL. Borrowed. */
const char *core_person_id(const struct core *core, const char *any_key);
/* Whom the rule would speak to about this person, or NULL. Borrowed. */
const char *core_receiver(const struct core *core, const struct rule *rule, const char *rep);
/* "Tue 24 Nov 16:05" on that person's clock. */
const char *core_date(const struct core *core, const char *person, msec_t t, struct arena *arena);

/* The platform's ids of the people of a team, for platforms that have no channels; 0 and NULL when
 * `to` is a person. Owns: the caller frees the list, not its texts. */
size_t core_team_members(const struct core *core, const char *to, const char ***ret_chats);

/* The numeric columns of the journal for this event. */
struct fact_row core_fact_row(const struct event *event);

/* --- looking in (pages, status, preview, tests); everything is borrowed and valid until the next
 * step */

struct deal_view {
    const char *id, *name, *account, *contact, *owner, *currency, *stage, *rep;
    int64_t amount; /* minor units */
    bool deleted;
    int gate_count;
};
size_t core_deal_count(const struct core *core);
struct deal_view core_deal_at(const struct core *core, size_t index); /* in id order */
bool core_deal_get(const struct core *core, const char *id, struct deal_view *ret);
const char *core_deal_gate(const struct core *core, size_t deal, int gate, bool *ret_done);

struct person_view {
    const char *id, *name, *team, *zone;
    bool manager;
    msec_t paused_until; /* MSEC_NONE when not */
    const struct tz *tz;
};
size_t core_person_count(const struct core *core);
struct person_view core_person_at(const struct core *core, size_t index); /* in id order */

/* The zone of a person or a team; UTC when nobody is called that. */
const struct tz *core_zone_of(const struct core *core, const char *id);
/* What is known of a rule since this version of it came into force. False: nothing. */
struct rule_view {
    int version;
    msec_t since;
    msec_t paused_at; /* MSEC_NONE: not paused */
    const char *paused_why;
};
bool core_rule_at(const struct core *core, const char *rule, struct rule_view *ret);
/* Rules that have paused themselves; their ids go to `names` (may be NULL), with commas. */
size_t core_paused_rules(const struct core *core, struct strbuf *names);

/* Whether the event is what the rule hopes for with this person (and deal, or NULL). */
bool core_outcome(const struct core *core, const struct rule *rule, const struct event *event,
                  const char *rep, const char *deal, struct arena *arena);

struct question_view {
    const char *rule; /* NULL: no question of a rule */
    const char *rep;
    msec_t at;
    bool answered;
};
size_t core_question_count(const struct core *core);
struct question_view core_question_at(const struct core *core, size_t index); /* in no order */

/* All keys that lead to this person and to nobody else (chat, e-mail, CRM ids), without the id; the
 * texts are borrowed, the list lives in the arena. */
size_t core_person_keys(const struct core *core, const char *id, struct arena *arena,
                        const char ***ret);

struct core_counts {
    size_t people, deals, open_prompts, pending, facts, paused_rules;
};
struct core_counts core_counts(const struct core *core);
const struct book *core_book(const struct core *core);

/* What the rule would say to this person about this deal now, whatever the gates say; answers stand
 * as "…". Errors:
 * -ENOENT (no such rule, person, deal), -ENODATA (evidence missing). The step's arena holds the
 * text. */
int core_preview(const struct core *core, const char *rule, const char *rep, const char *deal,
                 msec_t now, struct step *step, struct message *ret, struct err *err);

/* The messages of all conversations that are still open, oldest first, as they were shown last; the
 * list and its texts live in the arena. */
size_t core_open_messages(const struct core *core, struct arena *arena, struct message **ret);

/* The question or step behind a message, or NULL. Borrowed. */
const char *core_message_question(const struct core *core, const char *key);

/* All that decides what happens next, as text that is equal when the state is equal. For tests. */
void core_dump(const struct core *core, struct strbuf *out);

/* The value of a signal now (thousandths), NUMBER_NONE when there is none. For tests. */
int64_t core_signal(const struct core *core, const char *signal, const char *rep, const char *deal,
                    msec_t now);
