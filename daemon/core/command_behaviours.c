/* behaviours: what one wants to do consistently, as own targets. */
#include <string.h>

#include "core/behaviours.h"
#include "core/command.h"
#include "core/phrases_request.h"

static void cmd_behaviours(const struct said *said)
{
    behaviours_said(said->core, said->step, said->by, said->rest, said->event);
}

/* "my behaviours were odd that day" is an answer. */
static bool is_behaviours(const struct said *said)
{
    return behaviours_read(said->rest, &said->step->arena).count > 0;
}

const struct command spoken_behaviours = {
    .words = "behaviours",
    .also = "behaviour|behaviors|behavior|my behaviours|my behaviors",
    .takes_rest = true,
    .group = GROUP_OWN,
    .help = SAY_HELP_BEHAVIOURS,
    .means = is_behaviours,
    .run = cmd_behaviours,
};
