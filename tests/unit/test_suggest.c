/* Suggestions: yes, no and silence; talks between two colleagues, no names before both agree. */
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
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: cleo, name: Cleo Park, team: west}\n"                                                \
    "  - {id: dan, name: Dan Wu, team: west}\n"                                                    \
    "  - {id: fay, name: Fay Bell, team: west}\n"                                                  \
    "  - {id: gil, name: Gil Moss}\n"                                                              \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define SMALL                                                                                      \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"                            \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"                             \
    "questions:\n  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"         \
    "rules:\n"                                                                                     \
    "  - {rule: page, about: after a training, when: training.completed, cooldown: 10d, suggest: " \
    "{text: \"Would a page on it help?\", resource: \"Playbook, page 3\"}}\n"                      \
    "  - {rule: talk, about: hard times, when: goal.set, suggest: {text: \"Talk it over?\", "      \
    "peer: "                                                                                       \
    "true, topic: objections}}\n"                                                                  \
    "  - {rule: ask, about: a question, when: deal.won, ask: idea}\n"

static const char loose[] = "limits: {prompts_per_day: 9, prompts_per_family_per_week: 99}\n";

static void begin_with(struct rig *rig, const char *people, const char *config)
{
    struct rig_text text = {.people = people, .config = config, .plugins = {HEAD}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void happens(struct rig *rig, const char *when, enum event_type what, const char *rep)
{
    GIVE(rig, when, .type = what, .rep = rep, .topic = "price");
}

/* The key of the newest message with buttons, for clicks that come later. */
static void keep_key(const struct rig *rig, char *key)
{
    memcpy(key, rig->last_key, sizeof(rig->last_key));
}

/* Who was asked as a colleague in the lines since the last time. */
static void asked_peer(struct rig *rig, char *who)
{
    const char *line = strstr(strbuf_text(&rig->lines), " talk sent\n");
    if (!line)
        fail_msg("nobody was asked:\n%s", strbuf_text(&rig->lines));
    const char *start = line;
    while (start[-1] != ' ')
        start--;
    (void)snprintf(who, 16, "%.*s", (int)(line - start), start);
    strbuf_clear(&rig->lines);
}

static bool has(const struct rig *rig, const char *text)
{
    return strstr(strbuf_text(&rig->lines), text) != NULL;
}

/* Ana is offered a talk and says yes; who is asked. */
static void talk_begins(struct rig *rig, const char *offered, const char *yes, char *who)
{
    happens(rig, offered, EVENT_GOAL_SET, "ana");
    strbuf_clear(&rig->lines);
    rig_click(rig, yes, "ana", "yes", NULL);
    asked_peer(rig, who);
}

static void nothing_is_written_where_nothing_is_stored(struct rig *rig)
{
    char who[16];
    begin_with(rig, PEOPLE, loose);
    rig_store_nothing(rig);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", who);
    rig_click(rig, "2026-03-02 10:10", who, "yes", NULL);
}

/* --- something to look at --- */

static void resource_comes_with_yes_once(struct rig *rig)
{
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED, "ana");
    rig_click(rig, "2026-03-02 10:10", "ana", "why", NULL);
    rig_click(rig, "2026-03-02 10:11", "ana", "yes", NULL);
    rig_click(rig, "2026-03-02 10:12", "ana", "yes", NULL);
    rig_click(rig, "2026-03-02 10:13", "ana", "no", NULL);
    rig_expect(rig, "03-02 10:00 ana page sent\n"
                    "03-02 10:10 > ana: You got this because of training.completed about it (Mon 2 "
                    "Mar at 10:00).\nThe rule is “page”: after a training\n"
                    "03-02 10:11 ~ ana: Would a page on it help?\n\nHere it is: Playbook, page 3\n"
                    "03-02 10:12 > ana: This one is closed already.\n"
                    "03-02 10:13 > ana: This one is closed already.\n");
}

static void resource_declined_is_not_offered_again_for_the_cooldown(struct rig *rig)
{
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED, "ana");
    rig_until(rig, "2026-03-04 10:00");
    rig_click(rig, "2026-03-04 10:10", "ana", "no", NULL);
    rig_click(rig, "2026-03-04 10:11", "ana", "yes", NULL); /* no is for good */
    rig_expect(rig, "03-02 10:00 ana page sent\n"
                    "03-04 10:10 ~ ana: Would a page on it help?\n\nAll right, I will leave it.\n"
                    "03-04 10:11 > ana: This one is closed already.\n");
    happens(rig, "2026-03-13 10:00", EVENT_TRAINING_COMPLETED, "ana"); /* 11 days after it spoke */
    happens(rig, "2026-03-13 10:01", EVENT_TRAINING_COMPLETED, "ben");
    happens(rig, "2026-03-16 11:00", EVENT_TRAINING_COMPLETED, "ana");
    rig_expect(rig, "03-13 10:00 ana page suppressed evidence\n"
                    "03-13 10:01 ben page sent\n"
                    "03-16 11:00 ana page sent\n");
}

/* Free to decline, and free to pass over: no reminder, no back-off, no question kept away. */
static void silence_after_an_offer_is_no_silence(struct rig *rig)
{
    begin_with(rig, PEOPLE, "limits: {prompts_per_day: 9, back_off_after: 1}\n");
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED, "ana");
    happens(rig, "2026-03-03 10:00", EVENT_DEAL_WON, "ana");
    rig_click(rig, "2026-03-03 10:01", "ana", "skip", NULL);
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-20 18:00");
    rig_expect(rig, "");
    happens(rig, "2026-03-23 10:00", EVENT_DEAL_WON, "ana");
    rig_expect(rig, "03-23 10:00 ana ask sent\n");
}

static void yes_and_no_can_be_said(struct rig *rig)
{
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED, "ana");
    rig_say(rig, "2026-03-02 10:05", "ana", "Yes, please!");
    happens(rig, "2026-03-02 10:10", EVENT_TRAINING_COMPLETED, "ben");
    rig_say(rig, "2026-03-02 10:15", "ben", "no thanks");
    rig_say(rig, "2026-03-02 10:16", "ben", "no");
    rig_expect(rig, "03-02 10:00 ana page sent\n"
                    "03-02 10:05 ~ ana: Would a page on it help?\n\nHere it is: Playbook, page 3\n"
                    "03-02 10:10 ben page sent\n"
                    "03-02 10:15 ~ ben: Would a page on it help?\n\nAll right, I will leave it.\n"
                    "03-02 10:16 > ben: Nothing is waiting for an answer. Say help to see what I "
                    "understand.\n");
}

static void offer_waits_for_an_open_question(struct rig *rig)
{
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_DEAL_WON, "ana");
    happens(rig, "2026-03-02 11:00", EVENT_TRAINING_COMPLETED, "ana");
    rig_expect(rig, "03-02 10:00 ana ask sent\n"
                    "03-02 11:00 ana page suppressed conversation\n");
}

static void a_yes_ends_the_back_off(struct rig *rig)
{
    char offer[64];
    begin_with(rig, PEOPLE, "limits: {prompts_per_day: 9, back_off_after: 1}\n");
    happens(rig, "2026-03-02 10:00", EVENT_TRAINING_COMPLETED, "ana");
    keep_key(rig, offer);
    happens(rig, "2026-03-02 11:00", EVENT_DEAL_WON, "ana");
    rig_until(rig, "2026-03-10 10:00"); /* the question went unanswered: it asked what would help */
    happens(rig, "2026-03-10 10:00", EVENT_DEAL_WON, "ana");
    strbuf_clear(&rig->lines);
    rig_click_on(rig, "2026-03-10 10:10", "ana", offer, "yes", NULL);
    happens(rig, "2026-03-10 11:00", EVENT_DEAL_WON, "ana");
    assert_true(has(rig, "ana ask sent\n"));
}

/* --- a talk --- */

/* B61: both agree first */
static void talk_names_nobody_before_both_agree(struct rig *rig)
{
    char who[16], line[400];
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    strbuf_clear(&rig->lines);
    rig->full = true;
    rig_click(rig, "2026-03-02 10:05", "ana", "yes", NULL);
    char *ask = strstr(strbuf_text(&rig->lines), "Would you spend 15 minutes");
    assert_non_null(ask);
    char *send = strstr(strbuf_text(&rig->lines), "\"rule\":\"talk\",\"rep\":");
    assert_non_null(send); /* the message to the colleague, as the platform will get it */
    *strchr(send, '\n') = '\0';
    assert_non_null(strstr(send, "Would you spend 15 minutes with a colleague about objections?"));
    assert_null(strstr(send, "ana"));
    assert_null(strstr(send, "Ana"));
    rig->full = false;
    strbuf_clear(&rig->lines);
    (void)who, (void)line;
}

static void talk_with_two_yes_gives_both_names(struct rig *rig)
{
    char who[16];
    static const char *const names[][2] = {
        {"ben", "Ben Osei"}, {"cleo", "Cleo Park"}, {"dan", "Dan Wu"}, {"fay", "Fay Bell"}};
    const char *name = NULL;
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", who);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        name = str_eq(names[i][0], who) ? names[i][1] : name;
    assert_non_null(name);
    rig_click(rig, "2026-03-02 10:30", who, "why", NULL);
    assert_true(has(rig, "because a colleague of yours would like to talk about objections"));
    assert_false(has(rig, "hard times")); /* of the rule: that is the rep's */
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:00", who, "yes", NULL);
    assert_true(has(rig, "Thank you. It is Ana Ruiz"));
    assert_true(has(rig, "> ana: "));
    assert_true(has(rig, name));
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:01", who, "yes", NULL);
    assert_false(has(rig, "Ana Ruiz"));
    rig_until(rig, "2026-03-20 11:00");
    assert_false(has(rig, "talk"));
}

static void talk_goes_on_with_the_next_after_no_and_after_silence(struct rig *rig)
{
    char first[16], second[16], third[16], late[64];
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", first);
    rig_click(rig, "2026-03-02 11:00", first, "no", NULL);
    assert_true(has(rig, "That is fine. Nobody learns that I asked you."));
    assert_false(has(rig, "> ana")); /* who declined stays unknown */
    keep_key(rig, late);
    asked_peer(rig, second);
    assert_string_not_equal(first, second);
    rig_until(rig, "2026-03-03 17:59"); /* the end of the second working day */
    rig_expect(rig, "");
    rig_until(rig, "2026-03-04 09:00");
    asked_peer(rig, third);
    assert_true(!str_eq(third, first) && !str_eq(third, second));
    rig_click_on(rig, "2026-03-04 09:30", second, late, "yes", NULL);
    assert_true(has(rig, "Thank you for offering. That one has been settled meanwhile."));
    assert_false(has(rig, "Ana Ruiz"));
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-06 10:00");
    assert_true(has(rig, "> ana: I have looked around, and just now nobody has 15 minutes"));
    assert_false(has(rig, "talk sent")); /* three were asked, a fourth would be one too many */
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-30 10:00");
    rig_expect(rig, "");
}

static void talk_with_nobody_who_agrees_tells_no_names(struct rig *rig)
{
    char who[16];
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", who);
    rig->full = true;
    rig_click(rig, "2026-03-02 10:30", who, "no", NULL);
    rig_until(rig, "2026-03-16 18:00");
    const char *names[] = {"Ben Osei", "Cleo Park", "Dan Wu", "Fay Bell", "Ana Ruiz"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_false(has(rig, names[i]));
}

/* B61: no repeat partner for three rounds */
static void talk_has_no_repeat_partner_for_three_rounds(struct rig *rig)
{
    static const char *const days[][3] = {
        {"2026-03-02 10:00", "2026-03-02 10:05", "2026-03-02 11:00"},
        {"2026-03-09 10:00", "2026-03-09 10:05", "2026-03-09 11:00"},
        {"2026-03-16 10:00", "2026-03-16 10:05", "2026-03-16 11:00"},
        {"2026-03-23 10:00", "2026-03-23 10:05", "2026-03-23 11:00"},
        {"2026-03-30 10:00", "2026-03-30 10:05", "2026-03-30 11:00"}};
    char met[5][16];
    begin_with(rig, PEOPLE, loose);
    for (int i = 0; i < 5; i++) {
        talk_begins(rig, days[i][0], days[i][1], met[i]);
        for (int k = i > 3 ? i - 3 : 0; k < i; k++)
            assert_string_not_equal(met[i], met[k]);
        rig_click(rig, days[i][2], met[i], "yes", NULL);
        strbuf_clear(&rig->lines);
    }
    assert_string_equal(met[4], met[0]); /* four colleagues: the fifth round begins anew */
}

static void talk_in_a_team_of_two_pauses_after_a_meeting(struct rig *rig)
{
    begin_with(rig, SMALL, loose);
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    rig_click(rig, "2026-03-02 10:05", "ana", "yes", NULL);
    rig_click(rig, "2026-03-02 10:10", "ben", "yes", NULL);
    strbuf_clear(&rig->lines);
    happens(rig, "2026-03-09 10:00", EVENT_GOAL_SET, "ana");
    rig_click(rig, "2026-03-09 10:05", "ana", "yes", NULL);
    assert_true(has(rig, "nobody has 15 minutes"));
}

static void talk_is_not_offered_where_nobody_is_there(struct rig *rig)
{
    begin_with(rig, SMALL, loose);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_REP_AWAY, .rep = "ben",
         .away_until = rig_time(rig, "2026-03-10 09:00"));
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    rig_expect(rig, "03-02 10:00 ana talk suppressed evidence\n");
}

static void talk_waits_for_a_colleague_who_had_a_prompt_today(struct rig *rig)
{
    begin_with(rig, SMALL, NULL); /* one prompt a day */
    happens(rig, "2026-03-02 09:00", EVENT_DEAL_WON, "ben");
    rig_click(rig, "2026-03-02 09:01", "ben", "skip", NULL);
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 10:05", "ana", "yes", NULL);
    assert_false(has(rig, "ben talk sent"));
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-03 08:30");
    rig_expect(rig, "03-03 08:30 ben talk sent\n");
    happens(rig, "2026-03-03 10:00", EVENT_DEAL_WON, "ben"); /* it was the prompt of that day */
    rig_expect(rig, "03-03 10:00 ben ask suppressed caps\n");
}

static void talk_said_yes_to_at_night_asks_in_the_morning(struct rig *rig)
{
    begin_with(rig, SMALL, loose);
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 22:00", "ana", "yes", NULL);
    rig_until(rig, "2026-03-03 09:00");
    assert_true(has(rig, "03-03 08:30 ben talk sent\n"));
}

static void talk_declined_is_not_offered_again(struct rig *rig)
{
    begin_with(rig, PEOPLE, loose);
    happens(rig, "2026-03-02 10:00", EVENT_GOAL_SET, "ana");
    rig_click(rig, "2026-03-02 10:05", "ana", "no", NULL);
    strbuf_clear(&rig->lines);
    happens(rig, "2026-04-02 10:00", EVENT_GOAL_SET, "ana");
    rig_expect(rig, "04-02 10:00 ana talk suppressed evidence\n");
    happens(rig, "2026-06-02 10:00", EVENT_GOAL_SET, "ana"); /* 90 days have passed */
    rig_expect(rig, "06-02 10:00 ana talk sent\n");
}

static void talk_is_arranged_one_at_a_time(struct rig *rig)
{
    char who[16];
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", who);
    happens(rig, "2026-03-02 12:00", EVENT_GOAL_SET, "ana");
    rig_expect(rig, "03-02 12:00 ana talk suppressed evidence\n");
}

static void talk_whose_message_never_arrives_goes_to_the_next(struct rig *rig)
{
    char first[16], second[16];
    struct message message = {.rule = "talk", .key = rig->last_key};
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", first);
    message.to = message.rep = first;
    message.at = rig->now;
    message.expires = MSEC_NEVER;
    core_send_failed(rig->core, &message, "no such account", rig->now, &rig->step);
    rig_take(rig);
    asked_peer(rig, second);
    assert_string_not_equal(first, second);
}

static void talk_ends_kindly_when_its_rule_is_gone(struct rig *rig)
{
    char who[16];
    static const char other[] = "plugin: p\narea: skill\nquestions:\n  idea: {kind: skill, reader: "
                                "rep, text: \"What worked?\"}\nrules:\n  - {rule: ask, about: a, "
                                "when: deal.won, ask: idea}\n";
    const struct rig_text text = {.people = PEOPLE, .plugins = {other}};
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", who);
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    rig_take(rig);
    book_free(old);
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:00", who, "no", NULL);
    assert_true(has(rig, "> ana: I have looked around, and just now nobody has 15 minutes"));
}

static void talk_goes_on_over_a_reload(struct rig *rig)
{
    char first[16], second[16];
    const struct rig_text text = {.people = PEOPLE, .plugins = {HEAD}};
    begin_with(rig, PEOPLE, loose);
    talk_begins(rig, "2026-03-02 10:00", "2026-03-02 10:05", first);
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    rig_take(rig);
    book_free(old);
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-02 11:00", first, "no", NULL);
    asked_peer(rig, second);
    rig_click(rig, "2026-03-02 12:00", second, "yes", NULL);
    assert_true(has(rig, "Thank you. It is Ana Ruiz"));
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(resource_comes_with_yes_once),
        PLAY(resource_declined_is_not_offered_again_for_the_cooldown),
        PLAY(silence_after_an_offer_is_no_silence),
        PLAY(yes_and_no_can_be_said),
        PLAY(offer_waits_for_an_open_question),
        PLAY(a_yes_ends_the_back_off),
        PLAY(talk_names_nobody_before_both_agree),
        PLAY(talk_with_two_yes_gives_both_names),
        PLAY(talk_goes_on_with_the_next_after_no_and_after_silence),
        PLAY(talk_with_nobody_who_agrees_tells_no_names),
        PLAY(talk_has_no_repeat_partner_for_three_rounds),
        PLAY(talk_in_a_team_of_two_pauses_after_a_meeting),
        PLAY(talk_is_not_offered_where_nobody_is_there),
        PLAY(talk_waits_for_a_colleague_who_had_a_prompt_today),
        PLAY(talk_said_yes_to_at_night_asks_in_the_morning),
        PLAY(talk_declined_is_not_offered_again),
        PLAY(talk_is_arranged_one_at_a_time),
        PLAY(talk_whose_message_never_arrives_goes_to_the_next),
        PLAY(talk_ends_kindly_when_its_rule_is_gone),
        PLAY(talk_goes_on_over_a_reload),
        PLAY(nothing_is_written_where_nothing_is_stored),
    };
    return play_run("suggest", cases, ARRAY_LEN(cases));
}
