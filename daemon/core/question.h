/* question.h: what can be asked, and the signals that rules look at.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "core/people.h"
#include "core/text.h"

struct plugin;

enum question_kind { KIND_SKILL, KIND_ACTIVITY, KIND_BELIEF, KIND_DRIVE, KIND_PURPOSE };
enum reader { READER_REP, READER_MANAGER, READER_TEAM, READER_GROUP };
enum answer_type { ANSWER_TEXT, ANSWER_YES_NO, ANSWER_SCALE, ANSWER_CHOICE, ANSWER_DATE };

/* What becomes of the answer besides. */
enum keep {
    KEEP_NOTHING,
    KEEP_WHY,
    KEEP_GOAL,
    KEEP_PLAN,
    KEEP_PRACTICE,
    KEEP_TRIED,
    KEEP_BEHAVIOURS,
    KEEP_REQUEST, /* a step of a talk */
};

/* What becomes of the words of an answer. The numbers are stored. */
enum stored { STORED_ALWAYS = 0, STORED_ON_WISH = 1, STORED_NEVER = 2 };

struct question {
    const char *id;
    struct plugin *plugin;
    enum question_kind kind;
    bool advise;          /* style: advise */
    struct text **advice; /* style: auto: what is said instead to whom a hint helps more */
    int advice_count;
    const char *topic;   /* customer_gain, ... or NULL */
    int use_case;        /* enum use_case of practice.h */
    int behaviour;       /* index in behaviour_words */
    const char **values; /* of the organisation, that it speaks of */
    int value_count;
    const char **stages; /* the stages it is for (informative), or none */
    int stage_count;
    struct text **texts; /* the wordings */
    int text_count;
    enum answer_type answer;
    int scale_min, scale_max;
    const char **choices;
    int choice_count;
    enum reader reader;
    enum keep keep;
    enum stored stored;
    bool hard; /* asks for something hard: the rep's own reason stands before it */
    struct source_place place;
};

enum signal_kind {
    SIGNAL_COUNT,
    SIGNAL_SUM,
    SIGNAL_STREAK,
    SIGNAL_GAP,
    SIGNAL_TIME,
    SIGNAL_DISTINCT,
    SIGNAL_RATIO,
    SIGNAL_TREND
};

/* The windows of a ratio's baseline and of a trend: so many at most; a trend has so many at least.
 */
enum { SIGNAL_RATIO_PARTS = 52, SIGNAL_TREND_LEAST = 3, SIGNAL_TREND_PARTS = 13 };

/* What a count or sum, also that inside a ratio or trend, adds up of each event. */
enum signal_of { SIGNAL_OF_COUNT, SIGNAL_OF_DURATION };

/* Which events a signal counts. */
struct fact_filter {
    uint64_t types;                                  /* EVENT_BIT of each */
    const char *kind, *direction, *outcome;          /* NULL: any */
    bool automated;                                  /* count automated activity too */
    uint8_t kind_word, direction_word, outcome_word; /* book_index: the three as numbers */
};

struct signal {
    const char *name;
    struct plugin *plugin;
    enum signal_kind kind;
    struct fact_filter of;
    bool per_deal;  /* only facts of the deal at hand */
    bool has_since; /* count from the last such fact on */
    struct fact_filter since;
    msec_t within;      /* at most so long after `since`; 0: no end */
    msec_t window;      /* sliding window ending now; 0: none; ratio and trend: of each part */
    int parts;          /* ratio: windows of the baseline; trend: windows it looks at */
    enum signal_of add; /* what is added up */
    int at_least;       /* streak: facts a working day needs */
    bool own_baseline;  /* time_from..to: how much faster than the own median, in percent */
    size_t state;       /* book_index: where its words are in a person's signal_states */
    size_t positions;   /* book_index: so many of these are positions of facts */
    struct source_place place;
};
