/* lint_index.h: the patterns of the lint taken apart, once for all texts of a load: which words a
 * text must have for a pattern to match at all.
 * Layer: load (pure). Lifetime: the arena's. Nearly always some words are not there, and that is
 * what makes a thousand patterns cheap. */
#pragma once
#include "base/arena.h"
#include "load/lint_words.h"

/* A word of a class. */
struct lint_class_word {
    const char *text; /* not terminated */
    int length;
    uint16_t code; /* as in the patterns; LINT_ANY: no hash tells */
};

struct lint_index {
    const uint16_t *codes;         /* of all patterns; see lint_index.c */
    const uint32_t *patterns;      /* where each pattern begins in them */
    const uint32_t *rules;         /* where each rule begins in `patterns` */
    struct lint_class_word *words; /* of all classes */
    const uint32_t *classes;       /* where each class begins in them, and where the last ends */
};

enum { LINT_HASH = 0, LINT_SEEN = 1 << 13, LINT_CLASS = 2 << 13, LINT_ANY = 3 << 13 };

/* Owns: everything is the arena's, the texts are those of the tables. */
const struct lint_index *lint_index_new(struct arena *arena);

/* False: pattern `pattern` of rule `rule` matches nowhere. True is almost sure, as hashes are. */
bool lint_index_may_match(const struct lint_index *index, const struct lint_words *words, int rule,
                          int pattern);

/* Whether the text has the word, or one that begins so; LINT_ANY holds. */
static inline bool lint_code_holds(const struct lint_words *words, uint16_t code)
{
    uint16_t value = code & (LINT_SEEN - 1);
    switch (code - value) {
    case LINT_HASH:
        return words->hashes[value >> 6] >> (value & 63) & 1;
    case LINT_SEEN:
        return words->seen[value >> 5] >> (value & 31) & 1;
    case LINT_CLASS:
        return words->classes >> value & 1;
    default:
        return true;
    }
}
