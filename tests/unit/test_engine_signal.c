/* What signals remember over restarts and reloads of a whole engine: the numeric columns of the
 * journal are enough for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/store_memory.h"

#define SHELL(signals)                                                                             \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\nsignals:\n"                   \
    "  all: {count: activity.logged}\n  minutes: {sum: activity.logged, of: duration}\n" signals   \
    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"         \
    "rules:\n  - {rule: r, about: s, when: goal.set, ask: q}\n"

static const char people[] = "people:\n  - {id: ana, name: Ana, zone: America/Denver}\n";
static const char short_sight[] = SHELL("");
static const char long_sight[] = SHELL("  year: {count: activity.logged, window: 52w}\n"
                                       "  usual: {ratio: {count: activity.logged}, "
                                       "to: {mean_of: 26 weeks}}\n");

struct life {
    struct rig rig;
    struct store *store;
    struct engine *engine;
    msec_t now;
};

static void rise(struct life *life)
{
    struct engine_options options = {.core = life->rig.options, .quiet_ms = MSEC_MINUTE};
    struct err err = {0};
    if (engine_open(life->rig.book, life->store, &options, life->now, &err, &life->engine))
        fail_msg("%s", err.text);
}

static void fall(struct life *life)
{
    struct store *kept = store_memory_clone(life->store, NULL);
    engine_stop(life->engine);
    life->store->ops->close(life->store);
    engine_close(life->engine);
    life->store = kept;
}

static void call(struct life *life, int number, int64_t seconds)
{
    struct event e;
    char id[16];
    (void)snprintf(id, sizeof(id), "e%d", number);
    event_init(&e, EVENT_ACTIVITY_LOGGED, life->now);
    e.rep = "ana";
    e.kind = "call";
    e.count = 2;
    e.duration_s = seconds;
    e.id = id;
    e.source = "/test";
    e.key = event_key(e.source, e.id);
    e.at = life->now;
    e.type_name = event_type_name(e.type);
    assert_int_equal(engine_take(life->engine, &e, life->now, NULL, NULL), ENGINE_TAKEN);
    life->now += MSEC_WEEK;
}

static int64_t signal_of(const struct life *life, const char *name)
{
    return core_signal(engine_core(life->engine), name, "ana", NULL, life->now);
}

static void engine_reload_with_longer_sight_reads_older_facts(void **state)
{
    struct life life = {0};
    (void)state;
    rig_init(&life.rig, &(struct rig_text){.people = people, .plugins = {short_sight}},
             "2026-01-05 10:00");
    life.now = life.rig.now;
    life.store = store_memory_new(NULL);
    rise(&life);
    for (int i = 0; i < 40; i++)
        call(&life, i, 90);
    fall(&life); /* of the older facts nothing is in memory any more */
    rise(&life);
    assert_int_equal(signal_of(&life, "all"), 28000); /* 14 weeks */
    assert_int_equal(signal_of(&life, "minutes"), 21000);
    struct book *book =
        rig_book(&life.rig, &(struct rig_text){.people = people, .plugins = {long_sight}});
    struct err err = {0};
    assert_int_equal(engine_set_book(life.engine, book, life.now, NULL, &err), 0);
    assert_int_equal(signal_of(&life, "all"), 28000);
    assert_int_equal(signal_of(&life, "minutes"), 21000);
    assert_int_equal(signal_of(&life, "year"), 80000);
    int64_t usual = signal_of(&life, "usual");
    assert_true(usual != NUMBER_NONE);
    book_free(life.rig.book);
    life.rig.book = book;
    fall(&life);
    rise(&life);
    assert_int_equal(signal_of(&life, "year"), 80000);
    assert_int_equal(signal_of(&life, "usual"), usual);
    life.store->ops->close(life.store);
    engine_close(life.engine);
    rig_done(&life.rig);
}

/* A day at most, and nothing below nothing, whatever a sender writes. */
static void engine_durations_are_kept_within_a_day(void **state)
{
    static const int64_t seconds[] = {-5, 0, 30, 86400, 86401, INT64_MAX, NUMBER_NONE};
    struct life life = {0};
    (void)state;
    rig_init(&life.rig, &(struct rig_text){.people = people, .plugins = {short_sight}},
             "2026-01-05 10:00");
    life.now = life.rig.now;
    life.store = store_memory_new(NULL);
    rise(&life);
    for (int i = 0; i < (int)ARRAY_LEN(seconds); i++)
        call(&life, i, seconds[i]);
    assert_int_equal(signal_of(&life, "minutes"), (30 + 3 * 86400) * 1000 / 60);
    fall(&life);
    rise(&life);
    assert_int_equal(signal_of(&life, "minutes"), (30 + 3 * 86400) * 1000 / 60);
    assert_int_equal(signal_of(&life, "all"), 14000);
    life.store->ops->close(life.store);
    engine_close(life.engine);
    rig_done(&life.rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(engine_reload_with_longer_sight_reads_older_facts),
        cmocka_unit_test(engine_durations_are_kept_within_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
