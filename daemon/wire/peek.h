/* peek.h: a few members of a JSON object, without building a tree.
 * Layer: wire (pure). For replies that come thousands of times a second; everything else is
 * read with jansson. Source: RFC 8259, of which brackets, strings and separators are checked. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum peek_type {
    PEEK_ABSENT,
    PEEK_TEXT,
    PEEK_TRUE,
    PEEK_FALSE,
    PEEK_OTHER, /* a number, null, an object, an array, or a text with escapes in it */
};

struct peek {
    const char *key; /* given */
    enum peek_type type;
    const char *text; /* TEXT: what stands between the quotes; points into the JSON */
    size_t len;
};

/* Looks for top-level members. The whole object is walked, so that one cut off is noticed.
 * Errors: -EINVAL not one whole object, or a wanted member stands there twice. */
int peek_object(const char *json, size_t len, struct peek *fields, size_t count);

/* The text if it is one of 1 to size - 1 bytes, copied into `ret`; else false. */
bool peek_copy(const struct peek *field, char *ret, size_t size);
