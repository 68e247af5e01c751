/* HubSpot, read back: the owner and the stage before of a deal, the owner and the deal of a call,
 * an email, a meeting, a note, a task or a message, as its webhooks name none of them. Source:
 * HubSpot CRM API v3, "Deals", propertiesWithHistory; 2026-03, "Objects", "Read a batch" (at most
 * 100; 207 where some are gone), "Associations", "Read a batch" (207 where some have none). */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/hubspot.h"
#include "wire/read_back.h"

enum { ID_DIGITS = 30, AT_ONCE = 100 };

enum step {
    STEP_FIRST = 1,
    STEP_DEAL,         /* one of them */
    STEP_ASSOCIATIONS, /* whose deals they are of ... */
    STEP_EFFORT,       /* ... and what they are */
};

/* What is read of an activity. */
static const struct effort {
    const char *object, *path; /* as in a wish, as in an address */
    const char *kind;
    bool planned;      /* made before it happens */
    const char *state; /* the property that says how it went */
    const char *at;    /* the one that says when it was done */
} efforts[] = {
    {"call", "calls", "call", false, NULL, "hs_timestamp"},
    {"email", "emails", "email", false, NULL, "hs_timestamp"},
    {"note", "notes", "note", false, NULL, "hs_timestamp"},
    {"communication", "communications", "message", false, NULL, "hs_timestamp"},
    {"meeting", "meetings", "meeting", true, "hs_meeting_outcome", "hs_timestamp"},
    {"task", "tasks", "task", true, "hs_task_status", "hs_task_completion_date"},
};

static const char *const properties[] = {
    "hubspot_owner_id",    "hs_timestamp",     "hs_call_direction",
    "hs_call_disposition", "hs_call_duration", "hs_email_direction",
    "hs_meeting_outcome",  "hs_task_status",   "hs_task_completion_date"};

static const struct effort *effort_of(const struct crm_want *want)
{
    for (size_t i = 0; i < ARRAY_LEN(efforts); i++) {
        if (str_eq(efforts[i].object, want->object))
            return &efforts[i];
    }
    return NULL;
}

static int takes(const struct crm_want *want)
{
    if (!back_id(want->id, "0123456789", ID_DIGITS))
        return 0;
    return str_eq(want->object, "deal") ? 1 : effort_of(want) ? AT_ONCE : 0;
}

/* --- asking --- */

static const char *deal_path(struct poll *poll)
{
    static const char fields[] = "?properties=dealname,dealstage,pipeline,hubspot_owner_id,amount,"
                                 "deal_currency_code,closedate&propertiesWithHistory=dealstage";
    return arena_printf(&poll->arena, "/crm/v3/objects/deals/%s%s", poll->wants->id, fields);
}

/* {"inputs": [{"id"}], "properties": [...]} */
static void put_batch(struct poll *poll, struct poll_request *ret)
{
    struct strbuf body = {0};
    struct jsonw json;
    jsonw_begin(&json, &body);
    jsonw_object(&json, NULL);
    jsonw_array(&json, "inputs");
    for (size_t i = 0; i < poll->want_count; i++) {
        jsonw_object(&json, NULL);
        jsonw_text(&json, "id", poll->wants[i].id);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    if (poll->step == STEP_EFFORT) {
        jsonw_array(&json, "properties");
        for (size_t i = 0; i < ARRAY_LEN(properties); i++)
            jsonw_text(&json, NULL, properties[i]);
        jsonw_array_end(&json);
    }
    jsonw_object_end(&json);
    ret->method = "POST";
    ret->content_type = "application/json";
    ret->body = arena_strdup(&poll->arena, strbuf_text(&body));
    strbuf_done(&body);
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    const struct effort *effort = effort_of(poll->wants);
    const char *path;
    if (poll->step == STEP_FIRST)
        poll->step = effort ? STEP_ASSOCIATIONS : STEP_DEAL;
    if (poll->step == STEP_DEAL)
        path = deal_path(poll);
    else
        path = arena_printf(&poll->arena,
                            poll->step == STEP_EFFORT
                                ? "/crm/objects/2026-03/%s/batch/read"
                                : "/crm/associations/2026-03/%s/deals/batch/read",
                            effort->path);
    if (poll->step != STEP_DEAL)
        put_batch(poll, ret);
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
    event->bulk = r->want->bulk;
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

/* --- which deal something belongs to --- */

struct belongs {
    const char *id, *deal;
};

static struct belongs *belongings(struct poll *poll)
{
    if (!poll->own)
        poll->own = arena_alloc(&poll->arena, (AT_ONCE + 1) * sizeof(struct belongs));
    return poll->own; /* the id of the last one is NULL */
}

static const struct jtree *list_of(const struct jtree *object, const char *name)
{
    const struct jtree *list =
        object && object->type == JTREE_OBJECT ? jtree_find(object, name) : NULL;
    return list && list->type == JTREE_ARRAY ? list->first : NULL;
}

/* Of several deals the first one that is known, else the first. */
static const char *choose(struct poll *poll, const struct jtree *to)
{
    struct poll_deal known;
    const char *first = NULL;
    for (; to; to = to->next) {
        const char *id = crm_id(&poll->page, to, "toObjectId");
        if (id && poll_known(poll, id, &known) && !known.deleted)
            return id;
        first = first ? first : id;
    }
    return first;
}

/* {"results": [{"from": {"id"}, "to": [{"toObjectId"}]}]} */
static void read_associations(struct poll *poll, const struct jtree *root)
{
    struct belongs *list = belongings(poll);
    size_t count = 0;
    for (const struct jtree *one = list_of(root, "results"); one && count < AT_ONCE;
         one = one->next) {
        const struct jtree *from = one->type == JTREE_OBJECT ? jtree_find(one, "from") : NULL;
        const char *id = crm_id(&poll->page, from, "id");
        const char *deal = choose(poll, list_of(one, "to"));
        if (!back_want(poll, id) || !deal)
            continue;
        list[count++] =
            (struct belongs){arena_strdup(&poll->arena, id), arena_strdup(&poll->arena, deal)};
    }
}

static const char *deal_of(struct poll *poll, const char *id)
{
    for (const struct belongs *one = belongings(poll); one->id; one++) {
        if (str_eq(one->id, id))
            return one->deal;
    }
    return NULL;
}

/* --- effort --- */

static const struct crm_word directions[] = {
    {"INBOUND", "inbound"},          {"OUTBOUND", "outbound"},      {"EMAIL", "outbound"},
    {"FORWARDED_EMAIL", "outbound"}, {"INCOMING_EMAIL", "inbound"}, {NULL, NULL}};

/* What a new account has for the outcome of a call. */
static const struct crm_word dispositions[] = {
    {"f240bbac-87c9-4f6e-bf70-924b57d47db7", "connected"},
    {"a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "connected"}, /* left a live message */
    {"b2cf5968-551e-4856-9783-52b3da59a7d0", "voicemail"},
    {"73a0d17f-1163-4015-bdd5-ec830791da20", "no_answer"},
    {"9d9162e7-6cf3-4944-bf63-4dff82258764", "busy"},
    {"17b47fee-58de-441e-a44c-c6300d46f273", "wrong_number"},
    {NULL, NULL}};

/* How a meeting or a task ended. */
static const struct crm_word ends[] = {{"COMPLETED", "completed"},
                                       {"NO_SHOW", "no_show"},
                                       {"CANCELED", "cancelled"},
                                       {"RESCHEDULED", "rescheduled"},
                                       {NULL, NULL}};

/* RFC 3339, or milliseconds. */
static msec_t time_of(const struct jtree *object, const char *name)
{
    msec_t time = crm_time(object, name);
    int64_t ms = crm_int(object, name, -1);
    return time == MSEC_NONE && ms >= 0 ? ms : time;
}

/* What was told without them once more, with its owner and its deal: it is another event, once for
 * what was done and once for each time that it is planned for. */
static int add_effort(struct reading *r, bool done, msec_t due)
{
    const struct effort *effort = effort_of(r->want);
    struct arena *arena = &r->poll->page;
    msec_t own = time_of(r->properties, effort->at);
    bool earlier = done && own != MSEC_NONE && own < r->want->time;
    /* what is planned is newer than what was told of it */
    msec_t time = earlier ? own : r->want->time + 1;
    const char *when = done ? "" : arena_printf(arena, ":%lld", (long long)due);
    const char *id = arena_printf(arena, "hs:read:%s:%s:%s%s", effort->object, r->want->id,
                                  done ? "done" : "planned", when);
    struct event *event = crm_add(&r->events, done ? EVENT_ACTIVITY_LOGGED : EVENT_ACTIVITY_PLANNED,
                                  time, id, r->err);
    if (!event)
        return -r->err->code;
    crm_origin(event, &r->events, effort->object, r->want->id);
    event->activity = r->want->id;
    event->kind = effort->kind;
    event->rep = crm_id(arena, r->properties, "hubspot_owner_id");
    event->deal = deal_of(r->poll, r->want->id);
    event->due = done ? MSEC_NONE : due;
    event->automated = r->want->automated;
    event->bulk = r->want->bulk;
    event->direction = crm_word(directions, crm_text(arena, r->properties, "hs_call_direction"));
    if (!event->direction)
        event->direction =
            crm_word(directions, crm_text(arena, r->properties, "hs_email_direction"));
    event->outcome = crm_word(dispositions, crm_text(arena, r->properties, "hs_call_disposition"));
    if (done && effort->state)
        event->outcome = crm_word(ends, crm_text(arena, r->properties, effort->state));
    int64_t ms = crm_int(r->properties, "hs_call_duration", 0);
    event->duration_s = ms > 0 ? ms / MSEC_SECOND : NUMBER_NONE;
    return 0;
}

/* {"id", "properties": {...}} */
static int read_one(struct reading *r, const struct jtree *record)
{
    r->want = back_want(r->poll, crm_id(&r->poll->page, record, "id"));
    r->properties = r->want ? jtree_find(record, "properties") : NULL;
    if (!r->properties || r->properties->type != JTREE_OBJECT ||
        !crm_id(&r->poll->page, r->properties, "hubspot_owner_id"))
        return 0; /* whose it is nobody knows there either */
    const struct effort *effort = effort_of(r->want);
    const char *state =
        effort->state ? crm_text(&r->poll->page, r->properties, effort->state) : NULL;
    const char *end = crm_word(ends, state);
    bool done = !effort->planned || str_eq(end, "completed") || str_eq(end, "no_show");
    msec_t due = time_of(r->properties, "hs_timestamp");
    return done || (!end && due != MSEC_NONE) ? add_effort(r, done, due) : 0;
}

static int read_effort(struct reading *r, const struct jtree *root)
{
    int status = 0;
    for (const struct jtree *one = list_of(root, "results"); one && !status; one = one->next)
        status = read_one(r, one);
    return status;
}

/* --- one answer --- */

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct reading r = {.poll = poll, .want = poll->wants, .err = err};
    struct crm_out out;
    struct jtree *root = NULL;
    int step = poll->step, status = 0;
    if (reply->status != 404) /* else they are gone, or belong to no deal: nothing to be read */
        status = poll_tree(poll, reply, &root, err);
    poll_events(poll, &out, &r.events, "hubspot");
    if (root && step == STEP_DEAL)
        status = read_deal(&r, root);
    else if (root && step == STEP_ASSOCIATIONS)
        read_associations(poll, root);
    else if (root)
        status = read_effort(&r, root);
    if (!status)
        poll->step = step == STEP_ASSOCIATIONS ? STEP_EFFORT : POLL_IDLE;
    return status ? status : poll_flush(&r.events);
}

const struct poll_kind back_hubspot = {
    .name = "hubspot",
    .first = STEP_FIRST,
    .reads_gone = true,
    .secrets = "'secret': the access token of a private app",
    .rights = "the app's scopes: crm.objects.deals.read for deals, crm.objects.contacts.read for "
              "calls, meetings, notes and tasks, and sales-email-read for e-mails",
    .takes = takes,
    .ask = ask,
    .read = read,
};
