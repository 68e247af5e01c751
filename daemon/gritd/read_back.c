#include "gritd/read_back.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "gritd/intake_watch.h"
#include "gritd/poll.h"
#include "io/httpc.h"
#include "io/log.h"
#include "wire/hubspot_read.h"
#include "wire/out.h"

enum {
    GAP_MS = 200,         /* between two requests: far under HubSpot's 100 in 10 s */
    FIRST_WAIT_MS = 1000, /* after a failure; it doubles */
    TRIES_MAX = 8,        /* about four minutes */
    WAITING_MAX = 5000,   /* deals */
    ANSWER_BYTES = 1 << 20,
};

struct wanted {
    struct wanted *next;
    char *id;
    msec_t time;
    unsigned tries;
};

struct back_reader {
    struct read_backs *backs;
    char *name, *url, *account, *secret;
    struct wanted *first; /* the one being read stays first */
    size_t waiting;
    uv_timer_t timer;
    bool busy, told;
    uint64_t read, failed, dropped;
};

struct read_backs {
    struct daemon *daemon;
    struct httpc *httpc;
    struct reach reach;
    struct back_reader *list;
    int count, open;
    bool closing;
};

static void on_timer(uv_timer_t *timer);

static void wait(struct back_reader *reader, msec_t length)
{
    if (reader->first && !reader->busy && !reader->backs->closing)
        (void)uv_timer_start(&reader->timer, on_timer, (uint64_t)length, 0); /* a live timer */
}

static void drop_first(struct back_reader *reader)
{
    struct wanted *wanted = reader->first;
    reader->first = wanted->next;
    reader->waiting--;
    free(wanted->id);
    free(wanted);
}

static void fail(struct back_reader *reader, const char *why, msec_t at_least)
{
    struct wanted *wanted = reader->first;
    msec_t length = (msec_t)FIRST_WAIT_MS << wanted->tries;
    reader->failed++;
    if (!reader->told)
        log_warning("read-back", "%s: a deal cannot be read, it is tried again: %s", reader->name,
                    why);
    reader->told = true;
    if (++wanted->tries == TRIES_MAX) {
        reader->dropped++;
        drop_first(reader);
    }
    wait(reader, length > at_least ? length : at_least);
}

static int on_event(void *user, const struct event *event)
{
    struct daemon *daemon = user;
    return engine_take(daemon->engine, event, daemon_now(daemon), NULL, NULL) == ENGINE_FULL
               ? -EBUSY
               : 0;
}

static void read_answer(struct back_reader *reader, const struct httpc_result *result)
{
    struct daemon *daemon = reader->backs->daemon;
    struct poll_deal known;
    struct arena arena;
    struct err err = {0};
    arena_init(&arena);
    const struct crm_want want = {"deal", reader->first->id, NULL, reader->first->time};
    const struct crm_request request = {.intake = reader->name,
                                        .account = reader->account,
                                        .body = result->body,
                                        .length = result->len,
                                        .now = daemon_now(daemon),
                                        .book = daemon->book};
    struct crm_out out = {.arena = &arena, .event = on_event, .user = daemon};
    bool is_known = polls_deal(daemon, want.id, &known);
    if (is_known) { /* taking the first event may change it */
        known.owner = arena_strdup(&arena, known.owner);
        known.stage = known.currency = NULL;
    }
    int status = hubspot_read_deal(&request, &want, is_known ? &known : NULL, &out, &err);
    arena_done(&arena);
    if (status) {
        fail(reader, status == -EBUSY ? "the disk cannot keep up" : err.text, 0);
        return;
    }
    reader->read++;
    if (reader->told)
        log_info("read-back", "%s: deals can be read again", reader->name);
    reader->told = false;
    drop_first(reader);
    wait(reader, GAP_MS);
}

static void on_answer(void *user, const struct httpc_result *result)
{
    struct back_reader *reader = user;
    char why[64];
    reader->busy = false;
    if (reader->backs->closing || reader->backs->daemon->stopping)
        return;
    if (result->outcome != HTTPC_ANSWERED) {
        fail(reader, result->error, 0);
    } else if (result->status == 404) { /* it is gone: nothing to be read */
        drop_first(reader);
        wait(reader, GAP_MS);
    } else if (result->status != 200) {
        (void)snprintf(why, sizeof(why), "it answers %ld", result->status); /* fits */
        fail(reader, why, wire_retry_after(result->retry_after, result->date));
    } else {
        read_answer(reader, result);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct back_reader *reader = timer->data;
    struct strbuf url = {0}, header = {0};
    struct err err = {0};
    if (!reader->first || reader->busy || reader->backs->daemon->stopping)
        return;
    const struct crm_want want = {"deal", reader->first->id, NULL, reader->first->time};
    strbuf_puts(&url, reader->url);
    hubspot_read_path(&want, &url);
    strbuf_printf(&header, "Authorization: Bearer %s", reader->secret);
    const char *const headers[] = {strbuf_text(&header), NULL};
    const struct httpc_request request = {.url = strbuf_text(&url),
                                          .method = "GET",
                                          .headers = headers,
                                          .max_response_bytes = ANSWER_BYTES};
    int status = httpc_send(reader->backs->httpc, &request, on_answer, reader, &err);
    explicit_bzero(header.data, header.len);
    strbuf_done(&url);
    strbuf_done(&header);
    reader->busy = !status;
    if (status)
        fail(reader, err.text, 0);
}

void read_backs_want(struct read_backs *backs, const char *intake, const struct crm_want *want)
{
    struct back_reader *reader = NULL;
    for (int i = 0; backs && i < backs->count; i++)
        reader = str_eq(backs->list[i].name, intake) ? &backs->list[i] : reader;
    if (!reader || !hubspot_reads(want)) {
        if (backs)
            watch_skipped(backs->daemon, intake);
        return;
    }
    struct wanted **slot = &reader->first;
    for (; *slot; slot = &(*slot)->next) {
        bool under_way = reader->busy && *slot == reader->first;
        if (!under_way && str_eq((*slot)->id, want->id)) {
            (*slot)->time = want->time; /* read once for all that was told meanwhile */
            return;
        }
    }
    if (reader->waiting == WAITING_MAX) {
        reader->dropped++;
        return;
    }
    bool idle = !reader->first;
    *slot = NEW(struct wanted);
    **slot = (struct wanted){.id = xstrdup(want->id), .time = want->time};
    reader->waiting++;
    if (idle)
        wait(reader, GAP_MS);
}

/* --- life --- */

static void free_all(struct read_backs *backs)
{
    for (int i = 0; i < backs->count; i++) {
        struct back_reader *reader = &backs->list[i];
        while (reader->first)
            drop_first(reader);
        if (reader->secret)
            explicit_bzero(reader->secret, strlen(reader->secret));
        free(reader->name);
        free(reader->url);
        free(reader->account);
        free(reader->secret);
    }
    reach_done(&backs->reach);
    free(backs->list);
    free(backs);
}

static void on_closed(uv_handle_t *handle)
{
    struct back_reader *reader = handle->data;
    struct read_backs *backs = reader->backs;
    if (--backs->open == 0)
        free_all(backs);
}

void read_backs_close(struct read_backs *backs)
{
    if (!backs)
        return;
    backs->closing = true;
    httpc_free(backs->httpc); /* answers what is under way, from inside */
    backs->httpc = NULL;
    for (int i = 0; i < backs->count; i++)
        uv_close((uv_handle_t *)&backs->list[i].timer, on_closed);
    if (!backs->count)
        free_all(backs);
}

int read_backs_open(struct daemon *daemon, const struct setup *setup, struct err *err,
                    struct read_backs **ret)
{
    const struct config *config = setup->config;
    struct read_backs *backs = NEW(struct read_backs);
    const struct httpc_opts opts = {
        .user_agent = "gritd/" GRITD_VERSION, .reach = &backs->reach, .proxy = &daemon->proxy};
    int status = 0;
    backs->daemon = daemon;
    backs->list = NEW_ARRAY(struct back_reader, (size_t)config->intake_count + 1);
    for (int i = 0; i < config->intake_count && !status; i++) {
        const struct config_intake *from = &config->intakes[i];
        if (!from->read_back.given)
            continue;
        struct back_reader *reader = &backs->list[backs->count++];
        reader->backs = backs;
        (void)uv_timer_init(&daemon->loop, &reader->timer); /* cannot fail */
        reader->timer.data = reader;
        backs->open++;
        reader->name = xstrdup(from->name);
        reader->url = xstrdup(from->read_back.url);
        reader->account = xstrdup(from->account);
        reach_add(&backs->reach, reader->url);
        status = setup_secret(setup, &from->read_back.secret, err, &reader->secret);
        if (status)
            (void)err_prefix(err, "%s:%d:%d: intake '%s', read_back: ", from->place.file,
                             from->place.line, from->place.col, from->name); /* err is set */
    }
    if (!status && backs->count)
        status = httpc_new(&daemon->loop, &opts, err, &backs->httpc);
    if (status)
        read_backs_close(backs);
    else
        *ret = backs;
    return status ? -EINVAL : 0;
}

void read_backs_inherit(struct read_backs *backs, struct read_backs *old)
{
    for (int i = 0; old && i < backs->count * old->count; i++) {
        struct back_reader *to = &backs->list[i / old->count], *from = &old->list[i % old->count];
        if (!str_eq(to->name, from->name))
            continue;
        to->first = from->first;
        to->waiting = from->waiting;
        to->read = from->read;
        to->failed = from->failed;
        to->dropped = from->dropped;
        from->first = NULL;
        from->waiting = 0;
        wait(to, GAP_MS);
    }
}

void read_backs_each(const struct read_backs *backs, enum back_figure figure, metrics_put put,
                     void *user)
{
    for (int i = 0; backs && i < backs->count; i++) {
        const struct back_reader *reader = &backs->list[i];
        const double values[] = {[BACK_READ] = (double)reader->read,
                                 [BACK_FAILURES] = (double)reader->failed,
                                 [BACK_DROPPED] = (double)reader->dropped,
                                 [BACK_WAITING] = (double)reader->waiting};
        put(user, reader->name, NULL, values[figure]);
    }
}
