/* When and how often: pause, resume, quiet, less, more. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/clock.h"
#include "core/command.h"
#include "core/phrases.h"
#include "core/speech.h"
#include "core/when.h"

/* --- pause --- */

static bool is_when(const struct said *said)
{
    msec_t until;
    return when_parse(said->rest, said->by->tz, said->step->now, &until) != -EINVAL;
}

static void cmd_pause(const struct said *said)
{
    struct person *by = said->by;
    struct arena *arena = &said->step->arena;
    msec_t until = MSEC_NEVER;
    int status = *said->rest ? when_parse(said->rest, by->tz, said->step->now, &until) : 0;
    if (status) {
        command_reply(said, status == -ERANGE ? SAY_PAUSE_RANGE : SAY_PAUSE_HOW);
        return;
    }
    by->paused_until = until;
    person_touch(said->core, by);
    command_reply(said,
                  until == MSEC_NEVER
                      ? SAY_PAUSED_OPEN
                      : arena_printf(arena, say_to(said->core, said->by, SAY_PAUSED),
                                     render_date(by, until, arena), render_time(by, until, arena)));
}

static void cmd_resume(const struct said *said)
{
    said->by->paused_until = MSEC_NONE;
    said->by->backoff = BACKOFF_NONE;
    said->by->unanswered = 0;
    person_touch(said->core, said->by);
    command_reply(said, SAY_RESUMED);
}

/* --- quiet --- */

static bool is_off(const char *rest)
{
    return str_ieq(rest, "off") || str_ieq(rest, "none") || str_ieq(rest, "end");
}

static bool is_span(const struct said *said)
{
    int from, to;
    return is_off(said->rest) || !when_parse_span(said->rest, &from, &to);
}

static void say_span(const struct said *said, bool set)
{
    struct arena *arena = &said->step->arena;
    char from[CLOCK_TEXT_BYTES], to[CLOCK_TEXT_BYTES];
    clock_format(said->by->wishes.quiet_from, from);
    clock_format(said->by->wishes.quiet_to, to);
    command_reply(said,
                  set ? arena_printf(arena, say_to(said->core, said->by, SAY_QUIET), from, to)
                      : arena_printf(arena, say_to(said->core, said->by, SAY_QUIET_IS), from, to));
}

static void cmd_quiet(const struct said *said)
{
    struct wishes *wishes = &said->by->wishes, before = *wishes;
    if (str_empty(said->rest)) {
        if (wishes->quiet)
            say_span(said, false);
        else
            command_reply(said, SAY_QUIET_NONE);
        return;
    }
    if (is_off(said->rest)) {
        wishes->quiet = false;
        wishes->quiet_from = wishes->quiet_to = 0;
        person_touch(said->core, said->by);
        command_reply(said, SAY_QUIET_OFF);
        return;
    }
    if (when_parse_span(said->rest, &wishes->quiet_from, &wishes->quiet_to)) {
        command_reply(said, SAY_QUIET_HOW);
        return;
    }
    /* on leave of a year nothing is welcome, which is not the fault of these hours */
    msec_t welcome = person_next_working(said->core, said->by, said->step->now);
    wishes->quiet = true;
    if (welcome != MSEC_NEVER && person_next_welcome(said->core, said->by, welcome) == MSEC_NEVER) {
        *wishes = before;
        command_reply(said, SAY_QUIET_ALL);
        return;
    }
    said->by->afternoons = false; /* the later word about the hours holds */
    person_touch(said->core, said->by);
    say_span(said, true);
}

/* --- less and more --- */

/* "2", "2 a week", "at most 2 per week"; 0: not understood. */
static int per_week_of(const char *rest)
{
    static const char *const tails[] = {"",          " a week",           "/week",
                                        " per week", " questions a week", " a week at most"};
    int number = 0;
    if (str_istarts(rest, "at most ", 8))
        rest += 8;
    if (str_istarts(rest, "once", 4) && (!rest[4] || str_ieq(rest + 4, " a week")))
        return 1;
    size_t digits = strspn(rest, "0123456789");
    if (!digits || digits > 2)
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + rest[i] - '0';
    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        if (str_ieq(rest + digits, tails[i]))
            return number <= WISH_PER_WEEK_MAX ? number : 0;
    }
    return 0;
}

static bool is_per_week(const struct said *said)
{
    return per_week_of(said->rest) > 0;
}

static void set_per_week(const struct said *said, int per_week)
{
    struct arena *arena = &said->step->arena;
    said->by->wishes.per_week = per_week;
    person_touch(said->core, said->by);
    command_reply(said,
                  !per_week ? arena_printf(arena, say_to(said->core, said->by, SAY_NO_OWN_CAP),
                                           said->core->book->limits.prompts_per_day)
                  : per_week == 1
                      ? SAY_ONE_A_WEEK
                      : arena_printf(arena, say_to(said->core, said->by, SAY_PER_WEEK), per_week));
}

enum { FIRST_STEP = 3 }; /* less: three a week, two, one; more: the way back */

static void often(const struct said *said, int next)
{
    int asked = per_week_of(said->rest);
    if (!str_empty(said->rest) && !asked)
        command_reply(said, arena_printf(&said->step->arena,
                                         say_to(said->core, said->by, SAY_PER_WEEK_HOW),
                                         WISH_PER_WEEK_MAX));
    else
        set_per_week(said, asked ? asked : next);
}

static void cmd_less(const struct said *said)
{
    int now = said->by->wishes.per_week;
    if (now == 1 && str_empty(said->rest))
        command_reply(said, SAY_ONE_ALREADY);
    else
        often(said, now == 0 || now > FIRST_STEP ? FIRST_STEP : now - 1);
}

static void cmd_more(const struct said *said)
{
    int now = said->by->wishes.per_week;
    often(said, now == 0 || now >= FIRST_STEP ? 0 : now + 1);
}

const struct command spoken_pause = {
    .words = "pause",
    .also = "mute",
    .takes_rest = true,
    .group = GROUP_LESS,
    .help = SAY_HELP_PAUSE,
    .means = is_when,
    .run = cmd_pause,
};
const struct command spoken_resume = {
    .words = "resume",
    .also = "unpause|unmute",
    .group = GROUP_LESS,
    .run = cmd_resume,
};
const struct command spoken_quiet = {
    .words = "quiet",
    .also = "quiet hours",
    .takes_rest = true,
    .group = GROUP_LESS,
    .help = SAY_HELP_QUIET,
    .means = is_span,
    .run = cmd_quiet,
};
const struct command spoken_less = {
    .words = "less",
    .also = "less often|fewer",
    .takes_rest = true,
    .group = GROUP_LESS,
    .help = SAY_HELP_LESS_1,
    .means = is_per_week,
    .run = cmd_less,
};
const struct command spoken_more = {
    .words = "more",
    .also = "more often",
    .takes_rest = true,
    .group = GROUP_LESS,
    .means = is_per_week,
    .run = cmd_more,
};
