/* Digests, and words to a team or to one colleague in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/jsonw.h"
#include "core_play.h"

#define PEOPLE                                                                                     \
    "teams:\n"                                                                                     \
    "  - {id: west, name: West, manager: dana, zone: America/Denver, channel: C01}\n"              \
    "  - {id: east, name: East, manager: eve, zone: America/New_York, channel: C02}\n"             \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, team: west}\n"                                                  \
    "  - {id: ben, name: Ben Osei, team: west}\n"                                                  \
    "  - {id: cleo, name: Cleo Park, team: west}\n"                                                \
    "  - {id: dan, name: Dan Wu, team: west}\n"                                                    \
    "  - {id: fay, name: Fay Bell, team: west}\n"                                                  \
    "  - {id: gil, name: Gil Moss, team: east}\n"                                                  \
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n"                     \
    "  - {id: eve, name: Eve Stone, role: manager, zone: America/New_York}\n"

#define HEAD                                                                                       \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "signals:\n  calls: {count: activity.logged, kind: call, window: 1w}\n"                        \
    "questions:\n  idea: {kind: skill, reader: rep, text: \"What worked well lately?\"}\n"         \
    "rules:\n"

static void begin_with(struct rig *rig, const char *rules, const char *config)
{
    struct strbuf plugin = {0};
    strbuf_printf(&plugin, "%s%s", HEAD, rules);
    struct rig_text text = {.people = PEOPLE, .config = config, .plugins = {strbuf_text(&plugin)}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    strbuf_done(&plugin);
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static void begin(struct rig *rig, const char *rules)
{
    begin_with(rig, rules, NULL);
}

static void calls(struct rig *rig, const char *when, const char *rep, int count)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = rep, .kind = "call", .count = count);
}

static void deal(struct rig *rig, const char *when, const char *rep, const char *id,
                 const char *name)
{
    GIVE(rig, when, .type = EVENT_DEAL_CREATED, .rep = rep, .deal = id, .deal_name = name,
         .stage = "discover");
}

/* The texts of the decisions that were sent since the last time. */
static void expect_texts(struct rig *rig, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct strbuf quoted = {0};
        jsonw_quote(&quoted, texts[i]);
        if (!strstr(strbuf_text(&rig->lines), strbuf_text(&quoted)))
            fail_msg("wanted:\n%s\ngot:\n%s", strbuf_text(&quoted), strbuf_text(&rig->lines));
        strbuf_done(&quoted);
    }
}

#define WEEKLY                                                                                     \
    "  - rule: friday\n    about: the week\n    every: Friday at 16:00\n    to: manager\n"         \
    "    digest:\n"                                                                                \
    "      - title: Worth a word\n        each: rep\n"                                             \
    "        if: {signal.calls: {at_least: 3}}\n        at_most: 2\n"                              \
    "        text: \"{{rep.first_name}}: {{signal.calls}} calls\"\n"                               \
    "      - title: Standing still\n        each: deal\n"                                          \
    "        if: {deal.in_stage: {over: 2d}}\n"                                                    \
    "        text: \"{{deal.name}} ({{rep.first_name}}): {{deal.in_stage}} in "                    \
    "{{deal.stage_name}}\"\n"

static void digest_of_a_manager_is_about_the_own_teams_by_name(struct rig *rig)
{
    static const char *const texts[] = {
        "Worth a word\n• Ana: 3 calls\n• Ben: 9 calls\nand 1 more\n\n"
        "Standing still\n• Acme (Ben): 3 days in Discover\n• beta (Ana): 3 days in Discover",
        "Worth a word\n• Gil: 7 calls",
    };
    begin(rig, WEEKLY);
    calls(rig, "2026-03-03 10:00", "ben", 9); /* more calls do not come first */
    calls(rig, "2026-03-03 10:00", "cleo", 5);
    calls(rig, "2026-03-03 10:01", "ana", 3);
    calls(rig, "2026-03-03 10:02", "dan", 2);
    calls(rig, "2026-03-03 10:03", "gil", 7);
    deal(rig, "2026-03-03 10:04", "ana", "D2", "beta");
    deal(rig, "2026-03-03 10:05", "ben", "D1", "Acme");
    deal(rig, "2026-03-03 10:06", "ben", "D4", "Lost one");
    deal(rig, "2026-03-05 10:05", "ben", "D3", "Fresh");
    GIVE(rig, "2026-03-05 11:00", .type = EVENT_DEAL_LOST, .rep = "ben", .deal = "D4");
    strbuf_clear(&rig->lines);
    rig->full = true;
    rig_until(rig, "2026-03-06 17:00");
    expect_texts(rig, texts, ARRAY_LEN(texts));
}

static void digest_without_a_line_is_not_sent(struct rig *rig)
{
    begin(rig, WEEKLY);
    rig_until(rig, "2026-03-06 17:00");
    rig_expect(rig, "03-06 14:00 eve friday suppressed evidence\n"
                    "03-06 16:00 dana friday suppressed evidence\n");
}

/* As the events come in another order, the digest stays the same. */
static void digest_does_not_depend_on_the_order_of_events(struct rig *rig)
{
    static const char *const texts[] = {
        "Worth a word\n• Ana: 4 calls\n• Ben: 3 calls",
    };
    begin(rig, WEEKLY);
    rig_late(
        rig, "2026-03-03 12:00", "2026-03-04 10:00",
        (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call", .count = 3});
    rig_late(
        rig, "2026-03-03 11:00", "2026-03-04 10:01",
        (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ben", .kind = "call", .count = 3});
    rig_late(
        rig, "2026-03-03 10:00", "2026-03-04 10:02",
        (struct event){.type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call", .count = 1});
    rig->full = true;
    rig_until(rig, "2026-03-06 17:00");
    expect_texts(rig, texts, ARRAY_LEN(texts));
}

static bool has(const struct rig *rig, const char *line)
{
    return strstr(strbuf_text(&rig->lines), line) != NULL;
}

static void
digest_of_a_rep_is_about_the_own_open_deals_and_is_the_prompt_of_the_day(struct rig *rig)
{
    static const char *const texts[] = {"Your open deals:\n• Acme\n• Beta",
                                        "Your open deals:\n• Not hers"};
    begin(rig, "  - {rule: mine, about: a, every: Friday at 10:00, digest: [{title: \"Your open "
               "deals:\", each: deal, text: \"{{deal.name}}\"}]}\n"
               "  - {rule: later, about: a, every: Friday at 11:00, tell: \"A good day.\"}\n");
    deal(rig, "2026-03-03 10:05", "ana", "D2", "Beta");
    deal(rig, "2026-03-03 10:05", "ana", "D1", "Acme");
    deal(rig, "2026-03-03 10:06", "ben", "D9", "Not hers");
    deal(rig, "2026-03-03 10:07", "ana", "D3", "Bygone");
    GIVE(rig, "2026-03-03 10:08", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D3");
    strbuf_clear(&rig->lines);
    rig->full = true;
    rig_until(rig, "2026-03-06 10:30");
    expect_texts(rig, texts, ARRAY_LEN(texts));
    rig->full = false;
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-06 11:30");
    assert_true(has(rig, "ana later suppressed caps\n"));
    assert_true(has(rig, "dan later sent\n")); /* had no digest: there was nothing to tell */
}

static void digest_that_is_too_long_ends_with_whole_lines(struct rig *rig)
{
    char name[160], id[16];
    begin(rig,
          "  - {rule: all, about: a, every: Friday at 16:00, to: manager, digest: [{each: deal, "
          "at_most: 50, text: \"{{deal.name}}\"}, {text: \"The end.\"}]}\n");
    for (int i = 0; i < 30; i++) {
        (void)snprintf(id, sizeof(id), "D%02d", i);
        (void)snprintf(name, sizeof(name), "%02d %0120d", i, i);
        deal(rig, "2026-03-03 10:05", "ana", id, name);
    }
    strbuf_clear(&rig->lines);
    rig->full = true;
    rig_until(rig, "2026-03-06 17:00");
    char *note = strstr(strbuf_text(&rig->lines), "\"rep\":\"dana\"");
    assert_non_null(note);
    *strchr(note, '\n') = '\0';
    assert_non_null(strstr(note, "000014\\nand 16 more\"")); /* 15 deals are shown */
    assert_null(strstr(note, "The end."));
}

static void digest_of_a_manager_has_a_cap_of_its_own(struct rig *rig)
{
    begin(rig,
          "  - {rule: a, about: a, every: Friday at 10:00, to: manager, digest: [{text: One}]}\n"
          "  - {rule: b, about: a, every: Friday at 11:00, to: manager, digest: [{text: Two}]}\n"
          "  - {rule: c, about: a, every: Friday at 12:00, to: manager, digest: [{text: 3}]}\n"
          "  - {rule: d, about: a, every: Friday at 13:00, to: manager, ask: idea}\n");
    rig_until(rig, "2026-03-06 12:30");
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-06 13:30");
    rig_expect(rig, "03-06 13:00 dana d sent\n");
}

/* --- to the team --- */

static void team_message_goes_to_the_channel_in_the_hours_of_the_team(struct rig *rig)
{
    struct message *open;
    struct arena arena;
    begin(rig, "  - {rule: news, about: a, every: Friday at 09:00, to: team, tell: \"Good morning, "
               "{{team.name}}.\"}\n"
               "  - {rule: more, about: a, every: Friday at 12:00, to: team, tell: \"Again.\"}\n");
    rig_until(rig, "2026-03-06 08:00");
    rig_expect(rig, "03-06 07:00 team:east news sent\n");
    rig_until(rig, "2026-03-06 09:30");
    rig_expect(rig, "03-06 09:00 team:west news sent\n");
    rig_until(rig, "2026-03-06 12:30");
    rig_expect(rig, "03-06 10:00 team:east more suppressed caps\n"
                    "03-06 12:00 team:west more suppressed caps\n");
    assert_string_equal(core_chat_id(rig->core, "team:west"), "C01");
    assert_null(core_chat_id(rig->core, "team:north"));
    arena_init(&arena);
    assert_int_equal(core_open_messages(rig->core, &arena, &open), 0); /* no conversation */
    arena_done(&arena);
}

static void team_message_at_night_is_held_and_a_pause_of_the_team_stops_it(struct rig *rig)
{
    begin(rig, "  - {rule: won, about: a, when: deal.won, to: team, tell: \"A deal was won.\"}\n");
    GIVE(rig, "2026-03-03 19:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    rig_until(rig, "2026-03-04 09:00");
    rig_expect(rig, "03-03 19:00 team:west won held hours\n"
                    "03-04 08:30 team:west won sent\n");
    GIVE(rig, "2026-03-05 09:00", .type = EVENT_PAUSE, .team = "west");
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_DEAL_WON, .rep = "ben", .deal = "D2");
    GIVE(rig, "2026-03-05 11:00", .type = EVENT_RESUME, .team = "west");
    GIVE(rig, "2026-03-05 12:00", .type = EVENT_DEAL_WON, .rep = "ben", .deal = "D3");
    rig_expect(rig, "03-05 10:00 team:west won suppressed consent\n"
                    "03-05 12:00 team:west won sent\n");
}

static void team_message_names_nobody_and_no_deal(struct rig *rig)
{
    begin(rig, "  - {rule: won, about: a, when: deal.won, to: team, tell: \"A deal was won.\"}\n");
    rig->full = true;
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1",
         .deal_name = "Acme");
    char *send = strstr(strbuf_text(&rig->lines), "SEND ");
    assert_non_null(send);
    assert_non_null(strstr(send, "\"to\":\"team:west\""));
    *strchr(send, '\n') = '\0';
    assert_null(strstr(send, "ana"));
    assert_null(strstr(send, "D1"));
    assert_null(strstr(send, "Acme"));
}

static void team_figures_of_a_small_team_are_missing(struct rig *rig)
{
    static const char *const texts[] = {"5 reps, 4 calls, 1 open", "1 reps, no calls, no open"};
    begin(rig, "  - {rule: sum, about: a, every: Friday at 12:00, to: team, digest: [{text: "
               "\"{{team.reps}} reps, {{team.total.calls|no}} calls, {{team.open_deals|no}} "
               "open\"}]}\n");
    calls(rig, "2026-03-03 10:00", "ana", 1);
    calls(rig, "2026-03-03 10:01", "ben", 3);
    calls(rig, "2026-03-03 10:01", "gil", 8);
    deal(rig, "2026-03-03 10:05", "ana", "D2", "Beta");
    deal(rig, "2026-03-03 10:05", "gil", "D3", "Gamma");
    rig->full = true;
    rig_until(rig, "2026-03-06 17:00");
    expect_texts(rig, texts, ARRAY_LEN(texts));
}

/* --- to a peer --- */

static void peer_gets_it_in_turn_and_never_the_one_it_is_about(struct rig *rig)
{
    int times[256] = {0};
    begin(rig, "  - {rule: won, about: a, when: deal.won, to: peer, tell: \"Well done, all.\"}\n");
    for (int day = 2; day <= 5; day++) {
        char when[32], id[16];
        (void)snprintf(when, sizeof(when), "2026-03-%02d 10:00", day);
        (void)snprintf(id, sizeof(id), "D%d", day);
        GIVE(rig, when, .type = EVENT_DEAL_WON, .rep = "ana", .deal = id);
        assert_true(has(rig, "won sent\n"));
        times[(unsigned char)strbuf_text(&rig->lines)[strlen("03-02 10:00 ")]]++;
        strbuf_clear(&rig->lines);
    }
    assert_int_equal(times['a'], 0);
    assert_int_equal(times['g'], 0); /* of another team */
    for (const char *peer = "bcdf"; *peer; peer++)
        assert_int_equal(times[(unsigned char)*peer], 1);
}

static void peer_learns_nothing_of_what_happened(struct rig *rig)
{
    char who[16];
    begin(rig, "  - {rule: won, about: a talk, when: deal.won, to: peer, ask: idea}\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1",
         .deal_name = "Acme");
    assert_int_equal(sscanf(strbuf_text(&rig->lines), "03-03 10:00 %15s won sent", who), 1);
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 10:10", who, "why", NULL);
    assert_null(strstr(strbuf_text(&rig->lines), "Acme"));
    assert_non_null(strstr(strbuf_text(&rig->lines),
                           "You got this because it was your turn among your colleagues."));
}

static void peer_is_nobody_where_there_is_no_other(struct rig *rig)
{
    begin(rig, "  - {rule: won, about: a, when: deal.won, to: peer, ask: idea}\n");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_DEAL_WON, .rep = "gil", .deal = "D1");
    rig_expect(rig, "03-03 10:00 gil won suppressed peer\n");
}

static void peer_on_a_schedule_is_one_of_each_team(struct rig *rig)
{
    begin(rig,
          "  - {rule: round, about: a, every: Wednesday at 10:00, to: peer, tell: \"Whom could "
          "you thank?\"}\n");
    rig_until(rig, "2026-03-04 09:00");
    rig_expect(rig, "03-04 08:00 gil round sent\n");
    rig_until(rig, "2026-03-04 11:00");
    assert_int_equal(strlen(strbuf_text(&rig->lines)),
                     strlen("03-04 10:00 ben round sent\n") + (has(rig, "cleo") ? 1 : 0));
    assert_true(has(rig, "round sent\n"));
}

static void peer_chosen_at_night_is_the_one_who_gets_it_in_the_morning(struct rig *rig)
{
    char night[16], morning[16];
    begin(rig, "  - {rule: won, about: a, when: deal.won, to: peer, ask: idea}\n");
    GIVE(rig, "2026-03-03 20:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    assert_int_equal(sscanf(strbuf_text(&rig->lines), "03-03 20:00 %15s won held hours", night), 1);
    strbuf_clear(&rig->lines);
    rig_until(rig, "2026-03-04 09:00");
    assert_int_equal(sscanf(strbuf_text(&rig->lines), "03-04 08:30 %15s won sent", morning), 1);
    assert_string_equal(night, morning);
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(digest_of_a_manager_is_about_the_own_teams_by_name),
        PLAY(digest_without_a_line_is_not_sent),
        PLAY(digest_does_not_depend_on_the_order_of_events),
        PLAY(digest_of_a_rep_is_about_the_own_open_deals_and_is_the_prompt_of_the_day),
        PLAY(digest_that_is_too_long_ends_with_whole_lines),
        PLAY(digest_of_a_manager_has_a_cap_of_its_own),
        PLAY(team_message_goes_to_the_channel_in_the_hours_of_the_team),
        PLAY(team_message_at_night_is_held_and_a_pause_of_the_team_stops_it),
        PLAY(team_message_names_nobody_and_no_deal),
        PLAY(team_figures_of_a_small_team_are_missing),
        PLAY(peer_gets_it_in_turn_and_never_the_one_it_is_about),
        PLAY(peer_learns_nothing_of_what_happened),
        PLAY(peer_is_nobody_where_there_is_no_other),
        PLAY(peer_on_a_schedule_is_one_of_each_team),
        PLAY(peer_chosen_at_night_is_the_one_who_gets_it_in_the_morning),
    };
    return play_run("digest", cases, ARRAY_LEN(cases));
}
