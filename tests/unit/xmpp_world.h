/* xmpp_world.h: a session whose server is the test. Include once, after cmocka.h.
 * The account is RFC 7677's: user, pencil, and its nonce. */
#pragma once
#include <stdio.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/xmpp.h"

#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define SASL  "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define SM    "xmlns='urn:xmpp:sm:3'"
#define MAM   "xmlns='urn:xmpp:mam:2'"
#define FEATURES                                                                                   \
    "<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>"
#define OPENED "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>"

struct world {
    struct xmpp *xmpp;
    struct xmpp_out out;
    msec_t now;
};

static struct world w;

static void world_start(const struct xmpp_config *config)
{
    struct xmpp_config whole = config ? *config : (struct xmpp_config){0};
    struct err err;
    whole.jid = whole.jid ? whole.jid : "User@Example.com";
    whole.password = "pencil";
    memset(&w, 0, sizeof(w));
    w.now = 1700000000000;
    xmpp_out_init(&w.out);
    assert_int_equal(xmpp_new(&whole, &err, &w.xmpp), 0);
}

static int world_stop(void **state)
{
    (void)state;
    xmpp_free(w.xmpp);
    xmpp_out_done(&w.out);
    w.xmpp = NULL;
    return 0;
}

/* What was said and told since the last call of the session. */
static void fresh(void)
{
    xmpp_out_reset(&w.out);
}

__attribute__((format(printf, 1, 2))) static void feed(const char *format, ...)
{
    char text[16384];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    assert_true(length > 0 && (size_t)length < sizeof(text));
    fresh();
    xmpp_frame(w.xmpp, text, (size_t)length, w.now, &w.out);
}

/* The n-th item of a kind, or NULL. */
static const struct xmpp_item *item(enum xmpp_kind kind, size_t n)
{
    for (const struct xmpp_item *one = w.out.first; one; one = one->next) {
        if (one->kind == kind && n-- == 0)
            return one;
    }
    return NULL;
}

static size_t items(enum xmpp_kind kind)
{
    size_t count = 0;
    while (item(kind, count))
        count++;
    return count;
}

static const char *frame(size_t n)
{
    const struct xmpp_item *found = item(XMPP_FRAME, n);
    if (!found)
        fail_msg("frame %zu was not said", n);
    return found->text;
}

/* Whether something with these words was said. */
__attribute__((unused)) static const char *said(const char *words)
{
    for (size_t i = 0; i < items(XMPP_FRAME); i++) {
        if (strstr(frame(i), words))
            return frame(i);
    }
    return NULL;
}

__attribute__((unused)) static int send_text(const char *key, const char *to, const char *body)
{
    struct err err;
    fresh();
    return xmpp_send(w.xmpp, key, to, body, w.now, &err, &w.out);
}

__attribute__((unused)) static int look_up(const char *key, msec_t since)
{
    struct err err;
    fresh();
    return xmpp_look_up(w.xmpp, key, "rep@example.com", since, w.now, &err, &w.out);
}

__attribute__((unused)) static void tick_after(msec_t ms)
{
    w.now += ms;
    fresh();
    xmpp_tick(w.xmpp, w.now, &w.out);
}

__attribute__((unused)) static void lose(void)
{
    fresh();
    xmpp_lost(w.xmpp, w.now, &w.out);
}
