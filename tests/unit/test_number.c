/* Numbers in place of buttons, for platforms that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rep_rig.h"
#include "wire/chat.h"

static void say_plain(struct rig *rig, const char *when, const char *who, const char *text)
{
    GIVE(rig, when, .type = EVENT_SAID, .chat = who, .text = text, .plain = true);
}

static void number_presses_the_button_of_a_text_question(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:01", "ana", " 3. ");
    contains(rig, "You got this because"); /* why */
    say_plain(rig, "2026-03-02 10:02", "ana", "4");
    contains(rig, "Your answer: 4"); /* no button has it: an answer like any other */
}

static void number_without_being_told_of_numbers_is_an_answer(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "3");
    contains(rig, "Your answer: 3");
}

static void number_with_words_behind_is_an_answer(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:01", "ana", "2 calls on Friday");
    contains(rig, "Your answer: 2 calls on Friday");
}

static void number_of_a_scale_is_its_own(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_GOAL_SET);
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:01", "ana", "8");
    contains(rig, "You got this because");
    say_plain(rig, "2026-03-02 10:02", "ana", "4");
    contains(rig, "Answered.");
}

/* With a question open, whose buttons have the same numbers. */
/* "no" means the wish to be erased, not the question that is open beside it. */
static void no_to_forget_me_is_heard(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:01", "ana", "forget me");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "No.");
    rig_expect(rig, "03-02 10:02 > ana: Nothing was erased.\n");
    rig_say(rig, "2026-03-02 10:03", "ana", "No.");
    contains(rig, "Your answer: No.");
}

static void number_answers_forget_me(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    say_plain(rig, "2026-03-02 10:01", "ana", "forget me");
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:02", "ana", "2");
    rig_expect(rig, "03-02 10:02 > ana: Nothing was erased.\n");
    say_plain(rig, "2026-03-02 10:03", "ana", "forget me");
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:04", "ana", "1");
    contains(rig, "I am erasing everything now");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "ana", "forget me"); /* where there are buttons */
    rig_say(rig, "2026-03-02 10:06", "ana", "1");
    contains(rig, "Your answer: 1");
}

static void number_of_a_choice_is_its_place(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_GOAL_PROGRESS);
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:01", "ana", "2");
    contains(rig, "Your answer: less");
}

static void number_alone_is_nothing_to_press(struct rig *rig)
{
    begin(rig);
    say_plain(rig, "2026-03-02 10:01", "ana", "2");
    contains(rig, "Nothing is waiting for an answer.");
    say_plain(rig, "2026-03-02 10:02", "ana", "99999999999999999999");
    contains(rig, "Nothing is waiting for an answer.");
}

#define CARDS                                                                                      \
    "plugin: c\nabout: Praise.\nversion: 1\narea: skill\nrules:\n"                                 \
    "  - rule: thanks\n    about: effort after a loss\n"                                           \
    "    when: {event: activity.logged, kind: call}\n"                                             \
    "    praise: \"You made a {{event.kind}} about {{deal.name}}.\"\n    via: manager\n"

static void number_of_a_card_sends_edits_or_drops_it(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {CARDS}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .deal = "D1", .deal_name = "Acme",
         .owner = "ana", .stage = "qualify");
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .kind = "call", .id = "a1");
    strbuf_clear(&rig->lines);
    say_plain(rig, "2026-03-02 10:01", "dana", "2");
    contains(rig, "Please write 2 and your own words behind it");
    say_plain(rig, "2026-03-02 10:02", "dana", "2: Good call with Acme, Ana.");
    contains(rig, "asked me to pass this on:\n“Good call with Acme, Ana.”");
}

/* --- what is shown --- */

static void shows(const struct message *message, size_t points, const char *wanted)
{
    struct arena arena;
    struct strbuf out = {0};
    arena_init(&arena);
    chat_plain(message, points, &arena, &out);
    assert_string_equal(strbuf_text(&out), wanted);
    strbuf_done(&out);
    arena_done(&arena);
}

static void plain_text_has_the_reader_and_the_numbers(struct rig *rig)
{
    struct message message = {
        .text = "What is next?",
        .reader = "Only you read your answer.",
        .buttons = {{"answer", "Answer", true}, {"later", "Later", false}, {"skip", "Skip", false}},
        .button_count = 3,
        .input = {.present = true, .type = ANSWER_TEXT, .label = "Answer"}};
    const char *choices[] = {"more", "less"};
    (void)rig;
    shows(&message, 1000, "What is next?\nOnly you read your answer.\n\n[1] Later  [2] Skip");
    shows(&message, 56, "What is…\nOnly you read your answer.\n\n[1] Later  [2] Skip");
    shows(&message, 5, "\nOnly you read your answer.\n\n[1] Later  [2] Skip");
    message.reader = NULL;
    message.input =
        (struct input){.present = true, .type = ANSWER_SCALE, .max = 10, .label = "Answer"};
    shows(&message, 1000, "What is next?\n\n[0–10] Answer  [11] Later  [12] Skip");
    message.input = (struct input){
        .present = true, .type = ANSWER_CHOICE, .choices = choices, .choice_count = 2};
    shows(&message, 1000, "What is next?\n\n[1] more  [2] less  [3] Later  [4] Skip");
    message.op = MESSAGE_UPDATE;
    shows(&message, 1000, "What is next?");
    message.op = MESSAGE_POST;
    message.button_count = 0;
    message.input.present = false;
    shows(&message, 1000, "What is next?");
}

int main(void)
{
    static const struct play_case plays[] = {
        PLAY(number_presses_the_button_of_a_text_question),
        PLAY(number_without_being_told_of_numbers_is_an_answer),
        PLAY(number_with_words_behind_is_an_answer),
        PLAY(number_of_a_scale_is_its_own),
        PLAY(number_answers_forget_me),
        PLAY(no_to_forget_me_is_heard),
        PLAY(number_of_a_choice_is_its_place),
        PLAY(number_alone_is_nothing_to_press),
        PLAY(number_of_a_card_sends_edits_or_drops_it),
        PLAY(plain_text_has_the_reader_and_the_numbers),
    };
    return play_run("number", plays, ARRAY_LEN(plays));
}
