/* The mix: shares of areas and kinds over a month, the middle third of deals, and what stays as it
 * was without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/deal.h"
#include "core/mix.h"
#include "core/model.h"
#include "core_play.h"
#include "load_check.h"

#define PEOPLE                                                                                     \
    "people:\n"                                                                                    \
    "  - {id: ana, name: Ana Ruiz, zone: America/Denver}\n"                                        \
    "  - {id: ben, name: Ben Osei, zone: Europe/Berlin}\n"
#define PIPELINE                                                                                   \
    "stages:\n"                                                                                    \
    "  - {id: prospect, name: P, typical: 10d}\n"                                                  \
    "  - {id: discover, name: D, typical: 10d, gates: [{seller: s1, customer: c1}]}\n"             \
    "  - {id: propose, name: O, typical: 10d, gates: [{seller: s2, customer: c2}]}\n"
#define QUESTIONS                                                                                  \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                       \
    "questions:\n"                                                                                 \
    "  deal: {kind: activity, reader: rep, text: \"{{deal.name|It}}: what is next?\"}\n"           \
    "  fear: {kind: belief, reader: rep, text: What holds you back?}\n"                            \
    "  joy: {kind: drive, reader: rep, text: What gives you energy?}\n"                            \
    "  craft: {kind: skill, reader: rep, text: What do you practise?}\n"                           \
    "rules:\n"                                                                                     \
    "  - {rule: deals, when: deal.stage_changed, ask: deal}\n"
/* Late in the day, when the one prompt of it is mostly spent. */
#define MENTAL "  - {rule: mind, area: skill, every: weekday at 16:30, ask: [fear, joy]}\n"
/* Early, before anything can happen. */
#define CRAFT "  - {rule: craft, area: skill, every: weekday at 09:00, ask: craft}\n"

#define LIMITS                                                                                     \
    "limits: {prompts_per_family_per_week: 99, open_conversations: 99, back_off_after: 99, "       \
    "remind: [], cool_off: false}\n"

static void begin_with(struct rig *rig, const char *plugin, const char *config)
{
    struct rig_text text = {
        .people = PEOPLE, .pipeline = PIPELINE, .config = config, .plugins = {plugin}};
    rig_init(rig, &text, "2026-03-02 00:00"); /* a Monday */
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static int count_of(const struct rig *rig, const char *text)
{
    int count = 0;
    for (const char *at = strbuf_text(&rig->lines); (at = strstr(at, text)); at++)
        count++;
    return count;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void moves(struct rig *rig, const char *when, const char *rep, const char *deal,
                  const char *to)
{
    GIVE(rig, when, .type = EVENT_DEAL_STAGE_CHANGED, .rep = rep, .deal = deal, .to = to);
}

/* Four weeks in which deals move once or twice on four days of five. */
static void four_weeks(struct rig *rig, uint64_t seed)
{
    uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
    for (int day = 2; day < 30; day++) {
        int count = next_random(&random) % 5 ? 1 + (int)(next_random(&random) % 2) : 0;
        int hour = 9;
        for (int i = 0; i < count; i++) {
            char when[32], deal[16];
            hour += 1 + (int)(next_random(&random) % 3);
            (void)snprintf(when, sizeof(when), "2026-03-%02d %02d:%02d", day, hour,
                           (int)(next_random(&random) % 60));
            (void)snprintf(deal, sizeof(deal), "D%d", (int)(next_random(&random) % 9));
            moves(rig, when, "ana", deal, "discover");
        }
    }
    rig_until(rig, "2026-03-29 23:00");
}

struct month {
    int all, mind, craft, deals;
};

static struct month month_of(const char *plugin, const char *config, uint64_t seed)
{
    struct rig rig = {.restarts = false};
    begin_with(&rig, plugin, config);
    four_weeks(&rig, seed);
    struct month m = {.mind = count_of(&rig, "ana mind sent"),
                      .craft = count_of(&rig, "ana craft sent"),
                      .deals = count_of(&rig, "ana deals sent")};
    m.all = m.mind + m.craft + m.deals;
    rig_done(&rig);
    return m;
}

enum { SEEDS = 25 };

/* A9: over four weeks the mental side has its floor, and without a mix it does not */
static void mental_share_keeps_its_floor(void **state)
{
    int without = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct month m = month_of(QUESTIONS MENTAL, LIMITS "mix: {kind: {mental: 30}}\n", seed);
        struct month plain = month_of(QUESTIONS MENTAL, LIMITS, seed);
        if (m.mind * 100 < 30 * m.all || m.all < 18)
            fail_msg("seed %d: %d of %d", (int)seed, m.mind, m.all);
        assert_true(m.deals > 0);
        without += plain.mind * 100 < 30 * plain.all;
    }
    assert_true(without > SEEDS / 2);
}

/* B20: deals and skills share the month, within a tolerance of five of a hundred */
static void areas_share_the_month(void **state)
{
    int without = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct month m =
            month_of(QUESTIONS CRAFT, LIMITS "mix: {area: {skill: 40, opportunity: 40}}\n", seed);
        struct month plain = month_of(QUESTIONS CRAFT, LIMITS, seed);
        if (m.craft * 100 < 35 * m.all || m.deals * 100 < 35 * m.all || m.all < 14)
            fail_msg("seed %d: %d and %d of %d", (int)seed, m.craft, m.deals, m.all);
        without += plain.deals * 100 < 35 * plain.all;
    }
    assert_int_equal(without, SEEDS); /* the early one takes every day */
}

#define SHIFT(mode)                                                                                \
    "mix: {area: {skill: 20}, mode: " mode ", transformation: {area: {skill: 60}}}\n"

/* B81: in transformation behaviours come first, as far as configured */
static void transformation_shifts_the_mix(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct month before = month_of(QUESTIONS MENTAL, LIMITS SHIFT("steady"), seed);
        struct month after = month_of(QUESTIONS MENTAL, LIMITS SHIFT("transformation"), seed);
        if (after.mind * 100 < 60 * after.all || before.mind >= after.mind)
            fail_msg("seed %d: %d of %d, before %d of %d", (int)seed, after.mind, after.all,
                     before.mind, before.all);
    }
}

/* The shares are of each person, and a restart forgets none of it. */
static void shares_outlive_a_restart(struct rig *rig)
{
    begin_with(rig, QUESTIONS MENTAL, LIMITS "mix: {kind: {mental: 40}}\n");
    moves(rig, "2026-03-02 10:00", "ana", "D1", "discover");
    rig_expect(rig, "03-02 08:30 ben mind sent\n03-02 10:00 ana deals suppressed mix\n");
    rig_until(rig, "2026-03-02 17:00");
    rig_expect(rig, "03-02 16:30 ana mind sent\n");
    moves(rig, "2026-03-03 10:00", "ana", "D1", "propose");
    rig_expect(rig, "03-03 08:30 ben mind sent\n03-03 10:00 ana deals sent\n");
    moves(rig, "2026-03-04 10:00", "ana", "D2", "propose");
    rig_expect(rig, "03-03 16:30 ana mind suppressed caps\n03-04 08:30 ben mind sent\n"
                    "03-04 10:00 ana deals suppressed mix\n");
}

/* What nobody can use is not kept free: no rule of that kind, or none that may speak. */
static void share_without_a_rule_silences_nobody(struct rig *rig)
{
    begin_with(rig,
               QUESTIONS "  - {rule: mind, area: skill, every: weekday at 16:30, ask: fear, if: "
                         "{rep.open_deals: {over: 50}}}\n",
               LIMITS "mix: {kind: {mental: 90}}\n");
    moves(rig, "2026-03-02 10:00", "ana", "D1", "discover");
    moves(rig, "2026-03-03 10:00", "ana", "D1", "propose");
    rig_expect(rig, "03-02 10:00 ana deals sent\n03-03 10:00 ana deals sent\n");
}

/* B59: where the rep wants other topics, no slot is kept for them, whatever the mix says */
static void own_wish_goes_before_the_mix(struct rig *rig)
{
    struct rig_text text = {
        .people = PEOPLE,
        .pipeline = PIPELINE,
        .config =
            "limits: {prompts_per_family_per_week: 99, open_conversations: 9, back_off_after: "
            "1, remind: [], cool_off: false}\nmix: {kind: {mental: 90}}\n",
        .plugins = {QUESTIONS,
                    "plugin: m\nabout: The mental side.\nversion: 1\narea: skill\n"
                    "questions:\n  fear: {kind: belief, reader: rep, text: What holds you "
                    "back?}\nrules:\n  - {rule: mind, every: weekday at 16:30, ask: fear, "
                    "expires: 2 working hours}\n"}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    moves(rig, "2026-03-02 10:00", "ana", "D1", "discover");
    rig_until(rig, "2026-03-03 09:30"); /* unanswered, and asked what would help */
    strbuf_clear(&rig->lines);
    rig_click(rig, "2026-03-03 09:40", "ana", "wrong_topic", NULL);
    moves(rig, "2026-03-09 10:00", "ana", "D1", "propose");
    assert_int_equal(count_of(rig, "ana deals sent"), 1);
    assert_int_equal(count_of(rig, "ana mind sent"), 0);
}

/* Of two at one moment the share that is behind speaks; priority goes before it. */
static void moment_goes_to_the_share_behind(struct rig *rig)
{
    begin_with(rig,
               QUESTIONS "  - {rule: a, every: weekday at 11:00, ask: deal}\n"
                         "  - {rule: b, area: skill, every: weekday at 11:00, ask: craft}\n",
               LIMITS "mix: {area: {skill: 50, opportunity: 50}}\n");
    rig_until(rig, "2026-03-04 23:00");
    assert_int_equal(count_of(rig, "ana a sent"), 2);
    assert_int_equal(count_of(rig, "ana b sent"), 1);
}

static void priority_goes_before_the_mix(struct rig *rig)
{
    begin_with(rig,
               QUESTIONS "  - {rule: a, every: weekday at 11:00, ask: deal, priority: 1}\n"
                         "  - {rule: b, area: skill, every: weekday at 11:00, ask: craft}\n",
               LIMITS "mix: {area: {skill: 90}}\n");
    rig_until(rig, "2026-03-04 23:00");
    assert_int_equal(count_of(rig, "ana a sent"), 3);
}

/* --- deals --- */

static void deal_enters(struct rig *rig, const char *when, const char *deal, const char *stage)
{
    GIVE(rig, when, .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = deal, .stage = stage);
}

static enum deal_chance chance_at(struct rig *rig, const char *deal, const char *when)
{
    const struct deal_list deals = deals_sorted(rig->core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        if (str_eq(deals.list[i]->id, deal))
            return deal_chance(rig->core, deals.list[i], rig_time(rig, when));
    }
    fail_msg("no deal %s", deal);
    return CHANCE_OVER;
}

/* B44: likely lost, likely won, and the third between them, from age and gates alone */
static void deals_fall_into_thirds(struct rig *rig)
{
    begin_with(rig, QUESTIONS, LIMITS);
    deal_enters(rig, "2026-03-02 10:00", "D1", "discover");
    deal_enters(rig, "2026-03-02 10:00", "D2", "propose");
    deal_enters(rig, "2026-03-02 10:00", "D3", "prospect");
    GIVE(rig, "2026-03-03 10:00", .type = EVENT_GATE_COMPLETED, .rep = "ana", .deal = "D2",
         .gate = "c2", .side = "customer");
    assert_int_equal(chance_at(rig, "D1", "2026-03-10 10:00"), CHANCE_CONTESTED);
    assert_int_equal(chance_at(rig, "D1", "2026-03-23 10:00"), CHANCE_LOST_LIKELY);
    assert_int_equal(chance_at(rig, "D2", "2026-03-10 10:00"), CHANCE_WON_LIKELY);
    assert_int_equal(chance_at(rig, "D2", "2026-03-23 10:00"), CHANCE_CONTESTED);
    assert_int_equal(chance_at(rig, "D3", "2026-03-23 10:00"), CHANCE_CONTESTED);
    assert_int_equal(chance_at(rig, "D3", "2026-04-03 10:00"), CHANCE_LOST_LIKELY);
    GIVE(rig, "2026-04-03 11:00", .type = EVENT_DEAL_LOST, .rep = "ana", .deal = "D3");
    assert_int_equal(chance_at(rig, "D3", "2026-04-03 12:00"), CHANCE_OVER);
}

/* A note about a deal long gone quiet each morning, and one about a fresh deal later. */
static void week_of_deals(struct rig *rig, uint64_t seed)
{
    uint64_t random = seed * 0x9e3779b97f4a7c15u + 1;
    deal_enters(rig, "2026-02-02 10:00", "OLD", "discover");
    for (int day = 2; day < 30; day++) {
        char when[32], fresh[16];
        (void)snprintf(fresh, sizeof(fresh), "N%d", day);
        (void)snprintf(when, sizeof(when), "2026-03-%02d 09:%02d", day,
                       (int)(next_random(&random) % 60));
        GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "OLD", .kind = "note");
        if (next_random(&random) % 4 == 0)
            continue;
        (void)snprintf(when, sizeof(when), "2026-03-%02d 11:00", day);
        deal_enters(rig, when, fresh, "discover");
        (void)snprintf(when, sizeof(when), "2026-03-%02d 14:%02d", day,
                       (int)(next_random(&random) % 60));
        GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = fresh, .kind = "note");
    }
}

/* B44: prompts about deals go to the contested ones, at least as far as configured */
static void contested_deals_have_their_share(void **state)
{
    static const char rules[] =
        QUESTIONS "  - {rule: n, when: {event: activity.logged, kind: note}, ask: deal}\n";
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        int contested[2], all[2];
        for (int mix = 0; mix < 2; mix++) {
            struct rig rig = {.restarts = false, .full = true};
            begin_with(&rig, rules, mix ? LIMITS "mix: {contested: 50}\n" : LIMITS);
            week_of_deals(&rig, seed);
            contested[mix] = all[mix] = 0;
            for (const char *line = strbuf_text(&rig.lines); (line = strstr(line, "NOTE "));
                 line++) {
                const char *end = strchr(line, '\n');
                CLEANUP_FREE char *note = xstrndup(line, (size_t)(end - line));
                if (!strstr(note, "\"outcome\":\"sent\""))
                    continue;
                all[mix]++;
                contested[mix] += strstr(note, "\"deal\":\"N") != NULL;
            }
            rig_done(&rig);
        }
        if (contested[1] * 100 < 50 * all[1] || all[1] < 10)
            fail_msg("seed %d: %d of %d", (int)seed, contested[1], all[1]);
        assert_true(contested[0] * 100 < 50 * all[0]);
    }
}

/* --- what check says --- */

static void mix_mistakes_are_named(void **state)
{
    static const char *const cases[][2] = {
        {"mix: {area: {skill: 60, opportunity: 50}}\n",
         "the shares of the areas are 110 together in the mode 'steady'; 100 is all there is"},
        {"mix: {area: {opportunity: 50}, transformation: {area: {skill: 60}}}\n",
         "the shares of the areas are 110 together in the mode 'transformation'"},
        {"mix: {kind: {mental: 101}}\n", "mental"},
        {"mix: {kind: {mood: 10}}\n", "unknown key 'mood'"},
        {"mix: {mode: transformaton}\n", "did you mean 'transformation'?"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct load_file file = {"gritd.yaml", cases[i][0], strlen(cases[i][0])};
        struct problems problems;
        struct config *config = NULL;
        struct strbuf out = {0};
        problems_init(&problems);
        assert_int_not_equal(load_config(&file, NULL, &problems, &config), 0);
        problems_print(&problems, &out);
        if (!strstr(strbuf_text(&out), cases[i][1]))
            fail_msg("wanted: %s\ngot: %s", cases[i][1], strbuf_text(&out));
        strbuf_done(&out);
        config_free(config);
        problems_done(&problems);
    }
}

int main(void)
{
    static const struct play_case cases[] = {
        PLAY(shares_outlive_a_restart),     PLAY(share_without_a_rule_silences_nobody),
        PLAY(own_wish_goes_before_the_mix), PLAY(moment_goes_to_the_share_behind),
        PLAY(priority_goes_before_the_mix), PLAY(deals_fall_into_thirds),
    };
    const struct CMUnitTest months[] = {
        cmocka_unit_test(mental_share_keeps_its_floor),
        cmocka_unit_test(areas_share_the_month),
        cmocka_unit_test(transformation_shifts_the_mix),
        cmocka_unit_test(contested_deals_have_their_share),
        cmocka_unit_test(mix_mistakes_are_named),
    };
    int failed = play_run("mix", cases, ARRAY_LEN(cases));
    return failed + cmocka_run_group_tests_name("mix.months", months, NULL, NULL);
}
