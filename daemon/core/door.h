/* door.h: the anonymous door: words that shall reach nobody in anybody's name. Rows STATE_DOOR.
 * Private to core/.
 * Layer: core (pure).
 *
 * Words and those who spoke are kept apart: a group has a set of words and a set of tokens, both in
 * an order that tells nothing. Each Monday the groups in which VOICES_LEAST different people have
 * spoken are opened: their words can be read from then on, and their tokens are erased. Between two
 * Mondays nothing that can be read changes, so nobody sees a word appear. What was opened is never
 * opened again as part of something larger: sums and differences of what is shown are groups of
 * VOICES_LEAST or more. */
#pragma once
#include "core/parts.h"
#include "core/voices.h"

struct json_t;
struct said;

/* Takes the words; NULL, or why not. */
const char *door_take(struct core *core, struct step *step, const struct person *by,
                      const char *words);
void door_due(struct core *core, struct step *step); /* it is Monday */
int door_load(struct core *core, const char *key, const struct json_t *root);
void door_free(struct core *core);

/* command_door.c: whether the words were meant for it, if with a slip; then they are dealt with. */
bool door_meant(struct said *said, const char *text);
