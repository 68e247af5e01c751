/* A talk from its first step to its end. */
#include "core/flow.h"

#include <string.h>

#include "base/alloc.h"
#include "core/phrases.h"
#include "core/prompt.h"
#include "core/speech.h"
#include "core/talk.h"

enum {
    GO_ON_DAYS = 60,   /* from its start; answers are kept for 90, so none is lost on the way */
    TAKE_UP_DAYS = 14, /* so long after the last answer the person's word for it takes it up */
};

struct talk talk_blank(struct person *to, struct person *about, const struct flow *flow,
                       struct deal *deal)
{
    const struct talk *before = talk_newest(to, flow);
    return (struct talk){.to = to,
                         .about = about,
                         .flow = flow,
                         .deal = deal,
                         .number = before ? before->number + 1 : 1};
}

static struct talk *begin(struct core *core, struct step *step, const struct talk *blank,
                          const char *rule, const char *occurrence, const char *why)
{
    const struct flow *flow = blank->flow;
    struct talk *talk = talk_get(core, arena_printf(&step->arena, "%s|%s/%s|%d", blank->to->id,
                                                    flow->plugin->id, flow->id, blank->number));
    talk->to = blank->to;
    talk->about = blank->about;
    talk->flow = flow;
    talk->deal = blank->deal;
    talk->number = blank->number;
    talk->plugin_id = xstrdup(flow->plugin->id);
    talk->flow_id = xstrdup(flow->id);
    talk->rule_id = xstrdup(rule);
    talk->occurrence = xstrdup(occurrence);
    talk->why = xstrdup(why);
    talk->started = talk->touched = step->now;
    talk_started(talk);
    return talk;
}

static void put_away(struct core *core, struct step *step, const struct scope *scope, int next,
                     const struct event *event)
{
    const struct talk *talk = scope->talk;
    const char *keep = next < 0 ? NULL : talk->flow->steps[next].question->id;
    for (int i = 0; i < talk->prompt_count; i++) {
        struct prompt *prompt = talk->prompts[i];
        if (!prompt_is_live(prompt) || str_eq(prompt->question_id, keep))
            continue;
        prompt_close(core, step, prompt, PROMPT_UNANSWERED);
        prompt_update(
            core, step, prompt, event,
            arena_printf(&step->arena, say_to(core, talk->to, SAY_TALK_AWAY), prompt->shown));
    }
}

/* Posts the step, behind a line that leads to it, once nothing else of the talk is open. */
static struct message *ask_step(struct core *core, struct step *step, const struct scope *scope,
                                int at, const char *occurrence, const char *lead)
{
    put_away(core, step, scope, at, NULL);
    struct talk *talk = map_get(&core->talk_keys, scope->talk->key);
    int variant;
    const struct question *question = talk->flow->steps[at].question;
    const char *words = talk_words(scope, at, &variant);
    talk->posts++;
    talk->state = TALK_ON;
    if (!occurrence)
        occurrence = arena_printf(&step->arena, "%s %d", talk->occurrence, talk->posts);
    (void)prompt_step(core, step, talk, question, words, occurrence, lead);
    talk_persist(step, talk);
    return step_sent(step); /* the row may have moved it */
}

/* A step that quotes an answer which was corrected meanwhile says the new words. */
static void refresh(struct core *core, struct step *step, const struct scope *scope, int next,
                    const struct event *event)
{
    int variant;
    struct prompt *prompt = talk_prompt(scope->talk, scope->talk->flow->steps[next].question->id);
    const char *words = talk_words(scope, next, &variant);
    if (str_eq(words, prompt->shown))
        return;
    xstr_replace(&prompt->text, words);
    xstr_replace(&prompt->shown, words);
    persist_prompt(step, prompt);
    if (prompt->state == PROMPT_OPEN)
        prompt_dress(core, prompt, prompt_update(core, step, prompt, event, words), &step->arena);
}

/* What came up in one talk gets one of its own; each keeps the other's key. */
static void lead_on(struct core *core, struct step *step, struct talk *talk,
                    const struct scope *scope)
{
    const struct flow *flow = talk->flow->leads_to;
    if (!flow || !cond_holds(talk->flow->leads_if, scope))
        return;
    struct talk blank = talk_blank(talk->to, talk->about, flow, NULL);
    struct scope first = talk_scope(core, &blank, step->now, &step->arena);
    int next = talk_next(&first);
    if (next < 0)
        return;
    const char *about = talk->deal ? deal_label(talk->deal) : talk->flow_id;
    struct talk *led =
        begin(core, step, &blank, talk->rule_id,
              arena_printf(&step->arena, "%s led on", talk->occurrence),
              arena_printf(&step->arena, say_to(core, talk->to, SAY_TALK_LED), about));
    xstr_replace(&talk->led_to, led->key);
    xstr_replace(&led->led_from, talk->key);
    first = talk_scope(core, led, step->now, &step->arena);
    ask_step(core, step, &first, next, led->occurrence, "")->reply = true;
}

static void finish(struct core *core, struct step *step, struct talk *talk,
                   const struct scope *scope, const struct event *event)
{
    talk->state = TALK_DONE;
    struct message *message =
        say_message(core, step, talk->to, talk->rule_id, event->id ? event->id : talk->occurrence,
                    "closing", talk_closing(scope));
    message->reply = true;
    message->expires = step->now + MSEC_DAY;
    message->unknown = UNKNOWN_DROP;
    lead_on(core, step, talk, scope);
}

bool talk_go_on(struct core *core, struct step *step, struct prompt *prompt,
                const struct event *event, bool fresh)
{
    struct talk *talk = prompt->talk, *other = talk_open_with(talk->to);
    if (!talk->flow || (other && other != talk) || (talk->state == TALK_STOPPED && !fresh) ||
        step->now > talk->started + GO_ON_DAYS * MSEC_DAY)
        return false;
    struct scope scope = talk_scope(core, talk, step->now, &step->arena);
    int next = talk_next(&scope);
    bool said = true;
    talk->touched = step->now;
    put_away(core, step, &scope, next, event);
    const struct prompt *live = talk_live(talk);
    if (next >= 0 && live)
        refresh(core, step, &scope, next, event);
    else if (next >= 0)
        ask_step(core, step, &scope, next, NULL, "")->reply = true;
    else if (talk->state != TALK_DONE)
        finish(core, step, talk, &scope, event);
    else
        said = false; /* a correction after the end */
    talk_persist(step, talk);
    return said;
}

void talk_open(struct core *core, struct step *step, const struct candidate *c, struct person *to,
               const char *why)
{
    const struct rule *rule = c->rule;
    struct talk *talk = talk_open_with(to);
    if (!talk || talk->flow != rule->flow) {
        struct talk blank = talk_blank(to, c->rep, rule->flow, c->deal);
        talk = begin(core, step, &blank, rule->id, prompt_occurrence(c, &step->arena), why);
    }
    struct scope scope = talk_scope(core, talk, step->now, &step->arena);
    int next = talk_next(&scope);
    if (next < 0)
        return; /* the action has looked: there is one */
    struct message *message =
        ask_step(core, step, &scope, next, prompt_occurrence(c, &step->arena), "");
    message->rule = rule->id;
    message->priority = rule->priority;
    message->unknown = rule->unknown;
}

/* --- the person's own word --- */

/* What lies unfinished is taken up where it stopped. */
static bool take_up(struct core *core, struct step *step, struct talk *talk)
{
    struct arena *arena = &step->arena;
    struct scope scope = talk_scope(core, talk, step->now, arena);
    int next = talk_next(&scope);
    const struct prompt *last = talk_last_answer(&scope);
    if (next < 0)
        return false;
    struct value value = last ? answer_get(&scope, last->question_id) : (struct value){0};
    const char *quoted = last ? render_value(&scope, &value, arena) : NULL;
    const char *lead =
        quoted ? arena_printf(arena, say_to(core, talk->to, SAY_TALK_TAKE_UP_QUOTE), quoted)
               : say_to(core, talk->to, SAY_TALK_TAKE_UP);
    talk->touched = step->now;
    ask_step(core, step, &scope, next, NULL, lead)->reply = true;
    return true;
}

void talk_say(struct core *core, struct step *step, struct person *by, const struct flow *flow,
              const struct event *event)
{
    struct arena *arena = &step->arena;
    struct talk *open = talk_open_with(by), *last = talk_newest(by, flow);
    prompt_heard_from(core, step, by);
    if (open) {
        if (open->flow != flow || !take_up(core, step, open))
            say_reply(core, step, by, event,
                      arena_printf(arena, say_to(core, by, SAY_TALK_OTHER), flow->command));
        return;
    }
    bool unfinished = last && last->flow && last->state == TALK_ON &&
                      step->now < last->started + GO_ON_DAYS * MSEC_DAY &&
                      step->now < last->touched + TAKE_UP_DAYS * MSEC_DAY;
    if (unfinished && take_up(core, step, last))
        return;
    struct talk blank = talk_blank(by, by, flow, NULL);
    struct scope scope = talk_scope(core, &blank, step->now, arena);
    int next = talk_next(&scope);
    if (next < 0) {
        say_reply(core, step, by, event, SAY_TALK_NOTHING);
        return;
    }
    const char *occurrence =
        event->source ? arena_printf(arena, "%s %s", event->source, event->id) : event->id;
    struct talk *talk = begin(core, step, &blank, "", occurrence ? occurrence : "",
                              arena_printf(arena, say_to(core, by, SAY_TALK_WHY), flow->command));
    scope = talk_scope(core, talk, step->now, arena);
    ask_step(core, step, &scope, next, talk->occurrence, "")->reply = true;
}

bool talk_stop(struct core *core, struct step *step, struct talk *talk, const struct event *event)
{
    struct prompt *live = talk ? talk_live(talk) : NULL;
    if (!live)
        return false;
    const char *command = talk->flow ? talk->flow->command : NULL;
    prompt_heard_from(core, step, talk->to);
    prompt_close(core, step, live, PROMPT_UNANSWERED);
    talk->state = TALK_STOPPED;
    talk->touched = step->now;
    talk_persist(step, talk);
    (void)prompt_update(
        core, step, live, event,
        command ? arena_printf(&step->arena, say_to(core, talk->to, SAY_TALK_STOPPED_COMMAND),
                               live->shown, command)
                : arena_printf(&step->arena, say_to(core, talk->to, SAY_TALK_STOPPED),
                               live->shown)); /* said as it is */
    return true;
}
