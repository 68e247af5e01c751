/* erased_since.h: who is in a backup and was erased from the store after it was made.
 * Layer: commands. Nothing is kept about who was erased, so it is told from the two stores: people
 * of the backup of whom the store has not one row. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/msec.h"

struct erased_since {
    char **ids;
    size_t count, cap;
    bool sure;      /* as many as were erased, or fewer: each of them was */
    long long left; /* so many were erased too, and cannot be told */
    bool unknown;   /* there is no store to compare with, or it is another one's */
    msec_t made;    /* the backup's last moment */
};

/* Errors: of reading `backup`. A store that cannot be read is none. Owns: erased_since_done(). */
int erased_since_find(const char *store, const char *backup, struct erased_since *ret,
                      struct err *err);
void erased_since_done(struct erased_since *erased);
void erased_since_print(const struct erased_since *erased);
