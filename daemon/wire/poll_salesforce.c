/* Salesforce over REST: a row of OpportunityHistory for each change, so that nothing between two
 * rounds is lost; owners and deletions by Opportunity; effort by Task and Event.
 * Source: Salesforce REST API, "Query", "QueryAll"; Object Reference, OpportunityHistory,
 * OpportunityStage, Task, Event; OAuth 2.0 JWT bearer flow. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "wire/jwt.h"
#include "wire/poll_put.h"
#include "wire/salesforce.h"

#define API     "/services/data/v62.0"
#define OVERLAP (5 * MSEC_MINUTE)

enum {
    JWT_SECONDS = 170,  /* Source: JWT bearer flow, "exp" within 3 minutes */
    DEALS_AT_ONCE = 25, /* with their histories most answers stay under a megabyte */
    HISTORY_MAX = 100,  /* rows that come along with a deal; a longer history is read by itself */
    STAGES_MAX = 500,
    TOLD_MAX = 64,
};

enum step {
    STEP_STAGES = 1,
    STEP_ROWS,   /* rows of the history since, page by page ... */
    STEP_DEALS,  /* ... and for each page the deals in it with their histories, ... */
    STEP_BEFORE, /* ... of which a long one is read alone: the row before the round, ... */
    STEP_LONG,   /* ... and those since */
    STEP_CHANGED,
    STEP_TASKS,
    STEP_EVENTS,
};

struct stage {
    const char *name;
    bool closed, won;
};

/* One state of a deal. */
struct row {
    const char *id, *raw, *word, *close_date;
    msec_t at;
    int64_t amount;
    enum event_type means;
};

struct deal {
    struct poll *poll;
    struct crm_events *events;
    const char *id, *name, *owner, *account, *next_step;
};

struct round {
    struct stage *stages;
    size_t stage_count;
    const char **deals; /* of the page of rows */
    size_t deal_count, deals_done;
    const char *more_rows;                /* the page after them */
    struct deal long_ones[DEALS_AT_ONCE]; /* whose history did not come along whole */
    size_t long_count, long_done;
    struct row last;         /* of the long history, as far as it was read; id NULL: nothing */
    uint64_t told[TOLD_MAX]; /* long ones of this round, which other pages name again */
    size_t told_count;
};

static struct round *round_of(struct poll *poll)
{
    if (!poll->own)
        poll->own = arena_alloc(&poll->arena, sizeof(struct round));
    return poll->own;
}

/* --- signing in --- */

static int check(const struct poll_setup *setup, struct err *err)
{
    return jwt_check_key(setup->secret, err);
}

static int sign_in(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf claims = {0}, token = {0}, body = {0};
    struct jsonw json;
    jsonw_begin(&json, &claims);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "iss", poll->setup.client);
    jsonw_text(&json, "sub", poll->setup.user);
    jsonw_text(&json, "aud", poll->setup.url);
    jsonw_int(&json, "exp", poll->now / MSEC_SECOND + JWT_SECONDS);
    jsonw_object_end(&json);
    int status = jwt_sign(poll->setup.secret, strbuf_text(&claims), &token, err);
    if (!status) {
        poll_field(&body, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        poll_field(&body, "assertion", strbuf_text(&token));
        ret->method = "POST";
        ret->url = arena_printf(&poll->arena, "%s/services/oauth2/token", poll->setup.url);
        ret->content_type = poll_form;
        ret->body = arena_strdup(&poll->arena, strbuf_text(&body));
    }
    strbuf_done(&claims);
    strbuf_done(&token);
    strbuf_done(&body);
    return status;
}

/* --- asking --- */

static const char *const queries[] = {
    [STEP_STAGES] = "SELECT ApiName, MasterLabel, IsClosed, IsWon FROM OpportunityStage",
    [STEP_ROWS] = "SELECT Id, OpportunityId, StageName, Amount, CloseDate, Probability, "
                  "CreatedById, CreatedDate FROM OpportunityHistory WHERE CreatedDate >= %s "
                  "ORDER BY CreatedDate, Id",
    /* the newest first: most often the row before the round is among them */
    [STEP_DEALS] = "SELECT Id, Name, OwnerId, NextStep, Account.Name, (SELECT Id, StageName, "
                   "Amount, CloseDate, CreatedDate FROM OpportunityHistories ORDER BY CreatedDate "
                   "DESC, Id DESC LIMIT 100) FROM Opportunity WHERE Id IN (%d)",
    [STEP_BEFORE] = "SELECT Id, StageName, Amount, CloseDate, CreatedDate FROM OpportunityHistory "
                    "WHERE OpportunityId = %d AND CreatedDate < %s ORDER BY CreatedDate DESC, Id "
                    "DESC LIMIT 1",
    [STEP_LONG] = "SELECT Id, StageName, Amount, CloseDate, CreatedDate FROM OpportunityHistory "
                  "WHERE OpportunityId = %d AND CreatedDate >= %s ORDER BY CreatedDate, Id",
    [STEP_CHANGED] = "SELECT Id, Name, OwnerId, StageName, IsDeleted, SystemModstamp FROM "
                     "Opportunity WHERE SystemModstamp >= %s ORDER BY SystemModstamp, Id",
    [STEP_TASKS] = "SELECT Id, TaskSubtype, CallType, CallDurationInSeconds, CallDisposition, "
                   "IsClosed, OwnerId, WhatId, ActivityDate, CompletedDateTime, SystemModstamp "
                   "FROM Task WHERE SystemModstamp >= %s ORDER BY SystemModstamp, Id",
    [STEP_EVENTS] = "SELECT Id, OwnerId, WhatId, StartDateTime, EndDateTime, SystemModstamp FROM "
                    "Event WHERE SystemModstamp >= %s OR (EndDateTime >= %s AND EndDateTime <= %s) "
                    "ORDER BY SystemModstamp, Id",
};

static void add_ids(struct poll *poll, struct strbuf *out)
{
    const struct round *round = round_of(poll);
    size_t end = round->deals_done + (size_t)poll->at_once;
    if (poll->step != STEP_DEALS) {
        strbuf_printf(out, "'%s'", round->long_ones[round->long_done].id);
        return;
    }
    for (size_t i = round->deals_done; i < end && i < round->deal_count; i++)
        strbuf_printf(out, "%s'%s'", i == round->deals_done ? "" : ",", round->deals[i]);
}

/* The query of a step: %d is the deals, each %s the beginning of the round, the third one its end.
 */
static void put_query(struct poll *poll, struct strbuf *out)
{
    char from[MSEC_TEXT_BYTES], now[MSEC_TEXT_BYTES];
    msec_format(poll->from / MSEC_SECOND * MSEC_SECOND, from);
    msec_format(poll->now / MSEC_SECOND * MSEC_SECOND, now);
    int times = 0;
    for (const char *p = queries[poll->step]; *p; p++) {
        if (p[0] != '%') {
            strbuf_putc(out, *p);
            continue;
        }
        if (*++p == 'd')
            add_ids(poll, out);
        else
            strbuf_puts(out, ++times == 3 ? now : from);
    }
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf soql = {0}, query = {0};
    int status;
    if (poll->more) {
        status = poll_url(poll, poll->more, NULL, &ret->url, err);
    } else {
        put_query(poll, &soql);
        poll_field(&query, "q", strbuf_text(&soql));
        /* queryAll tells of what was deleted as well */
        status = poll_url(poll, poll->step == STEP_CHANGED ? API "/queryAll" : API "/query", &query,
                          &ret->url, err);
    }
    ret->headers[0] = poll_token_header(poll, "Authorization: Bearer ");
    /* 200 is the least, and no page of rows so long is too long; Salesforce counts the rows of the
     * histories as well */
    ret->headers[1] = poll->step == STEP_DEALS ? "Sforce-Query-Options: batchSize=500"
                                               : "Sforce-Query-Options: batchSize=200";
    strbuf_done(&soql);
    strbuf_done(&query);
    return status;
}

/* --- stages --- */

static void read_stages(struct poll *poll, const struct jtree *records)
{
    struct round *round = round_of(poll);
    if (!round->stages)
        round->stages = arena_alloc(&poll->arena, STAGES_MAX * sizeof(*round->stages));
    for (const struct jtree *r = records->first; r && round->stage_count < STAGES_MAX;
         r = r->next) {
        static const char *const names[] = {"ApiName", "MasterLabel"};
        for (size_t i = 0; i < ARRAY_LEN(names) && round->stage_count < STAGES_MAX; i++) {
            const char *name = crm_text(&poll->page, r, names[i]);
            if (name)
                round->stages[round->stage_count++] =
                    (struct stage){arena_strdup(&poll->arena, name), crm_true(r, "IsClosed"),
                                   crm_true(r, "IsWon")};
        }
    }
}

/* What a stage means: as pipeline.yaml says, else as Salesforce itself says. */
static enum event_type meaning(struct poll *poll, const char *raw, const char *word)
{
    const struct round *round = round_of(poll);
    enum event_type type = crm_stage_event(&poll->request, word);
    if (crm_stage_known(&poll->request, word))
        return type;
    for (size_t i = 0; i < round->stage_count; i++) {
        if (str_ieq(round->stages[i].name, raw))
            return round->stages[i].won      ? EVENT_DEAL_WON
                   : round->stages[i].closed ? EVENT_DEAL_LOST
                                             : EVENT_DEAL_STAGE_CHANGED;
    }
    return type;
}

/* --- the rows of the history --- */

static bool has_deal(const struct round *round, const char *id)
{
    for (size_t i = 0; i < round->deal_count; i++) {
        if (str_eq(round->deals[i], id))
            return true;
    }
    return false;
}

/* What the pages before this one held is let go of: a round may have any number of them. */
static void renew(struct poll *poll)
{
    const struct round *before = round_of(poll);
    struct arena old = poll->arena;
    arena_init(&poll->arena);
    struct round *round = poll->own = arena_alloc(&poll->arena, sizeof(*round));
    *round = *before;
    round->stages = arena_alloc(&poll->arena, STAGES_MAX * sizeof(*round->stages));
    for (size_t i = 0; i < before->stage_count; i++) {
        round->stages[i] = before->stages[i];
        round->stages[i].name = arena_strdup(&poll->arena, before->stages[i].name);
    }
    poll->more = arena_strdup(&poll->arena, poll->more);
    arena_done(&old);
}

static bool is_told(const struct round *round, const char *deal)
{
    uint64_t id = hash_text(deal);
    for (size_t i = 0; i < round->told_count; i++) {
        if (round->told[i] == id)
            return true;
    }
    return false;
}

static void read_rows(struct poll *poll, const struct jtree *records)
{
    renew(poll);
    struct round *round = round_of(poll);
    round->deals = arena_alloc(&poll->arena, (records->count + 1) * sizeof(*round->deals));
    round->deal_count = round->deals_done = 0;
    for (const struct jtree *r = records->first; r; r = r->next) {
        const char *deal = salesforce_id(&poll->page, r, "OpportunityId");
        if (deal && !has_deal(round, deal) && !is_told(round, deal))
            round->deals[round->deal_count++] = arena_strdup(&poll->arena, deal);
    }
}

static struct row row_of(struct poll *poll, const struct jtree *node)
{
    struct row row = {
        .id = salesforce_id(&poll->page, node, "Id"),
        .raw = crm_text(&poll->page, node, "StageName"),
        .close_date = crm_date(&poll->page, node, "CloseDate"),
        .at = salesforce_time(node, "CreatedDate"),
        .amount = crm_amount(node, "Amount", poll->setup.currency),
    };
    const struct crm_stage stage = {.name = row.raw, .defaults = salesforce_stages};
    row.word = crm_stage(&poll->request, &poll->page, &stage);
    row.means = row.word ? meaning(poll, row.raw, row.word) : EVENT_DEAL_STAGE_CHANGED;
    return row;
}

static struct event *add(const struct deal *deal, const struct row *row, enum event_type type,
                         bool main, struct err *err)
{
    struct poll *poll = deal->poll;
    const char *id =
        main ? row->id : arena_printf(&poll->page, "%s:%s", row->id, event_type_name(type));
    struct event *event = crm_add(deal->events, type, row->at, id, err);
    if (!event)
        return NULL;
    event->deal = deal->id;
    event->deal_name = deal->name;
    event->owner = deal->owner;
    event->account = deal->account;
    event->next_step = deal->next_step;
    event->currency = poll->setup.currency;
    crm_origin(event, deal->events, "Opportunity", deal->id);
    return event;
}

static bool closed(enum event_type type)
{
    return type == EVENT_DEAL_WON || type == EVENT_DEAL_LOST;
}

/* The stage of a deal that has just been made, or that has moved. Closing beats moving. */
static int tell_stage(const struct deal *deal, const struct row *row, const struct row *before,
                      struct err *err)
{
    bool fresh = !before;
    enum event_type type = row->means;
    if (fresh) {
        struct event *event = add(deal, row, EVENT_DEAL_CREATED, true, err);
        if (!event)
            return -err->code;
        event->stage = closed(type) ? NULL : row->word;
        event->amount = row->amount;
        event->close_date = row->close_date;
        event->created = row->at;
        if (!closed(type))
            return 0;
    } else if (closed(before->means) && !closed(type)) {
        type = EVENT_DEAL_REOPENED;
    }
    struct event *event = add(deal, row, type, !fresh, err);
    if (!event)
        return -err->code;
    event->from = fresh ? NULL : before->word;
    event->amount = row->amount;
    if (type == EVENT_DEAL_STAGE_CHANGED) {
        event->to = row->word;
        event->direction = crm_direction(&deal->poll->request, event->from, event->to);
    } else if (type == EVENT_DEAL_REOPENED) {
        event->from = NULL;
        event->stage = row->word;
    }
    return 0;
}

static int tell_row(const struct deal *deal, const struct row *row, const struct row *before,
                    struct err *err)
{
    struct event *event;
    if (!before || !str_eq(row->raw, before->raw)) {
        int status = tell_stage(deal, row, before, err);
        if (status)
            return status;
    }
    if (before && row->amount != NUMBER_NONE && row->amount != before->amount) {
        event = add(deal, row, EVENT_DEAL_AMOUNT_CHANGED, false, err);
        if (!event)
            return -err->code;
        event->amount = row->amount;
    }
    if (before && row->close_date && !str_eq(row->close_date, before->close_date)) {
        event = add(deal, row, EVENT_DEAL_CLOSE_DATE_CHANGED, false, err);
        if (!event)
            return -err->code;
        event->from = before->close_date;
        event->to = event->close_date = row->close_date;
    }
    return 0;
}

static int by_time(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? -1 : 1) : str_cmp(x->id, y->id);
}

/* The rows that can be read, the oldest first. */
static struct row *rows_of(struct poll *poll, const struct jtree *records, size_t *ret_count)
{
    struct row *rows = arena_alloc(&poll->page, (records->count + 1) * sizeof(*rows));
    size_t count = 0;
    for (const struct jtree *r = records->first; r; r = r->next) {
        rows[count] = row_of(poll, r);
        count += rows[count].id && rows[count].raw && rows[count].at != MSEC_NONE;
    }
    if (count)
        qsort(rows, count, sizeof(*rows), by_time);
    *ret_count = count;
    return rows;
}

/* Each row that is new, held against the one before it: what it tells depends on Salesforce's own
 * history only, so that it is the same whenever it is asked. before: that of the first one; or
 * NULL, and the deal begins with it. */
static int tell_rows(const struct deal *deal, const struct row *rows, size_t count,
                     const struct row *before, struct err *err)
{
    int status = 0;
    for (size_t i = 0; i < count && !status; before = &rows[i++]) {
        if (rows[i].at >= deal->poll->from)
            status = tell_row(deal, &rows[i], before, err);
        if (!status && deal->events->count > CRM_EVENTS_MAX / 2)
            status = poll_flush(deal->events);
    }
    return status;
}

/* Its rows since the round's beginning are more than came along. */
static void keep_long(const struct deal *deal)
{
    struct arena *arena = &deal->poll->arena;
    struct round *round = round_of(deal->poll);
    if (round->long_count == ARRAY_LEN(round->long_ones))
        return; /* no answer has more deals than were asked for */
    round->long_ones[round->long_count++] =
        (struct deal){.id = arena_strdup(arena, deal->id),
                      .name = arena_strdup(arena, deal->name),
                      .owner = arena_strdup(arena, deal->owner),
                      .account = arena_strdup(arena, deal->account),
                      .next_step = arena_strdup(arena, deal->next_step)};
}

static int read_history(const struct deal *deal, const struct jtree *record, struct err *err)
{
    const struct jtree *list = jtree_find(record, "OpportunityHistories");
    const struct jtree *records =
        list && list->type == JTREE_OBJECT ? jtree_find(list, "records") : NULL;
    if (!records || records->type != JTREE_ARRAY)
        return 0;
    size_t count;
    const struct jtree *done = jtree_find(list, "done");
    bool whole = (!done || done->type != JTREE_FALSE) && records->count < HISTORY_MAX;
    const struct row *rows = rows_of(deal->poll, records, &count);
    if (!count || whole)
        return tell_rows(deal, rows, count, NULL, err);
    if (rows[0].at < deal->poll->from)
        return tell_rows(deal, rows + 1, count - 1, rows, err);
    keep_long(deal);
    return 0;
}

/* --- a long history --- */

static void keep_last(struct poll *poll, const struct row *row)
{
    struct round *round = round_of(poll);
    round->last = *row;
    round->last.id = arena_strdup(&poll->arena, row->id);
    round->last.raw = arena_strdup(&poll->arena, row->raw);
    round->last.word = arena_strdup(&poll->arena, row->word);
    round->last.close_date = arena_strdup(&poll->arena, row->close_date);
}

static void read_before(struct poll *poll, const struct jtree *records)
{
    size_t count;
    const struct row *rows = rows_of(poll, records, &count);
    round_of(poll)->last = (struct row){0};
    if (count)
        keep_last(poll, &rows[count - 1]);
}

static int read_long(struct poll *poll, struct crm_events *events, const struct jtree *records,
                     struct err *err)
{
    size_t count;
    struct round *round = round_of(poll);
    struct deal deal = round->long_ones[round->long_done];
    const struct row *rows = rows_of(poll, records, &count);
    deal.poll = poll;
    deal.events = events;
    int status = tell_rows(&deal, rows, count, round->last.id ? &round->last : NULL, err);
    if (!status && count)
        keep_last(poll, &rows[count - 1]);
    return status;
}

static const char *inner_text(struct poll *poll, const struct jtree *record, const char *object,
                              const char *name)
{
    const struct jtree *inner = jtree_find(record, object);
    return inner && inner->type == JTREE_OBJECT ? crm_line(&poll->page, inner, name) : NULL;
}

static int read_deals(struct poll *poll, struct crm_events *events, const struct jtree *records,
                      struct err *err)
{
    for (const struct jtree *r = records->first; r; r = r->next) {
        struct deal deal = {.poll = poll,
                            .events = events,
                            .id = salesforce_id(&poll->page, r, "Id"),
                            .name = crm_line(&poll->page, r, "Name"),
                            .owner = crm_line(&poll->page, r, "OwnerId"),
                            .next_step = crm_line(&poll->page, r, "NextStep"),
                            .account = inner_text(poll, r, "Account", "Name")};
        int status = deal.id ? read_history(&deal, r, err) : 0;
        if (status)
            return status;
    }
    return 0;
}

/* --- owners and deletions, of which the history says nothing --- */

static struct event *add_changed(struct crm_events *events, const struct jtree *record,
                                 enum event_type type, msec_t at, struct err *err)
{
    struct arena *arena = events->out->arena;
    const char *deal = salesforce_id(arena, record, "Id");
    struct event *event =
        crm_add(events, type, at,
                arena_printf(arena, "%s:%s:%lld", deal, event_type_name(type), (long long)at), err);
    if (!event)
        return NULL;
    event->deal = deal;
    event->owner = crm_line(arena, record, "OwnerId");
    event->deal_name = crm_line(arena, record, "Name");
    crm_origin(event, events, "Opportunity", deal);
    return event;
}

/* Out of the recycle bin: what is true changes, and nobody has done anything that is worth a word.
 * A deal that was won is not won once more: whose it is, is enough to know it by again. */
static int tell_restored(struct poll *poll, struct crm_events *events, const struct jtree *record,
                         msec_t at, struct err *err)
{
    const char *raw = crm_text(&poll->page, record, "StageName");
    const struct crm_stage stage = {.name = raw, .defaults = salesforce_stages};
    const char *word = crm_stage(&poll->request, &poll->page, &stage);
    bool over = word && closed(meaning(poll, raw, word));
    struct event *event =
        add_changed(events, record, over ? EVENT_DEAL_OWNER_CHANGED : EVENT_DEAL_REOPENED, at, err);
    if (!event)
        return -err->code;
    event->stage = over ? NULL : word;
    event->to = over ? event->owner : NULL;
    event->bulk = true;
    return 0;
}

static int read_one_changed(struct poll *poll, struct crm_events *events,
                            const struct jtree *record, struct err *err)
{
    struct poll_deal known;
    const char *id = salesforce_id(&poll->page, record, "Id");
    const char *owner = crm_line(&poll->page, record, "OwnerId");
    msec_t at = salesforce_time(record, "SystemModstamp");
    bool deleted = crm_true(record, "IsDeleted");
    if (!id || at == MSEC_NONE || !poll_known(poll, id, &known) || (deleted && known.deleted))
        return 0;
    if (deleted)
        return add_changed(events, record, EVENT_DEAL_DELETED, at, err) ? 0 : -err->code;
    if (known.deleted)
        return tell_restored(poll, events, record, at, err);
    if (!owner || str_eq(owner, known.owner))
        return 0;
    struct event *event = add_changed(events, record, EVENT_DEAL_OWNER_CHANGED, at, err);
    if (!event)
        return -err->code;
    event->from = known.owner;
    event->to = owner;
    return 0;
}

static int read_changed(struct poll *poll, struct crm_events *events, const struct jtree *records,
                        struct err *err)
{
    int status = 0;
    for (const struct jtree *r = records->first; r && !status; r = r->next) {
        status = read_one_changed(poll, events, r, err);
        if (!status && events->count > CRM_EVENTS_MAX / 2)
            status = poll_flush(events);
    }
    return status;
}

/* --- effort --- */

static int read_effort(struct crm_events *events, const struct jtree *records, struct err *err)
{
    for (const struct jtree *r = records->first; r; r = r->next) {
        const char *id = salesforce_id(events->out->arena, r, "Id");
        msec_t changed = salesforce_time(r, "SystemModstamp");
        if (!id || changed == MSEC_NONE)
            continue;
        int status = salesforce_object(id) == SALESFORCE_TASK
                         ? salesforce_task(events, r, id, changed, err)
                         : salesforce_meeting(events, r, id, changed, err);
        if (!status && events->count > CRM_EVENTS_MAX / 2)
            status = poll_flush(events);
        if (status)
            return status;
    }
    return 0;
}

/* --- one answer --- */

static int take(struct poll *poll, const struct jtree *records, struct err *err)
{
    struct crm_out out;
    struct crm_events events;
    int status = 0;
    poll_events(poll, &out, &events, "salesforce");
    switch ((enum step)poll->step) {
    case STEP_STAGES:
        read_stages(poll, records);
        break;
    case STEP_ROWS:
        read_rows(poll, records);
        break;
    case STEP_DEALS:
        status = read_deals(poll, &events, records, err);
        break;
    case STEP_BEFORE:
        read_before(poll, records);
        break;
    case STEP_LONG:
        status = read_long(poll, &events, records, err);
        break;
    case STEP_CHANGED:
        status = read_changed(poll, &events, records, err);
        break;
    case STEP_TASKS:
    case STEP_EVENTS:
        status = read_effort(&events, records, err);
        break;
    }
    return status ? status : poll_flush(&events);
}

/* A long history after the other. */
static void next_long(struct round *round)
{
    const char *deal = round->long_ones[round->long_done++].id;
    if (round->told_count < TOLD_MAX)
        round->told[round->told_count++] = hash_text(deal);
    if (round->long_done == round->long_count)
        round->long_done = round->long_count = 0;
}

/* A page of rows is done with all its deals before the next one is asked for. */
static void next_step(struct poll *poll)
{
    struct round *round = round_of(poll);
    if (poll->step == STEP_ROWS) {
        round->more_rows = poll->more;
        poll->more = NULL;
    }
    if (poll->more)
        return;
    if (poll->step < STEP_ROWS || poll->step > STEP_LONG) {
        poll->step = poll->step == STEP_EVENTS ? POLL_IDLE : poll->step + 1;
        return;
    }
    if (poll->step == STEP_BEFORE) {
        poll->step = STEP_LONG;
        return;
    }
    if (poll->step == STEP_DEALS)
        round->deals_done += (size_t)poll->at_once;
    if (poll->step == STEP_LONG)
        next_long(round);
    bool left = round->deals_done < round->deal_count;
    poll->more = left || round->long_count ? NULL : round->more_rows;
    poll->step = round->long_count  ? STEP_BEFORE
                 : left             ? STEP_DEALS
                 : round->more_rows ? STEP_ROWS
                                    : STEP_CHANGED;
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct jtree *root;
    int status = poll_tree(poll, reply, &root, err);
    if (status)
        return status;
    const struct jtree *records = root->type == JTREE_OBJECT ? jtree_find(root, "records") : NULL;
    if (!records || records->type != JTREE_ARRAY)
        return err_set(err, EINVAL, "its answer has no records");
    const char *more = crm_text(&poll->page, root, "nextRecordsUrl");
    if (more && !str_starts(more, "/services/data/"))
        return err_set(err, EINVAL, "its answer goes on at an address that is none of its own");
    poll->more = more ? arena_strdup(&poll->arena, more) : NULL;
    status = take(poll, records, err);
    if (!status)
        next_step(poll);
    return status;
}

const struct poll_kind poll_salesforce = {
    .name = "salesforce",
    .overlap = OVERLAP,
    .first = STEP_STAGES,
    .at_once = DEALS_AT_ONCE,
    .signs_in = true,
    .tells_all = true,
    .check = check,
    .sign_in = sign_in,
    .ask = ask,
    .read = read,
};
