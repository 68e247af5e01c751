#include "gritd/poll.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/read_back.h"
#include "io/httpc.h"
#include "io/log.h"
#include "wire/out.h"
#include "wire/poll.h"

enum {
    FIRST_WAIT_MS = 1000, /* after a failure; it doubles */
    MOST_DOUBLINGS = 12,
    FULL_WAIT_MS = 1000,       /* the disk is behind */
    HURRY_AT_LEAST_MS = 60000, /* between the end of a round and one that is asked for ... */
    HURRY_PART = 10,           /* ... or this part of the usual time */
    TIMEOUT_MS = 60000,
    ANSWER_BYTES = 16 << 20, /* a file of HubSpot's journal is as long as it is */
};

#define MOST_WAIT MSEC_HOUR

struct source {
    struct polls *polls;
    struct poll poll;
    char *name, *url, *client, *user, *currency, *account, *secret;
    msec_t every;
    uv_timer_t timer;
    bool busy, full; /* a request is under way; the engine took no more */
    bool told;       /* that it fails */
    bool again;      /* something was told while it was busy */
    unsigned failures;
    char *error;        /* of the last round; NULL: it was well */
    msec_t last;        /* a round ended well, or MSEC_NONE */
    uint64_t last_loop; /* the same by the loop's clock */
    uint64_t rounds, failed, events;
};

struct polls {
    struct daemon *daemon;
    struct httpc *httpc;
    struct reach reach;
    struct source *list;
    int count, open; /* open: timers the loop still holds */
    bool closing;
};

/* --- asking --- */

static void ask(struct source *source);

static msec_t clock_of(const struct source *source)
{
    const struct daemon *daemon = source->polls->daemon;
    return daemon_now(daemon) - daemon->clock_offset; /* the CRM's clock is not moved */
}

static void on_timer(uv_timer_t *timer);

static void wait(struct source *source, msec_t length)
{
    if (!source->polls->closing)
        (void)uv_timer_start(&source->timer, on_timer, (uint64_t)length, 0); /* a live timer */
}

static void on_timer(uv_timer_t *timer)
{
    struct source *source = timer->data;
    struct daemon *daemon = source->polls->daemon;
    if (source->busy || source->polls->closing || daemon->stopping)
        return;
    if (read_backs_full(daemon->read_backs, source->name)) {
        wait(source, FULL_WAIT_MS);
        return;
    }
    source->again = false;
    poll_begin(&source->poll, clock_of(source));
    ask(source);
}

/* Any time in the upper half of it: many daemons do not come at once. */
static msec_t jitter(const struct source *source, msec_t length)
{
    uint64_t random = source->polls->daemon->random_state[1] ^ uv_hrtime();
    random ^= random << 13, random ^= random >> 7, random ^= random << 17; /* not for secrets */
    return length - (msec_t)(random % (uint64_t)(length / 2 + 1));
}

static msec_t back_off(const struct source *source)
{
    unsigned times = source->failures - 1 < MOST_DOUBLINGS ? source->failures - 1 : MOST_DOUBLINGS;
    msec_t length = (msec_t)FIRST_WAIT_MS << times;
    return jitter(source, length < MOST_WAIT ? length : MOST_WAIT);
}

/* Told once, and once when it is well again. */
static void fail(struct source *source, const char *why, msec_t at_least)
{
    poll_abort(&source->poll);
    source->failed++;
    source->failures++;
    xstr_replace(&source->error, why);
    if (!source->told)
        log_warning("poll", "%s cannot be asked, it is tried again: %s", source->name, why);
    source->told = true;
    msec_t length = back_off(source);
    wait(source, length > at_least ? length : at_least);
}

static void keep_cursor(struct source *source)
{
    struct daemon *daemon = source->polls->daemon;
    struct strbuf value = {0};
    poll_cursor_write(&source->poll, &value);
    const struct row_state row = {STATE_POLL, source->name, strbuf_text(&value)};
    const struct engine_own own = {.rows = &row, .row_count = 1};
    engine_keep(daemon->engine, &own, daemon_now(daemon));
    strbuf_done(&value);
}

/* A round has just ended where `every` is short: then the next one comes soon enough. */
static msec_t hurry_wait(const struct source *source)
{
    msec_t least = source->every / HURRY_PART, ago;
    if (source->last == MSEC_NONE)
        return 0;
    ago = (msec_t)(uv_now(&source->polls->daemon->loop) - source->last_loop);
    least = least < HURRY_AT_LEAST_MS ? least : HURRY_AT_LEAST_MS;
    return ago < least ? least - ago : 0;
}

/* The rows of the events stand in front of this one, and become durable in that order. */
static void end_round(struct source *source)
{
    source->rounds++;
    source->failures = 0;
    source->last = daemon_now(source->polls->daemon);
    source->last_loop = uv_now(&source->polls->daemon->loop);
    xstr_replace(&source->error, NULL);
    keep_cursor(source);
    if (source->told)
        log_info("poll", "%s can be asked again", source->name);
    source->told = false;
    wait(source, source->again ? hurry_wait(source) : jitter(source, source->every));
}

/* --- what an answer means --- */

static int on_event(void *user, const struct event *event)
{
    struct source *source = user;
    struct daemon *daemon = source->polls->daemon;
    switch (engine_take(daemon->engine, event, daemon_now(daemon), NULL, NULL)) {
    case ENGINE_TAKEN:
        source->events++;
        return 0;
    case ENGINE_REPEATED:
        return 0;
    case ENGINE_FULL:
        source->full = true;
        return -EBUSY;
    }
    return 0;
}

bool polls_deal(const struct daemon *daemon, const char *id, struct poll_deal *ret)
{
    struct deal_view view;
    if (!core_deal_get(engine_core(daemon->engine), id, &view))
        return false;
    *ret = (struct poll_deal){view.owner, view.stage, view.currency, view.amount, view.deleted};
    return true;
}

static bool on_deal(void *user, const char *id, struct poll_deal *ret)
{
    const struct source *source = user;
    return polls_deal(source->polls->daemon, id, ret);
}

static void on_want(void *user, const struct crm_want *want)
{
    const struct source *source = user;
    read_backs_want(source->polls->daemon->read_backs, source->name, want);
}

static void read_answer(struct source *source, const struct httpc_result *result)
{
    const struct poll_world world = {.book = source->polls->daemon->book,
                                     .deal = on_deal,
                                     .event = on_event,
                                     .want = on_want,
                                     .user = source};
    const struct poll_reply reply = {result->status, result->body, result->len, result->date};
    struct err err = {0};
    const msec_t until = source->poll.cursor.until;
    source->full = false;
    int status = poll_read(&source->poll, &reply, &world, &err);
    if (source->poll.cursor.until != until)
        source->failures = 0; /* it gets on, if not to the end */
    if (status == POLL_ON) {
        ask(source);
    } else if (status == POLL_OVER) {
        end_round(source);
    } else if (source->full) { /* nothing is wrong with the CRM: it is read again */
        poll_abort(&source->poll);
        wait(source, FULL_WAIT_MS);
    } else {
        fail(source, err.text, wire_retry_after(result->retry_after, result->date));
    }
}

static void on_answer(void *user, const struct httpc_result *result)
{
    struct source *source = user;
    source->busy = false;
    if (source->polls->closing || source->polls->daemon->stopping)
        poll_abort(&source->poll);
    else if (result->outcome == HTTPC_ANSWERED)
        read_answer(source, result);
    else if (result->too_long && poll_ask_less(&source->poll))
        ask(source);
    else
        fail(source, result->error, 0);
}

int poll_send(struct httpc *httpc, struct poll *poll, unsigned total_timeout_ms, size_t most_bytes,
              httpc_cb done, void *user, struct err *err)
{
    struct poll_request request;
    int status = poll_ask(poll, &request, err);
    if (status)
        return status;
    const struct httpc_request out = {.url = request.url,
                                      .method = request.method,
                                      .content_type = request.content_type,
                                      .body = request.body,
                                      .len = request.body ? strlen(request.body) : 0,
                                      .headers = request.headers,
                                      .total_timeout_ms = total_timeout_ms,
                                      .max_response_bytes = most_bytes};
    return httpc_send(httpc, &out, done, user, err);
}

static void ask(struct source *source)
{
    struct err err = {0};
    int status = poll_send(source->polls->httpc, &source->poll, TIMEOUT_MS, ANSWER_BYTES, on_answer,
                           source, &err);
    source->busy = !status;
    if (status)
        fail(source, err.text, 0);
}

static struct source *find(const struct polls *polls, const char *name)
{
    for (int i = 0; polls && i < polls->count; i++) {
        if (str_eq(polls->list[i].name, name))
            return &polls->list[i];
    }
    return NULL;
}

void polls_hurry(struct polls *polls, const char *intake)
{
    struct source *source = find(polls, intake);
    if (!source || source->busy || source->failures)
        return;
    msec_t length = hurry_wait(source);
    if ((msec_t)uv_timer_get_due_in(&source->timer) > length)
        wait(source, length);
}

bool polls_tell_all(const struct polls *polls, const char *intake)
{
    const struct source *source = find(polls, intake);
    return source && source->poll.kind->tells_all;
}

void polls_told(struct polls *polls, const char *intake)
{
    struct source *source = find(polls, intake);
    if (source && source->busy)
        source->again = true;
    polls_hurry(polls, intake);
}

/* --- life --- */

static int open_one(struct source *source, const struct setup *setup,
                    const struct config_intake *from, struct err *err)
{
    const struct poll_kind *kind = poll_find(config_intake_kind(from->kind));
    struct err why;
    source->name = xstrdup(from->name);
    source->url = xstrdup(from->poll.url);
    source->client = xstrdup(from->poll.client);
    source->user = xstrdup(from->poll.user);
    source->currency = xstrdup(from->poll.currency);
    source->account = xstrdup(from->account);
    source->every = from->poll.every;
    source->last = MSEC_NONE;
    int status = setup_secret(setup, &from->poll.secret, &why, &source->secret);
    const struct poll_setup poll = {.intake = source->name,
                                    .url = source->url,
                                    .account = source->account,
                                    .client = source->client,
                                    .user = source->user,
                                    .secret = source->secret,
                                    .currency = source->currency,
                                    .since = from->poll.since};
    poll_init(&source->poll, kind, &poll);
    reach_add(&source->polls->reach, source->url);
    if (!status && kind->check)
        status = kind->check(&poll, &why);
    return status ? err_set(err, EINVAL, "%s:%d:%d: intake '%s', poll: %s", from->poll.place.file,
                            from->poll.place.line, from->poll.place.col, from->name, why.text)
                  : 0;
}

static void source_done(struct source *source)
{
    poll_done(&source->poll);
    if (source->secret)
        explicit_bzero(source->secret, strlen(source->secret));
    free(source->name);
    free(source->url);
    free(source->client);
    free(source->user);
    free(source->currency);
    free(source->account);
    free(source->secret);
    free(source->error);
}

static void free_all(struct polls *polls)
{
    for (int i = 0; i < polls->count; i++)
        source_done(&polls->list[i]);
    reach_done(&polls->reach);
    free(polls->list);
    free(polls);
}

static void on_closed(uv_handle_t *handle)
{
    struct source *source = handle->data;
    struct polls *polls = source->polls;
    if (--polls->open == 0)
        free_all(polls);
}

void polls_close(struct polls *polls)
{
    if (!polls)
        return;
    polls->closing = true;
    httpc_free(polls->httpc); /* answers what is under way, from inside */
    polls->httpc = NULL;
    for (int i = 0; i < polls->count; i++)
        uv_close((uv_handle_t *)&polls->list[i].timer, on_closed);
    if (!polls->count)
        free_all(polls);
}

int polls_open(struct daemon *daemon, const struct setup *setup, struct err *err,
               struct polls **ret)
{
    const struct config *config = setup->config;
    struct polls *polls = NEW(struct polls);
    const struct httpc_opts opts = {
        .user_agent = "gritd/" GRITD_VERSION, .reach = &polls->reach, .proxy = &daemon->proxy};
    int status = 0;
    polls->daemon = daemon;
    polls->list = NEW_ARRAY(struct source, (size_t)config->intake_count + 1);
    for (int i = 0; i < config->intake_count && !status; i++) {
        if (!config->intakes[i].poll.given)
            continue;
        struct source *source = &polls->list[polls->count++];
        source->polls = polls;
        (void)uv_timer_init(&daemon->loop, &source->timer); /* cannot fail */
        source->timer.data = source;
        polls->open++;
        status = open_one(source, setup, &config->intakes[i], err);
    }
    if (!status && polls->count)
        status = httpc_new(&daemon->loop, &opts, err, &polls->httpc);
    if (status)
        polls_close(polls);
    else
        *ret = polls;
    return status;
}

static int on_row(void *user, const struct row *row)
{
    struct source *source = find(user, row->state.key);
    if (source && row->state.value)
        poll_cursor_read(&source->poll, row->state.value);
    return 0;
}

int polls_restore(struct polls *polls, const struct polls *old, struct err *err)
{
    struct store *store = polls->daemon->store;
    if (!polls->count)
        return 0;
    int status = store->ops->load_kind(store, STATE_POLL, on_row, polls, err);
    for (int i = 0; i < polls->count && !status; i++) {
        struct source *source = &polls->list[i];
        const struct source *before = find(old, source->name);
        struct strbuf cursor = {0};
        if (!before)
            continue;
        poll_cursor_write(&before->poll, &cursor); /* the store may not have it yet */
        poll_cursor_read(&source->poll, strbuf_text(&cursor));
        strbuf_done(&cursor);
        source->rounds = before->rounds;
        source->failed = before->failed;
        source->events = before->events;
        source->last = before->last;
        source->last_loop = before->last_loop;
    }
    return status;
}

void polls_start(struct polls *polls)
{
    for (int i = 0; i < polls->count; i++)
        wait(&polls->list[i], 0);
}

/* --- looking in --- */

void polls_status(const struct polls *polls, struct jsonw *json)
{
    if (!polls || !polls->count)
        return;
    jsonw_object(json, "polls");
    for (int i = 0; i < polls->count; i++) {
        const struct source *source = &polls->list[i];
        jsonw_object(json, source->name);
        jsonw_text(json, "kind", source->poll.kind->name);
        if (source->last == MSEC_NONE)
            jsonw_null(json, "last");
        else
            jsonw_time(json, "last", source->last);
        jsonw_int(json, "events", (int64_t)source->events);
        jsonw_int(json, "failed", (int64_t)source->failed);
        jsonw_text(json, "error", source->error);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

void polls_each(const struct polls *polls, enum poll_figure figure, metrics_put put, void *user)
{
    for (int i = 0; polls && i < polls->count; i++) {
        const struct source *source = &polls->list[i];
        const double values[] = {
            [POLL_ROUNDS] = (double)source->rounds,
            [POLL_FAILURES] = (double)source->failed,
            [POLL_EVENTS] = (double)source->events,
            [POLL_LAST] = source->last == MSEC_NONE ? 0 : (double)(source->last / MSEC_SECOND),
        };
        put(user, source->name, NULL, values[figure]);
    }
}
