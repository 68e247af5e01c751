/* What each rule did, what it kept back, and what is to come. */
#include <stdlib.h>

#include "base/alloc.h"
#include "engine/page_feed.h"

/* --- sent, answered, and what came of it --- */

static const struct column rule_columns[] = {
    {"rule", "Rule", COLUMN_TEXT},
    {"sent", "Sent", COLUMN_COUNT},
    {"people", "People", COLUMN_COUNT},
    {"answered", "Answered", COLUMN_SHARE},
    {"answered-low", "from", COLUMN_SHARE},
    {"answered-high", "to", COLUMN_SHARE},
    {"outcome", "What it hopes for came", COLUMN_SHARE},
    {"outcome-low", "from", COLUMN_SHARE},
    {"outcome-high", "to", COLUMN_SHARE},
    {"open", "Still open", COLUMN_COUNT},
    {"says", "What that says", COLUMN_TEXT},
};

static const char rule_about[] =
    "What came after a message, not because of it: only an experiment can tell the two apart. "
    "Intervals are of 95 %, each person one cluster; they need 30 occasions and 10 people.";

static const char *what_it_says(const struct report_rule *rule)
{
    return rule->rule->experiment     ? "see its experiment"
           : rule->rule->outcome_when ? "an association"
                                      : NULL;
}

static void rule_row(const struct report_rule *rule, bool hidden, struct table *table)
{
    struct cell *row = table_row(table);
    row[0] = cell_text(rule->rule->id);
    row[1] = hidden ? cell_hidden() : cell_number((double)rule->sent);
    row[2] = hidden ? cell_hidden() : cell_number((double)rule->people);
    if (rule->rule->questions)
        feed_share_cells(&rule->answer, hidden, row + 3);
    if (!rule->rule->outcome_when)
        return;
    feed_share_cells(&rule->outcome, hidden, row + 6);
    row[9] = hidden || suppress_one(rule->outcome.people) ? cell_hidden()
                                                          : cell_number((double)rule->open);
    row[10] = cell_text(what_it_says(rule));
}

/* Other tables say how much there was of everything, so the sum counts as known. */
void page_rules(struct feed *feed)
{
    struct table *table = feed_table(feed, PAGE_RULES, "What each rule did", rule_about,
                                     rule_columns, ARRAY_LEN(rule_columns));
    size_t count = (size_t)feed->report.count;
    int64_t *people = NEW_ARRAY(int64_t, count + 1);
    bool *hidden = NEW_ARRAY(bool, count + 1);
    for (size_t i = 0; i < count; i++)
        people[i] = feed->report.rules[i].people;
    (void)suppress_groups(people, count, true, hidden); /* no sum stands here */
    for (size_t i = 0; i < count; i++) {
        if (people[i])
            rule_row(&feed->report.rules[i], hidden[i], table);
    }
    free(people);
    free(hidden);
}

static const char *difference_says(const struct stats_difference *d)
{
    switch (d->verdict) {
    case STATS_FEW_OCCASIONS:
    case STATS_FEW_PEOPLE:
        return "not enough data yet";
    case STATS_TOO_UNIFORM:
        return "not enough data yet: it nearly always comes, or nearly never";
    case STATS_ENOUGH:
        break;
    }
    return d->low > 0    ? "it comes more often"
           : d->high < 0 ? "it comes less often"
                         : "not clear whether it makes a difference";
}

static void arm_row(const struct report_rule *rule, int index, struct table *table)
{
    const struct report_arm *arm = &rule->arms[index];
    bool base = index == rule->base, enough = arm->against.verdict == STATS_ENOUGH;
    struct cell *row = table_row(table);
    row[0] = cell_text(rule->rule->id);
    row[1] = cell_text(arm->name);
    if (!rule->arms_shown) {
        for (size_t i = 2; i < table->column_count; i++)
            row[i] = cell_hidden();
        return;
    }
    row[2] = cell_number((double)arm->people);
    row[3] = cell_number((double)arm->occasions);
    row[4] = arm->occasions ? cell_number(arm->share) : cell_few();
    row[8] = cell_text(base ? "what the others are compared with" : difference_says(&arm->against));
    if (base)
        return;
    row[5] = enough ? cell_number(arm->against.difference) : cell_few();
    row[6] = enough ? cell_number(arm->against.low) : cell_few();
    row[7] = enough ? cell_number(arm->against.high) : cell_few();
}

void page_experiments(struct feed *feed)
{
    static const struct column columns[] = {
        {"rule", "Rule", COLUMN_TEXT},           {"arm", "Arm", COLUMN_TEXT},
        {"people", "People", COLUMN_COUNT},      {"occasions", "Occasions", COLUMN_COUNT},
        {"share", "Outcome came", COLUMN_SHARE}, {"difference", "Difference", COLUMN_POINTS},
        {"low", "from", COLUMN_POINTS},          {"high", "to", COLUMN_POINTS},
        {"says", "What that says", COLUMN_TEXT},
    };
    struct table *table = feed_table(feed, PAGE_EXPERIMENTS, "What experiments say",
                                     "A coin decided, so a difference is the rule's effect. "
                                     "Intervals are of 95 %; each person is "
                                     "one cluster. An arm needs 30 occasions and 10 people.",
                                     columns, ARRAY_LEN(columns));
    for (int i = 0; i < feed->report.count; i++) {
        for (int k = 0; k < feed->report.rules[i].arm_count; k++)
            arm_row(&feed->report.rules[i], k, table);
    }
}

/* --- health --- */

/* What a rule kept to itself, and the gate that refused most often. */
struct kept_back {
    int64_t count, people;
    const char *gate;
};

static int by_rule_and_gate(const void *a, const void *b)
{
    const struct feed_kept_back *x = a, *y = b;
    int order = x->rule->index - y->rule->index;
    return order ? order : str_cmp(x->gate, y->gate);
}

/* first and end are those of one rule; equal gates stand together. */
static struct kept_back add_kept_back(const struct feed *feed, size_t first, size_t end)
{
    struct kept_back sum = {.count = (int64_t)(end - first)};
    bool *seen = NEW_ARRAY(bool, (size_t)feed->rep_count + 1);
    size_t run = 0, most = 0;
    for (size_t i = first; i < end; i++) {
        const struct feed_kept_back *one = &feed->kept_back[i];
        run = i > first && str_eq(one->gate, one[-1].gate) ? run + 1 : 1;
        if (run > most && one->gate) {
            most = run;
            sum.gate = one->gate;
        }
        sum.people += !seen[one->rep];
        seen[one->rep] = true;
    }
    free(seen);
    return sum;
}

static const char *state_of(const struct feed *feed, const struct report_rule *rule)
{
    char since[MSEC_TEXT_BYTES];
    return rule->paused_at == MSEC_NONE ? "in force"
                                        : arena_printf(feed->arena, "paused itself on %.10s: %s",
                                                       msec_format(rule->paused_at, since),
                                                       rule->paused_why ? rule->paused_why : "");
}

static void page_files(struct feed *feed)
{
    static const struct column columns[] = {{"file", "File", COLUMN_TEXT},
                                            {"state", "State", COLUMN_TEXT},
                                            {"why", "The first mistake", COLUMN_TEXT}};
    struct table *table =
        feed_table(feed, PAGE_FILES, "Plugin files with a mistake",
                   "Empty when every file is in force as it stands.", columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < feed->options->file_count; i++) {
        const struct page_file *file = &feed->options->files[i];
        struct cell *row = table_row(table);
        row[0] = cell_text(file->name);
        row[1] = cell_text(file->kept ? "the version from before is in force" : "left out");
        row[2] = cell_text(file->why);
    }
}

void page_health(struct feed *feed)
{
    static const struct column columns[] = {
        {"rule", "Rule", COLUMN_TEXT},       {"plugin", "Plugin", COLUMN_TEXT},
        {"state", "State", COLUMN_TEXT},     {"sent", "Sent", COLUMN_COUNT},
        {"kept", "Kept back", COLUMN_COUNT}, {"gate", "Most often by", COLUMN_TEXT},
    };
    struct table *table =
        feed_table(feed, PAGE_HEALTH, "How the rules are",
                   "Kept back are moments at which a rule held and a gate refused: quiet hours, a "
                   "limit, leave, an experiment. gritctl why tells each of them.",
                   columns, ARRAY_LEN(columns));
    size_t count = (size_t)feed->report.count, first = 0;
    struct kept_back *kept = NEW_ARRAY(struct kept_back, count + 1);
    int64_t *people = NEW_ARRAY(int64_t, count + 1), *silent = NEW_ARRAY(int64_t, count + 1);
    bool *hide_sent = NEW_ARRAY(bool, count + 1), *hide_kept = NEW_ARRAY(bool, count + 1);
    if (feed->kept_back_count > 1)
        qsort(feed->kept_back, feed->kept_back_count, sizeof(*feed->kept_back), by_rule_and_gate);
    for (size_t i = 0; i < count; i++) {
        size_t end = first;
        while (end < feed->kept_back_count && feed->kept_back[end].rule->index == (int)i)
            end++;
        kept[i] = add_kept_back(feed, first, end);
        people[i] = feed->report.rules[i].people;
        silent[i] = kept[i].people;
        first = end;
    }
    (void)suppress_groups(people, count, true, hide_sent); /* as in page_rules() */
    (void)suppress_groups(silent, count, true, hide_kept);
    for (size_t i = 0; i < count; i++) {
        const struct report_rule *rule = &feed->report.rules[i];
        struct cell *row = table_row(table);
        row[0] = cell_text(rule->rule->id);
        row[1] = cell_text(rule->rule->plugin->id);
        row[2] = cell_text(state_of(feed, rule));
        row[3] = hide_sent[i] ? cell_hidden() : cell_number((double)rule->sent);
        row[4] = hide_kept[i] ? cell_hidden() : cell_number((double)kept[i].count);
        row[5] = hide_kept[i] ? cell_hidden() : cell_text(kept[i].gate);
    }
    free(kept);
    free(people);
    free(silent);
    free(hide_sent);
    free(hide_kept);
    page_files(feed);
}

/* --- to come --- */

struct coming {
    int64_t day; /* on the viewer's calendar */
    int rule;    /* index */
    int rep;
};

struct comings {
    const struct feed *feed;
    const struct tz *tz;
    struct coming *list;
    size_t count, cap;
};

static void on_coming(void *user, const struct rule *rule, const char *id, msec_t due)
{
    struct comings *c = user;
    struct civil day;
    int rep = feed_rep(c->feed, id);
    if (rep < 0)
        return;
    tz_local(c->tz, due < c->feed->options->now ? c->feed->options->now : due, &day);
    ARRAY_GROW(c->list, c->count, c->cap);
    c->list[c->count++] =
        (struct coming){civil_to_days(day.year, day.month, day.day), rule->index, rep};
}

static int by_day(const void *a, const void *b)
{
    const struct coming *x = a, *y = b;
    int order = (x->day > y->day) - (x->day < y->day);
    if (!order)
        order = x->rule - y->rule;
    return order ? order : x->rep - y->rep;
}

/* How many is shown of five or more, and of the viewer's own team, whoever they are. */
static void coming_row(const struct comings *c, size_t first, size_t end, struct table *table)
{
    const struct feed *feed = c->feed;
    const char *viewer = feed->options->viewer;
    int64_t people = 0;
    bool own = viewer != NULL;
    int year, month, day;
    for (size_t i = first; i < end; i++) {
        const struct member_view *member = &feed->reps[c->list[i].rep].member;
        people += i == first || c->list[i].rep != c->list[i - 1].rep;
        own &= str_eq(member->manager, viewer) || str_eq(member->id, viewer);
    }
    civil_from_days(c->list[first].day, &year, &month, &day);
    struct cell *row = table_row(table);
    row[0] = cell_text(arena_printf(feed->arena, "%04d-%02d-%02d", year, month, day));
    row[1] = cell_text(feed->book->rules[c->list[first].rule]->id);
    row[2] = suppress_one(people) && !own ? cell_hidden() : cell_number((double)people);
}

void page_upcoming(struct feed *feed)
{
    static const struct column columns[] = {{"day", "Day", COLUMN_TEXT},
                                            {"rule", "Rule", COLUMN_TEXT},
                                            {"people", "For how many", COLUMN_COUNT}};
    struct table *table = feed_table(
        feed, PAGE_UPCOMING, "The next seven days",
        "Moments at which a rule will look. Whether it speaks is decided then, so this is "
        "the most there can be of what is known today.",
        columns, ARRAY_LEN(columns));
    struct comings c = {
        .feed = feed,
        .tz = feed->options->viewer ? core_zone_of(feed->core, feed->options->viewer) : tz_utc()};
    core_upcoming(feed->core, feed->options->now + PAGE_AHEAD_DAYS * MSEC_DAY, on_coming, &c);
    if (c.count > 1)
        qsort(c.list, c.count, sizeof(*c.list), by_day);
    for (size_t first = 0, end; first < c.count; first = end) {
        for (end = first; end < c.count && c.list[end].day == c.list[first].day &&
                          c.list[end].rule == c.list[first].rule;)
            end++;
        coming_row(&c, first, end, table);
    }
    free(c.list);
}
