/* lint_words.h: a text as plain words, and small patterns over them.
 * Layer: load (pure). Lifetime: local. docs/lint.md explains the patterns to those who add one.
 *
 * A pattern is a row of elements with blanks between them:
 *   call|calls     one of these words; * at an end stands for any letters: natural*, *ing
 *   &be            a word of a class (lint_classes)
 *   call?          as before, but it may be missing
 *   _  #           any word; a number, also that of a signal or the deal's amount
 *   {} {rep} {n}   a value; one about the rep; one that is a number
 *   , ? !          these marks ("!" only at the end of a pattern)
 *   ~  ~~          up to three words without a mark; up to forty of the same sentence
 *   &name          a word with a capital letter inside a sentence
 *   ^  <  $        here a sentence begins; a clause begins; the sentence ends
 *   ^^             as ^, and where its main clause begins: "After the call, ^^ did they ..."
 *   !call|calls    none of these words stands here (at the start of a pattern: just before it)
 *   =              what the finding quotes begins here; a second one: it ends here
 * Words are lower case, "didn't" counts as "did not" and "they're" as "they are". What stands in
 * double quotes is somebody else's word and matches nothing, but after "Draft:" it is to be sent.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct lint_word {
    const char *text; /* a word, or one mark */
    int from, to;     /* bytes of struct lint_words.folded */
    uint64_t classes; /* bit of each class that has the word */
    bool quoted;
};

struct lint_words {
    const char *folded; /* the text in lower case; borrowed */
    char *store;        /* what the words point into */
    struct lint_word *list;
    int count;
    uint64_t classes;     /* of all words */
    uint32_t seen[32];    /* by the first letter, a bit for each second one */
    uint64_t hashes[128]; /* a bit for each word's hash */
};

/* Words from `from` to before `to`, and those of them that are quoted. */
struct lint_span {
    int from, to, quote_from, quote_to;
};

struct lint_class {
    const char *name, *words; /* "go|went|gone" */
};

extern const struct lint_class lint_classes[];
extern const int lint_class_count; /* at most 64 */

struct lint_index;

/* `folded` is in lower case with ASCII punctuation; {}, {rep} and {n} stand for values. `cased` is
 * the same text, byte by byte, with its capital letters.
 * Owns: borrows folded until lint_words_done(), index and cased for the call. */
void lint_words_init(struct lint_words *words, const struct lint_index *index, const char *folded,
                     const char *cased);
void lint_words_done(struct lint_words *words);

/* The first place at or after `start` where the pattern matches. */
bool lint_words_find(const struct lint_words *words, const char *pattern, int start,
                     struct lint_span *ret);

/* Of a word up to the bar, the blank or the end; 13 bits. */
uint32_t lint_hash(const char *text, int max, int *ret_length);
uint64_t lint_class_bit(const char *name, int length); /* 0: there is no such class */
