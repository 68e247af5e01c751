/* Advise or ask, and what must come first: both look at one person's way so far. */
#include "core/style.h"

#include <string.h>

#include "core/course.h"
#include "core/phrases.h"
#include "core/phrases_reasons.h"
#include "core/speech.h"
#include "core/prompt.h"
#include "core/unlock.h"

enum {
    NEW_DAYS = 90,  /* in the team: so long a hint helps more than a question */
    HINT_DAYS = 14, /* so long a word for hints holds */
};

bool style_is_directive(const struct core *core, const struct person *person, msec_t now)
{
    const struct field_ref tenure = {.field = FIELD_REP_TENURE};
    struct scope scope = {.core = core, .rep = person, .now = now};
    struct value value = value_get(&scope, &tenure);
    bool fresh = value.type == VALUE_LENGTH && value.number < NEW_DAYS * MSEC_DAY;
    const struct course *course = person->course;
    return fresh ||
           (course && course->hint_at != MSEC_NONE && now < course->hint_at + HINT_DAYS * MSEC_DAY);
}

static const struct text *hint_of(const struct question *question, int wording)
{
    return question->advice[wording % question->advice_count];
}

const struct text *style_text(const struct scope *scope, const struct question *question,
                              int wording)
{
    if (question->advice_count && style_is_directive(scope->core, scope->rep, scope->now))
        return hint_of(question, wording);
    return question->texts[wording];
}

const char *style_hint(const struct core *core, struct step *step, struct person *person)
{
    struct course *course = course_get(person);
    const struct prompt *open = prompt_latest_open(core, person);
    const struct question *question = open ? open->question : NULL;
    int missing = 0;
    course->hint_at = step->now;
    course_persist(step, course);
    if (!question || !question->advice_count)
        return SAY_HINT_NONE;
    struct scope scope = {.core = core,
                          .rep = open->about,
                          .deal = open->deal,
                          .rule = open->rule,
                          .now = step->now,
                          .arena = &step->arena};
    const char *words = render_text(&scope, hint_of(question, 0), &missing);
    return words && !missing ? arena_printf(&step->arena, say_to(core, person, SAY_HINT), words)
                             : SAY_HINT_NONE;
}

/* --- unlocking --- */

static bool is_named(const struct unlock *unlock, const char *question)
{
    for (int i = 0; i < unlock->count; i++) {
        if (str_eq(unlock->questions[i], question))
            return true;
    }
    return false;
}

static bool opens(const struct unlock *unlock, const struct prompt *prompt, msec_t now)
{
    bool passed = prompt->state == PROMPT_SKIPPED || prompt->state == PROMPT_UNANSWERED;
    return prompt->state == PROMPT_ANSWERED || (passed && now >= prompt->at + unlock->skipped);
}

const char *unlock_missing(const struct rule *rule, const struct person *rep, msec_t now,
                           struct arena *arena)
{
    const struct unlock *unlock = rule->unlock;
    if (!unlock || person_use(rep, rule->id)) /* it has spoken: once open stays open */
        return NULL;
    for (int i = 0; i < rep->asked_count; i++) {
        const struct prompt *prompt = rep->asked[i];
        if (str_eq(prompt->family, rule->plugin->id) && is_named(unlock, prompt->question_id) &&
            opens(unlock, prompt, now))
            return NULL;
    }
    return arena_printf(arena, in_english(SAY_REASON_LOCKED), unlock->questions[0],
                        (long long)(unlock->skipped / MSEC_DAY));
}
