#include "core/sched.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/sched_form.h"

/* Nobody schedules outside these; the arithmetic inside is safe. Years 1601 and 9000. */
#define AFTER_MIN_MS (INT64_C(-11644473600) * 1000)
#define AFTER_MAX_MS (INT64_C(221845392000) * 1000)

/* -- parsing -- */

/* A cron field never has letters in the first two places, and no comma at its end. */
static bool looks_like_cron(const char *text)
{
    static const char *const space = " \t\r\n";
    static const char *const field = "0123456789*?,/-";
    if (*text == '@')
        return true;
    for (int i = 0; i < 2; i++) {
        text += strspn(text, space);
        size_t length = strspn(text, field);
        if (!length || (text[length] && !strchr(space, text[length])) || text[length - 1] == ',')
            return false;
        text += length;
    }
    return true;
}

static enum sched_notation guess(const char *text)
{
    text += strspn(text, " \t\r\n");
    if (strchr(text, '=') || sched_starts(text, "DTSTART") || sched_starts(text, "RRULE"))
        return SCHED_RRULE;
    return looks_like_cron(text) ? SCHED_CRON : SCHED_EVERY;
}

static const struct {
    const char *name;
    int (*parse)(const char *text, struct err *err, struct sched *s);
} notations[] = {
    [SCHED_CRON] = {"cron", cron_parse},
    [SCHED_EVERY] = {"every", every_parse},
    [SCHED_RRULE] = {"rrule", rrule_parse},
};

static int check_text(const char *text, struct err *err)
{
    if (!text || !text[strspn(text, " \t\r\n")])
        return err_set(err, EINVAL, "schedule is empty; write 'weekday at 09:00', for example");
    if (strlen(text) > SCHED_TEXT_MAX_BYTES)
        return err_set(err, EINVAL, "schedule is longer than %d bytes", SCHED_TEXT_MAX_BYTES);
    for (const char *p = text; *p; p++) {
        if (((unsigned char)*p < ' ' && !strchr("\t\r\n", *p)) || (unsigned char)*p > '~')
            return err_set(err, EINVAL, "schedule has a character that is not plain ASCII at %d",
                           (int)(p - text) + 1);
    }
    return 0;
}

/* Line ends inside the text become spaces: an error is one line. */
static int refuse(const char *notation, const char *text, const struct err *inner, struct err *err)
{
    CLEANUP_FREE char *line = xstrdup(text);
    for (char *p = line; *p; p++)
        *p = (char)(*p < ' ' ? ' ' : *p);
    return err_set(err, inner->code, "%s '%s': %s", notation, line, inner->text);
}

int sched_parse(const char *text, enum sched_notation notation, struct err *err, struct sched **ret)
{
    struct err inner = {0};
    int r = check_text(text, err);
    if (r < 0)
        return r;
    if (notation == SCHED_AUTO)
        notation = guess(text);
    struct sched *s = NEW(struct sched);
    s->notation = notation;
    r = notations[notation].parse(text, &inner, s);
    if (r < 0) {
        sched_free(s);
        return refuse(notations[notation].name, text, &inner, err);
    }
    struct strbuf words = {0};
    sched_words(s, &words);
    s->text = strbuf_take(&words);
    s->source = xstrdup(text);
    *ret = s;
    return 0;
}

void sched_free(struct sched *s)
{
    if (!s)
        return;
    free(s->source);
    free(s->text);
    free(s);
}

bool sched_is_interval(const struct sched *s)
{
    return s->interval;
}

enum sched_notation sched_notation(const struct sched *s)
{
    return s->notation;
}

const char *sched_source(const struct sched *s)
{
    return s->source;
}

const char *sched_text(const struct sched *s)
{
    return s->text;
}

/* -- walking wall times -- */

static bool month_fits(const struct sched *s, const struct sched_day *day)
{
    return s->notation == SCHED_RRULE ? rrule_month(&s->rrule, day)
                                      : sched_days_month(&s->days, day);
}

static int minute_of(struct sched_walk *walk, const struct sched_day *day, int from)
{
    const struct sched *s = walk->sched;
    if (s->notation != SCHED_RRULE)
        return sched_days_match(&s->days, day) ? sched_minute_next(s->minutes, from) : -1;
    return rrule_match(&s->rrule, day) ? rrule_minute(walk, day, from) : -1;
}

/* RRULE keeps the seconds of its start; the others are due on the minute. */
static msec_t below_minute(const struct sched *s)
{
    return s->notation == SCHED_RRULE ? sched_modulo(s->rrule.start, MSEC_MINUTE) : 0;
}

bool sched_walk_next(struct sched_walk *walk, msec_t from, msec_t *ret_wall)
{
    const struct sched *s = walk->sched;
    const msec_t below = below_minute(s);
    if (s->notation == SCHED_RRULE && from < s->rrule.start)
        from = s->rrule.start;
    int64_t first_minute = sched_floor(from - below + MSEC_MINUTE - 1, MSEC_MINUTE);
    int from_minute = (int)sched_modulo(first_minute, CLOCK_DAY_MIN);
    struct sched_day day;
    sched_day_set(&day, sched_floor(first_minute, CLOCK_DAY_MIN));
    while (day.date <= walk->last_date) {
        if (!month_fits(s, &day)) {
            sched_day_next_month(&day);
            from_minute = 0;
            continue;
        }
        int minute = minute_of(walk, &day, from_minute);
        if (minute >= 0) {
            *ret_wall = day.date * MSEC_DAY + minute * MSEC_MINUTE + below;
            return s->notation != SCHED_RRULE || *ret_wall <= s->rrule.until;
        }
        sched_day_step(&day);
        from_minute = 0;
    }
    return false;
}

static void walk_init(struct sched_walk *walk, const struct sched *s, msec_t wall)
{
    walk->sched = s;
    walk->period_from = walk->period_until = 0;
    if (s->notation == SCHED_RRULE && wall < s->rrule.start)
        wall = s->rrule.start;
    walk->last_date = sched_date(wall) + SCHED_SEARCH_YEARS * INT64_C(366);
    if (s->notation == SCHED_RRULE && s->rrule.until != MSEC_NEVER &&
        sched_date(s->rrule.until) < walk->last_date)
        walk->last_date = sched_date(s->rrule.until);
}

/* -- instants -- */

/* Through each stretch of one offset; the same wall time may come again in the next. */
static int next_interval(struct sched_walk *walk, const struct tz *zone, msec_t after, msec_t *ret)
{
    for (msec_t t = after + 1;;) {
        msec_t wall;
        struct tz_span span = tz_span_at(zone, t);
        if (!sched_walk_next(walk, t + span.offset, &wall))
            return -ENOENT;
        if (wall - span.offset < span.until) {
            *ret = wall - span.offset;
            return 0;
        }
        t = span.until;
    }
}

/* A time moved out of a gap (02:30 read as 03:30) may be overtaken by one that follows it (03:15).
 */
static msec_t earliest_moved(struct sched_walk *walk, const struct tz *zone, enum tz_pick pick,
                             msec_t after, msec_t wall, msec_t due)
{
    const msec_t shown = tz_wall(zone, due);
    while (wall < shown && sched_walk_next(walk, wall + 1, &wall) && wall < shown) {
        msec_t other = tz_instant_wall(zone, wall, pick);
        if (other > after && other < due)
            due = other;
    }
    return due;
}

/* How far before the wall time of `after` a time may lie that a gap moved past `after`. */
static msec_t moved_by(const struct tz *zone, msec_t after, enum tz_pick pick)
{
    if (!(pick & TZ_GAP_BEFORE))
        return 0;
    msec_t moved = tz_offset(zone, after) - tz_offset(zone, after - 26 * MSEC_HOUR);
    return moved > 0 ? moved : 0;
}

static int next_fixed(struct sched_walk *walk, const struct tz *zone, msec_t after, msec_t *ret)
{
    const struct sched *s = walk->sched;
    const enum tz_pick pick = s->notation == SCHED_RRULE ? TZ_GAP_BEFORE : TZ_GAP_END;
    msec_t wall = tz_wall(zone, after) - moved_by(zone, after, pick);
    while (sched_walk_next(walk, wall + 1, &wall)) {
        msec_t due = tz_instant_wall(zone, wall, pick);
        if (due <= after)
            continue;
        due = earliest_moved(walk, zone, pick, after, wall, due);
        if (s->notation == SCHED_RRULE && due > s->rrule.until_utc)
            return -ENOENT;
        *ret = due;
        return 0;
    }
    return -ENOENT;
}

int sched_next(const struct sched *s, const struct tz *zone, msec_t after, msec_t *ret)
{
    struct sched_walk walk;
    if (after > AFTER_MAX_MS)
        return -ENOENT;
    if (after < AFTER_MIN_MS)
        after = AFTER_MIN_MS;
    walk_init(&walk, s, tz_wall(zone, after));
    return s->interval ? next_interval(&walk, zone, after, ret)
                       : next_fixed(&walk, zone, after, ret);
}

char *sched_slot(const struct sched *s, const struct tz *zone, msec_t due, char *buf)
{
    struct civil c;
    const msec_t wall = tz_wall(zone, due);
    const msec_t offset = wall - due;
    civil_from_msec(wall, &c);
    int used = snprintf(buf, SCHED_SLOT_BYTES, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day,
                        c.hour, c.minute);
    if (below_minute(s))
        used += snprintf(buf + used, SCHED_SLOT_BYTES - (size_t)used, ":%02d", c.second);
    if (tz_instant_wall(zone, wall, TZ_PASS_FIRST) != due) {
        int minutes = (int)((offset < 0 ? -offset : offset) / MSEC_MINUTE);
        used += snprintf(buf + used, SCHED_SLOT_BYTES - (size_t)used, "%c%02d:%02d",
                         offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
    }
    /* always fits: 50 bytes and a name of TZ_NAME_BYTES */
    (void)snprintf(buf + used, SCHED_SLOT_BYTES - (size_t)used, " %s", tz_name(zone));
    return buf;
}
