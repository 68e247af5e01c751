/* event.h: everything that can happen, in one struct.
 * Layer: core (pure). Lifetime: the caller's; the core copies what it keeps.
 * Source: protocols of CloudEvents 1.0 and the event types promised in docs/interfaces. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/msec.h"

/* EVENT(enumerator, name): names as rules write them, without "gritd." */
#define EVENT_LIST(EVENT)                                                                          \
    EVENT(DEAL_CREATED, "deal.created")                                                            \
    EVENT(DEAL_STAGE_CHANGED, "deal.stage_changed")                                                \
    EVENT(DEAL_AMOUNT_CHANGED, "deal.amount_changed")                                              \
    EVENT(DEAL_CLOSE_DATE_CHANGED, "deal.close_date_changed")                                      \
    EVENT(DEAL_OWNER_CHANGED, "deal.owner_changed")                                                \
    EVENT(DEAL_WON, "deal.won")                                                                    \
    EVENT(DEAL_LOST, "deal.lost")                                                                  \
    EVENT(DEAL_REOPENED, "deal.reopened")                                                          \
    EVENT(DEAL_DELETED, "deal.deleted")                                                            \
    EVENT(ACTIVITY_LOGGED, "activity.logged")                                                      \
    EVENT(ACTIVITY_PLANNED, "activity.planned")                                                    \
    EVENT(GATE_COMPLETED, "gate.completed")                                                        \
    EVENT(GATE_REVERTED, "gate.reverted")                                                          \
    EVENT(REP_JOINED, "rep.joined")                                                                \
    EVENT(REP_LEFT, "rep.left")                                                                    \
    EVENT(REP_AWAY, "rep.away")                                                                    \
    EVENT(REP_BACK, "rep.back")                                                                    \
    EVENT(GOAL_SET, "goal.set")                                                                    \
    EVENT(GOAL_PROGRESS, "goal.progress")                                                          \
    EVENT(TRAINING_COMPLETED, "training.completed")                                                \
    EVENT(CONTENT_SHARED, "content.shared")                                                        \
    EVENT(CUSTOMER_REACTION, "customer.reaction")                                                  \
    EVENT(PLAN_CUE, "plan.cue") /* these four the core finds out by itself */                      \
    EVENT(PLAN_REHEARSAL, "plan.rehearsal")                                                        \
    EVENT(PLAN_PRACTICE, "plan.practice")                                                          \
    EVENT(PLAN_MISSED, "plan.missed")                                                              \
    EVENT(OTHER, "other")          /* any other type: kept and counted */                          \
    EVENT(TICK, "tick")            /* a moment the core asked to be woken at */                    \
    EVENT(SAID, "chat.said")       /* a person wrote to us */                                      \
    EVENT(CLICKED, "chat.clicked") /* a person pressed a button or sent an input */                \
    EVENT(PERSON, "chat.person")   /* what the platform says about a person */                     \
    EVENT(PAUSE, "control.pause")  /* the operator's switch */                                     \
    EVENT(RESUME, "control.resume")                                                                \
    EVENT(ACCESS, "control.access") /* `name` has looked at what is kept of rep: `reason` */       \
    EVENT(FORGET, "control.forget") /* all that is kept of rep goes */

enum event_type {
#define EVENT(name, text) EVENT_##name,
    EVENT_LIST(EVENT)
#undef EVENT
        EVENT_TYPES
};

#define EVENT_BIT(type) (UINT64_C(1) << (type))

/* Rules may name the types before this one. */
enum { EVENT_RULE_TYPES = EVENT_OTHER };
/* Senders may send the types before this one; the others are the core's own. */
enum { EVENT_SENT_TYPES = EVENT_PLAN_CUE };

const char *event_type_name(enum event_type type);
/* The same for what comes from outside: the core's own types are OTHER there. */
enum event_type event_type_sent(const char *name);
enum event_type event_type_find(const char *name); /* "deal.won" or "gritd.deal.won"; else OTHER */

#define NUMBER_NONE INT64_MIN

/* Text is NULL, numbers NUMBER_NONE and times MSEC_NONE where the event does not say (event_init).
 */
struct event {
    enum event_type type;
    const char *type_name; /* as received; for OTHER the only trace of what it was */
    msec_t at;   /* when the engine took it; never decreasing; this is `now` of the step */
    msec_t time; /* when it happened */
    const char *id, *source;
    struct hash128 key; /* of source and id; orders events of one instant, finds duplicates */
    const char *rep;    /* a person's id, or the owner as the CRM writes it */

    const char *deal, *deal_name, *account, *owner, *contact, *currency, *next_step;
    const char *stage;      /* deal.stage, canonical id, or the CRM's own word until mapped */
    const char *close_date; /* YYYY-MM-DD */
    int64_t amount;         /* minor units (cents) */
    msec_t created;

    const char *from, *to; /* stages of a change */
    const char *kind;      /* of an activity or goal */
    const char *direction; /* outbound inbound none; of a stage change: forward back sideways */
    const char *outcome, *reason;
    int64_t duration_s, count;
    bool automated;
    msec_t due;           /* planned for */
    const char *with;     /* of an activity: the person on our side, as an id or a CRM's */
    const char *activity; /* which activity, where that is not the event's own id */
    const char *raw_kind; /* of an activity: the CRM's own word, where `kind` is other */

    const char *crm, *object, *object_id; /* where it comes from: "hubspot", "deal", "4711" */
    int64_t attempt;                      /* of the CRM to tell us */
    bool bulk;                            /* one of many records that were changed at once */

    const char *gate, *side, *evidence; /* side: seller customer */
    const char *goal, *metric, *period;
    const char *goal_owner; /* self assigned */
    int64_t target, actual; /* thousandths */
    const char *topic, *area, *content, *channel, *reaction;

    const char *manager, *team, *zone; /* rep.joined, PERSON */
    msec_t away_from, away_until;

    /* chat and control */
    const char *text;    /* SAID: the words; CLICKED: the value of the input, if any */
    const char *message; /* CLICKED: key of the message */
    const char *button;  /* CLICKED */
    const char *chat;    /* the platform's id of the person (SAID, CLICKED, PERSON) */
    bool plain;          /* SAID: where there are no buttons; a number stands for one */
    const char *name, *email;
    bool gone;        /* PERSON: deactivated on the platform */
    const char *rule; /* RESUME: only this rule, which had paused itself */
};

void event_init(struct event *event, enum event_type type, msec_t time);

/* hash of source and id. */
struct hash128 event_key(const char *source, const char *id);
