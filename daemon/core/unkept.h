/* unkept.h: answers whose words are not stored: because gritd.yaml says so, or because the question
 * is about what goes on inside and the rep has not asked for it. Private to core/.
 * Layer: core (pure).
 *
 * Words that may yet be wanted are held in memory only, the newest of each person, and never reach
 * a row, a message or an export before the person asks. */
#pragma once
#include "core/parts.h"

/* What becomes of the words of an answer: as it was promised when the question was asked, or
 * stricter if the configuration is stricter now. */
enum stored unkept_class(const struct core *core, const struct prompt *prompt);

/* The words were heard (NULL: and stored): drops the ones held before, and holds these where they
 * may be wanted. */
void unkept_heard(const struct core *core, struct prompt *prompt, const char *words);

/* What stands under the question, and what is replied; in the reader's words. Only where the words
 * are not stored. */
const char *unkept_shown(const struct core *core, const struct prompt *prompt, struct arena *arena);
const char *unkept_noted(const struct core *core, const struct prompt *prompt);
void unkept_dress(const struct core *core, const struct prompt *prompt, struct message *message);

/* prompt.c: the words are stored after all. */
void prompt_keep(struct core *core, struct step *step, struct prompt *prompt, const char *words,
                 const struct event *event);
/* The person's wish. */
void unkept_click(struct core *core, struct step *step, struct prompt *prompt,
                  const struct event *event);
