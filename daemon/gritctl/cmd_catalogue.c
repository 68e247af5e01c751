/* gritctl catalogue: the practices there are, the low-hanging ones first. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritctl/ctl.h"

/* What brings most for the least effort comes first; then what costs least, then the name. Plugins
 * that say nothing about it stand at the end, by name. */
static int by_ease(const void *a, const void *b)
{
    const struct plugin *x = *(struct plugin *const *)a, *y = *(struct plugin *const *)b;
    if (!x->effort != !y->effort)
        return x->effort ? -1 : 1;
    int ratio = y->impact * x->effort - x->impact * y->effort;
    if (ratio)
        return ratio;
    return x->effort != y->effort ? x->effort - y->effort : strcmp(x->id, y->id);
}

static void show_json(const struct plugin *plugin, int place)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_int(&json, "place", place);
    jsonw_text(&json, "plugin", plugin->id);
    if (plugin->effort) {
        jsonw_int(&json, "impact", plugin->impact);
        jsonw_int(&json, "effort", plugin->effort);
    }
    jsonw_text_opt(&json, "about", plugin->about);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static void show(const struct plugin *plugin, int place)
{
    const char *about = plugin->about ? plugin->about : "";
    if (plugin->effort)
        (void)printf("%2d. %s (impact %d, effort %d): %s\n", place, plugin->id, plugin->impact,
                     plugin->effort, about);
    else
        (void)printf("%2d. %s (no estimate): %s\n", place, plugin->id, about);
}

static int run(struct call *call)
{
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    struct book *book = setup->book;
    struct plugin **list = NEW_ARRAY(struct plugin *, (size_t)book->plugin_count + 1);
    print_errors(&setup->problems);
    for (int i = 0; i < book->plugin_count; i++)
        list[i] = book->plugins[i];
    qsort(list, (size_t)book->plugin_count, sizeof(*list), by_ease);
    for (int i = 0; i < book->plugin_count; i++)
        (call->json ? show_json : show)(list[i], i + 1);
    int count = book->plugin_count;
    free(list);
    setup_free(setup);
    return count ? CTL_OK : CTL_FOUND;
}

const struct command command_catalogue = {
    .name = "catalogue",
    .args = "[--json]",
    .help = "the practices there are, easy wins first: an order for a new team",
    .more =
        "The order is impact divided by effort, as each plugin says of itself, then the smaller "
        "effort,\nthen the name. Those that say nothing stand at the end.",
    .run = run,
};
