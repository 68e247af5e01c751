/* Goals as events and people say them; which one is in hand; their row in the store. */
#include "core/goal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"

static struct goals *goals_of(struct person *person)
{
    if (!person->goals)
        person->goals = NEW(struct goals);
    return person->goals;
}

static int place_of(const struct goals *goals, const char *id)
{
    int place = 0;
    while (place < goals->count && strcmp(goals->list[place].id, id) < 0)
        place++;
    return place;
}

struct goal *goal_find(const struct person *person, const char *id)
{
    const struct goals *goals = person->goals;
    int place = goals && id ? place_of(goals, id) : 0;
    bool found = goals && place < goals->count && str_eq(goals->list[place].id, id);
    return found ? &goals->list[place] : NULL;
}

struct goal *goal_get(struct person *person, const char *id)
{
    struct goals *goals = goals_of(person);
    int place = place_of(goals, id);
    if (place < goals->count && str_eq(goals->list[place].id, id))
        return &goals->list[place];
    ARRAY_GROW(goals->list, goals->count, goals->cap);
    memmove(goals->list + place + 1, goals->list + place,
            (size_t)(goals->count - place) * sizeof(*goals->list));
    goals->count++;
    goals->list[place] = (struct goal){.id = xstrdup(id), .actual = NUMBER_NONE};
    return &goals->list[place];
}

static void goal_done(struct goal *goal)
{
    char *const texts[] = {goal->id, goal->metric, goal->period, goal->words};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
}

void goal_drop(struct person *person, struct goal *goal)
{
    struct goals *goals = person->goals;
    long place = goal - goals->list;
    goal_done(goal);
    memmove(goal, goal + 1, (size_t)(goals->count - place - 1) * sizeof(*goal));
    goals->count--;
}

void goals_free(struct person *person)
{
    struct goals *goals = person->goals;
    for (int i = 0; goals && i < goals->count; i++)
        goal_done(&goals->list[i]);
    for (int i = 0; goals && i < goals->reason_count; i++)
        free(goals->reasons[i].words);
    if (goals) {
        free(goals->list);
        free(goals->reasons);
    }
    free(goals);
    person->goals = NULL;
}

bool goal_is_own(const struct goal *goal)
{
    return !goal->assigned || goal->words;
}

const struct goal *goal_in_hand(const struct person *person, const struct event *event)
{
    const struct goals *goals = person->goals;
    const struct goal *best = event ? goal_find(person, event->goal) : NULL;
    for (int i = 0; goals && !best && i < goals->count; i++)
        best = goal_is_own(&goals->list[i]) ? &goals->list[i] : NULL;
    return !best && goals && goals->count ? &goals->list[0] : best;
}

/* The oldest reason goes when there are too many. */
void reason_add(struct person *person, const char *words, msec_t at)
{
    struct goals *goals = goals_of(person);
    if (goals->reason_count == GOAL_REASONS_MAX) {
        free(goals->reasons[0].words);
        memmove(goals->reasons, goals->reasons + 1,
                (GOAL_REASONS_MAX - 1) * sizeof(*goals->reasons));
        goals->reason_count--;
    }
    ARRAY_GROW(goals->reasons, goals->reason_count, goals->reason_cap);
    goals->reasons[goals->reason_count++] = (struct reason){xstrdup(words), at};
}

/* --- events --- */

static bool take_set(struct goal *goal, const struct event *event)
{
    if (!stamp_take(&goal->set, event->time, event->key.a))
        return false;
    xstr_replace(&goal->metric, event->metric);
    xstr_replace(&goal->period, event->period ? event->period : "once");
    goal->target = event->target;
    goal->assigned = !str_eq(event->goal_owner, "self"); /* a CRM's quota says nothing */
    goal->result = str_eq(event->kind, "result");
    return true;
}

/* Two goals of one kind for one period are one that was set anew under another id, as a CRM does
 * with each quarter: the newer one counts, in whatever order they come. */
static void give_way(struct person *rep, const char *id)
{
    const struct goal *goal = goal_find(rep, id);
    for (int i = rep->goals->count; i-- > 0;) {
        struct goal *other = &rep->goals->list[i];
        if (other == goal || other->assigned != goal->assigned ||
            !str_eq(other->metric, goal->metric) || !str_eq(other->period, goal->period))
            continue;
        bool newer = goal->set.time != other->set.time ? goal->set.time > other->set.time
                                                       : goal->set.tie > other->set.tie;
        goal_drop(rep, newer ? other : goal_find(rep, id));
        if (!newer)
            return;
        goal = goal_find(rep, id); /* the list has moved */
    }
}

void goal_event(struct core *core, struct step *step, const struct event *event, struct person *rep)
{
    bool sets = event->type == EVENT_GOAL_SET, moves = event->type == EVENT_GOAL_PROGRESS;
    (void)core; /* goals hang at their person */
    if (!rep || !event->goal || !(sets || moves) || event->target == NUMBER_NONE)
        return;
    struct goal *goal = goal_get(rep, event->goal);
    bool changed = sets && take_set(goal, event);
    if (!goal->metric) { /* progress came first; the goal itself will take its place */
        xstr_replace(&goal->metric, event->metric);
        xstr_replace(&goal->period, event->period ? event->period : "once");
        goal->target = event->target;
        goal->assigned = !str_eq(event->goal_owner, "self");
        changed = true;
    }
    if (event->actual != NUMBER_NONE && stamp_take(&goal->moved, event->time, event->key.a)) {
        goal->actual = event->actual;
        changed = true;
    }
    if (!changed)
        return;
    give_way(rep, event->goal);
    goal = goal_find(rep, event->goal);
    if (goal && rep->goals->count > GOALS_MAX) /* nobody has so many; the journal keeps it */
        goal_drop(rep, goal);
    goals_persist(step, rep);
}

/* --- fields --- */

static struct value text_value(const char *text)
{
    return text ? (struct value){.type = VALUE_TEXT, .text = text} : (struct value){0};
}

static struct value whole_value(int64_t number)
{
    return (struct value){.type = VALUE_NUMBER, .number = number * 1000};
}

static struct value slice_value(const struct slice *slice, enum field field)
{
    if (field == FIELD_GOAL_REACHED)
        return (struct value){.type = VALUE_BOOL, .number = slice->reached};
    if (field == FIELD_GOAL_WINS && slice->state == SLICE_FEW && slice->wins)
        return whole_value((slice->wins + slice->weeks - 1) / slice->weeks);
    if (slice->state != SLICE_KNOWN)
        return (struct value){0};
    if (field == FIELD_GOAL_UNIT)
        return text_value(slice->week == 1 ? slice->one : slice->many);
    return field == FIELD_GOAL_SLICE  ? whole_value(slice->week)
           : field == FIELD_GOAL_DONE ? whole_value(slice->done)
           : field == FIELD_GOAL_LEFT ? whole_value(slice->left)
                                      : (struct value){0};
}

struct value goal_value(const struct scope *scope, enum field field)
{
    const struct goals *goals = scope->rep->goals;
    const struct goal *goal = goal_in_hand(scope->rep, scope->event);
    if (field == FIELD_REP_REASON)
        return goals && goals->reason_count
                   ? text_value(goals->reasons[goals->reason_count - 1].words)
                   : (struct value){0};
    if (!goal)
        return (struct value){0};
    switch ((int)field) {
    case FIELD_GOAL_TARGET:
        return (struct value){.type = VALUE_NUMBER, .number = goal->target};
    case FIELD_GOAL_PERIOD:
        return text_value(goal->period);
    case FIELD_GOAL_OWNER:
        return text_value(goal_is_own(goal) ? "self" : "assigned");
    case FIELD_GOAL_WORDS:
        return text_value(goal->words);
    default: {
        struct slice slice = goal_slice(scope->core, scope->rep, goal, scope->now);
        return slice_value(&slice, field);
    }
    }
}

/* --- the row --- */

static void write_stamp(struct jsonw *json, const char *key, const struct stamp *stamp)
{
    jsonw_array(json, key);
    jsonw_int(json, NULL, stamp->time);
    jsonw_int(json, NULL, (int64_t)stamp->tie);
    jsonw_array_end(json);
}

static void write_goal(struct jsonw *json, const struct goal *goal)
{
    jsonw_object(json, NULL);
    jsonw_text(json, "id", goal->id);
    jsonw_text_opt(json, "metric", goal->metric);
    jsonw_text_opt(json, "period", goal->period);
    jsonw_text_opt(json, "words", goal->words);
    jsonw_int(json, "target", goal->target);
    if (goal->actual != NUMBER_NONE)
        jsonw_int(json, "actual", goal->actual);
    jsonw_bool(json, "assigned", goal->assigned);
    jsonw_bool(json, "result", goal->result);
    write_stamp(json, "set", &goal->set);
    write_stamp(json, "moved", &goal->moved);
    jsonw_object_end(json);
}

void goals_persist(struct step *step, const struct person *person)
{
    const struct goals *goals = person->goals;
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rep", person->id);
    jsonw_array(&json, "goals");
    for (int i = 0; i < goals->count; i++)
        write_goal(&json, &goals->list[i]);
    jsonw_array_end(&json);
    jsonw_array(&json, "reasons");
    for (int i = 0; i < goals->reason_count; i++) {
        jsonw_object(&json, NULL);
        jsonw_text(&json, "words", goals->reasons[i].words);
        jsonw_int(&json, "at", goals->reasons[i].at);
        jsonw_object_end(&json);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    persist_put(step, STATE_GOAL, person->id, &out);
}

static int64_t int_of(const json_t *object, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static void load_text(const json_t *object, const char *key, char **slot)
{
    xstr_replace(slot, json_string_value(json_object_get(object, key)));
}

static struct stamp stamp_of(const json_t *object, const char *key)
{
    const json_t *pair = json_object_get(object, key);
    return (struct stamp){json_integer_value(json_array_get(pair, 0)),
                          (uint64_t)json_integer_value(json_array_get(pair, 1))};
}

static void load_goal(struct person *person, const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "id"));
    if (!id)
        return;
    struct goal *goal = goal_get(person, id);
    load_text(row, "metric", &goal->metric);
    load_text(row, "period", &goal->period);
    load_text(row, "words", &goal->words);
    goal->target = int_of(row, "target", 0);
    goal->actual = int_of(row, "actual", NUMBER_NONE);
    goal->assigned = json_is_true(json_object_get(row, "assigned"));
    goal->result = json_is_true(json_object_get(row, "result"));
    goal->set = stamp_of(row, "set");
    goal->moved = stamp_of(row, "moved");
}

int goals_load(struct core *core, const char *key, const json_t *root)
{
    struct person *person = person_get(core, key);
    const json_t *goals = json_object_get(root, "goals"),
                 *reasons = json_object_get(root, "reasons");
    for (size_t i = 0; i < json_array_size(goals); i++)
        load_goal(person, json_array_get(goals, i));
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *row = json_array_get(reasons, i);
        const char *words = json_string_value(json_object_get(row, "words"));
        if (words)
            reason_add(person, words, int_of(row, "at", 0));
    }
    return 0;
}
