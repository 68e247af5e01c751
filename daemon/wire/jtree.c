#include "wire/jtree.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

enum { COPY_SLACK = 16 }; /* plain_end() reads on */

/* The text is a copy that strings are unescaped in: they only ever get shorter. It ends with NULs,
 * which are no JSON, so that nobody has to ask for the end. */
struct parser {
    const char *bytes; /* as given, for the place of an error */
    char *text, *at, *end;
    struct arena *arena;
    struct err *err;
    int depth;
    uint32_t nodes;
    const char *passed; /* members that are looked over; NULL: none */
};

__attribute__((format(printf, 4, 5))) static int fail(struct parser *p, int code, const char *at,
                                                      const char *format, ...)
{
    char words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args); /* cut at the end is fine */
    va_end(args);
    size_t line = 1, column = 1;
    const char *stop = p->bytes + ((at < p->end ? at : p->end) - p->text);
    for (const char *c = p->bytes; c < stop; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    return err_set(p->err, code, "not valid JSON at line %zu, column %zu: %s", line, column, words);
}

static inline void skip_blanks(struct parser *p)
{
    if ((unsigned char)*p->at > ' ') /* nearly always */
        return;
    while (*p->at == ' ' || *p->at == '\t' || *p->at == '\n' || *p->at == '\r')
        p->at++;
}

static int hex4(const char *text, unsigned *ret)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = text[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return -EINVAL;
        value = value * 16 + digit;
    }
    *ret = value;
    return 0;
}

static char *put_utf8(char *out, unsigned point)
{
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    }
    return out;
}

/* The four digits after "\u", and the second half of a pair. */
static int unescape_point(struct parser *p, unsigned *ret)
{
    unsigned high, low;
    /* the copy is terminated, so that hex4 stops at its end */
    if (hex4(p->at, &high))
        return fail(p, EINVAL, p->at, "\\u needs four hexadecimal digits");
    p->at += 4;
    *ret = high;
    if (high == 0)
        return fail(p, EINVAL, p->at - 6, "text with a NUL character");
    if (high < 0xD800 || high > 0xDFFF)
        return 0;
    if (high > 0xDBFF || p->at[0] != '\\' || p->at[1] != 'u' || hex4(p->at + 2, &low) ||
        low < 0xDC00 || low > 0xDFFF)
        return fail(p, EINVAL, p->at - 6, "half of a surrogate pair");
    p->at += 6;
    *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 0;
}

/* One escape; p->at stands behind the backslash. */
static int unescape(struct parser *p, char **out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *found = *p->at ? strchr(letters, *p->at) : NULL;
    unsigned point = 0;
    if (found) {
        p->at++;
        *(*out)++ = meant[found - letters];
        return 0;
    }
    if (*p->at != 'u')
        return fail(p, EINVAL, p->at - 1, "unknown escape in a text");
    p->at++;
    int result = unescape_point(p, &point);
    if (!result)
        *out = put_utf8(*out, point);
    return result;
}

/* The first character that is a quote, a backslash or anything but printable ASCII; behind the end
 * stands one. Few texts hold such a one before their closing quote, so sixteen are looked at at
 * once: of printable ASCII only, neither c - 0x20 nor c + 1 has the upper bit. */
__attribute__((always_inline)) static inline char *plain_end(char *text)
{
    typedef uint8_t letters __attribute__((vector_size(16)));
    typedef uint64_t halves __attribute__((vector_size(16)));
    for (;; text += sizeof(letters)) {
        letters part;
        memcpy(&part, text, sizeof(part));
        letters odd = ((part - 0x20) | (part + 1)) & 0x80;
        halves stops = (halves)odd | (halves)(part == '"') | (halves)(part == '\\');
        if (stops[0])
            return text + (size_t)__builtin_ctzll(le64toh(stops[0])) / 8;
        if (stops[1])
            return text + 8 + (size_t)__builtin_ctzll(le64toh(stops[1])) / 8;
    }
}

/* A string from its opening quote on, if there is nothing but printable ASCII in it; it ends up
 * terminated inside the copy. Else nothing is taken. */
__attribute__((always_inline)) static inline bool take_plain(struct parser *p, const char **ret,
                                                             size_t *ret_length)
{
    char *start = p->at + 1, *end = plain_end(start);
    if (*end != '"')
        return false;
    *end = '\0';
    p->at = end + 1;
    *ret = start;
    *ret_length = (size_t)(end - start);
    return true;
}

/* One with escapes, other characters, or an error. */
static int parse_any_string(struct parser *p, const char **ret, size_t *ret_length)
{
    char *opened = p->at++, *start = p->at, *out = start;
    bool beyond = false;
    for (;;) {
        size_t run = (size_t)(plain_end(p->at) - p->at);
        if (out != p->at)
            memmove(out, p->at, run);
        out += run;
        p->at += run;
        for (; (unsigned char)*p->at >= 0x7F; p->at++) {
            *out++ = *p->at;
            beyond = true;
        }
        if (*p->at == '"')
            break;
        if ((unsigned char)*p->at < ' ')
            return p->at < p->end ? fail(p, EINVAL, p->at, "control character in a text")
                                  : fail(p, EINVAL, opened, "a text that is never closed");
        if (*p->at != '\\')
            continue;
        p->at++;
        int result = unescape(p, &out);
        if (result)
            return result;
    }
    p->at++;
    *out = '\0';
    *ret = start;
    *ret_length = (size_t)(out - start);
    if (beyond && utf8_length(start, *ret_length) < 0)
        return fail(p, EINVAL, opened, "text that is not valid UTF-8");
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t take_digits(struct parser *p)
{
    char *start = p->at;
    while (is_digit(*p->at))
        p->at++;
    return (size_t)(p->at - start);
}

static int parse_number(struct parser *p, struct jtree *node)
{
    char *start = p->at;
    p->at += *p->at == '-';
    bool zero = *p->at == '0';
    size_t whole = take_digits(p);
    bool ok = whole && !(zero && whole > 1);
    if (ok && *p->at == '.') {
        p->at++;
        ok = take_digits(p) > 0;
    }
    if (ok && (*p->at == 'e' || *p->at == 'E')) {
        p->at++;
        p->at += *p->at == '+' || *p->at == '-';
        ok = take_digits(p) > 0;
    }
    if (!ok)
        return fail(p, EINVAL, start, "no value");
    node->type = JTREE_NUMBER;
    node->text = start;
    node->length = (size_t)(p->at - start);
    if (node->length > JTREE_DIGITS_MAX)
        return fail(p, E2BIG, start, "a number of more than %d characters", JTREE_DIGITS_MAX);
    return 0;
}

/* As JTREE_KEY_HASH(). */
static uint32_t key_hash(const char *key, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)key;
    return length ? (uint32_t)length << 16 | (uint32_t)bytes[0] << 8 | bytes[length - 1] : 0;
}

static bool has_key(const struct jtree *object, uint32_t hash, const char *key)
{
    for (const struct jtree *m = object->first; m; m = m->next) {
        if (m->key_hash == hash && m->key && strcmp(m->key, key) == 0)
            return true;
    }
    return false;
}

static void append(struct jtree *parent, struct jtree *child)
{
    *(parent->last ? &parent->last->next : &parent->first) = child;
    parent->last = child;
    parent->count++;
}

__attribute__((always_inline)) static inline int parse_name(struct parser *p, const char **ret,
                                                            size_t *ret_length)
{
    if (*p->at != '"')
        return fail(p, EINVAL, p->at, "a member's name in double quotes must stand here");
    return take_plain(p, ret, ret_length) ? 0 : parse_any_string(p, ret, ret_length);
}

static inline int parse_colon(struct parser *p)
{
    skip_blanks(p);
    if (*p->at != ':')
        return fail(p, EINVAL, p->at, "':' must stand here");
    p->at++;
    skip_blanks(p);
    return 0;
}

/* seen: a bit for each hash so far; a new one is of a new name. */
static int parse_key(struct parser *p, struct jtree *object, struct jtree *member, uint64_t *seen)
{
    char *at = p->at;
    size_t length;
    int result = parse_name(p, &member->key, &length);
    if (result)
        return result;
    member->key_hash = key_hash(member->key, length);
    uint64_t bit = UINT64_C(1) << (member->key_hash * 2654435761u >> 26);
    if (*seen & bit && has_key(object, member->key_hash, member->key))
        return fail(p, EINVAL, at, "'%.80s' is given twice", member->key);
    *seen |= bit;
    if (object->count >= JTREE_MEMBERS_MAX)
        return fail(p, E2BIG, at, "an object of more than %d members", JTREE_MEMBERS_MAX);
    return parse_colon(p);
}

static int parse_word(struct parser *p, struct jtree *node)
{
    static const struct {
        const char *word;
        enum jtree_type type;
    } words[] = {{"null", JTREE_NULL}, {"true", JTREE_TRUE}, {"false", JTREE_FALSE}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t size = strlen(words[i].word);
        if (strncmp(p->at, words[i].word, size) == 0) {
            p->at += size;
            node->type = words[i].type;
            return 0;
        }
    }
    return fail(p, EINVAL, p->at, p->at < p->end ? "no value" : "the end came too early");
}

static inline int parse_text(struct parser *p, struct jtree *node)
{
    node->type = JTREE_TEXT;
    node->plain = take_plain(p, &node->text, &node->length);
    return node->plain ? 0 : parse_any_string(p, &node->text, &node->length);
}

/* Anything but an object or a list. */
static int parse_single(struct parser *p, struct jtree *node)
{
    if (*p->at == '"')
        return parse_text(p, node);
    return *p->at == '-' || is_digit(*p->at) ? parse_number(p, node) : parse_word(p, node);
}

static int enter(struct parser *p)
{
    if (++p->depth > JTREE_DEPTH_MAX)
        return fail(p, E2BIG, p->at, "more than %d levels", JTREE_DEPTH_MAX);
    p->at++;
    skip_blanks(p);
    return 0;
}

static int leave(struct parser *p, char closing)
{
    if (*p->at != closing)
        return fail(p, EINVAL, p->at, "%s'%c' must stand here", p->at < p->end ? "',' or " : "",
                    closing);
    p->at++;
    p->depth--;
    return 0;
}

/* Whether another child stands behind a comma. */
static inline bool take_comma(struct parser *p)
{
    skip_blanks(p);
    if (*p->at != ',')
        return false;
    p->at++;
    skip_blanks(p);
    return true;
}

/* Reads a value of which nothing is kept. */
static int pass_value(struct parser *p)
{
    struct jtree unkept;
    const char *name;
    size_t length;
    char closing = *p->at == '{' ? '}' : *p->at == '[' ? ']' : '\0';
    if (!closing)
        return parse_single(p, &unkept);
    int result = enter(p);
    for (bool more = *p->at != closing; !result && more; more = !result && take_comma(p)) {
        if (closing == '}')
            result = parse_name(p, &name, &length);
        if (!result && closing == '}')
            result = parse_colon(p);
        if (!result)
            result = pass_value(p);
    }
    return result ? result : leave(p, closing);
}

static int parse_children(struct parser *p, struct jtree *node, char closing);

/* Most are texts: parse_children() has this inside. */
static inline int parse_value(struct parser *p, struct jtree *node)
{
    if (++p->nodes > JTREE_NODES_MAX)
        return fail(p, E2BIG, p->at, "more than %d values", JTREE_NODES_MAX);
    if (*p->at == '"')
        return parse_text(p, node);
    if (*p->at == '{') {
        node->type = JTREE_OBJECT;
        return parse_children(p, node, '}');
    }
    if (*p->at == '[') {
        node->type = JTREE_ARRAY;
        return parse_children(p, node, ']');
    }
    return parse_single(p, node);
}

static int parse_children(struct parser *p, struct jtree *node, char closing)
{
    uint64_t seen = 0;
    int result = enter(p);
    if (result)
        return result;
    for (bool more = *p->at != closing; more; more = take_comma(p)) {
        struct jtree *child = arena_alloc(p->arena, sizeof(*child));
        if (closing == '}')
            result = parse_key(p, node, child, &seen);
        if (!result)
            result =
                p->passed && str_eq(child->key, p->passed) ? pass_value(p) : parse_value(p, child);
        if (result)
            return result;
        append(node, child);
    }
    return leave(p, closing);
}

int jtree_parse(const char *bytes, size_t length, struct arena *arena, struct err *err,
                struct jtree **ret)
{
    return jtree_parse_without(bytes, length, NULL, arena, err, ret);
}

int jtree_parse_without(const char *bytes, size_t length, const char *passed, struct arena *arena,
                        struct err *err, struct jtree **ret)
{
    if (length > JTREE_BYTES_MAX)
        return err_set(err, E2BIG, "more than %d bytes of JSON", JTREE_BYTES_MAX);
    struct jtree *root = arena_alloc(arena, sizeof(*root));
    char *text = arena_take_bytes(arena, length + COPY_SLACK);
    memcpy(text, bytes, length);
    memset(text + length, 0, COPY_SLACK);
    struct parser p = {.bytes = bytes,
                       .text = text,
                       .at = text,
                       .end = text + length,
                       .arena = arena,
                       .err = err,
                       .passed = passed};
    if (memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        p.at += 3;
    skip_blanks(&p);
    int result = parse_value(&p, root);
    if (result)
        return result;
    skip_blanks(&p);
    if (p.at < p.end)
        return fail(&p, EINVAL, p.at, "more text behind the value");
    *ret = root;
    return 0;
}

const struct jtree *jtree_find(const struct jtree *object, const char *key)
{
    for (const struct jtree *m = object->first; m; m = m->next) {
        if (m->key && m->key[0] == key[0] && strcmp(m->key, key) == 0)
            return m;
    }
    return NULL;
}

const char *jtree_type_name(const struct jtree *node)
{
    static const char *const names[] = {
        [JTREE_NULL] = "null",       [JTREE_FALSE] = "false", [JTREE_TRUE] = "true",
        [JTREE_NUMBER] = "a number", [JTREE_TEXT] = "text",   [JTREE_ARRAY] = "a list",
        [JTREE_OBJECT] = "an object"};
    return names[node->type];
}

struct jtree *jtree_object_new(struct arena *arena)
{
    struct jtree *node = arena_alloc(arena, sizeof(*node));
    node->type = JTREE_OBJECT;
    return node;
}

void jtree_add(struct jtree *object, const char *key, struct jtree *member)
{
    member->key = key;
    member->key_hash = key_hash(key, strlen(key));
    append(object, member);
}

struct jtree *jtree_text_new(struct arena *arena, const char *value)
{
    struct jtree *node = arena_alloc(arena, sizeof(*node));
    node->type = JTREE_TEXT;
    node->text = value;
    node->length = strlen(value);
    return node;
}
