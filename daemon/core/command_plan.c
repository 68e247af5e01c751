/* plan: if-then plans in a person's own words; what they said, and what came of it. */
#include <string.h>

#include "base/alloc.h"
#include "core/command.h"
#include "core/phrases_plan.h"
#include "core/plan.h"
#include "core/speech.h"

/* --- the list --- */

static void show_plan(const struct said *said, const struct plan *plan, struct strbuf *out)
{
    struct arena *arena = &said->step->arena;
    int kept = plan_kept(plan), missed = plan_missed(plan);
    const char *state =
        plan->state == PLAN_DRAFT    ? say_to(said->core, said->by, SAY_PLAN_IS_DRAFT)
        : plan->state == PLAN_QUEUED ? say_to(said->core, said->by, SAY_PLAN_IS_QUEUED)
        : plan->state == PLAN_HABIT  ? say_to(said->core, said->by, SAY_PLAN_IS_HABIT)
                                     : plan_cue_text(said->core, plan, arena);
    strbuf_printf(out, say_to(said->core, said->by, SAY_PLAN_LINE), plan->number, plan->words,
                  state);
    if (plan->practice && plan->state == PLAN_ON)
        strbuf_printf(out, say_to(said->core, said->by, SAY_PLAN_PRACTICE), plan->times,
                      PLAN_HABIT_TIMES, render_date(plan->by, plan->ask_at, arena));
    if (kept + missed) /* only where the act is one that can be seen */
        strbuf_printf(out, say_to(said->core, said->by, SAY_PLAN_SAID_DID), kept, kept + missed);
}

static void show_all(const struct said *said)
{
    const struct person *by = said->by;
    struct strbuf out = {0};
    int missed = 0;
    if (!by->plan_count) {
        command_reply(said, SAY_PLAN_NONE);
        return;
    }
    strbuf_puts(&out, say_to(said->core, said->by, SAY_PLAN_HEAD));
    for (int i = 0; i < by->plan_count; i++) {
        show_plan(said, by->plans[i], &out);
        missed += plan_missed(by->plans[i]);
    }
    strbuf_puts(&out, missed ? say_to(said->core, said->by, SAY_PLAN_LAPSE) : "");
    strbuf_puts(&out, say_to(said->core, said->by, SAY_PLAN_FOOT));
    command_reply(said, strbuf_text(&out));
    strbuf_done(&out);
}

/* --- one of them --- */

/* The plan of the number behind the word; NULL: it has been told that there is none. */
static struct plan *plan_of(const struct said *said, const char *number)
{
    int64_t wanted;
    while (*number == ' ' || *number == '#')
        number++;
    for (int i = 0; !str_to_i64(number, &wanted) && i < said->by->plan_count; i++) {
        if (said->by->plans[i]->number == wanted)
            return said->by->plans[i];
    }
    command_reply(said, SAY_PLAN_WHICH);
    return NULL;
}

static void confirm(const struct said *said, const char *rest)
{
    struct plan *plan = plan_draft(said->by);
    (void)rest;
    if (!plan) {
        command_reply(said, SAY_PLAN_NO_DRAFT);
        return;
    }
    if (plan->cue == CUE_ONCE && plan->fire_at <= said->step->now) {
        command_reply(said, SAY_PLAN_PAST);
        return;
    }
    plan_begin(said->core, said->step, plan);
    command_reply(said, plan->cue == CUE_NONE
                            ? SAY_PLAN_KEPT_LOOSE
                            : arena_printf(&said->step->arena,
                                           say_to(said->core, said->by, SAY_PLAN_KEPT),
                                           plan_cue_text(said->core, plan, &said->step->arena)));
}

static void discard(const struct said *said, const char *rest)
{
    struct plan *plan = plan_draft(said->by);
    (void)rest;
    if (plan)
        plan_drop(said->core, said->step, plan);
    command_reply(said, plan ? SAY_PLAN_DISCARDED : SAY_PLAN_NO_DRAFT);
}

static void drop(const struct said *said, const char *rest)
{
    struct plan *plan = plan_of(said, rest);
    if (!plan)
        return;
    plan_drop(said->core, said->step, plan);
    command_reply(said, SAY_PLAN_DROPPED);
}

static void done(const struct said *said, const char *rest)
{
    struct plan *plan = plan_of(said, rest);
    if (!plan)
        return;
    bool habit = plan_tried(said->core, said->step, plan, true);
    command_reply(said, habit ? arena_printf(&said->step->arena,
                                             say_to(said->core, said->by, SAY_PRACTICE_HABIT),
                                             plan->words)
                              : SAY_PLAN_DONE);
}

static void practise(const struct said *said, const char *rest)
{
    struct plan *plan = plan_of(said, rest);
    if (!plan)
        return;
    bool begins = plan_practise(said->core, said->step, plan);
    command_reply(said, begins ? SAY_PRACTICE_BEGINS
                               : arena_printf(&said->step->arena,
                                              say_to(said->core, said->by, SAY_PRACTICE_QUEUED),
                                              said->core->book->limits.habits_at_once));
}

static const struct {
    const char *word;
    bool number; /* stands behind it */
    void (*run)(const struct said *said, const char *rest);
} acts[] = {
    {"yes", false, confirm},      {"ok", false, confirm}, {"no", false, discard},
    {"drop", true, drop},         {"done", true, done},   {"practise", true, practise},
    {"practice", true, practise},
};

static int act_of(const char *rest)
{
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        size_t length = strlen(acts[i].word);
        if (strncasecmp(rest, acts[i].word, length) == 0 &&
            (acts[i].number ? rest[length] == ' ' : !rest[length] || str_eq(rest + length, ".")))
            return (int)i;
    }
    return -1;
}

/* --- a new one --- */

/* Read back first: a reminder at the wrong moment is worse than none. */
static void draft(const struct said *said, const char *words)
{
    struct arena *arena = &said->step->arena;
    struct person *by = said->by;
    struct plan_reading reading = plan_read(said->core, by, words, said->step->now, arena);
    struct plan *before = plan_draft(by);
    if (plan_is_template(words)) {
        command_reply(said, SAY_PLAN_TEMPLATE);
        return;
    }
    if (!reading.cue_words || !reading.act) {
        command_reply(said, SAY_PLAN_HOW);
        return;
    }
    if (!before && by->plan_count >= PLANS_MAX) {
        command_reply(said,
                      arena_printf(arena, say_to(said->core, said->by, SAY_PLAN_MANY), PLANS_MAX));
        return;
    }
    if (reading.cue == CUE_ONCE && reading.once <= said->step->now) {
        command_reply(said, SAY_PLAN_PAST);
        return;
    }
    if (before)
        plan_drop(said->core, said->step, before);
    struct plan *plan = plan_add(said->core, by, words, &reading, said->step->now);
    plan->forget_at = said->step->now + MSEC_WEEK; /* never confirmed, never meant */
    plan_arm(said->core, plan);
    plan_persist(said->step, plan);
    command_reply(
        said,
        plan->cue == CUE_NONE
            ? arena_printf(arena, say_to(said->core, said->by, SAY_PLAN_READ_LOOSE), plan->words)
            : arena_printf(arena, say_to(said->core, said->by, SAY_PLAN_READ), plan->words,
                           plan_cue_text(said->core, plan, arena), plan->act));
}

static void cmd_plan(const struct said *said)
{
    int act = act_of(said->rest);
    if (!*said->rest)
        show_all(said);
    else if (act >= 0)
        acts[act].run(said, said->rest + strlen(acts[act].word));
    else
        draft(said, said->rest);
}

/* "plan the call with Rosa" is an answer; "plan when ..." is not. */
static bool is_plan(const struct said *said)
{
    static const char *const firsts[] = {"when ", "whenever ", "if ", "as soon as "};
    for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
        if (strncasecmp(said->rest, firsts[i], strlen(firsts[i])) == 0)
            return true;
    }
    return act_of(said->rest) >= 0;
}

const struct command spoken_plan = {
    .words = "plan",
    .also = "plans|my plans",
    .takes_rest = true,
    .group = GROUP_OWN,
    .help = SAY_HELP_PLAN,
    .means = is_plan,
    .run = cmd_plan,
};
