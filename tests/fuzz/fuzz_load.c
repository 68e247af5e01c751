/* fuzz_load.c: any bytes as a plugin, as people, pipeline, configuration and holidays: nothing may
 * crash, and what was loaded from a plugin must load again to the same number of rules. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "load/load_kept.h"

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

/* The first half as the version from before, the second as an edit of it and as a new file. */
static void load_edited(const char *bytes, size_t size)
{
    const size_t half = size / 2;
    struct load_found found[] = {{.path = "a.yaml", .bytes = bytes + half, .length = size - half},
                                 {.path = "b.yaml", .bytes = bytes, .length = half}};
    const struct load_set set = {.zone = no_zone};
    struct kept kept = {0};
    struct problems problems;
    struct load_counts counts;
    struct book *book;
    kept_set_bytes(kept_get(&kept, "a.yaml"), bytes, half);
    problems_init(&problems);
    int result = load_book_kept(&set, &kept, found, 2, &problems, &counts, &book, NULL);
    if ((result == 0) != (problems.errors == 0) || counts.loaded + counts.failed != 2)
        abort();
    book_free(book);
    problems_done(&problems);
    kept_done(&kept);
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
    load_edited((const char *)data, size);
    return 0;
}
