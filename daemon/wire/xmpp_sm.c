/* What the server has acknowledged, by stream management (XEP-0198) or, where a server has none,
 * by the answer to a ping: a server handles what one client sends in order (RFC 6120, 10.1). */
#include <string.h>

#include "base/alloc.h"
#include "wire/xmpp_private.h"

/* --- out --- */

bool sm_has_room(const struct xmpp *xmpp, size_t spare)
{
    return xmpp->sm.count + spare < XMPP_QUEUE_MAX;
}

void sm_put(struct xmpp *xmpp, const struct strbuf *text, const char *key, const char *to)
{
    struct sm *sm = &xmpp->sm;
    if (xmpp->phase < PHASE_START)
        return; /* the same call has ended the connection */
    if (!sm_has_room(xmpp, 0)) {
        xmpp_end(xmpp, "the server takes what we send and acknowledges nothing");
        return;
    }
    struct unacked *unacked = NEW(struct unacked);
    unacked->text = xstrndup(strbuf_text(text), text->len);
    unacked->key = xstrdup(key);
    unacked->to = xstrdup(to);
    *sm->last = unacked;
    sm->last = &unacked->next;
    sm->count++;
    sm->sent++;
    xmpp_say(xmpp, text);
}

static void unacked_free(struct unacked *unacked)
{
    free(unacked->text);
    free(unacked->key);
    free(unacked->to);
    free(unacked);
}

static void pop(struct sm *sm)
{
    struct unacked *unacked = sm->first;
    sm->first = unacked->next;
    if (!sm->first)
        sm->last = &sm->first;
    sm->count--;
    sm->acked++;
    unacked_free(unacked);
}

struct unacked *sm_find(const struct xmpp *xmpp, const char *key)
{
    struct unacked *unacked = xmpp->sm.first;
    while (unacked && !(unacked->key && str_eq(unacked->key, key)))
        unacked = unacked->next;
    return unacked;
}

void sm_settle(struct unacked *unacked)
{
    xstr_replace(&unacked->key, NULL);
}

static void tell(struct xmpp *xmpp, const struct unacked *unacked, enum xmpp_kind kind)
{
    if (!unacked->key)
        return;
    struct xmpp_item *item = xmpp_add(xmpp, kind);
    item->key = arena_strdup(&xmpp->out->arena, unacked->key);
    item->jid = arena_strdup(&xmpp->out->arena, unacked->to);
}

void sm_acked(struct xmpp *xmpp, uint32_t number)
{
    struct sm *sm = &xmpp->sm;
    if (number - sm->acked > sm->sent - sm->acked) { /* modulo 2^32 */
        xstr_replace(&sm->id, NULL);                 /* its count and ours will never agree */
        xmpp_end(xmpp, "the server acknowledges what was never sent");
        return;
    }
    while (sm->acked != number) {
        tell(xmpp, sm->first, XMPP_SENT);
        pop(sm);
    }
}

void sm_ask(struct xmpp *xmpp)
{
    struct strbuf text = {0};
    xmpp->sm.asked = true;
    xmpp->sm.asked_at = xmpp->now;
    if (xmpp->sm.on) {
        strbuf_puts(&text, "<r xmlns='" NS_SM "'/>");
        xmpp_say(xmpp, &text);
    } else {
        unsigned serial = iq_new(xmpp, &iq_ping, xmpp->sm.sent + 1, 0);
        xml_printf(&text,
                   "<iq xmlns='" NS_CLIENT "' type='get' id='g%u' to='%s'><ping xmlns='" NS_PING
                   "'/></iq>",
                   serial, xmpp->domain);
        if (serial)
            sm_put(xmpp, &text, NULL, NULL);
    }
    strbuf_done(&text);
}

void sm_ask_if_due(struct xmpp *xmpp)
{
    if (xmpp->phase >= PHASE_START && xmpp->sm.first && !xmpp->sm.asked)
        sm_ask(xmpp);
}

/* --- ends and beginnings --- */

void sm_drop(struct xmpp *xmpp)
{
    while (xmpp->sm.first)
        pop(&xmpp->sm);
    xstr_replace(&xmpp->sm.id, NULL);
    iq_forget_all(xmpp);
}

void sm_give_up(struct xmpp *xmpp)
{
    for (const struct unacked *one = xmpp->sm.first; one; one = one->next)
        tell(xmpp, one, XMPP_UNSURE);
    sm_drop(xmpp);
    archive_give_up(xmpp);
}

void sm_begin(struct xmpp *xmpp, bool on)
{
    struct sm *sm = &xmpp->sm;
    sm->on = on;
    sm->asked = false;
    sm->sent = sm->acked = sm->received = 0;
    sm->undone_count = 0;
    sm->epoch++;
}

static uint32_t handled(const struct sm *sm)
{
    return sm->undone_count ? sm->undone[0] - 1 : sm->received;
}

void sm_resume(struct xmpp *xmpp)
{
    struct sm *sm = &xmpp->sm;
    struct strbuf text = {0};
    /* All after this number comes again, also what the caller is still storing. */
    sm->received = handled(sm);
    sm->undone_count = 0;
    sm->epoch++;
    xml_printf(&text, "<resume xmlns='" NS_SM "' previd='%s' h='%u'/>", sm->id, sm->received);
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
    xmpp_enter(xmpp, PHASE_RESUME);
}

/* An unsigned number below 2^32. */
static bool read_count(const struct xml *node, const char *name, uint32_t *ret)
{
    int64_t number;
    const char *text = xml_attribute(node, name);
    if (!text || str_to_i64(text, &number) || number < 0 || number > UINT32_MAX)
        return false;
    *ret = (uint32_t)number;
    return true;
}

void xmpp_on_enabled(struct xmpp *xmpp, const struct xml *node)
{
    const char *id = xml_attribute(node, "id");
    const char *resume = xml_attribute(node, "resume");
    uint32_t seconds;
    sm_begin(xmpp, true);
    if (!str_empty(id) && (str_eq(resume, "true") || str_eq(resume, "1")))
        xstr_replace(&xmpp->sm.id, id);
    xmpp->sm.max_ms = read_count(node, "max", &seconds) ? seconds * MSEC_SECOND : XMPP_RESUME_MS;
    xmpp_start(xmpp);
}

void xmpp_on_resumed(struct xmpp *xmpp, const struct xml *node)
{
    uint32_t number;
    if (!read_count(node, "h", &number)) {
        xmpp_end(xmpp, "the server resumes without saying where");
        return;
    }
    xmpp_enter(xmpp, PHASE_START);
    sm_acked(xmpp, number);
    if (xmpp->phase == PHASE_OFF)
        return;
    if (!xmpp->starting) /* else it was cut while it began, and goes on with that */
        xmpp_up(xmpp, true);
    /* The server says that it never had these; so nothing of them is sent twice. */
    for (const struct unacked *one = xmpp->sm.first; one; one = one->next) {
        struct xmpp_item *item = xmpp_add(xmpp, XMPP_FRAME);
        item->text = arena_strdup(&xmpp->out->arena, one->text);
        item->len = strlen(item->text);
    }
}

/* Source: XEP-0198, 5: h tells what had arrived even though the session is gone. */
void xmpp_on_sm_failed(struct xmpp *xmpp, const struct xml *node)
{
    uint32_t number;
    if (xmpp->phase == PHASE_ENABLE) {
        sm_begin(xmpp, false);
        xmpp_start(xmpp);
        return;
    }
    if (read_count(node, "h", &number))
        sm_acked(xmpp, number);
    if (xmpp->phase == PHASE_RESUME)
        xmpp_bind(xmpp);
}

/* --- in --- */

static void say_handled(struct xmpp *xmpp)
{
    struct strbuf text = {0};
    xml_printf(&text, "<a xmlns='" NS_SM "' h='%u'/>", handled(&xmpp->sm));
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
}

void xmpp_on_ask(struct xmpp *xmpp, const struct xml *node)
{
    (void)node;
    if (xmpp->sm.on)
        say_handled(xmpp);
}

void xmpp_on_ack(struct xmpp *xmpp, const struct xml *node)
{
    uint32_t number;
    if (!xmpp->sm.on)
        return;
    if (!read_count(node, "h", &number)) {
        xmpp_end(xmpp, "the server acknowledges without a number");
        return;
    }
    xmpp->sm.asked = false;
    sm_acked(xmpp, number);
}

uint64_t sm_undone(struct xmpp *xmpp)
{
    struct sm *sm = &xmpp->sm;
    if (!xmpp->number)
        return 0;
    if (sm->undone_count == XMPP_UNDONE_MAX) {
        xmpp_end(xmpp, "too many messages wait to be stored");
        return 0;
    }
    sm->undone[sm->undone_count++] = sm->received;
    return (uint64_t)sm->epoch << 32 | sm->received;
}

void sm_handled(struct xmpp *xmpp, uint64_t number)
{
    struct sm *sm = &xmpp->sm;
    uint32_t before = handled(sm);
    if (number >> 32 != sm->epoch)
        return; /* of a session that is gone */
    for (size_t i = 0; i < sm->undone_count; i++) {
        if (sm->undone[i] != (uint32_t)number)
            continue;
        memmove(&sm->undone[i], &sm->undone[i + 1],
                (--sm->undone_count - i) * sizeof(sm->undone[0]));
        break;
    }
    if (sm->on && xmpp->phase >= PHASE_START && handled(sm) != before)
        say_handled(xmpp);
    archive_go_on(xmpp);
}
