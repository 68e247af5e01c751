/* What people do with a conversation: a table of buttons. */
#include <string.h>

#include "base/alloc.h"
#include "core/behaviours.h"
#include "core/ledger.h"
#include "core/phrases.h"
#include "core/prompt.h"
#include "core/request.h"
#include "core/speech.h"
#include "core/stretch.h"
#include "core/suggest.h"
#include "core/talk.h"
#include "core/unkept.h"

enum {
    SNOOZE_WORKING_MS = 2 * MSEC_HOUR,
    ROUNDS_MAX = 3,           /* snoozes of one question */
    PRAISE_POINTS_MAX = 1500, /* with the frame around it, it fits into one message */
};

typedef void (*button_fn)(struct core *, struct step *, struct prompt *, const struct event *);

static void click_answer(struct core *core, struct step *step, struct prompt *prompt,
                         const struct event *event)
{
    prompt_answer(core, step, prompt, event->text, event);
}

static void click_later(struct core *core, struct step *step, struct prompt *prompt,
                        const struct event *event)
{
    struct arena *arena = &step->arena;
    msec_t due = person_add_working(core, prompt->to, step->now, SNOOZE_WORKING_MS);
    due = person_next_working(core, prompt->to, due);
    if (prompt->state == PROMPT_OPEN && prompt->rounds >= ROUNDS_MAX) {
        say_reply(core, step, prompt->to, event, SAY_LATER_ENOUGH);
        return;
    }
    if (due == MSEC_NEVER || !prompt_move(core, step, prompt, PROMPT_SNOOZED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    prompt->rounds++;
    prompt_heard_from(core, step, prompt->to);
    timer_set(&core->timers, &prompt->timer, due);
    persist_prompt(step, prompt);
    const char *when = person_day(prompt->to, due) == person_day(prompt->to, step->now)
                           ? arena_printf(arena, say_to(core, prompt->to, SAY_TODAY_AT),
                                          render_time(prompt->to, due, arena))
                           : arena_printf(arena, say_to(core, prompt->to, SAY_ON_AT),
                                          render_date(prompt->to, due, arena),
                                          render_time(prompt->to, due, arena));
    (void)prompt_update(core, step, prompt, event,
                        arena_printf(arena, say_to(core, prompt->to, SAY_SNOOZED), prompt->shown,
                                     when)); /* as it is */
}

static void click_skip(struct core *core, struct step *step, struct prompt *prompt,
                       const struct event *event)
{
    prompt_heard_from(core, step, prompt->to);
    if (!prompt_move(core, step, prompt, PROMPT_SKIPPED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    struct message *update = prompt_update(
        core, step, prompt, event,
        prompt->kind == PROMPT_CARD
            ? arena_printf(&step->arena, say_to(core, prompt->to, SAY_CARD_SKIPPED), prompt->shown)
            : arena_printf(&step->arena, say_to(core, prompt->to, SAY_SKIPPED), prompt->shown));
    prompt_dress_settled(core, prompt, update, &step->arena);
    if (prompt->talk)
        (void)talk_go_on(core, step, prompt, event, false); /* nothing more to say here */
}

/* The end of the whole talk, whichever of its messages the button was under. */
static void click_end(struct core *core, struct step *step, struct prompt *prompt,
                      const struct event *event)
{
    if (!prompt->talk || !talk_stop(core, step, prompt->talk, event))
        say_reply(core, step, prompt->to, event, SAY_GONE);
}

static void click_why(struct core *core, struct step *step, struct prompt *prompt,
                      const struct event *event)
{
    const char *about = prompt->rule ? prompt->rule->about : NULL;
    if (str_empty(prompt->rule_id)) {
        say_reply(core, step, prompt->to, event,
                  arena_printf(&step->arena, say_to(core, prompt->to, SAY_WHY_META), prompt->why));
        return;
    }
    say_reply(core, step, prompt->to, event,
              arena_printf(&step->arena, say_to(core, prompt->to, SAY_WHY_RULE), prompt->why,
                           prompt->rule_id,
                           about ? about : say_to(core, prompt->to, SAY_A_QUESTION)));
}

/* The manager's word goes to the rep, in the manager's name because the manager sent it. */
static void pass_on(struct core *core, struct step *step, struct prompt *prompt,
                    const struct event *event, const char *words)
{
    struct arena *arena = &step->arena;
    const char *name = person_name(prompt->about);
    if (!person_is_here(core, prompt->about)) {
        say_reply(core, step, prompt->to, event,
                  arena_printf(arena, say_to(core, prompt->to, SAY_CARD_LEFT), name));
        return;
    }
    if (prompt->state != PROMPT_ANSWERED && step->now < person_paused_until(prompt->about)) {
        say_reply(core, step, prompt->to, event,
                  arena_printf(arena, say_to(core, prompt->to, SAY_CARD_PAUSED), name));
        return;
    }
    if (prompt->state == PROMPT_ANSWERED || !prompt_move(core, step, prompt, PROMPT_ANSWERED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE); /* a word once said stays said */
        return;
    }
    prompt->answered_at = step->now;
    const struct coaching praise = {prompt->to, prompt->about, ACT_PRAISE};
    ledger_add(core, step, arena_printf(arena, "praise|%s", prompt->key), &praise, 0);
    struct message *message =
        say_message(core, step, prompt->about, prompt->rule_id, prompt->occurrence, "passed on",
                    arena_printf(arena, say_to(core, prompt->about, SAY_FROM_MANAGER),
                                 person_name(prompt->to), words));
    message->deal = prompt->deal ? arena_strdup(arena, prompt->deal->id) : NULL;
    message->unknown = UNKNOWN_DROP;
    message->expires = step->now + MSEC_WEEK;
    if (!prompt_welcome_now(core, prompt->about, step->now))
        message->due = person_next_welcome(core, prompt->about, step->now);
    prompt_update(core, step, prompt, event,
                  arena_printf(arena, say_to(core, prompt->to, SAY_CARD_SENT), prompt->shown,
                               person_name(prompt->about)));
}

static void click_send(struct core *core, struct step *step, struct prompt *prompt,
                       const struct event *event)
{
    pass_on(core, step, prompt, event, prompt->text);
}

static void click_edit(struct core *core, struct step *step, struct prompt *prompt,
                       const struct event *event)
{
    const char *words = event->text ? event->text + strspn(event->text, " \t\r\n") : "";
    long points = utf8_length(words, strlen(words));
    if (!*words)
        say_reply(core, step, prompt->to, event, SAY_CARD_EMPTY);
    else if (points > PRAISE_POINTS_MAX)
        say_reply(core, step, prompt->to, event,
                  arena_printf(&step->arena, say_to(core, prompt->to, SAY_CARD_LONG), points,
                               PRAISE_POINTS_MAX));
    else
        pass_on(core, step, prompt, event, event->text);
}

static void click_not_true(struct core *core, struct step *step, struct prompt *prompt,
                           const struct event *event)
{
    if (!prompt_move(core, step, prompt, PROMPT_SKIPPED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    prompt_update(
        core, step, prompt, event,
        arena_printf(&step->arena, say_to(core, prompt->to, SAY_CARD_NOT_TRUE), prompt->shown));
}

/* What the person wants instead; obeyed at once. */
static void obey(struct core *core, struct step *step, struct prompt *prompt,
                 const struct event *event, const char *text)
{
    struct person *person = prompt->to;
    (void)prompt_move(core, step, prompt, PROMPT_ANSWERED); /* a second choice replaces the first */
    prompt_heard_from(core, step, person);
    if (person->backoff == BACKOFF_STOPPED) {
        person->backoff = BACKOFF_NONE;
        person->paused_until = MSEC_NONE;
    }
    person_touch(core, person);
    prompt_update(core, step, prompt, event, say_to(core, person, text));
}

static void click_stop(struct core *core, struct step *step, struct prompt *prompt,
                       const struct event *event)
{
    obey(core, step, prompt, event, SAY_META_STOP);
    prompt->to->backoff = BACKOFF_STOPPED;
    prompt->to->paused_until = MSEC_NEVER;
}

static void click_less(struct core *core, struct step *step, struct prompt *prompt,
                       const struct event *event)
{
    obey(core, step, prompt, event, SAY_META_LESS);
    prompt->to->wishes.per_week = 1;
}

static void click_other_time(struct core *core, struct step *step, struct prompt *prompt,
                             const struct event *event)
{
    obey(core, step, prompt, event, SAY_META_OTHER_TIME);
    prompt->to->afternoons = true;
}

static void click_wrong_topic(struct core *core, struct step *step, struct prompt *prompt,
                              const struct event *event)
{
    struct person *person = prompt->to;
    obey(core, step, prompt, event, SAY_META_WRONG_TOPIC);
    for (int i = 0; i < person->mute_count; i++) {
        if (str_eq(person->mutes[i], prompt->family))
            return;
    }
    ARRAY_GROW(person->mutes, person->mute_count, person->mute_cap);
    person->mutes[person->mute_count++] = xstrdup(prompt->family);
}

static const struct {
    enum prompt_kind kind;
    const char *button;
    button_fn run;
} buttons[] = {
    {PROMPT_QUESTION, "answer", click_answer},
    {PROMPT_QUESTION, "later", click_later},
    {PROMPT_QUESTION, "skip", click_skip},
    {PROMPT_QUESTION, "end", click_end},
    {PROMPT_QUESTION, "why", click_why},
    {PROMPT_QUESTION, "keep", unkept_click},
    {PROMPT_CARD, "send", click_send},
    {PROMPT_CARD, "edit", click_edit},
    {PROMPT_CARD, "skip", click_skip},
    {PROMPT_CARD, "not_true", click_not_true},
    {PROMPT_CARD, "why", click_why},
    {PROMPT_META, "stop", click_stop},
    {PROMPT_META, "less", click_less},
    {PROMPT_META, "other_time", click_other_time},
    {PROMPT_META, "wrong_topic", click_wrong_topic},
    {PROMPT_META, "why", click_why},
    {PROMPT_OFFER, "yes", suggest_yes},
    {PROMPT_OFFER, "no", suggest_no},
    {PROMPT_OFFER, "why", click_why},
    {PROMPT_TALK, "yes", suggest_yes},
    {PROMPT_TALK, "no", suggest_no},
    {PROMPT_TALK, "why", click_why},
    {PROMPT_PEER, "yes", suggest_yes},
    {PROMPT_PEER, "no", suggest_no},
    {PROMPT_PEER, "why", suggest_why},
    {PROMPT_STRETCH, "yes", stretch_yes},
    {PROMPT_STRETCH, "no", stretch_no},
    {PROMPT_STRETCH, "tried", stretch_tried},
    {PROMPT_STRETCH, "why", click_why},
    {PROMPT_TARGETS, "yes", behaviours_yes},
    {PROMPT_TARGETS, "edit", behaviours_edit},
    {PROMPT_TARGETS, "no", behaviours_no},
    {PROMPT_DRAFT, "yes", request_click},
    {PROMPT_DRAFT, "edit", request_click},
    {PROMPT_DRAFT, "no", request_click},
    {PROMPT_DRAFT, "withdraw", request_click},
    {PROMPT_REQUEST, "accept", request_click},
    {PROMPT_REQUEST, "done", request_click},
    {PROMPT_REQUEST, "cannot", request_click},
};

void prompt_click(struct core *core, struct step *step, struct person *by, struct prompt *prompt,
                  const struct event *event)
{
    if (by != prompt->to) {
        say_reply(
            core, step, by, event,
            arena_printf(&step->arena, say_to(core, by, SAY_NOT_YOURS), person_name(prompt->to)));
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
        if (buttons[i].kind == prompt->kind && str_eq(buttons[i].button, event->button)) {
            buttons[i].run(core, step, prompt, event);
            return;
        }
    }
    say_reply(core, step, by, event, SAY_GONE);
}
