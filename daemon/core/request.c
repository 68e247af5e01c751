/* The life of a request for help: shown to the asker, passed on, answered or taken back; the helper
 * is reminded once, and the asker never. */
#include "core/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/phrases.h"
#include "core/phrases_request.h"
#include "core/prompt.h"
#include "core/speech.h"

enum {
    DRAFT_DAYS = 7,   /* never confirmed, never meant */
    LAPSE_DAYS = 14,  /* after its date */
    DEFAULT_DAYS = 2, /* working days of the helper until the date, where none was said */
};

bool request_is_open(const struct request *request)
{
    return request->state == REQUEST_SENT || request->state == REQUEST_ACCEPTED;
}

struct request *request_draft(const struct person *by)
{
    const struct requests *all = by->requests;
    for (int i = 0; all && i < all->own_count; i++) {
        if (all->own[i]->state == REQUEST_DRAFT)
            return all->own[i];
    }
    return NULL;
}

struct request *request_numbered(const struct person *person, int64_t number)
{
    const struct requests *all = person->requests;
    for (int i = 0; all && i < all->own_count; i++) {
        if (all->own[i]->number == number)
            return all->own[i];
    }
    for (int i = 0; all && i < all->asked_count; i++) {
        if (all->asked[i]->to_number == number)
            return all->asked[i];
    }
    return NULL;
}

/* NULL: the conversation is of one that was dropped. */
static struct request *request_of(const struct prompt *prompt)
{
    const struct requests *all = prompt->about->requests;
    for (int i = 0; all && i < all->own_count; i++) {
        struct request *request = all->own[i];
        const char *key = prompt->kind == PROMPT_DRAFT ? request->draft : request->card;
        bool being_made = !*prompt->key || !*key;
        if (str_eq(request->key, prompt->question_id) && (being_made || str_eq(key, prompt->key)))
            return request;
    }
    return NULL;
}

static void settle(struct core *core, struct step *step, struct request *request, msec_t next)
{
    timer_set(&core->timers, &request->timer, next);
    request_persist(step, request);
}

/* Answers and what was asked for are kept equally long. */
static void end(struct core *core, struct step *step, struct request *request,
                enum request_state state)
{
    request->state = state;
    request->ended = step->now;
    settle(core, step, request, step->now + core->book->limits.keep_answers * MSEC_DAY);
}

static void drop(struct core *core, struct step *step, struct request *request)
{
    persist_delete(step, STATE_REQUEST, request->key);
    request_free(core, request);
}

/* --- a draft --- */

const char *request_obstacle(const struct core *core, const struct person *by,
                             const struct person *to, msec_t now, struct arena *arena)
{
    const struct requests *own = by->requests, *asked = to->requests;
    int open = 0, today = 0, waiting = 0;
    for (int i = 0; own && i < own->own_count; i++) {
        open += request_is_open(own->own[i]);
        today += own->own[i]->sent && person_day(by, own->own[i]->sent) == person_day(by, now);
    }
    for (int i = 0; asked && i < asked->asked_count; i++)
        waiting += request_is_open(asked->asked[i]);
    if (to == by)
        return SAY_REQUEST_SELF;
    if (!person_is_here(core, to))
        return arena_printf(arena, say_to(core, by, SAY_REQUEST_GONE), person_name(to));
    if (!person_reachable(core, to, now))
        return arena_printf(arena, say_to(core, by, SAY_REQUEST_AWAY), person_name(to));
    if (open >= REQUESTS_OPEN_MAX)
        return arena_printf(arena, say_to(core, by, SAY_REQUEST_MANY), REQUESTS_OPEN_MAX);
    if (today >= REQUESTS_A_DAY)
        return arena_printf(arena, say_to(core, by, SAY_REQUEST_DAY), REQUESTS_A_DAY);
    if (waiting >= REQUESTS_ASKED_MAX)
        return arena_printf(arena, say_to(core, by, SAY_REQUEST_BUSY), person_name(to));
    return NULL;
}

static msec_t day_start(const struct person *person, int64_t day)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

/* The end of the day that was said; of the second working day of the helper's otherwise. */
static msec_t due_of(const struct core *core, const struct request *request, msec_t now)
{
    const struct person *to = request->to;
    int64_t today = person_day(to, now), day = request->said_day;
    if (!day) {
        msec_t begins = person_workday(core, to, day_start(to, today + 1), DEFAULT_DAYS);
        day = person_day(to, begins);
    }
    return day_start(to, (day > today ? day : today) + 1);
}

static void dress_text(struct core *core, struct step *step, struct request *request)
{
    struct arena *arena = &step->arena;
    if (!request->to)
        return;
    request->due = due_of(core, request, step->now);
    xstr_replace(&request->text,
                 arena_printf(arena, say_to(core, request->to, SAY_REQUEST_TEXT),
                              person_name(request->by),
                              render_date(request->to, request->due - 1, arena), request->words));
}

static void put_away(struct core *core, struct step *step, struct request *request,
                     const struct event *event)
{
    struct prompt *prompt = map_get(&core->prompts, request->draft);
    if (prompt && prompt_is_live(prompt)) {
        prompt_close(core, step, prompt, PROMPT_CANCELLED);
        (void)prompt_update(core, step, prompt, event,
                            arena_printf(&step->arena, "%s\n\n%s", prompt->shown,
                                         say_to(core, request->by, SAY_REQUEST_REPLACED)));
    }
    drop(core, step, request);
}

void request_offer(struct core *core, struct step *step, struct person *by,
                   const struct request_wish *wish, const struct event *event)
{
    struct arena *arena = &step->arena;
    struct request *before = request_draft(by);
    const char *words = arena_strdup(arena, wish->words); /* they may be those of the draft */
    if (before)
        put_away(core, step, before, event);
    struct request *request = request_new(by, request_next_number(by));
    request->to = wish->to;
    request->words = xstrdup(words);
    request->said_day = wish->day;
    request->made = step->now;
    dress_text(core, step, request);
    const char *shown =
        request->to ? arena_printf(arena, say_to(core, by, SAY_REQUEST_READ),
                                   person_name(request->to), request->text)
                    : arena_printf(arena, say_to(core, by, SAY_REQUEST_WHOM), request->words);
    struct prompt like = {.kind = PROMPT_DRAFT,
                          .to = by,
                          .about = by,
                          .question_id = request->key,
                          .occurrence = arena_strdup(arena, event->id ? event->id : request->key),
                          .text = request->words,
                          .shown = arena_strdup(arena, shown),
                          .close_at = step->now + DRAFT_DAYS * MSEC_DAY};
    const struct prompt *prompt = prompt_start(core, step, &like, "request draft");
    memcpy(request->draft, prompt->key, MESSAGE_KEY_BYTES);
    settle(core, step, request, prompt->close_at);
}

/* --- what people do with it --- */

/* Something to one of the two that expects nothing. */
static void tell(struct core *core, struct step *step, struct person *to, const struct event *event,
                 const char *part, const char *text)
{
    struct message *message =
        say_message(core, step, to, "", event->id ? event->id : "", part, text);
    msec_t next = prompt_next_welcome(core, to, step->now);
    message->expires = step->now + MSEC_WEEK;
    if (next != MSEC_NEVER) /* else it is looked at once more as it leaves */
        message->due = next;
}

/* The card says what became of it; its buttons are those that are left. */
static void change(struct core *core, struct step *step, const char *card, enum prompt_state state,
                   const struct event *event, const char *sentence)
{
    struct arena *arena = &step->arena;
    struct prompt *prompt = map_get(&core->prompts, card);
    if (!prompt)
        return; /* it was not kept so long */
    if (state != PROMPT_OPEN)
        prompt_close(core, step, prompt, state);
    const char *text =
        arena_printf(arena, "%s\n\n%s", prompt->shown, say_to(core, prompt->to, sentence));
    prompt_dress(core, prompt, prompt_update(core, step, prompt, event, text), arena);
}

typedef const char *(*act_fn)(struct core *, struct step *, struct request *, const struct event *);

static const char *act_yes(struct core *core, struct step *step, struct request *request,
                           const struct event *event)
{
    struct arena *arena = &step->arena;
    struct person *by = request->by, *to = request->to;
    const char *obstacle = to ? request_obstacle(core, by, to, step->now, arena) : SAY_REQUEST_NAME;
    if (!obstacle && request->due <= step->now)
        obstacle = SAY_REQUEST_PAST;
    if (obstacle) {
        say_reply(core, step, by, event, obstacle);
        return "";
    }
    request_give(request, to, request_next_number(to));
    request->state = REQUEST_SENT;
    request->sent = step->now;
    struct prompt like = {.kind = PROMPT_REQUEST,
                          .to = to,
                          .about = by,
                          .question_id = request->key,
                          .occurrence = arena_strdup(arena, event->id ? event->id : request->key),
                          .text = request->words,
                          .shown = request->text,
                          .close_at = request->due + LAPSE_DAYS * MSEC_DAY};
    const struct prompt *prompt = prompt_start(core, step, &like, "request");
    memcpy(request->card, prompt->key, MESSAGE_KEY_BYTES);
    change(core, step, request->draft, PROMPT_ANSWERED, event, SAY_REQUEST_PASSED);
    settle(core, step, request, request->due);
    return arena_printf(arena, say_to(core, by, SAY_REQUEST_SENT), person_name(to),
                        request->number);
}

static const char *act_no(struct core *core, struct step *step, struct request *request,
                          const struct event *event)
{
    request->state = REQUEST_WITHDRAWN; /* the card has no buttons any more */
    change(core, step, request->draft, PROMPT_SKIPPED, event, SAY_REQUEST_DISCARDED);
    drop(core, step, request);
    return SAY_REQUEST_DROPPED;
}

static const char *act_withdraw(struct core *core, struct step *step, struct request *request,
                                const struct event *event)
{
    end(core, step, request, REQUEST_WITHDRAWN);
    change(core, step, request->card, PROMPT_CANCELLED, event,
           arena_printf(&step->arena, say_to(core, request->to, SAY_REQUEST_NOT_NOW),
                        person_name(request->by)));
    change(core, step, request->draft, PROMPT_ANSWERED, event, SAY_REQUEST_TAKEN);
    return SAY_REQUEST_DROPPED;
}

/* The helper has answered: the card says so, and the asker hears of it. */
static const char *answered(struct core *core, struct step *step, struct request *request,
                            enum prompt_state state, const struct event *event,
                            const char *to_helper, const char *to_asker)
{
    const char *asker = person_name(request->by);
    change(core, step, request->card, state, event, to_helper);
    tell(core, step, request->by, event, "request answered", to_asker);
    return arena_printf(&step->arena, say_to(core, request->to, SAY_REQUEST_TOLD), asker);
}

static const char *act_accept(struct core *core, struct step *step, struct request *request,
                              const struct event *event)
{
    struct arena *arena = &step->arena;
    request->state = REQUEST_ACCEPTED;
    settle(core, step, request, request->due + LAPSE_DAYS * MSEC_DAY);
    return answered(core, step, request, PROMPT_OPEN, event,
                    arena_printf(arena, say_to(core, request->to, SAY_REQUEST_SAID_YES),
                                 person_name(request->by)),
                    arena_printf(arena, say_to(core, request->by, SAY_REQUEST_ACCEPTED),
                                 person_name(request->to), request->words));
}

static const char *act_done(struct core *core, struct step *step, struct request *request,
                            const struct event *event)
{
    struct arena *arena = &step->arena;
    end(core, step, request, REQUEST_DONE);
    return answered(core, step, request, PROMPT_ANSWERED, event,
                    arena_printf(arena, say_to(core, request->to, SAY_REQUEST_SAID_DONE),
                                 person_name(request->by)),
                    arena_printf(arena, say_to(core, request->by, SAY_REQUEST_FINISHED),
                                 person_name(request->to), request->words));
}

static const char *act_cannot(struct core *core, struct step *step, struct request *request,
                              const struct event *event)
{
    struct arena *arena = &step->arena;
    end(core, step, request, REQUEST_DECLINED);
    return answered(core, step, request, PROMPT_SKIPPED, event,
                    arena_printf(arena, say_to(core, request->to, SAY_REQUEST_SAID_NO),
                                 person_name(request->by)),
                    arena_printf(arena, say_to(core, request->by, SAY_REQUEST_DECLINED),
                                 person_name(request->to), request->words));
}

#define FROM(state) (1U << (state))

static const struct {
    const char *word;
    bool helper; /* else the asker */
    unsigned from;
    act_fn run; /* what to say to words in the chat; "": it is said */
} acts[] = {
    {"yes", false, FROM(REQUEST_DRAFT), act_yes},
    {"no", false, FROM(REQUEST_DRAFT), act_no},
    {"drop", false, FROM(REQUEST_DRAFT), act_no},
    {"drop", false, FROM(REQUEST_SENT) | FROM(REQUEST_ACCEPTED), act_withdraw},
    {"withdraw", false, FROM(REQUEST_SENT) | FROM(REQUEST_ACCEPTED), act_withdraw},
    {"accept", true, FROM(REQUEST_SENT), act_accept},
    {"done", true, FROM(REQUEST_SENT) | FROM(REQUEST_ACCEPTED), act_done},
    {"cannot", true, FROM(REQUEST_SENT) | FROM(REQUEST_ACCEPTED), act_cannot},
};

bool request_act(struct core *core, struct step *step, struct request *request,
                 struct person *person, const char *word, const struct event *event)
{
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        const struct person *who = acts[i].helper ? request->to : request->by;
        if (!str_eq(acts[i].word, word) || who != person || !(acts[i].from & FROM(request->state)))
            continue;
        prompt_heard_from(core, step, person);
        const char *said = acts[i].run(core, step, request, event);
        if (*said && event->type == EVENT_SAID)
            say_reply(core, step, person, event, said);
        return true;
    }
    return false;
}

void request_click(struct core *core, struct step *step, struct prompt *prompt,
                   const struct event *event)
{
    struct request *request = request_of(prompt);
    struct person *by = prompt->to;
    if (request && request->state == REQUEST_DRAFT && str_eq(event->button, "edit")) {
        request_said(core, step, by, event->text ? event->text : "",
                     request->to ? request->to->id : NULL, event);
        return;
    }
    if (!request || !request_act(core, step, request, by, event->button, event))
        say_reply(core, step, by, event, SAY_GONE);
}

/* --- what time does with it --- */

static void lapse(struct core *core, struct step *step, struct request *request)
{
    end(core, step, request, REQUEST_LAPSED);
    change(core, step, request->card, PROMPT_UNANSWERED, NULL, SAY_REQUEST_CLOSED);
}

/* Once, in a moment that suits; who cannot be reached before the end is not. */
static void remind(struct core *core, struct step *step, struct request *request)
{
    struct person *to = request->to;
    msec_t over = request->due + LAPSE_DAYS * MSEC_DAY;
    msec_t next = prompt_next_welcome(core, to, step->now);
    struct prompt *prompt = map_get(&core->prompts, request->card);
    if (next > step->now || !prompt) {
        settle(core, step, request, next < over && prompt ? next : over);
        return;
    }
    (void)prompt_post(core, step, prompt, "reminder",
                      arena_printf(&step->arena, say_to(core, to, SAY_REQUEST_REMINDER),
                                   request->text)); /* nothing to add to it */
    persist_prompt(step, prompt);
    request->reminded = true;
    settle(core, step, request, over);
}

void request_due(struct core *core, struct step *step, struct timer *timer)
{
    struct request *request = (struct request *)(void *)timer;
    timer_clear(&core->timers, timer);
    if (!request_is_open(request))
        drop(core, step, request);
    else if (request->state == REQUEST_ACCEPTED || request->reminded ||
             step->now >= request->due + LAPSE_DAYS * MSEC_DAY)
        lapse(core, step, request);
    else
        remind(core, step, request);
}

/* --- what it looks like --- */

static void add_button(struct message *message, const char *id, const char *label)
{
    int index = message->button_count++;
    message->buttons[index] = (struct button){id, label, index == 0};
}

/* The draft in the words that it is read from. */
static const char *as_said(const struct request *request, struct arena *arena)
{
    const char *name = request->to ? person_name(request->to) : "";
    int year, month, day;
    if (!request->said_day)
        return arena_printf(arena, "%s: %s", name, request->words);
    civil_from_days(request->said_day, &year, &month, &day);
    return arena_printf(arena, "%s: %s, by %04d-%02d-%02d", name, request->words, year, month, day);
}

void request_dress(const struct core *core, const struct prompt *prompt, struct message *message,
                   struct arena *arena)
{
    const struct request *request = request_of(prompt);
    (void)core; /* the labels are translated by whoever asks */
    if (!request)
        return;
    bool draft = request->state == REQUEST_DRAFT, open = request_is_open(request);
    if (prompt->kind == PROMPT_DRAFT && draft) {
        if (request->to)
            add_button(message, "yes", SAY_REQUEST_YES);
        add_button(message, "edit", SAY_TALK_CHANGE);
        add_button(message, "no", SAY_NO_THANKS);
        message->input = (struct input){.present = true,
                                        .type = ANSWER_TEXT,
                                        .label = SAY_TALK_CHANGE,
                                        .value = as_said(request, arena)};
    } else if (prompt->kind == PROMPT_DRAFT && open) {
        add_button(message, "withdraw", SAY_REQUEST_WITHDRAW);
        message->buttons[0].primary = false;
    } else if (prompt->kind == PROMPT_REQUEST && open) {
        if (request->state == REQUEST_SENT)
            add_button(message, "accept", SAY_REQUEST_ACCEPT);
        add_button(message, "done", SAY_REQUEST_DONE);
        add_button(message, "cannot", SAY_REQUEST_CANNOT);
    }
}
