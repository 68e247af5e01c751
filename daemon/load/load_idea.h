/* load_idea.h: which ideas a rule names. Layer: load (pure). */
#pragma once
#include "load/load_plugin.h"

void idea_read(struct reading *r, const struct node *node, void *draft);
