/* "Why not?" in chat: the same reasons `gritctl why` gives, to the person they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/retell.h"
#include "core_rig.h"
#include "engine/engine.h"
#include "engine/store_memory.h"

static const char people[] =
    "teams:\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, language: de}\n"
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

static int setup_with(void **state, const char *words)
{
    struct scene *scene = NEW(struct scene);
    struct rig_text text = {.people = people, .plugins = {plugin}, .words = {words}};
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

static int setup(void **state)
{
    return setup_with(state, NULL);
}

/* German for Ana, who speaks it: a plain reason, one inside another, one with values in another
 * order, and what would have helped. */
static int setup_german(void **state)
{
    return setup_with(
        state, "language: de\nwords:\n"
               "  why_not: \"Das behielt ich für mich:\\n\"\n"
               "  reason_question_open: eine andere Frage ist noch offen\n"
               "  reason_out_of_hours: außerhalb der Arbeitszeit\n"
               "  reason_held_until: \"%1$s; um %3$s am %2$s\"\n"
               "  reason_near_is: \"%1$s ist %2$s, gewünscht ist %3$s\"\n"
               "  remedy_conversation: \"Mit einer Antwort auf die offene Frage, 100 %% sicher.\"\n"
               "  remedy_near_is: \"Es fehlte: %s ist %s.\"\n");
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

/* Reasons are kept in English, and said in the words of whoever asks. */
static void explain_speaks_the_language_of_who_asks(void **state)
{
    struct scene *scene = *state;
    move(scene, "2026-03-02 10:00", "propose");
    move(scene, "2026-03-02 10:30", "propose");
    assert_string_equal(
        asked(scene, "2026-03-02 11:00", "ana", "why not"),
        "Das behielt ich für mich:\n"
        "• Mon 2 Mar 10:30, a deal came to Propose: eine andere Frage ist noch offen. "
        "Mit einer Antwort auf die offene Frage, 100 % sicher.\n");
    move(scene, "2026-03-02 11:30", "qualify");
    assert_non_null(strstr(asked(scene, "2026-03-02 11:40", "ana", "why not"),
                           "to ist qualify, gewünscht ist propose. Es fehlte: to ist propose."));
}

static void retell_finds_a_reason_inside_another(void **state)
{
    struct scene *scene = *state;
    const struct core *core = engine_core(scene->engine);
    static const char kept[] = "outside working hours; held until Tue 3 Mar 08:30";
    assert_string_equal(retell(core, "ana", kept, &scene->arena),
                        "außerhalb der Arbeitszeit; um 08:30 am Tue 3 Mar");
    assert_string_equal(retell(core, "dana", kept, &scene->arena), kept);
    assert_string_equal(retell(core, "ana", "something of a newer version", &scene->arena),
                        "something of a newer version");
    assert_null(retell(core, "ana", NULL, &scene->arena));
}

/* Each sentence that is kept is found again, whatever its values are. */
static void retell_knows_every_reason(void **state)
{
    struct scene *scene = *state;
    const struct core *core = engine_core(scene->engine);
    int known = 0;
    for (size_t i = 0; i < phrase_count(); i++) {
        const struct phrase *phrase = phrase_at(i);
        struct conversion c;
        struct strbuf kept = {0};
        const char *from = phrase->english;
        if (!str_starts(phrase->name, "reason_") && !str_starts(phrase->name, "remedy_"))
            continue;
        for (const char *at = from; next_conversion(&at, &c); from = at) {
            strbuf_add(&kept, from, (size_t)(c.text - 1 - from));
            strbuf_puts(&kept, "Tue 3 Mar, or so");
        }
        strbuf_puts(&kept, from);
        assert_string_equal(retell(core, "dana", strbuf_text(&kept), &scene->arena),
                            strbuf_text(&kept));
        strbuf_done(&kept);
        known++;
    }
    assert_true(known > 90);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(explain_nothing_was_kept),
        CASE(explain_what_was_stopped_and_by_what),
        CASE(explain_what_came_close),
        CASE(explain_only_what_was_for_that_person),
        CASE(explain_other_words_are_an_answer),
        cmocka_unit_test_setup_teardown(explain_speaks_the_language_of_who_asks, setup_german,
                                        teardown),
        cmocka_unit_test_setup_teardown(retell_finds_a_reason_inside_another, setup_german,
                                        teardown),
        CASE(retell_knows_every_reason),
    };
    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
