/* buf.h: growable byte buffer with JSON helpers.
 * Lifetime: the owner's; the bytes always end in a NUL that len does not count. */
#pragma once
#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *p;
    size_t len, cap;
};

void buf_done(struct buf *b);
/* Room for n more bytes; returns where they go. The caller adds to b->len what it wrote. */
char *buf_room(struct buf *b, size_t n);
void buf_add(struct buf *b, const void *data, size_t n);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_int(struct buf *b, int64_t v);
/* One quoted JSON string; bytes that are not UTF-8 become U+FFFD so that the text stays JSON. */
void buf_json(struct buf *b, const char *s);
void buf_json_n(struct buf *b, const char *s, size_t n);
/* `"key":"value"` with a leading comma. */
void buf_member(struct buf *b, const char *key, const char *value);
void buf_dump(struct buf *b, const json_t *j);
/* Hands the bytes over to the caller and leaves the buffer empty. */
char *buf_take(struct buf *b);

/* Inline so that the length of a literal is a constant. */
static inline void buf_str(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}
