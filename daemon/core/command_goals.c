/* goals: what is to be reached, this week's slice of it, and how that was worked out. */
#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/goal.h"
#include "core/phrases.h"
#include "core/phrases_plan.h"
#include "core/speech.h"

enum { GOAL_WORDS = 8, WORD_BYTES = 40, REASONS_SHOWN = 3 };

/* --- the list --- */

static void show_funnel(const struct said *said, const struct slice *s, struct strbuf *out)
{
    long long wins = s->wins, met = s->funnel.reached[1],
              won = s->funnel.reached[FUNNEL_STAGES - 1], weeks = s->weeks, week = s->week;
    if (s->price)
        strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_PRICE), (long long)s->rest,
                      (long long)s->price, wins);
    strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_FUNNEL),
                  (long long)s->funnel.reached[0], FUNNEL_MONTHS, met, won);
    strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_SUM), wins, met, won, weeks, week);
}

static void show_slice(const struct said *said, const struct slice *s, struct strbuf *out)
{
    bool effort = s->unit && s->unit->count != COUNT_WON && s->unit->count != COUNT_AMOUNT;
    if (s->state == SLICE_NONE) {
        strbuf_puts(out,
                    say_to(said->core, said->by, s->unit ? SAY_GOAL_NO_END : SAY_GOAL_NOT_COUNTED));
        return;
    }
    if (s->state == SLICE_FEW) {
        strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_FEW),
                      (long long)s->funnel.reached[0], FUNNEL_LEAST);
        return;
    }
    if (s->reached) {
        strbuf_puts(out, say_to(said->core, said->by, SAY_GOAL_REACHED));
        return;
    }
    strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_SLICE), (long long)s->week,
                  s->week == 1 ? s->one : s->many, (long long)s->done, (long long)s->left);
    if (!effort)
        show_funnel(said, s, out);
    else if (s->weeks > 1)
        strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_WEEKS), (long long)s->rest,
                      (long long)s->target, (long long)s->weeks);
}

static void show_goal(const struct said *said, const struct goal *goal, int number,
                      struct strbuf *out)
{
    struct slice slice = goal_slice(said->core, said->by, goal, said->step->now);
    const struct goal_unit *unit = slice.unit;
    const char *what = !unit                         ? goal->metric
                       : unit->count == COUNT_AMOUNT ? goal->metric
                       : goal->target == 1000        ? unit->one
                                                     : unit->many;
    struct value target = {.type = VALUE_NUMBER, .number = goal->target};
    struct scope scope = {.core = said->core, .rep = said->by, .now = said->step->now};
    strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_LINE), number,
                  render_value(&scope, &target, &said->step->arena), what,
                  str_eq(goal->period, "once") ? "" : " a ",
                  str_eq(goal->period, "once") ? "" : goal->period,
                  say_to(said->core, said->by,
                         !goal->assigned ? SAY_GOAL_OWN
                         : goal->words   ? SAY_GOAL_MADE_OWN
                                         : SAY_GOAL_ASSIGNED));
    if (goal->words)
        strbuf_printf(out, say_to(said->core, said->by, SAY_GOAL_IN_WORDS), goal->words);
    show_slice(said, &slice, out);
}

static void show_all(const struct said *said)
{
    const struct goals *goals = said->by->goals;
    struct strbuf out = {0};
    if (!goals || (!goals->count && !goals->reason_count)) {
        command_reply(said, SAY_GOALS_NONE);
        return;
    }
    strbuf_puts(&out, say_to(said->core, said->by, goals->count ? SAY_GOALS_HEAD : SAY_GOALS_NONE));
    for (int i = 0; i < goals->count; i++)
        show_goal(said, &goals->list[i], i + 1, &out);
    int first = goals->reason_count > REASONS_SHOWN ? goals->reason_count - REASONS_SHOWN : 0;
    if (goals->reason_count)
        strbuf_puts(&out, say_to(said->core, said->by, SAY_GOAL_REASONS));
    for (int i = first; i < goals->reason_count; i++)
        strbuf_printf(&out, say_to(said->core, said->by, SAY_TALK_QUOTE), goals->reasons[i].words);
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

/* --- setting one --- */

/* "30 calls a week" in its words. */
struct wish {
    char words[GOAL_WORDS][WORD_BYTES];
    int count;
    int64_t number; /* thousandths */
    const char *period;
    const struct goal_unit *unit;
    char metric[GOAL_WORDS * WORD_BYTES];
};

static bool split(const char *text, struct wish *wish)
{
    while (*(text += strspn(text, " \t\n"))) {
        size_t length = strcspn(text, " \t\n"), kept = length;
        while (kept && strchr(".,;!?", text[kept - 1]))
            kept--;
        if (wish->count == GOAL_WORDS || kept >= WORD_BYTES)
            return false;
        if (kept) {
            memcpy(wish->words[wish->count], text, kept);
            wish->words[wish->count++][kept] = '\0';
        }
        text += length;
    }
    return wish->count > 0;
}

/* "30", "-5", "1,200", "120k"; commas are for the eye. */
static bool read_number(const char *word, int64_t *ret)
{
    char digits[WORD_BYTES];
    size_t count = 0, length = strlen(word);
    bool thousands = length > 1 && (word[length - 1] == 'k' || word[length - 1] == 'K');
    for (size_t i = 0; i < length - thousands; i++) {
        if (word[i] != ',')
            digits[count++] = word[i];
    }
    digits[count] = '\0';
    int64_t value;
    if (str_to_i64(digits, &value))
        return false;
    *ret = value > GOAL_NUMBER_MAX ? GOAL_NUMBER_MAX + 1 : thousands ? value * 1000 : value;
    return true;
}

static bool is_link(const char *word)
{
    static const char *const links[] = {"a", "per", "each", "every", "this", "in", "the", "next"};
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        if (str_ieq(links[i], word))
            return true;
    }
    return false;
}

/* The period stands at the end: "a week", "weekly"; without one it is a week. False: another word
 * stands where the period would. */
static bool take_period(struct wish *wish)
{
    static const char *const adverbs[][2] = {
        {"daily", "day"},   {"weekly", "week"}, {"monthly", "month"}, {"quarterly", "quarter"},
        {"yearly", "year"}, {"days", "day"},    {"annually", "year"}, {"today", "day"}};
    static const char *const periods[] = {"day", "week", "month", "quarter", "year"};
    const char *last = wish->words[wish->count - 1];
    wish->period = NULL;
    for (size_t i = 0; i < ARRAY_LEN(periods); i++)
        wish->period = str_ieq(periods[i], last) ? periods[i] : wish->period;
    for (size_t i = 0; i < ARRAY_LEN(adverbs); i++)
        wish->period = str_ieq(adverbs[i][0], last) ? adverbs[i][1] : wish->period;
    wish->count -= wish->period != NULL;
    bool link = wish->count > 1 && is_link(wish->words[wish->count - 1]);
    bool before = !wish->period && wish->count > 2 && is_link(wish->words[wish->count - 2]);
    wish->count -= link;
    if (!wish->period)
        wish->period = "week";
    return !before;
}

static void take_unit(struct wish *wish)
{
    struct strbuf name = {0};
    for (int i = 1; i < wish->count; i++)
        strbuf_printf(&name, "%s%s", i > 1 ? " " : "", wish->words[i]);
    if (name.len == 3) { /* currencies are written large */
        for (size_t i = 0; i < name.len; i++)
            wish->metric[i] = (char)(name.data[i] & ~0x20);
        wish->unit = goal_unit_find(strbuf_text(&name));
        wish->unit = wish->unit ? wish->unit : goal_unit_find(wish->metric);
    } else {
        wish->unit = goal_unit_find(strbuf_text(&name));
    }
    if (wish->unit && wish->unit->count != COUNT_AMOUNT)
        memcpy(wish->metric, wish->unit->many, strlen(wish->unit->many) + 1);
    strbuf_done(&name);
}

static bool says_past_date(const struct said *said, const struct wish *wish)
{
    char stamp[MSEC_TEXT_BYTES];
    msec_t t;
    for (int i = 0; i < wish->count; i++) {
        if (strlen(wish->words[i]) != 10)
            continue;
        memcpy(stamp, wish->words[i], 10);
        memcpy(stamp + 10, "T00:00:00Z", 11);
        if (!msec_parse(stamp, &t))
            return t / MSEC_DAY < person_day(said->by, said->step->now);
    }
    return false;
}

static void keep(const struct said *said, const struct wish *wish)
{
    struct arena *arena = &said->step->arena;
    const char *id = arena_printf(arena, "own %s", wish->metric);
    struct goal *goal = goal_find(said->by, id);
    struct strbuf line = {0};
    if (!goal && said->by->goals && said->by->goals->count >= GOALS_MAX) {
        command_reply(said,
                      arena_printf(arena, say_to(said->core, said->by, SAY_GOAL_MANY), GOALS_MAX));
        return;
    }
    goal = goal_get(said->by, id);
    xstr_replace(&goal->metric, wish->metric);
    xstr_replace(&goal->period, wish->period);
    goal->target = wish->number * 1000;
    goal->assigned = false;
    goal->set = (struct stamp){said->event->time, said->event->key.a};
    goals_persist(said->step, said->by);
    strbuf_puts(&line, say_to(said->core, said->by, SAY_GOAL_KEPT));
    show_goal(said, goal, (int)(goal - said->by->goals->list) + 1, &line);
    command_reply(said, strbuf_text(&line));
    strbuf_done(&line);
}

static void set(const struct said *said)
{
    struct arena *arena = &said->step->arena;
    struct wish wish = {0};
    if (!split(said->rest, &wish) || !read_number(wish.words[0], &wish.number)) {
        command_reply(said, SAY_GOAL_HOW);
        return;
    }
    bool past = says_past_date(said, &wish), period = take_period(&wish);
    take_unit(&wish);
    if (past)
        command_reply(said, SAY_GOAL_PAST);
    else if (wish.number <= 0)
        command_reply(said, SAY_GOAL_ZERO);
    else if (wish.number > GOAL_NUMBER_MAX)
        command_reply(said, SAY_GOAL_LARGE);
    else if (!period)
        command_reply(said, SAY_GOAL_PERIOD);
    else if (!wish.unit)
        command_reply(said, arena_printf(arena, say_to(said->core, said->by, SAY_GOAL_UNIT),
                                         goal_unit_names(arena)));
    else
        keep(said, &wish);
}

static void drop(const struct said *said, const char *which)
{
    struct goals *goals = said->by->goals;
    int64_t number;
    if (str_to_i64(which, &number) || !goals || number < 1 || number > goals->count) {
        command_reply(said, SAY_GOAL_WHICH);
        return;
    }
    goal_drop(said->by, &goals->list[number - 1]);
    goals_persist(said->step, said->by);
    command_reply(said, SAY_GOAL_DROPPED);
}

static void cmd_goals(const struct said *said)
{
    if (!*said->rest)
        show_all(said);
    else if (str_starts(said->rest, "drop "))
        drop(said, said->rest + strlen("drop "));
    else
        set(said);
}

/* "goals are for the boss" is an answer. */
static bool is_goals(const struct said *said)
{
    return strchr("-0123456789", *said->rest) || str_starts(said->rest, "drop ");
}

const struct command spoken_goals = {
    .words = "goals",
    .also = "goal|my goals",
    .takes_rest = true,
    .group = GROUP_OWN,
    .help = SAY_HELP_GOALS,
    .means = is_goals,
    .run = cmd_goals,
};
