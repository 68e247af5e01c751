/* reload.h: reading the configuration again, and what came of it.
 * Layer: gritd. */
#pragma once
#include "core/book_diff.h"
#include "gritd/daemon.h"

/* One rule or file that is not as it was. */
struct reload_line {
    char *name, *file;
    int line;
    enum rule_change change;
};

/* What a reload did. Owns: free with reload_done(). */
struct reload {
    bool refused; /* a mistake outside of the plugins: everything stays */
    int plugins, rules;
    struct reload_line *lines;
    size_t line_count, line_cap;
    char **kept, **left_out; /* files */
    size_t kept_count, kept_cap, left_count, left_cap;
    char **problems; /* as `gritctl check` prints them */
    size_t problem_count, problem_cap;
    int more_problems; /* not listed */
};

/* Reads the configuration again and puts into force what is good of it. What is wrong is logged,
 * told to whom it belongs, and named in *ret. */
void daemon_reload(struct daemon *daemon, struct reload *ret);
void reload_done(struct reload *reload);

/* --- keep.c: the last good versions of plugin files --- */

/* At start, between store and engine: a file that is broken now gets its last good version back.
 * Errors: of the store; -EINVAL when not one plugin can be taken. */
int keep_restore(struct daemon *daemon, struct err *err);
/* And once the engine runs: remembers what is in force and tells of what is not. */
void keep_remember(struct daemon *daemon);
/* Puts the book of `setup` into force and remembers its files. Errors: as engine_set_book(). */
int keep_take(struct daemon *daemon, const struct setup *setup, const struct book *book,
              struct err *err);
/* Tells the managers that a configuration was refused; why: beside its problems, or "". */
void keep_refused(struct daemon *daemon, const struct setup *setup, const char *why);
/* Tells what was left untold because too much was told before, once it is time. */
void keep_tick(struct daemon *daemon);
void keep_done(struct daemon *daemon);
