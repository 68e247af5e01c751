/* soak [--days N] [--people N] [--seed N] [--broken late|history] [--twice] [--one-life]: 500
 * people in 30 zones for 400 days of virtual time, with a process that dies, commits that are lost,
 * a platform that lies and is away, and in the end a judge. The same seed plays the same, to the
 * last bit: the digest is of all that was taken, sent, looked up, answered and stored. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/map.h"
#include "soak.h"

enum {
    FUSE_MAX = 12,
    CRASH_EVERY_MS = 2 * MSEC_DAY,
    AWAY_EVERY_MS = 5 * MSEC_DAY,
    BLIND_EVERY_MS = 9 * MSEC_DAY,
    DRAIN_MS = 4 * MSEC_DAY,
};

/* --- chance, and what is kept of it --- */

/* Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t soak_random(struct soak *soak, uint64_t below)
{
    uint64_t x = soak->random += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return (x ^ x >> 31) % below;
}

bool soak_chance(struct soak *soak, unsigned per_mille)
{
    return soak_random(soak, 1000) < per_mille;
}

void soak_note(struct soak *soak, const char *what, const char *key, int64_t number)
{
    const uint64_t parts[] = {hash_quick(what), hash_quick(key), (uint64_t)number};
    soak->digest = hash_bytes(soak->digest, parts, sizeof(parts)).a;
}

void soak_complain(struct soak *soak, const char *format, ...)
{
    va_list args;
    if (++soak->complaints > SOAK_COMPLAINTS)
        return;
    va_start(args, format);
    (void)fputs("  WRONG: ", stdout);
    (void)vprintf(format, args);
    (void)putchar('\n');
    va_end(args);
}

void soak_burn(struct soak *soak)
{
    if (soak->fuse > 0 && --soak->fuse == 0)
        soak->dead = true;
}

/* --- what comes next --- */

static bool earlier(const struct soak_thing *a, const struct soak_thing *b)
{
    return a->time != b->time ? a->time < b->time : a->serial < b->serial;
}

static void swap(struct soak_thing *a, struct soak_thing *b)
{
    struct soak_thing was = *a;
    *a = *b;
    *b = was;
}

void soak_add(struct soak *soak, const struct soak_thing *thing)
{
    ARRAY_GROW(soak->things, soak->thing_count, soak->thing_cap);
    size_t at = soak->thing_count++;
    soak->things[at] = *thing;
    soak->things[at].serial = soak->serial++;
    for (; at && earlier(&soak->things[at], &soak->things[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&soak->things[at], &soak->things[(at - 1) / 2]);
}

static struct soak_thing take_first(struct soak *soak)
{
    struct soak_thing first = soak->things[0];
    soak->things[0] = soak->things[--soak->thing_count];
    for (size_t at = 0, child; (child = 2 * at + 1) < soak->thing_count; at = child) {
        if (child + 1 < soak->thing_count &&
            earlier(&soak->things[child + 1], &soak->things[child]))
            child++;
        if (!earlier(&soak->things[child], &soak->things[at]))
            break;
        swap(&soak->things[child], &soak->things[at]);
    }
    return first;
}

/* --- lives --- */

static void on_failed(void *user, int status)
{
    soak_complain(user, "the store is said to have failed: %d", status);
}

void soak_rise(struct soak *soak)
{
    struct engine_options options = {
        .core = {.seed = 7, .zone = zones_get, .zone_user = &soak->zones},
        .quiet_ms = SOAK_QUIET_MS,
        .hooks = {.failed = on_failed, .user = soak}};
    struct err err = {0};
    memset(options.core.secret, 5, sizeof(options.core.secret));
    soak->life++;
    soak->in_flight = 0;
    soak->dead = false;
    soak->fuse = 0;
    if (engine_open(soak->book, &soak->base, &options, soak->now, &err, &soak->engine)) {
        (void)fprintf(stderr, "soak: %s\n", err.text);
        exit(2);
    }
    const struct chat_port port = soak_port(soak);
    engine_set_chat(soak->engine, &port);
    engine_chat_ready(soak->engine, soak->now);
}

/* What was not acknowledged comes again, under the same id. */
static void come_again(struct soak *soak)
{
    soak_settle(soak); /* who has the answer does not ask again */
    for (size_t i = 0; i < soak->waiting_count; i++)
        soak_add(soak, &(struct soak_thing){.time = soak->now + (msec_t)soak_random(soak, 5000),
                                            .kind = SOAK_EVENT,
                                            .event = soak->waiting[i]});
    soak->waiting_count = 0;
}

void soak_fall(struct soak *soak)
{
    engine_stop(soak->engine);
    while (store_memory_pump(soak->inner))
        continue;
    engine_close(soak->engine);
    soak->engine = NULL;
    while (soak->lost) {
        struct store_batch *batch = soak->lost;
        soak->lost = batch->next;
        store_batch_free(batch);
    }
}

static void die_and_rise(struct soak *soak)
{
    static const msec_t downs[] = {500, 5000, 10 * MSEC_MINUTE, 5000, 500, 9 * MSEC_HOUR};
    soak->counts.crashes++;
    soak_fall(soak);
    msec_t down = downs[soak_random(soak, ARRAY_LEN(downs))];
    soak->now += 1 + (msec_t)soak_random(soak, (uint64_t)down);
    soak_note(soak, "rise", "", soak->now);
    soak_rise(soak);
    come_again(soak);
}

/* --- the loop --- */

static void pump(struct soak *soak)
{
    soak->pumping = true;
    while (!soak->dead && store_memory_pump(soak->inner))
        continue;
    soak->pumping = false;
}

static msec_t some(struct soak *soak, msec_t most)
{
    return soak->now + 1 + (msec_t)soak_random(soak, (uint64_t)most);
}

static void plan(struct soak *soak, enum soak_kind kind, msec_t every)
{
    if (soak->now + every < soak->end)
        soak_add(soak, &(struct soak_thing){.time = some(soak, 2 * every), .kind = kind});
}

static void go_away(struct soak *soak)
{
    soak->counts.outages++;
    soak->away_until = some(soak, soak_chance(soak, 200) ? 6 * MSEC_HOUR : 10 * MSEC_MINUTE);
    soak_add(soak, &(struct soak_thing){.time = soak->away_until, .kind = SOAK_BACK});
    plan(soak, SOAK_AWAY, AWAY_EVERY_MS);
}

static void act(struct soak *soak, const struct soak_thing *thing)
{
    switch (thing->kind) {
    case SOAK_EVENT:
        soak_take(soak, thing->event);
        break;
    case SOAK_RESULT:
        soak_answer(soak, thing);
        break;
    case SOAK_WORK:
        soak_work(soak, thing->at);
        break;
    case SOAK_CRASH: /* in the middle of what comes next */
        soak->fuse = soak->calm ? 0 : 1 + (int)soak_random(soak, FUSE_MAX);
        plan(soak, SOAK_CRASH, CRASH_EVERY_MS);
        break;
    case SOAK_AWAY:
        go_away(soak);
        break;
    case SOAK_BACK:
        engine_chat_ready(soak->engine, soak->now);
        break;
    case SOAK_BLIND:
        soak->blind_until = some(soak, 3 * MSEC_HOUR);
        plan(soak, SOAK_BLIND, BLIND_EVERY_MS);
        break;
    }
}

static void run_until(struct soak *soak, msec_t end)
{
    for (;;) {
        msec_t wake = engine_next_wake(soak->engine);
        msec_t next = soak->thing_count ? soak->things[0].time : MSEC_NEVER;
        bool mine = next <= wake;
        next = mine ? next : wake;
        if (next > end)
            return;
        soak->now = next > soak->now ? next : soak->now;
        if (mine) {
            struct soak_thing thing = take_first(soak);
            act(soak, &thing);
        } else {
            engine_tick(soak->engine, soak->now);
        }
        pump(soak);
        if (soak->dead)
            die_and_rise(soak);
    }
}

static void begin(struct soak *soak, const struct soak_options *options)
{
    *soak = (struct soak){.base = {&soak_store},
                          .options = *options,
                          .random = options->seed,
                          .memory_before = soak_memory()};
    arena_init(&soak->names);
    soak_book(soak);
    soak->begin = soak->now = 1770000000 * (msec_t)MSEC_SECOND; /* in February 2026 */
    soak->end = soak->begin + options->days * (msec_t)MSEC_DAY;
    soak->inner = store_memory_new(
        &(struct store_memory_options){.finished = outbox_final_mask(), .deferred = true});
    soak_rise(soak);
    for (int i = 0; i < options->people; i++)
        soak_add(soak, &(struct soak_thing){
                           .time = some(soak, 4 * MSEC_DAY), .kind = SOAK_WORK, .at = i});
    if (!options->one_life)
        plan(soak, SOAK_CRASH, CRASH_EVERY_MS);
    plan(soak, SOAK_AWAY, AWAY_EVERY_MS);
    plan(soak, SOAK_BLIND, BLIND_EVERY_MS);
}

/* All its days; of one life with a look at the end of each month. */
static void live(struct soak *soak)
{
    msec_t month = soak_month(&soak->options);
    for (msec_t day = soak->begin + month; soak->options.one_life && day < soak->end;
         day += month) {
        run_until(soak, day);
        soak_look(soak);
    }
    run_until(soak, soak->end);
    soak->calm = true;
    run_until(soak, soak->end + DRAIN_MS);
    if (soak->options.one_life)
        soak_look(soak);
}

void soak_done(struct soak *soak)
{
    soak->inner->ops->close(soak->inner);
    for (size_t i = 0; i < soak->thing_count; i++)
        free(soak->things[i].event);
    for (size_t i = 0; i < soak->waiting_count; i++)
        free(soak->waiting[i]);
    free(soak->things);
    free(soak->waiting);
    free(soak->keys);
    free(soak->slots);
    map_done(&soak->deals);
    map_done(&soak->occurrences);
    arena_done(&soak->names);
    soak_book_free(soak);
}

static void tell(const struct soak *soak)
{
    const struct soak_counts *c = &soak->counts;
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"deals moved", c->events},
        {"buttons pressed", c->clicks},
        {"times of schedules decided", soak->slots_decided},
        {"messages", c->messages},
        {"changes of messages", c->changes},
        {"sends nobody knew of", c->unsure},
        {"looked for", c->lookups},
        {"readings", c->readings},
        {"refused", c->refused},
        {"told to wait", c->retries},
        {"deaths", c->crashes},
        {"commits lost in them", c->lost_batches},
        {"outages", c->outages},
        {"deleted by people", c->deleted},
        {"landed late", c->late},
        {"arrived and given up as unsure", c->held},
        {"repeated as the rule allows", c->repeats_allowed},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        printf("  %-32s %9llu\n", rows[i].name, (unsigned long long)rows[i].value);
}

/* Returns the number of complaints. */
static int play(const struct soak_options *options, bool quiet, uint64_t *ret_digest)
{
    struct soak soak;
    begin(&soak, options);
    live(&soak);
    soak_judge(&soak);
    if (!quiet)
        tell(&soak);
    printf("seed %llu, %d days, %d people: %d wrong, digest %016llx\n",
           (unsigned long long)options->seed, options->days, options->people, soak.complaints,
           (unsigned long long)soak.digest);
    *ret_digest = soak.digest;
    int wrong = soak.complaints;
    soak_fall(&soak);
    soak_done(&soak);
    return wrong;
}

static enum soak_broken broken_of(const char *text)
{
    if (str_eq(text, "late"))
        return SOAK_LATE;
    if (str_eq(text, "history"))
        return SOAK_HISTORY;
    (void)fprintf(stderr, "soak: --broken late or --broken history\n");
    exit(2);
}

int main(int argc, char **argv)
{
    struct soak_options options = {.days = 400, .people = 500, .seed = 1};
    bool twice = false;
    uint64_t digest, again = 0;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (str_eq(argv[i], "--twice") || str_eq(argv[i], "--one-life")) {
            *(str_eq(argv[i], "--twice") ? &twice : &options.one_life) = true;
            continue;
        }
        i++;
        if (str_eq(argv[i - 1], "--days"))
            options.days = atoi(value);
        else if (str_eq(argv[i - 1], "--people"))
            options.people = atoi(value);
        else if (str_eq(argv[i - 1], "--seed"))
            options.seed = strtoull(value, NULL, 10);
        else if (str_eq(argv[i - 1], "--broken"))
            options.broken = broken_of(value);
        else
            options.days = 0;
    }
    if (options.days < 1 || options.people < 1) {
        (void)fprintf(stderr, "soak [--days N] [--people N] [--seed N] [--broken late|history] "
                              "[--twice] [--one-life]\n");
        return 2;
    }
    int wrong = play(&options, false, &digest);
    if (twice && play(&options, true, &again) + (again != digest) > wrong) {
        printf("  WRONG: the same seed played differently\n");
        wrong++;
    }
    return wrong > 0;
}
