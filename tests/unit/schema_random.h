/* schema_random.h: random documents, made by walking a schema. What a schema cannot say (which
 * names exist, what a question is) comes from here, most of the time. Include after cmocka.h. */
#pragma once
#include "pattern_random.h"
#include "schema_rules.h"

enum { RANDOM_DEPTH_MAX = 9, RANDOM_NAMES_MAX = 24 };

struct random_names {
    const char *list[RANDOM_NAMES_MAX];
    const char *kinds[RANDOM_NAMES_MAX]; /* of test a signal or an answer takes, or NULL */
    size_t count;
};

struct schema_random {
    struct schema_check check;
    struct chance chance;
    struct random_names questions, signals, rules, flows;
    json_t *kept; /* what the names point into */
    int number;   /* of the document, for names that no other has */
};

static json_t *random_value(struct schema_random *r, const json_t *schema, int depth);
static json_t *random_object(struct schema_random *r, const json_t *schema, int depth);

static inline json_t *random_pick(struct schema_random *r, const char *const *list, size_t count)
{
    return json_string(list[chance_below(&r->chance, (uint32_t)count)]);
}

static inline json_t *random_text(struct schema_random *r)
{
    static const char *const texts[] = {
        "a plain text",           "Acme rollout", "x",   "12 o'clock: now",
        "{{deal.name}} and more", "naïve café",   "why?"};
    return random_pick(r, texts, ARRAY_LEN(texts));
}

static inline json_t *random_known(struct schema_random *r, const struct random_names *names)
{
    if (!names->count || chance_of(&r->chance, 1))
        return json_string("nobody-knows");
    return json_string(names->list[chance_below(&r->chance, (uint32_t)names->count)]);
}

static inline json_t *random_pool(struct schema_random *r, const char *name)
{
    static const char *const zones[] = {"UTC", "America/Denver", "Europe/Berlin"};
    static const char *const asks[] = {"What did they say?",
                                       "{{deal.name}}: what is the next step?",
                                       "{{#deal.contact}}What has {{deal.contact}} "
                                       "said?{{/deal.contact}}{{^deal.contact}}What has "
                                       "your contact said?{{/deal.contact}}"};
    static const char *const praise[] = {"You went back to {{deal.name}}. Thank you.",
                                         "On {{event.time|date}} you were there again.",
                                         "{{deal.name|The deal}} was hard work, and I saw it."};
    static const char *const times[] = {"2026-03-02 10:00", "2026-03-04 18:00 America/Denver",
                                        "2026-03-03T12:00:00Z"};
    char text[32];
    if (chance_of(&r->chance, 1))
        return NULL;
    if (str_eq(name, "test_time"))
        return random_pick(r, times, ARRAY_LEN(times));
    if (str_eq(name, "zone"))
        return random_pick(r, zones, ARRAY_LEN(zones));
    if (str_eq(name, "question_texts"))
        return random_pick(r, asks, ARRAY_LEN(asks));
    if (str_eq(name, "praise"))
        return random_pick(r, praise, ARRAY_LEN(praise));
    if (str_eq(name, "question_ids"))
        return random_known(r, &r->questions);
    if (str_eq(name, "arms"))
        return json_pack("{s:f,s:f}", "this", 0.75, "nothing", 0.25);
    if (str_eq(name, "step-if") && chance_of(&r->chance, 80))
        return json_pack("{s:{s:i}}", "rep.open_deals", "at_least", 3);
    if (str_eq(name, "signal_ids"))
        return random_known(r, &r->signals);
    if (str_eq(name, "flow_id"))
        return random_known(r, &r->flows);
    if (str_eq(name, "rule_id") || str_eq(name, "rule_ids"))
        return random_known(r, &r->rules);
    if (str_eq(name, "name")) {
        (void)snprintf(text, sizeof(text), "n%d-%u", r->number, chance_below(&r->chance, 1000000));
        return json_string(text);
    }
    return NULL;
}

/* A reference: most names of things come from the pools. */
static inline json_t *random_ref(struct schema_random *r, const json_t *schema, const char *ref,
                                 int depth)
{
    json_t *value = random_pool(r, ref + strlen("#/$defs/"));
    const json_t *target = schema_target(&r->check, ref);
    (void)schema;
    return value ? value : random_value(r, target, depth);
}

static inline json_t *random_string(struct schema_random *r, const json_t *schema)
{
    const char *pattern = json_string_value(json_object_get(schema, "pattern"));
    struct strbuf text = {0};
    if (!pattern)
        return random_text(r);
    pattern_random(&r->chance, pattern, &text);
    json_t *string = json_string(strbuf_text(&text));
    strbuf_done(&text);
    return string;
}

static inline json_t *random_number(struct schema_random *r, const json_t *schema, bool whole)
{
    const json_t *least = json_object_get(schema, "minimum");
    const json_t *most = json_object_get(schema, "maximum");
    json_int_t low = json_integer_value(least);
    json_int_t high = most ? json_integer_value(most) : low + 1000;
    if (chance_of(&r->chance, 80) && high > low + 5)
        high = low + 5;
    json_int_t number = low + chance_below(&r->chance, (uint32_t)(high - low + 1));
    return whole || chance_of(&r->chance, 70) ? json_integer(number)
                                              : json_real((double)number + 0.25);
}

static inline json_t *random_list(struct schema_random *r, const json_t *schema, int depth)
{
    const json_t *items = json_object_get(schema, "items"),
                 *most = json_object_get(schema, "maxItems");
    uint32_t least = (uint32_t)json_integer_value(json_object_get(schema, "minItems"));
    uint32_t limit = most ? (uint32_t)json_integer_value(most) : least + 3;
    uint32_t count =
        least + chance_below(&r->chance, (limit > least + 3 ? least + 3 : limit) - least + 1);
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++)
        (void)json_array_append_new(list, random_value(r, items, depth + 1)); /* memory only */
    return list;
}

static inline const char *random_type(struct schema_random *r, const json_t *schema)
{
    const json_t *type = json_object_get(schema, "type");
    if (json_is_array(type))
        type = json_array_get(type, chance_below(&r->chance, (uint32_t)json_array_size(type)));
    if (type)
        return json_string_value(type);
    return json_object_get(schema, "properties") ? "object" : "string";
}

/* One alternative; inputs only now and then, since the documents have none. */
static inline const json_t *random_branch(struct schema_random *r, const json_t *list)
{
    for (int i = 0; i < 20; i++) {
        const json_t *one =
            json_array_get(list, chance_below(&r->chance, (uint32_t)json_array_size(list)));
        const char *ref = json_string_value(json_object_get(one, "$ref"));
        if (!ref || !str_eq(ref, "#/$defs/input-name") || !chance_below(&r->chance, 200))
            return one;
    }
    return json_array_get(list, 0);
}

static json_t *random_value(struct schema_random *r, const json_t *schema, int depth)
{
    const json_t *fixed = json_object_get(schema, "const"), *list = json_object_get(schema, "enum");
    const json_t *any = json_object_get(schema, "anyOf"), *all = json_object_get(schema, "allOf");
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    if (fixed)
        return json_deep_copy(fixed);
    if (list)
        return json_deep_copy(
            json_array_get(list, chance_below(&r->chance, (uint32_t)json_array_size(list))));
    if (ref)
        return random_ref(r, schema, ref, depth);
    if (any && !json_object_get(schema, "properties"))
        return random_value(r, random_branch(r, any), depth);
    if (all && !json_object_get(schema, "properties")) {
        json_t *value = random_value(r, json_array_get(all, 0), depth);
        for (int i = 0; i < 20 && !schema_ok(&r->check, schema, value); i++) {
            json_decref(value);
            value = random_value(r, json_array_get(all, 0), depth);
        }
        return value;
    }
    const char *type = random_type(r, schema);
    if (str_eq(type, "object"))
        return random_object(r, schema, depth);
    if (str_eq(type, "array"))
        return random_list(r, schema, depth);
    if (str_eq(type, "boolean"))
        return json_boolean(chance_of(&r->chance, 50));
    if (str_eq(type, "null"))
        return json_null();
    if (str_eq(type, "integer") || str_eq(type, "number"))
        return random_number(r, schema, str_eq(type, "integer"));
    return random_string(r, schema);
}
