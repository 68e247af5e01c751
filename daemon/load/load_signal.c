#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"

/* A signal with what its keys said, before they are put together; also what stands inside a ratio
 * or trend. */
struct signal_draft {
    struct signal *signal;
    const struct node *node;
    int kinds; /* how many of count, sum, ... there were */
    const struct node *to, *compare, *at_least, *within, *window, *since, *over;
    msec_t span; /* mean_of, over */
    const char *kind, *direction, *outcome;
    bool automated;
};

static const char *const compare_words[] = {"own_baseline", NULL};
static const char *const per_words[] = {"deal", NULL};
static const char *const of_words[] = {"count", "duration", NULL}; /* as enum signal_of */
static const char *const by_words[] = {"deal", NULL};
static const char *const ends[] = {"time_from", "ratio", NULL};
static const char *const times[] = {"time_from", NULL};
static const char *const streaks[] = {"streak", NULL};
static const char *const sums[] = {"sum", NULL};
static const char *const distincts[] = {"distinct", NULL};
static const char *const countings[] = {"count", "sum", "distinct", NULL};
static const char *const sinces[] = {"since", NULL};
static const char *const trends[] = {"trend", NULL};
static const char *const of_deals[] = {"count",     "sum",   "streak", "gap",
                                       "time_from", "ratio", "trend",  NULL};

/* A key that has no meaning for this kind of signal would be passed over without a word. */
static void refuse(struct reading *r, const struct node *node, const char *where)
{
    if (node)
        read_error_at(r, read_key_place(r, node), "unused-key", "'%s' is only for %s", node->key,
                      where);
}

static void keep_word(const char **slot, const char *word)
{
    if (word)
        *slot = word;
}

static void keep_words(struct fact_filter *filter, const struct signal_draft *draft)
{
    keep_word(&filter->kind, draft->kind);
    keep_word(&filter->direction, draft->direction);
    keep_word(&filter->outcome, draft->outcome);
    filter->automated |= draft->automated;
}

static void begin(struct reading *r, const struct node *node, struct signal_draft *draft,
                  enum signal_kind kind)
{
    draft->signal->kind = kind;
    draft->kinds++;
    filter_read(r, node, kind == SIGNAL_TIME ? &draft->signal->since : &draft->signal->of);
}

static void read_count(struct reading *r, const struct node *node, void *into)
{
    begin(r, node, into, SIGNAL_COUNT);
}

static void read_sum(struct reading *r, const struct node *node, void *into)
{
    begin(r, node, into, SIGNAL_SUM);
}

static void read_streak(struct reading *r, const struct node *node, void *into)
{
    begin(r, node, into, SIGNAL_STREAK);
}

static void read_gap(struct reading *r, const struct node *node, void *into)
{
    begin(r, node, into, SIGNAL_GAP);
}

static void read_distinct(struct reading *r, const struct node *node, void *into)
{
    begin(r, node, into, SIGNAL_DISTINCT);
}

static void read_time_from(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    begin(r, node, draft, SIGNAL_TIME);
    draft->signal->has_since = true;
}

static void read_to(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->to = node;
    if (node_get(draft->node, "ratio"))
        read_map(r, node, &signal_baseline_block, draft);
    else
        filter_read(r, node, &draft->signal->of);
}

static void read_compare(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    int index;
    draft->compare = node;
    if (read_word(r, node, compare_words, &index))
        draft->signal->own_baseline = true;
}

static void read_kind(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_KIND, &((struct signal_draft *)into)->kind);
}

static void read_direction(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_DIRECTION, &((struct signal_draft *)into)->direction);
}

static void read_outcome(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_OUTCOME, &((struct signal_draft *)into)->outcome);
}

static void read_per(struct reading *r, const struct node *node, void *into)
{
    int index;
    if (read_word(r, node, per_words, &index))
        ((struct signal_draft *)into)->signal->per_deal = true;
}

static void read_since(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->since = node;
    draft->signal->has_since = true;
    filter_read(r, node, &draft->signal->since);
}

static void read_within(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->within = node;
    (void)read_calendar_length(r, node, &draft->signal->within); /* the problem is told */
}

static void read_window(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->window = node;
    (void)read_calendar_length(r, node, &draft->signal->window); /* the problem is told */
}

static void read_span(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->over = node;
    (void)read_calendar_length(r, node, &draft->span); /* the problem is told */
}

/* "5 per working_day" or just 5. */
static void read_at_least(struct reading *r, const struct node *node, void *into)
{
    enum { PER_DAY_MAX = 1000 };
    struct signal_draft *draft = into;
    const char *per = node->kind == NODE_SCALAR ? strstr(node->text, " per working") : NULL;
    struct node number = *node;
    draft->at_least = node;
    if (per && (str_eq(per, " per working_day") || str_eq(per, " per working day")))
        number.text = arena_strndup(r->arena, node->text, (size_t)(per - node->text));
    else if (per || (node->kind == NODE_SCALAR && strchr(node->text, ' '))) {
        read_wrong(r, node, "a number for each working day", "5 per working_day");
        return;
    }
    (void)read_int(r, &number, 1, PER_DAY_MAX, &draft->signal->at_least); /* the problem is told */
}

static void read_of(struct reading *r, const struct node *node, void *into)
{
    int index;
    if (read_word(r, node, of_words, &index))
        ((struct signal_draft *)into)->signal->add = (enum signal_of)index;
}

static void read_by(struct reading *r, const struct node *node, void *into)
{
    int index;
    (void)into; /* there is only one thing to tell apart */
    (void)read_word(r, node, by_words, &index);
}

/* What stands inside of a ratio or trend: a signal of its own, without a name. */
static void read_measure(struct reading *r, const struct node *node, struct signal_draft *draft,
                         enum signal_kind kind)
{
    struct signal inner = {.kind = SIGNAL_COUNT, .window = MSEC_WEEK};
    struct signal_draft measure = {.signal = &inner, .node = node};
    draft->signal->kind = kind;
    draft->kinds++;
    int errors = r->errors;
    read_map(r, node, &signal_measure_block, &measure);
    if (node->kind != NODE_MAP)
        return;
    if (!measure.kinds && r->errors > errors)
        return; /* a kind that was misspelt is told */
    if (measure.kinds != 1)
        read_error(r, node, "wrong-value", "'%s' needs one of count and sum in it; found %d",
                   node->key, measure.kinds);
    else if (inner.kind != SIGNAL_SUM)
        refuse(r, node_get(node, "of"), "sum");
    if (inner.window < MSEC_MINUTE)
        read_error(r, measure.window, "wrong-value",
                   "'window' must be at least a minute, such as 1w");
    draft->window = measure.window;
    draft->signal->window = inner.window;
    draft->signal->add = inner.add;
    draft->signal->of = inner.of;
    keep_words(&draft->signal->of, &measure);
}

static void read_ratio(struct reading *r, const struct node *node, void *into)
{
    read_measure(r, node, into, SIGNAL_RATIO);
}

static void read_trend(struct reading *r, const struct node *node, void *into)
{
    read_measure(r, node, into, SIGNAL_TREND);
}

/* Which activity counts: the same for a signal and for what a ratio or trend measures. */
#define FILTER_KEYS                                                                                \
    {.name = "kind",                                                                               \
     .type = KEY_OTHER,                                                                            \
     .words = filter_kind_words,                                                                   \
     .read = read_kind,                                                                            \
     .example = "call",                                                                            \
     .help = "Only activity of this kind"},                                                        \
        {.name = "direction",                                                                      \
         .type = KEY_OTHER,                                                                        \
         .words = filter_direction_words,                                                          \
         .read = read_direction,                                                                   \
         .example = "outbound",                                                                    \
         .help = "outbound or inbound"},                                                           \
        {.name = "outcome",                                                                        \
         .type = KEY_OTHER,                                                                        \
         .words = field_outcome_words,                                                             \
         .read = read_outcome,                                                                     \
         .example = "connected",                                                                   \
         .help = "Only with this outcome"},                                                        \
    {                                                                                              \
        .name = "automated", .type = KEY_BOOL, .at = offsetof(struct signal_draft, automated),     \
        .preset = "false", .example = "true",                                                      \
        .help = "Count automated activity too; it is not effort"                                   \
    }

static const struct key measure_keys[] = {
    {.name = "count",
     .type = KEY_OTHER,
     .read = read_count,
     .form = FORM_FILTER,
     .one_of = "what is measured",
     .example = "activity.logged",
     .help = "How many"},
    {.name = "sum",
     .type = KEY_OTHER,
     .read = read_sum,
     .form = FORM_FILTER,
     .one_of = "what is measured",
     .example = "activity.logged",
     .help = "Adds up a number of the events"},
    {.name = "of",
     .type = KEY_OTHER,
     .words = of_words,
     .read = read_of,
     .with = sums,
     .preset = "count",
     .example = "duration",
     .help = "What a sum adds up: the count, or the duration in minutes"},
    FILTER_KEYS,
    {.name = "window",
     .type = KEY_OTHER,
     .read = read_window,
     .form = FORM_LENGTH,
     .preset = "1w",
     .example = "1w",
     .help = "The stretch of time that is compared with others of the same length"},
};

const struct block signal_measure_block =
    BLOCK("a measure", measure_keys, "what is counted, and in what stretches of time");

static const struct key baseline_keys[] = {
    {.name = "mean_of",
     .type = KEY_OTHER,
     .required = true,
     .read = read_span,
     .form = FORM_LENGTH,
     .example = "6 weeks",
     .help = "how far back before the current window, in whole windows"},
};

const struct block signal_baseline_block =
    BLOCK("a baseline", baseline_keys, "what is usual for this person");

static const struct key signal_keys[] = {
    {.name = "count",
     .type = KEY_OTHER,
     .read = read_count,
     .form = FORM_FILTER,
     .block = &filter_block,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "How many; an event that stands for several (its count) counts as so many"},
    {.name = "sum",
     .type = KEY_OTHER,
     .read = read_sum,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "Adds up a number of the events"},
    {.name = "of",
     .type = KEY_OTHER,
     .words = of_words,
     .read = read_of,
     .with = sums,
     .preset = "count",
     .example = "duration",
     .help = "What a sum adds up: the count, or the duration in minutes"},
    {.name = "streak",
     .type = KEY_OTHER,
     .read = read_streak,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .needs = "at_least",
     .example = "activity.logged",
     .help = "Working days in a row with enough of it, up to 90 days back; days off, holidays and "
             "days away neither count nor break it; for praise, never shown as a score"},
    {.name = "at_least",
     .type = KEY_OTHER,
     .read = read_at_least,
     .form = FORM_PER_DAY,
     .with = streaks,
     .example = "5 per working_day",
     .help = "What a day of a streak needs"},
    {.name = "gap",
     .type = KEY_OTHER,
     .read = read_gap,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "Time since the last one; missing when there was none in 100 days"},
    {.name = "distinct",
     .type = KEY_OTHER,
     .read = read_distinct,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "Different deals touched"},
    {.name = "by",
     .type = KEY_OTHER,
     .words = by_words,
     .read = read_by,
     .with = distincts,
     .preset = "deal",
     .example = "deal",
     .help = "What distinct tells apart: deal"},
    {.name = "time_from",
     .type = KEY_OTHER,
     .read = read_time_from,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .needs = "to",
     .example = "deal.lost",
     .help = "Time from the last such event to the first of 'to' behind it; missing until then"},
    {.name = "to",
     .type = KEY_OTHER,
     .read = read_to,
     .form = FORM_SIGNAL_TO,
     .block = &signal_baseline_block,
     .with = ends,
     .example = "activity.logged",
     .help = "What ends a time_from; what a ratio is a part of"},
    {.name = "compare",
     .type = KEY_OTHER,
     .words = compare_words,
     .read = read_compare,
     .with = times,
     .example = "own_baseline",
     .help = "Percent faster than the person's own median of up to 9 earlier ones; missing with "
             "fewer than 3"},
    {.name = "ratio",
     .type = KEY_OTHER,
     .read = read_ratio,
     .block = &signal_measure_block,
     .one_of = "kind of signal",
     .needs = "to",
     .example = "{count: activity.logged, window: 1w}",
     .help = "The current window as a part of the own usual one: 1 is as always, 0.5 half of it. "
             "Usual is the mean of those windows before it that have anything in them and no time "
             "away; missing with fewer than 2 of these, or fewer than half"},
    {.name = "trend",
     .type = KEY_OTHER,
     .read = read_trend,
     .block = &signal_measure_block,
     .one_of = "kind of signal",
     .needs = "over",
     .example = "{count: activity.logged, kind: call}",
     .help = "Where it goes: percent of the own mean by which a week grows (or, below 0, shrinks), "
             "as the median between any two weeks; missing with fewer than 3 weeks that have "
             "anything in them, or fewer than half"},
    {.name = "over",
     .type = KEY_OTHER,
     .read = read_span,
     .form = FORM_LENGTH,
     .with = trends,
     .example = "6 weeks",
     .help = "How far back a trend looks, 3 to 13 whole windows"},
    FILTER_KEYS,
    {.name = "per",
     .type = KEY_OTHER,
     .words = per_words,
     .read = read_per,
     .with = of_deals,
     .example = "deal",
     .help = "deal: only of the deal at hand"},
    {.name = "since",
     .type = KEY_OTHER,
     .read = read_since,
     .form = FORM_FILTER,
     .block = &filter_block,
     .with = countings,
     .example = "activity.logged/inbound",
     .help = "Count from the last such event on"},
    {.name = "within",
     .type = KEY_OTHER,
     .read = read_within,
     .form = FORM_LENGTH,
     .with = sinces,
     .example = "48h",
     .help = "At most so long after 'since'"},
    {.name = "window",
     .type = KEY_OTHER,
     .read = read_window,
     .form = FORM_LENGTH,
     .with = countings,
     .example = "1w",
     .help = "Only so far back from now"},
};

const struct block signal_block = BLOCK("a signal", signal_keys, "count, streak, gap, ...");

/* A ratio and a trend look at whole windows. */
static void check_parts(struct reading *r, struct signal_draft *d, const char *key, int least,
                        int most)
{
    struct signal *signal = d->signal;
    char window[MSEC_TEXT_BYTES], example[MSEC_TEXT_BYTES];
    if (!d->over || signal->window < MSEC_MINUTE)
        return; /* told already */
    if (d->span % signal->window == 0 && d->span >= least * signal->window &&
        d->span <= most * signal->window) {
        signal->parts = (int)(d->span / signal->window);
        return;
    }
    read_error(r, d->over, "wrong-value",
               "'%s' must be %d to %d whole windows of %s, such as %s; found %s", key, least, most,
               msec_format_length(signal->window, window),
               msec_format_length(6 * signal->window, example), read_found(r, d->over));
}

/* Each key has its kinds; elsewhere it would be passed over without a word. */
static void check_keys(struct reading *r, const struct node *node, struct signal_draft *d)
{
    enum signal_kind kind = d->signal->kind;
    bool measured = kind == SIGNAL_RATIO || kind == SIGNAL_TREND;
    if (kind != SIGNAL_TIME && kind != SIGNAL_RATIO)
        refuse(r, d->to, "time_from and ratio");
    if (kind != SIGNAL_TIME)
        refuse(r, d->compare, "time_from");
    if (kind != SIGNAL_STREAK)
        refuse(r, d->at_least, "streak");
    if (kind != SIGNAL_SUM)
        refuse(r, node_get(node, "of"), "sum");
    if (kind != SIGNAL_DISTINCT)
        refuse(r, node_get(node, "by"), "distinct");
    else
        refuse(r, node_get(node, "per"), "signals other than distinct: a deal is one deal");
    if (kind != SIGNAL_TREND)
        refuse(r, node_get(node, "over"), "trend");
    if (measured && node_get(node, "window"))
        read_error_at(r, read_key_place(r, node_get(node, "window")), "unused-key",
                      "'window' belongs to what is counted: {count: activity.logged, window: 1w}");
    if (kind == SIGNAL_COUNT || kind == SIGNAL_SUM || kind == SIGNAL_DISTINCT)
        return;
    refuse(r, d->since, "count, sum and distinct");
    refuse(r, d->within, "count, sum and distinct");
    if (!measured)
        refuse(r, d->window, "count, sum and distinct");
}

static void check_signal(struct reading *r, const struct node *node, struct signal_draft *d)
{
    if (d->kinds != 1) {
        read_error(r, node, "wrong-value",
                   "a signal is one of count, sum, streak, gap, distinct, time_from, ratio or "
                   "trend; found %d",
                   d->kinds);
        return;
    }
    check_keys(r, node, d);
    switch (d->signal->kind) {
    case SIGNAL_TIME:
        if (!d->to)
            read_error(r, node, "missing-key", "time_from needs 'to': the event that ends it");
        break;
    case SIGNAL_STREAK:
        if (!d->at_least)
            read_error(r, node, "missing-key",
                       "streak needs 'at_least', such as 5 per working_day");
        break;
    case SIGNAL_RATIO:
        if (!d->to)
            read_error(r, node, "missing-key",
                       "ratio needs 'to': what is usual, such as {mean_of: 6 weeks}");
        check_parts(r, d, "mean_of", 2, SIGNAL_RATIO_PARTS);
        break;
    case SIGNAL_TREND:
        if (!d->over)
            read_error(r, node, "missing-key", "trend needs 'over', such as 6 weeks");
        check_parts(r, d, "over", SIGNAL_TREND_LEAST, SIGNAL_TREND_PARTS);
        break;
    default:
        if (d->within && !d->since)
            read_error_at(r, read_key_place(r, d->within), "missing-key",
                          "'within' needs 'since'; for so long back from now write 'window'");
    }
}

static void read_signal(struct plugin_reading *p, const struct node *node)
{
    struct reading *r = &p->f.r;
    struct signal *signal = arena_alloc(r->arena, sizeof(*signal));
    struct signal_draft draft = {.signal = signal, .node = node};
    int errors = r->errors;
    signal->name = arena_strdup(r->arena, node->key);
    signal->plugin = p->part->plugin;
    signal->place = read_key_place(r, node);
    read_map(r, node, &signal_block, &draft);
    bool misspelt = !draft.kinds && r->errors > errors; /* told once */
    if (node->kind == NODE_MAP && !misspelt)
        check_signal(r, node, &draft);
    keep_words(&signal->of, &draft);
    if (r->errors == errors)
        p->part->signals[p->part->signal_count++] = signal;
}

void plugin_read_signals(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    (void)part;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping of signals", "{calls: {count: activity.logged}}");
        return;
    }
    p->part->signals = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*p->part->signals));
    for (const struct node *n = node->first; n; n = n->next)
        read_signal(p, n);
}
