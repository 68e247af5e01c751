#include "wire/hubspot_read.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

enum { ID_DIGITS = 30 };

bool hubspot_reads(const struct crm_want *want)
{
    size_t length = want->id ? strlen(want->id) : 0;
    return str_eq(want->object, "deal") && length && length <= ID_DIGITS &&
           strspn(want->id, "0123456789") == length;
}

void hubspot_read_path(const struct crm_want *want, struct strbuf *out)
{
    strbuf_printf(out,
                  "/crm/v3/objects/deals/%s?properties=dealname,dealstage,pipeline,"
                  "hubspot_owner_id,amount,deal_currency_code,closedate"
                  "&propertiesWithHistory=dealstage",
                  want->id);
}

struct reading {
    struct crm_events events;
    const struct crm_want *want;
    const struct jtree *properties;
    struct err *err;
};

static struct event *add(struct reading *r, enum event_type type, msec_t time)
{
    struct arena *arena = r->events.out->arena;
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
    struct arena *arena = r->events.out->arena;
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

int hubspot_read_deal(const struct crm_request *request, const struct crm_want *want,
                      const struct poll_deal *known, struct crm_out *out, struct err *err)
{
    struct jtree *root;
    struct reading r = {
        .events = {.out = out, .request = request, .crm = "hubspot"}, .want = want, .err = err};
    r.events.source =
        crm_source(out->arena, "hubspot", request->account ? request->account : request->intake);
    int status = jtree_parse(request->body, request->length, out->arena, err, &root);
    if (status)
        return status;
    r.properties = root->type == JTREE_OBJECT ? jtree_find(root, "properties") : NULL;
    if (!r.properties || r.properties->type != JTREE_OBJECT)
        return err_set(err, EINVAL, "its answer has no properties");
    const struct jtree *all = jtree_find(root, "propertiesWithHistory");
    const struct jtree *history =
        all && all->type == JTREE_OBJECT ? jtree_find(all, "dealstage") : NULL;
    const char *owner = crm_id(out->arena, r.properties, "hubspot_owner_id");
    const char *before = known ? known->owner : NULL;
    if (owner && !str_eq(owner, before)) {
        struct event *event = add(&r, EVENT_DEAL_OWNER_CHANGED, want->time);
        if (!event)
            return -err->code;
        event->from = before;
        event->to = owner;
    }
    if (owner && !before)
        status = tell_again(&r, history);
    return status ? status : crm_flush(&r.events);
}
