/* From the open socket to a bound resource. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/binary_text.h"
#include "wire/xmpp_private.h"

enum { BASE64_BYTES = 4 * ((SCRAM_TEXT_MAX + 2) / 3) + 1 };

void xmpp_send_open(struct xmpp *xmpp)
{
    struct strbuf text = {0};
    xml_printf(&text, "<open xmlns='" NS_FRAMING "' to='%s' version='1.0'/>", xmpp->domain);
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
    xmpp_enter(xmpp, PHASE_OPEN);
}

void xmpp_on_open(struct xmpp *xmpp, const struct xml *node)
{
    (void)node; /* its id means nothing to us */
    xmpp_enter(xmpp, PHASE_FEATURES);
}

/* --- SASL --- */

/* The stanza with a base64 text in it; an empty one is "=": RFC 6120, 6.4.2. */
static void say_sasl(struct xmpp *xmpp, const char *head, const char *tail, const void *bytes,
                     size_t length)
{
    struct strbuf text = {0};
    char base64[2 * BASE64_BYTES];
    strbuf_puts(&text, head);
    strbuf_puts(&text, length ? base64_encode(bytes, length, base64) : "=");
    strbuf_puts(&text, tail);
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
}

static void fatal(struct xmpp *xmpp, const char *what, const char *todo)
{
    xmpp_end_with(xmpp, &(struct xmpp_item){.fatal = true, .what = what, .todo = todo});
}

static bool offers(const struct xml *mechanisms, const char *name)
{
    for (const struct xml *one = mechanisms->first; one; one = one->next) {
        if (xml_is(one, NS_SASL, "mechanism") && str_eq(one->text, name))
            return true;
    }
    return false;
}

static void start_plain(struct xmpp *xmpp)
{
    struct strbuf text = {0};
    strbuf_putc(&text, '\0');
    strbuf_puts(&text, xmpp->user);
    strbuf_putc(&text, '\0');
    strbuf_puts(&text, xmpp->password);
    if (text.len > SCRAM_TEXT_MAX) {
        fatal(xmpp, "name and password are too long to be sent", NULL);
    } else {
        say_sasl(xmpp, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>", "</auth>",
                 strbuf_text(&text), text.len);
        xmpp->verified = true; /* this way proves nothing of the server */
        xmpp_enter(xmpp, PHASE_SUCCESS);
    }
    memset(text.data, 0, text.len);
    strbuf_done(&text);
}

static void start_scram(struct xmpp *xmpp, const struct scram_mechanism *mechanism)
{
    struct strbuf message = {0}, head = {0};
    scram_done(&xmpp->scram);
    scram_start(&xmpp->scram, mechanism, xmpp->user, xmpp->nonce, &message);
    xml_printf(&head, "<auth xmlns='" NS_SASL "' mechanism='%s'>", scram_name(mechanism));
    if (message.len > SCRAM_TEXT_MAX) {
        fatal(xmpp, "the account's name is too long to be sent", NULL);
    } else {
        say_sasl(xmpp, strbuf_text(&head), "</auth>", strbuf_text(&message), message.len);
        xmpp_enter(xmpp, PHASE_CHALLENGE);
    }
    strbuf_done(&message);
    strbuf_done(&head);
}

static void choose(struct xmpp *xmpp, const struct xml *mechanisms)
{
    if (!mechanisms || !mechanisms->first) {
        fatal(xmpp, "the server offers no way of signing in on this connection",
              "set a url that begins with wss://, or tell the server that its proxy does the TLS");
        return;
    }
    for (size_t i = 0; scram_at(i); i++) {
        if (offers(mechanisms, scram_name(scram_at(i)))) {
            start_scram(xmpp, scram_at(i));
            return;
        }
    }
    if (xmpp->plain && offers(mechanisms, "PLAIN"))
        start_plain(xmpp);
    else
        fatal(xmpp, "the server offers no SCRAM",
              "allow SCRAM-SHA-256 or SCRAM-SHA-1 on the server");
}

/* Decodes into text (SCRAM_TEXT_MAX + 1). */
static bool decode(const struct xml *node, char *text)
{
    size_t length = 0;
    const char *base64 = str_eq(node->text, "=") ? "" : node->text;
    if (base64_decode(base64, text, SCRAM_TEXT_MAX, &length) || memchr(text, '\0', length))
        return false;
    text[length] = '\0';
    return true;
}

static void prove(struct xmpp *xmpp, const char *challenge)
{
    struct strbuf message = {0};
    struct err err;
    if (scram_prove(&xmpp->scram, challenge, xmpp->password, &xmpp->salted, &err, &message)) {
        fatal(xmpp, arena_strdup(&xmpp->out->arena, err.text),
              "see that url leads to the account's own server");
    } else {
        say_sasl(xmpp, "<response xmlns='" NS_SASL "'>", "</response>", strbuf_text(&message),
                 message.len);
        xmpp_enter(xmpp, PHASE_SUCCESS);
    }
    strbuf_done(&message);
}

static bool verify(struct xmpp *xmpp, const char *final)
{
    struct err err;
    if (scram_verify(&xmpp->scram, final, &err)) {
        fatal(xmpp, arena_strdup(&xmpp->out->arena, err.text),
              "see that url leads to the account's own server");
        return false;
    }
    return xmpp->verified = true;
}

void xmpp_on_challenge(struct xmpp *xmpp, const struct xml *node)
{
    char text[SCRAM_TEXT_MAX + 1];
    if (!decode(node, text)) {
        xmpp_end(xmpp, "the server's challenge is not base64");
    } else if (xmpp->phase == PHASE_CHALLENGE) {
        prove(xmpp, text);
    } else if (verify(xmpp, text)) { /* its proof may come before the success */
        struct strbuf empty = {0};
        strbuf_puts(&empty, "<response xmlns='" NS_SASL "'/>");
        xmpp_say(xmpp, &empty);
        strbuf_done(&empty);
    }
}

void xmpp_on_success(struct xmpp *xmpp, const struct xml *node)
{
    char text[SCRAM_TEXT_MAX + 1];
    if (!decode(node, text)) {
        xmpp_end(xmpp, "the server's proof is not base64");
        return;
    }
    if (!xmpp->verified && !verify(xmpp, text))
        return;
    scram_done(&xmpp->scram);
    xmpp->signed_in = true;
    xmpp_send_open(xmpp); /* a new stream on the same socket: RFC 7395, 3.7 */
}

/* --- after signing in --- */

void xmpp_on_features(struct xmpp *xmpp, const struct xml *node)
{
    if (!xmpp->signed_in) {
        choose(xmpp, xml_child(node, NS_SASL, "mechanisms"));
        return;
    }
    xmpp->offers_sm = xml_child(node, NS_SM, "sm") != NULL;
    if (xmpp->sm.id && xmpp->offers_sm)
        sm_resume(xmpp);
    else if (xml_child(node, NS_BIND, "bind"))
        xmpp_bind(xmpp);
    else
        xmpp_end_with(xmpp, &(struct xmpp_item){.what = "the server offers no session",
                                                .delay_ms = 30 * MSEC_SECOND});
}

/* Not by way of sm_put: this one comes before both sides begin to count. */
void xmpp_bind(struct xmpp *xmpp)
{
    struct strbuf text = {0};
    sm_give_up(xmpp);
    strbuf_puts(&text, "<iq xmlns='" NS_CLIENT "' type='set' id='bind'><bind xmlns='" NS_BIND "'>");
    if (xmpp->resource)
        xml_printf(&text, "<resource>%s</resource>", xmpp->resource);
    strbuf_puts(&text, "</bind></iq>");
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
    xmpp_enter(xmpp, PHASE_BIND);
}

static void bind_failed(struct xmpp *xmpp, const struct xml *node)
{
    const struct xml *error = xml_child(node, NS_CLIENT, "error");
    if (xmpp->resource && xml_child(error, NS_STANZAS, "conflict")) {
        xstr_replace(&xmpp->resource, NULL);
        xmpp_bind(xmpp);
        return;
    }
    const char *words = xmpp_error_words(xmpp, node, NULL);
    xmpp_end_with(
        xmpp, &(struct xmpp_item){.what = arena_printf(&xmpp->out->arena,
                                                       "the server refuses the session: %s", words),
                                  .todo = "look at the server's limit of sessions for the account",
                                  .delay_ms = MSEC_MINUTE});
}

void xmpp_on_bound(struct xmpp *xmpp, const struct xml *node)
{
    const char *type = xml_attribute(node, "type");
    if (!str_eq(xml_attribute(node, "id"), "bind"))
        return;
    if (str_eq(type, "error")) {
        bind_failed(xmpp, node);
        return;
    }
    const char *jid = xml_child_text(xml_child(node, NS_BIND, "bind"), NS_BIND, "jid");
    struct err err;
    if (!str_eq(type, "result") || !jid || xmpp_jid_check(jid, &err)) {
        xmpp_end(xmpp, "the server does not say which address is ours");
        return;
    }
    xstr_replace(&xmpp->jid, jid);
    struct arena *arena = &xmpp->out->arena;
    xstr_replace(&xmpp->bare, xmpp_jid_bare(arena, jid)); /* the server has the last word */
    if (!xmpp->offers_sm) {
        sm_begin(xmpp, false);
        xmpp_start(xmpp);
        return;
    }
    struct strbuf text = {0};
    strbuf_puts(&text, "<enable xmlns='" NS_SM "' resume='true'/>");
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
    xmpp_enter(xmpp, PHASE_ENABLE);
}
