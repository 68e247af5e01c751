#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_alert.h"
#include "load/load_flow.h"
#include "load/load_idea.h"
#include "load/load_stretch.h"
#include "load/load_unlock.h"

enum { PRIORITY_MAX = 1000, GRACE_MINUTES = 15 };

static const char *const area_words[] = {"opportunity", "skill", NULL};
static const char *const via_words[] = {"manager", "bot", NULL};
static const char *const class_words[] = {"coaching", "alert", NULL};
static const char *const quiet_words[] = {"hold", "drop", "expire", NULL};
static const char *const decides[] = {"every", "cron", "rrule", "missing", NULL};
static const char *const schedules[] = {"every", "cron", "rrule", NULL};
static const char *const whose_words[] = {"reps", "managers", NULL};
static const char *const asks[] = {"ask", NULL};
static const char *const praises[] = {"praise", NULL};
static const char *const tells[] = {"tell", NULL};
static const char *const unknown_words[] = {"hold", "drop", "resend", NULL};

static int rule_place(const struct loading *load, const char *name)
{
    return known_place(&load->rules, name);
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

static void read_whose(struct reading *r, const struct node *node, void *into)
{
    int whose;
    if (read_word(r, node, whose_words, &whose))
        ((struct rule_draft *)into)->rule.of_managers = whose == 1;
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
     .example = "our half of a gate stands alone",
     .help = "What it is for, in a sentence"},
    {.name = "ideas",
     .type = KEY_OTHER,
     .read = idea_read,
     .form = FORM_IDEAS,
     .example = "[B76, B77]",
     .help = "Which ideas about coaching it carries out, or keeps to; 'gritctl catalogue --ideas' "
             "lists them"},
    {.name = "area",
     .type = KEY_WORD,
     .at = AT(area),
     .words = area_words,
     .example = "opportunity",
     .help = "opportunity or skill; here or for the whole plugin"},
    {.name = "when",
     .type = KEY_OTHER,
     .read = when_read_when,
     .form = FORM_WHEN,
     .one_of = "decision point",
     .example = "deal.stage_changed",
     .help = "The event, or events, at which it decides"},
    {.name = "every",
     .type = KEY_OTHER,
     .read = when_read_every,
     .form = FORM_EVERY,
     .one_of = "decision point",
     .example = "weekday at 09:00",
     .help = "A schedule in plain words"},
    {.name = "cron",
     .type = KEY_OTHER,
     .read = when_read_cron,
     .form = FORM_CRON,
     .one_of = "decision point",
     .example = "\"0 9 * * 1-5\"",
     .help = "A schedule as in crontab"},
    {.name = "rrule",
     .type = KEY_OTHER,
     .read = when_read_rrule,
     .form = FORM_RRULE,
     .one_of = "decision point",
     .example = "\"FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0\"",
     .help = "A schedule as in calendars"},
    {.name = "before",
     .type = KEY_OTHER,
     .read = ahead_read_before,
     .form = FORM_BEFORE,
     .one_of = "decision point",
     .example = "{event: activity.planned, kind: meeting, by: 2h}",
     .help = "So long before something planned begins, and never later than that"},
    {.name = "after",
     .type = KEY_OTHER,
     .read = ahead_read_after,
     .form = FORM_AFTER,
     .one_of = "decision point",
     .example = "{event: training.completed, at: [2d, 7d, 21d, 60d]}",
     .help = "So long after an event, once or several times"},
    {.name = "missing",
     .type = KEY_MAP,
     .block = &missing_block,
     .one_of = "decision point",
     .example = "{event: activity.logged, kind: call, since: Monday 09:00, by: Wednesday 11:00}",
     .help = "At a time of the week, for each rep of whom something did not happen"},
    {.name = "zone",
     .type = KEY_OTHER,
     .read = when_read_rule_zone,
     .form = FORM_ZONE,
     .with = decides,
     .example = "America/Denver",
     .help = "Of the schedule; default: the receiver's own"},
    {.name = "missed",
     .type = KEY_OTHER,
     .read = when_read_missed,
     .form = FORM_MISSED,
     .with = decides,
     .preset = "once within 15m",
     .example = "once within 15m",
     .help = "What happens to a due time that passed while the daemon was down"},
    {.name = "if",
     .type = KEY_OTHER,
     .read = when_read_if,
     .form = FORM_IF,
     .example = "{side: seller, gate.customer: missing}",
     .help = "Tests of fields; all must hold"},
    {.name = "for",
     .type = KEY_OTHER,
     .read = when_read_for,
     .form = FORM_LENGTH_ANY,
     .example = "2d",
     .help = "How long the conditions must hold"},
    {.name = "unless",
     .type = KEY_OTHER,
     .read = when_read_unless,
     .form = FORM_WHEN,
     .example = "[gate.completed, deal.lost]",
     .help = "Events of the same deal that cancel the wait"},
    {.name = "ask",
     .type = KEY_OTHER,
     .read = then_read_ask,
     .form = FORM_QUESTION_IDS,
     .one_of = "action",
     .example = "needs-in-their-words",
     .help = "A question, or several to pick from"},
    {.name = "pick",
     .type = KEY_OTHER,
     .words = then_pick_words,
     .read = then_read_pick,
     .with = asks,
     .preset = "rotate",
     .example = "rotate",
     .help =
         "rotate (each in turn), weighted (by chance) or adaptive (more often what got answers)"},
    {.name = "praise",
     .type = KEY_OTHER,
     .read = then_read_praise,
     .form = FORM_PRAISE,
     .one_of = "action",
     .example = "\"You went back to {{deal.name}} the day after. Thank you for that.\"",
     .help = "One or more texts, each with evidence in it"},
    {.name = "via",
     .type = KEY_WORD,
     .at = AT(via),
     .words = via_words,
     .with = praises,
     .preset = "manager",
     .example = "manager",
     .help = "manager (who gets a card to edit and send) or bot"},
    {.name = "card",
     .type = KEY_OTHER,
     .read = then_read_card,
     .form = FORM_MESSAGE_ONE,
     .with = praises,
     .example = "\"{{rep.name}} was back with {{deal.name}} within a day.\"",
     .help = "What the manager is told was seen"},
    {.name = "start",
     .type = KEY_OTHER,
     .read = then_read_start,
     .form = FORM_FLOW_ID,
     .one_of = "action",
     .example = "gps",
     .help = "A flow: a talk of several steps"},
    {.name = "tell",
     .type = KEY_OTHER,
     .read = then_read_tell,
     .form = FORM_MESSAGES,
     .one_of = "action",
     .example = "\"{{deal.name}} has a new owner.\"",
     .help = "A text; no answer is expected"},
    {.name = "digest",
     .type = KEY_OTHER,
     .read = then_read_digest,
     .holds = HOLDS_LIST,
     .block = &section_block,
     .min = 1,
     .one_of = "action",
     .with = schedules,
     .help = "Sections that become one message on a schedule; empty ones vanish"},
    {.name = "suggest",
     .type = KEY_OTHER,
     .read = then_read_suggest,
     .holds = HOLDS_ONE,
     .block = &offer_block,
     .one_of = "action",
     .help = "One step offered, free to decline"},
    {.name = "stretch",
     .type = KEY_OTHER,
     .read = then_read_stretch,
     .holds = HOLDS_ONE,
     .block = &stretch_block,
     .one_of = "action",
     .help = "A ladder of harder steps, offered one at a time after some wins; free to decline"},
    {.name = "class",
     .type = KEY_WORD,
     .at = AT(class_word),
     .words = class_words,
     .with = tells,
     .preset = "coaching",
     .example = "alert",
     .help = "coaching or alert"},
    {.name = "to",
     .type = KEY_OTHER,
     .words = then_to_words,
     .read = then_read_to,
     .preset = "rep",
     .example = "rep",
     .help = "rep, manager, team (its channel) or peer (one colleague, in turn)"},
    {.name = "whose",
     .type = KEY_OTHER,
     .words = whose_words,
     .read = read_whose,
     .preset = "reps",
     .example = "managers",
     .help = "Whose doings it looks at: reps, or managers; then 'rep' is the manager, and 'to: "
             "manager' the leader"},
    {.name = "priority",
     .type = KEY_INT,
     .at = AT(rule.priority),
     .min = -PRIORITY_MAX,
     .max = PRIORITY_MAX,
     .preset = "0",
     .example = "5",
     .help = "Of several rules at one moment the highest speaks"},
    {.name = "limit",
     .type = KEY_OTHER,
     .read = then_read_limit,
     .form = FORM_LIMITS,
     .example = "1 per deal",
     .help = "N per deal, day, week or month; one or a list"},
    {.name = "cooldown",
     .type = KEY_LENGTH,
     .at = AT(rule.cooldown),
     .example = "7d",
     .help = "Silence of this rule after it spoke"},
    {.name = "unlock",
     .type = KEY_OTHER,
     .read = unlock_read,
     .holds = HOLDS_ONE,
     .block = &unlock_block,
     .example = "{answered: needs-in-their-words, skipped: 14d}",
     .help = "It waits with each rep for a first answer of the rep's own"},
    {.name = "inhibit",
     .type = KEY_OTHER,
     .read = read_inhibit,
     .form = FORM_RULE_IDS,
     .example = "only-half-a-gate",
     .help = "Rules that are silent while this one speaks or waits"},
    {.name = "quiet",
     .type = KEY_WORD,
     .at = AT(rule.quiet),
     .words = quiet_words,
     .preset = "hold",
     .example = "hold",
     .help = "In quiet time: hold, drop or expire"},
    {.name = "expires",
     .type = KEY_WORKING,
     .at = AT(rule.expires),
     .example = "3 working days",
     .help = "When an open question closes"},
    {.name = "reminders",
     .type = KEY_BOOL,
     .at = AT(rule.reminders),
     .preset = "true",
     .example = "false",
     .help = "Remind of an open question (true)"},
    {.name = "unknown",
     .type = KEY_WORD,
     .at = AT(rule.unknown),
     .words = unknown_words,
     .example = "hold",
     .help = "When nobody can tell whether it arrived: hold, drop or resend"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .read = when_read_outcome,
     .form = FORM_OUTCOME,
     .example = "{event: gate.completed, side: customer, within: 3d}",
     .help = "What the rule hopes for; shown in reports"},
    {.name = "experiment",
     .type = KEY_MAP,
     .block = &experiment_block,
     .needs = "outcome",
     .example = "{arms: {this: 0.8, nothing: 0.2}}",
     .help = "A coin decides what is said, so that the report can tell what it changes"},
    {.name = "ramp",
     .type = KEY_OTHER,
     .read = experiment_read_ramp,
     .form = FORM_RAMP,
     .example = "20%",
     .help = "How many more of a team's reps this rule reaches each working day while it is new; "
             "default: the ramp under limits"},
};

const struct block rule_block = BLOCK("a rule", rule_keys, "rule, when, if, ask, ...");

static void check_point(struct reading *r, struct rule_draft *draft)
{
    static const char *const scheduled[] = {"zone", "missed"};
    if (draft->points == 0)
        read_error(r, draft->node, "no-decision-point",
                   "the rule never decides; give it 'when' (an event) or 'every' (a schedule)");
    if (draft->points > 1)
        read_error(r, draft->node, "two-decision-points",
                   "a rule has exactly one of when, every, cron, rrule, before, after, missing; "
                   "this one has %d",
                   draft->points);
    for (size_t i = 0; i < ARRAY_LEN(scheduled); i++) {
        const struct node *node = node_get(draft->node, scheduled[i]);
        if (node && !node_get(draft->node, "every") && !node_get(draft->node, "cron") &&
            !node_get(draft->node, "rrule") && !node_get(draft->node, "missing"))
            read_error_at(r, read_key_place(r, node), "unused-key",
                          "'%s' is only for schedules (every, cron, rrule, missing)", scheduled[i]);
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
    draft.rule.ramp = RAMP_DEFAULT;
    draft.rule.missed_within = GRACE_MINUTES * MSEC_MINUTE;
    draft.rule.plugin = p->part->plugin;
    draft.rule.place = read_place(r, node);
    read_map(r, node, &rule_block, &draft);
    if (node->kind != NODE_MAP)
        return;
    draft.points += node_get(node, "missing") != NULL; /* its table counts nothing */
    check_point(r, &draft);
    ahead_check(r, &draft);
    then_check(r, &draft);
    experiment_check(r, &draft);
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
    alert_check_part(r, p->part);
}
