/* load_map.h: `map:` of an intake: paths into any JSON, read into core/remap.h.
 * Layer: load (pure). */
#pragma once
#include "core/remap.h"
#include "load/load.h"
#include "load/read.h"

/* A list of entries, as it stands under `map:`. NULL where an entry is wrong; that is told. */
const struct remap *map_read(struct reading *r, const struct node *list);

/* A file of its own, with `map:` at its top. Everything lives in arena.
 * Errors: -EINVAL when an error was added to problems. */
int map_load(const struct load_file *file, struct arena *arena, struct problems *problems,
             const struct remap **ret);

extern const struct block map_block;
