/* page: the way to the manager's page. */
#include "core/command.h"
#include "core/phrases.h"

/* The link is made by whoever sends the message: the core has no random numbers. */
static void cmd_page(const struct said *said)
{
    command_reply(said, SAY_PAGE);
    said->step->intents[said->step->count - 1].send.sign_in = true;
}

const struct command spoken_page = {
    .words = "page",
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_PAGE,
    .run = cmd_page,
};
