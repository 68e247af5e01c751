/* gritctl export: everything that is kept, about a person or at all. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/str.h"
#include "engine/export.h"
#include "gritctl/control.h"
#include "gritctl/export_all.h"
#include "gritctl/offline.h"
#include "io/state.h"

static int show(struct call *call, const struct setup *setup, struct store *store, struct err *err)
{
    const struct core_options options = {
        .seed = setup->config->seed, .zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(setup->book, &options);
    struct strbuf json = {0}, text = {0};
    struct personal who;
    struct arena arena;
    int entries = 0;
    arena_init(&arena);
    int status = state_load(store, core, call->now, err);
    if (!status) {
        const char *id = core_person_id(core, call_text(call, "rep"));
        engine_personal(core, id ? id : call_text(call, "rep"), 0, &arena, &who);
        status = export_person(core, store, &who, call->now, &json, &text, &entries, err);
    }
    /* about whom nothing is kept, nothing is written down either */
    bool may = status || !entries || access_record(call, who.id, "export");
    if (!status && entries && may)
        (void)puts(strbuf_text(call_has(call, "text") ? &text : &json));
    else if (!status)
        call_error(call, "nothing is kept about '%s'", call_text(call, "rep"));
    arena_done(&arena);
    strbuf_done(&json);
    strbuf_done(&text);
    core_free(core);
    return status ? status : !entries || !may;
}

static int run_all(struct call *call)
{
    struct err err = {0};
    char *path = NULL;
    struct config *config = ctl_config(call);
    if (!config)
        return CTL_FOUND;
    int status = offline_path(config, ctl_config_path(call), &err, &path);
    if (status)
        call_error(call, "%s", err.text);
    else
        status = export_all(call, path, call_text(call, "all"));
    free(path);
    config_free(config);
    return status ? CTL_FOUND : CTL_OK;
}

static int run(struct call *call)
{
    struct err err = {0};
    struct store *store;
    if (call_has(call, "rep") == call_has(call, "all"))
        return call_usage(call, "say about whom (--rep ID), or --all PATH");
    if (call_has(call, "all"))
        return run_all(call);
    struct setup *setup = ctl_setup(call, ctl_config_path(call), NULL);
    print_errors(&setup->problems);
    int status = state_open(setup->config, ctl_config_path(call), &err, &store);
    if (!status) {
        status = show(call, setup, store, &err);
        store->ops->close(store);
    }
    if (status < 0)
        call_error(call, "%s", err.text);
    setup_free(setup);
    return status ? CTL_FOUND : CTL_OK;
}

static const struct option options[] = {
    {"rep", OPTION_TEXT, "ID", "about whom", false},
    {"text", OPTION_FLAG, NULL, "to read, instead of JSON", false},
    {"all", OPTION_TEXT, "PATH",
     "the whole store as JSON lines: into a file, into the files of a folder, or - for stdout",
     false},
    {"force", OPTION_FLAG, NULL, "write over files that are there already", false},
    CONTROL_SOCKET_OPTION,
};

const struct command command_export = {
    .name = "export",
    .args = "--rep ID [--text] | --all PATH [--force]",
    .help = "everything that is kept about a person, or the whole store, as JSON",
    .more = "Every row of every table that is about the person, what is worked out from them, who\n"
            "has looked, and that rows about others name the person. It is written down, and the\n"
            "person can read, that you took it out.\n"
            "--all gives every column of every row, one row a line, of one moment; files are made\n"
            "with mode 0600. The store's own secret is among it. Each person can read of it.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .run = run,
};
