#include "core/moved.h"

#include "base/alloc.h"
#include "core/ahead.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/phrases_reasons.h"
#include "core/learn.h"

/* No two zones are further apart, so no clock that is right is further ahead of another. */
enum { APART_DAYS = 2 };

/* Its times are times of the day in the zone of whoever receives it. */
static bool is_local(const struct rule *rule)
{
    return !rule->zone && !sched_is_interval(rule->sched);
}

static msec_t end_of(const struct wall_clock *clock, const struct tz *tz)
{
    return tz_instant_wall(tz, clock->shown, TZ_GAP_END | TZ_PASS_SECOND);
}

/* Who is new, or was asleep, has heard nothing that could come twice. */
static bool has_heard(const struct person *person, const struct rule *rule, msec_t due)
{
    if (rule->to == TO_PEER || rule->absent_per_deal)
        return true; /* it was counted for a colleague, or waits at a deal */
    const struct uses *uses = person_use(person, rule->id);
    const msec_t from = due - APART_DAYS * MSEC_DAY;
    for (int i = 0; i < person->pending_count; i++) {
        if (person->pending[i]->rule == rule)
            return true;
    }
    return (uses && uses->last >= from) || person_hush_last(person, rule->id) >= from;
}

bool moved_has_seen(const struct person *person, const struct rule *rule, const struct tz *tz,
                    msec_t due)
{
    const struct wall_clock *clock = &person->clock;
    const msec_t wall = tz_wall(tz, due);
    return clock->has_moved && is_local(rule) && clock->shown < wall + APART_DAYS * MSEC_DAY &&
           due <= end_of(clock, tz) && has_heard(person, rule, due);
}

/* Up to when the schedules of a zone are done: what is due there and has not had its turn, because
 * gritd was down, is not. */
static msec_t done_in(const struct core *core, const struct tz *tz, msec_t now)
{
    msec_t done = now;
    for (int i = 0; i < core->book->scheduled.count; i++) {
        const struct rule *rule = core->book->scheduled.rules[i];
        msec_t due, after = is_local(rule) ? slot_done(core, rule, tz, now) : MSEC_NONE;
        if (after != MSEC_NONE && !sched_next(rule->sched, tz, after, &due) && due <= done)
            done = due - 1;
    }
    return done;
}

/* Not at once: a reload and a start decide nothing. The wait is over with the next tick, each
 * moment by itself, as after a time when gritd was down. */
static void make_good(struct core *core, struct step *step, const struct rule *rule,
                      struct person *person, msec_t due)
{
    struct candidate *list = NULL;
    size_t count = 0, cap = 0;
    char text[SCHED_SLOT_BYTES];
    const char *occurrence =
        arena_strdup(&step->arena, sched_slot(rule->sched, person->tz, due, text));
    struct missing_run run = {.rule = rule,
                              .due = due,
                              .occurrence = occurrence,
                              .list = &list,
                              .count = &count,
                              .cap = &cap};
    bool missed = slot_missed(rule, person->tz, due, step->now);
    slot_ask(core, step, &run, person, missed ? SAY_REASON_LEAPT : NULL);
    for (size_t i = 0; i < count; i++) {
        struct scope scope = {.core = core,
                              .rep = person,
                              .deal = list[i].deal,
                              .rule = rule,
                              .now = step->now,
                              .arena = &step->arena};
        if (cond_holds(rule->cond, &scope))
            pending_start(core, step, &list[i], PENDING_WAIT, step->now, due);
    }
    free(run.touches);
    free(list);
}

/* A rule that did not speak in the old zone has missed nothing in the new one. */
static void leap(struct core *core, struct step *step, struct person *person,
                 const struct tz *before, msec_t from)
{
    for (int i = 0; i < core->book->scheduled.count; i++) {
        const struct rule *rule = core->book->scheduled.rules[i];
        msec_t due = from;
        if (!is_local(rule) || !slot_receives(core, rule, person) ||
            slot_done(core, rule, before, step->now) == MSEC_NONE)
            continue;
        while (!sched_next(rule->sched, person->tz, due, &due) && due <= step->now)
            make_good(core, step, rule, person, due);
    }
}

static void move(struct core *core, struct step *step, struct person *person,
                 const struct tz *before, msec_t now)
{
    struct wall_clock *clock = &person->clock;
    const msec_t here = tz_wall(person->tz, now);
    const msec_t there = tz_wall(before, done_in(core, before, now));
    if (!clock->has_moved || clock->shown < there ||
        clock->shown >= here + APART_DAYS * MSEC_DAY) /* the clock was set back since */
        clock->shown = there;
    clock->has_moved = true;
    if (clock->shown >= here)
        return;
    leap(core, step, person, before, end_of(clock, person->tz));
    clock->shown = here;
}

static void look(struct core *core, struct step *step, struct person *person, msec_t now)
{
    const char *zone = tz_name(person->tz), *known = person->clock.zone;
    if (str_eq(known, zone))
        return;
    person->clock.zone = core_intern(core, zone);
    const struct tz *before = str_eq(known, tz_name(tz_utc())) ? tz_utc() : core_zone(core, known);
    if (!before) /* seen for the first time */
        return;
    move(core, step, person, before, now);
    person_touch(core, person);
}

void moved_people(struct core *core, msec_t now, struct step *step)
{
    for (size_t i = 0; i < core->person_count; i++)
        look(core, step, core->people[i], now);
    for (size_t i = 0; i < core->team_count; i++)
        look(core, step, core->teams[i], now);
}
