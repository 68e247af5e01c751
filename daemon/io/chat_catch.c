/* What people wrote while nobody listened: asked for place by place, a few at a time. */
#include "io/chat_private.h"

enum {
    CATCH_AT_ONCE = 4,
    CATCH_MARGIN_MS = 120000, /* clocks differ, and what came last may have been read late */
    CATCH_MOST_MS = 48 * 3600 * 1000, /* ids of events are known for longer than that */
    CATCH_TRIES = 4,                  /* of all places, when one fails */
    MEMO_MS = 300000, /* after a crash so much is read again, and known by its ids */
};

static void start(struct chat *chat, int64_t delay_ms)
{
    chat->catch.index = 0;
    chat->catch.next_ms = chat_now(chat) + delay_ms;
}

static void catch_since(struct chat *chat, msec_t since, msec_t now)
{
    msec_t from = since - CATCH_MARGIN_MS, most = now - CATCH_MOST_MS;
    chat->catch.on = true;
    chat->catch.tries = 0;
    chat->catch.since = from > most ? from : most;
    start(chat, 0);
}

static void end(struct chat *chat)
{
    chat->catch.on = false;
    memo_tell(chat);
}

void memo_tell(struct chat *chat)
{
    msec_t wall = chat->opts.clock(chat->opts.user);
    const struct chat_memo memo = {
        .signins_full_at = retry_full_at(&chat->retry, wall, chat_now(chat)),
        .read_until = chat->catch.on ? chat->catch.since + CATCH_MARGIN_MS : chat->read_until,
        .read_floor = chat->read_floor,
    };
    chat->memos++;
    if (chat->opts.remember)
        chat->opts.remember(chat->opts.user, &memo);
    else
        chat->memos_kept++;
    chat->memo_ms = link_any_healthy(chat) ? chat_now(chat) + MEMO_MS : INT64_MAX;
}

void chat_remembered(struct chat *chat)
{
    chat->memos_kept++;
    chat_wake(chat);
}

void memo_tick(struct chat *chat)
{
    if (chat->memo_ms <= chat_now(chat) && !chat->stopping)
        memo_tell(chat);
}

void chat_forget_past(struct chat *chat)
{
    chat->read_floor = chat->opts.clock(chat->opts.user);
    memo_tell(chat);
    chat_wake(chat);
}

void catch_begin(struct chat *chat)
{
    msec_t now = chat->opts.clock(chat->opts.user), since = chat->read_until;
    bool missed = since > 0 && now - since >= (msec_t)chat->platform->limits.catch_up_after_ms;
    if (chat->catch.on) { /* the connection broke on the way: once more, since the same moment */
        start(chat, 0);
        return;
    }
    chat->read_until = now;
    if (missed && chat->platform->encode_catch_up && chat->hooks.place)
        catch_since(chat, since, now);
    memo_tell(chat);
}

void catch_done(struct chat *chat, msec_t again_after_ms)
{
    chat->catch.flying -= chat->catch.flying > 0;
    if (again_after_ms > 0 && ++chat->catch.tries < CATCH_TRIES)
        start(chat, again_after_ms); /* all places: what is known is known */
    else if (chat->catch.flying == 0 && chat->catch.next_ms == INT64_MAX)
        end(chat);
    chat_wake(chat);
}

int64_t catch_next_ms(const struct chat *chat)
{
    bool can = chat->catch.on && chat->catch.flying < CATCH_AT_ONCE && !chat->stopping &&
               link_any_healthy(chat);
    return can ? chat->catch.next_ms : INT64_MAX;
}

void catch_tick(struct chat *chat)
{
    struct chat_place place;
    while (catch_next_ms(chat) <= chat_now(chat)) {
        if (!chat->hooks.place(chat->hooks.user, &chat->catch.index, &place)) {
            chat->catch.next_ms = INT64_MAX; /* but for one that fails */
            if (chat->catch.flying == 0)
                end(chat);
            return;
        }
        struct chat_out *out = chat_out_take(chat);
        chat->catch.flying++;
        msec_t since = chat->catch.since > chat->read_floor ? chat->catch.since : chat->read_floor;
        chat->platform->encode_catch_up(chat->state, &place, since, &out->out);
        chat_out_run(chat, out);
    }
}
