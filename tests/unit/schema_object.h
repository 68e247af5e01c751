/* schema_object.h: the part of schema_random.h that makes objects. Include after cmocka.h. */
#pragma once
#include "schema_names.h"

static inline void random_member(struct schema_random *r, json_t *object, const json_t *schema,
                                 const char *key, int depth)
{
    const json_t *property = json_object_get(json_object_get(schema, "properties"), key);
    if (!property || json_object_get(object, key))
        return;
    bool of_rule = str_eq(key, "inhibit") || (str_eq(key, "rule") && depth > 3);
    if (of_rule && !r->rules.count && chance_of(&r->chance, 95))
        return; /* there is none yet that it could name */
    bool fits_others =
        str_eq(key, "programme") || str_eq(key, "leads_to") || str_eq(key, "leads_if");
    if (fits_others && chance_of(&r->chance, 95))
        return; /* what it names must fit what stands elsewhere, which no chance brings about */
    bool person = str_eq(key, "rep") && chance_of(&r->chance, 90);
    json_t *value = person ? json_string("ana") : random_value(r, property, depth + 1);
    random_note(r, key, value);
    if (str_eq(key, "rule") && depth <= 3 && r->rules.count < RANDOM_NAMES_MAX) {
        (void)json_array_append(r->kept, value); /* memory only */
        if (json_is_string(value))
            r->rules.list[r->rules.count++] = json_string_value(value);
    }
    (void)json_object_set_new(object, key, value); /* memory only */
}

/* Of "exactly one of" one is chosen, and the others go. */
static inline void random_choose(struct schema_random *r, json_t *object, const json_t *schema,
                                 const json_t *one, int depth)
{
    size_t i;
    const json_t *branch;
    const json_t *pick = random_branch_with_names(r, one);
    json_array_foreach(one, i, branch)
    {
        const char *key = json_string_value(json_array_get(json_object_get(branch, "required"), 0));
        if (branch == pick)
            random_member(r, object, schema, key, depth);
        else
            (void)json_object_del(object, key); /* may not be there */
    }
}

static inline void random_require(struct schema_random *r, json_t *object, const json_t *schema,
                                  const json_t *names, int depth)
{
    size_t i;
    const json_t *name;
    json_array_foreach(names, i, name)
    {
        random_member(r, object, schema, json_string_value(name), depth);
    }
}

static inline bool random_any_there(const json_t *object, const json_t *any)
{
    size_t i;
    const json_t *branch;
    json_array_foreach(any, i, branch)
    {
        if (schema_has_all(json_object_get(branch, "required"), object))
            return true;
    }
    return false;
}

/* Keys that want others beside them: they get them, or go. */
static inline void random_dependents(struct schema_random *r, json_t *object, const json_t *schema,
                                     int depth)
{
    json_t *dependents = json_object_get(schema, "dependentSchemas"), *one;
    const char *key;
    for (int round = 0; round < 3; round++) {
        json_object_foreach(dependents, key, one)
        {
            json_t *any = json_object_get(one, "anyOf");
            if (!json_object_get(object, key))
                continue;
            random_require(r, object, schema, json_object_get(one, "required"), depth);
            random_says(object, key, one);
            if (any && !random_any_there(object, any))
                (void)json_object_del(object, key); /* is there */
        }
    }
}

static inline void random_choices(struct schema_random *r, json_t *object, const json_t *schema,
                                  int depth)
{
    size_t i;
    const json_t *rule;
    json_array_foreach(json_object_get(schema, "allOf"), i, rule)
    {
        const json_t *one = json_object_get(rule, "oneOf");
        const json_t *any = json_object_get(rule, "anyOf");
        if (one)
            random_choose(r, object, schema, one, depth);
        if (any)
            random_require(r, object, schema, json_object_get(json_array_get(any, 0), "required"),
                           depth);
    }
}

/* What a key must be like beside others. */
static inline void random_conditions(struct schema_random *r, json_t *object, const json_t *schema,
                                     int depth)
{
    size_t i;
    const json_t *rule;
    json_array_foreach(json_object_get(schema, "allOf"), i, rule)
    {
        const json_t *when = json_object_get(rule, "if");
        const json_t *then = json_object_get(json_object_get(rule, "then"), "properties");
        const char *key;
        json_t *value;
        if (!when || !schema_ok(&r->check, when, object))
            continue;
        json_object_foreach(schema_loose(then), key, value)
        {
            const json_t *own = json_object_get(json_object_get(schema, "properties"), key);
            const json_t *names = json_object_get(value, "required");
            if (names && !json_is_object(json_object_get(object, key)))
                (void)json_object_set_new(object, key, json_object()); /* memory only */
            if (names)
                random_require(r, json_object_get(object, key), own, names, depth + 1);
            else if (json_object_get(object, key))
                (void)json_object_set_new(object, key, /* memory only */
                                          random_value(r, value, depth + 1));
        }
    }
}

static inline void random_any_member(struct schema_random *r, json_t *object, const json_t *schema,
                                     int depth)
{
    json_t *properties = json_object_get(schema, "properties");
    uint32_t pick = chance_below(&r->chance, (uint32_t)json_object_size(properties));
    void *at = json_object_iter(properties);
    while (pick--)
        at = json_object_iter_next(properties, at);
    random_member(r, object, schema, json_object_iter_key(at), depth);
}

static json_t *random_object(struct schema_random *r, const json_t *schema, int depth)
{
    json_t *object = json_object(), *properties = json_object_get(schema, "properties"), *property;
    const json_t *others = json_object_get(schema, "additionalProperties");
    const json_t *required = json_object_get(schema, "required");
    uint32_t size = (uint32_t)json_object_size(properties);
    uint32_t percent = depth > RANDOM_DEPTH_MAX ? 1
                       : !depth                 ? 75
                       : size > 40              ? 4
                       : size > 12              ? 20
                                                : 35;
    const char *key;
    json_object_foreach(properties, key, property)
    {
        size_t i;
        const json_t *name;
        bool usual = str_eq(key, "default") || str_eq(key, "at");
        bool needed = usual && chance_of(&r->chance, 90);
        json_array_foreach(required, i, name)
        {
            needed |= str_eq(json_string_value(name), key);
        }
        if (needed || chance_of(&r->chance, percent))
            random_member(r, object, schema, key, depth);
    }
    if (json_object_get(schema, "patternProperties") && chance_of(&r->chance, 30))
        random_named_field(r, object, depth);
    if (json_object_get(json_object_get(schema, "propertyNames"), "$ref"))
        random_formed_names(r, object, schema, depth);
    else if (json_is_object(others))
        random_names_of(r, object, others, depth);
    if (!json_object_size(object) && json_object_get(schema, "minProperties"))
        random_any_member(r, object, schema, depth);
    random_choices(r, object, schema, depth);
    random_dependents(r, object, schema, depth);
    random_conditions(r, object, schema, depth);
    return object;
}

/* A new document. Owns: the caller decrefs; the names live until the next one. */
static inline json_t *random_document(struct schema_random *r)
{
    json_decref(r->kept);
    r->kept = json_array();
    r->questions.count = r->signals.count = r->rules.count = r->flows.count = 0;
    r->number++;
    return random_value(r, r->check.root, 0);
}
