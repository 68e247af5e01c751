/* rule.h: what the loader makes of the YAML files: the book, an immutable snapshot.
 * Layer: core (pure). Lifetime: process; a reload builds a new book. Everything a book points to is
 * owned by the book (its arena, or freed by book_free). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "core/cond.h"
#include "core/event.h"
#include "core/experiment.h"
#include "core/flow.h"
#include "core/limits.h"
#include "core/offer.h"
#include "core/people.h"
#include "core/practice.h"
#include "core/question.h"
#include "core/sched.h"
#include "core/text.h"
#include "core/tz.h"
#include "core/value.h"
#include "core/wake.h"

/* --- plugins --- */

enum schedule_missed { MISSED_ONCE, MISSED_SKIP, MISSED_ALL };
enum pick { PICK_ROTATE, PICK_WEIGHTED, PICK_ADAPTIVE };
enum quiet { QUIET_HOLD, QUIET_DROP, QUIET_EXPIRE };
enum rule_to { TO_REP, TO_MANAGER, TO_TEAM, TO_PEER };
enum rule_area { AREA_OPPORTUNITY, AREA_SKILL };
enum limit_per { PER_DEAL, PER_DAY, PER_WEEK, PER_MONTH };
enum rule_unknown { UNKNOWN_HOLD, UNKNOWN_DROP, UNKNOWN_RESEND };

struct limit {
    int count;
    enum limit_per per;
};

enum { RULE_LIMITS_MAX = 4, RAMP_DEFAULT = -1 };

/* How a decision lies to what leads to it (load/load_ahead.c reads these, core/ahead.c and
 * core/missing.c know what they mean). */
enum rule_point { POINT_AT, POINT_BEFORE, POINT_AFTER, POINT_MISSING };
enum { RULE_MOMENTS_MAX = 12 };

/* One length of `by:` or `at:`. */
struct moment {
    msec_t length;
    bool working;
    const char *text; /* as it is written */
};

struct action;  /* core/action.h */
struct unlock;  /* core/unlock.h */
struct stretch; /* core/stretch.h */

struct rule {
    const char *id, *about;
    struct plugin *plugin;
    int index; /* in book.rules, which is sorted by id */
    enum rule_area area;
    enum rule_to to;
    bool of_managers; /* it looks at what managers do, not at what reps do */
    int priority;     /* higher speaks first; default 0 */

    /* decision point: events, or a schedule */
    uint64_t when;          /* EVENT_BIT of each type; 0 when scheduled */
    struct cond *when_cond; /* fields of the event */
    uint64_t to_stages;     /* book_index: bits of the stages that its `to` names; 0: any */
    struct wake wake;       /* book_index: what the words of an event say about when_cond */
    struct sched *sched;
    const struct tz *zone; /* fixed zone of the schedule; NULL: the receiver's */
    enum schedule_missed missed;
    msec_t missed_within;

    enum rule_point point;
    struct moment *moments; /* BEFORE: one; AFTER: rising */
    int moment_count;
    const char *moments_text;  /* all of them in one text: an edit shows in it */
    struct fact_filter absent; /* MISSING: what did not happen between `since` and the schedule */
    struct sched *since;
    bool absent_per_deal;

    struct cond *cond; /* if */
    msec_t wait;       /* for: 0 none */
    bool wait_working;
    uint64_t unless;
    struct cond *unless_cond;

    const struct action *action;
    struct question **questions; /* ask */
    int question_count;
    const struct flow *flow; /* start */
    enum pick pick;
    struct text **texts; /* praise, tell, suggest, stretch */
    int text_count;
    struct section *sections; /* digest */
    int section_count;
    struct offer offer; /* suggest */
    struct stretch *stretch;
    const struct unlock *unlock; /* or NULL */
    const char **ideas;          /* ids of core/idea.h that it carries out */
    int idea_count;
    struct text *card; /* praise via manager: what the manager is told was seen; NULL: `about` */
    bool via_bot;      /* praise */
    bool alert;        /* tell: class alert */

    struct limit limits[RULE_LIMITS_MAX];
    int limit_count;
    msec_t cooldown;
    int *inhibits; /* rule indices silenced for the rep (and deal) when this one speaks or waits */
    int inhibit_count;
    enum quiet quiet;
    msec_t
        expires; /* the open conversation closes after so much working time; 0: after reminders */
    bool reminders;
    bool quotes_answers; /* its words can: book_index() */
    enum rule_unknown unknown;

    uint64_t outcome_when; /* what the rule hopes for; for reports */
    struct cond *outcome_cond;
    msec_t outcome_within;

    const struct experiment *experiment; /* or NULL */
    int ramp;                            /* percent of the reps a day; RAMP_DEFAULT: of limits */

    struct source_place place;
    struct hash128 print; /* of all that was written about it: another one means it was edited */
};

struct plugin {
    const char *id, *about, *file;
    const char *owner; /* person id: who is told when the file is broken; NULL: every manager */
    const char *pack;  /* the collection it is part of, with its version; NULL: none */
    int version;
    int impact, effort;                /* 1 to 5, as its author sees it; 0: not said */
    const struct programme *programme; /* core/programme.h; NULL: it begins by itself */
};

struct rule_list {
    const struct rule **rules;
    int count;
};

struct book {
    struct arena arena;
    struct person_def *people; /* sorted by id; on the heap, the rest in the arena */
    int person_count;
    struct team_def *teams;
    int team_count;
    struct expectations expectations;
    struct stage_def *stages; /* in pipeline order; won and lost are always there */
    int stage_count;
    struct plugin **plugins;
    int plugin_count;
    struct question **questions;
    int question_count;
    struct flow **flows;
    int flow_count;
    struct signal **signals;
    int signal_count;
    struct rule **rules; /* sorted by id */
    int rule_count;
    struct limits limits;
    int32_t *holidays; /* sorted day numbers */
    int holiday_count;
    const char *purpose;     /* what the data is for, or NULL */
    const char *controller;  /* who is responsible for it, or NULL */
    bool unstored;           /* no words of any answer are stored */
    bool unintroduced;       /* people have been told by other means who writes to them */
    struct speech *speeches; /* files of words */
    int speech_count;
    const struct speech *speech; /* book_index: the one for everybody, or NULL */
    struct organisation organisation;
    struct helper helpers[HELPER_ROLES];
    struct rule_list by_event[EVENT_TYPES]; /* index: which rules an event type can wake */
    struct rule_list scheduled;
    struct rule_list ahead; /* those with `before` or `after` */
    struct rule_list by_unless[EVENT_TYPES];
    msec_t fact_horizon; /* how far back any signal can look */
    size_t signal_words; /* of a person's signal_states */
};

struct book *book_new(void);
void book_free(struct book *book);           /* accepts NULL */
void book_index(struct book *book);          /* sorts, numbers and indexes; once, after loading */
void book_index_speeches(struct book *book); /* that part of it; again for other people */
const struct rule *book_rule(const struct book *book, const char *id);
const struct person_def *book_person(const struct book *book, const char *id);
const struct team_def *book_team(const struct book *book, const char *id);
/* By canonical id, else by a CRM's own word for it. */
const struct stage_def *book_stage(const struct book *book, const char *id_or_crm);
uint64_t book_stage_bit(const struct book *book, const char *id_or_crm); /* 0: not known */
