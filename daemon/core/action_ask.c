/* ask: one of the rule's questions, in one of its wordings. */
#include "core/compose.h"
#include "core/learn.h"
#include "core/phrases_reasons.h"
#include "core/style.h"

/* The wordings of all questions in one row: `index` counts through them. */
static const struct question *question_at(const struct rule *rule, int index, int *ret_wording)
{
    for (int i = 0; i < rule->question_count; i++) {
        if (index < rule->questions[i]->text_count) {
            *ret_wording = index;
            return rule->questions[i];
        }
        index -= rule->questions[i]->text_count;
    }
    return NULL;
}

/* Of all of them, or of the one question of an experiment's arm. */
static int count_wordings(const struct rule *rule, const struct question *only, int *ret_first)
{
    int count = 0;
    *ret_first = 0;
    for (int i = 0; i < rule->question_count; i++) {
        if (rule->questions[i] == only) {
            *ret_first = count;
            return only->text_count;
        }
        count += rule->questions[i]->text_count;
    }
    return count;
}

/* NULL where a name in it has no value. */
static const char *words_of(const struct scope *scope, const struct rule *rule, int at,
                            const struct question **ret_question, int *ret_wording)
{
    int missing = 0;
    const struct question *question = question_at(rule, at, ret_wording);
    *ret_question = question;
    if (rule->to == TO_REP && scope->rep->wishes.kinds_off >> question->kind & 1)
        return NULL; /* not what this person wants to be asked */
    const char *words = render_text(scope, style_text(scope, question, *ret_wording), &missing);
    return missing ? NULL : words;
}

static const char *take(struct draft *draft, const struct question *question, int at,
                        const char *words)
{
    draft->kind = PROMPT_QUESTION;
    draft->question = question;
    draft->words = words;
    draft->variant = at;
    draft->prompt = true;
    return NULL;
}

static const char no_wording[] = SAY_REASON_NO_VALUE;

/* By what was answered so far, among the wordings that can be said. */
static const char *compose_adaptive(const struct core *core, const struct rule *rule,
                                    const struct scope *scope, struct draft *draft, int count)
{
    const char **keys = arena_alloc(scope->arena, (size_t)count * sizeof(*keys));
    const char **words = arena_alloc(scope->arena, (size_t)count * sizeof(*words));
    int *at = arena_alloc(scope->arena, (size_t)count * sizeof(*at)), able = 0, wording;
    const struct question *question;
    for (int i = 0; i < count; i++) {
        words[able] = words_of(scope, rule, i, &question, &wording);
        if (!words[able])
            continue;
        keys[able] = arena_printf(scope->arena, "%s#%d", question->id, wording);
        at[able++] = i;
    }
    if (!able)
        return no_wording;
    int chosen = pick_adaptive(core, rule, scope, keys, able, draft->occurrence, &draft->p);
    draft->wording = keys[chosen];
    return take(draft, question_at(rule, at[chosen], &wording), at[chosen], words[chosen]);
}

static const char *compose_ask(const struct core *core, const struct rule *rule,
                               const struct scope *scope, struct draft *draft)
{
    int first, wording, count = count_wordings(rule, draft->only, &first);
    if (rule->pick == PICK_ADAPTIVE)
        return compose_adaptive(core, rule, scope, draft, count);
    int start = compose_start(core, rule, scope, count);
    for (int i = 0; i < count; i++) {
        int at = first + (start + i) % count;
        const struct question *question;
        const char *words = words_of(scope, rule, at, &question, &wording);
        if (words)
            return take(draft, question, at, words);
    }
    return no_wording;
}

const struct action action_ask = {
    .name = "ask",
    .help = "asks one question and keeps the answer for its reader",
    .counts = true,
    .compose = compose_ask,
};
