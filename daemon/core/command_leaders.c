/* What everybody may know of those who lead: what is expected, and whether they take part. */
#include "core/command.h"
#include "core/lead.h"
#include "core/phrases.h"
#include "core/speech.h"

enum { PARTICIPATION_DAYS = 30, LEVELS_MAX = 5 };

/* Coached somebody, or answered a question of their own. Never more than yes or no. */
static bool takes_part(const struct core *core, const struct person *leader, msec_t now)
{
    msec_t from = now - PARTICIPATION_DAYS * MSEC_DAY;
    if (ledger_is_active(core, leader, from, now + 1))
        return true;
    for (int i = 0; i < leader->asked_count; i++) {
        if (leader->asked[i]->state == PROMPT_ANSWERED && leader->asked[i]->answered_at >= from)
            return true;
    }
    return false;
}

static void cmd_leaders(const struct said *said)
{
    struct strbuf out = {0};
    const struct person *leader = person_manager(said->core, said->by);
    if (!leader) {
        command_reply(said, SAY_LEADERS_NONE);
        return;
    }
    strbuf_puts(&out, say_to(said->core, said->by, SAY_LEADERS));
    for (int level = 0; leader && leader != said->by && level < LEVELS_MAX; level++) {
        strbuf_printf(&out, "\n• %s: %s", person_name(leader),
                      say_to(said->core, said->by,
                             takes_part(said->core, leader, said->step->now) ? SAY_LEADERS_YES
                                                                             : SAY_LEADERS_NO));
        leader = person_manager(said->core, leader);
    }
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

static void cmd_expectations(const struct said *said)
{
    static const char *const of[] = {SAY_EXPECTATIONS_REPS, SAY_EXPECTATIONS_MANAGERS,
                                     SAY_EXPECTATIONS_LEADERS};
    const struct expectations *all = &said->core->book->expectations;
    struct strbuf out = {0};
    for (int level = 0; level < EXPECTED_LEVELS; level++) {
        if (!all->counts[level])
            continue;
        if (!out.len)
            strbuf_puts(&out, say_to(said->core, said->by, SAY_EXPECTATIONS));
        strbuf_puts(&out, say_to(said->core, said->by, of[level]));
        for (int i = 0; i < all->counts[level]; i++)
            strbuf_printf(&out, "\n• %s", all->lists[level][i]);
    }
    command_reply(said, out.len ? strbuf_text(&out) : SAY_EXPECTATIONS_NONE);
    strbuf_done(&out);
}

const struct command spoken_leaders = {
    .words = "leaders",
    .group = GROUP_TEAM,
    .help = SAY_HELP_LEADERS,
    .run = cmd_leaders,
};
const struct command spoken_expectations = {
    .words = "expectations",
    .group = GROUP_TEAM,
    .help = SAY_HELP_EXPECTATIONS,
    .run = cmd_expectations,
};
