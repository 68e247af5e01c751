/* What is asked between the bound resource and XMPP_UP: what the server can do, the archive's
 * settings, the roster. */
#include "base/alloc.h"
#include "wire/xmpp_private.h"

static void ask(struct xmpp *xmpp, const struct iq_kind *kind, const char *type, const char *to,
                const char *inside)
{
    unsigned serial = iq_new(xmpp, kind, 0, 0);
    struct strbuf text = {0};
    if (!serial)
        return;
    xml_printf(&text, "<iq xmlns='" NS_CLIENT "' type='%s' id='g%u'", type, serial);
    if (to)
        xml_printf(&text, " to='%s'", to);
    strbuf_printf(&text, ">%s</iq>", inside);
    xmpp->starting++;
    sm_put(xmpp, &text, NULL, NULL);
    strbuf_done(&text);
}

void xmpp_up(struct xmpp *xmpp, bool resumed)
{
    xmpp_enter(xmpp, PHASE_UP);
    xmpp->hops = 0;
    xmpp_add(xmpp, XMPP_UP)->resumed = resumed;
}

static void answered(struct xmpp *xmpp)
{
    if (--xmpp->starting || xmpp->phase != PHASE_START)
        return;
    struct strbuf text = {0};
    strbuf_puts(&text, "<presence xmlns='" NS_CLIENT "'/>"); /* now messages come */
    sm_put(xmpp, &text, NULL, NULL);
    strbuf_done(&text);
    xmpp_up(xmpp, false);
}

static bool is_result(const struct xml *answer)
{
    return str_eq(xml_attribute(answer, "type"), "result");
}

static bool has_feature(const struct xml *answer, const char *name)
{
    const struct xml *query = xml_child(answer, NS_DISCO, "query");
    for (const struct xml *one = query ? query->first : NULL; one; one = one->next) {
        if (xml_is(one, NS_DISCO, "feature") && str_eq(xml_attribute(one, "var"), name))
            return true;
    }
    return false;
}

/* --- the archive's settings --- */

static bool keeps_all(const struct xml *prefs)
{
    const struct xml *never = xml_child(prefs, NS_MAM, "never");
    return prefs && str_eq(xml_attribute(prefs, "default"), "always") && !(never && never->first);
}

static void on_prefs_set(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq;
    const struct xml *prefs = xml_child(answer, NS_MAM, "prefs");
    /* Source: XEP-0441, 2: the answer has what holds now; some servers only say "result" */
    xmpp->readable = is_result(answer) && (!prefs || keeps_all(prefs));
    answered(xmpp);
}

static const struct iq_kind prefs_set = {"archive settings", on_prefs_set};

/* An archive that leaves things out would call a message missing that was sent: then it would be
 * sent twice. So all of this account is kept, or the archive counts as unreadable. */
static void on_prefs(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq;
    const struct xml *prefs = xml_child(answer, NS_MAM, "prefs");
    xmpp->readable = is_result(answer) && keeps_all(prefs);
    if (is_result(answer) && prefs && !xmpp->readable)
        ask(xmpp, &prefs_set, "set", NULL,
            "<prefs xmlns='" NS_MAM "' default='always'><always/><never/></prefs>");
    answered(xmpp);
}

static const struct iq_kind prefs_get = {"archive settings", on_prefs};

/* --- features and roster --- */

static void on_account(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq;
    xmpp->archive = has_feature(answer, NS_MAM);
    xmpp->sids = has_feature(answer, NS_SID);
    answered(xmpp);
}

static void on_carbons(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq, (void)answer; /* without them only another program's messages are not seen */
    answered(xmpp);
}

static const struct iq_kind account = {"account", on_account};
static const struct iq_kind carbons = {"carbons", on_carbons};

static void on_server(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq;
    if (has_feature(answer, NS_CARBONS))
        ask(xmpp, &carbons, "set", NULL, "<enable xmlns='" NS_CARBONS "'/>");
    answered(xmpp);
}

static void on_roster(struct xmpp *xmpp, const struct xmpp_iq *iq, const struct xml *answer)
{
    (void)iq;
    const struct xml *query = xml_child(answer, NS_ROSTER, "query");
    if (query)
        contacts_read(xmpp, query, true);
    answered(xmpp);
}

static const struct iq_kind server = {"server", on_server};
static const struct iq_kind roster = {"roster", on_roster};

void xmpp_start(struct xmpp *xmpp)
{
    xmpp_enter(xmpp, PHASE_START);
    xmpp->starting = 0;
    xmpp->archive = xmpp->sids = xmpp->readable = false;
    ask(xmpp, &account, "get", xmpp->bare, "<query xmlns='" NS_DISCO "'/>");
    ask(xmpp, &server, "get", xmpp->domain, "<query xmlns='" NS_DISCO "'/>");
    ask(xmpp, &roster, "get", NULL, "<query xmlns='" NS_ROSTER "'/>");
    ask(xmpp, &prefs_get, "get", NULL, "<prefs xmlns='" NS_MAM "'/>");
}
