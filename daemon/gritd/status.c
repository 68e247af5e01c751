/* How the daemon is: for operators, probes and programs. */
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/daemon.h"
#include "gritd/intake_failed.h"
#include "gritd/intake_watch.h"
#include "gritd/poll.h"
#include "gritd/read_back.h"

void http_healthz(struct daemon *daemon, struct httpd_request *request)
{
    (void)daemon; /* that it answers is the answer */
    http_json(request, 200, "{\"status\":\"alive\"}");
}

void http_readyz(struct daemon *daemon, struct httpd_request *request)
{
    struct strbuf why = {0};
    if (health_good(daemon, &why))
        http_json(request, 200, "{\"status\":\"ready\"}");
    else
        http_problem(request, 503, "Not ready", "%s", strbuf_text(&why));
    strbuf_done(&why);
}

static const char *const chat_words[] = {
    [CHAT_DOWN] = "down", [CHAT_UP] = "up", [CHAT_FATAL] = "refused"};

static void write_time(struct jsonw *json, const char *key, msec_t t)
{
    if (t == MSEC_NEVER || t == MSEC_NONE || t == 0)
        jsonw_null(json, key);
    else
        jsonw_time(json, key, t);
}

static int kept_back(const struct setup *setup)
{
    int count = 0;
    for (size_t i = 0; i < setup->found_count; i++)
        count += setup->found[i].fate == LOAD_KEPT;
    return count;
}

void status_json(struct daemon *daemon, struct strbuf *out)
{
    struct engine_stats stats = engine_stats(daemon->engine);
    struct core_counts counts = core_counts(engine_core(daemon->engine));
    struct chat_status chat;
    struct jsonw json;
    chat_status(daemon->chat, &chat);
    struct strbuf why = {0};
    bool ready = health_good(daemon, &why);
    struct strbuf listen = {0};
    strbuf_printf(&listen, "http://%s:%u", daemon->setup->config->listen_host,
                  httpd_port(daemon->httpd));
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_bool(&json, "ok", true);
    jsonw_text(&json, "version", GRITD_VERSION);
    jsonw_bool(&json, "ready", ready);
    jsonw_text(&json, "why", ready ? NULL : strbuf_text(&why));
    strbuf_done(&why);
    jsonw_time(&json, "now", daemon_now(daemon));
    jsonw_text(&json, "platform", daemon->platform->name);
    jsonw_text(&json, "connection", chat_words[chat.state]);
    jsonw_text(&json, "connection_error", *chat.error ? chat.error : NULL);
    jsonw_text(&json, "listen", strbuf_text(&listen));
    jsonw_int(&json, "plugins_loaded", daemon->setup->counts.loaded);
    jsonw_int(&json, "plugins_failed", daemon->setup->counts.failed);
    jsonw_int(&json, "plugins_kept",
              kept_back(daemon->setup)); /* broken, an old version in force */
    jsonw_int(&json, "rules", daemon->book->rule_count);
    struct strbuf paused = {0};
    jsonw_text(&json, "rules_paused",
               core_paused_rules(engine_core(daemon->engine), &paused) ? strbuf_text(&paused)
                                                                       : NULL);
    strbuf_done(&paused);
    jsonw_int(&json, "people", (int64_t)counts.people);
    jsonw_int(&json, "deals", (int64_t)counts.deals);
    jsonw_int(&json, "open_conversations", (int64_t)counts.open_prompts);
    jsonw_int(&json, "waiting", (int64_t)counts.pending);
    jsonw_int(&json, "queue", (int64_t)stats.outbox);
    jsonw_int(&json, "unknown", (int64_t)stats.unknown);
    jsonw_int(&json, "events", (int64_t)stats.events);
    jsonw_int(&json, "sent", (int64_t)stats.sent);
    watches_status(daemon, &json);
    write_time(&json, "last_event", stats.last_event);
    write_time(&json, "next_due", engine_next_wake(daemon->engine));
    polls_status(daemon->polls, &json);
    jsonw_object_end(&json);
    strbuf_done(&listen);
}

void http_metrics(struct daemon *daemon, struct httpd_request *request)
{
    struct engine_stats stats = engine_stats(daemon->engine);
    struct core_counts counts = core_counts(engine_core(daemon->engine));
    struct chat_status chat;
    struct strbuf why = {0};
    chat_status(daemon->chat, &chat);
    bool ready = health_good(daemon, &why);
    strbuf_done(&why);
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } rows[] = {
        {"gritd_up", "gauge", "1 when connected and able to work", ready},
        {"gritd_events_total", "counter", "events taken", stats.events},
        {"gritd_events_repeated_total", "counter", "events seen before", stats.repeated},
        {"gritd_decisions_total", "counter", "decisions made, to speak or not", stats.decisions},
        {"gritd_messages_sent_total", "counter", "messages the platform has", stats.sent},
        {"gritd_messages_dead_total", "counter", "messages that will not arrive", stats.dead},
        {"gritd_sends_unknown_total", "counter", "sends of unknown outcome", stats.unknown_seen},
        {"gritd_sends_retried_total", "counter", "sends put off by the platform", stats.retries},
        {"gritd_outbox_messages", "gauge", "messages on their way", stats.outbox},
        {"gritd_outbox_unknown", "gauge", "messages of unknown outcome now", stats.unknown},
        {"gritd_store_rows_queued", "gauge", "rows not yet durable",
         daemon->store->ops->queued(daemon->store)},
        {"gritd_people", "gauge", "people known", counts.people},
        {"gritd_deals", "gauge", "deals known", counts.deals},
        {"gritd_conversations_open", "gauge", "questions and cards open", counts.open_prompts},
        {"gritd_rules_paused", "gauge", "rules that have paused themselves", counts.paused_rules},
        {"gritd_rules", "gauge", "rules loaded", (uint64_t)daemon->book->rule_count},
        {"gritd_chat_signins_total", "counter", "connections that came up", chat.signins},
        {"gritd_chat_failures_total", "counter", "connections lost or refused", chat.failures},
        {"gritd_intake_unread", "gauge", "requests kept that cannot be read", failed_count(daemon)},
    };
    struct strbuf out = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        strbuf_printf(&out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].help,
                      rows[i].name, rows[i].type, rows[i].name, (unsigned long long)rows[i].value);
    polls_metrics(daemon->polls, &out);
    read_backs_metrics(daemon->read_backs, &out);
    watches_metrics(daemon, &out);
    httpd_reply(request, 200, "text/plain; version=0.0.4; charset=utf-8", out.data, out.len, NULL,
                0);
    strbuf_done(&out);
}
