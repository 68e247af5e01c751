/* What a manager says about the team: who is there, and silence for all of them. */
#include <string.h>

#include "base/alloc.h"
#include "core/access.h"
#include "core/command.h"
#include "core/lead.h"
#include "core/phrases.h"
#include "core/speech.h"

enum {
    TEAM_LINES_MAX = 40,
    GROUP_LEAST = 5, /* figures of a smaller group would be figures of people */
    NEW_DAYS = 90
};

#define PAUSE_MAX (90 * MSEC_DAY)

/* The reports; 0, and a reply, where there are none. */
static size_t reports_or_reply(const struct said *said, struct person ***ret)
{
    size_t count = lead_reports(said->core, said->by, &said->step->arena, ret);
    if (!count)
        command_reply(said, SAY_LEADS_NOBODY);
    return count;
}

static const char *state_words(const struct said *said, const struct person *person)
{
    struct arena *arena = &said->step->arena;
    msec_t now = said->step->now, away = person_away_until(person, now);
    msec_t paused = person_paused_until(person);
    if (away == MSEC_NEVER)
        return say_to(said->core, said->by, SAY_TEAM_AWAY);
    if (away != MSEC_NONE)
        return arena_printf(arena, say_to(said->core, said->by, SAY_TEAM_AWAY_UNTIL),
                            render_date(said->by, away, arena));
    if (paused == MSEC_NEVER)
        return say_to(said->core, said->by, SAY_TEAM_PAUSED);
    if (paused > now)
        return arena_printf(arena, say_to(said->core, said->by, SAY_TEAM_PAUSED_UNTIL),
                            render_date(said->by, paused, arena));
    return say_to(said->core, said->by, SAY_TEAM_HERE);
}

/* NULL: not new. */
static const char *new_since(const struct said *said, const struct person *person)
{
    const char *joined = person->def ? person->def->joined : NULL;
    struct arena *arena = &said->step->arena;
    msec_t from;
    if (!joined || msec_parse(arena_printf(arena, "%sT12:00:00Z", joined), &from) ||
        from > said->step->now || said->step->now - from > NEW_DAYS * MSEC_DAY)
        return NULL;
    return render_date(said->by, from, arena);
}

/* How many there are, never whose they are or what is said in them. */
static void add_open(const struct said *said, struct person *const *list, size_t count,
                     struct strbuf *out)
{
    int open = 0;
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < list[i]->prompt_count; k++)
            open += list[i]->prompts[k]->kind == PROMPT_QUESTION;
    }
    if (count < GROUP_LEAST)
        strbuf_puts(out, say_to(said->core, said->by, SAY_TEAM_OPEN_FEW));
    else
        strbuf_printf(out, say_to(said->core, said->by, SAY_TEAM_OPEN), open);
}

static void cmd_team(const struct said *said)
{
    struct person **list;
    size_t count = reports_or_reply(said, &list);
    struct strbuf out = {0};
    if (!count)
        return;
    strbuf_puts(&out, say_to(said->core, said->by, SAY_TEAM));
    for (size_t i = 0; i < count && i < TEAM_LINES_MAX; i++) {
        const char *since = new_since(said, list[i]);
        strbuf_printf(&out, "\n• %s: %s", person_name(list[i]), state_words(said, list[i]));
        access_note(said->core, said->step, list[i], person_name(said->by), "team");
        if (since)
            strbuf_printf(&out, say_to(said->core, said->by, SAY_TEAM_NEW), since);
    }
    if (count > TEAM_LINES_MAX)
        strbuf_printf(&out, say_to(said->core, said->by, SAY_AND_MORE),
                      (int)count - TEAM_LINES_MAX);
    add_open(said, list, count, &out);
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

/* Of everybody in the team, and of its channel. True: something was different. */
static bool pause_until(const struct said *said, msec_t until)
{
    bool changed = false;
    struct core *core = said->core;
    for (size_t i = 0; i < core->person_count + core->team_count; i++) {
        struct person *one =
            i < core->person_count ? core->people[i] : core->teams[i - core->person_count];
        if (person_manager(core, one) != said->by || one->team_paused_until == until)
            continue;
        one->team_paused_until = until;
        person_touch(core, one);
        changed = true;
    }
    return changed;
}

static bool read_length(const struct said *said, msec_t *ret)
{
    return !msec_parse_length(said->rest, ret) && *ret > 0 && *ret <= PAUSE_MAX;
}

static bool is_length(const struct said *said)
{
    msec_t length;
    return !msec_parse_length(said->rest, &length);
}

static void cmd_pause_team(const struct said *said)
{
    struct person **list;
    struct arena *arena = &said->step->arena;
    msec_t length = 0;
    if (*said->rest && !read_length(said, &length)) {
        command_reply(said, SAY_TEAM_PAUSE_HOW);
        return;
    }
    int count = (int)reports_or_reply(said, &list);
    if (!count)
        return;
    msec_t until = length ? said->step->now + length : MSEC_NEVER;
    (void)pause_until(said, until); /* it holds, said once or twice */
    command_reply(
        said,
        length
            ? arena_printf(arena, say_to(said->core, said->by, SAY_TEAM_SILENT), count,
                           render_date(said->by, until, arena), render_time(said->by, until, arena))
            : arena_printf(arena, say_to(said->core, said->by, SAY_TEAM_SILENT_OPEN), count));
}

static void cmd_resume_team(const struct said *said)
{
    struct person **list;
    if (reports_or_reply(said, &list))
        command_reply(said, pause_until(said, MSEC_NONE) ? SAY_TEAM_RESUMED : SAY_TEAM_NOT_PAUSED);
}

const struct command spoken_team = {
    .words = "team",
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_TEAM_LIST,
    .run = cmd_team,
};
const struct command spoken_pause_team = {
    .words = "pause team",
    .takes_rest = true,
    .group = GROUP_TEAM,
    .managers = true,
    .help = SAY_HELP_PAUSE_TEAM,
    .means = is_length,
    .run = cmd_pause_team,
};
const struct command spoken_resume_team = {
    .words = "resume team",
    .group = GROUP_TEAM,
    .managers = true,
    .run = cmd_resume_team,
};
