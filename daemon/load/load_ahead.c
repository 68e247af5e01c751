/* `before`, `after` and `missing`: decisions ahead of an event, behind it, and for want of one. */
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"

static const char *const per_words[] = {"rep", "deal", NULL};

/* --- lengths --- */

static bool read_moment(struct reading *r, const struct node *node, struct moment *ret)
{
    struct moment moment = {0};
    if (!read_length(r, node, &moment.working, &moment.length))
        return false;
    if (moment.length <= 0) {
        read_wrong(r, node, "a length of time that is more than nothing", "2h");
        return false;
    }
    moment.text = arena_strdup(r->arena, node->text);
    *ret = moment;
    return true;
}

static bool rises(const struct rule *rule, int i)
{
    return i == 0 || rule->moments[i].length > rule->moments[i - 1].length;
}

static void read_moments(struct reading *r, const struct node *node, int most, struct rule *rule)
{
    const struct node *item = node->kind == NODE_LIST ? node->first : node;
    int count = node->kind == NODE_LIST ? node->count : 1, errors = r->errors;
    struct strbuf text = {0};
    if (count < 1 || count > most || (most == 1 && node->kind == NODE_LIST)) {
        read_wrong(r, node, most == 1 ? "one length of time" : "1 to 12 lengths of time",
                   most == 1 ? "2h" : "[2d, 7d, 21d, 60d]");
        return;
    }
    rule->moments = arena_alloc(r->arena, (size_t)count * sizeof(*rule->moments));
    for (int i = 0; i < count; i++, item = item->next) {
        if (!read_moment(r, item, &rule->moments[i]))
            continue;
        strbuf_printf(&text, "%s%s", i ? ", " : "", rule->moments[i].text);
        if (r->errors == errors && !rises(rule, i))
            read_error(r, item, "wrong-value",
                       "'%s' must be longer than '%s' before it: the lengths of 'at' rise",
                       rule->moments[i].text, rule->moments[i - 1].text);
    }
    rule->moment_count = count;
    rule->moments_text = arena_strdup(r->arena, strbuf_text(&text));
    strbuf_done(&text);
}

/* The event with its tests, and the lengths beside it. */
static void read_point(struct reading *r, const struct node *node, const char *key,
                       const char *example, int most, struct rule_draft *draft)
{
    const char *const skip[] = {key, NULL};
    const struct node *lengths = node_get(node, key);
    draft->points++;
    if (node->kind != NODE_MAP) {
        read_wrong(r, node, "a mapping", example);
        return;
    }
    when_read(plugin_of(r), node, skip, &draft->rule.when, &draft->rule.when_cond);
    if (lengths)
        read_moments(r, lengths, most, &draft->rule);
    else
        read_error(r, node, "missing-key", "'%s' needs '%s', such as %s", node->key, key, example);
}

void ahead_read_before(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    const struct node *event = node_get(node, "event");
    draft->rule.point = POINT_BEFORE;
    read_point(r, node, "by", "{event: activity.planned, kind: meeting, by: 2h}", 1, draft);
    if (event && draft->rule.when && draft->rule.when != EVENT_BIT(EVENT_ACTIVITY_PLANNED))
        read_error(r, event, "wrong-value",
                   "'before' needs event: activity.planned; no other event says when something "
                   "will begin");
}

void ahead_read_after(struct reading *r, const struct node *node, void *into)
{
    struct rule_draft *draft = into;
    draft->rule.point = POINT_AFTER;
    read_point(r, node, "at", "{event: training.completed, at: [2d, 7d, 21d]}", RULE_MOMENTS_MAX,
               draft);
}

/* --- missing --- */

static bool is_time_word(const char *word, size_t length)
{
    static const char *const named[] = {"noon", "midnight"};
    for (size_t i = 0; i < ARRAY_LEN(named); i++) {
        if (length == strlen(named[i]) && strncasecmp(word, named[i], length) == 0)
            return true;
    }
    bool digit = word[0] >= '0' && word[0] <= '9';
    return digit &&
           (memchr(word, ':', length) || word[length - 1] == 'm' || word[length - 1] == 'M');
}

/* "Monday 09:00" is "Monday at 09:00" of schedules. */
static const char *with_at(const char *text, struct arena *arena)
{
    static const char space[] = " \t";
    for (const char *word = text; *word; word += strspn(word, space)) {
        size_t length = strcspn(word, space);
        if (length == 2 && strncasecmp(word, "at", 2) == 0)
            return text;
        if (length && is_time_word(word, length))
            return arena_printf(arena, "%.*sat %s", (int)(word - text), text, word);
        word += length;
    }
    return text;
}

static void free_sched(void *sched)
{
    sched_free(sched);
}

static void read_point_of_week(struct reading *r, const struct node *node, struct sched **ret)
{
    struct err err = {0};
    struct sched *sched;
    const char *text;
    if (!read_text(r, node, &text))
        return;
    if (sched_parse(with_at(text, r->arena), SCHED_EVERY, &err, &sched)) {
        read_error(r, node, "bad-schedule", "%s", err.text);
        return;
    }
    plugin_made(plugin_of(r), free_sched, sched);
    if (sched_is_interval(sched))
        read_wrong(r, node, "a point of the week or month", "Monday 09:00");
    else
        *ret = sched;
}

static void read_since(struct reading *r, const struct node *node, void *into)
{
    read_point_of_week(r, node, &((struct rule_draft *)into)->rule.since);
}

static void read_by(struct reading *r, const struct node *node, void *into)
{
    read_point_of_week(r, node, &((struct rule_draft *)into)->rule.sched);
}

static void read_kind(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_KIND, &((struct rule_draft *)into)->rule.absent.kind);
}

static void read_direction(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_DIRECTION, &((struct rule_draft *)into)->rule.absent.direction);
}

static void read_outcome(struct reading *r, const struct node *node, void *into)
{
    filter_read_word(r, node, FIELD_OUTCOME, &((struct rule_draft *)into)->rule.absent.outcome);
}

static void read_per(struct reading *r, const struct node *node, void *into)
{
    int word;
    if (read_word(r, node, per_words, &word))
        ((struct rule_draft *)into)->rule.absent_per_deal = word == 1;
}

#define AT(member) offsetof(struct rule_draft, member)

static const struct key missing_keys[] = {
    {.name = "event",
     .type = KEY_EVENTS,
     .required = true,
     .at = AT(rule.absent.types),
     .example = "activity.logged",
     .help = "what did not happen"},
    {.name = "kind",
     .type = KEY_OTHER,
     .words = filter_kind_words,
     .read = read_kind,
     .example = "call",
     .help = "None of this kind"},
    {.name = "direction",
     .type = KEY_OTHER,
     .words = filter_direction_words,
     .read = read_direction,
     .example = "outbound",
     .help = "None outbound, or none inbound"},
    {.name = "outcome",
     .type = KEY_OTHER,
     .words = field_outcome_words,
     .read = read_outcome,
     .example = "connected",
     .help = "None with this outcome"},
    {.name = "automated",
     .type = KEY_BOOL,
     .at = AT(rule.absent.automated),
     .preset = "false",
     .example = "true",
     .help = "Automated ones count as having happened"},
    {.name = "since",
     .type = KEY_OTHER,
     .required = true,
     .read = read_since,
     .form = FORM_POINT,
     .example = "Monday 09:00",
     .help = "since when; the last such time before 'by'"},
    {.name = "by",
     .type = KEY_OTHER,
     .required = true,
     .read = read_by,
     .form = FORM_POINT,
     .example = "Wednesday 11:00",
     .help = "when it decides, by the clock of the rep (or of 'zone')"},
    {.name = "per",
     .type = KEY_OTHER,
     .words = per_words,
     .read = read_per,
     .preset = "rep",
     .example = "deal",
     .help = "rep, or deal: each open deal of the rep for itself, by whomever it was done"},
};

const struct block missing_block = BLOCK("'missing'", missing_keys, "event, since, by, kind, ...");

enum { REACH_DAYS = 100, CHECKED_DAYS = 800 };

/* Every `by` of two years has a `since` that the kept facts reach back to. */
static bool reaches(const struct rule *rule)
{
    const msec_t start = INT64_C(1704067200000); /* 2024-01-01, so that a leap day is in it */
    msec_t by = start + REACH_DAYS * MSEC_DAY;
    while (!sched_next(rule->sched, tz_utc(), by, &by) && by < start + CHECKED_DAYS * MSEC_DAY) {
        msec_t since;
        if (sched_next(rule->since, tz_utc(), by - REACH_DAYS * MSEC_DAY, &since) || since >= by)
            return false;
    }
    return true;
}

/* --- what goes together --- */

static void refuse(struct reading *r, const struct rule_draft *draft, const char *key,
                   const char *point, const char *why)
{
    const struct node *node = node_get(draft->node, key);
    if (node && node_get(draft->node, point))
        read_error_at(r, read_key_place(r, node), "unused-key", "'%s' cannot go with '%s': %s", key,
                      point, why);
}

void ahead_check(struct reading *r, struct rule_draft *draft)
{
    struct rule *rule = &draft->rule;
    const struct node *missing = node_get(draft->node, "missing");
    refuse(r, draft, "for", "before", "the moment is said by 'by'");
    refuse(r, draft, "for", "after", "the moments are said by 'at'");
    refuse(r, draft, "for", "missing", "'since' and 'by' say how long");
    refuse(r, draft, "unless", "missing",
           "there is no wait to cancel; what must not have happened goes under 'missing' or 'if'");
    if (!missing)
        return;
    rule->point = POINT_MISSING;
    if (rule->sched && rule->since && !reaches(rule))
        read_error(r, node_get(missing, "since"), "wrong-value",
                   "'since' can lie more than %d days before 'by'; what happened is not kept for "
                   "longer than that",
                   REACH_DAYS);
}
