/* Each kind of message has its own argument; the sums of the rules' own limits can only make it
 * less. The comments give the arguments, tests/unit/test_dose.c tries to break them. */
#include "core/dose.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "core/action.h"
#include "core/parts.h"

/* The longest local day and week there are: an hour more when clocks go back. */
enum { DAY_MS = 25 * MSEC_HOUR, WEEK_MS = 7 * MSEC_DAY + MSEC_HOUR, SAMPLE_DAYS = 800 };

static const char *const names[DOSE_KINDS] = {
    [DOSE_PROMPTS] = "questions",
    [DOSE_REMINDERS] = "reminders",
    [DOSE_HELP] = "after silence",
    [DOSE_PRAISE] = "praise by the bot",
    [DOSE_CARDS] = "cards with evidence",
    [DOSE_DIGESTS] = "digests",
    [DOSE_ALERTS] = "alerts",
};

const char *dose_name(enum dose_kind kind)
{
    return names[kind];
}

/* Smaller of two, where DOSE_ENDLESS is the largest. */
static int least(int a, int b)
{
    return a == DOSE_ENDLESS ? b : b == DOSE_ENDLESS || a < b ? a : b;
}

static struct dose_part least_part(struct dose_part a, struct dose_part b)
{
    return (struct dose_part){least(a.day, b.day), least(a.week, b.week)};
}

static int sum(int a, int b)
{
    return a == DOSE_ENDLESS || b == DOSE_ENDLESS ? DOSE_ENDLESS : a + b;
}

static struct dose_part sum_part(struct dose_part a, struct dose_part b)
{
    return (struct dose_part){sum(a.day, b.day), sum(a.week, b.week)};
}

/* Messages at least `apart` from each other that fit into `length`. */
static int fit(msec_t length, msec_t apart)
{
    return (int)((length + apart - 1) / apart);
}

/* --- working days --- */

static int days_in(const struct hours *hours)
{
    return __builtin_popcount(hours->weekdays & 0x7F);
}

/* The most working days in a week that anybody has. */
static int working_days(const struct book *book)
{
    int most = days_in(&book->limits.hours);
    for (int i = 0; i < book->person_count; i++) {
        if (book->people[i].has_hours && days_in(&book->people[i].hours) > most)
            most = days_in(&book->people[i].hours);
    }
    return most;
}

static bool is_holiday(const struct book *book, int64_t day)
{
    for (int i = 0; i < book->holiday_count; i++) {
        if (book->holidays[i] == day)
            return true;
    }
    return false;
}

/* The longest run of days off around any holiday, with these weekdays. */
static int closed_run(const struct book *book, unsigned weekdays)
{
    int longest = 7 - __builtin_popcount(weekdays & 0x7F);
    for (int i = 0; i < book->holiday_count; i++) {
        int run = 0;
        for (int64_t day = book->holidays[i] - 7; run < SAMPLE_DAYS; day++) {
            bool off = is_holiday(book, day) || !(weekdays & 1u << civil_weekday(day));
            if (off)
                run++;
            else if (day >= book->holidays[i])
                break;
            else
                run = 0;
        }
        if (run > longest)
            longest = run;
    }
    return longest;
}

static int longest_closed(const struct book *book)
{
    bool done[128] = {false}; /* many people, and few kinds of weeks */
    int longest = closed_run(book, book->limits.hours.weekdays);
    for (int i = 0; i < book->person_count; i++) {
        const struct person_def *person = &book->people[i];
        unsigned week = person->hours.weekdays & 0x7F;
        if (!person->has_hours || done[week])
            continue;
        done[week] = true;
        int run = closed_run(book, week);
        if (run > longest)
            longest = run;
    }
    return longest;
}

/* DOSE_ENDLESS where nobody is named: then there can be any number. */
static int rep_count(const struct book *book)
{
    int count = 0;
    for (int i = 0; i < book->person_count; i++)
        count += !book->people[i].manager;
    return book->person_count ? count : DOSE_ENDLESS;
}

/* What is the same for all rules: a rule set of ten thousand is not to count everybody for each. */
struct facts {
    const struct book *book;
    int days, longest_closed, reps;
};

static struct facts facts_of(const struct book *book)
{
    return (struct facts){book, working_days(book), longest_closed(book), rep_count(book)};
}

/* --- one rule --- */

/* The most due times of a schedule within so many days. */
static int fires_within(const struct sched *sched, int days)
{
    msec_t starts[SAMPLE_DAYS];
    size_t count = 0, first = 0;
    int most = 0;
    msec_t t = 0, at;
    while (t < SAMPLE_DAYS * MSEC_DAY && !sched_next(sched, tz_utc(), t, &at)) {
        if (count == ARRAY_LEN(starts))
            return DOSE_ENDLESS; /* more often than daily: its limits must bound it */
        starts[count++] = t = at;
        while (starts[first] <= at - days * MSEC_DAY)
            first++;
        if ((int)(count - first) > most)
            most = (int)(count - first);
    }
    return most;
}

/* Calendar days from a due time to the last moment at which its message can come: the rest of that
 * day, and so many working days as a hold may take, each behind a closed stretch. */
static int days_held(const struct facts *facts, const struct rule *rule)
{
    if (rule->quiet != QUIET_HOLD)
        return 0;
    int days = (int)((facts->book->limits.hold_at_most + MSEC_DAY - 1) / MSEC_DAY);
    return 1 + days * (1 + facts->longest_closed);
}

/* What is due in all the time of a hold can come on one day. */
static struct dose_part by_schedule(const struct facts *facts, const struct rule *rule)
{
    /* `per: deal` is due for each open deal, and there can be any number of deals */
    if (!rule->sched || sched_is_interval(rule->sched) || rule->absent_per_deal)
        return (struct dose_part){DOSE_ENDLESS, DOSE_ENDLESS};
    int held = days_held(facts, rule);
    return (struct dose_part){fires_within(rule->sched, 1 + held),
                              fires_within(rule->sched, 7 + held)};
}

static struct dose_part by_limit(const struct limit *limit, int days)
{
    static const struct dose_part endless = {DOSE_ENDLESS, DOSE_ENDLESS};
    switch (limit->per) {
    case PER_DAY:
        return (struct dose_part){limit->count, limit->count * days};
    case PER_WEEK:
        return (struct dose_part){limit->count, limit->count};
    case PER_MONTH: /* a week can belong to two months */
        return (struct dose_part){limit->count, 2 * limit->count};
    case PER_DEAL: /* there can be any number of deals */
        return endless;
    }
    return endless;
}

static int times(int count, int by)
{
    return count == DOSE_ENDLESS || by == DOSE_ENDLESS ? DOSE_ENDLESS : count * by;
}

/* The limits of a rule are those of one rep; a manager hears about many. */
static struct dose_part of_rule(const struct facts *facts, const struct rule *rule, bool manager)
{
    static const struct dose_part endless = {DOSE_ENDLESS, DOSE_ENDLESS};
    if (rule->offer
            .topic) /* whoever is asked for a colleague's sake is asked within the caps only */
        return endless;
    struct dose_part most = by_schedule(facts, rule);
    bool of_reps = !rule->sched || rule->point == POINT_MISSING;
    int about = manager && of_reps ? facts->reps : 1;
    for (int i = 0; i < rule->limit_count; i++)
        most = least_part(most, by_limit(&rule->limits[i], facts->days));
    if (rule->cooldown) {
        struct dose_part spaced = {fit(DAY_MS, rule->cooldown), fit(WEEK_MS, rule->cooldown)};
        most = least_part(most, spaced);
    }
    return (struct dose_part){times(most.day, about), times(most.week, about)};
}

/* --- kinds --- */

static enum dose_kind kind_of(const struct rule *rule)
{
    if (rule->alert)
        return DOSE_ALERTS;
    if (rule->action == &action_digest && rule->to == TO_MANAGER)
        return DOSE_DIGESTS;
    if (rule->action->counts)
        return DOSE_PROMPTS;
    return rule->via_bot ? DOSE_PRAISE : DOSE_CARDS;
}

/* Whether the rule can speak to a manager, or else to a rep. */
static bool is_for(const struct rule *rule, bool manager)
{
    bool card = kind_of(rule) == DOSE_CARDS;
    if (rule->to == TO_TEAM)
        return false;
    return manager == (rule->to == TO_MANAGER || rule->of_managers || card);
}

/* The caps by themselves, over all rules of the kind. */
static struct dose_part by_caps(const struct facts *facts, enum dose_kind kind, int families)
{
    const struct limits *limits = &facts->book->limits;
    int days = facts->days;
    switch (kind) {
    case DOSE_PROMPTS:
        return (struct dose_part){
            limits->prompts_per_day,
            least(limits->prompts_per_day * days, limits->prompts_per_family_week * families)};
    case DOSE_PRAISE:
        return (struct dose_part){limits->praise_per_day, limits->praise_per_day * days};
    case DOSE_CARDS:
        return (struct dose_part){limits->cards_per_day, limits->cards_per_day * days};
    case DOSE_DIGESTS:
        return (struct dose_part){limits->digests_per_day, limits->digests_per_day * days};
    default:
        return (struct dose_part){DOSE_ENDLESS, DOSE_ENDLESS};
    }
}

/* A reminder comes a working day or more after its question, and no two of one question on one day
 * (where reminders are closer, both can). So the questions that are reminded of today were all open
 * when the day began. */
static struct dose_part reminders(const struct facts *facts, int questions)
{
    const struct limits *limits = &facts->book->limits;
    msec_t first = limits->remind_first, second = limits->remind_second;
    int each = (first > 0) + (second > 0);
    if (!each || !questions)
        return (struct dose_part){0, 0};
    bool apart = first >= MSEC_DAY && (!second || second - first >= MSEC_DAY);
    int day = apart ? limits->open_conversations
                    : each * (limits->open_conversations + limits->prompts_per_day);
    return (struct dose_part){day, day * facts->days};
}

/* What would help is asked after so many questions in a row went unanswered, and not again before
 * the person was heard from. The first can be due when the day begins. */
static struct dose_part after_silence(const struct book *book, struct dose_part prompts,
                                      int questions)
{
    const struct limits *limits = &book->limits;
    int open = limits->open_conversations, enough = limits->backoff_after;
    if (!questions || enough < 1)
        return (struct dose_part){0, 0};
    return (struct dose_part){1 + (open + prompts.day - 1) / enough,
                              1 + (open + prompts.week - 1) / enough};
}

static int compare_plugins(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t) * (struct plugin *const *)a,
              y = (uintptr_t) * (struct plugin *const *)b;
    return (x > y) - (x < y);
}

/* Plugins that have a coaching rule for them; which comes first does not matter. */
static int families(const struct book *book, bool manager)
{
    const struct plugin **list = NEW_ARRAY(const struct plugin *, (size_t)book->rule_count + 1);
    int rules = 0, count = 0;
    for (int i = 0; i < book->rule_count; i++) {
        if (is_for(book->rules[i], manager) && kind_of(book->rules[i]) == DOSE_PROMPTS)
            list[rules++] = book->rules[i]->plugin;
    }
    if (rules)
        qsort(list, (size_t)rules, sizeof(*list), compare_plugins);
    for (int i = 0; i < rules; i++)
        count += i == 0 || list[i] != list[i - 1];
    free(list);
    return count;
}

struct dose dose_of(const struct book *book, bool manager)
{
    const struct facts facts = facts_of(book);
    const int coaching = families(book, manager);
    struct dose dose = {0};
    struct dose_part sums[DOSE_KINDS] = {0};
    int asked = 0, reminded = 0;
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        if (!is_for(rule, manager))
            continue;
        enum dose_kind kind = kind_of(rule);
        struct dose_part most = of_rule(&facts, rule, manager);
        if (kind == DOSE_ALERTS && most.week == DOSE_ENDLESS && !dose.endless)
            dose.endless = rule;
        sums[kind] = sum_part(sums[kind], most);
        bool asks = rule->question_count > 0 || rule->flow; /* the steps of a flow count once */
        asked += asks;
        reminded += asks && rule->reminders;
    }
    for (int kind = 0; kind < DOSE_KINDS; kind++)
        dose.parts[kind] = least_part(sums[kind], by_caps(&facts, (enum dose_kind)kind, coaching));
    dose.parts[DOSE_REMINDERS] = reminders(&facts, reminded);
    dose.parts[DOSE_HELP] =
        manager ? (struct dose_part){0, 0} : after_silence(book, dose.parts[DOSE_PROMPTS], asked);
    for (int kind = 0; kind < DOSE_KINDS; kind++)
        dose.all = sum_part(dose.all, dose.parts[kind]);
    return dose;
}
