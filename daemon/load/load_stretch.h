/* load_stretch.h: a ladder of steps while a plugin is read.
 * Layer: load (pure). Lifetime: of one file. */
#pragma once
#include "load/load_plugin.h"

void then_read_stretch(struct reading *r, const struct node *node, void *draft);
extern const struct block stretch_block, rung_block;
