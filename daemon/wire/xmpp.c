#include "wire/xmpp.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/xmpp_private.h"

/* --- what is to be done --- */

void xmpp_out_init(struct xmpp_out *out)
{
    arena_init(&out->arena);
    out->first = NULL;
    out->last = &out->first;
}

void xmpp_out_done(struct xmpp_out *out)
{
    arena_done(&out->arena);
}

void xmpp_out_reset(struct xmpp_out *out)
{
    arena_reset(&out->arena);
    out->first = NULL;
    out->last = &out->first;
}

struct xmpp_item *xmpp_add(struct xmpp *xmpp, enum xmpp_kind kind)
{
    struct xmpp_item *item = arena_alloc(&xmpp->out->arena, sizeof(*item));
    item->kind = kind;
    *xmpp->out->last = item;
    xmpp->out->last = &item->next;
    return item;
}

void xmpp_say(struct xmpp *xmpp, const struct strbuf *text)
{
    struct xmpp_item *item = xmpp_add(xmpp, XMPP_FRAME);
    item->text = arena_strndup(&xmpp->out->arena, strbuf_text(text), text->len);
    item->len = text->len;
}

/* --- life --- */

int xmpp_new(const struct xmpp_config *config, struct err *err, struct xmpp **ret_xmpp)
{
    int result = xmpp_jid_check(config->jid, err);
    if (result)
        return result;
    const char *at = strchr(config->jid, '@');
    if (!at || strchr(config->jid, '/'))
        return err_set(err, EINVAL, "the account '%.200s' is not of the form user@domain",
                       config->jid);
    result = scram_check_password(config->password, err);
    if (result)
        return result;
    struct xmpp *xmpp = NEW(struct xmpp);
    struct arena arena;
    arena_init(&arena);
    xmpp->bare = xstrdup(xmpp_jid_bare(&arena, config->jid));
    arena_done(&arena);
    xmpp->user = xstrndup(xmpp->bare, (size_t)(at - config->jid));
    xmpp->domain = xstrdup(xmpp->bare + (at - config->jid) + 1);
    xmpp->password = xstrdup(config->password);
    xmpp->resource = xstrdup(config->resource);
    xmpp->jid = xstrdup("");
    xmpp->secure = config->secure;
    xmpp->plain = config->plain;
    xmpp->sm.last = &xmpp->sm.first;
    *ret_xmpp = xmpp;
    return 0;
}

void xmpp_free(struct xmpp *xmpp)
{
    if (!xmpp)
        return;
    sm_drop(xmpp);
    archive_drop(xmpp);
    contacts_drop(xmpp);
    scram_done(&xmpp->scram);
    scram_forget(&xmpp->salted);
    OPENSSL_cleanse(xmpp->password, strlen(xmpp->password));
    char *const texts[] = {xmpp->user,     xmpp->domain, xmpp->bare, xmpp->password,
                           xmpp->resource, xmpp->jid,    xmpp->nonce};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
    free(xmpp);
}

/* --- phases --- */

void xmpp_enter(struct xmpp *xmpp, enum phase phase)
{
    xmpp->phase = phase;
    /* a long roster takes its time */
    xmpp->deadline = xmpp->now + (phase == PHASE_START ? 2 : 1) * XMPP_STEP_MS;
}

/* There is no socket any more: what can be resumed waits, the rest ends here. */
static void go_off(struct xmpp *xmpp)
{
    if (xmpp->phase == PHASE_OFF)
        return;
    bool lived = xmpp->phase >= PHASE_START;
    xmpp->phase = PHASE_OFF;
    xmpp->signed_in = xmpp->verified = false;
    xmpp->sm.asked = false;
    scram_done(&xmpp->scram);
    if (!xmpp->sm.id)
        sm_give_up(xmpp);
    else if (lived) /* failed attempts to come back do not make it longer */
        xmpp->sm.resume_until =
            xmpp->now + (xmpp->sm.max_ms < XMPP_RESUME_MS ? xmpp->sm.max_ms : XMPP_RESUME_MS);
}

void xmpp_end_with(struct xmpp *xmpp, const struct xmpp_item *end)
{
    if (xmpp->phase == PHASE_OFF)
        return;
    go_off(xmpp);
    struct xmpp_item *item = xmpp_add(xmpp, XMPP_END);
    item->what = end->what;
    item->todo = end->todo;
    item->url = end->url;
    item->fatal = end->fatal;
    item->delay_ms = end->delay_ms;
}

void xmpp_end(struct xmpp *xmpp, const char *what)
{
    xmpp_end_with(xmpp, &(struct xmpp_item){.what = what});
}

/* --- what comes in --- */

#define IN(phase) (1u << (phase))
enum {
    ANY = ~0u,
    SASL = IN(PHASE_CHALLENGE) | IN(PHASE_SUCCESS),
    COUNTED = IN(PHASE_START) | IN(PHASE_UP), /* both sides count */
    BOUND = IN(PHASE_ENABLE) | COUNTED,
    BINDING = IN(PHASE_BIND) | BOUND,
};

static const struct element {
    const char *ns, *name;
    unsigned phases;
    void (*read)(struct xmpp *xmpp, const struct xml *node);
} elements[] = {
    {NS_CLIENT, "message", BINDING, xmpp_on_message},
    {NS_CLIENT, "presence", BINDING, xmpp_on_presence},
    {NS_CLIENT, "iq", BOUND, xmpp_on_iq},
    {NS_CLIENT, "iq", IN(PHASE_BIND), xmpp_on_bound},
    {NS_SM, "r", COUNTED, xmpp_on_ask},
    {NS_SM, "a", COUNTED, xmpp_on_ack},
    {NS_SM, "enabled", IN(PHASE_ENABLE), xmpp_on_enabled},
    {NS_SM, "resumed", IN(PHASE_RESUME), xmpp_on_resumed},
    {NS_SM, "failed", IN(PHASE_RESUME) | IN(PHASE_ENABLE), xmpp_on_sm_failed},
    {NS_FRAMING, "open", IN(PHASE_OPEN), xmpp_on_open},
    {NS_FRAMING, "close", ANY, xmpp_on_close},
    {NS_STREAM, "features", IN(PHASE_FEATURES), xmpp_on_features},
    {NS_STREAM, "error", ANY, xmpp_on_stream_error},
    {NS_SASL, "challenge", SASL, xmpp_on_challenge},
    {NS_SASL, "success", IN(PHASE_SUCCESS), xmpp_on_success},
    {NS_SASL, "failure", SASL, xmpp_on_failure},
};

static void read_element(struct xmpp *xmpp, const struct xml *node)
{
    bool known = false;
    for (size_t i = 0; i < ARRAY_LEN(elements); i++) {
        if (!xml_is(node, elements[i].ns, elements[i].name))
            continue;
        known = true;
        if (!(elements[i].phases & IN(xmpp->phase)))
            continue;
        bool counted = str_eq(node->ns, NS_CLIENT) && (COUNTED & IN(xmpp->phase)) && xmpp->sm.on;
        xmpp->number = counted ? ++xmpp->sm.received : 0;
        elements[i].read(xmpp, node);
        return;
    }
    if (known)
        xmpp_end(xmpp, arena_printf(&xmpp->out->arena,
                                    "the server said <%s/> at a moment when it means nothing",
                                    node->name));
    /* what is not known is of an extension that was not asked for */
}

/* --- calls --- */

static void begin(struct xmpp *xmpp, msec_t now, struct xmpp_out *out)
{
    xmpp->out = out;
    xmpp->now = now;
}

static void finish(struct xmpp *xmpp)
{
    sm_ask_if_due(xmpp);
    xmpp->out = NULL;
}

void xmpp_open(struct xmpp *xmpp, const char *nonce, msec_t now, struct xmpp_out *out)
{
    begin(xmpp, now, out);
    go_off(xmpp); /* of a socket whose end nobody told */
    xstr_replace(&xmpp->nonce, nonce);
    xmpp->heard = now;
    xmpp_send_open(xmpp);
    finish(xmpp);
}

void xmpp_frame(struct xmpp *xmpp, const char *data, size_t len, msec_t now, struct xmpp_out *out)
{
    const struct xml *node;
    struct err err;
    if (xmpp->phase == PHASE_OFF)
        return; /* the rest of a socket that is being closed */
    begin(xmpp, now, out);
    xmpp->heard = now;
    if (xml_parse(data, len, &out->arena, &err, &node))
        xmpp_end(xmpp, arena_printf(&out->arena, "the server sent what is not XML: %s", err.text));
    else
        read_element(xmpp, node);
    finish(xmpp);
}

void xmpp_lost(struct xmpp *xmpp, msec_t now, struct xmpp_out *out)
{
    begin(xmpp, now, out);
    if (xmpp->phase != PHASE_OFF)
        go_off(xmpp);
    finish(xmpp);
}

void xmpp_close(struct xmpp *xmpp, msec_t now, struct xmpp_out *out)
{
    begin(xmpp, now, out);
    if (xmpp->phase != PHASE_OFF) {
        struct strbuf text = {0};
        strbuf_puts(&text, "<close xmlns='" NS_FRAMING "'/>");
        xmpp_say(xmpp, &text);
        strbuf_done(&text);
        xstr_replace(&xmpp->sm.id, NULL);
        xmpp_end(xmpp, "closed by us");
    }
    sm_give_up(xmpp);
    finish(xmpp);
}

static bool waits_to_resume(const struct xmpp *xmpp)
{
    return xmpp->sm.id && xmpp->phase < PHASE_RESUME;
}

msec_t xmpp_due(const struct xmpp *xmpp)
{
    msec_t due = archive_due(xmpp);
    msec_t own = xmpp->deadline;
    if (xmpp->phase == PHASE_OFF)
        own = MSEC_NEVER;
    else if (xmpp->phase == PHASE_UP)
        own = xmpp->sm.asked ? xmpp->sm.asked_at + XMPP_ACK_MS : xmpp->heard + XMPP_IDLE_MS;
    if (waits_to_resume(xmpp) && xmpp->sm.resume_until < due)
        due = xmpp->sm.resume_until;
    return own < due ? own : due;
}

void xmpp_tick(struct xmpp *xmpp, msec_t now, struct xmpp_out *out)
{
    begin(xmpp, now, out);
    archive_tick(xmpp);
    if (waits_to_resume(xmpp) && now >= xmpp->sm.resume_until)
        sm_give_up(xmpp);
    if (xmpp->phase != PHASE_UP) {
        if (xmpp->phase != PHASE_OFF && now >= xmpp->deadline)
            xmpp_end(xmpp, "the server does not go on with signing in");
    } else if (xmpp->sm.asked) {
        if (now >= xmpp->sm.asked_at + XMPP_ACK_MS)
            xmpp_end(xmpp, "the server is silent");
    } else if (now >= xmpp->heard + XMPP_IDLE_MS) {
        sm_ask(xmpp);
    }
    finish(xmpp);
}

bool xmpp_is_up(const struct xmpp *xmpp)
{
    return xmpp->phase == PHASE_UP;
}

const char *xmpp_jid(const struct xmpp *xmpp)
{
    return xmpp->jid;
}

static int check_up(const struct xmpp *xmpp, const char *jid, struct err *err)
{
    if (xmpp->phase != PHASE_UP)
        return err_set(err, ENOTCONN, "not signed in");
    if (!sm_has_room(xmpp, XMPP_QUEUE_MAX / 4))
        return err_set(err, EAGAIN, "too much waits for the server");
    return jid ? xmpp_jid_check(jid, err) : 0;
}

static int check_key(const char *key, struct err *err)
{
    size_t length = strnlen(key, XMPP_KEY_BYTES + 1);
    return !length || length > XMPP_KEY_BYTES || !xml_fits(key)
               ? err_set(err, EINVAL, "the key cannot be an id")
               : 0;
}

/* earlier: key of the message in whose place this one comes, or NULL. The text is plain: no client
 * is to make bold words or quotes of the characters in a name. Source: XEP-0393, 6. */
static int put_message(struct xmpp *xmpp, const char *key, const char *to, const char *earlier,
                       const char *body, struct err *err)
{
    int result = 0;
    struct strbuf text;
    strbuf_init(&text, XMPP_STANZA_BYTES);
    xml_printf(&text,
               "<message xmlns='" NS_CLIENT "' type='chat' id='%s' to='%s'><body>%s</body>"
               "<origin-id xmlns='" NS_SID "' id='%s'/><store xmlns='" NS_HINTS "'/>"
               "<unstyled xmlns='" NS_STYLING "'/>",
               key, to, body, key);
    if (earlier)
        xml_printf(&text, "<replace xmlns='" NS_CORRECT "' id='%s'/>", earlier);
    strbuf_puts(&text, "</message>");
    if (text.overflow)
        result = err_set(err, E2BIG, "the message has more than %d bytes", XMPP_STANZA_BYTES);
    else
        sm_put(xmpp, &text, key, to);
    strbuf_done(&text);
    return result;
}

int xmpp_correct(struct xmpp *xmpp, const char *key, const char *to, const char *earlier,
                 const char *body, msec_t now, struct err *err, struct xmpp_out *out)
{
    int result = check_up(xmpp, to, err);
    if (!result)
        result = check_key(key, err);
    if (!result && earlier)
        result = check_key(earlier, err);
    if (result)
        return result;
    if (sm_find(xmpp, key))
        return err_set(err, EALREADY, "the message is under way");
    if (!xml_fits(body))
        return err_set(err, EILSEQ, "the text has a character that XMPP cannot carry");
    begin(xmpp, now, out);
    result = put_message(xmpp, key, to, earlier, body, err);
    finish(xmpp);
    return result;
}

int xmpp_send(struct xmpp *xmpp, const char *key, const char *to, const char *body, msec_t now,
              struct err *err, struct xmpp_out *out)
{
    return xmpp_correct(xmpp, key, to, NULL, body, now, err, out);
}

int xmpp_look_up(struct xmpp *xmpp, const char *key, const char *with, msec_t since, msec_t now,
                 struct err *err, struct xmpp_out *out)
{
    int result = check_up(xmpp, with, err);
    if (!result)
        result = check_key(key, err);
    if (result)
        return result;
    if (sm_find(xmpp, key))
        return err_set(err, EALREADY, "the message is under way");
    begin(xmpp, now, out);
    result = archive_ask(xmpp, key, with, NULL, since, err);
    finish(xmpp);
    return result;
}

int xmpp_catch_up(struct xmpp *xmpp, const char *after, msec_t since, msec_t now, struct err *err,
                  struct xmpp_out *out)
{
    int result = check_up(xmpp, NULL, err);
    if (result)
        return result;
    begin(xmpp, now, out);
    result = archive_ask(xmpp, NULL, NULL, after, since, err);
    finish(xmpp);
    return result;
}

void xmpp_handled(struct xmpp *xmpp, uint64_t number, msec_t now, struct xmpp_out *out)
{
    begin(xmpp, now, out);
    sm_handled(xmpp, number);
    finish(xmpp);
}

/* --- subscriptions --- */

static int put_presence(struct xmpp *xmpp, const char *type, const char *jid, msec_t now,
                        struct err *err, struct xmpp_out *out)
{
    int result = check_up(xmpp, jid, err);
    if (result)
        return result;
    begin(xmpp, now, out);
    struct strbuf text = {0};
    xml_printf(&text, "<presence xmlns='" NS_CLIENT "' type='%s' to='%s'/>", type,
               xmpp_jid_bare(&out->arena, jid));
    sm_put(xmpp, &text, NULL, NULL);
    strbuf_done(&text);
    finish(xmpp);
    return 0;
}

int xmpp_subscribe(struct xmpp *xmpp, const char *jid, msec_t now, struct err *err,
                   struct xmpp_out *out)
{
    if (xmpp_contact(xmpp, jid) & (XMPP_SEES_THEM | XMPP_ASKED))
        return 0;
    int result = put_presence(xmpp, "subscribe", jid, now, err, out);
    if (!result)
        contact_set(xmpp, jid, xmpp_contact(xmpp, jid) | XMPP_ASKED);
    return result;
}

int xmpp_admit(struct xmpp *xmpp, const char *jid, bool yes, msec_t now, struct err *err,
               struct xmpp_out *out)
{
    return put_presence(xmpp, yes ? "subscribed" : "unsubscribed", jid, now, err, out);
}
