/* Behaviours in people's own words. */
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/behaviours.h"

enum { PART_BYTES = 80, LEAST_LETTERS = 5 };

/* Small letters, words with single spaces between; hyphens are spaces. */
static char *plain(const char *text, size_t length, struct arena *arena)
{
    char *made = arena_alloc(arena, length + 1), *to = made;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool space = strchr(" \t\r\n-_.!?“”\"'()", c) != NULL;
        if (space && (to == made || to[-1] == ' '))
            continue;
        *to++ = space ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    while (to > made && to[-1] == ' ')
        to--;
    *to = '\0';
    return made;
}

/* One of its words stands in the part. */
static bool has_words(const char *part, const char *words, struct arena *arena)
{
    for (const char *at = words; at;) {
        size_t length = strcspn(at, "|");
        const char *word = plain(at, length, arena);
        size_t size = strlen(word);
        for (const char *found = part; (found = strstr(found, word)); found++) {
            bool whole =
                (found == part || found[-1] == ' ') && (!found[size] || found[size] == ' ');
            if (whole)
                return true;
        }
        at = at[length] ? at + length + 1 : NULL;
    }
    return false;
}

/* Its words next to those of the part, letter by letter; a small number is near. */
static int distance(const char *part, const struct behaviour *behaviour, int limit,
                    struct arena *arena)
{
    int best = nearest_distance(plain(behaviour->id, strlen(behaviour->id), arena), part, limit);
    for (const char *at = behaviour->words; at;) {
        size_t length = strcspn(at, "|");
        int one = nearest_distance(plain(at, length, arena), part, limit);
        best = one < best ? one : best;
        at = at[length] ? at + length + 1 : NULL;
    }
    return best;
}

static const struct behaviour *find(const char *part, bool *ret_sure, struct arena *arena)
{
    const struct behaviour *behaviour, *near = NULL;
    int slips = strlen(part) < LEAST_LETTERS ? 0 : 2, best = slips * 2 + 1;
    for (int i = BEHAVIOUR_NONE + 1; (behaviour = behaviour_at(i)); i++) {
        *ret_sure = true;
        if (has_words(part, behaviour->id, arena) || has_words(part, behaviour->words, arena))
            return behaviour;
        int one = distance(part, behaviour, slips * 2, arena);
        near = one < best ? behaviour : near;
        best = one < best ? one : best;
    }
    *ret_sure = near && best <= slips;
    return near;
}

/* Takes a number and the words around it out of the part; 0: there is none. */
static int take_number(char *part, bool *ret_alone)
{
    static const char *const fillers[] = {"times", "time",  "x",    "a",     "per",
                                          "each",  "every", "week", "weekly"};
    char *to = part, *next = part;
    int number = 0, kept = 0;
    while (next) { /* the words grow shorter, so they can be put back where they stood */
        char *word = next, *space = strchr(word, ' ');
        next = space ? space + 1 : NULL;
        if (space)
            *space = '\0';
        int64_t value;
        bool filler = false;
        size_t length = strlen(word);
        if (length > 1 && word[length - 1] == 'x' && strspn(word, "0123456789") == length - 1)
            word[--length] = '\0'; /* 3x */
        for (size_t i = 0; i < ARRAY_LEN(fillers); i++)
            filler |= str_eq(word, fillers[i]);
        if (!str_to_i64(word, &value) && value > 0) {
            number = value > BEHAVIOUR_MOST ? BEHAVIOUR_MOST : (int)value;
            continue;
        }
        if (filler)
            continue;
        if (kept++)
            *to++ = ' ';
        memmove(to, word, length);
        to += length;
    }
    *to = '\0';
    *ret_alone = number && !kept;
    return number;
}

static void add(struct choice *choice, const struct behaviour *behaviour, int a_week)
{
    for (int i = 0; i < choice->count; i++) {
        if (choice->list[i].behaviour != behaviour)
            continue;
        choice->list[i].a_week = a_week ? a_week : choice->list[i].a_week;
        choice->list[i].said |= a_week != 0;
        return;
    }
    if (choice->count < BEHAVIOURS_MAX)
        choice->list[choice->count++] =
            (struct chosen){behaviour, a_week ? a_week : BEHAVIOUR_A_WEEK, a_week != 0};
}

static void take_part(struct choice *choice, const char *text, size_t length, struct arena *arena)
{
    bool alone, sure = false;
    char *part = plain(text, length < PART_BYTES ? length : PART_BYTES, arena);
    if (!*part)
        return;
    const char *said = arena_strdup(arena, part);
    int number = take_number(part, &alone);
    const struct behaviour *found = alone ? behaviour_at(number) : find(part, &sure, arena);
    if (found && (alone || sure)) {
        add(choice, found, alone ? 0 : number);
    } else if (!choice->unknown) {
        choice->unknown = said;
        choice->near = found;
    }
}

/* Where the next part begins; *ret_length of this one. "and" belongs to "ask and listen" too. */
static const char *next_part(const char *text, size_t *ret_length)
{
    static const char *const links[] = {",", ";", "\n", "+", "&", " and ", " plus "};
    static const char *const inside[] = {"ask and listen", "asking and listening"};
    size_t first = strlen(text), behind = 0;
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        for (size_t at = 0; text[at] && at < first; at++) {
            bool spared = false;
            for (size_t k = 0; k < ARRAY_LEN(inside); k++) {
                const char *gap = strchr(inside[k], ' ');
                size_t before = (size_t)(gap - inside[k]);
                spared |=
                    at >= before && str_istarts(text + at - before, inside[k], strlen(inside[k]));
            }
            if (spared || !str_istarts(text + at, links[i], strlen(links[i])))
                continue;
            first = at;
            behind = strlen(links[i]);
        }
    }
    *ret_length = first;
    return text[first] ? text + first + behind : NULL;
}

struct choice behaviours_read(const char *words, struct arena *arena)
{
    struct choice choice = {0};
    size_t length;
    int parts = 0;
    for (const char *at = words; at && parts < BEHAVIOUR_PARTS_MAX; parts++) {
        const char *next = next_part(at, &length);
        take_part(&choice, at, length, arena);
        at = next;
    }
    return choice;
}
