/* HubSpot's webhooks: thin notes of what changed, up to a hundred in one list.
 * Source: HubSpot developer docs, "Webhooks API" (v3). */
#include <errno.h>

#include "wire/crm_put.h"
#include "wire/hubspot.h"

struct hubspot {
    struct crm_events events;
    struct err *err;
    const struct jtree *item;
    const char *type_id, *object; /* "0-3", "deal" */
    const char *verb, *id, *portal, *property;
    msec_t time;
};

/* Objects by the name that the older subscriptions use, and by the number of the newer ones. */
static const struct object {
    const char *type_id, *name, *kind; /* kind: of the activity; NULL: none is logged */
    bool planned;                      /* made before it happens */
    const char *property;              /* that says how it went */
    const char *fields[8];
} objects[] = {
    {"0-3",
     "deal",
     NULL,
     false,
     NULL,
     {"dealname", "dealstage", "pipeline", "hubspot_owner_id", "amount", "closedate", NULL}},
    {"0-48",
     "call",
     "call",
     false,
     NULL,
     {"hs_call_direction", "hs_call_disposition", "hs_call_duration", "hubspot_owner_id",
      "associations.deals", NULL}},
    {"0-49",
     "email",
     "email",
     false,
     NULL,
     {"hs_email_direction", "hs_timestamp", "hubspot_owner_id", "associations.deals", NULL}},
    {"0-47",
     "meeting",
     "meeting",
     true,
     "hs_meeting_outcome",
     {"hs_meeting_outcome", "hs_timestamp", "hubspot_owner_id", "associations.deals", NULL}},
    {"0-46",
     "note",
     "note",
     false,
     NULL,
     {"hs_timestamp", "hubspot_owner_id", "associations.deals", NULL}},
    {"0-27",
     "task",
     "task",
     true,
     "hs_task_status",
     {"hs_task_status", "hs_timestamp", "hubspot_owner_id", "associations.deals", NULL}},
    {"0-18",
     "communication",
     "message",
     false,
     NULL,
     {"hs_timestamp", "hubspot_owner_id", "associations.deals", NULL}},
};

/* How a meeting or a task went; other words say that it is still to come. */
static const struct crm_word outcomes[] = {
    {"COMPLETED", "completed"}, {"NO_SHOW", "no_show"}, {NULL, NULL}};

/* Many records at once, and nobody's doing of this moment. */
static const struct crm_word bulk_sources[] = {{"IMPORT", "bulk"},
                                               {"MIGRATION", "bulk"},
                                               {"BATCH_UPDATE", "bulk"},
                                               {"CRM_UI_BULK_ACTION", "bulk"},
                                               {NULL, NULL}};

/* Tools that log by the hundred. */
static const struct crm_word automatons[] = {{"SEQUENCES", "automated"},
                                             {"AUTOMATION_PLATFORM", "automated"},
                                             {"WORKFLOWS", "automated"},
                                             {NULL, NULL}};

const struct crm_word hubspot_stages[] = {{"appointmentscheduled", "prospect"},
                                          {"qualifiedtobuy", "qualify"},
                                          {"presentationscheduled", "discover"},
                                          {"decisionmakerboughtin", "propose"},
                                          {"contractsent", "negotiate"},
                                          {"closedwon", "won"},
                                          {"closedlost", "lost"},
                                          {NULL, NULL}};

static const struct object *object_of(const struct hubspot *h)
{
    for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++) {
        if (str_eq(objects[i].type_id, h->type_id) || str_eq(objects[i].name, h->object))
            return &objects[i];
    }
    return NULL;
}

static struct arena *arena_of(const struct hubspot *h)
{
    return h->events.out->arena;
}

static bool is_source(const struct hubspot *h, const struct crm_word *words)
{
    return crm_word(words, crm_text(arena_of(h), h->item, "changeSource")) != NULL;
}

static void want(struct hubspot *h, const struct object *object, const char *id)
{
    const struct crm_out *out = h->events.out;
    const struct crm_want want = {.object = object->name,
                                  .id = id,
                                  .fields = object->fields,
                                  .time = h->time,
                                  .told = !str_eq(h->verb, "restore") && !str_eq(h->verb, "merge"),
                                  .automated = is_source(h, automatons),
                                  .bulk = is_source(h, bulk_sources)};
    if (out->want)
        out->want(out->user, &want);
}

/* The id leaves out eventId and attemptNumber: they are others when the same is told again. A deal
 * is one by either name: apps of both ages and the journal tell of the same change. */
static struct event *add(struct hubspot *h, enum event_type type, const char *record)
{
    const char *name = h->object ? h->object : h->type_id;
    if (!object_of(h)->kind)
        name = object_of(h)->name;
    const char *what = h->property ? arena_printf(arena_of(h), ":%s", h->property) : "";
    const char *id = arena_printf(arena_of(h), "hs:%s:%s.%s:%s%s:%lld", h->portal, name, h->verb,
                                  record, what, (long long)h->time);
    struct event *event = crm_add(&h->events, type, h->time, id, h->err);
    if (!event)
        return NULL;
    crm_origin(event, &h->events, object_of(h)->name, record);
    event->attempt = crm_int(h->item, "attemptNumber", NUMBER_NONE);
    if (event->attempt < 0)
        event->attempt = NUMBER_NONE;
    event->bulk = is_source(h, bulk_sources);
    return event;
}

static int ignore(struct hubspot *h)
{
    h->events.out->ignored++;
    return 0;
}

/* --- deals --- */

static int deal_event(struct hubspot *h, enum event_type type, const char *id)
{
    struct event *event = add(h, type, id);
    if (!event)
        return -h->err->code;
    event->deal = id;
    return 0;
}

static int deal_created(struct hubspot *h)
{
    want(h, object_of(h), h->id);
    return deal_event(h, EVENT_DEAL_CREATED, h->id);
}

static int deal_deleted(struct hubspot *h)
{
    return deal_event(h, EVENT_DEAL_DELETED, h->id);
}

/* What it is like now stands in no field of the note. */
static int deal_restored(struct hubspot *h)
{
    want(h, object_of(h), h->id);
    return ignore(h);
}

/* Those that went into another deal are gone; that one is read. */
static int deal_merged(struct hubspot *h)
{
    const struct jtree *list = jtree_find(h->item, "mergedObjectIds");
    const char *primary = crm_id(arena_of(h), h->item, "primaryObjectId");
    const char *kept = crm_id(arena_of(h), h->item, "newObjectId");
    int status = 0, gone = 0;
    if (!kept)
        kept = primary ? primary : h->id;
    if (!kept)
        return err_set(h->err, EINVAL, "newObjectId: is missing");
    if (primary && !str_eq(primary, kept)) {
        status = deal_event(h, EVENT_DEAL_DELETED, primary);
        gone++;
    }
    for (const struct jtree *one = list && list->type == JTREE_ARRAY ? list->first : NULL;
         one && !status; one = one->next) {
        const char *id = crm_id_of(arena_of(h), one);
        if (!id || str_eq(id, kept) || str_eq(id, primary))
            continue;
        status = deal_event(h, EVENT_DEAL_DELETED, id);
        gone++;
    }
    want(h, object_of(h), kept);
    return status || gone ? status : ignore(h);
}

/* dealstage. Coming to a closed stage is the closing. */
static int stage_changed(struct hubspot *h, struct event *event)
{
    const struct crm_request *request = h->events.request;
    const struct crm_stage said = {.id = crm_id(arena_of(h), h->item, "propertyValue"),
                                   .defaults = hubspot_stages};
    const char *to = crm_stage(request, arena_of(h), &said);
    if (!to)
        return err_set(h->err, EINVAL, "propertyValue: is no stage");
    event->type = crm_stage_event(request, to);
    event->type_name = event_type_name(event->type);
    event->to = event->type == EVENT_DEAL_STAGE_CHANGED ? to : NULL;
    return 0;
}

static int owner_changed(struct hubspot *h, struct event *event)
{
    event->to = event->owner = crm_id(arena_of(h), h->item, "propertyValue");
    return 0;
}

static int amount_changed(struct hubspot *h, struct event *event)
{
    event->amount = crm_amount(h->item, "propertyValue", NULL);
    return 0;
}

/* Told in milliseconds, and in newer subscriptions as a date. */
static int close_date_changed(struct hubspot *h, struct event *event)
{
    const char *date = crm_date(arena_of(h), h->item, "propertyValue");
    int64_t at = crm_int(h->item, "propertyValue", -1);
    char text[MSEC_TEXT_BYTES];
    if (!date && at >= 0 && at < INT64_C(253402300800000))
        date = arena_strndup(arena_of(h), msec_format(at, text), strlen("2027-03-31"));
    event->to = event->close_date = date;
    return 0;
}

static const struct property {
    const char *name;
    enum event_type type;
    int (*fill)(struct hubspot *h, struct event *event);
} properties[] = {
    {"dealstage", EVENT_DEAL_STAGE_CHANGED, stage_changed},
    {"hubspot_owner_id", EVENT_DEAL_OWNER_CHANGED, owner_changed},
    {"amount", EVENT_DEAL_AMOUNT_CHANGED, amount_changed},
    {"closedate", EVENT_DEAL_CLOSE_DATE_CHANGED, close_date_changed},
};

static int deal_changed(struct hubspot *h)
{
    for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++) {
        if (!str_eq(properties[i].name, h->property))
            continue;
        struct event *event = add(h, properties[i].type, h->id);
        if (!event)
            return -h->err->code;
        event->deal = h->id;
        want(h, object_of(h), h->id);
        return properties[i].fill(h, event);
    }
    return ignore(h);
}

/* --- activities --- */

static int activity_event(struct hubspot *h, const struct object *object, enum event_type type,
                          const char *outcome)
{
    struct event *event = add(h, type, h->id);
    if (!event)
        return -h->err->code;
    event->activity = h->id;
    event->kind = object->kind;
    event->outcome = outcome;
    event->automated = is_source(h, automatons);
    want(h, object, h->id);
    return 0;
}

static int activity_created(struct hubspot *h, const struct object *object)
{
    return activity_event(h, object,
                          object->planned ? EVENT_ACTIVITY_PLANNED : EVENT_ACTIVITY_LOGGED, NULL);
}

/* Done is logged once, however often it is ticked: the id is of the activity alone. */
static int activity_changed(struct hubspot *h, const struct object *object)
{
    const char *outcome = crm_word(outcomes, crm_text(arena_of(h), h->item, "propertyValue"));
    if (!outcome || !object->property || !str_eq(object->property, h->property))
        return ignore(h);
    int status = activity_event(h, object, EVENT_ACTIVITY_LOGGED, outcome);
    if (status)
        return status;
    struct event *event = &h->events.list[h->events.count - 1];
    event->id = arena_printf(arena_of(h), "hs:%s:done:%s", h->portal, h->id);
    event->key = event_key(event->source, event->id);
    return 0;
}

/* --- one note --- */

static const struct {
    const char *verb;
    int (*deal)(struct hubspot *h);
    int (*activity)(struct hubspot *h, const struct object *object);
} verbs[] = {
    {"creation", deal_created, activity_created},
    {"propertyChange", deal_changed, activity_changed},
    {"deletion", deal_deleted, NULL},
    {"merge", deal_merged, NULL},
    {"restore", deal_restored, NULL},
};

/* "deal.creation", or "object.creation" with the number of the object in a member of its own. */
static bool read_type(struct hubspot *h)
{
    const char *type = crm_text(arena_of(h), h->item, "subscriptionType");
    if (!type)
        type = crm_text(arena_of(h), h->item, "eventType");
    const char *dot = type ? strchr(type, '.') : NULL;
    h->object = h->type_id = NULL;
    if (!dot)
        return false;
    h->verb = dot + 1;
    if (str_starts(type, "object."))
        h->type_id = crm_text(arena_of(h), h->item, "objectTypeId");
    else
        h->object = arena_strndup(arena_of(h), type, (size_t)(dot - type));
    return true;
}

static int read_note(struct hubspot *h)
{
    if (h->item->type != JTREE_OBJECT)
        return err_set(h->err, EINVAL, "is no object");
    if (!read_type(h))
        return err_set(h->err, EINVAL, "subscriptionType: is missing");
    const struct object *object = object_of(h);
    if (!object)
        return ignore(h);
    h->id = crm_id(arena_of(h), h->item, "objectId");
    h->portal = crm_id(arena_of(h), h->item, "portalId");
    h->property = crm_id(arena_of(h), h->item, "propertyName");
    h->time = crm_int(h->item, "occurredAt", -1);
    if (!h->portal)
        h->portal = "-";
    h->events.source = crm_source(arena_of(h), "hubspot", h->portal);
    if (!h->id && !str_eq(h->verb, "merge"))
        return err_set(h->err, EINVAL, "objectId: is missing");
    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        if (!str_eq(verbs[i].verb, h->verb))
            continue;
        if (!object->kind)
            return verbs[i].deal(h);
        return verbs[i].activity ? verbs[i].activity(h, object) : ignore(h);
    }
    return ignore(h);
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct hubspot h = {.events = {.out = out, .request = request, .crm = "hubspot"}, .err = err};
    struct jtree *root;
    size_t number = 0;
    int status = jtree_parse(request->body, request->length, out->arena, err, &root);
    if (status)
        return status;
    if (root->type != JTREE_ARRAY)
        return err_set(err, EINVAL, "a list of notes is expected, not %s", jtree_type_name(root));
    for (h.item = root->first; h.item; h.item = h.item->next) {
        number++;
        if (read_note(&h))
            return err_prefix(err, "note %zu: ", number);
    }
    return crm_flush(&h.events);
}

static const char *const schemes[] = {"hubspot-v3", "hubspot-v2", "hubspot-v1", NULL};
static const char *const media[] = {"application/json", NULL};

const struct crm crm_hubspot = {
    .name = "hubspot", .schemes = schemes, .media = media, .busy_status = 503, .parse = parse};
