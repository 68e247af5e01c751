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

/* What facts keep: the words of activities, not those of goals and of changes of stage. */
static const char *const kind_words[] = {"call",    "email", "meeting", "demo",  "proposal",
                                         "message", "task",  "note",    "other", NULL};
static const char *const direction_words[] = {"outbound", "inbound", "none", NULL};

static void read_closed(struct reading *r, const struct node *node, enum field field,
                        const char **ret)
{
    const char *const *words = field == FIELD_KIND        ? kind_words
                               : field == FIELD_DIRECTION ? direction_words
                                                          : field_words(field);
    int index;
    if (node->kind == NODE_LIST) {
        read_wrong(r, node, "one word", words[0]);
        return;
    }
    if (read_word(r, node, words, &index))
        *ret = words[index];
}

static void filter_kind(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_KIND, &((struct fact_filter *)into)->kind);
}

static void filter_direction(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_DIRECTION, &((struct fact_filter *)into)->direction);
}

static void filter_outcome(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_OUTCOME, &((struct fact_filter *)into)->outcome);
}

static const struct key filter_keys[] = {
    {.name = "event",
     .type = KEY_EVENTS,
     .required = true,
     .at = offsetof(struct fact_filter, types),
     .example = "activity.logged",
     .help = "what happens"},
    {.name = "kind", .type = KEY_OTHER, .read = filter_kind, .help = "Only of this kind"},
    {.name = "direction",
     .type = KEY_OTHER,
     .read = filter_direction,
     .help = "outbound or inbound"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .read = filter_outcome,
     .help = "Only with this outcome"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = offsetof(struct fact_filter, automated),
     .help = "Count automated ones too"},
};

static const struct block filter_block =
    BLOCK("an event with its tests", filter_keys, "event, kind, direction, outcome");

/* "activity.logged/inbound" */
static bool read_short(struct reading *r, const struct node *node, struct fact_filter *ret)
{
    const char *slash = strchr(node->text, '/');
    struct node event = *node, direction = *node;
    event.text = arena_strndup(r->arena, node->text, (size_t)(slash - node->text));
    direction.text = slash + 1;
    direction.col += (int)(slash + 1 - node->text);
    if (!read_events(r, &event, &ret->types))
        return false;
    read_closed(r, &direction, FIELD_DIRECTION, &ret->direction);
    return true;
}

static void read_filter(struct reading *r, const struct node *node, struct fact_filter *ret)
{
    if (node->kind == NODE_MAP)
        read_map(r, node, &filter_block, ret);
    else if (node->kind == NODE_SCALAR && strchr(node->text, '/'))
        (void)read_short(r, node, ret); /* the problem is told */
    else
        (void)read_events(r, node, &ret->types); /* the problem is told */
}

static void begin(struct reading *r, const struct node *node, struct signal_draft *draft,
                  enum signal_kind kind)
{
    draft->signal->kind = kind;
    draft->kinds++;
    read_filter(r, node, kind == SIGNAL_TIME ? &draft->signal->since : &draft->signal->of);
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
    read_filter(r, node, &draft->signal->of);
}

static void read_compare(struct reading *r, const struct node *node, void *into)
{
    static const char *const words[] = {"own_baseline", NULL};
    struct signal_draft *draft = into;
    int index;
    draft->compare = node;
    if (read_word(r, node, words, &index))
        draft->signal->own_baseline = true;
}

static void read_kind(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_KIND, &((struct signal_draft *)into)->kind);
}

static void read_direction(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_DIRECTION, &((struct signal_draft *)into)->direction);
}

static void read_outcome(struct reading *r, const struct node *node, void *into)
{
    read_closed(r, node, FIELD_OUTCOME, &((struct signal_draft *)into)->outcome);
}

static void read_per(struct reading *r, const struct node *node, void *into)
{
    static const char *const words[] = {"deal", NULL};
    int index;
    if (read_word(r, node, words, &index))
        ((struct signal_draft *)into)->signal->per_deal = true;
}

static void read_since(struct reading *r, const struct node *node, void *into)
{
    struct signal_draft *draft = into;
    draft->since = node;
    draft->signal->has_since = true;
    read_filter(r, node, &draft->signal->since);
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
    static const char *const words[] = {"count", NULL};
    int index;
    (void)into; /* there is only one thing to add up */
    (void)read_word(r, node, words, &index);
}

static void read_by(struct reading *r, const struct node *node, void *into)
{
    static const char *const words[] = {"deal", NULL};
    int index;
    (void)into; /* there is only one thing to tell apart */
    (void)read_word(r, node, words, &index);
}

static const struct key signal_keys[] = {
    {.name = "count",
     .type = KEY_OTHER,
     .read = read_count,
     .block = &filter_block,
     .help = "How many"},
    {.name = "sum", .type = KEY_OTHER, .read = read_sum, .help = "Adds up the events' count"},
    {.name = "of", .type = KEY_OTHER, .read = read_of, .help = "What a sum adds up: count"},
    {.name = "streak",
     .type = KEY_OTHER,
     .read = read_streak,
     .help = "Working days in a row with enough of it; for praise, never shown as a score"},
    {.name = "at_least",
     .type = KEY_OTHER,
     .read = read_at_least,
     .example = "5 per working_day",
     .help = "What a day of a streak needs"},
    {.name = "gap", .type = KEY_OTHER, .read = read_gap, .help = "Time since the last one"},
    {.name = "distinct",
     .type = KEY_OTHER,
     .read = read_distinct,
     .help = "Different deals touched"},
    {.name = "by", .type = KEY_OTHER, .read = read_by, .help = "What distinct tells apart: deal"},
    {.name = "time_from",
     .type = KEY_OTHER,
     .read = read_time_from,
     .help = "Time from this event to the first of 'to'"},
    {.name = "to", .type = KEY_OTHER, .read = read_to, .help = "What ends a time_from"},
    {.name = "compare",
     .type = KEY_OTHER,
     .read = read_compare,
     .example = "own_baseline",
     .help = "Percent faster than the person's own median"},
    {.name = "kind", .type = KEY_OTHER, .read = read_kind, .help = "Only activity of this kind"},
    {.name = "direction", .type = KEY_OTHER, .read = read_direction, .help = "outbound or inbound"},
    {.name = "outcome", .type = KEY_OTHER, .read = read_outcome, .help = "Only with this outcome"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = offsetof(struct signal_draft, automated),
     .help = "Count automated activity too; it is not effort"},
    {.name = "per", .type = KEY_OTHER, .read = read_per, .help = "deal: only of the deal at hand"},
    {.name = "since",
     .type = KEY_OTHER,
     .read = read_since,
     .block = &filter_block,
     .example = "activity.logged/inbound",
     .help = "Count from the last such event on"},
    {.name = "within",
     .type = KEY_OTHER,
     .read = read_within,
     .help = "At most so long after 'since'"},
    {.name = "window", .type = KEY_OTHER, .read = read_window, .help = "Only so far back from now"},
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
