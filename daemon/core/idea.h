/* idea.h: the ideas about coaching that a rule can say it carries out, by the ids of
 * docs/coaching.md. Layer: core (pure). */
#pragma once
#include "core/rule.h"

struct idea {
    const char *id, *name;
};

extern const struct idea ideas[]; /* up to one without an id */
extern const int idea_count;

/* Whether one of the rules names it; plugin may be NULL: any. */
bool idea_is_named(const struct book *book, const char *id, const struct plugin *plugin);
