#include "load/kind.h"

#include "base/alloc.h"
#include "base/nearest.h"
#include "load/blocks.h"
#include "load/load_plugin.h"

static bool has_any(const struct node *root, const char *const *keys)
{
    for (; *keys; keys++) {
        if (node_get(root, *keys))
            return true;
    }
    return false;
}

/* `people` is a list in people.yaml, and in gritd.yaml the path of that file. */
static bool is_list_of_people(const struct node *root)
{
    const struct node *people = node_get(root, "people"), *teams = node_get(root, "teams");
    return (people && people->kind == NODE_LIST) || (teams && teams->kind == NODE_LIST);
}

static enum load_kind kind_of(const struct node *root)
{
    static const char *const plugin[] = {"plugin", "rules", "questions", "signals", "flows", NULL};
    static const char *const stages[] = {"stages", NULL}, *const tests[] = {"tests", NULL};
    static const char *const config[] = {"chat", "intake", "store", "plugins", "listen", NULL};
    if (root->kind != NODE_MAP || !root->count)
        return LOAD_PLUGIN;
    return has_any(root, plugin)     ? LOAD_PLUGIN
           : has_any(root, stages)   ? LOAD_PIPELINE
           : is_list_of_people(root) ? LOAD_PEOPLE
           : has_any(root, config)   ? LOAD_CONFIG
           : has_any(root, tests)    ? LOAD_PLUGIN
                                     : LOAD_FOREIGN;
}

/* One key that is nearly right makes it ours: "plugni: x" wants to be told, not passed over. */
static bool is_meant(const struct node *root)
{
    static const char *const words[] = {"plugin", "rules",  "questions", "signals", "tests",
                                        "stages", "people", "teams",     "flows"};
    for (const struct node *n = root->first; n; n = n->next) {
        if (nearest_word(n->key, words, ARRAY_LEN(words)))
            return true;
    }
    return false;
}

/* Of a list of people only that it is one is asked. */
static void pass_over(void *user, const struct node *entry)
{
    (void)user, (void)entry;
}

enum load_kind load_kind_of(const struct load_file *file, struct strbuf *ret_keys)
{
    const struct yaml_entries entries = {.key = "people", .read = pass_over};
    struct problems problems;
    struct arena arena;
    struct node *root;
    enum load_kind kind = LOAD_PLUGIN; /* what cannot be read is told by the loader */
    problems_init(&problems);
    arena_init(&arena);
    if (!plugin_is_test_file(file->path, NULL) &&
        !yaml_read_entries(file->path, file->bytes, file->length, &yaml_lists, &entries, &arena,
                           &problems, &root))
        kind = kind_of(root);
    if (kind == LOAD_FOREIGN && is_meant(root))
        kind = LOAD_PLUGIN;
    if (kind == LOAD_FOREIGN) {
        int shown = 0;
        for (const struct node *n = root->first; n && shown < LOAD_KEYS_SHOWN; n = n->next)
            strbuf_printf(ret_keys, "%s%s", shown++ ? ", " : "", n->key);
    }
    arena_done(&arena);
    problems_done(&problems);
    return kind;
}
