#include "load/schema.h"

#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_plugin.h"
#include "load/schema_write.h"

static const struct {
    const char *name, *title;
    const struct block *block;
} kinds[SCHEMA_KINDS] = {
    [SCHEMA_PLUGIN] = {"plugin", "A plugin of gritd: questions, signals, rules and their tests",
                       &load_plugin_block},
    [SCHEMA_GRITD] = {"gritd", "gritd.yaml: the configuration of gritd", &load_config_block},
    [SCHEMA_PEOPLE] = {"people", "people.yaml: teams, reps and managers", &load_people_block},
    [SCHEMA_PIPELINE] = {"pipeline", "pipeline.yaml: the stages and their gates",
                         &load_pipeline_block},
};

const char *schema_name(enum schema_kind kind)
{
    return kinds[kind].name;
}

/* --- pieces --- */

void schema_ref(struct schema *s, const char *key, const char *name)
{
    struct strbuf path = {0};
    strbuf_printf(&path, "#/$defs/%s", name);
    jsonw_object(&s->json, key);
    jsonw_text(&s->json, "$ref", strbuf_text(&path));
    jsonw_object_end(&s->json);
    strbuf_done(&path);
}

void schema_pattern(struct schema *s, const char *key, const char *pattern)
{
    struct strbuf text = {0};
    strbuf_printf(&text, "^(%s)$", pattern);
    jsonw_object(&s->json, key);
    jsonw_text(&s->json, "type", "string");
    jsonw_text(&s->json, "pattern", strbuf_text(&text));
    jsonw_object_end(&s->json);
    strbuf_done(&text);
}

void schema_word_members(struct schema *s, const char *const *words)
{
    jsonw_array(&s->json, "enum");
    for (size_t i = 0; words[i]; i++)
        jsonw_text(&s->json, NULL, words[i]);
    jsonw_array_end(&s->json);
}

void schema_words(struct schema *s, const char *key, const char *const *words)
{
    jsonw_object(&s->json, key);
    schema_word_members(s, words);
    jsonw_object_end(&s->json);
}

void schema_any(struct schema *s, const char *key)
{
    jsonw_object(&s->json, key);
    jsonw_array(&s->json, "anyOf");
}

void schema_any_end(struct schema *s)
{
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

void schema_list(struct schema *s, const char *key, int least)
{
    jsonw_object(&s->json, key);
    jsonw_text(&s->json, "type", "array");
    if (least)
        jsonw_int(&s->json, "minItems", least);
}

void schema_list_end(struct schema *s)
{
    jsonw_object_end(&s->json);
}

void schema_add_block(struct schema *s, const struct block *block)
{
    for (size_t i = 0; i < s->block_count; i++) {
        if (s->blocks[i] == block)
            return;
    }
    if (s->block_count < SCHEMA_BLOCKS_MAX)
        s->blocks[s->block_count++] = block;
}

void schema_ref_block(struct schema *s, const char *key, const struct block *block)
{
    schema_add_block(s, block);
    schema_ref(s, key, block_word(block));
}

/* Texts can hold $name anyway; lists and mappings look after it themselves. */
bool schema_takes_input(enum key_form form)
{
    switch ((int)form) {
    case FORM_BOOL:
    case FORM_EVENT:
    case FORM_EVENTS:
    case FORM_STAGE:
    case FORM_STAGES:
    case FORM_ANSWER:
        return true;
    default:
        return form_get(form)->pattern && form != FORM_LIMITS && form != FORM_RULE_ID &&
               form != FORM_FLOW_ID;
    }
}

void schema_input_ref(struct schema *s)
{
    s->inputs_used = true;
    schema_ref(s, NULL, "input-name");
}

void schema_ref_form(struct schema *s, const char *key, enum key_form form)
{
    bool inputs = s->inputs && schema_takes_input(form);
    s->wanted[form] = true;
    if (inputs) {
        schema_any(s, key);
        key = NULL;
    }
    schema_ref(s, key, form_get(form)->name);
    if (inputs) {
        schema_input_ref(s);
        schema_any_end(s);
    }
}

/* --- the whole --- */

static bool write_forms(struct schema *s)
{
    bool any = false;
    for (int i = 0; i < FORM_COUNT; i++) {
        if (!s->wanted[i] || s->written[i])
            continue;
        any = s->written[i] = true;
        jsonw_object(&s->json, form_get((enum key_form)i)->name);
        schema_form(s, (enum key_form)i);
        jsonw_object_end(&s->json);
    }
    return any;
}

static void write_definitions(struct schema *s)
{
    size_t blocks = 1;
    bool tests = false, more = true;
    jsonw_object(&s->json, "$defs");
    while (more) {
        more = false;
        for (; blocks < s->block_count; blocks++) {
            jsonw_object(&s->json, block_word(s->blocks[blocks]));
            schema_block(s, s->blocks[blocks]);
            jsonw_object_end(&s->json);
            more = true;
        }
        more |= write_forms(s);
        if (s->tests && !tests) {
            tests = more = true;
            schema_tests(s);
        }
    }
    if (s->inputs_used)
        schema_pattern(s, "input-name", "\\$[a-z][a-z0-9_-]*");
    jsonw_object_end(&s->json);
}

void schema_write(enum schema_kind kind, const struct load_platforms *platforms, struct strbuf *out)
{
    struct schema s = {.kind = kind, .platforms = platforms};
    struct strbuf compact = {0}, id = {0};
    strbuf_printf(&id, "urn:gritd:schema:%s", kinds[kind].name);
    jsonw_begin(&s.json, &compact);
    jsonw_object(&s.json, NULL);
    jsonw_text(&s.json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    jsonw_text(&s.json, "$id", strbuf_text(&id));
    jsonw_text(&s.json, "title", kinds[kind].title);
    schema_add_block(&s, kinds[kind].block);
    schema_block(&s, kinds[kind].block);
    write_definitions(&s);
    jsonw_object_end(&s.json);
    schema_pretty(strbuf_text(&compact), out);
    strbuf_done(&compact);
    strbuf_done(&id);
}
