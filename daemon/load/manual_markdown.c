/* The manual as Markdown: a frame written by hand, with tables put in where a line asks for one. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/describe.h"
#include "load/manual.h"

enum { MARKER_BYTES = 80 };

/* In a table a bar ends the cell. */
static void put_cell(struct strbuf *out, const char *text)
{
    strbuf_puts(out, " ");
    for (; text && *text; text++) {
        if (*text == '|')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *text);
    }
    strbuf_puts(out, " |");
}

static void put_code(struct strbuf *out, const char *text)
{
    if (!text) {
        strbuf_puts(out, " |");
        return;
    }
    strbuf_puts(out, " `");
    for (; *text; text++) {
        if (*text == '|')
            strbuf_putc(out, '\\');
        strbuf_putc(out, *text);
    }
    strbuf_puts(out, "` |");
}

static void put_meaning(struct strbuf *out, const struct block *block, const struct key *key,
                        struct arena *arena)
{
    const char *needs = manual_needs(block, key, arena);
    struct strbuf text = {0};
    strbuf_puts(&text, key->help);
    if (text.data[0] >= 'a' && text.data[0] <= 'z' && !(key->words && strchr(text.data, ',')))
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    if (needs)
        strbuf_printf(&text, "; %s", needs);
    if (key->required)
        strbuf_puts(&text, "; **needed**");
    if (key->preset)
        strbuf_printf(&text, "; without it `%s`", key->preset);
    put_cell(out, strbuf_text(&text));
    strbuf_done(&text);
}

static void put_keys(const struct block *block, struct arena *arena, struct strbuf *out)
{
    strbuf_puts(out, "| key | value | meaning | example |\n|---|---|---|---|\n");
    for (size_t i = 0; i < block->count; i++) {
        const struct key *key = &block->keys[i];
        strbuf_puts(out, "|");
        put_code(out, key->name);
        put_cell(out, manual_value(key, arena));
        put_meaning(out, block, key, arena);
        put_code(out, key->example);
        strbuf_puts(out, "\n");
    }
}

/* All entries of one group: "event ", "gate ". */
static bool put_group(const struct manual *m, const char *group, const char *value,
                      const char *example, struct strbuf *out)
{
    size_t length = strlen(group), count = 0;
    strbuf_printf(out, "| %s | meaning |%s%s%s%s\n|---|---|%s%s\n", group, value ? " " : "",
                  value ? value : "", value ? " |" : "", example ? " example |" : "",
                  value ? "---|" : "", example ? "---|" : "");
    for (size_t i = 0; i < m->count; i++) {
        const struct manual_entry *entry = &m->list[i];
        if (strncmp(entry->path, group, length) != 0 || entry->path[length] != ' ')
            continue;
        strbuf_puts(out, "|");
        put_code(out, entry->word);
        put_cell(out, entry->help);
        if (value)
            put_cell(out, entry->value);
        if (example)
            put_code(out, entry->example);
        strbuf_puts(out, "\n");
        count++;
    }
    return count > 0;
}

/* "keys: rule", "all: event" */
static bool put_marker(const struct manual *m, const char *marker, struct strbuf *out)
{
    static const struct {
        const char *name, *group, *value;
        bool example;
    } groups[] = {
        {"events", "event", "fields", false}, {"fields", "field", "value", true},
        {"tests", "test", "fits", true},      {"filters", "filter", NULL, true},
        {"gates", "gate", NULL, false},       {"outcomes", "outcome", NULL, false},
        {"actions", "action", NULL, false},   {"codes", "code", NULL, false},
    };
    const struct block *block;
    for (size_t i = 0; str_starts(marker, "keys: ") && (block = manual_block(i)); i++) {
        if (!str_eq(block_word(block), marker + strlen("keys: ")))
            continue;
        put_keys(block, m->arena, out);
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        if (str_eq(groups[i].name, marker))
            return put_group(m, groups[i].group, groups[i].value,
                             groups[i].example ? "example" : NULL, out);
    }
    return false;
}

int manual_markdown(const char *frame, struct err *err, struct strbuf *out)
{
    struct arena arena;
    struct manual m;
    int result = 0;
    arena_init(&arena);
    manual_fill(&m, &arena);
    for (const char *line = frame; *line && !result;) {
        size_t length = strcspn(line, "\n");
        const char *end = line + length - strlen(" -->");
        char marker[MARKER_BYTES];
        if (str_starts(line, "<!-- ") && length > strlen("<!--  -->") && length < sizeof(marker) &&
            str_starts(end, " -->")) {
            size_t size = (size_t)(end - line) - strlen("<!-- ");
            memcpy(marker, line + strlen("<!-- "), size);
            marker[size] = '\0';
            if (!put_marker(&m, marker, out))
                result = err_set(err, EINVAL, "the manual has no table '%s'", marker);
        } else {
            strbuf_add(out, line, length);
            strbuf_putc(out, '\n');
        }
        line += length + (line[length] == '\n');
    }
    free(m.list);
    arena_done(&arena);
    return result;
}
