/* The roster and who is there. */
#include <string.h>

#include "base/alloc.h"
#include "wire/xmpp_private.h"

static int by_jid(const void *a, const void *b)
{
    return strcmp(((const struct contact *)a)->jid, ((const struct contact *)b)->jid);
}

/* Where a bare address stands, or would. */
static size_t place_of(const struct xmpp *xmpp, const char *bare, bool *ret_found)
{
    size_t low = 0, high = xmpp->contact_count;
    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(xmpp->contacts[middle].jid, bare);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void contact_set(struct xmpp *xmpp, const char *jid, unsigned flags)
{
    struct arena arena;
    bool found;
    arena_init(&arena);
    const char *bare = xmpp_jid_bare(&arena, jid);
    size_t at = place_of(xmpp, bare, &found);
    if (found && !flags) {
        free(xmpp->contacts[at].jid);
        memmove(&xmpp->contacts[at], &xmpp->contacts[at + 1],
                (--xmpp->contact_count - at) * sizeof(xmpp->contacts[0]));
    } else if (found) {
        xmpp->contacts[at].flags = flags;
    } else if (flags && xmpp->contact_count < XMPP_CONTACTS_MAX) {
        ARRAY_GROW(xmpp->contacts, xmpp->contact_count, xmpp->contact_cap);
        memmove(&xmpp->contacts[at + 1], &xmpp->contacts[at],
                (xmpp->contact_count++ - at) * sizeof(xmpp->contacts[0]));
        xmpp->contacts[at] = (struct contact){xstrdup(bare), flags};
    }
    arena_done(&arena);
}

unsigned xmpp_contact(const struct xmpp *xmpp, const char *jid)
{
    struct arena arena;
    bool found;
    arena_init(&arena);
    size_t at = place_of(xmpp, xmpp_jid_bare(&arena, jid), &found);
    arena_done(&arena);
    return found ? xmpp->contacts[at].flags : 0;
}

void contacts_drop(struct xmpp *xmpp)
{
    for (size_t i = 0; i < xmpp->contact_count; i++)
        free(xmpp->contacts[i].jid);
    free(xmpp->contacts);
    xmpp->contacts = NULL;
    xmpp->contact_count = xmpp->contact_cap = 0;
}

/* Source: RFC 6121, 2.1.2. */
static unsigned item_flags(const struct xml *item)
{
    static const struct {
        const char *name;
        unsigned flags;
    } rows[] = {
        {"to", XMPP_SEES_THEM},
        {"from", XMPP_SEEN_BY},
        {"both", XMPP_SEES_THEM | XMPP_SEEN_BY},
    };
    const char *subscription = xml_attribute(item, "subscription");
    unsigned flags = str_eq(xml_attribute(item, "ask"), "subscribe") ? XMPP_ASKED : 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (str_eq(rows[i].name, subscription))
            flags |= rows[i].flags;
    }
    return str_eq(subscription, "remove") ? 0 : flags;
}

/* The first roster may have tens of thousands: they are sorted once. */
static void read_all(struct xmpp *xmpp, const struct xml *query)
{
    struct arena *arena = &xmpp->out->arena;
    struct err err;
    contacts_drop(xmpp);
    for (const struct xml *item = query->first; item; item = item->next) {
        const char *jid = xml_attribute(item, "jid");
        unsigned flags = item_flags(item);
        if (!jid || !flags || xmpp_jid_check(jid, &err) || xmpp->contact_count == XMPP_CONTACTS_MAX)
            continue;
        ARRAY_GROW(xmpp->contacts, xmpp->contact_count, xmpp->contact_cap);
        xmpp->contacts[xmpp->contact_count++] =
            (struct contact){xstrdup(xmpp_jid_bare(arena, jid)), flags};
    }
    if (xmpp->contact_count)
        qsort(xmpp->contacts, xmpp->contact_count, sizeof(xmpp->contacts[0]), by_jid);
}

void contacts_read(struct xmpp *xmpp, const struct xml *query, bool all)
{
    const struct xml *item = xml_child(query, NS_ROSTER, "item");
    const char *jid = xml_attribute(item, "jid");
    struct err err;
    if (all) {
        read_all(xmpp, query);
    } else if (jid && !xmpp_jid_check(jid, &err)) {
        contact_set(xmpp, jid, item_flags(item));
        xmpp_add(xmpp, XMPP_CONTACT)->jid = xmpp_jid_bare(&xmpp->out->arena, jid);
    }
}

/* --- presence --- */

static enum xmpp_show show_of(const struct xml *node)
{
    static const struct {
        const char *name;
        enum xmpp_show show;
    } rows[] = {{"away", XMPP_AWAY}, {"chat", XMPP_CHATTY}, {"dnd", XMPP_DND}, {"xa", XMPP_XA}};
    const char *show = xml_child_text(node, NS_CLIENT, "show");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (str_eq(rows[i].name, show))
            return rows[i].show;
    }
    return XMPP_ONLINE;
}

void xmpp_on_presence(struct xmpp *xmpp, const struct xml *node)
{
    const char *from = xml_attribute(node, "from");
    const char *type = xml_attribute(node, "type");
    struct err err;
    if (xmpp->phase < PHASE_START || !from || xmpp_jid_check(from, &err) ||
        xmpp_jid_same(from, xmpp->bare))
        return;
    bool gone = str_eq(type, "unavailable"), asks = str_eq(type, "subscribe");
    if (type && !gone && !asks)
        return; /* granted or taken back: the roster's push says the same */
    struct xmpp_item *item = xmpp_add(xmpp, asks ? XMPP_ASKS : XMPP_PRESENCE);
    item->jid = xmpp_jid_bare(&xmpp->out->arena, from);
    if (!asks)
        item->show = gone ? XMPP_OFFLINE : show_of(node);
}
