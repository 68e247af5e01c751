#include <string.h>

#include "base/alloc.h"
#include "core/speech.h"
#include "load/blocks.h"
#include "load/lint.h"
#include "load/load_plugin.h"

enum { QUESTION_POINTS_MAX = 280, MESSAGE_POINTS_MAX = 1500, SECTION_DEPTH = 32 };

static const char *const filters[] = {"date", "time", "money", "ago", "first_name", NULL};

const char *load_text_filter_at(size_t index)
{
    return index < ARRAY_LEN(filters) ? filters[index] : NULL; /* the list ends in NULL */
}

/* --- the words without the tags --- */

/* One tag: its sigil and where it ends. */
static const char *tag_end(const char *tag, char *ret_sigil)
{
    *ret_sigil = tag[2] && strchr("#^/!&{", tag[2]) ? tag[2] : '\0';
    const char *end = strstr(tag + 2, *ret_sigil == '{' ? "}}}" : "}}");
    return end ? end + (*ret_sigil == '{' ? 3 : 2) : tag + strlen(tag);
}

char *text_plain_new(const char *template, bool inverted)
{
    struct strbuf out = {0};
    bool hidden[SECTION_DEPTH + 1] = {false};
    int depth = 0;
    for (const char *p = template; *p;) {
        if (p[0] != '{' || p[1] != '{') {
            if (!hidden[depth])
                strbuf_putc(&out, *p);
            p++;
            continue;
        }
        char sigil;
        const char *end = tag_end(p, &sigil);
        if (sigil == '#' || sigil == '^') {
            bool hide = hidden[depth] || (sigil == '^') != inverted;
            depth += depth < SECTION_DEPTH;
            hidden[depth] = hide;
        } else if (sigil == '/') {
            depth -= depth > 0;
        } else if (sigil != '!' && !hidden[depth]) {
            strbuf_putc(&out, 'X');
        }
        p = end;
    }
    return strbuf_take(&out);
}

/* --- compiling --- */

struct binding {
    struct plugin_reading *p;
    bool evidence;
    bool unknown; /* a name was refused */
};

static long bind(void *user, const char *name, struct err *err)
{
    struct binding *b = user;
    struct field_ref ref;
    if (field_resolve(b->p, name, err, &ref)) {
        b->unknown = true;
        return -1;
    }
    b->evidence |= ref.field == FIELD_SIGNAL || field_is_of_event(ref.field) ||
                   (ref.field >= FIELD_DEAL_ID && ref.field < FIELD_REP_ID) ||
                   (ref.field >= FIELD_COACHING_ACTS && ref.field < FIELD_GATE_SELLER);
    return field_bound(ref.field, ref.signal);
}

static void free_text(void *text)
{
    text_free(text);
}

static int count_marks(const char *text)
{
    int marks = 0;
    for (; *text; text++)
        marks += *text == '?';
    return marks;
}

struct measure {
    long points; /* characters; a name counts as one */
    int marks, least_marks;
};

/* The larger of both readings of the sections. */
static struct measure measure(const char *template)
{
    struct measure m = {0};
    for (int inverted = 0; inverted < 2; inverted++) {
        CLEANUP_FREE char *plain = text_plain_new(template, inverted);
        long points = utf8_length(plain, strlen(plain));
        int marks = count_marks(plain);
        m.points = points > m.points ? points : m.points;
        m.marks = marks > m.marks ? marks : m.marks;
        m.least_marks = !inverted || marks < m.least_marks ? marks : m.least_marks;
    }
    return m;
}

static void check_question(struct reading *r, const struct node *node, bool advice)
{
    struct measure m = measure(node->text);
    if (m.points > QUESTION_POINTS_MAX)
        read_error(r, node, "question-length",
                   "the question has %ld characters; at most %d are read on a phone", m.points,
                   QUESTION_POINTS_MAX);
    if (m.marks > 1)
        read_error(r, node, "double-question", "%d question marks; ask one thing at a time",
                   m.marks);
    if (!m.least_marks && !advice)
        read_error(r, node, "no-question",
                   "a question needs a question mark (or 'style: advise' for a hint)");
}

/* An offer is read like a question, but need not be one. */
static void check_offer(struct reading *r, const struct node *node)
{
    struct measure m = measure(node->text);
    if (m.points > QUESTION_POINTS_MAX)
        read_error(r, node, "text-length",
                   "the offer has %ld characters; at most %d are read on a "
                   "phone",
                   m.points, QUESTION_POINTS_MAX);
    if (m.marks > 1)
        read_error(r, node, "double-question", "%d question marks; offer one thing at a time",
                   m.marks);
}

static void no_evidence(struct reading *r, const struct node *node)
{
    read_error(r, node, "no-evidence",
               "praise needs evidence: use at least one {{signal.*}}, {{event.*}} or {{deal.*}}");
}

static void check_use(struct reading *r, const struct node *node, enum text_use use, bool evidence)
{
    long points;
    switch (use) {
    case TEXT_QUESTION:
    case TEXT_ADVICE:
        check_question(r, node, use == TEXT_ADVICE);
        return;
    case TEXT_OFFER:
        lint_text(r->problems, node->text, LINT_TELL, read_place(r, node));
        check_offer(r, node);
        return;
    case TEXT_PRAISE:
        if (!evidence)
            no_evidence(r, node);
        lint_text(r->problems, node->text, LINT_PRAISE, read_place(r, node));
        break;
    case TEXT_TELL:
        lint_text(r->problems, node->text, LINT_TELL, read_place(r, node));
        break;
    case TEXT_CARD:
        lint_text(r->problems, node->text, LINT_CARD, read_place(r, node));
        break;
    }
    points = measure(node->text).points;
    if (points > MESSAGE_POINTS_MAX)
        read_error(r, node, "text-length", "the text has %ld characters; at most %d", points,
                   MESSAGE_POINTS_MAX);
}

/* The limits hold in every language; our lint and the marks of a question are English. */
static void check_foreign(struct reading *r, const struct node *node, enum text_use use,
                          bool evidence)
{
    bool brief = use == TEXT_QUESTION || use == TEXT_ADVICE || use == TEXT_OFFER;
    long points = measure(node->text).points,
         most = brief ? QUESTION_POINTS_MAX : MESSAGE_POINTS_MAX;
    if (use == TEXT_PRAISE && !evidence)
        no_evidence(r, node);
    if (points > most)
        read_error(r, node, brief ? "question-length" : "text-length",
                   "the text has %ld characters; at most %ld", points, most);
}

/* Where a text stands among those of other languages; both NULL: alone. */
struct translation {
    const char *language;
    struct text *of; /* NULL: it is the first */
};

/* --- the organisation's purpose, which must not be a gap in a sentence --- */

/* Whether the tag that begins here names exactly that, without a fallback. */
static bool tag_names(const char *tag, const char *end, const char *name)
{
    tag += strspn(tag, "{#^/& ");
    size_t length = strlen(name);
    return strncmp(tag, name, length) == 0 &&
           strspn(tag + length, " }") >= (size_t)(end - tag) - length;
}

/* {{purpose.org}} without a fallback and outside of its own section. */
static bool wants_purpose(const char *template)
{
    const char *name = field_name(FIELD_PURPOSE_ORG);
    int inside = 0;
    for (const char *p = strstr(template, "{{"), *end; p; p = strstr(end, "{{")) {
        char sigil;
        end = tag_end(p, &sigil);
        if (sigil == '!' || !tag_names(p, end, name))
            continue;
        if (sigil == '#')
            inside++;
        else if (sigil == '/' && inside)
            inside--;
        else if ((!sigil || sigil == '&' || sigil == '{') && !inside)
            return true;
    }
    return false;
}

static void check_purpose(struct plugin_reading *p, const struct node *node)
{
    if (!p->f.load->book->organisation.purpose && wants_purpose(node->text))
        read_error(&p->f.r, node, "missing-purpose",
                   "{{purpose.org}} has no value: write 'organisation: {purpose: ...}' in "
                   "gritd.yaml, or give it a fallback ({{purpose.org|...}})");
}

static bool read_one(struct plugin_reading *p, const struct node *node, enum text_use use,
                     const struct translation *as, struct text **ret)
{
    struct reading *r = &p->f.r;
    struct binding b = {.p = p};
    struct err err = {0};
    const char *template;
    if (node->kind == NODE_MAP && node->first && str_starts(node->first->key, "{")) {
        read_error(r, node, "yaml-braces", "a text with {{names}} must stand in quotes");
        return false;
    }
    if (!read_text(r, node, &template))
        return false;
    if (text_compile(template, filters, bind, &b, &err, ret)) {
        read_error(r, node, b.unknown ? "unknown-field" : "bad-text", "%s", err.text);
        return false;
    }
    if (as->of)
        text_translate(as->of, as->language, *ret);
    else
        plugin_made(p, free_text, *ret);
    int errors = r->errors;
    if (!as->language || language_match("en", as->language))
        check_use(r, node, use, b.evidence);
    else
        check_foreign(r, node, use, b.evidence);
    check_purpose(p, node);
    return r->errors == errors;
}

/* One text or a list. `of`: those that they translate, or NULL. */
static bool read_list(struct plugin_reading *p, const struct node *node, enum text_use use,
                      const char *language, struct text **of, struct text ***ret, int *ret_count)
{
    int count = node->kind == NODE_LIST ? node->count : 1, good = 0;
    if (!count) {
        read_wrong(&p->f.r, node, "a text or a list of texts", NULL);
        return false;
    }
    struct text **texts = arena_alloc(p->f.r.arena, (size_t)count * sizeof(struct text *));
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    if (of && count != *ret_count) {
        read_error(&p->f.r, node, "translation-count",
                   "%d wording%s in '%s', %d in the first language; each needs its counterpart",
                   count, count == 1 ? "" : "s", language, *ret_count);
        return false;
    }
    for (int i = 0; i < count; i++, item = item->next) {
        struct translation as = {language, of ? of[i] : NULL};
        good += read_one(p, item, use, &as, &texts[i]);
        if (language && !of && texts[i])
            text_translate(texts[i], language, texts[i]);
    }
    *ret = texts;
    *ret_count = count;
    return good == count;
}

static bool is_by_language(const struct node *node)
{
    return node->kind == NODE_MAP && node->first && !str_starts(node->first->key, "{");
}

/* {en: TEXT, de: TEXT}: English first, where it is there. */
static void read_languages(struct plugin_reading *p, const struct node *node, enum text_use use,
                           struct text ***ret, int *ret_count)
{
    const struct node *first = node_get(node, "en");
    struct text **texts, **others;
    int count = 0;
    bool good = true;
    for (const struct node *n = node->first; n; n = n->next) {
        if (language_ok(n->key))
            continue;
        read_error_at(&p->f.r, read_key_place(&p->f.r, n), "unknown-language",
                      "'%s' is no language; texts by language look like {en: ..., de: ...}",
                      n->key);
        return;
    }
    if (!first)
        first = node->first;
    if (!read_list(p, first, use, arena_strdup(p->f.r.arena, first->key), NULL, &texts, &count))
        return;
    for (const struct node *n = node->first; n; n = n->next) {
        if (n != first)
            good &=
                read_list(p, n, use, arena_strdup(p->f.r.arena, n->key), texts, &others, &count);
    }
    if (!good)
        return;
    *ret = texts;
    *ret_count = count;
}

void plugin_read_texts(struct plugin_reading *p, const struct node *node, enum text_use use,
                       struct text ***ret, int *ret_count)
{
    struct text **texts;
    int count;
    if (is_by_language(node)) {
        read_languages(p, node, use, ret, ret_count);
    } else if (read_list(p, node, use, NULL, NULL, &texts, &count)) {
        *ret = texts;
        *ret_count = count;
    }
}
