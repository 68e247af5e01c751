/* load_unlock.h: what a rule waits for, while a plugin is read.
 * Layer: load (pure). Lifetime: of one file. */
#pragma once
#include "load/load_plugin.h"

void unlock_read(struct reading *r, const struct node *node, void *draft);
extern const struct block unlock_block;
