/* intent.h: what should happen: the output of a step.
 * Layer: core (pure). Lifetime: step; every pointer lives in the step's arena. */
#pragma once
#include "core/message.h"

enum intent_type {
    INTENT_SEND,  /* say this */
    INTENT_STATE, /* this is now true */
    INTENT_NOTE,  /* why, or why not */
};

/* Kinds of state rows. The numbers are stored: never change one. */
enum state_kind {
    STATE_PERSON = 1,
    STATE_DEAL = 2,
    STATE_PROMPT = 3,
    STATE_PENDING = 4,
    STATE_CURSOR = 5,
    STATE_META = 6,    /* the engine's own: instance secret, ... */
    STATE_FLOW = 7,    /* a talk of several steps: its flow and where it stands */
    STATE_TRIAL = 8,   /* an occasion of an experiment, or the sums of those that are over */
    STATE_RULE = 9,    /* what a rule knows of itself: since when, its ramp, whether it is paused */
    STATE_PLUGIN = 10, /* the daemon's own: the last good version of a plugin file */
    STATE_PAIR = 11,   /* of one person: talks with colleagues, and what was declined */
    STATE_GOAL = 12,   /* of one person: goals, and the own reasons for the work */
    STATE_PLAN = 13,   /* one if-then plan or practised commitment of a person */
    STATE_LEDGER = 14, /* one act of coaching by a manager */
    STATE_ACCESS = 15, /* somebody has looked at what is kept about a person */
    STATE_LADDER = 16, /* of one person: how far the ladders of steps have come */
    STATE_REQUEST = 18, /* help that a person asks of somebody */
    STATE_POLL = 20,    /* the daemon's own: how far a CRM was asked */
    STATE_DOOR = 17,    /* the anonymous door: words of a team, and tokens of who spoke */
    STATE_INTAKE = 19,  /* the daemon's own: a request of a CRM that could not be read */
    STATE_BACK = 21,    /* the daemon's own: a record of a CRM that is still to be read */
};

struct gate_note {
    const char *gate;
    bool ok;
    const char *why;
};

enum { DECISION_GATES_MAX = 24 };

/* One decision line of the interfaces. */
struct decision {
    msec_t at;
    const char *rep, *rule, *occurrence;
    const struct rule *known; /* the rule in the book that decided; NULL: it is gone */
    const char *outcome;      /* sent held expired suppressed cancelled missed */
    const char *deal;         /* or NULL */
    int variant;              /* which wording; -1 none */
    const char *arm;          /* of the rule's experiment; NULL: none, or the coin was not tossed */
    int p; /* the chance that it was chosen so, in thousandths; 0 where all was certain */
    const char *text; /* what was said; NULL when nothing */
    msec_t send_at;   /* MSEC_NONE when not */
    int gate_count;
    struct gate_note gates[DECISION_GATES_MAX]; /* behind gate_count of them is nothing */
};

struct intent {
    enum intent_type type;
    union {
        struct message send;
        struct {
            int kind;
            const char *key, *value; /* JSON; NULL deletes */
        } state;
        struct decision note;
    };
};

/* The outcome of one step. The caller resets it between steps. */
struct step {
    struct arena arena;
    struct intent *intents;
    size_t count, cap;
    msec_t now;
    const char *rep;    /* id of the person the event was about, or NULL */
    const char *export; /* id of the person who wants to see all that is kept, or NULL */
    const struct event
        *happened;            /* what the event has brought to light; to be journalled, or NULL */
    const char *happened_rep; /* whom that is about */
    /* set by the caller: */
    bool stateless; /* nothing will be stored, so states are not written out */
    bool wordless;  /* decisions are only counted: reasons are not put into words, names not kept,
                       open gates not noted */
};

void step_init(struct step *step);
void step_done(struct step *step);
void step_reset(struct step *step, msec_t now);
void step_note(struct step *step, const struct decision *decision);
struct intent *step_add(struct step *step, enum intent_type type); /* valid until the next add */
/* The message that was added last; there is one. Valid until the next add. */
struct message *step_sent(struct step *step);

/* The decision line of interfaces.md, one JSON object without a newline. */
void decision_encode(const struct decision *decision, struct strbuf *out);

/* The first gate that refused, in words, or NULL. */
const char *decision_blocker(const struct decision *decision);
