#include "wire/jtree.h"

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

/* The text is a copy that strings are unescaped in: they only ever get shorter. */
struct parser {
    const char *bytes; /* as given, for the place of an error */
    char *text;
    size_t at, length;
    struct arena *arena;
    struct err *err;
    int depth;
    uint32_t nodes;
    const char *passed; /* members that are looked over; NULL: none */
    int passing;        /* inside of such a one: nothing is kept */
};

static int parse_value(struct parser *p, struct jtree *node);

__attribute__((format(printf, 4, 5))) static int fail(struct parser *p, int code, size_t at,
                                                      const char *format, ...)
{
    char words[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(words, sizeof(words), format, args); /* cut at the end is fine */
    va_end(args);
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < p->length; i++) {
        column = p->bytes[i] == '\n' ? 1 : column + 1;
        line += p->bytes[i] == '\n';
    }
    return err_set(p->err, code, "not valid JSON at line %zu, column %zu: %s", line, column, words);
}

static char peek(const struct parser *p)
{
    return p->at < p->length ? p->text[p->at] : '\0';
}

static void skip_blanks(struct parser *p)
{
    if ((unsigned char)p->text[p->at] > ' ') /* the end is a NUL */
        return;
    while (p->at < p->length && (p->text[p->at] == ' ' || p->text[p->at] == '\t' ||
                                 p->text[p->at] == '\n' || p->text[p->at] == '\r'))
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
    if (hex4(p->text + p->at, &high))
        return fail(p, EINVAL, p->at, "\\u needs four hexadecimal digits");
    p->at += 4;
    *ret = high;
    if (high == 0)
        return fail(p, EINVAL, p->at - 6, "text with a NUL character");
    if (high < 0xD800 || high > 0xDFFF)
        return 0;
    if (high > 0xDBFF || p->text[p->at] != '\\' || p->text[p->at + 1] != 'u' ||
        hex4(p->text + p->at + 2, &low) || low < 0xDC00 || low > 0xDFFF)
        return fail(p, EINVAL, p->at - 6, "half of a surrogate pair");
    p->at += 6;
    *ret = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 0;
}

/* One escape; p->at stands behind the backslash. */
static int unescape(struct parser *p, char **out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = peek(p);
    const char *found = c ? strchr(letters, c) : NULL;
    unsigned point = 0;
    if (found) {
        p->at++;
        *(*out)++ = meant[found - letters];
        return 0;
    }
    if (c != 'u')
        return fail(p, EINVAL, p->at - 1, "unknown escape in a text");
    p->at++;
    int result = unescape_point(p, &point);
    if (!result)
        *out = put_utf8(*out, point);
    return result;
}

/* How many bytes from here on a text simply holds: up to a quote, a backslash, a control character
 * or the end, which is a NUL. They are nearly all there is, so they are looked at eight at a time;
 * the copy has the room behind it. *high gathers the upper bits.
 * Source: Warren, Hacker's Delight, 6-1: of the marks the lowest is exact. */
__attribute__((always_inline)) static inline size_t plain_run(const char *text, uint64_t *high)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    for (size_t at = 0;; at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + at, sizeof(word));
        word = le64toh(word);
        uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        uint64_t stop = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
                         ((word - ones * 0x20) & ~word)) &
                        tops;
        if (stop) {
            *high |= word & ((stop & -stop) - 1) & tops;
            return at + (size_t)__builtin_ctzll(stop) / 8;
        }
        *high |= word & tops;
    }
}

/* One with escapes, characters beyond ASCII, or an error. */
static int parse_any_string(struct parser *p, const char **ret, size_t *ret_length)
{
    size_t opened = p->at++;
    char *start = p->text + p->at, *out = start;
    uint64_t high = 0;
    for (;;) {
        size_t run = plain_run(p->text + p->at, &high);
        if (out != p->text + p->at)
            memmove(out, p->text + p->at, run);
        out += run;
        p->at += run;
        if (peek(p) == '"')
            break;
        if (peek(p) != '\\')
            return p->at < p->length ? fail(p, EINVAL, p->at, "control character in a text")
                                     : fail(p, EINVAL, opened, "a text that is never closed");
        p->at++;
        int result = unescape(p, &out);
        if (result)
            return result;
    }
    p->at++;
    *out = '\0';
    *ret = start;
    *ret_length = (size_t)(out - start);
    if (high && utf8_length(start, *ret_length) < 0)
        return fail(p, EINVAL, opened, "text that is not valid UTF-8");
    return 0;
}

/* A string from its opening quote on; it ends up terminated inside the copy. */
static int parse_string(struct parser *p, const char **ret, size_t *ret_length)
{
    char *start = p->text + p->at + 1;
    uint64_t high = 0;
    size_t run = plain_run(start, &high);
    if (start[run] != '"' || high) /* behind the end there is none */
        return parse_any_string(p, ret, ret_length);
    start[run] = '\0';
    p->at += run + 2;
    *ret = start;
    *ret_length = run;
    return 0;
}

static size_t take_digits(struct parser *p)
{
    size_t start = p->at;
    while (peek(p) >= '0' && peek(p) <= '9')
        p->at++;
    return p->at - start;
}

static int parse_number(struct parser *p, struct jtree *node)
{
    size_t start = p->at;
    p->at += peek(p) == '-';
    bool zero = peek(p) == '0';
    size_t whole = take_digits(p);
    bool ok = whole && !(zero && whole > 1);
    if (ok && peek(p) == '.') {
        p->at++;
        ok = take_digits(p) > 0;
    }
    if (ok && (peek(p) == 'e' || peek(p) == 'E')) {
        p->at++;
        p->at += peek(p) == '+' || peek(p) == '-';
        ok = take_digits(p) > 0;
    }
    if (!ok)
        return fail(p, EINVAL, start, "no value");
    node->type = JTREE_NUMBER;
    node->text = p->text + start;
    node->length = p->at - start;
    if (node->length > JTREE_DIGITS_MAX)
        return fail(p, E2BIG, start, "a number of more than %d characters", JTREE_DIGITS_MAX);
    return 0;
}

/* Only spares comparisons. */
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

static int parse_colon(struct parser *p)
{
    skip_blanks(p);
    if (peek(p) != ':')
        return fail(p, EINVAL, p->at, "':' must stand here");
    p->at++;
    return 0;
}

/* seen: a bit for each hash so far; a new one is of a new name. */
static int parse_key(struct parser *p, struct jtree *object, struct jtree *member, uint64_t *seen)
{
    size_t at = p->at, length;
    if (peek(p) != '"')
        return fail(p, EINVAL, at, "a member's name in double quotes must stand here");
    int result = parse_string(p, &member->key, &length);
    if (result)
        return result;
    member->key_hash = key_hash(member->key, length);
    if (p->passing)
        return parse_colon(p);
    uint64_t bit = UINT64_C(1) << (member->key_hash * 2654435761u >> 26);
    if (*seen & bit && has_key(object, member->key_hash, member->key))
        return fail(p, EINVAL, at, "'%.80s' is given twice", member->key);
    *seen |= bit;
    if (object->count >= JTREE_MEMBERS_MAX)
        return fail(p, E2BIG, at, "an object of more than %d members", JTREE_MEMBERS_MAX);
    return parse_colon(p);
}

static int parse_children(struct parser *p, struct jtree *node, char closing)
{
    size_t opened = p->at++;
    uint64_t seen = 0;
    if (++p->depth > JTREE_DEPTH_MAX)
        return fail(p, E2BIG, opened, "more than %d levels", JTREE_DEPTH_MAX);
    skip_blanks(p);
    for (bool first = true; first ? peek(p) != closing : peek(p) == ','; first = false) {
        struct jtree unkept = {0};
        struct jtree *child = p->passing ? &unkept : arena_alloc(p->arena, sizeof(*child));
        if (!first)
            p->at++;
        skip_blanks(p);
        int result = closing == '}' ? parse_key(p, node, child, &seen) : 0;
        bool passed = !result && p->passed && child->key && str_eq(child->key, p->passed);
        p->passing += passed;
        if (!result)
            result = parse_value(p, child);
        if (result)
            return result;
        p->passing -= passed;
        if (passed)
            *child = (struct jtree){.key_hash = child->key_hash, .key = child->key};
        if (!p->passing)
            append(node, child);
        skip_blanks(p);
    }
    if (peek(p) != closing)
        return fail(p, EINVAL, p->at, "%s'%c' must stand here", p->at < p->length ? "',' or " : "",
                    closing);
    p->at++;
    p->depth--;
    return 0;
}

static int parse_word(struct parser *p, struct jtree *node)
{
    static const struct {
        const char *word;
        enum jtree_type type;
    } words[] = {{"null", JTREE_NULL}, {"true", JTREE_TRUE}, {"false", JTREE_FALSE}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        size_t size = strlen(words[i].word);
        if (p->length - p->at >= size && memcmp(p->text + p->at, words[i].word, size) == 0) {
            p->at += size;
            node->type = words[i].type;
            return 0;
        }
    }
    return fail(p, EINVAL, p->at, p->at < p->length ? "no value" : "the end came too early");
}

static int parse_value(struct parser *p, struct jtree *node)
{
    skip_blanks(p);
    if (!p->passing && ++p->nodes > JTREE_NODES_MAX)
        return fail(p, E2BIG, p->at, "more than %d values", JTREE_NODES_MAX);
    char c = peek(p);
    if (c == '"') {
        node->type = JTREE_TEXT;
        return parse_string(p, &node->text, &node->length);
    }
    if (c == '{') {
        node->type = JTREE_OBJECT;
        return parse_children(p, node, '}');
    }
    if (c == '[') {
        node->type = JTREE_ARRAY;
        return parse_children(p, node, ']');
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return parse_number(p, node);
    return parse_word(p, node);
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
    struct parser p = {
        .bytes = bytes, .length = length, .arena = arena, .err = err, .passed = passed};
    struct jtree *root = arena_alloc(arena, sizeof(*root));
    p.text = arena_alloc(arena, length + sizeof(uint64_t)); /* plain_run() reads past the end */
    memcpy(p.text, bytes, length);
    if (str_starts(p.text, "\xEF\xBB\xBF"))
        p.at = 3;
    int result = parse_value(&p, root);
    if (result)
        return result;
    skip_blanks(&p);
    if (p.at < length)
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
