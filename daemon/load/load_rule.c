#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"

enum { PRIORITY_MAX = 1000, GRACE_MINUTES = 15 };

static const char *const area_words[] = {"opportunity", "skill", NULL};
static const char *const via_words[] = {"manager", "bot", NULL};
static const char *const class_words[] = {"coaching", "alert", NULL};
static const char *const quiet_words[] = {"hold", "drop", "expire", NULL};
static const char *const unknown_words[] = {"hold", "drop", "resend", NULL};

static void read_when(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    draft->points++;
    when_read(plugin_of(r), node, NULL, &draft->rule.when, &draft->rule.when_cond);
}

static void free_sched(void *sched)
{
    sched_free(sched);
}

static void read_schedule(struct reading *r, const struct node *node, enum sched_notation notation,
                          struct rule_draft *draft)
{
    struct err err = {0};
    const char *text;
    draft->points++;
    if (!read_text(r, node, &text))
        return;
    struct sched *sched;
    if (sched_parse(text, notation, &err, &sched)) {
        read_error(r, node, "bad-schedule", "%s", err.text);
        return;
    }
    plugin_made(plugin_of(r), free_sched, sched);
    draft->rule.sched = sched;
}

static void read_every(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_EVERY, into);
}

static void read_cron(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_CRON, into);
}

static void read_rrule(struct reading *r, const struct node *node, void *into)
{
    read_schedule(r, node, SCHED_RRULE, into);
}

static void read_rule_zone(struct reading *r, const struct node *node, void *into)
{
    const char *name;
    (void)read_zone(r, node, &name, &((struct rule_draft *)into)->rule.zone); /* told */
}

/* "once within 15m", "skip", "all within 4h" */
static void read_missed(struct reading *r, const struct node *node, void *into)
{
    static const char *const words[] = {"once", "skip", "all", NULL};
    struct rule *rule = &((struct rule_draft *)into)->rule;
    const char *text;
    bool working = false;
    msec_t length = 0;
    if (!read_text(r, node, &text))
        return;
    size_t word_length = strcspn(text, " ");
    const char *rest = text + word_length;
    int word = words_find(words, arena_strndup(r->arena, text, word_length));
    bool within = str_starts(rest, " within ");
    bool bad = word < 0 || (*rest && !within) || (word == MISSED_SKIP && *rest) ||
               (word == MISSED_ALL && !within);
    if (!bad && within)
        bad = !length_parse(rest + strlen(" within "), &working, &length) || working || !length;
    if (bad) {
        read_wrong(r, node, "what happens to a time that passed while the daemon was down",
                   "once within 15m, skip, or all within 4h");
        return;
    }
    rule->missed = (enum schedule_missed)word;
    if (within)
        rule->missed_within = length;
}

static void read_if(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    draft->rule.cond = cond_read(plugin_of(r), node, NULL);
}

static void read_for(struct reading *r, const struct node *node, void *into)
{
    struct rule *rule = &((struct rule_draft *)into)->rule;
    bool working;
    msec_t length;
    if (!read_length(r, node, &working, &length))
        return;
    rule->wait = length;
    rule->wait_working = working;
}

static void read_unless(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    when_read(plugin_of(r), node, NULL, &draft->rule.unless, &draft->rule.unless_cond);
}

static void read_outcome(struct reading *r, const struct node *node, void *into)
{
    static const char *const skip[] = {"within", NULL};
    struct rule *rule = &((struct rule_draft *)into)->rule;
    const struct node *within = node_get(node, "within");
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping", "{event: gate.completed, side: customer, within: 3d}");
        return;
    }
    when_read(plugin_of(r), node, skip, &rule->outcome_when, &rule->outcome_cond);
    if (within)
        (void)read_calendar_length(r, within, &rule->outcome_within); /* the problem is told */
    else
        read_error(r, node, "missing-key", "outcome needs 'within', such as within: 3d");
}

/* Index of the first rule of that name, or of where it would stand. */
static int rule_place(const struct loading *load, const char *name)
{
    int low = 0, high = load->rules.count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (strcmp(load->rules.list[middle].id, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool known_rule(const struct loading *load, const char *name)
{
    int at = rule_place(load, name);
    return at < load->rules.count && str_eq(load->rules.list[at].id, name);
}

bool rule_check_name(struct reading *r, const struct node *node)
{
    struct loading *load = loading_of(r);
    if (known_rule(load, node->text))
        return true;
    const char **names =
        arena_alloc(&load->scratch, (size_t)(load->rules.count + 1) * sizeof(*names));
    for (int i = 0; i < load->rules.count; i++)
        names[i] = load->rules.list[i].id;
    read_unknown(r, read_place(r, node), "unknown-rule", "rule", node->text, names,
                 (size_t)load->rules.count);
    return false;
}

static void read_inhibit(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    if (!read_texts(r, node, &draft->inhibits, &draft->inhibit_count))
        return;
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    for (int i = 0; i < draft->inhibit_count; i++, item = item->next)
        (void)rule_check_name(r, item); /* the problem is told */
}

#define AT(member) offsetof(struct rule_draft, member)

static const struct key rule_keys[] = {
    {.name = "rule",
     .type = KEY_NAME,
     .required = true,
     .at = AT(rule.id),
     .example = "only-half-a-gate",
     .help = "a name that no other rule has"},
    {.name = "about",
     .type = KEY_TEXT,
     .at = AT(rule.about),
     .help = "What it is for, in a sentence"},
    {.name = "area",
     .type = KEY_WORD,
     .at = AT(area),
     .words = area_words,
     .help = "opportunity or skill; here or for the whole plugin"},
    {.name = "when",
     .type = KEY_OTHER,
     .read = read_when,
     .example = "deal.stage_changed",
     .help = "The event, or events, at which it decides"},
    {.name = "every",
     .type = KEY_OTHER,
     .read = read_every,
     .example = "weekday at 09:00",
     .help = "A schedule in plain words"},
    {.name = "cron",
     .type = KEY_OTHER,
     .read = read_cron,
     .example = "\"0 9 * * 1-5\"",
     .help = "A schedule as in crontab"},
    {.name = "rrule",
     .type = KEY_OTHER,
     .read = read_rrule,
     .example = "\"FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0\"",
     .help = "A schedule as in calendars"},
    {.name = "zone",
     .type = KEY_OTHER,
     .read = read_rule_zone,
     .example = "America/Denver",
     .help = "Of the schedule; default: the receiver's own"},
    {.name = "missed",
     .type = KEY_OTHER,
     .read = read_missed,
     .example = "once within 15m",
     .help = "What happens to a due time that passed while the daemon was down"},
    {.name = "if",
     .type = KEY_OTHER,
     .read = read_if,
     .example = "{side: seller, gate.customer: missing}",
     .help = "Tests of fields; all must hold"},
    {.name = "for",
     .type = KEY_OTHER,
     .read = read_for,
     .example = "2d or 3 working days",
     .help = "How long the conditions must hold"},
    {.name = "unless",
     .type = KEY_OTHER,
     .read = read_unless,
     .example = "[gate.completed, deal.lost]",
     .help = "Events of the same deal that cancel the wait"},
    {.name = "ask",
     .type = KEY_OTHER,
     .read = then_read_ask,
     .help = "A question, or several to pick from"},
    {.name = "pick", .type = KEY_OTHER, .read = then_read_pick, .help = "rotate or weighted"},
    {.name = "praise",
     .type = KEY_OTHER,
     .read = then_read_praise,
     .help = "One or more texts, each with evidence in it"},
    {.name = "via",
     .type = KEY_WORD,
     .at = AT(via),
     .words = via_words,
     .help = "manager (who gets a card to edit and send) or bot"},
    {.name = "card",
     .type = KEY_OTHER,
     .read = then_read_card,
     .help = "What the manager is told was seen"},
    {.name = "tell",
     .type = KEY_OTHER,
     .read = then_read_tell,
     .help = "A text; no answer is expected"},
    {.name = "class",
     .type = KEY_WORD,
     .at = AT(class_word),
     .words = class_words,
     .help = "coaching or alert"},
    {.name = "to", .type = KEY_OTHER, .read = then_read_to, .help = "rep or manager"},
    {.name = "priority",
     .type = KEY_INT,
     .at = AT(rule.priority),
     .min = -PRIORITY_MAX,
     .max = PRIORITY_MAX,
     .help = "Of several rules at one moment the highest speaks"},
    {.name = "limit",
     .type = KEY_OTHER,
     .read = then_read_limit,
     .example = "1 per deal",
     .help = "N per deal, day, week or month; one or a list"},
    {.name = "cooldown",
     .type = KEY_LENGTH,
     .at = AT(rule.cooldown),
     .example = "7d",
     .help = "Silence of this rule after it spoke"},
    {.name = "inhibit",
     .type = KEY_OTHER,
     .read = read_inhibit,
     .help = "Rules that are silent while this one speaks or waits"},
    {.name = "quiet",
     .type = KEY_WORD,
     .at = AT(rule.quiet),
     .words = quiet_words,
     .help = "In quiet time: hold, drop or expire"},
    {.name = "expires",
     .type = KEY_WORKING,
     .at = AT(rule.expires),
     .example = "3 working days",
     .help = "When an open question closes"},
    {.name = "reminders",
     .type = KEY_BOOL,
     .at = AT(rule.reminders),
     .help = "Remind of an open question (true)"},
    {.name = "unknown",
     .type = KEY_WORD,
     .at = AT(rule.unknown),
     .words = unknown_words,
     .help = "When nobody can tell whether it arrived: hold, drop or resend"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .read = read_outcome,
     .example = "{event: gate.completed, side: customer, within: 3d}",
     .help = "What the rule hopes for; shown in reports"},
    {.name = "before", .type = KEY_LATER, .help = "a decision ahead of something planned"},
    {.name = "after", .type = KEY_LATER, .help = "spaced repetition"},
    {.name = "missing", .type = KEY_LATER, .help = "something that did not happen"},
    {.name = "start", .type = KEY_LATER, .help = "a talk of several steps"},
    {.name = "suggest", .type = KEY_LATER, .help = "one step offered"},
    {.name = "digest", .type = KEY_LATER, .help = "one message collected from many"},
    {.name = "experiment", .type = KEY_LATER, .help = "arms and a coin"},
};

const struct block rule_block = BLOCK("a rule", rule_keys, "rule, when, if, ask, ...");

/* Keys of the future count here, so that nobody is told twice about one line. */
static void count_later(struct rule_draft *draft)
{
    static const char *const points[] = {"before", "after", "missing"};
    static const char *const actions[] = {"start", "suggest", "digest"};
    for (size_t i = 0; i < ARRAY_LEN(points); i++)
        draft->points += node_get(draft->node, points[i]) != NULL;
    for (size_t i = 0; i < ARRAY_LEN(actions); i++)
        draft->actions += node_get(draft->node, actions[i]) != NULL;
}

static void check_point(struct reading *r, struct rule_draft *draft)
{
    static const char *const scheduled[] = {"zone", "missed"};
    if (draft->points == 0)
        read_error(r, draft->node, "no-decision-point",
                   "the rule never decides; give it 'when' (an event) or 'every' (a schedule)");
    if (draft->points > 1)
        read_error(r, draft->node, "two-decision-points",
                   "a rule has exactly one of when, every, cron, rrule; this one has %d",
                   draft->points);
    for (size_t i = 0; i < ARRAY_LEN(scheduled); i++) {
        const struct node *node = node_get(draft->node, scheduled[i]);
        if (node && !node_get(draft->node, "every") && !node_get(draft->node, "cron") &&
            !node_get(draft->node, "rrule"))
            read_error_at(r, read_key_place(r, node), "unused-key",
                          "'%s' is only for schedules (every, cron, rrule)", scheduled[i]);
    }
}

static void check_area(struct plugin_reading *p, struct rule_draft *draft)
{
    if (draft->area >= 0) {
        draft->rule.area = (enum rule_area)draft->area;
        return;
    }
    if (p->has_area)
        draft->rule.area = (enum rule_area)p->area;
    else if (!node_get(draft->node, "area"))
        read_error(&p->f.r, draft->node, "missing-key",
                   "a rule needs 'area': opportunity or skill, here or for the whole plugin");
    p->has_area = true; /* once told is enough */
}

/* A second rule of that name, wherever the first one is: equal names keep the order of reading. */
static void check_double(struct plugin_reading *p, const struct node *node, const char *id)
{
    const struct loading *load = p->f.load;
    struct source_place place = read_place(&p->f.r, node);
    int at = id ? rule_place(load, id) : load->rules.count;
    if (at == load->rules.count)
        return;
    struct source_place first = load->rules.list[at].place;
    if (str_eq(first.file, place.file) && first.line == place.line && first.col == place.col)
        return;
    read_error_at(&p->f.r, place, "duplicate-id",
                  "the rule '%s' stands here a second time; the first is at %s:%d:%d", id,
                  first.file, first.line, first.col);
}

static void keep_inhibits(struct plugin_reading *p, const struct rule_draft *draft,
                          struct rule *rule)
{
    if (!draft->inhibit_count)
        return;
    struct inhibit *inhibit = arena_alloc(&p->f.load->scratch, sizeof(*inhibit));
    *inhibit = (struct inhibit){.rule = rule,
                                .names = draft->inhibits,
                                .count = draft->inhibit_count,
                                .next = p->part->inhibits};
    p->part->inhibits = inhibit;
}

static void read_rule(struct reading *r, const struct node *node, void *into)
{
    struct plugin_reading *p = plugin_of(r);
    int errors = r->errors;
    struct rule_draft draft = {
        .area = -1, .to = -1, .via = -1, .class_word = -1, .pick = -1, .node = node};
    (void)into;
    draft.rule.reminders = true;
    draft.rule.missed_within = GRACE_MINUTES * MSEC_MINUTE;
    draft.rule.plugin = p->part->plugin;
    draft.rule.place = read_place(r, node);
    read_map(r, node, &rule_block, &draft);
    if (node->kind != NODE_MAP)
        return;
    count_later(&draft);
    check_point(r, &draft);
    then_check(r, &draft);
    check_area(p, &draft);
    check_double(p, node, draft.rule.id);
    if (r->errors != errors)
        return;
    struct rule *rule = arena_alloc(r->arena, sizeof(*rule));
    *rule = draft.rule;
    keep_inhibits(p, &draft, rule);
    p->part->rules[p->part->rule_count++] = rule;
}

void plugin_read_rules(struct reading *r, const struct node *node, void *part)
{
    struct plugin_reading *p = plugin_of(r);
    (void)part;
    if (node->kind != NODE_LIST) {
        read_wrong(r, node, "a list of rules", "- rule: only-half-a-gate");
        return;
    }
    p->part->rules = arena_alloc(r->arena, (size_t)(node->count + 1) * sizeof(*p->part->rules));
    read_each(r, node, read_rule, NULL);
}
