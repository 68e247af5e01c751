/* state.h: the daemon's store, opened beside it for reading.
 * Layer: io. */
#pragma once
#include "core/core.h"
#include "engine/store.h"
#include "load/config.h"

/* Opens the configured store read-only. Owns: the caller ends it with ops->close.
 * Errors: -ENOENT there is none yet; others; err tells. */
int state_open(const struct config *config, const char *config_path, struct err *err,
               struct store **ret);

int state_open_file(const char *path, struct err *err, struct store **ret);

/* All that a restarted daemon would know: states, facts, messages sent. */
int state_load(struct store *store, struct core *core, msec_t now, struct err *err);
