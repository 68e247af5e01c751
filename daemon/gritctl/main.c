/* gritctl: what people and scripts do with gritd from a shell. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/ctl.h"
#include "io/memory.h"

static msec_t clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail for this clock */
    return (msec_t)now.tv_sec * MSEC_SECOND + now.tv_nsec / 1000000;
}

/* `help` and `help NAME` are what people try first. */
static int run_help(const struct call *call)
{
    size_t count;
    const struct command *const *commands = ctl_commands(&count);
    const struct command *about = call->command;
    if (!about && call->arg_count > 1)
        about = ctl_command(call->args[1]);
    if (about)
        help_print_command(stdout, about);
    else
        help_print(stdout, commands, count);
    return CTL_OK;
}

static int no_command(const struct call *call)
{
    if (!call->arg_count) {
        size_t count;
        const struct command *const *commands = ctl_commands(&count);
        help_print(stderr, commands, count);
        return CTL_USAGE;
    }
    const char *near = ctl_command_near(call->args[0]);
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
    if (call_parse(&call, argc - 1, argv + 1, ctl_command, &err))
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
