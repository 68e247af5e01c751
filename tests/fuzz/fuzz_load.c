/* fuzz_load.c: any bytes as a plugin, as people, pipeline, configuration and holidays: nothing may
 * crash, and what was loaded from a plugin must load again to the same number of rules. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "load/load.h"

static const struct tz *no_zone(void *user, const char *name)
{
    (void)user, (void)name;
    return NULL;
}

static int load(const struct load_set *set)
{
    struct problems problems;
    struct load_counts counts;
    struct book *book;
    struct plugin_tests *tests;
    struct strbuf out = {0};
    problems_init(&problems);
    int result = load_book(set, &problems, &counts, &book, &tests);
    if ((result == 0) != (problems.errors == 0) ||
        counts.loaded + counts.failed != set->plugin_count)
        abort();
    int rules = book->rule_count;
    problems_print(&problems, &out);
    strbuf_done(&out);
    plugin_tests_free(tests);
    book_free(book);
    problems_done(&problems);
    return rules;
}

static void load_as_config(const struct load_file *file)
{
    struct problems problems;
    struct config *config;
    problems_init(&problems);
    int result = load_config(file, NULL, &problems, &config);
    if ((result == 0) != (problems.errors == 0))
        abort();
    config_free(config);
    problems_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct load_file file = {"fuzz.yaml", (const char *)data, size};
    struct load_set plugin = {.plugins = &file, .plugin_count = 1, .zone = no_zone};
    struct load_set others = {
        .people = &file, .pipeline = &file, .holidays = &file, .holiday_count = 1, .zone = no_zone};
    if (load(&plugin) != load(&plugin))
        abort();
    (void)load(&others); /* only that it ends */
    load_as_config(&file);
    return 0;
}
