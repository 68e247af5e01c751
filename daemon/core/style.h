/* style.h: advise or ask, for a question that can do both; and what must come before a rule.
 * Private to core/. Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* Whether this person is better served with a hint than with a question now: new in the team, or
 * asked for one lately. */
bool style_is_directive(const struct core *core, const struct person *person, msec_t now);
/* The text of that wording in the style that fits; questions of one style have only that. */
const struct text *style_text(const struct scope *scope, const struct question *question,
                              int wording);
/* "advice" in the chat: what to say. */
const char *style_hint(const struct core *core, struct step *step, struct person *person);

/* What a rule waits for with each rep: an answer of one's own, or some days after one was skipped.
 * NULL: it is there, or the rule waits for nothing. */
const char *unlock_missing(const struct rule *rule, const struct person *rep, msec_t now,
                           struct arena *arena);
