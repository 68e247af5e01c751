#include "core/unkept.h"

#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/phrases_unkept.h"
#include "core/prompt.h"
#include "core/speech.h"

enum { HELD_MS = MSEC_DAY };

enum stored unkept_class(const struct core *core, const struct prompt *prompt)
{
    if (prompt->kind != PROMPT_QUESTION)
        return STORED_ALWAYS;
    return core->book->unstored ? STORED_NEVER : prompt->stored;
}

void unkept_heard(const struct core *core, struct prompt *prompt, const char *words)
{
    struct person *by = prompt->to;
    bool hold = words && unkept_class(core, prompt) == STORED_ON_WISH;
    xstr_replace(&by->unkept, hold ? words : NULL);
    memcpy(by->unkept_of, prompt->key, MESSAGE_KEY_BYTES);
}

const char *unkept_shown(const struct core *core, const struct prompt *prompt, struct arena *arena)
{
    return arena_printf(
        arena,
        say_to(core, prompt->to,
               unkept_class(core, prompt) == STORED_NEVER ? SAY_ANSWERED_NEVER : SAY_ANSWERED_WISH),
        prompt->shown);
}

const char *unkept_noted(const struct core *core, const struct prompt *prompt)
{
    return unkept_class(core, prompt) == STORED_NEVER ? SAY_NOTED_NEVER : SAY_NOTED_WISH;
}

void unkept_dress(const struct core *core, const struct prompt *prompt, struct message *message)
{
    if (unkept_class(core, prompt) == STORED_ON_WISH)
        message->buttons[message->button_count++] =
            (struct button){"keep", say_to(core, prompt->to, SAY_KEEP_THIS), false};
}

/* Of this question, or of whichever was answered last (NULL). */
static void keep_held(struct core *core, struct step *step, struct person *by,
                      struct prompt *prompt, const struct event *event)
{
    struct prompt *held = by->unkept ? map_get(&core->prompts, by->unkept_of) : NULL;
    if (!held || (prompt && prompt != held) || held->state != PROMPT_ANSWERED ||
        unkept_class(core, held) != STORED_ON_WISH || step->now - held->answered_at > HELD_MS) {
        say_reply(core, step, by, event, SAY_KEEP_NOTHING);
        return;
    }
    CLEANUP_FREE char *words = by->unkept;
    by->unkept = NULL;
    prompt_keep(core, step, held, words, event);
}

void unkept_click(struct core *core, struct step *step, struct prompt *prompt,
                  const struct event *event)
{
    keep_held(core, step, prompt->to, prompt, event);
}

static void cmd_keep_this(const struct said *said)
{
    keep_held(said->core, said->step, said->by, NULL, said->event);
}

const struct command spoken_keep_this = {
    .words = "keep this",
    .also = "keep that answer|keep my answer|keep my words",
    .group = GROUP_DATA,
    .help = SAY_HELP_KEEP,
    .run = cmd_keep_this,
};
