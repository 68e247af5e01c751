/* Any text as a schedule, in a zone that the first letter picks: refused with words, or due at
 * moments that only rise, each with a name of its own, and the same when it is read once more. Also
 * as what people say of time: "3 days", "until Monday", "17:00-09:00". */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/sched.h"
#include "core/when.h"
#include "io/zones.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TIMES = 4 };
#define NOW INT64_C(1793505600000) /* 2026-11-01T04:00Z: Denver's clocks go back that night */

static const struct tz *zone_of(char letter)
{
    static const char *const names[] = {"UTC", "America/Denver", "Europe/Berlin",
                                        "Australia/Lord_Howe"};
    static struct zones zones;
    const struct tz *zone = zones_get(&zones, names[(unsigned char)letter % ARRAY_LEN(names)]);
    return zone ? zone : tz_utc();
}

static void check_due(const struct sched *sched, const struct sched *same, const struct tz *zone)
{
    char name[SCHED_SLOT_BYTES], before[SCHED_SLOT_BYTES] = "";
    msec_t after = NOW, due, again;
    for (int i = 0; i < TIMES && sched_next(sched, zone, after, &due) == 0; i++) {
        if (due <= after || sched_next(same, zone, after, &again) || again != due)
            abort();
        if (!*sched_slot(sched, zone, due, name) || str_eq(name, before))
            abort();
        memcpy(before, name, sizeof(name));
        after = due;
    }
}

static void check_schedule(const char *text, enum sched_notation notation, const struct tz *zone)
{
    struct sched *sched = NULL, *same = NULL;
    struct err err = {0};
    int result = sched_parse(text, notation, &err, &sched);
    if (result) {
        if (!err.text[0] || sched)
            abort();
        return;
    }
    if (sched_parse(sched_source(sched), sched_notation(sched), &err, &same) ||
        !str_eq(sched_text(sched), sched_text(same)) || str_empty(sched_text(sched)))
        abort();
    check_due(sched, same, zone);
    sched_free(sched);
    sched_free(same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    const struct tz *zone = zone_of((char)data[0]);
    CLEANUP_FREE char *text = xstrndup((const char *)data + 1, size - 1);
    for (int notation = SCHED_AUTO; notation <= SCHED_RRULE; notation++)
        check_schedule(text, (enum sched_notation)notation, zone);
    msec_t until;
    int from = -1, to = -1;
    if (when_parse(text, zone, NOW, &until) == 0 && (until <= NOW || until > NOW + 367 * MSEC_DAY))
        abort();
    if (when_parse_span(text, &from, &to) == 0 &&
        (from < 0 || from > 24 * 60 || to < 0 || to > 24 * 60))
        abort();
    return 0;
}
