/* header.h: the headers of a request, as the HTTP listener hands them on.
 * Layer: wire (pure). */
#pragma once
#include <stddef.h>

struct wire_header {
    const char *name, *value;
};

struct wire_headers {
    const struct wire_header *list;
    size_t count;
};

/* The value, names compared without case; NULL where it is absent.
 * *ret_times (may be NULL): how often it stands there. */
const char *wire_header_find(struct wire_headers headers, const char *name, size_t *ret_times);
