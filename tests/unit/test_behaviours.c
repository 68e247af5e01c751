/* Which behaviours somebody wants to do consistently: read from free words, read back, kept after a
 * yes as own targets that count what shows them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/behaviours.h"
#include "core/goal.h"
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n  - {id: west, name: West, zone: America/Denver}\n"                                   \
    "people:\n  - {id: ana, name: Ana Ruiz, team: west}\n"

#define BOOK                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  which: {kind: activity, reader: rep, answer: text, keep: behaviours, text: \"What would "   \
    "you like to do every week?\"}\n"                                                              \
    "rules:\n  - {rule: ask, about: s, when: deal.reopened, ask: which}\n"

static void begin(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .plugins = {BOOK}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static bool has(const struct rig *rig, const char *text)
{
    return strstr(strbuf_text(&rig->lines), text) != NULL;
}

static void reads(const char *words, const char *wanted)
{
    struct arena arena;
    struct strbuf out = {0};
    arena_init(&arena);
    struct choice choice = behaviours_read(words, &arena);
    for (int i = 0; i < choice.count; i++)
        strbuf_printf(&out, "%s %d%s;", choice.list[i].behaviour->id, choice.list[i].a_week,
                      choice.list[i].said ? "!" : "");
    if (choice.unknown)
        strbuf_printf(&out, "?%s~%s", choice.unknown, choice.near ? choice.near->id : "");
    if (!str_eq(strbuf_text(&out), wanted))
        fail_msg("“%s” is read as %s, wanted %s", words, strbuf_text(&out), wanted);
    strbuf_done(&out);
    arena_done(&arena);
}

/* B54: an answer in free words becomes ids of behaviours */
static void behaviours_are_read_from_free_words(struct rig *rig)
{
    (void)rig;
    reads("follow up", "follow-up 3;");
    reads("Follow-up, PREPARE and practice!", "follow-up 3;prepare 3;practise 3;");
    reads("I want to ask and listen 4 times a week; reach out 5x",
          "ask-and-listen 4!;reach-out 5!;");
    reads("1, 3 and 8", "prepare 3;follow-up 3;practise 3;");
    reads("folow up & prepair", "follow-up 3;prepare 3;");
    reads("follow up 2, follow up 5 a week", "follow-up 5!;");
    reads("follow up 100000", "follow-up 100!;");
    reads("juggling", "?juggling~");
    reads("prepare, flolow upps", "prepare 3;?flolow upps~follow-up");
    reads("9", "?9~");
    reads("0", "?0~");
    reads("", "");
    reads(" ,;,and, ", "?and~");
    reads("pre", "?pre~");
}

/* Each behaviour is something a target can count. */
static void behaviours_can_all_be_targets(struct rig *rig)
{
    const struct behaviour *behaviour;
    (void)rig;
    for (int i = BEHAVIOUR_NONE + 1; (behaviour = behaviour_at(i)); i++) {
        char metric[64], wanted[64];
        (void)snprintf(metric, sizeof(metric), "behaviour.%s", behaviour->id);
        const struct goal_unit *unit = goal_unit_find(metric);
        assert_non_null(unit);
        assert_string_equal(unit->kind, behaviour->id);
        assert_ptr_equal(goal_unit_find(unit->many), unit);
        (void)snprintf(wanted, sizeof(wanted), "%s 3;", behaviour->id);
        reads(behaviour->id, wanted);
    }
}

#define READ_BACK                                                                                  \
    "This is what I understood. Shall I note it as your own?\n• follow-up: 2 follow-ups "        \
    "a week\n• prepare: 3 preparations a week (my suggestion; change it as you like)"

/* B54: read back first; after the yes the targets are the rep's own and count what shows them */
static void behaviours_become_own_targets_after_a_yes(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "follow up 2 times, prepare");
    assert_true(has(rig, "> ana: " READ_BACK "\n"));
    assert_false(has(rig, "noted.")); /* one reply is enough */
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "goals");
    assert_true(has(rig, "No goal is noted"));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:03", "ana", "yes", NULL);
    rig_expect(rig, "03-02 10:03 ~ ana: " READ_BACK
                    "\n\nNoted as your own. Say goals to see how the week goes; nobody else reads "
                    "it.\n");
    rig_click(rig, "2026-03-02 10:04", "ana", "yes", NULL); /* twice */
    rig_expect(rig, "03-02 10:04 > ana: This one is closed already.\n");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "email", .direction = "outbound");
    GIVE(rig, "2026-03-02 11:01", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "email", .direction = "inbound"); /* it shows nothing of hers */
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 12:00", "ana", "goals");
    rig_expect(rig, "03-02 12:00 > ana: Your goals. Nobody else reads this.\n"
                    "1. 2 follow-ups a week (your own)\n"
                    "   This week: 2 follow-ups. 1 done, 1 to go.\n"
                    "2. 3 preparations a week (your own)\n"
                    "   This week: 3 preparations. 0 done, 3 to go.\n\n");
}

/* B54: what was not understood is said back, with what it comes nearest to */
static void behaviours_unknown_are_said_back(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:01", "ana", "behaviours prepare, juggling");
    assert_true(has(rig, "• prepare: 3 preparations a week (my suggestion; change it as you like)\n"
                         "I did not understand “juggling”, and it stands in no list of mine.\n"));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:02", "ana", "edit", "prepare 5");
    assert_true(has(rig, "\n\nYou have changed this one; the new one counts.\n"));
    assert_true(has(rig, "• prepare: 5 preparations a week\n"));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:03", "ana", "no", NULL);
    assert_true(has(rig, "\n\nAll right, I noted nothing.\n"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:04", "ana", "behaviours flolow upps");
    assert_true(has(rig, "> ana: I did not understand “flolow upps”. It comes nearest to "
                         "follow-up.\nWhat would you like to do every week, whatever comes? There "
                         "are:\n1. prepare: gets ready"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "ana", "my behaviours");
    assert_true(has(rig, "> ana: What would you like to do every week, whatever comes? There are:"
                         "\n1. prepare: gets ready"));
    rig_say(rig, "2026-03-02 10:06", "ana", "behaviours 1");
    rig_say(rig, "2026-03-02 10:07", "ana", "yes"); /* where there are no buttons */
    assert_true(has(rig, "Noted as your own."));
}

static void behaviours_keep_to_the_limit_of_goals(struct rig *rig)
{
    static const char *const others[] = {"calls", "emails", "demos"};
    begin(rig);
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        char words[40], when[32];
        (void)snprintf(words, sizeof(words), "goals 20 %s a week", others[i]);
        (void)snprintf(when, sizeof(when), "2026-03-02 10:%02d", (int)i);
        rig_say(rig, when, "ana", words);
    }
    rig_say(rig, "2026-03-02 11:00", "ana", "behaviours 1, 2, 3, 4, 5, 6, 7, 8");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:01", "ana", "yes", NULL);
    assert_true(has(rig, "10 goals")); /* nothing is kept, and it can be changed */
    rig_click(rig, "2026-03-02 11:02", "ana", "edit", "1, 2");
    rig_click(rig, "2026-03-02 11:03", "ana", "yes", NULL);
    assert_true(has(rig, "Noted as your own."));
}

/* who was shown the list answers it, as one does, without saying the word again */
static void behaviours_can_be_chosen_from_the_list(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "follow up 4 times a week");
    assert_true(has(rig, "Nothing is waiting for an answer"));
    rig_say(rig, "2026-03-02 10:01", "ana", "behaviours");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:12", "ana", "follow up"); /* too late */
    assert_true(has(rig, "Nothing is waiting for an answer"));
    rig_say(rig, "2026-03-02 10:30", "ana", "behaviours");
    rig_say(rig, "2026-03-02 10:32", "ana", "follow up 4 times a week and prepare");
    assert_true(has(rig, "follow-up: 4 follow-ups a week"));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(behaviours_are_read_from_free_words),
        PLAY(behaviours_can_all_be_targets),
        PLAY(behaviours_become_own_targets_after_a_yes),
        PLAY(behaviours_unknown_are_said_back),
        PLAY(behaviours_keep_to_the_limit_of_goals),
        PLAY(behaviours_can_be_chosen_from_the_list),
    };
    return play_run("behaviours", cases, ARRAY_LEN(cases));
}
