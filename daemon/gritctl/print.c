/* Help and errors. */
#include <stdarg.h>

#include "base/str.h"
#include "gritctl/ctl.h"

enum { HELP_COLUMN = 26 };

const char ctl_exits[] =
    "0 fine, 1 found problems or a test failed, 2 wrong usage, 69 gritd is not reachable";

static void print_lead(const struct call *call)
{
    if (call->command)
        (void)fprintf(stderr, "gritctl %s: ", call->command->name);
    else
        (void)fputs("gritctl: ", stderr);
}

void call_error(const struct call *call, const char *format, ...)
{
    va_list args;
    if (call->quiet)
        return;
    print_lead(call);
    va_start(args, format);
    (void)vfprintf(stderr, format, args); /* where stderr is closed nobody wants to know */
    va_end(args);
    (void)fputc('\n', stderr);
}

int call_usage(const struct call *call, const char *format, ...)
{
    va_list args;
    print_lead(call);
    va_start(args, format);
    (void)vfprintf(stderr, format, args); /* as above */
    va_end(args);
    (void)fprintf(stderr, "\nsee gritctl %s%s--help\n", call->command ? call->command->name : "",
                  call->command ? " " : "");
    return CTL_USAGE;
}

static void print_options(FILE *out, const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct strbuf left = {0};
        strbuf_printf(&left, "--%s%s%s", options[i].name, options[i].value ? " " : "",
                      options[i].value ? options[i].value : "");
        (void)fprintf(out, "  %-*s %s%s\n", HELP_COLUMN, strbuf_text(&left), options[i].help,
                      options[i].required ? " (needed)" : "");
        strbuf_done(&left);
    }
}

void help_print(FILE *out, const struct command *const *commands, size_t count)
{
    size_t global_count;
    const struct option *globals = call_globals(&global_count);
    (void)fputs("usage: gritctl [--config FILE] COMMAND ...\n\ncommands:\n", out);
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
    (void)fputs("\noptions of every command:\n", out);
    print_options(out, globals, global_count);
    (void)fprintf(out, "\nexit: %s\n", ctl_exits);
}

void help_print_command(FILE *out, const struct command *command)
{
    size_t global_count;
    const struct option *globals = call_globals(&global_count);
    (void)fprintf(out, "usage: gritctl %s %s\n\n%s\n", command->name, command->args, command->help);
    if (command->more)
        (void)fprintf(out, "\n%s\n", command->more);
    if (command->more_print)
        command->more_print(out);
    (void)fputs("\noptions:\n", out);
    print_options(out, command->options, command->option_count);
    print_options(out, globals, global_count);
}

void print_error(const struct problem *problem)
{
    struct strbuf line = {0};
    problem_print(problem, &line);
    (void)fprintf(stderr, "%s\n", strbuf_text(&line));
    strbuf_done(&line);
}

void print_errors(const struct problems *problems)
{
    for (int i = 0; i < problems->count; i++) {
        if (!problems->list[i].warning)
            print_error(&problems->list[i]);
    }
}
