/* gritctl reload: the daemon reads its configuration again, and says what came of it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/control.h"

enum { WORD_COLUMN = 9, RULE_COLUMN = 28 };

static size_t show_rules(const json_t *answer, const char *word)
{
    const json_t *list = json_object_get(answer, word);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *rule = json_array_get(list, i);
        const char *file = json_string_value(json_object_get(rule, "file"));
        (void)printf("%-*s %-*s %s:%lld\n", WORD_COLUMN, word, RULE_COLUMN,
                     json_string_value(json_object_get(rule, "rule")), file ? file : "",
                     (long long)json_integer_value(json_object_get(rule, "line")));
    }
    return json_array_size(list);
}

static size_t show_files(const json_t *answer, const char *key, const char *word,
                         const char *meaning)
{
    const json_t *list = json_object_get(answer, key);
    for (size_t i = 0; i < json_array_size(list); i++)
        (void)printf("%-*s %s: %s\n", WORD_COLUMN, word, json_string_value(json_array_get(list, i)),
                     meaning);
    return json_array_size(list);
}

static void show_problems(const json_t *answer)
{
    const json_t *list = json_object_get(answer, "problems");
    long long more = json_integer_value(json_object_get(answer, "more_problems"));
    for (size_t i = 0; i < json_array_size(list); i++)
        (void)printf("%s\n", json_string_value(json_array_get(list, i)));
    if (more)
        (void)printf("... and %lld more\n", more);
}

static void show(const json_t *answer)
{
    show_problems(answer);
    size_t added = show_rules(answer, "added"), changed = show_rules(answer, "changed"),
           removed = show_rules(answer, "removed"),
           kept = show_files(answer, "kept", "kept", "the version from before stays in force"),
           out = show_files(answer, "left_out", "left out", "none of its rules is in force");
    (void)printf("%lld plugins, %lld rules: %zu added, %zu changed, %zu removed; %zu files kept as "
                 "they were, %zu left out\n",
                 (long long)json_integer_value(json_object_get(answer, "plugins")),
                 (long long)json_integer_value(json_object_get(answer, "rules")), added, changed,
                 removed, kept, out);
}

static int run(struct call *call)
{
    json_t *answer;
    char *text;
    int status = control_ask(call, "{\"cmd\":\"reload\"}", &answer, &text);
    if (status)
        return status;
    if (call->json)
        (void)puts(text);
    else
        show(answer);
    if (json_array_size(json_object_get(answer, "kept")) ||
        json_array_size(json_object_get(answer, "left_out")))
        status = CTL_FOUND;
    free(text);
    json_decref(answer);
    return status;
}

static const struct option options[] = {CONTROL_SOCKET_OPTION};

const struct command command_reload = {
    .name = "reload",
    .args = "[--socket PATH] [--json]",
    .help = "let the running gritd read its configuration and plugins again",
    .more =
        "Says which rules were added, changed and removed. A plugin with a mistake keeps its last\n"
        "good version in force; the mistakes are named, its owner is told in chat, and the exit\n"
        "code is 1. A mistake in gritd.yaml, people.yaml or pipeline.yaml refuses the whole "
        "reload:\n"
        "everything stays as it was.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
