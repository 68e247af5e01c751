#include "gritd/health.h"

#include <string.h>

#include "base/alloc.h"
#include "gritd/daemon.h"
#include "io/log.h"

/* One cause each: true when it holds, its sentence is in `why`. */
typedef bool (*cause)(const struct daemon *daemon, struct strbuf *why);

static bool is_stopping(const struct daemon *daemon, struct strbuf *why)
{
    if (daemon->stopping)
        strbuf_puts(why, "stopping");
    return daemon->stopping;
}

static bool chat_is_away(const struct daemon *daemon, struct strbuf *why)
{
    struct chat_status chat;
    chat_status(daemon->chat, &chat);
    if (chat.state == CHAT_UP)
        return false;
    strbuf_puts(why, chat.state == CHAT_FATAL ? "the chat platform refuses us"
                                              : "not connected to the chat platform");
    if (*chat.error)
        strbuf_printf(why, ": %s", chat.error);
    return true;
}

static bool is_stuck(const struct daemon *daemon, uint64_t since_ms)
{
    return uv_now(&daemon->loop) - since_ms >= HEALTH_STUCK_MS;
}

static bool store_is_stuck(const struct daemon *daemon, struct strbuf *why)
{
    bool stuck = is_stuck(daemon, daemon->health.store_ms);
    if (stuck)
        strbuf_printf(why, "the store takes nothing: %zu rows wait",
                      daemon->store->ops->queued(daemon->store));
    return stuck;
}

static bool queue_is_stuck(const struct daemon *daemon, struct strbuf *why)
{
    bool stuck = is_stuck(daemon, daemon->health.sends_ms);
    if (stuck)
        strbuf_printf(why, "messages are due and not one of them gets through: %zu on their way",
                      engine_stats(daemon->engine).outbox);
    return stuck;
}

static bool reload_was_refused(const struct daemon *daemon, struct strbuf *why)
{
    if (daemon->refused)
        strbuf_printf(why, "the configuration was changed and refused, the old one is in force: %s",
                      daemon->refused);
    return daemon->refused;
}

/* Without any rule people can still begin a talk by its word. */
static bool has_nothing_to_say(const struct daemon *daemon, struct strbuf *why)
{
    bool nothing = !daemon->book->rule_count && !daemon->book->flow_count;
    if (nothing)
        strbuf_puts(why, "no rules are loaded");
    return nothing;
}

/* The words are a promise: probes and alerts name them. The first one that holds is told first. */
static const struct {
    const char *word;
    cause holds;
} causes[] = {{"stopping", is_stopping},      {"chat", chat_is_away},
              {"store", store_is_stuck},      {"queue", queue_is_stuck},
              {"config", reload_was_refused}, {"rules", has_nothing_to_say}};

static const char *first_cause(const struct daemon *daemon, struct strbuf *why)
{
    const char *word = NULL;
    for (size_t i = 0; i < ARRAY_LEN(causes) && !word; i++)
        word = causes[i].holds(daemon, why) ? causes[i].word : NULL;
    return word;
}

bool health_good(const struct daemon *daemon, struct strbuf *why)
{
    struct strbuf text = {0};
    bool good = !first_cause(daemon, why ? why : &text);
    strbuf_done(&text);
    return good;
}

void health_each(const struct daemon *daemon,
                 void (*visit)(void *user, const char *word, const char *text), void *user)
{
    for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
        struct strbuf text = {0};
        bool holds = causes[i].holds(daemon, &text);
        visit(user, causes[i].word, holds ? strbuf_text(&text) : NULL);
        strbuf_done(&text);
    }
}

/* When something last moved, or there was nothing to move. */
static void look_at_sends(struct daemon *daemon)
{
    struct health *health = &daemon->health;
    struct engine_stats stats = engine_stats(daemon->engine);
    struct chat_status chat;
    uint64_t ended = stats.sent + stats.dead;
    chat_status(daemon->chat, &chat);
    if (chat.state != CHAT_UP || ended != health->ended || !engine_is_late(daemon->engine))
        health->sends_ms = uv_now(&daemon->loop);
    health->ended = ended;
}

static void look_at_store(struct daemon *daemon)
{
    struct health *health = &daemon->health;
    uint64_t waiting = daemon->store->ops->queued(daemon->store);
    if (!waiting || waiting != health->stored)
        health->store_ms = uv_now(&daemon->loop);
    health->stored = waiting;
}

void health_look(struct daemon *daemon)
{
    struct health *health = &daemon->health;
    struct strbuf why = {0};
    if (daemon->stopping)
        return;
    look_at_sends(daemon);
    look_at_store(daemon);
    const char *word = first_cause(daemon, &why);
    if (!word && health->told)
        log_info("health", "all is well again");
    else if (word && !str_eq(health->told, word)) /* its sentence may have numbers that move */
        log_warning("health", "%s", strbuf_text(&why));
    health->told = word;
    strbuf_done(&why);
}
