/* Messages that come in: what somebody wrote, what came back, what the archive holds. */
#include "base/alloc.h"
#include "wire/xmpp_private.h"

/* Source: XEP-0359, 5: only our own server's word counts. */
static const char *trusted_id(const struct xmpp *xmpp, const struct xml *message)
{
    for (const struct xml *one = message->first; one && xmpp->sids; one = one->next) {
        if (xml_is(one, NS_SID, "stanza-id") && xmpp_jid_same(xml_attribute(one, "by"), xmpp->bare))
            return xml_attribute(one, "id");
    }
    return NULL;
}

static msec_t written_at(const struct xmpp *xmpp, const struct xml *delay)
{
    msec_t at;
    const char *stamp = xml_attribute(delay, "stamp");
    return stamp && msec_parse(stamp, &at) == 0 && at < xmpp->now ? at : xmpp->now;
}

void xmpp_take_message(struct xmpp *xmpp, const struct xml *message, const char *archive_id,
                       const struct xml *delay)
{
    const char *from = xml_attribute(message, "from");
    const char *type = xml_attribute(message, "type");
    const char *body = xml_child_text(message, NS_CLIENT, "body");
    struct err err;
    bool talk = !type || str_eq(type, "chat") || str_eq(type, "normal");
    /* no body: somebody types, has read, reacts */
    if (!talk || str_empty(body) || !from || xmpp_jid_check(from, &err) ||
        xmpp_jid_same(from, xmpp->bare))
        return;
    uint64_t number = sm_undone(xmpp);
    if (xmpp->phase == PHASE_OFF)
        return; /* too many: the server will send it again */
    struct xmpp_item *item = xmpp_add(xmpp, XMPP_MESSAGE);
    item->jid = xmpp_jid_bare(&xmpp->out->arena, from);
    item->body = body;
    item->id = xml_attribute(message, "id");
    item->archive_id = archive_id ? archive_id : trusted_id(xmpp, message);
    item->reply_to = xml_attribute(xml_child(message, NS_REPLY, "reply"), "id");
    item->at = written_at(xmpp, delay ? delay : xml_child(message, NS_DELAY, "delay"));
    item->number = number;
    item->stranger = !xmpp_contact(xmpp, from);
}

static void on_bounce(struct xmpp *xmpp, const struct xml *message)
{
    const char *from = xml_attribute(message, "from");
    const char *key = xml_attribute(message, "id");
    if (str_empty(key) || !from)
        return;
    struct unacked *unacked = sm_find(xmpp, key);
    /* the server may answer in the name of whom it was for, or in its own */
    if (unacked && !xmpp_jid_same(from, unacked->to) && !xmpp_is_own(xmpp, from))
        return;
    struct xmpp_item *item = xmpp_add(xmpp, XMPP_BOUNCED);
    item->key = key;
    item->jid = xmpp_jid_bare(&xmpp->out->arena, from);
    item->what = xmpp_error_words(xmpp, message, &item->temporary);
    item->late = !unacked;
    if (unacked)
        sm_settle(unacked);
}

/* What another session of the account got: XEP-0280. Returns whether it was one. */
static bool on_carbon(struct xmpp *xmpp, const struct xml *message)
{
    const struct xml *carbon = xml_child_of(message, NS_CARBONS);
    if (!carbon || str_eq(carbon->name, "private"))
        return false;
    const struct xml *forwarded = xml_child(carbon, NS_FORWARD, "forwarded");
    const struct xml *inside = xml_child(forwarded, NS_CLIENT, "message");
    /* Source: XEP-0280, 11: from anybody else it is a forgery. */
    if (inside && str_eq(carbon->name, "received") &&
        xmpp_jid_same(xml_attribute(message, "from"), xmpp->bare) &&
        !str_eq(xml_attribute(inside, "type"), "error"))
        xmpp_take_message(xmpp, inside, NULL, xml_child(forwarded, NS_DELAY, "delay"));
    return true;
}

void xmpp_on_message(struct xmpp *xmpp, const struct xml *node)
{
    const struct xml *result = xml_child(node, NS_MAM, "result");
    const char *from = xml_attribute(node, "from");
    if (xmpp->phase < PHASE_START)
        return; /* not counted, so the server has it still */
    if (result) {
        if (!from || xmpp_jid_same(from, xmpp->bare))
            xmpp_on_result(xmpp, result);
    } else if (str_eq(xml_attribute(node, "type"), "error")) {
        on_bounce(xmpp, node);
    } else if (!on_carbon(xmpp, node)) {
        xmpp_take_message(xmpp, node, NULL, NULL);
    }
}
