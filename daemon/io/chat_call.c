/* Calls of the platform's server: a link without a websocket, which lives until it is answered. */
#include "io/chat_private.h"

enum { CALL_MS = 10000 }; /* for what was in it to become durable */

void call_answer(struct chat_link *link, unsigned status, const char *body, size_t len)
{
    chat_answer_cb answer = link->answer;
    void *user = link->answer_user;
    link_free(link);
    answer(user, status, body, len);
}

void chat_call(struct chat *chat, const struct chat_call *call, chat_answer_cb answer, void *user)
{
    if (chat->stopping || !chat->platform->on_call) {
        answer(user, chat->stopping ? 503 : 404, "", 0);
        return;
    }
    struct chat_link *link = link_new(chat);
    uint32_t id = link->id;
    link->phase = LINK_CALL;
    link->deadline_ms = chat_now(chat) + CALL_MS;
    link->answer = answer;
    link->answer_user = user;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_call(chat->state, id, call, chat->opts.clock(chat->opts.user), &out->out);
    chat_out_run(chat, out);
    link = link_find(chat, id);
    if (link && !link->acks)
        call_answer(link, 200, "", 0);
    chat_wake(chat);
}
