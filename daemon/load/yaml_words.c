#include "load/yaml_words.h"

#include <string.h>

#include "base/alloc.h"

/* One line of the file, without its end. */
struct line {
    const char *text;
    size_t length;
};

static struct line line_find(const struct yaml_bytes *file, int number)
{
    const char *p = file->bytes, *end = file->bytes + file->length;
    for (int i = 1; i < number && p < end; i++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        p = newline ? newline + 1 : end;
    }
    const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    return (struct line){p, (size_t)((newline ? newline : end) - p)};
}

/* The bytes from a column on; columns count characters. */
static struct line line_from(struct line line, int col)
{
    size_t at = 0;
    for (int i = 1; i < col && at < line.length; i++) {
        at++;
        while (at < line.length && ((unsigned char)line.text[at] & 0xC0) == 0x80)
            at++;
    }
    return (struct line){line.text + at, line.length - at};
}

bool yaml_words_braces_at(const struct yaml_bytes *file, int line, int col)
{
    struct line rest = line_from(line_find(file, line), col);
    return rest.length >= 2 && memcmp(rest.text, "{{", 2) == 0;
}

/* A `{{` on the line that no quote protects. */
static bool line_has_bare_braces(struct line line)
{
    char quote = '\0';
    for (size_t i = 0; i + 1 < line.length; i++) {
        char c = line.text[i];
        if (quote) {
            if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#' && (i == 0 || line.text[i - 1] == ' ')) {
            return false;
        } else if (c == '{' && line.text[i + 1] == '{') {
            return true;
        }
    }
    return false;
}

static bool line_is_indented_by_tab(struct line line)
{
    for (size_t i = 0; i < line.length; i++) {
        if (line.text[i] == '\t')
            return true;
        if (line.text[i] != ' ')
            return false;
    }
    return false;
}

struct saying {
    const char *context, *problem; /* parts of what the library says; NULL: anything */
    const char *code, *text;
};

static const struct saying sayings[] = {
    {NULL, "mapping values are not allowed", "yaml-colon",
     "a ': ' stands inside of a text, or a key is indented too far; put a text with a colon in "
     "quotes"},
    {NULL, "could not find expected ':'", "yaml-colon",
     "a key without ': ' behind it; is the colon missing, or the line above indented wrongly?"},
    {NULL, "did not find expected key", "yaml-indent",
     "this line does not fit the lines above; keys of one mapping stand in one column"},
    {NULL, "did not find expected '-' indicator", "yaml-indent",
     "this line does not fit the list above; each entry of a list starts with '- ' in one column"},
    {NULL, "block sequence entries are not allowed", "yaml-indent",
     "a list entry ('- ') cannot stand here; a list starts on the line after its key"},
    {NULL, "did not find expected ',' or ']'", "yaml-bracket",
     "a list in [brackets] is not closed, or a comma is missing; a text with [ ] { } or , needs "
     "quotes"},
    {NULL, "did not find expected ',' or '}'", "yaml-bracket",
     "a mapping in {braces} is not closed, or a comma is missing; a text with [ ] { } or , needs "
     "quotes"},
    {"quoted scalar", "unexpected end of stream", "yaml-quote",
     "a quotation mark is opened here and never closed"},
    {"quoted scalar", "unexpected document indicator", "yaml-quote",
     "a quotation mark is opened here and never closed"},
    {NULL, "unknown escape character", "yaml-quote",
     "a backslash in \"double quotes\" starts an escape; use 'single quotes' or write \\\\"},
    {NULL, "undefined tag handle", "yaml-tag",
     "a text that starts with ! must stand in quotes (YAML reads it as a tag)"},
    {"scanning a tag", NULL, "yaml-tag",
     "a text that starts with ! must stand in quotes (YAML reads it as a tag)"},
    {"scanning an alias", NULL, "yaml-alias",
     "a text that starts with * must stand in quotes (YAML reads it as an alias)"},
    {"scanning an anchor", NULL, "yaml-anchor",
     "a text that starts with & must stand in quotes (YAML reads it as an anchor)"},
    {"directive", NULL, "yaml-quote", "a text that starts with % must stand in quotes"},
    {NULL, "found unexpected document indicator", "yaml-document",
     "'---' or '...' cannot stand here; one file holds one document"},
    {NULL, "did not find expected <document start>", "yaml-document",
     "the document ended above; nothing may follow it"},
};

static bool has(const char *text, const char *part)
{
    return !part || (text && strstr(text, part));
}

static const struct saying *saying_find(const yaml_parser_t *parser)
{
    for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
        if (has(parser->context, sayings[i].context) && has(parser->problem, sayings[i].problem))
            return &sayings[i];
    }
    return NULL;
}

/* Encoding trouble has an offset in bytes, but no mark. */
static struct source_place place_of_offset(const struct yaml_bytes *file, size_t offset)
{
    struct source_place place = {file->path, 1, 1};
    for (size_t i = 0; i < offset && i < file->length; i++) {
        if (file->bytes[i] == '\n') {
            place.line++;
            place.col = 1;
        } else if (((unsigned char)file->bytes[i] & 0xC0) != 0x80) {
            place.col++;
        }
    }
    return place;
}

static void add_reader(const struct yaml_bytes *file, const yaml_parser_t *parser,
                       struct problems *problems)
{
    struct source_place place = place_of_offset(file, parser->problem_offset);
    if (has(parser->problem, "control characters"))
        problem_error(problems, place, "yaml-control",
                      "a control character (code %d) stands here; remove it",
                      parser->problem_value);
    else
        problem_error(problems, place, "yaml-encoding",
                      "this is not UTF-8 text; save the file with the encoding UTF-8");
}

static bool add_by_letter(const struct source_place *place, char letter, struct problems *problems)
{
    switch (letter) {
    case '\t':
        problem_error(problems, *place, "yaml-tab",
                      "a tab cannot stand here; indent with spaces, two for each level");
        return true;
    case '@':
    case '`':
        problem_error(problems, *place, "yaml-quote",
                      "a text that starts with %c must stand in quotes", letter);
        return true;
    case '%':
        problem_error(problems, *place, "yaml-quote",
                      "a text that starts with %c must stand in quotes", letter);
        return true;
    default:
        return false;
    }
}

void yaml_words_add(const struct yaml_bytes *file, const yaml_parser_t *parser,
                    struct problems *problems)
{
    if (parser->error == YAML_READER_ERROR) {
        add_reader(file, parser, problems);
        return;
    }
    const yaml_mark_t *mark = &parser->problem_mark;
    if (has(parser->context, "quoted scalar") && parser->context_mark.line <= mark->line)
        mark = &parser->context_mark; /* where the quote opens, not where the file ends */
    struct source_place place = {file->path, (int)mark->line + 1, (int)mark->column + 1};
    struct line line = line_find(file, place.line);
    struct line rest = line_from(line, place.col);
    struct line above = line_find(file, (int)parser->context_mark.line + 1);
    if (line_is_indented_by_tab(line)) {
        (void)add_by_letter(&place, '\t', problems); /* always knows the tab */
        return;
    }
    if (has(parser->problem, "cannot start any token") && rest.length &&
        add_by_letter(&place, rest.text[0], problems))
        return;
    if (line_has_bare_braces(line) || (parser->context && line_has_bare_braces(above))) {
        problem_error(problems, place, "yaml-braces",
                      "a text with {{names}} must stand in quotes: \"{{deal.name}}: ...\"");
        return;
    }
    const struct saying *saying = saying_find(parser);
    if (saying)
        problem_error(problems, place, saying->code, "%s", saying->text);
    else
        problem_error(problems, place, "yaml-syntax", "this is not YAML: %s%s%s",
                      parser->problem ? parser->problem : "no memory", parser->context ? " " : "",
                      parser->context ? parser->context : "");
}
