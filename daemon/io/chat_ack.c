#include <string.h>

#include "base/alloc.h"
#include "io/chat_private.h"

static void hang(struct chat_ack *ack, struct chat_ack **list)
{
    ack->next = *list;
    ack->slot = list;
    if (ack->next)
        ack->next->slot = &ack->next;
    *list = ack;
}

static void unhang(struct chat_ack *ack)
{
    *ack->slot = ack->next;
    if (ack->next)
        ack->next->slot = ack->slot;
}

struct chat_ack *ack_new(struct chat *chat, struct chat_link *link, const struct wire_item *item)
{
    size_t len = link && item->ack ? strlen(item->ack) : 0;
    struct chat_ack *ack = xcalloc(1, sizeof(*ack) + len + 1);
    ack->chat = chat;
    ack->link = link;
    ack->len = len;
    ack->conn = item->conn;
    ack->told = item->told;
    ack->number = item->number;
    if (len > 0)
        memcpy(ack->text, item->ack, len);
    if (item->request.url)
        ack->op = op_copy(chat, &item->request);
    hang(ack, link ? &link->acks : &chat->loose_acks);
    chat->ack_count++;
    return ack;
}

void ack_link_gone(struct chat_link *link)
{
    while (link->acks) {
        struct chat_ack *ack = link->acks;
        unhang(ack);
        ack->link = NULL;
        hang(ack, &link->chat->loose_acks);
    }
}

void ack_forget_all(struct chat *chat)
{
    while (chat->loose_acks) {
        struct chat_ack *ack = chat->loose_acks;
        unhang(ack);
        ack->chat = NULL;
    }
}

static void end(struct chat_ack *ack)
{
    struct chat *chat = ack->chat;
    struct chat_link *link = ack->link;
    if (chat) {
        unhang(ack);
        chat->ack_count--;
    }
    free(ack->op);
    free(ack);
    if (link)
        link_ack_gone(link);
    if (chat)
        chat_wake(chat);
}

static void tell_kept(const struct chat_ack *ack, bool kept)
{
    struct chat *chat = ack->chat;
    if (!ack->told || !chat)
        return;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_kept(chat->state, ack->conn, ack->number, kept,
                            chat->opts.clock(chat->opts.user), &out->out);
    chat_out_run(chat, out);
}

void chat_ack_done(struct chat_ack *ack)
{
    if (!ack)
        return;
    if (ack->op && ack->chat)
        op_start(ack->chat, &ack->op->request);
    if (ack->link && !ack->told)
        (void)link_send(ack->link, ack->text, ack->len); /* unsent: it is delivered again */
    tell_kept(ack, true);
    end(ack);
}

void chat_ack_drop(struct chat_ack *ack)
{
    if (!ack)
        return;
    tell_kept(ack, false);
    end(ack);
}
