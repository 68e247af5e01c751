/* gritctl catalogue: the practices there are, the low-hanging ones first, and the ideas they carry
 * out. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "core/idea.h"
#include "core/learn.h"
#include "gritctl/ctl.h"

static int by_ease(const void *a, const void *b)
{
    return plugin_by_ease(*(struct plugin *const *)a, *(struct plugin *const *)b);
}

static void show_json(const struct book *book, const struct plugin *plugin, int place)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "place", place);
    jsonw_text(&json, "plugin", plugin->id);
    jsonw_int(&json, "version", plugin->version);
    jsonw_text_opt(&json, "pack", plugin->pack);
    if (plugin->effort) {
        jsonw_int(&json, "impact", plugin->impact);
        jsonw_int(&json, "effort", plugin->effort);
    }
    jsonw_text_opt(&json, "about", plugin->about);
    jsonw_array(&json, "ideas");
    for (int i = 0; i < idea_count; i++) {
        if (idea_is_named(book, ideas[i].id, plugin))
            jsonw_text(&json, NULL, ideas[i].id);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static void show(const struct book *book, const struct plugin *plugin, int place)
{
    const char *about = plugin->about ? plugin->about : "";
    (void)book;
    if (plugin->effort)
        (void)printf("%2d. %s (impact %d, effort %d): %s\n", place, plugin->id, plugin->impact,
                     plugin->effort, about);
    else
        (void)printf("%2d. %s (no estimate): %s\n", place, plugin->id, about);
}

/* Each collection once: "gritd 1: 20 plugins". */
static void show_packs(const struct book *book)
{
    for (int i = 0; i < book->plugin_count; i++) {
        const char *pack = book->plugins[i]->pack;
        int count = 0;
        for (int k = 0; k < book->plugin_count; k++) {
            if (!str_eq(book->plugins[k]->pack, pack))
                continue;
            if (k < i)
                break;
            count++;
        }
        if (pack && count)
            (void)printf("%s: %d plugin%s\n", pack, count, count == 1 ? "" : "s");
    }
}

static void list_plugins(const struct call *call, const struct book *book)
{
    struct plugin **list = NEW_ARRAY(struct plugin *, (size_t)book->plugin_count + 1);
    for (int i = 0; i < book->plugin_count; i++)
        list[i] = book->plugins[i];
    qsort(list, (size_t)book->plugin_count, sizeof(*list), by_ease);
    for (int i = 0; i < book->plugin_count; i++)
        (call->json ? show_json : show)(book, list[i], i + 1);
    if (!call->json)
        show_packs(book);
    free(list);
}

/* --- the other way round: which rules carry out an idea --- */

static bool names(const struct rule *rule, const char *id)
{
    for (int i = 0; i < rule->idea_count; i++) {
        if (str_eq(rule->ideas[i], id))
            return true;
    }
    return false;
}

static void show_idea(const struct book *book, const struct idea *idea)
{
    const char *link = ": ";
    (void)printf("%s %s", idea->id, idea->name);
    for (int i = 0; i < book->rule_count; i++) {
        if (!names(book->rules[i], idea->id))
            continue;
        (void)printf("%s%s", link, book->rules[i]->id);
        link = ", ";
    }
    (void)puts(link[0] == ':' ? ": (no rule)" : "");
}

static void show_idea_json(const struct book *book, const struct idea *idea)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "idea", idea->id);
    jsonw_text(&json, "name", idea->name);
    jsonw_array(&json, "rules");
    for (int i = 0; i < book->rule_count; i++) {
        if (names(book->rules[i], idea->id))
            jsonw_text(&json, NULL, book->rules[i]->id);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static int run(struct call *call)
{
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    struct book *book = setup->book;
    print_errors(&setup->problems);
    if (call_has(call, "ideas")) {
        for (int i = 0; i < idea_count; i++)
            (call->json ? show_idea_json : show_idea)(book, &ideas[i]);
    } else {
        list_plugins(call, book);
    }
    int count = book->plugin_count;
    setup_free(setup);
    return count ? CTL_OK : CTL_FOUND;
}

static const struct option options[] = {
    {"ideas", OPTION_FLAG, NULL, "the ideas about coaching, and the rules that name each of them",
     false},
};

const struct command command_catalogue = {
    .name = "catalogue",
    .args = "[--ideas] [--json]",
    .help = "the practices there are, easy wins first: an order for a new team",
    .more =
        "The order is impact divided by effort, as each plugin says of itself, then the smaller "
        "effort,\nthen the name. Those that say nothing stand at the end.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
