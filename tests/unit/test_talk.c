/* Conversations: answers, snoozes, reminders, silence, cards for the manager, plain words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west, leave: [2026-04-06 to 2026-04-30]}\n"               \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  words: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"                 \
    "  yes: {kind: skill, reader: manager, answer: yes_no, text: \"Is it theirs?\"}\n"             \
    "  scale: {kind: belief, reader: team, answer: scale 1-5, text: \"How sure, 1 to 5?\"}\n"      \
    "  pick: {kind: skill, reader: rep, answer: \"choice [Call, Mail]\", text: \"Which way?\"}\n"  \
    "  day: {kind: skill, reader: rep, answer: date, text: \"On which day?\"}\n"                   \
    "rules:\n"                                                                                     \
    "  - {rule: ask, about: to help, when: deal.stage_changed, ask: words}\n"                      \
    "  - {rule: yes, about: s, when: deal.reopened, ask: yes}\n"                                   \
    "  - {rule: scale, about: s, when: goal.set, ask: scale}\n"                                    \
    "  - {rule: pick, about: s, when: goal.progress, ask: pick}\n"                                 \
    "  - {rule: day, about: s, when: training.completed, ask: day}\n"                              \
    "  - rule: thanks\n    about: effort after a loss\n    when: activity.logged\n"                \
    "    praise: \"Thank you for the {{event.kind}}.\"\n"                                          \
    "    card: \"{{rep.name}} made a {{event.kind}}.\"\n"

static const char loose[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 9}\n";

static void begin_with(struct rig *rig, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {HEAD}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void begin(struct rig *rig)
{
    begin_with(rig, loose);
}

#define HAPPENS(rig, when, what)                                                                   \
    GIVE(rig, when, .type = (what), .rep = "ana", .deal = "D1", .to = "propose")

static void asked(struct rig *rig, const char *when, enum event_type what)
{
    if (!rig->book)
        begin(rig);
    HAPPENS(rig, when, what);
    strbuf_clear(&rig->lines);
}

/* --- answers --- */

static void answer_in_words_is_kept_and_its_reader_named(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:10", "ana", "  I call Rosa.  ");
    rig_expect(rig, "03-02 10:10 ~ ana: What is next?\n\nYour answer: I call Rosa.\n"
                    "03-02 10:10 > ana: Thank you, noted. Only you can read your answer.\n");
    rig_say(rig, "2026-03-02 10:12", "ana", "And Tom.");
    rig_expect(rig, "03-02 10:12 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
}

static void answer_by_button_can_be_corrected(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-02 10:10", "ana", "answer", "I call.");
    rig_click(rig, "2026-03-02 10:11", "ana", "answer", "I write.");
    rig_click(rig, "2026-03-02 10:12", "ana", "answer", "");
    rig_click(rig, "2026-03-02 10:13", "ana", "skip", NULL);
    rig_expect(rig, "03-02 10:10 ~ ana: What is next?\n\nYour answer: I call.\n"
                    "03-02 10:11 ~ ana: What is next?\n\nYour answer: I write.\n"
                    "03-02 10:12 > ana: I did not get any words with that. Write your answer, and "
                    "I will keep it.\n"
                    "03-02 10:13 > ana: This one is closed already.\n");
}

static void answer_of_every_type_is_checked(struct rig *rig)
{
    asked(rig, "2026-03-02 09:00", EVENT_DEAL_REOPENED);
    rig_say(rig, "2026-03-02 09:10", "ana", "perhaps");
    rig_say(rig, "2026-03-02 09:11", "ana", "Yes");
    rig_expect(rig,
               "03-02 09:10 > ana: Please answer with yes or no.\n"
               "03-02 09:11 ~ ana: Is it theirs?\n\nYour answer: Yes\n"
               "03-02 09:11 > ana: Thank you, noted. Dana Okafor will read your answer too.\n");
    asked(rig, "2026-03-02 10:00", EVENT_GOAL_SET);
    rig_say(rig, "2026-03-02 10:10", "ana", "6");
    rig_say(rig, "2026-03-02 10:11", "ana", "0");
    rig_say(rig, "2026-03-02 10:12", "ana", "five");
    rig_say(rig, "2026-03-02 10:13", "ana", "5");
    rig_expect(rig, "03-02 10:10 > ana: Please answer with a number from 1 to 5.\n"
                    "03-02 10:11 > ana: Please answer with a number from 1 to 5.\n"
                    "03-02 10:12 > ana: Please answer with a number from 1 to 5.\n"
                    "03-02 10:13 ~ ana: How sure, 1 to 5?\n\nYour answer: 5\n"
                    "03-02 10:13 > ana: Thank you, noted. Your team will be able to read your "
                    "answer.\n");
    asked(rig, "2026-03-02 11:00", EVENT_GOAL_PROGRESS);
    rig_say(rig, "2026-03-02 11:10", "ana", "fax");
    rig_say(rig, "2026-03-02 11:11", "ana", "mail");
    rig_expect(rig, "03-02 11:10 > ana: Please choose one of: Call, Mail.\n"
                    "03-02 11:11 ~ ana: Which way?\n\nYour answer: mail\n"
                    "03-02 11:11 > ana: Thank you, noted. Only you can read your answer.\n");
    asked(rig, "2026-03-02 12:00", EVENT_TRAINING_COMPLETED);
    rig_say(rig, "2026-03-02 12:10", "ana", "2026-02-30");
    rig_say(rig, "2026-03-02 12:11", "ana", "2026-03-30");
    rig_expect(rig, "03-02 12:10 > ana: Please answer with a date such as 2027-02-01.\n"
                    "03-02 12:11 ~ ana: On which day?\n\nYour answer: 2026-03-30\n"
                    "03-02 12:11 > ana: Thank you, noted. Only you can read your answer.\n");
}

static void answer_after_the_end_is_still_welcome(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-20 10:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-20 10:10", "ana", "answer", "Late.");
    rig_expect(rig, "03-20 10:10 ~ ana: What is next?\n\nYour answer: Late.\n");
}

static void answer_is_forgotten_after_ninety_days(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-02 14:00", "ana", "later", NULL);
    rig_until(rig, "2026-03-05 17:00");
    rig_click(rig, "2026-03-05 17:30", "ana", "skip", NULL);
    rig_until(rig, "2026-06-04 10:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-06-04 10:00", "ana", "answer", "Too late.");
    rig_expect(rig, "06-04 10:00 > ana: This one is closed already, so I have not kept what you "
                    "wrote. Here it is, to use elsewhere:\n“Too late.”\n");
}

/* --- buttons --- */

static void click_by_somebody_else_changes_nothing(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-02 10:10", "ben", "skip", NULL);
    rig_click(rig, "2026-03-02 10:11", "stranger", "skip", NULL);
    rig_click(rig, "2026-03-02 10:12", "ana", "skip", NULL);
    rig_expect(rig, "03-02 10:10 > ben: That one was meant for Ana Ruiz, so I left it as it is.\n"
                    "03-02 10:12 ~ ana: What is next?\n\nSkipped. That is fine.\n");
}

static void later_comes_back_three_times(struct rig *rig)
{
    asked(rig, "2026-03-02 09:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-02 09:30", "ana", "later", NULL);
    rig_until(rig, "2026-03-02 12:00");
    rig_expect(rig, "03-02 09:30 ~ ana: What is next?\n\nI will come back to this today at 11:30.\n"
                    "03-02 11:30 > ana: You asked me to come back to this:\nWhat is next?\n");
    rig_say(rig, "2026-03-02 16:59", "ana", "later");
    rig_until(rig, "2026-03-03 11:00");
    rig_expect(rig, "03-02 16:59 ~ ana: What is next?\n\nI will come back to this on Tue 3 Mar at "
                    "09:29.\n"
                    "03-03 09:29 > ana: You asked me to come back to this:\nWhat is next?\n");
    rig_click(rig, "2026-03-03 12:00", "ana", "later", NULL);
    rig_until(rig, "2026-03-03 15:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 15:00", "ana", "later", NULL);
    rig_click(rig, "2026-03-03 15:01", "ana", "answer", "Now.");
    rig_expect(rig,
               "03-03 15:00 > ana: I have come back to this three times. Answer it or skip it; "
               "both are fine.\n"
               "03-03 15:01 ~ ana: What is next?\n\nYour answer: Now.\n");
}

static void later_about_a_deal_that_moved_on_does_not_come_back(struct rig *rig)
{
    asked(rig, "2026-03-02 09:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-02 09:30", "ana", "later", NULL);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-04 12:00");
    rig_expect(rig, "");
}

static void later_of_one_who_is_away_waits(struct rig *rig)
{
    asked(rig, "2026-04-03 16:30", EVENT_DEAL_STAGE_CHANGED); /* a Friday, then leave */
    rig_click(rig, "2026-04-03 17:00", "ana", "later", NULL);
    rig_until(rig, "2026-05-01 12:00");
    rig_expect(rig, "04-03 17:00 ~ ana: What is next?\n\nI will come back to this on Fri 1 May at "
                    "08:30.\n"
                    "05-01 08:30 > ana: You asked me to come back to this:\nWhat is next?\n");
}

static void buttons_of_every_message_of_a_question_work(struct rig *rig)
{
    char first[64], second[64];
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    memcpy(first, rig->last_key, sizeof(first));
    rig_until(rig, "2026-03-03 12:00");
    memcpy(second, rig->last_key, sizeof(second));
    rig_until(rig, "2026-03-05 12:00");
    strbuf_clear(&rig->lines);
    assert_string_not_equal(first, second);
    assert_string_not_equal(second, rig->last_key);
    rig_click_on(rig, "2026-03-05 12:10", "ana", second, "answer", "One.");
    rig_click_on(rig, "2026-03-05 12:11", "ana", first, "answer", "Two.");
    rig_expect(rig, "03-05 12:10 ~ ana: What is next?\n\nYour answer: One.\n"
                    "03-05 12:11 ~ ana: What is next?\n\nYour answer: Two.\n");
    rig_until(rig, "2026-06-10 12:00");
    rig_click_on(rig, "2026-06-10 12:10", "ana", second, "answer", "Three.");
    rig_expect(rig, "06-10 12:10 > ana: This one is closed already, so I have not kept what you "
                    "wrote. Here it is, to use elsewhere:\n“Three.”\n");
}

/* --- silence --- */

#define REMINDER "Still here when you have a moment:\nWhat is next?\n"
#define META                                                                                       \
    "My last questions did not get an answer, so I will stop here. What would make them useful "   \
    "to you?\n"

static void reminders_after_one_and_three_working_days_then_silence(struct rig *rig)
{
    asked(rig, "2026-03-05 10:00", EVENT_DEAL_STAGE_CHANGED); /* a Thursday */
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-06 10:00 > ana: " REMINDER "03-10 10:00 > ana: " REMINDER);
}

static void reminders_can_be_switched_off(struct rig *rig)
{
    begin_with(rig, "limits: {prompts_per_day: 9, remind: []}\n");
    asked(rig, "2026-03-05 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void reminder_can_come_once(struct rig *rig)
{
    begin_with(rig, "limits: {prompts_per_day: 9, remind: [1 working day]}\n");
    asked(rig, "2026-03-05 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "03-06 10:00 > ana: " REMINDER);
}

static void reminder_about_a_deal_that_moved_on_is_left_out(struct rig *rig)
{
    asked(rig, "2026-03-05 10:00", EVENT_DEAL_STAGE_CHANGED);
    GIVE(rig, "2026-03-05 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void silence_while_away_is_no_silence(struct rig *rig)
{
    asked(rig, "2026-04-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-05-04 09:00");
    HAPPENS(rig, "2026-05-04 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-05-14 10:00");
    assert_null(strstr(strbuf_text(&rig->lines), "My last questions"));
}

/* Two questions in silence, up to the morning of the question what would help. */
static void go_silent(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-06 00:00");
    asked(rig, "2026-03-06 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-11 17:59");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-12 09:00");
    rig_expect(rig, "03-11 18:00 > ana: " META);
}

/* B41: exactly one question what would help, and then silence */
static void silence_twice_asks_once_what_would_help(struct rig *rig)
{
    go_silent(rig);
    HAPPENS(rig, "2026-03-12 10:00", EVENT_DEAL_STAGE_CHANGED);
    HAPPENS(rig, "2026-03-25 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-31 10:00");
    rig_expect(rig, "03-12 10:00 ana ask suppressed conversation\n"
                    "03-25 10:00 ana ask suppressed back_off\n");
}

static void meta_question_leaves_in_working_hours_only(struct rig *rig)
{
    rig->full = true;
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-06 00:00");
    asked(rig, "2026-03-06 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-11 18:00");
    struct message *open;
    char want[64];
    struct arena arena;
    arena_init(&arena);
    assert_int_equal(core_open_messages(rig->core, &arena, &open), 1);
    assert_string_equal(open[0].buttons[0].id, "stop");
    (void)snprintf(want, sizeof(want), "\"due\":%lld,",
                   (long long)rig_time(rig, "2026-03-12 08:30"));
    assert_non_null(strstr(strbuf_text(&rig->lines), want));
    msec_t later = 0;
    const char *why = NULL;
    assert_int_equal(core_may_send(rig->core, &open[0], rig->now, &later, &why), SEND_LATER);
    assert_true(later == rig_time(rig, "2026-03-12 08:30"));
    arena_done(&arena);
}

/* B41: stop */
static void meta_stop_is_obeyed_until_resume(struct rig *rig)
{
    go_silent(rig);
    rig_click(rig, "2026-03-12 09:10", "ana", "stop", NULL);
    HAPPENS(rig, "2026-03-12 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-12 11:00", "ana", "Resume!");
    HAPPENS(rig, "2026-03-12 12:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-12 09:10 ~ ana: All right, I am quiet now. Say resume whenever you want me "
                    "back.\n"
                    "03-12 10:00 ana ask suppressed consent\n"
                    "03-12 11:00 > ana: Welcome back. I will ask again when there is something "
                    "worth asking.\n"
                    "03-12 12:00 ana ask sent\n");
}

/* B41: less */
static void meta_less_is_one_a_week(struct rig *rig)
{
    go_silent(rig);
    rig_click(rig, "2026-03-12 09:05", "ana", "stop", NULL);
    rig_click(rig, "2026-03-12 09:10", "ana", "less", NULL); /* changed her mind */
    HAPPENS(rig, "2026-03-16 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_click(rig, "2026-03-16 10:01", "ana", "skip", NULL);
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-20 10:00", EVENT_DEAL_STAGE_CHANGED);
    HAPPENS(rig, "2026-03-23 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-20 10:00 ana ask suppressed caps\n03-23 10:00 ana ask sent\n");
}

/* B41: another time */
static void meta_other_time_is_the_afternoon(struct rig *rig)
{
    go_silent(rig);
    rig_click(rig, "2026-03-12 09:10", "ana", "other_time", NULL);
    HAPPENS(rig, "2026-03-12 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-12 14:00");
    rig_expect(rig, "03-12 09:10 ~ ana: All right: from now on I only ask in the afternoon.\n"
                    "03-12 10:00 ana ask held hours\n"
                    "03-12 13:00 ana ask sent\n");
}

/* B41: other topics */
static void meta_wrong_topic_silences_the_plugin(struct rig *rig)
{
    go_silent(rig);
    rig_click(rig, "2026-03-12 09:10", "ana", "wrong_topic", NULL);
    HAPPENS(rig, "2026-03-12 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-12 09:10 ~ ana: All right: I will leave that topic alone.\n"
                    "03-12 10:00 ana ask suppressed consent\n");
}

static void silence_ends_with_a_late_answer(struct rig *rig)
{
    char first[64];
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    memcpy(first, rig->last_key, sizeof(first));
    rig_until(rig, "2026-03-06 00:00");
    asked(rig, "2026-03-06 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_until(rig, "2026-03-12 09:00");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-12 09:10", "ana", first, "answer", "Sorry.");
    HAPPENS(rig, "2026-03-12 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-12 09:10 ~ ana: What is next?\n\nYour answer: Sorry.\n"
                    "03-12 10:00 ana ask sent\n");
}

/* --- cards --- */

static void praised(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call");
    rig_expect(rig, "03-02 10:00 ana thanks sent\n"); /* and nothing to ana */
}

#define CARD                                                                                       \
    "Ana Ruiz made a call.\n\nA word from you would mean more than one from me. My draft for "     \
    "Ana:\n“Thank you for the call.”\n\n"

static void card_sent_reaches_the_rep_once(struct rig *rig)
{
    praised(rig);
    rig_click(rig, "2026-03-02 11:00", "ben", "send", NULL);
    rig_click(rig, "2026-03-02 11:01", "dana", "send", NULL);
    rig_click(rig, "2026-03-02 11:02", "dana", "send", NULL);
    rig_click(rig, "2026-03-02 11:03", "dana", "edit", "More words.");
    rig_expect(rig,
               "03-02 11:00 > ben: That one was meant for Dana Okafor, so I left it as it is.\n"
               "03-02 11:01 > ana: Dana Okafor asked me to pass this on:\n“Thank you for the "
               "call.”\n"
               "03-02 11:01 ~ dana: " CARD "Sent to Ana Ruiz in your name.\n"
               "03-02 11:02 > dana: This one is closed already.\n"
               "03-02 11:03 > dana: This one is closed already.\n");
}

static void card_edited_carries_the_managers_words(struct rig *rig)
{
    praised(rig);
    rig_click(rig, "2026-03-02 11:01", "dana", "edit", "Well done.");
    rig_expect(rig, "03-02 11:01 > ana: Dana Okafor asked me to pass this on:\n“Well done.”\n"
                    "03-02 11:01 ~ dana: " CARD "Sent to Ana Ruiz in your name.\n");
}

static void card_skipped_or_not_true_or_left_reaches_nobody(struct rig *rig)
{
    praised(rig);
    rig_click(rig, "2026-03-02 11:01", "dana", "skip", NULL);
    rig_expect(rig, "03-02 11:01 ~ dana: " CARD "Left alone.\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "demo");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 11:01", "dana", "not_true", NULL);
    assert_null(strstr(strbuf_text(&rig->lines), "> ana"));
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "mail");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-04-30 10:00");
    rig_expect(rig, "");
}

/* --- words --- */

static void words_why_names_the_reason_and_the_rule(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "why");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "Why?");
    rig_expect(rig, "03-02 10:01 > ana: You got this because D1 moved to Propose (Mon 2 Mar at "
                    "10:00).\nThe rule is “ask”: to help\n");
}

static void words_help_and_what_is_not_understood(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "HELP");
    assert_non_null(strstr(strbuf_text(&rig->lines), "pause 3d, pause until Monday; "));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 09:01", "ana", "puase");
    rig_say(rig, "2026-03-02 09:02", "ana", "skip");
    rig_say(rig, "2026-03-02 09:03", "stranger", "help");
    rig_expect(rig, "03-02 09:01 > ana: I do not know “puase”. Did you mean pause? Say help for "
                    "all I understand.\n"
                    "03-02 09:02 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
}

static void words_that_begin_like_a_command_are_an_answer(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:10", "ana", "Pause the roll-out until May.");
    rig_expect(rig, "03-02 10:10 ~ ana: What is next?\n\nYour answer: Pause the roll-out until "
                    "May.\n"
                    "03-02 10:10 > ana: Thank you, noted. Only you can read your answer.\n");
    rig_say(rig, "2026-03-02 10:11", "ana", "pause for a bit");
    rig_expect(rig, "03-02 10:11 > ana: For how long? For example: pause 2h, pause 3 days, "
                    "pause until Monday, or just pause.\n");
}

static void pause_silences_reminders_and_snoozes(struct rig *rig)
{
    asked(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 11:00", "ana", "pause");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

static void pause_of_a_person_outlives_the_operators(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ana", "pause");
    GIVE(rig, "2026-03-02 09:10", .type = EVENT_PAUSE, .team = "west");
    GIVE(rig, "2026-03-02 09:20", .type = EVENT_RESUME, .team = "west");
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    assert_null(strstr(strbuf_text(&rig->lines), "What is next?"));
}

int main(void)
{
    const struct play_case cases[] = {
        PLAY(answer_in_words_is_kept_and_its_reader_named),
        PLAY(answer_by_button_can_be_corrected),
        PLAY(answer_of_every_type_is_checked),
        PLAY(answer_after_the_end_is_still_welcome),
        PLAY(answer_is_forgotten_after_ninety_days),
        PLAY(click_by_somebody_else_changes_nothing),
        PLAY(later_comes_back_three_times),
        PLAY(later_about_a_deal_that_moved_on_does_not_come_back),
        PLAY(later_of_one_who_is_away_waits),
        PLAY(buttons_of_every_message_of_a_question_work),
        PLAY(reminders_after_one_and_three_working_days_then_silence),
        PLAY(reminders_can_be_switched_off),
        PLAY(reminder_can_come_once),
        PLAY(reminder_about_a_deal_that_moved_on_is_left_out),
        PLAY(silence_while_away_is_no_silence),
        PLAY(silence_twice_asks_once_what_would_help),
        PLAY(meta_question_leaves_in_working_hours_only),
        PLAY(meta_stop_is_obeyed_until_resume),
        PLAY(meta_less_is_one_a_week),
        PLAY(meta_other_time_is_the_afternoon),
        PLAY(meta_wrong_topic_silences_the_plugin),
        PLAY(silence_ends_with_a_late_answer),
        PLAY(card_sent_reaches_the_rep_once),
        PLAY(card_edited_carries_the_managers_words),
        PLAY(card_skipped_or_not_true_or_left_reaches_nobody),
        PLAY(words_why_names_the_reason_and_the_rule),
        PLAY(words_help_and_what_is_not_understood),
        PLAY(words_that_begin_like_a_command_are_an_answer),
        PLAY(pause_silences_reminders_and_snoozes),
        PLAY(pause_of_a_person_outlives_the_operators),
    };
    return play_run("talk", cases, ARRAY_LEN(cases));
}
