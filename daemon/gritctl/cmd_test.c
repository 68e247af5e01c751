/* gritctl test: the tests written inside plugins and in *.test.yaml. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "engine/plugin_test.h"
#include "gritctl/ctl.h"

static void show_json(const struct plugin_test *test, const struct plugin_test_result *result)
{
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "test", test->name);
    jsonw_text(&json, "plugin", test->plugin);
    jsonw_text(&json, "file", test->place.file);
    jsonw_int(&json, "line", test->place.line);
    jsonw_bool(&json, "passed", result->passed);
    jsonw_text(&json, "reason", result->passed ? NULL : strbuf_text(&result->reason));
    jsonw_array(&json, "decisions");
    for (size_t i = 0; i < result->count; i++) {
        struct strbuf decision = {0};
        decision_encode(&result->decisions[i], &decision);
        jsonw_raw(&json, NULL, strbuf_text(&decision));
        strbuf_done(&decision);
    }
    jsonw_array_end(&json);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static void show_reason(const char *reason)
{
    for (const char *line = reason; *line;) {
        size_t length = strcspn(line, "\n");
        (void)printf("  %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void show_failed(const struct plugin_test *test, const struct plugin_test_result *result)
{
    (void)printf("%s:%d:%d: failed: %s\n", test->place.file, test->place.line, test->place.col,
                 test->name);
    show_reason(strbuf_text(&result->reason));
    (void)puts(result->count ? "  what was decided:" : "  nothing was decided");
    for (size_t i = 0; i < result->count; i++) {
        struct strbuf line = {0};
        plugin_test_describe(&result->decisions[i], &line);
        (void)printf("    %s\n", strbuf_text(&line));
        strbuf_done(&line);
    }
}

static bool run_one(struct call *call, const struct plugin_test *test,
                    const struct plugin_test_options *options)
{
    struct plugin_test_result result;
    plugin_test_run(test, options, &result);
    bool passed = result.passed;
    if (call->json)
        show_json(test, &result);
    else if (!passed)
        show_failed(test, &result);
    else if (call_has(call, "verbose"))
        (void)printf("passed: %s\n", test->name);
    plugin_test_done(&result);
    return passed;
}

/* Without paths and without a configuration the rules that come with gritd are tested. */
static void default_paths(struct call *call, struct ctl_paths *paths)
{
    CLEANUP_FREE char *shipped = NULL;
    if (call->arg_count || call->config || !access(CTL_CONFIG_DEFAULT, R_OK))
        return;
    shipped = ctl_shipped_plugins();
    const char *list[] = {shipped};
    if (shipped)
        ctl_paths_read(paths, list, 1);
}

static bool show_errors(const struct setup *setup, const struct ctl_paths *paths)
{
    bool none = true;
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        if (problem->warning || !ctl_paths_concern(paths, problem))
            continue;
        print_error(problem);
        none = false;
    }
    return none;
}

struct tally {
    int passed, failed;
};

static void run_range(struct call *call, const struct setup *setup, int from, int to,
                      struct tally *tally)
{
    struct plugin_test_options options = {setup->book, zones_get, &call->zones};
    for (int i = from; i < to; i++) {
        bool good = run_one(call, &setup->tests->tests[i], &options);
        tally->passed += good;
        tally->failed += !good;
    }
}

/* A plugin promises what its own rules do: what other plugins would say between is not its
 * business. One that names rules of other files needs them, and is played with all. */
static bool run_alone(struct call *call, const struct ctl_paths *paths, const char *file, int count,
                      struct tally *tally)
{
    struct ctl_paths one = *paths;
    one.plugins = &file;
    one.plugin_count = 1;
    one.count = paths->count ? paths->count : 1;
    struct setup *alone = ctl_paths_setup(call, &one);
    bool fits = alone->counts.failed == 0 && alone->tests->count == count;
    if (fits)
        run_range(call, alone, 0, count, tally);
    setup_free(alone);
    return fits;
}

/* The tests of one file after the other. */
static struct tally run_all(struct call *call, const struct ctl_paths *paths,
                            const struct setup *setup)
{
    const struct plugin_tests *tests = setup->tests;
    struct tally tally = {0};
    for (int from = 0, to; from < tests->count; from = to) {
        const struct plugin_test *first = &tests->tests[from];
        for (to = from + 1; to < tests->count; to++) {
            if (!str_eq(tests->tests[to].place.file, first->place.file))
                break;
        }
        if (!first->plugin || setup->book->plugin_count == 1 ||
            !run_alone(call, paths, first->place.file, to - from, &tally))
            run_range(call, setup, from, to, &tally);
    }
    return tally;
}

static int run(struct call *call)
{
    struct ctl_paths paths = {0};
    ctl_paths_read(&paths, call->args, call->arg_count);
    default_paths(call, &paths);
    paths.tests = true;
    struct setup *setup = ctl_paths_setup(call, &paths);
    bool whole = show_errors(setup, &paths);
    struct tally tally = run_all(call, &paths, setup);
    if (!call->json)
        (void)printf("%d passed, %d failed\n", tally.passed, tally.failed);
    bool fine = !tally.failed && whole; /* a file that was left out has tests that did not run */
    setup_free(setup);
    ctl_paths_done(&paths);
    return fine ? CTL_OK : CTL_FOUND;
}

static const struct option options[] = {
    {"verbose", OPTION_FLAG, NULL, "name the tests that pass too", false},
};

const struct command command_test = {
    .name = "test",
    .args = "[PATH...] [--verbose] [--json]",
    .help = "run the tests written inside plugins and in *.test.yaml",
    .more = "Without PATH: the plugins of the configuration, else those that come with gritd. A "
            "failing\n"
            "test shows what was expected and everything that was decided. A plugin's own tests "
            "are\n"
            "played with that plugin alone, unless it names rules of others; those of *.test.yaml\n"
            "with all that were named.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_max = CTL_ARGS_ANY,
    .run = run,
};
