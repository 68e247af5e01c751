/* Dataverse, read back: the row of a message that was too long to be sent whole, and where the
 * audit shows it, the stage before. Source: Microsoft Learn, "Retrieve a table row using the Web
 * API", "Retrieve the history of audited data changes" (RetrieveRecordChangeHistory: the newest
 * first, without times); OAuth 2.0 client credentials flow of the Microsoft identity platform. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/back_put.h"
#include "wire/dataverse.h"

#define API "/api/data/v9.2"

enum { GUID_CHARS = 36 };

enum step { STEP_ROW = 1, STEP_AUDIT };

static const struct table {
    const char *entity, *set, *columns;
} tables[] = {
    {"opportunity", "opportunities",
     "name,salesstage,statecode,_ownerid_value,estimatedvalue,estimatedclosedate,"
     "_customerid_value"},
    {"phonecall", "phonecalls",
     "statecode,directioncode,actualdurationminutes,scheduledend,actualend,_ownerid_value,"
     "_regardingobjectid_value"},
    {"email", "emails",
     "statecode,directioncode,actualdurationminutes,scheduledend,actualend,_ownerid_value,"
     "_regardingobjectid_value"},
    {"appointment", "appointments",
     "statecode,actualdurationminutes,scheduledend,actualend,_ownerid_value,"
     "_regardingobjectid_value"},
    {"task", "tasks",
     "statecode,actualdurationminutes,scheduledend,actualend,_ownerid_value,"
     "_regardingobjectid_value"},
};

static const struct table *table_of(const struct crm_want *want)
{
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        if (str_eq(tables[i].entity, want->object))
            return &tables[i];
    }
    return NULL;
}

static int takes(const struct crm_want *want)
{
    return table_of(want) && back_id(want->id, "0123456789abcdefABCDEF-", GUID_CHARS);
}

/* --- asking --- */

static int sign_in(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf body = {0}, tenant = {0};
    (void)err; /* what is written here is always a request */
    poll_escape(&tenant, poll->setup.tenant);
    poll_field(&body, "grant_type", "client_credentials");
    poll_field(&body, "client_id", poll->setup.client);
    poll_field(&body, "client_secret", poll->setup.secret);
    poll_field(&body, "scope", arena_printf(&poll->arena, "%s/.default", poll->setup.url));
    ret->method = "POST";
    ret->url = arena_printf(&poll->arena, "%s/%s/oauth2/v2.0/token", poll->setup.sign_in,
                            strbuf_text(&tenant));
    ret->content_type = poll_form;
    ret->body = arena_strdup(&poll->arena, strbuf_text(&body));
    strbuf_done(&body);
    strbuf_done(&tenant);
    return 0;
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    const struct table *table = table_of(poll->wants);
    struct strbuf query = {0};
    const char *row = arena_printf(&poll->arena, "%s(%s)", table->set, poll->wants->id);
    const char *path = arena_printf(&poll->arena, API "/%s", row);
    if (poll->step == STEP_AUDIT) {
        path = API "/RetrieveRecordChangeHistory(Target=@target,PagingInfo=@page)";
        strbuf_puts(&query, "@target=");
        poll_escape(&query, arena_printf(&poll->arena, "{\"@odata.id\":\"%s\"}", row));
        strbuf_puts(&query, "&@page=");
        poll_escape(&query, "{\"PageNumber\":1,\"Count\":50,\"ReturnTotalRecordCount\":false}");
    } else {
        poll_field(&query, "$select", table->columns);
    }
    int status = poll_url(poll, path, &query, &ret->url, err);
    ret->headers[0] = poll_token_header(poll, "Authorization: Bearer ");
    ret->headers[1] = "Accept: application/json";
    ret->headers[2] = "OData-Version: 4.0";
    ret->headers[3] = "Prefer: odata.include-annotations=\"*\"";
    strbuf_done(&query);
    return status;
}

/* --- an opportunity --- */

static const char *stage_of(struct poll *poll, const struct jtree *row)
{
    const struct crm_stage stage = {.pipeline = "salesstage",
                                    .id = crm_id(&poll->page, row, "salesstage"),
                                    .defaults = dataverse_stages};
    return stage.id ? crm_stage(&poll->request, &poll->page, &stage) : NULL;
}

static int read_deal(struct back_reading *r, const struct jtree *row)
{
    struct poll *poll = r->poll;
    struct arena *page = &poll->page;
    int64_t state = crm_int(row, "statecode", DATAVERSE_OPEN);
    struct back_deal deal = {
        .want = poll->wants,
        .object = poll->wants->object,
        .name = crm_line(page, row, "name"),
        .owner = crm_id(page, row, "_ownerid_value"),
        .account =
            crm_line(page, row, "_customerid_value@OData.Community.Display.V1.FormattedValue"),
        .close_date = crm_date(page, row, "estimatedclosedate"),
        .amount = crm_amount(row, "estimatedvalue", NULL),
        .stage = stage_of(poll, row),
        .closed = state == DATAVERSE_WON    ? EVENT_DEAL_WON
                  : state == DATAVERSE_LOST ? EVENT_DEAL_LOST
                                            : EVENT_DEAL_STAGE_CHANGED,
        .moved = MSEC_NONE};
    if (state != DATAVERSE_OPEN)
        deal.from = deal.stage; /* it keeps the stage that it was won or lost in */
    if (state != DATAVERSE_OPEN || !deal.stage || !back_deal_moved(poll, &deal))
        return back_deal(r, &deal);
    struct back_deal *kept = arena_alloc(&poll->arena, sizeof(*kept));
    *kept = back_deal_copy(&poll->arena, &deal);
    poll->own = kept;
    poll->step = STEP_AUDIT;
    return 0;
}

static const struct jtree *member(const struct jtree *object, const char *name)
{
    return object && object->type == JTREE_OBJECT ? jtree_find(object, name) : NULL;
}

/* {"AuditDetailCollection": {"AuditDetails": [{"OldValue": {...}, "NewValue": {...}}]}} */
static int read_audit(struct back_reading *r, const struct jtree *root)
{
    struct back_deal *deal = r->poll->own;
    const struct jtree *list = member(member(root, "AuditDetailCollection"), "AuditDetails");
    for (const struct jtree *one = list && list->type == JTREE_ARRAY ? list->first : NULL;
         one && !deal->from; one = one->next) {
        const char *to = stage_of(r->poll, member(one, "NewValue"));
        const char *from = stage_of(r->poll, member(one, "OldValue"));
        if (to && !str_eq(to, deal->stage))
            break; /* it has moved since it was read */
        deal->from = to && !str_eq(from, to) ? from : NULL;
    }
    return back_deal(r, deal);
}

/* --- effort --- */

static int read_effort(struct back_reading *r, const struct jtree *row)
{
    struct arena *page = &r->poll->page;
    const struct crm_want *want = r->poll->wants;
    const struct jtree *way = jtree_find(row, "directioncode");
    const char *about =
        crm_text(page, row, "_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname");
    int64_t state = crm_int(row, "statecode", 0);
    int64_t minutes = crm_int(row, "actualdurationminutes", -1);
    struct back_effort effort = {.want = want,
                                 .kind = crm_word(dataverse_kinds, want->object),
                                 .owner = crm_id(page, row, "_ownerid_value"),
                                 .done = state == DATAVERSE_DONE,
                                 .at = crm_time(row, "actualend"),
                                 .due = crm_time(row, "scheduledend"),
                                 .duration_s = NUMBER_NONE};
    if (str_eq(about, "opportunity"))
        effort.deal = crm_id(page, row, "_regardingobjectid_value");
    if (way && (way->type == JTREE_TRUE || way->type == JTREE_FALSE))
        effort.direction = way->type == JTREE_TRUE ? "outbound" : "inbound";
    else if (effort.done)
        effort.outcome = "completed";
    if (minutes >= 0 && minutes < 24 * 60)
        effort.duration_s = minutes * 60;
    if (state == DATAVERSE_CANCELLED)
        effort.due = MSEC_NONE;
    return back_effort(r, &effort);
}

/* --- one answer --- */

/* A row that is gone; an audit that is off or not to be seen is done without. */
static bool reads(const struct poll *poll, long status)
{
    return status == 404 || (poll->step == STEP_AUDIT && status >= 400 && status < 500 &&
                             status != 401 && status != 408 && status != 429);
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct back_reading r;
    struct jtree *root = NULL;
    int step = poll->step, status = 0;
    if (reply->status == 200)
        status = poll_tree(poll, reply, &root, err);
    if (!status && root && root->type != JTREE_OBJECT)
        status = err_set(err, EINVAL, "its answer is no row");
    if (status)
        return status;
    if (step == STEP_AUDIT && !root)
        poll->lacks =
            "the stage before is not to be seen: auditing of opportunities is off, or the "
            "role has no 'View Audit History'";
    back_reading_init(&r, poll, "dv", err);
    poll->step = POLL_IDLE;
    if (step == STEP_AUDIT)
        status = read_audit(&r, root);
    else if (root && str_eq(poll->wants->object, "opportunity"))
        status = read_deal(&r, root);
    else if (root)
        status = read_effort(&r, root);
    return status ? status : poll_flush(&r.events);
}

const struct poll_kind back_dataverse = {
    .name = "dataverse",
    .first = STEP_ROW,
    .signs_in = true,
    .reads = reads,
    .secrets = "'client_id', 'secret' (it may be over its date) and 'tenant'",
    .rights = "the role of the application user: it must read opportunities and activities",
    .takes = takes,
    .sign_in = sign_in,
    .ask = ask,
    .read = read,
};
