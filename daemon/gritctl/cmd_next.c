/* gritctl next: when a schedule is due. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/nearest.h"
#include "core/sched.h"
#include "gritctl/ctl.h"
#include "io/files.h"

#define ZONE_TABLE "/usr/share/zoneinfo/zone1970.tab" /* columns: countries, place, name */

enum { ZONES_MAX = 1000, NAME_COLUMN = 3, ZONE_TABLE_BYTES = 256 * 1024 };
enum { COUNT_DEFAULT = 5, COUNT_MAX = 100000, LOCAL_BYTES = 48 };

/* "2026-03-09T09:00:00-06:00" */
static const char *local_text(const struct tz *tz, msec_t t, char *text)
{
    struct civil c;
    msec_t offset = tz_offset(tz, t), size = offset < 0 ? -offset : offset;
    tz_local(tz, t, &c);
    (void)snprintf(text, LOCAL_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year, c.month,
                   c.day, c.hour, c.minute, c.second, offset < 0 ? '-' : '+',
                   (int)(size / MSEC_HOUR), (int)(size % MSEC_HOUR / MSEC_MINUTE));
    return text;
}

static void show(const struct call *call, const struct tz *tz, msec_t t)
{
    char utc[MSEC_TEXT_BYTES], local[LOCAL_BYTES];
    struct strbuf line = {0};
    struct jsonw json;
    (void)msec_format(t, utc);
    (void)local_text(tz, t, local);
    if (!call->json) {
        (void)printf("%s  %s\n", utc, local);
        return;
    }
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "utc", utc);
    jsonw_text(&json, "local", local);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

/* The zone that was meant, from the system's own table; NULL where none is near. */
static char *nearest_zone(const char *zone)
{
    char *text = NULL, *near = NULL;
    const char *names[ZONES_MAX];
    size_t length, count = 0;
    struct err err;
    if (file_read(ZONE_TABLE, ZONE_TABLE_BYTES, &err, &text, &length))
        return NULL;
    for (char *rest = text, *line; count < ZONES_MAX && (line = strsep(&rest, "\n"));) {
        const char *name = NULL;
        bool comment = *line == '#';
        for (int column = 0; column < NAME_COLUMN; column++)
            name = line ? strsep(&line, "\t") : NULL;
        if (name && !comment)
            names[count++] = name;
    }
    near = xstrdup(nearest_word(zone, names, count));
    free(text);
    return near;
}

static int unknown_zone(const struct call *call, const char *zone)
{
    CLEANUP_FREE char *near = nearest_zone(zone);
    if (near)
        return call_usage(call, "--zone: no time zone is called '%s'; did you mean '%s'?", zone,
                          near);
    return call_usage(call, "--zone: no time zone is called '%s'; write it like America/Denver",
                      zone);
}

static int run(struct call *call)
{
    const char *zone = call_text(call, "zone");
    const struct tz *tz = zones_get(&call->zones, zone);
    int64_t count = call_number(call, "count", COUNT_DEFAULT);
    msec_t after = call_number(call, "after", call->now);
    struct sched *sched = NULL;
    struct err err;
    if (!tz)
        return unknown_zone(call, zone);
    if (count < 1 || count > COUNT_MAX)
        return call_usage(call, "--count: from 1 to %d", COUNT_MAX);
    if (sched_parse(call->args[0], SCHED_AUTO, &err, &sched))
        return call_usage(call, "%s", err.text);
    int64_t found = 0;
    while (found < count && !sched_next(sched, tz, after, &after)) {
        show(call, tz, after);
        found++;
    }
    sched_free(sched);
    if (!found)
        call_error(call, "never due after that");
    return found ? CTL_OK : CTL_FOUND;
}

static const struct option options[] = {
    {"zone", OPTION_TEXT, "ZONE", "whose clock: an IANA name such as America/Denver", true},
    {"after", OPTION_TIME, "TIME", "the first time later than this (default: now)", false},
    {"count", OPTION_NUMBER, "N", "how many (default 5)", false},
};

const struct command command_next = {
    .name = "next",
    .args = "SCHEDULE --zone ZONE [--after TIME] [--count N] [--json]",
    .help = "the next times of a schedule, in UTC and local",
    .more = "SCHEDULE is one word for the shell: \"weekday at 09:00\", \"last weekday of month at "
            "10:00\",\n"
            "\"0 9 * * 1-5\", \"FREQ=WEEKLY;BYDAY=MO;BYHOUR=9\".",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
