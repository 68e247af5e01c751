/* The step: one event in, intents out. */
#include "core/core.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/access.h"
#include "core/ahead.h"
#include "core/funnel.h"
#include "core/goal.h"
#include "core/choosing.h"
#include "core/dialog.h"
#include "core/door.h"
#include "core/happened.h"
#include "core/introduce.h"
#include "core/course.h"
#include "core/learn.h"
#include "core/ledger.h"
#include "core/parts.h"
#include "core/peer.h"
#include "core/plan.h"
#include "core/request.h"
#include "core/suggest.h"
#include "core/talk.h"

static void adopt_people(struct core *core)
{
    for (int i = 0; i < core->book->person_count; i++) {
        const struct person_def *def = &core->book->people[i];
        struct person *person = person_get(core, def->id);
        person->def = def;
        person->manager = def->manager;
        person_add_key(core, def->email, person);
        if (def->chat && def->chat[0] != '@')
            person_add_key(core, def->chat, person);
        for (int k = 0; k < def->crm_count; k++)
            person_add_key(core, def->crm[k], person);
    }
    for (int i = 0; i < core->book->team_count; i++) {
        struct person *manager = person_find(core, core->book->teams[i].manager);
        if (manager)
            manager->manager = true;
    }
    for (size_t i = 0; i < core->person_count; i++)
        person_resolve_zone(core, core->people[i]);
    teams_adopt(core);
}

struct core *core_new(const struct book *book, const struct core_options *options)
{
    struct core *core = NEW(struct core);
    core->links = 1;
    core->book = book;
    core->options = *options;
    core->nobody = NEW(struct person);
    core->deals = deals_new();
    core->room = cond_room_new();
    arena_init(&core->names);
    adopt_people(core);
    return core;
}

void core_set_secret(struct core *core, const unsigned char secret[KEY_SECRET_BYTES])
{
    memcpy(core->options.secret, secret, KEY_SECRET_BYTES);
    key_maker_free(core->keys);
    core->keys = NULL;
}

static void free_person(struct core *core, struct person *person)
{
    trials_free(core, person);
    goals_free(person);
    plans_free(person);
    requests_free(person);
    for (int i = 0; i < person->mute_count; i++)
        free(person->mutes[i]);
    void *const parts[] = {person->id,        person->chat,          person->email,
                           person->zone_said, person->manager_said,  person->team_said,
                           person->leave,     person->aways,         person->backs,
                           person->mutes,     person->facts,         person->sents,
                           person->prompts,   person->asked,         person->uses,
                           person->pending,   person->signal_states, person->hushes,
                           person->unkept,    person->leader};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        free(parts[i]);
    pair_free(person->pair);
    access_free(person->accesses);
    choosing_free(person->choosing);
    course_free(person->course);
    free(person);
}

static void free_deal(struct core *core, struct deal *deal)
{
    while (deal->pending_count)
        pending_free(core, deal->pending[0]);
    for (int i = 0; i < DEAL_TEXTS; i++)
        free(deal->texts[i]);
    for (int i = 0; i < deal->gate_count; i++)
        free(deal->gates[i].gate);
    free(deal->gates);
    free(deal->tails);
    free(deal->uses);
    free(deal->hushes);
    free(deal->pending);
    free(deal->id);
    free(deal);
}

/* Waits without a deal hang on nothing but their timer. */
static void free_pendings(struct core *core)
{
    for (struct timer *timer; (timer = timers_first(&core->timers));) {
        timer_clear(&core->timers, timer);
        if (timer->kind == TIMER_PENDING) {
            struct pending *pending = map_get(&core->pendings, timer->key);
            if (pending)
                pending_free(core, pending);
        }
    }
}

void core_free(struct core *core)
{
    if (!core)
        return;
    free_pendings(core);
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++)
        free_deal(core, deals.list[i]);
    for (size_t i = 0; i < core->prompt_count; i++)
        prompt_free(core->prompt_list[i]);
    for (size_t i = 0; i < core->talk_count; i++)
        talk_free(core->talks[i]);
    for (size_t i = 0; i < core->person_count; i++)
        free_person(core, core->people[i]);
    for (size_t i = 0; i < core->team_count; i++)
        free_person(core, core->teams[i]);
    rule_states_free(core);
    ledger_free(core);
    door_free(core);
    funnel_done(core);
    slots_free(core);
    timers_done(&core->timers);
    struct map *const maps[] = {&core->person_keys, &core->deal_ids, &core->prompts,
                                &core->pendings,    &core->cursors,  &core->strings,
                                &core->trials,      &core->talk_keys};
    for (size_t i = 0; i < ARRAY_LEN(maps); i++)
        map_done(maps[i]);
    deals_free(core->deals);
    void *const arrays[] = {core->people,      core->teams, core->prompt_list, core->dirty_people,
                            core->dirty_deals, core->talks, core->nobody};
    for (size_t i = 0; i < ARRAY_LEN(arrays); i++)
        free(arrays[i]);
    arena_done(&core->names);
    key_maker_free(core->keys);
    cond_room_free(core->room);
    free(core);
}

void core_load_send(struct core *core, const char *rule, const char *rep, const char *deal,
                    msec_t at)
{
    struct person *person = receiver_find(core, rep);
    struct deal *about = str_empty(deal) ? NULL : deal_find(core, deal);
    const struct rule *known = book_rule(core->book, rule);
    if (!person)
        return;
    struct person *to = known ? person_receiver(core, known, person) : person;
    person_sent_add(core, person, rule, about, at, to == person);
    if (to && to != person)
        person_sent_add(core, to, rule, about, at, true);
    if (about)
        deal_sent_add(core, about, rule, at);
}

void core_ready(struct core *core, msec_t now, struct step *step)
{
    step_reset(step, now);
    core->ready = true;
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        if (deal_map_stage(core, deals.list[i]))
            deal_touch(core, deals.list[i]);
    }
    ahead_ready(core, step);
    trials_rebind(core, step);
    rule_states_refresh(core, step);
    slots_refresh(core, now, step);
    map_done(&core->cursors); /* they are in the slots now */
    funnel_rebuild(core);
    persist_flush(core, step);
}

/* --- reload --- */

static void rebind_pending(struct core *core, struct step *step, struct pending *pending)
{
    const struct rule *rule = book_rule(core->book, pending->rule->id);
    if (rule) {
        pending->rule = rule;
        ahead_rebind(core, step, pending, true);
        return;
    }
    if (pending->done) {
        pending_end(core, step, pending);
        return;
    }
    struct candidate gone = {.rule = pending->rule,
                             .rep = pending->rep,
                             .deal = pending->deal,
                             .occurrence = pending->occurrence};
    decide_note(step, &gone, "cancelled", "rule", "the rule is gone");
    /* the note outlives the old book only if its words are ours */
    struct decision *note = &step->intents[step->count - 1].note;
    note->known = NULL;
    note->rule = arena_strdup(&step->arena, note->rule);
    pending_end(core, step, pending);
}

static int by_key(const void *a, const void *b)
{
    return strcmp((*(struct pending *const *)a)->key, (*(struct pending *const *)b)->key);
}

static void rebind_all_pending(struct core *core, struct step *step)
{
    struct pending **list = NULL;
    size_t count = 0, cap = 0;
    for (size_t i = 0; i < core->timers.count; i++) {
        struct timer *timer = core->timers.heap[i].timer;
        if (timer->kind != TIMER_PENDING)
            continue;
        ARRAY_GROW(list, count, cap);
        list[count++] = map_get(&core->pendings, timer->key);
    }
    if (count > 1) /* the order of the heap depends on its past */
        qsort(list, count, sizeof(struct pending *), by_key);
    for (size_t i = 0; i < count; i++)
        rebind_pending(core, step, list[i]);
    free(list);
}

static void rebind_prompts(struct core *core)
{
    for (size_t i = 0; i < core->prompt_count; i++)
        prompt_rebind(core, core->prompt_list[i]);
}

void core_set_book(struct core *core, const struct book *book, msec_t now, struct step *step)
{
    step_reset(step, now);
    signal_forget_all(core);
    cond_room_forget(core->room);
    core->book = book;
    for (size_t i = 0; i < core->person_count; i++) {
        core->people[i]->def = NULL;
        core->people[i]->manager = false;
        person_rebind_sents(core, core->people[i]);
    }
    for (size_t i = 0; i < core->team_count; i++)
        person_rebind_sents(core, core->teams[i]);
    map_done(&core->person_keys);
    for (size_t i = 0; i < core->person_count; i++) {
        person_add_key(core, core->people[i]->id, core->people[i]);
        person_add_key(core, core->people[i]->chat, core->people[i]);
    }
    adopt_people(core);
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        deals.list[i]->rep = person_find(core, deals.list[i]->texts[DEAL_OWNER]);
        if (deal_map_stage(core, deals.list[i]))
            deal_touch(core, deals.list[i]);
    }
    rebind_all_pending(core, step);
    talk_rebind_all(core, step);
    rebind_prompts(core);
    funnel_rebuild(core);
    trials_rebind(core, step);
    rule_states_refresh(core, step);
    slots_refresh(core, now, step);
    persist_flush(core, step);
}

/* --- the step --- */

/* Most rules are of another stage, or of other words: no condition is looked at for that.
 * stage: the bit of the one the deal moves to, 0 when it is not known. */
static bool can_wake(const struct rule *rule, uint64_t stage, uint64_t words)
{
    bool other_stage = rule->to_stages && stage && !(rule->to_stages & stage);
    return rule->point == POINT_AT && !other_stage && !(words & ~rule->wake.words);
}

static void pipeline_event(struct core *core, struct event *event, struct step *step)
{
    struct person *rep;
    struct deal *deal;
    size_t people = core->person_count;
    struct coaching coaching = coaching_of(core, event);
    bool fresh = fold_event(core, event, &rep, &deal); /* what is new is marked dirty */
    goal_event(core, step, event, rep);
    if (fresh)
        plan_event(core, step, event, rep, deal);
    step->rep = rep ? arena_strdup(&step->arena, rep->id) : NULL;
    pending_check(core, step, event, rep, deal);
    trial_event(core, step, event, rep, deal);
    if (fresh && coaching.manager)
        ledger_take(core, step, &coaching, event);
    const struct rule_list *list = &core->book->by_event[event->type];
    struct candidate *candidates =
        arena_alloc(&step->arena, ((size_t)list->count + 1) * sizeof(*candidates));
    size_t count = 0;
    uint64_t stage = book_stage_bit(core->book, event->to), words = wake_words(event);
    bool plain = wake_is_plain(words);
    /* an import of old events fills in what is true; it must not write thousands of decisions */
    bool history = step->now - event->time > HISTORY_DAYS * MSEC_DAY;
    bool decides = fresh && !history && rep;
    if (fresh)
        ahead_event(core, step, event, &coaching, rep, deal, decides);
    for (int i = 0; decides && i < list->count; i++) {
        const struct rule *rule = list->rules[i];
        if (!can_wake(rule, stage, words))
            continue;
        struct person *about = coaching_about(&coaching, rule, rep);
        struct scope scope = {.core = core,
                              .event = event,
                              .rep = about,
                              .deal = deal,
                              .rule = rule,
                              .now = step->now,
                              .arena = &step->arena};
        if (about && coaching_looks_at(core, rule, about) &&
            ((rule->wake.exact && plain) || cond_holds(rule->when_cond, &scope)))
            candidates[count++] = (struct candidate){
                .rule = rule, .rep = about, .deal = deal, .event = event, .occurrence = event->id};
    }
    if (count)
        decide_all(core, step, candidates, count);
    if (people != core->person_count || event->type == EVENT_REP_JOINED ||
        event->type == EVENT_REP_LEFT) {
        funnel_rebuild(core); /* the team may be another one */
        slots_refresh(core, step->now, step);
        rule_states_refresh(core, step);
    }
}

void core_happened(struct core *core, struct step *step, const struct event *event)
{
    const char *rep = step->rep;
    struct event now = *event;
    pipeline_event(core, &now, step);
    step->happened = event;
    step->happened_rep = step->rep;
    step->rep = rep;
}

/* Everything due at one instant is decided together, so that priorities can speak. */
struct due {
    struct candidate *candidates;
    size_t count, cap;
    struct pending **released;
    size_t released_count, released_cap;
    struct prompt **prompts;
    size_t prompt_count, prompt_cap;
    struct plan_moments moments;
};

static void release(struct core *core, struct step *step, struct due *due, struct timer *timer)
{
    struct pending *pending = (struct pending *)(void *)timer;
    struct candidate planned;
    pending_detach(core, pending);
    ARRAY_GROW(due->released, due->released_count, due->released_cap);
    due->released[due->released_count++] = pending;
    ARRAY_GROW(due->candidates, due->count, due->cap);
    if (pending->kind == PENDING_PLAN) {
        if (ahead_fire(core, step, pending, &planned))
            due->candidates[due->count++] = planned;
        return;
    }
    due->candidates[due->count++] = (struct candidate){
        .rule = pending->rule,
        .rep = pending->rep,
        .deal = pending->deal,
        .event = pending->event,
        .occurrence = pending->occurrence,
        .stage = pending->stage,
        .held = pending->kind == PENDING_HOLD ? pending : NULL,
        .waited = true,
    };
}

static void collect(struct core *core, struct step *step, struct due *due, msec_t instant)
{
    for (struct timer *timer; (timer = timers_first(&core->timers)) && timer->due == instant;) {
        switch (timer->kind) {
        case TIMER_SLOT:
            (void)slot_fire(core, step, (struct slot *)(void *)timer, &due->candidates, &due->count,
                            &due->cap); /* the count is in due */
            break;
        case TIMER_PENDING:
            release(core, step, due, timer);
            break;
        case TIMER_PROMPT:
            timer_clear(&core->timers, timer);
            ARRAY_GROW(due->prompts, due->prompt_count, due->prompt_cap);
            due->prompts[due->prompt_count++] = (struct prompt *)(void *)timer;
            break;
        case TIMER_PAIR:
            pair_due(core, step, timer);
            break;
        case TIMER_TRIAL:
            trial_due(core, step, timer);
            break;
        case TIMER_PLAN:
            plan_due(core, step, timer, &due->moments);
            break;
        case TIMER_REQUEST:
            request_due(core, step, timer);
            break;
        case TIMER_DOOR:
            door_due(core, step);
            break;
        }
    }
}

static void tick_instant(struct core *core, struct step *step, msec_t instant)
{
    struct due due = {0};
    collect(core, step, &due, instant);
    /* conversations first: one that closes now makes room for the next question */
    for (size_t i = 0; i < due.prompt_count; i++)
        prompt_due(core, step, due.prompts[i]);
    for (size_t i = 0; i < due.moments.count; i++) {
        ARRAY_GROW(due.candidates, due.count, due.cap);
        due.candidates[due.count++] = due.moments.list[i];
    }
    decide_all(core, step, due.candidates, due.count);
    for (size_t i = 0; i < due.released_count; i++) {
        if (due.released[i]->kind == PENDING_PLAN) {
            ahead_continue(core, step, due.released[i]);
            continue;
        }
        if (!map_get(&core->pendings, due.released[i]->key)) /* not held once more */
            persist_pending(step, due.released[i], true);
        pending_free(core, due.released[i]);
    }
    free(due.candidates);
    free(due.released);
    free(due.prompts);
    free(due.moments.list);
}

static void tick(struct core *core, struct step *step)
{
    for (struct timer *timer; (timer = timers_first(&core->timers)) && timer->due <= step->now;)
        tick_instant(core, step, timer->due);
}

static void learn_person(struct core *core, const struct event *event, struct step *step)
{
    struct person *person = person_find(core, event->chat);
    if (!person)
        person = person_find(core, event->email);
    if (!person && event->name) {
        CLEANUP_FREE char *at_name = NULL;
        struct strbuf name = {0};
        strbuf_printf(&name, "@%s", event->name);
        at_name = strbuf_take(&name);
        for (size_t i = 0; i < core->person_count && !person; i++) {
            const struct person_def *def = core->people[i]->def;
            person = def && str_ieq(def->chat, at_name) ? core->people[i] : NULL;
        }
    }
    if (!person)
        return;
    bool moved = event->zone && !str_eq(person->zone_said, event->zone);
    bool same = !moved && str_eq(person->chat, event->chat) && person->gone == event->gone;
    if (same)
        return;
    xstr_replace(&person->chat, event->chat);
    person_add_key(core, person->chat, person);
    if (event->zone) {
        xstr_replace(&person->zone_said, event->zone);
        (void)stamp_take(&person->zone_stamp, event->time, 0); /* said now, so it holds */
    }
    person->gone = event->gone;
    person_touch(core, person);
    if (moved) {
        person_resolve_zone(core, person);
        slots_refresh(core, step->now, step);
    }
}

static msec_t stopped_until(const struct event *event, bool pause)
{
    if (!pause)
        return MSEC_NONE;
    return event->away_until == MSEC_NONE ? MSEC_NEVER : event->away_until;
}

/* The operator's switch: one rep, one team, or everybody. */
static void pause_people(struct core *core, const struct event *event, bool pause)
{
    for (size_t i = 0; i < core->person_count; i++) {
        struct person *person = core->people[i];
        if ((event->rep && !str_eq(person->id, event->rep)) ||
            (event->team && !str_eq(person_team(person), event->team)))
            continue;
        person->stopped_until = stopped_until(event, pause);
        person_touch(core, person);
    }
    for (size_t i = 0; i < core->team_count && !event->rep; i++) {
        struct person *team = core->teams[i];
        if (event->team && !str_eq(person_team(team), event->team))
            continue;
        team->stopped_until = stopped_until(event, pause);
        person_touch(core, team);
    }
}

void core_step(struct core *core, const struct event *event, struct step *step)
{
    struct event now = *event;
    step_reset(step, event->at);
    cond_room_forget(core->room);
    if (now.time > now.at)
        now.time = now.at; /* nothing happened in the future; senders' clocks run ahead */
    switch (event->type) {
    case EVENT_TICK:
        tick(core, step);
        break;
    case EVENT_SAID:
        dialog_said(core, step, &now);
        break;
    case EVENT_CLICKED:
        dialog_clicked(core, step, &now);
        break;
    case EVENT_PERSON:
        learn_person(core, &now, step);
        break;
    case EVENT_PAUSE:
    case EVENT_RESUME:
        if (now.rule)
            trial_resume(core, step, now.rule);
        else
            pause_people(core, &now, event->type == EVENT_PAUSE);
        break;
    case EVENT_ACCESS:
        access_event(core, step, &now);
        break;
    case EVENT_FORGET:
        forget_event(core, step, &now);
        break;
    default:
        pipeline_event(core, &now, step);
        break;
    }
    introduce(core, step);
    persist_flush(core, step);
}

msec_t core_next_wake(const struct core *core)
{
    const struct timer *first = timers_first(&core->timers);
    return first ? first->due : MSEC_NEVER;
}
