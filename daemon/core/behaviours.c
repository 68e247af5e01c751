/* Own targets: what was understood, and what becomes of the yes. */
#include "core/behaviours.h"

#include <string.h>

#include "base/alloc.h"
#include "core/goal.h"
#include "core/phrases.h"
#include "core/phrases_plan.h"
#include "core/phrases_request.h"
#include "core/prompt.h"
#include "core/speech.h"

enum { TARGETS_OPEN_DAYS = 7, UNKNOWN_POINTS = 60, LIST_WAITS_MINUTES = 10 };

/* "follow-up 5, prepare 3": as it is said, kept with the prompt, and read again. */
static const char *as_said(const struct choice *choice, struct arena *arena)
{
    struct strbuf out = {0};
    for (int i = 0; i < choice->count; i++)
        strbuf_printf(&out, "%s%s %d", i ? ", " : "", choice->list[i].behaviour->id,
                      choice->list[i].a_week);
    const char *text = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return text;
}

static const struct goal_unit *unit_of(const struct behaviour *behaviour, struct arena *arena)
{
    return goal_unit_find(arena_printf(arena, "behaviour.%s", behaviour->id));
}

static void say_unknown(const struct core *core, const struct person *by,
                        const struct choice *choice, struct arena *arena, struct strbuf *out)
{
    const char *words = choice->unknown;
    size_t bytes = utf8_prefix(words, UNKNOWN_POINTS);
    words = arena_strndup(arena, words, bytes);
    if (choice->near)
        strbuf_printf(out, say_to(core, by, SAY_BEHAVIOUR_NEAR), words, choice->near->id);
    else
        strbuf_printf(out, say_to(core, by, SAY_BEHAVIOUR_UNKNOWN), words);
}

static const char *read_back(const struct core *core, const struct person *by,
                             const struct choice *choice, struct arena *arena)
{
    struct strbuf out = {0};
    strbuf_puts(&out, say_to(core, by, SAY_BEHAVIOURS_READ));
    for (int i = 0; i < choice->count; i++) {
        const struct chosen *one = &choice->list[i];
        const struct goal_unit *unit = unit_of(one->behaviour, arena);
        strbuf_printf(&out, say_to(core, by, SAY_BEHAVIOURS_READ_LINE), one->behaviour->id,
                      one->a_week, one->a_week == 1 ? unit->one : unit->many,
                      one->said ? "" : say_to(core, by, SAY_BEHAVIOURS_SUGGESTED));
    }
    if (choice->unknown)
        say_unknown(core, by, choice, arena, &out);
    const char *text = arena_strdup(arena, strbuf_text(&out));
    strbuf_done(&out);
    return text;
}

/* Nothing of it was understood: the list, and what comes nearest. */
static void say_list(struct core *core, struct step *step, struct person *by,
                     const struct choice *choice, const struct event *event)
{
    const struct behaviour *behaviour;
    struct strbuf out = {0};
    if (choice->unknown)
        say_unknown(core, by, choice, &step->arena, &out);
    strbuf_puts(&out, out.len ? "\n" : "");
    strbuf_puts(&out, say_to(core, by, SAY_BEHAVIOURS_LIST));
    for (int i = BEHAVIOUR_NONE + 1; (behaviour = behaviour_at(i)); i++)
        strbuf_printf(&out, say_to(core, by, SAY_BEHAVIOURS_LIST_LINE), i, behaviour->id,
                      say_to(core, by, behaviour->about));
    strbuf_puts(&out, say_to(core, by, SAY_BEHAVIOURS_HOW));
    say_reply(core, step, by, event, strbuf_text(&out) + (out.data[0] == '\n'));
    strbuf_done(&out);
}

static void replace_open(struct core *core, struct step *step, struct person *by,
                         const struct event *event)
{
    for (int i = by->prompt_count; i-- > 0;) {
        struct prompt *prompt = by->prompts[i];
        if (prompt->kind != PROMPT_TARGETS)
            continue;
        prompt_close(core, step, prompt, PROMPT_CANCELLED);
        (void)prompt_update(core, step, prompt, event,
                            arena_printf(&step->arena, "%s\n\n%s", prompt->shown,
                                         say_to(core, by, SAY_REQUEST_REPLACED))); /* as it is */
    }
}

bool behaviours_chosen(struct core *core, struct step *step, struct person *by, const char *words,
                       const struct event *event)
{
    bool shown = by->behaviours_asked != MSEC_NONE &&
                 step->now - by->behaviours_asked <= LIST_WAITS_MINUTES * MSEC_MINUTE;
    struct choice choice = behaviours_read(words, &step->arena);
    /* with a question open, only what cannot be anything else */
    if (!shown || !choice.count || (choice.unknown && prompt_latest_open(core, by)))
        return false;
    behaviours_said(core, step, by, words, event);
    return true;
}

void behaviours_said(struct core *core, struct step *step, struct person *by, const char *words,
                     const struct event *event)
{
    struct arena *arena = &step->arena;
    struct choice choice = behaviours_read(words, arena);
    by->behaviours_asked = choice.count ? MSEC_NONE : step->now;
    person_touch(core, by);
    if (!choice.count) {
        say_list(core, step, by, &choice, event);
        return;
    }
    char *text = arena_strdup(arena, as_said(&choice, arena));
    char *shown = arena_strdup(arena, read_back(core, by, &choice, arena));
    struct prompt like = {.kind = PROMPT_TARGETS,
                          .to = by,
                          .about = by,
                          .occurrence = arena_strdup(arena, event->id ? event->id : ""),
                          .text = text,
                          .shown = shown,
                          .close_at = step->now + TARGETS_OPEN_DAYS * MSEC_DAY};
    replace_open(core, step, by, event);
    (void)prompt_start(core, step, &like, "targets"); /* its buttons find it */
}

static int missing(const struct person *by, const struct choice *choice, struct arena *arena)
{
    int count = 0;
    for (int i = 0; i < choice->count; i++) {
        const struct goal_unit *unit = unit_of(choice->list[i].behaviour, arena);
        count += !goal_find(by, arena_printf(arena, "own %s", unit->many));
    }
    return count;
}

static void keep(struct person *by, const struct chosen *one, const struct event *event,
                 struct arena *arena)
{
    enum { THOUSAND = 1000 };
    const struct goal_unit *unit = unit_of(one->behaviour, arena);
    struct goal *goal = goal_get(by, arena_printf(arena, "own %s", unit->many));
    xstr_replace(&goal->metric, unit->many);
    xstr_replace(&goal->period, "week");
    goal->target = (int64_t)one->a_week * THOUSAND;
    goal->assigned = false;
    goal->set = (struct stamp){event->time, event->key.a};
}

void behaviours_yes(struct core *core, struct step *step, struct prompt *prompt,
                    const struct event *event)
{
    struct arena *arena = &step->arena;
    struct person *by = prompt->to;
    struct choice choice = behaviours_read(prompt->text, arena);
    int have = by->goals ? by->goals->count : 0;
    prompt_heard_from(core, step, by);
    if (prompt_is_live(prompt) && have + missing(by, &choice, arena) > GOALS_MAX) {
        say_reply(core, step, by, event,
                  arena_printf(arena, say_to(core, by, SAY_GOAL_MANY), GOALS_MAX));
        return;
    }
    if (!prompt_is_live(prompt) || !prompt_move(core, step, prompt, PROMPT_ANSWERED)) {
        say_reply(core, step, by, event, SAY_GONE);
        return;
    }
    for (int i = 0; i < choice.count; i++)
        keep(by, &choice.list[i], event, arena);
    goals_persist(step, by);
    (void)prompt_update(core, step, prompt, event,
                        arena_printf(arena, "%s\n\n%s", prompt->shown,
                                     say_to(core, by, SAY_BEHAVIOURS_KEPT))); /* as it is */
}

void behaviours_edit(struct core *core, struct step *step, struct prompt *prompt,
                     const struct event *event)
{
    if (!prompt_is_live(prompt))
        say_reply(core, step, prompt->to, event, SAY_GONE);
    else
        behaviours_said(core, step, prompt->to, event->text ? event->text : "", event);
}

void behaviours_no(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event)
{
    prompt_heard_from(core, step, prompt->to);
    if (!prompt_is_live(prompt) || !prompt_move(core, step, prompt, PROMPT_SKIPPED)) {
        say_reply(core, step, prompt->to, event, SAY_GONE);
        return;
    }
    (void)prompt_update(core, step, prompt, event,
                        arena_printf(&step->arena, "%s\n\n%s", prompt->shown,
                                     say_to(core, prompt->to, SAY_BEHAVIOURS_LEFT))); /* as it is */
}

void behaviours_dress(const struct prompt *prompt, struct message *message, struct arena *arena)
{
    static const struct button buttons[] = {{"yes", SAY_BEHAVIOURS_YES, true},
                                            {"edit", SAY_TALK_CHANGE, false},
                                            {"no", SAY_NO_THANKS, false}};
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
        message->buttons[message->button_count++] = buttons[i];
    message->input = (struct input){.present = true,
                                    .type = ANSWER_TEXT,
                                    .label = SAY_TALK_CHANGE,
                                    .value = arena_strdup(arena, prompt->text)};
}
