/* tally.h: what a simulation adds up to.
 * Layer: commands. Depends on: engine/simulate. */
#pragma once
#include "base/arena.h"
#include "base/map.h"
#include "engine/simulate.h"
#include "gritctl/ctl.h"

/* TALLY_OUTCOME(enumerator, word): in the order of the table that is printed. */
#define TALLY_OUTCOMES(OUTCOME)                                                                    \
    OUTCOME(SENT, "sent")                                                                          \
    OUTCOME(HELD, "held")                                                                          \
    OUTCOME(EXPIRED, "expired")                                                                    \
    OUTCOME(SUPPRESSED, "suppressed")                                                              \
    OUTCOME(CANCELLED, "cancelled")                                                                \
    OUTCOME(MISSED, "missed")

enum tally_outcome {
#define OUTCOME(name, word) TALLY_##name,
    TALLY_OUTCOMES(OUTCOME)
#undef OUTCOME
        TALLY_OUTCOME_COUNT
};

extern const char *const tally_outcome_words[TALLY_OUTCOME_COUNT];

/* One message of a rule to one person. */
struct tally_message {
    msec_t at;
    int64_t day;    /* local day number of the receiver */
    const char *to; /* interned */
    const struct rule *rule;
};

struct tally_gate {
    const char *gate;
    long count; /* all of them */
    long counts[TALLY_OUTCOME_COUNT];
};

struct tally {
    const struct book *book;
    struct simulate_result result;
    msec_t from;
    struct arena arena;
    struct map names; /* interned ids */
    struct tally_message *messages;
    size_t message_count, message_cap;
    size_t dated;   /* messages before this one have their day */
    long reminders; /* posted without a decision: reminders, replies, the question after silence */
    long (*rules)[TALLY_OUTCOME_COUNT]; /* by the rule's index */
    struct tally_gate *gates; /* the first refusal of what was not sent; most often first */
    size_t gate_count, gate_cap;
    size_t people;
};

struct tally_options {
    struct core_options core;
    msec_t from, to;
    bool answers;
    /* Called for each decision within the span; NULL: only added up. */
    void (*decided)(const struct decision *decision);
};

/* Plays the events. Owns: tally_done(). Errors: false, they were not in order (see simulate.h). */
bool tally_run(struct tally *tally, const struct book *book, const struct tally_options *options,
               const struct simulate_source *events);
void tally_done(struct tally *tally);

/* The promised caps, counted anew from the messages and not from the core's own books. Prints each
 * breach, and with `all` also what was kept. Returns false when a cap was broken. */
bool tally_check_caps(const struct tally *tally, bool all, FILE *out);

struct figures;

/* The summary of one rule set; its figures are those of this tally. Returns false when a cap was
 * broken. */
bool tally_print(const struct tally *tally, const struct figures *figures, FILE *out);

/* "2017-03-02" of a day number; text holds MSEC_TEXT_BYTES. */
const char *tally_day(int64_t day, char *text);
