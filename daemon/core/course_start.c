/* The programmes that a manager has started, each with the baseline of that day. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/course.h"

void start_done(struct start *start)
{
    for (int i = 0; i < start->value_count; i++)
        free(start->values[i].signal);
    free(start->plugin);
}

const struct start *course_start(const struct course *course, const char *plugin)
{
    for (int i = 0; course && i < course->start_count; i++) {
        if (str_eq(course->starts[i].plugin, plugin))
            return &course->starts[i];
    }
    return NULL;
}

void course_start_add(struct step *step, struct course *course, const struct start *start)
{
    ARRAY_GROW(course->starts, course->start_count, course->start_cap);
    course->starts[course->start_count++] = *start;
    if (step)
        course_persist(step, course);
}

void starts_free(struct course *course)
{
    for (int i = 0; i < course->start_count; i++)
        start_done(&course->starts[i]);
    free(course->starts);
}

void starts_write(struct jsonw *json, const struct course *course)
{
    if (!course->start_count)
        return;
    jsonw_array(json, "starts");
    for (int i = 0; i < course->start_count; i++) {
        const struct start *start = &course->starts[i];
        jsonw_object(json, NULL);
        jsonw_text(json, "plugin", start->plugin);
        jsonw_int(json, "at", start->at);
        jsonw_bool(json, "waived", start->waived);
        jsonw_int(json, "reps", start->reps);
        jsonw_array(json, "baseline");
        for (int k = 0; k < start->value_count; k++) {
            jsonw_text(json, NULL, start->values[k].signal);
            jsonw_int(json, NULL, start->values[k].total);
        }
        jsonw_array_end(json);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

void starts_load(struct course *course, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i), *values = json_object_get(one, "baseline");
        struct start start = {.plugin = xstrdup(json_string_value(json_object_get(one, "plugin"))),
                              .at = json_integer_value(json_object_get(one, "at")),
                              .waived = json_is_true(json_object_get(one, "waived")),
                              .reps = (int)json_integer_value(json_object_get(one, "reps"))};
        for (size_t k = 0; k + 1 < json_array_size(values) && start.value_count < START_VALUES_MAX;
             k += 2)
            start.values[start.value_count++] =
                (struct start_value){xstrdup(json_string_value(json_array_get(values, k))),
                                     json_integer_value(json_array_get(values, k + 1))};
        course_start_add(NULL, course, &start);
    }
}
