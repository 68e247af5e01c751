/* Messages that are not decisions: replies, reminders, updates. */
#include <string.h>

#include "base/alloc.h"
#include "core/parts.h"
#include "core/speech.h"

struct message *say_message(struct core *core, struct step *step, struct person *to,
                            const char *rule, const char *occurrence, const char *part,
                            const char *text)
{
    char key[MESSAGE_KEY_BYTES];
    if (!core->keys)
        core->keys = key_maker_new(core->options.secret);
    key_make(core->keys, rule, to->id, occurrence, part, key);
    struct message *message = &step_add(step, INTENT_SEND)->send;
    *message = (struct message){
        .op = MESSAGE_POST,
        .key = arena_strdup(&step->arena, key),
        .to = arena_strdup(&step->arena, to->id),
        .rep = arena_strdup(&step->arena, to->id),
        .text = arena_strndup(&step->arena, text, utf8_prefix(text, MESSAGE_TEXT_MAX)),
        .at = step->now,
        .due = step->now,
        .expires = MSEC_NEVER,
    };
    return message;
}

/* A reply to what somebody just did: one for each such event, so its id makes the key. */
void say_reply(struct core *core, struct step *step, struct person *to, const struct event *event,
               const char *text)
{
    struct message *message = say_message(core, step, to, "", event->id ? event->id : "", "reply",
                                          say_to(core, to, text));
    message->expires = step->now + MSEC_DAY;
    message->reply = true;
    message->unknown = UNKNOWN_DROP;
}
