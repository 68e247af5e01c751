/* What was stored is all there is: after a restart at any point the rest goes the same way, byte
 * for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <cmocka.h>

#include "core_play.h"

static const char people[] =
    "teams:\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, crm: [A1], leave: [2026-03-10 to 2026-03-11]}\n"
    "  - {id: ben, name: Ben Osei, team: west, zone: Europe/Berlin}\n"
    "  - {id: kim, name: Kim Lee, team: west, crm: [K1]}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, zone: America/Denver}\n";

static const char pipeline[] =
    "stages:\n"
    "  - {id: qualify, name: Qualify, crm: [Qualified]}\n"
    "  - {id: discover, name: Discovery, gates: [{seller: review, customer: confirmed}]}\n"
    "  - {id: propose, name: Proposal}\n";

static const char config[] =
    "limits: {prompts_per_day: 2, prompts_per_family_per_week: 6, open_conversations: 2}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "signals:\n"
    "  calls: {count: activity.logged, since: deal.lost, within: 48h}\n"
    "  days: {streak: activity.logged, at_least: 1 per working_day}\n"
    "  on_deal: {count: activity.logged, per: deal, window: 5d}\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: [\"{{deal.name}}: what one?\", "
    "\"{{deal.name}}: what two?\", \"{{deal.name}}: what three?\"]}\n"
    "  s: {kind: skill, reader: rep, answer: scale 1-5, text: [\"How, 1 to 5?\", \"And how?\"]}\n"
    "rules:\n"
    "  - {rule: stage, about: s, when: deal.stage_changed, ask: q, cooldown: 1d}\n"
    "  - {rule: loss, about: s, when: deal.lost, ask: q, inhibit: [stage, half], priority: 3}\n"
    "  - {rule: half, about: s, when: {event: gate.completed, side: seller}, "
    "if: {gate.customer: missing}, for: 1d, unless: [deal.won], ask: q, limit: 2 per deal}\n"
    "  - {rule: stalled, about: s, when: activity.logged, for: 2 working days, "
    "unless: activity.logged, ask: s}\n"
    "  - {rule: goal, about: s, when: goal.set, for: 1d, unless: goal.progress, ask: s}\n"
    "  - {rule: plan, about: s, every: weekday at 09:00, ask: s, pick: adaptive, "
    "limit: 2 per week}\n"
    "  - {rule: boss, about: s, when: deal.won, ask: s, to: manager}\n"
    "  - {rule: coin, about: s, when: [deal.created, deal.owner_changed], ask: [q, s], limit: 3 "
    "per month, "
    "cooldown: 8h, outcome: {event: activity.logged, within: 2d}, "
    "experiment: {arms: {q: 0.3, s: 0.2, nothing: 0.5}}}\n"
    "  - {rule: news, about: s, when: deal.amount_changed, tell: \"{{deal.name}} has changed.\"}\n"
    "  - rule: thanks\n    about: effort\n    when: activity.logged\n"
    "    if: {any: [{signal.calls: {at_least: 2}}, {signal.days: {at_least: 3}}, "
    "{signal.on_deal: {at_least: 3}}]}\n"
    "    praise: [\"{{signal.days}} days.\", \"{{event.kind}} and {{signal.on_deal}}.\"]\n"
    "    limit: 3 per month\n"
    "  - rule: robot\n    about: effort\n    when: activity.logged\n    via: bot\n"
    "    if: {signal.days: {at_least: 2}}\n    praise: \"{{signal.days}} days.\"\n";

struct scenario {
    struct rig rig;
    uint64_t random;
    char keys[16][64]; /* of messages with buttons, newest last */
    int key_count;
    struct message *failing; /* a message that will turn out not to have arrived */
};

static unsigned roll(struct scenario *s, unsigned sides)
{
    s->random = s->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(s->random >> 33) % sides;
}

static const char *pick(struct scenario *s, const char *const *list, unsigned count)
{
    return list[roll(s, count)];
}

static void happen(struct scenario *s, msec_t at)
{
    static const char *const reps[] = {"ana", "A1", "ben", "kim", "K1", NULL};
    static const char *const deals[] = {"D1", "D2", "D3", "D4", NULL};
    static const char *const stages[] = {"Qualified", "discover", "propose"};
    static const char *const kinds[] = {"call", "email", "meeting"};
    static const char *const gates[] = {"review", "confirmed"};
    static const enum event_type types[] = {
        EVENT_DEAL_CREATED,        EVENT_DEAL_STAGE_CHANGED, EVENT_DEAL_STAGE_CHANGED,
        EVENT_DEAL_AMOUNT_CHANGED, EVENT_DEAL_OWNER_CHANGED, EVENT_DEAL_WON,
        EVENT_DEAL_LOST,           EVENT_DEAL_REOPENED,      EVENT_ACTIVITY_LOGGED,
        EVENT_ACTIVITY_LOGGED,     EVENT_ACTIVITY_LOGGED,    EVENT_GATE_COMPLETED,
        EVENT_GATE_COMPLETED,      EVENT_GATE_REVERTED,      EVENT_GOAL_SET,
        EVENT_GOAL_PROGRESS,       EVENT_REP_AWAY,           EVENT_REP_BACK};
    struct event e = {.type = types[roll(s, ARRAY_LEN(types))]};
    bool owner = roll(s, 3) == 0;
    const char *who = pick(s, reps, ARRAY_LEN(reps));
    *(owner ? &e.owner : &e.rep) = who;
    e.deal = e.type < EVENT_GOAL_SET ? pick(s, deals, ARRAY_LEN(deals)) : NULL;
    if (e.type <= EVENT_DEAL_DELETED && !e.deal)
        e.deal = "D1";
    e.to = pick(s, stages, 3);
    e.kind = pick(s, kinds, 3);
    e.gate = pick(s, gates, 2);
    e.side = str_eq(e.gate, "review") ? "seller" : "customer";
    e.amount = roll(s, 2) ? (int64_t)roll(s, 100000) : 0;
    e.goal = "calls";
    e.away_until = at + (msec_t)roll(s, 40) * MSEC_HOUR + 1;
    msec_t late = roll(s, 5) ? 0 : (msec_t)roll(s, 60) * MSEC_HOUR;
    struct event event = rig_event(&s->rig, e, at - late);
    event.at = at;
    rig_step(&s->rig, &event);
}

static void talk(struct scenario *s, msec_t at)
{
    static const char *const who[] = {"ana", "ben", "kim", "dana"};
    static const char *const words[] = {"4",           "Tomorrow I call.",
                                        "later",       "skip",
                                        "why",         "pause 5h",
                                        "resume",      "help",
                                        "later",       "less",
                                        "more",        "quiet 12-13",
                                        "quiet off",   "topics off 1",
                                        "topics all",  "log call D1",
                                        "log 2 calls", "log email D1, no answer",
                                        "1",           "less 9",
                                        "resume"};
    static const char *const buttons[] = {"answer",     "later",       "skip",    "why",
                                          "send",       "edit",        "stop",    "less",
                                          "other_time", "wrong_topic", "not_true"};
    struct event e = {.chat = pick(s, who, 4), .type = EVENT_SAID};
    e.text = pick(s, words, ARRAY_LEN(words));
    if (s->key_count && roll(s, 3)) {
        e.type = EVENT_CLICKED;
        e.message = s->keys[roll(s, (unsigned)s->key_count)];
        e.button = pick(s, buttons, ARRAY_LEN(buttons));
    }
    struct event event = rig_event(&s->rig, e, at);
    event.at = at;
    rig_step(&s->rig, &event);
}

static void drop_send(struct rig *rig, const struct message *message)
{
    for (size_t i = 0; i < rig->count; i++) {
        struct rig_row *row = &rig->rows[i];
        if (row->kind == -2 && row->at == message->at && str_eq(row->key, message->rule) &&
            str_eq(row->rep, message->rep))
            row->kind = -3;
    }
}

static void fail_one(struct scenario *s, msec_t at)
{
    if (!s->failing)
        return;
    s->rig.now = at;
    core_send_failed(s->rig.core, s->failing, "the platform refused it", at, &s->rig.step);
    drop_send(&s->rig, s->failing);
    rig_take(&s->rig);
    if (s->rig.restarts)
        rig_restart(&s->rig);
    free(s->failing);
    s->failing = NULL;
}

/* The newest keys, and now and then a message for later trouble. */
static void look_at(struct scenario *s)
{
    const struct rig *rig = &s->rig;
    if (s->key_count && str_eq(s->keys[s->key_count - 1], rig->last_key))
        return;
    if (!*rig->last_key)
        return;
    if (s->key_count == 16) {
        memmove(s->keys[0], s->keys[1], sizeof(s->keys) - sizeof(s->keys[0]));
        s->key_count--;
    }
    memcpy(s->keys[s->key_count++], rig->last_key, sizeof(rig->last_key));
}

static void catch_message(struct scenario *s)
{
    const struct step *step = &s->rig.step;
    for (size_t i = 0; i < step->count && !s->rig.restarts; i++) {
        if (step->intents[i].type == INTENT_SEND && step->intents[i].send.rule && !s->failing)
            s->failing = message_dup(&step->intents[i].send);
    }
}

enum { STEPS = 400 };

/* Plays one random scenario; the restart happens after step `restart` (-1 never, STEPS after each).
 */
static char *play(uint64_t seed, int restart)
{
    struct scenario s = {.random = seed};
    struct rig *rig = &s.rig;
    struct rig_text text = {
        .people = people, .pipeline = pipeline, .config = config, .plugins = {plugin}};
    rig->full = true;
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    rig->restarts = restart == STEPS;
    for (int i = 0; i < STEPS; i++) {
        msec_t at = rig->now + (msec_t)roll(&s, 8 * 60) * MSEC_MINUTE;
        unsigned what = roll(&s, 10);
        rig_until_msec(rig, at);
        look_at(&s);
        if (what < 7)
            happen(&s, at);
        else
            talk(&s, at);
        look_at(&s);
        if (i == restart)
            rig_restart(rig);
    }
    struct strbuf end = {0};
    core_dump(rig->core, &end);
    strbuf_puts(&rig->lines, strbuf_text(&end));
    strbuf_done(&end);
    free(s.failing);
    char *transcript = strbuf_take(&rig->lines);
    rig_done(rig);
    return transcript;
}

static void assert_same(const char *a, const char *b, uint64_t seed, int restart)
{
    if (strcmp(a, b) == 0)
        return;
    size_t same = 0; /* a little before the first byte that differs */
    while (a[same] && a[same] == b[same])
        same++;
    same -= same < 200 ? same : 200;
    fail_msg("seed %llu, restart after %d:\nwithout: %.400s\nwith: %.400s",
             (unsigned long long)seed, restart, a + same, b + same);
}

/* FM-D10 */
static void persist_restart_after_every_step_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        CLEANUP_FREE char *straight = play(seed, -1);
        CLEANUP_FREE char *restarted = play(seed, STEPS);
        assert_true(strlen(straight) > 20000);
        assert_same(straight, restarted, seed, STEPS);
    }
}

static void persist_restart_after_any_prefix_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 22; seed++) {
        CLEANUP_FREE char *straight = play(seed, -1);
        for (int prefix = 0; prefix < STEPS; prefix += 13) {
            CLEANUP_FREE char *restarted = play(seed, prefix);
            assert_same(straight, restarted, seed, prefix);
        }
    }
}

/* FM-B06 */
static void persist_playing_twice_gives_equal_bytes(void **state)
{
    (void)state;
    CLEANUP_FREE char *first = play(99, -1);
    CLEANUP_FREE char *second = play(99, -1);
    assert_string_equal(first, second);
}

/* Messages that turn out not to have arrived are taken back, before and after a restart. */
static void persist_failed_sends_stay_taken_back(void **state)
{
    (void)state;
    struct rig_text text = {
        .people = people, .pipeline = pipeline, .config = config, .plugins = {plugin}};
    for (int with = 0; with < 2; with++) {
        struct scenario s = {.random = 3};
        struct rig *rig = &s.rig;
        rig_init(rig, &text, "2026-03-02 00:00");
        rig_start(rig);
        GIVE(rig, "2026-03-02 10:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "kim", .deal = "D1",
             .to = "propose");
        catch_message(&s);
        rig->restarts = with;
        fail_one(&s, rig_time(rig, "2026-03-02 10:05"));
        strbuf_clear(&rig->lines);
        GIVE(rig, "2026-03-02 11:00", .type = EVENT_DEAL_STAGE_CHANGED, .rep = "kim", .deal = "D1",
             .to = "discover"); /* neither the cooldown nor the open conversation counts */
        rig_expect(rig, "03-02 11:00 kim stage sent\n");
        rig_done(rig);
    }
}

static void persist_unreadable_state_is_refused(void **state)
{
    (void)state;
    struct rig rig = {0};
    struct err err = {0};
    rig_init(&rig, &(struct rig_text){.people = people}, "2026-03-02 00:00");
    assert_int_equal(core_load_state(rig.core, STATE_PERSON, "ana", "{\"chat\":", &err), -EINVAL);
    assert_non_null(strstr(err.text, "'ana' is not readable"));
    assert_int_equal(core_load_state(rig.core, STATE_DEAL, "D1", "[]", &err), -EINVAL);
    assert_int_equal(core_load_state(rig.core, STATE_META, "x", "[]", &err), 0);
    rig_done(&rig);
}

static int deals_written(const struct step *step)
{
    int count = 0;
    for (size_t i = 0; i < step->count; i++)
        count += step->intents[i].type == INTENT_STATE && step->intents[i].state.kind == STATE_DEAL;
    return count;
}

/* What is read is not written back: a year's deals would be one long commit, and in memory twice.
 */
static void persist_restart_writes_no_deal_that_it_read(void **state)
{
    (void)state;
    struct rig rig = {0};
    rig_init(&rig, &(struct rig_text){.people = people, .pipeline = pipeline}, "2026-03-02 00:00");
    rig_start(&rig);
    GIVE(&rig, "2026-03-02 10:00", .type = EVENT_DEAL_CREATED, .rep = "ana", .deal = "D1");
    assert_int_equal(deals_written(&rig.step), 1);
    rig_restart(&rig);
    assert_int_equal(deals_written(&rig.step), 0);
    GIVE(&rig, "2026-03-02 11:00", .type = EVENT_DEAL_WON, .rep = "ana", .deal = "D1");
    assert_int_equal(deals_written(&rig.step), 1);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persist_playing_twice_gives_equal_bytes),
        cmocka_unit_test(persist_restart_after_every_step_changes_nothing),
        cmocka_unit_test(persist_restart_after_any_prefix_changes_nothing),
        cmocka_unit_test(persist_failed_sends_stay_taken_back),
        cmocka_unit_test(persist_unreadable_state_is_refused),
        cmocka_unit_test(persist_restart_writes_no_deal_that_it_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
