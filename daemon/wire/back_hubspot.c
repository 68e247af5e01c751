/* HubSpot, read back: the owner and the stage before of a deal, the owner and the deal of a call,
 * an email, a meeting, a note, a task or a message, as its webhooks name none of them. Source:
 * HubSpot CRM API v3, "Deals", propertiesWithHistory; 2026-03, "Objects", "Read a batch" (at most
 * 100; 207 where some are gone), "Associations", "Read a batch" (207 where some have none). */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/back_put.h"
#include "wire/hubspot.h"

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

static const char *const wanted[] = {
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
        for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
            jsonw_text(&json, NULL, wanted[i]);
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

static const struct jtree *list_of(const struct jtree *object, const char *name)
{
    const struct jtree *list =
        object && object->type == JTREE_OBJECT ? jtree_find(object, name) : NULL;
    return list && list->type == JTREE_ARRAY ? list->first : NULL;
}

/* An entry of the stage's history, the newest first: its word, and when. */
static const char *stage_at(struct poll *poll, const struct jtree *properties,
                            const struct jtree *entry, msec_t *ret_at)
{
    const struct crm_stage stage = {.pipeline = crm_id(&poll->page, properties, "pipeline"),
                                    .id = entry ? crm_id(&poll->page, entry, "value") : NULL,
                                    .defaults = hubspot_stages};
    *ret_at = entry ? crm_time(entry, "timestamp") : MSEC_NONE;
    return stage.id ? crm_stage(&poll->request, &poll->page, &stage) : NULL;
}

static int read_deal(struct back_reading *r, const struct jtree *root)
{
    struct arena *page = &r->poll->page;
    const struct jtree *found = root->type == JTREE_OBJECT ? jtree_find(root, "properties") : NULL;
    if (!found || found->type != JTREE_OBJECT)
        return err_set(r->err, EINVAL, "its answer has no properties");
    const struct jtree *newest = list_of(jtree_find(root, "propertiesWithHistory"), "dealstage");
    msec_t before;
    struct back_deal deal = {.want = r->poll->wants,
                             .object = "deal",
                             .name = crm_line(page, found, "dealname"),
                             .owner = crm_id(page, found, "hubspot_owner_id"),
                             .currency = crm_currency(page, found, "deal_currency_code"),
                             .close_date = crm_date(page, found, "closedate")};
    deal.amount = crm_amount(found, "amount", deal.currency);
    deal.stage = stage_at(r->poll, found, newest, &deal.moved);
    deal.from = stage_at(r->poll, found, newest ? newest->next : NULL, &before);
    deal.closed = crm_stage_event(&r->poll->request, deal.stage);
    return back_deal(r, &deal);
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

/* {"id", "properties": {...}} */
static int read_one(struct back_reading *r, const struct jtree *record)
{
    struct arena *page = &r->poll->page;
    const struct crm_want *want = back_want(r->poll, crm_id(page, record, "id"));
    const struct jtree *found = want ? jtree_find(record, "properties") : NULL;
    const struct effort *how = effort_of(r->poll->wants);
    if (!found || found->type != JTREE_OBJECT)
        return 0;
    const char *end = crm_word(ends, how->state ? crm_text(page, found, how->state) : NULL);
    bool done = !how->planned || str_eq(end, "completed") || str_eq(end, "no_show");
    const char *call = crm_text(page, found, "hs_call_direction");
    int64_t ms = crm_int(found, "hs_call_duration", 0);
    const struct back_effort effort = {
        .want = want,
        .kind = how->kind,
        .owner = crm_id(page, found, "hubspot_owner_id"),
        .deal = deal_of(r->poll, want->id),
        .direction =
            crm_word(directions, call ? call : crm_text(page, found, "hs_email_direction")),
        .outcome =
            how->state ? end : crm_word(dispositions, crm_text(page, found, "hs_call_disposition")),
        .done = done,
        .at = time_of(found, how->at),
        .due = end ? MSEC_NONE : time_of(found, "hs_timestamp"),
        .duration_s = ms > 0 ? ms / MSEC_SECOND : NUMBER_NONE};
    return back_effort(r, &effort);
}

static int read_effort(struct back_reading *r, const struct jtree *root)
{
    int status = 0;
    for (const struct jtree *one = list_of(root, "results"); one && !status; one = one->next)
        status = read_one(r, one);
    return status;
}

/* --- one answer --- */

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct back_reading r;
    struct jtree *root = NULL;
    int step = poll->step, status = 0;
    if (reply->status != 404) /* else they are gone, or belong to no deal: nothing to be read */
        status = poll_tree(poll, reply, &root, err);
    back_reading_init(&r, poll, "hs", err);
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
