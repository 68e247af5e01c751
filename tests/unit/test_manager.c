/* Those who lead, in the chat: evidence cards, the team, the card for a one-to-one, one level up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

#define PEOPLE                                                                                     \
    "expectations:\n"                                                                              \
    "  reps: Choose your own next step\n"                                                          \
    "  managers: [A one-to-one with everybody every two weeks, Praise effort that you saw]\n"      \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "  - {id: east, name: East, manager: eve, zone: America/Denver}\n"                             \
    "  - {id: leads, name: Leads, manager: vera, zone: America/Denver}\n"                          \
    "  - {id: own, name: Own, manager: max, zone: America/Denver}\n"                               \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west, joined: 2026-02-02}\n"                              \
    "  - {id: ana2, name: Ana Lind, team: west}\n"                                                 \
    "  - {id: ben, name: Ben Osei, team: west, leave: [2026-03-02 to 2026-03-06]}\n"               \
    "  - {id: cleo, name: Cleo Park, team: west}\n"                                                \
    "  - {id: dan, name: Dan Wu, team: west}\n"                                                    \
    "  - {id: gil, name: Gil Moss, team: east}\n"                                                  \
    "  - {id: hal, name: Hal Brook, zone: America/Denver}\n"                                       \
    "  - {id: dana, name: Dana Okafor, role: manager, team: leads}\n"                              \
    "  - {id: eve, name: Eve Stone, role: manager, team: leads}\n"                                 \
    "  - {id: max, name: Max Reed, role: manager, team: own}\n"                                    \
    "  - {id: vera, name: Vera Holm, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "signals:\n  calls: {count: activity.logged, kind: call, window: 2d}\n"                        \
    "questions:\n"                                                                                 \
    "  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"                     \
    "  open: {kind: skill, reader: manager, text: \"What would you like to go through?\"}\n"       \
    "  least: {kind: belief, reader: rep, text: \"Of whom do you expect the least?\"}\n"           \
    "  strength: {kind: belief, reader: rep, text: \"{{rep.name}} made {{signal.calls}} calls. "   \
    "What strength does that show?\"}\n"                                                           \
    "rules:\n"

static void begin(struct rig *rig, const char *rules)
{
    struct strbuf plugin = {0};
    strbuf_printf(&plugin, "%s%s", HEAD, rules);
    struct rig_text text = {.people = PEOPLE, .plugins = {strbuf_text(&plugin)}};
    rig_init(rig, &text, "2026-03-01 00:00"); /* a Sunday */
    strbuf_done(&plugin);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

#define NO_RULE                                                                                    \
    "  - {rule: r, about: a, when: deal.reopened, tell: \"A deal of yours is open again.\"}\n"

static bool has(const struct rig *rig, const char *line)
{
    return strstr(strbuf_text(&rig->lines), line) != NULL;
}

static void expect_line(struct rig *rig, const char *line)
{
    if (!has(rig, line))
        fail_msg("wanted: %s\ngot:\n%s", line, strbuf_text(&rig->lines));
}

/* --- evidence cards --- */

#define PRAISE                                                                                     \
    "  - rule: calls\n    about: calls\n    when: {event: activity.logged, kind: call}\n"          \
    "    praise: \"I saw {{signal.calls}} calls from you, and I am glad of them.\"\n"              \
    "    card: \"{{rep.name}} made {{signal.calls}} calls.\"\n"

/* A card about Ana's three calls of Tuesday at ten is with Dana. */
static void card(struct rig *rig)
{
    begin(rig, PRAISE);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .count = 3, .id = "call-17");
    rig_expect(rig, "03-03 10:00 ana calls sent\n");
}

/* A6: nothing reaches the rep before the manager says so, and the card has the evidence */
static void rep_hears_nothing_before_the_manager_sends(struct rig *rig)
{
    rig->full = true;
    begin(rig, PRAISE);
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .count = 3, .id = "call-17");
    expect_line(rig, "\"occurrence\":\"call-17\"");
    expect_line(rig, "Ana Ruiz made 3 calls.");
    expect_line(rig, "\"to\":\"dana\"");
    assert_false(has(rig, "\"to\":\"ana\""));
    rig->full = false;
    rig_until(rig, "2026-03-13 10:00");
    assert_false(has(rig, "> ana:"));
}

/* B85: a draft that nobody confirmed never goes out under the manager's name */
static void unconfirmed_draft_is_never_sent(struct rig *rig)
{
    static const char *const ways[] = {"skip", "not_true", "why", "edit", "nonsense"};
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct rig one = {.restarts = rig->restarts};
        card(&one);
        rig_click(&one, "2026-03-03 10:10", "dana", ways[i], NULL);
        rig_until(&one, "2026-03-20 10:00");
        assert_false(has(&one, "> ana:"));
        rig_done(&one);
    }
    card(rig);
    rig_click(rig, "2026-03-03 10:10", "dana", "send", NULL);
    rig_expect(rig, "03-03 10:10 > ana: Dana Okafor asked me to pass this on:\n“I saw 3 calls from "
                    "you, and I am glad of them.”\n"
                    "03-03 10:10 ~ dana: Ana Ruiz made 3 calls.\n\nA word from you would mean more "
                    "than one from me. My draft for Ana:\n“I saw 3 calls from you, and I am glad "
                    "of them.”\n\nSent to Ana Ruiz in your name.\n");
}

static void open_card_keeps_no_question_away(struct rig *rig)
{
    begin(rig, PRAISE "  - {rule: won, about: a, when: deal.won, to: manager, ask: strength}\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .count = 3);
    GIVE(rig, "2026-03-03 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    GIVE(rig, "2026-03-03 12:00", .type = EVENT_DEAL_WON, .rep = "cleo", .deal = "D2");
    rig_expect(rig, "03-03 10:00 ana calls sent\n"
                    "03-03 11:00 ana won sent\n"
                    "03-03 12:00 cleo won suppressed conversation\n");
}

static void card_clicked_twice_goes_once(struct rig *rig)
{
    card(rig);
    rig_click(rig, "2026-03-03 10:10", "dana", "edit", "Three calls in a day. Thank you, Ana.");
    expect_line(rig, "03-03 10:10 > ana: Dana Okafor asked me to pass this on:\n“Three calls in a "
                     "day. Thank you, Ana.”\n");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 10:11", "dana", "send", NULL);
    rig_click(rig, "2026-03-03 10:12", "dana", "edit", "And once more.");
    rig_click(rig, "2026-03-03 10:13", "dana", "skip", NULL);
    rig_expect(rig, "03-03 10:11 > dana: This one is closed already.\n"
                    "03-03 10:12 > dana: This one is closed already.\n"
                    "03-03 10:13 > dana: This one is closed already.\n");
    rig_say(rig, "2026-03-03 11:00", "dana", "ledger");
    expect_line(rig, "This week: 1 word of praise.");
}

static void card_of_somebody_else_stays_as_it_was(struct rig *rig)
{
    card(rig);
    rig_click(rig, "2026-03-03 10:10", "eve", "send", NULL);
    rig_click(rig, "2026-03-03 10:11", "ana", "send", NULL);
    rig_expect(rig,
               "03-03 10:10 > eve: That one was meant for Dana Okafor, so I left it as it is.\n"
               "03-03 10:11 > ana: That one was meant for Dana Okafor, so I left it as it "
               "is.\n");
    rig_click(rig, "2026-03-03 10:12", "dana", "send", NULL);
    expect_line(rig, "> ana: Dana Okafor asked me");
}

static void card_that_lay_too_long_is_still_the_managers_to_send(struct rig *rig)
{
    card(rig);
    rig_until(rig, "2026-03-16 10:00"); /* closed after five working days */
    rig_expect(rig, "");
    rig_click(rig, "2026-03-16 10:01", "dana", "edit", "Late, and meant all the same.");
    expect_line(rig,
                "> ana: Dana Okafor asked me to pass this on:\n“Late, and meant all the same.”");
}

static void card_about_somebody_who_left_goes_nowhere(struct rig *rig)
{
    card(rig);
    GIVE(rig, "2026-03-03 10:05", .type = EVENT_REP_LEFT, .rep = "ana");
    rig_click(rig, "2026-03-03 10:10", "dana", "send", NULL);
    rig_expect(rig, "03-03 10:10 > dana: Ana Ruiz is no longer here, so nothing was sent.\n");
    rig_say(rig, "2026-03-03 11:00", "dana", "ledger");
    expect_line(rig, "This week: nothing on record yet.");
}

static void card_to_somebody_who_paused_waits(struct rig *rig)
{
    card(rig);
    rig_say(rig, "2026-03-03 10:05", "ana", "pause 2d");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 10:10", "dana", "send", NULL);
    rig_expect(rig, "03-03 10:10 > dana: Ana Ruiz has paused my messages, so I have not passed it "
                    "on. The card stays open; you could also say it in person.\n");
    rig_click(rig, "2026-03-05 10:30", "dana", "send", NULL);
    expect_line(rig, "03-05 10:30 > ana: Dana Okafor asked me");
}

static void card_edited_to_nothing_or_far_too_much_stays_open(struct rig *rig)
{
    char *much = xcalloc(1, 5001);
    memset(much, 'x', 5000);
    card(rig);
    rig_click(rig, "2026-03-03 10:10", "dana", "edit", "");
    rig_click(rig, "2026-03-03 10:11", "dana", "edit", " \n ");
    rig_click(rig, "2026-03-03 10:12", "dana", "edit", much);
    rig_expect(rig,
               "03-03 10:10 > dana: There are no words in it, so nothing was sent. The card is "
               "still open.\n"
               "03-03 10:11 > dana: There are no words in it, so nothing was sent. The card is "
               "still open.\n"
               "03-03 10:12 > dana: Those are 5000 characters, and 1500 fit into one message, so "
               "nothing was sent. The card is still open.\n");
    much[1500] = '\0';
    rig_click(rig, "2026-03-03 10:13", "dana", "edit", much);
    expect_line(rig, much); /* all of it */
    free(much);
}

/* --- the team --- */

static void team_says_who_is_there_and_no_answer(struct rig *rig)
{
    begin(rig, "  - {rule: ask, about: a, every: Monday at 09:00, ask: idea}\n");
    rig_until(rig, "2026-03-02 09:30");
    rig_say(rig, "2026-03-02 09:31", "dan", "canary of Dan");
    rig_say(rig, "2026-03-02 09:40", "cleo", "pause 3d");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 10:00", "dana", "team");
    rig_expect(rig, "03-02 10:00 > dana: Your team today, by name:\n"
                    "• Ana Lind: here\n"
                    "• Ana Ruiz: here, new since Mon 2 Feb\n"
                    "• Ben Osei: away until Sat 7 Mar\n"
                    "• Cleo Park: paused until Thu 5 Mar\n"
                    "• Dan Wu: here\n"
                    "Open questions in the team: 3. What people answer stays with them.\n");
}

static void team_of_one_and_of_nobody(struct rig *rig)
{
    begin(rig, NO_RULE);
    rig_say(rig, "2026-03-02 10:00", "eve", "team");
    rig_say(rig, "2026-03-02 10:01", "eve", "prepare");
    rig_say(rig, "2026-03-02 10:02", "max", "team"); /* manages only himself */
    rig_say(rig, "2026-03-02 10:03", "max", "pause team 2d");
    rig_say(rig, "2026-03-02 10:04", "max", "prepare Ana");
    rig_say(rig, "2026-03-02 10:05", "max", "leaders");
    rig_say(rig, "2026-03-02 10:06", "hal", "prepare"); /* has no manager */
    rig_say(rig, "2026-03-02 10:07", "hal", "leaders");
    rig_say(rig, "2026-03-02 10:08", "hal", "team");
    rig_say(rig, "2026-03-02 10:09", "ana", "prepare Ben");
    assert_true(has(rig, "10:00 > eve: Your team today, by name:\n• Gil Moss: here\nHow many "
                         "questions are open is not shown for fewer than five people."));
    assert_true(has(rig, "10:01 > eve: For your next one-to-one with Gil Moss."));
#define NOBODY                                                                                     \
    " > max: Nobody reports to you in people.yaml yet. Once a team names you as its manager, I "   \
    "can help.\n"
    expect_line(rig, "03-02 10:02" NOBODY "03-02 10:03" NOBODY "03-02 10:04" NOBODY
                     "03-02 10:05 > max: Nobody is named as your manager, so there is nobody to "
                     "show here.\n"
                     "03-02 10:06 > hal: Nobody is named as your manager, so nobody prepares a "
                     "one-to-one with you here.\n"
                     "03-02 10:07 > hal: Nobody is named as your manager, so there is nobody to "
                     "show here.\n"
                     "03-02 10:08 > hal: “team” is for managers. Say help to see what I can do "
                     "for you.\n"
                     "03-02 10:09 > ana: “prepare NAME” is for managers. Say help to see what I "
                     "can do for you.\n");
}

static void paused_team_is_silent_and_own_pauses_stay(struct rig *rig)
{
    begin(rig, "  - {rule: ask, about: a, every: weekday at 09:00, ask: idea, reminders: false, "
               "expires: 1 working hour}\n");
    rig_say(rig, "2026-03-02 08:40", "dana", "pause team 2d");
    rig_say(rig, "2026-03-02 08:41", "cleo", "pause 9d");
    rig_say(rig, "2026-03-02 08:42", "dana", "pause team 1000d");
    rig_say(rig, "2026-03-02 08:43", "dana", "pause team until I say so");
    expect_line(rig, "08:40 > dana: All right, nothing from me to your team (5) until Wed 4 Mar, "
                     "08:40. Say resume team to end it early.\n");
    expect_line(rig, "08:42 > dana: For how long? For example: pause team 2h");
    expect_line(rig, "08:43 > dana: For how long? For example: pause team 2h");
    rig_until(rig, "2026-03-02 09:30");
    expect_line(rig, "ana ask suppressed consent");
    expect_line(rig, "gil ask sent"); /* of the other team */
    rig_say(rig, "2026-03-02 12:00", "dana", "resume team");
    rig_say(rig, "2026-03-02 12:01", "dana", "resume team");
    expect_line(rig, "12:00 > dana: Your team hears from me again. Who has paused on their own "
                     "stays paused.\n"
                     "03-02 12:01 > dana: Your team is not paused by you, so nothing changes.\n");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-03 09:30");
    expect_line(rig, "ana ask sent");
    expect_line(rig, "cleo ask suppressed consent");
}

/* What could as well be an answer is one, while a question is open. */
static void words_of_a_manager_can_be_answers(struct rig *rig)
{
    begin(rig, "  - {rule: mine, about: a, every: Monday at 09:00, to: manager, ask: idea}\n"
               "  - {rule: ask, about: a, every: Monday at 09:00, ask: idea}\n");
    rig_until(rig, "2026-03-02 09:30");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 09:31", "dana", "prepare the offer together");
    expect_line(rig, "Your answer: prepare the offer together");
    rig_say(rig, "2026-03-02 09:32", "ana", "prepare Ben for the demo");
    expect_line(rig, "Your answer: prepare Ben for the demo");
    rig_say(rig, "2026-03-02 09:33", "dan", "team");
    expect_line(rig, "Your answer: team");
}

/* --- the card for a one-to-one --- */

/* B60: the card for both sides is made of what the rep chose to share; the rest is not on it */
static void unshared_answer_is_on_no_card(struct rig *rig)
{
    begin(rig, "  - {rule: own, about: a, every: Monday at 09:00, ask: idea}\n"
               "  - {rule: told, about: a, every: Tuesday at 09:00, ask: open}\n");
    GIVE(rig, "2026-02-20 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D2",
         .deal_name = "Birchwood", .stage = "discover", .next_step = "Send the plan");
    GIVE(rig, "2026-02-25 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1",
         .deal_name = "acme", .stage = "propose");
    GIVE(rig, "2026-02-25 10:00", .type = EVENT_DEAL_CREATED, .rep = "ben", .deal = "D3",
         .deal_name = "Of Ben", .stage = "propose");
    GIVE(rig, "2026-02-26 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "meeting",
         .with = "ana", .topic = "one_to_one");
    rig_until(rig, "2026-03-02 09:10");
    rig_say(rig, "2026-03-02 09:20", "ana", "canary that is mine");
    rig_until(rig, "2026-03-03 09:10");
    rig_say(rig, "2026-03-03 09:20", "ana", "the call\nwith Acme");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:00", "dana", "prepare Ana Ruiz");
    assert_false(has(rig, "canary"));
    assert_false(has(rig, "Of Ben"));
    expect_line(rig, "For your next one-to-one with Ana Ruiz.\n"
                     "The last one: Thu 26 Feb.\n\n"
                     "Open deals:\n• acme: Propose, 6 days there\n"
                     "• Birchwood: Discover, 11 days there; next step: Send the plan\n\n"
                     "What Ana has shared with you:\n"
                     "• What would you like to go through?\n  “the call with Acme”\n\n"
                     "Questions you could ask:\n• ");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:01", "ana", "prepare");
    assert_false(has(rig, "canary"));
    expect_line(rig, "This is what Dana Okafor sees before a one-to-one with you.\n"
                     "The last one: Thu 26 Feb.\n");
    expect_line(rig, "What you have shared:\n• What would you like to go through?\n  “the call "
                     "with Acme”\n");
}

/* The rep's own act opens one answer, and only that one. */
static void shared_answer_is_on_the_card(struct rig *rig)
{
    begin(rig, "  - {rule: own, about: a, every: weekday at 09:00, ask: idea}\n");
    rig_until(rig, "2026-03-02 09:10");
    rig_say(rig, "2026-03-02 09:20", "dan", "first canary");
    rig_until(rig, "2026-03-03 09:10");
    rig_say(rig, "2026-03-03 09:20", "dan", "second canary");
    for (size_t i = 0; i < rig->count; i++) {
        struct rig_row *row = &rig->rows[i];
        char *at = row->kind == STATE_PROMPT && row->value && strstr(row->value, "second canary")
                       ? strstr(row->value, "\"answered_at\"")
                       : NULL;
        if (!at)
            continue;
        struct strbuf value = {0};
        strbuf_add(&value, row->value, (size_t)(at - row->value));
        strbuf_printf(&value, "\"shared\":true,%s", at);
        xstr_replace(&row->value, strbuf_text(&value));
        strbuf_done(&value);
    }
    rig_restart(rig);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-03 10:00", "dana", "prepare dan");
    expect_line(rig, "“second canary”");
    assert_false(has(rig, "first canary"));
}

/* What a manager looks at, the rep can see; words that led to no card are no looking. */
static void looking_is_written_down(struct rig *rig)
{
    begin(rig, NO_RULE);
    rig_say(rig, "2026-03-02 09:00", "dana", "prepare Nobody");
    rig_say(rig, "2026-03-02 10:00", "dana", "prepare Ana Ruiz");
    rig_say(rig, "2026-03-02 10:05", "dana", "team");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 11:00", "ana", "privacy");
    expect_line(rig, "• Mon 2 Mar, 10:05: Dana Okafor looked at how your team is doing");
    expect_line(rig, "• Mon 2 Mar, 10:00: Dana Okafor prepared a talk with you");
    assert_false(has(rig, "09:00"));
}

static void prepare_asks_back_where_it_is_not_clear(struct rig *rig)
{
    begin(rig, NO_RULE);
    rig_say(rig, "2026-03-02 10:00", "dana", "prepare");
    rig_say(rig, "2026-03-02 10:01", "dana", "prepare ana");
    rig_say(rig, "2026-03-02 10:02", "dana", "prepare Gil");
    rig_say(rig, "2026-03-02 10:03", "dana", "prepare Ana Lind");
    rig_say(rig, "2026-03-02 10:04", "dana", "prepare Ana");
    expect_line(rig, "10:00 > dana: Whom is it about? For example: prepare Ana.\n"
                     "03-02 10:01 > dana: For your next one-to-one with Ana Ruiz.");
    expect_line(rig, "10:02 > dana: I do not find “Gil” in your team. You lead: Ana "
                     "Lind, Ana Ruiz, Ben Osei, Cleo Park, Dan Wu.\n"
                     "03-02 10:03 > dana: For your next one-to-one with Ana Lind.\n"
                     "No one-to-one is on record yet.\n\nNo open deals.\n\n"
                     "Ana has shared no answer lately. What to share is Ana's own choice.\n\n"
                     "Questions you could ask:\n• ");
}

/* --- one level up --- */

/* B23: leaders get the same prompts one level up: three levels, each to the right one */
static void same_prompts_one_level_up(struct rig *rig)
{
    begin(rig, "  - {rule: who, about: a, every: Friday at 12:00, to: manager, digest: [{title: "
               "\"Your people:\", each: rep, text: \"{{rep.first_name}}\"}]}\n"
               "  - {rule: led, about: a, every: Thursday at 12:00, to: manager, if: {rep.leads: "
               "managers}, ask: idea}\n"
               "  - rule: seen\n    about: a\n    when: {event: activity.logged, topic: "
               "one_to_one}\n    whose: managers\n    praise: \"I saw {{coaching.one_to_ones}} "
               "one-to-ones of yours this "
               "week.\"\n    card: \"{{rep.name}} held a one-to-one.\"\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "dana", .kind = "meeting",
         .with = "ana");
    rig_expect(rig, "03-03 10:00 dana seen sent\n");
    rig_click(rig, "2026-03-03 10:10", "vera", "send", NULL);
    expect_line(rig, "> dana: Vera Holm asked me to pass this on:\n“I saw 1 one-to-ones of yours "
                     "this week.”");
    strbuf_clear(&rig->lines);
    GIVE(rig, "2026-03-03 11:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "vera", .kind = "meeting",
         .with = "dana"); /* nobody leads Vera */
    rig_expect(rig, "03-03 11:00 vera seen suppressed receiver\n");
    rig_until(rig, "2026-03-05 12:30");
    rig_expect(rig, "03-05 12:00 vera led sent\n");
    rig->full = true;
    rig_until(rig, "2026-03-06 12:30");
    expect_line(rig, "\"Your people:\\n• Dana\\n• Eve\"");
    expect_line(rig, "\"Your people:\\n• Ana\\n• Ana\\n• Ben\\n• Cleo\\n• Dan\"");
    expect_line(rig, "\"Your people:\\n• Gil\"");
}

/* B36: reports see whether their leaders take part, yes or no, and nothing else */
static void leaders_take_part_or_not(struct rig *rig)
{
    begin(rig, "  - {rule: mine, about: a, every: Monday at 09:00, to: manager, if: {rep.leads: "
               "reps}, ask: idea}\n");
    rig_say(rig, "2026-03-02 08:00", "ana", "leaders");
    rig_expect(rig, "03-02 08:00 > ana: Those who lead you, and whether they took part in the "
                    "coaching themselves in the last 30 days:\n"
                    "• Dana Okafor: no\n• Vera Holm: no\n");
    rig_until(rig, "2026-03-02 09:10");
    rig_say(rig, "2026-03-02 09:20", "dana", "canary of Dana");
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 09:30", "ana", "Leaders?");
    rig_expect(rig, "03-02 09:30 > ana: Those who lead you, and whether they took part in the "
                    "coaching themselves in the last 30 days:\n"
                    "• Dana Okafor: yes\n• Vera Holm: no\n");
    rig_say(rig, "2026-04-20 09:30", "ana", "leaders"); /* that was long ago */
    expect_line(rig, "• Dana Okafor: no\n• Vera Holm: no\n");
}

/* B35: the expectations are shown as they are configured */
static void expectations_are_those_of_the_file(struct rig *rig)
{
    begin(rig, NO_RULE);
    rig_say(rig, "2026-03-02 10:00", "ana", "expectations");
    rig_expect(rig,
               "03-02 10:00 > ana: What is expected of each of us when it comes to coaching.\n\n"
               "Of reps:\n• Choose your own next step\n\n"
               "Of managers:\n• A one-to-one with everybody every two weeks\n"
               "• Praise effort that you saw\n");
}

/* B4: what a manager says about expectations goes nowhere, and is asked once in a period */
static void what_the_manager_expects_stays_with_the_manager(struct rig *rig)
{
    begin(rig,
          "  - {rule: least, about: a, every: Monday at 10:00, to: manager, ask: least, limit: "
          "1 per month, expires: 2 working days}\n");
    rig_until(rig, "2026-03-02 10:10");
    rig_click(rig, "2026-03-02 10:20", "vera", "answer", "Dana, canary");
    expect_line(rig, "~ vera: Of whom do you expect the least?\n\nAnswered. I have not stored ");
    for (size_t i = 0; i < rig->count; i++)
        assert_false(rig->rows[i].kind == STATE_LEDGER);
    strbuf_clear(&rig->lines);
    rig_say(rig, "2026-03-02 11:00", "dana", "prepare Ana Ruiz");
    rig_say(rig, "2026-03-02 11:01", "vera", "prepare Dana");
    rig_say(rig, "2026-03-02 11:02", "dana", "prepare");
    rig_say(rig, "2026-03-02 11:03", "dana", "leaders");
    rig_until(rig, "2026-03-30 11:00");
    assert_false(has(rig, "canary"));
    assert_false(has(rig, "vera least sent")); /* once a month */
    assert_true(has(rig, "vera least suppressed limit"));
}

/* B43: the manager names a strength where there is evidence; without evidence nobody is asked */
static void strength_needs_evidence(struct rig *rig)
{
    begin(rig,
          "  - {rule: strength, about: a, when: {event: activity.logged, kind: [call, email]}, "
          "if: {signal.calls: {at_least: 3}}, to: manager, ask: strength}\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "email",
         .count = 5);
    rig_expect(rig, "");
    rig->full = true;
    GIVE(rig, "2026-03-03 11:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call",
         .count = 3);
    expect_line(rig, "Ana Ruiz made 3 calls. What strength does that show?");
    expect_line(rig, "\"to\":\"dana\"");
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(rep_hears_nothing_before_the_manager_sends),
        PLAY(unconfirmed_draft_is_never_sent),
        PLAY(open_card_keeps_no_question_away),
        PLAY(card_clicked_twice_goes_once),
        PLAY(card_of_somebody_else_stays_as_it_was),
        PLAY(card_that_lay_too_long_is_still_the_managers_to_send),
        PLAY(card_about_somebody_who_left_goes_nowhere),
        PLAY(card_to_somebody_who_paused_waits),
        PLAY(card_edited_to_nothing_or_far_too_much_stays_open),
        PLAY(team_says_who_is_there_and_no_answer),
        PLAY(team_of_one_and_of_nobody),
        PLAY(paused_team_is_silent_and_own_pauses_stay),
        PLAY(words_of_a_manager_can_be_answers),
        PLAY(unshared_answer_is_on_no_card),
        PLAY(shared_answer_is_on_the_card),
        PLAY(looking_is_written_down),
        PLAY(prepare_asks_back_where_it_is_not_clear),
        PLAY(same_prompts_one_level_up),
        PLAY(leaders_take_part_or_not),
        PLAY(expectations_are_those_of_the_file),
        PLAY(what_the_manager_expects_stays_with_the_manager),
        PLAY(strength_needs_evidence),
    };
    return play_run("manager", cases, ARRAY_LEN(cases));
}
