/* store_file.h: the file of a store as a whole: copied while a daemon writes it, looked through,
 * read in one moment, put in another's place.
 * Layer: io. Blocks; for commands. Depends on: engine/store, SQLite. */
#pragma once
#include "base/err.h"
#include "engine/store.h"

/* Copies the store at `from` (any schema up to this program's) into the new file `to` (mode 0600),
 * as it is at one moment; daemons go on writing meanwhile. The copy has small pages and no free
 * ones, so that nothing of what was erased is in it, and it is durable before this returns.
 *
 * Errors: -EBUSY another copy to `to` is under way; those of store_sqlite_open and of the system.
 * After one there is no file `to`. */
int store_file_copy(const char *from, const char *to, struct err *err);

struct store_file {
    int64_t version; /* of its schema */
    struct store_count count;
};

/* Everything that can be wrong with the file: what SQLite finds, and what gritd itself relies on.
 * Each finding is one sentence. `most` bounds them.
 *
 * Returns: how many there are, or -errno where it could not be looked through at all (no store, a
 * newer schema, no such file). */
int store_file_check(const char *path, int most, void (*found)(void *user, const char *text),
                     void *user, struct store_file *ret, struct err *err);

/* Every row of every table, of one moment. *ret is filled before the first row. */
int store_file_visit(const char *path, store_visit visit, void *user, struct store_file *ret,
                     struct err *err);

/* Puts the store `fresh` (closed, no log beside it) in the place of `path`, whose file and log are
 * kept under the name `aside` (which must be free); at each moment one of the two is there. `fresh`
 * gets the owner of what it replaces, or of the folder. The store's lock is the caller's. */
int store_file_replace(const char *path, const char *fresh, const char *aside, struct err *err);

/* The lock of the one daemon, for whoever replaces the file. Owns: close() *ret_fd. */
int store_file_lock(const char *path, struct err *err, int *ret_fd);
