/* bench_signal.c: what signals cost: the memory of many reps with all signals of a configuration
 * worked out, or one step of the core for a rep with a long history.
 *
 * Usage: bench_signal [-u REPS] [-f FACTS] [-n STEPS] CONFIGURATION
 * Every rep gets so many facts, an hour and some apart, and every signal is asked for. With -n the
 * history is that of one rep only, then so many steps of the same rep are timed.
 * Prints one JSON object: reps, facts, signals, rules, kib_before (people and rules), kib (all),
 * words (of a rep's signals), ns_per_step. */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/core.h"
#include "io/setup.h"

enum { DEALS = 40, APART_MINUTES = 29 };

/* An event of its own; its texts live here. */
struct sample {
    struct event event;
    char id[24], deal[24], rep[24];
};

static const char *const kinds[] = {"call", "email", "meeting", "message"};
static const char *const ways[] = {"outbound", "inbound", "outbound", "outbound"};

static void sample_init(struct sample *sample, uint64_t n, uint64_t rep, bool deals, msec_t at)
{
    struct event *event = &sample->event;
    event_init(event, n % 97 == 96 ? EVENT_DEAL_LOST : EVENT_ACTIVITY_LOGGED, at);
    (void)snprintf(sample->id, sizeof(sample->id), "e%" PRIu64, n); /* these fit */
    (void)snprintf(sample->deal, sizeof(sample->deal), "D%" PRIu64, n % DEALS);
    (void)snprintf(sample->rep, sizeof(sample->rep), "rep%" PRIu64, rep);
    event->at = at;
    event->id = sample->id;
    event->source = "/crm/generic/bench";
    event->key = event_key(event->source, event->id);
    event->deal = deals ? sample->deal : NULL;
    event->rep = sample->rep;
    event->kind = kinds[n % 4];
    event->direction = ways[n / 4 % 4];
    event->outcome = n % 3 ? "connected" : "voicemail";
    event->duration_s = (int64_t)(n * 37 % 1800);
}

static uint64_t cpu_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* cannot fail for this clock */
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    (void)malloc_trim(0); /* what gritd does too once it is ready */
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (file)
        (void)fclose(file); /* only read */
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

struct bench {
    const struct book *book;
    struct core *core;
    struct step step;
    msec_t now;
    uint64_t reps, facts, steps, serial;
    uint64_t values, sent;
};

static void feed(struct bench *b, uint64_t rep, bool deals)
{
    struct sample sample;
    sample_init(&sample, b->serial++, rep, deals, b->now);
    core_step(b->core, &sample.event, &b->step);
}

/* Every rep in turn, as time goes on; the facts of one end where those of another begin. */
static void fill(struct bench *b)
{
    for (uint64_t fact = 0; fact < b->facts; fact++) {
        for (uint64_t rep = 0; rep < b->reps; rep++)
            feed(b, rep, false);
        b->now += APART_MINUTES * MSEC_MINUTE;
    }
    for (uint64_t rep = 0; rep < b->reps; rep++) {
        char id[24];
        (void)snprintf(id, sizeof(id), "rep%" PRIu64, rep); /* fits */
        for (int i = 0; i < b->book->signal_count; i++)
            b->values +=
                core_signal(b->core, b->book->signals[i]->name, id, NULL, b->now) != NUMBER_NONE;
    }
}

static uint64_t timed(struct bench *b)
{
    for (uint64_t fact = 0; fact < b->facts; fact++) {
        feed(b, 0, true);
        b->now += APART_MINUTES * MSEC_MINUTE;
    }
    struct sample *samples = NEW_ARRAY(struct sample, b->steps);
    for (uint64_t n = 0; n < b->steps; n++) {
        sample_init(&samples[n], b->serial++, 0, true, b->now);
        b->now += APART_MINUTES * MSEC_MINUTE;
    }
    uint64_t start = cpu_ns();
    for (uint64_t n = 0; n < b->steps; n++) {
        core_step(b->core, &samples[n].event, &b->step);
        for (size_t i = 0; i < b->step.count; i++)
            b->sent += b->step.intents[i].type == INTENT_SEND;
    }
    uint64_t took = cpu_ns() - start;
    free(samples);
    return took / b->steps;
}

static void run(struct bench *b, struct zones *zones)
{
    struct core_options options = {.zone = zones_get, .zone_user = zones};
    uint64_t ns = 0;
    b->core = core_new(b->book, &options);
    b->now = 1767225600000; /* 2026-01-01 */
    step_init(&b->step);
    core_ready(b->core, b->now, &b->step);
    long before = resident_kib();
    if (b->steps)
        ns = timed(b);
    else
        fill(b);
    (void)printf("{\"reps\":%" PRIu64 ",\"facts\":%" PRIu64 ",\"signals\":%d,\"rules\":%d,"
                 "\"kib_before\":%ld,\"kib\":%ld,\"words\":%zu,\"values\":%" PRIu64
                 ",\"sent\":%" PRIu64 ",\"ns_per_step\":%" PRIu64 "}\n",
                 b->reps, b->facts, b->book->signal_count, b->book->rule_count, before,
                 resident_kib(), b->book->signal_words, b->values, b->sent, ns);
    step_done(&b->step);
    core_free(b->core);
}

int main(int argc, char **argv)
{
    struct bench bench = {.reps = 1, .facts = 10};
    struct zones zones = {0};
    for (int option; (option = getopt(argc, argv, "u:f:n:")) != -1;) {
        if (option == 'u')
            bench.reps = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            bench.facts = strtoull(optarg, NULL, 10);
        else if (option == 'n')
            bench.steps = strtoull(optarg, NULL, 10);
        else
            return 2;
    }
    if (optind + 1 != argc || !bench.reps)
        return 2;
    struct setup *setup = setup_load(argv[optind], NULL, NULL, &zones);
    if (setup->ok) {
        bench.book = setup->book;
        run(&bench, &zones);
    } else {
        struct strbuf text = {0};
        problems_print(&setup->problems, &text);
        (void)fputs(strbuf_text(&text), stderr);
        strbuf_done(&text);
    }
    int status = setup->ok ? 0 : 1;
    setup_free(setup);
    zones_done(&zones);
    return status;
}
