/* Events into what is true. The fold gives the same end state in whatever order events arrive and
 * however often: every field keeps its latest writer, every fact is kept once. */
#include <string.h>

#include "base/alloc.h"
#include "core/funnel.h"
#include "core/parts.h"
#include "core/words.h"

static void take_text(struct deal *deal, enum deal_field field, const char *value,
                      const struct event *event, bool *changed)
{
    if (!value || !stamp_take(&deal->stamps[field], event->time, event->key.a))
        return;
    if (!str_eq(deal->texts[field], value))
        xstr_replace(&deal->texts[field], value);
    *changed = true; /* the stamp at least, and that is stored too */
}

/* The stage after this event, in canonical words where the pipeline knows them; NULL: not said. */
static const char *stage_after(const struct core *core, const struct event *event)
{
    const char *said = event->type == EVENT_DEAL_WON                         ? "won"
                       : event->type == EVENT_DEAL_LOST                      ? "lost"
                       : event->type == EVENT_DEAL_STAGE_CHANGED             ? event->to
                       : event->type == EVENT_DEAL_REOPENED && !event->stage ? "prospect"
                                                                             : event->stage;
    const struct stage_def *stage = book_stage(core->book, said);
    return stage ? stage->id : said;
}

/* Only these say where the deal stands; a stage inside an activity is a copy of unknown age. */
static bool says_stage(enum event_type type)
{
    return type == EVENT_DEAL_CREATED || type == EVENT_DEAL_STAGE_CHANGED ||
           type == EVENT_DEAL_WON || type == EVENT_DEAL_LOST || type == EVENT_DEAL_REOPENED;
}

static bool fold_deal_fields(struct core *core, struct deal *deal, const struct event *event)
{
    bool changed = false;
    const char *const texts[DEAL_TEXTS] = {
        [DEAL_NAME] = event->deal_name,
        [DEAL_ACCOUNT] = event->account,
        [DEAL_OWNER] = event->owner,
        [DEAL_CONTACT] = event->contact,
        [DEAL_CURRENCY] = event->currency,
        [DEAL_NEXT_STEP] = event->next_step,
        [DEAL_CLOSE_DATE] = event->close_date,
        [DEAL_STAGE] = says_stage(event->type) ? stage_after(core, event) : NULL,
    };
    for (int i = 0; i < DEAL_TEXTS; i++)
        take_text(deal, (enum deal_field)i, texts[i], event, &changed);
    if (says_stage(event->type)) {
        changed |= funnel_reach(core, deal, texts[DEAL_STAGE]);
        changed |= event->from && funnel_reach(core, deal, event->from);
    }
    if (!event->owner && event->rep && event->type <= EVENT_DEAL_DELETED)
        take_text(deal, DEAL_OWNER, event->rep, event, &changed);
    if (event->amount != NUMBER_NONE &&
        stamp_take(&deal->stamps[DEAL_AMOUNT], event->time, event->key.a)) {
        deal->amount = event->amount;
        changed = true;
    }
    if (event->type <= EVENT_DEAL_DELETED &&
        stamp_take(&deal->stamps[DEAL_DELETED], event->time, event->key.a)) {
        deal->deleted = event->type == EVENT_DEAL_DELETED;
        changed = true;
    }
    msec_t created = event->created != MSEC_NONE         ? event->created
                     : event->type == EVENT_DEAL_CREATED ? event->time
                                                         : MSEC_NONE;
    if (created != MSEC_NONE && (deal->created == MSEC_NONE || created < deal->created)) {
        deal->created = created;
        changed = true;
    }
    return changed;
}

static bool fold_gate(struct deal *deal, const struct event *event)
{
    int place = 0;
    while (place < deal->gate_count && strcmp(deal->gates[place].gate, event->gate) < 0)
        place++;
    if (place == deal->gate_count || !str_eq(deal->gates[place].gate, event->gate)) {
        ARRAY_GROW(deal->gates, deal->gate_count, deal->gate_cap);
        memmove(deal->gates + place + 1, deal->gates + place,
                (size_t)(deal->gate_count - place) * sizeof(*deal->gates));
        deal->gate_count++;
        deal->gates[place] = (struct gate_mark){.gate = xstrdup(event->gate)};
    }
    struct gate_mark *mark = &deal->gates[place];
    if (!stamp_take(&mark->stamp, event->time, event->key.a))
        return false;
    mark->done = event->type == EVENT_GATE_COMPLETED;
    return true;
}

static void fold_away(struct person *person, const struct event *event)
{
    struct hours_away away = {event->away_from == MSEC_NONE ? event->time : event->away_from,
                              event->away_until == MSEC_NONE ? MSEC_NEVER : event->away_until};
    int place = 0;
    while (place < person->away_count &&
           (person->aways[place].from < away.from ||
            (person->aways[place].from == away.from && person->aways[place].until < away.until)))
        place++;
    if (place < person->away_count && person->aways[place].from == away.from &&
        person->aways[place].until == away.until)
        return;
    ARRAY_GROW(person->aways, person->away_count, person->away_cap);
    memmove(person->aways + place + 1, person->aways + place,
            (size_t)(person->away_count - place) * sizeof(*person->aways));
    person->away_count++;
    person->aways[place] = away;
}

static void fold_back(struct person *person, msec_t at)
{
    int place = 0;
    while (place < person->back_count && person->backs[place] < at)
        place++;
    if (place < person->back_count && person->backs[place] == at)
        return;
    ARRAY_GROW(person->backs, person->back_count, person->back_cap);
    memmove(person->backs + place + 1, person->backs + place,
            (size_t)(person->back_count - place) * sizeof(*person->backs));
    person->back_count++;
    person->backs[place] = at;
}

static void take_said(char **slot, struct stamp *stamp, const char *value,
                      const struct event *event)
{
    if (value && stamp_take(stamp, event->time, event->key.a))
        xstr_replace(slot, value);
}

static void fold_membership(struct core *core, struct person *person, const struct event *event)
{
    if (stamp_take(&person->left_stamp, event->time, event->key.a))
        person->left = event->type == EVENT_REP_LEFT;
    if (event->type == EVENT_REP_LEFT)
        return;
    take_said(&person->zone_said, &person->zone_stamp, event->zone, event);
    take_said(&person->manager_said, &person->manager_stamp, event->manager, event);
    take_said(&person->team_said, &person->team_stamp, event->team, event);
    person_resolve_zone(core, person);
}

static void fold_person(struct core *core, struct person *person, const struct event *event)
{
    if (event->type == EVENT_REP_JOINED || event->type == EVENT_REP_LEFT)
        fold_membership(core, person, event);
    else if (event->type == EVENT_REP_AWAY)
        fold_away(person, event);
    else if (event->type == EVENT_REP_BACK)
        fold_back(person, event->time);
    else
        return;
    signal_forget(core, person); /* days off have changed */
    person_forget_calendar(person);
    person_touch(core, person);
}

/* How often it happened: five calls can come as one event. */
static unsigned times_of(const struct event *event)
{
    if (event->count == NUMBER_NONE || event->count < 1)
        return 1;
    return event->count > INT16_MAX ? INT16_MAX : (unsigned)event->count;
}

/* Nothing takes longer than a day; a length below a second is none. */
static uint64_t seconds_of(const struct event *event)
{
    enum { DAY_S = 24 * 60 * 60 };
    if (event->duration_s == NUMBER_NONE || event->duration_s < 0)
        return 0;
    return event->duration_s > DAY_S ? DAY_S : (uint64_t)event->duration_s;
}

enum { FLAG_OUTCOME = 8, FLAG_TIMES = 16, FLAG_SECONDS = 32 };

struct fact_row core_fact_row(const struct event *event)
{
    return (struct fact_row){
        .time = event->time,
        .id = event->key,
        .type = event->type,
        .kind = word_kind(event->kind),
        .direction = word_direction(event->direction),
        .flags = seconds_of(event) << FLAG_SECONDS | (uint64_t)times_of(event) << FLAG_TIMES |
                 (uint64_t)word_outcome(event->outcome) << FLAG_OUTCOME | event->automated,
        .rep = event->rep,
        .deal = event->deal,
    };
}

static struct fact fact_of(const struct fact_row *row)
{
    return (struct fact){
        .time = row->time,
        .tie = row->id.a,
        .type = (unsigned)row->type & 0x1F,
        .kind = (unsigned)row->kind & 0xF,
        .direction = (unsigned)row->direction & 3,
        .outcome = (unsigned)(row->flags >> FLAG_OUTCOME) & 0xF,
        .automated = row->flags & 1,
        .times = (unsigned)(row->flags >> FLAG_TIMES) & INT16_MAX,
        .seconds = (unsigned)(row->flags >> FLAG_SECONDS) & 0x1FFFF,
    };
}

void fold_fact_event(const struct fact *fact, struct event *ret)
{
    event_init(ret, (enum event_type)fact->type, fact->time);
    ret->kind = word_kind_text(fact->kind);
    ret->direction = word_direction_text(fact->direction);
    ret->outcome = word_outcome_text(fact->outcome);
    ret->count = fact->times;
    ret->duration_s = fact->seconds ? (int64_t)fact->seconds : NUMBER_NONE;
    ret->automated = fact->automated;
    ret->deal = fact->deal ? fact->deal->id : NULL;
}

/* Whom an event is about: the rep it names, else the owner of its deal. */
static struct person *rep_of(struct core *core, const struct event *event, struct deal *deal)
{
    const char *owner = event->rep ? event->rep : event->owner;
    struct person *rep = person_find(core, owner);
    if (!rep && owner && core->options.every_owner) {
        rep = person_get(core, owner);
        person_resolve_zone(core, rep);
        person_touch(core, rep);
    }
    return rep || owner ? rep : deal ? deal->rep : NULL;
}

bool fold_event(struct core *core, const struct event *event, struct person **ret_rep,
                struct deal **ret_deal)
{
    struct deal *deal = str_empty(event->deal) ? NULL : deal_get(core, event->deal);
    struct person *rep = rep_of(core, event, deal);
    bool changed = false, fresh = true;
    if (deal)
        changed = fold_deal_fields(core, deal, event);
    if (deal && event->gate &&
        (event->type == EVENT_GATE_COMPLETED || event->type == EVENT_GATE_REVERTED))
        changed |= fold_gate(deal, event);
    if (deal && changed) {
        deal->rep = person_find(core, deal->texts[DEAL_OWNER]);
        if (!rep)
            rep = event->rep || event->owner ? NULL : deal->rep;
        funnel_count(core, deal);
        deal_touch(core, deal);
    }
    if (rep) {
        struct fact_row row = core_fact_row(event);
        struct fact fact = fact_of(&row);
        fresh = facts_add(core, rep, deal, &fact);
        fold_person(core, rep, event);
    }
    *ret_rep = rep;
    *ret_deal = deal;
    return fresh;
}

void core_load_fact(struct core *core, const struct fact_row *row)
{
    struct deal *deal = str_empty(row->deal) ? NULL : deal_find(core, row->deal);
    struct person *rep = person_find(core, row->rep);
    if (!rep || row->type >= EVENT_OTHER)
        return;
    struct fact fact = fact_of(row);
    (void)facts_add(core, rep, deal, &fact); /* a journal has each event once */
}
