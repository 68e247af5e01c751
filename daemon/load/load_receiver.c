/* Who may hear what: several people hear nothing about one, and a digest nobody's answers. */
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/load_plugin.h"

/* What may happen without being anybody's setback. */
static const enum event_type shareable[] = {
    EVENT_DEAL_CREATED,       EVENT_DEAL_WON,       EVENT_ACTIVITY_LOGGED, EVENT_ACTIVITY_PLANNED,
    EVENT_GATE_COMPLETED,     EVENT_REP_JOINED,     EVENT_REP_BACK,        EVENT_GOAL_SET,
    EVENT_TRAINING_COMPLETED, EVENT_CONTENT_SHARED,
};

/* A rule whose fields are looked through. */
struct audience {
    struct reading *r;
    const struct rule *rule;
    const char *to;           /* "team", "peer"; NULL: one person */
    const struct node *place; /* of the text or condition at hand */
    const char *where;        /* "text", "condition" */
    bool in_text, told;
};

static bool is_of_team(enum field field)
{
    return field == FIELD_TEAM_ID || field == FIELD_TEAM_MANAGER || field == FIELD_TEAM_NAME ||
           field == FIELD_TEAM_REPS || field == FIELD_TEAM_OPEN_DEALS ||
           field == FIELD_TEAM_TOTAL || field == FIELD_PURPOSE_ORG;
}

static const char *name_of(enum field field)
{
    return field == FIELD_SIGNAL   ? "signal.*"
           : field == FIELD_ANSWER ? "answer.*"
                                   : field_name(field);
}

static void check_field(struct audience *a, enum field field)
{
    bool event = field_is_of_event(field);
    bool digest = a->rule->action == action_find("digest");
    if (a->told)
        return;
    a->told = true;
    if (digest && field_is_private(field) && field != FIELD_ANSWER)
        read_error(a->r, a->place, "personal-field",
                   "'%s' stands in this %s; a rep's goals and plans are never part of a digest",
                   name_of(field), a->where);
    else if (digest && field == FIELD_ANSWER)
        read_error(a->r, a->place, "personal-field",
                   "'answer.*' stands in this %s; answers are never part of a digest", a->where);
    else if (digest && event)
        read_error(a->r, a->place, "unused-field",
                   "'%s' stands in this %s, but a digest is about a period and not about an event",
                   name_of(field), a->where);
    else if (a->to && a->in_text && !is_of_team(field))
        read_error(a->r, a->place, "personal-field",
                   "'%s' is about one person; what goes to a %s may only name team.* fields",
                   name_of(field), a->to);
    else if (a->to && !a->in_text && !is_of_team(field) && !event)
        read_error(a->r, a->place, "personal-field",
                   "'%s' is about one person; what goes to a %s may only depend on team.* fields "
                   "and on the event itself",
                   name_of(field), a->to);
    else
        a->told = false;
}

static void visit_name(void *user, const char *name, long bound)
{
    (void)name; /* it is in bound */
    check_field(user, field_of_bound(bound));
}

static void check_text(struct audience *a, const struct text *text, const struct node *place)
{
    a->place = place;
    a->where = "text";
    a->in_text = true;
    a->told = false;
    if (text && place)
        text_each_name(text, visit_name, a);
}

static void walk_cond(struct audience *a, const struct cond *cond)
{
    if (cond->op != COND_ALL && cond->op != COND_ANY && cond->op != COND_NOT)
        check_field(a, cond->field.field);
    for (int i = 0; i < cond->child_count; i++)
        walk_cond(a, &cond->children[i]);
}

static void check_cond(struct audience *a, const struct cond *cond, const struct node *place)
{
    a->place = place;
    a->where = "condition";
    a->in_text = false;
    a->told = false;
    if (cond && place)
        walk_cond(a, cond);
}

/* --- the parts of a rule --- */

static void check_texts(struct audience *a, const struct rule_draft *draft)
{
    const struct rule *rule = &draft->rule;
    const struct node *tell = node_get(draft->node, "tell"), *ask = node_get(draft->node, "ask");
    bool listed = tell && tell->kind == NODE_LIST; /* else it is one, or some for each language */
    const struct node *item = listed ? tell->first : tell;
    for (int i = 0; tell && i < rule->text_count; i++, item = listed ? item->next : tell)
        check_text(a, rule->texts[i], item);
    item = ask && ask->kind == NODE_LIST ? ask->first : ask;
    for (int i = 0; i < rule->question_count && item; i++, item = item->next) {
        for (int k = 0; k < rule->questions[i]->text_count; k++)
            check_text(a, rule->questions[i]->texts[k], item);
    }
}

static void check_each(struct audience *a, const struct node *node, const struct section *section)
{
    if (!section->each || !node)
        return;
    if (a->to)
        read_error(a->r, node, "personal-field",
                   "'each: %s' names people; what goes to a team is about all of them",
                   section->each == EACH_REP ? "rep" : "deal");
    else if (a->rule->to == TO_REP && section->each == EACH_REP)
        read_error(a->r, node, "wrong-receiver",
                   "'each: rep' is for the manager; a rep hears of the own deals ('each: deal')");
}

static void check_sections(struct audience *a, const struct rule_draft *draft)
{
    const struct node *digest = node_get(draft->node, "digest");
    const struct node *item = digest && digest->kind == NODE_LIST ? digest->first : NULL;
    for (int i = 0; i < draft->rule.section_count && item; i++, item = item->next) {
        const struct section *section = &draft->rule.sections[i];
        check_each(a, node_get(item, "each"), section);
        check_text(a, section->text, node_get(item, "text"));
        check_cond(a, section->cond, node_get(item, "if"));
    }
}

static const char *shareable_list(struct arena *arena)
{
    struct strbuf out = {0};
    for (size_t i = 0; i < ARRAY_LEN(shareable); i++)
        strbuf_printf(&out, "%s%s", i ? ", " : "", event_type_name(shareable[i]));
    const char *list = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return list;
}

static void check_point(struct audience *a, const struct rule_draft *draft)
{
    static const char *const personal[] = {"before", "after", "missing"};
    const struct node *when = node_get(draft->node, "when");
    uint64_t allowed = 0;
    for (size_t i = 0; i < ARRAY_LEN(shareable); i++)
        allowed |= EVENT_BIT(shareable[i]);
    for (int type = 0; when && type < EVENT_RULE_TYPES; type++) {
        if (!(draft->rule.when & ~allowed & EVENT_BIT(type)))
            continue;
        read_error(a->r, when, "personal-event",
                   "'%s' can be somebody's setback, and a %s never hears of one; take a schedule "
                   "(every), or one of %s",
                   event_type_name((enum event_type)type), a->to, shareable_list(a->r->arena));
        break;
    }
    for (size_t i = 0; i < ARRAY_LEN(personal); i++) {
        const struct node *node = node_get(draft->node, personal[i]);
        if (node)
            read_error_at(a->r, read_key_place(a->r, node), "personal-event",
                          "'%s' is about what one person does; for a %s take a schedule (every)",
                          personal[i], a->to);
    }
}

static void check_channels(struct audience *a, const struct node *to)
{
    const struct book *book = loading_of(a->r)->book;
    for (int i = 0; i < book->team_count; i++) {
        if (!book->teams[i].channel)
            read_error(a->r, to, "no-channel",
                       "the team '%s' has no 'channel' in people.yaml, so a message to it has "
                       "nowhere to go",
                       book->teams[i].id);
    }
}

static void check_deal_limit(struct reading *r, const struct rule_draft *draft)
{
    const struct node *limit = node_get(draft->node, "limit");
    for (int i = 0; i < draft->rule.limit_count && limit; i++) {
        if (draft->rule.limits[i].per == PER_DEAL)
            read_error(r, limit, "unused-key",
                       "a limit per deal never counts here: the message is about no single deal");
    }
}

/* --- what fits which receiver --- */

static bool is_one_of(const struct action *action, const char *const *names)
{
    for (; *names; names++) {
        if (action == action_find(*names))
            return true;
    }
    return false;
}

static void check_action(struct audience *a, const struct node *to)
{
    static const char *const to_team[] = {"tell", "digest", NULL};
    static const char *const to_peer[] = {"tell", "ask", NULL};
    const struct action *action = a->rule->action;
    const char *name = action ? action->name : "start";
    if (a->rule->to == TO_TEAM && !is_one_of(action, to_team))
        read_error(a->r, to, "wrong-receiver",
                   "'to: team' is for tell and digest; '%s' is a matter between two people", name);
    if (a->rule->to == TO_PEER && !is_one_of(action, to_peer))
        read_error(a->r, to, "wrong-receiver", "'to: peer' is for tell and ask, not for '%s'%s",
                   name, str_eq(name, "suggest") ? " (for a talk write 'peer: true')" : "");
    if (a->rule->to == TO_MANAGER && action == action_find("suggest"))
        read_error(a->r, to, "wrong-receiver", "what is suggested is for the rep alone");
    if (a->rule->to == TO_MANAGER && action == action_find("stretch"))
        read_error(a->r, to, "wrong-receiver", "a harder step is offered to the rep alone");
}

void receiver_check(struct reading *r, struct rule_draft *draft)
{
    const struct node *to = node_get(draft->node, "to");
    struct audience a = {.r = r, .rule = &draft->rule};
    bool digest = draft->rule.action == action_find("digest");
    a.to = draft->rule.to == TO_TEAM ? "team" : draft->rule.to == TO_PEER ? "peer" : NULL;
    if (to)
        check_action(&a, to);
    if (digest && !node_get(draft->node, "every") && !node_get(draft->node, "cron") &&
        !node_get(draft->node, "rrule"))
        read_error_at(r, read_key_place(r, node_get(draft->node, "digest")), "no-schedule",
                      "a digest collects over a period; give it a schedule (every, cron or rrule) "
                      "in place of an event");
    check_sections(&a, draft);
    if (digest || a.to)
        check_cond(&a, draft->rule.cond, node_get(draft->node, "if"));
    if (digest || a.to)
        check_deal_limit(r, draft);
    if (!a.to)
        return;
    check_texts(&a, draft);
    check_cond(&a, draft->rule.when_cond, node_get(draft->node, "when"));
    check_point(&a, draft);
    if (draft->rule.to == TO_TEAM)
        check_channels(&a, to);
}
