/* jtree.h: JSON text to a tree in an arena, for what arrives in bulk.
 * Layer: wire (pure). Lifetime: the arena's. jansson takes 8 us for an event of 430 bytes, this
 * takes about 1 us; it also keeps numbers as written, so that money never becomes a double. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    JTREE_BYTES_MAX = 1 << 20,
    JTREE_DEPTH_MAX = 24,
    JTREE_NODES_MAX = 100000,
    JTREE_MEMBERS_MAX = 256, /* of one object */
    JTREE_DIGITS_MAX = 64,   /* characters of one number */
};

enum jtree_type {
    JTREE_NULL,
    JTREE_FALSE,
    JTREE_TRUE,
    JTREE_NUMBER,
    JTREE_TEXT,
    JTREE_ARRAY,
    JTREE_OBJECT,
};

/* What key_hash is for a name written here: length, first and last character. It only spares
 * comparisons. */
#define JTREE_KEY_HASH(name)                                                                       \
    ((uint32_t)(sizeof(name) - 1) << 16 | (uint32_t)(name)[0] << 8 |                               \
     (uint32_t)(name)[sizeof(name) - 2])

struct jtree {
    enum jtree_type type;
    uint32_t key_hash;
    uint32_t count;  /* members or items */
    bool plain;      /* TEXT: all of it is printable ASCII; false where nobody has looked */
    const char *key; /* in an object, else NULL */
    const char
        *text; /* TEXT: terminated, valid UTF-8 without NUL; NUMBER: as written, not terminated */
    size_t length; /* bytes of text */
    struct jtree *first, *last, *next;
};

/* Reads one JSON value. A byte order mark is skipped.
 *
 * Owns:   *ret and its text live in the arena; the bytes are not kept.
 * Errors: -EINVAL with "line L, column C: ..." (columns in bytes): no JSON, a member given twice,
 * text that is no UTF-8 or holds U+0000; -E2BIG past a limit. Source: RFC 8259. */
int jtree_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
                struct jtree **ret);

/* The same, but members called `passed` (NULL: none) are null in the tree, whatever they hold: it
 * is read as JSON and counts for no limit but those of bytes, depth and digits. */
int jtree_parse_without(const char *bytes, size_t length, const char *passed, struct arena *arena,
                        struct err *err, struct jtree **ret);

const struct jtree *jtree_find(const struct jtree *object, const char *key); /* or NULL */
const char *jtree_type_name(const struct jtree *node); /* "text", "a number": for error texts */

/* For trees that are put together by hand. Key and value are borrowed. */
struct jtree *jtree_object_new(struct arena *arena);
void jtree_add(struct jtree *object, const char *key, struct jtree *member);
struct jtree *jtree_text_new(struct arena *arena, const char *value);
