/* What the store says: whether it can be read, and what came in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "core/core.h"
#include "gritctl/doctor.h"
#include "io/state.h"

enum { SILENT_DAYS = 4 }; /* more than a long weekend */

/* The kernel's list of locks, so that we do not take the lock ourselves. Source: proc(5). */
static bool is_locked(const char *path, long *ret_process)
{
    struct strbuf name = {0};
    struct stat info;
    char line[256];
    bool found = false;
    strbuf_printf(&name, "%s.lock", path);
    FILE *locks = stat(strbuf_text(&name), &info) ? NULL : fopen("/proc/locks", "re");
    while (locks && !found && fgets(line, sizeof(line), locks)) {
        unsigned long inode;
        found = strstr(line, "FLOCK") &&
                sscanf(line, "%*s %*s %*s %*s %ld %*x:%*x:%lu", ret_process, &inode) == 2 &&
                inode == (unsigned long)info.st_ino;
    }
    if (locks)
        (void)fclose(locks); /* it was only read */
    strbuf_done(&name);
    return found;
}

static bool is_of_crm(int type)
{
    return type >= EVENT_DEAL_CREATED && type <= EVENT_ACTIVITY_PLANNED;
}

static int on_journal(void *user, const struct row *row)
{
    if (is_of_crm(row->journal.type))
        *(msec_t *)user = row->journal.at; /* they come in the order of time */
    return 0;
}

static int look_at_intake(struct doctor *doctor, struct store *store, struct err *err)
{
    msec_t now = doctor->call->now, last = MSEC_NONE;
    if (str_eq(doctor->config->platform, "local"))
        return 0; /* its clock can be moved */
    int status = store->ops->load_journal(store, now - SILENT_DAYS * MSEC_DAY, false, on_journal,
                                          &last, err);
    if (!status && last == MSEC_NONE && doctor->config->intake_count)
        doctor_found(doctor, FAULT_INTAKE_SILENT,
                     "nothing has come from the CRM for %d days (intake '%s'%s)", SILENT_DAYS,
                     doctor->config->intakes[0].name,
                     doctor->config->intake_count > 1 ? " and others" : "");
    return status;
}

static void look_at_stages(struct doctor *doctor, const struct core *core)
{
    const struct book *book = core_book(core);
    char *seen[DOCTOR_SAME_MAX] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < core_deal_count(core) && count < DOCTOR_SAME_MAX; i++) {
        struct deal_view deal = core_deal_at(core, i);
        bool known = deal.deleted || str_empty(deal.stage) || book_stage(book, deal.stage);
        for (size_t k = 0; k < count && !known; k++)
            known = str_eq(seen[k], deal.stage);
        if (known)
            continue;
        seen[count++] = xstrdup(deal.stage);
        doctor_found(doctor, FAULT_STAGES,
                     "deals stand in the stage '%s', which pipeline.yaml does not know",
                     deal.stage);
    }
    for (size_t k = 0; k < count; k++)
        free(seen[k]);
}

static int look_inside(struct doctor *doctor, struct store *store, struct err *err)
{
    const struct core_options options = {
        .seed = doctor->config->seed, .zone = zones_get, .zone_user = &doctor->call->zones};
    struct core *core = core_new(doctor->setup->book, &options);
    int status = state_load(store, core, doctor->call->now, err);
    if (!status)
        status = look_at_intake(doctor, store, err);
    if (!status)
        look_at_stages(doctor, core);
    core_free(core);
    return status;
}

void doctor_store(struct doctor *doctor)
{
    struct err err = {0};
    struct store *store;
    long process = 0;
    if (doctor->config->store_kind != STORE_SQLITE)
        return;
    CLEANUP_FREE char *path = setup_store_path(doctor->setup);
    if (!doctor->status && is_locked(path, &process))
        doctor_found(doctor, FAULT_STORE_LOCKED,
                     "%s is in use by process %ld, which does not answer as gritd", path, process);
    if (access(path, F_OK))
        return; /* the first start makes it */
    int status = state_open_file(path, &err, &store);
    if (!status) {
        status = doctor->setup->book ? look_inside(doctor, store, &err) : 0;
        store->ops->close(store);
    }
    if (status == -ENOTSUP && strstr(err.text, "is newer"))
        doctor_found(doctor, FAULT_STORE_NEWER, "%s", err.text);
    else if (status && status != -ENOTSUP) /* an older one is brought up to date by the start */
        doctor_found(doctor, FAULT_STORE_DAMAGED, "%s", err.text);
}
