/* The fold: the same end in whatever order events come, and however often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

static const char people[] =
    "teams:\n"
    "  - {id: west, name: West, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, crm: [A1], email: Ana@Example.com}\n"
    "  - {id: ben, name: Ben Osei, crm: [B1], email: ben@example.com}\n"
    "  - {id: kim, name: Kim Lee}\n"
    "  - {id: dana, name: Dana Okafor, role: manager}\n";

static const char pipeline[] =
    "stages:\n"
    "  - {id: qualify, name: Qualify, crm: [Qualified, \"7\"]}\n"
    "  - {id: prospect, name: Prospect}\n"
    "  - {id: propose, name: Propose}\n"
    "  - {id: negotiate, name: Negotiate}\n"
    "  - {id: discover, name: Discovery, gates: [{seller: review, customer: confirmed}]}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
    "rules:\n"
    "  - {rule: neither, about: s, when: goal.set, if: {gate.seller: missing, gate.customer: "
    "missing}, ask: q}\n"
    "  - {rule: seller, about: s, when: goal.set, if: {gate.seller: present, gate.customer: "
    "missing}, ask: q}\n"
    "  - {rule: customer, about: s, when: goal.set, if: {gate.seller: missing, gate.customer: "
    "present}, ask: q}\n"
    "  - {rule: both, about: s, when: goal.set, if: {gate.seller: present, gate.customer: "
    "present}, ask: q}\n"
    "  - {rule: rich, about: s, when: deal.amount_changed, if: {deal.amount: {at_least: 20000.5}}, "
    "ask: q}\n";

static const char loose[] = "limits: {prompts_per_day: 50, prompts_per_family_per_week: 50, "
                            "open_conversations: 50, hours: Mon-Sun 00:00-24:00}\n";

static void begin(struct rig *rig)
{
    struct rig_text text = {
        .people = people, .pipeline = pipeline, .config = loose, .plugins = {plugin}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    strbuf_clear(&rig->lines);
}

static struct deal_view deal_of(struct rig *rig, const char *id)
{
    for (size_t i = 0; i < core_deal_count(rig->core); i++) {
        if (str_eq(core_deal_at(rig->core, i).id, id))
            return core_deal_at(rig->core, i);
    }
    fail_msg("there is no deal %s", id);
    return (struct deal_view){0};
}

/* --- last writer wins --- */

/* FM-F05 */
static void fold_later_time_wins_and_a_late_event_does_not(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .to = "discover", .amount = 500);
    rig_late(rig, "2026-03-02 09:00", "2026-03-02 11:00",
             (struct event){.type = EVENT_DEAL_STAGE_CHANGED,
                            .rep = "ana",
                            .deal = "D1",
                            .to = "qualify",
                            .amount = 300,
                            .account = "Acme"});
    assert_string_equal(deal_of(rig, "D1").stage, "discover");
    assert_int_equal(deal_of(rig, "D1").amount, 500);
    assert_string_equal(deal_of(rig, "D1").account, "Acme"); /* nobody said it later */
}

static void fold_repeated_value_renews_its_stamp_over_a_restart(struct rig *rig)
{
    begin(rig);
    struct event stage = {.type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1"};
    stage.to = "discover";
    rig_late(rig, "2026-03-02 10:00", NULL, stage);
    rig_late(rig, "2026-03-02 12:00", NULL, stage);
    stage.to = "qualify";
    rig_late(rig, "2026-03-02 11:00", "2026-03-02 13:00", stage);
    assert_string_equal(deal_of(rig, "D1").stage, "discover");
}

static void fold_equal_times_are_settled_by_the_id(struct rig *rig)
{
    begin(rig);
    struct event one = {.type = EVENT_DEAL_CREATED, .id = "x", .rep = "ana", .account = "X"};
    struct event two = {.type = EVENT_DEAL_CREATED, .id = "y", .rep = "ana", .account = "Y"};
    one.deal = two.deal = "D1";
    rig_late(rig, "2026-03-02 10:00", NULL, one);
    rig_late(rig, "2026-03-02 10:00", NULL, two);
    one.deal = two.deal = "D2";
    rig_late(rig, "2026-03-02 10:00", NULL, two);
    rig_late(rig, "2026-03-02 10:00", NULL, one);
    assert_string_equal(deal_of(rig, "D1").account, deal_of(rig, "D2").account);
}

static void fold_event_of_the_future_counts_as_now(struct rig *rig)
{
    begin(rig);
    struct event e = rig_event(
        rig, (struct event){.type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1", .account = "F"},
        rig_time(rig, "2027-01-01 00:00"));
    e.at = rig_time(rig, "2026-03-02 10:00");
    rig_step(rig, &e);
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1",
         .account = "Now");
    assert_string_equal(deal_of(rig, "D1").account, "Now");
}

static void fold_stage_words_and_the_ends_are_mapped(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1",
         .stage = "QUALIFIED");
    assert_string_equal(deal_of(rig, "D1").stage, "qualify");
    GIVE(rig, "2026-03-02 10:01", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "ana", .deal = "D1",
         .to = "Not In The File");
    assert_string_equal(deal_of(rig, "D1").stage, "Not In The File");
    GIVE(rig, "2026-03-02 10:02", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1",
         .stage = "discover"); /* a copy of unknown age */
    assert_string_equal(deal_of(rig, "D1").stage, "Not In The File");
    GIVE(rig, "2026-03-02 10:03", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1", .stage = "7");
    assert_string_equal(deal_of(rig, "D1").stage, "won");
    GIVE(rig, "2026-03-02 10:04", .type = EVENT_DEAL_REOPENED, .rep = "ana", .deal = "D1");
    assert_string_equal(deal_of(rig, "D1").stage, "prospect");
    GIVE(rig, "2026-03-02 10:05", .type = EVENT_DEAL_DELETED, .rep = "ana", .deal = "D1");
    assert_true(deal_of(rig, "D1").deleted);
}

static void fold_word_that_the_pipeline_learns_later_is_mapped_then(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1",
         .stage = "Brand New");
    struct rig_text text = {.people = people,
                            .pipeline = "stages: [{id: discover, name: D, crm: [brand new]}]\n",
                            .plugins = {plugin}};
    struct book *old = rig->book;
    rig->book = rig_book(rig, &text);
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    book_free(old);
    assert_string_equal(deal_of(rig, "D1").stage, "discover");
}

/* --- owners --- */

static void fold_owner_change_moves_the_deal(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .owner = "A1", .deal = "D1");
    assert_string_equal(deal_of(rig, "D1").rep, "ana");
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_OWNER_CHANGED, .owner = "B1", .deal = "D1");
    assert_string_equal(deal_of(rig, "D1").rep, "ben");
    GIVE(rig, "2026-03-02 12:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .deal = "D1");
    assert_string_equal(deal_of(rig, "D1").rep, "ben"); /* a colleague may help */
    GIVE(rig, "2026-03-02 13:00", .type = EVENT_DEAL_OWNER_CHANGED, .owner = "who", .deal = "D1");
    assert_null(deal_of(rig, "D1").rep);
    assert_string_equal(deal_of(rig, "D1").owner, "who");
}

/* FM-J02 */
static void fold_key_of_two_people_leads_to_nobody(struct rig *rig)
{
    begin(rig);
    rig->book->people[1].crm[0] = "a1"; /* the loader refuses this */
    core_set_book(rig->core, rig->book, rig->now, &rig->step);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .owner = "A1", .deal = "D1");
    assert_null(deal_of(rig, "D1").rep);
    GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_OWNER_CHANGED, .owner = "ana@EXAMPLE.com",
         .deal = "D1");
    assert_string_equal(deal_of(rig, "D1").rep, "ana");
}

/* --- gates, money, absence --- */

#define GATE(rig, when, kind, which)                                                               \
    GIVE(rig, when, .type = (kind), .rep = "kim", .deal = "D1", .gate = (which))
#define ASK(rig, when) GIVE(rig, when, .type = EVENT_GOAL_SET, .rep = "kim", .deal = "D1")

/* B77: the four cases of two halves */
static void fold_gate_halves_have_four_cases(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_DEAL_CREATED, .rep = "kim", .deal = "D1",
         .stage = "discover");
    ASK(rig, "2026-03-02 10:00");
    GATE(rig, "2026-03-02 10:01", EVENT_GATE_COMPLETED, "review");
    ASK(rig, "2026-03-02 10:02");
    GATE(rig, "2026-03-02 10:03", EVENT_GATE_COMPLETED, "confirmed");
    ASK(rig, "2026-03-02 10:04");
    GATE(rig, "2026-03-02 10:05", EVENT_GATE_REVERTED, "review");
    ASK(rig, "2026-03-02 10:06");
    rig_late(rig, "2026-03-02 10:04", "2026-03-02 10:07",
             (struct event){.type = EVENT_GATE_COMPLETED,
                            .rep = "kim",
                            .deal = "D1",
                            .gate = "review"}); /* older than the reversal */
    ASK(rig, "2026-03-02 10:08");
    rig_expect(rig, "03-02 10:00 kim neither sent\n"
                    "03-02 10:02 kim seller sent\n"
                    "03-02 10:04 kim both sent\n"
                    "03-02 10:06 kim customer sent\n"
                    "03-02 10:08 kim customer sent\n");
}

static void fold_money_is_compared_exactly(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_AMOUNT_CHANGED, .rep = "kim", .deal = "D1",
         .amount = 2000049, .currency = "EUR");
    GIVE(rig, "2026-03-02 10:01", .type = EVENT_DEAL_AMOUNT_CHANGED, .rep = "kim", .deal = "D1",
         .amount = 2000050, .currency = "EUR");
    rig_expect(rig, "03-02 10:01 kim rich sent\n");
    assert_int_equal(deal_of(rig, "D1").amount, 2000050);
}

static void fold_back_ends_the_absence_it_falls_into(struct rig *rig)
{
    begin(rig);
    GIVE(rig, "2026-03-02 09:00", .type = EVENT_REP_BACK, .rep = "kim"); /* of nothing */
    GIVE(rig, "2026-03-02 10:00", .type = EVENT_REP_AWAY, .rep = "kim",
         .away_until = rig_time(rig, "2026-03-06 00:00"));
    rig_late(rig, "2026-03-03 08:00", "2026-03-03 12:00",
             (struct event){.type = EVENT_REP_BACK, .rep = "kim"});
    GIVE(rig, "2026-03-03 13:00", .type = EVENT_GOAL_SET, .rep = "kim", .deal = "D1");
    GIVE(rig, "2026-03-04 10:00", .type = EVENT_REP_AWAY, .rep = "kim"); /* nobody knows how long */
    GIVE(rig, "2026-03-05 10:00", .type = EVENT_GOAL_SET, .rep = "kim", .deal = "D1");
    rig_expect(rig, "03-03 13:00 kim neither sent\n03-05 10:00 kim neither suppressed leave\n");
}

/* --- any order --- */

enum { STREAM = 160 };

static unsigned roll(uint64_t *random, unsigned sides)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33) % sides;
}

static void fill(struct rig *rig, struct event *events, char (*ids)[16], uint64_t *random)
{
    static const char *const reps[] = {"ana", "ben", "kim"};
    static const char *const owners[] = {"A1", "B1", "kim", "shared", "who"};
    static const char *const deals[] = {"D1", "D2", "D3"};
    static const char *const stages[] = {"Qualified", "discover", "odd"};
    static const char *const zones[] = {"Europe/Berlin", "Asia/Tokyo", NULL};
    static const enum event_type types[] = {EVENT_DEAL_CREATED,
                                            EVENT_DEAL_STAGE_CHANGED,
                                            EVENT_DEAL_AMOUNT_CHANGED,
                                            EVENT_DEAL_OWNER_CHANGED,
                                            EVENT_DEAL_WON,
                                            EVENT_DEAL_LOST,
                                            EVENT_DEAL_REOPENED,
                                            EVENT_DEAL_DELETED,
                                            EVENT_ACTIVITY_LOGGED,
                                            EVENT_ACTIVITY_LOGGED,
                                            EVENT_GATE_COMPLETED,
                                            EVENT_GATE_REVERTED,
                                            EVENT_REP_JOINED,
                                            EVENT_REP_LEFT,
                                            EVENT_REP_AWAY,
                                            EVENT_REP_BACK};
    for (int i = 0; i < STREAM; i++) {
        struct event e = {.type = types[roll(random, ARRAY_LEN(types))]};
        e.rep = reps[roll(random, 3)];
        e.deal = e.type < EVENT_REP_JOINED ? deals[roll(random, 3)] : NULL;
        e.owner = e.type <= EVENT_DEAL_DELETED ? owners[roll(random, 5)] : NULL;
        e.to = e.stage = stages[roll(random, 3)];
        e.gate = roll(random, 2) ? "review" : "confirmed";
        e.zone = zones[roll(random, 3)];
        e.manager = roll(random, 2) ? "dana" : NULL;
        e.account = roll(random, 2) ? "Acme" : NULL;
        e.amount = (int64_t)roll(random, 3) * 100;
        e.kind = roll(random, 2) ? "call" : "email";
        (void)snprintf(ids[i], sizeof(ids[i]), "s%03d", i);
        e.id = ids[i];
        /* few instants, so that many events share one */
        events[i] = rig_event(rig, e, rig->now - (msec_t)roll(random, 40) * MSEC_HOUR);
    }
}

static char *end_of(struct rig *rig, const struct event *events, const int *order, size_t count)
{
    struct core *core = core_new(rig->book, &rig->options);
    struct strbuf dump = {0};
    core_ready(core, rig->now, &rig->step);
    for (size_t i = 0; i < count; i++) {
        struct event event = events[order[i]];
        event.at = rig->now;
        core_step(core, &event, &rig->step);
    }
    core_dump(core, &dump);
    core_free(core);
    return strbuf_take(&dump);
}

/* B78: events in any order, also twice, end in the same state FM-F05 */
static void fold_any_order_with_repetitions_ends_the_same(struct rig *rig)
{
    static char ids[STREAM][16];
    struct event events[STREAM];
    begin(rig);
    rig->now = rig_time(rig, "2026-03-20 12:00");
    for (uint64_t seed = 1; seed <= 10; seed++) {
        uint64_t random = seed;
        int order[STREAM * 2];
        fill(rig, events, ids, &random);
        for (int i = 0; i < STREAM; i++)
            order[i] = i;
        CLEANUP_FREE char *straight = end_of(rig, events, order, STREAM);
        for (int shuffle = 0; shuffle < 10; shuffle++) {
            size_t count = STREAM;
            for (int i = 0; i < STREAM; i++)
                order[i] = i;
            while (count < STREAM + 40)
                order[count++] = (int)roll(&random, STREAM);
            for (size_t i = count - 1; i > 0; i--) {
                size_t k = roll(&random, (unsigned)i + 1);
                int swap = order[i];
                order[i] = order[k];
                order[k] = swap;
            }
            CLEANUP_FREE char *shuffled = end_of(rig, events, order, count);
            assert_string_equal(straight, shuffled);
        }
    }
}

int main(void)
{
    const struct play_case cases[] = {
        PLAY(fold_later_time_wins_and_a_late_event_does_not),
        PLAY(fold_repeated_value_renews_its_stamp_over_a_restart),
        PLAY(fold_equal_times_are_settled_by_the_id),
        PLAY(fold_event_of_the_future_counts_as_now),
        PLAY(fold_stage_words_and_the_ends_are_mapped),
        PLAY(fold_word_that_the_pipeline_learns_later_is_mapped_then),
        PLAY(fold_owner_change_moves_the_deal),
        PLAY(fold_key_of_two_people_leads_to_nobody),
        PLAY(fold_gate_halves_have_four_cases),
        PLAY(fold_money_is_compared_exactly),
        PLAY(fold_back_ends_the_absence_it_falls_into),
        PLAY(fold_any_order_with_repetitions_ends_the_same),
    };
    return play_run("fold", cases, ARRAY_LEN(cases));
}
