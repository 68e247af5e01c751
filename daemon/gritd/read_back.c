#include "gritd/read_back.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "gritd/back_rows.h"
#include "gritd/intake_watch.h"
#include "gritd/poll.h"
#include "io/httpc.h"
#include "io/log.h"
#include "wire/out.h"
#include "wire/read_back.h"

enum {
    GAP_MS = 200,          /* between two rounds: far under HubSpot's 100 requests in 10 s */
    FIRST_WAIT_MS = 1000,  /* after a failure; it doubles */
    RIGHTS_WAIT_MS = 8000, /* the same where somebody has to mend the rights first */
    MOST_WAIT_MS = 600000,
    MOST_REST_MS = 60000,
    TRIES_MAX = 8,       /* of what is answered and cannot be read */
    PATIENCE_MAX = 80,   /* of what is not answered, or may not be read: half a day */
    FULL_WAIT_MS = 1000, /* the disk is behind */
    WAITING_MAX = 5000,  /* records */
    TIMEOUT_MS = 30000,
    ANSWER_BYTES = 1 << 20,
};

struct wanted {
    struct wanted *next;
    int64_t number; /* of its row */
    char *object, *id;
    struct crm_want want; /* with these two */
    uint64_t due;         /* by the loop's clock: not before */
    unsigned tries;
    bool under_way;
};

struct back_reader {
    struct read_backs *backs;
    struct poll poll;
    char *name, *url, *sign_in, *client, *tenant, *account, *secret, *refresh;
    struct wanted *first;
    size_t waiting;
    struct crm_want batch[BACK_AT_ONCE_MAX];
    int at_once;       /* at most so many: fewer where an answer cannot be read */
    uint64_t rest;     /* by the loop's clock: nothing is asked before */
    unsigned failures; /* without an answer since the last one */
    uv_timer_t timer;
    bool busy, full, told, told_lack;
    uint64_t read, failed, dropped;
};

struct read_backs {
    struct daemon *daemon;
    struct httpc *httpc;
    struct reach reach;
    struct back_reader **list;
    int count, open;
    int64_t number; /* of the newest wish */
    bool closing;
};

/* --- what waits --- */

static void on_timer(uv_timer_t *timer);

static uint64_t clock_of(const struct back_reader *reader)
{
    return uv_now(&reader->backs->daemon->loop);
}

/* Wakes when the first of them may be asked for. */
static void wait(struct back_reader *reader)
{
    uint64_t due = UINT64_MAX, now = clock_of(reader);
    for (const struct wanted *one = reader->first; one; one = one->next)
        due = one->due < due ? one->due : due;
    if (due == UINT64_MAX || reader->busy || reader->backs->closing)
        return;
    due = due > reader->rest ? due : reader->rest;
    (void)uv_timer_start(&reader->timer, on_timer, due > now ? due - now : 0, 0); /* live */
}

static void drop(struct back_reader *reader, struct wanted **slot)
{
    struct wanted *wanted = *slot;
    *slot = wanted->next;
    reader->waiting--;
    free(wanted->object);
    free(wanted->id);
    free(wanted);
}

static msec_t doubled(msec_t first, unsigned times, msec_t most)
{
    msec_t length = times < 20 ? first << times : most;
    return length < most ? length : most;
}

/* The records that were under way: each is tried again later, or given up after so many times. */
static void put_off(struct back_reader *reader, msec_t first, msec_t at_least, unsigned tries_max)
{
    uint64_t now = clock_of(reader);
    for (struct wanted **slot = &reader->first; *slot;) {
        struct wanted *one = *slot;
        bool mine = one->under_way;
        msec_t length = doubled(first, one->tries, MOST_WAIT_MS);
        if (mine) {
            one->due = now + (uint64_t)(length > at_least ? length : at_least);
            one->tries += tries_max > 0;
            one->under_way = false;
        }
        if (mine && tries_max && one->tries >= tries_max) {
            reader->dropped++;
            back_rows_drop(reader->backs->daemon, &one->number, 1);
            drop(reader, slot);
        } else {
            slot = &one->next;
        }
    }
}

static void done(struct back_reader *reader)
{
    int64_t numbers[BACK_AT_ONCE_MAX];
    size_t count = 0;
    for (struct wanted **slot = &reader->first; *slot;) {
        if ((*slot)->under_way) {
            numbers[count++] = (*slot)->number;
            drop(reader, slot);
        } else {
            slot = &(*slot)->next;
        }
    }
    reader->read += count;
    back_rows_drop(reader->backs->daemon, numbers, count);
}

/* --- asking --- */

static void ask(struct back_reader *reader);

/* What one kind of record may not be read for holds up no other, nor does one that cannot be read;
 * not being answered and not being let in do. */
static msec_t rest_after(struct back_reader *reader, bool all, msec_t first, msec_t at_least)
{
    if (!all)
        return GAP_MS;
    msec_t rest = doubled(first, reader->failures++, MOST_REST_MS);
    return rest > at_least ? rest : at_least;
}

static void fail(struct back_reader *reader, int code, const char *why, msec_t at_least)
{
    bool rights = code == -EACCES, garbled = code == -EINVAL || code == -E2BIG;
    bool all = (rights && reader->poll.step == POLL_TOKEN) || (!rights && !garbled);
    msec_t first = rights ? RIGHTS_WAIT_MS : FIRST_WAIT_MS;
    size_t asked = reader->poll.want_count;
    reader->rest = clock_of(reader) + (uint64_t)rest_after(reader, all, first, at_least);
    poll_abort(&reader->poll);
    reader->failed++;
    if (!reader->told)
        log_warning("read-back", "%s: a record cannot be read, it is tried again: %s", reader->name,
                    why);
    reader->told = true;
    if (garbled) /* one of them: in the end it is alone */
        reader->at_once = asked > 1 ? (int)asked / 2 : 1;
    if (garbled && asked > 1)
        put_off(reader, 0, GAP_MS, 0);
    else
        put_off(reader, first, at_least, garbled ? TRIES_MAX : PATIENCE_MAX);
    wait(reader);
}

static int on_event(void *user, const struct event *event)
{
    struct back_reader *reader = user;
    struct daemon *daemon = reader->backs->daemon;
    reader->full =
        engine_take(daemon->engine, event, daemon_now(daemon), NULL, NULL) == ENGINE_FULL;
    return reader->full ? -EBUSY : 0;
}

static bool on_deal(void *user, const char *id, struct poll_deal *ret)
{
    const struct back_reader *reader = user;
    return polls_deal(reader->backs->daemon, id, ret);
}

/* Something else cannot be read still. */
static bool is_refused(const struct back_reader *reader)
{
    const struct wanted *one = reader->first;
    while (one && !one->tries)
        one = one->next;
    return one;
}

static void end_round(struct back_reader *reader)
{
    done(reader);
    for (struct wanted *one = reader->first; reader->failures && one; one = one->next)
        one->due = 0; /* it is there again */
    reader->failures = 0;
    if (reader->poll.lacks && !reader->told_lack)
        log_info("read-back", "%s: %s", reader->name, reader->poll.lacks);
    reader->told_lack = reader->poll.lacks;
    if (reader->told && !is_refused(reader)) {
        log_info("read-back", "%s: records can be read again", reader->name);
        reader->told = false;
    }
    reader->at_once =
        reader->at_once < BACK_AT_ONCE_MAX / 2 ? 2 * reader->at_once : BACK_AT_ONCE_MAX;
    reader->rest = clock_of(reader) + GAP_MS;
    wait(reader);
}

static void read_answer(struct back_reader *reader, const struct httpc_result *result)
{
    const struct poll_world world = {
        .book = reader->backs->daemon->book, .deal = on_deal, .event = on_event, .user = reader};
    const struct poll_reply reply = {result->status, result->body, result->len, result->date};
    struct err err = {0};
    reader->full = false;
    int status = poll_read(&reader->poll, &reply, &world, &err);
    if (status == POLL_ON) {
        ask(reader);
    } else if (status == POLL_OVER) {
        end_round(reader);
    } else if (reader->full) { /* nothing is wrong with the CRM: it is read again */
        poll_abort(&reader->poll);
        put_off(reader, 0, FULL_WAIT_MS, 0);
        wait(reader);
    } else {
        fail(reader, status, err.text, wire_retry_after(result->retry_after, result->date));
    }
}

static void on_answer(void *user, const struct httpc_result *result)
{
    struct back_reader *reader = user;
    reader->busy = false;
    if (reader->backs->closing || reader->backs->daemon->stopping)
        poll_abort(&reader->poll);
    else if (result->outcome == HTTPC_ANSWERED)
        read_answer(reader, result);
    else
        fail(reader, result->too_long ? -EINVAL : -EAGAIN, result->error, 0);
}

static void ask(struct back_reader *reader)
{
    struct err err = {0};
    int status = poll_send(reader->backs->httpc, &reader->poll, TIMEOUT_MS, ANSWER_BYTES, on_answer,
                           reader, &err);
    reader->busy = !status;
    if (status)
        fail(reader, -EINVAL, err.text, 0);
}

/* The first that may be asked for, and more of the same object. */
static size_t gather(struct back_reader *reader)
{
    uint64_t now = clock_of(reader);
    size_t count = 0, most = 0;
    for (struct wanted *one = reader->first; one && count <= most; one = one->next) {
        if (one->due > now ||
            (count && (count == most || !str_eq(one->want.object, reader->batch[0].object))))
            continue;
        if (!count)
            most = (size_t)reader->poll.kind->takes(&one->want);
        most = most < (size_t)reader->at_once ? most : (size_t)reader->at_once;
        one->under_way = true;
        reader->batch[count++] = one->want;
    }
    return count;
}

static void on_timer(uv_timer_t *timer)
{
    struct back_reader *reader = timer->data;
    struct daemon *daemon = reader->backs->daemon;
    if (reader->busy || daemon->stopping)
        return;
    size_t count = gather(reader);
    if (!count) {
        wait(reader);
        return;
    }
    back_begin(&reader->poll, reader->batch, count, daemon_now(daemon) - daemon->clock_offset);
    ask(reader);
}

static struct back_reader *find(const struct read_backs *backs, const char *name)
{
    for (int i = 0; backs && i < backs->count; i++) {
        if (str_eq(backs->list[i]->name, name))
            return backs->list[i];
    }
    return NULL;
}

static void put_in(struct back_reader *reader, const struct crm_want *want, int64_t number)
{
    struct wanted **slot = &reader->first;
    while (*slot)
        slot = &(*slot)->next;
    *slot = NEW(struct wanted);
    **slot = (struct wanted){.number = number, .want = *want, .due = clock_of(reader) + GAP_MS};
    (*slot)->want.object = (*slot)->object = xstrdup(want->object);
    (*slot)->want.id = (*slot)->id = xstrdup(want->id);
    (*slot)->want.fields = NULL;
    reader->waiting++;
    if (number > reader->backs->number)
        reader->backs->number = number;
    wait(reader);
}

/* One that waits already, and is read once for all that was told meanwhile. */
static struct wanted *same(const struct back_reader *reader, const struct crm_want *want)
{
    struct wanted *one = reader->first;
    while (one &&
           (one->under_way || !str_eq(one->id, want->id) || !str_eq(one->object, want->object)))
        one = one->next;
    return one;
}

bool read_backs_full(const struct read_backs *backs, const char *intake)
{
    const struct back_reader *reader = find(backs, intake);
    return reader && reader->waiting >= WAITING_MAX;
}

void read_backs_want(struct read_backs *backs, const char *intake, const struct crm_want *want)
{
    struct back_reader *reader = find(backs, intake);
    if (!reader || !reader->poll.kind->takes(want)) {
        if (backs)
            watch_skipped(backs->daemon, intake);
        return;
    }
    struct wanted *known = same(reader, want);
    if (known) {
        known->want.time = want->time;
        known->want.told = known->want.told && want->told;
        known->want.automated = known->want.automated || want->automated;
        known->want.bulk = known->want.bulk || want->bulk;
        back_rows_put(backs->daemon, intake, known->number, &known->want);
    } else {
        put_in(reader, want, backs->number + 1);
        back_rows_put(backs->daemon, intake, backs->number, want);
    }
}

/* --- life --- */

static void forget(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static void reader_free(struct back_reader *reader)
{
    while (reader->first)
        drop(reader, &reader->first);
    poll_done(&reader->poll);
    forget(reader->secret);
    forget(reader->refresh);
    free(reader->name);
    free(reader->url);
    free(reader->sign_in);
    free(reader->client);
    free(reader->tenant);
    free(reader->account);
    free(reader);
}

static void free_all(struct read_backs *backs)
{
    for (int i = 0; i < backs->count; i++)
        reader_free(backs->list[i]);
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
        uv_close((uv_handle_t *)&backs->list[i]->timer, on_closed);
    if (!backs->count)
        free_all(backs);
}

static int open_one(struct back_reader *reader, const struct setup *setup,
                    const struct config_intake *from, struct err *err)
{
    struct err why = {0};
    reader->name = xstrdup(from->name);
    reader->url = xstrdup(from->read_back.url);
    reader->sign_in = xstrdup(from->read_back.sign_in);
    reader->client = xstrdup(from->read_back.client);
    reader->tenant = xstrdup(from->read_back.tenant);
    reader->account = xstrdup(from->account);
    reader->at_once = BACK_AT_ONCE_MAX;
    int status = setup_secret(setup, &from->read_back.secret, &why, &reader->secret);
    if (!status && from->read_back.refresh.kind != SECRET_NONE)
        status = setup_secret(setup, &from->read_back.refresh, &why, &reader->refresh);
    const struct poll_setup poll = {.intake = reader->name,
                                    .url = reader->url,
                                    .sign_in = reader->sign_in,
                                    .account = reader->account,
                                    .client = reader->client,
                                    .tenant = reader->tenant,
                                    .secret = reader->secret,
                                    .refresh = reader->refresh};
    poll_init(&reader->poll, back_find(config_intake_kind(from->kind)), &poll);
    if (reader->url)
        reach_add(&reader->backs->reach, reader->url);
    if (reader->sign_in)
        reach_add(&reader->backs->reach, reader->sign_in);
    return status ? err_set(err, EINVAL, "%s:%d:%d: intake '%s', read_back: %s",
                            from->read_back.place.file, from->read_back.place.line,
                            from->read_back.place.col, from->name, why.text)
                  : 0;
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
    backs->list = NEW_ARRAY(struct back_reader *, (size_t)config->intake_count + 1);
    for (int i = 0; i < config->intake_count && !status; i++) {
        if (!config->intakes[i].read_back.given)
            continue;
        struct back_reader *reader = NEW(struct back_reader);
        backs->list[backs->count++] = reader;
        reader->backs = backs;
        (void)uv_timer_init(&daemon->loop, &reader->timer); /* cannot fail */
        reader->timer.data = reader;
        backs->open++;
        status = open_one(reader, setup, &config->intakes[i], err);
    }
    if (!status && backs->count)
        status = httpc_new(&daemon->loop, &opts, err, &backs->httpc);
    if (status)
        read_backs_close(backs);
    else
        *ret = backs;
    return status ? -EINVAL : 0;
}

struct restoring {
    struct read_backs *backs;
    int64_t *gone;
    size_t gone_count, gone_cap;
};

static void on_kept(void *user, const char *intake, int64_t number, const struct crm_want *want)
{
    struct restoring *restoring = user;
    struct back_reader *reader = find(restoring->backs, intake);
    if (reader && reader->poll.kind->takes(want)) {
        put_in(reader, want, number);
        return;
    }
    ARRAY_GROW(restoring->gone, restoring->gone_count, restoring->gone_cap);
    restoring->gone[restoring->gone_count++] = number;
}

static void drop_gone(struct restoring *restoring)
{
    if (restoring->gone_count)
        log_warning("read-back", "records dropped, as nothing reads them back any more: %zu",
                    restoring->gone_count);
    back_rows_drop(restoring->backs->daemon, restoring->gone, restoring->gone_count);
    free(restoring->gone);
}

int read_backs_restore(struct read_backs *backs, struct err *err)
{
    struct restoring restoring = {.backs = backs};
    int status = back_rows_load(backs->daemon, on_kept, &restoring, err);
    drop_gone(&restoring);
    return status;
}

/* What was asked for is asked for again, and what was refused may be allowed by now. */
void read_backs_inherit(struct read_backs *backs, struct read_backs *old)
{
    struct restoring restoring = {.backs = backs};
    backs->number = old->number;
    for (int i = 0; i < old->count; i++) {
        struct back_reader *from = old->list[i], *to = find(backs, from->name);
        for (const struct wanted *one = from->first; one; one = one->next)
            on_kept(&restoring, from->name, one->number, &one->want);
        if (!to)
            continue;
        to->read = from->read;
        to->failed = from->failed;
        to->dropped = from->dropped;
    }
    drop_gone(&restoring);
}

void read_backs_each(const struct read_backs *backs, enum back_figure figure, metrics_put put,
                     void *user)
{
    for (int i = 0; backs && i < backs->count; i++) {
        const struct back_reader *reader = backs->list[i];
        const double values[] = {[BACK_READ] = (double)reader->read,
                                 [BACK_FAILURES] = (double)reader->failed,
                                 [BACK_DROPPED] = (double)reader->dropped,
                                 [BACK_WAITING] = (double)reader->waiting};
        put(user, reader->name, NULL, values[figure]);
    }
}
