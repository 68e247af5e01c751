#include "core/speech.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "core/parts.h"
#include "core/phrases_all.h"

enum { TAG_PART_MAX = 8, TAG_MAX = 35 };

static const struct phrase phrases[] = {
#define PHRASE(name, english) {#name, english},
#include "core/phrase_list.h"
#undef PHRASE
};

size_t phrase_count(void)
{
    return ARRAY_LEN(phrases);
}

const struct phrase *phrase_at(size_t index)
{
    return &phrases[index];
}

/* --- what is said --- */

static int by_english(const void *a, const void *b)
{
    return strcmp(((const struct saying *)a)->english, ((const struct saying *)b)->english);
}

void speech_index(struct speech *speech)
{
    if (speech->count > 1)
        qsort(speech->sayings, speech->count, sizeof(*speech->sayings), by_english);
}

static const char *saying_of(const struct speech *speech, const char *english)
{
    const struct saying key = {english, NULL}, *found = NULL;
    if (speech && speech->count)
        found = bsearch(&key, speech->sayings, speech->count, sizeof(key), by_english);
    return found ? found->words : NULL;
}

const char *book_say(const struct book *book, const char *english)
{
    const char *words = book ? saying_of(book->speech, english) : NULL;
    return words ? words : english;
}

const char *say_to(const struct core *core, const struct person *to, const char *english)
{
    const char *words = to && to->def ? saying_of(to->def->speech, english) : NULL;
    return words ? words : book_say(core ? core->book : NULL, english);
}

char *say_word(const struct person *to, const char *list, int n, struct arena *arena)
{
    const char *word = say_to(NULL, to, list);
    for (; n > 0 && strchr(word, ' '); n--)
        word = strchr(word, ' ') + 1;
    return arena_strndup(arena, word, strcspn(word, " "));
}

const char *core_say(const struct core *core, const char *person, const char *english)
{
    return say_to(core, person ? person_find(core, person) : NULL, english);
}

const char *in_english(const char *english)
{
    return english;
}

/* --- formats --- */

bool next_conversion(const char **at, struct conversion *ret)
{
    const char *p = *at;
    while ((p = strchr(p, '%')) && p[1] == '%')
        p += 2;
    if (!p)
        return false;
    bool placed = p[1] >= '1' && p[1] <= '9' && p[2] == '$';
    ret->position = placed ? p[1] - '0' : 0;
    ret->text = p + (placed ? 3 : 1);
    ret->length = strspn(ret->text, "-+ #0123456789.hlzjt");
    ret->length += ret->text[ret->length] != '\0';
    *at = ret->text + ret->length;
    return true;
}

static bool same(const struct conversion *a, const struct conversion *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

int speech_check(const char *english, const char *words, struct err *err)
{
    struct conversion values[VALUES_MAX], one;
    bool used[VALUES_MAX] = {false};
    int count = 0, seen = 0, placed = 0;
    for (const char *at = english; count < VALUES_MAX && next_conversion(&at, &values[count]);)
        count++;
    for (const char *at = words; next_conversion(&at, &one); seen++) {
        int index = one.position ? one.position - 1 : seen;
        placed += one.position != 0;
        if (index >= count || !same(&one, &values[index]))
            return err_set(err, EINVAL, "'%%%.*s' stands where the English sentence has %s%.*s",
                           (int)one.length, one.text, index < count ? "%" : "no value",
                           index < count ? (int)values[index].length : 0,
                           index < count ? values[index].text : "");
        used[index] = true;
    }
    if (placed && placed != seen)
        return err_set(err, EINVAL, "either all values have a number as in %%1$s, or none has");
    for (int i = 0; i < count; i++) {
        if (!used[i])
            return err_set(err, EINVAL, "value %d of the English sentence, %%%.*s, is missing",
                           i + 1, (int)values[i].length, values[i].text);
    }
    return 0;
}

/* --- languages --- */

bool language_ok(const char *tag)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static const char letters_and_digits[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t length = strcspn(tag, "-");
    if (strlen(tag) > TAG_MAX || length < 2 || length > 3)
        return false;
    for (const char *part = tag;; part += length + 1, length = strcspn(part, "-")) {
        if (!length || length > TAG_PART_MAX)
            return false;
        for (size_t i = 0; i < length; i++) {
            if (!strchr(part == tag ? letters : letters_and_digits, part[i]))
                return false;
        }
        if (!part[length])
            return true;
    }
}

int language_match(const char *tag, const char *wanted)
{
    if (!tag || !wanted)
        return 0;
    if (!strcasecmp(tag, wanted))
        return 2;
    size_t length = strcspn(tag, "-");
    return length == strcspn(wanted, "-") && !memcmp(tag, wanted, length);
}
