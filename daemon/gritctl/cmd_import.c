/* gritctl import: the exports of a CRM as events. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nearest.h"
#include "core/tz.h"
#include "gritctl/ctl.h"
#include "gritctl/events.h"
#include "wire/cloudevents.h"
#include "wire/import.h"

struct work {
    struct call *call;
    struct strbuf line;
    struct arena arena;
    struct import_person *people;
    size_t count, cap;
};

static void on_event(void *user, const struct event *event)
{
    struct work *work = user;
    strbuf_clear(&work->line);
    cloudevents_encode(event, &work->line);
    strbuf_putc(&work->line, '\n');
    (void)fwrite(work->line.data, 1, work->line.len, stdout); /* main looks at ferror */
}

static void on_person(void *user, const struct import_person *person)
{
    struct work *work = user;
    struct arena *arena = &work->arena;
    ARRAY_GROW(work->people, work->count, work->cap);
    work->people[work->count++] = (struct import_person){
        .id = arena_strdup(arena, person->id),
        .name = arena_strdup(arena, person->name),
        .crm = arena_strdup(arena, person->crm),
        .manager = arena_strdup(arena, person->manager),
        .team = arena_strdup(arena, person->team),
        .zone = arena_strdup(arena, person->zone),
        .manages = person->manages,
    };
}

static msec_t local_to_utc(void *user, const char *zone, const struct civil *local)
{
    struct work *work = user;
    const struct tz *tz = zones_get(&work->call->zones, zone);
    return tz ? tz_instant(tz, local, TZ_GAP_END) : MSEC_NONE;
}

static bool write_people(const struct work *work, const char *path)
{
    struct strbuf text = {0};
    FILE *file = fopen(path, "we");
    import_people_yaml(work->people, work->count, &text);
    bool good = file && fwrite(strbuf_text(&text), 1, text.len, file) == text.len;
    if (file && fclose(file))
        good = false;
    if (!good)
        call_error(work->call, "%s: %s", path, strerror(errno));
    strbuf_done(&text);
    return good;
}

static bool import(struct work *work, const struct importer *importer,
                   const struct import_file *files, size_t count)
{
    const struct import_sink sink = {on_event, on_person, local_to_utc, work};
    const char *people = call_text(work->call, "people-out");
    struct strbuf notes = {0};
    struct err err;
    bool good = !importer->run(files, count, &sink, &notes, &err);
    (void)fputs(strbuf_text(&notes), stderr); /* where stderr is closed nobody wants to know */
    if (!good)
        call_error(work->call, "%s", err.text);
    strbuf_done(&notes);
    return good && (!people || write_people(work, people));
}

static int unknown_kind(struct call *call, const char *kind)
{
    const char *known[16];
    size_t count = 0;
    for (const struct importer *importer;
         count < ARRAY_LEN(known) && (importer = import_at(count));)
        known[count++] = importer->name;
    const char *near = nearest_word(kind, known, count);
    if (near)
        return call_usage(call, "--kind: unknown '%s'; did you mean '%s'?", kind, near);
    return call_usage(call, "--kind: unknown '%s'", kind);
}

static int run(struct call *call)
{
    struct import_file files[IMPORT_FILES_MAX] = {0};
    struct work work = {.call = call};
    const struct importer *importer = import_find(call_text(call, "kind"));
    bool good = true;
    size_t count = 0;
    if (!importer)
        return unknown_kind(call, call_text(call, "kind"));
    arena_init(&work.arena);
    for (; good && count < call->arg_count; count += good) {
        char *bytes;
        good = input_read(call, call->args[count], &bytes, &files[count].length);
        if (good) {
            files[count].name = call->args[count];
            files[count].bytes = bytes;
        }
    }
    good = good && import(&work, importer, files, count);
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)files[i].bytes);
    strbuf_done(&work.line);
    free(work.people);
    arena_done(&work.arena);
    return good ? CTL_OK : CTL_FOUND;
}

static void more_print(FILE *out)
{
    struct strbuf columns = {0};
    (void)fputs("\nkinds:\n", out);
    for (size_t i = 0; import_at(i); i++)
        (void)fprintf(out, "  %-12s %s\n", import_at(i)->name, import_at(i)->help);
    import_csv_columns(&columns);
    (void)fprintf(out, "\ncolumns of csv:\n%s", strbuf_text(&columns));
    strbuf_done(&columns);
}

static const struct option options[] = {
    {"kind", OPTION_TEXT, "KIND", "what wrote the files, see above", true},
    {"people-out", OPTION_TEXT, "FILE", "write the people found to this people.yaml", false},
};

const struct command command_import = {
    .name = "import",
    .args = "--kind KIND FILE... [--people-out FILE]",
    .help = "turn CRM exports into events and people",
    .more = "Events go to stdout as CloudEvents, one JSON object a line; what was skipped is told "
            "on stderr.",
    .options = options,
    .option_count = ARRAY_LEN(options),
    .args_min = 1,
    .args_max = IMPORT_FILES_MAX,
    .run = run,
    .more_print = more_print,
};
