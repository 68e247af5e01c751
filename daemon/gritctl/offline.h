/* offline.h: the store of a daemon that is down, for the few commands that write it; and the record
 * of who looks at what is kept of a person.
 * Layer: commands. */
#pragma once
#include "core/core.h"
#include "engine/store.h"
#include "gritctl/ctl.h"

/* Makes the rows durable. Only while no daemon runs: it has the lock.
 *
 * Owns:   takes the batch, done or not.
 * Errors: -EAGAIN a daemon runs, -ENOENT there is no store, and others of the store. */
int offline_write(const struct config *config, const char *config_path, struct store_batch *batch,
                  struct err *err);

/* The same for the store at `path`; and where the configuration has it (Owns: free *ret). */
int offline_write_file(const char *path, struct store_batch *batch, struct err *err);
int offline_path(const struct config *config, const char *config_path, struct err *err, char **ret);

/* Erases a person (any key of theirs) from the store at `path`, of this program's schema. Errors:
 * as offline_write. */
int offline_erase(struct call *call, const struct book *book, const char *path, const char *rep,
                  struct err *err);

/* Before a person's data are read: the running daemon writes down who looks, and where none runs it
 * is written to the store itself. What cannot be written down is not shown.
 *
 * Returns: true when it may be read; else the reason was told. */
bool access_record(struct call *call, const char *rep, const char *what);

/* The same for several people at once. */
bool access_record_all(struct call *call, const char *const *reps, size_t count, const char *what);
