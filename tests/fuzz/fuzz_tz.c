/* Any bytes as a TZif file: refused with words, or a zone whose wall clock leads back to the
 * instant it was read at. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/tz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_at(const struct tz *tz, msec_t utc)
{
    struct tz_span span = tz_span_at(tz, utc);
    msec_t wall = tz_wall(tz, utc);
    if (utc < span.from || utc >= span.until || span.offset != tz_offset(tz, utc) ||
        wall != utc + span.offset)
        abort();
    msec_t first = tz_instant_wall(tz, wall, TZ_PASS_FIRST);
    msec_t second = tz_instant_wall(tz, wall, TZ_PASS_SECOND);
    if (first > utc || second < utc)
        abort();
    switch (tz_fit_wall(tz, wall)) {
    case TZ_NORMAL:
        if (first != utc || second != utc)
            abort();
        break;
    case TZ_OVERLAP:
        if (tz_wall(tz, first) != wall || tz_wall(tz, second) != wall)
            abort();
        break;
    case TZ_GAP:
        abort(); /* the clock shows it */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP_FREE char *bytes = xmemdup(data, size ? size : 1);
    struct tz *tz = NULL;
    struct err err = {0};
    int result = tz_new("Test/Zone", bytes, size, &err, &tz);
    if (result) {
        if (!err.text[0] || result != -err.code || tz)
            abort();
        return 0;
    }
    for (int year = 1960; year < 2120; year += 7) {
        struct civil c = {.year = year, .month = 1 + year % 12, .day = 1 + year % 28, .hour = 1};
        msec_t utc = civil_to_msec(&c);
        struct tz_span span = tz_span_at(tz, utc);
        check_at(tz, utc);
        if (span.until != MSEC_NEVER) {
            check_at(tz, span.until);
            check_at(tz, span.until - 1);
        }
    }
    tz_free(tz);
    return 0;
}
