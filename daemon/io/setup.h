/* setup.h: a configuration file and all that it names, read and checked: for the daemon and
 * commands. Layer: io. */
#pragma once
#include "io/zones.h"
#include "load/load_kept.h"

struct setup {
    char *path;
    struct config *config; /* never NULL after setup_load */
    struct book *book;
    struct plugin_tests *tests;
    struct load_counts counts;
    struct problems problems; /* sorted */
    bool ok;                  /* no errors (warnings do not count) */
    bool usable; /* errors only in plugin files, which are left out, and not in all of them */
    bool only_plugins_bad;    /* the same, even if it is all of them */
    struct load_found *found; /* the plugin files; NULL unless `kept` was given */
    size_t found_count;
    uint64_t stamp; /* of all bytes read: see setup_stamp() */
};

/* What to read instead of what the configuration says; every member may be NULL. */
struct setup_override {
    const char *people, *pipeline;
    const char **plugins; /* folders or files */
    int plugin_count;
    const struct kept *kept; /* versions that stand in for broken plugins */
    bool tests;              /* the plugins' own tests are to be run: setup->tests is wanted */
};

/* Reads path (NULL: no gritd.yaml, defaults only) and what it names. Never fails: what is wrong is
 * in problems. platforms NULL: chat options are taken as written. zones must outlive the setup.
 * Owns: free with setup_free(). */
struct setup *setup_load(const char *path, const struct setup_override *override,
                         const struct load_platforms *platforms, struct zones *zones);
void setup_free(struct setup *setup); /* accepts NULL */

/* Tells of a file in a folder that it was not read, since it is a link out of it. */
void setup_refuse_link(struct setup *setup, const char *path);

/* Hands the book over: setup_free will not free it. */
struct book *setup_take_book(struct setup *setup);

/* The secret itself. credential:NAME is read from $CREDENTIALS_DIRECTORY (systemd), file:PATH
 * relative to the configuration, env:NAME from the environment; a trailing newline is cut. Owns:
 * the caller frees *ret. Errors: -ENOENT, -EINVAL (empty), -errno, naming the place, never the
 * value. */
int setup_secret(const struct setup *setup, const struct secret *secret, struct err *err,
                 char **ret);

/* Tells what was read from what is on disk now: of gritd.yaml and all the files it names, whatever
 * their order. */
enum { SETUP_STAMP_BYTES = 17 };
const char *setup_stamp(const struct setup *setup, char ret[SETUP_STAMP_BYTES]);

/* The store's file, relative to the configuration. Owns: the caller frees it. */
char *setup_store_path(const struct setup *setup);
