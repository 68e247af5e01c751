#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/chat_private.h"

static void on_open(void *user, struct ws_conn *conn);
static void on_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text);
static void on_closed(void *user, struct ws_conn *conn, const struct ws_closed *why);

static const struct ws_handler handler = {on_open, on_message, on_closed};

/* --- which there are --- */

struct chat_link *link_find(const struct chat *chat, uint32_t id)
{
    struct chat_link *link = chat->links;
    while (link && link->id != id)
        link = link->next;
    return link;
}

static int healthy_count(const struct chat *chat)
{
    int count = 0;
    for (const struct chat_link *link = chat->links; link; link = link->next)
        count += link->phase == LINK_UP && !link->leaving;
    return count;
}

bool link_any_healthy(const struct chat *chat)
{
    return healthy_count(chat) > 0;
}

int link_up_count(const struct chat *chat)
{
    int count = 0;
    for (const struct chat_link *link = chat->links; link; link = link->next)
        count += link->phase == LINK_UP;
    return count;
}

static bool attempting(const struct chat *chat)
{
    if (chat->asking || chat->opening.url)
        return true;
    for (const struct chat_link *link = chat->links; link; link = link->next) {
        if (link->phase == LINK_OPENING || link->phase == LINK_HELLO)
            return true;
    }
    return false;
}

struct chat_link *link_new(struct chat *chat)
{
    struct chat_link *link = NEW(struct chat_link);
    link->chat = chat;
    link->id = ++chat->last_link ? chat->last_link : ++chat->last_link;
    link->phase = LINK_OPENING;
    link->deadline_ms = INT64_MAX;
    link->next = chat->links;
    chat->links = link;
    return link;
}

void link_free(struct chat_link *link)
{
    struct chat_link **slot = &link->chat->links;
    while (*slot != link)
        slot = &(*slot)->next;
    *slot = link->next;
    ack_link_gone(link);
    free(link);
}

/* --- when to connect --- */

/* The next attempt after this delay, or when there may be another sign-in. */
static void want_after(struct chat *chat, int64_t delay)
{
    char text[CHAT_ERROR_BYTES];
    int64_t now = chat_now(chat), budget = retry_budget_ms(&chat->retry, now);
    chat->want_ms = now + (budget > delay ? budget : delay);
    if (chat->want_ms < chat->not_before_ms)
        chat->want_ms = chat->not_before_ms;
    if (budget <= delay || budget < 1000 || link_up_count(chat) > 0 || chat->fatal)
        return;
    (void)snprintf(text, sizeof(text),
                   "too many sign-ins in one day, the platform would shut us out; the next one in "
                   "%lld s",
                   (long long)(budget / 1000)); /* fits */
    chat_error(chat, text);
    chat_set_state(chat, CHAT_DOWN, text);
}

void link_want(struct chat *chat, int64_t min_delay_ms)
{
    int64_t delay = retry_wait_ms(&chat->retry);
    int64_t asked = min_delay_ms > 0
                        ? min_delay_ms + retry_jitter(&chat->retry, (uint64_t)min_delay_ms / 10)
                        : 0;
    want_after(chat, asked > delay ? asked : delay);
}

void link_want_now(struct chat *chat)
{
    want_after(chat, 0);
}

static bool wants_more(const struct chat *chat)
{
    return healthy_count(chat) < chat->wanted && !attempting(chat);
}

/* After anything ended: is there, or will there be, a connection? */
static void keep_connected(struct chat *chat, int64_t min_delay_ms)
{
    if (chat->stopping || chat->platform->transport == CHAT_SERVER)
        return;
    if (link_up_count(chat) == 0 && !chat->fatal)
        chat_set_state(chat, CHAT_DOWN, chat->status.error);
    if (wants_more(chat) && chat->want_ms == INT64_MAX)
        link_want(chat, min_delay_ms);
}

void link_attempt_failed(struct chat *chat, int64_t min_delay_ms, const char *why)
{
    chat->asking = false;
    chat->retry.failures++;
    chat->status.failures++;
    chat_error(chat, why);
    keep_connected(chat, min_delay_ms);
}

void link_begin(struct chat *chat)
{
    chat->want_ms = INT64_MAX;
    chat->asking = true;
    chat->ask_deadline_ms = chat_now(chat) + CHAT_ASK_MS;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_start(chat->state, chat->opts.clock(chat->opts.user), &out->out);
    chat_out_run(chat, out);
}

static void not_signed_in(struct chat *chat)
{
    retry_not_signed_in(&chat->retry);
    memo_tell(chat);
}

/* A kill must not hide a sign-in, so it is kept before it is one. */
void link_open(struct chat *chat, const char *url, const struct wire_field *headers)
{
    chat->asking = false;
    if (chat->stopping || chat->opening.url)
        return;
    retry_signin(&chat->retry, chat_now(chat));
    memo_tell(chat);
    chat->opening.url = xstrdup(url);
    chat->opening.headers = headers;
    chat->opening.memo = chat->memos;
    chat_wake(chat);
}

static bool may_connect(const struct chat *chat)
{
    return chat->opening.url && chat->memos_kept >= chat->opening.memo;
}

static void forget_opening(struct chat *chat)
{
    free(chat->opening.url);
    chat->opening.url = NULL;
}

static void connect_now(struct chat *chat)
{
    struct err err = {0};
    struct chat_link *link = link_new(chat);
    struct chat_out *lines = chat_out_take(chat);
    const struct ws_target target = {.url = chat->opening.url,
                                     .headers =
                                         op_headers(chat, chat->opening.headers, &lines->out.arena),
                                     .subprotocol = chat->platform->subprotocol,
                                     .max_message_bytes = chat->platform->limits.frame_bytes};
    int rc = ws_connect(chat->ws, &target, &handler, link, &err, &link->ws);
    chat_out_run(chat, lines); /* nothing is in it: only its arena was wanted */
    forget_opening(chat);
    if (rc < 0) {
        link_free(link);
        not_signed_in(chat);
        /* A bad address is quoted in err, and the address is a secret. */
        link_attempt_failed(chat, 0, err.code == EINVAL ? "an address of no use" : err.text);
    }
}

/* --- a connection's life --- */

int link_send(struct chat_link *link, const char *text, size_t len)
{
    if (link->phase == LINK_CALL) {
        call_answer(link, 200, text, len);
        return 0;
    }
    return link->ws ? ws_send(link->ws, text, len) : -ENOTCONN;
}

static void say_good_bye(struct chat *chat)
{
    if (!chat->platform->on_leave)
        return;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_leave(chat->state, &out->out);
    chat_out_run(chat, out);
}

void link_close(struct chat_link *link, unsigned code, const char *why)
{
    if (link->phase == LINK_CALL) {
        call_answer(link, 503, "", 0);
        return;
    }
    if (link->phase == LINK_CLOSING)
        return;
    (void)snprintf(link->why, sizeof(link->why), "%s", why); /* cut is fine */
    link->phase = LINK_CLOSING;
    link->deadline_ms = INT64_MAX; /* ws.h ends a slow close by itself */
    if (link->chat->stopping && link->was_up)
        say_good_bye(link->chat);
    ws_close(link->ws, code, "");
}

void link_up(struct chat_link *link, int64_t connections_said)
{
    struct chat *chat = link->chat;
    int64_t now = chat_now(chat);
    if (link->phase != LINK_HELLO)
        return;
    link->phase = LINK_UP;
    link->was_up = true;
    link->up_ms = now;
    link->deadline_ms = INT64_MAX;
    chat->status.connections_said = connections_said;
    if (chat->platform->transport == CHAT_SERVER)
        return;
    bool gap = link_up_count(chat) == 1; /* this one */
    chat->status.signins++;
    chat->want_ms = INT64_MAX;
    chat->fatal = false;
    chat->not_before_ms = INT64_MIN;
    /* The old ones are read on, so that nothing is lost that is already on its way through them;
     * the platform closes them, and if it does not, we do. */
    for (struct chat_link *old = chat->links; old; old = old->next) {
        if (old->phase == LINK_UP && old->leaving)
            old->deadline_ms = now + chat->platform->limits.linger_ms;
    }
    chat_set_state(chat, CHAT_UP, "connected");
    if (gap)
        catch_begin(chat);
    keep_connected(chat, 0); /* others of it */
}

void link_renew(struct chat_link *link)
{
    struct chat *chat = link->chat;
    if (link->phase != LINK_UP) {
        link_close(link, 1000, "told to go before it was up");
        return;
    }
    if (link->leaving)
        return;
    int64_t now = chat_now(chat), wait = 0;
    link->leaving = true;
    if (now - link->up_ms < CHAT_STABLE_MS) { /* a server that renews all the time */
        uint64_t most = retry_ceiling(&chat->retry);
        wait = retry_jitter(&chat->retry, most < CHAT_RENEW_WAIT_MS ? most : CHAT_RENEW_WAIT_MS);
    }
    retry_ended(&chat->retry, now - link->up_ms);
    int64_t budget = retry_budget_ms(&chat->retry, now);
    wait = budget > wait ? budget : wait;
    if (wants_more(chat) && now + wait < chat->want_ms)
        chat->want_ms = now + wait;
}

static bool may_close(const struct chat_link *link)
{
    return link->phase == LINK_UP && link->leaving && !link->acks && link->chat->stopping;
}

void link_ack_gone(struct chat_link *link)
{
    if (link->phase == LINK_CALL && !link->acks)
        call_answer(link, 503, "", 0); /* what was in it could not be kept */
    else if (may_close(link))
        link_close(link, 1000, "stopping");
}

static void on_open(void *user, struct ws_conn *conn)
{
    struct chat_link *link = user;
    if (!link)
        return;
    struct chat *chat = link->chat;
    const struct chat_limits *limits = &chat->platform->limits;
    link->ws = conn;
    if (link->phase == LINK_CLOSING)
        return;
    link->phase = LINK_HELLO;
    if (limits->hello_ms)
        link->deadline_ms = chat_now(chat) + limits->hello_ms;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_open(chat->state, link->id, link->person[0] ? link->person : NULL,
                            &out->out);
    chat_out_run(chat, out);
    chat_wake(chat);
}

static void on_message(void *user, struct ws_conn *conn, const char *data, size_t len, bool text)
{
    struct chat_link *link = user;
    (void)conn; /* the link's */
    if (!link || !text || link->chat->stopping)
        return;
    struct chat *chat = link->chat;
    msec_t now = chat->opts.clock(chat->opts.user);
    chat->status.last_frame = now;
    if (link->phase == LINK_UP && !chat->catch.on)
        chat->read_until = now;
    struct chat_out *out = chat_out_take(chat);
    chat->platform->on_frame(chat->state, link->id, data, len, now, &out->out);
    chat_out_run(chat, out);
    chat_wake(chat);
}

static void why_closed(const struct chat_link *link, const struct ws_closed *why, char *ret,
                       size_t size)
{
    if (link->why[0])
        (void)snprintf(ret, size, "%s", link->why); /* cut is fine, here and below */
    else if (why->http_status)
        (void)snprintf(ret, size, "connection refused with HTTP %u", why->http_status);
    else if (!str_empty(why->error))
        (void)snprintf(ret, size, "%s", why->error);
    else
        (void)snprintf(ret, size, "closed by the other side with %u %s", why->code,
                       why->reason ? why->reason : "");
}

/* What one connection less means for the others. */
static void after_closed(struct chat *chat, const struct chat_link *link, const char *why)
{
    if (chat->stopping || chat->platform->transport == CHAT_SERVER)
        return;
    if (!link->was_up) {
        not_signed_in(chat);
        link_attempt_failed(chat, link->drop_delay_ms, why);
        return;
    }
    if (!link->leaving) {
        retry_ended(&chat->retry, chat_now(chat) - link->up_ms);
        chat->status.failures++;
        chat_error(chat, why);
    }
    keep_connected(chat, link->drop_delay_ms);
}

static void on_closed(void *user, struct ws_conn *conn, const struct ws_closed *why)
{
    struct chat_link *link = user;
    char text[CHAT_ERROR_BYTES];
    (void)conn; /* the link's */
    if (!link)
        return;
    struct chat *chat = link->chat;
    struct chat_link last = *link;
    why_closed(link, why, text, sizeof(text));
    struct chat_out *out = chat_out_take(chat);
    const struct chat_closed how = {why->code, why->reason ? why->reason : "", why->http_status};
    chat->platform->on_closed(chat->state, link->id, &how, &out->out);
    link_free(link);
    chat_out_run(chat, out);
    after_closed(chat, &last, text);
    chat_wake(chat);
}

/* --- by the clock --- */

static void tick_link(struct chat_link *link)
{
    if (link->phase == LINK_HELLO)
        link_close(link, 1000, "connected, but the platform said nothing in time");
    else if (link->phase == LINK_CALL)
        link_close(link, 0, "");
    else if (link->phase == LINK_UP)
        link_close(link, 1000, link->chat->stopping ? "stopping" : "replaced by a newer one");
}

void link_tick(struct chat *chat)
{
    int64_t now = chat_now(chat);
    for (struct chat_link *link = chat->links, *next; link; link = next) {
        next = link->next;
        if (link->deadline_ms <= now)
            tick_link(link);
    }
    if (may_connect(chat) && !chat->stopping)
        connect_now(chat);
    if (chat->asking && chat->ask_deadline_ms <= now)
        link_attempt_failed(chat, 0, "the platform did not answer in time");
    if (chat->want_ms <= now && !chat->stopping)
        link_begin(chat);
}

int64_t link_next_ms(const struct chat *chat)
{
    int64_t next = chat->stopping ? INT64_MAX : chat->want_ms;
    if (may_connect(chat) && !chat->stopping)
        return chat_now(chat);
    if (chat->asking && chat->ask_deadline_ms < next)
        next = chat->ask_deadline_ms;
    for (const struct chat_link *link = chat->links; link; link = link->next)
        next = link->deadline_ms < next ? link->deadline_ms : next;
    return next;
}

void link_stop_all(struct chat *chat)
{
    chat->want_ms = INT64_MAX;
    chat->asking = false;
    forget_opening(chat);
    for (struct chat_link *link = chat->links, *next; link; link = next) {
        next = link->next;
        link->leaving = true;
        link->deadline_ms = chat_now(chat) + CHAT_STOP_MS;
        if (link->phase == LINK_OPENING || link->phase == LINK_HELLO || may_close(link))
            link_close(link, 1000, "stopping");
    }
}

void link_forget_all(struct chat *chat)
{
    forget_opening(chat);
    while (chat->links) {
        struct chat_link *link = chat->links;
        if (link->phase == LINK_CALL) {
            call_answer(link, 503, "", 0);
            continue;
        }
        if (link->ws) {
            ws_set_user(link->ws, NULL);
            ws_close(link->ws, 1001, "");
        }
        link_free(link);
    }
}

/* --- server --- */

static bool accept_link(void *user, struct ws_conn *conn, const char *query, const char *origin)
{
    struct chat *chat = user;
    char person[CHAT_PERSON_BYTES];
    if (chat->stopping || chat->freed ||
        chat->platform->server->accept(query, origin, person, sizeof(person)) < 0)
        return false;
    struct chat_link *link = link_new(chat);
    link->ws = conn;
    memcpy(link->person, person, sizeof(person));
    ws_set_user(conn, link);
    return true;
}

int link_listen(struct chat *chat, struct err *err)
{
    const struct ws_local local = {.port = chat->opts.listen_port,
                                   .path = chat->platform->server->path,
                                   .subprotocol = chat->platform->subprotocol,
                                   .max_message_bytes = chat->platform->limits.frame_bytes};
    return ws_listen(chat->ws, &local, accept_link, &handler, chat, err);
}
