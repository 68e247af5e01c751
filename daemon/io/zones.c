#include "io/zones.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"

struct zones_file {
    struct tz *tz;
    struct hash128 hash; /* of its bytes */
};

void zones_done(struct zones *zones)
{
    for (size_t i = 0; i < zones->count; i++)
        tz_free(zones->list[i].tz);
    free(zones->list);
    map_done(&zones->by_name);
    *zones = (struct zones){0};
}

/* False when there is none of that name, or none that can be used. */
static bool read_zone(const char *name, struct zones_file *ret)
{
    const char *folder = getenv("TZDIR");
    struct strbuf path = {0};
    strbuf_printf(&path, "%s/%s", str_empty(folder) ? ZONE_FOLDER : folder, name);
    char *bytes = NULL;
    size_t length;
    struct err err;
    *ret = (struct zones_file){0};
    if (!file_read(strbuf_text(&path), TZ_FILE_MAX_BYTES, &err, &bytes, &length) &&
        !tz_new(name, bytes, length, &err, &ret->tz))
        ret->hash = hash_bytes(0, bytes, length);
    free(bytes);
    strbuf_done(&path);
    return ret->tz != NULL;
}

static void add(struct zones *zones, const struct zones_file *file)
{
    ARRAY_GROW(zones->list, zones->count, zones->cap);
    zones->list[zones->count++] = *file;
    map_set(&zones->by_name, tz_name(file->tz), file->tz);
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
    struct zones_file file;
    if (!read_zone(name, &file))
        return NULL;
    add(zones, &file);
    return file.tz;
}

size_t zones_refresh(struct zones *zones)
{
    size_t before = zones->count;
    for (size_t i = 0; i < before; i++) {
        const struct zones_file old = zones->list[i];
        struct zones_file file;
        if (map_get(&zones->by_name, tz_name(old.tz)) != old.tz ||
            !read_zone(tz_name(old.tz), &file))
            continue;
        if (hash128_eq(old.hash, file.hash))
            tz_free(file.tz);
        else
            add(zones, &file);
    }
    return zones->count - before;
}
