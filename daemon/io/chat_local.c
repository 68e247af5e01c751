#include "wire/chat_local.h"

#include "io/chat_private.h"

uint16_t chat_local_port(const struct chat *chat)
{
    return chat->platform->transport == CHAT_SERVER && chat->started ? ws_listen_port(chat->ws) : 0;
}

void chat_local_tell_clock(struct chat *chat, msec_t at)
{
    struct chat_out *out = chat_out_take(chat);
    if (chat->platform == &chat_local)
        chat_local_clock(chat->state, at, &out->out);
    chat_out_run(chat, out);
}

void chat_local_tell_changed(struct chat *chat)
{
    struct chat_out *out = chat_out_take(chat);
    if (chat->platform == &chat_local)
        chat_local_changed(chat->state, &out->out);
    chat_out_run(chat, out);
}

void chat_local_refill(struct chat *chat, const struct message *message, const char *person)
{
    if (chat->platform == &chat_local)
        chat_local_put(chat->state, person, message);
}

void chat_local_forget(struct chat *chat, const char *person)
{
    if (chat && chat->platform == &chat_local)
        chat_local_drop(chat->state, person);
}

void chat_local_refill_said(struct chat *chat, const char *person, const char *id, msec_t at,
                            const char *text)
{
    if (chat->platform == &chat_local)
        chat_local_put_said(chat->state, person, id, at, text);
}
