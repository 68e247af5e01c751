/* The report from the store says what the core added up on the way, and keeps small groups to
 * itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_rig.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/report.h"
#include "engine/store_memory.h"

enum { TEAM = 14, ROUNDS = 12 };

static const char rules[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
    "rules:\n"
    "  - {rule: a, when: deal.stage_changed, tell: \"A word.\", class: alert, quiet: drop, "
    "outcome: {event: activity.logged, kind: call, within: 2d}, "
    "experiment: {arms: {this: 0.6, nothing: 0.4}}}\n"
    "  - {rule: plain, when: deal.amount_changed, tell: \"Other.\", class: alert, quiet: drop, "
    "outcome: {event: activity.logged, kind: email, within: 1d}}\n"
    "  - {rule: few, when: deal.won, tell: \"Well.\", class: alert, quiet: drop}\n"
    "  - {rule: asks, when: deal.lost, ask: q, quiet: drop}\n"
    "  - {rule: quiet, when: goal.set, tell: \"Never.\"}\n";

struct office {
    struct rig rig; /* book and zones */
    struct store *store;
    struct engine *engine;
    msec_t now;
    uint64_t random;
    int serial;
};

static unsigned roll(struct office *o, unsigned sides)
{
    o->random = o->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(o->random >> 33) % sides;
}

static void office_open(struct office *o)
{
    struct strbuf people = {0};
    struct err err;
    strbuf_puts(&people, "people:\n");
    for (int i = 0; i < TEAM; i++)
        strbuf_printf(&people, "  - {id: rep%02d, zone: America/Denver}\n", i);
    rig_init(&o->rig, &(struct rig_text){.people = strbuf_text(&people), .plugins = {rules}},
             "2026-03-02 09:00");
    strbuf_done(&people);
    o->now = o->rig.now;
    o->store = store_memory_new(&(struct store_memory_options){.finished = outbox_final_mask()});
    struct engine_options options = {.core = o->rig.options};
    assert_int_equal(engine_open(o->rig.book, o->store, &options, o->now, &err, &o->engine), 0);
}

static void office_done(struct office *o)
{
    engine_stop(o->engine);
    engine_close(o->engine);
    o->store->ops->close(o->store);
    rig_done(&o->rig);
}

static void until(struct office *o, msec_t t)
{
    for (msec_t wake; (wake = engine_next_wake(o->engine)) <= t;)
        engine_tick(o->engine, wake);
    o->now = t;
}

static void happen(struct office *o, struct event e, int rep, msec_t time)
{
    char id[16], who[8];
    (void)snprintf(id, sizeof(id), "h%d", ++o->serial);
    (void)snprintf(who, sizeof(who), "rep%02d", rep);
    struct event event;
    event_init(&event, e.type, time);
    event.deal = e.deal;
    event.to = e.to;
    event.kind = e.kind;
    event.id = id;
    event.source = "/test";
    event.key = event_key(event.source, event.id);
    event.rep = who;
    event.type_name = event_type_name(e.type);
    assert_int_equal(engine_take(o->engine, &event, o->now, NULL, NULL), ENGINE_TAKEN);
}

static void play(struct office *o)
{
    static const char *const deals[] = {"D1", "D2"};
    for (int round = 0; round < ROUNDS; round++) {
        for (int rep = 0; rep < TEAM; rep++) {
            const char *deal = deals[roll(o, 2)];
            happen(o,
                   (struct event){.type = EVENT_DEAL_STAGE_CHANGED, .deal = deal, .to = "propose"},
                   rep, o->now);
            happen(o, (struct event){.type = EVENT_DEAL_AMOUNT_CHANGED, .deal = deal}, rep, o->now);
            until(o, o->now + MSEC_MINUTE);
            if (roll(o, 2))
                happen(o,
                       (struct event){.type = EVENT_ACTIVITY_LOGGED,
                                      .deal = deals[roll(o, 2)],
                                      .kind = roll(o, 2) ? "call" : "email"},
                       rep, o->now - (msec_t)roll(o, 3) * 30 * MSEC_SECOND);
        }
        for (int rep = 0; rep < TEAM; rep++) /* what is over stays as it was */
            happen(o, (struct event){.type = EVENT_ACTIVITY_LOGGED, .deal = "D1", .kind = "call"},
                   rep, o->now - 4 * MSEC_DAY + MSEC_HOUR);
        until(o, o->now + (round % 5 == 4 ? 3 : 1) * MSEC_DAY - TEAM * MSEC_MINUTE);
    }
    for (int rep = 0; rep < 4; rep++)
        happen(o, (struct event){.type = EVENT_DEAL_WON, .deal = "D1"}, rep, o->now);
    until(o, o->now + MSEC_MINUTE);
}

static struct report make(struct office *o, msec_t from, msec_t to, msec_t now)
{
    struct report report;
    struct err err;
    assert_int_equal(
        report_make(engine_core(o->engine), o->store, NULL, from, to, now, &err, &report), 0);
    return report;
}

static const struct report_rule *rule_of(const struct report *report, const char *id)
{
    for (int i = 0; i < report->count; i++) {
        if (str_eq(report->rules[i].rule->id, id))
            return &report->rules[i];
    }
    fail();
    return NULL;
}

struct sums {
    const char *arm;
    long long people, count, hits;
};

/* What the core has stored of occasions that are over. */
static int on_state(void *user, const struct row *row)
{
    struct sums *sums = user;
    char start[32];
    long long count, hits;
    (void)snprintf(start, sizeof(start), "=a|%s|", sums->arm);
    if (row->state.kind != STATE_TRIAL || !str_starts(row->state.key, start))
        return 0;
    const char *text = strstr(row->state.value, "\"count\":");
    assert_int_equal(sscanf(text, "\"count\":%lld,\"hits\":%lld", &count, &hits), 2);
    sums->people++;
    sums->count += count;
    sums->hits += hits;
    return 0;
}

static void report_is_what_the_core_added_up(void **state)
{
    struct office o = {.random = 8};
    struct err err;
    (void)state;
    office_open(&o);
    play(&o);
    for (int later = 0; later < 2; later++) { /* while some are open, and when all are over */
        until(&o, o.now + later * 10 * MSEC_DAY);
        struct report report = make(&o, 0, o.now + 1, o.now);
        const struct report_rule *rule = rule_of(&report, "a");
        int64_t over = 0;
        assert_int_equal(rule->arm_count, 2);
        assert_int_equal(rule->base, 1);
        assert_true(rule->arms_shown);
        for (int i = 0; i < 2; i++) {
            struct sums sums = {.arm = rule->arms[i].name};
            assert_int_equal(o.store->ops->load_states(o.store, on_state, &sums, &err), 0);
            assert_int_equal(rule->arms[i].people, sums.people);
            assert_int_equal(rule->arms[i].occasions, sums.count);
            assert_int_equal(rule->arms[i].hits, sums.hits);
            assert_true(sums.hits > 0 && sums.hits < sums.count);
            over += sums.count;
        }
        assert_int_equal(rule->over, rule->arms[0].occasions);
        assert_int_equal(rule->hits, rule->arms[0].hits);
        assert_int_equal(rule->sent, rule->over + rule->open);
        assert_int_equal(rule->open == 0, later);
        assert_true(over <= TEAM * ROUNDS);
        report_done(&report);
    }
    office_done(&o);
}

static void report_counts_without_an_experiment(void **state)
{
    struct office o = {.random = 8};
    (void)state;
    office_open(&o);
    play(&o);
    until(&o, o.now + 10 * MSEC_DAY);
    struct report report = make(&o, 0, o.now, o.now);
    const struct report_rule *plain = rule_of(&report, "plain");
    assert_int_equal(plain->arm_count, 0);
    assert_int_equal(plain->people, TEAM);
    assert_int_equal(plain->over, plain->sent);
    assert_true(plain->hits > 0 && plain->hits < plain->sent);
    assert_int_equal(rule_of(&report, "few")->people, 4); /* the printer keeps that to itself */
    assert_int_equal(rule_of(&report, "quiet")->sent, 0);
    report_done(&report);
    office_done(&o);
}

/* Two halves make the whole. */
static void report_of_a_span_is_of_that_span(void **state)
{
    struct office o = {.random = 21};
    (void)state;
    office_open(&o);
    play(&o);
    until(&o, o.now + 10 * MSEC_DAY);
    msec_t middle = o.rig.now + 6 * MSEC_DAY;
    struct report whole = make(&o, 0, o.now, o.now), first = make(&o, 0, middle, o.now),
                  second = make(&o, middle, o.now, o.now);
    const struct report_rule *w = rule_of(&whole, "a"), *f = rule_of(&first, "a"),
                             *s = rule_of(&second, "a");
    assert_true(f->sent > 0 && s->sent > 0);
    assert_int_equal(w->sent, f->sent + s->sent);
    assert_int_equal(w->hits, f->hits + s->hits);
    for (int i = 0; i < 2; i++)
        assert_int_equal(w->arms[i].hits, f->arms[i].hits + s->arms[i].hits);
    report_done(&whole);
    report_done(&first);
    report_done(&second);
    office_done(&o);
}

static void report_says_when_there_is_not_enough(void **state)
{
    struct office o = {.random = 8};
    (void)state;
    office_open(&o);
    play(&o);
    until(&o, o.now + 10 * MSEC_DAY);
    struct report whole = make(&o, 0, o.now, o.now);
    struct report day = make(&o, 0, o.rig.now + MSEC_DAY / 2, o.now);
    const struct report_arm *arm = &rule_of(&whole, "a")->arms[0];
    assert_int_equal(arm->against.verdict, STATS_ENOUGH);
    assert_true(arm->against.low < arm->against.difference &&
                arm->against.difference < arm->against.high);
    assert_int_equal(rule_of(&day, "a")->arms[0].against.verdict, STATS_FEW_OCCASIONS);
    report_done(&whole);
    report_done(&day);
    office_done(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(report_is_what_the_core_added_up),
        cmocka_unit_test(report_counts_without_an_experiment),
        cmocka_unit_test(report_of_a_span_is_of_that_span),
        cmocka_unit_test(report_says_when_there_is_not_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
