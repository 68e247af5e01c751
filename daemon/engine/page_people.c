/* Figures about people as groups: praise, attention, and what coaching amounts to. */
#include <stdlib.h>

#include "base/alloc.h"
#include "engine/attention.h"
#include "engine/page_feed.h"

/* --- praise --- */

/* Against the own baseline, never against colleagues: somebody at the bottom of a list who does
 * more than before stands above it, and the one at the top who goes on as ever does not. */
enum effort { EFFORT_ABOVE, EFFORT_AT, EFFORT_BELOW, EFFORT_NEW, EFFORTS };
enum { ABOVE_PCT = 110, BELOW_PCT = 90 };

static enum effort effort_of(const struct feed *feed, const struct feed_rep *rep)
{
    msec_t recent = feed->options->to - PAGE_RECENT_DAYS * MSEC_DAY;
    int64_t days = rep->first == MSEC_NONE ? 0 : (recent - rep->first) / MSEC_DAY;
    if (days < PAGE_RECENT_DAYS) /* for a shorter time than what it is compared with */
        return EFFORT_NEW;
    days = days > PAGE_BASELINE_DAYS ? PAGE_BASELINE_DAYS : days;
    int64_t usual = rep->baseline * PAGE_RECENT_DAYS, now = rep->recent * days;
    return !usual                           ? EFFORT_NEW
           : now * 100 >= usual * ABOVE_PCT ? EFFORT_ABOVE
           : now * 100 <= usual * BELOW_PCT ? EFFORT_BELOW
                                            : EFFORT_AT;
}

static const struct column praise_columns[] = {
    {"group", "Effort in the last four weeks", COLUMN_TEXT},
    {"people", "People", COLUMN_COUNT},
    {"praised", "Of them praised", COLUMN_COUNT},
    {"share", "Share", COLUMN_SHARE},
};

static void praise_row(struct table *table, const char *name, int64_t people, int64_t praised,
                       bool hidden)
{
    struct cell *row = table_row(table);
    row[0] = cell_text(name);
    row[1] = hidden ? cell_hidden() : cell_number((double)people);
    row[2] = hidden ? cell_hidden() : cell_number((double)praised);
    row[3] = hidden   ? cell_hidden()
             : people ? cell_number((double)praised / (double)people)
                      : cell_few();
}

static void praise_equity(struct feed *feed)
{
    static const char *const names[EFFORTS] = {[EFFORT_ABOVE] = "above their own baseline",
                                               [EFFORT_AT] = "about at it",
                                               [EFFORT_BELOW] = "below it",
                                               [EFFORT_NEW] = "no baseline yet"};
    struct table *table = feed_table(
        feed, PAGE_PRAISE, "Who is seen",
        "Activities of the last four weeks against each person's own twelve weeks before: ten "
        "percent up or down counts. Praise is what the bot said itself and what managers sent on. "
        "It should follow effort, wherever people stand.",
        praise_columns, ARRAY_LEN(praise_columns));
    int64_t people[EFFORTS] = {0}, praised[EFFORTS] = {0}, all = 0;
    bool hidden[EFFORTS];
    for (int i = 0; i < feed->rep_count; i++) {
        const struct feed_rep *rep = &feed->reps[i];
        if (rep->team < 0)
            continue;
        enum effort effort = effort_of(feed, rep);
        people[effort]++;
        praised[effort] += rep->praised_recently > 0;
        all += rep->praised_recently > 0;
    }
    bool hide_all = suppress_groups(people, EFFORTS, true, hidden);
    for (int i = 0; i < EFFORTS; i++)
        praise_row(table, names[i], people[i], praised[i], hidden[i]);
    praise_row(table, "everybody", feed->page->reps, all, hide_all);
}

static void praise_times(struct feed *feed)
{
    static const struct {
        const char *name;
        int most;
    } steps[] = {{"not yet", 0}, {"once", 1}, {"two or three times", 3}, {"more often", INT32_MAX}};
    static const struct column columns[] = {{"times", "Praised", COLUMN_TEXT},
                                            {"people", "People", COLUMN_COUNT}};
    struct table *table = feed_table(
        feed, PAGE_PRAISE_TIMES, "How praise is spread",
        "Over the whole time shown. Nobody is named here; the praise ledger in chat says "
        "who has not been seen for a while.",
        columns, ARRAY_LEN(columns));
    int64_t people[ARRAY_LEN(steps)] = {0};
    bool hidden[ARRAY_LEN(steps)];
    for (int i = 0; i < feed->rep_count; i++) {
        size_t step = 0;
        while (feed->reps[i].praised > steps[step].most)
            step++;
        people[step] += feed->reps[i].team >= 0;
    }
    (void)suppress_groups(people, ARRAY_LEN(steps), true, hidden); /* no sum stands here */
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        struct cell *row = table_row(table);
        row[0] = cell_text(steps[i].name);
        row[1] = hidden[i] ? cell_hidden() : cell_number((double)people[i]);
    }
}

void page_praise(struct feed *feed)
{
    praise_equity(feed);
    praise_times(feed);
}

/* --- attention --- */

enum { MANAGERS = -1, EVERYBODY = -2 };

static int by_size(const void *a, const void *b)
{
    const long *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double minutes(const long *sorted, size_t count, size_t pct)
{
    size_t rank = (count * pct + 99) / 100; /* nearest rank */
    return (double)sorted[rank ? rank - 1 : 0] / 2;
}

static void attention_row(const struct feed *feed, struct table *table, const char *name, int group,
                          bool hidden)
{
    size_t count = 0, people = 0;
    long *weeks = NEW_ARRAY(long, (size_t)feed->rep_count *(size_t)(feed->week_count + 1) + 1);
    for (int i = 0; i < feed->rep_count; i++) {
        const struct feed_rep *rep = &feed->reps[i];
        if (group == EVERYBODY ? rep->team < 0 : rep->team != group)
            continue;
        people++;
        for (int week = 0; week < feed->week_count; week++)
            weeks[count++] = rep->halves[week];
    }
    if (count)
        qsort(weeks, count, sizeof(*weeks), by_size);
    struct cell *row = table_row(table);
    row[0] = cell_text(name);
    for (size_t i = 1; i < table->column_count; i++)
        row[i] = hidden ? cell_hidden() : cell_few();
    if (!hidden)
        row[1] = cell_number((double)people);
    if (!hidden && count) {
        row[2] = cell_number(minutes(weeks, count, 50));
        row[3] = cell_number(minutes(weeks, count, 95));
        row[4] = cell_number(minutes(weeks, count, 100));
    }
    free(weeks);
}

void page_attention(struct feed *feed)
{
    static const struct column columns[] = {{"group", "Group", COLUMN_TEXT},
                                            {"people", "People", COLUMN_COUNT},
                                            {"p50", "Half of the weeks, at most", COLUMN_MINUTES},
                                            {"p95", "95 %, at most", COLUMN_MINUTES},
                                            {"max", "The fullest week", COLUMN_MINUTES}};
    struct table *table =
        feed_table(feed, PAGE_ATTENTION, "The attention bill",
                   "Minutes of one person in one week, an estimate: " ATTENTION_WORDS
                   ". Weeks without a message count too.",
                   columns, ARRAY_LEN(columns));
    size_t teams = (size_t)feed->team_count;
    int64_t *sizes = NEW_ARRAY(int64_t, teams + 1), managers = 0;
    bool *hidden = NEW_ARRAY(bool, teams + 1);
    for (size_t i = 0; i < teams; i++)
        sizes[i] = feed->teams[i].reps;
    for (int i = 0; i < feed->rep_count; i++)
        managers += feed->reps[i].team < 0;
    bool hide_all = suppress_groups(sizes, teams, teams > 1, hidden);
    for (int i = 0; i < feed->team_count; i++)
        attention_row(feed, table, feed->teams[i].name, i, hidden[i]);
    if (teams > 1)
        attention_row(feed, table, "all reps", EVERYBODY, hide_all);
    if (managers > 1) /* the viewer alone is no group */
        attention_row(feed, table, "managers", MANAGERS, suppress_one(managers));
    free(sizes);
    free(hidden);
}

/* --- how much, and how good --- */

#define RATING_TOPIC "coaching_rating"

static bool is_rating(const struct contact_view *contact)
{
    return contact->kind == CONTACT_QUESTION && contact->subject &&
           contact->subject->answer == ANSWER_SCALE &&
           str_eq(contact->subject->topic, RATING_TOPIC);
}

struct measure {
    const char *name;
    bool mean; /* of the numbers, beside their count */
    bool (*counts)(const struct contact_view *);
};

static bool is_answer(const struct contact_view *contact)
{
    return contact->kind == CONTACT_QUESTION && contact->done && !is_rating(contact);
}

static bool is_praise(const struct contact_view *contact)
{
    return contact->kind == CONTACT_CARD && contact->done;
}

static bool is_rated(const struct contact_view *contact)
{
    return is_rating(contact) && contact->scale != NUMBER_NONE;
}

static void measure_row(const struct feed *feed, const struct measure *measure, struct table *table)
{
    bool *seen = NEW_ARRAY(bool, (size_t)feed->rep_count + 1);
    int64_t count = 0, people = 0, sum = 0;
    for (size_t i = 0; i < feed->contact_count; i++) {
        const struct contact_view *contact = &feed->contacts[i];
        int rep = feed_rep(feed, contact->rep);
        if (!measure->counts(contact))
            continue;
        count++;
        people += !seen[rep];
        seen[rep] = true;
        sum += measure->mean ? contact->scale : 0;
    }
    bool hidden = measure->mean ? people < SUPPRESS_LEAST : suppress_one(people);
    struct cell *row = table_row(table);
    row[0] = cell_text(measure->name);
    row[1] = hidden ? cell_hidden() : cell_number((double)count);
    row[2] = hidden ? cell_hidden() : cell_number((double)people);
    if (measure->mean)
        row[3] = hidden ? cell_hidden() : cell_number((double)sum / (double)count);
    free(seen);
}

/* What a rule changed, against the occasions on which its coin kept it back; the figures are those
 * of the table of experiments, hidden where that hides them. */
static void uplift_row(const struct feed *feed, const struct report_rule *rule,
                       const struct report_arm *arm, struct table *table)
{
    bool enough = arm->against.verdict == STATS_ENOUGH;
    struct cell *row = table_row(table);
    row[0] = cell_text(arena_printf(feed->arena, "what %s (%s) changed, against holding it back",
                                    rule->rule->id, arm->name));
    for (size_t i = 1; i < table->column_count; i++)
        row[i] = rule->arms_shown ? cell_few() : cell_hidden();
    row[3] = (struct cell){0}; /* there is no mean of this */
    if (!rule->arms_shown)
        return;
    row[1] = cell_number((double)arm->occasions);
    row[2] = cell_number((double)arm->people);
    if (!enough)
        return;
    row[4] = cell_number(arm->against.difference);
    row[5] = cell_number(arm->against.low);
    row[6] = cell_number(arm->against.high);
}

static void add_uplifts(const struct feed *feed, struct table *table)
{
    for (int i = 0; i < feed->report.count; i++) {
        const struct report_rule *rule = &feed->report.rules[i];
        bool holdout = rule->arm_count && str_eq(rule->arms[rule->base].name, "nothing");
        for (int k = 0; holdout && k < rule->arm_count; k++) {
            if (k != rule->base)
                uplift_row(feed, rule, &rule->arms[k], table);
        }
    }
}

void page_measures(struct feed *feed)
{
    static const struct column columns[] = {
        {"measure", "Measure", COLUMN_TEXT}, {"count", "How many", COLUMN_COUNT},
        {"people", "People", COLUMN_COUNT},  {"mean", "Mean", COLUMN_MEAN},
        {"uplift", "Uplift", COLUMN_POINTS}, {"low", "from", COLUMN_POINTS},
        {"high", "to", COLUMN_POINTS}};
    static const struct measure measures[] = {
        {"questions answered", false, is_answer},
        {"praise sent on by managers", false, is_praise},
        {"how useful the coaching was, said by reps", true, is_rated},
    };
    struct table *table = feed_table(
        feed, PAGE_MEASURES, "How much, how good, and what it changed",
        "Things that are never made into one number: how much coaching there was, how useful the "
        "reps found it (the mean of at least five people, else it is not shown), and how much more "
        "often the outcome came where a coin let a rule speak than where it held it back, in "
        "points, with the 95 % interval.",
        columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < ARRAY_LEN(measures); i++)
        measure_row(feed, &measures[i], table);
    add_uplifts(feed, table);
}
