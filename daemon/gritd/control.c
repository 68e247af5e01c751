/* The control socket: one JSON object a line in, one out. Who may open the file may ask. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "gritd/control.h"
#include "gritd/intake_failed.h"
#include "gritd/reload.h"
#include "io/files.h"
#include "io/log.h"
#include "io/service.h"

enum {
    CONTROL_LINE_BYTES = 64 * 1024,
    CONTROL_BACKLOG = 16,
    CONTROL_MODE = 0660,
    CALLERS_MOST = 32, /* at a time: files that are open here are missing elsewhere */
    PAUSE_DAYS_MOST = 3660,
};

struct control {
    struct daemon *daemon;
    uv_pipe_t listener;
    char *path;
    struct caller *callers;
};

struct caller {
    uv_pipe_t pipe;
    uv_write_t write;
    struct control *control;
    struct strbuf in, out;
    struct caller *next;
};

void control_error(struct strbuf *out, const char *text)
{
    struct jsonw json;
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_bool(&json, "ok", false);
    jsonw_text(&json, "error", text);
    jsonw_object_end(&json);
}

static void run_status(struct daemon *daemon, const json_t *in, const char *asker,
                       struct strbuf *out)
{
    (void)in, (void)asker; /* it takes nothing */
    status_json(daemon, out);
}

static void write_texts(struct jsonw *json, const char *key, char *const *list, size_t count)
{
    jsonw_array(json, key);
    for (size_t i = 0; i < count; i++)
        jsonw_text(json, NULL, list[i]);
    jsonw_array_end(json);
}

static void write_changes(struct jsonw *json, const char *key, const struct reload *reload,
                          enum rule_change change)
{
    jsonw_array(json, key);
    for (size_t i = 0; i < reload->line_count; i++) {
        const struct reload_line *line = &reload->lines[i];
        if (line->change != change)
            continue;
        jsonw_object(json, NULL);
        jsonw_text(json, "rule", line->name);
        jsonw_text(json, "file", line->file);
        jsonw_int(json, "line", line->line);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void run_reload(struct daemon *daemon, const json_t *in, const char *asker,
                       struct strbuf *out)
{
    static const char *const words[] = {
        [RULE_ADDED] = "added", [RULE_CHANGED] = "changed", [RULE_REMOVED] = "removed"};
    struct reload reload;
    struct jsonw json;
    (void)in, (void)asker; /* it takes nothing */
    daemon_reload(daemon, &reload);
    jsonw_begin(&json, out);
    jsonw_object(&json, NULL);
    jsonw_bool(&json, "ok", !reload.refused);
    jsonw_int(&json, "plugins", reload.plugins);
    jsonw_int(&json, "rules", reload.rules);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        write_changes(&json, words[i], &reload, (enum rule_change)i);
    write_texts(&json, "kept", reload.kept, reload.kept_count);
    write_texts(&json, "left_out", reload.left_out, reload.left_count);
    write_texts(&json, "problems", reload.problems, reload.problem_count);
    jsonw_int(&json, "more_problems", reload.more_problems);
    jsonw_object_end(&json);
    reload_done(&reload);
}

/* pause and resume are events like all others: journaled, and true after a restart. */
static bool is_known(struct daemon *daemon, const struct event *event)
{
    struct core *core = engine_core(daemon->engine);
    bool found = !event->rep && !event->team;
    for (size_t i = 0; i < core_person_count(core) && !found; i++) {
        struct person_view view = core_person_at(core, i);
        found = event->rep ? str_eq(view.id, event->rep) : str_eq(view.team, event->team);
    }
    return found;
}

/* A rule that has paused itself, or the answer why there is none. */
static bool can_resume(struct daemon *daemon, const char *rule, struct strbuf *out)
{
    struct rule_view view = {.paused_at = MSEC_NONE};
    bool known = book_rule(daemon->book, rule) != NULL;
    if (core_rule_at(engine_core(daemon->engine), rule, &view) && view.paused_at != MSEC_NONE)
        return true;
    control_error(out, known ? "that rule is not paused" : "no rule has that id");
    return false;
}

void control_event(struct daemon *daemon, enum event_type type, char id[CONTROL_ID_BYTES],
                   struct event *ret)
{
    msec_t now = daemon_now(daemon);
    event_init(ret, type, now);
    (void)snprintf(id, CONTROL_ID_BYTES, "control-%lld-%u", (long long)now,
                   daemon->control_serial++); /* fits */
    ret->id = id;
    ret->source = "/gritd/control";
    ret->key = event_key(ret->source, ret->id);
}

static bool is_length(const json_t *length)
{
    json_int_t ms = json_integer_value(length);
    return json_is_integer(length) && ms > 0 && ms <= PAUSE_DAYS_MOST * MSEC_DAY;
}

static void switch_people(struct daemon *daemon, const json_t *in, bool pause, struct strbuf *out)
{
    struct event event;
    const json_t *length = json_object_get(in, "for_ms");
    msec_t now = daemon_now(daemon);
    if (length && !is_length(length)) {
        control_error(out, "for_ms is how long, in milliseconds: from 1 to ten years of them");
        return;
    }
    char id[CONTROL_ID_BYTES];
    control_event(daemon, pause ? EVENT_PAUSE : EVENT_RESUME, id, &event);
    event.rep = json_string_value(json_object_get(in, "rep"));
    event.team = json_string_value(json_object_get(in, "team"));
    event.rule = json_string_value(json_object_get(in, "rule"));
    if (length)
        event.away_until = now + json_integer_value(length);
    if (event.rule && !can_resume(daemon, event.rule, out))
        return; /* answered */
    if (!is_known(daemon, &event))
        control_error(out, event.rep ? "nobody has that id" : "no team has that id");
    else if (engine_take(daemon->engine, &event, now, NULL, NULL) == ENGINE_FULL)
        control_error(out, "the disk cannot keep up; try again");
    else
        strbuf_puts(out, "{\"ok\":true}");
}

static void run_pause(struct daemon *daemon, const json_t *in, const char *asker,
                      struct strbuf *out)
{
    (void)asker; /* anybody may */
    switch_people(daemon, in, true, out);
}

static void run_resume(struct daemon *daemon, const json_t *in, const char *asker,
                       struct strbuf *out)
{
    (void)asker; /* anybody may */
    switch_people(daemon, in, false, out);
}

static const struct {
    const char *name;
    void (*run)(struct daemon *, const json_t *, const char *asker, struct strbuf *);
} commands[] = {{"status", run_status},
                {"reload", run_reload},
                {"pause", run_pause},
                {"resume", run_resume},
                {"access", control_access},
                {"erase", control_erase},
                {"erasing", control_erasing},
                {"drill", control_drill},
                {"drilled", control_drilled},
                {"intake_failed", control_intake_failed},
                {"intake_show", control_intake_show},
                {"intake_again", control_intake_again}};

static void answer(struct daemon *daemon, const char *line, const char *asker, struct strbuf *out)
{
    json_t *in = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *name = json_string_value(json_object_get(in, "cmd"));
    if (daemon->stopping)
        control_error(out, "gritd is stopping");
    for (size_t i = 0; i < ARRAY_LEN(commands) && !out->len; i++) {
        if (str_eq(commands[i].name, name))
            commands[i].run(daemon, in, asker, out);
    }
    if (!out->len)
        control_error(out, "the line is no command I know");
    strbuf_putc(out, '\n');
    json_decref(in);
}

/* --- the socket --- */

static void on_caller_closed(uv_handle_t *handle)
{
    struct caller *caller = handle->data;
    strbuf_done(&caller->in);
    strbuf_done(&caller->out);
    free(caller);
}

static void hang_up(struct caller *caller)
{
    struct caller **place = &caller->control->callers;
    while (*place && *place != caller)
        place = &(*place)->next;
    if (*place)
        *place = caller->next;
    if (!uv_is_closing((uv_handle_t *)&caller->pipe))
        uv_close((uv_handle_t *)&caller->pipe, on_caller_closed);
}

static void on_written(uv_write_t *write, int status)
{
    (void)status; /* either way the talk is over */
    if (status != UV_ECANCELED)
        hang_up(write->data);
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *ret)
{
    (void)handle, (void)size;
    ret->base = xcalloc(1, 4096);
    ret->len = 4096;
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buf)
{
    struct caller *caller = stream->data;
    CLEANUP_FREE char *data = buf->base;
    if (got < 0) {
        hang_up(caller);
        return;
    }
    strbuf_add(&caller->in, data, (size_t)got);
    char *end = caller->in.len ? memchr(caller->in.data, '\n', caller->in.len) : NULL;
    if (!end && !caller->in.overflow)
        return;
    (void)uv_read_stop(stream); /* always 0 */
    if (end)
        *end = '\0';
    char asker[CONTROL_ASKER_BYTES];
    control_asker(&caller->pipe, asker);
    answer(caller->control->daemon, end ? caller->in.data : "", asker, &caller->out);
    uv_buf_t out = uv_buf_init(caller->out.data, (unsigned)caller->out.len);
    caller->write.data = caller;
    if (uv_write(&caller->write, stream, &out, 1, on_written))
        hang_up(caller);
}

/* One more than there may be: the one that has waited longest without a whole line goes. */
static void make_room(struct control *control)
{
    struct caller *oldest = NULL;
    int count = 0;
    for (struct caller *caller = control->callers; caller; caller = caller->next, count++)
        oldest = caller;
    if (count >= CALLERS_MOST)
        hang_up(oldest);
}

static void on_call(uv_stream_t *listener, int status)
{
    struct control *control = listener->data;
    if (status)
        return;
    make_room(control);
    struct caller *caller = NEW(struct caller);
    caller->control = control;
    strbuf_init(&caller->in, CONTROL_LINE_BYTES);
    (void)uv_pipe_init(listener->loop, &caller->pipe, 0); /* cannot fail */
    caller->pipe.data = caller;
    caller->next = control->callers;
    control->callers = caller;
    if (uv_accept(listener, (uv_stream_t *)&caller->pipe) ||
        uv_read_start((uv_stream_t *)&caller->pipe, on_alloc, on_read))
        hang_up(caller);
}

static int try_path(struct control *control, const char *path)
{
    /* a socket left over from a killed daemon: the store's lock says that we are the only one */
    (void)unlink(path);                                  /* absent is fine */
    mode_t before = umask(~(mode_t)CONTROL_MODE & 0777); /* from its first moment on */
    int status = uv_pipe_bind(&control->listener, path);
    (void)umask(before); /* cannot fail */
    if (!status)
        control->path = xstrdup(path);
    return status;
}

/* /run/gritd, or an instance's folder, is the service manager's to make; without it the socket is
 * beside the store. */
int control_open(struct daemon *daemon, struct err *err, struct control **ret)
{
    struct control *control = NEW(struct control);
    CLEANUP_FREE char *store = setup_store_path(daemon->setup);
    CLEANUP_FREE char *beside = path_beside(store, "control.sock");
    CLEANUP_FREE char *service = service_socket(daemon->setup->path);
    control->daemon = daemon;
    (void)uv_pipe_init(&daemon->loop, &control->listener, 0); /* cannot fail */
    control->listener.data = control;
    *ret = control;
    int status = service ? try_path(control, service) : UV_ENOENT;
    if (status)
        status = try_path(control, beside);
    if (!status)
        status = uv_listen((uv_stream_t *)&control->listener, CONTROL_BACKLOG, on_call);
    if (status)
        return err_set(err, -status, "control socket %s: %s", beside, uv_strerror(status));
    (void)chmod(control->path, CONTROL_MODE); /* ours; at worst it stays stricter */
    return 0;
}

static void on_listener_closed(uv_handle_t *handle)
{
    struct control *control = handle->data;
    free(control->path);
    free(control);
}

void control_close(struct control *control)
{
    if (!control)
        return;
    if (control->path)
        (void)unlink(control->path); /* absent is fine */
    while (control->callers)
        hang_up(control->callers);
    uv_close((uv_handle_t *)&control->listener, on_listener_closed);
}
