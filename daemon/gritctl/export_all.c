#include "gritctl/export_all.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"
#include "core/intent.h"
#include "engine/personal.h"
#include "gritctl/offline.h"
#include "io/files.h"
#include "io/store_file.h"

enum { FILE_MODE = 0600, TABLES = 4 };

static const char *const table_names[TABLES] = {[ROW_JOURNAL] = "journal",
                                                [ROW_STATE] = "state",
                                                [ROW_OUTBOX] = "outbox",
                                                [ROW_DECISION] = "decision"};

struct output {
    FILE *file;
    char *path, *fresh; /* NULL: stdout */
};

struct exporting {
    struct output outputs[TABLES]; /* of one file: the first */
    size_t output_count;
    const char *store;
    struct strbuf line;
    struct store_file counts;
    bool failed;
};

/* --- rows --- */

/* JSON of objects and lists stands as it is; any other text as one, so that nothing is lost. */
static void put_json(struct jsonw *json, const char *key, const char *text)
{
    bool plain = text && (*text == '{' || *text == '[') && !strpbrk(text, "\r\n");
    json_t *root = plain ? json_loads(text, 0, NULL) : NULL;
    if (root)
        jsonw_raw(json, key, text);
    else
        jsonw_text(json, key, text);
    json_decref(root);
}

static void put_moment(struct jsonw *json, const char *key, msec_t moment)
{
    if (moment == MSEC_NONE)
        jsonw_null(json, key);
    else
        jsonw_int(json, key, moment);
}

static void put_state(struct jsonw *json, const struct row_state *row)
{
    jsonw_int(json, "kind", row->kind);
    jsonw_text(json, "what", personal_state_name(row->kind));
    jsonw_text(json, "key", row->key);
    put_json(json, "value", row->value);
}

static void put_journal(struct jsonw *json, const struct row_journal *row)
{
    unsigned char bytes[sizeof(row->id)];
    char hex[2 * sizeof(bytes) + 1];
    memcpy(bytes, &row->id, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]); /* fits */
    jsonw_int(json, "at", row->at);
    jsonw_int(json, "time", row->time);
    jsonw_text(json, "id", hex);
    jsonw_int(json, "type", row->type);
    jsonw_int(json, "kind", row->kind);
    jsonw_int(json, "direction", row->direction);
    jsonw_int(json, "flags", (int64_t)row->flags);
    jsonw_text(json, "rep", row->rep);
    jsonw_text(json, "deal", row->deal);
    put_json(json, "body", row->body);
}

static void put_outbox(struct jsonw *json, const struct row_outbox *row)
{
    jsonw_text(json, "key", row->key);
    jsonw_int(json, "state", row->state);
    jsonw_int(json, "attempt", row->attempt);
    jsonw_int(json, "at", row->at);
    jsonw_int(json, "due", row->due);
    put_moment(json, "deadline", row->deadline);
    jsonw_text(json, "rule", row->rule);
    jsonw_text(json, "rep", row->rep);
    jsonw_text(json, "deal", row->deal);
    jsonw_text(json, "channel", row->channel);
    jsonw_text(json, "platform_id", row->platform_id);
    put_json(json, "message", row->message);
}

static void put_decision(struct jsonw *json, const struct row_decision *row)
{
    jsonw_int(json, "at", row->at);
    jsonw_text(json, "rep", row->rep);
    jsonw_text(json, "rule", row->rule);
    jsonw_text(json, "outcome", row->outcome);
    put_json(json, "line", row->line);
}

static void put_row(struct jsonw *json, const struct row *row)
{
    switch (row->type) {
    case ROW_JOURNAL:
        put_journal(json, &row->journal);
        break;
    case ROW_STATE:
        put_state(json, &row->state);
        break;
    case ROW_OUTBOX:
        put_outbox(json, &row->outbox);
        break;
    case ROW_DECISION:
        put_decision(json, &row->decision);
        break;
    case ROW_ERASE:
    case ROW_SWEEP:
        break; /* orders, and nothing that is kept */
    }
}

static int on_row(void *user, const struct row *row)
{
    struct exporting *exporting = user;
    struct jsonw json;
    size_t place = exporting->output_count == 1 ? 0 : (size_t)row->type;
    strbuf_clear(&exporting->line);
    jsonw_begin(&json, &exporting->line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "row", table_names[row->type]);
    put_row(&json, row);
    jsonw_object_end(&json);
    strbuf_putc(&exporting->line, '\n');
    if (fputs(strbuf_text(&exporting->line), exporting->outputs[place].file) != EOF)
        return 0;
    exporting->failed = true;
    return -errno;
}

/* --- files --- */

static int open_output(struct output *output, char *path, bool force, struct err *err)
{
    struct strbuf name = {0};
    output->path = path;
    if (!force && access(path, F_OK) == 0)
        return err_set(err, EEXIST, "%s: is there already; --force writes over it", path);
    strbuf_printf(&name, "%s.part", path);
    output->fresh = strbuf_take(&name);
    (void)unlink(output->fresh); /* of one that was interrupted */
    int fd = open(output->fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    output->file = fd < 0 ? NULL : fdopen(fd, "w");
    return output->file ? 0 : err_set(err, errno, "%s: cannot create: %s", path, strerror(errno));
}

static int open_outputs(struct exporting *exporting, const char *target, bool force,
                        struct err *err)
{
    struct stat info;
    if (str_eq(target, "-")) {
        exporting->output_count = 1;
        exporting->outputs[0].file = stdout;
        return 0;
    }
    bool folder = !stat(target, &info) && S_ISDIR(info.st_mode);
    int status = 0;
    for (size_t i = 0; !status && i < (folder ? TABLES : 1); i++) {
        struct strbuf path = {0};
        strbuf_puts(&path, target);
        if (folder)
            strbuf_printf(&path, "/%s.jsonl", table_names[i]);
        exporting->output_count++;
        status = open_output(&exporting->outputs[i], strbuf_take(&path), force, err);
    }
    return status;
}

static int keep_output(struct output *output, struct err *err)
{
    FILE *file = output->file;
    output->file = NULL;
    int failed = fflush(file) || fsync(fileno(file));
    failed |= fclose(file);
    if (failed || rename(output->fresh, output->path) < 0)
        return err_set(err, errno, "%s: cannot write: %s", output->path, strerror(errno));
    return folder_sync_of(output->path, err);
}

static void drop_output(struct output *output)
{
    if (!output->path)
        return; /* stdout */
    if (output->file)
        (void)fclose(output->file); /* of no use any more */
    if (output->fresh)
        (void)unlink(output->fresh); /* renamed is fine */
    free(output->path);
    free(output->fresh);
}

/* --- people --- */

struct people {
    const char **ids;
    size_t count, cap;
    struct arena arena;
};

static int on_person(void *user, const struct row *row)
{
    struct people *people = user;
    if (row->type != ROW_STATE)
        return 1; /* states come first */
    if (row->state.kind != STATE_PERSON)
        return 0;
    ARRAY_GROW(people->ids, people->count, people->cap);
    people->ids[people->count++] = arena_strdup(&people->arena, row->state.key);
    return 0;
}

/* Each person can read that the whole store was taken out. */
static int record(struct call *call, const char *store, struct err *err)
{
    struct people people = {0};
    struct store_file file;
    arena_init(&people.arena);
    int status = store_file_visit(store, on_person, &people, &file, err);
    if (status >= 0)
        status = access_record_all(call, people.ids, people.count, "export")
                     ? 0
                     : err_set(err, EACCES, "nothing was taken out");
    free(people.ids);
    arena_done(&people.arena);
    return status;
}

static int write_all(struct exporting *exporting, struct err *err)
{
    int status = store_file_visit(exporting->store, on_row, exporting, &exporting->counts, err);
    if (exporting->failed)
        return err_set(err, -status, "cannot write: %s", strerror(-status));
    for (size_t i = 0; !status && i < exporting->output_count; i++) {
        if (exporting->outputs[i].path)
            status = keep_output(&exporting->outputs[i], err);
    }
    return status;
}

int export_all(struct call *call, const char *store, const char *target)
{
    struct exporting exporting = {.store = store};
    struct err err = {0};
    int status = open_outputs(&exporting, target, call_has(call, "force"), &err);
    if (!status)
        status = record(call, store, &err);
    if (!status)
        status = write_all(&exporting, &err);
    for (size_t i = 0; i < exporting.output_count; i++)
        drop_output(&exporting.outputs[i]);
    strbuf_done(&exporting.line);
    if (status)
        call_error(call, "%s", err.text);
    return status ? CTL_FOUND : CTL_OK;
}
