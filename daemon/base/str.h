/* str.h: growing text with a largest size, and small text helpers.
 * Layer: base. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text that grows up to `max` bytes; past that it stops growing and `overflow` is set.
 * data is always NUL-terminated once anything was added. Zero-initialised means "no limit". */
struct strbuf {
    char *data;
    size_t len, cap, max;
    bool overflow;
};

void strbuf_init(struct strbuf *buf, size_t max_bytes);
void strbuf_done(struct strbuf *buf); /* accepts a zeroed buffer */
void strbuf_clear(struct strbuf *buf);
char *strbuf_grow(struct strbuf *buf, size_t length); /* so many bytes, to be filled; NULL: full */
void strbuf_add(struct strbuf *buf, const void *data, size_t length);
void strbuf_puts(struct strbuf *buf, const char *text);
void strbuf_putc(struct strbuf *buf, char c);
void strbuf_int(struct strbuf *buf, int64_t value);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *strbuf_text(const struct strbuf *buf); /* "" when empty; borrowed */
char *strbuf_take(struct strbuf *buf); /* heap text (never NULL), buffer is empty after */

/* NULL equals only NULL. These two are asked millions of times a second. */
static inline bool str_eq(const char *a, const char *b)
{
    return a == b || (a && b && *a == *b && strcmp(a, b) == 0);
}

bool str_ieq(const char *a, const char *b); /* ASCII case folded */
/* Whether `text` begins with these bytes, ASCII case folded. */
bool str_istarts(const char *text, const char *bytes, size_t length);
static inline bool str_empty(const char *text) /* NULL or "" */
{
    return !text || !*text;
}

static inline bool str_starts(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

int str_cmp(const char *a, const char *b); /* NULL sorts first */

/* Whole-string decimal integer. Errors: -EINVAL, -ERANGE; *ret untouched. */
int str_to_i64(const char *text, int64_t *ret);

/* Length in code points of valid UTF-8, or -1 where it is not valid. Source: RFC 3629, 4. */
long utf8_length(const char *text, size_t bytes);

/* Largest prefix length in bytes that has at most `max_points` code points. */
size_t utf8_prefix(const char *text, size_t max_points);

/* Bytes before the first character that turns the direction of what stands beside it: an embedding,
 * override or isolate, or the end of one. The length of the text where there is none. The marks of
 * right-to-left writing (U+200E, U+200F, U+061C) turn nothing, and neither do joiners.
 * Source: Unicode Standard Annex 9, 2.1 to 2.4. */
enum { UTF8_TURNER_BYTES = 3 };
size_t utf8_turner(const char *text);
