#include "core/value.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "core/goal.h"
#include "core/lead.h"
#include "core/peer.h"
#include "core/plan.h"
#include "core/talk.h"

static const struct {
    const char *name;
    enum value_type type;
} fields[FIELD_COUNT] = {
#define FIELD(name, text, type) [FIELD_##name] = {text, VALUE_##type},
    FIELD_LIST(FIELD)
#undef FIELD
};

const char *field_name(enum field field)
{
    return fields[field].name;
}

enum value_type field_type(enum field field)
{
    return fields[field].type;
}

bool field_is_of_event(enum field field)
{
    return field < FIELD_DEAL_ID;
}

bool field_is_private(enum field field)
{
    return field == FIELD_ANSWER || (field >= FIELD_REP_REASON && field < FIELD_SIGNAL);
}

bool field_is_own_words(enum field field)
{
    return field == FIELD_ANSWER || field == FIELD_REP_REASON || field == FIELD_GOAL_WORDS ||
           field == FIELD_PLAN_WORDS || field == FIELD_PLAN_CUE || field == FIELD_PLAN_ACT;
}

int field_find(const char *name, enum field *ret)
{
    bool of_event = str_starts(name, "event.");
    if (of_event)
        name += strlen("event.");
    for (int i = 0; i < FIELD_SIGNAL; i++) {
        if (str_eq(fields[i].name, name) && (!of_event || field_is_of_event((enum field)i))) {
            *ret = (enum field)i;
            return 0;
        }
    }
    return -ENOENT;
}

static struct value text(const char *s)
{
    return str_empty(s) ? (struct value){0} : (struct value){.type = VALUE_TEXT, .text = s};
}

static struct value number(int64_t thousandths)
{
    return thousandths == NUMBER_NONE ? (struct value){0}
                                      : (struct value){.type = VALUE_NUMBER, .number = thousandths};
}

static struct value whole(int64_t n)
{
    return n == NUMBER_NONE ? (struct value){0} : number(n * 1000);
}

static struct value instant(msec_t t)
{
    return t == MSEC_NONE || t == MSEC_NEVER ? (struct value){0}
                                             : (struct value){.type = VALUE_TIME, .number = t};
}

static struct value length(msec_t from, msec_t to)
{
    return from == MSEC_NONE ? (struct value){0}
                             : (struct value){.type = VALUE_LENGTH, .number = to - from};
}

static struct value date(const char *s)
{
    return str_empty(s) ? (struct value){0} : (struct value){.type = VALUE_DATE, .text = s};
}

static struct value event_value(const struct event *e, enum field field)
{
    switch ((int)field) {
    case FIELD_TYPE:
        return text(e->type == EVENT_OTHER ? e->type_name : event_type_name(e->type));
    case FIELD_TIME:
        return instant(e->time);
    case FIELD_DURATION:
        return e->duration_s == NUMBER_NONE
                   ? (struct value){0}
                   : (struct value){.type = VALUE_LENGTH, .number = e->duration_s * MSEC_SECOND};
    case FIELD_COUNT_OF:
        return whole(e->count);
    case FIELD_AUTOMATED:
        return (struct value){.type = VALUE_BOOL, .number = e->automated};
    case FIELD_DUE:
        return instant(e->due);
    case FIELD_TARGET:
        return number(e->target);
    case FIELD_ACTUAL:
        return number(e->actual);
    default:
        return (struct value){0};
    }
}

/* The member of an event that holds this text; NULL: the field is no text of it. */
static const char *event_member(const struct event *e, enum field field)
{
    /* 0: none; no text is the first member */
#define TEXT(member) offsetof(struct event, member)
    static const size_t places[FIELD_DEAL_ID] = {
        [FIELD_FROM] = TEXT(from),       [FIELD_TO] = TEXT(to),
        [FIELD_KIND] = TEXT(kind),       [FIELD_DIRECTION] = TEXT(direction),
        [FIELD_OUTCOME] = TEXT(outcome), [FIELD_REASON] = TEXT(reason),
        [FIELD_GATE] = TEXT(gate),       [FIELD_SIDE] = TEXT(side),
        [FIELD_STAGE] = TEXT(stage),     [FIELD_EVIDENCE] = TEXT(evidence),
        [FIELD_GOAL] = TEXT(goal),       [FIELD_METRIC] = TEXT(metric),
        [FIELD_PERIOD] = TEXT(period),   [FIELD_TOPIC] = TEXT(topic),
        [FIELD_AREA] = TEXT(area),       [FIELD_CONTENT] = TEXT(content),
        [FIELD_CHANNEL] = TEXT(channel), [FIELD_REACTION] = TEXT(reaction),
    };
#undef TEXT
    const char *text = NULL;
    if (places[field])
        memcpy(&text, (const char *)e + places[field], sizeof(text));
    return text;
}

static struct value event_text(const struct scope *scope, enum field field)
{
    const struct event *e = scope->event;
    const char *said = event_member(e, field);
    bool stage = field == FIELD_FROM || field == FIELD_TO || field == FIELD_STAGE;
    const struct stage_def *known = stage ? book_stage(scope->core->book, said) : NULL;
    if (known) /* the CRM's own word for it is mapped by the pipeline */
        return text(known->id);
    return said ? text(said) : event_value(e, field);
}

static struct value deal_value(const struct scope *scope, enum field field)
{
    const struct deal *d = scope->deal;
    const struct stage_def *stage;
    switch ((int)field) {
    case FIELD_DEAL_ID:
        return text(d->id);
    case FIELD_DEAL_NAME:
        return text(deal_label(d));
    case FIELD_DEAL_ACCOUNT:
        return text(d->texts[DEAL_ACCOUNT]);
    case FIELD_DEAL_CONTACT:
        return text(d->texts[DEAL_CONTACT]);
    case FIELD_DEAL_OWNER:
        return text(d->texts[DEAL_OWNER]);
    case FIELD_DEAL_AMOUNT:
        return d->amount == NUMBER_NONE
                   ? (struct value){0}
                   : (struct value){VALUE_MONEY, d->texts[DEAL_CURRENCY], d->amount * 10};
    case FIELD_DEAL_CURRENCY:
        return text(d->texts[DEAL_CURRENCY]);
    case FIELD_DEAL_STAGE:
        return text(d->texts[DEAL_STAGE]);
    case FIELD_DEAL_STAGE_NAME:
        stage = book_stage(scope->core->book, d->texts[DEAL_STAGE]);
        return text(stage ? stage->name : d->texts[DEAL_STAGE]);
    case FIELD_DEAL_NEXT_STEP:
        return text(d->texts[DEAL_NEXT_STEP]);
    case FIELD_DEAL_CLOSE_DATE:
        return date(d->texts[DEAL_CLOSE_DATE]);
    case FIELD_DEAL_CREATED:
        return instant(d->created);
    case FIELD_DEAL_AGE:
        return length(d->created, scope->now);
    case FIELD_DEAL_IN_STAGE:
        return d->stamps[DEAL_STAGE].time ? length(d->stamps[DEAL_STAGE].time, scope->now)
                                          : (struct value){0};
    default:
        return (struct value){0};
    }
}

static int64_t open_deals(const struct scope *scope)
{
    int64_t count = 0;
    const struct deal_list deals = deals_sorted(scope->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        count += deal->rep == scope->rep && deal_is_open(deal);
    }
    return count;
}

static struct value tenure(const struct scope *scope)
{
    const char *joined = scope->rep->def ? scope->rep->def->joined : NULL;
    char stamp[MSEC_TEXT_BYTES];
    msec_t from;
    if (!joined || strlen(joined) != 10)
        return (struct value){0};
    memcpy(stamp, joined, 10);
    memcpy(stamp + 10, "T00:00:00Z", 11);
    return msec_parse(stamp, &from) ? (struct value){0} : length(from, scope->now);
}

static struct value rep_value(const struct scope *scope, enum field field)
{
    const struct person *rep = scope->rep;
    const struct person *manager, *team;
    switch ((int)field) {
    case FIELD_REP_ID:
        return text(rep->id);
    case FIELD_REP_NAME:
        return text(person_name(rep));
    case FIELD_REP_FIRST_NAME:
        return text(person_first_name(rep, scope->arena));
    case FIELD_REP_TEAM:
    case FIELD_TEAM_ID:
        return text(person_team(rep));
    case FIELD_REP_ROLE:
        return text(rep->manager ? "manager" : "rep");
    case FIELD_REP_ZONE:
        return text(tz_name(rep->tz));
    case FIELD_REP_JOINED:
        return date(rep->def ? rep->def->joined : NULL);
    case FIELD_REP_TENURE:
        return tenure(scope);
    case FIELD_REP_OPEN_DEALS:
        return whole(open_deals(scope));
    case FIELD_TEAM_MANAGER:
        manager = person_manager(scope->core, rep);
        return text(manager ? person_name(manager) : NULL);
    case FIELD_TEAM_NAME:
        team = team_of(scope->core, rep);
        return text(team ? person_name(team) : NULL);
    case FIELD_TEAM_REPS:
        return whole(team_reps(scope->core, rep));
    case FIELD_TEAM_OPEN_DEALS:
        return whole(team_open_deals(scope->core, rep));
    default:
        return (struct value){0};
    }
}

static bool gate_is(const struct gate_def *pair, const char *gate)
{
    return str_eq(pair->seller, gate) || str_eq(pair->customer, gate);
}

static const struct gate_def *gate_of_event(const struct scope *scope)
{
    const struct book *book = scope->core->book;
    for (int i = 0; i < book->stage_count; i++) {
        for (int k = 0; k < book->stages[i].gate_count; k++) {
            if (gate_is(&book->stages[i].gates[k], scope->event->gate))
                return &book->stages[i].gates[k];
        }
    }
    return NULL;
}

/* The first pair of the stage that is not complete on both sides, else its first pair. A move into
 * a stage is about the stage that was left: that is the gate one walks through. */
static const struct gate_def *gate_of_stage(const struct scope *scope)
{
    const char *stage = scope->event && scope->event->type == EVENT_DEAL_STAGE_CHANGED
                            ? scope->event->from
                            : scope->deal->texts[DEAL_STAGE];
    const struct stage_def *def = book_stage(scope->core->book, stage);
    for (int i = 0; def && i < def->gate_count; i++) {
        const struct gate_mark *seller = deal_gate(scope->deal, def->gates[i].seller);
        const struct gate_mark *customer = deal_gate(scope->deal, def->gates[i].customer);
        if (!seller || !seller->done || !customer || !customer->done)
            return &def->gates[i];
    }
    return def && def->gate_count ? &def->gates[0] : NULL;
}

const struct gate_def *scope_gate(const struct scope *scope)
{
    if (!scope->deal)
        return NULL;
    if (scope->event && scope->event->gate)
        return gate_of_event(scope);
    return gate_of_stage(scope);
}

/* A side whose pair is not in the pipeline is still known by the event itself. */
static struct value gate_value(const struct scope *scope, enum field field)
{
    bool seller = field == FIELD_GATE_SELLER || field == FIELD_GATE_SELLER_DATE ||
                  field == FIELD_GATE_SELLER_NAME;
    const struct gate_def *pair = scope_gate(scope);
    const char *id = pair ? (seller ? pair->seller : pair->customer) : NULL;
    const char *name = pair ? (seller ? pair->seller_name : pair->customer_name) : NULL;
    if (!id && scope->event && str_eq(scope->event->side, seller ? "seller" : "customer"))
        id = scope->event->gate;
    if (field == FIELD_GATE_SELLER_NAME || field == FIELD_GATE_CUSTOMER_NAME)
        return text(name ? name : id);
    const struct gate_mark *mark = id && scope->deal ? deal_gate(scope->deal, id) : NULL;
    if (!mark || !mark->done)
        return (struct value){0};
    if (field == FIELD_GATE_SELLER || field == FIELD_GATE_CUSTOMER)
        return text(id);
    return instant(mark->stamp.time);
}

struct value value_get(const struct scope *scope, const struct field_ref *ref)
{
    enum field field = ref->field;
    if (field == FIELD_SIGNAL)
        return number(signal_value(scope, scope->core->book->signals[ref->signal]));
    if (field == FIELD_TEAM_TOTAL)
        return number(team_total(scope, scope->core->book->signals[ref->signal]));
    if (field == FIELD_ANSWER)
        return answer_get(scope, ref->name);
    if (field == FIELD_PURPOSE_ORG)
        return text(scope->core->book->organisation.purpose);
    if (field_is_of_event(field))
        return scope->event ? event_text(scope, field) : (struct value){0};
    if (field < FIELD_REP_ID)
        return scope->deal ? deal_value(scope, field) : (struct value){0};
    if (field >= FIELD_REP_LEADS && field < FIELD_GATE_SELLER)
        return scope->rep ? lead_value(scope, field) : (struct value){0};
    if (field < FIELD_GATE_SELLER)
        return scope->rep ? rep_value(scope, field) : (struct value){0};
    if (field < FIELD_REP_REASON)
        return scope->deal ? gate_value(scope, field) : (struct value){0};
    if (!scope->rep)
        return (struct value){0};
    return field < FIELD_PLAN_WORDS ? goal_value(scope, field) : plan_value(scope, field);
}
