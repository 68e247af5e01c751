/* happened.h: something of the pipeline that becomes known in the middle of a step.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/model.h"

/* Folds the event and decides about it as core_step() does, within this step. The caller of the
 * step finds it in step->happened and journals it in the same transaction; one such event a step.
 *
 * Owns: the event and its texts live in the step's arena. */
void core_happened(struct core *core, struct step *step, const struct event *event);
