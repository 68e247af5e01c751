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

/* The first byte that cannot stand as it is; beyond ASCII only where the whole text is valid. */
static const char *plain_end(const char *text, bool high_too)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p >= 0x20 && *p != '"' && *p != '\\' && (*p < 0x80 || high_too))
        p++;
    return (const char *)p;
}

void jsonw_quote(struct strbuf *out, const char *value)
{
    bool looked = false, valid = false;
    strbuf_putc(out, '"');
    for (const char *p = value;;) {
        const char *end = plain_end(p, valid);
        unsigned char c = (unsigned char)*end;
        if (c >= 0x80 && !looked) {
            looked = true;
            valid = utf8_length(value, strlen(value)) >= 0;
            continue;
        }
        strbuf_add(out, p, (size_t)(end - p));
        if (!c)
            break;
        if (c >= 0x80)
            strbuf_puts(out, "\xEF\xBF\xBD");
        else if (short_escape(c))
            strbuf_puts(out, short_escape(c));
        else
            strbuf_printf(out, "\\u%04x", c);
        p = end + 1;
    }
    strbuf_putc(out, '"');
}

static void member(struct jsonw *json, const char *key)
{
    if (json->comma)
        strbuf_putc(json->out, ',');
    json->comma = true;
    if (key) {
        jsonw_quote(json->out, key);
        strbuf_putc(json->out, ':');
    }
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
