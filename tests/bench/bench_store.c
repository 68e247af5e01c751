/* bench_store.c: what the SQLite store costs, per event and per row.
 *
 * An event is what the engine commits for it: 1 journal row, 1 outbox insert, 1 outbox update, 1
 * state put (and 1 decision with -d). `burst` submits as fast as the store takes them, with a
 * bounded queue; `paced` submits at a steady rate, as a daemon under its full load sees it.
 *
 * Usage: bench_store [-d] [-n EVENTS] [-r RATE] [-p PACE_MS] [-c CHECKPOINT_PAGES]
 *                    [-b EVENTS_PER_BATCH] [FOLDER] */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/store_sqlite.h"

enum { DEALS = 5000, REPS = 500, BODY_BYTES = 420, MESSAGE_BYTES = 520, VALUE_BYTES = 300 };
enum { QUEUE_ROWS = 4000, ROWS = 4 };

struct bench {
    uv_loop_t loop;
    uv_timer_t timer;
    struct store *store;
    const char *path;
    uint64_t events, per_batch, rate;
    bool decisions;
    int pace_ms, checkpoint_pages;
    uint64_t submitted, done, batches, loop_ns;
    uint64_t start_ns, latency_ns, latency_max_ns;
    int status;
};

struct ticket { /* rides in the batch's arena */
    struct bench *bench;
    uint64_t at_ns, events;
};

static char filler[1024];

static uint64_t clock_ns(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now); /* cannot fail with these clocks */
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void refill(struct bench *bench);

static void on_done(void *user, struct store_batch *batch, int status)
{
    struct ticket *ticket = user;
    struct bench *bench = ticket->bench;
    uint64_t latency = clock_ns(CLOCK_MONOTONIC) - ticket->at_ns;
    bench->latency_ns += latency;
    if (latency > bench->latency_max_ns)
        bench->latency_max_ns = latency;
    bench->done += ticket->events;
    bench->batches++;
    if (status)
        bench->status = status;
    store_batch_free(batch);
    if (!bench->rate)
        refill(bench);
    if (bench->done == bench->events)
        uv_stop(&bench->loop);
}

static const char *text(struct store_batch *batch, const char *format, uint64_t number)
{
    char buffer[64];
    (void)snprintf(buffer, sizeof(buffer), "%s%" PRIu64, format, number); /* fits */
    return arena_strdup(&batch->arena, buffer);
}

static void add_event(struct bench *bench, struct store_batch *batch, uint64_t n)
{
    uint64_t mixed = n * UINT64_C(0x9E3779B97F4A7C15) >> 20;
    msec_t at = INT64_C(1760000000000) + (msec_t)(n / 7);
    const char *rep = text(batch, "rep-", mixed % REPS),
               *deal = text(batch, "deal-", mixed % DEALS);
    struct hash128 id = hash_bytes(1, &n, sizeof(n));
    char key[27];
    (void)snprintf(key, sizeof(key), "%013" PRIx64 "%013" PRIx64, id.a >> 12, id.b >> 12);
    struct row row = {.type = ROW_JOURNAL,
                      .journal = {.at = at,
                                  .time = at - 1500,
                                  .id = id,
                                  .type = 9,
                                  .kind = 2,
                                  .direction = 1,
                                  .rep = rep,
                                  .deal = deal,
                                  .body = filler + sizeof(filler) - 1 - BODY_BYTES}};
    store_batch_add(batch, &row);
    row = (struct row){.type = ROW_STATE,
                       .state = {1, deal, filler + sizeof(filler) - 1 - VALUE_BYTES}};
    store_batch_add(batch, &row);
    row = (struct row){.type = ROW_OUTBOX,
                       .outbox = {.key = key,
                                  .state = 0,
                                  .at = at,
                                  .due = at,
                                  .deadline = MSEC_NONE,
                                  .rule = "stalled-deal",
                                  .rep = rep,
                                  .deal = deal,
                                  .message = filler + sizeof(filler) - 1 - MESSAGE_BYTES}};
    store_batch_add(batch, &row);
    row = (struct row){.type = ROW_OUTBOX,
                       .outbox = {.update = true,
                                  .key = key,
                                  .state = 1,
                                  .attempt = 1,
                                  .at = -1,
                                  .due = -1,
                                  .deadline = at + 60000,
                                  .channel = "D0123456789"}};
    store_batch_add(batch, &row);
    if (!bench->decisions)
        return;
    row = (struct row){.type = ROW_DECISION,
                       .decision = {.at = at,
                                    .rep = rep,
                                    .rule = "stalled-deal",
                                    .outcome = "sent",
                                    .line = filler + sizeof(filler) - 1 - VALUE_BYTES}};
    store_batch_add(batch, &row);
}

static void submit_one(struct bench *bench)
{
    struct store_batch *batch = store_batch_new();
    struct ticket *ticket = arena_alloc(&batch->arena, sizeof(*ticket));
    *ticket = (struct ticket){.bench = bench, .at_ns = clock_ns(CLOCK_MONOTONIC)};
    while (ticket->events < bench->per_batch && bench->submitted < bench->events) {
        add_event(bench, batch, bench->submitted++);
        ticket->events++;
    }
    batch->done = on_done;
    batch->user = ticket;
    bench->store->ops->submit(bench->store, batch);
}

static void refill(struct bench *bench)
{
    while (bench->submitted < bench->events &&
           bench->store->ops->queued(bench->store) <= QUEUE_ROWS)
        submit_one(bench);
}

static void on_timer(uv_timer_t *timer)
{
    struct bench *bench = timer->data;
    uint64_t due = (clock_ns(CLOCK_MONOTONIC) - bench->start_ns) / 1000 * bench->rate / 1000000;
    while (bench->submitted < bench->events && bench->submitted < due)
        submit_one(bench);
}

static int run(struct bench *bench, const char *name)
{
    const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        struct strbuf file = {0};
        strbuf_printf(&file, "%s%s", bench->path, suffixes[i]);
        (void)unlink(strbuf_text(&file)); /* usually not there */
        strbuf_done(&file);
    }
    (void)uv_loop_init(&bench->loop); /* a failure shows in the open below */
    (void)uv_timer_init(&bench->loop, &bench->timer);
    bench->timer.data = bench;
    struct err err = {0};
    struct store_sqlite_options options = {.pace_ms = bench->pace_ms,
                                           .checkpoint_pages = bench->checkpoint_pages};
    if (store_sqlite_open(&bench->loop, bench->path, &options, &err, &bench->store)) {
        fprintf(stderr, "bench_store: %s\n", err.text);
        return 1;
    }
    uint64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), mine = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    bench->start_ns = clock_ns(CLOCK_MONOTONIC);
    if (bench->rate)
        (void)uv_timer_start(&bench->timer, on_timer, 1, 1);
    else
        refill(bench);
    (void)uv_run(&bench->loop, UV_RUN_DEFAULT);
    uint64_t wall = clock_ns(CLOCK_MONOTONIC) - bench->start_ns;
    uv_close((uv_handle_t *)&bench->timer, NULL);
    bench->store->ops->close(bench->store);
    cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    mine = clock_ns(CLOCK_THREAD_CPUTIME_ID) - mine;
    (void)uv_run(&bench->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&bench->loop); /* nothing is left open */
    double events = (double)bench->events, rows = events * (ROWS + bench->decisions);
    struct stat info = {0};
    (void)stat(bench->path, &info);
    printf("%-6s %6" PRIu64 " %9.0f %9.0f %8.1f %8.2f %8.1f %7.2f %7.1f %7.0f\n", name,
           bench->per_batch, events / ((double)wall / 1e9), rows / ((double)wall / 1e9),
           (double)(cpu - mine) / 1e3 / events, (double)(cpu - mine) / 1e3 / rows,
           (double)mine / 1e3 / events, (double)bench->latency_ns / 1e6 / (double)bench->batches,
           (double)bench->latency_max_ns / 1e6, (double)info.st_size / events);
    return bench->status != 0;
}

int main(int argc, char **argv)
{
    struct bench base = {.events = 60000, .rate = 7000};
    int option;
    while ((option = getopt(argc, argv, "dn:r:p:c:b:")) != -1) {
        if (option == 'd')
            base.decisions = true;
        else if (option == 'n')
            base.events = strtoull(optarg, NULL, 10);
        else if (option == 'r')
            base.rate = strtoull(optarg, NULL, 10);
        else if (option == 'p')
            base.pace_ms = atoi(optarg);
        else if (option == 'b')
            base.per_batch = strtoull(optarg, NULL, 10);
        else if (option == 'c')
            base.checkpoint_pages = atoi(optarg);
        else
            return 2;
    }
    struct strbuf path = {0};
    strbuf_printf(&path, "%s/bench-store.db", optind < argc ? argv[optind] : ".");
    base.path = strbuf_text(&path);
    memset(filler, 'x', sizeof(filler) - 1);
    printf("%-6s %6s %9s %9s %8s %8s %8s %7s %7s %7s\n", "mode", "ev/bat", "events/s", "rows/s",
           "us/event", "us/row", "loop us", "avg ms", "max ms", "B/event");
    static const uint64_t per_batch[] = {1, 10, 100};
    int status = 0;
    for (size_t i = 0; i < 2 * ARRAY_LEN(per_batch); i++) {
        struct bench bench = base;
        if (base.per_batch && base.per_batch != per_batch[i / 2])
            continue;
        bench.per_batch = per_batch[i / 2];
        if (i % 2)
            bench.rate = 0;
        status |= run(&bench, i % 2 ? "burst" : "paced");
    }
    strbuf_done(&path);
    return status;
}
