/* dose.h: the most messages one person can get, whatever happens.
 * Layer: core (pure). Depends on: rule.
 *
 * Counted is what gritd says of its own accord: decided messages, reminders, the question after
 * silence. Not counted is what somebody asked for: replies, a question that was put off and comes
 * back, a manager's praise that was passed on, the end of a search for a colleague. Nor is a word
 * to a team: it stands in the team's channel, one a day. Messages count on the day they are
 * decided; an outage of the platform can move them to the next. */
#pragma once
#include "core/rule.h"

enum dose_kind {
    DOSE_PROMPTS,   /* questions and tellings under the coaching caps */
    DOSE_REMINDERS, /* of questions that stay open */
    DOSE_HELP,      /* "what would make them useful", after silence */
    DOSE_PRAISE,    /* by the bot itself */
    DOSE_CARDS,     /* evidence cards */
    DOSE_DIGESTS,   /* of a manager; those of a rep are prompts */
    DOSE_ALERTS,
    DOSE_KINDS
};

enum { DOSE_ENDLESS = -1 };

struct dose_part {
    int day, week; /* a local calendar day; a week from Monday; DOSE_ENDLESS: no bound */
};

struct dose {
    struct dose_part all;
    struct dose_part parts[DOSE_KINDS];
    const struct rule *endless; /* the first rule that makes it so, or NULL */
};

/* The bound for a rep, or for a manager, under this rule set. */
struct dose dose_of(const struct book *book, bool manager);

const char *dose_name(enum dose_kind kind); /* "questions" */
