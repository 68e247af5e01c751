/* read.h: reading mappings by tables, and the sentences for what does not fit.
 * Layer: load (pure). The tables (struct block) are also what the JSON Schema and the manual are
 * made of, so type, words and help stand there and nowhere else. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "load/forms.h"
#include "load/problem.h"
#include "load/yaml.h"

/* One file being read. Bigger readers have it as their first member. */
struct reading {
    struct arena *arena; /* what is read lives here */
    struct problems *problems;
    const char *file;
    int errors; /* in this file */
};

enum key_type {
    KEY_TEXT,    /* any text: const char * */
    KEY_NAME,    /* an id: letters, digits, - _ . @: const char * */
    KEY_BOOL,    /* true or false: bool */
    KEY_INT,     /* min to max: int */
    KEY_LENGTH,  /* "2d", "90m": msec_t */
    KEY_WORKING, /* "3 working days": msec_t, 24 h for each day */
    KEY_DATE,    /* 2026-03-02: const char * */
    KEY_WORD,    /* one of `words`: int, its index */
    KEY_TEXTS,   /* one text or a list: const char ** and an int at `count_at` */
    KEY_EVENTS,  /* one event or a list: uint64_t of EVENT_BITs */
    KEY_MAP,     /* a mapping as in `block`, read into the same struct */
    KEY_OTHER,   /* `read` knows */
};

/* How a block stands under its key. */
enum key_holds {
    HOLDS_ONE,   /* {...} */
    HOLDS_LIST,  /* [{...}, {...}] */
    HOLDS_NAMED, /* {NAME: {...}, NAME: {...}} */
};

struct key;
struct block;

typedef void (*key_read)(struct reading *r, const struct node *value, void *into);

struct key {
    const char *name;
    enum key_type type;
    bool required;
    size_t at, count_at;       /* offsets in the struct */
    int min, max;              /* of a number; min also of entries in a list of blocks */
    const char *const *words;  /* NULL-terminated */
    key_read read;             /* KEY_OTHER; gets the whole struct */
    const struct block *block; /* inside; KEY_OTHER: for the manual only */
    enum key_holds holds;      /* how often the block stands there */
    /* code of the problem when a required key is absent; NULL: missing-key; "": the reader tells */
    const char *missing;
    enum key_form form;      /* KEY_OTHER without words and block: what is written there */
    const char *one_of;      /* of the keys with the same words here exactly one is there */
    const char *const *with; /* only where one of these is there too; NULL-terminated */
    const char *needs;       /* where this key is there, that one is too */
    const char *needs_word;  /* and says this; the reader of the block checks it */
    const char *preset;      /* what holds where the key is absent, as one would write it */
    const char *example;
    const char *help;
};

struct block {
    const char *name; /* "rule", "the top of a plugin": for sentences and the manual */
    const char *help;
    const struct key *keys;
    size_t count;
};

#define BLOCK(title, table, text)                                                                  \
    {                                                                                              \
        .name = (title), .help = (text), .keys = (table),                                          \
        .count = sizeof(table) / sizeof(*(table))                                                  \
    }

/* Reads every key of the mapping into the struct; keys that are absent leave it as it was. */
void read_map(struct reading *r, const struct node *node, const struct block *block, void *into);

/* Calls read for each entry of a list (of a single value too, where one may stand for a list). */
void read_each(struct reading *r, const struct node *node, key_read read, void *into);

/* --- sentences --- */

struct source_place read_place(const struct reading *r, const struct node *node);
struct source_place read_key_place(const struct reading *r, const struct node *node);

void read_error(struct reading *r, const struct node *node, const char *code, const char *format,
                ...) __attribute__((format(printf, 4, 5)));
void read_error_at(struct reading *r, struct source_place place, const char *code,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));
void read_warning(struct reading *r, const struct node *node, const char *code, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));

/* "a list", "a mapping", "nothing", "'abc'": what stands there. The text lives in the arena. */
const char *read_found(struct reading *r, const struct node *node);

/* "'limit' must be <expected>, such as <example>; found a list". example may be NULL. */
void read_wrong(struct reading *r, const struct node *node, const char *expected,
                const char *example);

/* "unknown <what> 'x'; did you mean 'y'?" or the list of those that are known. */
void read_unknown(struct reading *r, struct source_place place, const char *code, const char *what,
                  const char *word, const char *const *known, size_t count);

/* "unknown key 'asck'; did you mean 'ask'?" or the list of the keys of the block. */
void read_unknown_key(struct reading *r, const struct node *node, const char *block,
                      const char *const *known, size_t count);

/* --- scalars: each adds the problem itself and answers false when the value is unusable --- */

bool read_text(struct reading *r, const struct node *node, const char **ret); /* not empty */
bool read_name(struct reading *r, const struct node *node, const char **ret);
bool read_bool(struct reading *r, const struct node *node, bool *ret);
bool read_int(struct reading *r, const struct node *node, int min, int max, int *ret);
bool read_thousandths(struct reading *r, const struct node *node, int64_t *ret);
bool read_length(struct reading *r, const struct node *node, bool *ret_working, msec_t *ret);
bool read_calendar_length(struct reading *r, const struct node *node, msec_t *ret);
bool read_working_length(struct reading *r, const struct node *node, msec_t *ret);
bool read_date(struct reading *r, const struct node *node, const char **ret);
bool read_word(struct reading *r, const struct node *node, const char *const *words, int *ret);
bool read_event(struct reading *r, const struct node *node, int *ret_type);
bool read_events(struct reading *r, const struct node *node, uint64_t *ret_bits);
bool read_texts(struct reading *r, const struct node *node, const char ***ret, int *ret_count);

/* "10%" a working day, or "off" (0). load_experiment.c */
bool ramp_read(struct reading *r, const struct node *node, int *ret_percent);

/* Number of words of a NULL-terminated list. */
size_t words_count(const char *const *words);
int words_find(const char *const *words, const char *text); /* index or -1 */

/* The names of the events rules may use, NULL-terminated. */
extern const char *const event_words[];

/* "2d", "1h30m", "3 working days", "90 minutes". Working: 24 h for each day. Errors: false. */
bool length_parse(const char *text, bool *ret_working, msec_t *ret);
/* "20000", "-1.5": thousandths. Errors: false (also for more than three decimals). */
bool thousandths_parse(const char *text, int64_t *ret);
bool digits_parse(const char *text, int count, int *ret); /* exactly so many */
bool date_ok(const char *text);                           /* YYYY-MM-DD that exists */
