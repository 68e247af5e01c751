/* load.h: YAML bytes in, a checked configuration and a book of rules out, and every problem named.
 * Layer: load (pure: no files, clock, environment). Depends on: base, core, libyaml. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "core/rule.h"
#include "load/config.h"
#include "load/problem.h"
#include "load/tests.h"

/* The bytes of one file, read by the caller. path is what problems are reported under. */
struct load_file {
    const char *path;
    const char *bytes;
    size_t length;
};

/* One option of a chat platform's block in gritd.yaml. */
struct load_option {
    const char *key;
    bool required, secret;
    const char *help; /* or NULL */
};

struct load_platform {
    const char *name;
    const struct load_option *options;
    size_t option_count;
};

struct load_platforms {
    const struct load_platform *list;
    size_t count;
};

/* Reads gritd.yaml. platforms NULL: every platform name and option is taken as written.
 *
 * Owns:   the caller frees *ret with config_free(); it is set also when there were errors (what was
 *         wrong then keeps its default), NULL only where the file is no YAML mapping at all.
 * Errors: -EINVAL when any error was added to problems. */
int load_config(const struct load_file *file, const struct load_platforms *platforms,
                struct problems *problems, struct config **ret);

/* Fetches a zone by IANA name; NULL where there is none. The zones outlive the book. */
typedef const struct tz *(*load_zone)(void *user, const char *name);

struct load_set {
    const struct load_file *people;   /* or NULL: nobody */
    const struct load_file *pipeline; /* or NULL: the five stages, won and lost, without gates */
    const struct load_file *plugins;  /* plugins and *.test.yaml, in any order */
    int plugin_count;
    const struct load_file *holidays;
    int holiday_count;
    const struct load_file *words; /* the daemon's own sentences, in the team's words */
    int word_count;
    const struct config *config; /* or NULL: default limits, no inputs */
    load_zone zone;              /* or NULL: only UTC is known */
    void *zone_user;
    bool *good;        /* or NULL: gets for each plugin file whether it was taken */
    const bool *known; /* or NULL: which of them were in force as they are: their style was told */
};

struct load_counts {
    int loaded, failed; /* plugin and test files; their sum is plugin_count */
};

/* Reads everything a daemon runs on. A plugin file with an error is left out whole and named; the
 * others stay. Errors in people, pipeline, holidays and inputs leave out the entry they are in.
 *
 * Owns:   the caller frees *ret_book with book_free() and *ret_tests (NULL: not wanted) with
 *         plugin_tests_free(). Both are always set.
 * Errors: -EINVAL when any error was added to problems. */
int load_book(const struct load_set *set, struct problems *problems, struct load_counts *ret_counts,
              struct book **ret_book, struct plugin_tests **ret_tests);
