/* gritctl ledger: the coaching of each manager as a table. */
#include "base/alloc.h"
#include "base/str.h"
#include "core/ledger_csv.h"
#include "gritctl/ctl.h"
#include "io/state.h"

static int show(struct call *call, const struct setup *setup, struct store *store, struct err *err)
{
    const struct core_options options = {
        .seed = setup->config->seed, .zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(setup->book, &options);
    struct strbuf out = {0};
    int status = state_load(store, core, call->now, err);
    if (!status) {
        core_ledger_csv(core, call_number(call, "from", 0), call_number(call, "to", MSEC_NEVER),
                        &out);
        (void)fputs(strbuf_text(&out), stdout);
    }
    strbuf_done(&out);
    core_free(core);
    return status;
}

static int run(struct call *call)
{
    struct err err = {0};
    struct store *store;
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    print_errors(&setup->problems);
    int status = state_open(setup->config, ctl_config_path(call), &err, &store);
    if (!status) {
        status = show(call, setup, store, &err);
        store->ops->close(store);
    }
    if (status)
        call_error(call, "%s", err.text);
    setup_free(setup);
    return status ? CTL_FOUND : CTL_OK;
}

static const struct option options[] = {
    {"from", OPTION_TIME, "TIME", "what was held, or else planned, from here on", false},
    {"to", OPTION_TIME, "TIME", "until here", false},
};

const struct command command_ledger = {
    .name = "ledger",
    .args = "[--from TIME] [--to TIME]",
    .help = "what managers did for their teams, as comma-separated values",
    .more = "One row for each one-to-one, call review, joint plan, career talk, team meeting and "
            "word of\n"
            "praise: the manager, what it was, when it was planned and held (UTC), and its "
            "minutes.\n"
            "It does not say with whom, and nobody's rating is in it. gritd itself does nothing "
            "with it.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
