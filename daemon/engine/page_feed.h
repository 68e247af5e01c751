/* page_feed.h: what the tables of the page are made of: one pass over the store and the core.
 * Layer: engine (pure). Private to engine/page_*.c. */
#pragma once
#include "base/map.h"
#include "core/overview.h"
#include "engine/page_data.h"
#include "engine/suppress.h"

enum {
    PAGE_WEEKS_MOST = 60,
    PAGE_PERIOD_WEEKS = 4,   /* a level is told of so many weeks */
    PAGE_RECENT_DAYS = 28,   /* effort is compared with the own baseline: so long, */
    PAGE_BASELINE_DAYS = 84, /* and so long before */
    PAGE_AHEAD_DAYS = 7,
};

struct feed_rep {
    struct member_view member;
    int team;                 /* index; -1: a manager */
    int64_t recent, baseline; /* own activities, not the automated ones */
    msec_t first;             /* of the activities that were looked at; MSEC_NONE: none */
    int praised, praised_recently;
    uint64_t coached; /* bit of each week in which a question was answered or a card sent on */
    long *halves;     /* of attention, by week; of messages to this person */
};

struct feed_team {
    const char *id, *name;
    const char *manager; /* of its first rep */
    int64_t reps;
};

/* One message of a rule. */
struct feed_sent {
    const struct rule *rule;
    int rep;          /* index: whom it is about */
    const char *deal; /* interned, or NULL */
    msec_t at;
};

/* A decision not to speak. */
struct feed_kept_back {
    const struct rule *rule;
    int rep;
    const char *gate; /* interned: the first that refused */
};

struct feed_move {
    msec_t time;
    int stage; /* index in the book */
};

/* What the journal says of one deal. */
struct feed_deal {
    const char *id;
    int rep; /* of its last event */
    struct feed_move *moves;
    size_t move_count, move_cap;
    msec_t gate_at;   /* the first gate on record; MSEC_NEVER: none */
    msec_t closed_at; /* MSEC_NONE: not closed in this time */
    bool won;
};

struct feed {
    const struct core *core;
    const struct book *book;
    const struct page_options *options;
    struct page_data *page;
    struct arena *arena; /* of the page */
    struct arena scratch;
    struct map rep_places, names, deal_places;
    struct feed_rep *reps; /* all that the viewer may be told about, managers too; by id */
    int rep_count;
    struct feed_team *teams;
    int team_count;
    int week_count;   /* week 0 is the newest one */
    int period_count; /* likewise */
    msec_t begun;     /* the first thing that is known of */
    struct feed_sent *sents;
    size_t sent_count, sent_cap;
    struct feed_kept_back *kept_back;
    size_t kept_back_count, kept_back_cap;
    struct feed_deal *deals;
    size_t deal_count, deal_cap;
    struct contact_view *contacts; /* of these reps, in the span */
    size_t contact_count;
    bool content[PAGE_WEEKS_MOST]; /* by week: shared, or suggested */
    struct report report;
};

int feed_read(struct feed *feed, struct store *store, struct err *err);
void feed_done(struct feed *feed);

int feed_rep(const struct feed *feed, const char *id); /* index or -1 */
int feed_week(const struct feed *feed, msec_t t);      /* -1: outside */
msec_t feed_week_start(const struct feed *feed, int week);

/* Sets table `which` up; rows are added to it. */
struct table *feed_table(struct feed *feed, enum page_table which, const char *title,
                         const char *about, const struct column *columns, size_t count);

/* A share and its interval in three cells, or what keeps them from being told. */
void feed_share_cells(const struct stats_share *share, bool hidden, struct cell *cells);

/* page_rules.c */
void page_rules(struct feed *feed);
void page_experiments(struct feed *feed);
void page_health(struct feed *feed);
void page_upcoming(struct feed *feed);
/* page_coaching.c */
void page_level(struct feed *feed); /* and the win rate by it */
/* page_deals.c */
void page_thirds(struct feed *feed);
void page_mix(struct feed *feed);
/* page_people.c */
void page_praise(struct feed *feed);
void page_attention(struct feed *feed);
void page_measures(struct feed *feed);
/* page_voices.c */
void page_voices(struct feed *feed);
