/* offer.h: what digests and suggestions are made of.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include "core/cond.h"
#include "core/text.h"

/* One part of a digest: a line about each, or one line about the receiver. */
enum section_each { EACH_NOTHING, EACH_REP, EACH_DEAL };

struct section {
    const char *title; /* or NULL */
    enum section_each each;
    struct cond *cond;
    struct text *text;
    int at_most; /* lines; the others are only counted */
};

/* What a rule suggests: something to look at, or a talk with a colleague. */
struct offer {
    const char *resource; /* its name or address; NULL: a talk */
    const char *topic;    /* of the talk, in words that fit behind "about" */
};
