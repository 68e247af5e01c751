/* The level of coaching by team and over time, and the win rate beside it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "engine/level.h"
#include "engine/page_feed.h"

enum { ALL_TEAMS = -1 };

/* Four weeks, counted back from the end. */
struct period {
    int first, last; /* weeks, the newest first */
    msec_t from, to;
};

static struct period period_at(const struct feed *feed, int index)
{
    struct period period = {.first = index * PAGE_PERIOD_WEEKS,
                            .last = index * PAGE_PERIOD_WEEKS + PAGE_PERIOD_WEEKS - 1};
    period.from = feed_week_start(feed, period.last);
    period.to = feed_week_start(feed, period.first) + MSEC_WEEK;
    return period;
}

static const char *period_name(const struct feed *feed, const struct period *period)
{
    char from[MSEC_TEXT_BYTES], to[MSEC_TEXT_BYTES];
    return arena_printf(feed->arena, "%.10s to %.10s", msec_format(period->from, from),
                        msec_format(period->to - MSEC_DAY, to));
}

static bool is_of(const struct feed_rep *rep, int team)
{
    return rep->team >= 0 && (team == ALL_TEAMS || rep->team == team);
}

/* --- the facts of a level --- */

static bool week_is_kept(const struct feed *feed, int team, int week)
{
    int64_t reps = 0, coached = 0;
    for (int i = 0; i < feed->rep_count; i++) {
        if (!is_of(&feed->reps[i], team))
            continue;
        reps++;
        coached += feed->reps[i].coached >> week & 1;
    }
    return reps && level_pct(coached, reps) >= LEVEL_REPS_PCT;
}

static void count_weeks(const struct feed *feed, int team, const struct period *period,
                        struct level_facts *facts)
{
    facts->weeks = facts->weeks_kept = 0;
    for (int week = period->first; week <= period->last; week++) {
        if (feed_week_start(feed, week) + MSEC_WEEK <= feed->begun)
            continue; /* nothing is known of so long ago */
        facts->weeks++;
        facts->weeks_kept += week_is_kept(feed, team, week);
    }
}

/* Between the managers who keep most and fewest weeks, of teams that are shown: a hidden one must
 * not come out by it. */
static int spread_of(const struct feed *feed, const struct period *period, const bool *hidden)
{
    int least = 100, most = 0, teams = 0;
    for (int team = 0; team < feed->team_count; team++) {
        struct level_facts facts = {0};
        if (hidden[team])
            continue;
        teams++;
        count_weeks(feed, team, period, &facts);
        int pct = level_pct(facts.weeks_kept, facts.weeks);
        least = pct < least ? pct : least;
        most = pct > most ? pct : most;
    }
    return teams > 1 ? most - least : 0;
}

static void count_map(const struct feed *feed, int team, const struct period *period,
                      struct level_facts *facts)
{
    for (size_t i = 0; i < feed->deal_count; i++) {
        const struct feed_deal *deal = &feed->deals[i];
        bool moved = false;
        if (deal->rep < 0 || !is_of(&feed->reps[deal->rep], team))
            continue;
        for (size_t k = 0; k < deal->move_count; k++)
            moved |= deal->moves[k].time >= period->from && deal->moves[k].time < period->to;
        facts->moved += moved;
        facts->mapped += moved && deal->gate_at < period->to;
    }
}

/* A rule was put into force anew, or paused itself, with enough occasions behind it to know. */
static bool effect_followed(const struct feed *feed, msec_t until)
{
    for (int i = 0; i < feed->report.count; i++) {
        const struct report_rule *rule = &feed->report.rules[i];
        int64_t before = 0;
        if (rule->paused_at != MSEC_NONE && rule->paused_at < until)
            return true;
        if (!rule->rule->outcome_when || rule->since == MSEC_NONE || rule->since >= until)
            continue;
        for (size_t k = 0; k < feed->sent_count; k++)
            before += feed->sents[k].rule == rule->rule && feed->sents[k].at < rule->since;
        if (before >= STATS_OCCASIONS_MIN)
            return true;
    }
    return false;
}

static struct level_facts facts_of(const struct feed *feed, int team, const struct period *period,
                                   const bool *hidden)
{
    struct level_facts facts = {.effect_followed = effect_followed(feed, period->to)};
    count_weeks(feed, team, period, &facts);
    count_map(feed, team, period, &facts);
    facts.spread_points = team == ALL_TEAMS ? spread_of(feed, period, hidden) : 0;
    for (int week = period->first; week <= period->last; week++)
        facts.content_linked |= feed->content[week];
    return facts;
}

/* --- rows --- */

static const struct column level_columns[] = {
    {"period", "Four weeks", COLUMN_TEXT},       {"team", "Team", COLUMN_TEXT},
    {"people", "People", COLUMN_COUNT},          {"level", "Level", COLUMN_TEXT},
    {"missing", "What is missing", COLUMN_TEXT}, {"cadence", "Weeks kept", COLUMN_SHARE},
    {"map", "Deals with gates", COLUMN_SHARE},
};

static const char level_about[] =
    "Ad-hoc: no cadence, or managers who differ widely. Informal: a cadence, without the stage "
    "map. "
    "Formal: the map is used and the cadence kept. Dynamic: rules follow their measured effect, "
    "and "
    "content goes with them. A week is kept when half of the team answered a question or was "
    "praised "
    "by the manager. Teams are as they stand today.";

static const struct column win_columns[] = {
    {"period", "Four weeks", COLUMN_TEXT}, {"level", "Level", COLUMN_TEXT},
    {"teams", "Teams", COLUMN_COUNT},      {"people", "People", COLUMN_COUNT},
    {"won", "Won", COLUMN_COUNT},          {"lost", "Lost", COLUMN_COUNT},
    {"share", "Win rate", COLUMN_SHARE},   {"low", "from", COLUMN_SHARE},
    {"high", "to", COLUMN_SHARE},
};

static const char win_about[] =
    "An association, not an effect: nobody drew lots for the level, so whatever makes a team win "
    "may also make it coach. Teams whose level is not shown are left out. The interval is one of "
    "95 %, each person one cluster.";

static void level_row(struct table *table, const char *period, const char *team, int64_t people,
                      bool hidden, const struct level_facts *facts)
{
    struct level_verdict verdict = level_of(facts);
    struct cell *row = table_row(table);
    row[0] = cell_text(period);
    row[1] = cell_text(team);
    if (hidden) {
        for (size_t i = 2; i < ARRAY_LEN(level_columns); i++)
            row[i] = cell_hidden();
        return;
    }
    row[2] = cell_number((double)people);
    row[3] = verdict.level == LEVEL_UNKNOWN ? cell_few() : cell_text(level_name(verdict.level));
    row[4] = cell_text(level_criterion(verdict.failed));
    row[5] =
        facts->weeks ? cell_number((double)facts->weeks_kept / (double)facts->weeks) : cell_few();
    row[6] = facts->moved >= LEVEL_DEALS_LEAST
                 ? cell_number((double)facts->mapped / (double)facts->moved)
                 : cell_few();
}

/* Deals of these teams that were closed in the period, person by person. */
static struct stats_share wins_of(const struct feed *feed, const bool *teams,
                                  const struct period *period)
{
    struct stats_cluster *people = NEW_ARRAY(struct stats_cluster, (size_t)feed->rep_count + 1);
    struct stats_share share;
    for (size_t i = 0; i < feed->deal_count; i++) {
        const struct feed_deal *deal = &feed->deals[i];
        int team = deal->rep >= 0 ? feed->reps[deal->rep].team : -1;
        if (team < 0 || !teams[team] || deal->closed_at == MSEC_NONE ||
            deal->closed_at < period->from || deal->closed_at >= period->to)
            continue;
        people[deal->rep].count[0]++;
        people[deal->rep].hits[0] += deal->won;
    }
    stats_share(people, (size_t)feed->rep_count, &share);
    free(people);
    return share;
}

static void win_rows(const struct feed *feed, struct table *table, const struct period *period,
                     const enum level *levels, const bool *hidden)
{
    bool *chosen = NEW_ARRAY(bool, (size_t)feed->team_count + 1);
    for (int level = LEVEL_ADHOC; level < LEVELS; level++) {
        int64_t teams = 0, people = 0;
        for (int i = 0; i < feed->team_count; i++) {
            chosen[i] = !hidden[i] && levels[i] == (enum level)level;
            teams += chosen[i];
            people += chosen[i] ? feed->teams[i].reps : 0;
        }
        if (!teams)
            continue;
        struct stats_share share = wins_of(feed, chosen, period);
        struct cell *row = table_row(table);
        row[0] = cell_text(period_name(feed, period));
        row[1] = cell_text(level_name((enum level)level));
        row[2] = cell_number((double)teams);
        row[3] = cell_number((double)people);
        row[4] = suppress_one(share.people) ? cell_hidden() : cell_number((double)share.hits);
        row[5] = suppress_one(share.people) ? cell_hidden()
                                            : cell_number((double)(share.count - share.hits));
        feed_share_cells(&share, false, row + 6);
    }
    free(chosen);
}

void page_level(struct feed *feed)
{
    struct table *table = feed_table(feed, PAGE_LEVEL, "Level of coaching", level_about,
                                     level_columns, ARRAY_LEN(level_columns));
    struct table *wins = feed_table(feed, PAGE_WINS, "Win rate by level", win_about, win_columns,
                                    ARRAY_LEN(win_columns));
    size_t teams = (size_t)feed->team_count;
    int64_t *sizes = NEW_ARRAY(int64_t, teams + 1);
    bool *hidden = NEW_ARRAY(bool, teams + 1);
    enum level *levels = NEW_ARRAY(enum level, teams + 1);
    for (size_t i = 0; i < teams; i++)
        sizes[i] = feed->teams[i].reps;
    bool hide_all = suppress_groups(sizes, teams, teams > 1, hidden);
    for (int i = feed->period_count - 1; i >= 0; i--) {
        struct period period = period_at(feed, i);
        const char *name = period_name(feed, &period);
        for (int team = 0; team < feed->team_count; team++) {
            struct level_facts facts = facts_of(feed, team, &period, hidden);
            levels[team] = level_of(&facts).level;
            level_row(table, name, feed->teams[team].name, sizes[team], hidden[team], &facts);
        }
        if (teams > 1) {
            struct level_facts facts = facts_of(feed, ALL_TEAMS, &period, hidden);
            level_row(table, name, "all teams", feed->page->reps, hide_all, &facts);
        }
        win_rows(feed, wins, &period, levels, hidden);
    }
    free(sizes);
    free(hidden);
    free(levels);
}
