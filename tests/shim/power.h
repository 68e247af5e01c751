/* power.h: a VFS for SQLite that notes what is written and synced to one store, so that a test can
 * build the files that a power cut would have left at any moment.
 * Layer: tests. A write that was not synced may be there, not be there, or be there in any of its
 * sectors; what was synced is there. */
#pragma once
#include <stddef.h>

#include "base/str.h"

enum power_file { POWER_DB, POWER_WAL, POWER_FILES };

struct power_image {
    struct strbuf files[POWER_FILES];
};

/* Becomes SQLite's default; before the first connection of the process. */
void power_install(void);

/* From now on, on what is in the files at `path`. */
void power_begin(const char *path);
/* The number of writes, syncs and truncations so far: a moment. */
size_t power_moment(void);
void power_end(void);

/* What is there after a cut at `moment`. seed 0: nothing that was not synced; 1: all of it, as
 * after a kill; others: some of it. */
void power_cut(size_t moment, unsigned seed, struct power_image *ret);
void power_image_done(struct power_image *image);
void power_free(void);
