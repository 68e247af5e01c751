/* load_programme.h: what a programme needs before it starts, while a plugin is read.
 * Layer: load (pure). Lifetime: of one file. */
#pragma once
#include "load/load_plugin.h"

/* After the rules: one of them asks the self-check. */
void plugin_read_programme(struct reading *r, const struct node *node, void *part);
extern const struct block programme_block;
