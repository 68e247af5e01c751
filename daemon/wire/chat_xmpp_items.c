/* What the session tells, as the runner wants it. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "wire/chat_xmpp.h"

enum { NOT_THERE_MS = 60000, AGAIN_MS = 30000 };

static void tell(const struct xmpp_item *item, enum chat_outcome outcome, struct wire_out *out)
{
    bool there = outcome == CHAT_SENT || outcome == CHAT_FOUND;
    wire_result(out, &(struct chat_result){.key = item->key,
                                           .outcome = outcome,
                                           .channel = there ? item->jid : NULL,
                                           .platform_id = there ? item->key : NULL,
                                           .error = item->what});
}

static void on_frame(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    wire_frame(out, chat->conn, item->text, item->len);
}

static void on_up(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    wire_add(out, WIRE_UP)->conn = chat->conn;
    if (!item->resumed) {
        chat->known_from = MSEC_NEVER;
        return;
    }
    chat_xmpp_counted(chat, XMPP_COUNT_RESUMED);
    if (!chat->owed && !chat->reading && chat->places == 0)
        chat->known_from = 0; /* the server delivers by itself what came meanwhile */
}

static void on_end(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    const char *why = item->what;
    if (item->url)
        xstr_replace(&chat->next_url, item->url);
    if (item->fatal)
        wire_fatal(out, 0, arena_printf(&out->arena, "XMPP: %s", why),
                   item->todo ? item->todo : "ask who runs the XMPP server");
    else if (item->todo)
        why = arena_printf(&out->arena, "%s; %s", why, item->todo);
    wire_drop(out, chat->conn, item->delay_ms, why);
}

/* Source: XEP-0359: the archive's id is the only one that no sender can choose. */
static const char *id_of(const struct xmpp_item *item, struct arena *arena)
{
    char at[MSEC_TEXT_BYTES];
    if (item->archive_id)
        return arena_strdup(arena, item->archive_id);
    if (!str_empty(item->id))
        return arena_printf(arena, "%s/%s", item->jid, item->id);
    /* old programs name nothing, and servers give times in seconds */
    struct hash128 words = hash_bytes(0, item->body, strlen(item->body));
    return arena_printf(arena, "%s/%s/%016llx", item->jid, msec_format(item->at, at),
                        (unsigned long long)words.a);
}

static void on_message(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    if (!chat_xmpp_knows_domain(chat, item->jid)) {
        chat_xmpp_counted(chat, XMPP_COUNT_FOREIGN);
        xmpp_handled(chat->session, item->number, chat->now, &chat->out);
        return;
    }
    struct wire_item *said = wire_add(out, WIRE_EVENT);
    struct event *event = arena_alloc(&out->arena, sizeof(*event));
    event_init(event, EVENT_SAID, item->at);
    said->conn = chat->conn;
    said->event = event;
    said->told = true;
    said->number = (int64_t)item->number;
    event->id = id_of(item, &out->arena);
    event->source = chat->source;
    event->chat = arena_strdup(&out->arena, item->jid);
    event->text = wire_cut(out, item->body, MESSAGE_SAID_MAX + 1);
    event->plain = true;
}

static void on_sent(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    (void)chat; /* as below: the key is all */
    tell(item, CHAT_SENT, out);
}

/* The server says that it was not delivered, and will not be. */
static void on_bounced(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    if (item->late) { /* it is in the ledger as sent, and anybody can forge this */
        chat_xmpp_counted(chat, XMPP_COUNT_BOUNCED_LATE);
        return;
    }
    wire_result(out, &(struct chat_result){.key = item->key,
                                           .outcome = item->temporary ? CHAT_RETRY : CHAT_REJECTED,
                                           .error = item->what,
                                           .retry_after_ms = item->temporary ? NOT_THERE_MS : 0});
}

static void on_unsure(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    (void)chat;
    tell(item, CHAT_UNKNOWN, out);
}

static void on_found(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    (void)chat;
    tell(item, CHAT_FOUND, out);
}

static void on_missing(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    (void)chat;
    tell(item, CHAT_MISSING, out);
}

static void on_unreadable(struct chat_xmpp *chat, const struct xmpp_item *item,
                          struct wire_out *out)
{
    (void)chat;
    tell(item, CHAT_UNREADABLE, out);
}

static void on_caught_up(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    bool none = item->what && chat->at_once; /* there is no archive: asking again is of no use */
    chat->reading = false;
    if (none)
        chat_xmpp_counted(chat, XMPP_COUNT_NO_ARCHIVE);
    if (item->what && !none) {
        chat_xmpp_caught_up(chat, AGAIN_MS, out);
        return;
    }
    chat->known_from = chat->read_from;
    if (chat->want_from >= chat->known_from)
        chat_xmpp_caught_up(chat, 0, out);
}

static void on_asks(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    struct err err;
    bool ours = chat_xmpp_knows_domain(chat, item->jid);
    (void)out; /* the session writes to its own */
    if (!ours)
        chat_xmpp_counted(chat, XMPP_COUNT_FOREIGN);
    /* not up, or too much at a time: the server asks again at the next start */
    (void)xmpp_admit(chat->session, item->jid, ours, chat->now, &err, &chat->out);
}

static void nothing(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    (void)chat, (void)item, (void)out; /* whether somebody is there is no business of ours */
}

void chat_xmpp_do(struct chat_xmpp *chat, const struct xmpp_item *item, struct wire_out *out)
{
    static void (*const handlers[])(struct chat_xmpp *, const struct xmpp_item *,
                                    struct wire_out *) = {
        [XMPP_FRAME] = on_frame,
        [XMPP_UP] = on_up,
        [XMPP_END] = on_end,
        [XMPP_MESSAGE] = on_message,
        [XMPP_SENT] = on_sent,
        [XMPP_BOUNCED] = on_bounced,
        [XMPP_UNSURE] = on_unsure,
        [XMPP_FOUND] = on_found,
        [XMPP_MISSING] = on_missing,
        [XMPP_UNREADABLE] = on_unreadable,
        [XMPP_CAUGHT_UP] = on_caught_up,
        [XMPP_PRESENCE] = nothing,
        [XMPP_CONTACT] = nothing,
        [XMPP_ASKS] = on_asks,
    };
    handlers[item->kind](chat, item, out);
}
