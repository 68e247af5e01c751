/* zone_load.h: zones for tests, from the machine's zone files. Include after cmocka.h. */
#pragma once
#include <stdio.h>

#include "core/tz.h"

static inline size_t zone_bytes(const char *name, char *bytes, size_t size)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name); /* names are short */
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, size, file) : 0;
    if (file)
        (void)fclose(file); /* only read */
    return n;
}

/* The caller frees it with tz_free(). Fails the test where the zone is not there. */
static inline struct tz *zone_new(const char *name)
{
    static char bytes[TZ_FILE_MAX_BYTES];
    struct err err = {0};
    struct tz *tz = NULL;
    size_t n = zone_bytes(name, bytes, sizeof(bytes));
    if (tz_new(name, bytes, n, &err, &tz) < 0)
        fail_msg("%s", err.text);
    return tz;
}

/* "2026-03-08T09:30:00Z" or with any offset. */
static inline msec_t at(const char *text)
{
    msec_t t = 0;
    if (msec_parse(text, &t) < 0)
        fail_msg("bad time in the test: %s", text);
    return t;
}

static inline void assert_time(msec_t got, const char *expect)
{
    char text[MSEC_TEXT_BYTES], right[MSEC_TEXT_BYTES];
    if (got == MSEC_NEVER)
        fail_msg("never instead of %s", expect);
    assert_string_equal(msec_format(got, text), msec_format(at(expect), right));
}
