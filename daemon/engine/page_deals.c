/* Where questions go: which side of a person they speak to, and which third of the deals. */
#include <stdlib.h>

#include "base/alloc.h"
#include "engine/page_feed.h"

/* Things that happen to people, by group: how often, and to how many. */
struct spread {
    int64_t *counts, *people;
    bool *hidden;
    size_t groups;
    bool *seen; /* rep by group */
};

static struct spread spread_new(const struct feed *feed, size_t groups)
{
    return (struct spread){.counts = NEW_ARRAY(int64_t, groups),
                           .people = NEW_ARRAY(int64_t, groups),
                           .hidden = NEW_ARRAY(bool, groups),
                           .groups = groups,
                           .seen = NEW_ARRAY(bool, groups *(size_t)(feed->rep_count + 1))};
}

static void spread_done(struct spread *spread)
{
    free(spread->counts);
    free(spread->people);
    free(spread->hidden);
    free(spread->seen);
}

static void spread_add(struct spread *spread, size_t group, int rep)
{
    bool *seen = &spread->seen[(size_t)rep * spread->groups + group];
    spread->counts[group]++;
    spread->people[group] += !*seen;
    *seen = true;
}

static const struct column spread_columns[] = {
    {"group", "Group", COLUMN_TEXT},
    {"messages", "Messages", COLUMN_COUNT},
    {"people", "People", COLUMN_COUNT},
    {"share", "Share", COLUMN_SHARE},
};

/* The shares of the rest would tell those that are hidden, so then there are none. */
static void spread_rows(struct spread *spread, const char *const *names, struct table *table)
{
    int64_t all = 0;
    bool any = suppress_groups(spread->people, spread->groups, true, spread->hidden);
    for (size_t i = 0; i < spread->groups; i++) {
        all += spread->counts[i];
        any |= spread->hidden[i];
    }
    for (size_t i = 0; i < spread->groups; i++) {
        bool hidden = spread->hidden[i];
        struct cell *row = table_row(table);
        row[0] = cell_text(names[i]);
        row[1] = hidden ? cell_hidden() : cell_number((double)spread->counts[i]);
        row[2] = hidden ? cell_hidden() : cell_number((double)spread->people[i]);
        row[3] = any    ? cell_hidden()
                 : !all ? cell_few()
                        : cell_number((double)spread->counts[i] / (double)all);
    }
}

void page_mix(struct feed *feed)
{
    enum { KINDS = KIND_PURPOSE + 1 };
    static const char *const names[KINDS] = {[KIND_SKILL] = "skill",
                                             [KIND_ACTIVITY] = "activity",
                                             [KIND_BELIEF] = "belief",
                                             [KIND_DRIVE] = "drive",
                                             [KIND_PURPOSE] = "purpose"};
    struct table *table = feed_table(feed, PAGE_MIX, "What questions are about",
                                     "Each question is tagged by its author: skill, activity, "
                                     "belief, drive or purpose. Activity "
                                     "alone does not last; the inner side carries it.",
                                     spread_columns, ARRAY_LEN(spread_columns));
    struct spread spread = spread_new(feed, KINDS);
    for (size_t i = 0; i < feed->contact_count; i++) {
        const struct contact_view *contact = &feed->contacts[i];
        if (contact->kind == CONTACT_QUESTION && contact->subject)
            spread_add(&spread, (size_t)contact->subject->kind, feed_rep(feed, contact->rep));
    }
    spread_rows(&spread, names, table);
    spread_done(&spread);
}

/* --- thirds --- */

enum third { THIRD_LOST, THIRD_OPEN, THIRD_WON, THIRD_UNKNOWN, THIRDS };
enum { CLOSED_LEAST = 10, WON_PCT = 67, LOST_PCT = 33 };

static bool reached(const struct feed_deal *deal, int stage, msec_t until)
{
    for (size_t i = 0; i < deal->move_count && deal->moves[i].time < until; i++) {
        if (deal->moves[i].stage == stage)
            return true;
    }
    return false;
}

/* By what became of the deals that have been at this stage. */
static enum third third_of(const struct feed *feed, int stage)
{
    int64_t closed = 0, won = 0;
    for (size_t i = 0; i < feed->deal_count; i++) {
        const struct feed_deal *deal = &feed->deals[i];
        if (deal->closed_at == MSEC_NONE || !reached(deal, stage, MSEC_NEVER))
            continue;
        closed++;
        won += deal->won;
    }
    if (closed < CLOSED_LEAST)
        return THIRD_UNKNOWN;
    return won * 100 >= closed * WON_PCT    ? THIRD_WON
           : won * 100 <= closed * LOST_PCT ? THIRD_LOST
                                            : THIRD_OPEN;
}

static int stage_at(const struct feed_deal *deal, msec_t t)
{
    int stage = -1;
    for (size_t i = 0; i < deal->move_count && deal->moves[i].time <= t; i++)
        stage = deal->moves[i].stage;
    return stage;
}

void page_thirds(struct feed *feed)
{
    static const char *const names[THIRDS] = {[THIRD_LOST] = "likely lost anyway",
                                              [THIRD_OPEN] = "open either way",
                                              [THIRD_WON] = "likely won anyway",
                                              [THIRD_UNKNOWN] = "cannot be told yet"};
    struct table *table = feed_table(
        feed, PAGE_THIRDS, "Which deals the messages were about",
        "By the stage a deal was at, and what became of this group's deals that have been at that "
        "stage: two thirds won, one third or less won, or between the two. A stage needs ten "
        "closed "
        "deals. Coaching can change most in the middle.",
        spread_columns, ARRAY_LEN(spread_columns));
    struct spread spread = spread_new(feed, THIRDS);
    enum third *of_stage = NEW_ARRAY(enum third, (size_t)feed->book->stage_count + 1);
    for (int i = 0; i < feed->book->stage_count; i++)
        of_stage[i] = third_of(feed, i);
    for (size_t i = 0; i < feed->sent_count; i++) {
        const struct feed_sent *sent = &feed->sents[i];
        size_t place = sent->deal ? (size_t)(uintptr_t)map_get(&feed->deal_places, sent->deal) : 0;
        if (!sent->deal)
            continue;
        int stage = place ? stage_at(&feed->deals[place - 1], sent->at) : -1;
        spread_add(&spread, stage < 0 ? THIRD_UNKNOWN : of_stage[stage], sent->rep);
    }
    spread_rows(&spread, names, table);
    free(of_stage);
    spread_done(&spread);
}
