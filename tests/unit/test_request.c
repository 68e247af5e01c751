/* Requests for help: what is shown before it goes, yes and no, the date, the limits, the list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

#define PEOPLE                                                                                     \
    "helpers: {crm: omar}\n"                                                                       \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "  - {id: east, name: East, zone: America/Denver}\n"                                           \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: cleo, name: Cleo Park, team: west, leave: [2026-03-02 to 2026-03-06]}\n"             \
    "  - {id: foxb, name: Bea Fox, team: east}\n"                                                  \
    "  - {id: sam1, name: Sam Low, team: west}\n"                                                  \
    "  - {id: sam2, name: Sam Wu, team: west}\n"                                                   \
    "  - {id: omar, name: Omar Aziz, zone: America/Denver}\n"                                      \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define BOOK                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "flows:\n"                                                                                     \
    "  support:\n"                                                                                 \
    "    about: who could help\n"                                                                  \
    "    command: support\n"                                                                       \
    "    steps:\n"                                                                                 \
    "      - ask: {id: who, kind: activity, answer: \"choice [my manager, a colleague, help with " \
    "the CRM, practice, nothing]\", text: \"Who or what would make it easier?\"}\n"                \
    "      - request: {id: what, kind: activity, text: \"What for?\"}\n"                           \
    "questions:\n  free: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"      \
    "rules:\n  - {rule: ask, about: s, when: deal.reopened, ask: free}\n"

static void begin(struct rig *rig)
{
    struct rig_text text = {.people = PEOPLE, .plugins = {BOOK}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void say(struct rig *rig, const char *when, const char *who, const char *words,
                const char *answer)
{
    struct strbuf line = {0};
    strbuf_clear(&rig->lines);
    rig_say(rig, when, who, words);
    strbuf_printf(&line, "%.5s %.5s > %s: %s\n", when + 5, when + 11, who, answer);
    rig_expect(rig, strbuf_text(&line));
    strbuf_done(&line);
}

static bool has(const struct rig *rig, const char *text)
{
    return strstr(strbuf_text(&rig->lines), text) != NULL;
}

#define SLIDES "request Ben: could you look at my slides, by Friday"
#define SHOWN                                                                                      \
    "Shall I pass this on to Ben Osei? It is the whole message, and nothing else goes with it:"    \
    "\n\nAna Ruiz asks for your help, by Fri 6 Mar:\n“could you look at my slides”"

/* Ana asks Ben at ten; the key of Ben's card. */
static void asked(struct rig *rig, char *card)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", SLIDES);
    rig_click(rig, "2026-03-02 10:01", "ana", "yes", NULL);
    memcpy(card, rig->last_key, sizeof(rig->last_key));
    strbuf_clear(&rig->lines);
}

/* B65: nothing goes to anybody before the asker has seen the message, the name and the date */
static void request_goes_after_a_yes_word_for_word(struct rig *rig)
{
    begin(rig);
    say(rig, "2026-03-02 10:00", "ana", SLIDES, SHOWN);
    rig_click(rig, "2026-03-02 10:01", "ana", "yes", NULL);
    rig_expect(rig, "03-02 10:01 > ben: Ana Ruiz asks for your help, by Fri 6 Mar:\n“could you "
                    "look at my slides”\n"
                    "03-02 10:01 ~ ana: " SHOWN "\n\nPassed on.\n");
    char card[64];
    memcpy(card, rig->last_key, sizeof(card));
    rig_click_on(rig, "2026-03-02 10:05", "cleo", card, "accept", NULL);
    rig_expect(rig,
               "03-02 10:05 > cleo: That one was meant for Ben Osei, so I left it as it is.\n");
    rig_click_on(rig, "2026-03-02 10:06", "ben", card, "accept", NULL);
    rig_expect(rig,
               "03-02 10:06 ~ ben: Ana Ruiz asks for your help, by Fri 6 Mar:\n“could you look "
               "at my slides”\n\nYou can help. Ana Ruiz knows.\n"
               "03-02 10:06 > ana: Ben Osei can help with “could you look at my slides”.\n");
    rig_click_on(rig, "2026-03-02 10:07", "ben", card, "accept", NULL); /* twice */
    rig_expect(rig, "03-02 10:07 > ben: This one is closed already.\n");
    rig_click_on(rig, "2026-03-04 10:00", "ben", card, "done", NULL);
    assert_true(has(rig, "~ ben: Ana Ruiz asks for your help, by Fri 6 Mar:\n“could you look at my "
                         "slides”\n\nDone. Thank you; Ana Ruiz knows.\n"));
    assert_true(
        has(rig, "> ana: Ben Osei says that this is done: “could you look at my slides”.\n"));
}

/* B65: a no needs no reason, and is said kindly */
static void request_declined_owes_no_reason(struct rig *rig)
{
    char card[64];
    asked(rig, card);
    rig_click_on(rig, "2026-03-02 10:06", "ben", card, "cannot", NULL);
    assert_true(has(rig, "\n\nNot this time. That is fine; no reason is needed, and Ana Ruiz "
                         "knows.\n"));
    assert_true(has(rig,
                    "> ana: Ben Osei cannot help with this one: “could you look at my slides”. "
                    "It happens, and it says nothing about your question. Who else comes to "
                    "mind?\n"));
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:07", "ben", card, "accept", NULL);
    rig_expect(rig, "03-02 10:07 > ben: This one is closed already.\n");
    rig_until(rig, "2026-03-30 10:00"); /* nobody is reminded of what was answered */
    rig_expect(rig, "");
}

/* B65: an unanswered request goes to the helper once more, and never to the asker */
static void request_unanswered_reminds_the_helper_once(struct rig *rig)
{
    char card[64];
    asked(rig, card);
    rig_until(rig, "2026-03-09 08:29");
    rig_expect(rig, ""); /* the date was Friday; nothing on a weekend */
    rig_until(rig, "2026-03-20 12:00");
    rig_expect(rig, "03-09 08:30 > ben: This one is still here; a no is as welcome as a yes.\nAna "
                    "Ruiz asks for your help, by Fri 6 Mar:\n“could you look at my slides”\n");
    rig_until(rig, "2026-03-25 12:00");
    rig_expect(rig,
               "03-21 01:00 ~ ben: Ana Ruiz asks for your help, by Fri 6 Mar:\n“could you look "
               "at my slides”\n\nIts date is long past, so I have put it away.\n");
    rig_click(rig, "2026-03-25 12:01", "ben", "done", NULL);
    rig_expect(rig, "03-25 12:01 > ben: This one is closed already.\n");
}

/* B65: the first card's buttons still work after the reminder */
static void request_reminder_leaves_the_first_card_alive(struct rig *rig)
{
    char card[64];
    asked(rig, card);
    rig_until(rig, "2026-03-10 12:00");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-10 12:01", "ben", card, "accept", NULL);
    assert_true(has(rig, "> ana: Ben Osei can help"));
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-20 23:00");
    rig_expect(rig, "");
}

static void request_withdrawn_closes_the_card(struct rig *rig)
{
    char card[64];
    asked(rig, card);
    say(rig, "2026-03-02 11:00", "ben", "request drop 1", "This one is closed already.");
    rig_say(rig, "2026-03-02 11:01", "ana", "request drop 1");
    assert_true(has(rig, "~ ben: Ana Ruiz asks for your help, by Fri 6 Mar:\n“could you look at my "
                         "slides”\n\nAna Ruiz does not need this any more.\n"));
    assert_true(has(rig, "\n\nTaken back.\n"));
    assert_true(has(rig, "> ana: All right, I have taken it back.\n"));
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 11:02", "ben", card, "accept", NULL);
    rig_expect(rig, "03-02 11:02 > ben: This one is closed already.\n");
    rig_until(rig, "2026-03-30 10:00");
    rig_expect(rig, "");
}

static void request_without_a_date_is_due_in_two_working_days(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-05 10:00", "ana", "request Ben: a look at my slides"); /* a Thursday */
    assert_true(has(rig, "by Mon 9 Mar:"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-07 10:00", "ana", "request Ben: slide by slide, please");
    assert_true(has(rig, "by Tue 10 Mar:\n“slide by slide, please”"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-07 10:01", "ana", "request Ben: the deck by today.");
    assert_true(has(rig, "by Sat 7 Mar:\n“the deck”"));
    say(rig, "2026-03-07 10:02", "ana", "request Ben: the deck, by 2026-03-01",
        "That date has passed, or is more than a year away. Which day would do?");
    rig_sleep_until(rig, "2026-03-08 09:00"); /* the draft is of yesterday */
    say(rig, "2026-03-08 09:01", "ana", "request yes",
        "That date has passed, or is more than a year away. Which day would do?");
}

static void request_finds_who_is_meant(struct rig *rig)
{
    begin(rig);
    say(rig, "2026-03-02 10:00", "ana", "request Bem: my slides",
        "I know nobody called “Bem”. Do you mean Ben?");
    say(rig, "2026-03-02 10:01", "ana", "request Zoltan: my slides",
        "I know nobody called “Zoltan”. Whom do you mean?");
    say(rig, "2026-03-02 10:02", "ana", "request Sam: my slides",
        "I know more than one: Sam Low, Sam Wu. Say the whole name, and I will go on.");
    say(rig, "2026-03-02 10:03", "ana", "request Ana: my slides",
        "That is you. Who else comes to mind?");
    say(rig, "2026-03-02 10:04", "ana", "request Cleo: my slides",
        "Cleo Park cannot be reached through me just now. Who else comes to mind?");
    say(rig, "2026-03-02 10:05", "ana", "request Bea: my slides", /* another team's first name */
        "I know nobody called “Bea”. Do you mean Ben?");
    say(rig, "2026-03-02 10:06", "ana", "request practice: my pitch",
        "Nobody is named for “practice” here. The name of a colleague works too.");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:07", "ana", "request Bea Fox: my slides");
    assert_true(has(rig, "pass this on to Bea Fox?"));
    rig_say(rig, "2026-03-02 10:08", "ana", "ask for help from my manager: five minutes");
    assert_true(has(rig, "pass this on to Dana Okafor?"));
    rig_say(rig, "2026-03-02 10:09", "ana", "request CRM: a field for the champion");
    assert_true(has(rig, "pass this on to Omar Aziz?"));
    GIVE(rig, "2026-03-02 10:10", .type = EVENT_REP_LEFT, .rep = "ben");
    rig_say(rig, "2026-03-02 10:11", "ana", "request ben: my slides");
    assert_true(has(rig, "Ben Osei is no longer here."));
}

static void request_to_the_paused_is_not_made(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 09:00", "ben", "pause 3d");
    say(rig, "2026-03-02 10:04", "ana", "request Ben: my slides",
        "Ben Osei cannot be reached through me just now. Who else comes to mind?");
    rig_say(rig, "2026-03-02 10:05", "ben", "resume");
    rig_say(rig, "2026-03-02 10:06", "ana", "request Ben: my slides");
    rig_say(rig, "2026-03-02 10:07", "ben", "pause");
    say(rig, "2026-03-02 10:08", "ana", "request yes", /* looked at once more */
        "Ben Osei cannot be reached through me just now. Who else comes to mind?");
}

static void request_at_night_waits_for_the_morning(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 21:00", "ana", "request Ben: my slides");
    rig->full = true;
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 21:01", "ana", "request yes");
    struct strbuf due = {0};
    strbuf_printf(&due, "\"due\":%lld", (long long)rig_time(rig, "2026-03-03 08:30"));
    assert_true(has(rig, strbuf_text(&due)));
    strbuf_done(&due);
}

static void request_limits_are_said(struct rig *rig)
{
    begin(rig);
    for (int i = 0; i < 5; i++) {
        char when[32];
        (void)snprintf(when, sizeof(when), "2026-03-02 10:%02d", i * 2);
        rig_say(rig, when, "ana", "request Ben: my slides");
        (void)snprintf(when, sizeof(when), "2026-03-02 10:%02d", i * 2 + 1);
        rig_say(rig, when, "ana", "request yes");
    }
    say(rig, "2026-03-02 11:00", "ana", "request Sam Low: my slides",
        "5 requests of yours are open, which is all I can keep. Say requests to see them.");
    rig_say(rig, "2026-03-02 11:01", "ana", "request drop 1");
    say(rig, "2026-03-02 11:02", "ana", "request Sam Low: my slides",
        "I have passed on 5 requests for you today. Tomorrow I can take the next one.");
    char text[700] = "request Ben: ";
    memset(text + 13, 'x', 600);
    say(rig, "2026-03-03 11:03", "ana", text,
        "That has 600 characters, and I can pass on 500. What is the heart of it?");
    say(rig, "2026-03-03 11:04", "ana", "request Ben:",
        "What would you like to ask for? Put it behind the name: request Ben: could you look at my "
        "slides.");
}

static void request_list_shows_both_sides(struct rig *rig)
{
    char card[64];
    begin(rig);
    say(rig, "2026-03-02 09:00", "ana", "requests",
        "You have asked for no help, and nobody waits for yours. Whom would you like to ask, and "
        "what? For example: request Ben: could you look at my slides, by Friday. My manager, CRM, "
        "practice or company stand for a name. You see the message before it goes.");
    rig_say(rig, "2026-03-02 10:00", "ana", SLIDES);
    memcpy(card, rig->last_key, sizeof(card));
    rig_click(rig, "2026-03-02 10:01", "ana", "yes", NULL);
    rig_say(rig, "2026-03-02 10:02", "ben", "request Ana: your notes, by Thursday");
    say(rig, "2026-03-02 10:03", "ben", "requests",
        "What you have asked for:\n2. Ana Ruiz, by Thu 5 Mar: “your notes” (waits for your yes)\n"
        "To take one back, say its number: request drop 1. A draft goes out with request yes.\n"
        "What you are asked for:\n1. Ana Ruiz, by Fri 6 Mar: “could you look at my slides” (no "
        "answer yet)\nSay request accept 2, request done 2 or request cannot 2.");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:04", "ben", "request accept 1"); /* where there are no buttons */
    assert_true(has(rig, "> ben: Thank you. I have told Ana Ruiz.\n"));
    assert_true(has(rig, "> ana: Ben Osei can help with"));
    say(rig, "2026-03-02 10:05", "ana", "requests",
        "What you have asked for:\n1. Ben Osei, by Fri 6 Mar: “could you look at my slides” (a "
        "yes)\nTo take one back, say its number: request drop 1. A draft goes out with request "
        "yes.\n");
    say(rig, "2026-03-02 10:06", "ana", "request done 7",
        "Which one? Say requests to see the numbers, then for example: request done 2.");
    say(rig, "2026-03-02 10:07", "ana", "request yes",
        "There is no request that waits for a yes. Say requests to see yours.");
    rig_click_on(rig, "2026-03-02 10:08", "ana", card, "withdraw", NULL);
    assert_true(has(rig, "Ana Ruiz does not need this any more."));
}

static void request_draft_can_be_changed_or_dropped(struct rig *rig)
{
    char first[64];
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", SLIDES);
    memcpy(first, rig->last_key, sizeof(first));
    rig_click(rig, "2026-03-02 10:01", "ana", "edit", "two slides of mine, by Thursday");
    assert_true(has(rig, "\n\nYou have changed this one; the new one counts.\n"));
    assert_true(has(rig, "to Ben Osei? It is the whole message, and nothing else goes with it:\n\n"
                         "Ana Ruiz asks for your help, by Thu 5 Mar:\n“two slides of mine”"));
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-02 10:02", "ana", first, "yes", NULL); /* the old one */
    rig_expect(rig, "03-02 10:02 > ana: This one is closed already.\n");
    rig_click(rig, "2026-03-02 10:03", "ana", "no", NULL);
    assert_true(has(rig, "\n\nAll right, nothing was passed on.\n"));
    assert_false(has(rig, "ben:"));
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:04", "ana", SLIDES);
    rig_until(rig, "2026-03-12 10:04"); /* never confirmed, never meant */
    say(rig, "2026-03-12 10:05", "ana", "request yes",
        "There is no request that waits for a yes. Say requests to see yours.");
}

/* B65: the talk's choice says to whom, and its words become the message, after a yes */
static void request_comes_out_of_a_talk(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "support");
    rig_say(rig, "2026-03-02 10:01", "ana", "help with the CRM");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "Could you add a field, by Thursday?");
    assert_true(has(rig, "Shall I pass this on to Omar Aziz?"));
    assert_true(has(rig, "by Thu 5 Mar:\n“Could you add a field”"));
    assert_false(has(rig, "> omar"));
    rig_say(rig, "2026-03-02 10:03", "ana", "yes");
    assert_true(has(rig, "> omar: Ana Ruiz asks for your help, by Thu 5 Mar:"));
}

static void request_out_of_a_talk_asks_for_the_name(struct rig *rig)
{
    begin(rig);
    rig_say(rig, "2026-03-02 10:00", "ana", "support");
    rig_say(rig, "2026-03-02 10:01", "ana", "a colleague");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:02", "ana", "One thing: a look at my slides");
    assert_true(has(rig, "Whom shall I ask? Change it and put a name in front, for example: “Ben: "
                         "One thing: a look at my slides”."));
    say(rig, "2026-03-02 10:03", "ana", "request yes",
        "There is no name on it yet. Say for example: request Ben.");
    rig_say(rig, "2026-03-02 10:04", "ana", "request Ben");
    assert_true(has(rig, "Shall I pass this on to Ben Osei?"));
    rig_click(rig, "2026-03-02 10:05", "ana", "yes", NULL);
    assert_true(has(rig, "> ben: Ana Ruiz asks for your help, by Wed 4 Mar:\n“One thing: a look at "
                         "my slides”"));
}

/* B65: where a platform has no buttons their numbers do the same */
static void request_goes_by_numbers_without_buttons(struct rig *rig)
{
    begin(rig);
#define PLAIN(when, who, words)                                                                    \
    GIVE(rig, when, .type = EVENT_SAID, .chat = (who), .text = (words), .plain = true)
    PLAIN("2026-03-02 10:00", "ana", SLIDES);
    PLAIN("2026-03-02 10:01", "ana", "2 two slides of mine, by Thursday"); /* Change */
    assert_true(has(rig, "by Thu 5 Mar:\n“two slides of mine”"));
    PLAIN("2026-03-02 10:02", "ana", "1");
    assert_true(has(rig, "> ben: Ana Ruiz asks for your help, by Thu 5 Mar:"));
    strbuf_clear(&rig->lines);
    PLAIN("2026-03-02 10:03", "ben", "3");
    assert_true(has(rig, "> ana: Ben Osei cannot help with this one: “two slides of mine”."));
#undef PLAIN
}

static void request_words_can_be_an_answer(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D1");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:01", "ana", "request a demo slot from them");
    assert_true(has(rig, "Your answer: request a demo slot from them"));
}

/* After the asker is gone from the files, nothing speaks of it; the row goes after its time. */
static void request_is_forgotten_in_time(struct rig *rig)
{
    char card[64];
    asked(rig, card);
    rig_click_on(rig, "2026-03-02 10:06", "ben", card, "cannot", NULL);
    assert_non_null(rig_row(rig, STATE_REQUEST, "ana|1")->value);
    rig_until(rig, "2026-07-01 00:00");
    assert_null(rig_row(rig, STATE_REQUEST, "ana|1")->value);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(request_goes_after_a_yes_word_for_word),
        PLAY(request_declined_owes_no_reason),
        PLAY(request_unanswered_reminds_the_helper_once),
        PLAY(request_reminder_leaves_the_first_card_alive),
        PLAY(request_withdrawn_closes_the_card),
        PLAY(request_without_a_date_is_due_in_two_working_days),
        PLAY(request_finds_who_is_meant),
        PLAY(request_to_the_paused_is_not_made),
        PLAY(request_at_night_waits_for_the_morning),
        PLAY(request_limits_are_said),
        PLAY(request_list_shows_both_sides),
        PLAY(request_draft_can_be_changed_or_dropped),
        PLAY(request_comes_out_of_a_talk),
        PLAY(request_out_of_a_talk_asks_for_the_name),
        PLAY(request_goes_by_numbers_without_buttons),
        PLAY(request_words_can_be_an_answer),
        PLAY(request_is_forgotten_in_time),
    };
    return play_run("request", cases, ARRAY_LEN(cases));
}
