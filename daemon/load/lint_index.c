#include "load/lint_index.h"

#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "load/lint.h"

/* The codes of a pattern: for each element that takes a word the number of its alternatives and
 * their codes, then a zero. Elements that may fit any word are left out. */

static uint16_t code_of(const char *alt, int length, uint32_t hash)
{
    if (alt[0] == '&') {
        uint64_t bit = lint_class_bit(alt + 1, length - 1);
        return bit ? (uint16_t)(LINT_CLASS | __builtin_ctzll(bit)) : LINT_ANY;
    }
    if (alt[0] == '#' || alt[0] == '_' || alt[0] == '*')
        return LINT_ANY;
    if (alt[length - 1] == '*')
        return (uint16_t)(LINT_SEEN | (alt[0] & 31) << 5 | ((length > 1 ? alt[1] : 0) & 31));
    return (uint16_t)(LINT_HASH | hash);
}

/* Returns where the next element's codes go. */
static uint16_t *put_element(uint16_t *place, const char *element, int length)
{
    uint16_t *first = place++;
    for (int at = 0, part; at < length; at += part + 1) {
        uint32_t hash = lint_hash(element + at, length - at, &part);
        uint16_t code = code_of(element + at, part, hash);
        if (code == LINT_ANY)
            return first;
        *place++ = code;
    }
    *first = (uint16_t)(place - first - 1);
    return place;
}

static bool takes_none(const char *element, int length)
{
    return strchr(length == 1 ? "^<$=~" : "!~^", element[0]) ||
           (length > 1 && element[length - 1] == '?');
}

static uint16_t *put_pattern(uint16_t *place, const char *pattern)
{
    while (*pattern) {
        int length = (int)strcspn(pattern, " ");
        if (length && !takes_none(pattern, length))
            place = put_element(place, pattern, length);
        pattern += length + (pattern[length] == ' ');
    }
    *place++ = 0;
    return place;
}

static void index_patterns(struct lint_index *index, struct arena *arena)
{
    size_t count = 0, most = 0;
    for (int i = 0; i < lint_rule_count; i++) {
        for (int k = 0; lint_rules[i].patterns[k]; k++, count++)
            most += strlen(lint_rules[i].patterns[k]) + 2;
    }
    uint16_t *codes = arena_take(arena, most * sizeof(*codes)), *place = codes;
    uint32_t *patterns = arena_take(arena, count * sizeof(*patterns));
    uint32_t *rules = arena_take(arena, (size_t)lint_rule_count * sizeof(*rules));
    count = 0;
    for (int i = 0; i < lint_rule_count; i++) {
        rules[i] = (uint32_t)count;
        for (int k = 0; lint_rules[i].patterns[k]; k++) {
            patterns[count++] = (uint32_t)(place - codes);
            place = put_pattern(place, lint_rules[i].patterns[k]);
        }
    }
    index->codes = codes;
    index->patterns = patterns;
    index->rules = rules;
}

static void index_classes(struct lint_index *index, struct arena *arena)
{
    size_t most = 0, count = 0;
    for (int i = 0; i < lint_class_count; i++)
        most += strlen(lint_classes[i].words) / 2 + 1;
    struct lint_class_word *words = arena_take(arena, most * sizeof(*words));
    uint32_t *classes = arena_take(arena, ((size_t)lint_class_count + 1) * sizeof(*classes));
    for (int i = 0; i < lint_class_count; i++) {
        classes[i] = (uint32_t)count;
        int length;
        for (const char *p = lint_classes[i].words; *p; p += length + (p[length] == '|')) {
            uint32_t hash = lint_hash(p, INT_MAX, &length);
            words[count++] = (struct lint_class_word){p, length, code_of(p, length, hash)};
        }
    }
    classes[lint_class_count] = (uint32_t)count;
    index->words = words;
    index->classes = classes;
}

const struct lint_index *lint_index_new(struct arena *arena)
{
    struct lint_index *index = arena_alloc(arena, sizeof(*index));
    index_patterns(index, arena);
    index_classes(index, arena);
    return index;
}

bool lint_index_may_match(const struct lint_index *index, const struct lint_words *words, int rule,
                          int pattern)
{
    const uint16_t *code = index->codes + index->patterns[index->rules[rule] + (uint32_t)pattern];
    while (*code) {
        const uint16_t *end = code + 1 + *code;
        bool holds = false;
        for (code++; code < end && !holds; code++)
            holds = lint_code_holds(words, *code);
        if (!holds)
            return false;
        code = end;
    }
    return true;
}
