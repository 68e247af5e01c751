/* manual.h: everything a rule file can say, from the loader's own tables: for `gritctl explain` and
 * docs/rules.md.
 * Layer: load (pure). */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "load/read.h"

/* One thing that can be explained. Absent texts are NULL; what is not made in the arena is
 * borrowed from the tables. */
struct manual_entry {
    const char *path;   /* "rule.limit", "event deal.lost" */
    const char *word;   /* "limit", "deal.lost" */
    const char *what;   /* "a key of a rule", "an event" */
    const char *value;  /* "N per deal, day, week or month; one or a list" */
    const char *preset; /* what holds without it */
    const char *needs;  /* "ask" in words: where it may stand and what it wants beside it */
    const char *help;
    const char *example; /* "limit: 1 per deal" */
    bool required;
};

struct manual {
    struct manual_entry *list;
    size_t count, cap;
    struct arena *arena;
};

/* All entries, in the order of the manual. Owns: free(manual->list). */
void manual_fill(struct manual *manual, struct arena *arena);

/* Blocks that have their own place in the manual, by index; NULL past the end. */
const struct block *manual_block(size_t index);

/* "one of hold, drop, expire": what the key's value is. */
const char *manual_value(const struct key *key, struct arena *arena);
/* Where the key may stand and what it wants beside it, or NULL. */
const char *manual_needs(const struct block *block, const struct key *key, struct arena *arena);

/* The manual: `frame` is Markdown in which a line such as <!-- keys: rule --> is replaced by the
 * table of that name. Errors: -EINVAL, the line names nothing. */
int manual_markdown(const char *frame, struct err *err, struct strbuf *out);
