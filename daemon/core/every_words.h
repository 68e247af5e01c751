/* every_words.h: the words of schedules in English.
 * Layer: core (pure). Used by every.c only. */
#pragma once
#include "base/err.h"

enum { EVERY_TOKENS_MAX = 48, EVERY_WORD_BYTES = 24, EVERY_COUNT_MAX = 1000 };

enum every_kind {
    EVERY_END,
    EVERY_COMMA, /* "," and "and" */
    EVERY_NUMBER,
    EVERY_TIME,
    EVERY_DAYS, /* value: mask of weekdays */
    EVERY_DAY,
    EVERY_UNIT, /* value: minutes */
    EVERY_WEEK,
    EVERY_ORDINAL, /* value: 1 to 31, -1 last */
    EVERY_OTHER,
    EVERY_PERIOD, /* value: months in it */
    EVERY_MONTH,  /* value: 1 to 12 */
    EVERY_AT,
    EVERY_ON,
    EVERY_OF,
    EVERY_BETWEEN,
    EVERY_TO,
    EVERY_FILLER,
};

struct every_token {
    enum every_kind kind;
    int value;
    char text[EVERY_WORD_BYTES];
};

/* Cuts text into at most EVERY_TOKENS_MAX tokens and an EVERY_END; "every", "each" and "the" are
 * left out. tokens holds EVERY_TOKENS_MAX + 1, zeroed.
 *
 * Errors: -EINVAL, with the nearest known word. */
int every_tokenize(const char *text, struct err *err, struct every_token *tokens);
