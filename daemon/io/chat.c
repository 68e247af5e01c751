#include "io/chat.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/chat_private.h"

enum { SENDS_DEFAULT = 32, BACKOFF_MS = 500, BACKOFF_MAX_MS = 60000 };

int64_t chat_now(const struct chat *chat)
{
    return (int64_t)uv_now(chat->loop);
}

void chat_error(struct chat *chat, const char *text)
{
    (void)snprintf(chat->status.error, sizeof(chat->status.error), "%s", text); /* cut is fine */
}

void chat_set_state(struct chat *chat, enum chat_state state, const char *text)
{
    if (chat->told && chat->status.state == state && str_eq(chat->told, text))
        return;
    xstr_replace(&chat->told, text);
    if (chat->status.state != state)
        chat->status.since = chat->opts.clock(chat->opts.user);
    chat->status.state = state;
    if (!chat->stopping)
        chat->hooks.status(chat->hooks.user, state, text);
}

/* --- the clock --- */

static void on_timer(uv_timer_t *timer)
{
    struct chat *chat = timer->data;
    chat->armed_ms = INT64_MAX;
    chat_drain_queued(chat);
    link_tick(chat);
    op_tick(chat);
    catch_tick(chat);
    memo_tick(chat);
    if (chat->platform_ms <= chat_now(chat) && !chat->stopping) {
        chat->platform_ms = INT64_MAX;
        struct chat_out *out = chat_out_take(chat);
        chat->platform->on_timer(chat->state, chat->opts.clock(chat->opts.user), &out->out);
        chat_out_run(chat, out);
    }
    chat_wake(chat);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void chat_wake(struct chat *chat)
{
    if (chat->freed)
        return;
    int64_t now = chat_now(chat);
    int64_t next = chat->queued ? now : earlier(link_next_ms(chat), op_next_ms(chat));
    next = earlier(next, catch_next_ms(chat));
    next = earlier(next, chat->stopping ? INT64_MAX : chat->memo_ms);
    if (!chat->stopping)
        next = earlier(next, chat->platform_ms);
    if (next == chat->armed_ms)
        return;
    chat->armed_ms = next;
    if (next == INT64_MAX)
        (void)uv_timer_stop(&chat->timer); /* cannot fail */
    else
        (void)uv_timer_start(&chat->timer, on_timer, next > now ? (uint64_t)(next - now) : 0, 0);
}

/* --- the port --- */

static size_t port_room(void *self)
{
    const struct chat *chat = self;
    if (chat->stopping || chat->fatal || chat->status.state != CHAT_UP ||
        chat->sends >= chat->opts.max_sends)
        return 0;
    size_t room = chat->opts.max_sends - chat->sends;
    return chat->post_method < 0 ? room
                                 : rate_room(&chat->rates[chat->post_method], chat_now(chat), room);
}

static void refuse(struct chat *chat, const char *key, enum chat_outcome outcome)
{
    chat_tell(chat, &(struct chat_result){.key = key, .outcome = outcome, .error = "(stopping)"});
}

static void port_send(void *self, const struct message *message, const struct chat_place *place)
{
    struct chat *chat = self;
    chat->inside_port++;
    chat->sends++;
    if (chat->stopping) {
        refuse(chat, message->key, CHAT_RETRY);
    } else {
        struct chat_out *out = chat_out_take(chat);
        chat->platform->encode_send(chat->state, message, place, chat->opts.clock(chat->opts.user),
                                    &out->out);
        chat_out_run(chat, out);
    }
    chat->inside_port--;
    chat_wake(chat);
}

static void port_lookup(void *self, const char *const *keys, size_t count,
                        const struct chat_place *place, msec_t sent_at)
{
    struct chat *chat = self;
    const struct chat_platform *platform = chat->platform;
    bool together = platform->encode_lookups && !chat->stopping;
    struct chat_out *out = chat_out_take(chat);
    chat->inside_port++;
    chat->sends += together ? 1 : count;
    if (together)
        platform->encode_lookups(chat->state, keys, count, place, sent_at, &out->out);
    for (size_t i = 0; i < count && !together; i++) {
        if (chat->stopping)
            refuse(chat, keys[i], CHAT_UNREADABLE);
        else
            platform->encode_lookup(chat->state, keys[i], place, sent_at, &out->out);
    }
    chat_out_run(chat, out);
    chat->inside_port--;
    chat_wake(chat);
}

const struct chat_port *chat_port(struct chat *chat)
{
    return &chat->port;
}

/* --- life --- */

static void set_values(struct chat *chat, const char *const *values)
{
    size_t count = chat->platform->option_count;
    if (!chat->values)
        chat->values = NEW_ARRAY(char *, count + 1);
    for (size_t i = 0; i < count; i++)
        xstr_replace(&chat->values[i], values[i]);
}

static const char *value_of(const struct chat *chat, const char *key)
{
    int option = chat_option_find(chat->platform, key);
    return option >= 0 ? chat->values[option] : NULL;
}

/* Options that are the runner's business; the platform has looked at them. */
static void set_rates(struct chat *chat)
{
    const struct chat_platform *platform = chat->platform;
    const char *pace = value_of(chat, "messages_per_minute");
    const char *wanted = value_of(chat, "connections");
    int64_t asked;
    chat->wanted = wanted && str_to_i64(wanted, &asked) == 0 ? (int)asked : 1;
    for (size_t i = 0; i < platform->method_count; i++) {
        const struct chat_method *method = &platform->methods[i];
        int64_t rate = method->per_minute;
        if (method->of_messages && pace && str_to_i64(pace, &asked) == 0)
            rate = asked;
        rate_init(&chat->rates[i], rate, method->burst);
        if (method->of_messages)
            chat->post_method = (int)i;
    }
}

static void fill(struct chat *chat, uv_loop_t *loop, struct ws *ws, struct httpc *httpc,
                 const struct chat_opts *opts, const struct chat_hooks *hooks)
{
    const struct chat_limits *limits = &opts->platform->limits;
    chat->loop = loop;
    chat->ws = ws;
    chat->httpc = httpc;
    chat->platform = opts->platform;
    chat->opts = *opts;
    chat->opts.values = NULL; /* ours are a copy */
    chat->opts.max_sends = opts->max_sends ? opts->max_sends : SENDS_DEFAULT;
    chat->retry =
        (struct chat_retry){.first_ms = opts->backoff_ms ? opts->backoff_ms : BACKOFF_MS,
                            .most_ms = opts->backoff_max_ms ? opts->backoff_max_ms : BACKOFF_MAX_MS,
                            .random = opts->random,
                            .user = opts->user};
    chat->hooks = *hooks;
    chat->port = (struct chat_port){chat, port_room, port_send, port_lookup};
    chat->armed_ms = chat->want_ms = chat->platform_ms = INT64_MAX;
    chat->not_before_ms = INT64_MIN;
    chat->queued_last = &chat->queued;
    chat->post_method = -1;
    chat->read_until = opts->memo.read_until;
    chat->read_floor = opts->memo.read_floor;
    chat->memo_ms = INT64_MAX;
    chat->status.last_frame = MSEC_NONE;
    chat->status.since = opts->clock(opts->user);
    rate_map_init(&chat->channels, limits->channel_per_minute, limits->channel_burst);
    set_values(chat, opts->values);
    chat->rates = NEW_ARRAY(struct rate, opts->platform->method_count + 1);
    set_rates(chat);
}

/* The platform's state for these values. */
static int make_state(const struct chat_opts *opts, const char *const *values, struct err *err,
                      void **ret_state)
{
    struct chat_setup setup = {.values = values, .seed = opts->random(opts->user)};
    if (getrandom(setup.secret, sizeof(setup.secret), 0) != (ssize_t)sizeof(setup.secret))
        return err_set(err, EIO, "the system gives no random bytes");
    int rc = opts->platform->state_new(&setup, err, ret_state);
    explicit_bzero(setup.secret, sizeof(setup.secret));
    return rc;
}

int chat_new(uv_loop_t *loop, struct ws *ws, struct httpc *httpc, const struct chat_opts *opts,
             const struct chat_hooks *hooks, struct err *err, struct chat **ret_chat)
{
    void *state = NULL;
    int rc = make_state(opts, opts->values, err, &state);
    if (rc < 0)
        return rc;
    struct chat *chat = NEW(struct chat);
    fill(chat, loop, ws, httpc, opts, hooks);
    chat->state = state;
    retry_init(&chat->retry, opts->memo.signins_full_at, opts->clock(opts->user), chat_now(chat));
    (void)uv_timer_init(loop, &chat->timer); /* cannot fail */
    chat->timer.data = chat;
    *ret_chat = chat;
    return 0;
}

int chat_start(struct chat *chat, struct err *err)
{
    int rc = 0;
    if (chat->started || chat->stopping)
        return 0;
    uv_update_time(chat->loop);
    if (chat->platform->transport == CHAT_SERVER)
        rc = link_listen(chat, err);
    if (rc < 0)
        return rc;
    chat->started = true;
    if (chat->platform->transport == CHAT_SERVER)
        chat_set_state(chat, CHAT_UP, "listening");
    else
        link_want_now(chat);
    chat_wake(chat);
    return 0;
}

/* The new token may belong to another bot, so everything begins anew, but the connections that are
 * up stay until a new one is. */
static void start_over(struct chat *chat, void *state)
{
    struct chat_out *out = chat_out_take(chat);
    const struct chat_closed how = {1000, "new settings", 0};
    if (chat->platform->on_leave)
        chat->platform->on_leave(chat->state, &out->out);
    for (struct chat_link *link = chat->links; link; link = link->next)
        chat->platform->on_closed(chat->state, link->id, &how, &out->out);
    chat->platform->state_free(chat->state);
    chat->state = state;
    chat->fatal = false;
    chat->not_before_ms = INT64_MIN;
    chat->retry.failures = 0;
    chat->platform_ms = INT64_MAX;
    for (struct chat_link *link = chat->links, *next; link; link = next) {
        next = link->next;
        if (link->phase == LINK_UP)
            link->leaving = true;
        else
            link_close(link, 1000, "new settings");
    }
    if (link_up_count(chat) > 0)
        chat_set_state(chat, CHAT_UP, "connected");
    chat->asking = false;
    link_want_now(chat);
    chat_out_run(chat, out);
    chat_wake(chat);
}

static bool same_values(const struct chat *chat, const char *const *values)
{
    for (size_t i = 0; i < chat->platform->option_count; i++) {
        if (!chat->values[i] != !values[i] || !str_eq(chat->values[i], values[i]))
            return false;
    }
    return true;
}

int chat_set_values(struct chat *chat, const char *const *values, struct err *err)
{
    if (!chat->fatal && same_values(chat, values))
        return 0;
    void *state = NULL;
    int rc = make_state(&chat->opts, values, err, &state);
    if (rc < 0)
        return rc;
    set_values(chat, values);
    set_rates(chat);
    if (chat->started && !chat->stopping && chat->platform->transport == CHAT_CLIENT)
        start_over(chat, state);
    else
        chat->platform->state_free(state); /* a server's holds the conversations */
    return 0;
}

void chat_stop(struct chat *chat)
{
    if (chat->stopping)
        return;
    chat->stopping = true;
    chat->status.state = CHAT_DOWN;
    link_stop_all(chat);
    op_end_held(chat);
    chat_wake(chat);
}

bool chat_is_idle(const struct chat *chat)
{
    return !chat->links && !chat->held && !chat->flying && !chat->queued;
}

static void free_chat(uv_handle_t *handle)
{
    struct chat *chat = handle->data;
    for (size_t i = 0; i < chat->platform->option_count; i++)
        free(chat->values[i]);
    while (chat->spare) {
        struct chat_out *out = chat->spare;
        chat->spare = out->next;
        wire_out_done(&out->out);
        free(out);
    }
    while (chat->queued) {
        struct chat_queued *queued = chat->queued;
        chat->queued = queued->next;
        free(queued);
    }
    rate_map_done(&chat->channels);
    free(chat->values);
    free(chat->rates);
    free(chat->told);
    free(chat);
}

void chat_free(struct chat *chat)
{
    if (!chat)
        return;
    chat->stopping = chat->freed = true;
    link_forget_all(chat);
    ack_forget_all(chat);
    op_forget_all(chat);
    chat->platform->state_free(chat->state);
    uv_close((uv_handle_t *)&chat->timer, free_chat);
}

/* --- what is known --- */

void chat_status(const struct chat *chat, struct chat_status *ret_status)
{
    *ret_status = chat->status;
    ret_status->connections = link_up_count(chat);
    ret_status->in_flight = chat->op_count - chat->held_count;
    ret_status->waiting = chat->held_count;
    ret_status->acks = chat->ack_count;
    ret_status->signins_spent = retry_spent(&chat->retry, chat_now(chat));
}

size_t chat_counters(const struct chat *chat, const struct chat_counter **ret_counters)
{
    return chat->platform->counters ? chat->platform->counters(chat->state, ret_counters) : 0;
}
