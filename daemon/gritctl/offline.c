#include "gritctl/offline.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "engine/outbox.h"
#include "gritctl/control.h"
#include "io/files.h"
#include "io/store_sqlite.h"

enum { NAME_BYTES = 128, BUSY_MS = 5000 };

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

int offline_write(const struct config *config, const char *config_path, struct store_batch *batch,
                  struct err *err)
{
    CLEANUP_FREE char *path = path_beside(config_path, config->store);
    uv_loop_t loop;
    int status = config->store_kind != STORE_SQLITE
                     ? err_set(err, ENOTSUP, "only a sqlite store can be written by this version")
                 : access(path, F_OK) < 0 ? err_set(err, ENOENT, "%s: there is no store", path)
                                          : uv_loop_init(&loop);
    if (status) {
        store_batch_free(batch);
        return status;
    }
    status = write_batch(&loop, path, batch, err);
    (void)uv_loop_close(&loop); /* nothing is left in it */
    return status;
}

static void who_asks(char ret[NAME_BYTES])
{
    const struct passwd *entry = getpwuid(getuid());
    if (entry)
        (void)snprintf(ret, NAME_BYTES, "%.80s (user %u)", entry->pw_name, (unsigned)getuid());
    else
        (void)snprintf(ret, NAME_BYTES, "user %u", (unsigned)getuid()); /* fits */
}

/* The core makes the row, as it does in the daemon. */
static int record_offline(struct call *call, const struct config *config, const char *rep,
                          const char *what, struct err *err)
{
    struct book *book = book_new();
    const struct core_options options = {.every_owner = true};
    struct core *core = core_new(book, &options);
    struct store_batch *batch = store_batch_new();
    char name[NAME_BYTES];
    struct event event;
    struct step step;
    step_init(&step);
    who_asks(name);
    event_init(&event, EVENT_ACCESS, call->now);
    event.at = call->now;
    event.rep = rep;
    event.name = name;
    event.reason = what;
    (void)core_load_state(core, STATE_PERSON, rep, "{}", err); /* that it is somebody is enough */
    core_step(core, &event, &step);
    for (size_t i = 0; i < step.count; i++) {
        const struct intent *intent = &step.intents[i];
        if (intent->type == INTENT_STATE && intent->state.kind == STATE_ACCESS)
            store_batch_add(batch, &(struct row){.type = ROW_STATE,
                                                 .state = {intent->state.kind, intent->state.key,
                                                           intent->state.value}});
    }
    step_done(&step);
    core_free(core);
    book_free(book);
    return offline_write(config, ctl_config_path(call), batch, err);
}

bool access_record(struct call *call, const char *rep, const char *what)
{
    struct strbuf line = {0};
    struct jsonw json;
    json_t *answer;
    struct err err = {0};
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "cmd", "access");
    jsonw_text(&json, "rep", rep);
    jsonw_text(&json, "what", what);
    jsonw_object_end(&json);
    int status = control_try(call, strbuf_text(&line), &answer);
    strbuf_done(&line);
    if (!status) {
        const char *why = json_string_value(json_object_get(answer, "error"));
        bool good = json_is_true(json_object_get(answer, "ok"));
        if (!good)
            call_error(call, "gritd refused: %s", why ? why : "no reason");
        json_decref(answer);
        return good;
    }
    struct config *config = ctl_config(call);
    if (!config)
        return false;
    status = record_offline(call, config, rep, what, &err);
    config_free(config);
    if (status && status != -ENOENT) /* where nothing is, nothing is read */
        call_error(call,
                   "whoever looks at what is kept of a person is written down, and that failed, so "
                   "nothing is shown: %s",
                   err.text);
    return !status || status == -ENOENT;
}
