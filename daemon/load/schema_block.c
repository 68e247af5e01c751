/* One block of the tables: its keys, and how they go together. */
#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_flow.h"
#include "load/load_stretch.h"
#include "load/load_unlock.h"
#include "load/schema_write.h"

enum { GROUPS_MAX = 8 };

/* --- one key --- */

static void write_default(struct schema *s, const struct key *key)
{
    int64_t number;
    if (!key->preset || key->preset[0] == '[')
        return;
    if (form_of_key(key) == FORM_BOOL)
        jsonw_bool(&s->json, "default", str_eq(key->preset, "true"));
    else if (!str_to_i64(key->preset, &number))
        jsonw_int(&s->json, "default", number);
    else
        jsonw_text(&s->json, "default", key->preset);
}

/* What is checked on the spot: words, numbers, true and false. */
static void write_plain(struct schema *s, const struct key *key, enum key_form form)
{
    if (form == FORM_WORD) {
        schema_word_members(s, key->words);
    } else if (form == FORM_BOOL) {
        jsonw_text(&s->json, "type", "boolean");
    } else {
        jsonw_text(&s->json, "type", "integer");
        jsonw_int(&s->json, "minimum", key->min);
        jsonw_int(&s->json, "maximum", key->max);
    }
}

static void write_form(struct schema *s, const struct key *key, enum key_form form)
{
    bool plain = form == FORM_WORD || form == FORM_BOOL || form == FORM_INT;
    bool inputs = s->inputs && (plain || schema_takes_input(form));
    struct strbuf path = {0};
    if (!plain)
        s->wanted[form] = true;
    if (inputs) {
        jsonw_array(&s->json, "anyOf");
        jsonw_object(&s->json, NULL);
    }
    strbuf_printf(&path, "#/$defs/%s", form_get(form)->name ? form_get(form)->name : "");
    if (plain)
        write_plain(s, key, form);
    else
        jsonw_text(&s->json, "$ref", strbuf_text(&path));
    if (inputs) {
        jsonw_object_end(&s->json);
        schema_input_ref(s);
        jsonw_array_end(&s->json);
    }
    strbuf_done(&path);
}

static void write_held_block(struct schema *s, const struct key *key)
{
    switch (key->holds) {
    case HOLDS_ONE:
        schema_add_block(s, key->block);
        jsonw_array(&s->json, "allOf");
        schema_ref_block(s, NULL, key->block);
        jsonw_array_end(&s->json);
        break;
    case HOLDS_LIST:
        jsonw_text(&s->json, "type", "array");
        if (key->min)
            jsonw_int(&s->json, "minItems", key->min);
        if (key->max)
            jsonw_int(&s->json, "maxItems", key->max);
        schema_ref_block(s, "items", key->block);
        break;
    case HOLDS_NAMED:
        jsonw_text(&s->json, "type", "object");
        if (key->block == &input_block) {
            jsonw_object(&s->json, "propertyNames");
            jsonw_text(&s->json, "pattern", "^[a-z][a-z0-9_-]*$");
            jsonw_object_end(&s->json);
        }
        schema_ref_block(s, "additionalProperties", key->block);
        break;
    }
}

static void write_key(struct schema *s, const struct key *key)
{
    enum key_form form = form_of_key(key);
    struct strbuf help = {0};
    jsonw_object(&s->json, key->name);
    strbuf_puts(&help, key->help);
    if (help.len && help.data[0] >= 'a' && help.data[0] <= 'z' &&
        !(key->words && words_find(key->words, key->help) >= 0))
        help.data[0] = (char)(help.data[0] - 'a' + 'A');
    if (key->example)
        strbuf_printf(&help, ". Example: %s: %s", key->name, key->example);
    jsonw_text(&s->json, "description", strbuf_text(&help));
    write_default(s, key);
    if (form == FORM_NONE && key->block)
        write_held_block(s, key);
    else
        write_form(s, key, form);
    jsonw_object_end(&s->json);
    strbuf_done(&help);
}

/* --- how the keys of a block go together --- */

static void write_required(struct schema *s, const char *name)
{
    jsonw_object(&s->json, NULL);
    jsonw_array(&s->json, "required");
    jsonw_text(&s->json, NULL, name);
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

static void write_group(struct schema *s, const struct block *block, const char *group)
{
    jsonw_object(&s->json, NULL);
    jsonw_array(&s->json, "oneOf");
    for (size_t i = 0; i < block->count; i++) {
        if (str_eq(block->keys[i].one_of, group))
            write_required(s, block->keys[i].name);
    }
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

/* Each input's default is of its own type. */
static void write_input_types(struct schema *s)
{
    const char *word;
    enum key_form form;
    for (size_t i = 0; load_input_type_at(i, &word, &form); i++) {
        jsonw_object(&s->json, NULL);
        jsonw_object(&s->json, "if");
        jsonw_object(&s->json, "properties");
        jsonw_object(&s->json, "type");
        jsonw_text(&s->json, "const", word);
        jsonw_object_end(&s->json);
        jsonw_object_end(&s->json);
        jsonw_object_end(&s->json);
        jsonw_object(&s->json, "then");
        jsonw_object(&s->json, "properties");
        schema_ref_form(s, "default", form);
        jsonw_object_end(&s->json);
        jsonw_object_end(&s->json);
        jsonw_object_end(&s->json);
    }
}

/* Every rule has an area: its own, or that of the plugin. */
static void write_area(struct schema *s)
{
    jsonw_object(&s->json, NULL);
    jsonw_array(&s->json, "anyOf");
    write_required(s, "area");
    jsonw_raw(&s->json, NULL, "{\"properties\":{\"rules\":{\"items\":{\"required\":[\"area\"]}}}}");
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

/* `to` is the end of a time_from, or the baseline of a ratio. */
static void write_signal_to(struct schema *s, const char *kind)
{
    bool ratio = str_eq(kind, "ratio");
    jsonw_object(&s->json, NULL);
    jsonw_object(&s->json, "if");
    jsonw_array(&s->json, "required");
    jsonw_text(&s->json, NULL, kind);
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object(&s->json, "then");
    jsonw_object(&s->json, "properties");
    if (ratio)
        schema_ref_block(s, "to", &signal_baseline_block);
    else
        schema_ref_form(s, "to", FORM_FILTER);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
}

static void write_groups(struct schema *s, const struct block *block)
{
    const char *groups[GROUPS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < block->count; i++) {
        const char *group = block->keys[i].one_of;
        bool known = !group;
        for (size_t k = 0; k < count && group; k++)
            known |= str_eq(groups[k], group);
        if (!known && count < GROUPS_MAX)
            groups[count++] = group;
    }
    if (!count && block != &input_block && block != &load_plugin_block)
        return;
    jsonw_array(&s->json, "allOf");
    for (size_t i = 0; i < count; i++)
        write_group(s, block, groups[i]);
    if (block == &input_block)
        write_input_types(s);
    if (block == &load_plugin_block)
        write_area(s);
    if (block == &signal_block) {
        write_signal_to(s, "ratio");
        write_signal_to(s, "time_from");
    }
    jsonw_array_end(&s->json);
}

/* "only with" and "needs": dependentSchemas, since any one of several keys may do. */
static void write_dependents(struct schema *s, const struct block *block)
{
    bool any = false;
    for (size_t i = 0; i < block->count; i++) {
        const struct key *key = &block->keys[i];
        if (!key->with && !key->needs)
            continue;
        if (!any)
            jsonw_object(&s->json, "dependentSchemas");
        any = true;
        jsonw_object(&s->json, key->name);
        if (key->needs) {
            jsonw_array(&s->json, "required");
            jsonw_text(&s->json, NULL, key->needs);
            jsonw_array_end(&s->json);
        }
        if (key->needs_word) {
            jsonw_object(&s->json, "properties");
            jsonw_object(&s->json, key->needs);
            jsonw_text(&s->json, "const", key->needs_word);
            jsonw_object_end(&s->json);
            jsonw_object_end(&s->json);
        }
        if (key->with) {
            jsonw_array(&s->json, "anyOf");
            for (size_t k = 0; key->with[k]; k++)
                write_required(s, key->with[k]);
            jsonw_array_end(&s->json);
        }
        jsonw_object_end(&s->json);
    }
    if (any)
        jsonw_object_end(&s->json);
}

/* Blocks in whose values $name can stand. */
static bool takes_inputs(const struct block *block)
{
    const struct block *const blocks[] = {
        &question_block,
        &flow_block,
        &step_block,
        &step_ask_block,
        &step_plan_block,
        &step_request_block,
        &signal_block,
        &rule_block,
        &missing_block,
        &signal_measure_block,
        &signal_baseline_block,
        &section_block,
        &offer_block,
        &stretch_block,
        &unlock_block,
        &rung_block,
    };
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
        if (blocks[i] == block)
            return true;
    }
    return str_eq(block_word(block), "filter");
}

void schema_block(struct schema *s, const struct block *block)
{
    bool required = false;
    s->inputs = takes_inputs(block);
    if (block == &test_person_block)
        jsonw_raw(&s->json, "type", "[\"object\",\"null\"]");
    else
        jsonw_text(&s->json, "type", "object");
    jsonw_object(&s->json, "properties");
    for (size_t i = 0; i < block->count; i++) {
        write_key(s, &block->keys[i]);
        required |= block->keys[i].required;
    }
    jsonw_object_end(&s->json);
    if (required) {
        jsonw_array(&s->json, "required");
        for (size_t i = 0; i < block->count; i++) {
            if (block->keys[i].required)
                jsonw_text(&s->json, NULL, block->keys[i].name);
        }
        jsonw_array_end(&s->json);
    }
    jsonw_bool(&s->json, "additionalProperties", false);
    write_groups(s, block);
    write_dependents(s, block);
    s->inputs = false;
}
