/* HubSpot's webhooks journal, for where nothing from outside may come in: what the webhooks would
 * have told, kept for three days.
 * Source: HubSpot, "Webhook journal APIs" (2026-03): journal entries are files of their own, each
 * at an address that is good for a while; 204 where there is none yet. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/poll_put.h"

#define VERSION "2026-03"

enum { STEP_PLACE = 1, STEP_FILE, FILES_MAX = 200, ITEMS_AT_ONCE = 100 };

struct round {
    const char *url; /* of the file */
    int files;
    bool anew; /* the mark was too old: from the beginning */
};

static struct round *round_of(struct poll *poll)
{
    if (!poll->own)
        poll->own = arena_alloc(&poll->arena, sizeof(struct round));
    return poll->own;
}

static int sign_in(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct strbuf body = {0};
    (void)err; /* nothing can be wrong with it */
    poll_field(&body, "grant_type", "client_credentials");
    poll_field(&body, "client_id", poll->setup.client);
    poll_field(&body, "client_secret", poll->setup.secret);
    poll_field(&body, "scope", "developer.webhooks_journal.read crm.objects.deals.read");
    ret->method = "POST";
    ret->url = arena_printf(&poll->arena, "%s/oauth/v1/token", poll->setup.url);
    ret->content_type = poll_form;
    ret->body = arena_strdup(&poll->arena, strbuf_text(&body));
    strbuf_done(&body);
    return 0;
}

static int ask(struct poll *poll, struct poll_request *ret, struct err *err)
{
    struct round *round = round_of(poll);
    if (poll->step == STEP_FILE) { /* no token: the address is the permission */
        ret->url = round->url;
        return 0;
    }
    const char *place = poll->place ? poll->place : round->anew ? NULL : poll->cursor.place;
    const char *local = poll->setup.account ? "-local" : "";
    struct strbuf path = {0}, query = {0};
    strbuf_printf(&path, "/webhooks-journal/journal%s/" VERSION "/", local);
    if (place) {
        strbuf_puts(&path, "offset/");
        poll_escape(&path, place);
        strbuf_puts(&path, "/next");
    } else {
        strbuf_puts(&path, "earliest");
    }
    if (poll->setup.account)
        poll_field(&query, "installPortalId", poll->setup.account);
    int status = poll_url(poll, strbuf_text(&path), &query, &ret->url, err);
    ret->headers[0] = poll_token_header(poll, "Authorization: Bearer ");
    strbuf_done(&path);
    strbuf_done(&query);
    return status;
}

/* {"url", "currentOffset"} */
static int read_place(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct round *round = round_of(poll);
    if (reply->status == 204) {
        poll->step = POLL_IDLE;
        return 0;
    }
    if (reply->status == 404) { /* the mark is older than what is kept */
        bool fresh = round->anew || (!poll->cursor.place && !poll->place);
        poll->step = fresh ? POLL_IDLE : STEP_PLACE;
        round->anew = true;
        poll->place = NULL;
        return 0;
    }
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL);
    const char *url = json_string_value(json_object_get(root, "url"));
    const char *place = json_string_value(json_object_get(root, "currentOffset"));
    int status = 0;
    if (!url || !place || strlen(url) > POLL_URL_BYTES || strlen(place) >= POLL_PLACE_BYTES) {
        status = err_set(err, EINVAL, "its answer has no url and currentOffset");
    } else {
        round->url = arena_strdup(&poll->arena, url);
        poll->place = arena_strdup(&poll->arena, place);
        poll->step = STEP_FILE;
    }
    json_decref(root);
    return status;
}

/* --- a file of entries as the notes of a webhook --- */

#define DEALS "0-3"

static void put(json_t *item, const char *name, const json_t *from, const char *member)
{
    json_t *value = json_object_get(from, member);
    if (value)
        (void)json_object_set(item, name, value); /* NULL is memory, and that ends the process */
}

/* occurredAt as milliseconds, however it is written. */
static void put_time(json_t *item, const json_t *entry)
{
    const json_t *at = json_object_get(entry, "occurredAt");
    msec_t t;
    if (json_is_integer(at))
        (void)json_object_set_new(item, "occurredAt", json_integer(json_integer_value(at)));
    else if (json_is_string(at) && !msec_parse(json_string_value(at), &t))
        (void)json_object_set_new(item, "occurredAt", json_integer(t));
}

static json_t *item_new(const json_t *entry, const char *verb)
{
    const char *type = json_string_value(json_object_get(entry, "objectTypeId"));
    bool deal = str_eq(type, DEALS); /* the id is then that of the webhook of older apps */
    json_t *item = json_object();
    char name[64];
    (void)snprintf(name, sizeof(name), "%s.%s", deal ? "deal" : "object", verb); /* fits */
    (void)json_object_set_new(item, "subscriptionType", json_string(name));
    put(item, "objectTypeId", entry, "objectTypeId");
    put(item, "objectId", entry, "objectId");
    put(item, "portalId", entry, "portalId");
    put(item, "changeSource", entry, "changeSource");
    put(item, "primaryObjectId", entry, "primaryObjectId");
    put(item, "mergedObjectIds", entry, "mergedObjectIds");
    put(item, "newObjectId", entry, "newObjectId");
    put_time(item, entry);
    return item;
}

static const struct {
    const char *action, *verb;
} verbs[] = {
    {"CREATE", "creation"}, {"DELETE", "deletion"}, {"MERGE", "merge"}, {"RESTORE", "restore"}};

static void add_items(json_t *list, const json_t *entry)
{
    const char *action = json_string_value(json_object_get(entry, "action"));
    json_t *changes = json_object_get(entry, "propertyChanges");
    const char *name;
    json_t *value;
    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        if (str_eq(verbs[i].action, action))
            (void)json_array_append_new(list, item_new(entry, verbs[i].verb));
    }
    if (!str_eq(action, "UPDATE"))
        return;
    json_object_foreach(changes, name, value)
    {
        json_t *item = item_new(entry, "propertyChange");
        (void)json_object_set_new(item, "propertyName", json_string(name));
        (void)json_object_set_new(item, "propertyValue",
                                  json_is_string(value) ? json_incref(value) : json_string(""));
        (void)json_array_append_new(list, item);
    }
}

static int hand_out(struct poll *poll, const json_t *list, struct err *err)
{
    char *body = json_dumps(list, JSON_COMPACT);
    int status = poll_parse(poll, &crm_hubspot, body, strlen(body), err);
    free(body);
    return status;
}

/* All of them, or where one of them cannot be read each by itself: an odd entry neither holds up
 * those behind it nor takes those beside it along. */
static int flush(struct poll *poll, json_t *list, struct err *err)
{
    json_t *item, *alone;
    size_t i;
    int status = json_array_size(list) ? hand_out(poll, list, err) : 0;
    bool one_by_one = poll_is_odd(status);
    json_array_foreach(list, i, item)
    {
        if (!one_by_one || (status && !poll_is_odd(status)))
            break;
        alone = json_array();
        (void)json_array_append(alone, item);
        status = hand_out(poll, alone, err);
        poll->ignored += poll_is_odd(status);
        json_decref(alone);
    }
    (void)json_array_clear(list);
    return poll_is_odd(status) ? 0 : status;
}

static int read_file(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    struct round *round = round_of(poll);
    json_t *root = json_loadb(reply->body, reply->length, 0, NULL), *list = json_array();
    const json_t *entries = json_object_get(root, "journalEvents");
    int status = json_is_array(entries) ? 0 : err_set(err, EINVAL, "its file has no journalEvents");
    for (size_t i = 0; i < json_array_size(entries) && !status; i++) {
        add_items(list, json_array_get(entries, i));
        if (json_array_size(list) >= ITEMS_AT_ONCE)
            status = flush(poll, list, err);
    }
    if (!status)
        status = flush(poll, list, err);
    json_decref(list);
    json_decref(root);
    if (!status)
        poll->step = ++round->files < FILES_MAX ? STEP_PLACE : POLL_IDLE;
    return status;
}

static int read(struct poll *poll, const struct poll_reply *reply, struct err *err)
{
    return poll->step == STEP_PLACE ? read_place(poll, reply, err) : read_file(poll, reply, err);
}

const struct poll_kind poll_hubspot = {
    .name = "hubspot",
    .overlap = 0, /* by its own marks */
    .first = STEP_PLACE,
    .signs_in = true,
    .reads_gone = true,
    .sign_in = sign_in,
    .ask = ask,
    .read = read,
};
