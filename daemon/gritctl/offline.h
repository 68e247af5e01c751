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

/* Before a person's data are read: the running daemon writes down who looks, and where none runs it
 * is written to the store itself. What cannot be written down is not shown.
 *
 * Returns: true when it may be read; else the reason was told. */
bool access_record(struct call *call, const char *rep, const char *what);
