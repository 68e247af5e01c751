/* lint.h: coaching mistakes in words: praise for talent, forecast questions, blame. Warnings only.
 * Layer: load (pure). The rules are rows of lint_rows_*.h; docs/lint.md is made from them. */
#pragma once
#include "core/rule.h"
#include "load/problem.h"

enum lint_use {
    LINT_QUESTION, /* answered by free text */
    LINT_CHOICE,   /* a question with another type of answer */
    LINT_ADVICE,   /* 'style: advise' */
    LINT_PRAISE,
    LINT_TELL,
    LINT_CARD
};

void lint_question(struct problems *problems, const struct question *question,
                   struct source_place place);
void lint_text(struct problems *problems, const char *template, enum lint_use use,
               struct source_place place);

/* What only the whole set of rules shows. */
void lint_book(struct problems *problems, const struct book *book);

enum { LINT_SPARED_MAX = 3, LINT_WORDS_BYTES = 80, LINT_FINDINGS_MAX = 16 };

/* One coaching mistake and the words that give it away. Lists end with NULL; those of patterns are
 * in the language of lint_words.h. */
struct lint_rule {
    const char *code;
    unsigned uses;  /* bit of each enum lint_use */
    bool mild;      /* only told when the text has no other finding */
    bool judges;    /* judges a person: of these rules only the first one speaks */
    bool form;      /* how it is put: silent where a rule before it has spoken */
    bool asking;    /* only in a sentence that ends with a question mark */
    bool continues; /* the quoted words are the beginning of more */
    const char *advice;
    const char *const *patterns;
    const char *const *unless; /* harmless senses: a match that touches one of these is none */
    /* The text is spared when each list that is there has a match anywhere in it. */
    const char *const *spared[LINT_SPARED_MAX];
    const char *const *bad; /* examples for the manual; the test holds the rule to them */
    const char *const *good;
};

extern const struct lint_rule lint_rules[];
extern const int lint_rule_count;

struct lint_finding {
    const struct lint_rule *rule;
    char words[LINT_WORDS_BYTES]; /* what gave it away */
};

struct lint_index;

/* What is wrong with a template, in the order of the table, one finding a code; also hints.
 *
 * Owns:   nothing; found has room for LINT_FINDINGS_MAX.
 * Errors: none; a text without a finding gives 0. */
int lint_find(const struct lint_index *index, const char *template, enum lint_use use,
              struct lint_finding *found);
