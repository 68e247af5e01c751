/* Signing in: from a word in the chat over a link that works once to a cookie. */
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "core/overview.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "gritd/page.h"
#include "gritd/session.h"
#include "io/log.h"
#include "wire/form.h"

enum { FORM_BYTES_MOST = 1024, COOKIE_BYTES = 256, NAME_BYTES = 32 };

static bool is_https(const struct daemon *daemon)
{
    const char *url = daemon->setup->config->public_url;
    return url && str_starts(url, "https://");
}

/* __Host- keeps other hosts of the domain from setting it; browsers want Secure with it.
 * Source: RFC 6265bis, 4.1.3.2. */
static const char *cookie_name(const struct daemon *daemon, const char *what, char text[NAME_BYTES])
{
    (void)snprintf(text, NAME_BYTES, "%sgritd-%s", is_https(daemon) ? "__Host-" : "", what);
    return text;
}

static void cookie_text(const struct daemon *daemon, const char *what, const char *value,
                        msec_t lasts, char text[COOKIE_BYTES])
{
    char name[NAME_BYTES];
    (void)snprintf(text, COOKIE_BYTES, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                   cookie_name(daemon, what, name), value, (long long)(lasts / MSEC_SECOND),
                   is_https(daemon) ? "; Secure" : "");
}

/* The value of a cookie that is a token; empty where there is none. */
static void cookie_read(const struct daemon *daemon, const struct httpd_request *request,
                        const char *what, char ret[SESSION_TEXT_BYTES])
{
    char name[NAME_BYTES];
    form_cookie(httpd_header(request, "cookie"), cookie_name(daemon, what, name), ret,
                SESSION_TEXT_BYTES);
}

bool page_signed_in(const struct daemon *daemon, const struct httpd_request *request,
                    struct session *ret)
{
    char cookie[SESSION_TEXT_BYTES];
    cookie_read(daemon, request, "session", cookie);
    return session_find(page_sessions(daemon->page), cookie, daemon_now(daemon), ret) &&
           core_is_manager(engine_core(daemon->engine), ret->person);
}

/* --- the link --- */

/* Where the page is for people; without public_url only the machine itself has a way to it. */
static bool put_address(const struct daemon *daemon, struct strbuf *out)
{
    const struct config *config = daemon->setup->config;
    bool v6 = strchr(config->listen_host, ':') != NULL;
    if (config->public_url) {
        strbuf_puts(out, config->public_url);
        return true;
    }
    strbuf_printf(out, v6 ? "http://[%s]:%u" : "http://%s:%u", config->listen_host,
                  httpd_port(daemon->httpd));
    return daemon_is_local(daemon);
}

static char *linked_text_new(struct daemon *daemon, const struct message *message)
{
    char token[SESSION_TEXT_BYTES];
    struct strbuf out = {0}, url = {0};
    const char *place = strstr(message->text, MESSAGE_LINK_PLACE);
    size_t before = place ? (size_t)(place - message->text) : strlen(message->text);
    if (!put_address(daemon, &url)) {
        strbuf_puts(&out, core_say(engine_core(daemon->engine), message->to, SAY_PAGE_NO_ADDRESS));
    } else if (session_link(page_sessions(daemon->page), message->to, daemon_now(daemon), token)) {
        strbuf_add(&out, message->text, before);
        strbuf_printf(&out, "%s%s/sign-in?token=%s", place ? "" : "\n", strbuf_text(&url), token);
        strbuf_puts(&out, place ? place + strlen(MESSAGE_LINK_PLACE) : "");
    } else {
        strbuf_puts(&out, message->text); /* without random bytes there is no link to give */
    }
    strbuf_done(&url);
    return strbuf_take(&out);
}

static size_t port_room(void *self)
{
    const struct daemon *daemon = self;
    return daemon->chat_inner->room(daemon->chat_inner->self);
}

static void port_send(void *self, const struct message *message, const struct chat_place *place)
{
    struct daemon *daemon = self;
    const struct chat_port *inner = daemon->chat_inner;
    drill_left(daemon, message->key);
    if (!message->sign_in) {
        inner->send(inner->self, message, place);
        return;
    }
    struct message linked = *message;
    char *text = linked_text_new(daemon, message);
    linked.text = text;
    inner->send(inner->self, &linked, place);
    explicit_bzero(text, strlen(text));
    free(text);
}

static void port_lookup(void *self, const char *const *keys, size_t count,
                        const struct chat_place *place, msec_t sent_at)
{
    struct daemon *daemon = self;
    daemon->metrics.lookups += count;
    daemon->chat_inner->lookup(daemon->chat_inner->self, keys, count, place, sent_at);
}

const struct chat_port *page_port(struct daemon *daemon, const struct chat_port *inner)
{
    daemon->chat_inner = inner;
    daemon->chat_outer = (struct chat_port){daemon, port_room, port_send, port_lookup};
    return &daemon->chat_outer;
}

/* --- the way in --- */

/* A page of another site may send a form here; browsers say so. */
static bool from_elsewhere(const struct httpd_request *request)
{
    const char *site = httpd_header(request, "sec-fetch-site");
    return str_eq(site, "cross-site") || str_eq(site, "same-site");
}

/* The field of a form, where its value is a token; empty else. */
static void field_read(const struct httpd_request *request, const char *name,
                       char ret[SESSION_TEXT_BYTES])
{
    const char *body = request->body_len <= FORM_BYTES_MOST ? request->body : NULL;
    form_field(body, name, ret, SESSION_TEXT_BYTES);
}

static void say_gone(struct httpd_request *request, unsigned status)
{
    page_html(request, status, "page/gone.html", NULL, 0, NULL);
}

void http_sign_in_ask(struct daemon *daemon, struct httpd_request *request)
{
    char form[SESSION_TEXT_BYTES], cookie[COOKIE_BYTES];
    struct sessions *sessions = page_sessions(daemon->page);
    const char *token = httpd_query(request, "token");
    if (!session_link_holds(sessions, token, daemon_now(daemon))) {
        say_gone(request, 410);
        return;
    }
    if (!session_token(sessions, form)) {
        http_problem(request, 503, "Not now", "the system gave no random bytes");
        return;
    }
    const struct page_value values[] = {{"TOKEN", token}, {"FORM", form}};
    cookie_text(daemon, "form", form, SESSION_LINK_LASTS, cookie);
    page_html(request, 200, "page/enter.html", values, ARRAY_LEN(values), cookie);
}

void http_sign_in(struct daemon *daemon, struct httpd_request *request)
{
    char token[SESSION_TEXT_BYTES], form[SESSION_TEXT_BYTES], sent[SESSION_TEXT_BYTES],
        opened[SESSION_TEXT_BYTES], cookie[COOKIE_BYTES];
    field_read(request, "token", token);
    field_read(request, "form", form);
    cookie_read(daemon, request, "form", sent);
    if (from_elsewhere(request) || !session_is_token(form) || !session_same(form, sent)) {
        page_html(request, 403, "page/again.html", NULL, 0, NULL);
        return;
    }
    switch (session_open(page_sessions(daemon->page), token, daemon_now(daemon), opened)) {
    case SESSION_OPENED:
        break;
    case SESSION_WRONG:
        say_gone(request, 410);
        return;
    case SESSION_TOO_MANY:
        http_problem(request, 429, "Too many tries", "please wait a minute, then try again");
        return;
    case SESSION_NO_RANDOM:
        http_problem(request, 503, "Not now", "the system gave no random bytes");
        return;
    }
    cookie_text(daemon, "session", opened, SESSION_LASTS, cookie);
    const struct httpd_header headers[] = {
        {"Location", "./"}, {"Set-Cookie", cookie}, {"Cache-Control", "no-store"}};
    log_info("page", "somebody has signed in");
    httpd_reply(request, 303, NULL, "", 0, headers, ARRAY_LEN(headers));
}

void http_sign_out(struct daemon *daemon, struct httpd_request *request)
{
    char form[SESSION_TEXT_BYTES], own[SESSION_TEXT_BYTES], cookie[COOKIE_BYTES];
    struct session session;
    field_read(request, "form", form);
    if (page_signed_in(daemon, request, &session)) {
        if (from_elsewhere(request) || !session_same(form, session.form)) {
            page_html(request, 403, "page/again.html", NULL, 0, NULL);
            return;
        }
        cookie_read(daemon, request, "session", own);
        session_close(page_sessions(daemon->page), own);
    }
    cookie_text(daemon, "session", "", 0, cookie);
    const struct httpd_header headers[] = {
        {"Location", "./"}, {"Set-Cookie", cookie}, {"Cache-Control", "no-store"}};
    httpd_reply(request, 303, NULL, "", 0, headers, ARRAY_LEN(headers));
}

static bool random_bytes(void *data, size_t size)
{
    return getrandom(data, size, 0) == (ssize_t)size;
}

struct sessions *page_sessions_new(void)
{
    return sessions_new(random_bytes);
}
