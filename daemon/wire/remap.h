/* remap.h: a body turned into events as a `map:` says.
 * Layer: wire (pure). */
#pragma once
#include "core/remap.h"
#include "wire/jtree.h"

/* One event as gritd's flat form has it: {"type", "id", "time", "rep", "deal": {...}, ...}. */
typedef int (*remap_take)(void *user, struct jtree *flat, struct err *err);

/* Hands out what each entry of the map finds, in the order of the map; none that fits is fine.
 *
 * Owns:   the trees live in the arena and borrow from root.
 * Errors: -E2BIG more than 1000 events; what take returned. */
int remap_run(const struct remap *map, const struct jtree *root, struct arena *arena,
              remap_take take, void *user, struct err *err);
