/* HubSpot: a deal read back, as its webhooks name neither owner nor the stage before.
 * Source: HubSpot CRM API v3, "Objects", "Deals", propertiesWithHistory. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/hubspot.h"
#include "wire/read_back.h"

enum { ID_DIGITS = 30, STEP_DEAL = 1 };

static int takes(const struct crm_want *want)
{
    return str_eq(want->object, "deal") && back_id(want->id, "0123456789", ID_DIGITS);
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    static const char fields[] = "?properties=dealname,dealstage,pipeline,hubspot_owner_id,amount,"
                                 "deal_currency_code,closedate&propertiesWithHistory=dealstage";
    const char *path =
        arena_printf(&poll->arena, "/crm/v3/objects/deals/%s%s", poll->wants->id, fields);
    ret->headers[0] = arena_printf(&poll->arena, "Authorization: Bearer %s", poll->setup.secret);
    return poll_url(poll, path, NULL, &ret->url, err);
}

/* --- a deal --- */

struct reading {
    struct poll *poll;
    struct crm_events events;
    const struct crm_want *want;
    const struct jtree *properties;
    struct err *err;
};

static struct event *add(struct reading *r, enum event_type type, msec_t time)
{
    struct arena *arena = &r->poll->page;
    const char *id = arena_printf(arena, "hs:read:%s:%s:%lld", r->want->id, event_type_name(type),
                                  (long long)time);
    struct event *event = crm_add(&r->events, type, time, id, r->err);
    if (!event)
        return NULL;
    event->deal = r->want->id;
    event->deal_name = crm_line(arena, r->properties, "dealname");
    event->owner = crm_id(arena, r->properties, "hubspot_owner_id");
    event->currency = crm_currency(arena, r->properties, "deal_currency_code");
    event->amount = crm_amount(r->properties, "amount", event->currency);
    event->close_date = crm_date(arena, r->properties, "closedate");
    crm_origin(event, &r->events, "deal", r->want->id);
    return event;
}

/* An entry of the stage's history, the newest first: its word, and when. */
static const char *stage_at(struct reading *r, const struct jtree *entry, msec_t *ret_at)
{
    struct arena *arena = &r->poll->page;
    const struct crm_stage stage = {.pipeline = crm_id(arena, r->properties, "pipeline"),
                                    .id = entry ? crm_id(arena, entry, "value") : NULL,
                                    .defaults = hubspot_stages};
    *ret_at = entry ? crm_time(entry, "timestamp") : MSEC_NONE;
    return stage.id ? crm_stage(r->events.request, arena, &stage) : NULL;
}

/* Nobody could be asked when it came, as nobody knew whose it is. */
static int tell_again(struct reading *r, const struct jtree *history)
{
    const struct jtree *newest = history && history->type == JTREE_ARRAY ? history->first : NULL;
    msec_t at, before;
    const char *to = stage_at(r, newest, &at);
    const char *from = stage_at(r, newest ? newest->next : NULL, &before);
    if (!to || at == MSEC_NONE)
        return 0;
    enum event_type type = crm_stage_event(r->events.request, to);
    bool moved = type == EVENT_DEAL_STAGE_CHANGED;
    struct event *event = add(r, moved && !from ? EVENT_DEAL_CREATED : type, at);
    if (!event)
        return -r->err->code;
    event->from = from;
    event->to = moved && from ? to : NULL;
    event->stage = moved && !from ? to : NULL;
    event->direction = event->to ? crm_direction(r->events.request, from, to) : NULL;
    return 0;
}

/* What the answer adds to what is known: the owner, and where nobody was known to own it, the last
 * move once more with all that belongs to it. */
static int read_deal(struct reading *r, const struct jtree *root)
{
    struct poll_deal known;
    r->properties = root->type == JTREE_OBJECT ? jtree_find(root, "properties") : NULL;
    if (!r->properties || r->properties->type != JTREE_OBJECT)
        return err_set(r->err, EINVAL, "its answer has no properties");
    const struct jtree *all = jtree_find(root, "propertiesWithHistory");
    const struct jtree *history =
        all && all->type == JTREE_OBJECT ? jtree_find(all, "dealstage") : NULL;
    const char *owner = crm_id(&r->poll->page, r->properties, "hubspot_owner_id");
    const char *before = poll_known(r->poll, r->want->id, &known) ? known.owner : NULL;
    if (owner && !str_eq(owner, before)) {
        struct event *event = add(r, EVENT_DEAL_OWNER_CHANGED, r->want->time);
        if (!event)
            return -r->err->code;
        event->from = before;
        event->to = owner;
    }
    return owner && !before ? tell_again(r, history) : 0;
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct reading r = {.poll = poll, .want = poll->wants, .err = err};
    struct crm_out out;
    struct jtree *root;
    poll->step = POLL_IDLE;
    if (reply->status == 404) /* it is gone: nothing to be read */
        return 0;
    int status = poll_tree(poll, reply, &root, err);
    poll_events(poll, &out, &r.events, "hubspot");
    if (!status)
        status = read_deal(&r, root);
    return status ? status : poll_flush(&r.events);
}

const struct poll_kind back_hubspot = {
    .name = "hubspot",
    .first = STEP_DEAL,
    .reads_gone = true,
    .secrets = "'secret': the token of the private app",
    .rights = "the app's scopes (crm.objects.deals.read)",
    .takes = takes,
    .ask = ask,
    .read = read,
};
