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

bool person_works_at(const struct core *core, const struct person *person, msec_t t)
{
    struct hours_calendar c = calendar(core, person);
    return hours_is_working(&c, t);
}

msec_t person_next_working(const struct core *core, const struct person *person, msec_t t)
{
    struct hours_calendar c = calendar(core, person);
    int count = person->leave_count + person->away_count;
    struct hours_away *away = NEW_ARRAY(struct hours_away, (size_t)count);
    int used = 0;
    for (int i = 0; i < person->leave_count; i++)
        away[used++] = person->leave[i];
    for (int i = 0; i < person->away_count; i++)
        away[used++] =
            (struct hours_away){person->aways[i].from, away_end(person, &person->aways[i])};
    msec_t next = hours_next(&c, t, away, (size_t)used);
    free(away);
    return next;
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
    return person->paused_until > person->stopped_until ? person->paused_until
                                                        : person->stopped_until;
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

int64_t person_week(const struct person *person, msec_t t)
{
    int64_t day = person_day(person, t) + 3; /* 1970-01-01 was a Thursday; weeks begin on Monday */
    return day / 7 - (day % 7 < 0);
}
