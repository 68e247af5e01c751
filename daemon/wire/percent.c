#include "wire/percent.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/str.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Source: RFC 7230, 3.2.6, quoted-string. */
static int unquote(char *text)
{
    char *out = text, *p = text;
    bool inside = false;
    for (; *p; p++) {
        if (*p == '"') {
            inside = !inside;
            continue;
        }
        if (inside && *p == '\\' && p[1])
            p++;
        *out++ = *p;
    }
    *out = '\0';
    return inside ? -EINVAL : 0;
}

static int decode(char *text)
{
    char *out = text;
    for (const char *p = text; *p; p++) {
        if (*p != '%') {
            *out++ = *p;
            continue;
        }
        int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);
        if (low < 0 || (high == 0 && low == 0))
            return -EINVAL;
        *out++ = (char)(high * 16 + low);
        p += 2;
    }
    *out = '\0';
    return 0;
}

int percent_decode_header(const char *value, struct arena *arena, char **ret_text)
{
    char *text = arena_strdup(arena, value);
    if (unquote(text) || decode(text) || utf8_length(text, strlen(text)) < 0)
        return -EINVAL;
    *ret_text = text;
    return 0;
}

static const char *form_decode(const char *value, size_t len, struct arena *arena)
{
    char *text = arena_strndup(arena, value, len);
    bool nul = memchr(value, '\0', len) != NULL;
    for (char *p = text; *p; p++)
        *p = *p == '+' ? ' ' : *p;
    return nul || decode(text) || utf8_length(text, strlen(text)) < 0 ? NULL : text;
}

const char *percent_form_value(const char *body, size_t len, const char *name, struct arena *arena)
{
    size_t name_len = strlen(name);
    for (const char *at = body, *end = body + len; at < end;) {
        const char *stop = memchr(at, '&', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        if (size > name_len && at[name_len] == '=' && memcmp(at, name, name_len) == 0)
            return form_decode(at + name_len + 1, size - name_len - 1, arena);
        at += size + 1;
    }
    return NULL;
}
