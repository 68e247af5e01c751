/* forget me: asked once, then handed to the engine as a row that outlives a crash. */
#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/access.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/phrases_data.h"
#include "core/speech.h"

enum { YES_WITHIN_MS = 10 * MSEC_MINUTE };

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

static void cmd_forget(const struct said *said)
{
    said->by->forget_asked = said->step->now;
    person_touch(said->core, said->by);
    command_reply(said, SAY_FORGET_ASK);
}

bool forget_confirmed(const struct said *said, const char *text)
{
    msec_t asked = said->by->forget_asked;
    if (asked == MSEC_NONE)
        return false;
    forget_withdraw(said->core, said->by);
    const char *rest = str_istarts(text, "yes", 3) ? text + 3 : NULL;
    if (!rest || rest[strspn(rest, " .!")] || said->step->now - asked > YES_WITHIN_MS)
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
