/* gritctl restore: a backup becomes the store of a gritd that is stopped. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "core/core.h"
#include "gritctl/erased_since.h"
#include "gritctl/offline.h"
#include "gritctl/store_print.h"

enum { STAMP_BYTES = 32 };

struct restoring {
    struct call *call;
    struct setup *setup;
    const char *backup;
    char *store, *fresh, *aside;
    struct store_file file;
    struct erased_since erased;
};

static char *beside(const char *path, const char *suffix)
{
    struct strbuf name = {0};
    strbuf_printf(&name, "%s%s", path, suffix);
    return strbuf_take(&name);
}

/* gritd.db.before-20261122T155003123Z */
static char *aside_name(const char *store, msec_t now)
{
    char stamp[MSEC_TEXT_BYTES], name[STAMP_BYTES] = ".before-";
    size_t length = strlen(name);
    msec_format(now, stamp);
    for (const char *c = stamp; *c && length < sizeof(name) - 2; c++) {
        if (!strchr("-:.Z", *c))
            name[length++] = *c;
    }
    name[length++] = 'Z';
    name[length] = '\0';
    return beside(store, name);
}

/* So that the next start does what `gritd --restored` does, whether somebody thinks of it or not.
 */
static int mark(const struct restoring *restoring, struct err *err)
{
    struct store_batch *batch = store_batch_new();
    store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                         .state = {STATE_META, "restored", "{\"asked\":true}"}});
    return offline_write_file(restoring->fresh, batch, err);
}

static int erase_again(struct restoring *restoring, struct err *err)
{
    const struct erased_since *erased = &restoring->erased;
    int status = 0;
    for (size_t i = 0; !status && erased->sure && i < erased->count; i++)
        status = offline_erase(restoring->call, restoring->setup->book, restoring->fresh,
                               erased->ids[i], err);
    return status;
}

/* The copy is made whole before the store is touched. */
static int prepare(struct restoring *restoring, struct err *err)
{
    int findings = 0;
    int status =
        store_print_check(restoring->call, restoring->backup, &restoring->file, err, &findings);
    if (!status && findings)
        status = err_set(err, EUCLEAN, "%s: has the faults named above; nothing was changed",
                         restoring->backup);
    if (!status)
        status = store_file_copy(restoring->backup, restoring->fresh, err);
    if (!status)
        status = mark(restoring, err);
    if (!status)
        status = erased_since_find(restoring->store, restoring->fresh, &restoring->erased, err);
    return status ? status : erase_again(restoring, err);
}

static void drop_fresh(const struct restoring *restoring)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
        CLEANUP_FREE char *name = beside(restoring->fresh, suffixes[i]);
        (void)unlink(name); /* absent is fine */
    }
}

static void print_json(const struct restoring *restoring)
{
    const struct erased_since *erased = &restoring->erased;
    struct strbuf line = {0};
    struct jsonw json;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    if (access(restoring->aside, F_OK) == 0)
        jsonw_text(&json, "kept", restoring->aside);
    jsonw_time(&json, "made", erased->made);
    jsonw_array(&json, erased->sure ? "erased_again" : "perhaps_erased");
    for (size_t i = 0; i < erased->count; i++)
        jsonw_text(&json, NULL, erased->ids[i]);
    jsonw_array_end(&json);
    jsonw_bool(&json, "compared", !erased->unknown);
    jsonw_int(&json, "left_to_erase", erased->left);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

static void say_done(const struct restoring *restoring)
{
    store_print_counts(restoring->call, restoring->store, &restoring->file);
    if (restoring->call->json) {
        print_json(restoring);
        return;
    }
    if (access(restoring->aside, F_OK) == 0)
        (void)printf("The store of before is kept as %s. Remove it when all is well: what it holds "
                     "of people is not erased with them.\n",
                     restoring->aside);
    erased_since_print(&restoring->erased);
    (void)puts("At its next start gritd knows that this is a backup: for a day it looks up whether "
               "each\nmessage was sent before, and sends none twice. What happened after the "
               "backup was made\ngritd does not know; whoever sent it can send it again.");
}

static int restore(struct restoring *restoring, struct err *err)
{
    int lock = -1;
    int status = store_file_lock(restoring->store, err, &lock);
    if (status == -EAGAIN)
        return err_set(err, EAGAIN, "%s: gritd runs with it; stop gritd first", restoring->store);
    if (status)
        return status;
    drop_fresh(restoring); /* of a restore that was interrupted */
    status = prepare(restoring, err);
    if (!status)
        status = store_file_replace(restoring->store, restoring->fresh, restoring->aside, err);
    drop_fresh(restoring);
    (void)close(lock); /* gives the lock back */
    return status;
}

static int run(struct call *call)
{
    struct err err = {0};
    struct restoring restoring = {.call = call, .backup = call->args[0]};
    restoring.setup = ctl_setup(call, ctl_config_path(call), NULL);
    print_errors(&restoring.setup->problems);
    int status =
        offline_path(restoring.setup->config, ctl_config_path(call), &err, &restoring.store);
    if (!status) {
        restoring.fresh = beside(restoring.store, ".restore");
        restoring.aside = aside_name(restoring.store, call->now);
        status = restore(&restoring, &err);
    }
    if (status)
        call_error(call, "%s", err.text);
    else
        say_done(&restoring);
    erased_since_done(&restoring.erased);
    free(restoring.store);
    free(restoring.fresh);
    free(restoring.aside);
    setup_free(restoring.setup);
    return status || restoring.erased.left ? CTL_FOUND : CTL_OK;
}

const struct command command_restore = {
    .name = "restore",
    .args = "FILE [--json]",
    .help = "put a backup in the place of the store; gritd must be stopped",
    .more =
        "FILE is looked through first, copied, and brought to this version; until all of that is\n"
        "done the store stays as it is. The store of before is kept beside it. Whoever was\n"
        "erased since the backup was made is erased again, as far as the two files tell.\n"
        "Exit 1 also says: somebody has to be erased by hand.",
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
