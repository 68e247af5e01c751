/* The next slice of a goal: this week's whole number, always rounded up. */
#include <string.h>

#include "base/alloc.h"
#include "core/goal.h"
#include "core/ledger.h"
#include "core/practice.h"
#include "core/signal.h"
#include "core/words.h"

/* The first ones are named in replies. "one" and "many" are what people read. */
static const struct goal_unit units[] = {
    {"call", "calls", NULL, COUNT_KIND, "call"},
    {"email", "emails", "mail|mails|e-mail|e-mails", COUNT_KIND, "email"},
    {"meeting", "meetings", NULL, COUNT_KIND, "meeting"},
    {"first meeting", "first meetings", NULL, COUNT_FIRST, "meeting"},
    {"demo", "demos", NULL, COUNT_KIND, "demo"},
    {"proposal", "proposals", NULL, COUNT_KIND, "proposal"},
    {"message", "messages", NULL, COUNT_KIND, "message"},
    {"one-to-one", "one-to-ones", "1:1|1:1s|one to one|one to ones", COUNT_INTERNAL, "meeting"},
    {"call review", "call reviews", NULL, COUNT_ACT, "call_review"},
    {"joint plan", "joint plans", NULL, COUNT_ACT, "joint_plan"},
    {"career talk", "career talks", NULL, COUNT_ACT, "career_talk"},
    {"team meeting", "team meetings", NULL, COUNT_ACT, "team_meeting"},
    {"activity", "activities", NULL, COUNT_KIND, NULL},
    {"won deal", "won deals", "deal|deals|win|wins|won", COUNT_WON, NULL},
};

/* What shows a behaviour, as a person counts it; not listed in replies, people choose it by name.
 */
static const struct goal_unit behaviour_units[] = {
    {"preparation", "preparations", "behaviour.prepare", COUNT_BEHAVIOUR, "prepare"},
    {"first call", "first calls", "behaviour.reach-out", COUNT_BEHAVIOUR, "reach-out"},
    {"follow-up", "follow-ups", "behaviour.follow-up", COUNT_BEHAVIOUR, "follow-up"},
    {"listening talk", "listening talks", "behaviour.ask-and-listen", COUNT_BEHAVIOUR,
     "ask-and-listen"},
    {"tailored piece", "tailored pieces", "behaviour.tailor-value", COUNT_BEHAVIOUR,
     "tailor-value"},
    {"agreed step", "agreed steps", "behaviour.keep-the-path", COUNT_BEHAVIOUR, "keep-the-path"},
    {"joint demo", "joint demos", "behaviour.sell-together", COUNT_BEHAVIOUR, "sell-together"},
    {"practice session", "practice sessions", "behaviour.practise", COUNT_BEHAVIOUR, "practise"},
};

static const struct goal_unit amount = {"amount", "amount", "revenue", COUNT_AMOUNT, NULL};

static bool is_among(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; at;) {
        size_t size = strcspn(at, "|");
        if (size == length && strncasecmp(at, word, size) == 0)
            return true;
        at = at[size] ? at + size + 1 : NULL;
    }
    return false;
}

static bool is_unit(const struct goal_unit *unit, const char *word)
{
    return str_ieq(unit->one, word) || str_ieq(unit->many, word) || is_among(unit->also, word);
}

static bool is_currency(const char *word)
{
    return strlen(word) == 3 && strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

const struct goal_unit *goal_unit_find(const char *metric)
{
    if (!metric)
        return NULL;
    const char *word = str_starts(metric, "activity.") ? metric + strlen("activity.")
                       : str_starts(metric, "deal.")   ? metric + strlen("deal.")
                                                       : metric;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (is_unit(&units[i], word))
            return &units[i];
    }
    for (size_t i = 0; i < ARRAY_LEN(behaviour_units); i++) {
        if (is_unit(&behaviour_units[i], word))
            return &behaviour_units[i];
    }
    return is_currency(word) ? &amount : NULL;
}

const char *goal_unit_names(struct arena *arena)
{
    struct strbuf list = {0};
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        strbuf_printf(&list, "%s%s", i ? ", " : "", units[i].many);
    const char *names = arena_strdup(arena, strbuf_text(&list));
    strbuf_done(&list);
    return names;
}

/* --- periods --- */

static const struct {
    const char *word;
    int months; /* 0: a day, a week, or no end */
} periods[] = {{"day", 0}, {"week", 0}, {"month", 1}, {"quarter", 3}, {"year", 12}, {"once", 0}};

bool goal_period_known(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(periods); i++) {
        if (str_eq(periods[i].word, word))
            return true;
    }
    return false;
}

/* Local days since 1970: the period is [from, until). False: it has no end. */
static bool period_days(const struct goal *goal, int64_t today, int64_t *ret_from,
                        int64_t *ret_until)
{
    int months = 0;
    for (size_t i = 0; i < ARRAY_LEN(periods); i++)
        months = str_eq(periods[i].word, goal->period) ? periods[i].months : months;
    if (months) {
        int year, month, day;
        civil_from_days(today, &year, &month, &day);
        int first = (month - 1) / months * months + 1;
        *ret_from = civil_to_days(year, first, 1);
        *ret_until = civil_to_days(year, first + months, 1);
        return true;
    }
    int64_t monday = today - (today + 3) % 7;
    *ret_from = monday;
    *ret_until = monday + 7;
    return str_eq(goal->period, "week") || str_eq(goal->period, "day");
}

static msec_t day_start(const struct person *person, int64_t day)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

/* --- what there is --- */

static bool counts(const struct person *person, const struct goal_unit *unit, uint32_t position)
{
    const struct fact *fact = facts_at(person, position);
    const char *kind = word_kind_text(fact->kind);
    if (fact->type != EVENT_ACTIVITY_LOGGED || fact->automated ||
        (unit->kind && !str_eq(unit->kind, kind)))
        return false;
    if (unit->count == COUNT_INTERNAL)
        return !fact->deal;
    if (unit->count != COUNT_FIRST)
        return true;
    if (!fact->deal)
        return false;
    for (uint32_t p = facts_before(person, position); p; p = facts_before(person, p)) {
        const struct fact *earlier = facts_at(person, p);
        if (earlier->type == EVENT_ACTIVITY_LOGGED && earlier->kind == fact->kind)
            return false;
    }
    return true;
}

static int64_t shows(const struct person *person, const struct goal_unit *unit, msec_t from,
                     msec_t until)
{
    const struct behaviour *behaviour = behaviour_find(unit->kind);
    struct fact_filter filter = behaviour->shown_by;
    int64_t sum = 0;
    filter_prepare(&filter);
    for (size_t i = person->fact_count; i-- > 0 && person->facts[i].time >= from;) {
        if (person->facts[i].time < until && filter_passes(&filter, &person->facts[i]))
            sum += person->facts[i].times;
    }
    return sum;
}

static int64_t activities(const struct core *core, const struct person *person,
                          const struct goal_unit *unit, msec_t from, msec_t until)
{
    int64_t sum = 0;
    if (unit->count == COUNT_BEHAVIOUR)
        return shows(person, unit, from, until);
    if (unit->count == COUNT_ACT)
        return ledger_held(core, person, coaching_act_find(unit->kind), from, until);
    for (size_t i = person->fact_count; i-- > 0 && person->facts[i].time >= from;) {
        if (person->facts[i].time < until &&
            counts(person, unit, person->facts_gone + (uint32_t)i + 1))
            sum += unit->count == COUNT_FIRST ? 1 : person->facts[i].times;
    }
    return sum;
}

/* Won deals, or what they come to in minor units of the currency. */
static int64_t won(const struct core *core, const struct person *person, const char *currency,
                   msec_t from, msec_t until)
{
    int64_t sum = 0;
    const struct deal_list deals = deals_sorted(core->deals);
    for (size_t i = 0; i < deals.count; i++) {
        const struct deal *deal = deals.list[i];
        msec_t at = deal->stamps[DEAL_STAGE].time;
        if (deal->rep != person || deal->deleted || at < from || at >= until ||
            !str_eq(deal->texts[DEAL_STAGE], "won"))
            continue;
        if (!currency)
            sum++;
        else if (deal->amount != NUMBER_NONE && str_eq(deal->texts[DEAL_CURRENCY], currency))
            sum += deal->amount;
    }
    return sum;
}

static int64_t up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* In the goal's own whole units; what others have counted goes before what we see. */
static int64_t have(const struct core *core, const struct person *person, const struct goal *goal,
                    const struct goal_unit *unit, msec_t from, msec_t until)
{
    enum { MINOR = 100, THOUSAND = 1000 };
    if (goal->actual != NUMBER_NONE && goal->moved.time >= from)
        return goal->actual / THOUSAND;
    if (unit->count == COUNT_WON)
        return won(core, person, NULL, from, until);
    if (unit->count == COUNT_AMOUNT)
        return won(core, person, goal->metric, from, until) / MINOR;
    return activities(core, person, unit, from, until);
}

/* Won deals into first meetings: how many stood behind each of the team's. */
static void through_funnel(const struct core *core, const struct person *person,
                           const struct goal *goal, msec_t now, struct slice *s)
{
    enum { MINOR = 100 };
    const char *team = person_team(person);
    bool money = s->unit->count == COUNT_AMOUNT;
    s->funnel = funnel_of(core, team ? team : "", money ? goal->metric : NULL, now);
    int64_t met = s->funnel.reached[1], closed_won = s->funnel.reached[FUNNEL_STAGES - 1];
    s->wins = s->rest;
    if (money && s->funnel.amounts) {
        s->price = s->funnel.amount / MINOR / s->funnel.amounts;
        s->wins = s->price > 0 ? up(s->rest, s->price) : 0;
    } else if (money) {
        s->wins = 0;
    }
    bool few = s->funnel.reached[0] < FUNNEL_LEAST || !closed_won || (money && s->price <= 0);
    s->state = few ? SLICE_FEW : SLICE_KNOWN;
    if (!few)
        s->week = up(s->wins * met, closed_won * s->weeks);
}

struct slice goal_slice(const struct core *core, const struct person *person,
                        const struct goal *goal, msec_t now)
{
    enum { THOUSAND = 1000, WEEK_DAYS = 7, QUARTER_DAYS = 92 };
    static const struct goal_unit *const first = &units[3];
    struct slice s = {.unit = goal_unit_find(goal->metric), .target = up(goal->target, THOUSAND)};
    int64_t today = person_day(person, now), from, until;
    int64_t monday = today - (today + 3) % WEEK_DAYS;
    if (!s.unit || !period_days(goal, today, &from, &until))
        return s;
    msec_t begin = day_start(person, from), week = day_start(person, monday);
    bool daily = str_eq(goal->period, "day");
    if (daily) /* of the days this person works in a week */
        s.target *= __builtin_popcount(person_hours(core, person)->weekdays);
    s.have = week > begin ? have(core, person, goal, s.unit, begin, week) : 0;
    s.rest = s.target > s.have ? s.target - s.have : 0;
    s.weeks = up(until - (monday > from ? monday : from), WEEK_DAYS);
    bool effort = s.unit->count != COUNT_WON && s.unit->count != COUNT_AMOUNT;
    if (effort && until - from > QUARTER_DAYS) { /* facts do not reach back so far: even shares */
        s.have = 0;
        s.rest = s.target;
        s.weeks = up(until - from, WEEK_DAYS);
        begin = week;
    }
    s.reached = have(core, person, goal, s.unit, begin, MSEC_NEVER) >= s.target;
    const struct goal_unit *counted = effort ? s.unit : first;
    s.one = counted->one;
    s.many = counted->many;
    if (effort) {
        s.state = SLICE_KNOWN;
        s.week = up(s.rest, s.weeks);
    } else {
        through_funnel(core, person, goal, now, &s);
    }
    msec_t week_from = week > begin ? week : begin;
    s.done = activities(core, person, counted, week_from, MSEC_NEVER);
    s.left = s.week > s.done ? s.week - s.done : 0;
    return s;
}
