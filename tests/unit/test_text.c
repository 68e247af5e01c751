#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "core/text.h"
#include "shared.h"

static const char *const filters[] = {"date", "first_name", "money", NULL};

/* --- a source over JSON: the data of the specification's cases --- */

struct world {
    const json_t *root;
    bool html;
    struct arena arena;
};

static struct text_node node_of(struct world *world, const json_t *value)
{
    struct text_node node = {.kind = TEXT_FALSE, .data = value};
    if (!value)
        return (struct text_node){.kind = TEXT_MISSING};
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        node.kind = TEXT_OBJECT;
        break;
    case JSON_ARRAY:
        node.kind = TEXT_LIST;
        break;
    case JSON_STRING:
        node.kind = TEXT_VALUE;
        node.value = json_string_value(value);
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        node.kind = TEXT_VALUE;
        node.value = arena_printf(&world->arena, "%g", json_number_value(value));
        break;
    case JSON_TRUE:
        node.kind = TEXT_VALUE;
        node.value = "true";
        break;
    case JSON_FALSE:
    case JSON_NULL:
        break;
    }
    return node;
}

static struct text_node world_lookup(void *user, const void *scope, const char *name, long bound)
{
    struct world *world = user;
    const json_t *at = scope ? scope : world->root;
    (void)bound; /* nothing was bound */
    if (strcmp(name, ".") == 0)
        return node_of(world, at);
    char words[256];
    (void)snprintf(words, sizeof(words), "%s", name);
    char *rest, *word = strtok_r(words, ".", &rest);
    const json_t *found = json_object_get(at, word);
    if (!found)
        return (struct text_node){.kind = TEXT_MISSING};
    while (found && (word = strtok_r(NULL, ".", &rest)))
        found = json_object_get(found, word);
    return found ? node_of(world, found) : (struct text_node){.kind = TEXT_FALSE};
}

static struct text_node world_item(void *user, const void *list, size_t index)
{
    return node_of(user, json_array_get(list, index));
}

static const char *world_filter(void *user, const char *filter, struct text_node node)
{
    struct world *world = user;
    if (strcmp(filter, "first_name") != 0)
        return NULL;
    return arena_strndup(&world->arena, node.value, strcspn(node.value, " "));
}

static void world_write(void *user, struct strbuf *out, const char *value, bool raw)
{
    const struct world *world = user;
    for (const char *p = value; *p; p++) {
        const char *entity = *p == '&'   ? "&amp;"
                             : *p == '"' ? "&quot;"
                             : *p == '<' ? "&lt;"
                             : *p == '>' ? "&gt;"
                                         : NULL;
        if (entity && world->html && !raw)
            strbuf_puts(out, entity);
        else
            strbuf_putc(out, *p);
    }
}

static char *render_new(const struct text *text, const json_t *data, bool html, int *ret_missing)
{
    struct world world = {.root = data, .html = html};
    struct text_source source = {.lookup = world_lookup,
                                 .item = world_item,
                                 .filter = world_filter,
                                 .write = world_write,
                                 .user = &world};
    struct strbuf out;
    strbuf_init(&out, 1 << 20);
    text_render(text, &source, &out, ret_missing);
    assert_false(out.overflow);
    arena_done(&world.arena);
    return strbuf_take(&out);
}

static void check(const char *template, const char *data, const char *expected, int missing)
{
    struct err err = {0};
    struct text *text = NULL;
    int got_missing = -1;
    json_t *root = json_loads(data, JSON_DECODE_ANY, NULL);
    assert_non_null(root);
    if (text_compile(template, filters, NULL, NULL, &err, &text))
        fail_msg("%s: %s", template, err.text);
    assert_string_equal(text_template(text), template);
    char *got = render_new(text, root, false, &got_missing);
    assert_string_equal(got, expected);
    assert_int_equal(got_missing, missing);
    free(got);
    text_free(text);
    json_decref(root);
}

static void refuse(const char *template, const char *words)
{
    struct err err = {0};
    struct text *text = NULL;
    int result = text_compile(template, filters, NULL, NULL, &err, &text);
    if (!result)
        fail_msg("accepted: %s", template);
    assert_null(text);
    assert_int_equal(result, -err.code);
    if (strcmp(err.text, words) != 0)
        fail_msg("%s\n  says     %s\n  expected %s", template, err.text, words);
}

/* --- the specification --- */

static int run_spec(const char *name, bool refused)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "testdata/mustache-spec/%s.json", name);
    char *bytes = shared_read_new(path, NULL);
    if (!bytes)
        skip();
    json_t *root = json_loads(bytes, 0, NULL), *test;
    size_t i;
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "tests"), i, test)
    {
        const char *title = json_string_value(json_object_get(test, "name"));
        const char *expected = json_string_value(json_object_get(test, "expected"));
        struct err err = {0};
        struct text *text = NULL;
        int result = text_compile(json_string_value(json_object_get(test, "template")), filters,
                                  NULL, NULL, &err, &text);
        if (refused) {
            if (!result || (!strstr(err.text, "partials") && !strstr(err.text, "delimiters")))
                fail_msg("%s: %s: not refused for its reason: %s", name, title, err.text);
            continue;
        }
        if (result)
            fail_msg("%s: %s: %s", name, title, err.text);
        char *got = render_new(text, json_object_get(test, "data"), true, NULL);
        if (strcmp(got, expected) != 0)
            fail_msg("%s: %s\n  got      \"%s\"\n  expected \"%s\"", name, title, got, expected);
        free(got);
        text_free(text);
    }
    json_decref(root);
    free(bytes);
    return (int)i;
}

static void text_spec_comments(void **state)
{
    (void)state;
    assert_int_equal(run_spec("comments", false), 12);
}

static void text_spec_interpolation(void **state)
{
    (void)state;
    assert_int_equal(run_spec("interpolation", false), 42);
}

static void text_spec_sections(void **state)
{
    (void)state;
    assert_int_equal(run_spec("sections", false), 34);
}

static void text_spec_inverted(void **state)
{
    (void)state;
    assert_int_equal(run_spec("inverted", false), 22);
}

static void text_spec_delimiters_refused(void **state)
{
    (void)state;
    assert_true(run_spec("delimiters", true) > 0);
}

static void text_spec_partials_refused(void **state)
{
    (void)state;
    assert_true(run_spec("partials", true) > 0);
}

/* --- our own --- */

static const char data[] = "{\"rep\":{\"name\":\"Ana Ruiz\",\"zone\":\"\"},"
                           "\"deal\":{\"id\":\"D1\",\"won\":false,\"open\":true,\"tags\":[],"
                           "\"steps\":[{\"t\":\"a\"},{\"t\":\"b\"}],\"nums\":[1,2]},\"t\":\"top\"}";

static void text_name_found_is_written(void **state)
{
    (void)state;
    check("", data, "", 0);
    check("no tags } {", data, "no tags } {", 0);
    check("{{rep.name}}", data, "Ana Ruiz", 0);
    check("a {{ rep.name\t}} b", data, "a Ana Ruiz b", 0);
    check("{{{rep.name}}}{{&rep.name}}{{& rep.name }}", data, "Ana RuizAna RuizAna Ruiz", 0);
    check("{{! a comment }}x{{!}}", data, "x", 0);
    check("\xC3\xA9{{t}}\xE2\x9C\x93", data, "\xC3\xA9top\xE2\x9C\x93", 0);
}

static void text_name_missing_is_counted(void **state)
{
    (void)state;
    check("{{deal.name}}{{nobody}}", data, "", 2);
    check("{{rep.zone}}", data, "", 1);
    check("{{deal.won}}", data, "", 1);
    check("{{#deal}}{{name}}{{/deal}}", data, "", 0);
    check("{{^nobody}}{{nobody}}{{/nobody}}", data, "", 0);
    check("{{#deal.tags}}x{{/deal.tags}}{{nobody}}", data, "", 1);
}

static void text_fallback_stands_in(void **state)
{
    (void)state;
    check("{{deal.contact|your contact}}", data, "your contact", 0);
    check("{{deal.contact | your contact }}!", data, "your contact!", 0);
    check("{{rep.zone|UTC}}", data, "UTC", 0);
    check("{{rep.name|someone}}", data, "Ana Ruiz", 0);
    check("{{deal.contact|}}", data, "", 0);
    check("{{deal.contact|a } b}}", data, "a } b", 0);
    check("{{deal.contact|what, \"who\"?}}", data, "what, \"who\"?", 0);
    check("{{{deal.contact|raw}}}", data, "raw", 0);
    check("{{deal.contact|{{x}}", data, "{{x", 0);
}

static void text_filter_applies(void **state)
{
    (void)state;
    check("{{rep.name|first_name}}", data, "Ana", 0);
    check("{{ rep.name | first_name | there }}", data, "Ana", 0);
    check("{{rep.nick|first_name|there}}", data, "there", 0);
    check("{{rep.nick|first_name}}", data, "", 1);
    check("{{rep.name|date|soon}}", data, "soon", 0);
    check("{{rep.name|date}}", data, "", 1);
}

static void text_section_shows_and_repeats(void **state)
{
    (void)state;
    check("{{#deal.steps}}{{t}},{{/deal.steps}}{{t}}", data, "a,b,top", 0);
    check("{{#deal.nums}}{{.}}{{/deal.nums}}", data, "12", 0);
    check("{{#rep.name}}{{.}}!{{/rep.name}}", data, "Ana Ruiz!", 0);
    check("{{#rep.zone}}x{{/rep.zone}}{{^rep.zone}}none{{/rep.zone}}", data, "none", 0);
    check("{{#deal}}{{#steps}}{{id}}{{t}}{{/steps}}{{/deal}}", data, "D1aD1b", 0);
    check("{{#deal.open}}{{t}}{{/deal.open}}{{^deal.open}}no{{/deal.open}}", data, "top", 0);
    check("{{^deal.tags}}{{^deal.won}}open{{/deal.won}}{{/deal.tags}}", data, "open", 0);
    check("a\n {{#deal}} \r\n b\n{{/deal}}", data, "a\n b\n", 0);
    check("a\n{{! one\n two }}\nb", data, "a\nb", 0);
}

static void text_refusals_say_where_and_why(void **state)
{
    (void)state;
    refuse("a {{b", "at character 3: '{{' is never closed by '}}'");
    refuse("\xC3\xA9\xC3\xA9{{{b}}", "at character 3: '{{{' is never closed by '}}}'");
    refuse("{{}}", "at character 1: a tag without a name");
    refuse("{{ |x}}", "at character 1: a tag without a name");
    refuse("{{>card}}",
           "at character 1: partials ({{> name}}) are not available; write the text out here");
    refuse("{{=<% %>=}}", "at character 1: delimiters cannot be changed; names are always marked "
                          "by {{ and }}");
    refuse("{{$x}}y{{/x}}", "at character 1: parents and blocks ({{< name}}, {{$ name}}) are not "
                            "available");
    refuse("{{upper name}}",
           "at character 1: 'upper name' is not a name; functions (lambdas) are not available, "
           "filters are written {{name|filter}}");
    refuse("{{deal..id}}", "at character 1: 'deal..id' is not a name: a word is missing at a dot");
    refuse("{{deal,id}}", "at character 1: 'deal,id' is not a name: ',' cannot be part of one");
    refuse("{{a|dat|x}}", "at character 1: 'dat' is not a filter; did you mean 'date'?");
    refuse("{{a|zebra|x}}", "at character 1: 'zebra' is not a filter");
    refuse("{{a|date|money}}",
           "at character 1: a name takes one filter, 'money' would be the second");
    refuse("{{a|date|x|y}}",
           "at character 1: too many '|': {{name|filter|fallback}} is the longest form");
    refuse("{{#a|date}}{{/a}}", "at character 1: a section takes no filter and no fallback");
    refuse("x{{#a}}", "at character 2: {{#a}} is never closed by {{/a}}");
    refuse("{{^a}}{{#b}}{{/a}}{{/b}}", "at character 13: {{/a}} where {{/b}} must come first");
    refuse("{{/a}}", "at character 1: {{/a}} closes nothing");
    refuse("\xFF{{a}}", "at character 1: the text is not valid UTF-8");
}

static void text_past_limits_refused(void **state)
{
    (void)state;
    struct strbuf big;
    strbuf_init(&big, 0);
    for (int i = 0; i <= TEXT_TAGS_MAX; i++)
        strbuf_puts(&big, "{{a}}");
    refuse(strbuf_text(&big), "more than 512 tags");
    for (int i = 0; i < TEXT_TEMPLATE_BYTES; i++)
        strbuf_puts(&big, "x");
    refuse(strbuf_text(&big), "a text of more than 16384 bytes");
    strbuf_clear(&big);
    for (int i = 0; i <= TEXT_DEPTH_MAX; i++)
        strbuf_puts(&big, "{{#a}}");
    refuse(strbuf_text(&big), "at character 73: more than 12 sections inside each other");
    strbuf_clear(&big);
    for (int i = 0; i < 130; i++)
        strbuf_puts(&big, i ? "a" : "{{");
    strbuf_puts(&big, "}}");
    refuse(strbuf_text(&big), "at character 1: a name of more than 120 characters");
    strbuf_done(&big);
}

static void text_lists_in_lists_stop_at_the_limit(void **state)
{
    (void)state;
    json_t *root = json_loads("{\"l\":[[],[],[],[],[],[],[],[],[],[]]}", 0, NULL);
    struct world world = {.root = root};
    struct text_source source = {.lookup = world_lookup, .item = world_item, .user = &world};
    struct text *text = NULL;
    assert_int_equal(text_compile("{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                                  "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}",
                                  NULL, NULL, NULL, NULL, &text),
                     0);
    struct strbuf out;
    strbuf_init(&out, 0);
    text_render(text, &source, &out, NULL);
    assert_true(out.overflow);
    strbuf_done(&out);
    text_free(text);
    json_decref(root);
}

static long bind_known(void *user, const char *name, struct err *err)
{
    int *count = user;
    ++*count;
    if (strcmp(name, "rep.name") == 0)
        return 7;
    if (strcmp(name, "deal.id") == 0)
        return 9;
    (void)err_set(err, EINVAL, "there is no '%s'", name); /* -1 tells it */
    return -1;
}

static void visit_sum(void *user, const char *name, long bound)
{
    (void)name; /* only the sum matters */
    *(long *)user += bound;
}

static void text_bind_sees_every_name_once(void **state)
{
    (void)state;
    struct err err = {0};
    struct text *text = NULL;
    int count = 0;
    long sum = 0;
    assert_int_equal(text_compile("{{rep.name}} {{#deal.id}}{{.}}{{^rep.name}}{{.}}{{/rep.name}}"
                                  "{{/deal.id}}",
                                  filters, bind_known, &count, &err, &text),
                     0);
    assert_int_equal(count, 3);
    text_each_name(text, visit_sum, &sum);
    assert_int_equal(sum, 7 + 9 + 7);
    text_free(text);
    text = NULL;
    assert_int_equal(text_compile("hi {{rep.nam}}", filters, bind_known, &count, &err, &text),
                     -EINVAL);
    assert_string_equal(err.text, "at character 4: there is no 'rep.nam'");
    assert_int_equal(text_compile("{{.}}", filters, bind_known, &count, &err, &text), -EINVAL);
    assert_int_equal(
        text_compile("{{^rep.name}}{{.}}{{/rep.name}}", filters, bind_known, &count, &err, &text),
        -EINVAL);
    assert_null(text);
    text_free(NULL);
}

/* FM-G02: what stands in a value is never read as a text again */
static void text_value_is_only_a_value(void **state)
{
    static const char evil[] = "{\"rep\":{\"name\":\"{{deal.id}}\"},\"deal\":{\"id\":\"secret\"},"
                               "\"a\":\"%n%s%x\",\"b\":\"${HOME} {% include x %}\","
                               "\"c\":\"{{#deal}}x{{/deal}}\",\"list\":[\"{{deal.id}}\"]}";
    (void)state;
    check("{{rep.name}}", evil, "{{deal.id}}", 0);
    check("{{a}} {{b}}", evil, "%n%s%x ${HOME} {% include x %}", 0);
    check("{{c}}{{deal.id}}", evil, "{{#deal}}x{{/deal}}secret", 0);
    check("{{#list}}{{.}}{{/list}}", evil, "{{deal.id}}", 0);
    check("{{nothing|{{a}}", evil, "{{a", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_spec_comments),
        cmocka_unit_test(text_spec_interpolation),
        cmocka_unit_test(text_spec_sections),
        cmocka_unit_test(text_spec_inverted),
        cmocka_unit_test(text_spec_delimiters_refused),
        cmocka_unit_test(text_spec_partials_refused),
        cmocka_unit_test(text_name_found_is_written),
        cmocka_unit_test(text_value_is_only_a_value),
        cmocka_unit_test(text_name_missing_is_counted),
        cmocka_unit_test(text_fallback_stands_in),
        cmocka_unit_test(text_filter_applies),
        cmocka_unit_test(text_section_shows_and_repeats),
        cmocka_unit_test(text_refusals_say_where_and_why),
        cmocka_unit_test(text_past_limits_refused),
        cmocka_unit_test(text_lists_in_lists_stop_at_the_limit),
        cmocka_unit_test(text_bind_sees_every_name_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
