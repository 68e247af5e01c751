/* Stretch: which step comes next, and what becomes of an offer. */
#include "core/stretch.h"

#include "base/alloc.h"
#include "core/course.h"
#include "core/phrases.h"
#include "core/phrases_reasons.h"
#include "core/speech.h"
#include "core/prompt.h"
#include "core/signal.h"

void stretch_prepare(struct stretch *stretch)
{
    filter_prepare(&stretch->wins);
    filter_prepare(&stretch->trust);
    for (int i = 0; i < stretch->rung_count; i++)
        filter_prepare(&stretch->rungs[i].tried);
}

/* The place of the step a person took last. A rung that is gone from the file is found by its size,
 * so that an edit neither starts again nor skips a step. */
static int place_of(const struct stretch *stretch, const struct climb *climb)
{
    int place = 0;
    for (int i = 0; i < stretch->rung_count; i++) {
        if (str_eq(stretch->rungs[i].id, climb->rung))
            return i;
    }
    while (place < stretch->rung_count && stretch->rungs[place].size < climb->size)
        place++;
    bool exact = place < stretch->rung_count && stretch->rungs[place].size == climb->size;
    return climb->state == CLIMB_TRIED && !exact ? place - 1 : place;
}

static const struct rung *rung_of(const struct stretch *stretch, const char *id)
{
    for (int i = 0; i < stretch->rung_count; i++) {
        if (str_eq(stretch->rungs[i].id, id))
            return &stretch->rungs[i];
    }
    return NULL;
}

/* When a step that was taken was tried: by the rep's own word, or by what happened since, won or
 * not. MSEC_NONE: it was not. */
static msec_t tried_at(const struct stretch *stretch, const struct person *rep,
                       const struct climb *climb)
{
    const struct rung *rung = rung_of(stretch, climb->rung);
    if (climb->state == CLIMB_TRIED)
        return climb->at;
    if (climb->state != CLIMB_TAKEN || !rung || !rung->tried.types)
        return MSEC_NONE;
    for (size_t i = 0; i < rep->fact_count; i++) { /* in order of time */
        if (rep->facts[i].time >= climb->at && filter_passes(&rung->tried, &rep->facts[i]))
            return rep->facts[i].time;
    }
    return MSEC_NONE;
}

static int wins_since(const struct stretch *stretch, const struct person *rep, msec_t since,
                      msec_t now)
{
    int wins = 0;
    for (size_t i = rep->fact_count; i-- > 0 && rep->facts[i].time > since;) {
        if (rep->facts[i].time <= now && filter_passes(&stretch->wins, &rep->facts[i]))
            wins += (int)rep->facts[i].times;
    }
    return wins;
}

const struct rung *stretch_next(const struct scope *scope)
{
    const struct stretch *stretch = scope->rule->stretch;
    const struct climb *climb = course_climb(scope->rep->course, scope->rule->id);
    msec_t since = MSEC_NONE;
    int place = 0;
    if (climb) {
        msec_t tried = tried_at(stretch, scope->rep, climb);
        if (tried == MSEC_NONE && scope->now < climb->at + stretch->rest)
            return NULL;
        since = tried == MSEC_NONE ? climb->at : tried;
        place = place_of(stretch, climb) + (tried != MSEC_NONE);
    }
    return place < stretch->rung_count &&
                   wins_since(stretch, scope->rep, since, scope->now) >= stretch->after
               ? &stretch->rungs[place]
               : NULL;
}

const char *stretch_distrust(const struct rule *rule, const struct person *rep, msec_t now,
                             struct arena *arena)
{
    const struct stretch *stretch = rule->stretch;
    if (!stretch || !stretch->trust.types || (rep->course && rep->course->welcome))
        return NULL;
    for (size_t i = rep->fact_count; i-- > 0 && rep->facts[i].time > now - stretch->trust_within;) {
        if (rep->facts[i].time <= now && filter_passes(&stretch->trust, &rep->facts[i]))
            return NULL;
    }
    return arena_printf(arena, in_english(SAY_REASON_NO_ONE_TO_ONE),
                        (long long)(stretch->trust_within / MSEC_DAY));
}

/* --- what becomes of an offer --- */

static struct climb *climb_of(const struct prompt *prompt)
{
    struct climb *climb = course_climb(prompt->to->course, prompt->rule_id);
    return climb && str_eq(climb->rung, prompt->text) ? climb : NULL;
}

static void settle(struct step *step, const struct prompt *prompt, enum climb_state state)
{
    struct climb *climb = climb_of(prompt);
    if (!climb)
        return;
    climb->state = state;
    climb->at = step->now;
    course_persist(step, prompt->to->course);
}

void stretch_offered(struct step *step, const struct prompt *prompt)
{
    struct course *course = course_get(prompt->to);
    const struct rung *rung = rung_of(prompt->rule->stretch, prompt->text);
    struct climb *climb = course_climb_get(course, prompt->rule_id);
    xstr_replace(&climb->rung, prompt->text);
    climb->size = rung ? rung->size : 0;
    climb->state = CLIMB_OFFERED;
    climb->at = step->now;
    course_persist(step, course);
}

void stretch_yes(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event)
{
    prompt_heard_from(core, step, prompt->to);
    /* a no can be taken back, and a yes is said once */
    if (prompt->state == PROMPT_ANSWERED || !climb_of(prompt) ||
        !prompt_move(core, step, prompt, PROMPT_ANSWERED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    prompt->answered_at = step->now;
    persist_prompt(step, prompt);
    settle(step, prompt, CLIMB_TAKEN);
    struct message *update = prompt_update(
        core, step, prompt, event,
        arena_printf(&step->arena, say_to(core, prompt->to, SAY_STRETCH_TAKEN), prompt->shown));
    update->buttons[update->button_count++] =
        (struct button){"tried", say_to(core, prompt->to, SAY_STRETCH_TRIED), true};
}

void stretch_no(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event)
{
    prompt_heard_from(core, step, prompt->to);
    if (!prompt_move(core, step, prompt, PROMPT_SKIPPED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    settle(step, prompt, CLIMB_DECLINED);
    (void)prompt_update(
        core, step, prompt, event,
        arena_printf(&step->arena, say_to(core, prompt->to, SAY_STRETCH_DECLINED), prompt->shown));
}

void stretch_tried(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event)
{
    const struct climb *climb = climb_of(prompt);
    prompt_heard_from(core, step, prompt->to);
    if (prompt->state != PROMPT_ANSWERED || !climb || climb->state != CLIMB_TAKEN) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    settle(step, prompt, CLIMB_TRIED);
    (void)prompt_update(
        core, step, prompt, event,
        arena_printf(&step->arena, say_to(core, prompt->to, SAY_STRETCH_DONE), prompt->shown));
}

const char *stretch_welcome(struct step *step, struct person *person)
{
    struct course *course = course_get(person);
    course->welcome = !course->welcome;
    course_persist(step, course);
    return course->welcome ? SAY_STRETCH_WELCOME : SAY_STRETCH_UNWELCOME;
}
