/* voices.h: looking in at what was said at the anonymous door, once enough people have spoken.
 * Layer: core (pure). Everything is borrowed and valid until the next step. */
#pragma once
#include "core/core.h"

enum { VOICES_LEAST = 5 }; /* different people */

/* What several teams together, or one, have said up to a Monday. No two of them share a word. */
struct voices_view {
    msec_t at;
    const char *const *teams; /* ids; "" stands for people without a team, and for managers */
    int team_count;
    int people; /* VOICES_LEAST or more */
    const char *const *words;
    int word_count;
};
size_t core_voices_count(const struct core *core); /* oldest first */
struct voices_view core_voices_at(const struct core *core, size_t index);

/* Whether the person leads all of its teams, directly or through other managers. */
bool core_voices_for(const struct core *core, size_t index, const char *person);

/* Before the person's rows go: the tokens of the person leave the rows of the door. */
void core_voices_forget(struct core *core, const char *id, struct step *step);
