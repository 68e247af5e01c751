/* tests.h: the `tests:` of plugins and of *.test.yaml, checked and ready to run.
 * Layer: load (pure). Lifetime: with the book they were loaded beside (names of rules are checked
 * against it); everything is owned by struct plugin_tests. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "core/event.h"
#include "core/rule.h"

/* One entry of a test's `people:`. */
struct test_person {
    struct person_def def; /* the same keys as people.yaml, the id being the key of the mapping */
    const char
        *manager; /* id of the manager (then of def.team, or of a team of her own), or NULL */
};

enum test_given_kind {
    TEST_EVENT,  /* {at, event, rep, deal, fields...} */
    TEST_ANSWER, /* {at, rep, answer: text}: to the open question */
    TEST_CLICK,  /* {at, rep, click: button} on the newest message */
    TEST_SAY,    /* {at, rep, say: text}: words in the chat */
};

struct test_given {
    enum test_given_kind kind;
    msec_t at;          /* when it happens and when it arrives */
    const char *rep;    /* NULL: an event without one */
    struct event event; /* TEST_EVENT: filled (time, rep, deal, ...); id and source are NULL */
    const char *text;   /* ANSWER, CLICK, SAY */
    const char *step;   /* ANSWER, CLICK: of this question or step; NULL: the newest message */
    struct source_place place;
};

struct test_expect {
    msec_t at;              /* MSEC_NONE: at any time of the test */
    const char *rep, *rule; /* or NULL: any */
    const char *text;       /* exact text, or NULL */
    void *regex;            /* compiled `/.../` (pcre2_code), or NULL; then text is the pattern */
    const char *outcome;    /* sent held expired suppressed cancelled missed; NULL: sent */
    const char *gate;       /* the gate that refused, or NULL */
    bool negate;            /* `not: true`: there must be no such decision */
    int count;              /* -1: at least one */
    struct source_place place;
};

struct plugin_test {
    const char *name;
    const char *plugin; /* id of the plugin it stands in, or NULL for a *.test.yaml */
    msec_t at;          /* the clock runs to here; never before the last given or expected time */
    const char *coin;   /* the arm on which experiments fall; NULL: the first that speaks */
    struct test_person *people; /* none: the people of people.yaml */
    int person_count;
    struct test_given *given; /* sorted by at; equal times in the order of the file */
    int given_count;
    struct test_expect *expect;
    int expect_count;
    struct source_place place;
};

struct plugin_tests {
    struct arena arena;
    struct plugin_test *tests; /* in the order of files and of each file */
    int count;
};

void plugin_tests_free(struct plugin_tests *tests); /* accepts NULL */
