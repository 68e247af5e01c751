/* schema_refusals.h: the errors that a document which fits the schema may still have. Include after
 * load_check.h. */
#pragma once
#include "load_check.h"

/* What a schema cannot say: the code, and what its sentence must have in it. */
static const struct refusal {
    const char *code, *text;
} refusals[] = {
    /* names of things that stand elsewhere */
    {"unknown-question", NULL},
    {"unknown-rule", NULL},
    {"unknown-flow", NULL},
    {"private-answer", NULL},
    {"unknown-word", "unknown answer"},
    {"unknown-field", NULL},
    {"unknown-input", NULL},
    {"unknown-person", NULL},
    {"unknown-team", NULL},
    {"unknown-zone", NULL},
    {"unknown-plugin", NULL},
    {"missing-input", NULL},
    {"unknown-arm", NULL},
    {"mixed-arms", NULL},
    {"duplicate-id", NULL},
    {"rung-jump", NULL},
    {"unused-key", "'at_most' is only for sections with 'each'"}, /* "each" said by $name */
    {"wrong-value", "'rungs' must be a list of 1 to"},
    {"missing-key", "no rule asks"},
    {"wrong-value", "a baseline has at most"},
    {"wrong-value", "a flow cannot lead to itself"},
    /* texts */
    {"no-question", NULL},
    {"translation-count", NULL},
    {"double-question", NULL},
    {"question-length", NULL},
    {"no-evidence", NULL},
    {"bad-text", NULL},
    {"bad-pattern", NULL},
    /* numbers and times that depend on each other */
    {"wrong-value", "'between' needs the smaller value first"},
    {"wrong-value", "the second reminder must come later"},
    {"wrong-value", "'not' and 'count' exclude each other"},
    {"wrong-value", "must be days of leave"},
    {"wrong-value", "whole windows of"},
    {"wrong-value", "'window' must be at least a minute"},
    {"wrong-value", "is an end and has no gates"},
    {"wrong-value", "the lengths of 'at' rise"},
    {"wrong-value", "can lie more than 100 days before 'by'"},
    {"unused-key", "cannot go with 'before'"},
    {"unused-key", "cannot go with 'after'"},
    {"unused-key", "cannot go with 'missing'"},
    {"wrong-value", "there is a limit per"}, /* a list with $name in it */
    {"wrong-value", "-02-29"},
    {"wrong-value", "-02-3"},
    {"wrong-value", "-04-31"},
    {"wrong-value", "-06-31"},
    {"wrong-value", "-09-31"},
    {"wrong-value", "-11-31"},
    {"wrong-value", "from 1 to 100; found '0'"}, /* a scale that ends where it begins */
    {"wrong-sum", NULL},
    {"wrong-value", "an experiment has 2 to"}, /* too many */
    {"wrong-value", "with at most three decimals"},
    {"unused-key", "is only for sections with 'each'"},
    {"wrong-value", "expectations of each level"},
    {"wrong-value", "an expectation has at most"},
    {"unused-key", "an experiment compares what stays the same"},
    {"bad-answer", "a scale goes from the smaller"},
    {"bad-answer", "a scale needs its two ends"},
    {"bad-answer", "stands here twice"},
    {"bad-answer", "'keep:"},            /* another kind of answer than it needs */
    {"bad-answer", "a choice has 2 to"}, /* "choice [a, ]" */
    {"unknown-word", "for 'from'"},      /* a time, though the event is not rep.away */
    {"wrong-value", "'from' must be a time"},
    {"bad-hours", "end before they start"},
    {"missing-key", "the test has no time at all"},
    {"missing-key", "needs 'secret' because the listener"},
    {"unused-key", "'card' is what the manager sees"},
    {"wrong-value", "cannot prove itself by"},
    {"literal-secret", "password"},
    /* what depends on the kind of an intake, and of an event in a map */
    {"unknown-key", "cannot be asked"},
    {"missing-key", "to ask "},
    {"unknown-key", "cannot be read back"},
    {"missing-key", "to read "},
    {"wrong-value", "conditions"},
    {"wrong-value", "do not go together"},
    {"wrong-value", "a web address without"},
    {"wrong-value", "' must be from 1s to"},
    {"wrong-value", "' must be from 0s to"},
    {"wrong-value", "gritd's own"},
    {"missing-key", "an event "},
    /* who may hear what */
    {"personal-field", NULL},
    {"unused-field", NULL},
    {"personal-event", NULL},
    {"wrong-receiver", NULL},
    {"no-channel", NULL},
    {"unused-key", "a limit per deal never counts here"},
    {"wrong-value", "'peer' can only be true"},
    {"wrong-value", "is no text with {{names}}"},
    {"wrong-value", "either 'rep' or 'team'"},
    {"insecure-url", NULL},
    {"alert-text", NULL},
    {"missing-purpose", NULL},
    /* schedules: what the words mean together */
    {"bad-schedule", "the window ends before it starts"},
    {"bad-schedule", "is not between a minute and a day"},
    {"bad-schedule", "must stand alone"},
    {"bad-schedule", "is never due"},
    {"bad-schedule", "cron '"},
    {"bad-schedule", "rrule '"},
};

static size_t refusal_of(const struct problem *problem)
{
    size_t i = 0;
    while (i < ARRAY_LEN(refusals) &&
           (!str_eq(refusals[i].code, problem->code) ||
            (refusals[i].text && !strstr(problem->text, refusals[i].text))))
        i++;
    return i;
}

/* What only follows from another problem: from a $name that stands for nothing, or, for a test of
 * an answer, from a question that was left out for a mistake of its own. */
static bool follows(const struct problems *problems, const struct problem *problem)
{
    static const char *const of_questions[] = {"bad-answer", "no-question", "double-question",
                                               "bad-text", "unknown-field"};
    bool typed = str_eq(problem->code, "wrong-test") || str_eq(problem->code, "wrong-value");
    for (int i = 0; i < problems->count; i++) {
        const struct problem *other = &problems->list[i];
        bool same = other->line == problem->line && other->col == problem->col;
        bool question = strstr(other->text, "from 1 to 100") != NULL; /* of a scale */
        for (size_t k = 0; k < ARRAY_LEN(of_questions); k++)
            question |= str_eq(of_questions[k], other->code);
        if (str_eq(other->code, "unknown-input") && (typed || same))
            return true;
        if (question && typed)
            return true;
    }
    return false;
}
