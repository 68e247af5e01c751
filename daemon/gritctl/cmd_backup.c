/* gritctl backup: a copy of the store, while gritd runs or not. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "gritctl/offline.h"
#include "gritctl/store_print.h"
#include "io/files.h"

static bool is_same_file(const char *a, const char *b)
{
    struct stat one, two;
    return !stat(a, &one) && !stat(b, &two) && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

static int check_target(const char *store, const char *target, bool force, struct err *err)
{
    static const char *const parts[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        struct strbuf part = {0};
        strbuf_printf(&part, "%s%s", store, parts[i]);
        bool same = is_same_file(strbuf_text(&part), target);
        strbuf_done(&part);
        if (same)
            return err_set(err, EINVAL, "%s: is the store itself", target);
    }
    if (!force && access(target, F_OK) == 0)
        return err_set(err, EEXIST, "%s: is there already; --force writes over it", target);
    return 0;
}

/* Nothing is under the real name that was not looked through. */
static int put_in_place(const char *fresh, const char *target, bool force, struct err *err)
{
    int failed = force ? rename(fresh, target)
                       : renameat2(AT_FDCWD, fresh, AT_FDCWD, target, RENAME_NOREPLACE);
    if (failed && errno == EINVAL) /* a file system that cannot; it was not there a moment ago */
        failed = rename(fresh, target);
    if (failed)
        return err_set(err, errno, "%s: cannot take its name: %s", target, strerror(errno));
    return folder_sync_of(target, err);
}

static int back_up(struct call *call, const char *store, struct err *err)
{
    const char *target = call->args[0];
    bool force = call_has(call, "force");
    struct strbuf name = {0};
    struct store_file file;
    int findings = 0, status = check_target(store, target, force, err);
    strbuf_printf(&name, "%s.part", target);
    CLEANUP_FREE char *fresh = strbuf_take(&name);
    if (!status)
        status = store_file_copy(store, fresh, err);
    if (status)
        return status;
    status = store_print_check(call, fresh, &file, err, &findings);
    if (!status && findings)
        status = err_set(err, EUCLEAN,
                         "%s: no backup was made: the copy has the faults named above, and so has "
                         "the store",
                         store);
    if (!status)
        status = put_in_place(fresh, target, force, err);
    if (status)
        (void)unlink(fresh); /* the first failure is the one to tell */
    else
        store_print_counts(call, target, &file);
    return status;
}

static int run(struct call *call)
{
    struct err err = {0};
    char *store = NULL;
    struct config *config = ctl_config(call);
    if (!config)
        return CTL_FOUND;
    int status = offline_path(config, ctl_config_path(call), &err, &store);
    if (!status)
        status = back_up(call, store, &err);
    if (status)
        call_error(call, "%s", err.text);
    free(store);
    config_free(config);
    return status ? CTL_FOUND : CTL_OK;
}

static const struct option options[] = {
    {"force", OPTION_FLAG, NULL, "write over FILE where it is there already", false},
};

const struct command command_backup = {
    .name = "backup",
    .args = "FILE [--force] [--json]",
    .help = "copy the store into FILE, while gritd runs or not",
    .more =
        "The copy is the store as it was at one moment. It is looked through and on the disk\n"
        "before FILE has its name; its mode is 0600. gritd goes on taking and sending\n"
        "meanwhile. Everything is in it, people's own words too: keep it as safe as the store,\n"
        "and not for longer than you need. `gritctl restore FILE` puts it back.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_min = 1,
    .args_max = 1,
    .run = run,
};
