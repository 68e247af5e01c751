/* Signals against a slow reference that looks at the whole list of events each time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core_play.h"

static const char people[] = "people:\n"
                             "  - {id: ana, name: Ana, zone: America/Denver}\n"
                             "  - {id: ben, name: Ben, zone: Europe/Berlin}\n"
                             "  - {id: kim, name: Kim, zone: Asia/Tokyo, hours: Sun-Thu "
                             "09:00-17:00}\n";

static const char plugin[] =
    "plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\n"
    "signals:\n"
    "  all: {count: activity.logged}\n"
    "  robots: {count: activity.logged, automated: true}\n"
    "  calls: {count: activity.logged, kind: call, direction: outbound, outcome: connected}\n"
    "  week: {count: activity.logged, window: 1w}\n"
    "  since: {count: activity.logged, kind: call, since: deal.lost, within: 48h}\n"
    "  since_window: {count: activity.logged, since: deal.lost, within: 5d, window: 2d}\n"
    "  touches: {count: activity.logged, direction: outbound, per: deal, "
    "since: activity.logged/inbound}\n"
    "  total: {sum: activity.logged, of: count, kind: email}\n"
    "  deals: {distinct: activity.logged, by: deal, window: 10d}\n"
    "  gap: {gap: activity.logged, direction: outbound}\n"
    "  streak: {streak: activity.logged, at_least: 2 per working_day}\n"
    "  hours: {time_from: deal.lost, to: {event: activity.logged, direction: outbound}}\n"
    "  faster: {time_from: deal.lost, to: {event: activity.logged, direction: outbound}, "
    "compare: own_baseline}\n"
    "questions:\n"
    "  q: {kind: skill, reader: rep, answer: text, text: \"What is next?\"}\n"
    "rules:\n"
    "  - {rule: r, about: s, when: deal.won, ask: q}\n";

enum { EVENTS = 260, DAYS = 40 };

struct ref {
    struct rig rig;
    struct event events[EVENTS];
    char ids[EVENTS][16];
    size_t count;
    const char *rep, *deal;
    msec_t now;
    const struct event *list[EVENTS]; /* of the rep and up to now, in order */
    size_t used;
};

static unsigned roll(uint64_t *random, unsigned sides)
{
    *random = *random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(*random >> 33) % sides;
}

static void fill(struct ref *ref, uint64_t *random, const char *from)
{
    static const char *const reps[] = {"ana", "ben", "kim"};
    static const char *const deals[] = {"D1", "D2", "D3", NULL};
    static const char *const kinds[] = {"call", "email"};
    static const char *const ways[] = {"outbound", "outbound", "inbound", NULL};
    static const char *const ends[] = {"connected", "voicemail"};
    msec_t start = rig_time(&ref->rig, from);
    for (size_t i = 0; i < EVENTS; i++) {
        struct event e = {.type = roll(random, 6) ? EVENT_ACTIVITY_LOGGED : EVENT_DEAL_LOST};
        e.rep = reps[roll(random, 3)];
        e.deal = e.type == EVENT_DEAL_LOST ? "D1" : deals[roll(random, 4)];
        if (e.type == EVENT_ACTIVITY_LOGGED) {
            e.kind = kinds[roll(random, 2)];
            e.direction = ways[roll(random, 4)];
            e.outcome = ends[roll(random, 2)];
            e.automated = !roll(random, 8);
            e.count = roll(random, 5) ? 0 : 3;
        }
        (void)snprintf(ref->ids[i], sizeof(ref->ids[i]), "s%03zu", i);
        e.id = ref->ids[i];
        ref->events[i] =
            rig_event(&ref->rig, e, start + (msec_t)roll(random, DAYS * 24 * 4) * 15 * MSEC_MINUTE);
    }
    ref->count = EVENTS;
}

/* --- the reference --- */

static int by_stamp(const void *a, const void *b)
{
    const struct event *x = *(const struct event *const *)a, *y = *(const struct event *const *)b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->key.a > y->key.a) - (x->key.a < y->key.a);
}

static void look(struct ref *ref, const char *rep, const char *deal, msec_t now)
{
    ref->rep = rep;
    ref->deal = deal;
    ref->now = now;
    ref->used = 0;
    for (size_t i = 0; i < ref->count; i++) {
        if (str_eq(ref->events[i].rep, rep) && ref->events[i].time <= now)
            ref->list[ref->used++] = &ref->events[i];
    }
    if (ref->used > 1)
        qsort(ref->list, ref->used, sizeof(*ref->list), by_stamp);
}

static int64_t times(const struct event *e)
{
    return e->count == NUMBER_NONE ? 1 : e->count;
}

static bool activity(const struct event *e, const char *kind, const char *way)
{
    return e->type == EVENT_ACTIVITY_LOGGED && !e->automated && (!kind || str_eq(e->kind, kind)) &&
           (!way || str_eq(e->direction, way));
}

/* Index behind the last loss, -1 when there was none. */
static long after_loss(const struct ref *ref)
{
    for (size_t i = ref->used; i-- > 0;) {
        if (ref->list[i]->type == EVENT_DEAL_LOST)
            return (long)i + 1;
    }
    return -1;
}

static int64_t ref_since(const struct ref *ref, const char *kind, msec_t within, msec_t window)
{
    long first = after_loss(ref);
    int64_t count = 0;
    if (first < 0)
        return NUMBER_NONE;
    for (size_t i = (size_t)first; i < ref->used; i++) {
        const struct event *e = ref->list[i];
        if (activity(e, kind, NULL) && e->time <= ref->list[first - 1]->time + within &&
            (!window || e->time > ref->now - window))
            count += times(e);
    }
    return count * 1000;
}

static int64_t ref_count(const struct ref *ref, const char *name)
{
    int64_t count = 0;
    for (size_t i = 0; i < ref->used; i++) {
        const struct event *e = ref->list[i];
        bool yes = str_eq(name, "all")      ? activity(e, NULL, NULL)
                   : str_eq(name, "robots") ? e->type == EVENT_ACTIVITY_LOGGED
                   : str_eq(name, "week")
                       ? activity(e, NULL, NULL) && e->time > ref->now - MSEC_WEEK
                   : str_eq(name, "total")
                       ? activity(e, "email", NULL)
                       : activity(e, "call", "outbound") && str_eq(e->outcome, "connected");
        count += yes ? times(e) : 0;
    }
    return count * 1000;
}

static int64_t ref_touches(const struct ref *ref)
{
    int64_t count = 0;
    if (!ref->deal)
        return NUMBER_NONE;
    for (size_t i = 0; i < ref->used; i++) {
        const struct event *e = ref->list[i];
        if (!str_eq(e->deal, ref->deal) || e->type != EVENT_ACTIVITY_LOGGED)
            continue;
        if (str_eq(e->direction, "inbound"))
            count = 0;
        else if (activity(e, NULL, "outbound"))
            count += times(e);
    }
    return count * 1000;
}

static int64_t ref_deals(const struct ref *ref)
{
    bool seen[4] = {0};
    for (size_t i = 0; i < ref->used; i++) {
        const struct event *e = ref->list[i];
        if (activity(e, NULL, NULL) && e->deal && e->time > ref->now - 10 * MSEC_DAY)
            seen[e->deal[1] - '0'] = true;
    }
    return (seen[1] + seen[2] + seen[3]) * 1000;
}

static int64_t ref_gap(const struct ref *ref)
{
    for (size_t i = ref->used; i-- > 0;) {
        if (activity(ref->list[i], NULL, "outbound"))
            return (ref->now - ref->list[i]->time) / MSEC_HOUR * 1000;
    }
    return NUMBER_NONE;
}

static int64_t day_of(struct ref *ref, msec_t t)
{
    struct civil c;
    const char *zone = str_eq(ref->rep, "ana")   ? "America/Denver"
                       : str_eq(ref->rep, "ben") ? "Europe/Berlin"
                                                 : "Asia/Tokyo";
    tz_local(zones_get(&ref->rig.zones, zone), t, &c);
    return civil_to_days(c.year, c.month, c.day);
}

static int64_t ref_streak(struct ref *ref)
{
    int64_t today = day_of(ref, ref->now), run = 0;
    for (int64_t day = today; day > today - DAYS - 10; day--) {
        int weekday = civil_weekday(day);
        bool off =
            str_eq(ref->rep, "kim") ? weekday == 5 || weekday == 6 : weekday == 0 || weekday == 6;
        int64_t found = 0;
        for (size_t i = 0; i < ref->used; i++)
            found += activity(ref->list[i], NULL, NULL) && day_of(ref, ref->list[i]->time) == day
                         ? times(ref->list[i])
                         : 0;
        if (off || (found < 2 && day == today))
            continue;
        if (found < 2)
            break;
        run++;
    }
    return run * 1000;
}

static int64_t ref_time(const struct ref *ref, bool baseline)
{
    msec_t lengths[EVENTS], begun = MSEC_NONE;
    size_t count = 0;
    for (size_t i = 0; i < ref->used; i++) {
        const struct event *e = ref->list[i];
        if (begun != MSEC_NONE && activity(e, NULL, "outbound") && e->time > begun) {
            lengths[count++] = e->time - begun;
            begun = MSEC_NONE;
        }
        if (e->type == EVENT_DEAL_LOST)
            begun = e->time;
    }
    if (!count || begun != MSEC_NONE)
        return NUMBER_NONE;
    msec_t last = lengths[--count];
    if (!baseline)
        return last / MSEC_HOUR * 1000;
    for (size_t i = 0; i < count; i++) { /* the median by plain sorting */
        for (size_t k = i + 1; k < count; k++) {
            if (lengths[k] < lengths[i]) {
                msec_t swap = lengths[i];
                lengths[i] = lengths[k];
                lengths[k] = swap;
            }
        }
    }
    if (count < 3 || !lengths[count / 2])
        return NUMBER_NONE;
    return (lengths[count / 2] - last) * 100 / lengths[count / 2] * 1000;
}

static int64_t ref_value(struct ref *ref, const char *name)
{
    if (str_eq(name, "since"))
        return ref_since(ref, "call", 48 * MSEC_HOUR, 0);
    if (str_eq(name, "since_window"))
        return ref_since(ref, NULL, 5 * MSEC_DAY, 2 * MSEC_DAY);
    if (str_eq(name, "touches"))
        return ref_touches(ref);
    if (str_eq(name, "deals"))
        return ref_deals(ref);
    if (str_eq(name, "gap"))
        return ref_gap(ref);
    if (str_eq(name, "streak"))
        return ref_streak(ref);
    if (str_eq(name, "hours") || str_eq(name, "faster"))
        return ref_time(ref, str_eq(name, "faster"));
    return ref_count(ref, name);
}

/* --- the comparison --- */

static struct core *feed(struct ref *ref, uint64_t *random)
{
    struct core *core = core_new(ref->rig.book, &ref->rig.options);
    msec_t at = ref->rig.now;
    size_t order[EVENTS * 2], count = 0;
    core_ready(core, at, &ref->rig.step);
    for (size_t i = 0; i < EVENTS; i++)
        order[count++] = i;
    for (size_t i = 0; i < EVENTS / 3; i++)
        order[count++] = roll(random, EVENTS); /* once more */
    for (size_t i = count - 1; i > 0; i--) {
        size_t k = roll(random, (unsigned)i + 1), swap = order[i];
        order[i] = order[k];
        order[k] = swap;
    }
    for (size_t i = 0; i < count; i++) {
        struct event event = ref->events[order[i]];
        event.at = at;
        core_step(core, &event, &ref->rig.step);
    }
    return core;
}

static void compare(struct ref *ref, struct core *core, msec_t now)
{
    static const char *const names[] = {"all",          "robots",  "calls", "week",  "since",
                                        "since_window", "touches", "total", "deals", "gap",
                                        "streak",       "hours",   "faster"};
    static const char *const reps[] = {"ana", "ben", "kim"};
    static const char *const deals[] = {NULL, "D1", "D2"};
    for (int rep = 0; rep < 3; rep++) {
        for (int deal = 0; deal < 3; deal++) {
            look(ref, reps[rep], deals[deal], now);
            for (size_t i = 0; i < ARRAY_LEN(names); i++) {
                int64_t want = ref_value(ref, names[i]);
                int64_t got = core_signal(core, names[i], reps[rep], deals[deal], now);
                char text[MSEC_TEXT_BYTES];
                if (want != got)
                    fail_msg("%s of %s about %s at %s: %lld instead of %lld", names[i], reps[rep],
                             deals[deal] ? deals[deal] : "no deal", msec_format(now, text),
                             (long long)got, (long long)want);
            }
        }
    }
}

static void signals_agree(const char *from, const char *end)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct ref *ref = NEW(struct ref);
        uint64_t random = seed;
        rig_init(&ref->rig, &(struct rig_text){.people = people, .plugins = {plugin}}, end);
        fill(ref, &random, from);
        struct core *core = feed(ref, &random);
        for (int i = 0; i < 60; i++)
            compare(ref, core,
                    rig_time(&ref->rig, from) +
                        (msec_t)roll(&random, (DAYS + 2) * 24 * 60) * MSEC_MINUTE);
        /* the very instants of events are the borders */
        for (int i = 0; i < 40; i++)
            compare(ref, core, ref->events[roll(&random, EVENTS)].time);
        core_free(core);
        rig_done(&ref->rig);
        free(ref);
    }
}

static void signal_streams_in_spring_agree_with_the_reference(void **state)
{
    (void)state;
    signals_agree("2026-02-20 00:00", "2026-04-10 00:00"); /* both changes of clocks are inside */
}

static void signal_streams_in_autumn_agree_with_the_reference(void **state)
{
    (void)state;
    signals_agree("2026-10-10 00:00", "2026-11-25 00:00");
}

static void signal_of_nobody_or_without_facts_is_missing(void **state)
{
    (void)state;
    struct rig rig = {0};
    rig_init(&rig, &(struct rig_text){.people = people, .plugins = {plugin}}, "2026-03-02 00:00");
    assert_true(core_signal(rig.core, "all", "who", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "what", "ana", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "gap", "ana", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "since", "ana", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "hours", "ana", NULL, rig.now) == NUMBER_NONE);
    assert_true(core_signal(rig.core, "touches", "ana", NULL, rig.now) == NUMBER_NONE);
    assert_int_equal(core_signal(rig.core, "all", "ana", NULL, rig.now), 0);
    assert_int_equal(core_signal(rig.core, "streak", "ana", NULL, rig.now), 0);
    rig_done(&rig);
}

/* Days off neither count nor break; a holiday is one. */
static void streak_steps_over_weekends_and_holidays(void **state)
{
    struct rig own = {0}, *rig = &own;
    (void)state;
    static const char *const days[] = {"2026-03-04 10:00", "2026-03-05 10:00", "2026-03-06 10:00",
                                       "2026-03-10 10:00"};
    struct rig_text text = {
        .people = people,
        .plugins = {"plugin: p\nabout: A plugin of a test.\nversion: 1\narea: skill\nsignals:\n"
                    "  days: {streak: activity.logged, at_least: 1 per working_day}\n"
                    "questions:\n  q: {kind: skill, reader: rep, answer: text, text: \"What?\"}\n"
                    "rules:\n  - {rule: r, about: s, when: deal.won, ask: q}\n"}};
    rig_init(rig, &text, "2026-03-02 00:00");
    rig_start(rig);
    for (int i = 0; i < 4; i++)
        GIVE(rig, days[i], .type = EVENT_ACTIVITY_LOGGED, .rep = "ana");
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 1000);
    int32_t monday = (int32_t)civil_to_days(2026, 3, 9);
    rig->book->holidays = &monday;
    rig->book->holiday_count = 1;
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now), 4000);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now + 14 * MSEC_HOUR), 4000);
    assert_int_equal(core_signal(rig->core, "days", "ana", NULL, rig->now + 38 * MSEC_HOUR), 0);
    rig->book->holidays = NULL;
    rig->book->holiday_count = 0;
    rig_done(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signal_streams_in_spring_agree_with_the_reference),
        cmocka_unit_test(signal_streams_in_autumn_agree_with_the_reference),
        cmocka_unit_test(signal_of_nobody_or_without_facts_is_missing),
        cmocka_unit_test(streak_steps_over_weekends_and_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
