/* Pipedrive, after a ban or an outage: deals changed since, as they are now. There is no history to
 * read, so what has changed is what differs from what is known.
 * Source: Pipedrive API v2, "Get all deals" (updated_since, cursor), "Pagination". */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/pipedrive.h"
#include "wire/poll_put.h"

#define OVERLAP (5 * MSEC_MINUTE)
/* The webhook itself comes up to three minutes late (three more tries), and it knows more: what is
 * younger is left to it. */
#define GRACE (5 * MSEC_MINUTE)

enum { STEP_DEALS = 1, TOKEN_BYTES = 300, MARK_BYTES = 500 };

static int check(const struct poll_setup *setup, struct err *err)
{
    return strlen(setup->secret) <= TOKEN_BYTES && !strpbrk(setup->secret, "\r\n")
               ? 0
               : err_set(err, EINVAL, "an API token of Pipedrive is one line of 40 characters");
}

static msec_t end_of(const struct poll *poll)
{
    return (poll->now - GRACE) / MSEC_SECOND * MSEC_SECOND;
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf query = {0};
    char from[MSEC_TEXT_BYTES], limit[12];
    poll_field(&query, "updated_since", msec_format(poll->from / MSEC_SECOND * MSEC_SECOND, from));
    poll_field(&query, "sort_by", "update_time");
    poll_field(&query, "sort_direction", "asc");
    poll_field(&query, "status", "open,won,lost,deleted");
    (void)snprintf(limit, sizeof(limit), "%d", poll->at_once); /* fits */
    poll_field(&query, "limit", limit);
    poll_field(&query, "updated_until", msec_format(end_of(poll), from));
    if (poll->more)
        poll_field(&query, "cursor", poll->more);
    int status = poll_url(poll, "/api/v2/deals", &query, &ret->url, err);
    ret->headers[0] = arena_printf(&poll->arena, "x-api-token: %s", poll->setup.secret);
    strbuf_done(&query);
    return status;
}

struct deal {
    struct poll *poll;
    struct crm_events *events;
    struct err *err;
    const struct jtree *node;
    const char *id, *owner, *currency, *word;
    msec_t updated;
    int64_t amount;
};

msec_t pipedrive_time(const struct jtree *deal, enum event_type type)
{
    static const char *const names[] = {
        [EVENT_DEAL_CREATED] = "add_time",
        [EVENT_DEAL_STAGE_CHANGED] = "stage_change_time",
        [EVENT_DEAL_WON] = "won_time",
        [EVENT_DEAL_LOST] = "lost_time",
    };
    const char *name = (size_t)type < ARRAY_LEN(names) ? names[type] : NULL;
    msec_t t = name ? crm_time(deal, name) : MSEC_NONE;
    return t == MSEC_NONE ? crm_time(deal, "update_time") : t;
}

const char *pipedrive_asked_id(struct arena *arena, const char *deal, enum event_type type,
                               msec_t at)
{
    return arena_printf(arena, "poll:deal:%s:%s:%lld", deal, event_type_name(type), (long long)at);
}

static struct event *add(const struct deal *deal, enum event_type type)
{
    struct arena *arena = &deal->poll->page;
    msec_t at = pipedrive_time(deal->node, type);
    const char *id = pipedrive_asked_id(arena, deal->id, type, at);
    struct event *event = crm_add(deal->events, type, at, id, deal->err);
    if (!event)
        return NULL;
    event->deal = deal->id;
    event->deal_name = crm_line(arena, deal->node, "title");
    event->owner = deal->owner;
    event->currency = deal->currency;
    event->amount = deal->amount;
    event->close_date = crm_date(arena, deal->node, "expected_close_date");
    crm_origin(event, deal->events, "deal", deal->id);
    return event;
}

static int tell_created(const struct deal *deal, bool open)
{
    struct event *event = add(deal, EVENT_DEAL_CREATED);
    if (!event)
        return -deal->err->code;
    event->stage = open ? deal->word : NULL;
    event->created = event->time;
    return 0;
}

static int tell_closed(const struct deal *deal, bool won)
{
    struct event *event = add(deal, won ? EVENT_DEAL_WON : EVENT_DEAL_LOST);
    if (!event)
        return -deal->err->code;
    event->reason = won ? NULL : crm_line(&deal->poll->page, deal->node, "lost_reason");
    return 0;
}

static bool is_closed(const char *stage)
{
    return str_eq(stage, "won") || str_eq(stage, "lost");
}

/* The stage by the name that it is known by. */
static const char *canonical(const struct poll *poll, const char *word)
{
    const struct stage_def *stage = crm_stage_known(&poll->request, word);
    return stage ? stage->id : word;
}

static int tell_open(const struct deal *deal, const struct poll_deal *known)
{
    if (is_closed(known->stage)) {
        struct event *event = add(deal, EVENT_DEAL_REOPENED);
        if (!event)
            return -deal->err->code;
        event->stage = deal->word;
        return 0;
    }
    if (!deal->word || str_eq(canonical(deal->poll, deal->word), known->stage))
        return 0;
    struct event *event = add(deal, EVENT_DEAL_STAGE_CHANGED);
    if (!event)
        return -deal->err->code;
    event->from = known->stage;
    event->to = deal->word;
    event->direction = crm_direction(&deal->poll->request, event->from, event->to);
    return 0;
}

static int tell_rest(const struct deal *deal, const struct poll_deal *known)
{
    if (deal->owner && known->owner && !str_eq(deal->owner, known->owner)) {
        struct event *event = add(deal, EVENT_DEAL_OWNER_CHANGED);
        if (!event)
            return -deal->err->code;
        event->from = known->owner;
        event->to = deal->owner;
    }
    if (deal->amount == NUMBER_NONE || deal->amount == known->amount)
        return 0;
    return add(deal, EVENT_DEAL_AMOUNT_CHANGED) ? 0 : -deal->err->code;
}

static int read_deal(const struct deal *deal)
{
    struct poll_deal known;
    const char *said = crm_text(&deal->poll->page, deal->node, "status");
    bool won = str_eq(said, "won"), lost = str_eq(said, "lost"), open = !won && !lost;
    bool deleted = str_eq(said, "deleted") || crm_true(deal->node, "is_deleted");
    bool is_known = poll_known(deal->poll, deal->id, &known);
    int status = 0;
    if (deleted)
        return !is_known || known.deleted || add(deal, EVENT_DEAL_DELETED) ? 0 : -deal->err->code;
    if (!is_known)
        status = tell_created(deal, open);
    if (!status && !open && !(is_known && str_eq(known.stage, said)))
        status = tell_closed(deal, won);
    if (!status && open && is_known)
        status = tell_open(deal, &known);
    return status || !is_known ? status : tell_rest(deal, &known);
}

static int read_deals(struct poll *poll, const struct jtree *list, struct err *err)
{
    struct crm_out out;
    struct crm_events events;
    int status = 0;
    poll_events(poll, &out, &events, "pipedrive");
    for (const struct jtree *node = list->first; node && !status; node = node->next) {
        struct deal deal = {.poll = poll, .events = &events, .err = err, .node = node};
        deal.id = crm_id(&poll->page, node, "id");
        deal.updated = crm_time(node, "update_time");
        if (!deal.id || deal.updated == MSEC_NONE || deal.updated > end_of(poll))
            continue;
        deal.owner = crm_line(&poll->page, node, "owner_id");
        deal.currency = crm_currency(&poll->page, node, "currency");
        deal.amount = crm_amount(node, "value", deal.currency);
        const struct crm_stage stage = {.pipeline = crm_id(&poll->page, node, "pipeline_id"),
                                        .id = crm_id(&poll->page, node, "stage_id")};
        deal.word = crm_stage(&poll->request, &poll->page, &stage);
        status = read_deal(&deal);
        if (!status && events.count > CRM_EVENTS_MAX / 2)
            status = poll_flush(&events);
    }
    return status ? status : poll_flush(&events);
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct jtree *root;
    int status = poll_tree(poll, reply, &root, err);
    if (status)
        return status;
    const struct jtree *list = root->type == JTREE_OBJECT ? jtree_find(root, "data") : NULL;
    const struct jtree *rest =
        root->type == JTREE_OBJECT ? jtree_find(root, "additional_data") : NULL;
    if (!list || list->type != JTREE_ARRAY)
        return err_set(err, EINVAL, "its answer has no data");
    status = read_deals(poll, list, err);
    if (status)
        return status;
    const char *more = crm_text(&poll->page, rest, "next_cursor");
    if (more && strlen(more) > MARK_BYTES)
        return err_set(err, EINVAL, "its answer has a next_cursor that is too long");
    poll->more = more ? arena_strdup(&poll->arena, more) : NULL;
    if (poll->more)
        return 0;
    poll->now = end_of(poll); /* so far it was read */
    poll->step = POLL_IDLE;
    return 0;
}

const struct poll_kind poll_pipedrive = {
    .name = "pipedrive",
    .overlap = OVERLAP,
    .first = STEP_DEALS,
    .unread = PIPEDRIVE_UNREAD,
    .at_once = 50, /* with many fields of their own fewer have to do */
    .check = check,
    .ask = ask,
    .read = read,
};
