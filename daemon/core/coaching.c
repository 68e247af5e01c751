#include "core/coaching.h"

#include <string.h>

#include "base/alloc.h"

static const struct {
    enum coaching_act act;
    const char *words; /* small letters, '_' between */
} names[] = {
    {ACT_ONE_TO_ONE, "one_to_one"},
    {ACT_CALL_REVIEW, "call_review"},
    {ACT_JOINT_PLAN, "joint_plan"},
    {ACT_CAREER_TALK, "career_talk"},
    {ACT_TEAM_MEETING, "team_meeting"},
    {ACT_PRAISE, "praise"},
    {ACT_RATING, "rating"},
    {ACT_ONE_TO_ONE, "1:1"},
    {ACT_ONE_TO_ONE, "1_on_1"},
    {ACT_ONE_TO_ONE, "one_on_one"},
    {ACT_JOINT_PLAN, "joint_planning"},
};

const char *coaching_act_name(enum coaching_act act)
{
    return names[act].words; /* the first rows stand in the order of the acts */
}

/* "One-to-one" is "one_to_one". */
static bool same_words(const char *said, const char *name)
{
    for (; *said && *name; said++, name++) {
        char c = *said >= 'A' && *said <= 'Z' ? (char)(*said + 32) : *said;
        if (c == ' ' || c == '-')
            c = '_';
        if (c != *name)
            return false;
    }
    return !*said && !*name;
}

enum coaching_act coaching_act_find(const char *words)
{
    for (size_t i = 0; words && i < ARRAY_LEN(names); i++) {
        if (same_words(words, names[i].words))
            return names[i].act;
    }
    return ACT_COUNT;
}

static bool leads_team(const struct core *core, const struct person *manager, const char *team)
{
    const struct team_def *def = book_team(core->book, team);
    return def && person_find(core, def->manager) == manager;
}

/* Fills in who coached whom; false where nobody did. */
static bool find_pair(const struct core *core, const struct event *event, struct coaching *ret)
{
    struct person *one = person_find(core, event->rep ? event->rep : event->owner);
    struct person *other = person_find(core, event->with);
    if (one && other && person_manager(core, other) == one) {
        *ret = (struct coaching){one, other, ret->act};
        return true;
    }
    if (one && other && person_manager(core, one) == other) {
        *ret = (struct coaching){other, one, ret->act};
        return true;
    }
    bool team = one && one->manager && ret->act == ACT_TEAM_MEETING;
    if (!team && !(one && leads_team(core, one, event->with)))
        return false;
    *ret = (struct coaching){one, NULL, ret->act == ACT_COUNT ? ACT_TEAM_MEETING : ret->act};
    return true;
}

struct coaching coaching_of(const struct core *core, struct event *event)
{
    struct coaching found = {.act = coaching_act_find(event->topic)};
    if (event->type != EVENT_ACTIVITY_LOGGED && event->type != EVENT_ACTIVITY_PLANNED)
        return (struct coaching){0};
    bool meets = found.act < ACT_MEETINGS || (!event->topic && str_eq(event->kind, "meeting"));
    if (event->automated || !meets || !find_pair(core, event, &found))
        return (struct coaching){0};
    if (found.act == ACT_COUNT)
        found.act = ACT_ONE_TO_ONE;
    event->topic = coaching_act_name(found.act);
    return found;
}

bool coaching_looks_at(const struct core *core, const struct rule *rule,
                       const struct person *person)
{
    return rule->of_managers ? person->manager && person_is_here(core, person)
                             : person_is_rep(core, person);
}

static bool cond_names(const struct cond *cond, enum field field)
{
    if (!cond)
        return false;
    for (int i = 0; i < cond->child_count; i++) {
        if (cond_names(&cond->children[i], field))
            return true;
    }
    return !cond->child_count && cond->field.field == field;
}

struct person *coaching_about(const struct coaching *coaching, const struct rule *rule,
                              struct person *rep)
{
    if (!coaching->manager)
        return rep;
    if (!cond_names(rule->when_cond, FIELD_TOPIC))
        return NULL;
    return rule->of_managers ? coaching->manager : coaching->rep;
}
