/* Questions to the server, its answers, and its questions to us. */
#include "base/alloc.h"
#include "wire/xmpp_private.h"

unsigned xmpp_serial(struct xmpp *xmpp)
{
    if (!++xmpp->serial)
        xmpp->serial = 1;
    return xmpp->serial;
}

unsigned iq_new(struct xmpp *xmpp, const struct iq_kind *kind, uint32_t number, size_t query)
{
    for (size_t i = 0; i < XMPP_IQS_MAX; i++) {
        struct xmpp_iq *iq = &xmpp->iqs[i];
        if (iq->serial)
            continue;
        *iq = (struct xmpp_iq){xmpp_serial(xmpp), kind, number, query};
        return iq->serial;
    }
    xmpp_end(xmpp, "the server answers none of our questions");
    return 0;
}

void iq_forget(struct xmpp *xmpp, const struct iq_kind *kind, size_t query)
{
    for (size_t i = 0; i < XMPP_IQS_MAX; i++) {
        if (xmpp->iqs[i].kind == kind && xmpp->iqs[i].query == query)
            xmpp->iqs[i].serial = 0;
    }
}

void iq_forget_all(struct xmpp *xmpp)
{
    for (size_t i = 0; i < XMPP_IQS_MAX; i++)
        xmpp->iqs[i].serial = 0;
}

bool xmpp_is_own(const struct xmpp *xmpp, const char *from)
{
    return !from || xmpp_jid_same(from, xmpp->bare) || xmpp_jid_same(from, xmpp->domain);
}

static struct xmpp_iq *find(struct xmpp *xmpp, const char *id)
{
    int64_t serial;
    if (!id || id[0] != 'g' || str_to_i64(id + 1, &serial) || serial <= 0)
        return NULL;
    for (size_t i = 0; i < XMPP_IQS_MAX; i++) {
        if (xmpp->iqs[i].serial == serial)
            return &xmpp->iqs[i];
    }
    return NULL;
}

static void on_pong(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)answer; /* an error is an answer too */
    xmpp->sm.asked = false;
    sm_acked(xmpp, iq->number);
}

const struct iq_kind iq_ping = {"ping", on_pong};

/* --- what others ask us --- */

static void reply(struct xmpp *xmpp, const struct xml *node, const char *type, const char *inside)
{
    const char *from = xml_attribute(node, "from");
    const char *id = xml_attribute(node, "id");
    struct strbuf text;
    /* strangers may not fill what the server has yet to acknowledge */
    if (!xmpp_is_own(xmpp, from) && !sm_has_room(xmpp, XMPP_QUEUE_MAX / 2))
        return;
    strbuf_init(&text, XMPP_STANZA_BYTES);
    xml_printf(&text, "<iq xmlns='" NS_CLIENT "' type='%s' id='%s'", type, id ? id : "");
    if (from)
        xml_printf(&text, " to='%s'", from);
    strbuf_printf(&text, ">%s</iq>", inside);
    if (!text.overflow)
        sm_put(xmpp, &text, NULL, NULL);
    strbuf_done(&text);
}

static void on_question(struct xmpp *xmpp, const struct xml *node, bool set)
{
    const struct xml *roster = xml_child(node, NS_ROSTER, "query");
    /* Source: RFC 6121, 2.1.6: anybody else's push is a forgery. */
    if (set && roster && xmpp_is_own(xmpp, xml_attribute(node, "from"))) {
        contacts_read(xmpp, roster, false);
        reply(xmpp, node, "result", "");
    } else if (!set && xml_child(node, NS_PING, "ping")) {
        reply(xmpp, node, "result", "");
    } else {
        reply(xmpp, node, "error",
              "<error type='cancel'><service-unavailable xmlns='" NS_STANZAS "'/></error>");
    }
}

void xmpp_on_iq(struct xmpp *xmpp, const struct xml *node)
{
    const char *type = xml_attribute(node, "type");
    if (xmpp->phase < PHASE_START)
        return; /* nothing may be said yet */
    if (str_eq(type, "get") || str_eq(type, "set")) {
        on_question(xmpp, node, type[0] == 's');
        return;
    }
    struct xmpp_iq *iq = find(xmpp, xml_attribute(node, "id"));
    if (!iq || !xmpp_is_own(xmpp, xml_attribute(node, "from")))
        return;
    struct xmpp_iq answered = *iq;
    iq->serial = 0;
    answered.kind->on_answer(xmpp, &answered, node);
}
