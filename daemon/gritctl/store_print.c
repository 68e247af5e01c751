#include "gritctl/store_print.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/jsonw.h"
#include "base/str.h"

enum { FINDINGS_MOST = 50 };

struct showing {
    const struct call *call;
    const char *path;
};

static void show_finding(void *user, const char *text)
{
    const struct showing *showing = user;
    struct strbuf line = {0};
    struct jsonw json;
    if (!showing->call->json) {
        (void)fprintf(stderr, "%s: %s\n", showing->path, text);
        return;
    }
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "file", showing->path);
    jsonw_text(&json, "finding", text);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}

int store_print_check(struct call *call, const char *path, struct store_file *ret, struct err *err,
                      int *ret_findings)
{
    struct showing showing = {call, path};
    *ret = (struct store_file){0};
    int found = store_file_check(path, FINDINGS_MOST, show_finding, &showing, ret, err);
    if (found < 0)
        return found;
    if (found > FINDINGS_MOST && !call->json)
        (void)fprintf(stderr, "%s: and more\n", path);
    *ret_findings = found;
    return 0;
}

void store_print_counts(const struct call *call, const char *path, const struct store_file *file)
{
    const struct store_count *count = &file->count;
    struct strbuf line = {0};
    struct jsonw json;
    struct stat info = {0};
    (void)stat(path, &info); /* then its size is 0 */
    if (!call->json) {
        (void)printf("%s: whole; %" PRIu64 " events, %" PRIu64 " messages, %" PRIu64
                     " decisions, %" PRIu64 " rows of what is true; schema %" PRId64 ", %lld KiB\n",
                     path, count->journal, count->outbox, count->decisions, count->states,
                     file->version, (long long)(info.st_size + 1023) / 1024);
        return;
    }
    jsonw_begin(&json, &line);
    jsonw_object(&json, NULL);
    jsonw_text(&json, "file", path);
    jsonw_int(&json, "schema", file->version);
    jsonw_int(&json, "events", (int64_t)count->journal);
    jsonw_int(&json, "messages", (int64_t)count->outbox);
    jsonw_int(&json, "decisions", (int64_t)count->decisions);
    jsonw_int(&json, "states", (int64_t)count->states);
    jsonw_int(&json, "bytes", info.st_size);
    jsonw_object_end(&json);
    (void)puts(strbuf_text(&line));
    strbuf_done(&line);
}
