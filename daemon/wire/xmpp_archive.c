/* The account's archive (XEP-0313): whether a message of ours is in it, and what was written to us
 * while nobody listened. */
#include <errno.h>

#include "base/alloc.h"
#include "wire/xmpp_private.h"

enum { PAGE = 50 };

static void end(struct xmpp *xmpp, struct query *query, enum xmpp_kind kind, const char *what);

static void on_page(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer);
static const struct iq_kind page = {"archive", on_page};

static void add_field(struct strbuf *text, const char *name, const char *value)
{
    xml_printf(text, "<field var='%s'><value>%s</value></field>", name, value);
}

static void ask_page(struct xmpp *xmpp, struct query *query)
{
    struct strbuf text = {0};
    char stamp[MSEC_TEXT_BYTES];
    unsigned serial = iq_new(xmpp, &page, 0, (size_t)(query - xmpp->queries));
    if (!serial)
        return;
    xml_printf(&text,
               "<iq xmlns='" NS_CLIENT "' type='set' id='g%u'><query xmlns='" NS_MAM
               "' queryid='q%u'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' "
               "type='hidden'><value>" NS_MAM "</value></field>",
               serial, query->serial);
    if (query->with)
        add_field(&text, "with", query->with);
    if (query->since != MSEC_NONE)
        add_field(&text, "start", msec_format(query->since, stamp));
    xml_printf(&text, "</x><set xmlns='" NS_RSM "'><max>%u</max>", PAGE);
    if (query->after)
        xml_printf(&text, "<after>%s</after>", query->after);
    strbuf_puts(&text, "</set></query></iq>");
    query->waits = false;
    query->pages++;
    query->deadline = xmpp->now + XMPP_STEP_MS;
    sm_put(xmpp, &text, NULL, NULL);
    strbuf_done(&text);
}

int archive_ask(struct xmpp *xmpp, const char *key, const char *with, const char *after,
                msec_t since, struct err *err)
{
    struct query *query = xmpp->queries;
    const struct query *past = query + XMPP_LOOKUPS_MAX;
    while (query < past && query->serial)
        query++;
    if (query == past)
        return err_set(err, EAGAIN, "too many look-ups are under way");
    *query = (struct query){.serial = xmpp_serial(xmpp),
                            .key = xstrdup(key),
                            .after = xstrdup(after),
                            .since = after ? MSEC_NONE : since};
    if (with)
        query->with = xstrdup(xmpp_jid_bare(&xmpp->out->arena, with));
    if (!xmpp->archive)
        end(xmpp, query, XMPP_UNREADABLE, "the server keeps no archive for the account");
    else if (!xmpp->readable)
        end(xmpp, query, XMPP_UNREADABLE, "the server's archive does not keep everything");
    else
        ask_page(xmpp, query);
    return 0;
}

static void query_drop(struct query *query)
{
    free(query->key);
    free(query->with);
    free(query->after);
    free(query->found);
    *query = (struct query){0};
}

static void end(struct xmpp *xmpp, struct query *query, enum xmpp_kind kind, const char *what)
{
    struct arena *arena = &xmpp->out->arena;
    struct xmpp_item *item = xmpp_add(xmpp, query->key ? kind : XMPP_CAUGHT_UP);
    item->key = arena_strdup(arena, query->key);
    item->jid = arena_strdup(arena, query->with);
    item->archive_id = arena_strdup(arena, query->key ? query->found : query->after);
    item->what = what;
    iq_forget(xmpp, &page, (size_t)(query - xmpp->queries));
    query_drop(query);
}

/* --- answers --- */

/* Source: XEP-0359, 3; some servers store the message without its origin-id. */
static bool is_key(const struct xml *message, const char *key)
{
    const char *origin = xml_attribute(xml_child(message, NS_SID, "origin-id"), "id");
    return str_eq(origin ? origin : xml_attribute(message, "id"), key);
}

void xmpp_on_result(struct xmpp *xmpp, const struct xml *result)
{
    const char *name = xml_attribute(result, "queryid");
    const char *id = xml_attribute(result, "id");
    int64_t serial;
    if (!name || name[0] != 'q' || str_to_i64(name + 1, &serial) || serial <= 0 || str_empty(id))
        return;
    const struct xml *forwarded = xml_child(result, NS_FORWARD, "forwarded");
    const struct xml *message = xml_child(forwarded, NS_CLIENT, "message");
    for (size_t i = 0; message && i < XMPP_LOOKUPS_MAX; i++) {
        struct query *query = &xmpp->queries[i];
        if (query->serial != serial)
            continue;
        const char *from = xml_attribute(message, "from");
        if (!query->key) /* a live message has the same name only where the server stamps them */
            xmpp_take_message(xmpp, message, xmpp->sids ? id : NULL,
                              xml_child(forwarded, NS_DELAY, "delay"));
        else if (xmpp_jid_same(from, xmpp->bare) && is_key(message, query->key))
            xstr_replace(&query->found, id);
        return;
    }
}

/* Whether there is room for what a page may bring. */
static bool has_stored(const struct xmpp *xmpp)
{
    return xmpp->sm.undone_count <= XMPP_UNDONE_MAX / 2;
}

static void next_page(struct xmpp *xmpp, struct query *query)
{
    query->waits = !query->key && !has_stored(xmpp);
    query->deadline = xmpp->now + XMPP_STEP_MS;
    if (!query->waits)
        ask_page(xmpp, query);
}

static void on_page(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    struct query *query = &xmpp->queries[iq->query];
    const struct xml *fin = xml_child(answer, NS_MAM, "fin");
    const char *complete = xml_attribute(fin, "complete");
    const char *last = xml_child_text(xml_child(fin, NS_RSM, "set"), NS_RSM, "last");
    if (!query->serial)
        return;
    if (!fin) {
        end(xmpp, query, XMPP_UNREADABLE,
            str_eq(xml_attribute(answer, "type"), "error")
                ? xmpp_error_words(xmpp, answer, NULL)
                : "the server's answer about its archive cannot be read");
        return;
    }
    if (!str_empty(last)) {
        if (str_eq(last, query->after) && !str_eq(complete, "true")) {
            end(xmpp, query, XMPP_UNREADABLE, "the server gives the same page again");
            return;
        }
        xstr_replace(&query->after, last);
    }
    if (query->found)
        end(xmpp, query, XMPP_FOUND, NULL);
    else if (str_eq(complete, "true") || str_eq(complete, "1") || str_empty(last))
        end(xmpp, query, XMPP_MISSING, NULL);
    else if (query->pages >= XMPP_PAGES_MAX && query->key)
        end(xmpp, query, XMPP_UNREADABLE, "the archive has too many messages since then");
    else
        next_page(xmpp, query);
}

void archive_go_on(struct xmpp *xmpp)
{
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX && has_stored(xmpp); i++) {
        struct query *query = &xmpp->queries[i];
        if (query->waits && xmpp->phase == PHASE_UP)
            ask_page(xmpp, query);
    }
}

/* --- time --- */

msec_t archive_due(const struct xmpp *xmpp)
{
    msec_t due = MSEC_NEVER;
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX; i++) {
        const struct query *query = &xmpp->queries[i];
        if (query->serial && query->deadline < due)
            due = query->deadline;
    }
    return due;
}

void archive_tick(struct xmpp *xmpp)
{
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX; i++) {
        struct query *query = &xmpp->queries[i];
        if (query->serial && query->deadline <= xmpp->now)
            end(xmpp, query, XMPP_UNREADABLE, "the server does not answer about its archive");
    }
}

void archive_give_up(struct xmpp *xmpp)
{
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX; i++) {
        if (xmpp->queries[i].serial)
            end(xmpp, &xmpp->queries[i], XMPP_UNREADABLE, "the connection was lost");
    }
}

void archive_drop(struct xmpp *xmpp)
{
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX; i++)
        query_drop(&xmpp->queries[i]);
}
