/* A file of words: what a team says in place of the daemon's own sentences. */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/phrases_all.h"
#include "core/speech.h"
#include "load/blocks.h"
#include "load/load_book.h"

enum { SENTENCE_BYTES_MAX = 4000 };

/* One file; the sayings are in the order of the file. */
struct words_draft {
    const char *language;
    struct saying *sayings;
    size_t count;
};

static void read_language(struct reading *r, const struct node *node, void *into)
{
    (void)language_read(r, node, &((struct words_draft *)into)->language); /* told */
}

static void read_saying(struct reading *r, const struct node *node, void *into)
{
    struct words_draft *draft = into;
    const struct phrase *phrase = NULL;
    struct err err = {0};
    const char *words;
    for (size_t i = 0; i < phrase_count() && !phrase; i++)
        phrase = str_eq(phrase_at(i)->name, node->key) ? phrase_at(i) : NULL;
    if (!read_text(r, node, &words))
        return;
    if (strlen(words) > SENTENCE_BYTES_MAX)
        read_error(r, node, "text-length", "'%s' has %zu bytes; at most %d", node->key,
                   strlen(words), SENTENCE_BYTES_MAX);
    else if (speech_check(phrase->english, words, &err))
        read_error(r, node, "wrong-values", "'%s': %s; in English: %s", node->key, err.text,
                   phrase->english);
    else
        draft->sayings[draft->count++] = (struct saying){phrase->english, words};
}

static const struct key sentence_keys[] = {
#define PHRASE(phrase_name, english)                                                               \
    {.name = #phrase_name,                                                                         \
     .type = KEY_OTHER,                                                                            \
     .read = read_saying,                                                                          \
     .form = FORM_TEXT,                                                                            \
     .help = english},
#include "core/phrase_list.h"
#undef PHRASE
};

static const struct block sentences_block =
    BLOCK("the sentences", sentence_keys, "names of sentences, as gritctl words prints them");

static void read_sentences(struct reading *r, const struct node *node, void *into)
{
    struct words_draft *draft = into;
    size_t count = node->kind == NODE_MAP ? (size_t)node->count : 0;
    draft->sayings = arena_alloc(r->arena, (count + 1) * sizeof(*draft->sayings));
    read_map(r, node, &sentences_block, draft);
}

static const struct key words_keys[] = {
    {.name = "language",
     .type = KEY_OTHER,
     .read = read_language,
     .form = FORM_LANGUAGE,
     .example = "de",
     .help = "For people with this language; without it: for everybody"},
    {.name = "words",
     .type = KEY_OTHER,
     .required = true,
     .read = read_sentences,
     .block = &sentences_block,
     .help = "what is said in place of each sentence"},
};

const struct block load_words_block = BLOCK("a file of words", words_keys, "language and words");

bool language_read(struct reading *r, const struct node *node, const char **ret)
{
    const char *tag;
    if (!read_text(r, node, &tag))
        return false;
    if (!language_ok(tag)) {
        read_wrong(r, node, "a language", "de or pt-BR");
        return false;
    }
    *ret = tag;
    return true;
}

/* Two files for the same readers would silently undo each other. */
static bool is_taken(struct reading *r, const struct node *root, const struct book *book,
                     const char *language)
{
    for (int i = 0; i < book->speech_count; i++) {
        const char *other = book->speeches[i].language;
        if ((!other && !language) || language_match(other, language) == 2) {
            read_error(r, root, "duplicate-id", "there is another file of words %s%s",
                       language ? "in " : "for everybody", language ? language : "");
            return true;
        }
    }
    return false;
}

static void load_file_of_words(struct loading *load, const struct load_file *file)
{
    struct words_draft draft = {0};
    struct book *book = load->book;
    struct file_reading f;
    struct node *root;
    if (!file_open(load, file, NULL, NULL, &f, &root))
        return;
    read_map(&f.r, root, &load_words_block, &draft);
    if (!f.r.errors && !is_taken(&f.r, root, book, draft.language))
        book->speeches[book->speech_count++] =
            (struct speech){draft.language, draft.sayings, draft.count};
    load->errors += f.r.errors;
}

void load_words(struct loading *load, const struct load_file *files, int count)
{
    struct book *book = load->book;
    book->speeches = arena_alloc(&book->arena, (size_t)(count + 1) * sizeof(*book->speeches));
    for (int i = 0; i < count; i++)
        load_file_of_words(load, &files[i]);
}
