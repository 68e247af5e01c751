/* limits.h: how much is too much: the defaults, and what gritd.yaml makes of them.
 * Layer: core (pure). */
#pragma once
#include <stdbool.h>

#include "core/hours.h"
#include "core/mix.h"

/* Defaults of the product; `limits:` of gritd.yaml changes them. */
struct limits {
    int prompts_per_day;                /* 1 */
    int prompts_per_family_week;        /* 3 */
    int open_conversations;             /* 1 */
    int cards_per_day;                  /* 5: evidence cards for one manager */
    int digests_per_day;                /* 2: digests for one manager */
    int praise_per_day;                 /* 1: praise by the bot itself for one rep */
    int backoff_after;                  /* 2 unanswered in a row */
    int habits_at_once;                 /* 2: what one person practises at a time */
    msec_t remind_first, remind_second; /* working time: 1 and 3 working days */
    msec_t hold_at_most; /* 1 working day, counted as calendar time to the next working day's end */
    msec_t late_at_most; /* 24 h: an event older than this on arrival decides nothing */
    msec_t quiet_period; /* 60 s: after so long an accepted request cannot appear any more */
    bool cool_off;       /* after a lost deal nothing before the next working morning */
    struct hours hours;  /* 08:30-18:00, Monday to Friday */
    int keep_answers, keep_decisions, keep_journal, keep_messages; /* days: 90, 90, 400 and 30 */
    int keep_leavers; /* days: 30; of who has left and is in no file any more */
    int ramp;         /* 10: percent of a team's reps that a new rule reaches more a day; 0 off */
    bool easy_first;  /* false: the practices of a new team come one after another */
    struct mix mix;   /* off */
};

void limits_default(struct limits *limits);

enum { TEAM_MESSAGES_PER_DAY = 1 }; /* into one channel, over all rules */
