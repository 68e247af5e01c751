/* The anonymous door: what is taken, what is kept of it, who can read it and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/phrases_door.h"
#include "core/voices.h"
#include "core_play.h"

#define CANARY "kanarienvogel"

/* West has six people, east and north five and four; all under vera. */
#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "  - {id: east, name: East, manager: eve, zone: America/Denver}\n"                             \
    "  - {id: north, name: North, manager: nils, zone: America/Denver}\n"                          \
    "  - {id: leads, name: Leads, manager: vera, zone: America/Denver}\n"                          \
    "people:\n"                                                                                    \
    "  - {id: w1, name: Ana Ruiz, team: west, crm: [\"005A1\"]}\n"                                 \
    "  - {id: w2, team: west}\n  - {id: w3, team: west}\n  - {id: w4, team: west}\n"               \
    "  - {id: w5, team: west}\n  - {id: w6, team: west}\n"                                         \
    "  - {id: e1, team: east}\n  - {id: e2, team: east}\n  - {id: e3, team: east}\n"               \
    "  - {id: e4, team: east}\n  - {id: e5, team: east}\n"                                         \
    "  - {id: n1, team: north}\n  - {id: n2, team: north}\n  - {id: n3, team: north}\n"            \
    "  - {id: n4, team: north}\n"                                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, team: leads}\n"                              \
    "  - {id: eve, name: Eve Stone, role: manager, team: leads}\n"                                 \
    "  - {id: nils, name: Nils Berg, role: manager, team: leads}\n"                                \
    "  - {id: vera, name: Vera Holm, role: manager, zone: America/Denver}\n"

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n"
    "  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"
    "rules:\n"
    "  - {rule: moved, about: a, when: deal.stage_changed, ask: idea, reminders: false}\n";

static void begin(struct rig *rig)
{
    rig_init(rig, &(struct rig_text){.people = PEOPLE, .plugins = {plugin}}, "2026-03-01 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static bool heard(struct rig *rig, const char *when, const char *who, const char *words)
{
    rig_until(rig, when);
    strbuf_clear(&rig->lines);
    rig_say(rig, when, who, "voices");
    return strstr(strbuf_text(&rig->lines), words) != NULL;
}

static void expect(const struct rig *rig, const char *words)
{
    if (!strstr(strbuf_text(&rig->lines), words))
        fail_msg("wanted: %s\ngot:\n%s", words, strbuf_text(&rig->lines));
}

/* The first `count` of a team say something each. */
static void speak(struct rig *rig, const char *day, char team, int count)
{
    for (int i = 1; i <= count; i++) {
        char when[32], who[16], words[64];
        (void)snprintf(when, sizeof(when), "%s 10:%02d", day, i);
        (void)snprintf(who, sizeof(who), "%c%d", team, i);
        (void)snprintf(words, sizeof(words), "anonymous I am stuck with %c-%d", team, i);
        rig_say(rig, when, who, words);
    }
}

/* What is stored under this kind, one row after the other. */
static char *rows_of(const struct rig *rig, int kind)
{
    struct strbuf out = {0};
    for (size_t i = 0; i < rig->count; i++) {
        const struct rig_row *row = &rig->rows[i];
        if (row->kind == kind && row->value)
            strbuf_printf(&out, "%s %s\n", row->key, row->value);
    }
    strbuf_putc(&out, '\n');
    return strbuf_take(&out);
}

/* B58: four people are nobody, and the fifth opens the box on the Monday after */
static void five_people_open_it_and_four_do_not(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'w', 4);
    rig_say(rig, "2026-03-04 11:00", "w4", "anonymous and I said it twice");
    assert_false(heard(rig, "2026-03-09 09:00", "dana", "stuck"));
    expect(rig, SAY_VOICES_NONE);
    rig_say(rig, "2026-03-10 11:00", "w5", "anonymous I am the fifth");
    assert_false(heard(rig, "2026-03-15 09:00", "dana", "stuck")); /* nobody sees it appear */
    expect(rig, SAY_VOICES_NONE);
    assert_true(heard(rig, "2026-03-16 09:00", "dana", "I am the fifth"));
    expect(rig, "West, opened ");
    for (int i = 1; i <= 4; i++) {
        char words[32];
        (void)snprintf(words, sizeof(words), "\n• I am stuck with w-%d", i);
        expect(rig, words);
    }
    expect(rig, "\n• and I said it twice");
    assert_false(heard(rig, "2026-03-16 09:01", "eve", "stuck"));
    assert_true(heard(rig, "2026-03-16 09:02", "vera", "I am the fifth"));
    rig_say(rig, "2026-03-16 09:03", "w1", "voices");
    expect(rig, "is for managers");
    /* what is said from now on is a box of its own, and four are nobody again */
    speak(rig, "2026-03-17", 'w', 4);
    assert_false(heard(rig, "2026-03-23 09:00", "dana", "opened Mon 23 Mar"));
}

static void nothing_is_written_where_nothing_is_stored(struct rig *rig)
{
    begin(rig);
    rig_store_nothing(rig);
    speak(rig, "2026-03-03", 'w', 5);
    assert_true(heard(rig, "2026-03-09 09:00", "dana", "stuck with w-5"));
}

/* B58: where east is shown, north cannot come out as the rest of the department */
static void nothing_small_comes_out_as_a_difference(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'e', 5);
    speak(rig, "2026-03-04", 'n', 4);
    assert_true(heard(rig, "2026-03-09 09:00", "eve", "stuck with e-1"));
    assert_false(heard(rig, "2026-03-09 09:01", "nils", "stuck"));
    assert_true(heard(rig, "2026-03-09 09:02", "vera", "stuck with e-1"));
    assert_null(strstr(strbuf_text(&rig->lines), "n-")); /* and no sum in which they are */
    assert_int_equal(core_voices_count(rig->core), 1);
    struct voices_view east = core_voices_at(rig->core, 0);
    assert_int_equal(east.people, 5);
    assert_int_equal(east.word_count, 5);
}

/* B58: two teams that are too small are one group for who leads both, and none for the others */
static void small_teams_are_opened_together(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'e', 4);
    speak(rig, "2026-03-04", 'n', 1);
    speak(rig, "2026-03-05", 'w', 5);
    assert_true(heard(rig, "2026-03-09 09:00", "vera", "East, North, opened "));
    expect(rig, "stuck with n-1");
    expect(rig, "stuck with w-5");
    assert_false(heard(rig, "2026-03-09 09:01", "eve", "stuck"));
    assert_false(heard(rig, "2026-03-09 09:02", "nils", "stuck"));
    assert_false(heard(rig, "2026-03-09 09:03", "dana", "n-1"));
    expect(rig, "stuck with w-5");
}

/* B58: whoever reads the words is none of the five */
static void manager_is_not_counted_with_the_team(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'w', 4);
    rig_say(rig, "2026-03-03 11:00", "dana", "anonymous so do I");
    assert_false(heard(rig, "2026-03-09 09:00", "dana", "stuck"));
    assert_int_equal(core_voices_count(rig->core), 0);
}

/* B58: nothing that is kept says who spoke, and when it is opened even the count of people is only
 * a number */
static void nobody_can_tell_who_spoke(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-03 10:00", "w1", "anonymous " CANARY);
    expect(rig, SAY_DOOR);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:01", "w2", "anonymous"); /* with or without words: one reply */
    expect(rig, SAY_DOOR);
    assert_null(strstr(strbuf_text(&rig->lines), CANARY));
    for (int kind = STATE_PERSON; kind < STATE_DOOR; kind++) {
        CLEANUP_FREE char *rows = rows_of(rig, kind);
        assert_null(strstr(rows, CANARY));
    }
    CLEANUP_FREE char *box = rows_of(rig, STATE_DOOR);
    assert_non_null(strstr(box, "\"words\":[\"" CANARY "\"]"));
    assert_null(strstr(box, "w1"));
    assert_null(strstr(box, "Ana"));
    for (int i = 2; i <= 5; i++) {
        char who[16];
        (void)snprintf(who, sizeof(who), "w%d", i);
        rig_say(rig, "2026-03-04 10:00", who, "anonymous one more of us");
    }
    rig_until(rig, "2026-03-09 09:00");
    CLEANUP_FREE char *opened = rows_of(rig, STATE_DOOR);
    assert_non_null(strstr(opened, "shown|"));
    assert_null(strstr(opened, "\"who\""));
    assert_null(strstr(opened, "open|"));
}

/* The order in which words are kept and shown has nothing to do with how they came. */
static void words_are_shuffled(struct rig *rig)
{
    static const char *const said[2][5] = {
        {"apple", "berry", "cherry", "damson", "elder"},
        {"elder", "damson", "cherry", "berry", "apple"},
    };
    begin(rig);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 5; i++) {
            char who[16], text[32];
            (void)snprintf(who, sizeof(who), "%c%d", round ? 'e' : 'w', i + 1);
            (void)snprintf(text, sizeof(text), "anonymous %s", said[round][i]);
            rig_say(rig, "2026-03-03 10:00", who, text);
        }
    }
    rig_until(rig, "2026-03-09 09:00");
    assert_int_equal(core_voices_count(rig->core), 2);
    struct voices_view one = core_voices_at(rig->core, 0), two = core_voices_at(rig->core, 1);
    bool sorted = true;
    for (int i = 0; i < 5; i++) {
        assert_string_equal(one.words[i], two.words[i]);
        sorted &= str_eq(one.words[i], said[0][i]);
    }
    assert_false(sorted);
}

/* A slip, or a colon, must not put the words under a name. */
static void a_slip_is_never_an_answer(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-03 09:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "w1", .deal = "D1",
         .deal_name = "Acme Bikes", .to = "propose");
    rig_say(rig, "2026-03-03 10:00", "w1", "anonymos " CANARY);
    expect(rig, SAY_DOOR_TYPO);
    rig_say(rig, "2026-03-03 10:01", "w1", "/grit anonimous " CANARY);
    CLEANUP_FREE char *none = rows_of(rig, STATE_DOOR);
    assert_null(strstr(none, CANARY));
    rig_say(rig, "2026-03-03 10:02", "w1", "Anonymous: " CANARY " one");
    rig_say(rig, "2026-03-03 10:03", "w1", "anonymously, " CANARY " two");
    CLEANUP_FREE char *box = rows_of(rig, STATE_DOOR);
    assert_non_null(strstr(box, "\"" CANARY " one\""));
    assert_non_null(strstr(box, "\"" CANARY " two\""));
    CLEANUP_FREE char *prompts = rows_of(rig, STATE_PROMPT);
    assert_null(strstr(prompts, CANARY));
    rig_say(rig, "2026-03-03 10:04", "w1",
            "nothing in particular"); /* the question is open still */
    CLEANUP_FREE char *answered = rows_of(rig, STATE_PROMPT);
    assert_non_null(strstr(answered, "nothing in particular"));
}

static void names_and_long_texts_are_given_back(struct rig *rig)
{
    char longer[512] = "anonymous ";
    begin(rig);
    GIVE(rig, "2026-03-03 09:00", .type = EVENT_DEAL_CREATED, .rep = "w1", .owner = "w1",
         .deal = "D1", .deal_name = "Acme Bikes");
    rig_say(rig, "2026-03-03 10:00", "w1", "anonymous I fear ACME bikes");
    expect(rig, SAY_DOOR_NAMES);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:01", "w2", "anonymous Dana Okafor frightens me");
    expect(rig, SAY_DOOR_NAMES);
    memset(longer + 10, 'x', 401);
    rig_say(rig, "2026-03-03 10:02", "w2", longer);
    expect(rig, SAY_DOOR_LONG);
    CLEANUP_FREE char *none = rows_of(rig, STATE_DOOR);
    assert_string_equal(none, "\n");
    longer[410] = '\0';
    rig_say(rig, "2026-03-03 10:03", "w2", longer);
    expect(rig, SAY_DOOR);
}

static void boxes_go_in_the_end(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'w', 5);
    speak(rig, "2026-03-03", 'n', 2);
    assert_true(heard(rig, "2026-06-04 09:00", "dana", "stuck"));
    assert_false(heard(rig, "2026-06-15 09:00", "dana", "stuck"));
    CLEANUP_FREE char *none = rows_of(rig, STATE_DOOR);
    assert_string_equal(none, "\n");
}

/* Who is erased has never spoken: the token goes, and four are left. */
static void the_erased_are_not_counted(struct rig *rig)
{
    begin(rig);
    speak(rig, "2026-03-03", 'w', 5);
    step_reset(&rig->step, rig->now);
    core_voices_forget(rig->core, "w3", &rig->step);
    rig_take(rig);
    assert_false(heard(rig, "2026-03-09 09:00", "dana", "stuck"));
    rig_say(rig, "2026-03-10 10:00", "w6", "anonymous me too");
    assert_true(heard(rig, "2026-03-16 09:00", "dana", "stuck with w-3")); /* nobody knows whose */
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(five_people_open_it_and_four_do_not),
        PLAY(nothing_is_written_where_nothing_is_stored),
        PLAY(nothing_small_comes_out_as_a_difference),
        PLAY(small_teams_are_opened_together),
        PLAY(manager_is_not_counted_with_the_team),
        PLAY(nobody_can_tell_who_spoke),
        PLAY(words_are_shuffled),
        PLAY(a_slip_is_never_an_answer),
        PLAY(names_and_long_texts_are_given_back),
        PLAY(boxes_go_in_the_end),
        PLAY(the_erased_are_not_counted),
    };
    return play_run("door", cases, ARRAY_LEN(cases));
}
