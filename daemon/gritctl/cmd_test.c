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

static int run(struct call *call)
{
    struct ctl_paths paths = {0};
    int passed = 0, failed = 0;
    ctl_paths_read(&paths, call->args, call->arg_count);
    default_paths(call, &paths);
    struct setup *setup = ctl_paths_setup(call, &paths);
    struct plugin_test_options options = {setup->book, zones_get, &call->zones};
    bool whole = show_errors(setup, &paths);
    for (int i = 0; i < setup->tests->count; i++) {
        bool good = run_one(call, &setup->tests->tests[i], &options);
        passed += good;
        failed += !good;
    }
    if (!call->json)
        (void)printf("%d passed, %d failed\n", passed, failed);
    bool fine = !failed && whole; /* a file that was left out has tests that did not run */
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
            "test shows what was expected and everything that was decided.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_max = CTL_ARGS_ANY,
    .run = run,
};
