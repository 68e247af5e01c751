#include "base/jsonw.h"

#include <string.h>

void jsonw_begin(struct jsonw *json, struct strbuf *out)
{
    *json = (struct jsonw){.out = out};
}

static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

/* A byte of each of the eight that is a control character, '"', '\\' or beyond ASCII has its high
 * bit set in the result, and perhaps bytes after such a one. */
static uint64_t special_bytes(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';
    return (eight | (eight - ones * 0x20) | (quote - ones) | (slash - ones)) & highs;
}

/* Length of the part that can stand as it is; beyond ASCII only where the whole text is valid. */
static size_t plain_length(const char *text, size_t length, bool high_too)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;
    for (uint64_t eight; i + sizeof(eight) <= length; i += sizeof(eight)) {
        memcpy(&eight, p + i, sizeof(eight));
        if (special_bytes(eight))
            break;
    }
    while (i < length && p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' && (p[i] < 0x80 || high_too))
        i++;
    return i;
}

static void escape(struct strbuf *out, unsigned char c)
{
    if (c >= 0x80)
        strbuf_puts(out, "\xEF\xBF\xBD");
    else if (short_escape(c))
        strbuf_puts(out, short_escape(c));
    else
        strbuf_printf(out, "\\u%04x", c);
}

static void quote(struct strbuf *out, const char *value, size_t length, const char *after)
{
    size_t more = strlen(after);
    char *place = strbuf_grow(out, length + 2 + more);
    if (!place)
        return;
    *place++ = '"';
    memcpy(place, value, length);
    place[length] = '"';
    memcpy(place + length + 1, after, more);
}

void jsonw_quote(struct strbuf *out, const char *value)
{
    size_t length = strlen(value), plain = plain_length(value, length, false);
    if (plain == length) {
        quote(out, value, length, "");
        return;
    }
    bool valid = utf8_length(value, length) >= 0;
    strbuf_putc(out, '"');
    for (size_t i = 0; i < length; i++) {
        plain = plain_length(value + i, length - i, valid);
        strbuf_add(out, value + i, plain);
        i += plain;
        if (i < length)
            escape(out, (unsigned char)value[i]);
    }
    strbuf_putc(out, '"');
}

/* Keys are words of ours: nothing in them needs an escape. */
static void member(struct jsonw *json, const char *key)
{
    if (json->comma)
        strbuf_putc(json->out, ',');
    json->comma = true;
    if (key)
        quote(json->out, key, strlen(key), ":");
}

static void open_with(struct jsonw *json, const char *key, char bracket)
{
    member(json, key);
    strbuf_putc(json->out, bracket);
    json->comma = false;
}

static void close_with(struct jsonw *json, char bracket)
{
    strbuf_putc(json->out, bracket);
    json->comma = true;
}

void jsonw_object(struct jsonw *json, const char *key)
{
    open_with(json, key, '{');
}

void jsonw_object_end(struct jsonw *json)
{
    close_with(json, '}');
}

void jsonw_array(struct jsonw *json, const char *key)
{
    open_with(json, key, '[');
}

void jsonw_array_end(struct jsonw *json)
{
    close_with(json, ']');
}

void jsonw_text(struct jsonw *json, const char *key, const char *value)
{
    member(json, key);
    if (value)
        jsonw_quote(json->out, value);
    else
        strbuf_puts(json->out, "null");
}

void jsonw_text_opt(struct jsonw *json, const char *key, const char *value)
{
    if (value)
        jsonw_text(json, key, value);
}

void jsonw_int(struct jsonw *json, const char *key, int64_t value)
{
    member(json, key);
    strbuf_int(json->out, value);
}

void jsonw_bool(struct jsonw *json, const char *key, bool value)
{
    member(json, key);
    strbuf_puts(json->out, value ? "true" : "false");
}

void jsonw_null(struct jsonw *json, const char *key)
{
    member(json, key);
    strbuf_puts(json->out, "null");
}

void jsonw_time(struct jsonw *json, const char *key, msec_t value)
{
    char text[MSEC_TEXT_BYTES];
    jsonw_text(json, key, msec_format(value, text));
}

void jsonw_raw(struct jsonw *json, const char *key, const char *text)
{
    member(json, key);
    strbuf_puts(json->out, text);
}
