/* How the daemon is: for operators, probes and programs. */
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

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

static void write_reason(void *user, const char *word, const char *text)
{
    struct jsonw *json = user;
    if (!text)
        return;
    jsonw_object(json, NULL);
    jsonw_text(json, "reason", word);
    jsonw_text(json, "text", text);
    jsonw_object_end(json);
}

static void write_reasons(const struct daemon *daemon, struct jsonw *json)
{
    jsonw_array(json, "reasons");
    health_each(daemon, write_reason, json);
    jsonw_array_end(json);
}

/* A problem of RFC 9457, with every reason in it: a word that stays, and a sentence. */
void http_readyz(struct daemon *daemon, struct httpd_request *request)
{
    static const struct httpd_header headers[] = {{"Cache-Control", "no-store"}};
    struct strbuf why = {0}, body = {0};
    struct jsonw json;
    if (health_good(daemon, &why)) {
        http_json(request, 200, "{\"status\":\"ready\"}");
        strbuf_done(&why);
        return;
    }
    jsonw_begin(&json, &body);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "type", "about:blank");
    jsonw_text(&json, "title", "Not ready");
    jsonw_int(&json, "status", 503);
    jsonw_text(&json, "detail", strbuf_text(&why));
    write_reasons(daemon, &json);
    jsonw_object_end(&json);
    httpd_reply(request, 503, "application/problem+json", body.data, body.len, headers,
                ARRAY_LEN(headers));
    strbuf_done(&body);
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

/* What `gritctl doctor` compares with what it sees itself. */
static void write_self(const struct daemon *daemon, struct jsonw *json)
{
    char stamp[SETUP_STAMP_BYTES];
    struct rlimit files = {0};
    (void)getrlimit(RLIMIT_NOFILE, &files); /* cannot fail with these arguments */
    jsonw_time(json, "started", daemon->started);
    jsonw_time(json, "configured", daemon->configured);
    jsonw_text(json, "configuration", setup_stamp(daemon->setup, stamp));
    jsonw_text(json, "refused", daemon->refused);
    jsonw_int(json, "process", getpid());
    jsonw_int(json, "files_max", (int64_t)files.rlim_cur);
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
    write_self(daemon, &json);
    jsonw_object_end(&json);
    strbuf_done(&listen);
}
