/* `missing`: what somebody did not do between two points of the week.
 *
 * Silence says something only of who was there for it: at least half of the working time in
 * between, and with a feed that is known to work. */
#include "core/ahead.h"
#include "core/phrases_reasons.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/signal.h"
#include "core/speech.h"

/* The last time before t at which the schedule was due; MSEC_NONE: not within the facts that are
 * kept (the loader has seen that it always is). */
static msec_t last_before(const struct sched *sched, const struct tz *tz, msec_t t)
{
    static const int reach_days[] = {2, 8, 40, 100};
    for (size_t i = 0; i < ARRAY_LEN(reach_days); i++) {
        msec_t last = MSEC_NONE, next = t - reach_days[i] * MSEC_DAY;
        while (!sched_next(sched, tz, next, &next) && next < t)
            last = next;
        if (last != MSEC_NONE)
            return last;
    }
    return MSEC_NONE;
}

msec_t missing_since(const struct rule *rule, const struct person *person, msec_t t)
{
    const struct tz *tz = rule->zone ? rule->zone : person->tz;
    msec_t by = last_before(rule->sched, tz, t + 1);
    return by == MSEC_NONE ? by : last_before(rule->since, tz, by);
}

/* --- what happened --- */

const struct fact *missing_fact(const struct rule *rule, const struct person *person,
                                const struct deal *deal, msec_t since, msec_t until)
{
    for (size_t i = person->fact_count; i-- > 0;) {
        const struct fact *fact = &person->facts[i];
        if (fact->time < since)
            return NULL;
        if (fact->time <= until && (!deal || fact->deal == deal) &&
            filter_passes(&rule->absent, fact))
            return fact;
    }
    return NULL;
}

/* The last such fact about each deal, by anybody: a colleague's call is contact too. */
struct touch {
    const struct deal *deal;
    msec_t at;
};

static int by_deal(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;
    int order = strcmp(x->deal->id, y->deal->id);
    return order ? order : (x->at < y->at) - (x->at > y->at);
}

static void touches_find(const struct core *core, struct missing_run *run, msec_t until)
{
    run->looked = true;
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *person = core->people[i];
        for (size_t k = 0; k < person->fact_count; k++) {
            const struct fact *fact = &person->facts[k];
            if (!fact->deal || fact->time > until || !filter_passes(&run->rule->absent, fact))
                continue;
            ARRAY_GROW(run->touches, run->touch_count, run->touch_cap);
            run->touches[run->touch_count++] = (struct touch){fact->deal, fact->time};
        }
    }
    if (run->touch_count > 1) /* the newest of each deal first */
        qsort(run->touches, run->touch_count, sizeof(*run->touches), by_deal);
}

static msec_t touched_at(const struct missing_run *run, const struct deal *deal)
{
    size_t low = 0, high = run->touch_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(run->touches[middle].deal->id, deal->id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < run->touch_count && run->touches[low].deal == deal ? run->touches[low].at
                                                                    : MSEC_NONE;
}

/* --- whether it is fair to ask --- */

/* From when on the person belongs to us, as far as anybody has said. */
static msec_t there_from(const struct person *person)
{
    const char *joined = person->def ? person->def->joined : NULL;
    msec_t from = !person->left ? person->left_stamp.time : 0;
    char stamp[MSEC_TEXT_BYTES];
    msec_t day;
    if (joined && strlen(joined) == 10) {
        memcpy(stamp, joined, 10);
        memcpy(stamp + 10, "T00:00:00Z", 11);
        if (!msec_parse(stamp, &day)) {
            day = tz_instant_wall(person->tz, day, TZ_GAP_END);
            from = day > from ? day : from;
        }
    }
    msec_t paused = person_paused_until(person);
    return paused != MSEC_NONE && paused != MSEC_NEVER && paused > from ? paused : from;
}

static bool has_feed(const struct rule *rule, const struct person *person, msec_t since)
{
    for (size_t i = 0; i < person->fact_count && person->facts[i].time < since; i++) {
        if (rule->absent.types >> person->facts[i].type & 1)
            return true;
    }
    return false;
}

const char *missing_excuse(const struct core *core, const struct rule *rule,
                           const struct person *person, msec_t since, msec_t until,
                           struct arena *arena, const char **ret_gate)
{
    msec_t working;
    msec_t there = person_presence(core, person, since, until, there_from(person), &working);
    const char *from = arena_printf(arena, "%s %s", render_date(person, since, arena),
                                    render_time(person, since, arena));
    *ret_gate = "leave";
    if (!working)
        return arena_printf(arena, in_english(SAY_REASON_NO_WORKING_TIME), from);
    if (there * 2 < working)
        return arena_printf(arena, in_english(SAY_REASON_NOT_THERE), from);
    *ret_gate = "feed";
    if (!has_feed(rule, person, since))
        return arena_printf(arena, in_english(SAY_REASON_NO_FEED), from);
    return NULL;
}

/* --- deciding --- */

static void add(struct missing_run *run, const struct candidate *c)
{
    ARRAY_GROW(*run->list, *run->count, *run->cap);
    (*run->list)[(*run->count)++] = *c;
}

/* Open deals of the person that were there for at least half of the time. */
static void add_deals(struct core *core, struct step *step, struct missing_run *run,
                      const struct candidate *c, msec_t since)
{
    msec_t half = since + (run->due - since) / 2;
    if (!run->looked)
        touches_find(core, run, step->now);
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        struct deal *deal = deals.list[i];
        bool old = deal->created == MSEC_NONE || deal->created <= half;
        if (deal->rep != c->rep || !deal_is_open(deal) || !old || touched_at(run, deal) >= since)
            continue;
        struct candidate of_deal = *c;
        of_deal.deal = deal;
        of_deal.occurrence = arena_printf(&step->arena, "%s %s", c->occurrence, deal->id);
        of_deal.rank = touched_at(run, deal); /* the one left alone for longest speaks */
        add(run, &of_deal);
    }
}

/* Whether the rule is about any of them at all. */
static bool any_holds(struct core *core, struct step *step, const struct candidate *list,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scope scope = {.core = core,
                              .rep = list[i].rep,
                              .deal = list[i].deal,
                              .rule = list[i].rule,
                              .now = step->now,
                              .arena = &step->arena};
        if (cond_holds(list[i].rule->cond, &scope))
            return true;
    }
    return false;
}

void missing_fire(struct core *core, struct step *step, struct missing_run *run,
                  struct person *person)
{
    const struct rule *rule = run->rule;
    msec_t since = missing_since(rule, person, run->due);
    struct candidate c = {.rule = rule, .rep = person, .occurrence = run->occurrence};
    size_t before = *run->count;
    const char *gate, *why;
    if (since == MSEC_NONE)
        return;
    if (rule->absent_per_deal)
        add_deals(core, step, run, &c, since);
    else if (!missing_fact(rule, person, NULL, since, step->now))
        add(run, &c);
    if (*run->count == before ||
        !any_holds(core, step, *run->list + before, *run->count - before)) {
        *run->count = before;
        return;
    }
    why = missing_excuse(core, rule, person, since, run->due, &step->arena, &gate);
    if (why) {
        decide_note(step, &c, "suppressed", gate, why);
        *run->count = before;
    }
}

bool missing_is_met(const struct core *core, const struct candidate *c, msec_t now)
{
    if (c->rule->point != POINT_MISSING || !c->held)
        return false;
    msec_t since = missing_since(c->rule, c->rep, c->held->since);
    for (size_t i = 0; c->deal && i < core->person_count; i++) {
        if (missing_fact(c->rule, core->people[i], c->deal, since, now))
            return true;
    }
    return !c->deal && missing_fact(c->rule, c->rep, NULL, since, now);
}
