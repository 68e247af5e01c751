/* What `keep` of a question makes of an answer: a reason, a goal's own words, a plan, something to
 * practise, or how that went. Steps called `plan` of a talk keep plans. */
#include <string.h>

#include "base/alloc.h"
#include "core/behaviours.h"
#include "core/goal.h"
#include "core/phrases_plan.h"
#include "core/speech.h"
#include "core/plan.h"
#include "core/request.h"
#include "core/talk.h"

enum { REASON_POINTS = 300, LEAD_POINTS = 120 };

static enum keep keep_of(const struct prompt *prompt)
{
    const struct flow *flow = prompt->talk ? prompt->talk->flow : NULL;
    for (int i = 0; flow && i < flow->step_count; i++) {
        if (flow->steps[i].question == prompt->question && flow->steps[i].plan)
            return KEEP_PLAN;
    }
    return prompt->question ? prompt->question->keep : KEEP_NOTHING;
}

const char *keep_unfit(const struct prompt *prompt, const char *words, struct arena *arena)
{
    enum keep keep = keep_of(prompt);
    bool own = keep == KEEP_PLAN || keep == KEEP_PRACTICE || keep == KEEP_GOAL;
    (void)arena; /* every answer so far is a fixed one */
    return own && plan_is_template(words) ? SAY_PLAN_TEMPLATE : NULL;
}

static const char *cut(const char *words, size_t points, struct arena *arena)
{
    return arena_strndup(arena, words, utf8_prefix(words, points));
}

/* The newest goal that was handed down and has no own words yet. */
static struct goal *waiting_goal(const struct person *person)
{
    struct goal *found = NULL;
    for (int i = 0; person->goals && i < person->goals->count; i++) {
        struct goal *goal = &person->goals->list[i];
        if (!goal_is_own(goal) && (!found || goal->set.time > found->set.time))
            found = goal;
    }
    return found;
}

static const char *keep_goal(struct step *step, const struct prompt *prompt, const char *words)
{
    struct goal *goal = waiting_goal(prompt->to);
    if (!goal)
        return NULL;
    xstr_replace(&goal->words, cut(words, REASON_POINTS, &step->arena));
    goals_persist(step, prompt->to);
    return SAY_GOAL_IS_YOURS;
}

/* In a talk only what has a moment becomes a plan: most of its steps are thoughts. */
static const char *keep_plan(struct core *core, struct step *step, const struct prompt *prompt,
                             const char *words)
{
    struct arena *arena = &step->arena;
    struct person *by = prompt->to;
    struct plan_reading reading = plan_read(core, by, words, step->now, arena);
    if ((prompt->talk && reading.cue == CUE_NONE) || by->plan_count >= PLANS_MAX)
        return NULL;
    struct plan *plan = plan_add(core, by, words, &reading, step->now);
    plan_begin(core, step, plan);
    return plan->cue == CUE_NONE ? SAY_PLAN_KEPT_LOOSE
                                 : arena_printf(arena, say_to(core, prompt->to, SAY_PLAN_KEPT),
                                                plan_cue_text(core, plan, arena));
}

static const char *keep_practice(struct core *core, struct step *step, const struct prompt *prompt,
                                 const char *words)
{
    struct person *by = prompt->to;
    if (by->plan_count >= PLANS_MAX)
        return NULL;
    struct plan_reading reading = plan_read(core, by, words, step->now, &step->arena);
    struct plan *plan = plan_add(core, by, words, &reading, step->now);
    bool begins = plan_practise(core, step, plan);
    return begins ? SAY_PRACTICE_BEGINS
                  : arena_printf(&step->arena, say_to(core, prompt->to, SAY_PRACTICE_QUEUED),
                                 core->book->limits.habits_at_once);
}

/* The first answer of the question is the best one: by itself. With three of them the second means
 * that it was done with help, which changes nothing, and the last that it was not. */
static const char *keep_tried(struct core *core, struct step *step, const struct prompt *prompt,
                              const char *words)
{
    const struct question *question = prompt->question;
    const char *behind = strstr(prompt->occurrence, " plan.");
    const char *key = behind ? arena_strndup(&step->arena, prompt->occurrence,
                                             (size_t)(behind - prompt->occurrence))
                             : "";
    struct plan *plan = plan_find(prompt->to, key);
    bool first = question->choice_count ? str_ieq(words, question->choices[0])
                                        : strchr("yY", words[0]) != NULL;
    bool helped = question->choice_count > 2 && str_ieq(words, question->choices[1]);
    if (!plan || helped)
        return NULL;
    if (plan_tried(core, step, plan, first))
        return arena_printf(&step->arena, say_to(core, prompt->to, SAY_PRACTICE_HABIT),
                            plan->words);
    return first ? NULL : SAY_PRACTICE_NOT_YET;
}

static const char *keep_reason(struct step *step, const struct prompt *prompt, const char *words)
{
    reason_add(prompt->to, cut(words, REASON_POINTS, &step->arena), step->now);
    goals_persist(step, prompt->to);
    return SAY_REASON_KEPT;
}

/* Whom the choice before it in the talk names, for words that name nobody. */
static const char *chosen_before(const struct prompt *prompt)
{
    const struct talk *talk = prompt->talk;
    const struct prompt *found = NULL;
    for (int i = 0; talk && i < talk->prompt_count; i++) {
        const struct prompt *other = talk->prompts[i];
        if (other == prompt || !other->answer || !other->question ||
            other->question->answer != ANSWER_CHOICE)
            continue;
        found = !found || other->answered_at >= found->answered_at ? other : found;
    }
    return found ? found->answer : NULL;
}

/* It is shown, and goes nowhere before a yes. */
static const char *keep_request(struct core *core, struct step *step, const struct prompt *prompt,
                                const char *words, const struct event *event)
{
    const char *asked = chosen_before(prompt);
    request_said(core, step, prompt->to, words, asked ? asked : "", event);
    return ""; /* it has been said */
}

/* An answer was put right: what it became is put right with it, and nothing is added. */
static const char *correct(struct core *core, struct step *step, const struct prompt *prompt,
                           const char *words, const char *before)
{
    struct person *to = prompt->to;
    const char *was = cut(before, REASON_POINTS, &step->arena);
    const char *is = cut(words, REASON_POINTS, &step->arena);
    for (int i = 0; to->goals && i < to->goals->reason_count; i++) {
        if (keep_of(prompt) == KEEP_WHY && str_eq(to->goals->reasons[i].words, was))
            xstr_replace(&to->goals->reasons[i].words, is);
    }
    for (int i = 0; to->goals && i < to->goals->count; i++) {
        if (keep_of(prompt) == KEEP_GOAL && str_eq(to->goals->list[i].words, was))
            xstr_replace(&to->goals->list[i].words, is);
    }
    if (to->goals && (keep_of(prompt) == KEEP_WHY || keep_of(prompt) == KEEP_GOAL))
        goals_persist(step, to);
    for (int i = 0; keep_of(prompt) == KEEP_PRACTICE && i < to->plan_count; i++) {
        if (!str_eq(to->plans[i]->words, was))
            continue;
        xstr_replace(&to->plans[i]->words, is);
        plan_persist(step, to->plans[i]);
    }
    for (int i = 0; keep_of(prompt) == KEEP_PLAN && i < to->plan_count; i++) {
        if (str_eq(to->plans[i]->words, was)) {
            plan_drop(core, step, to->plans[i]);
            return keep_plan(core, step, prompt, words);
        }
    }
    return keep_of(prompt) == KEEP_PLAN ? keep_plan(core, step, prompt, words) : NULL;
}

const char *keep_answer(struct core *core, struct step *step, const struct prompt *prompt,
                        const char *words, const char *before, const struct event *event)
{
    bool read_back = keep_of(prompt) == KEEP_REQUEST || keep_of(prompt) == KEEP_BEHAVIOURS;
    if (before && !read_back) /* else it is read back anew */
        return correct(core, step, prompt, words, before);
    switch (keep_of(prompt)) {
    case KEEP_NOTHING:
        return NULL;
    case KEEP_WHY:
        return keep_reason(step, prompt, words);
    case KEEP_GOAL:
        return keep_goal(step, prompt, words);
    case KEEP_PLAN:
        return keep_plan(core, step, prompt, words);
    case KEEP_PRACTICE:
        return keep_practice(core, step, prompt, words);
    case KEEP_TRIED:
        return keep_tried(core, step, prompt, words);
    case KEEP_BEHAVIOURS:
        behaviours_said(core, step, prompt->to, words, event);
        return "";
    case KEEP_REQUEST:
        return keep_request(core, step, prompt, words, event);
    }
    return NULL;
}

const char *keep_lead(const struct core *core, const struct question *question,
                      const struct person *to, struct arena *arena)
{
    const struct goals *goals = to->goals;
    if (!question || !question->hard || !goals || !goals->reason_count)
        return "";
    const char *words = goals->reasons[goals->reason_count - 1].words;
    return arena_printf(arena, say_to(core, to, SAY_REASON_FIRST), cut(words, LEAD_POINTS, arena));
}
