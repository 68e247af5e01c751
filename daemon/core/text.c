#include "core/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/speech.h"
#include "core/text_op.h"

enum { NAME_BYTES = 120 };

struct compiler {
    struct text *text;
    const char *const *filters;
    text_bind bind;
    void *user;
    struct err *err;
    size_t literal;              /* where the literal in progress begins */
    size_t open[TEXT_DEPTH_MAX]; /* ops of the sections that are open */
    int depth;
    int iterators; /* how many of them give "." a meaning: the inverted ones do not */
    int tags;
};

/* One tag. Positions are byte offsets into the template, `end` exclusive. */
struct tag {
    size_t start, end;           /* with braces */
    size_t content, content_end; /* after the sigil, blanks trimmed */
    char sigil;                  /* one of "#^/!&>=<${" or 0 */
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

__attribute__((format(printf, 3, 4))) static int fail(struct compiler *c, size_t at,
                                                      const char *format, ...)
{
    char words[ERR_TEXT_BYTES / 2];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args); /* cut at the end is fine */
    va_end(args);
    return err_set(c->err, EINVAL, "at character %ld: %s", utf8_length(c->text->template, at) + 1,
                   words);
}

static struct text_op *add_op(struct text *text, enum text_op_kind kind)
{
    ARRAY_GROW(text->ops, text->count, text->cap);
    struct text_op *op = &text->ops[text->count++];
    *op = (struct text_op){.kind = kind};
    return op;
}

static void add_literal(struct compiler *c, size_t end)
{
    if (end <= c->literal)
        return;
    struct text_op *op = add_op(c->text, TEXT_OP_LITERAL);
    op->text = c->text->template + c->literal;
    op->length = end - c->literal;
}

/* What a sigil means that we do not do, in words for the author. */
static const char *refusal(char sigil)
{
    switch (sigil) {
    case '>':
        return "partials ({{> name}}) are not available; write the text out here";
    case '=':
        return "delimiters cannot be changed; names are always marked by {{ and }}";
    case '<':
    case '$':
        return "parents and blocks ({{< name}}, {{$ name}}) are not available";
    default:
        return NULL;
    }
}

static int find_tag(struct compiler *c, size_t from, struct tag *ret)
{
    const char *all = c->text->template;
    const char *open = strstr(all + from, "{{");
    *ret = (struct tag){.start = strlen(all)};
    if (!open)
        return -ENOENT;
    struct tag t = {.start = (size_t)(open - all)};
    const char *p = open + 2;
    if (*p && strchr("#^/!&>=<${", *p))
        t.sigil = *p++;
    const char *close = strstr(p, t.sigil == '{' ? "}}}" : "}}");
    if (!close)
        return fail(c, t.start, "'%s' is never closed by '%s'", t.sigil == '{' ? "{{{" : "{{",
                    t.sigil == '{' ? "}}}" : "}}");
    t.end = (size_t)(close - all) + (t.sigil == '{' ? 3 : 2);
    while (p < close && blank(*p))
        p++;
    const char *last = close;
    while (last > p && blank(last[-1]))
        last--;
    t.content = (size_t)(p - all);
    t.content_end = (size_t)(last - all);
    *ret = t;
    return refusal(t.sigil) ? fail(c, t.start, "%s", refusal(t.sigil)) : 0;
}

/* Sections and comments alone on a line take the whole line with them.
 * Source: Mustache specification, sections.yml and comments.yml, "Standalone Lines". */
static void widen_standalone(const char *all, const struct tag *tag, size_t *from, size_t *to)
{
    size_t start = tag->start, end = tag->end;
    if (!tag->sigil || !strchr("#^/!", tag->sigil))
        return;
    while (start > 0 && (all[start - 1] == ' ' || all[start - 1] == '\t'))
        start--;
    if (start > 0 && all[start - 1] != '\n')
        return;
    while (all[end] == ' ' || all[end] == '\t')
        end++;
    if (all[end] == '\r' && all[end + 1] == '\n')
        end++;
    if (all[end] && all[end] != '\n')
        return;
    *from = start;
    *to = all[end] ? end + 1 : end;
}

/* Cuts [start, end) out of the copy, blanks trimmed. The byte at `end` belongs to the tag itself.
 */
static char *cut(struct compiler *c, size_t start, size_t end)
{
    char *words = c->text->words;
    while (start < end && blank(words[start]))
        start++;
    while (end > start && blank(words[end - 1]))
        end--;
    words[end] = '\0';
    return words + start;
}

static int check_name(struct compiler *c, const struct tag *tag, const char *name)
{
    size_t length = strlen(name);
    if (!length)
        return fail(c, tag->start, "a tag without a name");
    if (length > NAME_BYTES)
        return fail(c, tag->start, "a name of more than %d characters", NAME_BYTES);
    if (str_eq(name, "."))
        return 0;
    for (const char *p = name; *p; p++) {
        if (blank(*p) || *p == '(')
            return fail(c, tag->start,
                        "'%s' is not a name; functions (lambdas) are not available, filters are "
                        "written {{name|filter}}",
                        name);
        if (strchr("{}<>\"'`,;:!?", *p))
            return fail(c, tag->start, "'%s' is not a name: '%c' cannot be part of one", name, *p);
    }
    if (name[0] == '.' || name[length - 1] == '.' || strstr(name, ".."))
        return fail(c, tag->start, "'%s' is not a name: a word is missing at a dot", name);
    return 0;
}

static int bind_name(struct compiler *c, const struct tag *tag, const char *name, long *ret)
{
    *ret = 0;
    if (!c->bind || (c->iterators > 0 && str_eq(name, ".")))
        return 0;
    long bound = c->bind(c->user, name, c->err);
    if (bound < 0)
        return err_prefix(c->err,
                          "at character %ld: ", utf8_length(c->text->template, tag->start) + 1);
    *ret = bound;
    return 0;
}

static size_t filter_count(const struct compiler *c)
{
    size_t count = 0;
    while (c->filters && c->filters[count])
        count++;
    return count;
}

static bool is_filter(const struct compiler *c, const char *word)
{
    for (size_t i = 0; c->filters && c->filters[i]; i++) {
        if (strcmp(c->filters[i], word) == 0)
            return true;
    }
    return false;
}

static int no_filter(struct compiler *c, const struct tag *tag, const char *word)
{
    const char *near = c->filters ? nearest_word(word, c->filters, filter_count(c)) : NULL;
    return fail(c, tag->start, "'%s' is not a filter%s%s%s", word, near ? "; did you mean '" : "",
                near ? near : "", near ? "'?" : "");
}

/* The part after the name: "filter", "fallback" or "filter|fallback". */
static int read_options(struct compiler *c, const struct tag *tag, size_t bar, struct text_op *op)
{
    char *words = c->text->words;
    const char *second = memchr(words + bar + 1, '|', tag->content_end - bar - 1);
    size_t end = second ? (size_t)(second - words) : tag->content_end;
    const char *word = cut(c, bar + 1, end);
    if (!second) {
        *(is_filter(c, word) ? &op->filter : &op->fallback) = word;
        return 0;
    }
    if (!is_filter(c, word))
        return no_filter(c, tag, word);
    op->filter = word;
    op->fallback = cut(c, end + 1, tag->content_end);
    if (is_filter(c, op->fallback))
        return fail(c, tag->start, "a name takes one filter, '%s' would be the second",
                    op->fallback);
    if (strchr(op->fallback, '|'))
        return fail(c, tag->start, "too many '|': {{name|filter|fallback}} is the longest form");
    return 0;
}

static int add_name(struct compiler *c, const struct tag *tag)
{
    struct text_op op = {.kind = TEXT_OP_NAME, .raw = tag->sigil == '{' || tag->sigil == '&'};
    const char *words = c->text->words + tag->content;
    const char *bar = memchr(words, '|', tag->content_end - tag->content);
    size_t end = bar ? tag->content + (size_t)(bar - words) : tag->content_end;
    op.text = cut(c, tag->content, end);
    int result = check_name(c, tag, op.text);
    if (!result && bar)
        result = read_options(c, tag, end, &op);
    if (!result)
        result = bind_name(c, tag, op.text, &op.bound);
    if (!result)
        *add_op(c->text, TEXT_OP_NAME) = op;
    return result;
}

static int open_section(struct compiler *c, const struct tag *tag)
{
    long bound;
    const char *name = cut(c, tag->content, tag->content_end);
    if (strchr(name, '|'))
        return fail(c, tag->start, "a section takes no filter and no fallback");
    if (c->depth == TEXT_DEPTH_MAX)
        return fail(c, tag->start, "more than %d sections inside each other", TEXT_DEPTH_MAX);
    int result = check_name(c, tag, name);
    if (!result)
        result = bind_name(c, tag, name, &bound);
    if (result)
        return result;
    c->open[c->depth++] = c->text->count;
    struct text_op *op = add_op(c->text, tag->sigil == '#' ? TEXT_OP_SECTION : TEXT_OP_INVERTED);
    op->text = name;
    op->bound = bound;
    op->open = tag->start;
    c->iterators += op->kind == TEXT_OP_SECTION;
    return 0;
}

static int close_section(struct compiler *c, const struct tag *tag)
{
    const char *name = cut(c, tag->content, tag->content_end);
    if (!c->depth)
        return fail(c, tag->start, "{{/%s}} closes nothing", name);
    struct text_op *op = &c->text->ops[c->open[c->depth - 1]];
    if (strcmp(op->text, name) != 0)
        return fail(c, tag->start, "{{/%s}} where {{/%s}} must come first", name, op->text);
    op->end = c->text->count;
    c->iterators -= op->kind == TEXT_OP_SECTION;
    c->depth--;
    return 0;
}

static int add_tag(struct compiler *c, const struct tag *tag)
{
    if (++c->tags > TEXT_TAGS_MAX)
        return err_set(c->err, E2BIG, "more than %d tags", TEXT_TAGS_MAX);
    switch (tag->sigil) {
    case '!':
        return 0;
    case '#':
    case '^':
        return open_section(c, tag);
    case '/':
        return close_section(c, tag);
    default:
        return add_name(c, tag);
    }
}

static int compile_all(struct compiler *c)
{
    size_t size = strlen(c->text->template);
    struct tag tag;
    int result = find_tag(c, 0, &tag);
    for (; !result; result = find_tag(c, c->literal, &tag)) {
        size_t from = tag.start, to = tag.end;
        widen_standalone(c->text->template, &tag, &from, &to);
        add_literal(c, from);
        c->literal = to;
        result = add_tag(c, &tag);
        if (result)
            return result;
    }
    if (result != -ENOENT)
        return result;
    add_literal(c, size);
    if (!c->depth)
        return 0;
    const struct text_op *op = &c->text->ops[c->open[c->depth - 1]];
    return fail(c, op->open, "{{%c%s}} is never closed by {{/%s}}",
                op->kind == TEXT_OP_SECTION ? '#' : '^', op->text, op->text);
}

int text_compile(const char *template, const char *const *filters, text_bind bind, void *user,
                 struct err *err, struct text **ret)
{
    size_t size = strnlen(template, TEXT_TEMPLATE_BYTES + 1);
    if (size > TEXT_TEMPLATE_BYTES)
        return err_set(err, E2BIG, "a text of more than %d bytes", TEXT_TEMPLATE_BYTES);
    if (utf8_length(template, size) < 0)
        return err_set(err, EINVAL, "at character 1: the text is not valid UTF-8");
    struct compiler c = {.filters = filters, .bind = bind, .user = user, .err = err};
    c.text = NEW(struct text);
    c.text->template = xstrndup(template, size);
    c.text->words = xstrndup(template, size);
    int result = compile_all(&c);
    if (result) {
        text_free(c.text);
        return result;
    }
    if (c.text->count) /* they stay as long as the process */
        c.text->ops = xrealloc(c.text->ops, c.text->count, sizeof(*c.text->ops));
    c.text->cap = c.text->count;
    *ret = c.text;
    return 0;
}

void text_free(struct text *text)
{
    if (!text)
        return;
    text_free(text->next);
    free(text->template);
    free(text->words);
    free(text->ops);
    free(text);
}

void text_translate(struct text *text, const char *language, struct text *other)
{
    if (text != other) {
        other->next = text->next;
        text->next = other;
    }
    other->language = language;
}

bool text_is_english(const struct text *text)
{
    return !text->language || language_match("en", text->language);
}

const char *text_language(const struct text *text)
{
    return text->language;
}

const struct text *text_next(const struct text *text)
{
    return text->next;
}

const struct text *text_in(const struct text *text, const char *language)
{
    const struct text *best = text;
    int match = 0;
    for (const struct text *t = text; t && language; t = t->next) {
        int m = language_match(t->language, language);
        if (m > match) {
            match = m;
            best = t;
        }
    }
    return best;
}

const char *text_template(const struct text *text)
{
    return text->template;
}
