#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

void strbuf_init(struct strbuf *buf, size_t max_bytes)
{
    *buf = (struct strbuf){.max = max_bytes};
}

void strbuf_done(struct strbuf *buf)
{
    free(buf->data);
    *buf = (struct strbuf){.max = buf->max};
}

void strbuf_clear(struct strbuf *buf)
{
    buf->len = 0;
    buf->overflow = false;
    if (buf->data)
        buf->data[0] = '\0';
}

static bool strbuf_room(struct strbuf *buf, size_t more)
{
    if (buf->overflow || (buf->max && (more > buf->max || buf->len > buf->max - more))) {
        buf->overflow = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need > buf->cap) {
        size_t cap = buf->cap ? buf->cap : 256;
        while (cap < need)
            cap *= 2;
        buf->data = xrealloc(buf->data, cap, 1);
        buf->cap = cap;
    }
    return true;
}

char *strbuf_grow(struct strbuf *buf, size_t length)
{
    if (!strbuf_room(buf, length))
        return NULL;
    char *place = buf->data + buf->len;
    buf->len += length;
    buf->data[buf->len] = '\0';
    return place;
}

void strbuf_add(struct strbuf *buf, const void *data, size_t length)
{
    char *place = strbuf_grow(buf, length);
    if (place && length)
        memcpy(place, data, length);
}

void strbuf_puts(struct strbuf *buf, const char *text)
{
    if (text)
        strbuf_add(buf, text, strlen(text));
}

void strbuf_putc(struct strbuf *buf, char c)
{
    if (!strbuf_room(buf, 1))
        return;
    buf->data[buf->len++] = c;
    buf->data[buf->len] = '\0';
}

void strbuf_int(struct strbuf *buf, int64_t value)
{
    char digits[24], *p = digits + sizeof(digits);
    uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do
        *--p = (char)('0' + left % 10);
    while ((left /= 10));
    if (value < 0)
        *--p = '-';
    strbuf_add(buf, p, (size_t)(digits + sizeof(digits) - p));
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    char small[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(small, sizeof(small), format, args);
    va_end(args);
    if (length >= 0 && (size_t)length < sizeof(small)) {
        strbuf_add(buf, small, (size_t)length);
    } else if (length > 0 && strbuf_room(buf, (size_t)length)) {
        (void)vsnprintf(buf->data + buf->len, (size_t)length + 1, format, again); /* measured */
        buf->len += (size_t)length;
    }
    va_end(again);
}

const char *strbuf_text(const struct strbuf *buf)
{
    return buf->data ? buf->data : "";
}

char *strbuf_take(struct strbuf *buf)
{
    char *text = buf->data ? buf->data : xstrdup("");
    *buf = (struct strbuf){.max = buf->max};
    return text;
}

static int fold(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

bool str_ieq(const char *a, const char *b)
{
    if (str_eq(a, b))
        return true; /* mostly the case is the same too */
    if (!a || !b)
        return false;
    while (*a && fold((unsigned char)*a) == fold((unsigned char)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

bool str_istarts(const char *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!text[i] || fold((unsigned char)text[i]) != fold((unsigned char)bytes[i]))
            return false;
    }
    return true;
}

int str_cmp(const char *a, const char *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

int str_to_i64(const char *text, int64_t *ret)
{
    if (!text)
        return -EINVAL;
    bool negative = *text == '-';
    const char *p = text + (negative || *text == '+');
    if (!*p)
        return -EINVAL;
    int64_t value = 0;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return -EINVAL;
        int digit = *p - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return -ERANGE;
    }
    *ret = value;
    return 0;
}

/* Bytes of the sequence at p (1 to 4), or 0 where it is not valid UTF-8. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char low, high, second_low, second_high, bytes;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    if (*p < 0x80)
        return 1;
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (*p < forms[i].low || *p > forms[i].high)
            continue;
        if (left < forms[i].bytes || p[1] < forms[i].second_low || p[1] > forms[i].second_high)
            return 0;
        for (size_t k = 2; k < forms[i].bytes; k++) {
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        }
        return forms[i].bytes;
    }
    return 0;
}

long utf8_length(const char *text, size_t bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    long points = 0;
    for (size_t i = 0; i < bytes; points++) {
        size_t step = utf8_sequence(p + i, bytes - i);
        if (!step)
            return -1;
        i += step;
    }
    return points;
}

size_t utf8_prefix(const char *text, size_t max_points)
{
    size_t i = strnlen(text, max_points);
    if (i < max_points)
        return i; /* fewer bytes than points are allowed */
    for (i = 0; text[i]; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && max_points-- == 0)
            break;
    }
    return i;
}

size_t utf8_turner(const char *text)
{
    const char *at = text;
    for (; (at = strchr(at, 0xe2)) != NULL; at++) {
        unsigned char second = (unsigned char)at[1];
        unsigned char third = second ? (unsigned char)at[2] : 0;
        if ((second == 0x80 && third >= 0xaa && third <= 0xae) || /* U+202A to U+202E */
            (second == 0x81 && third >= 0xa6 && third <= 0xa9))   /* U+2066 to U+2069 */
            return (size_t)(at - text);
    }
    return strlen(text);
}
