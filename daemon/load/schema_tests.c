/* Tests of fields: what may stand under `if`, `when` and `outcome`. */
#include <string.h>

#include "base/alloc.h"
#include "load/blocks.h"
#include "load/load_plugin.h"
#include "load/schema_write.h"

enum { WORD_LISTS_MAX = 24 };

static const struct {
    enum value_type type;
    const char *name;
    enum key_form form;
} types[] = {
    {VALUE_TEXT, "text", FORM_TEXT},    {VALUE_NUMBER, "number", FORM_NUMBER},
    {VALUE_MONEY, "money", FORM_MONEY}, {VALUE_TIME, "time", FORM_INSTANT},
    {VALUE_DATE, "date", FORM_DATE},    {VALUE_LENGTH, "length", FORM_LENGTH},
    {VALUE_BOOL, "truth", FORM_BOOL},
};

/* One kind of test: its type, and the closed list of words where there is one. */
struct kind {
    const char *name;
    enum value_type type;
    enum key_form form;
    const char *const *words; /* or NULL */
};

/* "side": the closed lists have the name of the last part of the first field that has the list. */
static void kind_name(enum field field, struct strbuf *out)
{
    const char *const *words = field_words(field);
    for (size_t i = 0; !words && i < ARRAY_LEN(types); i++) {
        if (types[i].type == field_type(field))
            strbuf_puts(out, types[i].name);
    }
    if (!words)
        return;
    int first = 0;
    while (field_words((enum field)first) != words)
        first++;
    const char *name = field_name((enum field)first), *dot = strrchr(name, '.');
    strbuf_puts(out, words == stage_words ? "stage" : dot ? dot + 1 : name);
}

/* The definitions "value-side", "values-side" and "test-side" hang on each other. */
static void ref_of(struct schema *s, const char *key, const char *prefix, const char *name)
{
    struct strbuf full = {0};
    strbuf_printf(&full, "%s-%s", prefix, name);
    schema_ref(s, key, strbuf_text(&full));
    strbuf_done(&full);
}

static void begin(struct schema *s, const char *prefix, const char *name)
{
    struct strbuf full = {0};
    strbuf_printf(&full, "%s-%s", prefix, name);
    schema_any(s, strbuf_text(&full));
    strbuf_done(&full);
}

static void write_value(struct schema *s, const struct kind *kind)
{
    begin(s, "value", kind->name);
    if (kind->words) {
        schema_words(s, NULL, kind->words);
        schema_input_ref(s);
    } else {
        schema_ref_form(s, NULL, kind->form);
    }
    schema_any_end(s);
    begin(s, "values", kind->name);
    ref_of(s, NULL, "value", kind->name);
    schema_list(s, NULL, 1);
    ref_of(s, "items", "value", kind->name);
    schema_list_end(s);
    schema_any_end(s);
}

static void test(struct schema *s, const struct field_test *test, const struct kind *kind)
{
    switch (test->shape) {
    case SHAPE_ONE:
        ref_of(s, test->name, "value", kind->name);
        break;
    case SHAPE_LIST:
        ref_of(s, test->name, "values", kind->name);
        break;
    case SHAPE_PAIR:
        schema_list(s, test->name, 2);
        jsonw_int(&s->json, "maxItems", 2);
        ref_of(s, "items", "value", kind->name);
        schema_list_end(s);
        break;
    case SHAPE_TEXT:
    case SHAPE_PATTERN:
        schema_ref_form(s, test->name, FORM_TEXT);
        break;
    case SHAPE_LENGTH:
        schema_ref_form(s, test->name, FORM_LENGTH);
        break;
    }
}

static void tests_of(struct schema *s, const struct kind *kind)
{
    jsonw_object(&s->json, NULL);
    jsonw_text(&s->json, "type", "object");
    jsonw_int(&s->json, "minProperties", 1);
    jsonw_bool(&s->json, "additionalProperties", false);
    jsonw_object(&s->json, "properties");
    const struct field_test *one;
    for (size_t i = 0; (one = load_field_test_at(i)); i++) {
        if (one->types >> kind->type & 1)
            test(s, one, kind);
    }
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
}

/* A plain value means "is", where the type can be equal to something. */
static bool has_equal(enum value_type type)
{
    return load_field_test_at(0)->types >> type & 1;
}

static void write_kind(struct schema *s, const struct kind *kind)
{
    static const char *const there[] = {"missing", "present", NULL};
    write_value(s, kind);
    begin(s, "test", kind->name);
    schema_words(s, NULL, there);
    if (has_equal(kind->type))
        ref_of(s, NULL, "values", kind->name);
    tests_of(s, kind);
    schema_any_end(s);
}

/* Signals and answers have the type that their own definition gives them. */
static void write_either(struct schema *s, const char *name, const char *const *kinds)
{
    schema_any(s, name);
    for (size_t i = 0; kinds[i]; i++)
        schema_ref(s, NULL, kinds[i]);
    schema_any_end(s);
}

void schema_tests(struct schema *s)
{
    static const char *const signals[] = {"test-number", "test-length", NULL};
    static const char *const answers[] = {"test-text", "test-number", "test-date", NULL};
    const char *const *seen[WORD_LISTS_MAX];
    size_t seen_count = 0;
    s->inputs = true;
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        write_kind(s, &(struct kind){types[i].name, types[i].type, types[i].form, NULL});
    for (int i = 0; i < FIELD_SIGNAL; i++) {
        const char *const *words = field_words((enum field)i);
        bool known = !words;
        for (size_t k = 0; k < seen_count; k++)
            known |= seen[k] == words;
        if (known || seen_count == WORD_LISTS_MAX)
            continue;
        struct strbuf name = {0};
        seen[seen_count++] = words;
        kind_name((enum field)i, &name);
        write_kind(s, &(struct kind){strbuf_text(&name), VALUE_TEXT, FORM_TEXT, words});
        strbuf_done(&name);
    }
    write_either(s, "test-signal", signals);
    write_either(s, "test-answer", answers);
    s->inputs = false;
}

/* `form` is what stands inside: FORM_IF, or FORM_STEP_IF. */
static void groups(struct schema *s, enum key_form form)
{
    static const char *const lists[] = {"any", "all"};
    struct strbuf text = {0};
    strbuf_printf(&text, "{\"allOf\":[{\"$ref\":\"#/$defs/%s\"}],\"minProperties\":1}",
                  form_get(form)->name);
    const char *some = strbuf_text(&text);
    s->wanted[form] = true;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        schema_list(s, lists[i], 1);
        jsonw_raw(&s->json, "items", some);
        schema_list_end(s);
    }
    schema_any(s, "not");
    jsonw_raw(&s->json, NULL, some);
    schema_list(s, NULL, 1);
    jsonw_raw(&s->json, "items", some);
    schema_list_end(s);
    schema_any_end(s);
    strbuf_done(&text);
}

static void write_object(struct schema *s, void (*extra)(struct schema *s), enum key_form form)
{
    s->tests = true;
    jsonw_text(&s->json, "type", "object");
    jsonw_object(&s->json, "properties");
    if (extra)
        extra(s);
    groups(s, form);
    for (int i = 0; i < FIELD_SIGNAL; i++) {
        struct strbuf name = {0}, test = {0};
        if (form == FORM_STEP_IF && field_is_of_event((enum field)i))
            continue; /* there is no event in a talk */
        kind_name((enum field)i, &test);
        ref_of(s, field_name((enum field)i), "test", strbuf_text(&test));
        if (field_is_of_event((enum field)i)) {
            strbuf_printf(&name, "event.%s", field_name((enum field)i));
            ref_of(s, strbuf_text(&name), "test", strbuf_text(&test));
        }
        strbuf_done(&name);
        strbuf_done(&test);
    }
    jsonw_object_end(&s->json);
    jsonw_object(&s->json, "patternProperties");
    schema_ref(s, "^signal[.].", "test-signal");
    schema_ref(s, "^answer[.].", "test-answer");
    schema_ref(s, "^team[.]total[.].", "test-number");
    jsonw_object_end(&s->json);
    jsonw_bool(&s->json, "additionalProperties", false);
}

void schema_tests_object(struct schema *s, void (*extra)(struct schema *s))
{
    write_object(s, extra, FORM_IF);
}

void schema_tests_step(struct schema *s)
{
    write_object(s, NULL, FORM_STEP_IF);
}
