/* What we send and ask. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "wire/chat_xmpp.h"

enum {
    TEXT_TRIES = 3, /* each half as long: escaped, a letter can take six bytes */
    CROWDED_MS = 1000,
    AGAIN_MS = 5000,
    EARLIER_MS = 120000, /* the server's clock may be behind ours by so much */
};

/* --- sending --- */

/* Characters that XML has no place for become a space, or the sign for "no character". */
static void make_fit(struct strbuf *text)
{
    for (size_t i = 0; i < text->len; i++) {
        unsigned char c = (unsigned char)text->data[i];
        bool no_character = c == 0xef && i + 2 < text->len &&
                            (unsigned char)text->data[i + 1] == 0xbf &&
                            (unsigned char)text->data[i + 2] >= 0xbe;
        if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
            text->data[i] = ' ';
        if (no_character) /* U+FFFE, U+FFFF: U+FFFD */
            text->data[i + 2] = (char)0xbd;
    }
}

static int put(struct chat_xmpp *chat, const struct message *message,
               const struct chat_place *place, struct err *err)
{
    size_t points = XMPP_TEXT_POINTS;
    int rc = -E2BIG;
    for (int i = 0; i < TEXT_TRIES && rc == -E2BIG; i++, points /= 2) {
        struct strbuf text = {0};
        chat_plain(message, points, &chat->out.arena, &text);
        make_fit(&text);
        rc = message->op == MESSAGE_UPDATE
                 ? xmpp_correct(chat->session, message->key, place->user, message->target,
                                strbuf_text(&text), chat->now, err, &chat->out)
                 : xmpp_send(chat->session, message->key, place->user, strbuf_text(&text),
                             chat->now, err, &chat->out);
        strbuf_done(&text);
    }
    return rc;
}

static enum chat_outcome outcome_of(int rc)
{
    switch (rc) {
    case -ENOTCONN:
    case -EAGAIN:
        return CHAT_RETRY;
    case -EALREADY:
        return CHAT_UNKNOWN;
    default:
        return CHAT_REJECTED;
    }
}

static void refuse(const struct message *message, enum chat_outcome outcome, const char *why,
                   struct wire_out *out)
{
    wire_result(out,
                &(struct chat_result){.key = message->key,
                                      .outcome = outcome,
                                      .error = why,
                                      .retry_after_ms = outcome == CHAT_RETRY ? CROWDED_MS : 0});
}

void chat_xmpp_send(void *state, const struct message *message, const struct chat_place *place,
                    msec_t now, struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    struct err err = {0};
    chat->now = now;
    if (place->members || str_empty(place->user)) {
        refuse(message, CHAT_REJECTED, "on XMPP there are no messages to a team", out);
        return;
    }
    if (!chat_xmpp_knows_domain(chat, place->user)) {
        refuse(message, CHAT_REJECTED, "the address is of a domain that chat.xmpp.domains lacks",
               out);
        return;
    }
    int rc = put(chat, message, place, &err);
    if (rc)
        refuse(message, outcome_of(rc), err.text, out);
    chat_xmpp_run(chat, true, out);
}

/* --- asking the archive --- */

static void unreadable(const char *key, const char *why, msec_t again_ms, struct wire_out *out)
{
    wire_result(
        out, &(struct chat_result){
                 .key = key, .outcome = CHAT_UNREADABLE, .error = why, .retry_after_ms = again_ms});
}

static void drop_first(struct chat_xmpp *chat)
{
    struct xmpp_ask *ask = chat->first;
    chat->first = ask->next;
    if (!chat->first)
        chat->last = &chat->first;
    free(ask->key);
    free(ask->with);
    free(ask);
}

/* It begins when the timer says what time it is. */
void chat_xmpp_look_up(void *state, const char *key, const struct chat_place *place, msec_t sent_at,
                       struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    if (!xmpp_is_up(chat->session)) {
        unreadable(key, "(not connected)", AGAIN_MS, out);
        return;
    }
    struct xmpp_ask *ask = NEW(struct xmpp_ask);
    ask->key = xstrdup(key);
    ask->with = xstrdup(place->user);
    ask->since = sent_at - EARLIER_MS;
    *chat->last = ask;
    chat->last = &ask->next;
    wire_timer(out, 0);
}

void chat_xmpp_catch_up(void *state, const struct chat_place *place, msec_t since,
                        struct wire_out *out)
{
    struct chat_xmpp *chat = state;
    (void)place; /* the archive is read for everybody at once */
    if (!xmpp_is_up(chat->session)) {
        chat->owed = true;
        wire_add(out, WIRE_CAUGHT_UP)->delay_ms = AGAIN_MS;
        return;
    }
    if (since >= chat->known_from) {
        wire_add(out, WIRE_CAUGHT_UP);
        return;
    }
    if (chat->places++ == 0 || since < chat->want_from)
        chat->want_from = since;
    wire_timer(out, 0);
}

void chat_xmpp_caught_up(struct chat_xmpp *chat, msec_t again_ms, struct wire_out *out)
{
    chat->owed = again_ms > 0 && (chat->owed || chat->places > 0);
    for (; chat->places > 0; chat->places--)
        wire_add(out, WIRE_CAUGHT_UP)->delay_ms = again_ms;
}

bool chat_xmpp_waits(const struct chat_xmpp *chat)
{
    return xmpp_is_up(chat->session) && (chat->first || (chat->places > 0 && !chat->reading));
}

static void begin_reading(struct chat_xmpp *chat, struct wire_out *out)
{
    struct err err = {0};
    chat->reading = chat->at_once = true;
    chat->read_from = chat->want_from;
    int rc = xmpp_catch_up(chat->session, NULL, chat->read_from, chat->now, &err, &chat->out);
    if (!rc)
        return; /* chat_xmpp_run sees what came of it */
    chat->reading = false;
    if (rc != -EAGAIN)
        chat_xmpp_caught_up(chat, AGAIN_MS, out);
}

void chat_xmpp_begin(struct chat_xmpp *chat, struct wire_out *out)
{
    int rc = 0;
    while (chat->first && rc != -EAGAIN && xmpp_is_up(chat->session)) {
        struct err err = {0};
        const struct xmpp_ask *ask = chat->first;
        rc = xmpp_look_up(chat->session, ask->key, ask->with, ask->since, chat->now, &err,
                          &chat->out);
        if (rc == -EAGAIN)
            break;
        if (rc)
            unreadable(ask->key, err.text, 0, out);
        drop_first(chat);
    }
    if (rc != -EAGAIN && chat->places > 0 && !chat->reading && xmpp_is_up(chat->session))
        begin_reading(chat, out);
}

void chat_xmpp_give_up(struct chat_xmpp *chat, struct wire_out *out)
{
    while (chat->first) {
        unreadable(chat->first->key, "(the connection was lost)", AGAIN_MS, out);
        drop_first(chat);
    }
    if (!chat->reading)
        chat_xmpp_caught_up(chat, AGAIN_MS, out);
}
