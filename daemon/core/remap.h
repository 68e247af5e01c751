/* remap.h: how any JSON becomes our events, as the configuration says: `map:` of an intake.
 * Layer: core (data only). Lifetime: the configuration's. Read by load/load_map.c, carried out by
 * wire/remap.c. */
#pragma once
#include "core/event.h"

enum { REMAP_STEPS_MAX = 16, REMAP_ENTRIES_MAX = 100, REMAP_WHENS_MAX = 10, REMAP_WORDS_MAX = 50 };

/* One part of a path: a member's name or the place in a list. */
struct remap_step {
    const char *name; /* NULL: `index` */
    int index;
};

/* A text, or where to find the value. */
struct remap_value {
    const char *text; /* as written; NULL: nothing was said */
    bool is_path;
    bool whole; /* "$$": from the top of the body, also below `each` */
    struct remap_step *steps;
    int step_count;
};

struct remap_when {
    struct remap_value path;
    const char **is; /* one of these; NULL: it only has to be there */
    int is_count;
    const char **is_not; /* none of these */
    int is_not_count;
};

struct remap_member {
    const char *name; /* of the event's data */
    bool deal;        /* of data.deal */
    struct remap_value value;
};

struct remap_entry {
    enum event_type type;
    struct remap_value each; /* a list: one event for each entry of it */
    struct remap_when *whens;
    int when_count;
    struct remap_value id, time, rep;
    struct remap_member *members;
    int member_count, member_cap;
};

struct remap {
    struct remap_entry *entries;
    int count;
};
