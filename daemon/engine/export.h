/* export.h: everything that is kept about a person, as JSON and as text to read.
 * Layer: engine (pure). Depends on: core, store, personal. */
#pragma once
#include "core/core.h"
#include "engine/store.h"

/* Who the person is, by all that can stand for them, and `number` as who is gone; texts are
 * borrowed or in the arena. */
void engine_personal(const struct core *core, const char *id, int64_t number, struct arena *arena,
                     struct personal *ret);

/* All rows about the person in full, what is worked out from them, and, of rows about others that
 * name the person, that they do: other people's words are theirs.
 *
 * Blocks:  for a read of the whole store; it is asked rarely.
 * Errors:  of the store; what was written by then is of no use. */
int export_person(const struct core *core, struct store *store, const struct personal *who,
                  msec_t now, struct strbuf *json, struct strbuf *text, int *ret_entries,
                  struct err *err);

/* The same in the chat: as many messages as fit, and where to get the rest. */
void export_to_chat(struct core *core, struct store *store, const struct event *said,
                    struct step *step);
