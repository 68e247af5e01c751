/* Zoho CRM's notifications: the ids of what has changed, and its values where the channel asks for
 * them (return_affected_field_values).
 * Source: Zoho CRM API, "Notification APIs". */
#include <errno.h>

#include "base/alloc.h"
#include "wire/zoho.h"

enum { ZOHO_IDS_MAX = 200 };

struct zoho {
    struct crm_events events;
    struct err *err;
    const struct jtree *root;
    const char *module, *operation, *id;
    msec_t time;
};

const struct crm_word zoho_stages[] = {{"Qualification", "qualify"},
                                       {"Needs Analysis", "discover"},
                                       {"Value Proposition", "discover"},
                                       {"Identify Decision Makers", "discover"},
                                       {"Proposal/Price Quote", "propose"},
                                       {"Negotiation/Review", "negotiate"},
                                       {"Closed Won", "won"},
                                       {"Closed Lost", "lost"},
                                       {NULL, NULL}};

const struct crm_word zoho_modules[] = {{"Deals", "deal"},     {"Calls", "call"},
                                        {"Events", "meeting"}, {"Meetings", "meeting"},
                                        {"Tasks", "task"},     {NULL, NULL}};

static struct arena *arena_of(const struct zoho *z)
{
    return z->events.out->arena;
}

/* The type is part of the id: one notification can tell of several changes. */
static struct event *add_deal(struct zoho *z, enum event_type type)
{
    const char *id = arena_printf(arena_of(z), "zo:%s:%s:%s:%lld:%s", z->module, z->id,
                                  z->operation, (long long)z->time, event_type_name(type));
    struct event *event = crm_add(&z->events, type, z->time, id, z->err);
    if (!event)
        return NULL;
    crm_origin(event, &z->events, z->module, z->id);
    event->deal = z->id;
    return event;
}

/* A record by its id in "affected_values": [{"record_id":..., "values":{...}}], or NULL. */
static const struct jtree *values_of(const struct zoho *z)
{
    const struct jtree *list = jtree_find(z->root, "affected_values");
    for (const struct jtree *one = list && list->type == JTREE_ARRAY ? list->first : NULL; one;
         one = one->next) {
        if (one->type != JTREE_OBJECT || !str_eq(crm_id(arena_of(z), one, "record_id"), z->id))
            continue;
        const struct jtree *values = jtree_find(one, "values");
        return values && values->type == JTREE_OBJECT ? values : NULL;
    }
    return NULL;
}

const char *zoho_owner(struct arena *arena, const struct jtree *values)
{
    const struct jtree *owner = jtree_find(values, "Owner");
    return owner && owner->type == JTREE_OBJECT ? crm_id(arena, owner, "id")
                                                : crm_id(arena, values, "Owner");
}

static int told_stage(struct zoho *z, const struct jtree *values)
{
    const struct crm_request *request = z->events.request;
    const struct crm_stage said = {.pipeline = crm_id(arena_of(z), values, "Pipeline"),
                                   .id = crm_id(arena_of(z), values, "Stage"),
                                   .defaults = zoho_stages};
    const char *to = crm_stage(request, arena_of(z), &said);
    if (!to)
        return 0;
    enum event_type type = crm_stage_event(request, to);
    struct event *event = add_deal(z, type);
    if (!event)
        return -z->err->code;
    event->to = type == EVENT_DEAL_STAGE_CHANGED ? to : NULL;
    return 0;
}

static int told_values(struct zoho *z, const struct jtree *values)
{
    struct event *event;
    if (jtree_find(values, "Stage") && told_stage(z, values))
        return -z->err->code;
    int64_t amount = crm_amount(values, "Amount", NULL);
    if (amount != NUMBER_NONE) {
        event = add_deal(z, EVENT_DEAL_AMOUNT_CHANGED);
        if (!event)
            return -z->err->code;
        event->amount = amount;
    }
    const char *date = crm_date(arena_of(z), values, "Closing_Date");
    if (date) {
        event = add_deal(z, EVENT_DEAL_CLOSE_DATE_CHANGED);
        if (!event)
            return -z->err->code;
        event->to = event->close_date = date;
    }
    const char *owner = zoho_owner(arena_of(z), values);
    if (owner) {
        event = add_deal(z, EVENT_DEAL_OWNER_CHANGED);
        if (!event)
            return -z->err->code;
        event->to = event->owner = owner;
    }
    return 0;
}

static int told_record(struct zoho *z, const char *kind)
{
    struct crm_out *out = z->events.out;
    bool deal = str_eq(kind, "deal"), gone = str_eq(z->operation, "delete");
    const struct jtree *values = deal ? values_of(z) : NULL;
    if (gone && !deal) {
        out->ignored++;
        return 0;
    }
    if (gone)
        return add_deal(z, EVENT_DEAL_DELETED) ? 0 : -z->err->code;
    if (out->want)
        out->want(out->user, &(struct crm_want){.object = z->module,
                                                .id = z->id,
                                                .time = z->time,
                                                .told = values && jtree_find(values, "Stage")});
    if (deal && str_eq(z->operation, "insert") && !add_deal(z, EVENT_DEAL_CREATED))
        return -z->err->code;
    return values ? told_values(z, values) : 0;
}

static int read_notification(struct zoho *z)
{
    struct arena *arena = arena_of(z);
    const struct crm_request *request = z->events.request;
    if (z->root->type != JTREE_OBJECT)
        return err_set(z->err, EINVAL, "a notification is expected, not %s",
                       jtree_type_name(z->root));
    z->module = crm_id(arena, z->root, "module");
    z->operation = crm_id(arena, z->root, "operation");
    z->time = crm_int(z->root, "server_time", -1);
    const struct jtree *ids = jtree_find(z->root, "ids");
    if (!z->module || !z->operation || !ids || ids->type != JTREE_ARRAY)
        return err_set(z->err, EINVAL, "module, operation or ids: is missing");
    if (ids->count > ZOHO_IDS_MAX)
        return err_set(z->err, E2BIG, "ids: more than %d", ZOHO_IDS_MAX);
    const char *kind = crm_word(zoho_modules, z->module);
    if (!kind) {
        z->events.out->ignored++;
        return 0;
    }
    z->events.source =
        crm_source(arena, "zoho", request->account ? request->account : request->intake);
    for (const struct jtree *id = ids->first; id; id = id->next) {
        z->id = crm_id_of(arena, id);
        if (!z->id)
            return err_set(z->err, EINVAL, "ids: one of them is no id");
        if (told_record(z, kind))
            return -z->err->code;
    }
    return 0;
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct zoho z = {.events = {.out = out, .request = request, .crm = "zoho"}, .err = err};
    struct jtree *root;
    int status = jtree_parse(request->body, request->length, out->arena, err, &root);
    z.root = root;
    if (!status)
        status = read_notification(&z);
    return status ? status : crm_flush(&z.events);
}

static const char *const schemes[] = {"body-token", NULL};
static const char *const media[] = {"application/json", NULL};

const struct crm crm_zoho = {
    .name = "zoho", .schemes = schemes, .media = media, .busy_status = 503, .parse = parse};
