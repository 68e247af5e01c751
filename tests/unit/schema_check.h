/* schema_check.h: validates JSON against a schema of draft 2020-12, as far as our own schemas use
 * it; an unknown keyword fails the test. Include after cmocka.h. */
#pragma once
#define PCRE2_CODE_UNIT_WIDTH 8
#include <jansson.h>
#include <pcre2.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

enum { SCHEMA_PATTERNS_MAX = 256 };

struct schema_check {
    const json_t *root;
    struct {
        const char *text;
        pcre2_code *code;
    } patterns[SCHEMA_PATTERNS_MAX];
    size_t pattern_count;
    pcre2_match_data *match;
};

/* jansson's loops over objects want one that they could change. */
static inline json_t *schema_loose(const json_t *json)
{
    return (json_t *)(uintptr_t)json;
}

static inline void schema_check_init(struct schema_check *c, const json_t *root)
{
    *c = (struct schema_check){.root = root, .match = pcre2_match_data_create(32, NULL)};
}

static inline void schema_check_done(struct schema_check *c)
{
    for (size_t i = 0; i < c->pattern_count; i++)
        pcre2_code_free(c->patterns[i].code);
    pcre2_match_data_free(c->match);
}

static inline bool schema_match(struct schema_check *c, const char *pattern, const char *text)
{
    size_t i = 0, at;
    int code;
    while (i < c->pattern_count && c->patterns[i].text != pattern)
        i++;
    if (i == c->pattern_count) {
        assert_true(i < SCHEMA_PATTERNS_MAX);
        c->patterns[i].text = pattern;
        c->patterns[i].code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                            PCRE2_UTF | PCRE2_DOLLAR_ENDONLY, &code, &at, NULL);
        if (!c->patterns[i].code)
            fail_msg("pattern %s: error %d at %zu", pattern, code, at);
        c->pattern_count++;
    }
    return pcre2_match(c->patterns[i].code, (PCRE2_SPTR)text, strlen(text), 0, 0, c->match, NULL) >=
           0; /* 0: more groups than are kept */
}

static inline const json_t *schema_target(const struct schema_check *c, const char *ref)
{
    assert_true(str_starts(ref, "#/$defs/"));
    const json_t *target = json_object_get(json_object_get(c->root, "$defs"), ref + 8);
    if (!target)
        fail_msg("%s leads nowhere", ref);
    return target;
}

static bool schema_ok(struct schema_check *c, const json_t *schema, const json_t *value);

static inline bool schema_type_ok(const char *type, const json_t *value)
{
    return (str_eq(type, "object") && json_is_object(value)) ||
           (str_eq(type, "array") && json_is_array(value)) ||
           (str_eq(type, "string") && json_is_string(value)) ||
           (str_eq(type, "boolean") && json_is_boolean(value)) ||
           (str_eq(type, "integer") && json_is_integer(value)) ||
           (str_eq(type, "number") && json_is_number(value)) ||
           (str_eq(type, "null") && json_is_null(value));
}

/* How many of a list of schemas hold; `must` counts members of an array instead. */
static inline size_t schema_count(struct schema_check *c, const json_t *list, const json_t *value)
{
    size_t i, count = 0;
    const json_t *one;
    json_array_foreach(list, i, one)
    {
        count += schema_ok(c, one, value);
    }
    return count;
}

static inline bool schema_has_all(const json_t *names, const json_t *value)
{
    size_t i;
    const json_t *name;
    json_array_foreach(names, i, name)
    {
        if (!json_object_get(value, json_string_value(name)))
            return false;
    }
    return true;
}

static inline bool schema_member_ok(struct schema_check *c, const json_t *schema, const char *key,
                                    const json_t *value)
{
    const json_t *names = json_object_get(schema, "propertyNames");
    const json_t *own = json_object_get(json_object_get(schema, "properties"), key);
    const json_t *other = json_object_get(schema, "additionalProperties");
    json_t *patterns = json_object_get(schema, "patternProperties"), *one;
    json_t *name = json_string(key);
    bool ok = !names || schema_ok(c, names, name), known = own != NULL;
    const char *pattern;
    json_decref(name);
    if (own)
        ok &= schema_ok(c, own, value);
    json_object_foreach(patterns, pattern, one)
    {
        if (!schema_match(c, pattern, key))
            continue;
        known = true;
        ok &= schema_ok(c, one, value);
    }
    return ok && (known || !other || schema_ok(c, other, value));
}

static inline bool schema_object_ok(struct schema_check *c, const json_t *schema,
                                    const json_t *value)
{
    json_t *dependents = json_object_get(schema, "dependentSchemas"), *one;
    const char *key;
    json_object_foreach(schema_loose(value), key, one)
    {
        if (!schema_member_ok(c, schema, key, one))
            return false;
    }
    json_object_foreach(dependents, key, one)
    {
        if (json_object_get(value, key) && !schema_ok(c, one, value))
            return false;
    }
    return schema_has_all(json_object_get(schema, "required"), value) &&
           json_object_size(value) >=
               (size_t)json_integer_value(json_object_get(schema, "minProperties"));
}

static inline bool schema_array_ok(struct schema_check *c, const json_t *schema,
                                   const json_t *value)
{
    const json_t *items = json_object_get(schema, "items"), *one;
    const json_t *contains = json_object_get(schema, "contains");
    const json_t *most = json_object_get(schema, "maxItems");
    size_t i, size = json_array_size(value), count = 0;
    json_array_foreach(value, i, one)
    {
        if (items && !schema_ok(c, items, one))
            return false;
        count += contains && schema_ok(c, contains, one);
    }
    if (contains && count > (size_t)json_integer_value(json_object_get(schema, "maxContains")))
        return false;
    return size >= (size_t)json_integer_value(json_object_get(schema, "minItems")) &&
           (!most || size <= (size_t)json_integer_value(most));
}

static inline bool schema_scalar_ok(struct schema_check *c, const json_t *schema,
                                    const json_t *value)
{
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    const json_t *least = json_object_get(schema, "minimum");
    const json_t *most = json_object_get(schema, "maximum");
    if (json_is_string(value))
        return (!pattern || schema_match(c, pattern, json_string_value(value))) &&
               json_string_length(value) >=
                   (size_t)json_integer_value(json_object_get(schema, "minLength"));
    return !json_is_number(value) ||
           ((!least || json_number_value(value) >= json_number_value(least)) &&
            (!most || json_number_value(value) <= json_number_value(most)));
}
