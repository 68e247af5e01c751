/* tz_probe: answers the tz reader for tz_vectors.py. Reads "ZONE UTCSECONDS" a line, prints the
 * offset in seconds; or "ZONE w WALLSECONDS", prints the first and second pass in UTC seconds and G
 * in a gap. The folder of zone files is the only argument (default /usr/share/zoneinfo). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/tz.h"

static struct tz *load(const char *folder, const char *name)
{
    static char bytes[TZ_FILE_MAX_BYTES + 1];
    char path[512];
    struct tz *tz = NULL;
    struct err err = {0};
    if (!tz_name_ok(name))
        return NULL;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name); /* names are short */
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t n = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file); /* only read */
    if (tz_new(name, bytes, n, &err, &tz) < 0)
        fprintf(stderr, "%s\n", err.text);
    return tz;
}

static void answer(const struct tz *tz, const char *rest)
{
    if (*rest != 'w') {
        printf("%lld\n", (long long)(tz_offset(tz, atoll(rest) * 1000) / 1000));
        return;
    }
    msec_t wall = atoll(rest + 1) * 1000;
    if (tz_fit_wall(tz, wall) == TZ_GAP)
        printf("G\n");
    else
        printf("%lld %lld\n", (long long)(tz_instant_wall(tz, wall, TZ_PASS_FIRST) / 1000),
               (long long)(tz_instant_wall(tz, wall, TZ_PASS_SECOND) / 1000));
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "/usr/share/zoneinfo";
    char line[256], name[TZ_NAME_BYTES] = "";
    struct tz *tz = NULL;
    while (fgets(line, sizeof(line), stdin)) {
        char *space = strchr(line, ' ');
        if (!space)
            continue;
        *space = '\0';
        if (strcmp(line, name) != 0 && strlen(line) < sizeof(name)) {
            tz_free(tz);
            memcpy(name, line, strlen(line) + 1);
            tz = load(folder, name);
        }
        if (tz)
            answer(tz, space + 1);
        else
            printf("no zone %s\n", line);
    }
    tz_free(tz);
    return 0;
}
