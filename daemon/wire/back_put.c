#include "wire/back_put.h"

#include "base/alloc.h"

void back_reading_init(struct back_reading *reading, struct poll *poll, const char *prefix,
                       struct err *err)
{
    *reading = (struct back_reading){.poll = poll, .err = err, .prefix = prefix};
    poll_events(poll, &reading->out, &reading->events, poll->kind->name);
}

struct back_deal back_deal_copy(struct arena *arena, const struct back_deal *deal)
{
    struct back_deal copy = *deal;
    copy.object = arena_strdup(arena, deal->object);
    copy.name = arena_strdup(arena, deal->name);
    copy.owner = arena_strdup(arena, deal->owner);
    copy.account = arena_strdup(arena, deal->account);
    copy.currency = arena_strdup(arena, deal->currency);
    copy.close_date = arena_strdup(arena, deal->close_date);
    copy.stage = arena_strdup(arena, deal->stage);
    copy.from = arena_strdup(arena, deal->from);
    return copy;
}

static bool is_closed(const char *stage)
{
    return str_eq(stage, "won") || str_eq(stage, "lost");
}

/* The stage by the name that a deal's stage is known by. */
static const char *stage_now(const struct poll *poll, const struct back_deal *deal)
{
    const struct stage_def *stage = crm_stage_known(&poll->request, deal->stage);
    return deal->closed == EVENT_DEAL_WON    ? "won"
           : deal->closed == EVENT_DEAL_LOST ? "lost"
           : stage                           ? stage->id
                                             : deal->stage;
}

static bool differs(const struct poll *poll, const struct back_deal *deal,
                    const struct poll_deal *known)
{
    const char *now = stage_now(poll, deal);
    return now && !str_eq(now, known->stage);
}

static bool tells_move(const struct poll *poll, const struct back_deal *deal,
                       const struct poll_deal *known)
{
    bool again = deal->owner && !known->owner;
    return stage_now(poll, deal) && (again || (!deal->want->told && differs(poll, deal, known)));
}

bool back_deal_moved(struct poll *poll, const struct back_deal *deal)
{
    struct poll_deal known;
    (void)poll_known(poll, deal->want->id, &known); /* else all of it is empty */
    return tells_move(poll, deal, &known);
}

static struct event *add_deal(struct back_reading *r, const struct back_deal *deal,
                              enum event_type type, msec_t time)
{
    const char *id = arena_printf(&r->poll->page, "%s:read:%s:%s:%lld", r->prefix, deal->want->id,
                                  event_type_name(type), (long long)time);
    struct event *event = crm_add(&r->events, type, time, id, r->err);
    if (!event)
        return NULL;
    event->deal = deal->want->id;
    event->deal_name = deal->name;
    event->owner = deal->owner;
    event->account = deal->account;
    event->currency = deal->currency;
    event->amount = deal->amount;
    event->close_date = deal->close_date;
    event->bulk = deal->want->bulk;
    crm_origin(event, &r->events, deal->object, deal->want->id);
    return event;
}

/* Without a stage before, coming to an open stage is the deal's beginning. */
static int tell_move(struct back_reading *r, const struct back_deal *deal,
                     const struct poll_deal *known)
{
    bool fresh = !deal->want->told && differs(r->poll, deal, known);
    bool open = deal->closed == EVENT_DEAL_STAGE_CHANGED;
    const char *from = !deal->from && fresh ? known->stage : deal->from;
    bool reopened = open && fresh && is_closed(known->stage);
    enum event_type type = reopened        ? EVENT_DEAL_REOPENED
                           : open && !from ? EVENT_DEAL_CREATED
                                           : deal->closed;
    struct event *event =
        add_deal(r, deal, type, deal->moved == MSEC_NONE ? deal->want->time : deal->moved);
    if (!event)
        return -r->err->code;
    bool moved = type == EVENT_DEAL_STAGE_CHANGED;
    event->from = reopened ? NULL : from;
    event->to = moved ? deal->stage : NULL;
    event->stage = open && !moved ? deal->stage : NULL;
    event->direction = moved ? crm_direction(&r->poll->request, from, deal->stage) : NULL;
    return 0;
}

int back_deal(struct back_reading *r, const struct back_deal *deal)
{
    struct poll_deal known;
    bool is_known = poll_known(r->poll, deal->want->id, &known);
    msec_t time = deal->want->time;
    if (tells_move(r->poll, deal, &known) && tell_move(r, deal, &known))
        return -r->err->code;
    if (deal->owner && !str_eq(deal->owner, known.owner)) {
        struct event *event = add_deal(r, deal, EVENT_DEAL_OWNER_CHANGED, time);
        if (!event)
            return -r->err->code;
        event->from = known.owner;
        event->to = deal->owner;
    }
    bool amount = is_known && !deal->want->told && deal->amount != NUMBER_NONE &&
                  deal->amount != known.amount;
    return !amount || add_deal(r, deal, EVENT_DEAL_AMOUNT_CHANGED, time) ? 0 : -r->err->code;
}

int back_effort(struct back_reading *r, const struct back_effort *effort)
{
    const struct crm_want *want = effort->want;
    struct arena *arena = &r->poll->page;
    bool done = effort->done;
    if (!effort->owner || (!done && effort->due == MSEC_NONE))
        return 0;
    bool earlier = done && effort->at != MSEC_NONE && effort->at < want->time;
    /* what is planned is newer than what was told of it */
    msec_t time = earlier ? effort->at : want->time + 1;
    const char *when = done ? "" : arena_printf(arena, ":%lld", (long long)effort->due);
    const char *id = arena_printf(arena, "%s:read:%s:%s:%s%s", r->prefix, want->object, want->id,
                                  done ? "done" : "planned", when);
    struct event *event = crm_add(&r->events, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED,
                                  time, id, r->err);
    if (!event)
        return -r->err->code;
    crm_origin(event, &r->events, want->object, want->id);
    event->activity = want->id;
    event->kind = effort->kind;
    event->rep = effort->owner;
    event->deal = effort->deal;
    event->direction = effort->direction;
    event->outcome = effort->outcome;
    event->duration_s = done ? effort->duration_s : NUMBER_NONE;
    event->due = done ? MSEC_NONE : effort->due;
    event->automated = want->automated;
    event->bulk = want->bulk;
    return 0;
}
