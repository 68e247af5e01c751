/* cond.h: conditions of rules as a small tree; evaluated without allocation.
 * Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include <stdbool.h>

#include "core/value.h"

struct scope;

enum cond_op {
    COND_ALL, /* children */
    COND_ANY,
    COND_NOT, /* the last of those with children */
    COND_IS,  /* one of values */
    COND_IS_NOT,
    COND_MISSING,
    COND_PRESENT,
    COND_AT_LEAST,
    COND_AT_MOST,
    COND_OVER,
    COND_UNDER,
    COND_BETWEEN, /* values[0] <= x <= values[1] */
    COND_CONTAINS,
    COND_MATCHES, /* regular expression */
    COND_WITHIN,  /* a time at most values[0] (a length) away from now, either side */
    COND_BEFORE,  /* a time or date before values[0] */
    COND_AFTER,
};

struct cond {
    enum cond_op op;
    struct field_ref field;
    struct value *values;
    int value_count;
    struct cond *children;
    int child_count;
    void *regex;   /* pcre2_code of COND_MATCHES; freed with the book */
    int line, col; /* where it stands, for why */
};

/* Comparing a missing value is false, never an error. NULL holds. */
bool cond_holds(const struct cond *cond, const struct scope *scope);

/* What matching needs room for, made once for all patterns of a core, and what it has found since
 * cond_room_forget(). Owns: cond_room_free(). */
struct cond_room;
struct cond_room *cond_room_new(void);
void cond_room_forget(struct cond_room *room); /* with each step, and before a book goes */
void cond_room_free(struct cond_room *room);   /* accepts NULL */

/* Compiles COND_MATCHES. Errors: -EINVAL with the position in the pattern. */
struct err;
int cond_regex_compile(const char *pattern, struct err *err, void **ret);
void cond_regex_free(void *regex);
