#include "knob.h"

#include <errno.h>
#include <string.h>

#include "util.h"

const char *knob_text(const json_t *v, const char *otherwise)
{
    return json_is_string(v) ? json_string_value(v) : otherwise;
}

static bool set_word(const struct knob *k, int *value, const json_t *v)
{
    const char *want = json_is_true(v) ? k->yes : knob_text(v, json_is_false(v) ? "off" : NULL);
    int i = 0;

    if (!want)
        return false;
    for (const char *w = k->words; *w; i++) {
        size_t n = strcspn(w, "|");
        if (n == strlen(want) && strncmp(w, want, n) == 0) {
            *value = i;
            return true;
        }
        w += n + 1;
    }
    return false;
}

static bool apply(const struct knob *k, struct fake *f, char *values, const json_t *v,
                  const json_t *set)
{
    char *at = values + k->at;
    json_t **json = (json_t **)(void *)at;

    switch (k->type) {
    case T_BOOL:
        *(bool *)at = json_is_true(v);
        return json_is_boolean(v);
    case T_INT:
        *(int64_t *)(void *)at = json_is_true(v) ? k->on : json_integer_value(v);
        return json_is_integer(v) || json_is_boolean(v);
    case T_TEXT:
        util_copy(at, (size_t)k->on, knob_text(v, ""));
        return json_is_string(v) || json_is_null(v) || json_is_false(v);
    case T_WORD:
        return set_word(k, (int *)(void *)at, v);
    case T_JSON:
        json_decref(*json);
        *json = json_deep_copy(v);
        return true;
    case T_CALL:
        return k->call(f, v, set);
    }
    return false;
}

int knob_set(const struct knob *table, size_t count, struct fake *f, void *values,
             const json_t *set, const char **ret_bad)
{
    const char *name;
    json_t *v;

    json_object_foreach((json_t *)(uintptr_t)set, name, v)
    {
        const struct knob *k = NULL;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(table[i].name, name) == 0)
                k = &table[i];
        }
        if (!k || !apply(k, f, values, v, set)) {
            *ret_bad = name;
            return -EINVAL;
        }
    }
    return 0;
}
