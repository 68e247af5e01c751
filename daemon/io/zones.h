/* zones.h: time zones of the system, read when first used and again at each reload.
 * Layer: io. Source: the TZif files under $TZDIR, else /usr/share/zoneinfo (package tzdata). */
#pragma once
#include "base/hash.h"
#include "base/map.h"
#include "core/tz.h"

struct zones {
    struct map by_name;      /* the newest of each name */
    struct zones_file *list; /* all that were read; one that was replaced may still be pointed to */
    size_t count, cap;
};

void zones_done(struct zones *zones);

/* The zone, or NULL when the system has none of that name. user is a struct zones; borrowed until
 * zones_done. Fits core_options.zone and load_set.zone. */
const struct tz *zones_get(void *user, const char *name);

/* Reads all of them again: those whose file changed are found anew by zones_get, one that is gone
 * or broken stays as it was. Returns how many changed. */
size_t zones_refresh(struct zones *zones);
