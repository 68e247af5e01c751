/* XMPP over a websocket (RFC 7395): one account, no buttons, an archive to look things up in. */
#include "wire/chat_xmpp.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

enum {
    URL_MAX = 512,
    DOMAINS_MAX = 2000,
    NONCE_BYTES = 18,
    AGAIN_MS = 5000,
    NO_DOOR_MS = 60000,
};

static const struct chat_option options[XMPP_OPTIONS] = {
    [XMPP_URL] = {"url", true, false, NULL,
                  "websocket of the XMPP server, wss://...; ws:// only towards this machine"},
    [XMPP_JID] = {"jid", true, false, NULL, "address of the bot's account, gritbot@example.com"},
    [XMPP_PASSWORD] = {"password", true, true, NULL, "password of that account"},
    [XMPP_RESOURCE] = {"resource", false, false, "gritd", "name of this session of the account"},
    [XMPP_DOMAINS] = {"domains", false, false, NULL,
                      "further domains, with commas, whose people may talk with the bot; else only "
                      "its own"},
};

static const char *const count_names[XMPP_COUNTS] = {
#define COUNT(name, text) [XMPP_COUNT_##name] = text,
    XMPP_COUNT_LIST(COUNT)
#undef COUNT
};

void chat_xmpp_counted(struct chat_xmpp *chat, enum xmpp_count which)
{
    chat->counters[which].value++;
}

/* --- options --- */

/* What follows "ws://" leads to this machine. */
static bool is_loopback(const char *host)
{
    size_t len = strcspn(host, ":/?#");
    if (str_starts(host, "[::1]"))
        return true;
    if (len == 9 && strncmp(host, "localhost", 9) == 0)
        return true;
    return str_starts(host, "127.") && strspn(host, "0123456789.") == len;
}

static int check_url(const char *url, struct err *err)
{
    bool safe = str_starts(url, "wss://") || (str_starts(url, "ws://") && is_loopback(url + 5));
    if (strlen(url) > URL_MAX)
        return err_set(err, EINVAL, "url has more than %d characters", URL_MAX);
    if (!safe)
        return err_set(err, EINVAL,
                       "url must begin with wss://; ws:// is for a server on this machine only");
    return 0;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Small letters, a space around each. */
static int read_domains(const char *own, const char *list, struct err *err, char **ret)
{
    struct strbuf text = {0};
    if (list && strlen(list) > DOMAINS_MAX)
        return err_set(err, EINVAL, "domains has more than %d characters", DOMAINS_MAX);
    strbuf_printf(&text, " %s ", own);
    for (const char *p = list ? list : ""; *p;) {
        size_t len = strcspn(p, ", ");
        for (size_t i = 0; i < len; i++)
            strbuf_putc(&text, small(p[i]));
        if (len > 0)
            strbuf_putc(&text, ' ');
        if (memchr(p, '@', len)) {
            strbuf_done(&text);
            return err_set(err, EINVAL, "domains: an address where only its part behind @ belongs");
        }
        p += len + strspn(p + len, ", ");
    }
    *ret = strbuf_take(&text);
    return 0;
}

bool chat_xmpp_knows_domain(const struct chat_xmpp *chat, const char *jid)
{
    char name[260];
    const char *at = strchr(jid, '@'), *domain = at ? at + 1 : jid;
    size_t len = strcspn(domain, "/");
    if (len == 0 || len > sizeof(name) - 3)
        return false;
    (void)snprintf(name, sizeof(name), " %.*s ", (int)len, domain); /* fits */
    for (char *p = name; *p; p++)
        *p = small(*p);
    return strstr(chat->domains, name) != NULL;
}

/* --- life --- */

static void state_free(void *state)
{
    struct chat_xmpp *chat = state;
    struct wire_out none;
    if (!chat)
        return;
    wire_out_init(&none);
    chat_xmpp_give_up(chat, &none); /* nobody is there to be told */
    wire_out_done(&none);
    xmpp_free(chat->session);
    xmpp_out_done(&chat->out);
    OPENSSL_cleanse(chat->secret, sizeof(chat->secret));
    free(chat->url);
    free(chat->next_url);
    free(chat->domains);
    free(chat->source);
    free(chat);
}

static int fill(struct chat_xmpp *chat, const struct chat_setup *setup, struct err *err)
{
    const char *const *values = setup->values;
    struct strbuf source = {0};
    const struct xmpp_config config = {.jid = values[XMPP_JID],
                                       .password = values[XMPP_PASSWORD],
                                       .resource = values[XMPP_RESOURCE],
                                       .secure = str_starts(values[XMPP_URL], "wss://"),
                                       .plain = true}; /* nobody can listen: see check_url */
    int rc = check_url(values[XMPP_URL], err);
    if (!rc)
        rc = xmpp_new(&config, err, &chat->session);
    if (rc)
        return rc;
    const char *bare = xmpp_jid_bare(&chat->out.arena, values[XMPP_JID]);
    strbuf_printf(&source, "/chat/xmpp/%s", bare);
    chat->source = strbuf_take(&source);
    chat->url = xstrdup(values[XMPP_URL]);
    memcpy(chat->secret, setup->secret, sizeof(chat->secret));
    return read_domains(strchr(bare, '@') + 1, values[XMPP_DOMAINS], err, &chat->domains);
}

static int state_new(const struct chat_setup *setup, struct err *err, void **ret_state)
{
    struct chat_xmpp *chat = NEW(struct chat_xmpp);
    xmpp_out_init(&chat->out);
    chat->last = &chat->first;
    chat->known_from = MSEC_NEVER;
    for (size_t i = 0; i < XMPP_COUNTS; i++)
        chat->counters[i].name = count_names[i];
    int rc = fill(chat, setup, err);
    xmpp_out_reset(&chat->out);
    if (rc)
        state_free(chat);
    else
        *ret_state = chat;
    return rc;
}

/* --- doing --- */

static void set_timer(const struct chat_xmpp *chat, bool at_once, struct wire_out *out)
{
    msec_t due = xmpp_due(chat->session);
    if (at_once)
        wire_timer(out, 0);
    else if (due != MSEC_NEVER)
        wire_timer(out, due > chat->now ? due - chat->now : 0);
}

void chat_xmpp_run(struct chat_xmpp *chat, bool fresh, struct wire_out *out)
{
    struct xmpp_item **slot = &chat->out.first;
    bool more = true;
    while (more) {
        for (; *slot; slot = &(*slot)->next)
            chat_xmpp_do(chat, *slot, out);
        chat->at_once = false;
        if (fresh && chat_xmpp_waits(chat))
            chat_xmpp_begin(chat, out);
        more = *slot != NULL;
    }
    xmpp_out_reset(&chat->out);
    /* what waits still for its turn begins with the next answer */
    set_timer(chat, chat->opening || (!fresh && chat_xmpp_waits(chat)), out);
}

/* Different each time, and nobody can guess it. */
static void nonce_make(struct chat_xmpp *chat, char *text)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned length = sizeof(sum);
    chat->nonces++;
    (void)HMAC(EVP_sha256(), chat->secret, sizeof(chat->secret),
               (const unsigned char *)&chat->nonces, sizeof(chat->nonces), sum, &length);
    for (size_t i = 0; i < NONCE_BYTES; i++)
        (void)sprintf(text + 2 * i, "%02x", sum[i]); /* fits */
}

static void on_start(void *state, msec_t now, struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    chat->now = now;
    wire_connect(out, chat->next_url ? chat->next_url : chat->url, NULL);
    xstr_replace(&chat->next_url, NULL);
}

/* The session begins when the timer says what time it is. */
static void on_open(void *state, uint32_t conn, const char *person, struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    (void)person; /* a server's */
    chat->conn = conn;
    chat->opening = true;
    wire_timer(out, 0);
}

static void on_frame(void *state, uint32_t conn, const char *data, size_t len, msec_t now,
                     struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    if (conn != chat->conn)
        return; /* of one that was given up */
    chat->now = now;
    xmpp_frame(chat->session, data, len, now, &chat->out);
    chat_xmpp_run(chat, true, out);
}

/* Something answers there, but no XMPP websocket. */
static void no_door(unsigned status, struct wire_out *out)
{
    if (status == 0 || status == 429 || status >= 500)
        return;
    wire_fatal(out, NO_DOOR_MS,
               arena_printf(&out->arena, "XMPP: there is no websocket of an XMPP server (HTTP %u)",
                            status),
               "check url; Prosody's usually ends with :5281/xmpp-websocket, ejabberd's with "
               ":5443/ws");
}

static void on_closed(void *state, uint32_t conn, const struct chat_closed *how,
                      struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    no_door(how->http_status, out);
    if (conn != chat->conn)
        return;
    chat->conn = 0;
    chat->opening = false;
    xmpp_lost(chat->session, chat->now, &chat->out);
    chat_xmpp_give_up(chat, out);
    chat_xmpp_run(chat, false, out);
}

static void on_timer(void *state, msec_t now, struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    char nonce[2 * NONCE_BYTES + 1];
    chat->now = now;
    if (chat->opening) {
        nonce_make(chat, nonce);
        chat->opening = false;
        xmpp_open(chat->session, nonce, now, &chat->out);
    }
    xmpp_tick(chat->session, now, &chat->out);
    chat_xmpp_run(chat, true, out);
}

static void on_reply(void *state, const struct wire_tag *tag, const struct wire_reply *reply,
                     struct wire_out *out)
{
    (void)state, (void)tag, (void)reply, (void)out; /* nothing is requested */
}

/* Only what is durable is acknowledged: the rest comes again when the session goes on. */
static void on_kept(void *state, uint32_t conn, int64_t number, bool kept, msec_t now,
                    struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    if (conn != chat->conn)
        return;
    chat->now = now;
    if (kept) {
        xmpp_handled(chat->session, (uint64_t)number, now, &chat->out);
    } else {
        chat_xmpp_counted(chat, XMPP_COUNT_NOT_KEPT);
        wire_drop(out, conn, AGAIN_MS, "what people wrote could not be kept");
    }
    chat_xmpp_run(chat, true, out);
}

static void on_leave(void *state, struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    xmpp_close(chat->session, chat->now, &chat->out);
    chat_xmpp_run(chat, false, out);
    chat->reading = false;
    chat_xmpp_give_up(chat, out);
}

static size_t counters(const void *state, const struct chat_counter **ret_counters)
{
    *ret_counters = ((const struct chat_xmpp *)state)->counters;
    return XMPP_COUNTS;
}

const struct chat_platform chat_xmpp = {
    .name = "xmpp",
    .help = "XMPP (Prosody, ejabberd and others) through the server's websocket",
    .transport = CHAT_CLIENT,
    .limits = {.text_points = XMPP_TEXT_POINTS,
               .buttons = 25,                  /* as numbers */
               .frame_bytes = 8 * 1024 * 1024, /* a roster of 50,000 */
               .hello_ms = 90000,              /* each step of it has its own limit */
               .linger_ms = 2000,
               .ping_s = 10,
               .hangup_s = 30},
    .options = options,
    .option_count = XMPP_OPTIONS,
    .subprotocol = XMPP_SUBPROTOCOL,
    .state_new = state_new,
    .state_free = state_free,
    .on_start = on_start,
    .on_open = on_open,
    .on_frame = on_frame,
    .on_closed = on_closed,
    .on_timer = on_timer,
    .on_reply = on_reply,
    .on_kept = on_kept,
    .on_leave = on_leave,
    .encode_send = chat_xmpp_send,
    .encode_lookup = chat_xmpp_look_up,
    .encode_catch_up = chat_xmpp_catch_up,
    .counters = counters,
};
