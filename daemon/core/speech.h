/* speech.h: the daemon's own sentences (phrases.h) as a team says them: rephrased, or in the
 * language of whoever reads. Layer: core (pure). Lifetime: process (part of the book). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct book;
struct core;
struct person;

struct phrase {
    const char *name;    /* "paused_open", as in a file of words */
    const char *english; /* a format of printf */
};

/* Every sentence there is, in the order of phrases.h. */
size_t phrase_count(void);
const struct phrase *phrase_at(size_t index);

/* What a team says in place of an English sentence. */
struct saying {
    const char *english, *words;
};

/* One file of words. */
struct speech {
    const char *language;   /* NULL: for everybody */
    struct saying *sayings; /* sorted by `english` (speech_index) */
    size_t count;
};

void speech_index(struct speech *speech);

/* The sentence for this reader, else as it stands in the file for everybody, else in English.
 * `to` NULL: nobody in particular; `core` NULL: the file for
 * everybody is not looked at. Borrowed. */
const char *say_to(const struct core *core, const struct person *to, const char *english)
    __attribute__((format_arg(3)));
/* The n-th word, from 0, of a sentence that is a list of words with one space between them. */
char *say_word(const struct person *to, const char *list, int n, struct arena *arena);
/* The same to everybody; `book` may be NULL. */
const char *book_say(const struct book *book, const char *english) __attribute__((format_arg(2)));
/* The same for other layers; `person` is an id, or NULL. */
const char *core_say(const struct core *core, const char *person, const char *english)
    __attribute__((format_arg(3)));

/* A sentence that is kept rather than said: it stays English, and retell() says it to its reader.
 */
const char *in_english(const char *english) __attribute__((format_arg(1)));

/* Whether `words` can stand for the English format: the same values, each once, in the same order
 * or with "%2$s". Errors: -EINVAL with the reason. */
int speech_check(const char *english, const char *words, struct err *err);

/* One conversion of a format: "%-5lld" without its position. */
struct conversion {
    const char *text;
    size_t length;
    int position; /* "%2$s": 2; else 0 */
};

enum { VALUES_MAX = 16 /* of a sentence; those after the ninth cannot be moved */ };

/* The next conversion from *at on, which moves behind it. False: there is none. */
bool next_conversion(const char **at, struct conversion *ret);

/* "de", "pt-BR": a language with what belongs to it. Source: BCP 47, the form of its subtags. */
bool language_ok(const char *tag);
/* How well `tag` serves a reader of `wanted`: 2 the same, 1 the same language elsewhere, 0 not. */
int language_match(const char *tag, const char *wanted);
