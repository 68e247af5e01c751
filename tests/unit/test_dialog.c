/* What people write to us: what they did, for the first time, and wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rep_rig.h"

/* --- log --- */

static void deal(struct rig *rig, const char *id, const char *name, const char *account,
                 const char *owner)
{
    GIVE(rig, "2026-03-02 08:00", .type = EVENT_DEAL_CREATED, .deal = id, .deal_name = name,
         .account = account, .owner = owner, .stage = "qualify");
    strbuf_clear(&rig->lines);
}

static void with_deals(struct rig *rig)
{
    begin(rig);
    deal(rig, "D1", "Acme Renewal", "Acme, Inc.", "ana");
    deal(rig, "D2", "Harbour lights", "Harbour", "ana");
    deal(rig, "D3", "Acme Rollout", "Acme, Inc.", "ana");
    deal(rig, "D4", "Northwind", "Northwind", "ben");
}

static size_t facts(struct rig *rig)
{
    return core_counts(rig->core).facts;
}

static void log_makes_an_event_of_the_reps_own(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call harbour, talked about price");
    rig_expect(rig,
               "03-02 10:00 > ana: Logged: a call about Harbour lights. Your remark stays here "
               "in the chat; I keep only the fact.\n"
               "03-02 10:00 ana thanks sent\n");
    assert_int_equal(facts(rig), before + 1);
    rig_say(rig, "2026-03-02 10:01", "ana", "Logged an email to Acme Rollout");
    rig_say(rig, "2026-03-02 10:02", "ana", "log 3 calls from Acme Renewal, no answer");
    rig_say(rig, "2026-03-02 10:03", "ana", "log meeting");
    rig_expect(rig, "03-02 10:01 > ana: Logged: an email about Acme Rollout.\n"
                    "03-02 10:02 > ana: Logged: 3 calls (no answer) about Acme Renewal.\n"
                    "03-02 10:02 ana thanks suppressed caps\n"
                    "03-02 10:03 > ana: Logged: a meeting, about no deal. To tie the next one to a "
                    "deal, say for example log meeting Acme.\n");
    assert_int_equal(facts(rig), before + 4);
}

static void log_of_one_message_counts_once(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_SAID, .chat = "ana", .id = "m1",
         .text = "log email harbour");
    rig_late(
        rig, "2026-03-02 10:00", "2026-03-02 10:05",
        (struct event){.type = EVENT_SAID, .chat = "ana", .id = "m1", .text = "log email harbour"});
    assert_int_equal(facts(rig), before + 1);
}

static void log_asks_which_of_several(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call Acme");
    rig_expect(rig, "03-02 10:00 > ana: Which one do you mean? Reply with its number, or say none."
                    "\n1. Acme Renewal (Qualify)\n2. Acme Rollout (Qualify)\n");
    assert_int_equal(facts(rig), before);
    rig_say(rig, "2026-03-02 10:01", "ana", "3");
    rig_say(rig, "2026-03-02 10:02", "ana", "2");
    rig_expect(rig, "03-02 10:01 > ana: Please reply with a number from 1 to 2, or say none.\n"
                    "03-02 10:02 > ana: Logged: a call about Acme Rollout.\n"
                    "03-02 10:02 ana thanks sent\n");
    rig_say(rig, "2026-03-02 10:03", "ana", "2");
    rig_expect(rig, "03-02 10:03 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
    assert_int_equal(facts(rig), before + 1);
    rig_say(rig, "2026-03-02 10:04", "ana", "log call Acme");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "ana", "none");
    rig_say(rig, "2026-03-02 10:06", "ana", "log call Acme");
    rig_say(rig, "2026-03-02 12:00", "ana", "1"); /* an hour later it is about nothing any more */
    contains(rig, "Nothing is waiting for an answer.");
    assert_int_equal(facts(rig), before + 1);
}

static void log_choice_gives_way_to_a_newer_question(struct rig *rig)
{
    with_deals(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log call Acme");
    HAPPENS(rig, "2026-03-02 10:01", EVENT_GOAL_SET);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "2");
    contains(rig, "How sure, 1 to 5?\n\nAnswered.");
}

static void log_without_a_match_offers_the_nearest(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log email Harbuor");
    rig_say(rig, "2026-03-02 10:01", "ana", "yes");
    rig_say(rig, "2026-03-02 10:02", "ana", "log email Zebra");
    rig_say(rig, "2026-03-02 10:03", "ben", "log email Acme");
    rig_say(rig, "2026-03-02 10:04", "dana", "log call Acme");
    rig_expect(
        rig, "03-02 10:00 > ana: I see no deal of yours called “Harbuor”. Did you mean Harbour "
             "lights? Say yes, and I log it.\n"
             "03-02 10:01 > ana: Logged: an email about Harbour lights.\n"
             "03-02 10:02 > ana: I see no deal of yours called “Zebra”, so nothing is logged. "
             "Your open deals: Acme Renewal, Harbour lights, Acme Rollout. Say log email and one "
             "of the names, or nothing behind it for no deal.\n"
             "03-02 10:03 > ben: I see no deal of yours called “Acme”, so nothing is logged. Your "
             "open deals: Northwind. Say log email and one of the names, or nothing behind it for "
             "no deal.\n"
             "03-02 10:04 > dana: I see no deal of yours called “Acme”, so nothing is logged. Say "
             "log call alone to log it without a deal.\n");
    assert_int_equal(facts(rig), before + 1);
}

static void log_half_understood_is_helped(struct rig *rig)
{
    with_deals(rig);
    size_t before = facts(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "log");
    contains(rig, "What did you do? For example: log call Acme");
    rig_say(rig, "2026-03-02 10:01", "ana", "log dinner Acme");
    contains(rig, "What did you do? For example: log call Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "log 900 calls Acme");
    contains(rig, "That is more than 50 at once");
    rig_say(rig, "2026-03-02 10:03", "ana", "log call ☎☎☎");
    contains(rig, "I see no deal of yours called “☎☎☎”");
    HAPPENS(rig, "2026-03-02 10:04", EVENT_DEAL_STAGE_CHANGED);
    before = facts(rig);
    rig_say(rig, "2026-03-02 10:05", "ana", "Log the numbers of last year.");
    contains(rig, "Your answer: Log the numbers of last year.");
    assert_int_equal(facts(rig), before);
}

/* --- who we are --- */

static void begin_as_a_stranger(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .config = loose, .plugins = {DEALS, GROWTH}};
    rig_init(rig, &text, "2026-03-02 00:00");
    core_free(rig->core);
    rig->options.introduces = true;
    rig->core = core_new(rig->book, &rig->options);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define HELLO_ANA                                                                                  \
    "> ana: Hello Ana. I am gritd, a bot; when a person's words come through me, I say whose "     \
    "they are.\n"                                                                                  \
    "Now and then I ask you one short question about your own deals, in your working hours, and "  \
    "pass on praise for effort. Your answers are yours.\n"                                         \
    "Say pause to silence me, privacy to see who can read what, and help for all the rest.\n"

/* B85: the bot says that it is one before it says anything else, and once */
static void hello_comes_before_the_first_question_and_once(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig->full = true;
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    const char *lines = strbuf_text(&rig->lines), *hello = strstr(lines, "I am gritd, a bot");
    assert_non_null(hello);
    assert_true(hello < strchr(strstr(lines, "SEND "), '\n')); /* in the first of all messages */
    assert_non_null(strstr(strstr(hello, "SEND "), "What is next?"));
    rig->full = false;
    skipped(rig, "2026-03-02 10:01");
    HAPPENS(rig, "2026-03-03 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-03 10:00 ana ask sent\n");
}

static void hello_comes_when_the_person_writes_first(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig_say(rig, "2026-03-02 07:00", "ana", "resume");
    rig_say(rig, "2026-03-02 07:01", "ana", "later");
    rig_expect(rig,
               "03-02 07:00 " HELLO_ANA
               "03-02 07:00 > ana: Welcome back. I will ask again when there is something worth "
               "asking.\n"
               "03-02 07:01 > ana: Nothing is waiting for an answer. Say help to see what I "
               "understand.\n");
}

static void hello_to_a_manager_is_about_the_team(struct rig *rig)
{
    begin_as_a_stranger(rig);
    rig_say(rig, "2026-03-02 10:00", "dana", "resume");
    contains(rig,
             "Hello Dana. I am gritd, a bot; nothing goes out in your name unless you send it.");
    step_reset(&rig->step, rig->now);
    core_notice(rig->core, "ben", "1", "A file is broken.", &rig->step);
    rig_take(rig);
    contains(rig, "Hello Ben. I am gritd, a bot;");
    step_reset(&rig->step, rig->now);
    core_notice(rig->core, "ben", "2", "Another file is broken.", &rig->step);
    rig_take(rig);
    rig_expect(rig, "03-02 10:00 > ben: Another file is broken.\n");
}

/* --- what is said wrongly, late or twice --- */

static void slash_is_a_command_and_never_an_answer(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "/grit lesss");
    rig_say(rig, "2026-03-02 10:02", "ana", "/I call Rosa tomorrow");
    rig_say(rig, "2026-03-02 10:03", "ana", "/less");
    rig_say(rig, "2026-03-02 10:04", "ana", "/grit pause the roll-out");
    rig_say(rig, "2026-03-02 10:05", "ana", "I call Rosa.");
    rig_expect(rig,
               "03-02 10:01 > ana: I do not know “lesss”. Did you mean less? Say help for all I "
               "understand.\n"
               "03-02 10:02 > ana: I do not know the command “I call Rosa tomorrow”. Say help "
               "for all I understand; an answer to a question goes without the slash.\n"
               "03-02 10:03 > ana: All right: at most 3 questions a week from now on. Say more "
               "to change that.\n"
               "03-02 10:04 > ana: For how long? For example: pause 2h, pause 3 days, pause "
               "until Monday, or just pause.\n"
               "03-02 10:05 ~ ana: What is next?\n\nYour answer: I call Rosa.\n"
               "03-02 10:05 > ana: Thank you, noted. Only you can read your answer.\n");
    rig_say(rig, "2026-03-02 10:06", "ana", "/grit");
    contains(rig, "or say:\nAbout a question: ");
    rig_say(rig, "2026-03-02 10:07", "ana", "/grit gps");
    rig_expect(rig, "03-02 10:07 > ana: What is the goal?\n");
}

static void help_is_short_and_shows_managers_words_to_managers(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "help");
    const char *lines = strbuf_text(&rig->lines);
    assert_non_null(strstr(lines, "\nAbout a question: why; later, skip"));
    assert_non_null(strstr(lines, "\nBy yourself, at any time: "));
    assert_non_null(strstr(lines, "; log call Acme; "));
    assert_non_null(strstr(lines, "; quiet 17:00-09:00; "));
    assert_non_null(strstr(lines, "; gps\n"));
    assert_non_null(strstr(lines, "\nWhat is kept: "));
    assert_null(strstr(lines, "pause team"));
    rig_say(rig, "2026-03-02 09:01", "dana", "help");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\nYour team: "));
    contains(rig, "; pause team 2d; ");
}

static void help_with_a_word_says_what_it_does(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "help skip");
    rig_say(rig, "2026-03-02 09:01", "ana", "help gps");
    rig_say(rig, "2026-03-02 09:02", "ana", "Help forget me");
    rig_say(rig, "2026-03-02 09:03", "ana", "help pasue");
    rig_expect(rig,
               "03-02 09:00 > ana: later, skip: put the open question off, or drop it\n"
               "03-02 09:01 > ana: gps: Goals, plan, support\n"
               "03-02 09:02 > ana: forget me: erase everything that is kept about you\n"
               "03-02 09:03 > ana: I do not know “pasue”. Did you mean pause? Say help for all "
               "I understand.\n");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "help less");
    contains(rig, "> ana: less, more: ");
    rig_say(rig, "2026-03-02 10:02", "ana", "Help with the price would be good");
    contains(rig, "Your answer: Help with the price would be good");
}

static void words_without_words_are_told_so(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "");
    rig_say(rig, "2026-03-02 10:02", "ana", " \t\r\n ");
    rig_expect(rig,
               "03-02 10:01 > ana: I can only read words, and there were none in that. Write it "
               "as text, or say help.\n"
               "03-02 10:02 > ana: I can only read words, and there were none in that. Write it "
               "as text, or say help.\n");
    rig_say(rig, "2026-03-02 10:03", "ana", "👍🏽");
    contains(rig, "What is next?\n\nYour answer: 👍🏽");
}

/* `times` copies of the word */
static char *many_new(const char *word, size_t times)
{
    struct strbuf text = {0};
    for (size_t i = 0; i < times; i++)
        strbuf_puts(&text, word);
    return strbuf_take(&text);
}

static void words_of_any_length_are_kept_or_given_back(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    char *text = many_new("word ", 2000);
    rig_say(rig, "2026-03-02 10:01", "ana", text);
    rig_expect(rig,
               "03-02 10:01 > ana: That is longer than I can keep, 8000 characters at most, so "
               "I have kept nothing of it. Could you make it shorter?\n");
    free(text);
    text = many_new("🙂 ", 4000); /* two characters each, the last space is trimmed */
    rig_say(rig, "2026-03-02 10:02", "ana", text);
    contains(rig, "🙂 …\n03-02 10:02 > ana: Thank you, noted.");
    text[strlen(text) - 1] = '\0';
    bool kept = false;
    for (size_t i = 0; i < rig->count; i++)
        kept |= rig->rows[i].kind == STATE_PROMPT && strstr(rig->rows[i].value, text);
    assert_true(kept);
    free(text);
}

static void answer_after_its_time_is_kept(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-06 10:00"); /* it closed on the evening before */
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-06 10:01", "ana", "ok");
    rig_say(rig, "2026-03-06 10:02", "ana", "I wrote to Rosa.");
    rig_say(rig, "2026-03-06 10:03", "ana", "And to Tom.");
    rig_expect(rig,
               "03-06 10:01 > ana: Nothing is waiting for an answer. Say help to see what I "
               "understand.\n"
               "03-06 10:02 ~ ana: What is next?\n\nYour answer: I wrote to Rosa.\n"
               "03-06 10:02 > ana: Thank you, noted as your answer to “What is next?” Only you "
               "can read your answer.\n"
               "03-06 10:03 > ana: Nothing is waiting for an answer. Say help to see what I "
               "understand.\n");
}

static void words_long_after_a_question_are_none_of_it(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-09 10:00");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-09 10:01", "ana", "I wrote to Rosa.");
    contains(rig, "Nothing is waiting for an answer.");
}

/* FM-G05 */
static void clicks_on_what_is_gone_elses_or_done_are_answered(struct rig *rig)
{
    char key[64];
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    memcpy(key, rig->last_key, sizeof(key));
    rig_click_on(rig, "2026-03-02 10:01", "ben", key, "skip", NULL);
    rig_click_on(rig, "2026-03-02 10:02", "ana", "no-such-message", "answer", "My words");
    rig_click_on(rig, "2026-03-02 10:03", "ana", key, "dance", NULL);
    rig_click_on(rig, "2026-03-02 10:04", "ana", key, "skip", NULL);
    rig_click_on(rig, "2026-03-02 10:05", "ana", key, "skip", NULL);
    rig_expect(rig, "03-02 10:01 > ben: That one was meant for Ana Ruiz, so I left it as it is.\n"
                    "03-02 10:02 > ana: This one is closed already, so I have not kept what you "
                    "wrote. Here it is, to use elsewhere:\n“My words”\n"
                    "03-02 10:03 > ana: This one is closed already.\n"
                    "03-02 10:04 ~ ana: What is next?\n\nSkipped. That is fine.\n"
                    "03-02 10:05 > ana: This one is closed already.\n");
}

static void words_of_a_rep_for_managers_and_of_strangers(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "stranger", "help");
    rig_say(rig, "2026-03-02 10:01", "dana", "log call");
    rig_expect(rig, "03-02 10:01 > dana: Logged: a call, about no deal. To tie the next one to a "
                    "deal, say for example log call Acme.\n");
}

int main(void)
{
    static const struct play_case plays[] = {
        PLAY(log_makes_an_event_of_the_reps_own),
        PLAY(log_of_one_message_counts_once),
        PLAY(log_asks_which_of_several),
        PLAY(log_choice_gives_way_to_a_newer_question),
        PLAY(log_without_a_match_offers_the_nearest),
        PLAY(log_half_understood_is_helped),
        PLAY(hello_comes_before_the_first_question_and_once),
        PLAY(hello_comes_when_the_person_writes_first),
        PLAY(hello_to_a_manager_is_about_the_team),
        PLAY(slash_is_a_command_and_never_an_answer),
        PLAY(help_is_short_and_shows_managers_words_to_managers),
        PLAY(help_with_a_word_says_what_it_does),
        PLAY(words_without_words_are_told_so),
        PLAY(words_of_any_length_are_kept_or_given_back),
        PLAY(answer_after_its_time_is_kept),
        PLAY(words_long_after_a_question_are_none_of_it),
        PLAY(clicks_on_what_is_gone_elses_or_done_are_answered),
        PLAY(words_of_a_rep_for_managers_and_of_strangers),
    };
    return play_run("dialog", plays, ARRAY_LEN(plays));
}
