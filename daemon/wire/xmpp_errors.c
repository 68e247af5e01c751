/* What the server's conditions mean, and what a person can do about them. */
#include "base/alloc.h"
#include "wire/xmpp_private.h"

struct row {
    const char *condition;
    bool fatal;
    int delay_s;
    const char *words; /* NULL: the condition itself */
    const char *todo;
};

/* Source: RFC 6120, 6.5. */
static const struct row sign_in_rows[] = {
    {"account-disabled", true, 0, "the account is disabled",
     "ask the server's operator to enable the account"},
    {"credentials-expired", true, 0, "the password has expired",
     "give the account a new password and put it into its credential"},
    {"encryption-required", true, 0, "the server wants an encrypted connection",
     "set a url that begins with wss://"},
    {"invalid-mechanism", true, 0, "the server refuses the way of signing in that it offered",
     NULL},
    {"mechanism-too-weak", true, 0, "the server refuses SCRAM for this account",
     "allow SCRAM for the account on the server"},
    {"not-authorized", true, 0, "the server does not accept the account's name or password",
     "check jid and password, and that the account exists and is not blocked"},
    {"temporary-auth-failure", false, 30, "the server cannot check passwords at the moment", NULL},
};

/* Source: RFC 6120, 4.9.3. */
static const struct row stream_rows[] = {
    {"bad-format", false, 30, NULL, NULL},
    {"conflict", false, 5, "another program signed in to the account under the same resource",
     "see that only one program uses the account"},
    {"host-gone", true, 0, "the server no longer serves the domain",
     "set the jid's domain and the url to where the account lives now"},
    {"host-unknown", true, 0, "the server does not serve the domain of the jid",
     "check the domain in jid, and that url leads to its server"},
    {"improper-addressing", true, 0, "the server does not accept the domain of the jid",
     "check the domain in jid"},
    {"not-authorized", true, 0, "the server does not allow this session",
     "check jid and password, and the account's rights on the server"},
    {"policy-violation", false, 60,
     "the server's rules were broken (too much at a time, or a limit of the account)",
     "look at the server's limits for this account"},
    {"resource-constraint", false, 30, "the server has no room for the session", NULL},
    {"see-other-host", false, 60, "the server sends its clients elsewhere",
     "set url to the address that the server names"},
    {"system-shutdown", false, 5, "the server is shutting down", NULL},
};

static const struct row *find(const struct row *rows, size_t count, const char *condition)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(rows[i].condition, condition))
            return &rows[i];
    }
    return NULL;
}

/* The child that names the condition; texts are in the same namespace. */
static const struct xml *condition_of(const struct xml *node, const char *ns)
{
    const struct xml *child = node ? node->first : NULL;
    while (child && (!str_eq(child->ns, ns) || str_eq(child->name, "text")))
        child = child->next;
    return child;
}

static const char *shorten(struct xmpp *xmpp, const char *text)
{
    return arena_strndup(&xmpp->out->arena, text, utf8_prefix(text, XMPP_WORDS_POINTS));
}

/* "our words (condition: the server's words)" */
static const char *join(struct xmpp *xmpp, const char *words, const char *condition,
                        const char *said)
{
    struct arena *arena = &xmpp->out->arena;
    if (!str_empty(said))
        said = shorten(xmpp, said);
    condition = shorten(xmpp, condition);
    if (!words)
        return str_empty(said) ? condition : arena_printf(arena, "%s (%s)", condition, said);
    return str_empty(said) ? arena_printf(arena, "%s (%s)", words, condition)
                           : arena_printf(arena, "%s (%s: %s)", words, condition, said);
}

static void end_by(struct xmpp *xmpp, const struct row *row, const char *condition,
                   const char *said)
{
    const struct xmpp_item end = {
        .what = join(xmpp, row ? row->words : NULL, condition, said),
        .todo = row ? row->todo : NULL,
        .fatal = row && row->fatal,
        .delay_ms = row ? row->delay_s * MSEC_SECOND : 0,
    };
    xmpp_end_with(xmpp, &end);
}

void xmpp_on_failure(struct xmpp *xmpp, const struct xml *node)
{
    const struct xml *child = condition_of(node, NS_SASL);
    const char *condition = child ? child->name : "failure";
    const struct row *row = find(sign_in_rows, ARRAY_LEN(sign_in_rows), condition);
    scram_forget(&xmpp->salted); /* the server may have salted the password anew */
    end_by(xmpp, row, condition, xml_child_text(node, NS_SASL, "text"));
}

void xmpp_on_stream_error(struct xmpp *xmpp, const struct xml *node)
{
    const struct xml *child = condition_of(node, NS_STREAMS);
    const char *condition = child ? child->name : "undefined-condition";
    const char *said = xml_child_text(node, NS_STREAMS, "text");
    if (str_eq(condition, "conflict")) /* both may stay; fighting would never end */
        xstr_replace(&xmpp->resource, NULL);
    if (str_eq(condition, "see-other-host") && child->text[0])
        said = child->text;
    end_by(xmpp, find(stream_rows, ARRAY_LEN(stream_rows), condition), condition, said);
}

/* Source: RFC 7395, 3.6.1: only to an address that is as safe. */
void xmpp_on_close(struct xmpp *xmpp, const struct xml *node)
{
    const char *url = xml_attribute(node, "see-other-uri");
    struct xmpp_item end = {.what = "the server closed the session"};
    if (url && *url) {
        bool safe = str_starts(url, "wss://") || (!xmpp->secure && str_starts(url, "ws://"));
        url = shorten(xmpp, url);
        if (!safe || xmpp->hops >= XMPP_HOPS_MAX) {
            end.what = arena_printf(&xmpp->out->arena, "the server sends us on to %s, which %s",
                                    url, safe ? "is one time too many" : "is not encrypted");
            end.todo = "set url to the address of the account's own server";
            end.delay_ms = MSEC_MINUTE;
        } else {
            xmpp->hops++;
            end.url = url;
            end.what = arena_printf(&xmpp->out->arena, "the server sends us on to %s", url);
        }
    }
    struct strbuf text = {0};
    strbuf_puts(&text, "<close xmlns='" NS_FRAMING "'/>");
    xmpp_say(xmpp, &text);
    strbuf_done(&text);
    xmpp_end_with(xmpp, &end);
}

const char *xmpp_error_words(struct xmpp *xmpp, const struct xml *node, bool *ret_temporary)
{
    const struct xml *error = xml_child(node, NS_CLIENT, "error");
    const struct xml *condition = condition_of(error, NS_STANZAS);
    if (ret_temporary)
        *ret_temporary = str_eq(xml_attribute(error, "type"), "wait");
    return join(xmpp, NULL, condition ? condition->name : "undefined-condition",
                xml_child_text(error, NS_STANZAS, "text"));
}
