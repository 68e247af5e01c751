/* schema_rules.h: the second half of schema_check.h: words that hold others. Include after it. */
#pragma once
#include "schema_check.h"

static inline void schema_known_words(const json_t *schema)
{
    static const char *const words[] = {
        "$ref",
        "type",
        "enum",
        "const",
        "pattern",
        "minLength",
        "minimum",
        "maximum",
        "properties",
        "required",
        "items",
        "minItems",
        "maxItems",
        "contains",
        "minContains",
        "maxContains",
        "anyOf",
        "oneOf",
        "allOf",
        "if",
        "then",
        "$schema",
        "$id",
        "title",
        "$defs",
        "description",
        "default",
        "patternProperties",
        "format",
        "minProperties",
        "propertyNames",
        "additionalProperties",
        "dependentSchemas",
    };
    const char *key;
    json_t *value;
    json_object_foreach(schema_loose(schema), key, value)
    {
        size_t i = 0;
        while (i < ARRAY_LEN(words) && !str_eq(words[i], key))
            i++;
        if (i == ARRAY_LEN(words))
            fail_msg("the schema uses '%s', which this check does not know", key);
    }
}

static inline bool schema_types_ok(const json_t *type, const json_t *value)
{
    size_t i;
    const json_t *one;
    if (!type || json_is_string(type))
        return !type || schema_type_ok(json_string_value(type), value);
    json_array_foreach(type, i, one)
    {
        if (schema_type_ok(json_string_value(one), value))
            return true;
    }
    return false;
}

static inline bool schema_enum_ok(const json_t *list, const json_t *value)
{
    size_t i;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        if (json_equal(one, value))
            return true;
    }
    return !list;
}

static inline bool schema_combined_ok(struct schema_check *c, const json_t *schema,
                                      const json_t *value)
{
    const json_t *any = json_object_get(schema, "anyOf"), *one = json_object_get(schema, "oneOf");
    const json_t *all = json_object_get(schema, "allOf"), *when = json_object_get(schema, "if");
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    return (!any || schema_count(c, any, value) > 0) &&
           (!one || schema_count(c, one, value) == 1) &&
           (!all || schema_count(c, all, value) == json_array_size(all)) &&
           (!when || !schema_ok(c, when, value) ||
            schema_ok(c, json_object_get(schema, "then"), value)) &&
           (!ref || schema_ok(c, schema_target(c, ref), value));
}

static bool schema_ok(struct schema_check *c, const json_t *schema, const json_t *value)
{
    const json_t *fixed = json_object_get(schema, "const");
    if (json_is_boolean(schema))
        return json_is_true(schema);
    schema_known_words(schema);
    return schema_types_ok(json_object_get(schema, "type"), value) &&
           schema_enum_ok(json_object_get(schema, "enum"), value) &&
           (!fixed || json_equal(fixed, value)) && schema_scalar_ok(c, schema, value) &&
           (!json_is_object(value) || schema_object_ok(c, schema, value)) &&
           (!json_is_array(value) || schema_array_ok(c, schema, value)) &&
           schema_combined_ok(c, schema, value);
}
