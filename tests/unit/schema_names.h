/* schema_names.h: names of the parts of a random document that later parts refer to. Include after
 * cmocka.h. */
#pragma once
#include "schema_random.h"

/* Names of a part already made, with the kind of test that fits each. */
static inline void random_note(struct schema_random *r, const char *key, json_t *part)
{
    bool signals = str_eq(key, "signals"), flows = str_eq(key, "flows");
    struct random_names *names = signals ? &r->signals : flows ? &r->flows : &r->questions;
    const char *name;
    json_t *value;
    if (!signals && !flows && !str_eq(key, "questions"))
        return;
    (void)json_array_append(r->kept, part); /* memory only */
    json_object_foreach(part, name, value)
    {
        json_t *answer = json_object_get(value, "answer");
        const char *word = json_string_value(answer);
        bool scale = json_object_get(answer, "scale") || (word && str_starts(word, "scale"));
        bool length = json_object_get(value, "gap") ||
                      (json_object_get(value, "time_from") && !json_object_get(value, "compare"));
        /* which words a choice has, no schema knows */
        bool closed = json_object_get(answer, "choice") ||
                      (word && (str_starts(word, "choice") || str_starts(word, "yes_no")));
        if (names->count == RANDOM_NAMES_MAX)
            return;
        names->kinds[names->count] = signals  ? (length ? "test-length" : "test-number")
                                     : closed ? NULL
                                     : scale  ? "test-number"
                                     : word && str_eq(word, "date") ? "test-date"
                                                                    : "test-text";
        names->list[names->count++] = name;
    }
}

/* signal.NAME and answer.NAME: the pattern properties of conditions. */
static inline void random_named_field(struct schema_random *r, json_t *object, int depth)
{
    bool signals = chance_of(&r->chance, 60);
    const struct random_names *names = signals ? &r->signals : &r->questions;
    char key[128], ref[64];
    if (!names->count)
        return;
    uint32_t i = chance_below(&r->chance, (uint32_t)names->count);
    if (!names->kinds[i])
        return;
    (void)snprintf(key, sizeof(key), "%s.%s", signals ? "signal" : "answer", names->list[i]);
    (void)snprintf(ref, sizeof(ref), "#/$defs/%s", names->kinds[i]);
    (void)json_object_set_new(object, key, /* memory only */
                              random_value(r, schema_target(&r->check, ref), depth + 1));
}

/* Most of the time not one that names a question or flow where there is none. */
static inline const json_t *random_branch_with_names(struct schema_random *r, const json_t *one)
{
    const json_t *pick = NULL;
    for (int i = 0; i < 8; i++) {
        pick = json_array_get(one, chance_below(&r->chance, (uint32_t)json_array_size(one)));
        const char *key = json_string_value(json_array_get(json_object_get(pick, "required"), 0));
        bool empty = (str_eq(key, "start") && !r->flows.count) ||
                     (str_eq(key, "ask") && !r->questions.count) ||
                     (str_eq(key, "stretch") && chance_of(&r->chance, 80)); /* sizes must rise */
        if (!empty)
            break;
    }
    return pick;
}

/* A mapping whose names are of a form of their own. */
static inline void random_formed_names(struct schema_random *r, json_t *object,
                                       const json_t *schema, int depth)
{
    const json_t *form = json_object_get(schema, "propertyNames");
    const json_t *others = json_object_get(schema, "additionalProperties");
    for (uint32_t count = 1 + chance_below(&r->chance, 2); count; count--) {
        json_t *name = random_value(r, form, depth + 1), *value;
        value = random_value(r, others, depth + 1);
        (void)json_object_set_new(object, json_string_value(name), value); /* memory only */
        json_decref(name);
    }
}

/* A mapping of names: as many as it takes for others to refer to. */
static inline void random_names_of(struct schema_random *r, json_t *object, const json_t *schema,
                                   int depth)
{
    uint32_t count = 1 + chance_below(&r->chance, 3);
    for (uint32_t i = 0; i < count; i++) {
        char name[16] = "ana";
        if (i || chance_of(&r->chance, 5))
            (void)snprintf(name, sizeof(name), "n%u", chance_below(&r->chance, 1000));
        (void)json_object_set_new(object, name, random_value(r, schema, depth + 1)); /* memory */
    }
}

/* What another key must say beside this one. */
static inline void random_says(json_t *object, const char *key, const json_t *one)
{
    if (str_eq(key, "keep")) { /* which answers go with it, no schema says */
        bool tried = str_eq(json_string_value(json_object_get(object, key)), "tried");
        json_t *answer = json_string(tried ? "yes_no" : "text");
        (void)json_object_set_new(object, "answer", answer); /* memory only */
    }
    json_t *properties = json_object_get(one, "properties"), *property;
    const char *name;
    json_object_foreach(properties, name, property)
    {
        (void)json_object_set(object, name, json_object_get(property, "const")); /* memory only */
    }
}
