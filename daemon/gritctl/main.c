/* gritctl: what people and scripts do with gritd from a shell. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "base/str.h"
#include "gritctl/ctl.h"
#include "io/memory.h"

#define COMMAND(name) extern const struct command command_##name;
#include "gritctl/command_list.h"
#undef COMMAND

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "gritctl/command_list.h"
#undef COMMAND
};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (str_eq(commands[i]->name, name))
            return commands[i];
    }
    return NULL;
}

static const char *nearest(const char *word)
{
    const char *names[ARRAY_LEN(commands)];
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        names[i] = commands[i]->name;
    return nearest_word(word, names, ARRAY_LEN(names));
}

static msec_t clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    return (msec_t)now.tv_sec * MSEC_SECOND + now.tv_nsec / 1000000;
}

/* `help` and `help NAME` are what people try first. */
static int run_help(const struct call *call)
{
    const struct command *about = call->command;
    if (!about && call->arg_count > 1)
        about = find(call->args[1]);
    if (about)
        help_print_command(stdout, about);
    else
        help_print(stdout, commands, ARRAY_LEN(commands));
    return CTL_OK;
}

static int no_command(const struct call *call)
{
    if (!call->arg_count) {
        help_print(stderr, commands, ARRAY_LEN(commands));
        return CTL_USAGE;
    }
    const char *near = nearest(call->args[0]);
    if (near)
        (void)fprintf(stderr, "gritctl: unknown command '%s'; did you mean '%s'?\n", call->args[0],
                      near);
    else
        (void)fprintf(stderr, "gritctl: unknown command '%s'; see gritctl --help\n", call->args[0]);
    return CTL_USAGE;
}

static int run(struct call *call)
{
    if (call->version) {
        (void)printf("gritctl %s\n", GRITD_VERSION);
        return CTL_OK;
    }
    if (call->help || (!call->command && call->arg_count && str_eq(call->args[0], "help")))
        return run_help(call);
    return call->command ? call->command->run(call) : no_command(call);
}

void alloc_failed(void)
{
    memory_end("gritctl: out of memory\n", CTL_FOUND);
}

int main(int argc, char **argv)
{
    memory_begin();
    struct call call = {.now = clock_now(), .terminal = isatty(STDOUT_FILENO) == 1};
    struct err err;
    int status;
    if (call_parse(&call, argc - 1, argv + 1, find, &err))
        status = call_usage(&call, "%s", err.text);
    else
        status = run(&call);
    if ((fflush(stdout) || ferror(stdout)) && status == CTL_OK) {
        call_error(&call, "cannot write the output: %s", strerror(errno));
        status = CTL_FOUND;
    }
    call_done(&call);
    return status;
}
