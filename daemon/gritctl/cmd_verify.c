/* gritctl verify: whether a store, or a backup of one, is whole. */
#include <stdlib.h>

#include "base/alloc.h"
#include "gritctl/offline.h"
#include "gritctl/store_print.h"

static int verify(struct call *call, const char *path)
{
    struct err err = {0};
    struct store_file file;
    int findings = 0, status = store_print_check(call, path, &file, &err, &findings);
    if (status)
        call_error(call, "%s", err.text);
    else if (!findings)
        store_print_counts(call, path, &file);
    return status || findings ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    struct err err = {0};
    char *path = NULL;
    if (call->arg_count)
        return verify(call, call->args[0]);
    struct config *config = ctl_config(call);
    if (!config)
        return CTL_FOUND;
    int status = offline_path(config, ctl_config_path(call), &err, &path);
    if (status)
        call_error(call, "%s", err.text);
    else
        status = verify(call, path);
    free(path);
    config_free(config);
    return status ? CTL_FOUND : CTL_OK;
}

const struct command command_verify = {
    .name = "verify",
    .args = "[FILE] [--json]",
    .help = "look through the store, or a backup, for damage",
    .more =
        "Every page and index, the tables themselves, and what gritd relies on: that the order\n"
        "of events holds, that each message has its state and its words, each question its\n"
        "message, that everything can be read. Nothing is written, and gritd may run.",
    .args_max = 1,
    .run = run,
};
