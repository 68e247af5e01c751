#include "core/rule.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/signal.h"
#include "core/speech.h"
#include "core/stretch.h"

void limits_default(struct limits *limits)
{
    *limits = (struct limits){
        .prompts_per_day = 1,
        .prompts_per_family_week = 3,
        .open_conversations = 1,
        .cards_per_day = 5,
        .digests_per_day = 2,
        .praise_per_day = 1,
        .backoff_after = 2,
        .habits_at_once = 2,
        .remind_first = MSEC_DAY,
        .remind_second = 3 * MSEC_DAY,
        .hold_at_most = MSEC_DAY,
        .late_at_most = MSEC_DAY,
        .quiet_period = MSEC_MINUTE,
        .cool_off = true,
        .hours = {8 * 60 + 30, 18 * 60, HOURS_MON_TO_FRI},
        .ramp = 10,
        .keep_answers = 90,
        .keep_decisions = 90,
        .keep_journal = 400,
        .keep_messages = 30,
        .keep_leavers = 30,
    };
}

struct book *book_new(void)
{
    struct book *book = NEW(struct book);
    arena_init(&book->arena);
    limits_default(&book->limits);
    return book;
}

static void free_cond(struct cond *cond)
{
    if (!cond)
        return;
    for (int i = 0; i < cond->child_count; i++)
        free_cond(&cond->children[i]);
    cond_regex_free(cond->regex);
}

static void free_texts(struct text **texts, int count)
{
    for (int i = 0; i < count; i++)
        text_free(texts[i]);
}

static void free_rule(struct rule *rule)
{
    free_cond(rule->when_cond);
    free_cond(rule->cond);
    free_cond(rule->unless_cond);
    free_cond(rule->outcome_cond);
    free_texts(rule->texts, rule->text_count);
    text_free(rule->card);
    for (int i = 0; i < rule->section_count; i++) {
        free_cond(rule->sections[i].cond);
        text_free(rule->sections[i].text);
    }
    sched_free(rule->sched);
    sched_free(rule->since);
}

static void free_flow(struct flow *flow)
{
    for (int i = 0; i < flow->step_count; i++) {
        free_cond(flow->steps[i].cond);
        free_texts(flow->steps[i].question->texts, flow->steps[i].question->text_count);
    }
    text_free(flow->closing);
    free_cond(flow->leads_if);
}

void book_free(struct book *book)
{
    if (!book)
        return;
    for (int i = 0; i < book->rule_count; i++)
        free_rule(book->rules[i]);
    for (int i = 0; i < book->question_count; i++) {
        free_texts(book->questions[i]->texts, book->questions[i]->text_count);
        free_texts(book->questions[i]->advice, book->questions[i]->advice_count);
    }
    for (int i = 0; i < book->flow_count; i++)
        free_flow(book->flows[i]);
    free(book->people);
    arena_done(&book->arena);
    free(book);
}

static int compare_rules(const void *a, const void *b)
{
    return strcmp((*(struct rule *const *)a)->id, (*(struct rule *const *)b)->id);
}

static int compare_people(const void *a, const void *b)
{
    return strcmp(((const struct person_def *)a)->id, ((const struct person_def *)b)->id);
}

/* Fills one list with the rules that `bits` of each rule names. */
static void index_type(struct book *book, struct rule_list *list, int type,
                       uint64_t (*bits)(const struct rule *))
{
    list->count = 0;
    for (int i = 0; i < book->rule_count; i++)
        list->count += (bits(book->rules[i]) >> type & 1) != 0;
    list->rules = arena_alloc(&book->arena, (size_t)(list->count + 1) * sizeof(*list->rules));
    int at = 0;
    for (int i = 0; i < book->rule_count; i++) {
        if (bits(book->rules[i]) >> type & 1)
            list->rules[at++] = book->rules[i];
    }
}

static uint64_t when_bits(const struct rule *rule)
{
    return rule->when;
}

static uint64_t unless_bits(const struct rule *rule)
{
    return rule->unless;
}

static uint64_t scheduled_bit(const struct rule *rule)
{
    return rule->sched ? 1 : 0;
}

static uint64_t ahead_bit(const struct rule *rule)
{
    return rule->point == POINT_BEFORE || rule->point == POINT_AFTER ? 1 : 0;
}

/* The stages of one `to: ...` that must hold. A name the pipeline does not know makes it any. */
static uint64_t stages_of_leaf(const struct book *book, const struct cond *cond)
{
    uint64_t bits = 0;
    if (cond->op != COND_IS || cond->field.field != FIELD_TO)
        return 0;
    for (int i = 0; i < cond->value_count; i++) {
        uint64_t bit = book_stage_bit(book, cond->values[i].text);
        if (!bit)
            return 0;
        bits |= bit;
    }
    return bits;
}

static uint64_t to_stages(const struct book *book, const struct cond *cond)
{
    if (!cond || cond->op != COND_ALL)
        return cond ? stages_of_leaf(book, cond) : 0;
    for (int i = 0; i < cond->child_count; i++) {
        uint64_t bits = stages_of_leaf(book, &cond->children[i]);
        if (bits)
            return bits;
    }
    return 0;
}

static void see_answer(void *user, const char *name, long bound)
{
    bool *seen = user;
    (void)name; /* any answer counts */
    *seen |= field_is_own_words(field_of_bound(bound));
}

/* Whether its words can hold what somebody has answered. */
static bool quotes_answers(const struct rule *rule)
{
    bool seen = rule->flow != NULL;
    for (int i = 0; i < rule->text_count; i++)
        text_each_name(rule->texts[i], see_answer, &seen);
    for (int i = 0; i < rule->question_count; i++) {
        for (int k = 0; k < rule->questions[i]->text_count; k++)
            text_each_name(rule->questions[i]->texts[k], see_answer, &seen);
        for (int k = 0; k < rule->questions[i]->advice_count; k++)
            text_each_name(rule->questions[i]->advice[k], see_answer, &seen);
    }
    return seen;
}

static void index_signals(struct book *book)
{
    book->fact_horizon = SIGNAL_REACH;
    book->signal_words = 0;
    for (int i = 0; i < book->signal_count; i++) {
        struct signal *signal = book->signals[i];
        signal_prepare(signal);
        signal->state = book->signal_words;
        signal->positions = signal->per_deal ? 0 : signal_positions(signal);
        book->signal_words += signal->per_deal ? 0 : signal_words(signal);
        if (signal_reach(signal) > book->fact_horizon)
            book->fact_horizon = signal_reach(signal);
    }
}

/* The file that serves the reader best; of two equals the first. */
static const struct speech *speech_for(const struct book *book, const char *language)
{
    const struct speech *best = NULL;
    int match = 0;
    for (int i = 0; i < book->speech_count && language; i++) {
        int m = language_match(book->speeches[i].language, language);
        if (m > match) {
            match = m;
            best = &book->speeches[i];
        }
    }
    return best;
}

void book_index_speeches(struct book *book)
{
    for (int i = 0; i < book->speech_count; i++) {
        speech_index(&book->speeches[i]);
        if (!book->speeches[i].language)
            book->speech = &book->speeches[i];
    }
    for (int i = 0; i < book->person_count; i++)
        book->people[i].speech = speech_for(book, book->people[i].language);
}

void book_index(struct book *book)
{
    if (book->rule_count)
        qsort(book->rules, (size_t)book->rule_count, sizeof(*book->rules), compare_rules);
    for (int i = 0; i < book->rule_count; i++)
        book->rules[i]->index = i;
    for (int i = 0; i < book->rule_count; i++) {
        book->rules[i]->to_stages = to_stages(book, book->rules[i]->when_cond);
        book->rules[i]->wake = wake_of(book->rules[i]->when_cond);
        book->rules[i]->quotes_answers = quotes_answers(book->rules[i]);
        filter_prepare(&book->rules[i]->absent);
        if (book->rules[i]->stretch)
            stretch_prepare(book->rules[i]->stretch);
    }
    if (book->person_count)
        qsort(book->people, (size_t)book->person_count, sizeof(*book->people), compare_people);
    for (int type = 0; type < EVENT_TYPES; type++) {
        index_type(book, &book->by_event[type], type, when_bits);
        index_type(book, &book->by_unless[type], type, unless_bits);
    }
    index_type(book, &book->scheduled, 0, scheduled_bit);
    index_type(book, &book->ahead, 0, ahead_bit);
    index_signals(book);
    book_index_speeches(book);
}

const struct rule *book_rule(const struct book *book, const char *id)
{
    int low = 0, high = book->rule_count;
    while (id && low < high) {
        int middle = (low + high) / 2;
        int order = strcmp(book->rules[middle]->id, id);
        if (order == 0)
            return book->rules[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct person_def *book_person(const struct book *book, const char *id)
{
    struct person_def key = {.id = id};
    return id && book->person_count ? bsearch(&key, book->people, (size_t)book->person_count,
                                              sizeof(*book->people), compare_people)
                                    : NULL;
}

const struct team_def *book_team(const struct book *book, const char *id)
{
    for (int i = 0; id && i < book->team_count; i++) {
        if (str_eq(book->teams[i].id, id))
            return &book->teams[i];
    }
    return NULL;
}

const struct stage_def *book_stage(const struct book *book, const char *id_or_crm)
{
    if (!id_or_crm)
        return NULL;
    for (int i = 0; i < book->stage_count; i++) {
        if (str_eq(book->stages[i].id, id_or_crm))
            return &book->stages[i];
    }
    for (int i = 0; i < book->stage_count; i++) {
        for (int k = 0; k < book->stages[i].crm_count; k++) {
            if (str_ieq(book->stages[i].crm[k], id_or_crm))
                return &book->stages[i];
        }
    }
    return NULL;
}

uint64_t book_stage_bit(const struct book *book, const char *id_or_crm)
{
    const struct stage_def *stage = book_stage(book, id_or_crm);
    size_t index = stage ? (size_t)(stage - book->stages) : 64;
    return index < 64 ? UINT64_C(1) << index : 0;
}
