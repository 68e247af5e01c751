/* personal.h: which rows are about a person, and what is left of a row without that person. Export
 * and erasure ask the same question here, so that they cannot disagree.
 * Layer: engine (pure). Depends on: store. */
#pragma once
#include "engine/store.h"

enum personal_kind {
    PERSONAL_NOT,     /* says nothing about the person */
    PERSONAL_THEIRS,  /* is about the person */
    PERSONAL_MENTION, /* is about somebody or something else and names the person */
};

enum personal_kind personal_look(const struct personal *who, const struct row *row);

enum personal_rest { REST_SAME, REST_GONE, REST_CHANGED };

/* What the row becomes when the person is erased. Texts of *ret live in the arena or are those of
 * `row`; *ret is set for REST_CHANGED only. What other people wrote in their own answers stays. */
enum personal_rest personal_erase(const struct personal *who, const struct row *row,
                                  struct arena *arena, struct row *ret);

/* The lines of a text of somebody else's row that name the person, or NULL: nobody else's words. */
bool personal_names(const struct personal *who, const char *text);

/* "questions and answers" and the like, by enum state_kind; NULL: no such kind. */
const char *personal_state_name(int kind);
