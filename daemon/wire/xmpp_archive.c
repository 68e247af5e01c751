/* The account's archive (XEP-0313): whether a message of ours is in it, and what was written to us
 * while nobody listened.
 *
 * An archive that is read while the server writes into it can look empty: ejabberd's own store
 * (mnesia) does, now and then, and calls the answer complete. It shows all of an account or
 * nothing of it. So a page with any message in it counts, and an empty one is asked for again; and
 * a look-up reads from the newest message backwards, where old ones vouch for the answer, not from
 * the time of the message on, where there is often nothing. */
#include <errno.h>

#include "base/alloc.h"
#include "wire/xmpp_private.h"

enum { PAGE = 50, EMPTY_PAGES = 4 /* in a row are believed */ };

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
    if (!query->key && query->since != MSEC_NONE)
        add_field(&text, "start", msec_format(query->since, stamp));
    xml_printf(&text, "</x><set xmlns='" NS_RSM "'><max>%u</max>", PAGE);
    if (query->key)
        xml_printf(&text, "<before>%s</before>", query->edge ? query->edge : "");
    else if (query->edge)
        xml_printf(&text, "<after>%s</after>", query->edge);
    strbuf_puts(&text, "</set></query></iq>");
    query->waits = false;
    query->pages++;
    query->seen = false;
    query->oldest = MSEC_NEVER;
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
                            .edge = xstrdup(after),
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
    free(query->edge);
    free(query->found);
    *query = (struct query){0};
}

static void end(struct xmpp *xmpp, struct query *query, enum xmpp_kind kind, const char *what)
{
    struct arena *arena = &xmpp->out->arena;
    struct xmpp_item *item = xmpp_add(xmpp, query->key ? kind : XMPP_CAUGHT_UP);
    item->key = arena_strdup(arena, query->key);
    item->jid = arena_strdup(arena, query->with);
    item->archive_id = arena_strdup(arena, query->key ? query->found : query->edge);
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

static void see(struct query *query, const char *stamp)
{
    msec_t at;
    query->seen = true;
    if (stamp && msec_parse(stamp, &at) == 0 && at < query->oldest)
        query->oldest = at;
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
    const struct xml *delay = xml_child(forwarded, NS_DELAY, "delay");
    for (size_t i = 0; i < XMPP_LOOKUPS_MAX; i++) {
        struct query *query = &xmpp->queries[i];
        if (query->serial != serial)
            continue;
        see(query, xml_attribute(delay, "stamp"));
        if (!message) /* taken back by who wrote it */
            return;
        if (!query->key) /* a live message has the same name only where the server stamps them */
            xmpp_take_message(xmpp, message, xmpp->sids ? id : NULL, delay);
        else if (xmpp_jid_same(xml_attribute(message, "from"), xmpp->bare) &&
                 is_key(message, query->key))
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

static bool is_last(const struct query *query, bool complete)
{
    if (!query->seen)
        return query->empty >= EMPTY_PAGES;
    return complete || (query->key && query->oldest < query->since);
}

static void on_page(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    struct query *query = &xmpp->queries[iq->query];
    const struct xml *fin = xml_child(answer, NS_MAM, "fin");
    const char *said = xml_attribute(fin, "complete");
    bool complete = str_eq(said, "true") || str_eq(said, "1");
    const char *edge =
        xml_child_text(xml_child(fin, NS_RSM, "set"), NS_RSM, query->key ? "first" : "last");
    if (!query->serial)
        return;
    if (!fin) {
        end(xmpp, query, XMPP_UNREADABLE,
            str_eq(xml_attribute(answer, "type"), "error")
                ? xmpp_error_words(xmpp, answer, NULL)
                : "the server's answer about its archive cannot be read");
        return;
    }
    if (!str_empty(edge)) {
        if (str_eq(edge, query->edge) && !complete) {
            end(xmpp, query, XMPP_UNREADABLE, "the server gives the same page again");
            return;
        }
        query->seen = true;
        xstr_replace(&query->edge, edge);
    }
    query->empty = query->seen ? 0 : query->empty + 1;
    if (query->found)
        end(xmpp, query, XMPP_FOUND, NULL);
    else if (is_last(query, complete || str_empty(edge)))
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
