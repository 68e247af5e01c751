/* load_book.h: one load_book() at work; shared by the load_*.c files only.
 * Layer: load (pure). Lifetime: of one load_book(). What stays is in the book's arena; trees and
 * notes are in `scratch`. */
#pragma once
#include "base/map.h"
#include "load/load.h"
#include "load/read.h"

/* The first place at which an id was given. */
struct known_id {
    const char *id;
    struct source_place place;
    int order; /* of reading */
};

struct known_ids {
    struct known_id *list;
    int count, cap;
};

/* Names that can be used and that a mistyped one is compared with. */
struct name_list {
    const char **names;
    int count, cap;
};

struct loading {
    const struct load_set *set;
    struct problems *problems;
    struct book *book;
    struct plugin_tests *tests;
    struct arena scratch;
    struct known_ids rules;      /* of all files, good and bad, sorted by id */
    struct known_ids commands;   /* of flows, in the order of the files */
    struct known_ids plugin_ids; /* of plugins as of rules */
    struct name_list gates;      /* both sides of every gate */
    uint32_t *people_by_id;      /* indices of book->people */
    int person_cap;              /* of book->people */
    struct known_ids broken;     /* people that are left out for a mistake, as they come */
    struct plugin_part *parts;   /* what the good plugin files hold, in their order */
    struct plugin_part **parts_tail;
    int signal_count; /* in the parts */
    int errors;       /* outside of plugins */
    bool has_people, has_pipeline, too_many_people;
    bool tests_wanted; /* else they are checked, and forgotten file by file */
};

/* One file of any kind; plugin files have struct plugin_reading around it. */
struct file_reading {
    struct reading r; /* first: the tables hand it around */
    struct loading *load;
};

static inline struct loading *loading_of(struct reading *r)
{
    return ((struct file_reading *)r)->load;
}

/* In a sorted list the index of the first of that id, or of where it would stand. */
int known_place(const struct known_ids *ids, const char *id);

void load_people(struct loading *load, const struct load_file *file);
void load_pipeline(struct loading *load, const struct load_file *file); /* NULL: the default one */
void load_holidays(struct loading *load, const struct load_file *files, int count);
void load_words(struct loading *load, const struct load_file *files, int count);
void load_plugins(struct loading *load, struct load_counts *counts);
/* One plugin or test file. Errors: false, everything told and nothing kept. */
bool plugin_load(struct loading *load, const char *path, struct node *root);
/* Frees the tests that were just read, of which only the mistakes were wanted. */
void plugin_forget_tests(struct loading *load, struct plugin_part *part);
bool plugin_is_test_file(const char *path, const struct node *root);
/* The prints of the rules of a part that was just read from `root`. */
void plugin_print(const struct plugin_part *part, const struct node *root);

extern const struct block person_block;
extern const struct block test_person_block; /* of struct test_person */
extern const char *const stage_words[];      /* the canonical ids, in order */

/* Reads a file into a tree in `scratch`, and makes the reading. limits NULL: the usual ones;
 * entries NULL: all of it in one tree, else its user is the reading.
 * Errors: false, told. */
bool file_open(struct loading *load, const struct load_file *file, const struct yaml_limits *limits,
               struct yaml_entries *entries, struct file_reading *ret, struct node **ret_root);

/* --- values that need to know what is loaded already --- */

/* Adds the problem where there is no such zone. ret_zone may be NULL. */
bool read_zone(struct reading *r, const struct node *node, const char **ret_name,
               const struct tz **ret_zone);
/* Somebody of people.yaml, or NULL. */
const struct person_def *loading_person(const struct loading *load, const char *id);
const struct tz *zone_find(const struct loading *load, const char *name); /* or NULL */
void zone_unknown(struct reading *r, struct source_place place, const char *name);
bool language_read(struct reading *r, const struct node *node, const char **ret);
bool read_hours(struct reading *r, const struct node *node, struct hours *ret);
/* A canonical stage id, with a warning where the pipeline has no such stage. */
bool read_stage(struct reading *r, const struct node *node, const char **ret);

void names_add(struct name_list *list, const char *name);
void names_done(struct name_list *list);
bool names_have(const struct name_list *list, const char *name);
