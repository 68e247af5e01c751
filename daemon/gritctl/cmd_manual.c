/* gritctl manual: a page of the manual, as man(1) reads it. */
#include "base/alloc.h"
#include "gritctl/ctl.h"
#include "gritctl/man.h"

static int run(struct call *call)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } pages[] = {{"gritctl", man_gritctl},
                 {"gritd", man_gritd},
                 {"gritd.yaml", man_config},
                 {"gritd-plugins", man_rules}};
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (!str_eq(pages[i].name, call->args[0]))
            continue;
        pages[i].print();
        return CTL_OK;
    }
    return call_usage(
        call, "there is no page '%s'; there are gritctl, gritd, gritd.yaml and gritd-plugins",
        call->args[0]);
}

const struct command command_manual = {
    .name = "manual",
    .args = "gritctl|gritd|gritd.yaml|gritd-plugins",
    .help = "a page of the manual, for man",
    .more = "The Debian package has these pages. From a build of your own:\n"
            "  gritctl manual gritctl | man -l -",
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
