/* The schemas against the tables they are made of, the shipped files, and documents made at random.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/jsonw.h"
#include "io/files.h"
#include "io/platforms.h"
#include "load/blocks.h"
#include "load/load_plugin.h"
#include "load/load_tests.h"
#include "load/manual.h"
#include "load/schema.h"
#include "load_check.h"
#include "schema_object.h"
#include "schema_refusals.h"
#include "yaml_json.h"

enum { PLUGINS = 1500, OTHERS = 400, FILE_BYTES = 4 * 1024 * 1024 };

static char *read_new(const char *path)
{
    char full[512], *text;
    size_t length;
    struct err err = {0};
    (void)snprintf(full, sizeof(full), "%s/%s", GRITD_SOURCE_DIR, path); /* short */
    if (file_read(full, FILE_BYTES, &err, &text, &length))
        fail_msg("%s", err.text);
    return text;
}

static json_t *schema_new(enum schema_kind kind)
{
    struct strbuf out = {0};
    json_error_t error;
    schema_write(kind, platforms_for_load(), &out);
    json_t *schema = json_loads(strbuf_text(&out), JSON_REJECT_DUPLICATES, &error);
    if (!schema)
        fail_msg("the schema is no JSON: %s at line %d", error.text, error.line);
    strbuf_done(&out);
    return schema;
}

static void schema_committed_file_is_what_the_tables_say(void **state)
{
    (void)state;
    for (int kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct strbuf path = {0}, out = {0};
        strbuf_printf(&path, "config/%s.schema.json", schema_name((enum schema_kind)kind));
        CLEANUP_FREE char *committed = read_new(strbuf_text(&path));
        schema_write((enum schema_kind)kind, platforms_for_load(), &out);
        if (!str_eq(committed, strbuf_text(&out)))
            fail_msg("%s is old; write it anew: gritctl schema %s > %s", strbuf_text(&path),
                     schema_name((enum schema_kind)kind), strbuf_text(&path));
        strbuf_done(&path);
        strbuf_done(&out);
    }
}

/* The properties of a block: at the top of one of the schemas, or a definition in one. */
static json_t *properties_of(json_t *const *schemas, const struct block *block)
{
    static const struct block *const roots[] = {&load_plugin_block, &load_config_block,
                                                &load_people_block, &load_pipeline_block};
    for (int i = 0; i < SCHEMA_KINDS; i++) {
        json_t *definition =
            json_object_get(json_object_get(schemas[i], "$defs"), block_word(block));
        if (roots[i] == block)
            return json_object_get(schemas[i], "properties");
        if (json_object_get(definition, "properties"))
            return json_object_get(definition, "properties");
    }
    fail_msg("no schema has %s", block->name);
    return NULL;
}

static void schema_of_every_block_has_its_keys_and_no_others(void **state)
{
    json_t *schemas[SCHEMA_KINDS];
    const struct block *block;
    (void)state;
    for (int i = 0; i < SCHEMA_KINDS; i++)
        schemas[i] = schema_new((enum schema_kind)i);
    for (size_t i = 0; (block = manual_block(i)); i++) {
        const json_t *properties = properties_of(schemas, block);
        size_t count = 0;
        for (size_t k = 0; k < block->count; k++) {
            const struct key *key = &block->keys[k];
            bool there = json_object_get(properties, key->name) != NULL;
            if (!there)
                fail_msg("%s: '%s' is not in the schema", block->name, key->name);
            if (key->type == KEY_OTHER && !key->form && !key->words && !key->block)
                fail_msg("%s: '%s' does not say what it holds", block->name, key->name);
            count += there;
        }
        if (!str_eq(block_word(block), "chat")) /* it has the platforms too */
            assert_int_equal(json_object_size(properties), count);
    }
    for (int i = 0; i < SCHEMA_KINDS; i++)
        json_decref(schemas[i]);
}

static void schema_of_conditions_has_every_field_and_test(void **state)
{
    json_t *schema = schema_new(SCHEMA_PLUGIN), *defs = json_object_get(schema, "$defs");
    const json_t *fields = json_object_get(json_object_get(defs, "if"), "properties");
    const struct field_test *test;
    (void)state;
    for (int i = 0; i < FIELD_SIGNAL; i++) {
        if (!json_object_get(fields, field_name((enum field)i)))
            fail_msg("no field %s", field_name((enum field)i));
    }
    for (size_t i = 0; (test = load_field_test_at(i)); i++) {
        CLEANUP_FREE char *all = json_dumps(defs, JSON_COMPACT);
        struct strbuf name = {0};
        strbuf_printf(&name, "\"%s\":{", test->name);
        if (!strstr(all, strbuf_text(&name)))
            fail_msg("no test %s", test->name);
        strbuf_done(&name);
    }
    json_decref(schema);
}

static void schema_fits_the_shipped_files(void **state)
{
    static const struct {
        enum schema_kind kind;
        const char *path;
    } files[] = {
        {SCHEMA_PLUGIN, "plugins/grit-praise.yaml"},
        {SCHEMA_PLUGIN, "plugins/stage-questions.yaml"},
        {SCHEMA_PLUGIN, "plugins/two-sided-gates.yaml"},
        {SCHEMA_PLUGIN, "plugins/weekly.yaml"},
        {SCHEMA_GRITD, "config/gritd.yaml"},
        {SCHEMA_GRITD, "config/try/gritd.yaml"},
        {SCHEMA_PEOPLE, "config/people.yaml"},
        {SCHEMA_PEOPLE, "config/try/people.yaml"},
        {SCHEMA_PIPELINE, "config/pipeline.yaml"},
        {SCHEMA_PIPELINE, "config/try/pipeline.yaml"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        json_t *schema = schema_new(files[i].kind);
        CLEANUP_FREE char *yaml = read_new(files[i].path);
        json_t *document = yaml_json_text(yaml);
        struct schema_check check;
        schema_check_init(&check, schema);
        if (!schema_ok(&check, schema, document))
            fail_msg("%s does not fit the schema", files[i].path);
        schema_check_done(&check);
        json_decref(document);
        json_decref(schema);
    }
}

static void schema_refuses_what_the_loader_refuses(void **state)
{
    static const char *const rules[] = {
        "whem: deal.lost, tell: x", /* a mistyped key */
        "when: deal.lots, tell: x", /* a mistyped event */
        "when: deal.lost, every: weekday at 09:00, tell: x",
        "when: deal.lost",                     /* does nothing */
        "when: deal.lost, tell: x, praise: x", /* does two things */
        "when: deal.lost, tell: x, via: bot",  /* belongs to praise */
        "when: deal.lost, tell: x, zone: UTC", /* belongs to a schedule */
        "every: whenever it suits, tell: x",
        "when: deal.lost, tell: x, for: 3 moons",
        "when: deal.lost, tell: x, limit: [1 per deal, 2 per deal]",
        "when: deal.lost, tell: x, if: {sied: seller}",
        "when: deal.lost, tell: x, if: {side: {at_least: 3}}",
        "when: deal.lost, tell: x, if: {deal.stage: [proposed]}",
        "when: deal.lost, tell: x, before: {event: activity.planned, by: 2h}",
        "when: deal.lost, tell: x, to: channel",
        "every: Friday at 16:00, digest: []",
        "when: deal.lost, digest: [{text: x}]",
        "every: Friday at 16:00, digest: [{each: stage, text: x}]",
        "when: deal.won, suggest: {text: x}",
        "when: deal.won, suggest: {text: x, resource: y, peer: true, topic: z}",
        "when: deal.won, suggest: {text: x, peer: true}",
        "when: deal.lost, tell: x, reminders: on",
        "when: deal.lost, tell: x, outcome: {event: deal.won}",
        "when: deal.lost, tell: x, experiment: {arms: {this: 0.5, nothing: 0.5}}",
        "when: deal.lost, tell: x, outcome: {event: deal.won, within: 1d}, experiment: {}",
        "when: deal.lost, tell: x, outcome: {event: deal.won, within: 1d}, "
        "experiment: {arms: {this: 1.5, nothing: 0.5}}",
        "when: deal.lost, tell: x, outcome: {event: deal.won, within: 1d}, "
        "experiment: {arms: {this: 1}}",
        "when: deal.lost, tell: x, ramp: 0%",
        "when: deal.lost, tell: x, ramp: 20",
    };
    json_t *schema = schema_new(SCHEMA_PLUGIN);
    struct schema_check check;
    (void)state;
    schema_check_init(&check, schema);
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct strbuf yaml = {0};
        strbuf_printf(&yaml, "{plugin: p, area: skill, rules: [{rule: r, %s}]}", rules[i]);
        struct loaded l = load_given(&(struct load_given){.plugins = {strbuf_text(&yaml)}});
        json_t *document = yaml_json_text(strbuf_text(&yaml));
        if (!l.problems.errors || schema_ok(&check, schema, document))
            fail_msg("%s is taken by %s", rules[i],
                     l.problems.errors ? "the schema" : "the loader");
        json_decref(document);
        load_done(&l);
        strbuf_done(&yaml);
    }
    schema_check_done(&check);
    json_decref(schema);
}

/* --- documents made at random --- */

struct tally {
    int made, valid, loaded;
    int refused[ARRAY_LEN(refusals)];
};

/* With the platforms that the schema was made for. */
static struct loaded load_gritd(const char *yaml)
{
    struct loaded l = {0};
    struct load_file file = load_check_file("gritd.yaml", yaml);
    problems_init(&l.problems);
    l.result = load_config(&file, platforms_for_load(), &l.problems, &l.config);
    return l;
}

static struct loaded load_document(enum schema_kind kind, const char *yaml)
{
    struct load_given given = {0};
    if (kind == SCHEMA_GRITD)
        return load_gritd(yaml);
    if (kind == SCHEMA_PLUGIN)
        given.plugins[0] = yaml;
    else if (kind == SCHEMA_PEOPLE)
        given.people = yaml;
    else
        given.pipeline = yaml;
    return load_given(&given);
}

static void try_document(enum schema_kind kind, json_t *document, struct tally *tally)
{
    struct strbuf yaml = {0};
    bool clean = true;
    yaml_json_write(document, &yaml);
    struct loaded l = load_document(kind, strbuf_text(&yaml));
    for (int i = 0; i < l.problems.count; i++) {
        const struct problem *problem = &l.problems.list[i];
        size_t which = problem->warning ? 0 : refusal_of(problem);
        if (which == ARRAY_LEN(refusals) && follows(&l.problems, problem))
            which = refusal_of(&(struct problem){.code = "unknown-input", .text = ""});
        if (which == ARRAY_LEN(refusals))
            fail_msg("the schema takes what the loader refuses: %s [%s]\n%s", problem->text,
                     problem->code, strbuf_text(&yaml));
        clean &= problem->warning;
        tally->refused[which] += !problem->warning;
    }
    tally->loaded += clean;
    load_done(&l);
    strbuf_done(&yaml);
}

static void print_tally(enum schema_kind kind, const struct tally *tally)
{
    print_message("%s: %d made, %d fit the schema, %d load; refused for what a schema cannot say:",
                  schema_name(kind), tally->made, tally->valid, tally->loaded);
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        if (tally->refused[i])
            print_message(" %s%s%s%s %d;", refusals[i].code, refusals[i].text ? " (" : "",
                          refusals[i].text ? refusals[i].text : "", refusals[i].text ? ")" : "",
                          tally->refused[i]);
    }
    print_message("\n");
}

static void run_random(enum schema_kind kind, int count, uint64_t seed)
{
    json_t *schema = schema_new(kind);
    struct schema_random random = {.chance = {seed}};
    struct tally tally = {0};
    schema_check_init(&random.check, schema);
    for (; tally.made < count; tally.made++) {
        json_t *document = random_document(&random);
        if (schema_ok(&random.check, schema, document)) {
            tally.valid++;
            try_document(kind, document, &tally);
        }
        json_decref(document);
    }
    print_tally(kind, &tally);
    assert_true(tally.valid * 10 >= tally.made * 7); /* the walk is a walk of the schema */
    assert_true(tally.loaded * 20 >= tally.valid * 3);
    schema_check_done(&random.check);
    json_decref(random.kept);
    json_decref(schema);
}

static uint64_t seed_given(void)
{
    const char *text = getenv("GRITD_SEED");
    return text ? strtoull(text, NULL, 10) | 1 : 20260302;
}

static void schema_valid_plugin_loads(void **state)
{
    (void)state;
    run_random(SCHEMA_PLUGIN, PLUGINS, seed_given());
}

static void schema_valid_other_file_loads(void **state)
{
    (void)state;
    run_random(SCHEMA_GRITD, OTHERS, seed_given() + 2);
    run_random(SCHEMA_PEOPLE, OTHERS, seed_given() + 4);
    run_random(SCHEMA_PIPELINE, OTHERS, seed_given() + 6);
}

/* The same files with a validator that is not ours, where the machine has one. */
static void schema_agrees_with_another_validator(void **state)
{
    (void)state;
    int status =
        system("python3 " GRITD_SOURCE_DIR "/tests/unit/schema_python.py " GRITD_SOURCE_DIR);
    if (status == 77 << 8)
        skip();
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_committed_file_is_what_the_tables_say),
        cmocka_unit_test(schema_of_every_block_has_its_keys_and_no_others),
        cmocka_unit_test(schema_of_conditions_has_every_field_and_test),
        cmocka_unit_test(schema_fits_the_shipped_files),
        cmocka_unit_test(schema_refuses_what_the_loader_refuses),
        cmocka_unit_test(schema_valid_plugin_loads),
        cmocka_unit_test(schema_valid_other_file_loads),
        cmocka_unit_test(schema_agrees_with_another_validator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
