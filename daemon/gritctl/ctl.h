/* ctl.h: what the subcommands of gritctl share: their table, the parsed call, reading and printing.
 * Layer: commands. Lifetime: one call of the program. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/map.h"
#include "base/msec.h"
#include "io/setup.h"
#include "io/zones.h"

enum ctl_exit {
    CTL_OK = 0,
    CTL_FOUND = 1, /* found problems, a test failed, nothing there */
    CTL_USAGE = 2,
    CTL_UNREACHABLE = 69, /* EX_UNAVAILABLE of sysexits.h */
};

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_LIST,   /* may be given several times; takes all words up to the next option where the
                      command has no arguments of its own */
    OPTION_TIME,   /* RFC 3339 */
    OPTION_NUMBER, /* 0 and up */
    OPTION_LENGTH, /* 90s 15m 2h 3d */
};

struct option {
    const char *name; /* without "--" */
    enum option_kind kind;
    const char *value; /* what help calls it; NULL for flags */
    const char *help;
    bool required;
};

enum { CTL_ARGS_ANY = -1 };

struct call;

struct command {
    const char *name;
    const char *args; /* behind the name in the usage line */
    const char *help; /* one line */
    const char *more; /* further lines of `gritctl NAME --help`; NULL: none */
    const struct option *options;
    size_t option_count;
    int args_min, args_max;
    int (*run)(struct call *call);
    void (*more_print)(FILE *out); /* after `more`, where it comes from a table; NULL: none */
};

/* The texts of one option, as given; empty: not given. */
struct option_value {
    const char **texts;
    size_t count, cap;
    int64_t number; /* of TIME, NUMBER and LENGTH */
};

struct call {
    const struct command *command;
    const char **args;
    size_t arg_count, arg_cap;
    struct option_value *values; /* one for each option of the command */
    const char *config;          /* NULL: not given */
    bool json, help, version;
    bool terminal; /* stdout is one */
    bool quiet;    /* call_error() says nothing: there is another way to try */
    msec_t now;    /* the clock, read once in main */
    struct zones zones;
};

/* --- commands.c --- */

/* All there are, in the order of the help text. */
const struct command *const *ctl_commands(size_t *ret_count);
const struct command *ctl_command(const char *name); /* or NULL */
const char *ctl_command_near(const char *word);      /* the nearest name, or NULL */

/* --- args.c --- */

/* Reads the words behind the program's name. find gives a command by name, or NULL.
 *
 * Owns:   call_done() frees what the call holds; the words are borrowed.
 * Errors: -EINVAL with what is wrong and the nearest right word. */
int call_parse(struct call *call, int count, char *const *words,
               const struct command *(*find)(const char *name), struct err *err);
void call_done(struct call *call);

const struct option *call_globals(size_t *ret_count);

/* By the option's name, which must be in the command's table (or abort). */
bool call_has(const struct call *call, const char *name);
const char *call_text(const struct call *call, const char *name); /* NULL: not given */
const struct option_value *call_list(const struct call *call, const char *name);
int64_t call_number(const struct call *call, const char *name, int64_t absent);

/* --- print.c --- */

/* "gritctl NAME: text" on stderr. */
void call_error(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, and points to --help. Returns CTL_USAGE. */
int call_usage(const struct call *call, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

extern const char ctl_exits[]; /* what the exit codes mean, in one line */
void help_print(FILE *out, const struct command *const *commands, size_t count);
void help_print_command(FILE *out, const struct command *command);

/* On stderr, one line each: one problem, or the errors among them. */
void print_error(const struct problem *problem);
void print_errors(const struct problems *problems);

/* --- configuration.c --- */

#define CTL_CONFIG_DEFAULT "/etc/gritd/gritd.yaml"

/* setup_load() with the known chat platforms. */
struct setup *ctl_setup(struct call *call, const char *config,
                        const struct setup_override *override);

/* Only gritd.yaml; it must be readable. Owns: free with config_free(). Errors: told on stderr,
 * NULL. */
struct config *ctl_config(struct call *call);
const char *ctl_config_path(const struct call *call);

/* The folder of the rules that come with gritd, or NULL. Owns: the caller frees it. */
char *ctl_shipped_plugins(void);

/* What `paths` name: folders mean their *.yaml files; people.yaml, pipeline.yaml and gritd.yaml are
 * taken as what they are, all others as plugins. */
struct ctl_paths {
    char **files; /* all of them, each once */
    size_t count, cap;
    struct map known;     /* by its path: the file's */
    const char **plugins; /* borrowed from files */
    int plugin_count, plugin_cap;
    const char *people, *pipeline, *config; /* borrowed from files, or NULL */
    const char **links;                     /* borrowed from files: not read, they lead elsewhere */
    size_t link_count, link_cap;
    char **remarks; /* one line for each file of a folder passed over */
    size_t remark_count, remark_cap;
    bool tests; /* the plugins' own tests are wanted */
};
void ctl_paths_read(struct ctl_paths *paths, const char **list, size_t count);
void ctl_paths_done(struct ctl_paths *paths);

/* Whether a problem is about one of these files; with no paths every problem is. */
bool ctl_paths_concern(const struct ctl_paths *paths, const struct problem *problem);

/* The setup for these files, beside the configuration's people and pipeline where it can be read.
 * No paths: the whole configuration. */
struct setup *ctl_paths_setup(struct call *call, const struct ctl_paths *paths);
