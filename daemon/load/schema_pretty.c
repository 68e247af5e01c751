/* Compact JSON to lines that people read and diffs compare. */
#include <string.h>

#include "load/schema_write.h"

enum { INLINE_COLUMNS = 72 };

/* The byte behind the string that begins here. */
static const char *string_end(const char *text)
{
    for (text++; *text != '"'; text++)
        text += *text == '\\';
    return text + 1;
}

/* The byte behind the bracket that closes this one. */
static const char *bracket_end(const char *text)
{
    int depth = 0;
    do {
        if (*text == '"') {
            text = string_end(text);
            continue;
        }
        bool opens = *text == '{' || *text == '[';
        depth += opens - (*text == '}' || *text == ']');
        text++;
    } while (depth);
    return text;
}

static void line(struct strbuf *out, int depth)
{
    strbuf_putc(out, '\n');
    for (int i = 0; i < depth; i++)
        strbuf_puts(out, "  ");
}

/* A short object or list, on one line. */
static const char *put_inline(const char *text, const char *end, struct strbuf *out)
{
    while (text < end) {
        const char *next = *text == '"' ? string_end(text) : text + 1;
        strbuf_add(out, text, (size_t)(next - text));
        if (*text == ',' || *text == ':')
            strbuf_putc(out, ' ');
        text = next;
    }
    return end;
}

void schema_pretty(const char *json, struct strbuf *out)
{
    int depth = 0;
    for (const char *p = json; *p;) {
        bool opens = *p == '{' || *p == '[', closes = *p == '}' || *p == ']';
        const char *end = opens ? bracket_end(p) : p;
        if (opens && end - p <= INLINE_COLUMNS) {
            p = put_inline(p, end, out);
            continue;
        }
        if (closes)
            line(out, --depth);
        end = *p == '"' ? string_end(p) : p + 1;
        strbuf_add(out, p, (size_t)(end - p));
        if (opens)
            line(out, ++depth);
        else if (*p == ',')
            line(out, depth);
        else if (*p == ':')
            strbuf_putc(out, ' ');
        p = end;
    }
    strbuf_putc(out, '\n');
}
