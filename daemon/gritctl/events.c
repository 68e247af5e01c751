#include "gritctl/events.h"

#include <stdlib.h>
#include <string.h>

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

static bool read_lines(const char *path, const char *bytes, size_t length, struct event_pile *pile)
{
    int line = 0, bad = 0;
    struct err err;
    for (const char *at = bytes, *end = bytes + length; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop ? stop : end) - at);
        line++;
        if (!is_blank(at, size)) {
            ARRAY_GROW(pile->events, pile->count, pile->cap);
            if (!cloudevents_parse(at, size, &pile->arena, &err, &pile->events[pile->count]))
                pile->count++;
            else if (++bad <= BAD_LINES_TOLD)
                (void)fprintf(stderr, "%s:%d: %s\n", path, line, err.text);
        }
        at += size + 1;
    }
    if (bad > BAD_LINES_TOLD)
        (void)fprintf(stderr, "%s: ... and %d more lines\n", path, bad - BAD_LINES_TOLD);
    return !bad;
}

bool events_read(const struct call *call, const char *path, struct event_pile *ret)
{
    char *bytes = NULL;
    size_t length;
    *ret = (struct event_pile){0};
    arena_init(&ret->arena);
    if (!input_read(call, path, &bytes, &length))
        return false;
    bool good = read_lines(str_eq(path, "-") ? "stdin" : path, bytes, length, ret);
    free(bytes);
    return good;
}

void events_done(struct event_pile *pile)
{
    free(pile->events);
    arena_done(&pile->arena);
}
