#include "gritctl/events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/str.h"
#include "io/files.h"
#include "wire/cloudevents.h"

#define INPUT_BYTES ((size_t)1024 * 1024 * 1024)

enum { BAD_LINES_TOLD = 10 };

bool input_read(const struct call *call, const char *path, char **ret, size_t *ret_length)
{
    struct err err;
    if (!file_read(str_eq(path, "-") ? "/dev/stdin" : path, INPUT_BYTES, &err, ret, ret_length))
        return true;
    call_error(call, "%s", err.text);
    return false;
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!strchr(" \t\r", line[i]))
            return false;
    }
    return true;
}

/* The lines of one file as they come: a year of a team is larger than what is kept of it. */
struct lines {
    const char *name; /* of the file, for messages */
    FILE *file;
    struct event_pile *pile;
    struct arena scratch; /* of one line */
    size_t bytes;
    int line, bad;
};

static void take_line(struct lines *lines, const char *text, size_t size)
{
    struct event event;
    struct err err;
    if (is_blank(text, size))
        return;
    arena_reset(&lines->scratch);
    if (cloudevents_parse(text, size, &lines->scratch, &err, &event)) {
        if (++lines->bad <= BAD_LINES_TOLD)
            (void)fprintf(stderr, "%s:%d: %s\n", lines->name, lines->line, err.text);
        return;
    }
    struct event_pile *pile = lines->pile;
    ARRAY_GROW(pile->events, pile->count, pile->cap);
    pile->events[pile->count++] = event_pack(&event, &pile->arena);
}

/* Errors: told, false. */
static bool read_lines(const struct call *call, struct lines *lines)
{
    CLEANUP_FREE char *text = NULL;
    size_t cap = 0;
    for (ssize_t got; (got = getline(&text, &cap, lines->file)) >= 0;) {
        lines->line++;
        lines->bytes += (size_t)got;
        if (lines->bytes > INPUT_BYTES) {
            call_error(call, "%s: larger than %zu KiB", lines->name, INPUT_BYTES / 1024);
            return false;
        }
        take_line(lines, text, (size_t)got - (got && text[got - 1] == '\n'));
    }
    if (ferror(lines->file)) {
        call_error(call, "%s: %s", lines->name, strerror(errno));
        return false;
    }
    if (lines->bad > BAD_LINES_TOLD)
        (void)fprintf(stderr, "%s: ... and %d more lines\n", lines->name,
                      lines->bad - BAD_LINES_TOLD);
    return !lines->bad;
}

bool events_read(const struct call *call, const char *path, struct event_pile *ret)
{
    bool given = str_eq(path, "-");
    struct lines lines = {.name = given ? "stdin" : path, .pile = ret};
    struct stat info;
    *ret = (struct event_pile){0};
    arena_init(&ret->arena);
    lines.file = given ? stdin : fopen(path, "re");
    if (!lines.file) {
        call_error(call, "%s: %s", path, strerror(errno));
        return false;
    }
    bool good = fstat(fileno(lines.file), &info) || !S_ISDIR(info.st_mode);
    if (!good)
        call_error(call, "%s: is a folder, not a file", path);
    arena_init(&lines.scratch);
    good = good && read_lines(call, &lines);
    arena_done(&lines.scratch);
    if (!given)
        (void)fclose(lines.file); /* it was only read */
    return good;
}

void events_done(struct event_pile *pile)
{
    free(pile->events);
    arena_done(&pile->arena);
}
