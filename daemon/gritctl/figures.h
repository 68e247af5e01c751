/* figures.h: what one or two tallies say, as the summary, the JSON and the page show it: one set of
 * numbers for all three.
 * Layer: commands. Lifetime: one call; borrows the tallies and their books. */
#pragma once
#include "engine/attention.h"
#include "gritctl/tally.h"

/* Side 0 and side 1: of two, what is compared with, and the rules at hand; of one, only 0. */
enum { FIGURES_SIDES = 2, FIGURES_SPREAD = 9, FIGURES_TEXT_BYTES = 32 };

/* An estimate of the attention that reading and reacting takes. */
#define FIGURES_ATTENTION ATTENTION_WORDS

struct figure_row {
    const char *name;
    long counts[FIGURES_SIDES][TALLY_OUTCOME_COUNT]; /* of people only SENT: messages received */
    long halves[FIGURES_SIDES];                      /* attention in half minutes */
    long most[FIGURES_SIDES];                        /* of people: on one day */
};

struct figure_rows {
    struct figure_row *list;
    size_t count, cap;
};

/* Days on which somebody got nothing count too: that is what a working day feels like. */
struct figure_total {
    int rules;
    size_t people;
    long messages, reminders, person_days, p50, p95, max;
    long halves;
    long counts[TALLY_OUTCOME_COUNT]; /* decisions */
};

struct figures {
    int sides;
    const char *labels[FIGURES_SIDES];
    const char *assumed; /* what people do with questions, one line */
    struct simulate_result result;
    struct figure_total totals[FIGURES_SIDES];
    struct figure_rows rules, gates; /* the largest change first; of one side the largest count */
    struct figure_rows people;       /* who gets most more first, who gets most less last */
    int64_t first_day;
    size_t step_days, step_count; /* the span in steps of one day, or of whole weeks */
    long (*steps)[FIGURES_SIDES]; /* messages */
    long spread[FIGURES_SIDES][FIGURES_SPREAD]; /* person-days with so many; the last: or more */
};

/* Adds up one tally, or two. `sides` of each array. Owns: figures_done(). */
void figures_make(const struct tally *const *tallies, const char *const *labels, int sides,
                  struct figures *ret);
void figures_done(struct figures *figures);

/* Messages of the last side less those of the first; of one side all of them. */
long figures_change(const struct figures *figures, const struct figure_row *row);

/* Minutes of so many half minutes, "12.5". text holds FIGURES_TEXT_BYTES. */
const char *figures_minutes(long halves, char *text);

/* "day", "week", "3 weeks": what a step is. text holds FIGURES_TEXT_BYTES. */
const char *figures_step(const struct figures *figures, char *text);

/* The screen for two rule sets; bold where it is a terminal. */
void figures_print(const struct figures *figures, bool terminal, FILE *out);

/* One object a line, of two rule sets: kinds total, rule, gate, person. */
void figures_json(const struct figures *figures, FILE *out);

/* A page that needs nothing but itself. */
void figures_html(const struct figures *figures, FILE *out);
