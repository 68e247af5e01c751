/* What follows from the answers of a talk: the next step, its words, the words of its end. */
#include "core/speech.h"
#include "core/talk.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "core/compose.h"
#include "core/phrases.h"

struct prompt *talk_prompt(const struct talk *talk, const char *step)
{
    for (int i = 0; i < talk->prompt_count; i++) {
        if (str_eq(talk->prompts[i]->question_id, step))
            return talk->prompts[i];
    }
    return NULL;
}

static bool is_live(const struct prompt *prompt)
{
    return prompt->state == PROMPT_OPEN || prompt->state == PROMPT_SNOOZED;
}

struct prompt *talk_live(const struct talk *talk)
{
    for (int i = 0; i < talk->prompt_count; i++) {
        if (is_live(talk->prompts[i]))
            return talk->prompts[i];
    }
    return NULL;
}

struct talk *talk_open_with(const struct person *person)
{
    for (int i = 0; i < person->prompt_count; i++) {
        if (person->prompts[i]->talk)
            return person->prompts[i]->talk;
    }
    return NULL;
}

struct talk *talk_newest(const struct person *person, const struct flow *flow)
{
    struct talk *newest = NULL;
    for (int i = 0; i < person->asked_count; i++) {
        struct talk *talk = person->asked[i]->talk;
        if (talk && str_eq(talk->flow_id, flow->id) && str_eq(talk->plugin_id, flow->plugin->id) &&
            (!newest || talk->number > newest->number))
            newest = talk;
    }
    return newest;
}

struct scope talk_scope(const struct core *core, const struct talk *talk, msec_t now,
                        struct arena *arena)
{
    return (struct scope){.core = core,
                          .rep = talk->about,
                          .deal = talk->deal,
                          .rule = book_rule(core->book, talk->rule_id),
                          .now = now,
                          .arena = arena,
                          .talk = talk,
                          .reader = talk->to};
}

/* A different start for each person and step, one further with each talk. */
const char *talk_words(const struct scope *scope, int step, int *ret_variant)
{
    const struct talk *talk = scope->talk;
    const struct question *question = talk->flow->steps[step].question;
    const char *const parts[] = {talk->flow->plugin->id, talk->flow->id, question->id,
                                 talk->to->id};
    uint64_t first = hash_join(scope->core->options.seed, parts, ARRAY_LEN(parts));
    uint64_t count = (uint64_t)question->text_count;
    int start = (int)((first % count + (uint64_t)talk->number) % count);
    return compose_pick(scope, question->texts, question->text_count, start, ret_variant);
}

static bool is_settled(const struct prompt *prompt)
{
    return prompt && (prompt->state == PROMPT_ANSWERED || prompt->state == PROMPT_SKIPPED);
}

int talk_next(const struct scope *scope)
{
    const struct flow *flow = scope->talk->flow;
    for (int i = 0; i < flow->step_count; i++) {
        int variant;
        if (!is_settled(talk_prompt(scope->talk, flow->steps[i].question->id)) &&
            cond_holds(flow->steps[i].cond, scope) && talk_words(scope, i, &variant))
            return i;
    }
    return -1;
}

/* --- answers as values --- */

static struct value text_value(const char *words)
{
    return str_empty(words) ? (struct value){0} : (struct value){.type = VALUE_TEXT, .text = words};
}

/* As the question spells it: people write "Yes" and "y". */
static const char *spelled(const struct question *question, const char *words)
{
    for (int i = 0; i < question->choice_count; i++) {
        if (str_ieq(question->choices[i], words))
            return question->choices[i];
    }
    return words;
}

static struct value answer_value(const struct prompt *prompt)
{
    const struct question *question = prompt->question;
    int64_t number;
    switch (question ? question->answer : ANSWER_TEXT) {
    case ANSWER_TEXT:
        break;
    case ANSWER_YES_NO:
        return text_value(strchr("yY", prompt->answer[0]) ? "yes" : "no");
    case ANSWER_SCALE:
        return str_to_i64(prompt->answer, &number)
                   ? (struct value){0}
                   : (struct value){.type = VALUE_NUMBER, .number = number * 1000};
    case ANSWER_CHOICE:
        return text_value(spelled(question, prompt->answer));
    case ANSWER_DATE:
        return (struct value){.type = VALUE_DATE, .text = prompt->answer};
    }
    return text_value(prompt->answer);
}

static bool has_answer(const struct prompt *prompt)
{
    return prompt && prompt->state == PROMPT_ANSWERED && !str_empty(prompt->answer);
}

/* The answer of a step that would not be asked any more does not count: after a correction from
 * "given to me" to "mine" nobody is quoted on the former. Conditions look at earlier steps only, so
 * this ends. */
static const struct prompt *own_answer(const struct scope *scope, int step)
{
    const struct flow_step *at = &scope->talk->flow->steps[step];
    const struct prompt *prompt = talk_prompt(scope->talk, at->question->id);
    return has_answer(prompt) && cond_holds(at->cond, scope) ? prompt : NULL;
}

static const struct prompt *latest_answer(const struct person *person, const char *plugin,
                                          const char *name)
{
    const struct prompt *latest = NULL;
    for (int i = 0; i < person->asked_count; i++) {
        const struct prompt *prompt = person->asked[i];
        if (has_answer(prompt) && str_eq(prompt->question_id, name) &&
            str_eq(prompt->family, plugin) &&
            (!latest || prompt->answered_at > latest->answered_at ||
             (prompt->answered_at == latest->answered_at && strcmp(prompt->key, latest->key) > 0)))
            latest = prompt;
    }
    return latest;
}

struct value answer_get(const struct scope *scope, const char *name)
{
    const struct talk *talk = scope->talk;
    const struct prompt *prompt = NULL;
    if (str_starts(name, "answer."))
        name += strlen("answer."); /* texts keep names as they were written */
    for (int i = 0; talk && i < talk->flow->step_count; i++) {
        if (!str_eq(talk->flow->steps[i].question->id, name))
            continue;
        prompt = own_answer(scope, i);
        return prompt ? answer_value(prompt) : (struct value){0};
    }
    const struct person *person = talk ? talk->to : scope->rep;
    const struct plugin *plugin = talk          ? talk->flow->plugin
                                  : scope->rule ? scope->rule->plugin
                                                : NULL;
    if (person && plugin)
        prompt = latest_answer(person, plugin->id, name);
    return prompt ? answer_value(prompt) : (struct value){0};
}

const struct prompt *talk_last_answer(const struct scope *scope)
{
    const struct prompt *latest = NULL;
    for (int i = 0; i < scope->talk->flow->step_count; i++) {
        const struct prompt *prompt = own_answer(scope, i);
        if (prompt && (!latest || prompt->answered_at >= latest->answered_at))
            latest = prompt;
    }
    return latest;
}

/* --- the end --- */

enum { QUOTE_POINTS = 200 };

static const char *quote(const char *words, struct arena *arena)
{
    return arena_strndup(arena, words, utf8_prefix(words, QUOTE_POINTS));
}

const char *talk_closing(const struct scope *scope)
{
    const struct flow *flow = scope->talk->flow;
    struct strbuf lines = {0};
    int missing = 0;
    const char *words = flow->closing ? render_text(scope, flow->closing, &missing) : NULL;
    if (words && !missing)
        return words;
    for (int i = 0; i < flow->step_count; i++) {
        const struct prompt *prompt = own_answer(scope, i);
        if (prompt && flow->steps[i].question->answer == ANSWER_TEXT)
            strbuf_printf(&lines,
                          flow->steps[i].plan
                              ? say_to(scope->core, scope->talk->to, SAY_TALK_PLAN)
                              : say_to(scope->core, scope->talk->to, SAY_TALK_QUOTE),
                          quote(prompt->answer, scope->arena));
    }
    words = lines.len
                ? arena_printf(scope->arena, say_to(scope->core, scope->talk->to, SAY_TALK_DONE),
                               strbuf_text(&lines))
                : say_to(scope->core, scope->talk->to, SAY_TALK_DONE_PLAIN);
    strbuf_done(&lines);
    return words;
}

msec_t talk_expires(const struct prompt *prompt)
{
    if (prompt->rule && prompt->rule->expires)
        return prompt->rule->expires;
    return prompt->talk->flow ? prompt->talk->flow->expires : 3 * MSEC_DAY;
}
