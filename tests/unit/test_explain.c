/* "Why not?" in chat: the same reasons `gritctl why` gives, to the person they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/store_memory.h"

static const char people[] =
    "teams:\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
    "rules:\n"
    "  - {rule: propose, about: a deal came to Propose, ask: q,\n"
    "     when: {event: deal.stage_changed, to: propose}}\n"
    "  - {rule: card, about: went back, when: activity.logged,\n"
    "     praise: \"{{deal.name}}: you went back.\"}\n";

struct scene {
    struct rig rig; /* of which only book and zones are used */
    struct store *store;
    struct engine *engine;
    int serial;
    struct arena arena;
    const char *reply;
};

static void happens(struct scene *scene, const char *when, struct event e)
{
    struct event event;
    char id[16];
    msec_t at = rig_time(&scene->rig, when);
    (void)snprintf(id, sizeof(id), "e%d", ++scene->serial);
    event_init(&event, e.type, at);
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, id);
    event.rep = e.rep;
    event.deal = e.deal;
    event.to = e.to;
    event.chat = e.chat;
    event.text = e.text;
    engine_tick(scene->engine, at);
    (void)store_memory_pump(scene->store);
    assert_int_equal(engine_take(scene->engine, &event, at, NULL, NULL), ENGINE_TAKEN);
    (void)store_memory_pump(scene->store);
}

static int newest_reply(void *user, const struct row *row)
{
    struct scene *scene = user;
    struct message message;
    if (!row->outbox.message || message_decode(row->outbox.message, &scene->arena, NULL, &message))
        return 0;
    if (message.reply)
        scene->reply = message.text;
    return 0;
}

static const char *asked(struct scene *scene, const char *when, const char *who, const char *words)
{
    struct err err = {0};
    happens(scene, when, (struct event){.type = EVENT_SAID, .chat = who, .text = words});
    scene->reply = "";
    (void)scene->store->ops->load_outbox(scene->store, 0, newest_reply, scene, &err);
    return scene->reply;
}

static int setup(void **state)
{
    struct scene *scene = NEW(struct scene);
    struct rig_text text = {.people = people, .plugins = {plugin}};
    struct err err = {0};
    arena_init(&scene->arena);
    rig_init(&scene->rig, &text, "2026-03-02 08:00");
    scene->store = store_memory_new(NULL);
    struct engine_options options = {.core = scene->rig.options, .quiet_ms = MSEC_MINUTE};
    if (engine_open(scene->rig.book, scene->store, &options, scene->rig.now, &err, &scene->engine))
        fail_msg("%s", err.text);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    engine_stop(scene->engine);
    engine_close(scene->engine);
    scene->store->ops->close(scene->store);
    arena_done(&scene->arena);
    rig_done(&scene->rig);
    free(scene);
    return 0;
}

static void move(struct scene *scene, const char *when, const char *to)
{
    happens(scene, when,
            (struct event){.type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1", .to = to});
}

static void explain_nothing_was_kept(void **state)
{
    assert_string_equal(asked(*state, "2026-03-02 10:00", "ana", "why not?"),
                        "In the last three days I kept nothing back, and nothing came close.");
}

static void explain_what_was_stopped_and_by_what(void **state)
{
    struct scene *scene = *state;
    move(scene, "2026-03-02 10:00", "propose");
    move(scene, "2026-03-02 10:30", "propose");
    assert_string_equal(
        asked(scene, "2026-03-02 11:00", "ana", "  Why Not ?\n"),
        "Lately I kept these to myself:\n"
        "• Mon 2 Mar 10:30, a deal came to Propose: another question is still open. "
        "It would have gone on if the open question had been answered or skipped.\n");
}

static void explain_what_came_close(void **state)
{
    struct scene *scene = *state;
    move(scene, "2026-03-02 10:00", "qualify");
    assert_string_equal(asked(scene, "2026-03-02 11:00", "ana", "why not"),
                        "These came close:\n"
                        "• Mon 2 Mar 10:00, a deal came to Propose: to is qualify, the rule wants "
                        "propose. It would have gone on if to had been propose.\n");
}

/* A card is the manager's; the rep does not learn of it, the manager does not learn of the rep's.
 */
static void explain_only_what_was_for_that_person(void **state)
{
    struct scene *scene = *state;
    happens(scene, "2026-03-02 22:00",
            (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1"});
    move(scene, "2026-03-02 22:01", "qualify");
    const char *words = asked(scene, "2026-03-02 22:30", "ana", "why not");
    assert_null(strstr(words, "went back"));
    words = asked(scene, "2026-03-02 22:31", "dana", "why not");
    assert_null(strstr(words, "Propose"));
}

static void explain_other_words_are_an_answer(void **state)
{
    struct scene *scene = *state;
    move(scene, "2026-03-02 10:00", "propose");
    assert_non_null(strstr(asked(scene, "2026-03-02 10:10", "ana", "why not call them again"),
                           "Thank you, noted."));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(explain_nothing_was_kept),          CASE(explain_what_was_stopped_and_by_what),
        CASE(explain_what_came_close),           CASE(explain_only_what_was_for_that_person),
        CASE(explain_other_words_are_an_answer),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
