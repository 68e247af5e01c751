/* introduce.h: whoever hears from us for the first time hears first who we are.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/parts.h"

/* At the end of a step, before its states are written: puts the introduction before the first
 * message that a person ever gets from us, if core_options.introduces. */
void introduce(struct core *core, struct step *step);
