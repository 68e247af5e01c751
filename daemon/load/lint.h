/* lint.h: coaching mistakes in words: praise for talent, forecast questions, blame. Warnings only.
 * Layer: load (pure). The lists are in lint_words.c; what they cannot know is left to people. */
#pragma once
#include "core/rule.h"
#include "load/problem.h"

enum lint_use { LINT_QUESTION, LINT_PRAISE, LINT_TELL };

void lint_question(struct problems *problems, const struct question *question,
                   struct source_place place);
void lint_text(struct problems *problems, const char *template, enum lint_use use,
               struct source_place place);

/* What only the whole set of rules shows. */
void lint_book(struct problems *problems, const struct book *book);

/* One coaching mistake and the words that give it away. */
struct lint_rule {
    const char *code;
    unsigned uses;    /* bit of each enum lint_use */
    bool at_start;    /* only where a sentence begins */
    bool open_answer; /* only where the answer is free text */
    const char *advice;
    const char *const *phrases; /* lower case, NULL-terminated; '*' ends an open word */
};

extern const struct lint_rule lint_rules[];
extern const int lint_rule_count;
