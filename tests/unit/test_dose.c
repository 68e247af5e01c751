/* The dosage bound: what `check` promises nobody can exceed, against random rule sets, random
 * events and random people who answer, put off, skip or say nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/action.h"
#include "core/dose.h"
#include "core/phrases.h"
#include "core_play.h"
#include "pattern_random.h"

enum { SEEDS = 60, DAYS = 70, WHO = 3, MANAGER = 2, RULES_MAX = 6, EVENTS_A_DAY = 24 };

static const char people[] =
    "teams:\n"
    "  - {id: west, name: West, manager: dana, zone: America/Denver, channel: C1}\n"
    "people:\n"
    "  - {id: ana, name: Ana Ruiz, team: west, zone: America/Denver}\n"
    "  - {id: ben, name: Ben Osei, team: west, zone: Asia/Tokyo, hours: Mon-Sat 07:00-19:00}\n"
    "  - {id: dana, name: Dana Okafor, role: manager, zone: Europe/London}\n";

static const struct {
    const char *id, *zone;
} who[WHO] = {{"ana", "America/Denver"}, {"ben", "Asia/Tokyo"}, {"dana", "Europe/London"}};

/* Rules of every kind; a random few of them make a plugin. */
static const char *const rules[] = {
    "when: deal.stage_changed, ask: q",
    "when: activity.logged, ask: q, quiet: drop",
    "when: activity.logged, ask: q, expires: 1 working day, cooldown: 20h",
    "when: deal.stage_changed, ask: q, reminders: false, limit: 2 per week",
    "every: day at 07:00, ask: q, quiet: hold",
    "every: Saturday at 11:00, ask: q",
    "when: deal.stage_changed, for: 3h, tell: \"{{deal.name}} moved.\"",
    "when: deal.won, tell: \"{{deal.name}} is won.\", class: alert, limit: 2 per day",
    "when: activity.logged, tell: \"{{deal.name}} was touched.\", class: alert, cooldown: 5h",
    "every: day at 22:00, tell: \"A day is over.\", class: alert",
    "every: 30 of month at 09:00, tell: \"A month is over.\", class: alert",
    "when: activity.logged, praise: \"{{deal.name}}: you went back.\", via: bot",
    "when: activity.logged, praise: \"{{deal.name}}: she went back.\", about: went back",
    "when: deal.lost, to: manager, ask: q",
    "every: weekday at 10:00, to: manager, digest: [{text: One}]",
    "every: day at 17:00, to: manager, digest: [{each: rep, text: \"{{rep.name}}\"}], quiet: hold",
    "every: weekday at 09:30, digest: [{each: deal, text: \"{{deal.name}}\"}]",
    "when: activity.logged, suggest: {text: Look, resource: a page}, cooldown: 20h",
    "when: activity.logged, suggest: {text: \"Talk?\", peer: true, topic: a thing}, limit: 1 per "
    "week",
    "when: deal.won, to: peer, ask: q",
    "when: deal.stage_changed, start: f",
    "every: weekday at 10:00, start: f, expires: 1 working day",
    "every: weekday at 11:00, to: peer, tell: Hello",
    "when: deal.won, to: team, tell: Hello",
    "every: weekday at 09:00, to: manager, ask: q",
    "after: {event: deal.stage_changed, at: [2h, 1d, 3 working days]}, ask: q",
    "after: {event: activity.logged, at: 1h}, tell: \"It was an hour ago.\", class: alert, limit: "
    "1 "
    "per day",
    "missing: {event: activity.logged, kind: demo, since: weekday 09:00, by: weekday 11:00}, ask: "
    "q",
    "missing: {event: activity.logged, kind: demo, since: Monday 09:00, by: day 16:00}, tell: \"No "
    "demo.\", class: alert",
    "missing: {event: activity.logged, kind: demo, since: Monday 09:00, by: day 16:00}, tell: \"No "
    "demo.\", class: alert, to: manager",
    "missing: {event: activity.logged, kind: demo, per: deal, since: Monday 09:00, by: day 16:00}, "
    "tell: \"No demo.\", class: alert, limit: 3 per day",
    "when: deal.won, to: manager, tell: \"{{deal.name}} is won.\", class: alert, limit: 1 per week",
};

static const char *const reminds[] = {"[1 working day, 3 working days]", "[1 working day]", "[]",
                                      "[2 working days, 4 working days]"};
static const char *const hours[] = {"08:30-18:00", "Mon-Sat 07:00-19:00", "Tue,Thu 10:00-16:00"};

/* What somebody got on the day and in the week of the newest message. */
struct tally {
    int64_t day, week;
    int today, this_week, most_day, most_week;
};

struct world {
    struct rig rig;
    struct chance chance;
    uint32_t seed;
    struct dose bound[2];                      /* of a rep, of a manager */
    struct tally tallies[WHO][DOSE_KINDS + 1]; /* the last: all together */
    char open[WHO][64];                        /* the newest message with buttons */
};

static void write_plugin(struct world *w, const char *id, struct strbuf *out)
{
    uint32_t count = 1 + chance_below(&w->chance, RULES_MAX);
    strbuf_printf(out,
                  "plugin: %s\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
                  "questions:\n"
                  "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
                  "flows:\n"
                  "  f: {about: a talk, steps: [{ask: {id: one, kind: skill, text: What?}},\n"
                  "      {ask: {id: two, kind: skill, text: And then?}}]}\n"
                  "rules:\n",
                  id);
    for (uint32_t i = 0; i < count; i++)
        strbuf_printf(out, "  - {rule: %s%u, area: skill, %s}\n", id, i,
                      rules[chance_below(&w->chance, ARRAY_LEN(rules))]);
}

static void world_init(struct world *w, uint32_t seed)
{
    struct strbuf a = {0}, b = {0}, config = {0};
    w->chance.state = UINT64_C(0x9E3779B97F4A7C15) * (seed + 1);
    w->seed = seed;
    write_plugin(w, "a", &a);
    write_plugin(w, "b", &b);
    strbuf_printf(&config,
                  "limits: {prompts_per_day: %u, prompts_per_family_per_week: %u, "
                  "open_conversations: %u, back_off_after: %u, praise_per_day: %u, "
                  "cards_per_day: %u, cool_off: false, remind: %s, hours: \"%s\"}\n",
                  1 + chance_below(&w->chance, 3), 1 + chance_below(&w->chance, 4),
                  1 + chance_below(&w->chance, 3), 1 + chance_below(&w->chance, 3),
                  1 + chance_below(&w->chance, 2), 1 + chance_below(&w->chance, 3),
                  reminds[chance_below(&w->chance, ARRAY_LEN(reminds))],
                  hours[chance_below(&w->chance, ARRAY_LEN(hours))]);
    struct rig_text text = {.people = people,
                            .config = strbuf_text(&config),
                            .plugins = {strbuf_text(&a), strbuf_text(&b)}};
    rig_init(&w->rig, &text, "2026-02-02 00:00"); /* over both changes of the clocks */
    rig_start(&w->rig);
    w->bound[0] = dose_of(w->rig.book, false);
    w->bound[1] = dose_of(w->rig.book, true);
    strbuf_done(&a);
    strbuf_done(&b);
    strbuf_done(&config);
}

static bool was_asked_for(const char *text)
{
    return str_starts(text, "You asked me to come back") ||
           str_starts(text, "I have looked around") || strstr(text, "is glad to spend") ||
           strstr(text, "asked me to pass this on");
}

static int person_of(const char *id)
{
    for (int i = 0; i < WHO; i++) {
        if (str_eq(who[i].id, id))
            return i;
    }
    fail_msg("nobody is called %s", id);
    return 0;
}

static enum dose_kind kind_of(const struct world *w, const struct message *message)
{
    const struct rule *rule = book_rule(w->rig.book, message->rule);
    if (str_starts(message->text, "Still here"))
        return DOSE_REMINDERS;
    if (str_starts(message->text, "My last questions"))
        return DOSE_HELP;
    if (!rule)
        fail_msg("neither asked for nor known: %s", message->text);
    if (rule->alert)
        return DOSE_ALERTS;
    if (str_eq(rule->action->name, "digest") && rule->to == TO_MANAGER)
        return DOSE_DIGESTS;
    if (!str_eq(rule->action->name, "praise"))
        return DOSE_PROMPTS;
    return rule->via_bot ? DOSE_PRAISE : DOSE_CARDS;
}

static void tally_add(const struct world *w, struct tally *tally, const struct dose_part *bound,
                      const struct message *message, int64_t day)
{
    int64_t week = (day + 3) / 7; /* 1970-01-01 was a Thursday */
    tally->today = day == tally->day ? tally->today + 1 : 1;
    tally->this_week = week == tally->week ? tally->this_week + 1 : 1;
    tally->day = day;
    tally->week = week;
    if (tally->today > tally->most_day)
        tally->most_day = tally->today;
    if (tally->this_week > tally->most_week)
        tally->most_week = tally->this_week;
    if ((bound->day != DOSE_ENDLESS && tally->today > bound->day) ||
        (bound->week != DOSE_ENDLESS && tally->this_week > bound->week))
        fail_msg("seed %u: %s got %d in a day (bound %d), %d in a week (bound %d): %s", w->seed,
                 message->to, tally->today, bound->day, tally->this_week, bound->week,
                 message->text);
}

static void count_message(struct world *w, const struct message *message)
{
    int i = person_of(message->to);
    const struct dose *bound = &w->bound[i == MANAGER];
    enum dose_kind kind = kind_of(w, message);
    struct civil c;
    tz_local(zones_get(&w->rig.zones, who[i].zone), message->due, &c);
    int64_t day = civil_to_days(c.year, c.month, c.day);
    tally_add(w, &w->tallies[i][kind], &bound->parts[kind], message, day);
    tally_add(w, &w->tallies[i][DOSE_KINDS], &bound->all, message, day);
}

static void look(struct world *w)
{
    for (size_t i = 0; i < w->rig.step.count; i++) {
        const struct intent *intent = &w->rig.step.intents[i];
        if (intent->type != INTENT_SEND || intent->send.op != MESSAGE_POST || intent->send.reply ||
            str_starts(intent->send.to, "team:"))
            continue;
        if (intent->send.button_count)
            (void)snprintf(w->open[person_of(intent->send.to)], sizeof(w->open[0]), "%s",
                           intent->send.key);
        if (!was_asked_for(intent->send.text))
            count_message(w, &intent->send);
    }
}

static void go(struct world *w, msec_t until)
{
    for (msec_t wake; (wake = core_next_wake(w->rig.core)) <= until;) {
        struct event tick;
        event_init(&tick, EVENT_TICK, wake < w->rig.now ? w->rig.now : wake);
        /* now and then the core was not asked in time */
        if (chance_of(&w->chance, 2))
            tick.at = until;
        rig_step(&w->rig, &tick);
        look(w);
    }
}

static void something_happens(struct world *w, msec_t at)
{
    static const enum event_type types[] = {EVENT_DEAL_STAGE_CHANGED, EVENT_ACTIVITY_LOGGED,
                                            EVENT_ACTIVITY_LOGGED, EVENT_DEAL_WON, EVENT_DEAL_LOST};
    static const char *const deals[] = {"D1", "D2", "D3", "D4", "D5", "D6"};
    static const char *const stages[] = {"qualify", "discover", "propose"};
    struct event e = {.type = types[chance_below(&w->chance, ARRAY_LEN(types))],
                      .rep = who[chance_below(&w->chance, 2)].id,
                      .deal = deals[chance_below(&w->chance, ARRAY_LEN(deals))]};
    if (e.type == EVENT_DEAL_STAGE_CHANGED)
        e.to = stages[chance_below(&w->chance, ARRAY_LEN(stages))];
    msec_t late = chance_of(&w->chance, 20) ? (msec_t)chance_below(&w->chance, 40) * MSEC_HOUR : 0;
    struct event event = rig_event(&w->rig, e, at - late);
    event.at = at;
    rig_step(&w->rig, &event);
    look(w);
}

static void somebody_reacts(struct world *w, msec_t at)
{
    static const char *const buttons[] = {"answer", "later",      "skip", "why", "send", "stop",
                                          "less",   "other_time", "yes",  "no",  "yes"};
    int i = (int)chance_below(&w->chance, WHO);
    struct event e = {.type = EVENT_CLICKED,
                      .chat = who[i].id,
                      .message = w->open[i],
                      .button = buttons[chance_below(&w->chance, ARRAY_LEN(buttons))],
                      .text = "words"};
    bool stop = str_eq(e.button, "stop") || str_eq(e.button, "less");
    if (!*w->open[i] || (stop && !chance_of(&w->chance, 5)))
        return;
    struct event event = rig_event(&w->rig, e, at);
    event.at = at;
    rig_step(&w->rig, &event);
    look(w);
}

static void live(struct world *w)
{
    uint32_t talkative = chance_below(&w->chance, 60);
    msec_t at = w->rig.now, end = at + DAYS * MSEC_DAY;
    while (at < end) {
        at += 1 + (msec_t)chance_below(&w->chance, (uint32_t)(2 * MSEC_DAY / EVENTS_A_DAY));
        go(w, at);
        if (chance_of(&w->chance, talkative))
            somebody_reacts(w, at);
        else
            something_happens(w, at);
        strbuf_clear(&w->rig.lines);
    }
}

/* How often a bound above zero was met exactly, of how many. */
struct reached {
    int bounds, day, week;
};

static void compare(const struct world *w, struct reached reached[DOSE_KINDS])
{
    for (int i = 0; i < WHO; i++) {
        for (int kind = 0; kind < DOSE_KINDS; kind++) {
            const struct dose_part *bound = &w->bound[i == MANAGER].parts[kind];
            const struct tally *tally = &w->tallies[i][kind];
            reached[kind].bounds += bound->day > 0;
            reached[kind].day += bound->day > 0 && tally->most_day == bound->day;
            reached[kind].week += bound->week > 0 && tally->most_week == bound->week;
        }
    }
}

static void dose_nobody_gets_more(void **state)
{
    struct reached reached[DOSE_KINDS] = {0};
    (void)state;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        struct world w = {0};
        world_init(&w, seed);
        live(&w);
        compare(&w, reached);
        rig_done(&w.rig);
    }
    for (int kind = 0; kind < DOSE_KINDS; kind++) {
        print_message("%s: %d bounds, met %d times in a day, %d times in a week\n",
                      dose_name((enum dose_kind)kind), reached[kind].bounds, reached[kind].day,
                      reached[kind].week);
        /* a bound that is never met says nothing */
        assert_true(reached[kind].day > 0);
    }
}

/* --- figures by hand --- */

static struct dose dose_by(const char *config, const char *rule_lines, bool manager)
{
    struct rig rig = {0};
    struct strbuf plugin = {0};
    strbuf_printf(&plugin,
                  "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"
                  "questions:\n"
                  "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
                  "rules:\n%s",
                  rule_lines);
    struct rig_text text = {.people = people, .config = config, .plugins = {strbuf_text(&plugin)}};
    rig_init(&rig, &text, "2026-02-02 00:00");
    struct dose dose = dose_of(rig.book, manager);
    dose.endless = NULL; /* of the book, which goes */
    rig_done(&rig);
    strbuf_done(&plugin);
    return dose;
}

#define EXPECT_PART(dose, kind, d, w)                                                              \
    do {                                                                                           \
        assert_int_equal((dose).parts[kind].day, d);                                               \
        assert_int_equal((dose).parts[kind].week, w);                                              \
    } while (0)

static void dose_of_the_defaults(void **state)
{
    (void)state;
    struct dose dose = dose_by(NULL, "  - {rule: a, when: deal.won, ask: q}\n", false);
    EXPECT_PART(dose, DOSE_PROMPTS, 1, 3);   /* one family */
    EXPECT_PART(dose, DOSE_REMINDERS, 1, 6); /* Ben works on six days */
    EXPECT_PART(dose, DOSE_HELP, 1, 2);
    EXPECT_PART(dose, DOSE_PRAISE, 0, 0);
    EXPECT_PART(dose, DOSE_CARDS, 0, 0);
    EXPECT_PART(dose, DOSE_ALERTS, 0, 0);
    assert_int_equal(dose.all.day, 3);
    assert_int_equal(dose.all.week, 11);
}

#define PLUGIN_OF(id, rules)                                                                       \
    "plugin: " id "\nabout: A plugin of a test.\nversion: 1\narea: opportunity\n"                  \
    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"         \
    "rules:\n" rules

/* Rules are in the order of their ids, so those of a plugin need not stand together. */
static void dose_counts_each_plugin_once(void **state)
{
    (void)state;
    struct rig rig = {0};
    struct rig_text text = {
        .people = people,
        .config = "limits: {prompts_per_family_per_week: 1}\n",
        .plugins = {PLUGIN_OF("p", "  - {rule: a, when: deal.won, ask: q}\n"
                                   "  - {rule: c, when: deal.lost, ask: q}\n"),
                    PLUGIN_OF("r", "  - {rule: b, when: deal.won, ask: q}\n"
                                   "  - {rule: d, when: deal.lost, ask: q}\n")}};
    rig_init(&rig, &text, "2026-02-02 00:00");
    struct dose dose = dose_of(rig.book, false);
    EXPECT_PART(dose, DOSE_PROMPTS, 1, 2);
    rig_done(&rig);
}

static void dose_by_the_rules_own_limits(void **state)
{
    (void)state;
    struct dose dose = dose_by(
        "limits: {remind: []}\n",
        "  - {rule: a, every: Monday at 09:00, ask: q, reminders: false, quiet: drop}\n", false);
    EXPECT_PART(dose, DOSE_PROMPTS, 1, 1);
    EXPECT_PART(dose, DOSE_REMINDERS, 0, 0);
    dose = dose_by(NULL, "  - {rule: a, when: deal.won, tell: Won., class: alert, cooldown: 7h}\n",
                   false);
    EXPECT_PART(dose, DOSE_ALERTS, 4, 25); /* a day can have 25 hours */
    dose = dose_by(NULL,
                   "  - {rule: a, when: deal.won, tell: Won., class: alert, limit: 1 per day, "
                   "to: manager}\n",
                   true);
    EXPECT_PART(dose, DOSE_ALERTS, 2, 12); /* one about each of two reps */
}

static void dose_without_a_bound(void **state)
{
    (void)state;
    struct dose dose =
        dose_by(NULL, "  - {rule: a, when: deal.won, tell: Won., class: alert}\n", false);
    assert_int_equal(dose.all.day, DOSE_ENDLESS);
    assert_int_equal(dose.all.week, DOSE_ENDLESS);
    dose = dose_by(NULL, "  - {rule: a, when: deal.won, tell: Won., class: alert}\n", true);
    assert_int_equal(dose.all.day, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dose_of_the_defaults),
        cmocka_unit_test(dose_counts_each_plugin_once),
        cmocka_unit_test(dose_by_the_rules_own_limits),
        cmocka_unit_test(dose_without_a_bound),
        cmocka_unit_test(dose_nobody_gets_more),
    };
    return cmocka_run_group_tests_name("dose", tests, NULL, NULL);
}
