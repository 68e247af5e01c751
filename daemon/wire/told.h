/* told.h: of whom the live line told, and when in comparison with a question about people. An
 * answer may be older than what was told while it was on its way: of these people it says nothing.
 * Layer: wire (pure). Lifetime: process (state). */
#pragma once
#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

struct told_one;

struct told {
    struct map people; /* platform's id -> struct told_one */
    struct told_one *list;
    int64_t count; /* ever: stands for the time, as no clock goes back in it */
};

void told_done(struct told *told); /* accepts a zeroed one */

void told_add(struct told *told, const char *id);

/* For the tag of a question that is asked now. Owns: the arena. */
const char *told_mark(const struct told *told, struct arena *arena);
/* Whether somebody was told of after the question with this mark; NULL: asked before all. */
bool told_since(const struct told *told, const char *id, const char *mark);
