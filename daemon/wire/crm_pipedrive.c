/* Pipedrive's webhooks, version 2: one change each, with what was there before.
 * Source: Pipedrive developer docs, "Webhooks v2". */
#include <errno.h>

#include "base/alloc.h"
#include "wire/pipedrive.h"

struct pipedrive {
    struct crm_events events;
    struct err *err;
    const struct jtree *meta, *data, *before; /* data and before may be NULL */
    const char *action, *entity, *id;
    msec_t time;
};

static struct arena *arena_of(const struct pipedrive *p)
{
    return p->events.out->arena;
}

static const struct jtree *object_in(const struct jtree *root, const char *name)
{
    const struct jtree *node = jtree_find(root, name);
    return node && node->type == JTREE_OBJECT ? node : NULL;
}

/* Whether the change is one of this member. */
static bool changed(const struct pipedrive *p, const char *name)
{
    return p->before && jtree_find(p->before, name);
}

static int ignore(struct pipedrive *p)
{
    p->events.out->ignored++;
    return 0;
}

/* what: the type's name, as one change can be several events. */
static struct event *add(struct pipedrive *p, enum event_type type, const char *id)
{
    struct event *event = crm_add(&p->events, type, p->time, id, p->err);
    if (!event)
        return NULL;
    crm_origin(event, &p->events, p->entity, p->id);
    event->attempt = crm_int(p->meta, "attempt", NUMBER_NONE);
    if (event->attempt < 0)
        event->attempt = NUMBER_NONE;
    event->bulk = crm_true(p->meta, "is_bulk_edit");
    return event;
}

/* --- deals --- */

/* The stage after the change, or the one before it. */
static const char *stage_of(const struct pipedrive *p, bool before)
{
    const struct jtree *from = before && changed(p, "stage_id") ? p->before : p->data;
    const struct jtree *line = before && changed(p, "pipeline_id") ? p->before : p->data;
    const struct crm_stage stage = {.pipeline = crm_id(arena_of(p), line, "pipeline_id"),
                                    .id = crm_id(arena_of(p), from, "stage_id")};
    return crm_stage(p->events.request, arena_of(p), &stage);
}

static struct event *add_deal(struct pipedrive *p, enum event_type type)
{
    struct arena *arena = arena_of(p);
    const char *told = crm_id(arena, p->meta, "id");
    struct event *event =
        add(p, type, arena_printf(arena, "pd:%s:%s", told ? told : "-", event_type_name(type)));
    if (!event)
        return NULL;
    event->deal = p->id;
    if (!p->data)
        return event;
    event->deal_name = crm_line(arena, p->data, "title");
    event->owner = crm_id(arena, p->data, "owner_id");
    event->currency = crm_currency(arena, p->data, "currency");
    event->amount = crm_amount(p->data, "value", event->currency);
    event->close_date = crm_date(arena, p->data, "expected_close_date");
    event->created = crm_time(p->data, "add_time");
    return event;
}

/* A new deal, one that is open again. */
static int add_open(struct pipedrive *p, enum event_type type)
{
    struct event *event = add_deal(p, type);
    if (!event)
        return -p->err->code;
    event->stage = stage_of(p, false);
    return 0;
}

static int add_closed(struct pipedrive *p, enum event_type type)
{
    struct event *event = add_deal(p, type);
    if (!event)
        return -p->err->code;
    event->from = stage_of(p, true);
    if (type == EVENT_DEAL_LOST)
        event->reason = crm_line(arena_of(p), p->data, "lost_reason");
    return 0;
}

static int add_deleted(struct pipedrive *p)
{
    return add_deal(p, EVENT_DEAL_DELETED) ? 0 : -p->err->code;
}

static int add_moved(struct pipedrive *p)
{
    const char *from = stage_of(p, true), *to = stage_of(p, false);
    if (!to)
        return ignore(p);
    enum event_type type = crm_stage_event(p->events.request, to);
    struct event *event = add_deal(p, type);
    if (!event)
        return -p->err->code;
    event->from = from;
    if (type != EVENT_DEAL_STAGE_CHANGED)
        return 0;
    event->to = to;
    event->direction = crm_direction(p->events.request, from, to);
    return 0;
}

/* open, won, lost or deleted; the stage stays what it was. */
static int status_changed(struct pipedrive *p)
{
    const char *now = crm_text(arena_of(p), p->data, "status");
    if (str_eq(now, "won"))
        return add_closed(p, EVENT_DEAL_WON);
    if (str_eq(now, "lost"))
        return add_closed(p, EVENT_DEAL_LOST);
    if (str_eq(now, "deleted"))
        return add_deleted(p);
    return add_open(p, EVENT_DEAL_REOPENED);
}

/* What is told besides a move or a closing. */
static int fields_changed(struct pipedrive *p)
{
    struct event *event;
    if (changed(p, "value") || changed(p, "currency")) {
        event = add_deal(p, EVENT_DEAL_AMOUNT_CHANGED);
        if (!event)
            return -p->err->code;
    }
    if (changed(p, "expected_close_date")) {
        event = add_deal(p, EVENT_DEAL_CLOSE_DATE_CHANGED);
        if (!event)
            return -p->err->code;
        event->from = crm_date(arena_of(p), p->before, "expected_close_date");
        event->to = event->close_date;
    }
    if (changed(p, "owner_id")) {
        event = add_deal(p, EVENT_DEAL_OWNER_CHANGED);
        if (!event)
            return -p->err->code;
        event->from = crm_id(arena_of(p), p->before, "owner_id");
        event->to = event->owner;
    }
    return 0;
}

static int deal_changed(struct pipedrive *p)
{
    size_t count = p->events.count;
    int status = 0;
    if (!p->data)
        return ignore(p);
    if (changed(p, "status"))
        status = status_changed(p);
    else if (changed(p, "stage_id"))
        status = add_moved(p);
    if (!status)
        status = fields_changed(p);
    return status || p->events.count > count ? status : ignore(p);
}

static int deal_created(struct pipedrive *p)
{
    const char *now = crm_text(arena_of(p), p->data, "status");
    int status = add_open(p, EVENT_DEAL_CREATED);
    if (!status && (str_eq(now, "won") || str_eq(now, "lost")))
        status = status_changed(p);
    return status;
}

/* --- activities --- */

static const struct crm_word kinds[] = {
    {"call", "call"},         {"email", "email"},   {"meeting", "meeting"}, {"task", "task"},
    {"deadline", "task"},     {"lunch", "meeting"}, {"demo", "demo"},       {"note", "note"},
    {"proposal", "proposal"}, {NULL, NULL}};

/* "00:20:00" */
static int64_t seconds_of(const char *text)
{
    int64_t total = 0, part = 0;
    int colons = 0;
    for (; text && *text; text++) {
        if (*text == ':' && colons < 2) {
            total = (total + part) * 60;
            part = 0;
            colons++;
        } else if (*text >= '0' && *text <= '9' && part < 1000) {
            part = part * 10 + *text - '0';
        } else {
            return NUMBER_NONE;
        }
    }
    if (!colons)
        return NUMBER_NONE;
    return colons == 2 ? total + part : (total + part) * 60;
}

/* A day without a time of day is no moment. */
static msec_t due_of(const struct pipedrive *p)
{
    const char *date = crm_date(arena_of(p), p->data, "due_date");
    const char *time = crm_text(arena_of(p), p->data, "due_time");
    msec_t due;
    if (!date || !time || strlen(time) < strlen("09:30"))
        return MSEC_NONE;
    const char *text = arena_printf(arena_of(p), "%sT%.5s:00Z", date, time);
    return msec_parse(text, &due) || due < 0 ? MSEC_NONE : due;
}

static int add_activity(struct pipedrive *p, enum event_type type)
{
    struct arena *arena = arena_of(p);
    const char *told = crm_id(arena, p->meta, "id");
    const char *theirs = crm_line(arena, p->data, "type");
    bool done = type == EVENT_ACTIVITY_LOGGED;
    /* done is logged once, however often it is ticked */
    struct event *event =
        add(p, type,
            done ? arena_printf(arena, "pd:done:%s:%s", p->id, theirs ? theirs : "-")
                 : arena_printf(arena, "pd:%s:%s", told ? told : "-", event_type_name(type)));
    if (!event)
        return -p->err->code;
    event->activity = p->id;
    event->kind = crm_word(kinds, theirs);
    if (!event->kind) {
        event->kind = "other";
        event->raw_kind = theirs;
    }
    event->rep = crm_id(arena, p->data, "owner_id");
    event->deal = crm_id(arena, p->data, "deal_id");
    event->due = due_of(p);
    if (done)
        event->duration_s = seconds_of(crm_text(arena, p->data, "duration"));
    if (done && str_eq(event->kind, "meeting"))
        event->outcome = "completed";
    return 0;
}

static int activity_told(struct pipedrive *p)
{
    bool done = crm_true(p->data, "done");
    if (!p->data || str_eq(p->action, "delete"))
        return ignore(p);
    if (str_eq(p->action, "create"))
        return add_activity(p, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED);
    return done && changed(p, "done") ? add_activity(p, EVENT_ACTIVITY_LOGGED) : ignore(p);
}

static int deal_told(struct pipedrive *p)
{
    if (str_eq(p->action, "create"))
        return deal_created(p);
    if (str_eq(p->action, "delete"))
        return add_deleted(p);
    return str_eq(p->action, "change") ? deal_changed(p) : ignore(p);
}

static int read_change(struct pipedrive *p, const struct jtree *root)
{
    struct arena *arena = arena_of(p);
    p->meta = root->type == JTREE_OBJECT ? object_in(root, "meta") : NULL;
    if (!p->meta)
        return err_set(p->err, EINVAL, "meta: is missing");
    p->data = object_in(root, "data");
    p->before = object_in(root, "previous");
    p->action = crm_text(arena, p->meta, "action");
    p->entity = crm_id(arena, p->meta, "entity");
    if (!p->action || !p->entity)
        return err_set(p->err, EINVAL, "meta.action and meta.entity: are missing");
    if (!str_eq(p->entity, "deal") && !str_eq(p->entity, "activity"))
        return ignore(p);
    p->time = crm_time(p->meta, "timestamp");
    p->id = crm_id(arena, p->meta, "entity_id");
    if (!p->id)
        p->id = crm_id(arena, p->data ? p->data : p->before, "id");
    if (!p->id)
        return err_set(p->err, EINVAL, "meta.entity_id: is missing");
    p->events.source = crm_source(arena, "pipedrive", crm_id(arena, p->meta, "company_id"));
    return str_eq(p->entity, "deal") ? deal_told(p) : activity_told(p);
}

/* What was asked for before it was told has that name already. */
static void name_asked(struct pipedrive *p)
{
    const struct crm_request *request = p->events.request;
    const char *source =
        crm_source(arena_of(p), "pipedrive", request->account ? request->account : request->intake);
    for (size_t i = 0; p->data && request->seen && i < p->events.count; i++) {
        struct event *event = &p->events.list[i];
        msec_t at = event->deal ? pipedrive_time(p->data, event->type) : MSEC_NONE;
        if (at == MSEC_NONE)
            continue;
        const char *id = pipedrive_asked_id(arena_of(p), p->id, event->type, at);
        if (!request->seen(request->seen_user, source, id))
            continue;
        event->source = source;
        event->id = id;
        event->key = event_key(source, id);
    }
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct pipedrive p = {.events = {.out = out, .request = request, .crm = "pipedrive"},
                          .err = err};
    struct jtree *root;
    int status = jtree_parse_without(request->body, request->length, PIPEDRIVE_UNREAD, out->arena,
                                     err, &root);
    if (!status)
        status = read_change(&p, root);
    if (!status && str_eq(p.entity, "deal"))
        name_asked(&p);
    return status ? status : crm_flush(&p.events);
}

static const char *const schemes[] = {"basic", NULL};
static const char *const media[] = {"application/json", NULL};

const struct crm crm_pipedrive = {
    .name = "pipedrive", .schemes = schemes, .media = media, .busy_status = 503, .parse = parse};
