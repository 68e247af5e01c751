/* Close's webhooks: one event each, with the values before.
 * Source: Close API, "Webhooks" and "Event log". */
#include <errno.h>
#include <limits.h>

#include "wire/crm_put.h"

struct close {
    struct crm_events events;
    struct err *err;
    const struct jtree *event, *data, *before;
    const char *type, *action, *id;
    msec_t time;
};

static struct arena *arena_of(const struct close *c)
{
    return c->events.out->arena;
}

static const struct jtree *object_in(const struct jtree *root, const char *name)
{
    const struct jtree *node = root->type == JTREE_OBJECT ? jtree_find(root, name) : NULL;
    return node && node->type == JTREE_OBJECT ? node : NULL;
}

static int ignore(struct close *c)
{
    c->events.out->ignored++;
    return 0;
}

static bool changed(const struct close *c, const char *name)
{
    return c->before && jtree_find(c->before, name);
}

/* Times have no zone mark and are UTC. */
static msec_t utc(struct arena *arena, const struct jtree *object, const char *name)
{
    const char *text = crm_text(arena, object, name);
    msec_t time;
    if (!text || (msec_parse(text, &time) && msec_parse(arena_printf(arena, "%sZ", text), &time)))
        return MSEC_NONE;
    return time < 0 ? MSEC_NONE : time;
}

static struct event *add(struct close *c, enum event_type type, const char *id)
{
    struct event *event = crm_add(&c->events, type, c->time, id, c->err);
    if (event)
        crm_origin(event, &c->events, c->type, c->id);
    return event;
}

/* --- opportunities --- */

/* The organisation's own wording; by its id where the pipeline file has that. */
static const char *stage_of(struct close *c, const struct jtree *from)
{
    const struct jtree *line = changed(c, "pipeline_id") && from == c->before ? c->before : c->data;
    const struct crm_stage stage = {.pipeline = crm_id(arena_of(c), line, "pipeline_id"),
                                    .id = crm_id(arena_of(c), from, "status_id"),
                                    .name = crm_line(arena_of(c), from, "status_label")};
    return crm_stage(c->events.request, arena_of(c), &stage);
}

/* One change can be several events: the type is part of the id. */
static struct event *add_deal(struct close *c, enum event_type type)
{
    struct arena *arena = arena_of(c);
    const char *told = crm_id(arena, c->event, "id");
    struct event *event =
        add(c, type, arena_printf(arena, "%s:%s", told ? told : "-", event_type_name(type)));
    if (!event)
        return NULL;
    event->deal = c->id;
    event->deal_name = crm_line(arena, c->data, "lead_name");
    event->account = event->deal_name;
    event->owner = crm_id(arena, c->data, "user_id");
    event->currency = crm_currency(arena, c->data, "value_currency");
    int64_t cents = crm_int(c->data, "value", NUMBER_NONE);
    if (event->currency && cents != NUMBER_NONE)
        event->amount = cents;
    event->created = utc(arena, c->data, "date_created");
    return event;
}

static int add_closed(struct close *c, enum event_type type)
{
    struct event *event = add_deal(c, type);
    if (!event)
        return -c->err->code;
    event->from = c->before ? stage_of(c, c->before) : NULL;
    return 0;
}

static int add_open(struct close *c, enum event_type type)
{
    struct event *event = add_deal(c, type);
    if (!event)
        return -c->err->code;
    event->stage = stage_of(c, c->data);
    return 0;
}

static int add_moved(struct close *c)
{
    const char *from = stage_of(c, c->before), *to = stage_of(c, c->data);
    if (!to)
        return ignore(c);
    enum event_type type = crm_stage_event(c->events.request, to);
    struct event *event = add_deal(c, type);
    if (!event)
        return -c->err->code;
    event->from = from;
    if (type != EVENT_DEAL_STAGE_CHANGED)
        return 0;
    event->to = to;
    event->direction = crm_direction(c->events.request, from, to);
    return 0;
}

static int fields_changed(struct close *c)
{
    if (changed(c, "value") || changed(c, "value_currency")) {
        if (!add_deal(c, EVENT_DEAL_AMOUNT_CHANGED))
            return -c->err->code;
    }
    if (changed(c, "user_id")) {
        struct event *event = add_deal(c, EVENT_DEAL_OWNER_CHANGED);
        if (!event)
            return -c->err->code;
        event->from = crm_id(arena_of(c), c->before, "user_id");
        event->to = event->owner;
    }
    return 0;
}

static int opportunity_updated(struct close *c)
{
    const char *outcome = crm_text(arena_of(c), c->data, "status_type");
    size_t count = c->events.count;
    int status = 0;
    if (changed(c, "status_type") && str_eq(outcome, "won"))
        status = add_closed(c, EVENT_DEAL_WON);
    else if (changed(c, "status_type") && str_eq(outcome, "lost"))
        status = add_closed(c, EVENT_DEAL_LOST);
    else if (changed(c, "status_type"))
        status = add_open(c, EVENT_DEAL_REOPENED);
    else if (changed(c, "status_id") || changed(c, "status_label"))
        status = add_moved(c);
    if (!status)
        status = fields_changed(c);
    return status || c->events.count > count ? status : ignore(c);
}

static int opportunity_told(struct close *c)
{
    if (str_eq(c->action, "deleted"))
        return add_deal(c, EVENT_DEAL_DELETED) ? 0 : -c->err->code;
    if (!c->data)
        return ignore(c);
    if (str_eq(c->action, "updated"))
        return opportunity_updated(c);
    if (!str_eq(c->action, "created"))
        return ignore(c);
    const char *outcome = crm_text(arena_of(c), c->data, "status_type");
    int status = add_open(c, EVENT_DEAL_CREATED);
    if (!status && str_eq(outcome, "won"))
        status = add_closed(c, EVENT_DEAL_WON);
    if (!status && str_eq(outcome, "lost"))
        status = add_closed(c, EVENT_DEAL_LOST);
    return status;
}

/* --- activities --- */

static const struct crm_word kinds[] = {
    {"activity.call", "call"},   {"activity.email", "email"}, {"activity.meeting", "meeting"},
    {"activity.sms", "message"}, {"activity.note", "note"},   {NULL, NULL}};

static const struct crm_word directions[] = {{"outbound", "outbound"},
                                             {"outgoing", "outbound"},
                                             {"inbound", "inbound"},
                                             {"incoming", "inbound"},
                                             {NULL, NULL}};

/* A call's disposition, and what a meeting and a message are called when they are over. */
static const struct crm_word outcomes[] = {{"answered", "connected"},
                                           {"no-answer", "no_answer"},
                                           {"vm-left", "voicemail"},
                                           {"vm-answer", "voicemail"},
                                           {"voicemail", "voicemail"},
                                           {"busy", "busy"},
                                           {"wrong-number", "wrong_number"},
                                           {"blocked", "no_answer"},
                                           {"abandoned", "no_answer"},
                                           {"declined-by-attendee", "cancelled"},
                                           {"canceled", "cancelled"},
                                           {"completed", "completed"},
                                           {"no-show", "no_show"},
                                           {"sent", "sent"},
                                           {NULL, NULL}};

/* Drafts, and what is still to come, are not done. */
static const struct crm_word undone[] = {
    {"draft", "x"}, {"scheduled", "x"},   {"outbox", "x"}, {"upcoming", "x"},
    {"inbox", "x"}, {"in-progress", "x"}, {"error", "x"},  {NULL, NULL}};

static int add_activity(struct close *c, const char *kind)
{
    struct arena *arena = arena_of(c);
    const char *state = crm_text(arena, c->data, "status");
    const char *how = crm_text(arena, c->data, "disposition");
    bool incoming = str_eq(state, "inbox");
    /* done is logged once for each activity, however often it is told of */
    struct event *event = add(c, EVENT_ACTIVITY_LOGGED, arena_printf(arena, "done:%s", c->id));
    if (!event)
        return -c->err->code;
    event->activity = c->id;
    event->kind = kind;
    event->rep = crm_id(arena, c->data, "user_id");
    event->direction = crm_word(directions, crm_text(arena, c->data, "direction"));
    if (!event->direction && (str_eq(kind, "email") || str_eq(kind, "message")))
        event->direction = incoming ? "inbound" : "outbound";
    event->outcome = crm_word(outcomes, how);
    if (!event->outcome)
        event->outcome = crm_word(outcomes, state);
    int64_t seconds = crm_int(c->data, "duration", NUMBER_NONE);
    event->duration_s = seconds >= 0 && str_eq(kind, "call") ? seconds : NUMBER_NONE;
    event->automated = crm_text(arena, c->data, "sequence_id") ||
                       crm_text(arena, c->data, "bulk_email_action_id") ||
                       crm_text(arena, c->data, "sequence_subscription_id");
    return 0;
}

static int activity_told(struct close *c, const char *kind)
{
    const char *state = crm_text(arena_of(c), c->data, "status");
    bool mail_came = str_eq(kind, "email") && str_eq(state, "inbox");
    if (!c->data || str_eq(c->action, "deleted"))
        return ignore(c);
    if (crm_word(undone, state) && !mail_came)
        return ignore(c);
    /* later changes are of interest where they are the doing of it */
    if (str_eq(c->action, "updated") && !changed(c, "status"))
        return ignore(c);
    return add_activity(c, kind);
}

static int task_told(struct close *c)
{
    struct arena *arena = arena_of(c);
    bool done = str_eq(c->action, "completed") ||
                (str_eq(c->action, "updated") && changed(c, "is_complete") &&
                 crm_true(c->data, "is_complete"));
    if (!c->data || (!done && !str_eq(c->action, "created")))
        return ignore(c);
    const char *told = crm_id(arena, c->event, "id");
    struct event *event = add(c, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED,
                              done ? arena_printf(arena, "done:%s", c->id)
                                   : arena_printf(arena, "%s:activity.planned", told ? told : "-"));
    if (!event)
        return -c->err->code;
    event->activity = c->id;
    event->kind = "task";
    event->rep = crm_id(arena, c->data, "assigned_to");
    event->due = utc(arena, c->data, "due_date");
    event->outcome = done ? "completed" : NULL;
    return 0;
}

static int read_event(struct close *c, const struct jtree *root)
{
    struct arena *arena = arena_of(c);
    c->event = object_in(root, "event");
    if (!c->event)
        return err_set(c->err, EINVAL, "event: is missing");
    c->data = object_in(c->event, "data");
    c->before = object_in(c->event, "previous_data");
    c->type = crm_id(arena, c->event, "object_type");
    c->action = crm_text(arena, c->event, "action");
    c->id = crm_id(arena, c->event, "object_id");
    if (!c->type || !c->action)
        return err_set(c->err, EINVAL, "event.object_type and event.action: are missing");
    const char *kind = crm_word(kinds, c->type);
    bool deal = str_eq(c->type, "opportunity"), task = str_starts(c->type, "task");
    if (!kind && !deal && !task)
        return ignore(c);
    if (!c->id)
        return err_set(c->err, EINVAL, "event.object_id: is missing");
    c->time = utc(arena, c->event, "date_created");
    c->events.source = crm_source(arena, "close", crm_id(arena, c->event, "organization_id"));
    if (task)
        return task_told(c);
    return deal ? opportunity_told(c) : activity_told(c, kind);
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct close c = {.events = {.out = out, .request = request, .crm = "close"}, .err = err};
    struct jtree *root;
    int status = jtree_parse(request->body, request->length, out->arena, err, &root);
    if (!status)
        status = read_event(&c, root);
    return status ? status : crm_flush(&c.events);
}

static const char *const schemes[] = {"close", NULL};
static const char *const media[] = {"application/json", NULL};

const struct crm crm_close = {
    .name = "close", .schemes = schemes, .media = media, .busy_status = 503, .parse = parse};
