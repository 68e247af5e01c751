/* zones.h: time zones of the system, read once each.
 * Layer: io. Source: the TZif files under /usr/share/zoneinfo (package tzdata). */
#pragma once
#include "base/map.h"
#include "core/tz.h"

struct zones {
    struct map by_name;
    struct tz **list;
    size_t count, cap;
};

void zones_done(struct zones *zones);

/* The zone, or NULL when the system has none of that name. user is a struct zones; borrowed until
 * zones_done. Fits core_options.zone and load_set.zone. */
const struct tz *zones_get(void *user, const char *name);
