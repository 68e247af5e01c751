#include "load/read.h"

#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"

enum { KNOWN_LISTED = 40, FOUND_CHARS = 40, NEAR_SHORT = 5 };

struct source_place read_place(const struct reading *r, const struct node *node)
{
    return (struct source_place){r->file, node->line, node->col};
}

struct source_place read_key_place(const struct reading *r, const struct node *node)
{
    if (!node->key)
        return read_place(r, node);
    return (struct source_place){r->file, node->key_line, node->key_col};
}

void read_error(struct reading *r, const struct node *node, const char *code, const char *format,
                ...)
{
    va_list args;
    r->errors++;
    if (node->told)
        return;
    va_start(args, format);
    problem_add(r->problems, read_place(r, node), false, code, format, args);
    va_end(args);
}

void read_error_at(struct reading *r, struct source_place place, const char *code,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    problem_add(r->problems, place, false, code, format, args);
    va_end(args);
    r->errors++;
}

void read_warning(struct reading *r, const struct node *node, const char *code, const char *format,
                  ...)
{
    va_list args;
    va_start(args, format);
    problem_add(r->problems, read_place(r, node), true, code, format, args);
    va_end(args);
}

const char *read_found(struct reading *r, const struct node *node)
{
    if (node->kind == NODE_LIST)
        return "a list";
    if (node->kind == NODE_MAP)
        return "a mapping (key: value)";
    if (node_is_null(node))
        return "nothing";
    size_t shown = utf8_prefix(node->text, FOUND_CHARS);
    return arena_printf(r->arena, "'%.*s%s'", (int)shown, node->text,
                        node->text[shown] ? "..." : "");
}

void read_wrong(struct reading *r, const struct node *node, const char *expected,
                const char *example)
{
    read_error(r, node, "wrong-value", "%s%s%s must be %s%s%s; found %s", node->key ? "'" : "",
               node->key ? node->key : "this", node->key ? "'" : "", expected,
               example ? ", such as " : "", example ? example : "", read_found(r, node));
}

static const char *join_known(struct reading *r, const char *const *known, size_t count)
{
    struct strbuf out = {0};
    for (size_t i = 0; i < count && i < KNOWN_LISTED; i++)
        strbuf_printf(&out, "%s%s", i ? ", " : "", known[i]);
    if (count > KNOWN_LISTED)
        strbuf_puts(&out, ", ...");
    const char *joined = arena_strdup(r->arena, strbuf_text(&out));
    strbuf_done(&out);
    return joined;
}

/* Also where only the case of letters differs. */
static const char *nearest(const char *word, const char *const *known, size_t count)
{
    const char *near = nearest_word(word, known, count);
    if (near && strlen(word) <= NEAR_SHORT && nearest_distance(word, near, 1) > 1)
        near = NULL; /* half of a short word is another word: "close" is not "lost" */
    for (size_t i = 0; !near && i < count; i++) {
        if (str_ieq(word, known[i]))
            near = known[i];
    }
    return near;
}

void read_unknown(struct reading *r, struct source_place place, const char *code, const char *what,
                  const char *word, const char *const *known, size_t count)
{
    const char *near = nearest(word, known, count);
    if (near)
        read_error_at(r, place, code, "unknown %s '%s'; did you mean '%s'?", what, word, near);
    else if (count)
        read_error_at(r, place, code, "unknown %s '%s'; known are: %s", what, word,
                      join_known(r, known, count));
    else
        read_error_at(r, place, code, "unknown %s '%s'; there is none", what, word);
}

void read_unknown_key(struct reading *r, const struct node *node, const char *block,
                      const char *const *known, size_t count)
{
    const char *near = nearest(node->key, known, count);
    for (size_t i = 0; i < count && !near && strcmp(node->key, "on") == 0; i++)
        near = strcmp(known[i], "when") == 0 ? known[i] : NULL; /* as other tools call it */
    if (near)
        read_error_at(r, read_key_place(r, node), "unknown-key",
                      "unknown key '%s'; did you mean '%s'?", node->key, near);
    else
        read_error_at(r, read_key_place(r, node), "unknown-key",
                      "unknown key '%s'; the keys of %s are: %s", node->key, block,
                      count ? join_known(r, known, count) : "none");
}

static const struct key *key_find(const struct block *block, const char *name)
{
    for (size_t i = 0; i < block->count; i++) {
        if (strcmp(block->keys[i].name, name) == 0)
            return &block->keys[i];
    }
    return NULL;
}

static void unknown_key(struct reading *r, const struct node *node, const struct block *block)
{
    const char **names = arena_alloc(r->arena, (block->count + 1) * sizeof(*names));
    for (size_t i = 0; i < block->count; i++)
        names[i] = block->keys[i].name;
    read_unknown_key(r, node, block->name, names, block->count);
}

static void read_into_text(struct reading *r, const struct node *value, const struct key *key,
                           char *at)
{
    const char *text;
    bool ok = key->type == KEY_TEXT   ? read_text(r, value, &text)
              : key->type == KEY_NAME ? read_name(r, value, &text)
                                      : read_date(r, value, &text);
    if (ok)
        memcpy(at, &text, sizeof(text));
}

static void read_into_length(struct reading *r, const struct node *value, const struct key *key,
                             char *at)
{
    msec_t length;
    bool ok = key->type == KEY_WORKING ? read_working_length(r, value, &length)
                                       : read_calendar_length(r, value, &length);
    if (ok)
        memcpy(at, &length, sizeof(length));
}

static void read_into_int(struct reading *r, const struct node *value, const struct key *key,
                          char *at)
{
    int number;
    bool ok = key->type == KEY_INT ? read_int(r, value, key->min, key->max, &number)
                                   : read_word(r, value, key->words, &number);
    if (ok)
        memcpy(at, &number, sizeof(number));
}

static void read_into_list(struct reading *r, const struct node *value, const struct key *key,
                           char *into)
{
    const char **texts;
    int count;
    if (!read_texts(r, value, &texts, &count))
        return;
    memcpy(into + key->at, &texts, sizeof(texts));
    memcpy(into + key->count_at, &count, sizeof(count));
}

static void read_value(struct reading *r, const struct node *value, const struct key *key,
                       void *into)
{
    char *at = into ? (char *)into + key->at : NULL; /* NULL: blocks only, which have their own */
    switch (key->type) {
    case KEY_TEXT:
    case KEY_NAME:
    case KEY_DATE:
        read_into_text(r, value, key, at);
        break;
    case KEY_BOOL:
        (void)read_bool(r, value, (bool *)at); /* the problem is told */
        break;
    case KEY_INT:
    case KEY_WORD:
        read_into_int(r, value, key, at);
        break;
    case KEY_LENGTH:
    case KEY_WORKING:
        read_into_length(r, value, key, at);
        break;
    case KEY_TEXTS:
        read_into_list(r, value, key, into);
        break;
    case KEY_EVENTS: {
        uint64_t bits;
        if (read_events(r, value, &bits))
            memcpy(at, &bits, sizeof(bits));
        break;
    }
    case KEY_MAP:
        read_map(r, value, key->block, into);
        break;
    case KEY_OTHER:
        key->read(r, value, into);
        break;
    }
}

static void check_required(struct reading *r, const struct node *node, const struct block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct key *key = &block->keys[i];
        if (key->required && !str_empty(key->missing ? key->missing : "missing-key") &&
            !node_get(node, key->name))
            read_error(r, node, key->missing ? key->missing : "missing-key",
                       "%s needs '%s': %s%s%s", block->name, key->name, key->help,
                       key->example ? ", such as " : "", key->example ? key->example : "");
    }
}

void read_map(struct reading *r, const struct node *node, const struct block *block, void *into)
{
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, arena_printf(r->arena, "a mapping (%s)", block->help), NULL);
        return;
    }
    for (const struct node *value = node->first; value; value = value->next) {
        const struct key *key = key_find(block, value->key);
        if (key)
            read_value(r, value, key, into);
        else
            unknown_key(r, value, block);
    }
    check_required(r, node, block);
}

void read_each(struct reading *r, const struct node *node, key_read read, void *into)
{
    if (node->kind != NODE_LIST) {
        read(r, node, into);
        return;
    }
    for (const struct node *item = node->first; item; item = item->next)
        read(r, item, into);
}
