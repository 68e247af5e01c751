/* gritctl next: when a schedule is due. */
#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/sched.h"
#include "gritctl/ctl.h"

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

static int run(struct call *call)
{
    const char *zone = call_text(call, "zone");
    const struct tz *tz = zones_get(&call->zones, zone);
    int64_t count = call_number(call, "count", COUNT_DEFAULT);
    msec_t after = call_number(call, "after", call->now);
    struct sched *sched = NULL;
    struct err err;
    if (!tz)
        return call_usage(call, "--zone: no time zone is called '%s'; write it like America/Denver",
                          zone);
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
