/* Decisions that lie ahead of an event or behind it: `before` and `after`.
 *
 * Each rule keeps one row for each thing planned, or for each event that `after` counts from. The
 * row of a thing planned is found by its activity; the newest version of it counts, whichever comes
 * last. Once decided or called off it stays until an older version could not decide any more. */
#include "core/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/event_fields.h"
#include "core/phrases_reasons.h"
#include "core/speech.h"

/* --- moments --- */

/* So many days further by the calendar, at the same time on the clock, and then the rest. */
static msec_t shift(const struct tz *tz, msec_t t, msec_t length)
{
    msec_t days = length / MSEC_DAY, rest = length % MSEC_DAY;
    if (days)
        t = tz_instant_wall(tz, tz_wall(tz, t) + days * MSEC_DAY, TZ_GAP_END);
    return t + rest;
}

msec_t ahead_moment(const struct core *core, const struct rule *rule, const struct person *rep,
                    const struct event *event, const struct moment *moment)
{
    bool before = rule->point == POINT_BEFORE;
    msec_t from = before ? event->due : event->time;
    if (!moment->working)
        return shift(rep->tz, from, before ? -moment->length : moment->length);
    return before ? person_subtract_working(core, rep, from, moment->length)
                  : person_add_working(core, rep, from, moment->length);
}

/* The first moment of `after` behind the cursor; NULL: none is left. */
static const struct moment *next_moment(const struct core *core, const struct pending *p,
                                        msec_t *ret_at)
{
    const struct moment *next = NULL;
    for (int i = 0; i < p->rule->moment_count; i++) {
        const struct moment *moment = &p->rule->moments[i];
        msec_t at = ahead_moment(core, p->rule, p->rep, p->event, moment);
        if (at <= p->cursor || at == MSEC_NEVER || (next && at >= *ret_at))
            continue;
        next = moment;
        *ret_at = at;
    }
    return next;
}

/* So long an older version of a thing planned can still come and would decide; later it is
 * history. */
static msec_t keep_until(const struct pending *p)
{
    msec_t until = p->event->time + HISTORY_DAYS * MSEC_DAY + 1;
    return p->event->due > until ? p->event->due : until;
}

/* When the row is to be looked at next; MSEC_NEVER: it has done its work. */
static msec_t row_due(const struct core *core, const struct pending *p)
{
    msec_t at = MSEC_NEVER;
    if (p->done)
        return keep_until(p);
    if (p->rule->point == POINT_BEFORE)
        return ahead_moment(core, p->rule, p->rep, p->event, &p->rule->moments[0]);
    return next_moment(core, p, &at) ? at : MSEC_NEVER;
}

/* --- rows --- */

/* Two bars with nothing between: other rows have a rep there. */
static const char *row_key(const struct rule *rule, const struct event *event, struct arena *arena)
{
    return arena_printf(arena, "%s||%s %s", rule->id, event->source ? event->source : "",
                        event->activity ? event->activity : event->id);
}

static struct candidate candidate_of(const struct pending *p)
{
    return (struct candidate){.rule = p->rule,
                              .rep = p->rep,
                              .deal = p->deal,
                              .event = p->event,
                              .occurrence = p->occurrence,
                              .stage = p->stage,
                              .waited = true};
}

static struct pending *row_new(const char *key, const struct rule *rule, struct person *rep,
                               struct deal *deal, const struct event *event)
{
    struct pending *p = pending_new(key, event->id, deal ? deal->texts[DEAL_STAGE] : NULL);
    p->kind = PENDING_PLAN;
    p->rule = rule;
    p->rep = rep;
    p->deal = deal;
    p->event = event_dup(event);
    p->since = event->time;
    p->cursor = event->time;
    p->terms = xstrdup(rule->moments_text);
    return p;
}

static void row_move(struct core *core, struct step *step, struct pending *p)
{
    msec_t due = row_due(core, p);
    timer_set(&core->timers, &p->timer, due < step->now ? step->now : due);
    persist_pending(step, p, false);
}

/* What it was told last takes the place of what was told before. */
static void row_take(struct pending *p, const struct event *event)
{
    free(p->event);
    p->event = event_dup(event);
    p->since = event->time;
}

/* A decision about it may be held. */
static void end_hold(struct core *core, struct step *step, const struct pending *p)
{
    struct candidate c = candidate_of(p);
    struct pending *hold = map_get(&core->pendings, pending_key(&c, &step->arena));
    if (hold && hold->kind == PENDING_HOLD)
        pending_end(core, step, hold);
}

static bool is_held(const struct core *core, struct step *step, const struct pending *p)
{
    struct candidate c = candidate_of(p);
    return map_get(&core->pendings, pending_key(&c, &step->arena)) != NULL;
}

/* It is not as planned any more. */
static void call_off(struct core *core, struct step *step, struct pending *p, const char *why)
{
    struct candidate c = candidate_of(p);
    if (!p->done || is_held(core, step, p))
        decide_note(step, &c, "cancelled", "plan", why);
    end_hold(core, step, p);
    p->done = true;
}

bool ahead_close(struct core *core, struct step *step, struct pending *p)
{
    if (p->rule->point != POINT_BEFORE) {
        pending_end(core, step, p);
        return false;
    }
    p->done = true;
    row_move(core, step, p);
    return true;
}

/* --- things planned --- */

static bool is_newer(const struct event *event, const struct event *known)
{
    return event->time != known->time ? event->time > known->time : event->key.a > known->key.a;
}

/* Why the thing stands no more; NULL: it is planned. */
static const char *what_became(const struct event *event)
{
    static const struct {
        const char *outcome, *words;
    } ends[] = {
        {"cancelled", SAY_REASON_CALLED_OFF},
        {"rescheduled", SAY_REASON_PUT_OFF},
        {"no_show", SAY_REASON_NO_SHOW},
        {"completed", SAY_REASON_TOOK_PLACE},
    };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        if (str_eq(event->outcome, ends[i].outcome))
            return ends[i].words;
    }
    return event->type == EVENT_ACTIVITY_LOGGED ? SAY_REASON_TOOK_PLACE : NULL;
}

static bool was_put_off(const struct event *event)
{
    return str_eq(event->outcome, "cancelled") || str_eq(event->outcome, "rescheduled");
}

static bool wanted_by(const struct core *core, struct step *step, const struct rule *rule,
                      const struct event *event, const struct person *rep, const struct deal *deal)
{
    struct scope scope = {.core = core,
                          .event = event,
                          .rep = rep,
                          .deal = deal,
                          .rule = rule,
                          .now = step->now,
                          .arena = &step->arena};
    return (rule->when >> event->type & 1) && cond_holds(rule->when_cond, &scope);
}

/* Only its words are new: the time, the person and the deal are as they were. */
static bool same_plan(const struct pending *p, const struct event *event, const struct person *rep,
                      const struct deal *deal)
{
    return !what_became(p->event) && p->event->due == event->due && p->rep == rep &&
           p->deal == deal;
}

/* What the newest version says about a row that is there. False: the row is to be made anew. */
static bool row_update(struct core *core, struct step *step, struct pending *p,
                       const struct event *event, const struct person *rep, const struct deal *deal,
                       bool wanted)
{
    struct arena *arena = &step->arena;
    const char *became = what_became(event);
    bool same = wanted && same_plan(p, event, rep, deal);
    if (became)
        call_off(core, step, p, became);
    else if (!wanted || event->due == MSEC_NONE)
        call_off(core, step, p, SAY_REASON_SOMETHING_ELSE);
    else if (!same)
        call_off(core, step, p,
                 p->event->due == event->due ? SAY_REASON_SOMEBODY_ELSE
                                             : arena_printf(arena, in_english(SAY_REASON_MOVED_TO),
                                                            render_date(rep, event->due, arena),
                                                            render_time(rep, event->due, arena)));
    if (wanted && !same && !became && event->due != MSEC_NONE)
        return false;
    row_take(p, event);
    row_move(core, step, p);
    return true;
}

/* A sender that does not name the activity names its time: the row of that time, or NULL. */
static struct pending *row_of_time(const struct rule *rule, const struct event *event,
                                   const struct person *rep, const struct deal *deal)
{
    struct pending *const *list = deal ? deal->pending : rep ? rep->pending : NULL;
    int count = deal ? deal->pending_count : rep ? rep->pending_count : 0;
    for (int i = 0; i < count && event->due != MSEC_NONE; i++) {
        const struct event *planned = list[i]->event;
        if (list[i]->kind == PENDING_PLAN && list[i]->rule == rule && list[i]->rep == rep &&
            planned->due == event->due && str_eq(planned->kind, event->kind) &&
            str_eq(planned->source, event->source))
            return list[i];
    }
    return NULL;
}

static void plan(struct core *core, struct step *step, struct pending *p)
{
    struct candidate c = candidate_of(p);
    msec_t due = row_due(core, p);
    const char *late = ahead_too_late(&c, step->now);
    if (late || due == MSEC_NONE) {
        decide_note(step, &c, "expired", "late", late ? late : SAY_REASON_SHORT_TIME);
        p->done = true;
    } else if (pending_is_over(core, step, &c)) {
        decide_note(step, &c, "cancelled", "unless", SAY_REASON_WAIT_OVER);
        p->done = true;
    }
    due = row_due(core, p);
    pending_put(core, step, p, due < step->now ? step->now : due);
}

/* An event that plans nothing, about a thing that is not known. */
static void plan_nothing(struct core *core, struct step *step, const struct rule *rule,
                         const struct event *event, struct person *rep, struct deal *deal,
                         const char *key, bool wanted)
{
    struct candidate c = {.rule = rule, .rep = rep, .deal = deal, .occurrence = event->id};
    if (wanted)
        decide_note(step, &c, "suppressed", "plan", SAY_REASON_NO_BEGINNING);
    if (wanted || !was_put_off(event))
        return;
    struct pending *p = row_new(key, rule, rep, deal, event);
    p->done = true; /* what was planned may come later still */
    pending_put(core, step, p, row_due(core, p));
}

/* Can it have to do with anything planned? Most of what is logged was never planned. */
static bool concerns_plans(const struct core *core, const struct event *event)
{
    if (event->type != EVENT_ACTIVITY_PLANNED && event->type != EVENT_ACTIVITY_LOGGED)
        return false;
    return core->planned || !what_became(event) || was_put_off(event);
}

static void before_event(struct core *core, struct step *step, const struct rule *rule,
                         const struct event *event, struct person *rep, struct deal *deal,
                         bool decides)
{
    const char *became = what_became(event);
    const char *key = row_key(rule, event, &step->arena);
    struct pending *p = map_get(&core->pendings, key);
    if (!p && became)
        p = row_of_time(rule, event, rep, deal);
    bool wanted = rep && coaching_looks_at(core, rule, rep) && !became &&
                  wanted_by(core, step, rule, event, rep, deal);
    bool plans = wanted && event->due != MSEC_NONE && (decides || p);
    if (p && (!is_newer(event, p->event) || row_update(core, step, p, event, rep, deal, wanted)))
        return;
    if (plans)
        plan(core, step, row_new(key, rule, rep, deal, event));
    else if (decides)
        plan_nothing(core, step, rule, event, rep, deal, key, wanted);
}

/* --- after --- */

/* Moments that had passed long before the event was heard of. */
static void skip_passed(struct core *core, struct step *step, struct pending *p)
{
    const struct moment *moment;
    msec_t at = 0, edge = step->now - core->book->limits.late_at_most;
    while ((moment = next_moment(core, p, &at)) && at < edge) {
        struct candidate c = candidate_of(p);
        c.occurrence = arena_printf(&step->arena, "%s +%s", p->occurrence, moment->text);
        decide_note(step, &c, "expired", "late", SAY_REASON_MOMENT_PAST);
        p->cursor = at;
    }
}

static void after_event(struct core *core, struct step *step, const struct rule *rule,
                        const struct event *event, struct person *rep, struct deal *deal)
{
    if (!wanted_by(core, step, rule, event, rep, deal))
        return;
    struct pending *p = row_new(row_key(rule, event, &step->arena), rule, rep, deal, event);
    struct candidate c = candidate_of(p);
    if (map_get(&core->pendings, p->key) || pending_is_over(core, step, &c)) {
        if (!map_get(&core->pendings, p->key))
            decide_note(step, &c, "cancelled", "unless", SAY_REASON_WAIT_OVER);
    } else {
        skip_passed(core, step, p);
        msec_t due = row_due(core, p);
        if (due != MSEC_NEVER) {
            pending_put(core, step, p, due < step->now ? step->now : due);
            return;
        }
    }
    pending_free(core, p);
}

void ahead_event(struct core *core, struct step *step, const struct event *event,
                 const struct coaching *coaching, struct person *rep, struct deal *deal,
                 bool decides)
{
    bool plans = concerns_plans(core, event);
    for (int i = 0; i < core->book->ahead.count; i++) {
        const struct rule *rule = core->book->ahead.rules[i];
        if (rule->point == POINT_BEFORE ? !plans : !(rule->when >> event->type & 1))
            continue;
        struct person *about = coaching_about(coaching, rule, rep);
        if (coaching->manager && !about)
            continue;
        bool looks = decides && about && coaching_looks_at(core, rule, about);
        if (rule->point == POINT_BEFORE)
            before_event(core, step, rule, event, about, deal, looks);
        else if (looks)
            after_event(core, step, rule, event, about, deal);
    }
}

/* --- its moment --- */

bool ahead_fire(struct core *core, struct step *step, struct pending *p, struct candidate *ret)
{
    const struct moment *moment;
    msec_t at = 0;
    if (p->done)
        return false;
    if (p->rule->point == POINT_BEFORE) {
        p->done = true;
        *ret = candidate_of(p);
        return true;
    }
    skip_passed(core, step, p);
    moment = next_moment(core, p, &at);
    if (!moment || at > step->now)
        return false;
    p->cursor = at;
    *ret = candidate_of(p);
    ret->occurrence = arena_printf(&step->arena, "%s +%s", p->occurrence, moment->text);
    return true;
}

void ahead_continue(struct core *core, struct step *step, struct pending *p)
{
    msec_t due = row_due(core, p);
    if (p->done ? due > step->now : due != MSEC_NEVER) {
        pending_put(core, step, p, due < step->now ? step->now : due);
        return;
    }
    persist_pending(step, p, true);
    pending_free(core, p);
}

const char *ahead_too_late(const struct candidate *c, msec_t t)
{
    if (c->rule->point != POINT_BEFORE || !c->event || c->event->due == MSEC_NONE ||
        t < c->event->due)
        return NULL;
    return SAY_REASON_BEGUN;
}

const char *ahead_stale(const struct candidate *c)
{
    const struct deal *deal = c->deal;
    if (c->rule->point != POINT_BEFORE || !c->event || !deal || deal_is_open(deal))
        return NULL;
    enum deal_field field = deal->deleted ? DEAL_DELETED : DEAL_STAGE;
    if (deal->stamps[field].time <= c->event->time)
        return NULL; /* planned when that was known */
    return deal->deleted ? SAY_REASON_DEAL_GONE : SAY_REASON_DEAL_CLOSED;
}

/* --- another book --- */

static bool still_fits(struct core *core, struct step *step, const struct pending *p)
{
    enum rule_point point = p->rule->point;
    if (point != POINT_BEFORE && point != POINT_AFTER)
        return false;
    if (p->done)
        return true;
    return wanted_by(core, step, p->rule, p->event, p->rep, p->deal) &&
           (point == POINT_AFTER || p->event->due != MSEC_NONE);
}

void ahead_rebind(struct core *core, struct step *step, struct pending *p, bool tells)
{
    const struct rule *rule = p->rule;
    const char *why = NULL;
    if (p->kind != PENDING_PLAN)
        return;
    bool fits = still_fits(core, step, p);
    if (fits && str_eq(rule->moments_text, p->terms))
        return;
    if (fits && !p->done) {
        xstr_replace(&p->terms, rule->moments_text);
        if (rule->point == POINT_AFTER && p->cursor < step->now)
            p->cursor = step->now; /* what the new list would have asked before is over */
        msec_t due = row_due(core, p);
        if (due != MSEC_NEVER && due != MSEC_NONE) {
            row_move(core, step, p);
            return;
        }
        why = SAY_REASON_NO_MOMENT;
    }
    struct candidate c = candidate_of(p);
    if (tells && !p->done)
        decide_note(step, &c, "cancelled", "rule", why ? why : SAY_REASON_DECIDES_OTHERWISE);
    if (!fits || !p->done)
        pending_end(core, step, p);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct pending *const *)a)->key, (*(struct pending *const *)b)->key);
}

/* The files may have changed while the daemon was down. */
void ahead_ready(struct core *core, struct step *step)
{
    struct pending **list = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < core->timers.count; i++) {
        const struct timer *timer = core->timers.heap[i].timer;
        struct pending *p =
            timer->kind == TIMER_PENDING ? map_get(&core->pendings, timer->key) : NULL;
        if (!p || p->kind != PENDING_PLAN)
            continue;
        ARRAY_GROW(list, count, cap);
        list[count++] = p;
    }
    if (count > 1) /* the order of the heap depends on its past */
        qsort(list, count, sizeof(struct pending *), by_key);
    for (size_t i = 0; i < count; i++)
        ahead_rebind(core, step, list[i], false);
    free(list);
}
