/* Conversations: a question, an evidence card or the question after silence, from its first message
 * to its end. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/dialog.h"
#include "core/learn.h"
#include "core/phrases.h"
#include "core/phrases_data.h"
#include "core/plan.h"
#include "core/prompt.h"
#include "core/rating.h"
#include "core/speech.h"
#include "core/stretch.h"
#include "core/suggest.h"
#include "core/talk.h"
#include "core/phrases_unkept.h"
#include "core/unkept.h"

enum {
    UNREMINDED_OPEN_MS = 3 * MSEC_DAY, /* of working time */
    CARD_OPEN_DAYS = 5,  /* working days a card or the question after silence stays open */
    SHOWN_POINTS = 1200, /* of an answer under its question */
};

/* The allowed moves; the rows are from, the columns to. */
static const bool moves[PROMPT_STATES][PROMPT_STATES] = {
    [PROMPT_OPEN] = {[PROMPT_SNOOZED] = true,
                     [PROMPT_ANSWERED] = true,
                     [PROMPT_SKIPPED] = true,
                     [PROMPT_UNANSWERED] = true,
                     [PROMPT_CANCELLED] = true},
    [PROMPT_SNOOZED] = {[PROMPT_OPEN] = true,
                        [PROMPT_ANSWERED] = true,
                        [PROMPT_SKIPPED] = true,
                        [PROMPT_UNANSWERED] = true, /* the talk went on elsewhere */
                        [PROMPT_CANCELLED] = true},
    /* a talk comes back to its step */
    [PROMPT_UNANSWERED] = {[PROMPT_OPEN] = true, [PROMPT_ANSWERED] = true, [PROMPT_SKIPPED] = true},
    [PROMPT_SKIPPED] = {[PROMPT_ANSWERED] = true},
    [PROMPT_ANSWERED] = {[PROMPT_ANSWERED] = true}, /* a correction */
    [PROMPT_CANCELLED] = {[PROMPT_OPEN] = true},
};

bool prompt_is_live(const struct prompt *prompt)
{
    return prompt->state == PROMPT_OPEN || prompt->state == PROMPT_SNOOZED;
}

/* What may be ignored keeps nothing away. */
static bool is_conversation(const struct prompt *prompt)
{
    return prompt->kind < PROMPT_OFFER && prompt->kind != PROMPT_CARD;
}

static void unlink_open(struct prompt *prompt)
{
    struct person *to = prompt->to;
    for (int i = 0; i < to->prompt_count; i++) {
        if (to->prompts[i] != prompt)
            continue;
        memmove(to->prompts + i, to->prompts + i + 1,
                (size_t)(to->prompt_count - i - 1) * sizeof(struct prompt *));
        to->prompt_count--;
        to->conversations -= is_conversation(prompt);
        return;
    }
}

static void link_open(struct prompt *prompt)
{
    struct person *to = prompt->to;
    ARRAY_GROW(to->prompts, to->prompt_count, to->prompt_cap);
    to->prompts[to->prompt_count++] = prompt;
    to->conversations += is_conversation(prompt);
}

bool prompt_move(struct core *core, struct step *step, struct prompt *prompt, enum prompt_state to)
{
    if (!moves[prompt->state][to])
        return false;
    enum prompt_state from = prompt->state;
    bool was_live = prompt_is_live(prompt);
    prompt->state = to;
    pick_moved(core, step, prompt, from);
    if (was_live && !prompt_is_live(prompt)) {
        unlink_open(prompt);
        timer_set(&core->timers, &prompt->timer,
                  step->now + core->book->limits.keep_answers * MSEC_DAY);
    } else if (!was_live && prompt_is_live(prompt)) {
        link_open(prompt);
    }
    persist_prompt(step, prompt);
    return true;
}

void prompt_free(struct prompt *prompt)
{
    char *const texts[] = {prompt->rule_id, prompt->question_id, prompt->occurrence, prompt->family,
                           prompt->stage,   prompt->text,        prompt->shown,      prompt->why,
                           prompt->answer,  prompt->wording};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
    for (struct prompt_name *next, *name = prompt->names; name; name = next) {
        next = name->next;
        free(name);
    }
    free(prompt->older);
    free(prompt);
}

static void unlink_asked(struct prompt *prompt)
{
    struct person *to = prompt->to;
    for (int i = 0; i < to->asked_count; i++) {
        if (to->asked[i] == prompt) {
            to->asked[i] = to->asked[--to->asked_count];
            return;
        }
    }
}

/* After a while even the answer goes. */
static void forget(struct core *core, struct step *step, struct prompt *prompt)
{
    talk_unlink(core, step, prompt);
    unlink_asked(prompt);
    persist_delete(step, STATE_PROMPT, prompt->key);
    for (const struct prompt_name *name = prompt->names; name; name = name->next)
        map_set(&core->prompts, name->key, NULL);
    timer_clear(&core->timers, &prompt->timer);
    struct prompt *last = core->prompt_list[--core->prompt_count];
    core->prompt_list[prompt->place] = last;
    last->place = prompt->place;
    prompt_free(prompt);
}

/* The buttons of the messages before still stand on the platform. */
static void keep_latest(struct prompt *prompt)
{
    if (!*prompt->latest || str_eq(prompt->latest, prompt->key))
        return;
    ARRAY_GROW(prompt->older, prompt->older_count, prompt->older_cap);
    memcpy(prompt->older[prompt->older_count++], prompt->latest, MESSAGE_KEY_BYTES);
}

/* The message with this key leads to the prompt, until that is forgotten. */
static void name_add(struct core *core, struct prompt *prompt, const char *key)
{
    if (map_get(&core->prompts, key) == prompt)
        return; /* the first message is the latest too */
    struct prompt_name *name = NEW(struct prompt_name);
    memcpy(name->key, key, MESSAGE_KEY_BYTES);
    name->next = prompt->names;
    prompt->names = name;
    map_set(&core->prompts, name->key, prompt);
}

/* Posts the prompt's message (again); its buttons name the new message from now on. */
struct message *prompt_post(struct core *core, struct step *step, struct prompt *prompt,
                            const char *part, const char *text)
{
    struct message *message =
        say_message(core, step, prompt->to, prompt->rule_id, prompt->occurrence, part, text);
    struct arena *arena = &step->arena;
    message->rep = arena_strdup(arena, prompt->about->id);
    message->deal = prompt->deal ? arena_strdup(arena, prompt->deal->id) : NULL;
    message->expires = prompt->close_at;
    prompt_dress(core, prompt, message, arena);
    keep_latest(prompt);
    memcpy(prompt->latest, message->key, MESSAGE_KEY_BYTES);
    name_add(core, prompt, message->key);
    return message;
}

/* Changes the newest message: the words so far and what became of it; the buttons go. */
struct message *prompt_update(struct core *core, struct step *step, const struct prompt *prompt,
                              const struct event *event, const char *text)
{
    /* one act can change several steps of a talk */
    const char *part =
        prompt->talk ? arena_printf(&step->arena, "update %s", prompt->question_id) : "update";
    struct message *message =
        say_message(core, step, prompt->to, prompt->rule_id,
                    event && event->id ? event->id : prompt->occurrence, part, text);
    message->op = MESSAGE_UPDATE;
    message->target = arena_strdup(&step->arena, prompt->latest);
    message->expires = step->now + 3 * MSEC_DAY;
    message->unknown = UNKNOWN_RESEND; /* the same change twice is one change */
    return message;
}

/* --- its life --- */

static struct prompt *prompt_new(struct core *core, enum prompt_kind kind, struct person *to,
                                 struct person *about)
{
    struct prompt *prompt = NEW(struct prompt);
    prompt->kind = kind;
    prompt->to = to;
    prompt->about = about;
    prompt->begins = MSEC_NEVER;
    prompt->timer.kind = TIMER_PROMPT;
    prompt->timer.key = prompt->key;
    ARRAY_GROW(core->prompt_list, core->prompt_count, core->prompt_cap);
    prompt->place = core->prompt_count;
    core->prompt_list[core->prompt_count++] = prompt;
    ARRAY_GROW(to->asked, to->asked_count, to->asked_cap);
    to->asked[to->asked_count++] = prompt;
    return prompt;
}

/* When the conversation closes by itself, if nothing it is ahead of begins before. */
static msec_t own_closing(const struct core *core, const struct prompt *prompt)
{
    const struct limits *limits = &core->book->limits;
    if (prompt->talk)
        return person_add_working(core, prompt->to, prompt->at, talk_expires(prompt));
    if (prompt->rule && prompt->rule->expires && prompt->kind != PROMPT_PEER)
        return person_add_working(core, prompt->to, prompt->at, prompt->rule->expires);
    if (prompt->kind == PROMPT_PEER) /* the end of the second working day */
        return person_working_end(core, prompt->to,
                                  person_add_working(core, prompt->to, prompt->at, MSEC_DAY));
    if (prompt->kind != PROMPT_QUESTION)
        return person_add_working(core, prompt->to, prompt->at, CARD_OPEN_DAYS * MSEC_DAY);
    msec_t last =
        limits->remind_first > limits->remind_second ? limits->remind_first : limits->remind_second;
    if (!last) /* no reminders: it stays open as long as it would with them */
        last = UNREMINDED_OPEN_MS;
    return person_working_end(core, prompt->to,
                              person_add_working(core, prompt->to, prompt->at, last));
}

static msec_t closing(const struct core *core, const struct prompt *prompt)
{
    msec_t own = own_closing(core, prompt);
    return own < prompt->begins ? own : prompt->begins;
}

/* What the message is ahead of; MSEC_NEVER: of nothing. */
static msec_t beginning(const struct candidate *c)
{
    return c->rule->point == POINT_BEFORE && c->event && c->event->due != MSEC_NONE ? c->event->due
                                                                                    : MSEC_NEVER;
}

/* The next moment at which something is to be done about an open prompt. */
static void arm(struct core *core, struct prompt *prompt)
{
    const struct limits *limits = &core->book->limits;
    msec_t due = prompt->close_at;
    if (prompt->kind == PROMPT_QUESTION && prompt->reminders < 2 &&
        (!prompt->rule || prompt->rule->reminders)) {
        msec_t after = prompt->reminders ? limits->remind_second : limits->remind_first;
        msec_t remind = person_add_working(core, prompt->to, prompt->at, after);
        if (after && remind < due)
            due = remind;
    }
    timer_set(&core->timers, &prompt->timer, due);
}

const char *prompt_occurrence(const struct candidate *c, struct arena *arena)
{
    return c->event && c->event->source
               ? arena_printf(arena, "%s %s", c->event->source, c->occurrence)
               : c->occurrence;
}

static struct prompt *prompt_from(struct core *core, struct step *step, const struct candidate *c,
                                  struct person *to, const struct draft *draft, const char *why)
{
    struct prompt *prompt = prompt_new(core, draft->kind, to, c->rep);
    prompt->rule = c->rule;
    prompt->question = draft->question;
    prompt->rule_id = xstrdup(c->rule->id);
    prompt->question_id = xstrdup(draft->question ? draft->question->id : NULL);
    prompt->reader = draft->question ? draft->question->reader : READER_REP;
    prompt->stored = draft->question ? draft->question->stored : STORED_ALWAYS;
    prompt->occurrence = xstrdup(prompt_occurrence(c, &step->arena));
    prompt->family = xstrdup(c->rule->plugin->id);
    prompt->deal = c->deal;
    prompt->stage = xstrdup(c->deal ? c->deal->texts[DEAL_STAGE] : NULL);
    prompt->text = xstrdup(draft->offer ? draft->offer : draft->words);
    prompt->wording = xstrdup(draft->wording);
    prompt->why = xstrdup(why);
    prompt->at = step->now;
    prompt->begins = beginning(c);
    prompt->close_at = closing(core, prompt);
    return prompt;
}

/* A message that expects no answer. */
static void tell(struct core *core, struct step *step, const struct candidate *c, struct person *to,
                 const struct draft *draft)
{
    bool praise = c->rule->action == &action_praise;
    const char *text =
        praise ? arena_printf(&step->arena, say_to(core, to, SAY_FROM_BOT), draft->words)
               : draft->words;
    struct message *message =
        say_message(core, step, to, c->rule->id, prompt_occurrence(c, &step->arena), "", text);
    message->rule = c->rule->id;
    message->rep = arena_strdup(&step->arena, c->rep->id);
    message->deal = c->deal ? arena_strdup(&step->arena, c->deal->id) : NULL;
    message->priority = c->rule->priority;
    message->unknown = c->rule->unknown;
    message->expires = person_working_end(core, to, step->now);
    if (message->expires > beginning(c))
        message->expires = beginning(c);
}

void prompt_open(struct core *core, struct step *step, const struct candidate *c, struct person *to,
                 const struct draft *draft, const char *why)
{
    if (!draft->prompt) {
        tell(core, step, c, to, draft);
        return;
    }
    if (c->rule->flow) {
        talk_open(core, step, c, to, why);
        return;
    }
    struct prompt *prompt = prompt_from(core, step, c, to, draft, why);
    const char *text =
        draft->kind == PROMPT_CARD
            ? prompt_card_text(core, c, draft, &step->arena)
            : arena_printf(&step->arena, "%s%s", keep_lead(core, draft->question, to, &step->arena),
                           draft->words);
    prompt->shown = xstrdup(text);
    struct message *message = prompt_post(core, step, prompt, "", text);
    message->rule = c->rule->id;
    message->priority = c->rule->priority;
    message->unknown = c->rule->unknown;
    memcpy(prompt->key, message->key, MESSAGE_KEY_BYTES);
    link_open(prompt);
    arm(core, prompt);
    persist_prompt(step, prompt);
    if (prompt->kind == PROMPT_STRETCH)
        stretch_offered(step, prompt);
}

struct prompt *prompt_start(struct core *core, struct step *step, const struct prompt *like,
                            const char *part)
{
    struct prompt *prompt = prompt_new(core, like->kind, like->to, like->about);
    prompt->rule = like->rule;
    prompt->rule_id = xstrdup(like->rule ? like->rule->id : "");
    prompt->question_id = xstrdup(like->question_id);
    prompt->family = xstrdup(like->rule ? like->rule->plugin->id : "");
    prompt->occurrence = xstrdup(like->occurrence);
    prompt->text = xstrdup(like->text);
    prompt->shown = xstrdup(like->shown);
    prompt->why = xstrdup(like->why);
    prompt->at = step->now;
    prompt->close_at = like->close_at ? like->close_at : closing(core, prompt);
    struct message *message = prompt_post(core, step, prompt, part, like->shown);
    if (like->rule) {
        message->rule = like->rule->id;
        message->rep = message->to; /* it uses up the limits of whom it goes to */
        message->unknown = like->rule->unknown;
    } else if (prompt->to == prompt->about) { /* it is there because of what she just did */
        message->reply = true;
    } else if (!prompt_welcome_now(core, prompt->to, step->now)) {
        message->due = prompt_next_welcome(core, prompt->to, step->now);
    }
    memcpy(prompt->key, message->key, MESSAGE_KEY_BYTES);
    link_open(prompt);
    arm(core, prompt);
    persist_prompt(step, prompt);
    return prompt;
}

static struct prompt *step_new(struct core *core, struct talk *talk,
                               const struct question *question)
{
    struct prompt *prompt = prompt_new(core, PROMPT_QUESTION, talk->to, talk->about);
    prompt->rule = book_rule(core->book, talk->rule_id);
    prompt->rule_id = xstrdup(str_empty(talk->rule_id) ? "" : talk->rule_id);
    prompt->question_id = xstrdup(question->id);
    prompt->family = xstrdup(talk->plugin_id);
    prompt->deal = talk->deal;
    prompt->why = xstrdup(talk->why);
    talk_link(talk, prompt);
    link_open(prompt);
    return prompt;
}

struct message *prompt_step(struct core *core, struct step *step, struct talk *talk,
                            const struct question *question, const char *words,
                            const char *occurrence, const char *lead)
{
    struct prompt *prompt = talk_prompt(talk, question->id);
    if (!prompt)
        prompt = step_new(core, talk, question);
    else if (prompt->state != PROMPT_OPEN)
        (void)prompt_move(core, step, prompt, PROMPT_OPEN); /* what is settled is not asked */
    prompt->question = question;
    if (!prompt->answer) { /* what was said under one promise stays under it */
        prompt->reader = question->reader;
        prompt->stored = question->stored;
    }
    xstr_replace(&prompt->occurrence, occurrence);
    xstr_replace(&prompt->text, words);
    xstr_replace(&prompt->shown, words);
    prompt->at = step->now;
    prompt->reminders = prompt->rounds = 0;
    prompt->close_at = closing(core, prompt);
    struct message *message =
        prompt_post(core, step, prompt, "", arena_printf(&step->arena, "%s%s", lead, words));
    if (!*prompt->key)
        memcpy(prompt->key, message->key, MESSAGE_KEY_BYTES);
    arm(core, prompt);
    persist_prompt(step, prompt);
    return step_sent(step); /* the row may have moved it */
}

/* After too much silence: stops, and asks once what would help. */
static void meta_open(struct core *core, struct step *step, struct prompt *last)
{
    struct person *person = last->to;
    struct prompt *prompt = prompt_new(core, PROMPT_META, person, person);
    prompt->rule_id = xstrdup("");
    prompt->occurrence = xstrdup(arena_printf(&step->arena, "silence %s", last->key));
    prompt->family = xstrdup(last->family);
    prompt->text = xstrdup(say_to(core, person, SAY_META));
    prompt->shown = xstrdup(prompt->text);
    prompt->why = xstrdup(say_to(core, person, SAY_META_WHY));
    prompt->at = step->now;
    prompt->close_at = closing(core, prompt);
    struct message *message = prompt_post(core, step, prompt, "", prompt->text);
    message->due = person_next_welcome(core, person, step->now); /* silence ends with the day */
    memcpy(prompt->key, message->key, MESSAGE_KEY_BYTES);
    link_open(prompt);
    arm(core, prompt);
    persist_prompt(step, prompt);
    person->backoff = BACKOFF_ASKED;
}

/* A sign of life ends the back-off, and with it the question what would help. */
void prompt_heard_from(struct core *core, struct step *step, struct person *person)
{
    if (!person->unanswered && person->backoff != BACKOFF_ASKED)
        return;
    person->unanswered = 0;
    if (person->backoff == BACKOFF_ASKED)
        person->backoff = BACKOFF_NONE;
    person_touch(core, person);
    for (int i = person->prompt_count; i-- > 0;) {
        if (person->prompts[i]->kind == PROMPT_META)
            prompt_close(core, step, person->prompts[i], PROMPT_ANSWERED);
    }
}

static void went_silent(struct core *core, struct step *step, struct prompt *prompt)
{
    struct person *person = prompt->to;
    if (!prompt_move(core, step, prompt, PROMPT_UNANSWERED))
        return;
    if (prompt->kind == PROMPT_PEER)
        suggest_no_answer(core, step, prompt);
    if (prompt->kind != PROMPT_QUESTION)
        return;
    if (prompt->begins != MSEC_NEVER)
        return; /* it closed because its meeting began, and not because nobody answered */
    if (prompt->talk && str_empty(prompt->rule_id))
        return; /* who began by herself owes nobody an end */
    if (!person_reachable(core, person, step->now))
        return; /* who is not there is not silent */
    person->unanswered++;
    person_touch(core, person);
    if (person->unanswered >= core->book->limits.backoff_after && person->backoff == BACKOFF_NONE &&
        person_is_rep(core, person))
        meta_open(core, step, prompt);
}

void prompt_close(struct core *core, struct step *step, struct prompt *prompt,
                  enum prompt_state state)
{
    (void)prompt_move(core, step, prompt, state); /* a closed one stays as it is */
}

bool prompt_welcome_now(const struct core *core, const struct person *person, msec_t now)
{
    return person_reachable(core, person, now) && person_works_at(core, person, now) &&
           !person_is_quiet(person, now);
}

/* From when on the person may be asked again; MSEC_NEVER: nobody knows. */
msec_t prompt_next_welcome(const struct core *core, const struct person *person, msec_t now)
{
    msec_t from = now;
    if (!person_is_here(core, person))
        return MSEC_NEVER;
    if (person_paused_until(person) > from)
        from = person_paused_until(person);
    msec_t cool = core->book->limits.cool_off ? person_cool_until(core, person) : MSEC_NONE;
    if (cool != MSEC_NONE && cool > from)
        from = cool;
    return from == MSEC_NEVER ? from : person_next_welcome(core, person, from);
}

/* The question was about the stage the deal was in. */
static bool moved_on(const struct prompt *prompt)
{
    return prompt->kind == PROMPT_QUESTION && prompt->deal && !prompt->talk &&
           !str_eq(prompt->stage, prompt->deal->texts[DEAL_STAGE]);
}

static void again(struct core *core, struct step *step, struct prompt *prompt, const char *format)
{
    struct strbuf text = {0};
    const char *marker = strstr(format, "%s");
    strbuf_add(&text, format, (size_t)(marker - format));
    strbuf_puts(&text, prompt->shown);
    strbuf_puts(&text, marker + 2);
    const char *part = arena_printf(&step->arena, "again %d %d", prompt->rounds, prompt->reminders);
    (void)prompt_post(core, step, prompt, part, strbuf_text(&text)); /* nothing to add to it */
    strbuf_done(&text);
}

/* The end of a snooze. */
static void wake_up(struct core *core, struct step *step, struct prompt *prompt)
{
    msec_t next = moved_on(prompt) ? MSEC_NEVER : prompt_next_welcome(core, prompt->to, step->now);
    if (next >= prompt->begins) { /* MSEC_NEVER too */
        prompt_close(core, step, prompt, PROMPT_CANCELLED);
        return;
    }
    if (next > step->now) {
        timer_set(&core->timers, &prompt->timer, next);
        persist_prompt(step, prompt);
        return;
    }
    prompt->at = step->now;
    prompt->reminders = 0;
    prompt->close_at = closing(core, prompt);
    again(core, step, prompt, say_to(core, prompt->to, SAY_AGAIN));
    arm(core, prompt);
    (void)prompt_move(core, step, prompt,
                      PROMPT_OPEN); /* always allowed from here; stores it too */
}

void prompt_due(struct core *core, struct step *step, struct prompt *prompt)
{
    if (!prompt_is_live(prompt)) {
        forget(core, step, prompt);
        return;
    }
    if (prompt->state == PROMPT_SNOOZED) {
        wake_up(core, step, prompt);
        return;
    }
    if (step->now >= prompt->close_at) {
        went_silent(core, step, prompt);
        return;
    }
    prompt->reminders++;
    if (!moved_on(prompt) && prompt_next_welcome(core, prompt->to, step->now) == step->now)
        again(core, step, prompt, say_to(core, prompt->to, SAY_REMINDER));
    arm(core, prompt);
    persist_prompt(step, prompt);
}

/* From the store: back into the indexes, its timer as it was. */
void prompt_restore(struct core *core, struct prompt *prompt, msec_t due)
{
    ARRAY_GROW(core->prompt_list, core->prompt_count, core->prompt_cap);
    prompt->place = core->prompt_count;
    core->prompt_list[core->prompt_count++] = prompt;
    struct person *to = prompt->to;
    ARRAY_GROW(to->asked, to->asked_count, to->asked_cap);
    to->asked[to->asked_count++] = prompt;
    name_add(core, prompt, prompt->key);
    name_add(core, prompt, prompt->latest);
    for (int i = 0; i < prompt->older_count; i++)
        name_add(core, prompt, prompt->older[i]);
    if (prompt_is_live(prompt))
        link_open(prompt);
    timer_set(&core->timers, &prompt->timer, due);
}

/* After a reload: the rule and question of the same name go on. */
void prompt_rebind(struct core *core, struct prompt *prompt)
{
    prompt->rule = book_rule(core->book, prompt->rule_id);
    prompt->question = NULL;
    const struct flow *flow = prompt->talk ? prompt->talk->flow : NULL;
    for (int i = 0; flow && i < flow->step_count; i++) {
        if (str_eq(flow->steps[i].question->id, prompt->question_id))
            prompt->question = flow->steps[i].question;
    }
    if (prompt->talk)
        return;
    for (int i = 0; prompt->question_id && i < core->book->question_count; i++) {
        const struct question *question = core->book->questions[i];
        if (str_eq(question->id, prompt->question_id) &&
            str_eq(question->plugin->id, prompt->family))
            prompt->question = question;
    }
}

struct prompt *prompt_latest_open(const struct core *core, const struct person *person)
{
    struct prompt *latest = NULL;
    (void)core;
    for (int i = 0; i < person->prompt_count; i++) {
        struct prompt *prompt = person->prompts[i];
        if (prompt->kind == PROMPT_QUESTION && (!latest || prompt_by_age(&prompt, &latest) > 0))
            latest = prompt;
    }
    return latest;
}

/* --- answers --- */

/* Why these words cannot be taken as the answer now, or NULL. */
static const char *not_taken(const struct core *core, const struct prompt *prompt,
                             const char *words, struct arena *arena)
{
    const char *problem = dialog_unfit(core, prompt->to, prompt->question, words, arena);
    if (problem)
        return problem;
    /* a figure that one person can change tells what that person said */
    if (prompt->state == PROMPT_ANSWERED && prompt->question &&
        prompt->question->reader == READER_GROUP)
        return SAY_GROUP_COUNTED;
    return keep_unfit(prompt, words, arena);
}

static void thank(struct core *core, struct step *step, const struct prompt *prompt,
                  const struct event *event, bool late)
{
    struct arena *arena = &step->arena;
    const char *reader = prompt_reader_line(core, prompt, arena);
    if (!prompt->answer) {
        say_reply(core, step, prompt->to, event, unkept_noted(core, prompt));
        return;
    }
    say_reply(core, step, prompt->to, event,
              late
                  ? arena_printf(arena, say_to(core, prompt->to, SAY_NOTED_LATE), prompt->text,
                                 reader ? reader : "")
                  : arena_printf(arena, say_to(core, prompt->to, SAY_NOTED), reader ? reader : ""));
}

/* Under the question stands the beginning of a long answer; all of it is kept. */
static const char *shown_answer(const char *words, struct arena *arena)
{
    size_t shown = utf8_prefix(words, SHOWN_POINTS);
    return words[shown] ? arena_printf(arena, "%s…", arena_strndup(arena, words, shown)) : words;
}

/* Stored or not, it stands under the question that there is an answer. */
static void show_answer(struct core *core, struct step *step, struct prompt *prompt,
                        const struct event *event)
{
    struct arena *arena = &step->arena;
    const char *text = prompt->answer
                           ? arena_printf(arena, say_to(core, prompt->to, SAY_ANSWERED),
                                          prompt->shown, shown_answer(prompt->answer, arena))
                           : unkept_shown(core, prompt, arena);
    struct message *update = prompt_update(core, step, prompt, event, text);
    prompt_dress_settled(core, prompt, update, arena);
}

void prompt_keep(struct core *core, struct step *step, struct prompt *prompt, const char *words,
                 const struct event *event)
{
    xstr_replace(&prompt->answer, words);
    persist_prompt(step, prompt);
    show_answer(core, step, prompt, event);
    const char *kept = keep_answer(core, step, prompt, words, NULL, event);
    if (!kept || *kept) /* "": all is said already */
        say_reply(core, step, prompt->to, event, kept ? kept : SAY_KEPT_NOW);
}

/* What was kept at the person's wish is put right in the same way. */
static bool is_stored(const struct core *core, const struct prompt *prompt)
{
    enum stored stored = unkept_class(core, prompt);
    return stored == STORED_ALWAYS || (stored == STORED_ON_WISH && prompt->answer);
}

/* There is one reply to an event; kept is "" when all is said already. False: there is nothing to
 * say but thank you. */
static bool say_kept(struct core *core, struct step *step, const struct prompt *prompt,
                     const struct event *event, const char *kept, bool was_shared)
{
    const char *changed = was_shared ? say_to(core, prompt->to, SAY_SHARE_CHANGED) : NULL;
    bool told = kept && !*kept;
    kept = told ? NULL : kept;
    if (kept && changed)
        kept = arena_printf(&step->arena, "%s\n\n%s", kept, changed);
    if (kept || changed)
        say_reply(core, step, prompt->to, event, kept ? kept : changed);
    return told || kept || changed;
}

static void refuse_late(struct core *core, struct step *step, const struct prompt *prompt,
                        const char *words, const struct event *event)
{
    if (is_stored(core, prompt))
        dialog_too_late(core, step, prompt->to, event, words);
    else
        say_reply(core, step, prompt->to, event, SAY_GONE_UNKEPT);
}

void prompt_answer(struct core *core, struct step *step, struct prompt *prompt, const char *words,
                   const struct event *event)
{
    struct arena *arena = &step->arena;
    bool stored = is_stored(core, prompt);
    if (!moves[prompt->state][PROMPT_ANSWERED]) {
        refuse_late(core, step, prompt, words, event);
        return;
    }
    const char *problem = not_taken(core, prompt, words, arena);
    if (problem) {
        say_reply(core, step, prompt->to, event, problem);
        return;
    }
    bool late = prompt->state == PROMPT_UNANSWERED && !prompt->talk;
    bool fresh = prompt->state != PROMPT_ANSWERED, was_shared = prompt->shared;
    const char *before = fresh ? NULL : arena_strdup(arena, prompt->answer);
    prompt->shared = false; /* what was shared were other words */
    xstr_replace(&prompt->answer, stored ? words : NULL);
    unkept_heard(core, prompt, stored ? NULL : words);
    prompt->answered_at = step->now;
    prompt_heard_from(core, step, prompt->to);
    (void)prompt_move(core, step, prompt, PROMPT_ANSWERED); /* checked above */
    if (stored && rating_is(prompt->question))
        rating_take(core, step, prompt);
    show_answer(core, step, prompt, event);
    const char *kept = stored ? keep_answer(core, step, prompt, words, before, event) : NULL;
    bool said = say_kept(core, step, prompt, event, kept, was_shared);
    if (prompt->talk && talk_go_on(core, step, prompt, event, fresh))
        return; /* the next step is thanks enough */
    if (!said && event->type == EVENT_SAID)
        thank(core, step, prompt, event, late);
}
