/* model.h: what the core knows, in memory. Private to core/.
 * Layer: core (pure). Everything here changes only through the functions of this folder. */
#pragma once
#include "base/map.h"
#include "core/action.h"
#include "core/core.h"
#include "core/timer.h"

/* Last writer wins: the later `time`, then the larger `tie`. Makes the fold independent of order. */
struct stamp {
    msec_t time;
    uint64_t tie;
};

bool stamp_take(struct stamp *stamp, msec_t time, uint64_t tie); /* true: newer, and taken over */

struct deal;
struct person;

/* One thing that happened, as far as signals care; 32 bytes. */
struct fact {
    msec_t time;
    uint64_t tie;
    struct deal *deal; /* or NULL */
    uint8_t type, kind, direction, outcome;
    uint16_t times; /* how often: the event's count, at least 1 */
    bool automated;
};

/* One message that used up a limit. */
struct sent {
    msec_t at;
    const char *rule; /* id, interned in the core */
    struct deal *deal;
};

enum backoff { BACKOFF_NONE, BACKOFF_ASKED, BACKOFF_STOPPED };

struct person {
    char *id;
    const struct person_def *def; /* NULL: not in people.yaml */
    char *chat, *email;           /* what the platform says */
    char *zone_said;              /* zone by the platform or rep.joined */
    char *manager_said, *team_said;
    const struct tz *tz;
    bool manager, gone, left;
    struct stamp left_stamp;
    struct hours_away *leave; /* of people.yaml, in the person's zone */
    int leave_count;
    struct hours_away *aways; /* of rep.away, sorted by (from, until) */
    int away_count, away_cap;
    msec_t *backs; /* of rep.back, sorted: each ends what it falls into */
    int back_count, back_cap;
    msec_t paused_until; /* MSEC_NONE: not paused */
    char **mutes;        /* plugins the person does not want */
    int mute_count, mute_cap;
    bool afternoons; /* asked for another time */
    bool less;       /* asked for less: one a week */
    int unanswered;  /* in a row */
    enum backoff backoff;
    msec_t last_loss;

    struct fact *facts; /* sorted by (time, tie) */
    size_t fact_count, fact_cap;
    struct sent *sents; /* in order of time */
    size_t sent_count, sent_cap;
    struct prompt **prompts; /* open ones */
    int prompt_count, prompt_cap;
    bool dirty;
    size_t busy; /* step mark: someone has spoken to this person in this step */
};

enum deal_field {
    DEAL_NAME,
    DEAL_ACCOUNT,
    DEAL_OWNER,
    DEAL_CONTACT,
    DEAL_CURRENCY,
    DEAL_NEXT_STEP,
    DEAL_CLOSE_DATE,
    DEAL_STAGE,
    DEAL_TEXTS, /* the ones before are texts */
    DEAL_AMOUNT = DEAL_TEXTS,
    DEAL_DELETED,
    DEAL_FIELDS
};

struct gate_mark {
    char *gate; /* id of the seller's or customer's half */
    bool done;
    struct stamp stamp;
};

struct deal_sent {
    const char *rule;
    int count;
    msec_t last;
};

struct deal {
    char *id;
    char *texts[DEAL_TEXTS];
    int64_t amount; /* minor units */
    bool deleted;
    msec_t created; /* the earliest that was said */
    struct stamp stamps[DEAL_FIELDS];
    struct gate_mark *gates; /* sorted by gate */
    int gate_count, gate_cap;
    struct deal_sent *sents;
    int sent_count, sent_cap;
    struct person *rep; /* of the owner; NULL when nobody we know */
    struct pending **pending; /* waits and holds about this deal */
    int pending_count, pending_cap;
    bool dirty;
};

/* A decision that waits: `for:` (WAIT), or for the end of quiet (HOLD). */
enum pending_kind { PENDING_WAIT, PENDING_HOLD };

struct pending {
    struct timer timer;
    char *key; /* of its row: "rule|rep|occurrence" */
    enum pending_kind kind;
    const struct rule *rule;
    struct person *rep;
    struct deal *deal;
    struct event *event; /* what began it; NULL for schedules */
    char *occurrence;
    char *stage; /* the deal's stage when it began */
    msec_t since;
    bool dead;
};

enum prompt_kind { PROMPT_QUESTION, PROMPT_CARD, PROMPT_META };

/* The life of a conversation; prompt.c has the table of allowed moves. */
enum prompt_state {
    PROMPT_OPEN,
    PROMPT_SNOOZED,
    PROMPT_ANSWERED,
    PROMPT_SKIPPED,
    PROMPT_UNANSWERED, /* closed in silence; a late answer is still welcome */
    PROMPT_CANCELLED,
    PROMPT_STATES
};

struct prompt {
    struct timer timer;
    char key[MESSAGE_KEY_BYTES];    /* of the first message */
    char latest[MESSAGE_KEY_BYTES]; /* of the newest message with buttons */
    enum prompt_kind kind;
    enum prompt_state state;
    struct person *to, *about;
    const struct rule *rule; /* NULL when the rule is gone */
    const struct question *question;
    char *rule_id, *question_id, *occurrence, *family;
    struct deal *deal;
    char *stage;
    char *text;   /* what was asked; CARD: the draft of the praise */
    char *shown;  /* the whole text of the message */
    char *why;    /* what led to it, in words */
    char *answer; /* the person's words */
    msec_t at, answered_at;
    int reminders, rounds; /* rounds: times it was asked again after a snooze */
    msec_t close_at;
};

/* A schedule in one zone. */
struct slot {
    struct timer timer;
    char *key; /* "rule|zone" */
    const struct rule *rule;
    const struct tz *tz;
    msec_t after; /* cursor: everything up to here is done */
    bool stale;   /* reload: its rule or zone is gone */
};

struct core {
    const struct book *book;
    struct core_options options;
    struct person **people; /* sorted by id */
    size_t person_count, person_cap;
    struct map person_keys; /* id, crm ids, e-mail, chat id in lower case -> person */
    struct person *nobody;  /* what a key that two people share leads to: better silence than the
                               wrong rep's deal */
    struct deal **deals; /* sorted by id */
    size_t deal_count, deal_cap;
    struct map deal_ids;
    struct map prompts; /* any message key -> prompt */
    struct prompt **prompt_list;
    size_t prompt_count, prompt_cap;
    struct map pendings; /* key -> pending */
    struct slot **slots;
    size_t slot_count, slot_cap;
    struct map cursors; /* slot key -> stored msec_t, until core_ready */
    struct timers timers;
    struct map strings; /* interned rule ids and map keys */
    struct arena names;
    struct person **dirty_people;
    size_t dirty_person_count, dirty_person_cap;
    struct deal **dirty_deals;
    size_t dirty_deal_count, dirty_deal_cap;
    size_t steps;
    size_t fact_total;
    bool ready;
};

/* What a rule looks at while it decides. */
struct scope {
    const struct core *core;
    const struct event *event; /* NULL for schedules */
    const struct person *rep;
    const struct deal *deal; /* or NULL */
    const struct rule *rule;
    msec_t now;
    struct arena *arena; /* for texts made on the way */
};

/* value.c */
struct value value_get(const struct scope *scope, const struct field_ref *ref);
const struct gate_def *scope_gate(const struct scope *scope); /* the pair the event or stage is about */

/* model.c */
const char *core_intern(struct core *core, const char *text);
struct person *person_find(const struct core *core, const char *any_key); /* or NULL */
struct person *person_get(struct core *core, const char *id);             /* made when absent */
void person_add_key(struct core *core, const char *key, struct person *person);
void person_resolve_zone(struct core *core, struct person *person);
const struct hours *person_hours(const struct core *core, const struct person *person);
const char *person_name(const struct person *person);
const char *person_first_name(const struct person *person, struct arena *arena);
const char *person_team(const struct person *person);
struct person *person_manager(const struct core *core, const struct person *person);
bool person_is_rep(const struct core *core, const struct person *person);
void person_touch(struct core *core, struct person *person);
struct deal *deal_find(const struct core *core, const char *id);
struct deal *deal_get(struct core *core, const char *id);
void deal_touch(struct core *core, struct deal *deal);
const struct gate_mark *deal_gate(const struct deal *deal, const char *gate);
bool deal_is_open(const struct deal *deal);
const char *deal_label(const struct deal *deal); /* name, account or id */
void deal_sent_add(struct core *core, struct deal *deal, const char *rule, msec_t at);
void person_sent_add(struct core *core, struct person *person, const char *rule, struct deal *deal,
                     msec_t at);

/* fold.c: returns false when nothing new was learned (a repeated fact). */
bool fold_event(struct core *core, const struct event *event, struct person **ret_rep,
                struct deal **ret_deal);
void fold_fact(struct core *core, struct person *rep, struct deal *deal, const struct fact *fact);

/* signal.c */
int64_t signal_value(const struct scope *scope, const struct signal *signal);

/* avail.c: working time of one person */
bool person_works_at(const struct core *core, const struct person *person, msec_t t);
msec_t person_next_working(const struct core *core, const struct person *person, msec_t t);
msec_t person_add_working(const struct core *core, const struct person *person, msec_t t,
                          msec_t working);
msec_t person_working_end(const struct core *core, const struct person *person, msec_t t);
msec_t person_away_until(const struct person *person, msec_t t); /* MSEC_NONE: not away */
int64_t person_day(const struct person *person, msec_t t); /* local date as a day number */
int64_t person_week(const struct person *person, msec_t t); /* Monday weeks */

/* persist.c */
void persist_person(struct step *step, const struct person *person);
void persist_deal(struct step *step, const struct deal *deal);
void persist_prompt(struct step *step, const struct prompt *prompt);
void persist_pending(struct step *step, const struct pending *pending, bool gone);
void persist_delete(struct step *step, int kind, const char *key);
void persist_cursor(struct step *step, const char *key, msec_t after);
void persist_flush(struct core *core, struct step *step); /* all that is dirty */

/* decide.c */
struct candidate {
    const struct rule *rule;
    struct person *rep;
    struct deal *deal;
    const struct event *event;
    const char *occurrence;
    const char *stage; /* of the deal when it began; NULL: now */
    struct pending *held; /* released from a hold, or NULL */
    bool waited;
};
void decide_all(struct core *core, struct step *step, struct candidate *list, size_t count);
void decide_note(struct step *step, const struct candidate *candidate, const char *outcome,
                 const char *gate, const char *why);

/* pending.c */
void pending_start(struct core *core, struct step *step, const struct candidate *candidate,
                   enum pending_kind kind, msec_t since, msec_t due);
void pending_end(struct core *core, struct step *step, struct pending *pending);
void pending_detach(struct core *core, struct pending *pending); /* out of all indexes */
void pending_free(struct core *core, struct pending *pending);
void pending_check(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal);
void pending_restore(struct core *core, struct pending *pending, msec_t due);

/* slot.c */
void slots_refresh(struct core *core, msec_t now, struct step *step);
size_t slot_fire(struct core *core, struct step *step, struct slot *slot,
                 struct candidate **list, size_t *count, size_t *cap);
void slots_free(struct core *core);

/* prompt.c */
struct draft {
    enum prompt_kind kind;
    const struct question *question;
    int variant;
    const char *words; /* the question, the praise or the telling */
    const char *card;  /* what the manager is told was seen */
    bool prompt;       /* starts a conversation */
    struct arena *arena;
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
const char *prompt_reader_line(const struct core *core, const struct question *question,
                               const struct person *rep, struct arena *arena);

/* say.c: messages outside of decisions */
struct message *say_message(struct core *core, struct step *step, struct person *to,
                            const char *rule, const char *occurrence, const char *part,
                            const char *text);
void say_reply(struct core *core, struct step *step, struct person *to, const struct event *event,
               const char *text);

/* dialog.c */
void dialog_said(struct core *core, struct step *step, const struct event *event);
void dialog_clicked(struct core *core, struct step *step, const struct event *event);

/* render.c: NULL when it came out empty. *ret_missing counts names without a value. */
const char *render_text(const struct scope *scope, const struct text *text, int *ret_missing);
char *render_value(const struct scope *scope, const struct value *value, struct arena *arena);
char *render_date(const struct person *person, msec_t t, struct arena *arena); /* "Tue 24 Nov" */
char *render_time(const struct person *person, msec_t t, struct arena *arena); /* "16:05" */
