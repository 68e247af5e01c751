/* A made-up stream whose figures were computed by other code: the core must find the same ones, and
 * the same decisions whether the events come in order or late and twice.
 *
 * By the rule language: all counts, the streak of weekdays, the losing run (the longest value of a
 * count since the last win; the longest is taken here), and every quiet spell (for: 14d, unless).
 * Not expressible: an answer to a loss that was not the last one before it, because `since` looks
 * at the last one only; those pairs are worked out here from the events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "core_play.h"
#include "engine/simulate.h"
#include "shared.h"
#include "wire/cloudevents.h"

static const char config[] =
    "limits: {hours: Mon-Fri 00:00-24:00, prompts_per_day: 50, prompts_per_family_per_week: 50}\n";

static const char plugin[] =
    "plugin: truth\nabout: Figures of a test.\nversion: 1\narea: skill\n"
    "signals:\n"
    "  activity_logged: {count: activity.logged, automated: true}\n"
    "  activity_call: {count: activity.logged, kind: call}\n"
    "  activity_email: {count: activity.logged, kind: email}\n"
    "  activity_demo: {count: activity.logged, kind: demo}\n"
    "  activity_meeting: {count: activity.logged, kind: meeting}\n"
    "  activity_note: {count: activity.logged, kind: note}\n"
    "  deal_created: {count: deal.created}\n"
    "  deal_lost: {count: deal.lost}\n"
    "  deal_won: {count: deal.won}\n"
    "  deal_stage_changed: {count: deal.stage_changed}\n"
    "  gate_completed: {count: gate.completed}\n"
    "  goal_set: {count: goal.set}\n"
    "  rep_joined: {count: rep.joined}\n"
    "  rep_away: {count: rep.away}\n"
    "  losing_run: {count: deal.lost, since: deal.won}\n"
    "  weekdays: {streak: activity.logged, at_least: 1 per working_day}\n"
    "  back: {count: activity.logged, direction: outbound, since: deal.lost, within: 24h}\n"
    "  contacts: {count: activity.logged, direction: outbound, since: deal.lost}\n"
    "rules:\n"
    "  - rule: stalled\n"
    "    about: nothing happened for two weeks\n"
    "    when: [deal.created, deal.stage_changed, gate.completed, activity.logged]\n"
    "    if: {deal.stage: [prospect, qualify, discover, propose, negotiate]}\n"
    "    for: 14d\n"
    "    unless: [deal.created, deal.stage_changed, gate.completed, activity.logged, deal.won, "
    "deal.lost, deal.deleted]\n"
    "    tell: \"{{deal.id}} is quiet.\"\n"
    "    quiet: drop\n"
    "  - rule: back\n"
    "    about: first contact after a loss\n"
    "    when: {event: activity.logged, direction: outbound}\n"
    "    if: {signal.back: 1, signal.contacts: 1}\n"
    "    tell: \"{{deal.id}}: back.\"\n"
    "    quiet: drop\n";

/* One event of a line; what is made of it lives in the arena. */
struct stream {
    struct arena arena;
    struct event *events;
    size_t count, cap;
};

static void stream_read(struct stream *stream, const char *text)
{
    arena_init(&stream->arena);
    while (*text) {
        size_t length = strcspn(text, "\n");
        struct err err = {0};
        ARRAY_GROW(stream->events, stream->count, stream->cap);
        if (length &&
            cloudevents_parse(text, length, &stream->arena, &err, &stream->events[stream->count++]))
            fail_msg("line %zu: %s", stream->count, err.text);
        text += length + (text[length] == '\n');
    }
}

static void stream_done(struct stream *stream)
{
    arena_done(&stream->arena);
    free(stream->events);
}

struct truth {
    struct rig rig;
    const json_t *json;
    struct strbuf decisions;
    struct stream ordered, delivered;
    json_t *runs, *streaks; /* rep -> the longest so far */
    json_t *stalled, *back; /* what was decided: "deal since-ms" and ids of events */
};

static msec_t json_time(const json_t *object, const char *key)
{
    msec_t t = 0;
    assert_int_equal(msec_parse(json_string_value(json_object_get(object, key)), &t), 0);
    return t;
}

/* people.yaml of the file: everybody in the zone it names. */
static char *people_of(const json_t *truth)
{
    struct strbuf yaml = {0};
    const char *name;
    json_t *rep, *reps = json_object_get(json_object_get(truth, "about"), "reps");
    strbuf_puts(&yaml, "people:\n");
    json_object_foreach(reps, name, rep)
    {
        strbuf_printf(&yaml, "  - {id: %s, name: %s, zone: %s}\n", name, name,
                      json_string_value(json_object_get(rep, "tz")));
    }
    return strbuf_take(&yaml);
}

/* --- watching the ordered stream --- */

static void keep_longest(json_t *longest, const char *rep, int64_t value)
{
    const json_t *known = json_object_get(longest, rep);
    if (value != NUMBER_NONE && (!known || json_integer_value(known) < value / 1000))
        json_object_set_new(longest, rep, json_integer(value / 1000));
}

static void on_step(void *user, struct core *core, const struct event *event)
{
    struct truth *truth = user;
    if (event->type == EVENT_DEAL_LOST) {
        bool won = core_signal(core, "deal_won", event->rep, NULL, event->time) > 0;
        keep_longest(
            truth->runs, event->rep,
            core_signal(core, won ? "losing_run" : "deal_lost", event->rep, NULL, event->time));
    } else if (event->type == EVENT_ACTIVITY_LOGGED) {
        keep_longest(truth->streaks, event->rep,
                     core_signal(core, "weekdays", event->rep, NULL, event->time));
    }
}

static void on_decision(void *user, const struct decision *decision)
{
    struct truth *truth = user;
    char at[MSEC_TEXT_BYTES], key[128];
    decision_encode(decision, &truth->decisions);
    strbuf_putc(&truth->decisions, '\n');
    if (str_eq(decision->outcome, "cancelled"))
        return;
    if (str_eq(decision->rule, "stalled")) {
        (void)snprintf(key, sizeof(key), "%s %s", decision->deal, msec_format(decision->at, at));
        json_object_set_new(truth->stalled, key, json_true());
    } else {
        json_object_set_new(truth->back, decision->occurrence, json_true());
    }
}

static void simulate(struct truth *truth, const struct stream *stream)
{
    struct event_packed *copy = NEW_ARRAY(struct event_packed, stream->count);
    struct arena arena;
    const json_t *about = json_object_get(truth->json, "about");
    struct simulate_options options = {.book = truth->rig.book,
                                       .core = truth->rig.options,
                                       .from = json_time(about, "start"),
                                       .to = json_time(about, "end") + 1,
                                       .decided = on_decision,
                                       .stepped = on_step,
                                       .user = truth};
    struct simulate_result result;
    arena_init(&arena);
    for (size_t i = 0; i < stream->count; i++)
        copy[i] = event_pack(&stream->events[i], &arena);
    simulate_run(&options, copy, stream->count, &result);
    assert_int_equal(result.events, truth->ordered.count);
    assert_int_equal(result.repeated, stream->count - truth->ordered.count);
    free(copy);
    arena_done(&arena);
}

/* --- the figures --- */

static void check_counts(struct truth *truth, struct core *core, msec_t end)
{
    const char *rep, *name;
    json_t *row, *count;
    json_object_foreach(json_object_get(truth->json, "per_rep"), rep, row)
    {
        json_object_foreach(json_object_get(row, "counts"), name, count)
        {
            char signal[64];
            (void)snprintf(signal, sizeof(signal), "%s", name);
            for (char *p = signal; *p; p++)
                *p = *p == '.' ? '_' : *p;
            int64_t got = core_signal(core, signal, rep, NULL, end);
            if (got != json_integer_value(count) * 1000)
                fail_msg("%s %s: %lld instead of %lld thousandths", rep, name, (long long)got,
                         (long long)json_integer_value(count) * 1000);
        }
        assert_int_equal(json_integer_value(json_object_get(truth->runs, rep)),
                         json_integer_value(json_object_get(row, "longest_losing_run")));
        assert_int_equal(json_integer_value(json_object_get(truth->streaks, rep)),
                         json_integer_value(json_object_get(row, "weekday_streak")));
    }
}

static void check_stalled(const struct truth *truth)
{
    const json_t *list = json_object_get(truth->json, "stalled_14d");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *spell = json_array_get(list, i);
        char key[128], at[MSEC_TEXT_BYTES];
        (void)snprintf(key, sizeof(key), "%s %s", json_string_value(json_object_get(spell, "deal")),
                       msec_format(json_time(spell, "fires"), at));
        if (!json_object_get(truth->stalled, key))
            fail_msg("the quiet spell %s was not noticed", key);
    }
    assert_int_equal(json_object_size(truth->stalled), json_array_size(list));
}

static bool is_outbound(const struct event *event, const char *rep)
{
    return event->type == EVENT_ACTIVITY_LOGGED && str_eq(event->rep, rep) &&
           str_eq(event->direction, "outbound");
}

/* The first outbound activity strictly after the loss, at most a day later, or NULL; *ret_last:
 * there was no other loss before it. */
static const struct event *answer_to(const struct truth *truth, const struct event *loss,
                                     bool *ret_last)
{
    *ret_last = true;
    for (size_t i = 0; i < truth->ordered.count; i++) {
        const struct event *event = &truth->ordered.events[i];
        if (event->time <= loss->time || event->time > loss->time + MSEC_DAY)
            continue;
        if (is_outbound(event, loss->rep))
            return event;
        *ret_last &= event->type != EVENT_DEAL_LOST || !str_eq(event->rep, loss->rep);
    }
    return NULL;
}

static void check_after_loss(const struct truth *truth)
{
    const json_t *list = json_object_get(truth->json, "after_loss_24h");
    size_t pairs = 0, by_rule = 0;
    for (size_t i = 0; i < truth->ordered.count; i++) {
        const struct event *loss = &truth->ordered.events[i];
        bool last;
        const struct event *answer =
            loss->type == EVENT_DEAL_LOST ? answer_to(truth, loss, &last) : NULL;
        if (!answer)
            continue;
        bool listed = false;
        for (size_t k = 0; k < json_array_size(list) && !listed; k++) {
            const json_t *pair = json_array_get(list, k);
            listed = str_eq(json_string_value(json_object_get(pair, "lost")), loss->id) &&
                     json_time(pair, "first_outbound") == answer->time &&
                     json_time(pair, "loss_time") == loss->time;
        }
        assert_true(listed);
        pairs++;
        if (last) {
            by_rule++;
            assert_non_null(json_object_get(truth->back, answer->id));
        }
    }
    assert_int_equal(pairs, json_array_size(list));
    assert_int_equal(by_rule, json_object_size(truth->back));
}

/* --- dumps --- */

static struct core *feed(struct truth *truth, const struct stream *stream)
{
    struct core *core = core_new(truth->rig.book, &truth->rig.options);
    msec_t at = json_time(json_object_get(truth->json, "about"), "start");
    core_ready(core, at, &truth->rig.step);
    for (size_t i = 0; i < stream->count; i++) {
        struct event event = stream->events[i];
        event.at = at = event.time > at ? event.time : at;
        core_step(core, &event, &truth->rig.step);
    }
    return core;
}

static void check_stream(const char *delivered, const char *ordered, const char *truth_text)
{
    json_t *json = json_loads(truth_text, 0, NULL);
    assert_non_null(json);
    struct truth truth = {.json = json,
                          .runs = json_object(),
                          .streaks = json_object(),
                          .stalled = json_object(),
                          .back = json_object()};
    CLEANUP_FREE char *people = people_of(json);
    struct rig_text text = {.people = people, .config = config, .plugins = {plugin}};
    struct strbuf one = {0}, other = {0};
    rig_init(&truth.rig, &text, "2026-09-14 00:00");
    stream_read(&truth.ordered, ordered);
    stream_read(&truth.delivered, delivered);

    simulate(&truth, &truth.ordered);
    check_stalled(&truth);
    check_after_loss(&truth);
    char *decisions = strbuf_take(&truth.decisions);
    simulate(&truth, &truth.delivered);
    assert_string_equal(decisions, strbuf_text(&truth.decisions));
    free(decisions);

    struct core *in_order = feed(&truth, &truth.ordered);
    struct core *as_delivered = feed(&truth, &truth.delivered);
    check_counts(&truth, as_delivered, json_time(json_object_get(json, "about"), "end"));
    core_dump(in_order, &one);
    core_dump(as_delivered, &other);
    assert_string_equal(strbuf_text(&one), strbuf_text(&other));
    core_free(in_order);
    core_free(as_delivered);
    strbuf_done(&one);
    strbuf_done(&other);
    strbuf_done(&truth.decisions);
    stream_done(&truth.ordered);
    stream_done(&truth.delivered);
    json_t *const objects[] = {json, truth.runs, truth.streaks, truth.stalled, truth.back};
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        json_decref(objects[i]);
    rig_done(&truth.rig);
}

/* --- the streams --- */

#define LINE(id, type, time, subject, data)                                                        \
    "{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"/crm/own\",\"type\":\"gritd." type    \
    "\",\"time\":\"" time "\",\"subject\":\"" subject "\",\"repid\":\"ina\",\"data\":" data "}\n"
#define JOINED                                                                                     \
    LINE("j", "rep.joined", "2026-10-19T06:00:00Z", "rep/ina", "{\"tz\":\"Europe/Berlin\"}")
#define CREATED                                                                                    \
    LINE("c", "deal.created", "2026-10-20T08:00:00Z", "deal/D1",                                   \
         "{\"deal\":{\"id\":\"D1\",\"name\":\"One\",\"owner\":\"ina\",\"stage\":{"                 \
         "\"canonical\":\"prospect\",\"raw\":\"prospect\"}}}")
#define CALL(id, time, kind)                                                                       \
    LINE(id, "activity.logged", time, "activity/" id,                                              \
         "{\"kind\":\"" kind "\",\"direction\":\"outbound\",\"deal\":{\"id\":\"D1\"}}")
#define LOST(id, time)                                                                             \
    LINE(id, "deal.lost", time, "deal/D2",                                                         \
         "{\"deal\":{\"id\":\"D2\",\"name\":\"Two\",\"owner\":\"ina\"}}")
#define THURSDAY CALL("a1", "2026-10-22T21:30:00Z", "call") /* 23:30 in Berlin */
#define FRIDAY   CALL("a2", "2026-10-23T09:00:00Z", "email")
#define MONDAY   CALL("a3", "2026-10-26T22:30:00Z", "call") /* 23:30, the clocks have changed */
#define LOSS     LOST("l1", "2026-10-26T11:00:00Z")
#define LOSS_2   LOST("l2", "2026-10-26T12:00:00Z")

static const char own_truth[] =
    "{\"about\":{\"start\":\"2026-10-19T00:00:00Z\",\"end\":\"2026-11-09T22:30:00Z\","
    "\"reps\":{\"ina\":{\"tz\":\"Europe/Berlin\"}}},"
    "\"per_rep\":{\"ina\":{\"counts\":{\"activity.logged\":3,\"activity.call\":2,"
    "\"activity.email\":1,\"deal.created\":1,\"deal.lost\":2,\"rep.joined\":1},"
    "\"longest_losing_run\":2,\"weekday_streak\":3,\"after_loss_24h\":2}},"
    "\"after_loss_24h\":["
    "{\"rep\":\"ina\",\"lost\":\"l1\",\"loss_time\":\"2026-10-26T11:00:00Z\","
    "\"first_outbound\":\"2026-10-26T22:30:00Z\"},"
    "{\"rep\":\"ina\",\"lost\":\"l2\",\"loss_time\":\"2026-10-26T12:00:00Z\","
    "\"first_outbound\":\"2026-10-26T22:30:00Z\"}],"
    "\"stalled_14d\":[{\"deal\":\"D1\",\"since\":\"2026-10-26T22:30:00Z\","
    "\"fires\":\"2026-11-09T22:30:00Z\"}]}";

static void truth_of_a_small_stream_is_found(void **state)
{
    (void)state;
    check_stream(CREATED CREATED JOINED FRIDAY THURSDAY LOSS_2 MONDAY LOSS FRIDAY MONDAY,
                 JOINED CREATED THURSDAY FRIDAY LOSS LOSS_2 MONDAY, own_truth);
}

static void truth_of_the_synthetic_stream_is_found(void **state)
{
    (void)state;
    CLEANUP_FREE char *delivered =
        shared_read_new("cases/data/synthetic/stream-delivered.ndjson", NULL);
    CLEANUP_FREE char *ordered =
        shared_read_new("cases/data/synthetic/stream-ordered.ndjson", NULL);
    CLEANUP_FREE char *truth = shared_read_new("cases/data/synthetic/stream-truth.json", NULL);
    if (!delivered || !ordered || !truth)
        skip();
    check_stream(delivered, ordered, truth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truth_of_a_small_stream_is_found),
        cmocka_unit_test(truth_of_the_synthetic_stream_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
