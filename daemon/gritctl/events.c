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

enum { BAD_LINES_TOLD = 10, BUFFER_BYTES = 64 * 1024 };

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

/* The text of the next line that is not blank. Errors: told, false. */
static bool next_line(struct event_lines *lines, size_t *ret_size)
{
    for (ssize_t got; (got = getline(&lines->text, &lines->cap, lines->file)) >= 0;) {
        lines->line++;
        lines->bytes += (size_t)got;
        if (lines->bytes > INPUT_BYTES) {
            call_error(lines->call, "%s: larger than %zu KiB", lines->name, INPUT_BYTES / 1024);
            lines->failed = true;
            return false;
        }
        *ret_size = (size_t)got - (got && lines->text[got - 1] == '\n');
        if (!is_blank(lines->text, *ret_size))
            return true;
    }
    if (ferror(lines->file)) {
        call_error(lines->call, "%s: %s", lines->name, strerror(errno));
        lines->failed = true;
    }
    return false;
}

bool events_next(void *user, struct arena *arena, struct event *ret)
{
    struct event_lines *lines = user;
    struct err err;
    size_t size;
    while (next_line(lines, &size)) {
        arena_reset(arena);
        if (cloudevents_parse(lines->text, size, arena, &err, ret)) {
            if (++lines->bad <= BAD_LINES_TOLD)
                (void)fprintf(stderr, "%s:%d: %s\n", lines->name, lines->line, err.text);
        } else if (!lines->bad) { /* behind a bad line only mistakes are looked for */
            return true;
        }
    }
    return false;
}

bool events_open(const struct call *call, const char *path, struct event_lines *ret)
{
    struct stat info;
    bool given = str_eq(path, "-");
    *ret = (struct event_lines){.call = call, .name = given ? "stdin" : path};
    ret->file = given ? stdin : fopen(path, "re");
    if (!ret->file) {
        call_error(call, "%s: %s", path, strerror(errno));
        return false;
    }
    if (!given) { /* a year of a team is 600 MB, and stdio would ask for 4 KiB at a time */
        ret->buffer = xcalloc(1, BUFFER_BYTES);
        (void)setvbuf(ret->file, ret->buffer, _IOFBF, BUFFER_BYTES); /* else it keeps its own */
    }
    bool known = !fstat(fileno(ret->file), &info);
    ret->again = known && S_ISREG(info.st_mode);
    if (known && S_ISDIR(info.st_mode))
        call_error(call, "%s: is a folder, not a file", path);
    return !known || !S_ISDIR(info.st_mode);
}

void events_rewind(struct event_lines *lines)
{
    rewind(lines->file);
    lines->bytes = 0;
    lines->line = 0;
}

bool events_end(struct event_lines *lines)
{
    if (!lines->failed && lines->bad > BAD_LINES_TOLD)
        (void)fprintf(stderr, "%s: ... and %d more lines\n", lines->name,
                      lines->bad - BAD_LINES_TOLD);
    return !lines->failed && !lines->bad;
}

void events_close(struct event_lines *lines)
{
    free(lines->text);
    if (lines->file && lines->file != stdin)
        (void)fclose(lines->file); /* it was only read */
    free(lines->buffer);
}

bool events_pile(struct event_lines *lines, struct event_pile *ret)
{
    struct arena scratch; /* of one line: a year of a team is larger than what is kept of it */
    struct event event;
    *ret = (struct event_pile){0};
    arena_init(&ret->arena);
    arena_init(&scratch);
    while (events_next(lines, &scratch, &event)) {
        ARRAY_GROW(ret->events, ret->count, ret->cap);
        ret->events[ret->count++] = event_pack(&event, &ret->arena);
    }
    arena_done(&scratch);
    return events_end(lines);
}

bool events_read(const struct call *call, const char *path, struct event_pile *ret)
{
    struct event_lines lines;
    *ret = (struct event_pile){0};
    bool good = events_open(call, path, &lines) && events_pile(&lines, ret);
    events_close(&lines);
    return good;
}

void events_done(struct event_pile *pile)
{
    free(pile->events);
    arena_done(&pile->arena);
}
