/* gritd: a coaching daemon for sales teams. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "gritd/daemon.h"
#include "io/log.h"
#include "io/memory.h"
#include "io/platforms.h"

struct arguments {
    const char *config;
    bool check, restored;
};

static const struct {
    int letter;
    const char *name, *value, *help;
} rows[] = {
#define ROW(...) {__VA_ARGS__},
    GRITD_OPTIONS(ROW)
#undef ROW
};

static void print_usage(FILE *out) /* a closed stdout or stderr is the caller's choice */
{
    enum { COLUMN = 13 };
    (void)fputs("Usage: gritd [--config FILE] [--check] [--restored] [--version]\n", out);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int used = fprintf(out, "  --%s %s", rows[i].name, rows[i].value ? rows[i].value : "");
        (void)fprintf(out, "%*s %s\n", used < COLUMN + 2 ? COLUMN + 2 - used : 0, "", rows[i].help);
    }
}

/* 0: go on; else the exit code plus one. */
static int read_arguments(int argc, char **argv, struct arguments *ret)
{
    struct option options[ARRAY_LEN(rows) + 1] = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        options[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument,
                                     NULL, rows[i].letter};
    ret->config = GRITD_CONFIG;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            ret->config = optarg;
            break;
        case 'k':
            ret->check = true;
            break;
        case 'r':
            ret->restored = true;
            break;
        case 'v':
            (void)puts("gritd " GRITD_VERSION); /* a closed stdout is the caller's choice */
            return EXIT_CLEAN + 1;
        case 'h':
            print_usage(stdout);
            return EXIT_CLEAN + 1;
        default:
            print_usage(stderr);
            return EXIT_USAGE + 1;
        }
    }
    if (optind < argc) {
        (void)fprintf(stderr, "gritd: '%s' is not an option\n", argv[optind]); /* as above */
        print_usage(stderr);
        return EXIT_USAGE + 1;
    }
    return 0;
}

static void print_problems(struct setup *setup)
{
    struct strbuf text = {0};
    problems_print(&setup->problems, &text);
    (void)fputs(strbuf_text(&text), stderr); /* a closed stderr is the caller's choice */
    strbuf_done(&text);
}

void alloc_failed(void)
{
    memory_end("gritd: out of memory, ending; nothing that was acknowledged is lost\n",
               EXIT_RUNTIME);
}

/* It would hold tokens and answers. */
static void no_core_file(void)
{
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_DUMPABLE, 0);     /* cannot fail for this value */
    (void)setrlimit(RLIMIT_CORE, &none); /* less is always allowed */
}

int main(int argc, char **argv)
{
    memory_begin();
    struct arguments arguments = {0};
    int stop = read_arguments(argc, argv, &arguments);
    if (stop)
        return stop - 1;
    no_core_file();
    (void)signal(SIGPIPE, SIG_IGN); /* a valid signal */
    if (!arguments
             .check) /* a reload or a stop that is asked for early is not the end of the start */
        daemon_signals(SIG_BLOCK);
    struct zones zones = {0};
    const struct kept none = {0}; /* the daemon looks in its store for what it kept */
    const struct setup_override override = {.kept = &none};
    struct setup *setup = setup_load(arguments.config, &override, platforms_for_load(), &zones);
    print_problems(setup);
    const struct chat_platform *platform = chat_platform_find(setup->config->platform);
    int code = EXIT_CONFIG;
    if (arguments.check || !setup->only_plugins_bad || !platform) {
        (void)fprintf(stderr, "%d loaded, %d failed, %d warnings\n", setup->counts.loaded,
                      setup->counts.failed, setup->problems.warnings); /* as above */
        if (arguments.check && setup->ok)
            code = EXIT_CLEAN;
        setup_free(setup);
    } else {
        log_open(setup->config->log_level, setup->config->log_format);
        code = daemon_run(setup, platform, &zones, arguments.restored);
    }
    zones_done(&zones);
    return code;
}
