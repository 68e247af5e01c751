/* yaml.h: YAML bytes to a small tree in which every node knows its place.
 * Layer: load (pure). Lifetime: the arena's. Scalars stay text: the tables of the readers give them
 * their types, so that NO stays Norway and 09:30 stays a time. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "load/problem.h"

enum {
    YAML_BYTES_MAX = 256 * 1024,
    YAML_NODES_MAX = 20000,
    YAML_DEPTH_MAX = 32,
    YAML_KEYS_MAX = 1000, /* in one mapping; the search for duplicates is quadratic */
    YAML_VALUE_MAX =
        YAML_BYTES_MAX, /* bytes of one key or value: libyaml holds it more than twice */
};

/* How large one file may be. */
struct yaml_limits {
    size_t bytes;
    int nodes;
    int tree; /* of them in one tree: an entry that is handed out, or all the rest */
};

extern const struct yaml_limits yaml_usual; /* YAML_BYTES_MAX, YAML_NODES_MAX, one tree */
extern const struct yaml_limits yaml_lists; /* 84 times that, 21 MiB: 165,000 people in one file */

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_LIST };

struct node {
    enum node_kind kind;
    bool quoted;      /* scalar: in quotes or a block text, so nobody meant a boolean or a null */
    bool told;        /* a problem is reported already; further ones would only follow from it */
    const char *text; /* scalar */
    int line, col;    /* from 1; columns count characters */

    const char *key; /* inside a mapping, else NULL */
    int key_line, key_col;

    struct node *first, *next; /* children; next in the parent */
    int count;                 /* of children */
};

/* Reads one document.
 *
 * Units:  limits NULL means yaml_usual.
 * Owns:   the tree lives in arena and does not point into bytes. path is borrowed and must live as
 *         long as the problems do not need it (they copy it).
 * Errors: -EINVAL with every reason added to problems: what YAML forbids, and anchors, aliases,
 * merge keys, tags, further documents, doubled or non-text keys, and the limits above. Source:
 * YAML 1.1 as libyaml 0.2.5 reads it. */
int yaml_read(const char *path, const char *bytes, size_t length, const struct yaml_limits *limits,
              struct arena *arena, struct problems *problems, struct node **ret);

/* A list right under the top mapping that may be too long for one tree: its entries are handed out
 * one after the other, each in a tree of its own that is gone afterwards. */
struct yaml_entries {
    const char *key; /* of the list */
    void (*read)(void *user, const struct node *entry);
    void *user;
};

/* As yaml_read(); in *ret the list is there without entries, only counted. Entries stop being
 * handed out at the first error, which is told as well: what was handed out before may be half a
 * file. */
int yaml_read_entries(const char *path, const char *bytes, size_t length,
                      const struct yaml_limits *limits, const struct yaml_entries *entries,
                      struct arena *arena, struct problems *problems, struct node **ret);

/* The value under a key of a mapping, or NULL (also for nodes that are no mapping). */
struct node *node_get(const struct node *map, const char *key);

/* True for `key:` with nothing behind it, and for a plain null or ~. */
bool node_is_null(const struct node *node);
