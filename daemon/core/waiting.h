/* waiting.h: what hangs on a moment to come: waits, holds, conversations, schedules.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/message.h"
#include "core/timer.h"

struct person;
struct deal;
struct talk;

/* A decision that waits: `for:` (WAIT), for the end of quiet (HOLD), or for the moments of `before`
 * and `after` (PLAN). The numbers are stored. */
enum pending_kind { PENDING_WAIT = 0, PENDING_HOLD = 1, PENDING_PLAN = 2 };

struct pending {
    struct timer timer;
    const char *key; /* of its row: "rule|rep|occurrence"; like the next two texts in its memory */
    uint64_t hash;   /* of the key */
    enum pending_kind kind;
    const struct rule *rule;
    struct person *rep;
    struct deal *deal;
    struct event *event; /* what began it; NULL for schedules */
    const char *occurrence;
    const char *stage; /* the deal's stage when it began */
    msec_t since;
    bool listed; /* in all indexes; what is released is in none */
    /* PLAN (core/ahead.c) */
    char *terms;   /* the lengths it was made with: another text there moves it */
    msec_t cursor; /* AFTER: the moments up to here are done */
    bool done;     /* BEFORE: decided or called off; kept so that what comes late changes nothing */
    bool planned;  /* of a BEFORE rule: counted in core.planned while it is in the index */
};

/* The numbers are stored: never change one. */
enum prompt_kind {
    PROMPT_QUESTION,
    PROMPT_CARD,
    PROMPT_META,
    PROMPT_OFFER = 10,   /* something to look at; `text` is what it is */
    PROMPT_TALK = 11,    /* a talk with a colleague, to the rep; `text` is the topic */
    PROMPT_PEER = 12,    /* the same talk, to the colleague who is asked; `about` is the rep */
    PROMPT_STRETCH = 16, /* a harder step; `text` is the rung */
    PROMPT_TARGETS = 27, /* own targets as they were understood; `text` has them */
    PROMPT_DRAFT = 28,   /* to who asks for help; `question_id` is the request */
    PROMPT_REQUEST = 29, /* the same to the helper; `about` is the asker */
};

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

/* The key of one of its messages, as long as the index of the core knows it. */
struct prompt_name {
    struct prompt_name *next;
    char key[MESSAGE_KEY_BYTES];
};

struct prompt {
    struct timer timer;
    struct prompt_name *names;
    size_t place;                     /* in the core's list */
    char key[MESSAGE_KEY_BYTES];      /* of the first message */
    char latest[MESSAGE_KEY_BYTES];   /* of the newest message with buttons */
    char (*older)[MESSAGE_KEY_BYTES]; /* of those between the first and the newest */
    int older_count, older_cap;
    enum prompt_kind kind;
    enum prompt_state state;
    struct person *to, *about;
    const struct rule *rule; /* NULL when the rule is gone */
    const struct question *question;
    struct talk *talk; /* whose step it is, or NULL */
    char *rule_id, *question_id, *occurrence, *family;
    struct deal *deal;
    char *stage;
    char *text;   /* what was asked; CARD: the draft of the praise */
    char *shown;  /* the whole text of the message */
    char *why;    /* what led to it, in words */
    char *answer; /* the person's words */
    enum reader
        reader; /* as it was announced when the question was asked; a reload changes nothing */
    enum stored stored; /* likewise */
    bool shared;        /* the person shows the answer to the manager too, and can take that back */
    int number;         /* tells the person's answers apart in words; 0: not counted yet */
    char *wording; /* pick: adaptive: "question#index", to learn from what becomes of it; or NULL */
    msec_t at, answered_at;
    msec_t begins; /* what it is ahead of; nothing about it is said from then on. MSEC_NEVER */
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
