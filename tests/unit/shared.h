/* shared.h: finds the test data that lies beside the source tree; the tests that need it are
 * skipped where it is absent. Include after cmocka.h. */
#pragma once
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The folder: $GRITD_SHARED, else "../shared" beside the source tree $GRITD_SOURCE_DIR. */
static inline int shared_path(const char *name, char *ret, size_t size)
{
    const char *shared = getenv("GRITD_SHARED");
    const char *source = getenv("GRITD_SOURCE_DIR");
#ifdef GRITD_SOURCE_DIR
    if (!source)
        source = GRITD_SOURCE_DIR;
#endif
    int used = -1;
    if (shared)
        used = snprintf(ret, size, "%s/%s", shared, name);
    else if (source)
        used = snprintf(ret, size, "%s/../shared/%s", source, name);
    return used > 0 && (size_t)used < size ? 0 : -1;
}

/* The whole file with a NUL behind it, or NULL where it is not there. The caller frees. */
static inline char *shared_read_new(const char *name, size_t *ret_bytes)
{
    char path[4096];
    FILE *file = shared_path(name, path, sizeof(path)) == 0 ? fopen(path, "rb") : NULL;
    if (!file)
        return NULL;
    size_t used = 0, cap = 1 << 16;
    char *data = malloc(cap + 1);
    while (data) {
        used += fread(data + used, 1, cap - used, file);
        if (used < cap)
            break;
        cap *= 2;
        data = realloc(data, cap + 1);
    }
    (void)fclose(file); /* only read */
    if (data)
        data[used] = '\0';
    if (ret_bytes)
        *ret_bytes = used;
    return data;
}
