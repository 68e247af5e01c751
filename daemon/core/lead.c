#include "core/lead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

bool lead_is_report(const struct core *core, const struct person *manager,
                    const struct person *person)
{
    return !person->is_team && person_is_here(core, person) &&
           person_manager(core, person) == manager;
}

static int by_name(const void *a, const void *b)
{
    const struct person *x = *(struct person *const *)a, *y = *(struct person *const *)b;
    int order = strcasecmp(person_name(x), person_name(y));
    return order ? order : strcmp(x->id, y->id);
}

size_t lead_reports(const struct core *core, const struct person *manager, struct arena *arena,
                    struct person ***ret)
{
    struct person **list = arena_alloc(arena, (core->person_count + 1) * sizeof(struct person *));
    size_t count = 0;
    for (size_t i = 0; i < core->person_count; i++) {
        if (lead_is_report(core, manager, core->people[i]))
            list[count++] = core->people[i];
    }
    if (count > 1)
        qsort(list, count, sizeof(struct person *), by_name);
    *ret = list;
    return count;
}

/* --- their calendar --- */

static msec_t midnight(const struct person *person, int64_t day)
{
    struct civil c;
    civil_from_msec(day * MSEC_DAY, &c);
    return tz_instant(person->tz, &c, TZ_GAP_END);
}

void lead_week(const struct person *person, msec_t t, msec_t *ret_from, msec_t *ret_until)
{
    int64_t monday = person_week(person, t) * 7 - 3;
    *ret_from = midnight(person, monday);
    *ret_until = midnight(person, monday + 7);
}

void lead_month(const struct person *person, msec_t t, int months, msec_t *ret_from,
                msec_t *ret_until)
{
    struct civil c;
    tz_local(person->tz, t, &c);
    *ret_from = midnight(person, civil_to_days(c.year, c.month + months, 1));
    *ret_until = midnight(person, civil_to_days(c.year, c.month + months + 1, 1));
}

/* --- fields --- */

static struct value whole(int64_t n)
{
    return (struct value){.type = VALUE_NUMBER, .number = n * 1000};
}

static struct value since(msec_t t, msec_t now)
{
    return t == MSEC_NONE ? (struct value){0}
                          : (struct value){.type = VALUE_LENGTH, .number = now - t};
}

static struct value instant(msec_t t)
{
    return t == MSEC_NONE ? (struct value){0} : (struct value){.type = VALUE_TIME, .number = t};
}

static struct value leads(const struct core *core, const struct person *person)
{
    const char *found = NULL;
    for (size_t i = 0; i < core->person_count; i++) {
        if (!lead_is_report(core, person, core->people[i]))
            continue;
        if (core->people[i]->manager)
            return (struct value){.type = VALUE_TEXT, .text = "managers"};
        found = "reps";
    }
    return (struct value){.type = found ? VALUE_TEXT : VALUE_MISSING, .text = found};
}

static struct value coaching_value(const struct scope *scope, enum field field)
{
    static const struct {
        enum field field;
        enum coaching_act act;
    } acts[] = {
        {FIELD_COACHING_ONE_TO_ONES, ACT_ONE_TO_ONE},
        {FIELD_COACHING_CALL_REVIEWS, ACT_CALL_REVIEW},
        {FIELD_COACHING_JOINT_PLANS, ACT_JOINT_PLAN},
        {FIELD_COACHING_CAREER_TALKS, ACT_CAREER_TALK},
        {FIELD_COACHING_TEAM_MEETINGS, ACT_TEAM_MEETING},
        {FIELD_COACHING_PRAISE, ACT_PRAISE},
    };
    msec_t from, until;
    if (!scope->rep->manager)
        return (struct value){0};
    lead_week(scope->rep, scope->now, &from, &until);
    struct ledger_sums sums = ledger_sum(scope->core, scope->rep, from, until, scope->now);
    for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
        if (acts[i].field == field)
            return whole(sums.held[acts[i].act]);
    }
    switch ((int)field) {
    case FIELD_COACHING_MINUTES:
        return whole(sums.minutes);
    case FIELD_COACHING_PLANNED:
        return whole(sums.planned);
    case FIELD_COACHING_KEPT:
        return whole(sums.kept);
    default:
        return whole(sums.meetings);
    }
}

struct value lead_value(const struct scope *scope, enum field field)
{
    const struct core *core = scope->core;
    const struct person *rep = scope->rep, *manager = person_manager(core, rep);
    switch ((int)field) {
    case FIELD_REP_LEADS:
        return leads(core, rep);
    case FIELD_REP_SEEN:
        return manager ? since(ledger_last(core, manager, rep, ACT_PRAISE), scope->now)
                       : (struct value){0};
    case FIELD_REP_ONE_TO_ONE:
        return since(ledger_last_one_to_one(core, rep), scope->now);
    case FIELD_REP_NEXT_ONE_TO_ONE:
        return instant(ledger_next_one_to_one(core, rep, scope->now));
    default:
        return coaching_value(scope, field);
    }
}
