/* What a rep says about how to be coached: harder steps, and a hint instead of a question. */
#include "core/command.h"
#include "core/phrases.h"
#include "core/programme.h"
#include "core/stretch.h"
#include "core/style.h"

static void cmd_stretch(const struct said *said)
{
    command_reply(said, stretch_welcome(said->step, said->by));
}

const struct command spoken_stretch = {
    .words = "stretch",
    .group = GROUP_OWN,
    .help = SAY_HELP_STRETCH,
    .run = cmd_stretch,
};

static void cmd_advice(const struct said *said)
{
    command_reply(said, style_hint(said->core, said->step, said->by));
}

const struct command spoken_advice = {
    .words = "advice",
    .group = GROUP_ANSWER,
    .help = SAY_HELP_ADVICE,
    .run = cmd_advice,
};

static void cmd_start(const struct said *said)
{
    command_reply(said, programme_start(said->core, said->step, said->by, said->rest));
}

static bool names_programme(const struct said *said)
{
    return programme_is_named(said->core, said->rest);
}

const struct command spoken_start = {
    .words = "start",
    .takes_rest = true,
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_START,
    .means = names_programme,
    .run = cmd_start,
};
