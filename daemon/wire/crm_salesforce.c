/* Salesforce: outbound messages (SOAP), change events that a flow passes on, and gritd's own flat
 * form; told apart by media type and shape.
 * Source: SOAP API Developer Guide, "Outbound Messaging"; Change Data Capture Developer Guide,
 * "Change Event Fields". */
#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/generic.h"
#include "wire/salesforce.h"
#include "wire/xml.h"

#define SOAP     "http://schemas.xmlsoap.org/soap/envelope/"
#define OUTBOUND "http://soap.sforce.com/2005/09/outbound"

enum {
    NOTES_MAX = 100, /* Source: "Outbound Messaging": up to 100 notifications */
    RECORDS_MAX = 100,
};

struct salesforce {
    struct crm_events events;
    struct err *err;
    const struct jtree *record;
    const char *base; /* what ids begin with: the notification, or transaction and number */
    msec_t time;
};

static struct arena *arena_of(const struct salesforce *s)
{
    return s->events.out->arena;
}

/* --- one deal --- */

static struct event *add(struct salesforce *s, enum event_type type, const char *deal)
{
    struct arena *arena = arena_of(s);
    const char *id = arena_printf(arena, "%s:%s", s->base, event_type_name(type));
    struct event *event = crm_add(&s->events, type, s->time, id, s->err);
    if (!event)
        return NULL;
    event->deal = deal;
    event->deal_name = crm_line(arena, s->record, "Name");
    event->owner = crm_line(arena, s->record, "OwnerId");
    event->next_step = crm_line(arena, s->record, "NextStep");
    event->currency = crm_currency(arena, s->record, "CurrencyIsoCode");
    event->amount = crm_amount(s->record, "Amount", event->currency);
    event->close_date = crm_date(arena, s->record, "CloseDate");
    crm_origin(event, &s->events, salesforce_names[SALESFORCE_DEAL], deal);
    return event;
}

/* What the stage means: as pipeline.yaml says, else what Salesforce itself says of it. */
static enum event_type stage_event(const struct salesforce *s, const char *word)
{
    if (crm_stage_known(s->events.request, word) || !salesforce_true(s->record, "IsClosed"))
        return crm_stage_event(s->events.request, word);
    return salesforce_true(s->record, "IsWon") ? EVENT_DEAL_WON : EVENT_DEAL_LOST;
}

static int deal_staged(struct salesforce *s, const char *deal, bool created)
{
    const struct crm_stage stage = {.name = crm_line(arena_of(s), s->record, "StageName"),
                                    .defaults = salesforce_stages};
    const char *word = crm_stage(s->events.request, arena_of(s), &stage);
    enum event_type type = word ? stage_event(s, word) : EVENT_DEAL_STAGE_CHANGED;
    bool closed = type == EVENT_DEAL_WON || type == EVENT_DEAL_LOST;
    struct event *event;
    if (created) {
        event = add(s, EVENT_DEAL_CREATED, deal);
        if (!event)
            return -s->err->code;
        event->stage = closed ? NULL : word;
        event->created = s->time;
        if (!closed)
            return 0;
    }
    event = add(s, type, deal);
    if (!event)
        return -s->err->code;
    if (!closed)
        event->to = word;
    return 0;
}

/* What else can change, by the field that says so. */
static const struct {
    const char *field;
    enum event_type type;
} changes[] = {
    {"Amount", EVENT_DEAL_AMOUNT_CHANGED},
    {"CloseDate", EVENT_DEAL_CLOSE_DATE_CHANGED},
    {"OwnerId", EVENT_DEAL_OWNER_CHANGED},
};

static bool is_named(const struct jtree *list, const char *name)
{
    for (const struct jtree *one = list ? list->first : NULL; one; one = one->next) {
        if (one->type == JTREE_TEXT && str_eq(one->text, name))
            return true;
    }
    return false;
}

/* changed NULL: nobody says what has changed, so a stage is told, and without one what there is. */
static int deal_changed(struct salesforce *s, const char *deal, const struct jtree *changed)
{
    size_t before = s->events.count;
    int status = 0;
    bool staged = crm_text(arena_of(s), s->record, "StageName") &&
                  (!changed || is_named(changed, "StageName"));
    if (staged)
        status = deal_staged(s, deal, false);
    for (size_t i = 0; i < ARRAY_LEN(changes) && !status && (changed || !staged); i++) {
        if (!crm_text(arena_of(s), s->record, changes[i].field) ||
            (changed && !is_named(changed, changes[i].field)))
            continue;
        struct event *event = add(s, changes[i].type, deal);
        if (!event)
            return -s->err->code;
        event->to = changes[i].type == EVENT_DEAL_OWNER_CHANGED        ? event->owner
                    : changes[i].type == EVENT_DEAL_CLOSE_DATE_CHANGED ? event->close_date
                                                                       : NULL;
        status = changes[i].type == EVENT_DEAL_AMOUNT_CHANGED && event->amount == NUMBER_NONE
                     ? err_set(s->err, EINVAL, "Amount: this is no number")
                     : 0;
    }
    s->events.out->ignored += s->events.count == before;
    return status;
}

static int deal_deleted(struct salesforce *s, const char *deal)
{
    return add(s, EVENT_DEAL_DELETED, deal) ? 0 : -s->err->code;
}

static int effort(struct salesforce *s, const char *id, enum salesforce_object kind)
{
    size_t before = s->events.count;
    int status = kind == SALESFORCE_TASK
                     ? salesforce_task(&s->events, s->record, id, s->time, s->err)
                     : salesforce_meeting(&s->events, s->record, id, s->time, s->err);
    s->events.out->ignored += !status && s->events.count == before;
    return status;
}

static void want(struct salesforce *s, const char *name, const char *id)
{
    const struct crm_out *out = s->events.out;
    if (out->want)
        out->want(out->user, &(struct crm_want){.object = name, .id = id, .time = s->time});
}

/* --- outbound messages --- */

/* The record as an object of texts: from here on both ways are one. */
static struct jtree *record_of(struct arena *arena, const struct xml *object)
{
    struct jtree *record = jtree_object_new(arena);
    for (const struct xml *child = object->first; child; child = child->next) {
        if (*child->text && !child->first)
            jtree_add(record, child->name, jtree_text_new(arena, child->text));
    }
    return record;
}

static msec_t time_of(const struct salesforce *s)
{
    static const char *const names[] = {"LastModifiedDate", "SystemModstamp", "CreatedDate"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        msec_t t = salesforce_time(s->record, names[i]);
        if (t != MSEC_NONE)
            return t;
    }
    return s->events.request->now;
}

static int read_note(struct salesforce *s, const struct xml *note)
{
    const struct xml *object = xml_child(note, OUTBOUND, "sObject");
    s->base = xml_child_text(note, OUTBOUND, "Id");
    if (!object || str_empty(s->base))
        return err_set(s->err, EINVAL, "Notification: it needs an Id and an sObject");
    s->record = record_of(arena_of(s), object);
    s->time = time_of(s);
    const char *id = salesforce_id(arena_of(s), s->record, "Id");
    if (!id)
        return err_set(s->err, EINVAL, "sObject: its Id is missing or none of Salesforce's");
    enum salesforce_object kind = salesforce_object(id);
    if (kind == SALESFORCE_OTHER) {
        s->events.out->ignored++;
        return 0;
    }
    if (s->events.request->asked) { /* else it would be told twice, and one of them with less */
        want(s, salesforce_names[kind], id);
        return 0;
    }
    if (kind != SALESFORCE_DEAL)
        return effort(s, id, kind);
    if (salesforce_true(s->record, "IsDeleted"))
        return deal_deleted(s, id);
    bool created = salesforce_time(s->record, "CreatedDate") == s->time;
    return created ? deal_staged(s, id, true) : deal_changed(s, id, NULL);
}

static const struct xml *notes_of(const struct crm_request *request, struct arena *arena,
                                  struct err *err)
{
    const struct xml *root;
    if (xml_parse(request->body, request->length, arena, err, &root)) {
        err->code = EINVAL; /* whatever keeps it from being read */
        return NULL;
    }
    const struct xml *body = xml_is(root, SOAP, "Envelope") ? xml_child(root, SOAP, "Body") : NULL;
    const struct xml *notes = body ? xml_child(body, OUTBOUND, "notifications") : NULL;
    if (!notes)
        (void)err_set(err, EINVAL, "this is no outbound message of Salesforce");
    return notes;
}

const char *salesforce_organisation(const char *body, size_t length, struct arena *arena)
{
    const struct crm_request request = {.body = body, .length = length};
    struct err err;
    const struct xml *notes = notes_of(&request, arena, &err);
    return notes ? xml_child_text(notes, OUTBOUND, "OrganizationId") : NULL;
}

/* Compared in the same time wherever the first difference lies. */
static bool same_organisation(const char *given, const char *wanted)
{
    size_t length = strlen(wanted);
    return given && strlen(given) == length && CRYPTO_memcmp(given, wanted, length) == 0;
}

static int parse_soap(struct salesforce *s)
{
    const struct crm_request *request = s->events.request;
    const struct xml *notes = notes_of(request, arena_of(s), s->err);
    int status = 0, count = 0;
    if (!notes)
        return -s->err->code;
    const char *organisation = xml_child_text(notes, OUTBOUND, "OrganizationId");
    if (request->account && !same_organisation(organisation, request->account))
        return err_set(s->err, EACCES, "the message is not from the configured organisation");
    s->events.source = crm_source(arena_of(s), "salesforce", organisation);
    for (const struct xml *note = notes->first; note && !status; note = note->next) {
        if (!xml_is(note, OUTBOUND, "Notification"))
            continue;
        status = ++count > NOTES_MAX
                     ? err_set(s->err, E2BIG, "more than %d notifications", NOTES_MAX)
                     : read_note(s, note);
    }
    if (!status && !count)
        status = err_set(s->err, EINVAL, "the message holds no Notification");
    return status;
}

/* --- change events --- */

static const struct jtree *object_in(const struct jtree *root, const char *name)
{
    const struct jtree *node = root ? jtree_find(root, name) : NULL;
    return node && node->type == JTREE_OBJECT ? node : NULL;
}

/* By the id; where there were too many changes to name them, by the name of the object. */
static enum salesforce_object kind_of(const struct salesforce *s, const struct jtree *header,
                                      const char *type, const char *id)
{
    const char *name = crm_text(arena_of(s), header, "entityName");
    enum salesforce_object kind = salesforce_object(id);
    for (int i = SALESFORCE_DEAL; i <= SALESFORCE_EVENT && str_eq(type, "GAP_OVERFLOW"); i++) {
        if (str_eq(name, salesforce_names[i]))
            return (enum salesforce_object)i;
    }
    return kind;
}

static int read_change(struct salesforce *s, const struct jtree *header, const char *id)
{
    const char *type = crm_text(arena_of(s), header, "changeType");
    const struct jtree *fields = jtree_find(header, "changedFields");
    enum salesforce_object kind = kind_of(s, header, type, id);
    if (!type || kind == SALESFORCE_OTHER) {
        s->events.out->ignored++;
        return 0;
    }
    /* a gap holds no values, and of what has come back only the record can tell */
    if (s->events.request->asked || str_starts(type, "GAP_") || str_eq(type, "UNDELETE")) {
        want(s, salesforce_names[kind], id);
        return 0;
    }
    if (kind != SALESFORCE_DEAL && !str_eq(type, "DELETE"))
        return effort(s, id, kind);
    if (str_eq(type, "CREATE"))
        return deal_staged(s, id, true);
    if (str_eq(type, "UPDATE"))
        return deal_changed(s, id, fields && fields->type == JTREE_ARRAY ? fields : NULL);
    if (str_eq(type, "DELETE") && kind == SALESFORCE_DEAL)
        return deal_deleted(s, id);
    s->events.out->ignored++;
    return 0;
}

static int parse_change(struct salesforce *s, const struct jtree *header)
{
    struct arena *arena = arena_of(s);
    const struct jtree *ids = jtree_find(header, "recordIds");
    const char *transaction = crm_id(arena, header, "transactionKey");
    int64_t number = crm_int(header, "sequenceNumber", 0);
    s->time = crm_int(header, "commitTimestamp", -1);
    if (!transaction || !ids || ids->type != JTREE_ARRAY || ids->count > RECORDS_MAX)
        return err_set(s->err, EINVAL,
                       "ChangeEventHeader: it needs a transactionKey and 1 to %d recordIds",
                       RECORDS_MAX);
    s->events.source = crm_source(arena, "salesforce", s->events.request->account);
    int status = 0;
    for (const struct jtree *one = ids->first; one && !status; one = one->next) {
        if (one->type != JTREE_TEXT) {
            s->events.out->ignored++;
            continue;
        }
        s->base = arena_printf(arena, "%s:%lld:%s", transaction, (long long)number, one->text);
        status = read_change(s, header, one->text);
    }
    return status;
}

/* --- the row --- */

static bool is_xml(const struct crm_request *request)
{
    const char *type = wire_header_find(request->headers, "content-type", NULL);
    return type &&
           (str_istarts(type, "text/xml", 8) || str_istarts(type, "application/soap+xml", 20));
}

static int parse(const struct crm_request *request, struct crm_out *out, struct err *err)
{
    struct salesforce s = {.events = {.out = out, .request = request, .crm = "salesforce"},
                           .err = err};
    int status;
    if (is_xml(request)) {
        status = parse_soap(&s);
    } else {
        struct jtree *root;
        status = jtree_parse(request->body, request->length, out->arena, err, &root);
        if (status)
            return status;
        s.record = root->type == JTREE_OBJECT ? object_in(root, "payload") : NULL;
        const struct jtree *header = object_in(s.record, "ChangeEventHeader");
        if (!header)
            return generic_read(request, out, err);
        status = parse_change(&s, header);
    }
    return status ? status : crm_flush(&s.events);
}

/* Anything else than this makes Salesforce send it again. */
static unsigned encode_reply(const struct crm_request *request, struct strbuf *out,
                             const char **ret_media)
{
    if (!is_xml(request))
        return 0;
    strbuf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
                     "xmlns:soapenv=\"" SOAP "\"><soapenv:Body><notificationsResponse "
                     "xmlns=\"" OUTBOUND "\"><Ack>true</Ack></notificationsResponse>"
                     "</soapenv:Body></soapenv:Envelope>");
    *ret_media = "text/xml; charset=utf-8";
    return 200;
}

static const char *const schemes[] = {"organisation", "bearer", "basic", NULL};
static const char *const media[] = {"text/xml", "application/soap+xml", "application/json", NULL};

const struct crm crm_salesforce = {.name = "salesforce",
                                   .schemes = schemes,
                                   .media = media,
                                   .busy_status = 503,
                                   .parse = parse,
                                   .encode_reply = encode_reply};
