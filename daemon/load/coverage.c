#include "load/coverage.h"

#include "base/alloc.h"
#include "base/str.h"
#include "core/action.h"

struct looking {
    const struct book *book;
    struct arena *arena;
    struct coverage *out;
    struct coverage_hole **tail;
};

static void hole(struct looking *l, const char *code, const char *text)
{
    struct coverage_hole *hole = arena_alloc(l->arena, sizeof(*hole));
    *hole = (struct coverage_hole){.code = code, .text = text};
    *l->tail = hole;
    l->tail = &hole->next;
    l->out->hole_count++;
}

static bool names(const char *const *list, int count, const char *word)
{
    for (int i = 0; i < count; i++) {
        if (str_eq(list[i], word))
            return true;
    }
    return false;
}

static bool is_asked(const struct book *book, const struct question *question)
{
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        for (int k = 0; k < rule->question_count; k++) {
            if (rule->questions[k] == question)
                return true;
        }
    }
    return false;
}

static void count_question(struct coverage_stage *stage, const struct question *question)
{
    for (int use = USE_CASE_ANY + 1; use < USE_CASES; use++) {
        if (question->use_case == use || question->use_case == USE_CASE_ANY)
            stage->questions[use] += question->text_count;
    }
    stage->gain |= str_eq(question->topic, "customer_gain");
}

static bool is_stage_field(enum field field)
{
    return field == FIELD_DEAL_STAGE || field == FIELD_STAGE || field == FIELD_FROM ||
           field == FIELD_TO;
}

/* Whether a condition names the stage, outside of `not`. */
static bool cond_names(const struct cond *cond, const char *stage)
{
    if (!cond || cond->op == COND_NOT)
        return false;
    for (int i = 0; i < cond->child_count; i++) {
        if (cond_names(&cond->children[i], stage))
            return true;
    }
    if (cond->op != COND_IS || !is_stage_field(cond->field.field))
        return false;
    for (int i = 0; i < cond->value_count; i++) {
        if (str_eq(cond->values[i].text, stage))
            return true;
    }
    return false;
}

static bool is_praised(const struct book *book, const char *stage)
{
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        if (rule->action == action_find("praise") &&
            (cond_names(rule->cond, stage) || cond_names(rule->when_cond, stage)))
            return true;
    }
    return false;
}

static void look_at_stage(struct looking *l, const struct stage_def *def)
{
    const struct book *book = l->book;
    struct coverage_stage *stage = &l->out->stages[l->out->stage_count++];
    *stage = (struct coverage_stage){.def = def, .praise = is_praised(book, def->id)};
    for (int i = 0; i < book->question_count; i++) {
        const struct question *question = book->questions[i];
        if (names(question->stages, question->stage_count, def->id) && is_asked(book, question))
            count_question(stage, question);
    }
}

static void look_at_kinds(struct looking *l)
{
    const struct book *book = l->book;
    for (int i = 0; i < book->question_count; i++) {
        if (is_asked(book, book->questions[i]))
            l->out->kinds[book->questions[i]->kind] += book->questions[i]->text_count;
    }
    for (int i = 0; i < book->flow_count; i++) {
        for (int k = 0; k < book->flows[i]->step_count; k++) {
            const struct question *step = book->flows[i]->steps[k].question;
            l->out->kinds[step->kind] += step->text_count;
        }
    }
    for (int i = 0; i < book->rule_count; i++) {
        const struct rule *rule = book->rules[i];
        l->out->areas[rule->area] += rule->question_count || rule->flow;
    }
}

/* --- holes --- */

static void check_words(struct looking *l, const struct coverage_stage *stage)
{
    const char *id = stage->def->id;
    for (int use = USE_CASE_ANY + 1; use < USE_CASES; use++) {
        if (stage->questions[use] < COVERAGE_WANTED)
            hole(l, "coverage-questions",
                 arena_printf(l->arena, "%s, %s: %d question%s; %d are wanted", id,
                              use_case_words[use], stage->questions[use],
                              stage->questions[use] == 1 ? "" : "s", COVERAGE_WANTED));
    }
    if (!stage->gain)
        hole(l, "coverage-gain",
             arena_printf(l->arena,
                          "%s: no question asks for the customer's gain (topic: "
                          "customer_gain)",
                          id));
    if (!stage->praise)
        hole(l, "coverage-praise",
             arena_printf(l->arena, "%s: no praise names a step of it (deal.stage, from or to)",
                          id));
}

/* The stage map as one way: deals come in from the CRM, go on through a gate, and the customer is
 * somewhere meanwhile. */
static void check_way(struct looking *l, const struct stage_def *def, bool crm)
{
    if (!def->gate_count)
        hole(l, "coverage-gate",
             arena_printf(l->arena,
                          "%s: no gate leads on from it, so nobody sees that the customer "
                          "moves too",
                          def->id));
    if (!def->customer_phase)
        hole(l, "coverage-phase",
             arena_printf(l->arena, "%s: no customer_phase says what the customer does meanwhile",
                          def->id));
    if (crm && !def->crm_count)
        hole(l, "coverage-crm",
             arena_printf(l->arena, "%s: no stage of the CRM leads here, though others have theirs",
                          def->id));
}

static void check_values(struct looking *l)
{
    const struct organisation *organisation = &l->book->organisation;
    for (int i = 0; i < organisation->value_count; i++) {
        bool found = false;
        for (int k = 0; k < l->book->question_count && !found; k++) {
            const struct question *question = l->book->questions[k];
            found = names(question->values, question->value_count, organisation->values[i]) &&
                    is_asked(l->book, question);
        }
        if (!found)
            hole(l, "coverage-value",
                 arena_printf(l->arena, "no question is tagged with the value '%s'",
                              organisation->values[i]));
    }
}

void coverage_of(const struct book *book, struct arena *arena, struct coverage *ret)
{
    struct looking l = {.book = book, .arena = arena, .out = ret};
    bool crm = false;
    *ret = (struct coverage){0};
    l.tail = &ret->holes;
    for (int i = 0; i < book->stage_count; i++) {
        if (book->stages[i].order < COVERAGE_STAGES)
            look_at_stage(&l, &book->stages[i]);
        crm |= book->stages[i].order < COVERAGE_STAGES && book->stages[i].crm_count;
    }
    look_at_kinds(&l);
    for (int i = 0; i < ret->stage_count; i++) {
        check_words(&l, &ret->stages[i]);
        check_way(&l, ret->stages[i].def, crm);
    }
    check_values(&l);
}
