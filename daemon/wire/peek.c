#include "wire/peek.h"

#include <errno.h>
#include <string.h>

enum { PEEK_DEPTH_MAX = 64 };

struct cursor {
    const char *at, *end;
};

static void skip_space(struct cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
        c->at++;
}

static bool take(struct cursor *c, char what)
{
    skip_space(c);
    if (c->at == c->end || *c->at != what)
        return false;
    c->at++;
    return true;
}

/* What ends a run of bytes that need no look: within strings and between them. */
enum { PEEK_QUOTE = 1, PEEK_BACKSLASH = 2, PEEK_CONTROL = 4, PEEK_OPEN = 8, PEEK_CLOSE = 16 };

static const unsigned char classes[256] = {
    [0 ... 0x1F] = PEEK_CONTROL, ['"'] = PEEK_QUOTE, ['\\'] = PEEK_BACKSLASH, ['{'] = PEEK_OPEN,
    ['['] = PEEK_OPEN,           ['}'] = PEEK_CLOSE, [']'] = PEEK_CLOSE,
};

/* To the next byte of these classes; false at the end. */
static bool run(struct cursor *c, unsigned wanted, unsigned char *ret_class)
{
    const char *at = c->at, *end = c->end;
    while (at < end && !(classes[(unsigned char)*at] & wanted))
        at++;
    c->at = at;
    *ret_class = at < end ? classes[(unsigned char)*at] : 0;
    return at < end;
}

/* Behind the opening quote. */
static bool take_string(struct cursor *c, bool *ret_escapes)
{
    unsigned char class;
    *ret_escapes = false;
    while (run(c, PEEK_QUOTE | PEEK_BACKSLASH | PEEK_CONTROL, &class)) {
        c->at++;
        if (class == PEEK_QUOTE)
            return true;
        if (class == PEEK_CONTROL || c->at == c->end)
            return false;
        *ret_escapes = true;
        c->at++;
    }
    return false;
}

/* Behind the opening bracket. The kinds of the open brackets are kept as bits. */
static bool take_nested(struct cursor *c, bool object)
{
    unsigned long long kinds = object;
    int depth = 1;
    bool escapes;
    unsigned char class;
    while (run(c, PEEK_QUOTE | PEEK_OPEN | PEEK_CLOSE, &class)) {
        char now = *c->at++;
        if (class == PEEK_QUOTE) {
            if (!take_string(c, &escapes))
                return false;
        } else if (class == PEEK_OPEN) {
            if (++depth > PEEK_DEPTH_MAX)
                return false;
            kinds = kinds << 1 | (now == '{');
        } else {
            if ((kinds & 1) != (now == '}'))
                return false;
            kinds >>= 1;
            if (--depth == 0)
                return true;
        }
    }
    return false;
}

static bool take_value(struct cursor *c, struct peek *ret)
{
    bool escapes;
    skip_space(c);
    const char *start = c->at;
    if (start == c->end)
        return false;
    *ret = (struct peek){.type = PEEK_OTHER};
    if (*start == '"') {
        c->at++;
        if (!take_string(c, &escapes))
            return false;
        if (!escapes)
            *ret = (struct peek){NULL, PEEK_TEXT, start + 1, (size_t)(c->at - start) - 2};
        return true;
    }
    if (*start == '{' || *start == '[') {
        c->at++;
        return take_nested(c, *start == '{');
    }
    while (c->at < c->end && !memchr(",}] \n\r\t\"{[:", *c->at, 12))
        c->at++;
    size_t len = (size_t)(c->at - start);
    if (len == 4 && memcmp(start, "true", 4) == 0)
        ret->type = PEEK_TRUE;
    else if (len == 5 && memcmp(start, "false", 5) == 0)
        ret->type = PEEK_FALSE;
    return len > 0;
}

static bool keep(const char *key, size_t len, const struct peek *value, struct peek *fields,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(fields[i].key) != len || memcmp(fields[i].key, key, len) != 0)
            continue;
        if (fields[i].type != PEEK_ABSENT)
            return false;
        fields[i].type = value->type;
        fields[i].text = value->text;
        fields[i].len = value->len;
    }
    return true;
}

static bool take_member(struct cursor *c, struct peek *fields, size_t count)
{
    bool escapes;
    struct peek value;
    if (!take(c, '"'))
        return false;
    const char *key = c->at;
    if (!take_string(c, &escapes))
        return false;
    size_t len = (size_t)(c->at - key) - 1;
    return take(c, ':') && take_value(c, &value) &&
           (escapes || keep(key, len, &value, fields, count));
}

int peek_object(const char *json, size_t len, struct peek *fields, size_t count)
{
    struct cursor c = {json, json + len};
    for (size_t i = 0; i < count; i++)
        fields[i] = (struct peek){.key = fields[i].key};
    if (!take(&c, '{'))
        return -EINVAL;
    if (!take(&c, '}')) {
        do {
            if (!take_member(&c, fields, count))
                return -EINVAL;
        } while (take(&c, ','));
        if (!take(&c, '}'))
            return -EINVAL;
    }
    skip_space(&c);
    return c.at == c.end ? 0 : -EINVAL;
}

bool peek_copy(const struct peek *field, char *ret, size_t size)
{
    if (field->type != PEEK_TEXT || field->len == 0 || field->len >= size)
        return false;
    memcpy(ret, field->text, field->len);
    ret[field->len] = '\0';
    return true;
}
