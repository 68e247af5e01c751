#include "gritctl/offline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "engine/export.h"
#include "engine/outbox.h"
#include "gritctl/control.h"
#include "io/asker.h"
#include "io/files.h"
#include "io/state.h"
#include "io/store_sqlite.h"

enum { BUSY_MS = 5000 };

static void on_done(void *user, struct store_batch *batch, int status)
{
    *(int *)user = status;
    store_batch_free(batch);
}

static int write_batch(uv_loop_t *loop, const char *path, struct store_batch *batch,
                       struct err *err)
{
    const struct store_sqlite_options options = {.finished = outbox_final_mask(),
                                                 .busy_ms = BUSY_MS};
    struct store *store;
    int status = store_sqlite_open(loop, path, &options, err, &store), written = -EIO;
    if (status) {
        store_batch_free(batch);
        return status;
    }
    batch->done = on_done;
    batch->user = &written;
    store->ops->submit(store, batch);
    store->ops->close(store); /* waits for it */
    (void)uv_run(loop, UV_RUN_DEFAULT);
    return written ? err_set(err, -written, "%s: cannot be written", path) : 0;
}

int offline_write_file(const char *path, struct store_batch *batch, struct err *err)
{
    uv_loop_t loop;
    int status = access(path, F_OK) < 0 ? err_set(err, ENOENT, "%s: there is no store", path)
                                        : uv_loop_init(&loop);
    if (status) {
        store_batch_free(batch);
        return status;
    }
    status = write_batch(&loop, path, batch, err);
    (void)uv_loop_close(&loop); /* nothing is left in it */
    return status;
}

int offline_path(const struct config *config, const char *config_path, struct err *err, char **ret)
{
    if (config->store_kind != STORE_SQLITE)
        return err_set(err, ENOTSUP, "only a sqlite store can be used by this version");
    *ret = path_beside(config_path, config->store);
    return 0;
}

int offline_write(const struct config *config, const char *config_path, struct store_batch *batch,
                  struct err *err)
{
    char *path = NULL;
    int status = offline_path(config, config_path, err, &path);
    if (status) {
        store_batch_free(batch);
        return status;
    }
    status = offline_write_file(path, batch, err);
    free(path);
    return status;
}

/* --- erasing --- */

static int on_meta(void *user, const struct row *row)
{
    if (str_eq(row->state.key, "gone"))
        (void)sscanf(row->state.value, "{\"count\":%lld", (long long *)user); /* else it stays 0 */
    return 0;
}

static int erase_order(struct call *call, const struct book *book, const char *path,
                       const char *rep, struct store_batch *batch, struct err *err)
{
    const struct core_options options = {.zone = zones_get, .zone_user = &call->zones};
    struct core *core = core_new(book, &options);
    struct store *store;
    struct personal who;
    long long gone = 0;
    int status = state_open_file(path, err, &store);
    if (!status) {
        status = state_load(store, core, call->now, err);
        if (!status)
            status = store->ops->load_kind(store, STATE_META, on_meta, &gone, err);
        store->ops->close(store);
    }
    if (!status) {
        const char *id = core_person_id(core, rep);
        engine_personal(core, id ? id : rep, gone + 1, &batch->arena, &who);
        const char *count = arena_printf(&batch->arena, "{\"count\":%lld}", gone + 1);
        store_batch_add(batch,
                        &(struct row){.type = ROW_STATE, .state = {STATE_META, "gone", count}});
        store_batch_add(batch, &(struct row){.type = ROW_ERASE, .erase = who});
    }
    core_free(core);
    return status;
}

int offline_erase(struct call *call, const struct book *book, const char *path, const char *rep,
                  struct err *err)
{
    struct store_batch *batch = store_batch_new();
    int status = erase_order(call, book, path, rep, batch, err);
    if (!status)
        return offline_write_file(path, batch, err);
    store_batch_free(batch);
    return status;
}

/* --- who looks --- */

/* The core makes the row, as it does in the daemon. */
static void record_row(struct core *core, struct event *event, const char *rep,
                       struct store_batch *batch, struct err *err)
{
    struct step step;
    step_init(&step);
    event->rep = rep;
    (void)core_load_state(core, STATE_PERSON, rep, "{}", err); /* that it is somebody is enough */
    core_step(core, event, &step);
    for (size_t i = 0; i < step.count; i++) {
        const struct intent *intent = &step.intents[i];
        if (intent->type == INTENT_STATE && intent->state.kind == STATE_ACCESS)
            store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                                 .state = {intent->state.kind, intent->state.key,
                                                           intent->state.value}});
    }
    step_done(&step);
}

static int record_offline(struct call *call, const struct config *config, const char *const *reps,
                          size_t count, const char *what, struct err *err)
{
    struct book *book = book_new();
    const struct core_options options = {.every_owner = true};
    struct core *core = core_new(book, &options);
    struct store_batch *batch = store_batch_new();
    char name[ASKER_BYTES];
    struct event event;
    asker_tell(getuid(), name);
    event_init(&event, EVENT_ACCESS, call->now);
    event.at = call->now;
    event.name = name;
    event.reason = what;
    for (size_t i = 0; i < count; i++)
        record_row(core, &event, reps[i], batch, err);
    core_free(core);
    book_free(book);
    return offline_write(config, ctl_config_path(call), batch, err);
}

static bool record_stopped(struct call *call, const char *const *reps, size_t count,
                           const char *what)
{
    struct err err = {0};
    struct config *config = ctl_config(call);
    if (!config)
        return false;
    int status = record_offline(call, config, reps, count, what, &err);
    config_free(config);
    if (status && status != -ENOENT) /* where nothing is, nothing is read */
        call_error(call,
                   "whoever looks at what is kept of a person is written down, and that failed, so "
                   "nothing is shown: %s",
                   err.text);
    return !status || status == -ENOENT;
}

/* -errno: no daemon answers. */
static int record_running(struct call *call, const char *rep, const char *what, bool *ret_good)
{
    struct strbuf line = {0};
    struct jsonw json;
    json_t *answer;
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", "access");
    jsonw_text(&json, "rep", rep);
    jsonw_text(&json, "what", what);
    jsonw_object_end(&json);
    int status = control_try(call, strbuf_text(&line), &answer);
    strbuf_done(&line);
    if (status)
        return status;
    const char *why = json_string_value(json_object_get(answer, "error"));
    *ret_good = json_is_true(json_object_get(answer, "ok"));
    if (!*ret_good)
        call_error(call, "gritd refused: %s", why ? why : "no reason");
    json_decref(answer);
    return 0;
}

bool access_record_all(struct call *call, const char *const *reps, size_t count, const char *what)
{
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        if (record_running(call, reps[i], what, &good))
            return record_stopped(call, reps + i, count - i, what);
    }
    return good;
}

bool access_record(struct call *call, const char *rep, const char *what)
{
    return access_record_all(call, &rep, 1, what);
}
