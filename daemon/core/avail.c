/* When a person can be spoken to. */
#include "base/alloc.h"
#include "core/parts.h"

static struct hours_calendar calendar(const struct core *core, const struct person *person)
{
    return (struct hours_calendar){
        .hours = *person_hours(core, person),
        .zone = person->tz,
        .holidays = core->book->holidays,
        .holiday_count = (size_t)core->book->holiday_count,
    };
}

/* rep.back ends the absence it falls into. */
static msec_t away_end(const struct person *person, const struct hours_away *away)
{
    for (int i = 0; i < person->back_count; i++) {
        if (person->backs[i] >= away->from && person->backs[i] < away->until)
            return person->backs[i];
    }
    return away->until;
}

msec_t person_away_until(const struct person *person, msec_t t)
{
    msec_t until = MSEC_NONE;
    for (int i = 0; i < person->leave_count; i++) {
        if (person->leave[i].from <= t && t < person->leave[i].until &&
            person->leave[i].until > until)
            until = person->leave[i].until;
    }
    for (int i = 0; i < person->away_count && person->aways[i].from <= t; i++) {
        msec_t end = away_end(person, &person->aways[i]);
        if (t < end && end > until)
            until = end;
    }
    return until;
}

bool person_was_away(const struct person *person, msec_t from, msec_t until)
{
    for (int i = 0; i < person->leave_count; i++) {
        if (person->leave[i].from <= until && person->leave[i].until > from)
            return true;
    }
    for (int i = 0; i < person->away_count && person->aways[i].from <= until; i++) {
        if (away_end(person, &person->aways[i]) > from)
            return true;
    }
    return false;
}

bool person_works_at(const struct core *core, const struct person *person, msec_t t)
{
    struct hours_calendar c = calendar(core, person);
    return hours_is_working(&c, t);
}

/* Leave and absences with room for one more. Owns: the caller frees. */
static struct hours_away *aways_new(const struct person *person, size_t *ret_count)
{
    size_t used = 0;
    struct hours_away *away =
        NEW_ARRAY(struct hours_away, (size_t)(person->leave_count + person->away_count) + 1);
    for (int i = 0; i < person->leave_count; i++)
        away[used++] = person->leave[i];
    for (int i = 0; i < person->away_count; i++)
        away[used++] =
            (struct hours_away){person->aways[i].from, away_end(person, &person->aways[i])};
    *ret_count = used;
    return away;
}

msec_t person_next_working(const struct core *core, const struct person *person, msec_t t)
{
    struct hours_calendar c = calendar(core, person);
    size_t count;
    struct hours_away *away = aways_new(person, &count);
    msec_t next = hours_next(&c, t, away, count);
    free(away);
    return next;
}

/* The working time of [from, until) outside of the absences. */
static msec_t working_time(const struct hours_calendar *c, msec_t from, msec_t until,
                           const struct hours_away *away, size_t count)
{
    msec_t sum = 0;
    for (msec_t t = from; (t = hours_next(c, t, away, count)) < until;) {
        msec_t end = hours_period_end(c, t);
        for (size_t i = 0; i < count; i++)
            end = away[i].from > t && away[i].from < end ? away[i].from : end;
        end = end < until ? end : until;
        sum += end - t;
        t = end;
    }
    return sum;
}

msec_t person_presence(const struct core *core, const struct person *person, msec_t from,
                       msec_t until, msec_t there_from, msec_t *ret_working)
{
    struct hours_calendar c = calendar(core, person);
    size_t count;
    struct hours_away *away = aways_new(person, &count);
    if (there_from > from)
        away[count++] = (struct hours_away){from, there_from};
    *ret_working = working_time(&c, from, until, NULL, 0);
    msec_t there = working_time(&c, from, until, away, count);
    free(away);
    return there;
}

msec_t person_subtract_working(const struct core *core, const struct person *person, msec_t t,
                               msec_t working)
{
    struct hours_calendar c = calendar(core, person);
    return hours_subtract(&c, t, working);
}

msec_t person_add_working(const struct core *core, const struct person *person, msec_t t,
                          msec_t working)
{
    struct hours_calendar c = calendar(core, person);
    return hours_add(&c, t, working);
}

msec_t person_working_end(const struct core *core, const struct person *person, msec_t t)
{
    struct hours_calendar c = calendar(core, person);
    return hours_period_end(&c, t);
}

msec_t person_workday(const struct core *core, const struct person *person, msec_t from, int64_t n)
{
    struct hours_calendar c = calendar(core, person);
    msec_t t = hours_next(&c, from, NULL, 0);
    while (--n > 0 && t != MSEC_NEVER)
        t = hours_next(&c, hours_period_end(&c, t), NULL, 0);
    return t;
}

msec_t person_cool_until(const struct core *core, const struct person *person)
{
    msec_t loss = person->last_loss;
    if (loss == MSEC_NONE)
        return MSEC_NONE;
    if (person_works_at(core, person, loss))
        loss = person_working_end(core, person, loss);
    return person_next_working(core, person, loss);
}

msec_t person_paused_until(const struct person *person)
{
    msec_t until =
        person->paused_until > person->stopped_until ? person->paused_until : person->stopped_until;
    return person->team_paused_until > until ? person->team_paused_until : until;
}

bool person_reachable(const struct core *core, const struct person *person, msec_t now)
{
    return person_is_here(core, person) && person_away_until(person, now) == MSEC_NONE &&
           now >= person_paused_until(person);
}

int64_t person_day(const struct person *person, msec_t t)
{
    struct civil c;
    tz_local(person->tz, t, &c);
    return civil_to_days(c.year, c.month, c.day);
}

static msec_t day_start(const struct person *person, int64_t day)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

void person_day_span(struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until)
{
    struct calendar_cache *cache = &person->cache;
    if (t < cache->day_from || t >= cache->day_until) {
        int64_t day = person_day(person, t);
        cache->day_from = day_start(person, day);
        cache->day_until = day_start(person, day + 1);
    }
    *ret_from = cache->day_from;
    *ret_until = cache->day_until;
}

void person_week_span(struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until)
{
    struct calendar_cache *cache = &person->cache;
    if (t < cache->week_from || t >= cache->week_until) {
        int64_t monday = person_week(person, t) * 7 - 3;
        cache->week_from = day_start(person, monday);
        cache->week_until = day_start(person, monday + 7);
    }
    *ret_from = cache->week_from;
    *ret_until = cache->week_until;
}

bool person_works_now(const struct core *core, struct person *person, msec_t t)
{
    struct calendar_cache *cache = &person->cache;
    if (t >= cache->work_from && t < cache->work_until)
        return true;
    if (!person_works_at(core, person, t))
        return false;
    cache->work_from = t;
    cache->work_until = person_working_end(core, person, t);
    return true;
}

msec_t person_cool_end(const struct core *core, struct person *person)
{
    struct calendar_cache *cache = &person->cache;
    if (!cache->cool_until || cache->cool_loss != person->last_loss) {
        cache->cool_loss = person->last_loss;
        cache->cool_until = person_cool_until(core, person);
    }
    return cache->cool_until;
}

void person_forget_calendar(struct person *person)
{
    person->cache = (struct calendar_cache){0};
}

int64_t person_week(const struct person *person, msec_t t)
{
    int64_t day = person_day(person, t) + 3; /* 1970-01-01 was a Thursday; weeks begin on Monday */
    return day / 7 - (day % 7 < 0);
}
