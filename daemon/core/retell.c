#include "core/retell.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

/* A reason holds another one ("outside working hours; held until ..."), and that one no third. */
enum { DEPTH_MAX = 2 };

struct values {
    const char *list[VALUES_MAX];
    int count;
};

/* Where the conversion begins, at its '%'. */
static const char *begins(const struct conversion *c)
{
    return c->text - (c->position ? 3 : 1);
}

/* Whether the text is the format with values in it. A value ends where what stands behind it in the
 * format comes for the last time that lets the rest fit; at the end it takes all there is. */
static bool fits(const char *format, const char *text, struct arena *arena, struct values *ret)
{
    struct conversion c;
    const char *at = format;
    if (!next_conversion(&at, &c))
        return str_eq(format, text);
    size_t before = (size_t)(begins(&c) - format);
    if (strncmp(format, text, before) != 0 || ret->count == VALUES_MAX)
        return false;
    int place = ret->count++;
    for (size_t length = strlen(text + before); length > 0; length--) {
        ret->count = place + 1;
        if (!fits(at, text + before + length, arena, ret))
            continue;
        ret->list[place] = arena_strndup(arena, text + before, length);
        return true;
    }
    return false;
}

/* Those about pauses and leave are those that `team` says. */
static bool is_kept(const struct phrase *phrase)
{
    return str_starts(phrase->name, "reason_") || str_starts(phrase->name, "remedy_") ||
           str_starts(phrase->name, "team_paused") || str_starts(phrase->name, "team_away");
}

/* How much of a format is no value. */
static size_t plain_length(const char *format)
{
    struct conversion c;
    size_t length = strlen(format);
    for (const char *at = format; next_conversion(&at, &c);)
        length -= (size_t)(at - begins(&c));
    return length;
}

/* "%%" of a format is one. */
static void add_plain(const char *from, const char *until, struct strbuf *out)
{
    for (; from < until; from += from[0] == '%' && from[1] == '%' ? 2 : 1)
        strbuf_putc(out, *from);
}

static void fill(const char *words, const struct values *values, struct strbuf *out)
{
    struct conversion c;
    int seen = 0;
    const char *from = words;
    for (const char *at = words; next_conversion(&at, &c); from = at, seen++) {
        int index = c.position ? c.position - 1 : seen;
        add_plain(from, begins(&c), out);
        strbuf_puts(out, index < values->count ? values->list[index] : "");
    }
    add_plain(from, from + strlen(from), out);
}

static const char *tell(const struct core *core, const char *person, const char *kept,
                        struct arena *arena, int depth)
{
    struct values values = {.count = 0}, found = {.count = 0};
    const char *format = NULL;
    for (size_t i = 0; i < phrase_count(); i++) {
        const struct phrase *phrase = phrase_at(i);
        found.count = 0;
        if (!is_kept(phrase) || (format && plain_length(phrase->english) <= plain_length(format)) ||
            !fits(phrase->english, kept, arena, &found))
            continue;
        format = phrase->english;
        values = found;
    }
    if (!format)
        return kept;
    for (int i = 0; i < values.count && depth < DEPTH_MAX; i++)
        values.list[i] = tell(core, person, values.list[i], arena, depth + 1);
    struct strbuf out = {0};
    fill(core_say(core, person, format), &values, &out);
    const char *text = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return text;
}

const char *retell(const struct core *core, const char *person, const char *kept,
                   struct arena *arena)
{
    return kept ? tell(core, person, kept, arena, 0) : NULL;
}
