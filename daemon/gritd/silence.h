/* silence.h: how long a source of events is usually quiet, and whether it is quieter now.
 * Layer: gritd; without clock or I/O. Lifetime: of one source.
 *
 * The longest gap of each day is remembered for two weeks, so that nights, weekends and a day off
 * are usual. A silence that was told of is none of them: the next one is to be told of as well. */
#pragma once
#include <stdbool.h>

#include "base/msec.h"
#include "base/str.h"

enum { SILENCE_DAYS = 14, SILENCE_LEARNS_DAYS = 7 };

struct silence {
    msec_t first, last; /* heard; 0: never */
    msec_t since;       /* since then we listen; what was missed before is nobody's silence */
    msec_t gaps[SILENCE_DAYS];
    int64_t days[SILENCE_DAYS]; /* since 1970, on which that gap ended; 0: none */
    bool told;
};

void silence_heard(struct silence *silence, msec_t now);

/* The longest usual gap, or 0 before a week is known. */
msec_t silence_usual(const struct silence *silence);

/* Whether it is quiet for longer than half as long again, and an hour. */
bool silence_is(const struct silence *silence, msec_t now);

/* JSON of what is known, and back: what cannot be read is as if nothing were known. */
void silence_encode(const struct silence *silence, struct strbuf *out);
void silence_decode(const char *json, struct silence *ret);
