/* Zoho CRM, read back: records of which a notification names the ids only, and the history of a
 * deal's stage.
 * Source: Zoho CRM API v7, "Get records" (ids, at most 100; 204 where none is left), "Get related
 * records" (Stage_History), "Refresh access tokens"; Zoho answers 200 to a refresh token that it
 * does not take. */
#include <errno.h>

#include "base/alloc.h"
#include "wire/back_put.h"
#include "wire/zoho.h"

enum { ID_DIGITS = 30, AT_ONCE = 100, ROWS_MAX = 200 };

enum step { STEP_RECORDS = 1, STEP_HISTORY };

/* Deals whose history is asked for, one by one. */
struct round {
    struct back_deal deals[AT_ONCE];
    const char *pipelines[AT_ONCE];
    size_t count, done;
};

static struct round *round_of(struct poll *poll)
{
    if (!poll->own)
        poll->own = arena_alloc(&poll->arena, sizeof(struct round));
    return poll->own;
}

static const char *kind_of(const struct crm_want *want)
{
    return crm_word(zoho_modules, want->object);
}

static int takes(const struct crm_want *want)
{
    return kind_of(want) && back_id(want->id, "0123456789", ID_DIGITS) ? AT_ONCE : 0;
}

/* --- asking --- */

static int sign_in(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf body = {0};
    (void)err; /* what is written here is always a request */
    poll_field(&body, "grant_type", "refresh_token");
    poll_field(&body, "client_id", poll->setup.client);
    poll_field(&body, "client_secret", poll->setup.secret);
    poll_field(&body, "refresh_token", poll->setup.refresh);
    ret->method = "POST";
    ret->url = arena_printf(&poll->arena, "%s/oauth/v2/token", poll->setup.sign_in);
    ret->content_type = poll_form;
    ret->body = arena_strdup(&poll->arena, strbuf_text(&body));
    strbuf_done(&body);
    return 0;
}

static const struct crm_word fields[] = {
    {"deal", "Deal_Name,Stage,Pipeline,Owner,Amount,Closing_Date,Account_Name"},
    {"call", "Owner,What_Id,$se_module,Call_Type,Call_Start_Time,Call_Duration_in_seconds,"
             "Outgoing_Call_Status"},
    {"meeting", "Owner,What_Id,$se_module,Start_DateTime,End_DateTime"},
    {"task", "Owner,What_Id,$se_module,Status,Due_Date,Closed_Time"},
    {NULL, NULL}};

static void put_ids(struct poll *poll, struct strbuf *query)
{
    strbuf_puts(query, "ids=");
    for (size_t i = 0; i < poll->want_count; i++)
        strbuf_printf(query, "%s%s", i ? "," : "", poll->wants[i].id);
    poll_field(query, "fields", crm_word(fields, kind_of(poll->wants)));
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    const struct round *round = round_of(poll);
    struct strbuf query = {0};
    const char *path;
    if (!poll->base)
        return err_set(err, EINVAL, "signing in answers without an api_domain");
    if (poll->step == STEP_HISTORY) {
        path = arena_printf(&poll->arena, "/crm/v7/Deals/%s/Stage_History",
                            round->deals[round->done].want->id);
        poll_field(&query, "fields", "Stage,Modified_Time");
        poll_field(&query, "per_page", "200");
    } else {
        path = arena_printf(&poll->arena, "/crm/v7/%s", poll->wants->object);
        put_ids(poll, &query);
    }
    int status = poll_url(poll, path, &query, &ret->url, err);
    ret->headers[0] = poll_token_header(poll, "Authorization: Zoho-oauthtoken ");
    strbuf_done(&query);
    return status;
}

/* --- deals --- */

static const char *stage_of(struct poll *poll, const char *pipeline, const struct jtree *record)
{
    const struct crm_stage stage = {
        .pipeline = pipeline, .id = crm_id(&poll->page, record, "Stage"), .defaults = zoho_stages};
    return stage.id ? crm_stage(&poll->request, &poll->page, &stage) : NULL;
}

static int read_deal(struct back_reading *r, const struct jtree *record,
                     const struct crm_want *want)
{
    struct poll *poll = r->poll;
    struct arena *page = &poll->page;
    struct round *round = round_of(poll);
    const struct jtree *account = jtree_find(record, "Account_Name");
    struct back_deal deal = {.want = want,
                             .object = want->object,
                             .name = crm_line(page, record, "Deal_Name"),
                             .owner = zoho_owner(page, record),
                             .account = crm_line(page, account, "name"),
                             .close_date = crm_date(page, record, "Closing_Date"),
                             .amount = crm_amount(record, "Amount", NULL),
                             .moved = MSEC_NONE};
    const char *pipeline = crm_id(page, record, "Pipeline");
    deal.stage = stage_of(poll, pipeline, record);
    deal.closed = crm_stage_event(&poll->request, deal.stage);
    if (!back_deal_moved(poll, &deal) || round->count == AT_ONCE)
        return back_deal(r, &deal);
    round->pipelines[round->count] = arena_strdup(&poll->arena, pipeline);
    round->deals[round->count++] = back_deal_copy(&poll->arena, &deal);
    return 0;
}

struct row {
    const char *stage;
    msec_t at;
};

static int by_time(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The last row of the stage that the deal is in now says when it came there, the one before it
 * which stage it was in. */
static void find_move(struct poll *poll, const struct jtree *list, const char *pipeline,
                      struct back_deal *deal)
{
    struct row *rows = arena_alloc(&poll->page, ROWS_MAX * sizeof(*rows));
    size_t count = 0;
    for (; list && count < ROWS_MAX; list = list->next) {
        rows[count] = (struct row){stage_of(poll, pipeline, list), crm_time(list, "Modified_Time")};
        if (rows[count].at == MSEC_NONE)
            rows[count].at = crm_time(list, "Last_Modified_Time");
        count += rows[count].stage && rows[count].at != MSEC_NONE;
    }
    if (count)
        qsort(rows, count, sizeof(*rows), by_time);
    while (count && !str_eq(rows[count - 1].stage, deal->stage))
        count--; /* it is older than the deal as it was read */
    for (; count && str_eq(rows[count - 1].stage, deal->stage); count--)
        deal->moved = rows[count - 1].at; /* other fields leave rows of the same stage */
    deal->from = count ? rows[count - 1].stage : NULL;
}

/* --- effort --- */

static const struct crm_word directions[] = {{"Outbound", "outbound"}, {"Outgoing", "outbound"},
                                             {"Inbound", "inbound"},   {"Incoming", "inbound"},
                                             {"Missed", "inbound"},    {NULL, NULL}};

static const struct crm_word undone[] = {
    {"Scheduled", "x"}, {"Overdue", "x"}, {"Cancelled", "x"}, {NULL, NULL}};

/* Noon of a day. */
static msec_t day_of(struct arena *arena, const struct jtree *record, const char *name)
{
    const char *date = crm_date(arena, record, name);
    msec_t t;
    return date && !msec_parse(arena_printf(arena, "%sT12:00:00Z", date), &t) ? t : MSEC_NONE;
}

/* What it is about, where that is a deal. */
static const char *deal_of(struct arena *arena, const struct jtree *record)
{
    const struct jtree *what = jtree_find(record, "What_Id");
    return str_eq(crm_text(arena, record, "$se_module"), "Deals") ? crm_id(arena, what, "id")
                                                                  : NULL;
}

static void read_call(struct arena *arena, const struct jtree *record, struct back_effort *effort)
{
    const char *state = crm_text(arena, record, "Outgoing_Call_Status");
    const char *type = crm_text(arena, record, "Call_Type");
    int64_t seconds = crm_int(record, "Call_Duration_in_seconds", 0);
    effort->done = !crm_word(undone, state);
    effort->at = effort->due = crm_time(record, "Call_Start_Time");
    effort->direction = crm_word(directions, type);
    effort->outcome = str_eq(type, "Missed") ? "no_answer" : NULL;
    effort->duration_s = seconds > 0 ? seconds : NUMBER_NONE;
    if (str_eq(state, "Cancelled"))
        effort->due = MSEC_NONE;
}

/* A meeting is held once it is over. */
static void read_meeting(struct back_reading *r, const struct jtree *record,
                         struct back_effort *effort)
{
    msec_t end = crm_time(record, "End_DateTime");
    effort->at = effort->due = crm_time(record, "Start_DateTime");
    effort->done = end != MSEC_NONE && end <= r->poll->now;
    effort->outcome = effort->done ? "completed" : NULL;
    if (effort->at != MSEC_NONE && end > effort->at)
        effort->duration_s = (end - effort->at) / MSEC_SECOND;
}

static void read_task(struct arena *arena, const struct jtree *record, struct back_effort *effort)
{
    effort->done = str_eq(crm_text(arena, record, "Status"), "Completed");
    effort->at = crm_time(record, "Closed_Time");
    effort->due = day_of(arena, record, "Due_Date");
    effort->outcome = effort->done ? "completed" : NULL;
}

static int read_effort(struct back_reading *r, const struct jtree *record,
                       const struct crm_want *want)
{
    struct arena *page = &r->poll->page;
    struct back_effort effort = {.want = want,
                                 .kind = kind_of(want),
                                 .owner = zoho_owner(page, record),
                                 .deal = deal_of(page, record),
                                 .duration_s = NUMBER_NONE};
    if (str_eq(effort.kind, "call"))
        read_call(page, record, &effort);
    else if (str_eq(effort.kind, "meeting"))
        read_meeting(r, record, &effort);
    else
        read_task(page, record, &effort);
    return back_effort(r, &effort);
}

/* --- one answer --- */

static int read_records(struct back_reading *r, const struct jtree *list)
{
    int status = 0;
    for (; list && !status; list = list->next) {
        const struct crm_want *want = back_want(r->poll, crm_id(&r->poll->page, list, "id"));
        if (want)
            status = str_eq(kind_of(want), "deal") ? read_deal(r, list, want)
                                                   : read_effort(r, list, want);
    }
    return status;
}

/* A history that is gone, or was never kept, tells nothing. */
static int read_history(struct back_reading *r, const struct jtree *list)
{
    struct round *round = round_of(r->poll);
    struct back_deal *deal = &round->deals[round->done];
    find_move(r->poll, list, round->pipelines[round->done++], deal);
    return back_deal(r, deal);
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct round *round = round_of(poll);
    struct back_reading r;
    struct jtree *root;
    const struct jtree *list = NULL;
    int status = 0;
    if (reply->status == 200) {
        status = poll_tree(poll, reply, &root, err);
        list = !status && root->type == JTREE_OBJECT ? jtree_find(root, "data") : NULL;
        if (!status && (!list || list->type != JTREE_ARRAY))
            status = err_set(err, EINVAL, "its answer has no data");
    }
    if (status)
        return status;
    list = list ? list->first : NULL;
    back_reading_init(&r, poll, "zo", err);
    status = poll->step == STEP_HISTORY ? read_history(&r, list) : read_records(&r, list);
    poll->step = round->done < round->count ? STEP_HISTORY : POLL_IDLE;
    return status ? status : poll_flush(&r.events);
}

const struct poll_kind back_zoho = {
    .name = "zoho",
    .first = STEP_RECORDS,
    .signs_in = true,
    .reads_gone = true,
    .secrets = "'client_id', 'secret' and 'refresh_token', and at the region in 'sign_in'",
    .rights = "the scope of the refresh token: ZohoCRM.modules.READ",
    .no_right = "OAUTH_SCOPE_MISMATCH",
    .takes = takes,
    .sign_in = sign_in,
    .ask = ask,
    .read = read,
};
