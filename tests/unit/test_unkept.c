/* Answers whose words are not stored: never, or only where the person asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/phrases_rep.h"
#include "core/phrases_unkept.h"
#include "core_play.h"

#define CANARY "kanarienvogel"

static const char people[] =
    "teams:\n  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
    "questions:\n"
    "  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"
    "  fear: {kind: belief, reader: rep, text: \"Which no are you less afraid of?\"}\n"
    "  plan: {kind: drive, reader: rep, keep: plan, text: \"When will you do it?\"}\n"
    "  never: {kind: skill, reader: rep, stored: never, text: \"What did you notice?\"}\n"
    "rules:\n"
    "  - {rule: r1, about: a, when: deal.stage_changed, ask: idea, reminders: false}\n"
    "  - {rule: r2, about: a, when: training.completed, ask: fear, reminders: false}\n"
    "  - {rule: r3, about: a, when: deal.reopened, ask: plan, reminders: false}\n"
    "  - {rule: r4, about: a, when: content.shared, ask: never, reminders: false}\n";

static void begin(struct rig *rig, const char *answers)
{
    struct strbuf config = {0};
    strbuf_printf(&config,
                  "purpose: coaching\nanswers: %s\nlimits: {prompts_per_day: 50, "
                  "prompts_per_family_per_week: 50, open_conversations: 50}\n",
                  answers);
    rig_init(
        rig,
        &(struct rig_text){.people = people, .config = strbuf_text(&config), .plugins = {plugin}},
        "2026-03-01 00:00");
    strbuf_done(&config);
    rig_start(rig);
    rig->full = true; /* states and whole messages are in the lines */
    strbuf_clear(&rig->lines);
}

static bool has(const struct rig *rig, const char *words)
{
    return strstr(strbuf_text(&rig->lines), words) != NULL;
}

static void expect(const struct rig *rig, const char *words)
{
    if (!has(rig, words))
        fail_msg("wanted: %s\ngot:\n%s", words, strbuf_text(&rig->lines));
}

static void happens(struct rig *rig, const char *when, enum event_type type)
{
    GIVE(rig, when, .type = type, .rep = "ana", .deal = "D1", .to = "propose");
}

/* With answers: not-stored no row and no message has a word, of typed answers and of clicked ones,
 * of late ones and of those that would become something. */
static void words_go_nowhere_where_the_file_says_so(struct rig *rig)
{
    begin(rig, "not-stored");
    happens(rig, "2026-03-02 09:00", EVENT_DEAL_STAGE_CHANGED);
    expect(rig, SAY_READER_NEVER);
    rig_say(rig, "2026-03-02 09:10", "ana", CANARY " typed");
    expect(rig, SAY_NOTED_NEVER);
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED);
    rig_click(rig, "2026-03-02 10:10", "ana", "answer", CANARY " clicked");
    rig_click(rig, "2026-03-02 10:20", "ana", "answer", CANARY " corrected");
    happens(rig, "2026-03-02 11:00", EVENT_DEAL_REOPENED);
    rig_say(rig, "2026-03-02 11:10", "ana", "On Friday at 10:00 I do " CANARY);
    happens(rig, "2026-03-02 12:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-25 10:00", "ana", "answer", CANARY " late");
    rig_say(rig, "2026-03-25 10:01", "ana", "keep this");
    expect(rig, SAY_KEEP_NOTHING);
    rig_say(rig, "2026-03-25 10:02", "ana", "history");
    expect(rig, SAY_HISTORY_UNKEPT);
    rig_say(rig, "2026-03-25 10:03", "ana", "privacy");
    expect(rig, "Words of answers are not stored at all");
    assert_false(has(rig, CANARY));
    assert_false(has(rig, "STATE 13 ana")); /* no plan came of it */
    expect(rig, "\"state\":2");             /* and each counts as answered */
}

/* E4: what goes on inside is forgotten, unless the rep asks */
static void mental_side_is_kept_at_the_reps_wish_only(struct rig *rig)
{
    begin(rig, "stored");
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED);
    expect(rig, SAY_READER_WISH);
    rig_say(rig, "2026-03-02 10:10", "ana", CANARY " first");
    expect(rig, SAY_NOTED_WISH);
    expect(rig, "{\"id\":\"keep\",\"label\":\"Keep this\"");
    assert_false(has(rig, CANARY));
    rig_say(rig, "2026-03-02 10:11", "ana", "history");
    expect(rig, SAY_HISTORY_UNKEPT);
    rig_say(rig, "2026-03-03 10:12", "ana", "keep this"); /* a day and two minutes later */
    expect(rig, SAY_KEEP_NOTHING);
    assert_false(has(rig, CANARY));
    happens(rig, "2026-03-04 09:00", EVENT_DEAL_STAGE_CHANGED); /* others are as ever */
    rig_say(rig, "2026-03-04 09:10", "ana", "what is stored as ever");
    expect(rig, "\"answer\":\"what is stored as ever\"");
}

/* The words are in memory only, so this is not asked after a restart. */
static void asked_for_they_are_kept(struct rig *rig)
{
    if (rig->restarts) {
        begin(rig, "stored");
        happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED);
        rig_say(rig, "2026-03-02 10:10", "ana", CANARY);
        rig_say(rig, "2026-03-02 10:11", "ana", "keep this");
        expect(rig, SAY_KEEP_NOTHING);
        assert_false(has(rig, CANARY));
        return;
    }
    begin(rig, "stored");
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED);
    rig_say(rig, "2026-03-02 10:10", "ana", CANARY " by word");
    rig_say(rig, "2026-03-02 10:11", "ana", "Keep this!");
    expect(rig, SAY_KEPT_NOW);
    expect(rig, "\"answer\":\"" CANARY " by word\"");
    happens(rig, "2026-03-10 10:00", EVENT_TRAINING_COMPLETED);
    rig_click(rig, "2026-03-10 10:10", "ana", "answer", CANARY " by button");
    assert_false(has(rig, CANARY " by button"));
    rig_click(rig, "2026-03-10 10:11", "ana", "keep", NULL);
    expect(rig, "\"answer\":\"" CANARY " by button\"");
    rig_say(rig, "2026-03-10 10:12", "ana", "keep this"); /* once is enough */
    expect(rig, SAY_KEEP_NOTHING);
}

static void a_question_can_store_nothing(struct rig *rig)
{
    begin(rig, "stored");
    happens(rig, "2026-03-02 10:00", EVENT_CONTENT_SHARED);
    rig_say(rig, "2026-03-02 10:10", "ana", CANARY);
    rig_say(rig, "2026-03-02 10:11", "ana", "keep this");
    expect(rig, SAY_NOTED_NEVER);
    expect(rig, SAY_KEEP_NOTHING);
    assert_false(has(rig, CANARY));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(words_go_nowhere_where_the_file_says_so),
        PLAY(mental_side_is_kept_at_the_reps_wish_only),
        PLAY(asked_for_they_are_kept),
        PLAY(a_question_can_store_nothing),
    };
    return play_run("unkept", cases, ARRAY_LEN(cases));
}
