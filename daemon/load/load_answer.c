/* answer.NAME: what it stands for, and who may read it. */
#include <string.h>

#include "base/alloc.h"
#include "core/action.h"
#include "load/load_flow.h"

static const struct question *of_flow(const struct flow *flow, const char *name)
{
    for (int i = 0; flow && i < flow->step_count; i++) {
        if (str_eq(flow->steps[i].question->id, name))
            return flow->steps[i].question;
    }
    return NULL;
}

const struct question *answer_question(const struct plugin_reading *p, const char *name)
{
    const struct question *found = of_flow(p->flow, name);
    for (int i = 0; i < p->part->question_count && !found; i++) {
        if (str_eq(p->part->questions[i]->id, name))
            found = p->part->questions[i];
    }
    for (int i = 0; i < p->part->flow_count && !found; i++)
        found = of_flow(p->part->flows[i], name);
    return found;
}

bool answer_read_word(struct plugin_reading *p, const char *name, const struct node *node)
{
    static const char *const yes_no[] = {"yes", "no"};
    const struct question *question = answer_question(p, name);
    const char *const *words = question ? question->choices : NULL;
    int count = question ? question->choice_count : 0;
    if (question && question->answer == ANSWER_YES_NO) {
        words = yes_no;
        count = 2;
    }
    for (int i = 0; i < count; i++) {
        if (str_ieq(words[i], node->text))
            return true;
    }
    if (count)
        read_unknown(&p->f.r, read_place(&p->f.r, node), "unknown-word", "answer", node->text,
                     words, (size_t)count);
    return !count;
}

/* --- who may read it --- */

/* Nobody but the person who gave it. */
static bool is_for_nobody(const struct question *question)
{
    return question->reader == READER_REP || question->reader == READER_GROUP;
}

/* True where only the rep may: any of the questions and steps of that name can be meant. */
static bool is_private(const struct plugin_reading *p, const char *name)
{
    const struct question *question;
    for (int i = 0; i < p->part->question_count; i++) {
        question = p->part->questions[i];
        if (str_eq(question->id, name) && is_for_nobody(question))
            return true;
    }
    for (int i = 0; i < p->part->flow_count; i++) {
        question = of_flow(p->part->flows[i], name);
        if (question && is_for_nobody(question))
            return true;
    }
    return false;
}

struct privacy {
    struct plugin_reading *p;
    struct source_place place;
};

static void check_name(struct privacy *privacy, const char *name)
{
    if (is_private(privacy->p, name))
        read_error_at(&privacy->p->f.r, privacy->place, "private-answer",
                      "'answer.%s' is for the rep alone (reader: rep), but the manager would read "
                      "this",
                      name);
}

/* Goals, plans and reasons: whatever the manager would read of them. */
static void check_own(struct privacy *privacy, enum field field)
{
    if (field_is_private(field) && field != FIELD_ANSWER)
        read_error_at(&privacy->p->f.r, privacy->place, "private-answer",
                      "'%s' is for the rep alone, but the manager would read this",
                      field_name(field));
}

static void visit(void *user, const char *name, long bound)
{
    check_own(user, field_of_bound(bound));
    if (field_of_bound(bound) == FIELD_ANSWER && str_starts(name, "answer."))
        check_name(user, name + strlen("answer."));
}

static void check_texts(struct plugin_reading *p, const struct node *node,
                        struct text *const *texts, int count)
{
    for (int i = 0; node && i < count; i++) {
        struct privacy privacy = {p, read_place(&p->f.r, node)};
        text_each_name(texts[i], visit, &privacy);
    }
}

/* A condition tells the manager as much as a text would. */
static void check_cond(struct plugin_reading *p, const struct cond *cond)
{
    if (!cond)
        return;
    struct privacy privacy = {p, {p->f.r.file, cond->line, cond->col}};
    for (int i = 0; i < cond->child_count; i++)
        check_cond(p, &cond->children[i]);
    if (!cond->child_count)
        check_own(&privacy, cond->field.field);
    if (!cond->child_count && cond->field.field == FIELD_ANSWER)
        check_name(&privacy, cond->field.name);
}

/* That there is a plan at all, and what came of it, is the rep's too. */
static void check_moments(struct plugin_reading *p, const struct rule_draft *draft)
{
    static const enum event_type own[] = {EVENT_PLAN_CUE, EVENT_PLAN_REHEARSAL, EVENT_PLAN_PRACTICE,
                                          EVENT_PLAN_MISSED};
    const struct node *when = node_get(draft->node, "when");
    for (size_t i = 0; when && i < ARRAY_LEN(own); i++) {
        if (draft->rule.when & EVENT_BIT(own[i]))
            read_error(&p->f.r, when, "private-answer",
                       "'%s' is for the rep alone, but the manager would hear of it",
                       event_type_name(own[i]));
    }
}

void answer_check_reader(struct reading *r, const struct rule_draft *draft)
{
    struct plugin_reading *p = plugin_of(r);
    const struct rule *rule = &draft->rule;
    bool card = rule->action == action_find("praise") && !rule->via_bot;
    /* a schedule to the manager is the manager's own: her answers, her eyes */
    if (rule->to == TO_MANAGER ? rule->sched != NULL : !card)
        return;
    check_moments(p, draft);
    for (int i = 0; i < rule->question_count; i++)
        check_texts(p, node_get(draft->node, "ask"), rule->questions[i]->texts,
                    rule->questions[i]->text_count);
    check_texts(p, node_get(draft->node, rule->action->name), rule->texts, rule->text_count);
    check_texts(p, node_get(draft->node, "card"), &rule->card, rule->card != NULL);
    check_cond(p, rule->cond);
    check_cond(p, rule->when_cond);
    check_cond(p, rule->unless_cond);
}
