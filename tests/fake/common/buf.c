#include "buf.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "util.h"

void buf_done(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->cap < b->len + n + 1) {
        size_t cap = b->cap ? b->cap * 2 : 512;
        while (cap < b->len + n + 1)
            cap *= 2;
        b->p = util_realloc(b->p, cap);
        b->cap = cap;
    }
    b->p[b->len] = '\0';
    return b->p + b->len;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
    if (n == 0)
        return;
    memcpy(buf_room(b, n), data, n);
    b->len += n;
    b->p[b->len] = '\0';
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    char *to = buf_room(b, (size_t)n);
    va_start(ap, fmt);
    (void)vsnprintf(to, (size_t)n + 1, fmt, ap); /* length known from the first pass */
    va_end(ap);
    b->len += (size_t)n;
}

void buf_int(struct buf *b, int64_t v)
{
    buf_fmt(b, "%lld", (long long)v);
}

static void json_escape(struct buf *b, unsigned char c)
{
    static const char short_form[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i + 1 < sizeof short_form; i += 2) {
        if ((unsigned char)short_form[i] == c) {
            char two[2] = {'\\', short_form[i + 1]};
            buf_add(b, two, 2);
            return;
        }
    }
    buf_fmt(b, "\\u%04x", c);
}

void buf_json_n(struct buf *b, const char *s, size_t n)
{
    size_t from = 0, i = 0;

    buf_add(b, "\"", 1);
    while (i < n) {
        unsigned char c = (unsigned char)s[i];
        size_t step = c < 0x80 ? 1 : util_utf8_len(s + i, n - i);
        bool plain = step > 0 && c >= 0x20 && c != '"' && c != '\\';
        if (plain) {
            i += step;
            continue;
        }
        buf_add(b, s + from, i - from);
        if (step == 0)
            buf_str(b, "\\ufffd");
        else
            json_escape(b, c);
        from = ++i;
    }
    buf_add(b, s + from, n - from);
    buf_add(b, "\"", 1);
}

void buf_json(struct buf *b, const char *s)
{
    buf_json_n(b, s, strlen(s));
}

void buf_member(struct buf *b, const char *key, const char *value)
{
    buf_fmt(b, ",\"%s\":", key);
    buf_json(b, value);
}

static int dump_part(const char *part, size_t n, void *arg)
{
    buf_add(arg, part, n);
    return 0;
}

void buf_dump(struct buf *b, const json_t *j)
{
    if (j)
        (void)json_dump_callback(j, dump_part, b, JSON_COMPACT | JSON_ENCODE_ANY);
    else
        buf_str(b, "null");
}

char *buf_take(struct buf *b)
{
    (void)buf_room(b, 0); /* so that an empty buffer gives "" and not NULL */
    char *p = b->p;
    *b = (struct buf){0};
    return p;
}
