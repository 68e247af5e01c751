/* gritctl completion: a file for a shell that completes the words of gritctl and gritd. */
#include "base/alloc.h"
#include "gritctl/completes.h"

static int run(struct call *call)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", completes_bash}, {"zsh", completes_zsh}, {"fish", completes_fish}};
    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        if (!str_eq(shells[i].name, call->args[0]))
            continue;
        shells[i].print();
        return CTL_OK;
    }
    return call_usage(call, "there is no completion for '%s'; there are bash, zsh and fish",
                      call->args[0]);
}

const struct command command_completion = {
    .name = "completion",
    .args = "bash|zsh|fish",
    .help = "a file that lets the shell complete the words of gritctl",
    .more = "The Debian package has these files. From a build of your own:\n"
            "  source <(gritctl completion bash)",
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
