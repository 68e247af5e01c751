/* start: a talk of several steps; its first step is the message. */
#include "core/compose.h"
#include "core/phrases_reasons.h"
#include "core/talk.h"

static const char *compose_start_talk(const struct core *core, const struct rule *rule,
                                      const struct scope *scope, struct draft *draft)
{
    struct person *rep = person_find(core, scope->rep->id);
    struct person *to = person_receiver(core, rule, rep);
    const struct talk *open = to ? talk_open_with(to) : NULL;
    struct deal *deal = scope->deal ? deal_find(core, scope->deal->id) : NULL;
    struct talk blank = talk_blank(to ? to : rep, rep, rule->flow, deal);
    const struct talk *talk = open && open->flow == rule->flow ? open : &blank;
    struct scope own = talk_scope(core, talk, scope->now, draft->arena);
    own.rule = rule;
    own.masked = scope->masked;
    int next = talk_next(&own);
    if (next < 0)
        return SAY_REASON_NO_STEP;
    draft->kind = PROMPT_QUESTION;
    draft->question = rule->flow->steps[next].question;
    draft->words = talk_words(&own, next, &draft->variant);
    draft->prompt = true;
    return NULL;
}

const struct action action_start = {
    .name = "start",
    .help = "starts a talk of several steps, or goes on with it",
    .counts = true,
    .compose = compose_start_talk,
};
