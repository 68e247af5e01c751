/* `before`, `after` and `missing` in words. */
#include "core/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

const char *moment_words(const struct moment *moment, struct arena *arena)
{
    static const struct {
        msec_t length;
        const char *word;
    } units[] = {
        {MSEC_DAY, "day"}, {MSEC_HOUR, "hour"}, {MSEC_MINUTE, "minute"}, {MSEC_SECOND, "second"}};
    size_t i = 0;
    while (i + 1 < ARRAY_LEN(units) && moment->length % units[i].length)
        i++;
    long long count = moment->length / units[i].length;
    return arena_printf(arena, "%lld %s%s%s", count, moment->working ? "working " : "",
                        units[i].word, count == 1 ? "" : "s");
}

static const char *at_words(const struct person *person, msec_t t, struct arena *arena)
{
    return arena_printf(arena, "%s %s", render_date(person, t, arena),
                        render_time(person, t, arena));
}

/* --- before --- */

static const char *day_words(const struct scope *scope, msec_t t)
{
    int64_t days = person_day(scope->rep, t) - person_day(scope->rep, scope->now);
    return days == 0 ? "today"
           : days == 1
               ? "tomorrow"
               : arena_printf(scope->arena, "on %s", render_date(scope->rep, t, scope->arena));
}

static const char *article(const char *noun)
{
    return strchr("aeiou", noun[0]) ? "an" : "a";
}

static const char *planned_words(const struct scope *scope)
{
    const struct event *e = scope->event;
    const char *kind = !e->kind || str_eq(e->kind, "other") ? "activity" : e->kind;
    return arena_printf(scope->arena, "%s %s%s%s is planned for %s at %s", article(kind), kind,
                        scope->deal ? " about " : "", scope->deal ? deal_label(scope->deal) : "",
                        day_words(scope, e->due), render_time(scope->rep, e->due, scope->arena));
}

/* --- after --- */

/* "the training on objections" */
static const char *event_words_of(const struct scope *scope)
{
    struct arena *arena = scope->arena;
    const struct event *e = scope->event;
    const char *deal = scope->deal ? deal_label(scope->deal) : NULL;
    const char *day = render_date(scope->rep, e->time, arena);
    switch ((int)e->type) {
    case EVENT_TRAINING_COMPLETED:
        return e->topic ? arena_printf(arena, "the training on %s", e->topic)
                        : arena_printf(arena, "the training of %s", day);
    case EVENT_ACTIVITY_LOGGED:
        return arena_printf(arena, "the %s of %s%s%s", e->kind ? e->kind : "step", day,
                            deal ? " about " : "", deal ? deal : "");
    case EVENT_DEAL_WON:
        return deal ? arena_printf(arena, "%s was won", deal) : "a deal was won";
    case EVENT_DEAL_LOST:
        return deal ? arena_printf(arena, "%s was lost", deal) : "a deal was lost";
    case EVENT_DEAL_CREATED:
        return deal ? arena_printf(arena, "%s was created", deal) : "a deal was created";
    default:
        return arena_printf(arena, "%s%s%s (%s)", event_type_name(e->type), deal ? " of " : "",
                            deal ? deal : "", day);
    }
}

/* The length is the end of the decision's name: "e1 +7d". */
static const struct moment *moment_of(const struct rule *rule, const char *occurrence)
{
    const char *plus = occurrence ? strrchr(occurrence, '+') : NULL;
    for (int i = 0; plus && i < rule->moment_count; i++) {
        if (str_eq(plus + 1, rule->moments[i].text))
            return &rule->moments[i];
    }
    return NULL;
}

static const char *after_words(const struct scope *scope, const char *occurrence)
{
    const struct moment *moment = moment_of(scope->rule, occurrence);
    const char *what = event_words_of(scope);
    if (!moment) /* the list was edited while it was held */
        return arena_printf(scope->arena, "it is some time since %s", what);
    long long one = moment->length == MSEC_DAY || moment->length == MSEC_HOUR;
    return arena_printf(scope->arena, "%s %s passed since %s", moment_words(moment, scope->arena),
                        one ? "has" : "have", what);
}

/* --- missing --- */

/* "no outbound call was logged" */
const char *missing_words(const struct rule *rule, const struct deal *deal, struct arena *arena)
{
    const struct fact_filter *f = &rule->absent;
    const char *of = deal ? arena_printf(arena, " about %s", deal_label(deal)) : "";
    const char *direction = f->direction && !str_eq(f->direction, "none")
                                ? arena_printf(arena, "%s ", f->direction)
                                : "";
    const char *kind = f->kind && !str_eq(f->kind, "other") ? f->kind : "activity";
    const char *outcome = f->outcome ? arena_printf(arena, " with outcome %s", f->outcome) : "";
    int first = __builtin_ctzll(f->types);
    if (f->types == EVENT_BIT(EVENT_ACTIVITY_LOGGED))
        return arena_printf(arena, "no %s%s%s was logged%s", direction, kind, outcome, of);
    if (f->types == EVENT_BIT(EVENT_ACTIVITY_PLANNED))
        return arena_printf(arena, "no %s%s%s was planned%s", direction, kind, outcome, of);
    if (f->types & (f->types - 1))
        return arena_printf(arena, "nothing of what it waits for came%s", of);
    return arena_printf(arena, "no %s came%s", event_type_name((enum event_type)first), of);
}

static const char *missing_because(const struct scope *scope, const struct candidate *c)
{
    msec_t since = missing_since(scope->rule, scope->rep, c->held ? c->held->since : scope->now);
    if (since == MSEC_NONE) /* the schedule was edited while it was held */
        return missing_words(scope->rule, scope->deal, scope->arena);
    return arena_printf(scope->arena, "%s since %s",
                        missing_words(scope->rule, scope->deal, scope->arena),
                        at_words(scope->rep, since, scope->arena));
}

const char *ahead_because(const struct scope *scope, const struct candidate *c)
{
    if (scope->rule->point == POINT_MISSING)
        return missing_because(scope, c);
    if (!scope->event)
        return "its moment had come";
    if (scope->rule->point == POINT_BEFORE && scope->event->due != MSEC_NONE)
        return planned_words(scope);
    return after_words(scope, c->occurrence);
}
