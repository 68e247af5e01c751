#include "gritd/daemon.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "engine/outbox.h"
#include "gritd/intake_failed.h"
#include "gritd/intake_watch.h"
#include "gritd/page.h"
#include "gritd/poll.h"
#include "gritd/quotas.h"
#include "gritd/read_back.h"
#include "gritd/reload.h"
#include "io/log.h"
#include "io/memory.h"
#include "io/store_sqlite.h"

enum {
    WAKE_MAX_MS = 60000, /* look at the wall clock at least so often: it may have been set */
    CHANGED_MS = 100,    /* pages are told of changes at most so often */
    SETTLED_MS = 10000,  /* after so long the platform's directory was read */
    STOP_MS = 4000,      /* the promise is five seconds */
};

msec_t daemon_now(const struct daemon *daemon)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    return now.tv_sec * MSEC_SECOND + now.tv_nsec / 1000000 + daemon->clock_offset;
}

bool daemon_is_local(const struct daemon *daemon)
{
    return daemon->platform->transport == CHAT_SERVER;
}

/* --- the engine's hooks --- */

static void on_failed(void *user, int status)
{
    struct daemon *daemon = user;
    const char *why = store_sqlite_failure(daemon->store);
    if (daemon->stopping)
        return;
    log_error("store", "nothing can be promised any more, ending: %s",
              why ? why : strerror(-status));
    daemon_stop(daemon, EXIT_RUNTIME);
}

static void on_decided(void *user, const struct decision *decision)
{
    struct daemon *daemon = user;
    struct strbuf line = {0};
    struct jsonw json;
    metrics_decision(&daemon->metrics, decision);
    if (!daemon_is_local(daemon))
        return;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_time(&json, "at", decision->at);
    jsonw_text(&json, "rep", decision->rep);
    jsonw_text(&json, "rule", decision->rule);
    jsonw_text(&json, "outcome", decision->outcome);
    jsonw_text(&json, "why", decision_blocker(decision));
    jsonw_text(&json, "deal", decision->deal);
    jsonw_object_end(&json);
    struct activity *slot = &daemon->activity[daemon->activity_next++ % ACTIVITY_MAX];
    free(slot->line);
    slot->line = strbuf_take(&line);
}

/* What the daemon itself shows of a person goes too; whoever is still in people.yaml is known
 * again, from nothing. */
static void on_erased(void *user, const char *id, size_t left)
{
    struct daemon *daemon = user;
    daemon->activity_next = 0; /* the panel of the try page; it fills again */
    for (size_t i = 0; i < ACTIVITY_MAX; i++)
        xstr_replace(&daemon->activity[i].line, NULL);
    chat_local_forget(daemon->chat, id);
    chat_forget_past(daemon->chat);
    failed_forget(daemon);
    daemon_chat_people(daemon);
    log_info("erase", "one person was erased"); /* without whom */
    if (left)
        log_warning("erase",
                    "%zu messages stay on the chat platform as they were: it did not let them be "
                    "changed",
                    left);
}

static void on_changed_timer(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    daemon->change_told = false;
    if (!daemon->stopping)
        chat_local_tell_changed(daemon->chat);
}

static void on_changed(void *user)
{
    struct daemon *daemon = user;
    if (!daemon_is_local(daemon) || daemon->change_told || !daemon->chat)
        return;
    daemon->change_told = true;
    (void)uv_timer_start(&daemon->changed, on_changed_timer, CHANGED_MS, 0); /* a live timer */
}

/* --- the loop --- */

static void on_wake(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    if (!daemon->settled && uv_now(&daemon->loop) - daemon->ready_ms >= SETTLED_MS) {
        daemon->settled = true;
        memory_trim();
    }
    if (!daemon->stopping && !daemon->advance)
        engine_tick(daemon->engine, daemon_now(daemon));
}

/* What the turn took without the time it slept. */
static void note_turn(struct daemon *daemon)
{
    struct metrics *metrics = &daemon->metrics;
    uint64_t now = uv_hrtime(), idle = uv_metrics_idle_time(&daemon->loop);
    if (metrics->turn_ns)
        histogram_add(&metrics->busy, now - metrics->turn_ns - (idle - metrics->idle_ns));
    metrics->turn_ns = now;
    metrics->idle_ns = idle;
}

/* Before the loop sleeps: until the next thing is due. */
static void on_rearm(uv_prepare_t *prepare)
{
    struct daemon *daemon = prepare->data;
    note_turn(daemon);
    if (daemon->stopping)
        return;
    if (daemon->advance)
        try_advance_step(daemon);
    keep_tick(daemon);
    msec_t next = engine_next_wake(daemon->engine), now = daemon_now(daemon);
    msec_t wait = next == MSEC_NEVER || next - now > WAKE_MAX_MS ? WAKE_MAX_MS : next - now;
    (void)uv_timer_start(&daemon->wake, on_wake, (uint64_t)(wait < 0 ? 0 : wait), 0); /* live */
}

static void on_watchdog(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    daemon->metrics.watchdog++;
    (void)sd_notify(0, "WATCHDOG=1"); /* without a service manager there is nobody to tell */
}

static void on_look(uv_timer_t *timer)
{
    health_look(timer->data);
    daemon_chat_look(timer->data);
    watches_look(timer->data);
    failed_look(timer->data);
}

static void notify(const char *state)
{
    (void)sd_notify(0, state); /* as above */
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct daemon *daemon = handle->data;
    struct reload reload;
    if (number != SIGHUP) {
        log_info("stop", "stopping");
        daemon_stop(daemon, EXIT_CLEAN);
        return;
    }
    daemon_reload(daemon, &reload); /* it has logged what is wrong */
    reload_done(&reload);
}

/* --- end --- */

static void close_handle(uv_handle_t *handle, void *user)
{
    (void)user;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* What is left once nothing runs any more. */
static void close_all(struct daemon *daemon)
{
    if (daemon->closed)
        return;
    daemon->closed = true;
    uv_handle_t *const mine[] = {
        (uv_handle_t *)&daemon->sigterm,    (uv_handle_t *)&daemon->sigint,
        (uv_handle_t *)&daemon->sighup,     (uv_handle_t *)&daemon->wake,
        (uv_handle_t *)&daemon->changed,    (uv_handle_t *)&daemon->watchdog,
        (uv_handle_t *)&daemon->stop_limit, (uv_handle_t *)&daemon->rearm,
        (uv_handle_t *)&daemon->look,       (uv_handle_t *)&daemon->offer};
    try_advance_drop(daemon);
    control_close(daemon->control);
    daemon->control = NULL;
    polls_close(daemon->polls);
    daemon->polls = NULL;
    read_backs_close(daemon->read_backs);
    daemon->read_backs = NULL;
    if (daemon->engine)
        engine_stop(daemon->engine);
    if (daemon->store)
        daemon->store->ops->close(daemon->store);
    daemon->store = NULL;
    if (daemon->ws)
        ws_stop(daemon->ws);
    chat_free(daemon->chat);
    daemon->chat = NULL;
    httpc_free(daemon->httpc);
    httpd_free(daemon->httpd);
    daemon->httpc = NULL;
    daemon->httpd = NULL;
    for (size_t i = 0; i < ARRAY_LEN(mine); i++)
        close_handle(mine[i], NULL);
}

static void on_stop_limit(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    if (!uv_is_closing((uv_handle_t *)timer))
        close_all(daemon);
}

/* Stopping: no new events, connections close once their acks are given, then all is let go. */
static void on_stop_check(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    bool calm = (!daemon->chat || chat_is_idle(daemon->chat)) &&
                (!daemon->httpd || !httpd_busy(daemon->httpd)) &&
                (!daemon->store || !daemon->store->ops->queued(daemon->store));
    if (calm)
        close_all(daemon);
}

void daemon_stop(struct daemon *daemon, int exit_code)
{
    if (daemon->stopping)
        return;
    daemon->stopping = true;
    daemon->exit_code = exit_code;
    notify("STOPPING=1");
    if (daemon->chat)
        chat_stop(daemon->chat);
    if (daemon->httpd)
        httpd_quiesce(daemon->httpd);
    (void)uv_timer_start(&daemon->stop_limit, on_stop_limit, STOP_MS, 0); /* live timers */
    (void)uv_timer_start(&daemon->wake, on_stop_check, 0, 10);
}

/* --- start --- */

static void init_handles(struct daemon *daemon)
{
    uv_timer_t *const timers[] = {&daemon->wake,       &daemon->changed, &daemon->watchdog,
                                  &daemon->stop_limit, &daemon->look,    &daemon->offer};
    uv_signal_t *const signals[] = {&daemon->sigterm, &daemon->sigint, &daemon->sighup};
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
        (void)uv_timer_init(&daemon->loop, timers[i]); /* cannot fail */
        timers[i]->data = daemon;
    }
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        (void)uv_signal_init(&daemon->loop, signals[i]); /* cannot fail after the loop's own */
        signals[i]->data = daemon;
        (void)uv_signal_start(signals[i], on_signal, numbers[i]); /* valid signals */
    }
    (void)uv_prepare_init(&daemon->loop, &daemon->rearm); /* cannot fail */
    daemon->rearm.data = daemon;
}

void daemon_signals(int how)
{
    sigset_t set;
    (void)sigemptyset(&set); /* none of these can fail: the set and the signals are valid */
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(how, &set, NULL);
}

static bool random_bytes(void *data, size_t size)
{
    return getrandom(data, size, 0) == (ssize_t)size;
}

/* NULL: the system gave no random bytes. */
static struct quotas *quotas_open(void)
{
    uint64_t key;
    return random_bytes(&key, sizeof(key)) ? quotas_new(key) : NULL;
}

static int open_store(struct daemon *daemon, struct err *err)
{
    CLEANUP_FREE char *path = setup_store_path(daemon->setup);
    struct store_sqlite_options options = {.finished = outbox_final_mask()};
    if (daemon->setup->config->store_kind != STORE_SQLITE)
        return err_set(err, ENOTSUP, "store: only sqlite: is built in so far");
    return store_sqlite_open(&daemon->loop, path, &options, err, &daemon->store);
}

static int open_engine(struct daemon *daemon, struct err *err)
{
    struct engine_options options = {
        .core = {.seed = daemon->setup->config->seed,
                 .introduces = true,
                 .ramp = true,
                 .zone = zones_get,
                 .zone_user = &daemon->zones},
        .quiet_ms = daemon_is_local(daemon) ? 0 : daemon->book->limits.quiet_period,
        .restored = daemon->restored,
        .hooks = {on_failed, on_decided, on_erased, on_changed, daemon},
    };
    if (!random_bytes(options.core.secret, sizeof(options.core.secret)))
        return err_set(err, EIO, "the system gave no random bytes");
    if (daemon_is_local(daemon))
        daemon->clock_offset = try_clock_start(daemon) - daemon_now(daemon);
    int status = engine_open(daemon->book, daemon->store, &options, daemon_now(daemon), err,
                             &daemon->engine);
    if (!status && daemon_is_local(daemon) && engine_last_at(daemon->engine) > daemon_now(daemon))
        daemon->clock_offset += engine_last_at(daemon->engine) - daemon_now(daemon);
    return status;
}

static int open_all(struct daemon *daemon, struct err *err)
{
    const struct ws_opts ws_opts = {.ping_s = daemon->platform->limits.ping_s,
                                    .hangup_s = daemon->platform->limits.hangup_s,
                                    .reach = &daemon->reach,
                                    .proxy = &daemon->proxy};
    const struct httpc_opts httpc_opts = {.user_agent = "gritd/" GRITD_VERSION,
                                          .max_in_flight = CHAT_SENDS + 16,
                                          .reach = &daemon->reach,
                                          .proxy = &daemon->proxy};
    int status = proxy_from_environment(&daemon->proxy, err);
    if (!status)
        status = open_store(daemon, err);
    if (!status)
        status = keep_restore(daemon, err);
    if (!status)
        status = open_engine(daemon, err);
    if (!status)
        status = intakes_open(daemon, daemon->setup, err, &daemon->intakes);
    if (!status)
        status = polls_open(daemon, daemon->setup, err, &daemon->polls);
    if (!status)
        status = polls_restore(daemon->polls, NULL, err);
    if (!status)
        status = read_backs_open(daemon, daemon->setup, err, &daemon->read_backs);
    if (!status)
        status = read_backs_restore(daemon->read_backs, err);
    if (!status)
        status = watches_open(daemon, err);
    if (!status)
        status = failed_open(daemon, err);
    if (!status)
        status = daemon_http_open(daemon, err);
    if (!status)
        status = ws_new(&daemon->loop, &ws_opts, err, &daemon->ws);
    if (!status)
        status = httpc_new(&daemon->loop, &httpc_opts, err, &daemon->httpc);
    if (!status)
        status = daemon_chat_open(daemon, err);
    if (!status)
        status = control_open(daemon, err, &daemon->control);
    return status;
}

static int exit_code_for(int status)
{
    static const struct {
        int status, code;
    } codes[] = {{-EAGAIN, EXIT_BUSY},
                 {-EINVAL, EXIT_CONFIG},
                 {-ENOTSUP, EXIT_CONFIG}, /* a newer store, or one of a kind that is not built in */
                 {-EUCLEAN, EXIT_DAMAGED}};
    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (status == codes[i].status)
            return codes[i].code;
    }
    return EXIT_RUNTIME;
}

static void begin(struct daemon *daemon)
{
    uint64_t watchdog_us = 0;
    engine_set_chat(daemon->engine, page_port(daemon, chat_port(daemon->chat)));
    daemon_chat_people(daemon);
    daemon_chat_refill(daemon);
    keep_remember(daemon);
    polls_start(daemon->polls);
    (void)uv_prepare_start(&daemon->rearm, on_rearm); /* a fresh handle with a callback */
    daemon->ready_ms = uv_now(&daemon->loop);
    (void)uv_timer_start(&daemon->look, on_look, HEALTH_LOOK_MS, HEALTH_LOOK_MS); /* live */
    daemon->health.sends_ms = daemon->health.store_ms = daemon->ready_ms;
    memory_trim(); /* reading the files took several times what is kept of them */
    if (sd_watchdog_enabled(0, &watchdog_us) > 0)
        (void)uv_timer_start(&daemon->watchdog, on_watchdog, watchdog_us / 2000,
                             watchdog_us / 2000); /* a live timer */
    log_info("ready", "listening on http://%s:%u, %d plugins, %d rules, chat %s",
             daemon->setup->config->listen_host, httpd_port(daemon->httpd),
             daemon->setup->counts.loaded, daemon->book->rule_count, daemon->platform->name);
    if (daemon->proxy.set)
        log_info("ready", "calls to the outside go through the proxy %s:%u", daemon->proxy.host,
                 daemon->proxy.port);
    if (engine_was_restored(daemon->engine))
        log_warning("ready", "the store is a backup that was put back: for a day each message is "
                             "looked up before it is sent");
    notify("READY=1\nSTATUS=running");
}

static void free_all(struct daemon *daemon)
{
    ws_free(daemon->ws);
    reach_done(&daemon->reach);
    proxy_done(&daemon->proxy);
    engine_close(daemon->engine);
    book_free(daemon->book);
    setup_free(daemon->setup);
    keep_done(daemon);
    held_done(&daemon->held);
    watches_close(daemon);
    failed_close(daemon);
    intakes_free(daemon->intakes);
    quotas_free(daemon->quotas);
    page_close(daemon->page);
    metrics_done(&daemon->metrics);
    drill_free(daemon->drill);
    free(daemon->refused);
    for (size_t i = 0; i < ACTIVITY_MAX; i++)
        free(daemon->activity[i].line);
}

int daemon_run(struct setup *setup, const struct chat_platform *platform, struct zones *zones,
               bool restored)
{
    struct daemon daemon = {
        .setup = setup, .platform = platform, .exit_code = EXIT_CLEAN, .restored = restored};
    struct err err = {0};
    daemon.zones = *zones; /* the book points at its zones */
    daemon.book = setup_take_book(setup);
    daemon.started = daemon.configured = daemon_now(&daemon);
    if (uv_loop_init(&daemon.loop))
        return EXIT_RUNTIME;
    (void)uv_loop_configure(&daemon.loop, UV_METRICS_IDLE_TIME); /* else no figure */
    init_handles(&daemon);
    daemon_signals(SIG_UNBLOCK);
    daemon.page = page_open();
    int status = random_bytes(daemon.random_state, sizeof(daemon.random_state)) &&
                         (daemon.quotas = quotas_open())
                     ? open_all(&daemon, &err)
                     : err_set(&err, EIO, "the system gave no random bytes");
    if (status) {
        log_error("start", "%s", err.text);
        daemon.exit_code = exit_code_for(status);
        if (daemon.exit_code == EXIT_DAMAGED)
            log_error("start",
                      "the file is left untouched: put a backup in its place, or save what "
                      "is left (docs/reliability.md, \"A damaged store\")");
        daemon.stopping = true;
        close_all(&daemon);
    } else {
        begin(&daemon);
    }
    (void)uv_run(&daemon.loop, UV_RUN_DEFAULT); /* returns once every handle is closed */
    free_all(&daemon);
    (void)uv_run(&daemon.loop, UV_RUN_DEFAULT); /* as above */
    if (uv_loop_close(&daemon.loop))
        log_warning("stop", "the loop still had handles");
    *zones = daemon.zones;
    if (daemon.exit_code == EXIT_CLEAN)
        log_info("stop", "stopped");
    return daemon.exit_code;
}
