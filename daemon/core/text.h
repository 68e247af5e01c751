/* text.h: message templates: the Mustache core plus `|fallback` and `|filter`.
 * Layer: core (pure). Lifetime: process (a compiled text is part of the book).
 * Source: the Mustache specification, revision 9cb20c3; partials, set delimiters and lambdas are
 * refused. Values are never HTML-escaped: escaping is the platform's. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

struct text;

enum text_kind { TEXT_MISSING, TEXT_FALSE, TEXT_VALUE, TEXT_LIST, TEXT_OBJECT };

/* One thing a name can stand for while rendering. */
struct text_node {
    enum text_kind kind;
    const char *value; /* TEXT_VALUE: what {{name}} writes ("" counts as missing for |fallback);
                        * stays as it is until text_render() is done: "." may need it again */
    const void *data;  /* the source's own */
};

/* Where values come from. `scope` is the data of an OBJECT whose section is open, NULL at the top;
 * the renderer asks the innermost first and goes outwards while the answer is MISSING. A scope that
 * knows the first word of a dotted path but not the rest answers FALSE, which ends the search. */
struct text_source {
    /* `name` is one dotted path as written ("deal.name"), bound is what bind() answered for it. */
    struct text_node (*lookup)(void *user, const void *scope, const char *name, long bound);
    struct text_node (*item)(void *user, const void *list, size_t index); /* MISSING past the end */
    /* Applies a filter to a found value; the text is borrowed until the next call, NULL when the
     * filter does not fit the value. */
    const char *(*filter)(void *user, const char *filter, struct text_node node);
    /* Appends a found value; raw for {{{name}}} and {{&name}}. NULL appends it as it is. */
    void (*write)(void *user, struct strbuf *out, const char *value, bool raw);
    void *user;
};

/* Compile-time: what a name means. -1 refuses the name (and err says why). */
typedef long (*text_bind)(void *user, const char *name, struct err *err);

enum {
    TEXT_TEMPLATE_BYTES = 16384,
    TEXT_TAGS_MAX = 512,
    TEXT_DEPTH_MAX = 12,
    TEXT_STEPS_MAX = 100000
};

/* Reads a template. bind NULL accepts every name with bound 0; "." inside a section is never bound.
 * filters: NULL-terminated names (NULL: none). In {{a|b}} the word b is a filter when it is one of
 * them, else the fallback text; in {{a|b|c}} b is the filter; "{{a|}}" falls back to nothing.
 *
 * Units:  positions are code points, the first is 1.
 * Owns:   the caller frees.
 * Errors: -EINVAL with "at character N: ..."; -E2BIG past the limits above. */
int text_compile(const char *template, const char *const *filters, text_bind bind, void *user,
                 struct err *err, struct text **ret);
void text_free(struct text *text);
const char *text_template(const struct text *text); /* as written */

/* Says that `other` is the text in this language (borrowed); text_free(text) frees it too. With the
 * text itself as `other`: the language of the text. */
void text_translate(struct text *text, const char *language, struct text *other);
bool text_is_english(const struct text *text); /* also when nothing is said of its language */
/* The text for a reader of this language (NULL: none is known); itself where there is none. */
const struct text *text_in(const struct text *text, const char *language);

/* Its language (NULL: nothing is said of it), and the same text in the next one, or NULL. */
const char *text_language(const struct text *text);
const struct text *text_next(const struct text *text);

/* Calls visit for every name in the text, in all its languages. */
void text_each_name(const struct text *text,
                    void (*visit)(void *user, const char *name, long bound), void *user);

/* Appends to out. *ret_missing (may be NULL) counts {{names}} outside of sections that were missing
 * and had no fallback. MISSING, FALSE, "" and a value that the filter does not fit are all missing;
 * a section over them is not shown. Past TEXT_STEPS_MAX tags (lists in lists) out->overflow is set.
 */
void text_render(const struct text *text, const struct text_source *source, struct strbuf *out,
                 int *ret_missing);
