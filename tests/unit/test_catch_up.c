/* What only a new book looks at is fetched from the journal, as a restart would find it there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/store_memory.h"

#define ANA "people: [{id: ana, name: Ana, zone: UTC}"
#define KIM ", {id: kim, name: Kim, crm: [K7], zone: UTC}"
#define PLUGIN(window)                                                                             \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "signals: {calls: {count: activity.logged, window: " window "}}\n"                             \
    "rules:\n  - {rule: r, about: s, when: activity.logged, if: {signal.calls: {at_least: 99}}, "  \
    "tell: \"{{signal.calls}} calls.\"}\n"

struct world {
    struct rig rig; /* books and zones; its core is not used */
    struct store *store;
    struct engine *engine;
    struct book *book;
    msec_t now;
    int serial;
};

static struct book *read_book(struct world *w, const char *people, const char *plugin)
{
    return rig_book(&w->rig, &(struct rig_text){.people = people, .plugins = {plugin}});
}

static void start(struct world *w)
{
    struct engine_options options = {.core = w->rig.options};
    struct err err = {0};
    if (engine_open(w->book, w->store, &options, w->now, &err, &w->engine))
        fail_msg("%s", err.text);
}

static void begin(struct world *w, const char *plugin)
{
    *w = (struct world){0};
    rig_init(&w->rig, &(struct rig_text){.people = ANA "]\n", .plugins = {plugin}},
             "2026-03-02 09:00");
    w->now = w->rig.now;
    w->book = read_book(w, ANA "]\n", plugin);
    w->store = store_memory_new(&(struct store_memory_options){0});
    start(w);
}

static void end(struct world *w)
{
    engine_close(w->engine);
    w->store->ops->close(w->store);
    book_free(w->book);
    rig_done(&w->rig);
}

static void call(struct world *w, const char *rep)
{
    struct event event;
    char id[16];
    event_init(&event, EVENT_ACTIVITY_LOGGED, w->now += MSEC_MINUTE);
    (void)snprintf(id, sizeof(id), "e%d", ++w->serial);
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, event.id);
    event.rep = rep;
    event.kind = "call";
    assert_int_equal(engine_take(w->engine, &event, w->now, NULL, NULL), ENGINE_TAKEN);
}

static void take_book(struct world *w, const char *people, const char *plugin)
{
    struct err err = {0};
    struct book *old = w->book;
    w->book = read_book(w, people, plugin);
    assert_int_equal(engine_set_book(w->engine, w->book, w->now, NULL, &err), 0);
    book_free(old);
}

static int calls_of(struct world *w, const char *rep)
{
    return (int)(core_signal(engine_core(w->engine), "calls", rep, NULL, w->now) / 1000);
}

static void new_person_brings_what_happened_before(void **state)
{
    struct world w;
    (void)state;
    begin(&w, PLUGIN("7d"));
    call(&w, "ana");
    call(&w, "kim");
    call(&w, "k7"); /* the CRM's id, in other letters */
    call(&w, "stranger");
    take_book(&w, ANA KIM "]\n", PLUGIN("7d"));
    assert_int_equal(calls_of(&w, "ana"), 1); /* and nothing of hers twice */
    assert_int_equal(calls_of(&w, "kim"), 2);
    end(&w);
}

static void longer_window_looks_further_back(void **state)
{
    struct world w;
    (void)state;
    begin(&w, PLUGIN("7d"));
    call(&w, "ana");
    call(&w, "ana");
    engine_close(w.engine);
    w.now += 150 * MSEC_DAY; /* further back than a start with the short window reads */
    start(&w);
    call(&w, "ana");
    take_book(&w, ANA "]\n", PLUGIN("300d"));
    assert_int_equal(calls_of(&w, "ana"), 3);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_person_brings_what_happened_before),
        cmocka_unit_test(longer_window_looks_further_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
