/* load_kept.h: the last good version of each plugin file stands in for one that cannot be taken.
 * Layer: load (pure). Lifetime: `struct kept` is the daemon's, a process long; it owns its texts.
 */
#pragma once
#include "load/load.h"

/* The version of one file that was in force last. */
struct kept_file {
    char *path;
    char *bytes; /* NULL: no version of it was ever good */
    size_t length;
    char *told; /* what the managers were told last about it, as a mark; NULL: nothing is open */
};

struct kept {
    struct kept_file *list; /* sorted by path */
    size_t count, cap;
};

void kept_done(struct kept *kept);                                      /* accepts a zeroed one */
struct kept_file *kept_find(const struct kept *kept, const char *path); /* or NULL */
struct kept_file *kept_get(struct kept *kept, const char *path);        /* made when absent */
void kept_set_bytes(struct kept_file *file, const char *bytes, size_t length); /* copies */

/* The row in the store, without the path: JSON. A version that is no UTF-8 text is not written, nor
 * is it ever good. Errors of decode: -EINVAL. */
void kept_encode(const struct kept_file *file, struct strbuf *out);
int kept_decode(struct kept *kept, const char *path, const char *json, struct err *err);

/* What became of one plugin file. */
enum load_fate {
    LOAD_TAKEN,    /* as it stands on the disk */
    LOAD_KEPT,     /* it has a mistake or cannot be read: the version from before is in force */
    LOAD_LEFT_OUT, /* and no version from before, or that one does not fit any more */
};

struct load_found {
    const char *path;
    const char *bytes; /* NULL: it is there but cannot be read */
    size_t length;
    enum load_fate fate; /* out */
};

/* As load_book(), with the plugins of `found` instead of those of the set: each version that fails
 * is replaced by the kept one, until what is left fits together. Where two files define the same
 * thing the one that was in force before has it. Problems of a new version are told also where the
 * old one stands in; counts->failed are the files left out.
 *
 * Errors: -EINVAL when any error was added to problems. */
int load_book_kept(const struct load_set *set, const struct kept *kept, struct load_found *found,
                   size_t count, struct problems *problems, struct load_counts *ret_counts,
                   struct book **ret_book, struct plugin_tests **ret_tests);

/* The `owner:` of a plugin that may be broken elsewhere; NULL where there is none to be read. The
 * text lives in the arena. */
const char *load_owner(const char *bytes, size_t length, struct arena *arena);
