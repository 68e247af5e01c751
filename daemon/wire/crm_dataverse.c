/* Dynamics 365 (Dataverse): the execution context of one message, as a webhook step posts it.
 * Source: Microsoft Learn, "Use webhooks to create external handlers for server events". */
#include <errno.h>
#include <limits.h>

#include "base/alloc.h"
#include "wire/dataverse.h"

struct dataverse {
    struct crm_events events;
    struct err *err;
    const struct jtree *root;
    const struct jtree *target, *before, *after; /* lists of attributes, or NULL */
    const char *message, *entity, *id;
    msec_t time;
};

static struct arena *arena_of(const struct dataverse *d)
{
    return d->events.out->arena;
}

static int ignore(struct dataverse *d)
{
    d->events.out->ignored++;
    return 0;
}

/* --- lists of {"key":K,"value":V} --- */

static const struct jtree *value_of(const struct jtree *list, const char *key)
{
    for (const struct jtree *pair = list && list->type == JTREE_ARRAY ? list->first : NULL; pair;
         pair = pair->next) {
        const struct jtree *name = pair->type == JTREE_OBJECT ? jtree_find(pair, "key") : NULL;
        if (name && name->type == JTREE_TEXT && str_eq(name->text, key))
            return jtree_find(pair, "value");
    }
    return NULL;
}

static const struct jtree *attributes_of(const struct jtree *entity)
{
    const struct jtree *list =
        entity && entity->type == JTREE_OBJECT ? jtree_find(entity, "Attributes") : NULL;
    return list && list->type == JTREE_ARRAY ? list : NULL;
}

/* The first image that the step was registered with. */
static const struct jtree *image_of(const struct jtree *root, const char *name)
{
    const struct jtree *list = jtree_find(root, name);
    const struct jtree *pair = list && list->type == JTREE_ARRAY ? list->first : NULL;
    return pair && pair->type == JTREE_OBJECT ? attributes_of(jtree_find(pair, "value")) : NULL;
}

static bool is_empty(const struct jtree *value)
{
    return !value || value->type == JTREE_NULL;
}

/* As it is now: what was written, else what an image tells. */
static const struct jtree *now(const struct dataverse *d, const char *name)
{
    const struct jtree *value = value_of(d->target, name);
    if (is_empty(value))
        value = value_of(d->after, name);
    return is_empty(value) ? value_of(d->before, name) : value;
}

/* A choice or money is {"Value":2}, a reference {"Id":...}; all others stand for themselves. Puts
 * the value under `name` into an object of its own, for the readers of crm_put.h. */
static const struct jtree *plain(const struct dataverse *d, const struct jtree *value)
{
    if (value && value->type == JTREE_OBJECT && jtree_find(value, "Value"))
        value = jtree_find(value, "Value");
    else if (value && value->type == JTREE_OBJECT)
        value = jtree_find(value, "Id");
    if (is_empty(value))
        return NULL;
    struct jtree *object = jtree_object_new(arena_of(d));
    struct jtree *copy = arena_alloc(arena_of(d), sizeof(*copy));
    *copy = *value;
    copy->next = NULL;
    jtree_add(object, "v", copy);
    return object;
}

static const char *id_of(const struct dataverse *d, const struct jtree *value)
{
    return crm_id(arena_of(d), plain(d, value), "v");
}

static int64_t int_of(const struct dataverse *d, const struct jtree *value, int64_t absent)
{
    return crm_int(plain(d, value), "v", absent);
}

/* "/Date(1803204304120+0000)/", or RFC 3339. */
static msec_t time_of(const struct dataverse *d, const struct jtree *value)
{
    const struct jtree *object = plain(d, value);
    const char *text = crm_text(arena_of(d), object, "v");
    int64_t ms;
    if (!text || !str_starts(text, "/Date("))
        return crm_time(object, "v");
    const char *digits = text + strlen("/Date(");
    size_t length = strspn(digits, "0123456789");
    return length && !str_to_i64(arena_strndup(arena_of(d), digits, length), &ms) ? ms : MSEC_NONE;
}

static const char *date_of(const struct dataverse *d, const struct jtree *value)
{
    char text[MSEC_TEXT_BYTES];
    msec_t time = time_of(d, value);
    if (time == MSEC_NONE || time >= INT64_C(253402300800000))
        return crm_date(arena_of(d), plain(d, value), "v");
    return arena_strndup(arena_of(d), msec_format(time, text), strlen("2027-03-31"));
}

/* --- opportunities --- */

const struct crm_word dataverse_stages[] = {
    {"0", "qualify"}, {"1", "discover"}, {"2", "propose"}, {"3", "negotiate"}, {NULL, NULL}};

static const char *stage_of(const struct dataverse *d, const struct jtree *value)
{
    const struct crm_stage stage = {
        .pipeline = "salesstage", .id = id_of(d, value), .defaults = dataverse_stages};
    return crm_stage(d->events.request, arena_of(d), &stage);
}

static struct event *add(struct dataverse *d, enum event_type type)
{
    const char *operation = crm_id(arena_of(d), d->root, "OperationId");
    const char *id =
        arena_printf(arena_of(d), "dv:%s:%s", operation ? operation : d->id, event_type_name(type));
    struct event *event = crm_add(&d->events, type, d->time, id, d->err);
    if (event)
        crm_origin(event, &d->events, d->entity, d->id);
    return event;
}

static struct event *add_deal(struct dataverse *d, enum event_type type)
{
    struct event *event = add(d, type);
    if (!event)
        return NULL;
    const struct jtree *customer = now(d, "customerid");
    event->deal = d->id;
    event->deal_name = crm_line(arena_of(d), plain(d, now(d, "name")), "v");
    event->owner = id_of(d, now(d, "ownerid"));
    event->amount = crm_amount(plain(d, now(d, "estimatedvalue")), "v", NULL);
    event->close_date = date_of(d, now(d, "estimatedclosedate"));
    event->account =
        customer && customer->type == JTREE_OBJECT ? crm_line(arena_of(d), customer, "Name") : NULL;
    return event;
}

static int add_closed(struct dataverse *d, enum event_type type)
{
    struct event *event = add_deal(d, type);
    if (!event)
        return -d->err->code;
    event->from = stage_of(d, now(d, "salesstage"));
    return 0;
}

static int add_open(struct dataverse *d, enum event_type type)
{
    struct event *event = add_deal(d, type);
    if (!event)
        return -d->err->code;
    event->stage = stage_of(d, now(d, "salesstage"));
    return 0;
}

static int add_moved(struct dataverse *d, const char *to)
{
    const char *from = stage_of(d, value_of(d->before, "salesstage"));
    enum event_type type = crm_stage_event(d->events.request, to);
    struct event *event = add_deal(d, type);
    if (!event)
        return -d->err->code;
    event->from = from;
    if (type != EVENT_DEAL_STAGE_CHANGED)
        return 0;
    event->to = to;
    event->direction = crm_direction(d->events.request, from, to);
    return 0;
}

static int add_owner(struct dataverse *d, const struct jtree *value)
{
    struct event *event = add_deal(d, EVENT_DEAL_OWNER_CHANGED);
    if (!event)
        return -d->err->code;
    event->from = id_of(d, value_of(d->before, "ownerid"));
    event->to = event->owner = id_of(d, value);
    return 0;
}

/* Whether it was written, and to something else than the image says. */
static bool changed(const struct dataverse *d, const char *name)
{
    const struct jtree *value = value_of(d->target, name), *old = value_of(d->before, name);
    return !is_empty(value) && (is_empty(old) || !str_eq(id_of(d, value), id_of(d, old)));
}

static int state_changed(struct dataverse *d, int64_t state)
{
    int64_t old = int_of(d, value_of(d->before, "statecode"), -1);
    if (state == DATAVERSE_WON)
        return add_closed(d, EVENT_DEAL_WON);
    if (state == DATAVERSE_LOST)
        return add_closed(d, EVENT_DEAL_LOST);
    return state == DATAVERSE_OPEN && old > DATAVERSE_OPEN ? add_open(d, EVENT_DEAL_REOPENED) : 0;
}

static int fields_changed(struct dataverse *d)
{
    int status = 0;
    if (changed(d, "estimatedvalue") && !add_deal(d, EVENT_DEAL_AMOUNT_CHANGED))
        return -d->err->code;
    if (changed(d, "estimatedclosedate")) {
        struct event *event = add_deal(d, EVENT_DEAL_CLOSE_DATE_CHANGED);
        if (!event)
            return -d->err->code;
        event->from = date_of(d, value_of(d->before, "estimatedclosedate"));
        event->to = event->close_date;
    }
    if (changed(d, "ownerid"))
        status = add_owner(d, value_of(d->target, "ownerid"));
    return status;
}

static int deal_updated(struct dataverse *d)
{
    size_t count = d->events.count;
    const char *to =
        changed(d, "salesstage") ? stage_of(d, value_of(d->target, "salesstage")) : NULL;
    int status = 0;
    if (changed(d, "statecode"))
        status = state_changed(d, int_of(d, value_of(d->target, "statecode"), -1));
    if (!status && d->events.count == count && to)
        status = add_moved(d, to);
    if (!status)
        status = fields_changed(d);
    return status || d->events.count > count ? status : ignore(d);
}

static int deal_created(struct dataverse *d)
{
    return add_open(d, EVENT_DEAL_CREATED);
}

static int deal_deleted(struct dataverse *d)
{
    return add_deal(d, EVENT_DEAL_DELETED) ? 0 : -d->err->code;
}

static int deal_won(struct dataverse *d)
{
    return add_closed(d, EVENT_DEAL_WON);
}

static int deal_lost(struct dataverse *d)
{
    return add_closed(d, EVENT_DEAL_LOST);
}

static int deal_state_set(struct dataverse *d)
{
    size_t count = d->events.count;
    const struct jtree *state = value_of(jtree_find(d->root, "InputParameters"), "State");
    int status = state_changed(d, int_of(d, state, -1));
    return status || d->events.count > count ? status : ignore(d);
}

static int deal_assigned(struct dataverse *d)
{
    return add_owner(d, value_of(jtree_find(d->root, "InputParameters"), "Assignee"));
}

static const struct {
    const char *message;
    int (*run)(struct dataverse *d);
} messages[] = {
    {"Update", deal_updated},
    {"Create", deal_created},
    {"Delete", deal_deleted},
    {"Win", deal_won},
    {"Lose", deal_lost},
    {"SetState", deal_state_set},
    {"SetStateDynamicEntity", deal_state_set},
    {"Assign", deal_assigned},
};

static int deal_told(struct dataverse *d)
{
    for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
        if (str_eq(messages[i].message, d->message))
            return messages[i].run(d);
    }
    return ignore(d);
}

/* --- activities --- */

const struct crm_word dataverse_kinds[] = {{"phonecall", "call"},
                                           {"email", "email"},
                                           {"appointment", "meeting"},
                                           {"task", "task"},
                                           {NULL, NULL}};

static int add_activity(struct dataverse *d, const char *kind, bool done)
{
    struct event *event = add(d, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED);
    if (!event)
        return -d->err->code;
    const struct jtree *about = now(d, "regardingobjectid"), *way = now(d, "directioncode");
    bool talks = str_eq(kind, "call") || str_eq(kind, "email");
    event->activity = d->id;
    event->kind = kind;
    event->rep = id_of(d, now(d, "ownerid"));
    event->due = time_of(d, now(d, "scheduledend"));
    if (about && about->type == JTREE_OBJECT &&
        str_eq(crm_text(arena_of(d), about, "LogicalName"), "opportunity"))
        event->deal = id_of(d, about);
    if (talks && way && (way->type == JTREE_TRUE || way->type == JTREE_FALSE))
        event->direction = way->type == JTREE_TRUE ? "outbound" : "inbound";
    int64_t minutes = int_of(d, now(d, "actualdurationminutes"), -1);
    if (done && minutes >= 0 && minutes < 24 * 60)
        event->duration_s = minutes * 60;
    if (done) {
        event->outcome = talks ? NULL : "completed";
        event->id = arena_printf(arena_of(d), "dv:done:%s", d->id); /* once, however often ticked */
        event->key = event_key(event->source, event->id);
    }
    return 0;
}

static int activity_told(struct dataverse *d, const char *kind)
{
    bool done = int_of(d, now(d, "statecode"), 0) == DATAVERSE_DONE;
    if (str_eq(d->message, "Create"))
        return add_activity(d, kind, done);
    if (str_eq(d->message, "Update") && done && changed(d, "statecode"))
        return add_activity(d, kind, true);
    return ignore(d);
}

/* --- the context --- */

/* Over 256 KB only the ids are left. What is deleted cannot be read, and needs no more. */
static int read_again(struct dataverse *d)
{
    struct crm_out *out = d->events.out;
    if (str_eq(d->message, "Delete"))
        return str_eq(d->entity, "opportunity") ? deal_deleted(d) : ignore(d);
    if (out->want)
        out->want(out->user, &(struct crm_want){.object = d->entity, .id = d->id, .time = d->time});
    return 0;
}

static int read_context(struct dataverse *d)
{
    struct arena *arena = arena_of(d);
    const struct crm_request *request = d->events.request;
    if (d->root->type != JTREE_OBJECT)
        return err_set(d->err, EINVAL, "an execution context is expected, not %s",
                       jtree_type_name(d->root));
    d->message = crm_text(arena, d->root, "MessageName");
    d->entity = crm_id(arena, d->root, "PrimaryEntityName");
    d->id = crm_id(arena, d->root, "PrimaryEntityId");
    if (!d->message || !d->entity || !d->id)
        return err_set(d->err, EINVAL,
                       "MessageName, PrimaryEntityName or PrimaryEntityId: is missing");
    const char *kind = crm_word(dataverse_kinds, d->entity);
    if (!kind && !str_eq(d->entity, "opportunity"))
        return ignore(d);
    const struct jtree *inputs = jtree_find(d->root, "InputParameters");
    d->time = time_of(d, jtree_find(d->root, "OperationCreatedOn"));
    d->events.source = crm_source(arena, "dataverse", crm_id(arena, d->root, "OrganizationId"));
    if (wire_header_find(request->headers, "x-ms-dynamics-msg-size-exceeded", NULL) ||
        is_empty(inputs))
        return read_again(d);
    d->target = attributes_of(value_of(inputs, "Target"));
    d->before = image_of(d->root, "PreEntityImages");
    d->after = image_of(d->root, "PostEntityImages");
    return kind ? activity_told(d, kind) : deal_told(d);
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct dataverse d = {.events = {.out = out, .request = request, .crm = "dataverse"},
                          .err = err};
    struct jtree *root;
    int status = jtree_parse(request->body, request->length, out->arena, err, &root);
    d.root = root;
    if (!status)
        status = read_context(&d);
    return status ? status : crm_flush(&d.events);
}

static const char *const schemes[] = {"header", "bearer", "basic", NULL};
static const char *const headers[] = {"x-ms-dynamics-msg-size-exceeded", NULL};
static const char *const media[] = {"application/json", NULL};

const struct crm crm_dataverse = {.name = "dataverse",
                                  .schemes = schemes,
                                  .headers = headers,
                                  .media = media,
                                  .busy_status = 503,
                                  .parse = parse};
