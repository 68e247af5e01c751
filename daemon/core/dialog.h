/* dialog.h: what people write to us and click on. Private to core/.
 * Layer: core (pure). */
#pragma once
#include "core/parts.h"

/* NULL when the words fit the question, else what to say. */
const char *dialog_unfit(const struct core *core, const struct person *to,
                         const struct question *question, const char *words, struct arena *arena);
void dialog_said(struct core *core, struct step *step, const struct event *event);
void dialog_clicked(struct core *core, struct step *step, const struct event *event);
/* What was clicked or sent is closed; the words, if any, are given back. */
void dialog_too_late(struct core *core, struct step *step, struct person *by,
                     const struct event *event, const char *words);
