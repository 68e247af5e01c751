/* Plans in memory and in the store. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/plan.h"

struct plan *plan_new(struct person *by, int number)
{
    struct plan *plan = NEW(struct plan);
    struct strbuf key = {0};
    strbuf_printf(&key, "%s|%d", by->id, number);
    plan->key = strbuf_take(&key);
    plan->by = by;
    plan->number = number;
    plan->timer.kind = TIMER_PLAN;
    plan->timer.key = plan->key;
    plan->rehearse_at = plan->fire_at = plan->check_at = plan->ask_at = MSEC_NEVER;
    plan->forget_at = MSEC_NEVER;
    plan->ahead_of = MSEC_NONE;
    plan->last_day = INT64_MIN;
    int place = by->plan_count;
    while (place > 0 && by->plans[place - 1]->number > number)
        place--;
    ARRAY_GROW(by->plans, by->plan_count, by->plan_cap);
    memmove(by->plans + place + 1, by->plans + place,
            (size_t)(by->plan_count - place) * sizeof(struct plan *));
    by->plans[place] = plan;
    by->plan_count++;
    return plan;
}

static void done(struct plan *plan)
{
    char *const texts[] = {plan->key, plan->words, plan->cue_words, plan->act, plan->stage};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
    free(plan);
}

void plan_free(struct core *core, struct plan *plan)
{
    struct person *by = plan->by;
    timer_clear(&core->timers, &plan->timer);
    for (int i = 0; i < by->plan_count; i++) {
        if (by->plans[i] != plan)
            continue;
        memmove(by->plans + i, by->plans + i + 1,
                (size_t)(by->plan_count - i - 1) * sizeof(struct plan *));
        by->plan_count--;
        break;
    }
    done(plan);
}

void plans_free(struct person *person)
{
    for (int i = 0; i < person->plan_count; i++)
        done(person->plans[i]);
    for (int i = 0; i < person->meeting_count; i++)
        free(person->meetings[i].key);
    free(person->plans);
    free(person->meetings);
}

void plan_arm(struct core *core, struct plan *plan)
{
    const msec_t moments[] = {plan->rehearse_at, plan->fire_at, plan->check_at, plan->ask_at,
                              plan->forget_at};
    msec_t due = MSEC_NEVER;
    bool draft = plan->state == PLAN_DRAFT; /* nothing but its end */
    for (size_t i = draft ? ARRAY_LEN(moments) - 1 : 0; i < ARRAY_LEN(moments); i++)
        due = moments[i] < due ? moments[i] : due;
    timer_set(&core->timers, &plan->timer, due);
}

/* --- the row --- */

static void write_moment(struct jsonw *json, const char *key, msec_t t)
{
    if (t != MSEC_NEVER && t != MSEC_NONE)
        jsonw_int(json, key, t);
}

static void write_firings(struct jsonw *json, const struct plan *plan)
{
    jsonw_array(json, "firings");
    for (int i = 0; i < plan->firing_count; i++) {
        jsonw_array(json, NULL);
        jsonw_int(json, NULL, plan->firings[i].at);
        jsonw_int(json, NULL, plan->firings[i].state);
        jsonw_array_end(json);
    }
    jsonw_array_end(json);
}

/* The numbers of the row and where they are. */
#define PLAN_NUMBERS(NUMBER)                                                                       \
    NUMBER(number)                                                                                 \
    NUMBER(weekday)                                                                                \
    NUMBER(minute)                                                                                 \
    NUMBER(ahead)                                                                                  \
    NUMBER(kinds)                                                                                  \
    NUMBER(made)                                                                                   \
    NUMBER(interval)                                                                               \
    NUMBER(times)                                                                                  \
    NUMBER(kept)                                                                                   \
    NUMBER(missed)

/* Those that stand only where they are set. */
#define PLAN_MOMENTS(MOMENT)                                                                       \
    MOMENT(rehearse_at, MSEC_NEVER)                                                                \
    MOMENT(fire_at, MSEC_NEVER)                                                                    \
    MOMENT(check_at, MSEC_NEVER)                                                                   \
    MOMENT(ask_at, MSEC_NEVER)                                                                     \
    MOMENT(forget_at, MSEC_NEVER)                                                                  \
    MOMENT(ahead_of, MSEC_NONE)                                                                    \
    MOMENT(last_day, INT64_MIN)

void plan_persist(struct step *step, const struct plan *plan)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "rep", plan->by->id);
    jsonw_text(&json, "words", plan->words);
    jsonw_text_opt(&json, "when", plan->cue_words);
    jsonw_text_opt(&json, "then", plan->act);
    jsonw_text_opt(&json, "stage", plan->stage);
    jsonw_text_opt(&json, "near", plan->near ? plan->near->id : NULL);
    jsonw_text_opt(&json, "target", plan->target ? plan->target->id : NULL);
    jsonw_text_opt(&json, "deal", plan->deal ? plan->deal->id : NULL);
    jsonw_int(&json, "state", plan->state);
    jsonw_int(&json, "cue", plan->cue);
    jsonw_bool(&json, "practice", plan->practice);
    jsonw_bool(&json, "single", plan->single);
#define NUMBER(member)         jsonw_int(&json, #member, (int64_t)plan->member);
#define MOMENT(member, absent) write_moment(&json, #member, plan->member);
    PLAN_NUMBERS(NUMBER)
    PLAN_MOMENTS(MOMENT)
#undef NUMBER
#undef MOMENT
    write_firings(&json, plan);
    jsonw_object_end(&json);
    persist_put(step, STATE_PLAN, plan->key, &out);
}

static int64_t int_of(const json_t *object, const char *key, int64_t absent)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : absent;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static struct deal *deal_of(struct core *core, const json_t *root, const char *key)
{
    const char *id = text_of(root, key);
    return id ? deal_get(core, id) : NULL;
}

static int load_meeting(struct core *core, struct person *by, const char *key, const json_t *root)
{
    struct meeting meeting = {.key = xstrdup(key),
                              .due = int_of(root, "due", 0),
                              .said = int_of(root, "said", 0),
                              .kinds = (unsigned)int_of(root, "kinds", 0),
                              .deal = deal_of(core, root, "deal")};
    meeting_add(by, &meeting);
    return 0;
}

static void load_firings(struct plan *plan, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && i < PLAN_FIRINGS_MAX; i++) {
        const json_t *pair = json_array_get(list, i);
        plan->firings[plan->firing_count++] =
            (struct firing){json_integer_value(json_array_get(pair, 0)),
                            (enum firing_state)json_integer_value(json_array_get(pair, 1))};
    }
}

int plan_load(struct core *core, const char *key, const json_t *root)
{
    const char *rep = text_of(root, "rep");
    struct person *by = person_get(core, rep ? rep : "");
    const char *words = text_of(root, "words");
    if (!words)
        return load_meeting(core, by, key, root);
    struct plan *plan = plan_new(by, (int)int_of(root, "number", 0));
    plan->words = xstrdup(words);
    plan->cue_words = xstrdup(text_of(root, "when"));
    plan->act = xstrdup(text_of(root, "then"));
    plan->stage = xstrdup(text_of(root, "stage"));
    plan->near = deal_of(core, root, "near");
    plan->target = deal_of(core, root, "target");
    plan->deal = deal_of(core, root, "deal");
    plan->state = (enum plan_state)int_of(root, "state", 0);
    plan->cue = (enum plan_cue)int_of(root, "cue", 0);
    plan->practice = json_is_true(json_object_get(root, "practice"));
    plan->single = json_is_true(json_object_get(root, "single"));
#define NUMBER(member)         plan->member = (__typeof__(plan->member))int_of(root, #member, 0);
#define MOMENT(member, absent) plan->member = int_of(root, #member, absent);
    PLAN_NUMBERS(NUMBER)
    PLAN_MOMENTS(MOMENT)
#undef NUMBER
#undef MOMENT
    load_firings(plan, json_object_get(root, "firings"));
    plan_arm(core, plan);
    return 0;
}
