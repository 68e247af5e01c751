/* What a rep says about the conversation at hand. */
#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/phrases.h"

/* The newest conversation of this person, open or not. */
static struct prompt *newest(const struct said *said)
{
    struct prompt *found = NULL;
    for (size_t i = 0; i < said->core->prompt_count; i++) {
        struct prompt *prompt = said->core->prompt_list[i];
        if (prompt->to == said->by &&
            (!found || prompt->at > found->at ||
             (prompt->at == found->at && strcmp(prompt->key, found->key) > 0)))
            found = prompt;
    }
    return found;
}

/* Presses a button of the conversation at hand. */
static void press(const struct said *said, struct prompt *prompt, const char *button)
{
    struct event click = *said->event;
    click.button = button;
    if (prompt)
        prompt_click(said->core, said->step, said->by, prompt, &click);
    else
        command_reply(said, str_eq(button, "why") ? SAY_WHY_NOTHING : SAY_NOTHING_OPEN);
}

static void cmd_why(const struct said *said)
{
    press(said, newest(said), "why");
}

static void cmd_later(const struct said *said)
{
    press(said, prompt_latest_open(said->core, said->by), "later");
}

static void cmd_skip(const struct said *said)
{
    press(said, prompt_latest_open(said->core, said->by), "skip");
}

const struct command spoken_why = {
    .words = "why",
    .group = GROUP_ANSWER,
    .help = SAY_HELP_WHY,
    .run = cmd_why,
};
const struct command spoken_later = {
    .words = "later",
    .group = GROUP_ANSWER,
    .help = SAY_HELP_LATER,
    .run = cmd_later,
};
const struct command spoken_skip = {
    .words = "skip",
    .group = GROUP_ANSWER,
    .run = cmd_skip,
};
