#include "io/zones.h"

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

void zones_done(struct zones *zones)
{
    for (size_t i = 0; i < zones->count; i++)
        tz_free(zones->list[i]);
    free(zones->list);
    map_done(&zones->by_name);
    *zones = (struct zones){0};
}

const struct tz *zones_get(void *user, const char *name)
{
    struct zones *zones = user;
    if (str_eq(name, "UTC"))
        return tz_utc();
    if (str_empty(name) || !tz_name_ok(name))
        return NULL;
    struct tz *known = map_get(&zones->by_name, name);
    if (known)
        return known;
    struct strbuf path = {0};
    strbuf_printf(&path, "%s%s", ZONE_FOLDER, name);
    char *bytes = NULL;
    size_t length;
    struct err err;
    struct tz *tz = NULL;
    if (!file_read(strbuf_text(&path), TZ_FILE_MAX_BYTES, &err, &bytes, &length) &&
        !tz_new(name, bytes, length, &err, &tz)) {
        ARRAY_GROW(zones->list, zones->count, zones->cap);
        zones->list[zones->count++] = tz;
        map_set(&zones->by_name, tz_name(tz), tz);
    }
    free(bytes);
    strbuf_done(&path);
    return tz;
}
