/* practice.h: what a team works on beside its deals: why the organisation exists, what it holds
 * dear, and the behaviours that can be coached, with what shows them. Layer: core (pure). Lifetime:
 * process (part of the book). */
#pragma once
#include "core/question.h"

/* Which kind of deal a question is for; ANY: all of them. */
enum use_case {
    USE_CASE_ANY,
    USE_CASE_NEW_BUSINESS,
    USE_CASE_EXPANSION,
    USE_CASE_RENEWAL,
    USE_CASES
};

/* organisation: of gritd.yaml. */
struct organisation {
    const char *purpose; /* or NULL: nobody wrote it down */
    const char **values;
    int value_count;
};

/* One thing somebody does that can be seen and practised, whatever comes of it. */
struct behaviour {
    const char *id, *about;
    const char *words; /* other words for it as people say them, with '|' between */
    struct fact_filter shown_by;
};

/* The words of a key, NULL-terminated: "any" and "none" stand first. */
extern const char *const use_case_words[];
extern const char *const behaviour_words[];

enum { BEHAVIOUR_NONE }; /* the index of "none" in behaviour_words */

/* By its index in behaviour_words, from 1; NULL past the end and for "none". */
const struct behaviour *behaviour_at(int index);
const struct behaviour *behaviour_find(const char *id); /* or NULL */
