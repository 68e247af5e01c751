/* Talks of several steps: their course, corrections, silence, restarts, reload. */
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

#define STEPS                                                                                      \
    "      - ask: {id: goal, text: \"What is to move?\"}\n"                                        \
    "      - ask: {id: owner, text: \"Whose goal?\", answer: \"choice [mine, given to me]\"}\n"    \
    "      - if: {answer.owner: given to me}\n"                                                    \
    "        ask: {id: why, text: \"What in “{{answer.goal|it}}” matters to you?\"}\n"         \
    "      - plan: {id: start, text: \"When do you start?\"}\n"                                    \
    "      - ask: {id: sure, text: \"How sure, 1 to 5?\", answer: scale 1-5, reader: manager}\n"   \
    "      - if: {answer.sure: {at_most: 2}}\n"                                                    \
    "        ask: {id: help, text: \"What would help?\"}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n"                                                                                 \
    "  words: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"

#define RULES                                                                                      \
    "rules:\n"                                                                                     \
    "  - {rule: begin, about: a talk, when: deal.stage_changed, start: gps}\n"                     \
    "  - {rule: other, about: a talk, when: deal.won, start: short}\n"                             \
    "  - {rule: lead, about: a talk, when: rep.back, start: short, to: manager}\n"                 \
    "  - {rule: ask, about: s, when: deal.reopened, ask: words}\n"                                 \
    "  - {rule: recall, about: s, when: goal.set, if: {answer.owner: mine, answer.words: "         \
    "missing},\n"                                                                                  \
    "     tell: \"You wrote: {{answer.goal}}\"}\n"

#define SHORT                                                                                      \
    "  short:\n    command: short\n    closing: \"You: {{answer.day|no day}}.\"\n    steps:\n"     \
    "      - ask: {id: day, text: \"On which day?\", answer: date}\n"

#define BOOK                                                                                       \
    HEAD "flows:\n  gps:\n    about: Goals, plan, support\n    command: gps\n    steps:\n" STEPS   \
        SHORT RULES

static const char loose[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 9}\n";

static void begin_with(struct rig *rig, const char *book, const char *config)
{
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {book}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void begin(struct rig *rig)
{
    begin_with(rig, BOOK, loose);
}

#define HAPPENS(rig, when, what)                                                                   \
    GIVE(rig, when, .type = (what), .rep = "ana", .deal = "D1", .to = "propose")

static void started(struct rig *rig, const char *when)
{
    if (!rig->book)
        begin(rig);
    HAPPENS(rig, when, EVENT_DEAL_STAGE_CHANGED);
    strbuf_clear(&rig->lines);
}

#define GOAL  "What is to move?"
#define OWNER "Whose goal?"
#define WHY   "What in “Acme” matters to you?"
#define START "When do you start?"
#define SURE  "How sure, 1 to 5?"

/* --- its course --- */

static void talk_goes_from_step_to_step_and_ends_with_own_words(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:05", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:06", "ana", "theirs");
    rig_say(rig, "2026-03-02 10:07", "ana", "Given to me");
    rig_click(rig, "2026-03-02 10:08", "ana", "answer", "The team there.");
    rig_click(rig, "2026-03-02 10:09", "ana", "answer", "After lunch I call Rosa.");
    rig_say(rig, "2026-03-02 10:10", "ana", "4");
    rig_say(rig, "2026-03-02 10:11", "ana", "4");
    rig_expect(rig, "03-02 10:00 ana begin sent\n"
                    "03-02 10:05 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 10:05 > ana: " OWNER "\n"
                    "03-02 10:06 > ana: Please choose one of: mine, given to me.\n"
                    "03-02 10:07 ~ ana: " OWNER "\n\nYour answer: Given to me\n"
                    "03-02 10:07 > ana: " WHY "\n"
                    "03-02 10:08 ~ ana: " WHY "\n\nYour answer: The team there.\n"
                    "03-02 10:08 > ana: " START "\n"
                    "03-02 10:09 ~ ana: " START "\n\nYour answer: After lunch I call Rosa.\n"
                    "03-02 10:09 > ana: " SURE "\n"
                    "03-02 10:10 ~ ana: " SURE "\n\nYour answer: 4\n"
                    "03-02 10:10 > ana: That was the last question. In your own words:\n"
                    "• “Acme”\n• “The team there.”\n• Your plan: “After lunch I call Rosa.”\n\n"
                    "03-02 10:11 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
}

static void talk_takes_the_branch_of_the_answers(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:05", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:06", "ana", "mine");
    rig_say(rig, "2026-03-02 10:07", "ana", "Now.");
    rig_say(rig, "2026-03-02 10:08", "ana", "2");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:09", "ana", "A colleague.");
    rig_expect(rig, "03-02 10:09 ~ ana: What would help?\n\nYour answer: A colleague.\n"
                    "03-02 10:09 > ana: That was the last question. In your own words:\n"
                    "• “Acme”\n• Your plan: “Now.”\n• “A colleague.”\n\n");
}

static void nothing_is_written_where_nothing_is_stored(struct rig *rig)
{
    begin(rig);
    rig_store_nothing(rig);
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:05", "ana", "Acme");
    rig_expect(rig, "03-02 10:05 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 10:05 > ana: " OWNER "\n");
}

static void talk_with_a_closing_says_it(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "short");
    rig_say(rig, "2026-03-02 10:01", "ana", "2026-03-05");
    rig_say(rig, "2026-03-02 10:02", "ben", "Short!");
    rig_say(rig, "2026-03-02 10:03", "ben", "skip");
    rig_expect(rig, "03-02 10:00 > ana: On which day?\n"
                    "03-02 10:01 ~ ana: On which day?\n\nYour answer: 2026-03-05\n"
                    "03-02 10:01 > ana: You: 5 Mar.\n"
                    "03-02 10:02 > ben: On which day?\n"
                    "03-02 10:03 ~ ben: On which day?\n\nSkipped. That is fine.\n"
                    "03-02 10:03 > ben: You: no day.\n");
}

static void skip_is_of_one_step_and_its_answer_stays_missing(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "skip");
    rig_say(rig, "2026-03-02 10:02", "ana", "given to me");
    rig_click(rig, "2026-03-02 10:03", "ana", "skip", NULL);
    rig_say(rig, "2026-03-02 10:04", "ana", "skip");
    rig_say(rig, "2026-03-02 10:05", "ana", "skip");
    rig_expect(rig, "03-02 10:01 ~ ana: " GOAL "\n\nSkipped. That is fine.\n"
                    "03-02 10:01 > ana: " OWNER "\n"
                    "03-02 10:02 ~ ana: " OWNER "\n\nYour answer: given to me\n"
                    "03-02 10:02 > ana: What in “it” matters to you?\n"
                    "03-02 10:03 ~ ana: What in “it” matters to you?\n\nSkipped. That is fine.\n"
                    "03-02 10:03 > ana: " START "\n"
                    "03-02 10:04 ~ ana: " START "\n\nSkipped. That is fine.\n"
                    "03-02 10:04 > ana: " SURE "\n"
                    "03-02 10:05 ~ ana: " SURE "\n\nSkipped. That is fine.\n"
                    "03-02 10:05 > ana: That was the last question. Thank you for taking the "
                    "time.\n");
}

static void later_puts_the_step_off(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "later");
    rig_until(rig, "2026-03-02 13:00");
    rig_say(rig, "2026-03-02 13:01", "ana", "mine");
    rig_expect(rig, "03-02 10:01 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 10:01 > ana: " OWNER "\n"
                    "03-02 10:02 ~ ana: " OWNER "\n\nI will come back to this today at 12:02.\n"
                    "03-02 12:02 > ana: You asked me to come back to this:\n" OWNER "\n"
                    "03-02 13:01 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-02 13:01 > ana: " START "\n");
}

static void why_tells_the_rule_or_the_own_word(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ben", "gps");
    rig_say(rig, "2026-03-02 09:01", "ben", "why");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:02", "ana", "why", NULL);
    assert_non_null(strstr(strbuf_text(&rig->lines), "The rule is “begin”: a talk"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:03", "ben", "why");
    rig_expect(rig, "03-02 10:03 > ben: You got this because you said gps.\n");
}

/* --- corrections --- */

static void correction_opens_the_other_branch(struct rig *rig)
{
    char owner[64];
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    memcpy(owner, rig->last_key, sizeof(owner));
    rig_say(rig, "2026-03-02 10:02", "ana", "mine");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:03", "ana", owner, "answer", "given to me");
    rig_say(rig, "2026-03-02 10:04", "ana", "The team.");
    rig_expect(rig, "03-02 10:03 ~ ana: " OWNER "\n\nYour answer: given to me\n"
                    "03-02 10:03 ~ ana: " START "\n\nSomething else comes first now.\n"
                    "03-02 10:03 > ana: " WHY "\n"
                    "03-02 10:04 ~ ana: " WHY "\n\nYour answer: The team.\n"
                    "03-02 10:04 > ana: " START "\n");
}

static void correction_closes_the_branch_and_its_answer_is_not_quoted(struct rig *rig)
{
    char owner[64];
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    memcpy(owner, rig->last_key, sizeof(owner));
    rig_say(rig, "2026-03-02 10:02", "ana", "given to me");
    rig_say(rig, "2026-03-02 10:03", "ana", "The team.");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:04", "ana", owner, "answer", "mine");
    rig_say(rig, "2026-03-02 10:05", "ana", "Now.");
    rig_say(rig, "2026-03-02 10:06", "ana", "5");
    rig_expect(rig, "03-02 10:04 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-02 10:05 ~ ana: " START "\n\nYour answer: Now.\n"
                    "03-02 10:05 > ana: " SURE "\n"
                    "03-02 10:06 ~ ana: " SURE "\n\nYour answer: 5\n"
                    "03-02 10:06 > ana: That was the last question. In your own words:\n"
                    "• “Acme”\n• Your plan: “Now.”\n\n");
}

static void correction_after_the_end_asks_what_is_new_or_nothing(struct rig *rig)
{
    char goal[64], sure[64];
    started(rig, "2026-03-02 10:00");
    memcpy(goal, rig->last_key, sizeof(goal));
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "mine");
    rig_say(rig, "2026-03-02 10:03", "ana", "Now.");
    memcpy(sure, rig->last_key, sizeof(sure));
    rig_say(rig, "2026-03-02 10:04", "ana", "5");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:05", "ana", goal, "answer", "Birchwood");
    rig_click_on(rig, "2026-03-02 10:06", "ana", sure, "answer", "1");
    rig_say(rig, "2026-03-02 10:07", "ana", "Ben.");
    rig_expect(rig, "03-02 10:05 ~ ana: " GOAL "\n\nYour answer: Birchwood\n"
                    "03-02 10:06 ~ ana: " SURE "\n\nYour answer: 1\n"
                    "03-02 10:06 > ana: What would help?\n"
                    "03-02 10:07 ~ ana: What would help?\n\nYour answer: Ben.\n"
                    "03-02 10:07 > ana: That was the last question. In your own words:\n"
                    "• “Birchwood”\n• Your plan: “Now.”\n• “Ben.”\n\n");
}

static void correction_of_a_quoted_answer_changes_the_open_step(struct rig *rig)
{
    char goal[64];
    started(rig, "2026-03-02 10:00");
    memcpy(goal, rig->last_key, sizeof(goal));
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "given to me");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:03", "ana", goal, "answer", "Birchwood");
    rig_say(rig, "2026-03-02 10:04", "ana", "It is big.");
    rig_expect(rig, "03-02 10:03 ~ ana: " GOAL "\n\nYour answer: Birchwood\n"
                    "03-02 10:03 ~ ana: What in “Birchwood” matters to you?\n"
                    "03-02 10:04 ~ ana: What in “Birchwood” matters to you?\n\nYour answer: It is "
                    "big.\n"
                    "03-02 10:04 > ana: " START "\n");
}

static void correction_of_a_skipped_step_is_an_answer(struct rig *rig)
{
    char goal[64];
    started(rig, "2026-03-02 10:00");
    memcpy(goal, rig->last_key, sizeof(goal));
    rig_say(rig, "2026-03-02 10:01", "ana", "skip");
    rig_click_on(rig, "2026-03-02 10:03", "ana", goal, "answer", "Acme");
    rig_say(rig, "2026-03-02 10:04", "ana", "given to me");
    assert_non_null(strstr(strbuf_text(&rig->lines), WHY));
}

static void settled_step_keeps_a_button_to_change_it(struct rig *rig)
{
    rig->full = true;
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"label\":\"Change\""));
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"value\":\"Acme\""));
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"label\":\"End here\""));
}

/* --- silence --- */

static void silence_reminds_of_the_step_and_counts_once(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-05 12:00");
    rig_expect(rig, "03-03 10:01 > ana: Still here when you have a moment:\n" OWNER "\n");
    HAPPENS(rig, "2026-03-05 13:00", EVENT_DEAL_REOPENED);
    rig_until(rig, "2026-03-20 10:00"); /* the second one: now it stops */
    assert_non_null(strstr(strbuf_text(&rig->lines), "ana ask sent"));
    assert_non_null(strstr(strbuf_text(&rig->lines), "My last questions"));
}

static void silence_after_an_own_start_does_not_count(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_REOPENED);
    rig_say(rig, "2026-03-02 10:05", "ana", "gps");
    rig_until(rig, "2026-03-20 10:00"); /* both close in silence; two in a row would stop it all */
    assert_null(strstr(strbuf_text(&rig->lines), "My last questions"));
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-20 10:00", EVENT_DEAL_REOPENED);
    rig_until(rig, "2026-03-31 10:00");
    assert_non_null(strstr(strbuf_text(&rig->lines), "My last questions"));
}

static void late_answer_is_taken_and_the_talk_goes_on(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_until(rig, "2026-03-20 10:00");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-20 10:01", "ana", "mine");
    rig_click(rig, "2026-03-20 10:02", "ana", "answer", "mine");
    rig_expect(rig, "03-20 10:01 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n"
                    "03-20 10:02 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-20 10:02 > ana: " START "\n");
}

static void late_answer_beside_another_talk_is_only_noted(struct rig *rig)
{
    char owner[64];
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_until(rig, "2026-03-06 10:00");
    memcpy(owner, rig->last_key, sizeof(owner));
    rig_say(rig, "2026-03-06 10:01", "ana", "short");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-06 10:02", "ana", owner, "answer", "mine");
    rig_say(rig, "2026-03-06 10:03", "ana", "2026-03-09");
    rig_say(rig, "2026-03-06 10:04", "ana", "gps");
    rig_expect(rig,
               "03-06 10:02 ~ ana: " OWNER "\n\nYour answer: mine\n"
               "03-06 10:03 ~ ana: On which day?\n\nYour answer: 2026-03-09\n"
               "03-06 10:03 > ana: You: 9 Mar.\n"
               "03-06 10:04 > ana: Here is where we stopped. Last you said: “mine”\n" START "\n");
}

static void late_answer_to_an_old_talk_is_kept_without_going_on(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_until(rig, "2026-05-04 10:00");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-05-04 10:01", "ana", "answer", "mine");
    rig_until(rig, "2026-06-02 10:00"); /* the goal is forgotten, this answer is not */
    rig_click(rig, "2026-06-02 10:01", "ana", "answer", "given to me");
    rig_until(rig, "2026-10-01 10:00");
    rig_click(rig, "2026-10-01 10:01", "ana", "answer", "mine");
    rig_expect(rig, "05-04 10:01 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "06-02 10:01 ~ ana: " OWNER "\n\nYour answer: given to me\n"
                    "10-01 10:01 > ana: This one is closed already, so I have not kept what you "
                    "wrote. Here it is, to use elsewhere:\n“mine”\n");
    for (size_t i = 0; i < rig->count; i++) {
        if (rig->rows[i].kind == STATE_FLOW || rig->rows[i].kind == STATE_PROMPT)
            assert_null(rig->rows[i].value);
    }
}

/* --- the person's own word --- */

static void command_starts_at_any_hour_and_past_all_caps(struct rig *rig)
{
    begin_with(rig, BOOK, "limits: {prompts_per_day: 1}\n");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_REOPENED);
    rig->full = true;
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 23:00", "ana", "GPS");
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"reply\":true"));
    assert_null(strstr(strbuf_text(&rig->lines), "NOTE"));
    rig->full = false;
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 23:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 23:02", "ana", "stop");
    rig_say(rig, "2026-03-02 23:03", "ana", "I call Rosa.");
    rig_expect(rig, "03-02 23:01 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 23:01 > ana: " OWNER "\n"
                    "03-02 23:02 ~ ana: " OWNER "\n\nEnded here. What you wrote stays yours. Say "
                    "gps whenever you want a new start.\n"
                    "03-02 23:03 ~ ana: What is next?\n\nYour answer: I call Rosa.\n"
                    "03-02 23:03 > ana: Thank you, noted. Only you can read your answer.\n");
}

static void command_of_an_open_talk_shows_its_step_again(struct rig *rig)
{
    char first[64];
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    memcpy(first, rig->last_key, sizeof(first));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "gps");
    rig_say(rig, "2026-03-02 10:03", "ana", "later");
    rig_say(rig, "2026-03-02 10:04", "ana", "gps");
    rig_click_on(rig, "2026-03-02 10:05", "ana", first, "answer", "mine");
    rig_expect(rig, "03-02 10:02 > ana: Here is where we stopped. Last you said: “Acme”\n" OWNER
                    "\n03-02 10:03 ~ ana: " OWNER "\n\nI will come back to this today at 12:03.\n"
                    "03-02 10:04 > ana: Here is where we stopped. Last you said: “Acme”\n" OWNER
                    "\n03-02 10:05 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-02 10:05 > ana: " START "\n");
}

static void command_takes_up_what_expired_and_later_begins_anew(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme 100%s %n");
    rig_until(rig, "2026-03-10 10:00");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-10 10:01", "ana", "gps");
    rig_until(rig, "2026-03-20 00:00");
    rig_say(rig, "2026-03-24 10:02", "ana", "gps");
    rig_expect(rig,
               "03-10 10:01 > ana: Here is where we stopped. Last you said: “Acme 100%s %n”\n" OWNER
               "\n03-11 10:01 > ana: Still here when you have a moment:\n" OWNER
               "\n03-24 10:02 > ana: " GOAL "\n");
}

static void command_after_the_end_begins_anew(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "short");
    rig_say(rig, "2026-03-02 10:01", "ana", "skip");
    rig_say(rig, "2026-03-02 10:02", "ana", "short");
    rig_say(rig, "2026-03-02 10:03", "ana", "stop");
    rig_say(rig, "2026-03-02 10:04", "ana", "short");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:05", "ana", "2026-03-03");
    rig_expect(rig, "03-02 10:05 ~ ana: On which day?\n\nYour answer: 2026-03-03\n"
                    "03-02 10:05 > ana: You: 3 Mar.\n");
}

static void command_of_another_flow_waits_for_the_end_of_this_one(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "short");
    HAPPENS(rig, "2026-03-02 10:02", EVENT_DEAL_WON);
    HAPPENS(rig, "2026-03-02 10:03", EVENT_DEAL_REOPENED);
    HAPPENS(rig, "2026-03-02 10:04", EVENT_DEAL_STAGE_CHANGED);
    rig_expect(rig, "03-02 10:01 > ana: We are in the middle of another talk. Answer its question "
                    "or say stop, then say short again.\n"
                    "03-02 10:02 ana other suppressed conversation\n"
                    "03-02 10:03 ana ask suppressed conversation\n"
                    "03-02 10:04 ana begin sent\n");
    rig_say(rig, "2026-03-02 10:05", "ana", "Acme");
    rig_expect(rig, "03-02 10:05 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 10:05 > ana: " OWNER "\n");
}

static void command_is_in_help_and_found_when_mistyped(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "shrot");
    rig_expect(rig,
               "03-02 10:00 > ana: I do not know “shrot”. Did you mean short? Say help for all "
               "I understand.\n");
    rig_say(rig, "2026-03-02 10:01", "ana", "help");
    assert_non_null(strstr(strbuf_text(&rig->lines), "; gps; short\n"));
    assert_null(strstr(strbuf_text(&rig->lines), "; stop"));
    rig_say(rig, "2026-03-02 10:02", "ana", "gps");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:03", "ana", "help");
    assert_non_null(strstr(strbuf_text(&rig->lines), "; stop\n"));
}

static void stop_is_a_word_when_there_is_no_talk(struct rig *rig)
{
    begin(rig);
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_REOPENED);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "stop");
    rig_expect(rig, "03-02 10:01 ~ ana: What is next?\n\nYour answer: stop\n"
                    "03-02 10:01 > ana: Thank you, noted. Only you can read your answer.\n");
}

static void stop_by_the_button_of_any_message_ends_it(struct rig *rig)
{
    char goal[64];
    started(rig, "2026-03-02 10:00");
    memcpy(goal, rig->last_key, sizeof(goal));
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:02", "ana", goal, "end", NULL);
    rig_click_on(rig, "2026-03-02 10:03", "ana", goal, "end", NULL);
    rig_click_on(rig, "2026-03-02 10:04", "ana", goal, "answer", "Birchwood");
    rig_click(rig, "2026-03-02 10:05", "ana", "answer", "mine"); /* on second thoughts */
    rig_expect(rig, "03-02 10:02 ~ ana: " OWNER "\n\nEnded here. What you wrote stays yours. Say "
                    "gps whenever you want a new start.\n"
                    "03-02 10:03 > ana: This one is closed already.\n"
                    "03-02 10:04 ~ ana: " GOAL "\n\nYour answer: Birchwood\n"
                    "03-02 10:05 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-02 10:05 > ana: " START "\n");
}

/* --- pauses and leave --- */

static void pause_in_the_middle_keeps_the_talk(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "pause 2d");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-04 09:00");
    rig_expect(rig, "");
    rig_say(rig, "2026-03-04 09:01", "ana", "mine");
    rig_expect(rig, "03-04 09:01 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-04 09:01 > ana: " START "\n");
}

static void pause_without_end_and_later_is_taken_up_by_the_command(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "later");
    rig_say(rig, "2026-03-02 10:03", "ana", "pause");
    rig_until(rig, "2026-03-06 09:00");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-06 09:01", "ana", "resume");
    rig_say(rig, "2026-03-06 09:02", "ana", "gps");
    rig_expect(rig,
               "03-06 09:01 > ana: Welcome back. I will ask again when there is something "
               "worth asking.\n"
               "03-06 09:02 > ana: Here is where we stopped. Last you said: “Acme”\n" OWNER "\n");
}

static void leave_in_the_middle_is_no_silence(struct rig *rig)
{
    started(rig, "2026-04-02 10:00");
    rig_say(rig, "2026-04-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-05-01 12:00");
    rig_expect(rig, "04-03 10:01 > ana: Still here when you have a moment:\n" OWNER "\n");
    rig_click(rig, "2026-05-01 12:01", "ana", "answer", "mine");
    rig_expect(rig, "05-01 12:01 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "05-01 12:01 > ana: " START "\n");
}

static void person_who_left_is_not_reminded(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "later");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_REP_LEFT, .rep = "ana");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-20 10:00");
    rig_expect(rig, "");
}

/* --- rules --- */

static void manager_has_a_talk_of_her_own(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_REP_BACK, .rep = "ana");
    rig_say(rig, "2026-03-02 10:01", "dana", "2026-03-06");
    rig_expect(rig, "03-02 10:00 ana lead sent\n"
                    "03-02 10:01 ~ dana: On which day?\n\nYour answer: 2026-03-06\n"
                    "03-02 10:01 > dana: You: 6 Mar.\n");
}

static void start_counts_as_one_prompt(struct rig *rig)
{
    begin_with(rig, BOOK, "limits: {prompts_per_day: 2}\n");
    HAPPENS(rig, "2026-03-02 10:00", EVENT_DEAL_WON);
    rig_say(rig, "2026-03-02 10:01", "ana", "2026-03-06");
    HAPPENS(rig, "2026-03-02 11:00", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 11:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 11:02", "ana", "stop");
    HAPPENS(rig, "2026-03-02 12:00", EVENT_DEAL_REOPENED);
    assert_non_null(strstr(strbuf_text(&rig->lines), "11:00 ana begin sent"));
    assert_non_null(strstr(strbuf_text(&rig->lines), "ana ask suppressed caps"));
}

static void answers_are_known_to_rules(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    HAPPENS(rig, "2026-03-02 10:01", EVENT_GOAL_SET); /* nothing is known yet */
    rig_say(rig, "2026-03-02 10:02", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:03", "ana", "Mine");
    rig_say(rig, "2026-03-02 10:04", "ana", "stop");
    rig->full = true;
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-02 10:05", EVENT_GOAL_SET);
    assert_non_null(strstr(strbuf_text(&rig->lines), "\"text\":\"You wrote: Acme\""));
    const char *note = strstr(strbuf_text(&rig->lines), "NOTE ");
    assert_non_null(strstr(note, "You wrote: …"));
    rig->full = false;
    HAPPENS(rig, "2026-03-02 10:06", EVENT_DEAL_REOPENED);
    rig_say(rig, "2026-03-02 10:07", "ana", "Words.");
    strbuf_clear(&rig->lines);
    HAPPENS(rig, "2026-03-02 10:08", EVENT_GOAL_SET); /* the question has an answer now */
    rig_expect(rig, "");
}

/* What is decided is kept for managers to look at. */
static void answers_are_in_no_decision(struct rig *rig)
{
    rig->full = true;
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Secret");
    rig_say(rig, "2026-03-02 10:02", "ana", "given to me");
    HAPPENS(rig, "2026-03-02 10:03", EVENT_DEAL_STAGE_CHANGED);
    rig_say(rig, "2026-03-02 10:04", "ana", "stop");
    HAPPENS(rig, "2026-03-02 10:05", EVENT_GOAL_SET);
    int notes = 0, rows = 0;
    for (char *line = strtok(rig->lines.data, "\n"); line; line = strtok(NULL, "\n")) {
        bool shows = strstr(line, "Secret");
        notes += str_starts(line, "NOTE ") && shows;
        rows += str_starts(line, "STATE 3 ") && shows;
        assert_false(str_starts(line, "STATE 7 ") && shows);
    }
    assert_int_equal(notes, 0);
    assert_true(rows > 0);
}

/* --- reload --- */

static void reload_with(struct rig *rig, const char *plugin)
{
    struct rig_text text = {.people = PEOPLE, .plugins = {plugin}};
    struct book *book = rig_book(rig, &text);
    book->limits = rig->book->limits;
    core_set_book(rig->core, book, rig->now, &rig->step);
    book_free(rig->book);
    rig->book = book;
    rig_take(rig);
    if (rig->restarts)
        rig_restart(rig);
}

static void reload_without_a_step_passes_it_over(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    reload_with(rig, HEAD "flows:\n  gps:\n    command: gps\n    steps:\n"
                          "      - ask: {id: goal, text: \"What is to move?\"}\n"
                          "      - ask: {id: sure, text: \"How sure, 1 to 5?\", answer: scale "
                          "1-5}\n"
                          "rules:\n  - {rule: begin, about: a, when: deal.stage_changed, start: "
                          "gps}\n");
    rig_say(rig, "2026-03-02 10:02", "ana", "mine");
    rig_say(rig, "2026-03-02 10:03", "ana", "4");
    rig_expect(rig, "03-02 10:02 ~ ana: " OWNER "\n\nYour answer: mine\n"
                    "03-02 10:02 > ana: " SURE "\n"
                    "03-02 10:03 ~ ana: " SURE "\n\nYour answer: 4\n"
                    "03-02 10:03 > ana: That was the last question. In your own words:\n"
                    "• “Acme”\n\n");
}

static void reload_with_another_first_step_asks_it_next(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    strbuf_clear(&rig->lines);
    reload_with(rig, HEAD "flows:\n  gps:\n    command: gps\n    steps:\n"
                          "      - ask: {id: mood, text: \"How is your day?\"}\n"
                          "      - ask: {id: goal, text: \"What is to move now?\"}\n"
                          "rules:\n  - {rule: begin, about: a, when: deal.stage_changed, start: "
                          "gps}\n");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    rig_say(rig, "2026-03-02 10:02", "ana", "Good.");
    rig_expect(rig, "03-02 10:01 ~ ana: " GOAL "\n\nYour answer: Acme\n"
                    "03-02 10:01 > ana: How is your day?\n"
                    "03-02 10:02 ~ ana: How is your day?\n\nYour answer: Good.\n"
                    "03-02 10:02 > ana: That was the last question. In your own words:\n"
                    "• “Good.”\n• “Acme”\n\n");
}

static void reload_without_the_flow_ends_the_talk_with_a_note(struct rig *rig)
{
    started(rig, "2026-03-02 10:00");
    rig_say(rig, "2026-03-02 10:01", "ana", "Acme");
    strbuf_clear(&rig->lines);
    reload_with(rig, HEAD "rules:\n  - {rule: ask, about: s, when: deal.reopened, ask: words}\n");
    rig_click(rig, "2026-03-02 10:02", "ana", "answer", "mine");
    rig_say(rig, "2026-03-02 10:03", "ana", "gps");
    HAPPENS(rig, "2026-03-02 10:04", EVENT_DEAL_REOPENED);
    rig_expect(rig, "03-02 10:01 ana begin cancelled flow\n"
                    "03-02 10:02 > ana: This one is closed already, so I have not kept what you "
                    "wrote. Here it is, to use elsewhere:\n“mine”\n"
                    "03-02 10:03 > ana: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n"
                    "03-02 10:04 ana ask sent\n");
    reload_with(rig, BOOK);
    rig_say(rig, "2026-03-02 10:05", "ana", "stop"); /* the open question's answer */
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:06", "ana", "gps");
    rig_expect(rig,
               "03-02 10:06 > ana: Here is where we stopped. Last you said: “Acme”\n" OWNER "\n");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(talk_goes_from_step_to_step_and_ends_with_own_words),
        PLAY(talk_takes_the_branch_of_the_answers),
        PLAY(nothing_is_written_where_nothing_is_stored),
        PLAY(talk_with_a_closing_says_it),
        PLAY(skip_is_of_one_step_and_its_answer_stays_missing),
        PLAY(later_puts_the_step_off),
        PLAY(why_tells_the_rule_or_the_own_word),
        PLAY(correction_opens_the_other_branch),
        PLAY(correction_closes_the_branch_and_its_answer_is_not_quoted),
        PLAY(correction_after_the_end_asks_what_is_new_or_nothing),
        PLAY(correction_of_a_quoted_answer_changes_the_open_step),
        PLAY(correction_of_a_skipped_step_is_an_answer),
        PLAY(settled_step_keeps_a_button_to_change_it),
        PLAY(silence_reminds_of_the_step_and_counts_once),
        PLAY(silence_after_an_own_start_does_not_count),
        PLAY(late_answer_is_taken_and_the_talk_goes_on),
        PLAY(late_answer_beside_another_talk_is_only_noted),
        PLAY(late_answer_to_an_old_talk_is_kept_without_going_on),
        PLAY(command_starts_at_any_hour_and_past_all_caps),
        PLAY(command_of_an_open_talk_shows_its_step_again),
        PLAY(command_takes_up_what_expired_and_later_begins_anew),
        PLAY(command_after_the_end_begins_anew),
        PLAY(command_of_another_flow_waits_for_the_end_of_this_one),
        PLAY(command_is_in_help_and_found_when_mistyped),
        PLAY(stop_is_a_word_when_there_is_no_talk),
        PLAY(stop_by_the_button_of_any_message_ends_it),
        PLAY(pause_in_the_middle_keeps_the_talk),
        PLAY(pause_without_end_and_later_is_taken_up_by_the_command),
        PLAY(leave_in_the_middle_is_no_silence),
        PLAY(person_who_left_is_not_reminded),
        PLAY(manager_has_a_talk_of_her_own),
        PLAY(start_counts_as_one_prompt),
        PLAY(answers_are_known_to_rules),
        PLAY(answers_are_in_no_decision),
        PLAY(reload_without_a_step_passes_it_over),
        PLAY(reload_with_another_first_step_asks_it_next),
        PLAY(reload_without_the_flow_ends_the_talk_with_a_note),
    };
    return play_run("flow", cases, ARRAY_LEN(cases));
}
