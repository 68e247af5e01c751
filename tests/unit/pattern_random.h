/* pattern_random.h: random texts that fit a pattern, for the plain patterns of our schemas: groups,
 * alternatives, classes, and the quantifiers ? * + {m} {m,n}. Include after cmocka.h. */
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

struct chance {
    uint64_t state;
};

/* xorshift64*, after Vigna 2016. */
static inline uint32_t chance_below(struct chance *c, uint32_t limit)
{
    c->state ^= c->state >> 12;
    c->state ^= c->state << 25;
    c->state ^= c->state >> 27;
    return limit ? (uint32_t)((c->state * UINT64_C(2685821657736338717)) >> 33) % limit : 0;
}

static inline bool chance_of(struct chance *c, uint32_t percent)
{
    return chance_below(c, 100) < percent;
}

/* Behind the atom that begins here. */
static inline const char *pattern_atom_end(const char *p)
{
    int depth = 0;
    if (*p == '\\')
        return p + 2;
    if (*p == '[') {
        for (p += 1 + (p[1] == '^'); *p != ']'; p++)
            p += *p == '\\';
        return p + 1;
    }
    if (*p != '(')
        return p + 1;
    do {
        if (*p == '\\')
            p++;
        else if (*p == '[')
            p = pattern_atom_end(p) - 1;
        else
            depth += (*p == '(') - (*p == ')');
        p++;
    } while (depth);
    return p;
}

static inline bool pattern_class_has(const char *p, const char *end, char c)
{
    bool negated = *p == '^', found = false;
    for (p += negated; p < end; p++) {
        bool escaped = *p == '\\';
        p += escaped;
        if (escaped && *p == 's')
            found |= c == ' ' || c == '\t' || c == '\n';
        else if (p + 2 < end && p[1] == '-') {
            found |= c >= p[0] && c <= p[2 + (p[2] == '\\')];
            p += 2 + (p[2] == '\\');
        } else
            found |= *p == c;
    }
    return found != negated;
}

/* Of a negated class letters and digits are enough. */
static inline void pattern_class(struct chance *chance, const char *p, const char *end,
                                 struct strbuf *out)
{
    char fits[128];
    uint32_t count = 0;
    for (char c = ' '; c < 127; c++) {
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
        if ((*p != '^' || word) && pattern_class_has(p, end, c))
            fits[count++] = c;
    }
    assert_true(count > 0);
    strbuf_putc(out, fits[chance_below(chance, count)]);
}

static inline void pattern_options(struct chance *chance, const char *p, const char *end,
                                   struct strbuf *out);

static inline void pattern_atom(struct chance *chance, const char *p, const char *end,
                                struct strbuf *out)
{
    if (*p == '(')
        pattern_options(chance, p + 1, end - 1, out);
    else if (*p == '[')
        pattern_class(chance, p + 1, end - 1, out);
    else if (*p == '.')
        strbuf_putc(out, (char)('a' + (int)chance_below(chance, 26)));
    else if (*p != '^' && *p != '$')
        strbuf_putc(out, p[*p == '\\']);
}

/* How often: *ret_end is behind the quantifier. */
static inline uint32_t pattern_times(struct chance *chance, const char *p, const char **ret_end)
{
    enum { MANY = 3 };
    char *end = NULL;
    uint32_t least, most;
    *ret_end = p + (*p && strchr("?*+", *p) != NULL);
    if (*p == '?')
        return chance_below(chance, 2);
    if (*p == '*')
        return chance_below(chance, MANY);
    if (*p == '+')
        return 1 + chance_below(chance, MANY);
    if (*p != '{')
        return 1;
    least = most = (uint32_t)strtoul(p + 1, &end, 10);
    if (*end == ',')
        most = (uint32_t)strtoul(end + 1, &end, 10);
    *ret_end = end + 1;
    most = most > least + MANY && chance_of(chance, 95) ? least + MANY : most;
    return least + chance_below(chance, most - least + 1);
}

static inline void pattern_sequence(struct chance *chance, const char *p, const char *end,
                                    struct strbuf *out)
{
    while (p < end) {
        const char *atom_end = pattern_atom_end(p), *next;
        uint32_t times = pattern_times(chance, atom_end, &next);
        for (uint32_t i = 0; i < times; i++)
            pattern_atom(chance, p, atom_end, out);
        p = next;
    }
}

/* One of the alternatives; a "$name" only now and then, since most stand for nothing. */
static inline void pattern_options(struct chance *chance, const char *p, const char *end,
                                   struct strbuf *out)
{
    const char *starts[64], *ends[64];
    uint32_t count = 0;
    for (const char *start = p; p <= end && count < 64; p = p < end ? pattern_atom_end(p) : p + 1) {
        if (p < end && *p != '|')
            continue;
        starts[count] = start;
        ends[count++] = p;
        start = p + 1;
    }
    uint32_t pick = chance_below(chance, count);
    for (int i = 0; i < 20 && str_starts(starts[pick], "\\$[") && chance_below(chance, 200); i++)
        pick = chance_below(chance, count);
    pattern_sequence(chance, starts[pick], ends[pick], out);
}

static inline void pattern_random(struct chance *chance, const char *pattern, struct strbuf *out)
{
    pattern_options(chance, pattern, pattern + strlen(pattern), out);
}
