/* How far a person has come: in memory and as a row. */
#include "core/course.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"

struct course *course_get(struct person *person)
{
    if (!person->course) {
        person->course = NEW(struct course);
        person->course->person = person;
        person->course->hint_at = MSEC_NONE;
        for (int i = 0; i < MIX_SHARES; i++)
            person->course->wanted[i] = MSEC_NONE;
    }
    return person->course;
}

void course_free(struct course *course)
{
    if (!course)
        return;
    for (int i = 0; i < course->climb_count; i++) {
        free(course->climbs[i].rule);
        free(course->climbs[i].rung);
    }
    free(course->climbs);
    free(course->asked);
    starts_free(course);
    free(course);
}

struct climb *course_climb(const struct course *course, const char *rule)
{
    for (int i = 0; course && i < course->climb_count; i++) {
        if (str_eq(course->climbs[i].rule, rule))
            return &course->climbs[i];
    }
    return NULL;
}

struct climb *course_climb_get(struct course *course, const char *rule)
{
    struct climb *climb = course_climb(course, rule);
    if (climb)
        return climb;
    ARRAY_GROW(course->climbs, course->climb_count, course->climb_cap);
    climb = &course->climbs[course->climb_count++];
    *climb = (struct climb){.rule = xstrdup(rule)};
    return climb;
}

/* --- the row --- */

static void write_climb(struct jsonw *json, const struct climb *climb)
{
    jsonw_object(json, NULL);
    jsonw_text(json, "rule", climb->rule);
    jsonw_text_opt(json, "rung", climb->rung);
    jsonw_int(json, "size", climb->size);
    jsonw_int(json, "state", climb->state);
    jsonw_int(json, "at", climb->at);
    jsonw_object_end(json);
}

/* Pairs, so that a long month stays a short row. */
static void write_mix(struct jsonw *json, const struct course *course)
{
    jsonw_array(json, "asked");
    for (int i = 0; i < course->asked_count; i++) {
        jsonw_int(json, NULL, course->asked[i].at);
        jsonw_int(json, NULL, course->asked[i].traits);
    }
    jsonw_array_end(json);
    jsonw_array(json, "wanted");
    for (int i = 0; i < MIX_SHARES; i++) {
        if (course->wanted[i] == MSEC_NONE)
            continue;
        jsonw_int(json, NULL, i);
        jsonw_int(json, NULL, course->wanted[i]);
    }
    jsonw_array_end(json);
}

void course_persist(struct step *step, const struct course *course)
{
    struct strbuf out = {0};
    struct jsonw json;
    if (step->stateless)
        return;
    jsonw_begin(&json, &out);
    jsonw_object(&json, NULL);
    if (course->welcome)
        jsonw_bool(&json, "welcome", true);
    if (course->hint_at != MSEC_NONE)
        jsonw_int(&json, "hint_at", course->hint_at);
    jsonw_array(&json, "climbs");
    for (int i = 0; i < course->climb_count; i++)
        write_climb(&json, &course->climbs[i]);
    jsonw_array_end(&json);
    write_mix(&json, course);
    starts_write(&json, course);
    jsonw_object_end(&json);
    persist_put(step, STATE_LADDER, course->person->id, &out);
}

static void load_climb(struct course *course, const json_t *one)
{
    const char *rule = json_string_value(json_object_get(one, "rule"));
    if (!rule)
        return;
    struct climb *climb = course_climb_get(course, rule);
    climb->rung = xstrdup(json_string_value(json_object_get(one, "rung")));
    climb->size = (int)json_integer_value(json_object_get(one, "size"));
    climb->state = (enum climb_state)json_integer_value(json_object_get(one, "state"));
    climb->at = json_integer_value(json_object_get(one, "at"));
}

static void load_mix(struct course *course, const json_t *root)
{
    const json_t *asked = json_object_get(root, "asked"), *wanted = json_object_get(root, "wanted");
    for (size_t i = 0; i + 1 < json_array_size(asked); i += 2) {
        ARRAY_GROW(course->asked, course->asked_count, course->asked_cap);
        course->asked[course->asked_count++] =
            (struct asked){json_integer_value(json_array_get(asked, i)),
                           (unsigned)json_integer_value(json_array_get(asked, i + 1))};
    }
    for (size_t i = 0; i + 1 < json_array_size(wanted); i += 2) {
        json_int_t share = json_integer_value(json_array_get(wanted, i));
        if (share >= 0 && share < MIX_SHARES)
            course->wanted[share] = json_integer_value(json_array_get(wanted, i + 1));
    }
}

int course_load(struct core *core, const char *key, const json_t *root)
{
    struct course *course = course_get(person_get(core, key));
    const json_t *climbs = json_object_get(root, "climbs");
    const json_t *hint = json_object_get(root, "hint_at");
    course->hint_at = hint ? json_integer_value(hint) : MSEC_NONE;
    course->welcome = json_is_true(json_object_get(root, "welcome"));
    for (size_t i = 0; i < json_array_size(climbs); i++)
        load_climb(course, json_array_get(climbs, i));
    load_mix(course, root);
    starts_load(course, json_object_get(root, "starts"));
    return 0;
}
