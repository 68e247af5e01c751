/* gritctl explain: one word of the language, or all of them, from the loader's own tables. */
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/nearest.h"
#include "gritctl/ctl.h"
#include "load/manual.h"

enum { NEAR_MAX = 5, COLUMN = 26 };

/* docs/rules-intro.md, put into the binary by the build */
extern const char manual_frame[];

static bool is_meant(const struct manual_entry *entry, const char *word)
{
    return str_eq(entry->path, word) || str_eq(entry->word, word);
}

static void line(const char *label, const char *text)
{
    if (text)
        (void)printf("  %-9s %s\n", label, text);
}

static void show_json(const struct manual_entry *entry)
{
    struct strbuf text = {0};
    struct jsonw json;
    jsonw_begin(&json, &text);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "key", entry->path);
    jsonw_text(&json, "what", entry->what);
    jsonw_text_opt(&json, "value", entry->value);
    jsonw_bool(&json, "required", entry->required);
    jsonw_text_opt(&json, "default", entry->preset);
    jsonw_text_opt(&json, "needs", entry->needs);
    jsonw_text(&json, "help", entry->help);
    jsonw_text_opt(&json, "example", entry->example);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&text));
    strbuf_done(&text);
}

static void show(const struct call *call, const struct manual_entry *entry)
{
    if (call->json) {
        show_json(entry);
        return;
    }
    (void)printf("%s: %s%s\n", entry->path, entry->what, entry->required ? ", needed" : "");
    (void)printf("  %s.\n", entry->help);
    line("value", entry->value);
    line("default", entry->preset);
    line("where", entry->needs);
    line("example", entry->example);
}

static void show_short(const struct call *call, const struct manual_entry *entry)
{
    if (call->json)
        show_json(entry);
    else
        (void)printf("%-*s %s\n", COLUMN, entry->path, entry->help);
}

static void add_near(const char **near, size_t *count, const char *word)
{
    for (size_t i = 0; i < *count; i++) {
        if (str_eq(near[i], word))
            return;
    }
    if (*count < NEAR_MAX)
        near[(*count)++] = word;
}

/* The nearest by letters, then those that have the word in them. */
static int unknown(const struct call *call, const struct manual *manual, const char *word)
{
    const char *near[NEAR_MAX];
    size_t count = 0;
    const char **words = NEW_ARRAY(const char *, 2 * manual->count);
    for (size_t i = 0; i < manual->count; i++) {
        words[2 * i] = manual->list[i].word;
        words[2 * i + 1] = manual->list[i].path;
    }
    const char *nearest = nearest_word(word, words, 2 * manual->count);
    if (nearest)
        add_near(near, &count, nearest);
    for (int limit = 1; limit <= 2; limit++) {
        for (size_t i = 0; i < 2 * manual->count; i++) {
            if (strlen(word) > 3 && nearest_distance(word, words[i], limit) <= limit)
                add_near(near, &count, words[i]);
        }
    }
    for (size_t i = 0; strlen(word) > 2 && i < manual->count; i++) {
        if (strstr(manual->list[i].word, word))
            add_near(near, &count, manual->list[i].word);
    }
    struct strbuf list = {0};
    for (size_t i = 0; i < count; i++)
        strbuf_printf(&list, "%s'%s'",
                      !i              ? "; did you mean "
                      : i + 1 < count ? ", "
                                      : " or ",
                      near[i]);
    if (count)
        strbuf_putc(&list, '?');
    call_error(call, "nothing is called '%s'%s", word,
               count ? strbuf_text(&list) : "; without a word it lists all there is");
    strbuf_done(&list);
    free((void *)words); /* the array only */
    return CTL_FOUND;
}

static int explain(const struct call *call, const struct manual *manual, const char *word)
{
    size_t found = 0;
    for (size_t i = 0; i < manual->count; i++) {
        if (word && !is_meant(&manual->list[i], word))
            continue;
        if (word && found && !call->json)
            (void)putchar('\n');
        found++;
        if (word)
            show(call, &manual->list[i]);
        else
            show_short(call, &manual->list[i]);
    }
    return found ? CTL_OK : unknown(call, manual, word);
}

static int markdown(const struct call *call)
{
    struct strbuf out = {0};
    struct err err = {0};
    int result = manual_markdown(manual_frame, &err, &out);
    if (result)
        call_error(call, "%s", err.text);
    else
        (void)fputs(strbuf_text(&out), stdout);
    strbuf_done(&out);
    return result ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    struct arena arena;
    struct manual manual;
    if (call_has(call, "markdown")) {
        if (call->arg_count)
            return call_usage(call, "--markdown is the whole manual; it takes no word");
        return markdown(call);
    }
    arena_init(&arena);
    manual_fill(&manual, &arena);
    int result = explain(call, &manual, call->arg_count ? call->args[0] : NULL);
    free(manual.list);
    arena_done(&arena);
    return result;
}

static const struct option options[] = {
    {"markdown", OPTION_FLAG, NULL, "the whole reference manual (docs/rules.md)", false},
};

const struct command command_explain = {
    .name = "explain",
    .args = "[KEY] [--markdown] [--json]",
    .help = "what a word of the rule language means",
    .more = "KEY is a key (limit, rule.limit), an event, a field, a test, an action, a filter, a "
            "gate of a\ndecision (cool_off), or a code of check. Without KEY: all there is.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_max = 1,
    .run = run,
};
