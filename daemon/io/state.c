#include "io/state.h"

#include <errno.h>

#include "base/alloc.h"
#include "engine/outbox.h"
#include "io/files.h"
#include "io/store_sqlite.h"

enum { SENDS_DAYS = 400, BUSY_MS = 5000 };

int state_open_file(const char *path, struct err *err, struct store **ret)
{
    const struct store_sqlite_options options = {
        .read_only = true, .finished = outbox_final_mask(), .busy_ms = BUSY_MS};
    return store_sqlite_open(NULL, path, &options, err, ret);
}

int state_open(const struct config *config, const char *config_path, struct err *err,
               struct store **ret)
{
    if (config->store_kind != STORE_SQLITE)
        return err_set(err, ENOTSUP, "only a sqlite store can be read by this version");
    CLEANUP_FREE char *path = path_beside(config_path, config->store);
    return state_open_file(path, err, ret);
}

struct loading {
    struct core *core;
    struct err *err;
};

static int on_state(void *user, const struct row *row)
{
    struct loading *loading = user;
    return core_load_state(loading->core, row->state.kind, row->state.key, row->state.value,
                           loading->err);
}

static int on_journal(void *user, const struct row *row)
{
    struct loading *loading = user;
    const struct row_journal *j = &row->journal;
    struct fact_row fact = {
        j->time, j->id, (enum event_type)j->type, j->kind, j->direction, j->flags, j->rep, j->deal};
    core_load_fact(loading->core, &fact);
    return 0;
}

static int on_outbox(void *user, const struct row *row)
{
    struct loading *loading = user;
    const struct row_outbox *o = &row->outbox;
    if (o->rule && o->state != OUTBOX_DEAD && o->state != OUTBOX_EXPIRED &&
        o->state != OUTBOX_CANCELLED)
        core_load_send(loading->core, o->rule, o->rep, o->deal, o->at);
    return 0;
}

int state_load(struct store *store, struct core *core, msec_t now, struct err *err)
{
    struct loading loading = {core, err};
    int status = store->ops->load_states(store, on_state, &loading, err);
    if (!status)
        status = store->ops->load_journal(store, now - core_book(core)->fact_horizon, false,
                                          on_journal, &loading, err);
    if (!status)
        status =
            store->ops->load_outbox(store, now - SENDS_DAYS * MSEC_DAY, on_outbox, &loading, err);
    return status;
}
