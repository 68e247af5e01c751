/* bench_step.c: what one step of the core costs, without journal, store and sending.
 *
 * The events are those of bench_load, made before the clock starts; the rules are those of a
 * configuration. With -m no rule matches.
 *
 * Usage: bench_step [-n STEPS] [-u REPS] [-m] CONFIGURATION
 * Prints one JSON object: rules, steps, sent, ns_per_step. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/core.h"
#include "io/setup.h"

enum { STAGES = 5, BANDS = 10 };

/* Every step has an event of its own; its texts live here. */
struct sample {
    struct event event;
    char id[24], deal[24], name[32], owner[24];
};

static const char *const stages[STAGES] = {"prospect", "qualify", "discover", "propose",
                                           "negotiate"};

static void sample_init(struct sample *sample, uint64_t n, uint64_t reps, bool miss, msec_t at)
{
    uint64_t rep = n % reps, mixed = rep * UINT64_C(0x9E3779B97F4A7C15) >> 32;
    struct event *event = &sample->event;
    event_init(event, EVENT_DEAL_STAGE_CHANGED, at);
    (void)snprintf(sample->id, sizeof(sample->id), "e%" PRIu64, n); /* these fit */
    (void)snprintf(sample->deal, sizeof(sample->deal), "D%" PRIu64, rep);
    (void)snprintf(sample->name, sizeof(sample->name), "no %" PRIu64, n);
    (void)snprintf(sample->owner, sizeof(sample->owner), "crm%" PRIu64, rep);
    event->at = at;
    event->id = sample->id;
    event->source = "/crm/generic/bench";
    event->key = event_key(event->source, event->id);
    event->deal = sample->deal;
    event->deal_name = sample->name;
    event->owner = event->rep = sample->owner;
    event->currency = "EUR";
    event->amount = miss ? 500 : (int64_t)(1000 * (mixed / STAGES % BANDS) + 1500) * 100;
    event->to = event->stage = stages[mixed % STAGES];
    event->from = stages[(mixed + STAGES - 1) % STAGES];
    event->direction = "forward";
}

static uint64_t cpu_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now); /* cannot fail for this clock */
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void run(const struct book *book, struct zones *zones, uint64_t steps, uint64_t reps,
                bool miss)
{
    struct core_options options = {.zone = zones_get, .zone_user = zones};
    struct core *core = core_new(book, &options);
    struct sample *samples = NEW_ARRAY(struct sample, steps);
    struct timespec now;
    struct step step;
    uint64_t sent = 0;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    for (uint64_t n = 0; n < steps; n++)
        sample_init(&samples[n], n, reps, miss, now.tv_sec * MSEC_SECOND + (msec_t)n);
    step_init(&step);
    core_ready(core, now.tv_sec * MSEC_SECOND, &step);
    uint64_t start = cpu_ns();
    for (uint64_t n = 0; n < steps; n++) {
        core_step(core, &samples[n].event, &step);
        for (size_t i = 0; i < step.count; i++)
            sent += step.intents[i].type == INTENT_SEND;
    }
    uint64_t took = cpu_ns() - start;
    (void)printf("{\"rules\":%d,\"steps\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"ns_per_step\":%" PRIu64
                 "}\n",
                 book->rule_count, steps, sent, took / steps);
    step_done(&step);
    core_free(core);
    free(samples);
}

int main(int argc, char **argv)
{
    uint64_t steps = 20000, reps = 10000;
    bool miss = false;
    struct zones zones = {0};
    for (int option; (option = getopt(argc, argv, "n:u:m")) != -1;) {
        if (option == 'n')
            steps = strtoull(optarg, NULL, 10);
        else if (option == 'u')
            reps = strtoull(optarg, NULL, 10);
        else if (option == 'm')
            miss = true;
        else
            return 2;
    }
    if (optind + 1 != argc || !steps || !reps)
        return 2;
    struct setup *setup = setup_load(argv[optind], NULL, NULL, &zones);
    if (setup->ok) {
        run(setup->book, &zones, steps, reps, miss);
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
