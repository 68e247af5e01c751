/* Flows in the tests of plugins, in simulate and in preview. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core.h"
#include "engine/plugin_test.h"
#include "engine/simulate.h"
#include "load_check.h"

#define FLOW                                                                                       \
    "plugin: p\narea: skill\nflows:\n  gps:\n    command: gps\n    steps:\n"                       \
    "      - ask: {id: goal, text: \"What is to move?\"}\n"                                        \
    "      - ask: {id: owner, text: \"Whose is “{{answer.goal}}”?\", answer: \"choice [mine, " \
    "theirs]\"}\n"                                                                                 \
    "      - if: {answer.owner: theirs}\n"                                                         \
    "        ask: {id: why, text: \"What for?\", answer: date}\n"                                  \
    "      - if: {answer.owner: mine}\n"                                                           \
    "        ask: {id: sure, text: \"How sure?\", answer: scale 2-3, kind: belief}\n"              \
    "rules:\n"                                                                                     \
    "  - {rule: begin, about: a talk, when: deal.won, start: gps}\n"                               \
    "  - {rule: recall, about: what was said, when: goal.set, if: {answer.owner: mine},\n"         \
    "     tell: \"You wrote: {{answer.goal}}\"}\n"

#define TESTS                                                                                      \
    "tests:\n"                                                                                     \
    "  - test: it\n    at: 2026-03-04 12:00\n    people: {ana: {}}\n    given:\n"                  \
    "      - {at: 2026-03-03 10:00, event: deal.won, rep: ana, deal: D1}\n"                        \
    "      - {at: 2026-03-03 10:05, rep: ana, answer: Acme}\n"                                     \
    "      - {at: 2026-03-03 10:06, rep: ana, answer: theirs}\n"                                   \
    "      - {at: 2026-03-03 10:07, rep: ana, answer: mine, step: owner}\n"                        \
    "      - {at: 2026-03-04 10:07, event: goal.set, rep: ana, goal: G1}\n    expect:\n"

static const struct tz *zone(void *user, const char *name)
{
    return load_check_zone(user, name);
}

static struct loaded load_one(const char *plugin)
{
    struct load_given given = {.plugins = {plugin}};
    struct loaded l = load_given(&given);
    assert_clean(&l);
    return l;
}

static void play_test(const char *expect, bool passes, const char *reason)
{
    struct strbuf yaml = {0};
    struct plugin_test_result result;
    strbuf_printf(&yaml, "%s%s%s", FLOW, TESTS, expect);
    struct loaded l = load_one(strbuf_text(&yaml));
    struct plugin_test_options options = {.book = l.book, .zone = zone};
    plugin_test_run(&l.tests->tests[0], &options, &result);
    if (result.passed != passes || (reason && !strstr(strbuf_text(&result.reason), reason)))
        fail_msg("%s%s", expect, strbuf_text(&result.reason));
    plugin_test_done(&result);
    load_done(&l);
    strbuf_done(&yaml);
}

static void plugin_test_sees_steps_and_corrects_one(void **state)
{
    (void)state;
    play_test("      - {at: 2026-03-03 10:00, rule: begin, text: What is to move?}\n"
              "      - {at: 2026-03-03 10:05, text: Whose is “Acme”?}\n"
              "      - {at: 2026-03-03 10:06, text: What for?}\n"
              "      - {at: 2026-03-03 10:07, text: How sure?}\n",
              true, NULL);
    play_test("      - {at: 2026-03-03 10:06, text: How sure?}\n", false,
              "line 28: expected: sent");
}

static void plugin_test_knows_the_words_that_a_decision_leaves_out(void **state)
{
    (void)state;
    play_test("      - {rule: recall, text: \"You wrote: Acme\"}\n", true, NULL);
    play_test("      - {rule: recall, text: \"You wrote: Birchwood\"}\n", false, "You wrote: …");
}

static void plugin_test_of_a_step_that_was_not_asked_says_so(void **state)
{
    struct plugin_test_result result;
    (void)state;
    struct loaded l = load_one(FLOW "tests:\n  - test: it\n    at: 2026-03-04 12:00\n"
                                    "    people: {ana: {}}\n    given:\n"
                                    "      - {at: 2026-03-03 10:00, rep: ana, say: gps}\n"
                                    "      - {at: 2026-03-03 10:01, rep: ana, answer: mine, step: "
                                    "owner}\n"
                                    "    expect: [{rule: begin, not: true}]\n");
    struct plugin_test_options options = {.book = l.book, .zone = zone};
    plugin_test_run(&l.tests->tests[0], &options, &result);
    assert_non_null(strstr(strbuf_text(&result.reason),
                           "ana has no message of owner with the button 'answer' at that time"));
    plugin_test_done(&result);
    load_done(&l);
}

/* --- simulate --- */

struct heard {
    struct strbuf lines;
    int decided;
};

static void said(void *user, const struct message *message, msec_t at)
{
    (void)at;
    if (message->op == MESSAGE_POST)
        strbuf_printf(&((struct heard *)user)->lines, "%s\n", message->text);
}

static void decided(void *user, const struct decision *decision)
{
    (void)decision;
    ((struct heard *)user)->decided++;
}

static void simulate_answers_every_step(void **state)
{
    struct heard heard = {.decided = 0};
    struct event events[1];
    struct simulate_result result;
    (void)state;
    struct loaded l = load_one(FLOW);
    event_init(&events[0], EVENT_DEAL_WON, 1772532000000); /* 2026-03-03 10:00 UTC */
    events[0].id = "1";
    events[0].source = "/t";
    events[0].key = event_key("/t", "1");
    events[0].rep = "ana";
    events[0].deal = "D1";
    struct simulate_options options = {.book = l.book,
                                       .core = {.every_owner = true, .zone = zone},
                                       .from = MSEC_NONE,
                                       .to = MSEC_NONE,
                                       .answer_after = MSEC_HOUR,
                                       .said = said,
                                       .decided = decided,
                                       .user = &heard};
    struct arena arena;
    arena_init(&arena);
    struct event_packed packed = event_pack(&events[0], &arena);
    simulate_run(&options, &packed, 1, &result);
    arena_done(&arena);
    assert_int_equal(heard.decided, 1); /* the steps behind the first are replies */
    assert_string_equal(strbuf_text(&heard.lines),
                        "What is to move?\nWhose is “(an answer)”?\nHow sure?\n"
                        "That was the last question. In your own words:\n• “(an answer)”\n\n");
    strbuf_done(&heard.lines);
    load_done(&l);
}

/* So many talks at once that the list of answers grows while one of them is given. */
static void simulate_answers_many_at_once(void **state)
{
    enum { REPS = 60 };
    struct heard heard = {.decided = 0};
    struct event_packed packed[REPS];
    struct simulate_result result;
    struct arena arena;
    char ids[REPS][8];
    (void)state;
    struct loaded l = load_one(FLOW);
    arena_init(&arena);
    for (int i = 0; i < REPS; i++) {
        struct event event;
        (void)snprintf(ids[i], sizeof(ids[i]), "r%d", i);
        event_init(&event, EVENT_DEAL_WON, 1772532000000 + i);
        event.id = event.rep = event.deal = ids[i];
        event.source = "/t";
        event.key = event_key("/t", ids[i]);
        packed[i] = event_pack(&event, &arena);
    }
    struct simulate_options options = {.book = l.book,
                                       .core = {.every_owner = true, .zone = zone},
                                       .from = MSEC_NONE,
                                       .to = MSEC_NONE,
                                       .answer_after = MSEC_HOUR,
                                       .decided = decided,
                                       .user = &heard};
    simulate_run(&options, packed, REPS, &result);
    assert_int_equal(heard.decided, REPS);
    arena_done(&arena);
    strbuf_done(&heard.lines);
    load_done(&l);
}

/* Events of deals that are won, as a file hands them out: each one's texts only in the arena. */
struct wins {
    const int *minutes;
    int count, at;
};

static bool next_win(void *user, struct arena *arena, struct event *ret)
{
    struct wins *wins = user;
    if (wins->at == wins->count)
        return false;
    int minute = wins->minutes[wins->at++];
    event_init(ret, EVENT_DEAL_WON, 1772532000000 + minute * MSEC_MINUTE);
    ret->id = ret->deal = ret->rep = arena_printf(arena, "w%d", minute);
    ret->source = arena_strdup(arena, "/t");
    ret->key = event_key(ret->source, ret->id);
    return true;
}

static bool stream_wins(const int *minutes, int count, struct simulate_result *ret, int *decisions)
{
    struct heard heard = {.decided = 0};
    struct loaded l = load_one(FLOW);
    struct wins wins = {minutes, count, 0};
    const struct simulate_source source = {next_win, &wins};
    struct simulate_options options = {.book = l.book,
                                       .core = {.every_owner = true, .zone = zone},
                                       .from = MSEC_NONE,
                                       .to = MSEC_NONE,
                                       .decided = decided,
                                       .user = &heard};
    bool in_order = simulate_stream(&options, &source, ret);
    *decisions = heard.decided;
    load_done(&l);
    return in_order;
}

static void simulate_plays_a_stream_as_it_comes(void **state)
{
    enum { WINS = 200 }; /* several times what is read ahead */
    int minutes[2 * WINS], decisions;
    struct simulate_result result;
    (void)state;
    for (int i = 0; i < WINS; i++)
        minutes[2 * i] = minutes[2 * i + 1] = i; /* each one comes twice */
    assert_true(stream_wins(minutes, 2 * WINS, &result, &decisions));
    assert_int_equal(result.events, WINS);
    assert_int_equal(result.repeated, WINS);
    assert_int_equal(decisions, WINS);
    assert_int_equal(result.from, 1772532000000);
    assert_int_equal(result.to, 1772532000000 + (WINS - 1) * MSEC_MINUTE + MSEC_DAY);
    for (int i = 0; i < 2 * WINS; i++)
        minutes[i] = 7; /* far more copies than are read ahead */
    assert_true(stream_wins(minutes, 2 * WINS, &result, &decisions));
    assert_int_equal(result.events, 1);
    assert_int_equal(decisions, 1);
    assert_true(stream_wins(minutes, 0, &result, &decisions));
    assert_int_equal(result.events, 0);
}

static void simulate_refuses_a_stream_that_is_not_in_order(void **state)
{
    enum { WINS = 100 };
    int minutes[WINS], decisions;
    struct simulate_result result;
    (void)state;
    for (int early = 1; early < WINS; early += 7) {
        for (int i = 0; i < WINS; i++)
            minutes[i] = i == early ? i - 1 : i + 1;
        assert_false(stream_wins(minutes, WINS, &result, &decisions));
    }
}

/* --- preview --- */

static void said_to(struct core *core, struct step *step, const char *words, msec_t at)
{
    static int serial;
    char id[16];
    struct event event;
    event_init(&event, EVENT_SAID, at);
    (void)snprintf(id, sizeof(id), "%d", ++serial);
    event.id = id;
    event.source = "/t";
    event.chat = "ana";
    event.text = words;
    core_step(core, &event, step);
}

static void preview_shows_the_first_step_and_no_answers(void **state)
{
    struct load_given given = {.people = "people: [{id: ana}]\n", .plugins = {FLOW}};
    struct step step;
    struct message message;
    struct err err = {0};
    (void)state;
    struct loaded l = load_given(&given);
    assert_clean(&l);
    struct core_options options = {.zone = zone};
    struct core *core = core_new(l.book, &options);
    step_init(&step);
    core_ready(core, 1000, &step);
    assert_int_equal(core_preview(core, "begin", "ana", NULL, 1000, &step, &message, &err), 0);
    assert_string_equal(message.text, "What is to move?");
    assert_string_equal(message.reader, "Only you can read your answer.");
    assert_int_equal(message.button_count, 5);
    said_to(core, &step, "gps", 2000);
    said_to(core, &step, "Secret", 3000);
    assert_int_equal(core_preview(core, "begin", "ana", NULL, 4000, &step, &message, &err), 0);
    assert_string_equal(message.text, "Whose is “…”?");
    step_done(&step);
    core_free(core);
    load_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugin_test_sees_steps_and_corrects_one),
        cmocka_unit_test(plugin_test_knows_the_words_that_a_decision_leaves_out),
        cmocka_unit_test(plugin_test_of_a_step_that_was_not_asked_says_so),
        cmocka_unit_test(simulate_answers_every_step),
        cmocka_unit_test(simulate_answers_many_at_once),
        cmocka_unit_test(simulate_plays_a_stream_as_it_comes),
        cmocka_unit_test(simulate_refuses_a_stream_that_is_not_in_order),
        cmocka_unit_test(preview_shows_the_first_step_and_no_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
