/* The life of a plan: rehearsed once, reminded of at its moment, and looked at a day later; what is
 * practised is asked about again and again until it is a habit. */
#include "core/plan.h"

#include <string.h>

#include "base/alloc.h"
#include "core/clock.h"
#include "core/phrases.h"
#include "core/phrases_plan.h"
#include "core/speech.h"
#include "core/words.h"

enum {
    FIRST_DAYS = 2, /* until the first question about what is practised */
    LEAST_DAYS = 1,
    MOST_DAYS = 60,
};

struct plan *plan_find(const struct person *by, const char *key)
{
    for (int i = 0; i < by->plan_count; i++) {
        if (str_eq(by->plans[i]->key, key))
            return by->plans[i];
    }
    return NULL;
}

struct plan *plan_draft(const struct person *by)
{
    for (int i = 0; i < by->plan_count; i++) {
        if (by->plans[i]->state == PLAN_DRAFT)
            return by->plans[i];
    }
    return NULL;
}

static void settle(struct core *core, struct step *step, struct plan *plan)
{
    plan_arm(core, plan);
    plan_persist(step, plan);
}

/* --- making one --- */

/* The reading lives shorter than the plan. */
static struct deal *own(struct core *core, const struct deal *deal)
{
    return deal ? deal_find(core, deal->id) : NULL;
}

struct plan *plan_add(struct core *core, struct person *by, const char *words,
                      const struct plan_reading *reading, msec_t now)
{
    int number = by->plan_count ? by->plans[by->plan_count - 1]->number + 1 : 1;
    struct plan *plan = plan_new(by, number);
    struct strbuf kept = {0};
    strbuf_add(&kept, words, utf8_prefix(words, PLAN_WORDS_POINTS));
    plan->words = strbuf_take(&kept);
    plan->cue_words = xstrdup(reading->cue_words);
    plan->act = xstrdup(reading->act);
    plan->stage = xstrdup(reading->stage);
    plan->cue = reading->cue;
    plan->weekday = reading->weekday;
    plan->minute = reading->minute;
    plan->single = reading->single;
    plan->ahead = reading->ahead;
    plan->kinds = reading->kinds;
    plan->near = own(core, reading->near);
    plan->target = own(core, reading->target);
    plan->made = now;
    plan->fire_at = reading->cue == CUE_ONCE ? reading->once : MSEC_NEVER;
    return plan;
}

static msec_t day_start(const struct person *person, int64_t day, int minute)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    c.hour = minute / 60;
    c.minute = minute % 60;
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

/* The next moment of a cue that is a time. */
static msec_t next_time(const struct core *core, const struct plan *plan, msec_t now)
{
    int64_t today = person_day(plan->by, now);
    const unsigned days =
        plan->cue == CUE_DAILY ? person_hours(core, plan->by)->weekdays : 1U << plan->weekday;
    for (int64_t day = today; day < today + 8; day++) {
        msec_t at = day_start(plan->by, day, plan->minute);
        if (days >> civil_weekday(day) & 1 && at > now)
            return at;
    }
    return MSEC_NEVER;
}

/* Looks for the moment ahead of the next thing planned. */
static void look_ahead(struct plan *plan, msec_t now)
{
    const struct meeting *meeting;
    if (plan->cue == CUE_AHEAD && plan->state == PLAN_ON)
        plan->fire_at = meeting_next(plan, now, &meeting);
}

void plan_begin(struct core *core, struct step *step, struct plan *plan)
{
    msec_t now = step->now;
    msec_t tomorrow = day_start(plan->by, person_day(plan->by, now) + 1, 0);
    plan->state = PLAN_ON;
    plan->made = now;
    plan->forget_at = MSEC_NEVER;
    plan->rehearse_at = person_next_working(core, plan->by, tomorrow);
    if (plan->cue == CUE_WEEKLY || plan->cue == CUE_DAILY)
        plan->fire_at = next_time(core, plan, now);
    look_ahead(plan, now);
    if (plan->fire_at <= plan->rehearse_at && plan->cue <= CUE_AHEAD)
        plan->rehearse_at = plan->fire_at == MSEC_NEVER ? plan->rehearse_at : MSEC_NEVER;
    settle(core, step, plan);
}

/* --- practice --- */

static int practised(const struct person *by)
{
    int count = 0;
    for (int i = 0; i < by->plan_count; i++)
        count += by->plans[i]->practice && by->plans[i]->state == PLAN_ON;
    return count;
}

static msec_t next_question(const struct core *core, const struct plan *plan, msec_t now)
{
    const struct tz *tz = plan->by->tz; /* so many days by the calendar, at the same hour */
    msec_t at = tz_instant_wall(tz, tz_wall(tz, now) + plan->interval, TZ_GAP_END);
    return person_next_working(core, plan->by, at);
}

static void start_practice(struct core *core, struct step *step, struct plan *plan)
{
    plan->state = PLAN_ON;
    plan->interval = FIRST_DAYS * MSEC_DAY;
    plan->forget_at = MSEC_NEVER;
    if (plan->cue == CUE_WEEKLY || plan->cue == CUE_DAILY)
        plan->fire_at = next_time(core, plan, step->now);
    look_ahead(plan, step->now);
    plan->ask_at = next_question(core, plan, step->now);
    settle(core, step, plan);
}

bool plan_practise(struct core *core, struct step *step, struct plan *plan)
{
    bool was_on = plan->practice && plan->state == PLAN_ON;
    bool room = was_on || practised(plan->by) < core->book->limits.habits_at_once;
    plan->practice = true;
    if (was_on)
        return true;
    if (room) {
        start_practice(core, step, plan);
        return true;
    }
    plan->state = PLAN_QUEUED;
    settle(core, step, plan);
    return false;
}

/* Something has become a habit or was dropped: the one that waits longest takes its place. */
static void next_practice(struct core *core, struct step *step, struct person *by)
{
    for (int i = 0; i < by->plan_count; i++) {
        if (by->plans[i]->state != PLAN_QUEUED)
            continue;
        if (practised(by) < core->book->limits.habits_at_once)
            start_practice(core, step, by->plans[i]);
        return;
    }
}

static void end(struct core *core, struct step *step, struct plan *plan, enum plan_state state)
{
    plan->state = state;
    plan->rehearse_at = plan->fire_at = plan->ask_at = MSEC_NEVER;
    plan->forget_at = step->now + PLAN_KEEP_DAYS * MSEC_DAY;
    settle(core, step, plan);
}

void plan_drop(struct core *core, struct step *step, struct plan *plan)
{
    struct person *by = plan->by;
    persist_delete(step, STATE_PLAN, plan->key);
    plan_free(core, plan);
    next_practice(core, step, by);
}

/* What is left of it after d days is taken as 2^(-d/h); it is asked for again when half is left,
 * which is after h. Done, h doubles; not done, it halves. */
static void stretch(struct plan *plan, bool done)
{
    msec_t interval = done ? plan->interval * 2 : plan->interval / 2;
    plan->interval = interval < LEAST_DAYS * MSEC_DAY  ? LEAST_DAYS * MSEC_DAY
                     : interval > MOST_DAYS * MSEC_DAY ? MOST_DAYS * MSEC_DAY
                                                       : interval;
}

/* A day counts once. */
static bool count_day(struct plan *plan, msec_t at)
{
    int64_t day = person_day(plan->by, at);
    if (day == plan->last_day)
        return false;
    plan->last_day = day;
    plan->times++;
    return true;
}

bool plan_tried(struct core *core, struct step *step, struct plan *plan, bool done)
{
    bool counted = done && count_day(plan, step->now);
    if (plan->practice && plan->state == PLAN_ON && (counted || !done)) {
        stretch(plan, done);
        plan->ask_at = next_question(core, plan, step->now);
    }
    if (plan->practice && plan->state == PLAN_ON && plan->times >= PLAN_HABIT_TIMES) {
        end(core, step, plan, PLAN_HABIT);
        next_practice(core, step, plan->by);
        return true;
    }
    settle(core, step, plan);
    return false;
}

/* --- said and done --- */

int plan_kept(const struct plan *plan)
{
    int count = plan->kept;
    for (int i = 0; i < plan->firing_count; i++)
        count += plan->firings[i].state == FIRING_KEPT;
    return count;
}

int plan_missed(const struct plan *plan)
{
    int count = plan->missed;
    for (int i = 0; i < plan->firing_count; i++)
        count += plan->firings[i].state == FIRING_MISSED;
    return count;
}

static void fired(struct plan *plan, msec_t at)
{
    if (plan->firing_count == PLAN_FIRINGS_MAX) {
        plan->kept += plan->firings[0].state == FIRING_KEPT;
        plan->missed += plan->firings[0].state == FIRING_MISSED;
        memmove(plan->firings, plan->firings + 1,
                (PLAN_FIRINGS_MAX - 1) * sizeof(plan->firings[0]));
        plan->firing_count--;
    }
    plan->firings[plan->firing_count++] = (struct firing){at, FIRING_OPEN};
    if (plan->kinds)
        plan->check_at = at + MSEC_DAY < plan->check_at ? at + MSEC_DAY : plan->check_at;
}

static bool is_act(const struct plan *plan, const struct event *event, const struct deal *deal)
{
    return event->type == EVENT_ACTIVITY_LOGGED && !event->automated &&
           (plan->kinds >> (unsigned)word_kind(event->kind) & 1) && event->kind &&
           (!plan->target || plan->target == deal);
}

/* Whenever it is heard of: what counts is when it happened. */
static void act_seen(struct core *core, struct step *step, struct plan *plan,
                     const struct event *event)
{
    bool changed = false;
    for (int i = 0; i < plan->firing_count; i++) {
        struct firing *firing = &plan->firings[i];
        if (event->time < firing->at || event->time >= firing->at + MSEC_DAY ||
            firing->state == FIRING_KEPT)
            continue;
        firing->state = FIRING_KEPT;
        changed = true;
        break;
    }
    if (plan->practice && plan->state == PLAN_ON && event->time >= plan->made)
        (void)plan_tried(core, step, plan, true); /* its end is seen in the list */
    else if (changed)
        plan_persist(step, plan);
}

/* --- events --- */

static bool is_cue(const struct plan *plan, const struct event *event, const struct deal *deal)
{
    if (plan->near && plan->near != deal)
        return false;
    bool moved = event->type == EVENT_DEAL_STAGE_CHANGED;
    switch (plan->cue) {
    case CUE_LOST:
        return event->type == EVENT_DEAL_LOST || (moved && str_eq(event->to, "lost"));
    case CUE_WON:
        return event->type == EVENT_DEAL_WON || (moved && str_eq(event->to, "won"));
    case CUE_STAGE:
        return moved && deal && str_eq(deal->texts[DEAL_STAGE], plan->stage) &&
               deal->stamps[DEAL_STAGE].time == event->time;
    case CUE_NONE:
    case CUE_ONCE:
    case CUE_WEEKLY:
    case CUE_DAILY:
    case CUE_AHEAD:
        break;
    }
    return false;
}

/* A CRM tells of one loss in two ways. */
static bool spoke_already(const struct plan *plan, const struct deal *deal, msec_t now)
{
    return plan->firing_count && plan->deal == deal &&
           plan->firings[plan->firing_count - 1].at > now - MSEC_DAY;
}

void plan_event(struct core *core, struct step *step, const struct event *event, struct person *rep,
                struct deal *deal)
{
    if (!rep)
        return;
    bool calendar = meeting_event(core, step, event, rep, deal);
    bool late = step->now - event->time > core->book->limits.late_at_most;
    for (int i = 0; i < rep->plan_count; i++) {
        struct plan *plan = rep->plans[i];
        if (plan->state == PLAN_DRAFT)
            continue;
        if (is_act(plan, event, deal))
            act_seen(core, step, plan, event);
        if (plan->state != PLAN_ON)
            continue;
        if (calendar && plan->cue == CUE_AHEAD) {
            look_ahead(plan, step->now);
            settle(core, step, plan);
        } else if (!late && event->time >= plan->made && is_cue(plan, event, deal) &&
                   !spoke_already(plan, deal, step->now)) {
            plan->deal = deal;
            plan->fire_at = step->now;
            settle(core, step, plan);
        }
    }
}

/* --- its moments --- */

/* All rules that wait for this kind of moment; they pass the gates like any other. */
static void offer(struct core *core, struct step *step, const struct plan *plan,
                  enum event_type type, msec_t at, struct plan_moments *moments)
{
    struct arena *arena = &step->arena;
    struct event *event = arena_alloc(arena, sizeof(*event));
    event_init(event, type, at);
    event->at = step->now;
    event->id = arena_printf(arena, "%s %s %lld", plan->key, event_type_name(type), (long long)at);
    event->rep = plan->by->id;
    event->activity = arena_strdup(arena, plan->key);
    event->deal = plan->deal ? plan->deal->id : NULL;
    event->key = event_key("plan", event->id);
    const struct rule_list *list = &core->book->by_event[type];
    for (int i = 0; i < list->count; i++) {
        const struct rule *rule = list->rules[i];
        struct scope scope = {.core = core,
                              .event = event,
                              .rep = plan->by,
                              .deal = plan->deal,
                              .rule = rule,
                              .now = step->now,
                              .arena = arena};
        if (rule->point != POINT_AT || !cond_holds(rule->when_cond, &scope))
            continue;
        ARRAY_GROW(moments->list, moments->count, moments->cap);
        moments->list[moments->count++] = (struct candidate){.rule = rule,
                                                             .rep = plan->by,
                                                             .deal = plan->deal,
                                                             .event = event,
                                                             .occurrence = event->id};
    }
}

static void fire(struct core *core, struct step *step, struct plan *plan,
                 struct plan_moments *moments)
{
    const struct meeting *meeting = NULL;
    msec_t at = plan->fire_at;
    if (plan->cue == CUE_AHEAD) {
        (void)meeting_next(plan, step->now, &meeting); /* its time is known */
        plan->fire_at = MSEC_NEVER;
        if (!meeting)
            return; /* called off at the last moment */
        plan->ahead_of = meeting->due;
        plan->deal = meeting->deal;
    }
    offer(core, step, plan, EVENT_PLAN_CUE, at, moments);
    fired(plan, at);
    plan->fire_at = plan->cue == CUE_WEEKLY || plan->cue == CUE_DAILY
                        ? next_time(core, plan, step->now)
                        : MSEC_NEVER;
    bool last = plan->cue == CUE_ONCE || plan->single;
    if (last && !plan->practice) { /* practice goes on without its first moment */
        plan->state = PLAN_OVER;
        plan->forget_at = step->now + PLAN_KEEP_DAYS * MSEC_DAY;
    } else if (!last) {
        look_ahead(plan, step->now);
    }
}

/* A day after the moment it is plain whether the act came. */
static void check(struct core *core, struct step *step, struct plan *plan,
                  struct plan_moments *moments)
{
    plan->check_at = MSEC_NEVER;
    for (int i = 0; i < plan->firing_count; i++) {
        struct firing *firing = &plan->firings[i];
        if (firing->state != FIRING_OPEN || !plan->kinds)
            continue;
        if (firing->at + MSEC_DAY > step->now) {
            msec_t at = firing->at + MSEC_DAY;
            plan->check_at = at < plan->check_at ? at : plan->check_at;
            continue;
        }
        firing->state = FIRING_MISSED;
        offer(core, step, plan, EVENT_PLAN_MISSED, firing->at + MSEC_DAY, moments);
    }
}

void plan_due(struct core *core, struct step *step, struct timer *timer,
              struct plan_moments *moments)
{
    struct plan *plan = (struct plan *)(void *)timer;
    msec_t now = step->now, rehearsal = plan->rehearse_at, question = plan->ask_at;
    if (plan->forget_at <= now) {
        plan_drop(core, step, plan);
        return;
    }
    if (rehearsal <= now) {
        plan->rehearse_at = MSEC_NEVER;
        offer(core, step, plan, EVENT_PLAN_REHEARSAL, rehearsal, moments);
    }
    if (plan->fire_at <= now)
        fire(core, step, plan, moments);
    if (plan->check_at <= now)
        check(core, step, plan, moments);
    if (question <= now) {
        plan->ask_at = next_question(core, plan, now);
        offer(core, step, plan, EVENT_PLAN_PRACTICE, question, moments);
    }
    settle(core, step, plan);
}

/* --- looking at it --- */

static struct value text_value(const char *text)
{
    return text ? (struct value){.type = VALUE_TEXT, .text = text} : (struct value){0};
}

struct value plan_value(const struct scope *scope, enum field field)
{
    const struct event *event = scope->event;
    bool moment = event && event->type >= EVENT_PLAN_CUE && event->type <= EVENT_PLAN_MISSED;
    const struct plan *plan = moment ? plan_find(scope->rep, event->activity) : NULL;
    if (!plan)
        return (struct value){0};
    return field == FIELD_PLAN_WORDS ? text_value(plan->words)
           : field == FIELD_PLAN_CUE ? text_value(plan->cue_words)
           : field == FIELD_PLAN_ACT
               ? text_value(plan->act)
               : (struct value){.type = VALUE_NUMBER, .number = plan->times * INT64_C(1000)};
}

const char *plan_cue_text(const struct core *core, const struct plan *plan, struct arena *arena)
{
    char clock[CLOCK_TEXT_BYTES];
    const char *near = plan->near ? arena_printf(arena, " (%s)", deal_label(plan->near)) : "";
    switch (plan->cue) {
    case CUE_NONE:
        return say_to(core, plan->by, SAY_CUE_NONE);
    case CUE_ONCE:
        return plan->fire_at == MSEC_NEVER
                   ? say_to(core, plan->by, SAY_CUE_PAST)
                   : arena_printf(arena, say_to(core, plan->by, SAY_AT),
                                  render_date(plan->by, plan->fire_at, arena),
                                  render_time(plan->by, plan->fire_at, arena));
    case CUE_WEEKLY:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_WEEKLY),
                            say_word(plan->by, SAY_WEEKDAY_NAMES, plan->weekday, arena),
                            clock_format(plan->minute, clock));
    case CUE_DAILY:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_DAILY),
                            clock_format(plan->minute, clock));
    case CUE_AHEAD:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_AHEAD), near);
    case CUE_LOST:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_LOST), near);
    case CUE_WON:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_WON), near);
    case CUE_STAGE:
        return arena_printf(arena, say_to(core, plan->by, SAY_CUE_STAGE), plan->stage, near);
    }
    return "";
}
