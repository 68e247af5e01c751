/* plan.h: if-then plans in people's own words, and what they practise until it is a habit. Private
 * to core/. Layer: core (pure). Lifetime: process. */
#pragma once
#include "core/parts.h"

enum {
    PLANS_MAX = 20, /* of one person */
    PLAN_WORDS_POINTS = 300,
    PLAN_FIRINGS_MAX = 8, /* kept one by one; older ones are in the sums */
    PLAN_HABIT_TIMES = 5, /* done so often without being asked, it is a habit */
    PLAN_KEEP_DAYS = 90,  /* what is over is kept as long as answers */
};

/* The numbers of these enums are stored. */
enum plan_state {
    PLAN_DRAFT = 0, /* read back, not yet confirmed */
    PLAN_ON = 1,
    PLAN_QUEUED = 2, /* practice that waits until another one is a habit */
    PLAN_OVER = 3,   /* its one moment is past */
    PLAN_HABIT = 4,
};

enum plan_cue {
    CUE_NONE = 0, /* not one we know: kept, and nobody is reminded */
    CUE_ONCE = 1,
    CUE_WEEKLY = 2,
    CUE_DAILY = 3, /* each working day */
    CUE_AHEAD = 4, /* before something planned */
    CUE_LOST = 5,
    CUE_WON = 6,
    CUE_STAGE = 7,
};

/* A sentence, taken apart. */
struct plan_reading {
    const char *cue_words, *act; /* NULL: there is no such half */
    enum plan_cue cue;
    msec_t once;             /* CUE_ONCE */
    int weekday, minute;     /* CUE_WEEKLY (0 Sunday), CUE_DAILY */
    bool single;             /* only the next time */
    unsigned ahead;          /* CUE_AHEAD: bits of word_kind() */
    const char *stage;       /* CUE_STAGE: canonical */
    const struct deal *near; /* a customer or deal of this person that the cue names, or NULL */
    unsigned kinds; /* bits of word_kind(): the activity that the act is; 0: none we can see */
    const struct deal *target; /* the same, named by the act */
};

enum firing_state { FIRING_OPEN, FIRING_KEPT, FIRING_MISSED };

struct firing {
    msec_t at;
    enum firing_state state;
};

struct plan {
    struct timer timer; /* first */
    char *key;          /* of its row: "person|number" */
    struct person *by;
    int number;
    enum plan_state state;
    bool practice;
    char *words, *cue_words, *act;
    enum plan_cue cue;
    int weekday, minute;
    bool single;
    unsigned ahead, kinds;
    char *stage;
    struct deal *near, *target;
    struct deal *deal; /* that the last moment was about, or NULL */
    msec_t made;
    msec_t rehearse_at, fire_at, check_at, ask_at, forget_at; /* MSEC_NEVER: not at all */
    msec_t ahead_of;  /* the beginning of what it last spoke ahead of; MSEC_NONE */
    msec_t interval;  /* of asking again */
    int times;        /* done without being asked */
    int64_t last_day; /* of them, local */
    struct firing firings[PLAN_FIRINGS_MAX];
    int firing_count;
    int kept, missed; /* those that are not in the list any more */
};

/* Something planned, known until it begins. */
struct meeting {
    char *key; /* of its row: "person|meeting|source activity" */
    msec_t due, said;
    unsigned kinds;    /* one bit of word_kind() */
    struct deal *deal; /* or NULL */
};

struct plan_moments {
    struct candidate *list;
    size_t count, cap;
};

/* plan_parse.c */
/* Takes "when CUE then ACT" apart, leniently; the texts live in the arena. */
struct plan_reading plan_read(const struct core *core, const struct person *by, const char *words,
                              msec_t now, struct arena *arena);
/* Words that only repeat an example or leave its gaps open. */
bool plan_is_template(const char *words);

/* plan.c */
/* Limits are the caller's to look at. `words` are cut to PLAN_WORDS_POINTS. */
struct plan *plan_add(struct core *core, struct person *by, const char *words,
                      const struct plan_reading *reading, msec_t now);
void plan_begin(struct core *core, struct step *step, struct plan *plan); /* confirmed */
/* Practice starts now, or waits for a free place: false. */
bool plan_practise(struct core *core, struct step *step, struct plan *plan);
void plan_drop(struct core *core, struct step *step, struct plan *plan);
/* Done or not, by the person's own word. True: it is a habit now. */
bool plan_tried(struct core *core, struct step *step, struct plan *plan, bool done);
struct plan *plan_find(const struct person *by, const char *key); /* or NULL */
struct plan *plan_draft(const struct person *by);                 /* the unconfirmed one, or NULL */
int plan_kept(const struct plan *plan);
int plan_missed(const struct plan *plan);
void plan_event(struct core *core, struct step *step, const struct event *event, struct person *rep,
                struct deal *deal);
void plan_due(struct core *core, struct step *step, struct timer *timer,
              struct plan_moments *moments);
struct value plan_value(const struct scope *scope, enum field field);
const char *plan_cue_text(const struct core *core, const struct plan *plan,
                          struct arena *arena); /* as it was understood */

/* plan_ahead.c: what is planned, for cues ahead of it */
/* False: the event plans and ends nothing. */
bool meeting_event(struct core *core, struct step *step, const struct event *event,
                   struct person *rep, struct deal *deal);
void meeting_add(struct person *person, const struct meeting *meeting); /* takes it */
/* When the plan's moment ahead of the next fitting thing comes; MSEC_NEVER: nothing is planned. */
msec_t meeting_next(const struct plan *plan, msec_t now, const struct meeting **ret);

/* plan_row.c */
struct plan *plan_new(struct person *by, int number);
void plan_free(struct core *core, struct plan *plan); /* out of its lists too */
void plans_free(struct person *person);
void plan_persist(struct step *step, const struct plan *plan);
struct json_t;
int plan_load(struct core *core, const char *key, const struct json_t *root);
void plan_arm(struct core *core, struct plan *plan);

/* keep.c: what `keep` of a question makes of its answer */
/* NULL when the words may be kept so, else what to say. */
const char *keep_unfit(const struct prompt *prompt, const char *words, struct arena *arena);
/* What to say, "" when all is said, or NULL for the usual thanks. `before`: the answer that is
 * corrected, or NULL. */
const char *keep_answer(struct core *core, struct step *step, const struct prompt *prompt,
                        const char *words, const char *before, const struct event *event);
/* What stands before the words of a question marked hard: the person's own reason; or "". */
const char *keep_lead(const struct core *core, const struct question *question,
                      const struct person *to, struct arena *arena);
