/* What a person wants, against what the rules would do. */
#include "core/wishes.h"

#include <jansson.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/clock.h"
#include "core/parts.h"
#include "core/phrases_reasons.h"
#include "core/talk.h"

enum { OWN_DAYS = 14, QUIET_TRIES = 30 };

static int minute_of(const struct person *person, msec_t t, struct civil *ret)
{
    tz_local(person->tz, t, ret);
    return ret->hour * 60 + ret->minute;
}

static bool is_within(const struct wishes *wishes, int minute)
{
    if (wishes->quiet_from < wishes->quiet_to)
        return minute >= wishes->quiet_from && minute < wishes->quiet_to;
    return minute >= wishes->quiet_from || minute < wishes->quiet_to;
}

bool person_is_quiet(const struct person *person, msec_t t)
{
    struct civil c;
    return person->wishes.quiet && is_within(&person->wishes, minute_of(person, t, &c));
}

/* The next time the clock shows the end of the quiet hours that t lies in. */
static msec_t quiet_end(const struct person *person, msec_t t)
{
    struct civil c;
    int end = person->wishes.quiet_to;
    if (minute_of(person, t, &c) >= end)
        c.day++; /* tz_instant takes a day beyond the month as one of the next */
    c.hour = end / 60;
    c.minute = end % 60;
    c.second = 0;
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

msec_t person_next_welcome(const struct core *core, const struct person *person, msec_t t)
{
    for (int i = 0; i < QUIET_TRIES; i++) {
        t = person_next_working(core, person, t);
        if (t == MSEC_NEVER || !person_is_quiet(person, t))
            return t;
        msec_t end = quiet_end(person, t);
        t = end > t ? end : t + MSEC_HOUR; /* an hour that the clock shows twice */
    }
    return MSEC_NEVER;
}

static int own_talks(const struct core *core, const struct person *person, msec_t now)
{
    int count = 0;
    if (person->own_talk <= now - OWN_DAYS * MSEC_DAY) /* nearly always, and asked all the time */
        return 0;
    for (size_t i = 0; i < core->talk_count; i++) {
        const struct talk *talk = core->talks[i];
        count += talk->to == person && str_empty(talk->rule_id) &&
                 talk->started > now - OWN_DAYS * MSEC_DAY && talk->started <= now;
    }
    return count;
}

int person_week_cap(const struct core *core, const struct person *person, msec_t now, int *ret_own)
{
    int cap = person->wishes.per_week;
    *ret_own = own_talks(core, person, now);
    if (!cap && *ret_own) {
        unsigned days = person_hours(core, person)->weekdays;
        cap = core->book->limits.prompts_per_day * __builtin_popcount(days);
    } else if (!cap) {
        return -1;
    }
    return cap > *ret_own ? cap - *ret_own : 0;
}

/* A rule is unwanted by its kind only when it has no other. */
static bool all_kinds_off(const struct wishes *wishes, const struct rule *rule)
{
    for (int i = 0; i < rule->question_count; i++) {
        if (!(wishes->kinds_off >> rule->questions[i]->kind & 1))
            return false;
    }
    return rule->question_count > 0;
}

const char *person_unwanted(const struct person *person, const struct rule *rule)
{
    static const char words[] = SAY_REASON_OTHER_TOPICS;
    for (int i = 0; i < person->mute_count; i++) {
        if (str_eq(person->mutes[i], rule->plugin->id))
            return words;
    }
    bool off = person->wishes.areas_off >> rule->area & 1;
    return rule->action->counts && (off || all_kinds_off(&person->wishes, rule)) ? words : NULL;
}

void wishes_write(struct jsonw *json, const struct wishes *wishes)
{
    if (wishes->quiet) {
        jsonw_int(json, "quiet_from", wishes->quiet_from);
        jsonw_int(json, "quiet_to", wishes->quiet_to);
    }
    if (wishes->per_week)
        jsonw_int(json, "per_week", wishes->per_week);
    if (wishes->areas_off)
        jsonw_int(json, "areas_off", wishes->areas_off);
    if (wishes->kinds_off)
        jsonw_int(json, "kinds_off", wishes->kinds_off);
}

static int number_in(const json_t *root, const char *key, int most)
{
    json_int_t number = json_integer_value(json_object_get(root, key)); /* 0 where there is none */
    return number < 0 ? 0 : number > most ? most : (int)number;
}

void wishes_load(struct wishes *wishes, const json_t *root)
{
    wishes->quiet = json_object_get(root, "quiet_from") != NULL;
    wishes->quiet_from = number_in(root, "quiet_from", CLOCK_DAY_MIN);
    wishes->quiet_to = number_in(root, "quiet_to", CLOCK_DAY_MIN);
    wishes->per_week = number_in(root, "per_week", WISH_PER_WEEK_MAX);
    if (!wishes->per_week && json_is_true(json_object_get(root, "less"))) /* of before */
        wishes->per_week = 1;
    wishes->areas_off = (unsigned)number_in(root, "areas_off", UINT8_MAX);
    wishes->kinds_off = (unsigned)number_in(root, "kinds_off", UINT8_MAX);
}
