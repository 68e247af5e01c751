/* Signals against a slow reference: random signals of every kind, random events in order, late,
 * shuffled and more than once, over changes of clocks, at every moment, and after restarts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "signal_reference.h"

static const char people[] = "people:\n"
                             "  - {id: ana, name: Ana, zone: America/Denver}\n"
                             "  - {id: ben, name: Ben, zone: Asia/Beirut}\n"
                             "  - {id: kim, name: Kim, zone: Asia/Tokyo, hours: Sun-Thu "
                             "09:00-17:00, leave: [2026-03-10 to 2026-03-13, 2026-11-03]}\n"
                             "  - {id: leo, name: Leo}\n";

/* zone: where rep.joined says nothing later */
static const struct {
    const char *id, *zone;
    unsigned off; /* bits of weekdays */
} reps[] = {
    {"ana", "America/Denver", 1 << 0 | 1 << 6},
    {"ben", "Asia/Beirut", 1 << 0 | 1 << 6}, /* its clocks change at midnight */
    {"kim", "Asia/Tokyo", 1 << 5 | 1 << 6},
    {"leo", "UTC", 1 << 0 | 1 << 6},
};

enum { SIGNALS = 40 };

struct stream {
    struct ref ref;
    struct ref_signal signals[SIGNALS];
    uint64_t seed, random;
    const char *what;
    msec_t from;
    int days, late_percent;
};

/* --- random events --- */

static void roll_work(uint64_t *random, struct event *e)
{
    static const char *const kinds[] = {"call", "email", "meeting"};
    static const char *const ways[] = {"outbound", "outbound", "inbound", NULL};
    static const char *const ends[] = {"connected", "voicemail", NULL};
    e->kind = kinds[roll(random, 3)];
    e->direction = ways[roll(random, 4)];
    e->outcome = ends[roll(random, 3)];
    e->automated = !roll(random, 8);
    e->count = roll(random, 5) ? 0 : 3;
    e->duration_s = roll(random, 2) ? (int64_t)roll(random, 3000) : 0;
}

static struct event roll_event(uint64_t *random, msec_t time)
{
    static const char *const deals[] = {"D1", "D2", "D3", NULL};
    static const char *const zones[] = {"Europe/Berlin", "America/Denver", "Asia/Tokyo"};
    unsigned what = roll(random, 60);
    struct event e = {.type = what < 40   ? EVENT_ACTIVITY_LOGGED
                              : what < 47 ? EVENT_DEAL_LOST
                              : what < 52 ? EVENT_DEAL_WON
                              : what < 56 ? EVENT_GATE_COMPLETED
                              : what < 58 ? EVENT_REP_AWAY
                              : what < 59 ? EVENT_REP_BACK
                                          : EVENT_REP_JOINED};
    e.rep = reps[roll(random, 4)].id;
    if (what < 56)
        e.deal = deals[roll(random, 4)];
    if (what < 40)
        roll_work(random, &e);
    if (e.type == EVENT_GATE_COMPLETED)
        e.gate = "review";
    if (e.type == EVENT_REP_AWAY) {
        e.away_from = time + (msec_t)roll(random, 48) * MSEC_HOUR;
        e.away_until = e.away_from + (msec_t)(1 + roll(random, 200)) * MSEC_HOUR;
    }
    if (e.type == EVENT_REP_JOINED) {
        e.rep = "leo";
        e.zone = zones[roll(random, 3)];
    }
    return e;
}

static void roll_events(struct stream *s)
{
    for (size_t i = 0; i < REF_EVENTS; i++) {
        struct ref_event *to = &s->ref.events[i];
        /* quarters of an hour, so that some fall on the very same moment */
        msec_t time =
            s->from + (msec_t)roll(&s->random, (unsigned)s->days * 24 * 4) * 15 * MSEC_MINUTE;
        struct event e = roll_event(&s->random, time);
        (void)snprintf(to->id, sizeof(to->id), "s%03zu", i);
        e.id = to->id;
        to->event = rig_event(&s->ref.rig, e, time);
        to->heard = false;
    }
    s->ref.count = REF_EVENTS;
}

/* --- the streak of the reference: it needs to know people --- */

static const struct tz *zone_of(struct ref *ref, size_t rep)
{
    const struct event *newest = NULL;
    for (size_t i = 0; i < ref->count; i++) {
        const struct event *e = &ref->events[i].event;
        if (ref->events[i].heard && e->type == EVENT_REP_JOINED && str_eq(e->rep, reps[rep].id) &&
            (!newest || ref_by_stamp(&newest, &e) < 0))
            newest = e;
    }
    return zones_get(&ref->rig.zones, newest ? newest->zone : reps[rep].zone);
}

static bool away_at(struct ref *ref, size_t rep, const struct tz *zone, msec_t t)
{
    struct civil c;
    tz_local(zone, t, &c);
    if (str_eq(reps[rep].id, "kim") && c.year == 2026 &&
        ((c.month == 3 && c.day >= 10 && c.day <= 13) || (c.month == 11 && c.day == 3)))
        return true;
    for (size_t i = 0; i < ref->count; i++) {
        const struct event *away = &ref->events[i].event;
        if (!ref->events[i].heard || away->type != EVENT_REP_AWAY ||
            !str_eq(away->rep, reps[rep].id) || t < away->away_from)
            continue;
        msec_t end = away->away_until;
        for (size_t k = 0; k < ref->count; k++) {
            const struct event *back = &ref->events[k].event;
            if (ref->events[k].heard && back->type == EVENT_REP_BACK &&
                str_eq(back->rep, away->rep) && back->time >= away->away_from && back->time < end)
                end = back->time;
        }
        if (t < end)
            return true;
    }
    return false;
}

static int64_t day_of(const struct tz *zone, msec_t t)
{
    struct civil c;
    tz_local(zone, t, &c);
    return civil_to_days(c.year, c.month, c.day);
}

static int64_t ref_streak(struct ref *ref, const struct ref_signal *s, size_t rep)
{
    const struct tz *zone = zone_of(ref, rep);
    int64_t today = day_of(zone, ref->now), run = 0;
    for (int64_t day = today; day > today - 90; day--) {
        struct civil noon = {.hour = 12};
        civil_from_days(day, &noon.year, &noon.month, &noon.day);
        int64_t found = 0;
        for (size_t i = 0; i < ref->used; i++)
            found += ref_fits(&s->of, ref->list[i]) && day_of(zone, ref->list[i]->time) == day
                         ? ref_times(ref->list[i])
                         : 0;
        bool off = reps[rep].off >> civil_weekday(day) & 1;
        if (off || away_at(ref, rep, zone, tz_instant(zone, &noon, TZ_GAP_END)))
            continue;
        if (found >= s->at_least)
            run++;
        else if (day != today)
            break;
    }
    return run * 1000;
}

/* Away at its begin, or where an absence begins in it. */
static bool away_in(struct ref *ref, size_t rep, const struct tz *zone, msec_t begin, msec_t end)
{
    const struct civil leave[] = {{2026, 3, 10, 0, 0, 0}, {2026, 11, 3, 0, 0, 0}};
    if (away_at(ref, rep, zone, begin))
        return true;
    for (size_t i = 0; i < ref->count + ARRAY_LEN(leave); i++) {
        const struct event *e = i < ref->count ? &ref->events[i].event : NULL;
        if (e && (e->type != EVENT_REP_AWAY || !str_eq(e->rep, reps[rep].id)))
            continue;
        msec_t from = e ? e->away_from : tz_instant(zone, &leave[i - ref->count], TZ_GAP_END);
        if (from >= begin && from <= end && away_at(ref, rep, zone, from))
            return true;
    }
    return false;
}

static void away_windows(struct ref *ref, const struct ref_signal *s, size_t rep, bool *away)
{
    const struct tz *zone = zone_of(ref, rep);
    for (int w = 0; w <= s->parts; w++)
        away[w] =
            away_in(ref, rep, zone, ref->now - s->window * (w + 1) + 1, ref->now - s->window * w);
}

/* A deal that nobody has heard of is none. */
static bool deal_known(const struct ref *ref)
{
    for (size_t i = 0; i < ref->count; i++) {
        if (ref->deal && ref->events[i].heard && str_eq(ref->events[i].event.deal, ref->deal))
            return true;
    }
    return false;
}

static int64_t ref_value(struct ref *ref, const struct ref_signal *s, size_t rep)
{
    bool away[16];
    if (s->per_deal && !deal_known(ref))
        return NUMBER_NONE;
    ref_look(ref, s);
    switch (s->kind) {
    case SIGNAL_COUNT:
    case SIGNAL_SUM:
    case SIGNAL_DISTINCT:
        return ref_count(ref, s);
    case SIGNAL_STREAK:
        return ref_streak(ref, s, rep);
    case SIGNAL_GAP:
        return ref_gap(ref, s);
    case SIGNAL_TIME:
        return ref_time(ref, s);
    case SIGNAL_RATIO:
    case SIGNAL_TREND:
        away_windows(ref, s, rep, away);
        return s->kind == SIGNAL_RATIO ? ref_ratio(ref, s, away) : ref_trend(ref, s, away);
    }
    return NUMBER_NONE;
}

/* --- the comparison --- */

static int values[SIGNAL_TREND + 1]; /* that were numbers other than 0, to see that it tests */

static void compare(struct stream *s, int signal, size_t rep, const char *deal, msec_t now)
{
    char name[16], text[MSEC_TEXT_BYTES];
    const struct ref_signal *meant = &s->signals[signal];
    struct ref *ref = &s->ref;
    (void)snprintf(name, sizeof(name), "s%d", signal);
    ref->rep = reps[rep].id;
    ref->deal = deal;
    ref->now = now;
    int64_t want = ref_value(ref, meant, rep);
    int64_t got = core_signal(ref->rig.core, name, reps[rep].id, deal, now);
    values[meant->kind] += want != NUMBER_NONE && want != 0;
    if (want == got)
        return;
    struct strbuf yaml = {0};
    put_signal(&yaml, meant, signal);
    fail_msg("seed %llu, %s: of %s about %s at %s: %lld instead of %lld\n%s",
             (unsigned long long)s->seed, s->what, reps[rep].id, deal ? deal : "no deal",
             msec_format(now, text), (long long)got, (long long)want, strbuf_text(&yaml));
}

static const char *roll_deal(struct stream *s)
{
    static const char *const deals[] = {"D1", "D2", "D3", NULL};
    return deals[roll(&s->random, 4)];
}

static void compare_some(struct stream *s, int count, msec_t now)
{
    for (int i = 0; i < count; i++)
        compare(s, (int)roll(&s->random, SIGNALS), roll(&s->random, 4), roll_deal(s), now);
}

static void compare_all(struct stream *s, msec_t now)
{
    for (int i = 0; i < SIGNALS; i++) {
        for (size_t rep = 0; rep < ARRAY_LEN(reps); rep++)
            compare(s, i, rep, roll_deal(s), now);
    }
}

/* --- streams --- */

static void begin(struct stream *s, const char *from)
{
    struct strbuf yaml = {0};
    strbuf_puts(&yaml, "plugin: p\nabout: Of a test.\nversion: 1\narea: skill\nsignals:\n");
    for (int i = 0; i < SIGNALS; i++) {
        s->signals[i] = roll_signal(&s->random, (enum signal_kind)(i % (SIGNAL_TREND + 1)));
        put_signal(&yaml, &s->signals[i], i);
    }
    strbuf_puts(&yaml,
                "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What?\"}\n"
                "rules:\n  - {rule: r, about: s, when: goal.set, ask: q}\n");
    rig_init(&s->ref.rig, &(struct rig_text){.people = people, .plugins = {strbuf_text(&yaml)}},
             from);
    strbuf_done(&yaml);
    s->from = s->ref.rig.now;
    roll_events(s);
    rig_start(&s->ref.rig);
}

/* An event comes in; what the reference counts does not depend on whether it is a repetition. */
static void hear(struct stream *s, size_t index, msec_t at)
{
    struct event event = s->ref.events[index].event;
    event.at = at > s->ref.rig.now ? at : s->ref.rig.now;
    rig_step(&s->ref.rig, &event);
    s->ref.events[index].heard = true;
}

struct arrival {
    msec_t at;
    size_t index;
};

static int by_arrival(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* As they come: most at once, some hours or weeks late, some once more. */
static size_t roll_arrivals(struct stream *s, struct arrival *list)
{
    size_t count = 0;
    for (size_t i = 0; i < s->ref.count; i++) {
        msec_t at = s->ref.events[i].event.time, delay = 0;
        if ((int)roll(&s->random, 100) < s->late_percent)
            delay = (msec_t)roll(&s->random, roll(&s->random, 3) ? 300 : 40000) * MSEC_MINUTE;
        list[count++] = (struct arrival){at + delay, i};
        if (!roll(&s->random, 6))
            list[count++] =
                (struct arrival){at + delay + (msec_t)roll(&s->random, 9000) * MSEC_MINUTE, i};
    }
    qsort(list, count, sizeof(*list), by_arrival);
    return count;
}

static void play(struct stream *s, bool restarts)
{
    struct arrival list[REF_EVENTS * 2];
    size_t count = roll_arrivals(s, list);
    for (size_t i = 0; i < count; i++) {
        hear(s, list[i].index, list[i].at);
        compare_some(s, 12, s->ref.rig.now);
        /* and time goes on without anything happening */
        msec_t next = i + 1 < count ? list[i + 1].at : list[i].at + 9 * MSEC_DAY;
        msec_t between =
            s->ref.rig.now + (msec_t)roll(&s->random, 1000) * ((next - s->ref.rig.now) / 1000);
        compare_some(s, 6, between);
        if (restarts && !roll(&s->random, 40)) {
            rig_restart(&s->ref.rig);
            compare_all(s, between);
        }
        if (i % 100 == 99)
            compare_all(s, between);
    }
    compare_all(s, s->ref.rig.now);
    rig_restart(&s->ref.rig);
    compare_all(s, s->ref.rig.now);
    compare_all(s, s->ref.rig.now + 30 * MSEC_DAY);
}

static void run(const char *what, const char *from, int days, int late_percent, bool restarts,
                uint64_t seed)
{
    struct stream *s = NEW(struct stream);
    *s = (struct stream){.seed = seed,
                         .random = seed * 77 + 1,
                         .what = what,
                         .days = days,
                         .late_percent = late_percent};
    begin(s, from);
    play(s, restarts);
    rig_done(&s->ref.rig);
    free(s);
}

enum { SEEDS = 6 };

static void signal_streams_in_order_agree_with_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) /* both changes of clocks are inside */
        run("in order", "2026-02-20 00:00", 60, 0, false, seed);
}

static void signal_streams_with_late_events_agree_with_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run("late", "2026-10-01 00:00", 60, 30, false, seed);
}

/* Long enough that facts are forgotten, and go out of sight. */
static void signal_streams_over_a_year_agree_with_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run("a year", "2026-01-10 00:00", 365, 15, false, seed);
}

static void signal_streams_with_restarts_agree_with_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run("restarts", "2026-02-20 00:00", 120, 15, true, seed);
}

/* All at once in any order, then looked at from anywhere, also from before. */
static void signal_streams_shuffled_agree_with_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stream *s = NEW(struct stream);
        size_t order[REF_EVENTS];
        *s = (struct stream){.seed = seed, .random = seed, .what = "shuffled", .days = 50};
        begin(s, "2026-02-20 00:00");
        for (size_t i = 0; i < REF_EVENTS; i++) {
            size_t k = roll(&s->random, (unsigned)i + 1);
            order[i] = order[k];
            order[k] = i;
        }
        for (size_t i = 0; i < REF_EVENTS; i++) {
            hear(s, order[i], s->from + (s->days + 1) * MSEC_DAY);
            compare_some(s, 4, s->ref.rig.now);
        }
        for (int i = 0; i < 400; i++) {
            bool border = i % 2; /* the very moments of events */
            compare_some(s, 10,
                         border ? s->ref.events[roll(&s->random, REF_EVENTS)].event.time
                                : s->from + (msec_t)roll(&s->random, 52 * 24 * 60) * MSEC_MINUTE);
        }
        rig_done(&s->ref.rig);
        free(s);
    }
}

static void signal_tests_have_seen_values_of_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind <= SIGNAL_TREND; kind++) {
        print_message("kind %d: %d values\n", kind, values[kind]);
        assert_true(values[kind] > 500);
    }
}

/* --- by hand --- */

#define SHELL(signals)                                                                             \
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\nsignals:\n" signals           \
    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"         \
    "rules:\n  - {rule: r, about: s, when: goal.set, ask: q}\n"

static void open_rig(struct rig *rig, const char *plugin, const char *start)
{
    rig_init(rig, &(struct rig_text){.people = people, .plugins = {plugin}}, start);
    rig_start(rig);
    /* so many facts of no meaning that from now on states are kept */
    for (size_t i = 0; i < ARRAY_LEN(reps); i++) {
        for (int k = 0; k < 20; k++)
            GIVE(rig, start, .type = EVENT_CONTENT_SHARED, .rep = reps[i].id);
    }
    strbuf_clear(&rig->lines);
}

static void signal_of_nobody_or_without_facts_is_missing(void **state)
{
    static const char plugin[] =
        SHELL("  all: {count: activity.logged}\n  gap: {gap: activity.logged}\n"
              "  since: {count: activity.logged, since: deal.lost}\n"
              "  hours: {time_from: deal.lost, to: activity.logged}\n"
              "  touches: {count: activity.logged, per: deal}\n"
              "  streak: {streak: activity.logged, at_least: 2}\n"
              "  ratio: {ratio: {count: activity.logged}, to: {mean_of: 6 weeks}}\n"
              "  trend: {trend: {count: activity.logged}, over: 6 weeks}\n");
    static const char *const missing[] = {"gap", "since", "hours", "touches", "ratio", "trend"};
    struct rig rig = {0};
    (void)state;
    open_rig(&rig, plugin, "2026-03-02 00:00");
    assert_true(core_signal(rig.core, "all", "who", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "what", "ana", NULL, rig.now) == NUMBER_NONE);
    for (size_t i = 0; i < ARRAY_LEN(missing); i++)
        assert_true(core_signal(rig.core, missing[i], "ana", NULL, rig.now) == NUMBER_NONE);
    assert_int_equal(core_signal(rig.core, "all", "ana", NULL, rig.now), 0);
    assert_int_equal(core_signal(rig.core, "streak", "ana", NULL, rig.now), 0);
    rig_done(&rig);
}

/* Days off neither count nor break; a holiday is one, and so is leave. */
static void streak_steps_over_weekends_holidays_and_leave(void **state)
{
    static const char *const days[] = {"2026-03-04 10:00", "2026-03-05 10:00", "2026-03-06 10:00",
                                       "2026-03-10 10:00"};
    static const char plugin[] =
        SHELL("  days: {streak: activity.logged, at_least: 1 per working_day}\n");
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-03-02 00:00");
    for (int i = 0; i < 4; i++)
        GIVE(rig, days[i], .type = EVENT_ACTIVITY_LOGGED, .rep = "ana");
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 1000);
    int32_t monday = (int32_t)civil_to_days(2026, 3, 9);
    rig->book->holidays = &monday;
    rig->book->holiday_count = 1;
    core_set_book(rig->core, rig->book, rig->now, &rig->step);           /* as a reload does */
    GIVE(rig, "2026-03-10 11:00", .type = EVENT_DEAL_WON, .rep = "ana"); /* kept from here on */
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 4000);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now + 14 * MSEC_HOUR), 4000);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now + 38 * MSEC_HOUR), 0);
    /* the Wednesday turns out to have been leave */
    rig_late(rig, "2026-03-12 08:00", NULL,
             (struct event){.type = EVENT_REP_AWAY,
                            .rep = "ana",
                            .away_from = rig_time(rig, "2026-03-11 00:00"),
                            .away_until = rig_time(rig, "2026-03-12 00:00")});
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 4000);
    rig->book->holidays = NULL;
    rig->book->holiday_count = 0;
    rig_done(rig);
}

/* Of a run that began before what is remembered, the last 90 days count. */
static void streak_of_months_ends_at_ninety_days(void **state)
{
    static const char plugin[] =
        SHELL("  days: {streak: activity.logged, at_least: 1 per working_day}\n");
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-04-01 00:00");
    for (int day = 0; day < 200; day++) {
        struct event e = {.type = EVENT_ACTIVITY_LOGGED, .rep = "ana"};
        e = rig_event(rig, e, rig_time(rig, "2026-04-01 10:00") + day * MSEC_DAY);
        e.at = e.time;
        rig_step(rig, &e);
        int64_t weekdays = 0;
        int64_t today = civil_to_days(2026, 4, 1) + day;
        for (int64_t d = today; d > today - 90 && d > today - day - 1; d--)
            weekdays += civil_weekday(d) % 6 != 0;
        assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), weekdays * 1000);
    }
    rig_restart(rig);
    assert_true(core_signal(rig->core, "days", "ana", NULL, rig->now) >= 63000);
    rig_done(rig);
}

/* The platform says that somebody has moved: days begin elsewhere. */
static void streak_follows_the_zone_that_the_platform_says(void **state)
{
    static const char plugin[] =
        SHELL("  days: {streak: activity.logged, at_least: 1 per working_day}\n");
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-03-02 00:00");
    GIVE(rig, "2026-03-02 17:30", .type = EVENT_ACTIVITY_LOGGED, .rep = "leo"); /* Tuesday in UTC */
    GIVE(rig, "2026-03-03 16:30", .type = EVENT_ACTIVITY_LOGGED, .rep = "leo");
    assert_int_equal(core_signal(rig->core, "days", "leo", NULL, rig->now), 1000);
    GIVE(rig, "2026-03-03 16:40", .type = EVENT_PERSON, .chat = "leo", .zone = "America/Denver");
    assert_int_equal(core_signal(rig->core, "days", "leo", NULL, rig->now), 2000);
    rig_done(rig);
}

static void give_calls(struct rig *rig, const char *when, int count)
{
    GIVE(rig, when, .type = EVENT_ACTIVITY_LOGGED, .rep = "ana", .kind = "call", .count = count,
         .duration_s = 90);
}

/* The figures of the manual, worked out on paper. */
static void ratio_and_trend_are_what_the_manual_says(void **state)
{
    static const char plugin[] =
        SHELL("  ratio: {ratio: {count: activity.logged, window: 1w}, to: {mean_of: 4 weeks}}\n"
              "  trend: {trend: {count: activity.logged}, over: 5 weeks, kind: call}\n"
              "  emails: {trend: {count: activity.logged}, over: 5 weeks, kind: email}\n"
              "  minutes: {sum: activity.logged, of: duration}\n");
    static const char *const mondays[] = {"2026-04-06 10:00", "2026-04-13 10:00",
                                          "2026-04-20 10:00", "2026-04-27 10:00",
                                          "2026-05-04 10:00"};
    static const int calls[] = {10, 12, 40, 16, 18}; /* one extraordinary week */
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-04-01 00:00");
    for (int i = 0; i < 5; i++) {
        give_calls(rig, mondays[i], calls[i]);
        int64_t ratio = core_signal(rig->core, "ratio", "ana", NULL, rig->now);
        int64_t trend = core_signal(rig->core, "trend", "ana", NULL, rig->now);
        if (i < 2)
            assert_true(ratio == NUMBER_NONE && trend == NUMBER_NONE);
    }
    /* 18 to the mean of 10, 12, 40, 16, that is 19.5 */
    assert_int_equal(core_signal(rig->core, "ratio", "ana", NULL, rig->now), 923);
    /* slopes: 2 15 2 2 28 2 2 -24 -11 2: in the middle 2; mean 19.2: 10.416 % a week */
    assert_int_equal(core_signal(rig->core, "trend", "ana", NULL, rig->now), 10416);
    assert_true(core_signal(rig->core, "emails", "ana", NULL, rig->now) == NUMBER_NONE);
    assert_int_equal(core_signal(rig->core, "minutes", "ana", NULL, rig->now), 7500);
    /* two weeks later there is nothing in the current window: a part of 0, not a missing one */
    assert_int_equal(core_signal(rig->core, "ratio", "ana", NULL, rig->now + 2 * MSEC_WEEK), 0);
    rig_done(rig);
}

/* A week off makes neither a slump nor a better baseline. */
static void ratio_and_trend_leave_out_weeks_with_time_away(void **state)
{
    static const char plugin[] =
        SHELL("  ratio: {ratio: {count: activity.logged}, to: {mean_of: 4 weeks}}\n"
              "  trend: {trend: {count: activity.logged}, over: 5 weeks}\n");
    static const char *const mondays[] = {"2026-04-06 10:00", "2026-04-13 10:00",
                                          "2026-04-20 10:00", "2026-04-27 10:00",
                                          "2026-05-04 10:00"};
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-04-01 00:00");
    for (int i = 0; i < 5; i++)
        give_calls(rig, mondays[i], i == 3 ? 1 : 10 + i); /* 10 11 12 1 14 */
    assert_int_equal(core_signal(rig->core, "trend", "ana", NULL, rig->now), 10416);
    assert_int_equal(core_signal(rig->core, "ratio", "ana", NULL, rig->now), 14000 * 4 / 34);
    struct event leave = {.type = EVENT_REP_AWAY, .rep = "ana"};
    leave.away_from = rig_time(rig, "2026-04-22 00:00");
    leave.away_until = rig_time(rig, "2026-04-26 00:00");
    rig_late(rig, "2026-04-21 09:00", "2026-05-04 10:00", leave); /* heard of much later */
    /* 10 11 12 - 14: one a week, of a mean of 11.75 */
    assert_int_equal(core_signal(rig->core, "trend", "ana", NULL, rig->now), 8510);
    assert_int_equal(core_signal(rig->core, "ratio", "ana", NULL, rig->now), 14000 * 3 / 33);
    leave.away_from = rig_time(rig, "2026-05-01 12:00");
    leave.away_until = rig_time(rig, "2026-05-01 18:00");
    rig_late(rig, "2026-05-01 09:00", "2026-05-04 10:00", leave);
    assert_true(core_signal(rig->core, "ratio", "ana", NULL, rig->now) == NUMBER_NONE);
    rig_done(rig);
}

/* A plateau: nothing happens to the own baseline for weeks; a rule can say so. */
static void plateau_can_be_said_with_ratio_and_trend(void **state)
{
    static const char plugin[] =
        "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\nsignals:\n"
        "  going: {trend: {count: activity.logged, kind: call}, over: 4 weeks}\n"
        "  usual: {ratio: {count: activity.logged, kind: call}, to: {mean_of: 3 weeks}}\n"
        "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
        "rules:\n"
        "  - rule: plateau\n    when: activity.logged\n    limit: 1 per month\n"
        "    if: {signal.going: {between: [-2, 2]}, signal.usual: {between: [0.8, 1.2]}}\n"
        "    ask: q\n";
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, plugin, "2026-02-01 00:00");
    strbuf_clear(&rig->lines);
    give_calls(rig, "2026-02-02 10:00", 20);
    give_calls(rig, "2026-02-09 10:00", 21);
    rig_expect(rig, ""); /* two weeks: too little is known */
    give_calls(rig, "2026-02-16 10:00", 20);
    rig_expect(rig, "02-16 10:00 ana plateau sent\n");
    rig_done(rig);
}

/* What other plugins want to remember changes nothing for this one. */
static void signal_reach_is_its_own(void **state)
{
    static const char alone[] = SHELL("  all: {count: activity.logged}\n");
    static const char beside[] =
        SHELL("  all: {count: activity.logged}\n  year: {count: activity.logged, window: 52w}\n");
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct rig own = {0}, *rig = &own;
        open_rig(rig, i ? beside : alone, "2026-01-01 00:00");
        GIVE(rig, "2026-01-02 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana");
        GIVE(rig, "2026-04-01 10:00", .type = EVENT_ACTIVITY_LOGGED, .rep = "ana");
        assert_int_equal(core_signal(rig->core, "all", "ana", NULL, rig->now), 2000);
        rig_until(rig, "2026-05-01 10:00");
        assert_int_equal(core_signal(rig->core, "all", "ana", NULL, rig->now), 1000);
        assert_true(core_signal(rig->core, "year", "ana", NULL, rig->now) ==
                    (i ? 2000 : NUMBER_NONE));
        rig_done(rig);
    }
}

/* A reload gives each signal a new place: what was kept for the old ones must not be read. */
static void signal_after_a_reload_counts_the_same(void **state)
{
    static const char before[] = SHELL("  one: {count: activity.logged, window: 1w}\n"
                                       "  gap: {gap: activity.logged}\n");
    static const char after[] = SHELL("  gap: {gap: activity.logged}\n"
                                      "  days: {streak: activity.logged, at_least: 1}\n"
                                      "  one: {count: activity.logged, window: 2w}\n");
    struct rig own = {0}, *rig = &own;
    (void)state;
    open_rig(rig, before, "2026-03-01 00:00");
    give_calls(rig, "2026-03-02 10:00", 2);
    give_calls(rig, "2026-03-10 10:00", 3);
    assert_int_equal(core_signal(rig->core, "one", "ana", NULL, rig->now), 3000);
    assert_int_equal(core_signal(rig->core, "gap", "ana", NULL, rig->now), 0);
    struct book *book = rig_book(rig, &(struct rig_text){.people = people, .plugins = {after}});
    core_set_book(rig->core, book, rig->now, &rig->step);
    assert_int_equal(core_signal(rig->core, "one", "ana", NULL, rig->now), 5000);
    assert_int_equal(core_signal(rig->core, "gap", "ana", NULL, rig->now), 0);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 1000);
    give_calls(rig, "2026-03-11 10:00", 1);
    assert_int_equal(core_signal(rig->core, "one", "ana", NULL, rig->now), 6000);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 2000);
    book_free(rig->book);
    rig->book = book;
    rig_done(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signal_streams_in_order_agree_with_the_reference),
        cmocka_unit_test(signal_streams_with_late_events_agree_with_the_reference),
        cmocka_unit_test(signal_streams_over_a_year_agree_with_the_reference),
        cmocka_unit_test(signal_streams_with_restarts_agree_with_the_reference),
        cmocka_unit_test(signal_streams_shuffled_agree_with_the_reference),
        cmocka_unit_test(signal_tests_have_seen_values_of_every_kind),
        cmocka_unit_test(signal_of_nobody_or_without_facts_is_missing),
        cmocka_unit_test(streak_steps_over_weekends_holidays_and_leave),
        cmocka_unit_test(streak_of_months_ends_at_ninety_days),
        cmocka_unit_test(streak_follows_the_zone_that_the_platform_says),
        cmocka_unit_test(ratio_and_trend_are_what_the_manual_says),
        cmocka_unit_test(ratio_and_trend_leave_out_weeks_with_time_away),
        cmocka_unit_test(plateau_can_be_said_with_ratio_and_trend),
        cmocka_unit_test(signal_reach_is_its_own),
        cmocka_unit_test(signal_after_a_reload_counts_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
