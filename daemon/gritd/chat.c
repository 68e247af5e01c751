/* The chat connection's place in the daemon. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "core/overview.h"
#include "gritd/daemon.h"
#include "io/log.h"

enum { VALUES_MAX = 32, OFFER_MS = 50 };

/* Option values of the running platform, secrets resolved; zeroed and freed after use. */
struct values {
    struct daemon *daemon;
    const struct setup *setup;
    struct err *err;
    char *owned[VALUES_MAX];
    int count, status;
};

static const char *value_of(void *user, const char *key)
{
    struct values *values = user;
    const struct config_option *option = config_option(values->setup->config, key);
    if (!option)
        return NULL;
    if (option->secret.kind == SECRET_NONE || values->count == VALUES_MAX)
        return option->value;
    char *secret = NULL;
    struct err why;
    if (setup_secret(values->setup, &option->secret, &why, &secret)) {
        values->status = err_set(values->err, EINVAL, "%s:%d:%d: %s.%s: %s", option->place.file,
                                 option->place.line, option->place.col,
                                 values->daemon->platform->name, key, why.text);
        return NULL;
    }
    values->owned[values->count++] = secret;
    return secret;
}

static void forget(struct values *values)
{
    for (int i = 0; i < values->count; i++) {
        explicit_bzero(values->owned[i], strlen(values->owned[i]));
        free(values->owned[i]);
    }
}

/* Hosts that a person wrote down may be called in the inner network too. */
static void reach_fill(struct daemon *daemon)
{
    const struct config *config = daemon->setup->config;
    reach_done(&daemon->reach);
    for (int i = 0; i < config->option_count; i++)
        if (config->options[i].secret.kind == SECRET_NONE)
            reach_add(&daemon->reach, config->options[i].value);
}

static int resolve(struct values *values, const char **list)
{
    struct err missing;
    int status = chat_options_resolve(values->daemon->platform, value_of, values, &missing, list);
    if (values->status)
        return values->status; /* the secret's own error says more */
    return status ? err_set(values->err, EINVAL, "%s: %s", values->setup->path, missing.text) : 0;
}

static void on_durable(void *user, int status)
{
    struct chat_ack *ack = user;
    if (!ack)
        return;
    if (status)
        chat_ack_drop(ack);
    else
        chat_ack_done(ack);
}

static bool take(void *user, const struct event *event)
{
    struct daemon *daemon = user;
    return engine_take(daemon->engine, event, daemon_now(daemon), NULL, NULL) != ENGINE_FULL;
}

static void on_offer(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    if (!daemon->stopping && !held_offer(&daemon->held, take, daemon))
        (void)uv_timer_start(timer, on_offer, OFFER_MS, 0); /* a live timer */
}

/* Nobody will deliver it again. */
static void take_or_hold(struct daemon *daemon, const struct event *event)
{
    if (daemon->held.count == 0 && take(daemon, event))
        return;
    if (!held_add(&daemon->held, event))
        log_error("chat", "more than %d things that people said wait to be taken; one is lost",
                  HELD_MAX);
    if (!uv_is_active((uv_handle_t *)&daemon->offer))
        (void)uv_timer_start(&daemon->offer, on_offer, OFFER_MS, 0); /* a live timer */
}

static void on_event(void *user, const struct event *event, struct chat_ack *ack)
{
    struct daemon *daemon = user;
    zone_gap_look(daemon, event);
    if (!ack && !daemon->stopping)
        take_or_hold(daemon, event);
    else if (daemon->stopping ||
             engine_take(daemon->engine, event, daemon_now(daemon), on_durable, ack) == ENGINE_FULL)
        chat_ack_drop(ack); /* the platform will deliver it again */
}

static void on_result(void *user, const struct chat_result *result)
{
    struct daemon *daemon = user;
    if (result->error && often_tell(&daemon->unsent, result->error, (int64_t)uv_now(&daemon->loop)))
        log_warning("send", "%s: %s", result->key, result->error);
    daemon->metrics.results[result->outcome]++;
    drill_ended(daemon, result);
    if (!daemon->stopping)
        engine_result(daemon->engine, result, daemon_now(daemon));
}

static void tell_unsent(void *user, const char *cause, uint64_t times)
{
    (void)user;
    log_warning("send", "%llu times more: %s", (unsigned long long)times, cause);
}

void daemon_chat_look(struct daemon *daemon)
{
    often_look(&daemon->unsent, (int64_t)uv_now(&daemon->loop), tell_unsent, NULL);
}

static void on_status(void *user, enum chat_state state, const char *text)
{
    struct daemon *daemon = user;
    if (state == CHAT_FATAL)
        log_error("chat", "%s", text);
    else if (state == CHAT_DOWN)
        log_warning("chat", "%s", text);
    else
        log_info("chat", "connected%s%s", text && *text ? ": " : "", text ? text : "");
    if (state == CHAT_UP && !daemon->stopping)
        engine_chat_ready(daemon->engine, daemon_now(daemon));
}

/* Whose words may have been missed. */
static bool on_place(void *user, size_t *index, struct chat_place *ret_place)
{
    const struct daemon *daemon = user;
    *ret_place = (struct chat_place){.user = core_chat_next(engine_core(daemon->engine), index)};
    return ret_place->user != NULL;
}

static msec_t clock_now(void *user)
{
    return daemon_now(user);
}

/* xorshift128+ (Vigna, 2014) over a seed of the system: for jitter, not for secrets. */
static uint64_t random_next(void *user)
{
    uint64_t *s = ((struct daemon *)user)->random_state;
    uint64_t x = s[0], y = s[1];
    s[0] = y;
    x ^= x << 23;
    s[1] = x ^ y ^ (x >> 17) ^ (y >> 26);
    return s[1] + y;
}

/* --- the budget of sign-ins --- */

#define MEMO_KEY "chat " /* and the platform's name */

static void on_remembered(void *user, int status)
{
    struct daemon *daemon = user;
    if (!status)
        chat_remembered(daemon->chat); /* outlives the store */
}

static void on_remember(void *user, const struct chat_memo *memo)
{
    struct daemon *daemon = user;
    struct arena arena;
    if (daemon->stopping)
        return;
    arena_init(&arena);
    const struct row_state row = {
        STATE_META, arena_printf(&arena, MEMO_KEY "%s", daemon->platform->name),
        arena_printf(&arena, "{\"full_at\":%lld,\"read_until\":%lld,\"read_floor\":%lld}",
                     (long long)memo->signins_full_at, (long long)memo->read_until,
                     (long long)memo->read_floor)};
    const struct engine_own own = {
        .rows = &row, .row_count = 1, .done = on_remembered, .user = daemon};
    engine_keep(daemon->engine, &own, daemon_now(daemon));
    arena_done(&arena);
}

struct remembered {
    const char *platform;
    struct chat_memo memo;
};

static int on_memo_row(void *user, const struct row *row)
{
    struct remembered *remembered = user;
    if (!str_starts(row->state.key, MEMO_KEY) ||
        !str_eq(row->state.key + strlen(MEMO_KEY), remembered->platform))
        return 0;
    json_t *value = json_loads(row->state.value, 0, NULL);
    remembered->memo = (struct chat_memo){
        /* else 0 */
        .signins_full_at = json_integer_value(json_object_get(value, "full_at")),
        .read_until = json_integer_value(json_object_get(value, "read_until")),
        .read_floor = json_integer_value(json_object_get(value, "read_floor")),
    };
    json_decref(value);
    return 0;
}

int daemon_chat_open(struct daemon *daemon, struct err *err)
{
    struct remembered remembered = {.platform = daemon->platform->name};
    const char *list[VALUES_MAX] = {NULL};
    struct values values = {.daemon = daemon, .setup = daemon->setup, .err = err};
    struct chat_opts opts = {.platform = daemon->platform,
                             .values = list,
                             .max_sends = CHAT_SENDS,
                             .user = daemon,
                             .remember = on_remember,
                             .clock = clock_now,
                             .random = random_next};
    struct chat_hooks hooks = {daemon, on_event, on_result, on_status, on_place};
    reach_fill(daemon);
    int status =
        daemon->store->ops->load_kind(daemon->store, STATE_META, on_memo_row, &remembered, err);
    opts.memo = remembered.memo;
    if (!status)
        status = resolve(&values, list);
    if (!status) {
        status =
            chat_new(&daemon->loop, daemon->ws, daemon->httpc, &opts, &hooks, err, &daemon->chat);
        if (status)
            (void)err_prefix(err, "%s: %s: ", daemon->setup->path, daemon->platform->name);
    }
    forget(&values);
    return status ? status : chat_start(daemon->chat, err);
}

int daemon_chat_reload(struct daemon *daemon, struct err *err)
{
    const char *list[VALUES_MAX] = {NULL};
    struct values values = {.daemon = daemon, .setup = daemon->setup, .err = err};
    if (!str_eq(daemon->setup->config->platform, daemon->platform->name))
        return 0; /* told already */
    reach_fill(daemon);
    int status = resolve(&values, list);
    if (!status)
        status = chat_set_values(daemon->chat, list, err);
    forget(&values);
    return status;
}

/* On the embedded chat a person is known by the id of people.yaml. */
void daemon_chat_people(struct daemon *daemon)
{
    if (!daemon_is_local(daemon))
        return;
    for (int i = 0; i < daemon->book->person_count; i++) {
        struct event event;
        event_init(&event, EVENT_PERSON, daemon_now(daemon));
        event.chat = daemon->book->people[i].id;
        (void)engine_take(daemon->engine, &event, daemon_now(daemon), NULL, NULL); /* no hurry */
    }
}

/* The embedded chat keeps its conversations only in memory: what is still open is shown again. */
void daemon_chat_refill(struct daemon *daemon)
{
    struct message *list;
    struct arena arena;
    if (!daemon_is_local(daemon))
        return;
    arena_init(&arena);
    size_t count = core_open_messages(engine_core(daemon->engine), &arena, &list);
    for (size_t i = 0; i < count; i++)
        chat_local_refill(daemon->chat, &list[i], list[i].to);
    arena_done(&arena);
}
