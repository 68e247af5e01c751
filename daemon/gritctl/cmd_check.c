/* gritctl check: every mistake in configuration and plugins, one line each. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "gritctl/coverage_print.h"
#include "gritctl/ctl.h"
#include "gritctl/dose_print.h"
#include "io/files.h"

enum { LINE_COLUMNS = 100, SOURCE_BYTES = 1024 * 1024 };

/* The file that the last finding was in, for its lines. */
struct source {
    char *path, *bytes;
    size_t length;
};

struct counts {
    int loaded, failed, errors, warnings;
};

static void source_open(struct source *source, const char *path)
{
    struct err err;
    if (str_eq(source->path, path))
        return;
    free(source->bytes);
    source->bytes = NULL;
    xstr_replace(&source->path, path);
    if (file_read(path, SOURCE_BYTES, &err, &source->bytes, &source->length))
        source->bytes = NULL; /* then it is shown without its line */
}

/* Bytes of the file go to a terminal here: control characters stay out. */
static void put_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        (void)putchar((unsigned char)text[i] < ' ' || text[i] == 0x7F ? ' ' : text[i]);
}

/* The line, cut to what fits, and a caret under the place. */
static void show_line(struct source *source, const struct problem *problem)
{
    source_open(source, problem->file);
    const char *at = source->bytes;
    for (int line = 1; at && line < problem->line; line++) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    if (!at || problem->line < 1 || problem->col < 1)
        return;
    size_t length = strcspn(at, "\r\n");
    if (utf8_length(at, length) < problem->col - 1)
        return; /* also where it is no UTF-8 */
    size_t before = length ? utf8_prefix(at, (size_t)problem->col - 1) : 0;
    size_t start = before > LINE_COLUMNS / 2 ? before - LINE_COLUMNS / 2 : 0;
    while (start && ((unsigned char)at[start] & 0xC0) == 0x80)
        start--;
    length -= start;
    if (length > LINE_COLUMNS)
        length = LINE_COLUMNS;
    while (length && ((unsigned char)at[start + length] & 0xC0) == 0x80)
        length--;
    (void)fputs("    ", stdout);
    put_plain(at + start, length);
    long columns = utf8_length(at + start, before - start);
    (void)printf("\n    %*s^\n", (int)(columns < 0 ? 0 : columns), "");
}

static void show(struct call *call, struct source *source, const struct problem *problem)
{
    struct strbuf line = {0};
    if (call->json) {
        struct jsonw json;
        jsonw_begin(&json, &line);
        jsonw_object(&json, NULL);
        jsonw_text(&json, "file", problem->file);
        jsonw_int(&json, "line", problem->line);
        jsonw_int(&json, "col", problem->col);
        jsonw_text(&json, "severity", problem_severity(problem));
        jsonw_text(&json, "code", problem->code);
        jsonw_text(&json, "text", problem->text);
        jsonw_object_end(&json);
    } else {
        problem_print(problem, &line);
    }
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
    if (!call->json && call->terminal)
        show_line(source, problem);
}

/* With paths only what is wrong in these files counts: the rest of the configuration is not asked.
 */
static int files_with_errors(const struct setup *setup, const struct ctl_paths *paths)
{
    const char *last = NULL;
    int count = 0;
    for (int i = 0; i < setup->problems.count; i++) { /* sorted by file */
        const struct problem *problem = &setup->problems.list[i];
        if (problem->warning || !ctl_paths_concern(paths, problem) || str_eq(problem->file, last))
            continue;
        last = problem->file;
        count++;
    }
    return count;
}

static struct counts count(const struct setup *setup, const struct ctl_paths *paths)
{
    struct counts counts = {0};
    for (int i = 0; i < setup->problems.count; i++) {
        const struct problem *problem = &setup->problems.list[i];
        counts.warnings += problem->warning && ctl_paths_concern(paths, problem);
        counts.errors += !problem->warning && ctl_paths_concern(paths, problem);
    }
    counts.failed = files_with_errors(setup, paths);
    if (paths->count) {
        counts.loaded = (int)paths->count - counts.failed;
        return counts;
    }
    counts.loaded = setup->counts.loaded;
    if (counts.failed < setup->counts.failed) /* several files of an unreadable folder */
        counts.failed = setup->counts.failed;
    if (setup->problems.errors > counts.errors) { /* more than are kept */
        counts.errors = setup->problems.errors;
        counts.warnings = setup->problems.warnings;
    }
    return counts;
}

static int run(struct call *call)
{
    struct ctl_paths paths = {0};
    struct source source = {0};
    bool strict = call_has(call, "strict");
    ctl_paths_read(&paths, call->args, call->arg_count);
    struct setup *setup = ctl_paths_setup(call, &paths);
    if (strict) {
        for (int i = 0; i < setup->problems.count; i++)
            setup->problems.list[i].warning = false;
        setup->problems.errors += setup->problems.warnings;
        setup->problems.warnings = 0;
    }
    for (int i = 0; i < setup->problems.count; i++) {
        if (ctl_paths_concern(&paths, &setup->problems.list[i]))
            show(call, &source, &setup->problems.list[i]);
    }
    for (size_t i = 0; i < paths.remark_count && !call->json; i++)
        (void)puts(paths.remarks[i]);
    struct counts counts = count(setup, &paths);
    dose_print(setup->book, call->json);
    int holes = call_has(call, "coverage") ? coverage_print(setup->book, call->json, strict) : 0;
    if (!call->json)
        (void)printf("%d loaded, %d failed, %d warnings\n", counts.loaded, counts.failed,
                     counts.warnings);
    free(source.path);
    free(source.bytes);
    setup_free(setup);
    ctl_paths_done(&paths);
    return counts.errors || (strict && holes) ? CTL_FOUND : CTL_OK;
}

static const struct option options[] = {
    {"coverage", OPTION_FLAG, NULL,
     "show what there are questions and praise for, stage by stage, and where there is a hole",
     false},
    {"strict", OPTION_FLAG, NULL, "warnings count as errors, and holes of --coverage too", false},
};

const struct command command_check = {
    .name = "check",
    .args = "[PATH...] [--coverage] [--strict] [--json]",
    .help = "find every mistake in configuration and plugins",
    .more =
        "Without PATH: the whole configuration. With files or folders: these plugins, with the "
        "people\n"
        "and the pipeline of the configuration where it can be read. People, a pipeline and a\n"
        "gritd.yaml are told by their names or first keys and checked as what they are; other\n"
        "YAML in a folder is passed over with a remark.\n"
        "Then the most messages one person can get under any events: what gritd says by itself,\n"
        "beside replies, what people put off themselves, and praise a manager passes on.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_max = CTL_ARGS_ANY,
    .run = run,
};
