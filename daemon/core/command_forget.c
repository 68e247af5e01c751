/* forget me: asked once, then handed to the engine as a row that outlives a crash. */
#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/access.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/phrases_data.h"
#include "core/speech.h"
#include "core/unblanked.h"

enum { YES_WITHIN_MS = 10 * MSEC_MINUTE };

#define FORGET_YES "forget_yes"
#define FORGET_NO  "forget_no"

void forget_withdraw(struct core *core, struct person *person)
{
    if (person->forget_asked == MSEC_NONE)
        return;
    person->forget_asked = MSEC_NONE;
    person_touch(core, person);
}

/* The engine sees the row when it is durable, and erases; see engine/forget.c. */
void core_forget(const char *id, struct step *step)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rep", id);
    jsonw_int(&json, "at", step->now);
    jsonw_object_end(&json);
    persist_put(step, STATE_META, arena_printf(&step->arena, FORGET_KEY "%s", id), &out);
}

void forget_event(struct core *core, struct step *step, const struct event *event)
{
    const struct person *person = person_find(core, event->rep);
    if (!str_empty(event->rep))
        core_forget(person ? person->id : event->rep, step);
}

const char *core_leaver(const struct core *core, msec_t now)
{
    msec_t edge = now - core->book->limits.keep_leavers * MSEC_DAY;
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *person = core->people[i];
        if (!person->def && person->left && person->left_stamp.time <= edge)
            return person->id;
    }
    return NULL;
}

const char *core_message_receiver(const struct core *core, const char *key)
{
    const struct prompt *prompt = map_get(&core->prompts, key);
    return prompt ? prompt->to->id : NULL;
}

void core_blank(struct core *core, const char *to, const char *about, const char *target,
                msec_t wish, struct step *step)
{
    struct person *person = person_find(core, to);
    if (!person)
        return;
    struct message *message = say_message(
        core, step, person, "", arena_printf(&step->arena, "forget %lld", (long long)wish), target,
        say_to(core, person, SAY_FORGOTTEN));
    message->rep = arena_strdup(&step->arena, about);
    message->op = MESSAGE_UPDATE;
    message->target = arena_strdup(&step->arena, target);
    message->expires = step->now + MSEC_DAY;
    message->unknown = UNKNOWN_RESEND; /* the same change twice is one change */
}

void core_tell_unblanked(struct core *core, const char *id, size_t left, msec_t wish,
                         struct step *step)
{
    struct person *person = person_find(core, id);
    if (!person)
        return;
    const char *text =
        arena_printf(&step->arena, say_to(core, person, SAY_FORGET_LEFT), (long long)left);
    struct message *message =
        say_message(core, step, person, "",
                    arena_printf(&step->arena, "forget %lld", (long long)wish), "unblanked", text);
    message->expires = step->now + MSEC_DAY;
    message->reply = true;
    message->unknown = UNKNOWN_DROP;
}

/* Neither stands out: both are as good. */
static const struct button buttons[] = {{FORGET_YES, SAY_FORGET_YES, false},
                                        {FORGET_NO, SAY_FORGET_NO, false}};

static void cmd_forget(const struct said *said)
{
    said->by->forget_asked = said->step->now;
    person_touch(said->core, said->by);
    command_reply(said, SAY_FORGET_ASK);
    struct message *asked = &said->step->intents[said->step->count - 1].send;
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++) {
        asked->buttons[asked->button_count] = buttons[i];
        asked->buttons[asked->button_count++].label =
            say_to(said->core, said->by, buttons[i].label);
    }
}

static bool in_time(const struct person *by, msec_t now)
{
    return by->forget_asked != MSEC_NONE && now - by->forget_asked <= YES_WITHIN_MS;
}

/* The question loses its buttons, and says what was chosen. */
static void settle(struct core *core, struct step *step, struct person *by,
                   const struct event *event, const char *text)
{
    struct message *update = say_message(core, step, by, "", event->id ? event->id : "",
                                         "forget settled", say_to(core, by, text));
    update->op = MESSAGE_UPDATE;
    update->target = arena_strdup(&step->arena, event->message);
    update->expires = step->now + MSEC_DAY;
    update->reply = true;
    update->unknown = UNKNOWN_RESEND; /* the same change twice is one change */
}

bool forget_clicked(struct core *core, struct step *step, struct person *by,
                    const struct event *event)
{
    bool yes = str_eq(event->button, FORGET_YES), asked = in_time(by, step->now);
    if (str_empty(event->message) || (!yes && !str_eq(event->button, FORGET_NO)))
        return false;
    forget_withdraw(core, by);
    settle(core, step, by, event,
           !yes    ? SAY_FORGET_KEPT
           : asked ? SAY_FORGET_BEGUN
                   : SAY_FORGET_LATE);
    if (yes && asked)
        core_forget(by->id, step);
    return true;
}

/* Which button the words stand for, where numbers stand for buttons; or NULL. */
static const char *numbered(const struct said *said, const char *text)
{
    for (int i = 0; said->event->plain && i < (int)ARRAY_LEN(buttons); i++) {
        if (text[0] == '1' + i && !text[1 + strspn(text + 1, " .)")])
            return buttons[i].id;
    }
    return NULL;
}

/* "no", "No." */
static bool is_no(const char *text)
{
    return str_istarts(text, "no", 2) && !text[2 + strspn(text + 2, " .!,")];
}

static bool is_yes(const char *text)
{
    return str_istarts(text, "yes", 3) && !text[3 + strspn(text + 3, " .!")];
}

bool forget_confirmed(const struct said *said, const char *text)
{
    bool asked = in_time(said->by, said->step->now);
    const char *button = numbered(said, text);
    if (said->by->forget_asked == MSEC_NONE)
        return false;
    forget_withdraw(said->core, said->by);
    if (asked && (is_no(text) || str_eq(button, FORGET_NO))) {
        command_reply(said, SAY_FORGET_KEPT);
        return true;
    }
    if (!asked || (!is_yes(text) && !button))
        return false;
    command_reply(said, SAY_FORGET_BEGUN);
    core_forget(said->by->id, said->step);
    return true;
}

const struct command spoken_forget = {
    .words = "forget me",
    .also = "erase me|delete me|erase my data|delete my data",
    .group = GROUP_DATA,
    .help = SAY_HELP_FORGET,
    .run = cmd_forget,
};
