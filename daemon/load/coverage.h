/* coverage.h: what a set of rules has words for: each stage and kind of deal, the customer's gain,
 * praise for a step, the organisation's values; and where there is a hole.
 * Layer: load (pure). Lifetime: local; texts of holes live in the caller's arena. */
#pragma once
#include "core/rule.h"

enum { COVERAGE_STAGES = 5, COVERAGE_WANTED = 4, COVERAGE_KINDS = 5, COVERAGE_AREAS = 2 };

struct coverage_stage {
    const struct stage_def *def;
    int questions[USE_CASES]; /* wordings that are asked; index USE_CASE_ANY stays 0 */
    bool gain;                /* one of them is about what the customer gets out of it */
    bool praise;              /* a praise names the stage */
};

struct coverage_hole {
    const char *code, *text;
    struct coverage_hole *next;
};

struct coverage {
    struct coverage_stage stages[COVERAGE_STAGES];
    int stage_count;
    int kinds[COVERAGE_KINDS]; /* wordings of questions and of steps of talks */
    int areas[COVERAGE_AREAS]; /* rules that ask */
    struct coverage_hole *holes;
    int hole_count;
};

/* Looks through the book. A question counts for each stage it names and for its use case, those
 * without one for all of them; only what some rule asks counts. */
void coverage_of(const struct book *book, struct arena *arena, struct coverage *ret);
