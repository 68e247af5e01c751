/* Programmes: the start, what it needs, and the baseline that it leaves to compare with. */
#include "core/programme.h"

#include <string.h>

#include "base/alloc.h"
#include "core/course.h"
#include "core/phrases.h"
#include "core/phrases_reasons.h"
#include "core/speech.h"

enum { SHOWN_REPS = 5 }; /* figures of fewer people are kept and not shown */

static const char without_check[] = " without check";

const char *programme_missing(const struct core *core, const struct rule *rule,
                              const struct person *rep, struct arena *arena)
{
    const char *id = rule->plugin->id;
    const struct person *manager = person_manager(core, rep);
    if (manager && course_start(manager->course, id))
        return NULL;
    return manager
               ? arena_printf(arena, in_english(SAY_REASON_NOT_STARTED), person_name(manager), id)
               : SAY_REASON_NO_STARTER;
}

/* --- the name --- */

static const struct plugin *plugin_of(const struct core *core, const char *words, bool *ret_waived)
{
    for (int i = 0; i < core->book->plugin_count; i++) {
        const struct plugin *plugin = core->book->plugins[i];
        size_t length = strlen(plugin->id);
        if (!plugin->programme || strncasecmp(words, plugin->id, length) != 0)
            continue;
        *ret_waived = str_ieq(words + length, without_check);
        if (!words[length] || *ret_waived)
            return plugin;
    }
    return NULL;
}

bool programme_is_named(const struct core *core, const char *words)
{
    bool waived;
    return plugin_of(core, words, &waived) != NULL;
}

static const char *all_of_them(const struct core *core, const struct person *manager,
                               struct arena *arena)
{
    struct strbuf list = {0};
    for (int i = 0; i < core->book->plugin_count; i++) {
        if (core->book->plugins[i]->programme)
            strbuf_printf(&list, "%s%s", list.len ? ", " : "", core->book->plugins[i]->id);
    }
    const char *text =
        list.len ? arena_printf(arena, say_to(core, manager, SAY_START_WHICH), strbuf_text(&list))
                 : SAY_START_NONE;
    strbuf_done(&list);
    return text;
}

/* --- what it needs --- */

static bool is_checked(const struct person *manager, const struct plugin *plugin)
{
    for (int i = 0; i < manager->asked_count; i++) {
        const struct prompt *prompt = manager->asked[i];
        if (prompt->state == PROMPT_ANSWERED && str_eq(prompt->family, plugin->id) &&
            str_eq(prompt->question_id, plugin->programme->self_check->id))
            return true;
    }
    return false;
}

/* Thousandths, over the manager's reps. */
static int64_t total_of(const struct core *core, struct step *step, const struct person *manager,
                        const struct signal *signal, int *ret_reps)
{
    int64_t total = 0;
    *ret_reps = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        const struct person *rep = core->people[i];
        if (!person_is_rep(core, rep) || person_manager(core, rep) != manager)
            continue;
        struct scope scope = {.core = core, .rep = rep, .now = step->now, .arena = &step->arena};
        int64_t value = signal_value(&scope, signal);
        total += value == NUMBER_NONE ? 0 : value;
        ++*ret_reps;
    }
    return total;
}

/* False: nothing of the kind was ever recorded, so there is nothing to compare with. */
static bool take_baseline(const struct core *core, struct step *step, const struct person *manager,
                          const struct programme *programme, struct start *start)
{
    bool any = false;
    for (int i = 0; i < programme->baseline_count; i++) {
        struct start_value *value = &start->values[start->value_count++];
        value->signal = xstrdup(programme->baseline[i]->name);
        value->total = total_of(core, step, manager, programme->baseline[i], &start->reps);
        any |= value->total != 0;
    }
    return any;
}

static const char *compare(const struct core *core, struct step *step, const struct person *manager,
                           const struct plugin *plugin, const struct start *start)
{
    struct arena *arena = &step->arena;
    struct strbuf lines = {0};
    int reps = 0;
    for (int i = 0; i < plugin->programme->baseline_count; i++) {
        const struct signal *signal = plugin->programme->baseline[i];
        int64_t now = total_of(core, step, manager, signal, &reps);
        for (int k = 0; k < start->value_count; k++) {
            if (str_eq(start->values[k].signal, signal->name))
                strbuf_printf(&lines, say_to(core, manager, SAY_START_LINE), signal->name,
                              (long long)(start->values[k].total / 1000), (long long)(now / 1000));
        }
    }
    const char *text = arena_printf(arena, say_to(core, manager, SAY_START_ALREADY), plugin->id,
                                    render_date(manager, start->at, arena),
                                    reps < SHOWN_REPS || start->reps < SHOWN_REPS
                                        ? say_to(core, manager, SAY_START_FEW)
                                        : strbuf_text(&lines));
    strbuf_done(&lines);
    return text;
}

static void log_waived(struct step *step, struct person *manager, const struct plugin *plugin)
{
    const struct candidate c = {
        .rule = plugin->programme->asks, .rep = manager, .occurrence = "start"};
    decide_note(step, &c, "cancelled", "start", "the self-check was waived by the manager");
}

const char *programme_start(struct core *core, struct step *step, struct person *manager,
                            const char *words)
{
    struct arena *arena = &step->arena;
    bool waived = false;
    const struct plugin *plugin = plugin_of(core, words, &waived);
    if (!plugin)
        return all_of_them(core, manager, arena);
    const struct programme *programme = plugin->programme;
    const struct start *before = course_start(manager->course, plugin->id);
    if (before)
        return compare(core, step, manager, plugin, before);
    bool checked = !programme->self_check || is_checked(manager, plugin);
    if (!checked && !waived)
        return arena_printf(arena, say_to(core, manager, SAY_START_CHECK), plugin->id, plugin->id);
    struct start start = {.at = step->now, .waived = !checked};
    if (!take_baseline(core, step, manager, programme, &start)) {
        start_done(&start);
        return arena_printf(arena, say_to(core, manager, SAY_START_NO_BASELINE), plugin->id);
    }
    start.plugin = xstrdup(plugin->id);
    course_start_add(step, course_get(manager), &start);
    if (start.waived)
        log_waived(step, manager, plugin);
    return arena_printf(arena, say_to(core, manager, SAY_STARTED), plugin->id);
}
