#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"

/* A signal with what its keys said, before they are put together. */
struct signal_draft {
    struct signal *signal;
    int kinds; /* how many of count, sum, ... there were */
    const struct node *to, *compare, *at_least, *within, *window, *since;
    const char *kind, *direction, *outcome;
    bool automated;
};

static const char *const compare_words[] = {"own_baseline", NULL};
static const char *const per_words[] = {"deal", NULL};
static const char *const of_words[] = {"count", NULL};
static const char *const by_words[] = {"deal", NULL};
static const char *const times[] = {"time_from", NULL};
static const char *const streaks[] = {"streak", NULL};
static const char *const sums[] = {"sum", NULL};
static const char *const distincts[] = {"distinct", NULL};
static const char *const countings[] = {"count", "sum", "distinct", NULL};
static const char *const sinces[] = {"since", NULL};

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
    (void)into; /* there is only one thing to add up */
    (void)read_word(r, node, of_words, &index);
}

static void read_by(struct reading *r, const struct node *node, void *into)
{
    int index;
    (void)into; /* there is only one thing to tell apart */
    (void)read_word(r, node, by_words, &index);
}

static const struct key signal_keys[] = {
    {.name = "count",
     .type = KEY_OTHER,
     .read = read_count,
     .form = FORM_FILTER,
     .block = &filter_block,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "How many"},
    {.name = "sum",
     .type = KEY_OTHER,
     .read = read_sum,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .example = "activity.logged",
     .help = "Adds up the events' count"},
    {.name = "of",
     .type = KEY_OTHER,
     .words = of_words,
     .read = read_of,
     .with = sums,
     .preset = "count",
     .example = "count",
     .help = "What a sum adds up: count"},
    {.name = "streak",
     .type = KEY_OTHER,
     .read = read_streak,
     .form = FORM_FILTER,
     .one_of = "kind of signal",
     .needs = "at_least",
     .example = "activity.logged",
     .help = "Working days in a row with enough of it; for praise, never shown as a score"},
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
     .help = "Time since the last one"},
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
     .help = "Time from this event to the first of 'to'"},
    {.name = "to",
     .type = KEY_OTHER,
     .read = read_to,
     .form = FORM_FILTER,
     .with = times,
     .example = "activity.logged",
     .help = "What ends a time_from"},
    {.name = "compare",
     .type = KEY_OTHER,
     .words = compare_words,
     .read = read_compare,
     .with = times,
     .example = "own_baseline",
     .help = "Percent faster than the person's own median"},
    {.name = "kind",
     .type = KEY_OTHER,
     .words = filter_kind_words,
     .read = read_kind,
     .example = "call",
     .help = "Only activity of this kind"},
    {.name = "direction",
     .type = KEY_OTHER,
     .words = filter_direction_words,
     .read = read_direction,
     .example = "outbound",
     .help = "outbound or inbound"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .words = field_outcome_words,
     .read = read_outcome,
     .example = "connected",
     .help = "Only with this outcome"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = offsetof(struct signal_draft, automated),
     .preset = "false",
     .example = "true",
     .help = "Count automated activity too; it is not effort"},
    {.name = "per",
     .type = KEY_OTHER,
     .words = per_words,
     .read = read_per,
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
    {.name = "ratio", .type = KEY_LATER, .help = "one signal against another"},
    {.name = "trend", .type = KEY_LATER, .help = "the direction over weeks"},
};

const struct block signal_block = BLOCK("a signal", signal_keys, "count, streak, gap, ...");

/* A key that has no meaning for this kind of signal would be passed over without a word. */
static void refuse(struct reading *r, const struct node *node, const char *where)
{
    if (node)
        read_error_at(r, read_key_place(r, node), "unused-key", "'%s' is only for %s", node->key,
                      where);
}

static void check_signal(struct reading *r, const struct node *node, struct signal_draft *d)
{
    enum signal_kind kind = d->signal->kind;
    bool later = node_get(node, "ratio") || node_get(node, "trend");
    bool spans = kind == SIGNAL_COUNT || kind == SIGNAL_SUM || kind == SIGNAL_DISTINCT;
    if (d->kinds != 1) {
        if (!later || d->kinds > 1)
            read_error(
                r, node, "wrong-value",
                "a signal is one of count, sum, streak, gap, distinct or time_from; found %d",
                d->kinds);
        return;
    }
    if (kind != SIGNAL_TIME) {
        refuse(r, d->to, "time_from");
        refuse(r, d->compare, "time_from");
    } else if (!d->to) {
        read_error(r, node, "missing-key", "time_from needs 'to': the event that ends it");
    }
    if (kind != SIGNAL_STREAK)
        refuse(r, d->at_least, "streak");
    else if (!d->at_least)
        read_error(r, node, "missing-key", "streak needs 'at_least', such as 5 per working_day");
    if (kind != SIGNAL_SUM)
        refuse(r, node_get(node, "of"), "sum");
    if (kind != SIGNAL_DISTINCT)
        refuse(r, node_get(node, "by"), "distinct");
    if (!spans) {
        refuse(r, d->since, "count, sum and distinct");
        refuse(r, d->window, "count, sum and distinct");
        refuse(r, d->within, "count, sum and distinct");
    } else if (d->within && !d->since) {
        read_error_at(r, read_key_place(r, d->within), "missing-key",
                      "'within' needs 'since'; for so long back from now write 'window'");
    }
}

static void keep_word(const char **slot, const char *word)
{
    if (word)
        *slot = word;
}

static void read_signal(struct plugin_reading *p, const struct node *node)
{
    struct reading *r = &p->f.r;
    struct signal *signal = arena_alloc(r->arena, sizeof(*signal));
    struct signal_draft draft = {.signal = signal};
    int errors = r->errors;
    signal->name = arena_strdup(r->arena, node->key);
    signal->plugin = p->part->plugin;
    signal->place = read_key_place(r, node);
    read_map(r, node, &signal_block, &draft);
    if (node->kind == NODE_MAP)
        check_signal(r, node, &draft);
    keep_word(&signal->of.kind, draft.kind);
    keep_word(&signal->of.direction, draft.direction);
    keep_word(&signal->of.outcome, draft.outcome);
    signal->of.automated |= draft.automated;
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
