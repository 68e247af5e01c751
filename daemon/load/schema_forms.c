/* The definition of each form. What is only a pattern stands in forms.c; the others are here. */
#include <string.h>

#include "base/alloc.h"
#include "load/load_plugin.h"
#include "load/schema_write.h"

enum { CHOICES_MAX = 25, REMINDERS_MAX = 2 };

/* Whatever YAML takes a plain word for: a text to us. */
static void text_members(struct schema *s)
{
    jsonw_raw(&s->json, "type", "[\"string\",\"number\",\"boolean\"]");
    jsonw_int(&s->json, "minLength", 1);
}

/* "anyOf": one of `form`, or a list of these. */
static void one_or_list(struct schema *s, enum key_form form, int least, bool inputs)
{
    s->inputs = inputs;
    jsonw_array(&s->json, "anyOf");
    schema_ref_form(s, NULL, form);
    schema_list(s, NULL, least);
    schema_ref_form(s, "items", form);
    schema_list_end(s);
    jsonw_array_end(&s->json);
    s->inputs = false;
}

static void message_or_list(struct schema *s, const char *key, bool lists)
{
    if (!lists) {
        schema_ref_form(s, key, FORM_MESSAGE);
        return;
    }
    jsonw_object(&s->json, key);
    one_or_list(s, FORM_MESSAGE, 1, false);
    jsonw_object_end(&s->json);
}

/* A text (or a list of wordings), or the same for each language. */
static void by_language_members(struct schema *s, bool lists)
{
    jsonw_array(&s->json, "anyOf");
    message_or_list(s, NULL, lists);
    jsonw_object(&s->json, NULL);
    jsonw_text(&s->json, "type", "object");
    jsonw_int(&s->json, "minProperties", 1);
    schema_ref_form(s, "propertyNames", FORM_LANGUAGE);
    message_or_list(s, "additionalProperties", lists);
    jsonw_object_end(&s->json);
    jsonw_array_end(&s->json);
}

static void pattern_members(struct schema *s, const struct form *form)
{
    struct strbuf pattern = {0};
    strbuf_printf(&pattern, "^(%s)$", form->pattern);
    if (form->number) {
        jsonw_array(&s->json, "type");
        jsonw_text(&s->json, NULL, "string");
        jsonw_text(&s->json, NULL, form->number);
        jsonw_array_end(&s->json);
    } else {
        jsonw_text(&s->json, "type", "string");
    }
    if (form->least || form->most) {
        jsonw_int(&s->json, "minimum", form->least);
        jsonw_int(&s->json, "maximum", form->most);
    }
    jsonw_text(&s->json, "pattern", strbuf_text(&pattern));
    strbuf_done(&pattern);
}

static void event_members(struct schema *s)
{
    jsonw_array(&s->json, "enum");
    for (int i = 0; i < EVENT_RULE_TYPES; i++)
        jsonw_text(&s->json, NULL, event_words[i]);
    jsonw_array_end(&s->json);
}

static void event_entry(struct schema *s)
{
    schema_ref_form(s, "event", FORM_EVENTS);
}

static void within_entry(struct schema *s)
{
    event_entry(s);
    schema_ref_form(s, "within", FORM_LENGTH);
}

static void before_entry(struct schema *s)
{
    schema_words(s, "event", (const char *const[]){"activity.planned", NULL});
    schema_ref_form(s, "by", FORM_LEAD);
}

static void after_entry(struct schema *s)
{
    event_entry(s);
    jsonw_object(&s->json, "at");
    jsonw_array(&s->json, "anyOf");
    schema_ref_form(s, NULL, FORM_LEAD);
    schema_list(s, NULL, 1);
    jsonw_int(&s->json, "maxItems", RULE_MOMENTS_MAX);
    schema_ref_form(s, "items", FORM_LEAD);
    schema_list_end(s);
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

static void require(struct schema *s, const char *first, const char *second)
{
    jsonw_array(&s->json, "required");
    jsonw_text(&s->json, NULL, first);
    if (second)
        jsonw_text(&s->json, NULL, second);
    jsonw_array_end(&s->json);
}

/* An event, tests of its fields, and one key more. */
static void tests_with(struct schema *s, void (*entry)(struct schema *s), const char *key)
{
    s->inputs = true;
    schema_tests_object(s, entry);
    require(s, "event", key);
    s->inputs = false;
}

static void when_members(struct schema *s)
{
    s->inputs = true;
    jsonw_array(&s->json, "anyOf");
    schema_ref_form(s, NULL, FORM_EVENT);
    schema_ref_form(s, NULL, FORM_HAPPENS);
    schema_list(s, NULL, 1);
    schema_any(s, "items");
    schema_ref_form(s, NULL, FORM_EVENT);
    schema_ref_form(s, NULL, FORM_HAPPENS);
    schema_any_end(s);
    schema_list_end(s);
    jsonw_array_end(&s->json);
    s->inputs = false;
}

/* "activity.logged/inbound" */
static void filter_members(struct schema *s)
{
    struct strbuf pattern = {0};
    s->inputs = true;
    for (int i = 0; i < EVENT_RULE_TYPES; i++) {
        const char *dot = strchr(event_words[i], '.');
        strbuf_printf(&pattern, "%s%.*s[.]%s", i ? "|" : "(", (int)(dot - event_words[i]),
                      event_words[i], dot + 1);
    }
    strbuf_puts(&pattern, ")/(outbound|inbound|none)");
    jsonw_array(&s->json, "anyOf");
    schema_ref_form(s, NULL, FORM_EVENTS);
    schema_pattern(s, NULL, strbuf_text(&pattern));
    strbuf_clear(&pattern);
    for (int i = BEHAVIOUR_NONE + 1; behaviour_words[i]; i++)
        strbuf_printf(&pattern, "%s%s", i > 1 ? "|" : "behaviour[.](", behaviour_words[i]);
    strbuf_puts(&pattern, ")");
    schema_pattern(s, NULL, strbuf_text(&pattern));
    schema_ref_block(s, NULL, &filter_block);
    jsonw_array_end(&s->json);
    s->inputs = false;
    strbuf_done(&pattern);
}

/* The end of a time_from or the baseline of a ratio; schema_block.c says which of them. */
static void signal_to_members(struct schema *s)
{
    jsonw_array(&s->json, "anyOf");
    schema_ref_form(s, NULL, FORM_FILTER);
    schema_ref_block(s, NULL, &signal_baseline_block);
    jsonw_array_end(&s->json);
}

static void only_key(struct schema *s, const char *key)
{
    jsonw_object(&s->json, NULL);
    jsonw_text(&s->json, "type", "object");
    require(s, key, NULL);
    jsonw_bool(&s->json, "additionalProperties", false);
    jsonw_object(&s->json, "properties");
}

static void answer_members(struct schema *s)
{
    static const char *const words[] = {"text", "yes_no", "date", NULL};
    static const char scale[] = "([0-9]|[1-9][0-9])-([1-9][0-9]?|100)";
    jsonw_array(&s->json, "anyOf");
    schema_words(s, NULL, words);
    schema_pattern(s, NULL, "scale ([0-9]|[1-9][0-9])-([1-9][0-9]?|100)");
    schema_pattern(s, NULL, "choice \\[[^,\\[\\]]+(,[^,\\[\\]]+){1,24}\\]");
    only_key(s, "scale");
    schema_any(s, "scale");
    schema_pattern(s, NULL, scale);
    schema_list(s, NULL, 2);
    jsonw_int(&s->json, "maxItems", 2);
    jsonw_raw(&s->json, "items", "{\"type\":\"integer\",\"minimum\":0,\"maximum\":100}");
    schema_list_end(s);
    schema_any_end(s);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    only_key(s, "choice");
    schema_list(s, "choice", 2);
    jsonw_int(&s->json, "maxItems", CHOICES_MAX);
    schema_ref_form(s, "items", FORM_TEXT);
    schema_list_end(s);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_array_end(&s->json);
}

/* "1 per deal", or a list with each word at most once. */
static void limit_members(struct schema *s)
{
    static const char *const per[] = {"deal", "day", "week", "month"};
    const char *pattern = form_get(FORM_LIMITS)->pattern;
    s->inputs_used = true;
    jsonw_array(&s->json, "anyOf");
    schema_pattern(s, NULL, pattern);
    schema_ref(s, NULL, "input-name");
    schema_list(s, NULL, 1);
    schema_any(s, "items");
    schema_pattern(s, NULL, pattern);
    schema_ref(s, NULL, "input-name");
    schema_any_end(s);
    jsonw_array(&s->json, "allOf");
    for (size_t i = 0; i < ARRAY_LEN(per); i++) {
        struct strbuf one = {0};
        strbuf_printf(&one, " per %s$", per[i]);
        jsonw_object(&s->json, NULL);
        jsonw_object(&s->json, "contains");
        jsonw_text(&s->json, "pattern", strbuf_text(&one));
        jsonw_object_end(&s->json);
        jsonw_int(&s->json, "minContains", 0);
        jsonw_int(&s->json, "maxContains", 1);
        jsonw_object_end(&s->json);
        strbuf_done(&one);
    }
    jsonw_array_end(&s->json);
    schema_list_end(s);
    jsonw_array_end(&s->json);
}

/* {this: 0.8, nothing: 0.2}; that they are 1 together only the loader can tell. */
static void arms_members(struct schema *s)
{
    jsonw_text(&s->json, "type", "object");
    jsonw_int(&s->json, "minProperties", 2);
    jsonw_object(&s->json, "additionalProperties");
    jsonw_array(&s->json, "anyOf");
    jsonw_raw(&s->json, NULL, "{\"type\":\"number\",\"minimum\":0.01,\"maximum\":0.99}");
    schema_input_ref(s);
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
}

static void leave_one(struct schema *s)
{
    struct strbuf pattern = {0};
    const char *date = form_get(FORM_DATE)->pattern;
    strbuf_printf(&pattern, "%s( to %s)?", date, date);
    schema_pattern(s, NULL, strbuf_text(&pattern));
    jsonw_object(&s->json, NULL);
    jsonw_text(&s->json, "type", "object");
    jsonw_object(&s->json, "properties");
    schema_ref_form(s, "from", FORM_DATE);
    schema_ref_form(s, "until", FORM_DATE);
    jsonw_object_end(&s->json);
    require(s, "from", "until");
    jsonw_bool(&s->json, "additionalProperties", false);
    jsonw_object_end(&s->json);
    strbuf_done(&pattern);
}

static void leave_members(struct schema *s)
{
    jsonw_array(&s->json, "anyOf");
    leave_one(s);
    schema_list(s, NULL, 0);
    schema_any(s, "items");
    leave_one(s);
    schema_any_end(s);
    schema_list_end(s);
    jsonw_array_end(&s->json);
}

static void inputs_members(struct schema *s)
{
    jsonw_text(&s->json, "type", "object");
    jsonw_object(&s->json, "additionalProperties");
    jsonw_text(&s->json, "type", "object");
    schema_ref_form(s, "additionalProperties", FORM_VALUE);
    jsonw_object_end(&s->json);
}

static void platform_options(struct schema *s, const struct load_platform *platform)
{
    jsonw_object(&s->json, platform->name);
    jsonw_raw(&s->json, "type", "[\"object\",\"null\"]");
    jsonw_object(&s->json, "properties");
    for (size_t i = 0; i < platform->option_count; i++) {
        const struct load_option *option = &platform->options[i];
        enum key_form form = option->secret ? FORM_SECRET : FORM_VALUE;
        jsonw_object(&s->json, option->key);
        jsonw_text_opt(&s->json, "description", option->help);
        jsonw_array(&s->json, "allOf");
        schema_ref_form(s, NULL, form);
        jsonw_array_end(&s->json);
        jsonw_object_end(&s->json);
    }
    jsonw_object_end(&s->json);
    jsonw_bool(&s->json, "additionalProperties", false);
    jsonw_object_end(&s->json);
}

/* The chosen platform's block has its required options. */
static void platform_required(struct schema *s, const struct load_platform *platform)
{
    bool any = false;
    for (size_t i = 0; i < platform->option_count; i++)
        any |= platform->options[i].required;
    if (!any)
        return;
    jsonw_object(&s->json, NULL);
    jsonw_object(&s->json, "if");
    jsonw_object(&s->json, "properties");
    jsonw_object(&s->json, "platform");
    jsonw_text(&s->json, "const", platform->name);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object(&s->json, "then");
    require(s, platform->name, NULL);
    jsonw_object(&s->json, "properties");
    jsonw_object(&s->json, platform->name);
    jsonw_text(&s->json, "type", "object");
    jsonw_array(&s->json, "required");
    for (size_t i = 0; i < platform->option_count; i++) {
        if (platform->options[i].required)
            jsonw_text(&s->json, NULL, platform->options[i].key);
    }
    jsonw_array_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
    jsonw_object_end(&s->json);
}

static void chat_members(struct schema *s)
{
    const struct load_platforms *platforms = s->platforms;
    jsonw_text(&s->json, "type", "object");
    require(s, "platform", NULL);
    jsonw_object(&s->json, "properties");
    jsonw_object(&s->json, "platform");
    jsonw_text(&s->json, "description", "The platform that is used");
    if (platforms) {
        jsonw_array(&s->json, "enum");
        for (size_t i = 0; i < platforms->count; i++)
            jsonw_text(&s->json, NULL, platforms->list[i].name);
        jsonw_array_end(&s->json);
    }
    jsonw_object_end(&s->json);
    for (size_t i = 0; platforms && i < platforms->count; i++)
        platform_options(s, &platforms->list[i]);
    jsonw_object_end(&s->json);
    if (!platforms)
        return;
    jsonw_bool(&s->json, "additionalProperties", false);
    jsonw_array(&s->json, "allOf");
    for (size_t i = 0; i < platforms->count; i++)
        platform_required(s, &platforms->list[i]);
    jsonw_array_end(&s->json);
}

static void stage_members(struct schema *s)
{
    jsonw_array(&s->json, "enum");
    for (size_t i = 0; stage_words[i]; i++)
        jsonw_text(&s->json, NULL, stage_words[i]);
    jsonw_array_end(&s->json);
}

void schema_form(struct schema *s, enum key_form form)
{
    switch ((int)form) {
    case FORM_TEXTS:
    case FORM_QUESTION_IDS:
    case FORM_SIGNAL_IDS:
        one_or_list(s, form == FORM_TEXTS ? FORM_TEXT : FORM_MESSAGE, 1, false);
        break;
    case FORM_MESSAGES:
    case FORM_PRAISE:
    case FORM_QUESTION_TEXTS:
    case FORM_MESSAGE_ONE:
        by_language_members(s, form != FORM_MESSAGE_ONE);
        break;
    case FORM_RULE_IDS:
    case FORM_IDEAS:
        one_or_list(s, form == FORM_IDEAS ? FORM_IDEA : FORM_RULE_ID, 1, false);
        break;
    case FORM_EVENT:
        event_members(s);
        break;
    case FORM_EVENTS:
        one_or_list(s, FORM_EVENT, 1, s->kind == SCHEMA_PLUGIN);
        break;
    case FORM_WHEN:
        when_members(s);
        break;
    case FORM_HAPPENS:
        tests_with(s, event_entry, NULL);
        break;
    case FORM_OUTCOME:
        tests_with(s, within_entry, "within");
        break;
    case FORM_BEFORE:
        tests_with(s, before_entry, "by");
        break;
    case FORM_AFTER:
        tests_with(s, after_entry, "at");
        break;
    case FORM_IF:
        schema_tests_object(s, NULL);
        break;
    case FORM_STEP_IF:
        schema_tests_step(s);
        break;
    case FORM_FILTER:
        filter_members(s);
        break;
    case FORM_SIGNAL_TO:
        signal_to_members(s);
        break;
    case FORM_ANSWER:
        answer_members(s);
        break;
    case FORM_STAGE:
        stage_members(s);
        break;
    case FORM_STAGES:
        one_or_list(s, FORM_STAGE, 0, true);
        break;
    case FORM_LIMITS:
        limit_members(s);
        break;
    case FORM_ARMS:
        arms_members(s);
        break;
    case FORM_FROM:
        jsonw_array(&s->json, "anyOf");
        schema_ref_form(s, NULL, FORM_STAGE);
        schema_ref_form(s, NULL, FORM_TEST_TIME);
        jsonw_array_end(&s->json);
        break;
    case FORM_PATHS:
        one_or_list(s, FORM_TEXT, 0, false);
        break;
    case FORM_INPUTS:
        inputs_members(s);
        break;
    case FORM_CHAT:
        chat_members(s);
        break;
    case FORM_REMIND:
        jsonw_text(&s->json, "type", "array");
        jsonw_int(&s->json, "maxItems", REMINDERS_MAX);
        schema_ref_form(s, "items", FORM_WORKING);
        break;
    case FORM_LEAVE:
        leave_members(s);
        break;
    case FORM_BOOL:
        jsonw_text(&s->json, "type", "boolean");
        break;
    default:
        if (form_get(form)->pattern)
            pattern_members(s, form_get(form));
        else
            text_members(s);
        break;
    }
}
