/* gritctl reload: the daemon reads its configuration again. */
#include "base/alloc.h"
#include "gritctl/control.h"

static int run(struct call *call)
{
    json_t *answer;
    int status = control_ask(call, "{\"cmd\":\"reload\"}", &answer, NULL);
    if (!status)
        json_decref(answer);
    return status;
}

static const struct option options[] = {CONTROL_SOCKET_OPTION};

const struct command command_reload = {
    .name = "reload",
    .args = "[--socket PATH]",
    .help = "let the running gritd read its configuration and plugins again",
    .more = "A configuration with a mistake is refused whole, with every mistake named; the old "
            "one stays.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
