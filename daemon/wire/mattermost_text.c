/* Text as Mattermost shows it, and nothing but text. */
#include <string.h>

#include "wire/mattermost.h"

/* A space without width: what it stands between is no longer one word. */
#define NOTHING "\xE2\x80\x8B"
#define MORE    "\xE2\x80\xA6" /* the ellipsis */

enum { EMOJI_MAX = 64 };

/* Where a text is being read. */
struct spot {
    const char *text;
    bool line_start; /* nothing but digits before it in its line, for what numbers a list */
    char before;
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* ":smile:" */
static bool is_emoji(const char *text)
{
    size_t name = strspn(text + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_+-");
    return name > 0 && name < EMOJI_MAX && text[1 + name] == ':';
}

/* Whether a backslash has to stand before it. Those that mean something in one place only are left
 * alone elsewhere: notifications show the raw text, and a sentence ends in a full stop. */
static bool is_special(const struct spot *at)
{
    char c = *at->text, next = at->text[1];
    switch (c) {
    case '\\':
    case '`':
    case '*':
    case '_':
    case '[':
    case ']':
    case '#':
    case '|':
    case '~':
    case '<':
    case '>':
        return true;
    case '!':
        return next == '[';
    case '&':
        return next == '#' || is_word(next);
    case '-':
    case '+':
        return at->line_start;
    case '.':
    case ')':
        return at->line_start && at->before >= '0' && at->before <= '9';
    case ':':
        return is_emoji(at->text) || (next == '/' && at->text[2] == '/');
    default:
        return false;
    }
}

static size_t char_bytes(const char *text)
{
    size_t n = 1;
    while (((unsigned char)text[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* What begins a line and cannot be escaped: a heading's underline, the indent of code. */
static bool needs_nothing_before(const struct spot *at)
{
    return at->line_start && !(at->before >= '0' && at->before <= '9') &&
           (*at->text == '=' || *at->text == '\t' || *at->text == ' ');
}

/* "www.": becomes a link by itself. */
static bool begins_link(const struct spot *at)
{
    return !is_word(at->before) && str_istarts("www.", at->text, strnlen(at->text, 4)) &&
           strnlen(at->text, 4) == 4;
}

static void put(struct strbuf *out, const struct spot *at, size_t bytes)
{
    if (needs_nothing_before(at))
        strbuf_puts(out, NOTHING);
    if (*at->text == '@') { /* both: some clients know no backslash there */
        strbuf_puts(out, "\\@" NOTHING);
        return;
    }
    if (is_special(at))
        strbuf_putc(out, '\\');
    strbuf_add(out, at->text, bytes);
    if (begins_link(at))
        strbuf_puts(out, NOTHING);
}

static size_t points_of(const char *text, size_t len)
{
    size_t points = 0;
    for (size_t i = 0; i < len; i++)
        points += ((unsigned char)text[i] & 0xC0) != 0x80;
    return points;
}

void mm_escape(struct strbuf *out, const char *text, size_t max_points)
{
    struct spot at = {.text = text, .line_start = true};
    size_t points = 0;
    while (*at.text) {
        size_t bytes = char_bytes(at.text), mark = out->len;
        put(out, &at, bytes);
        if (out->overflow)
            return;
        points += points_of(out->data + mark, out->len - mark);
        if (points > max_points || (points == max_points && at.text[bytes])) {
            out->len = mark; /* what one character became is kept or taken away whole */
            strbuf_puts(out, MORE);
            return;
        }
        at.before = *at.text;
        at.line_start = *at.text == '\n' || (at.line_start && *at.text >= '0' && *at.text <= '9');
        at.text += bytes;
    }
}

void mm_disarm(struct strbuf *out, const char *text, size_t max_points)
{
    size_t len = utf8_prefix(text, max_points);
    for (size_t i = 0; i < len; i++) {
        strbuf_putc(out, text[i] == '\n' ? ' ' : text[i]);
        if (text[i] == '@')
            strbuf_puts(out, NOTHING);
    }
}
