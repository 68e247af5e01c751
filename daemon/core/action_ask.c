/* ask: one of the rule's questions, in one of its wordings. */
#include "core/compose.h"

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

static const char *compose_ask(const struct core *core, const struct rule *rule,
                               const struct scope *scope, struct draft *draft)
{
    int count = 0;
    for (int i = 0; i < rule->question_count; i++)
        count += rule->questions[i]->text_count;
    int start = compose_start(core, rule, scope, count);
    for (int i = 0; i < count; i++) {
        int wording, missing = 0, at = (start + i) % count;
        const struct question *question = question_at(rule, at, &wording);
        const char *words = render_text(scope, question->texts[wording], &missing);
        if (!words || missing)
            continue;
        draft->kind = PROMPT_QUESTION;
        draft->question = question;
        draft->words = words;
        draft->variant = at;
        draft->prompt = true;
        return NULL;
    }
    return "a value is missing in every wording";
}

const struct action action_ask = {
    .name = "ask",
    .help = "asks one question and keeps the answer for its reader",
    .counts = true,
    .compose = compose_ask,
};
