/* events.h: event files for the commands that read them.
 * Layer: commands. */
#pragma once
#include <stdio.h>

#include "base/arena.h"
#include "core/event_fields.h"
#include "gritctl/ctl.h"

struct event_pile {
    struct arena arena;
    struct event_packed *events;
    size_t count, cap;
};

/* One CloudEvents object a line, read as they are asked for; "-" is stdin; empty lines are skipped.
 */
struct event_lines {
    const struct call *call;
    const char *name; /* of the file, for messages */
    FILE *file;
    char *buffer; /* of the file; a pipe has none */
    char *text;   /* the line */
    size_t cap, bytes;
    int line, bad;
    bool again;  /* the file can be read once more */
    bool failed; /* it could not be read whole */
};

/* Errors: told, false. Owns: events_close() also then. */
bool events_open(const struct call *call, const char *path, struct event_lines *ret);
/* `user` is the struct event_lines; the event's texts lie in the arena, which is emptied before.
 * False: there are no more, or something is wrong. Every bad line (up to ten) is told on stderr. */
bool events_next(void *user, struct arena *arena, struct event *ret);
void events_rewind(struct event_lines *lines);
bool events_end(struct event_lines *lines); /* behind the last one; false: something was wrong */
void events_close(struct event_lines *lines);

/* What is left of the lines, packed. Errors: told, false. Owns: events_done() also then. */
bool events_pile(struct event_lines *lines, struct event_pile *ret);
/* A whole file of them. */
bool events_read(const struct call *call, const char *path, struct event_pile *ret);
void events_done(struct event_pile *pile);

/* The whole of a file, or of stdin for "-". Owns: the caller frees *ret. Errors: told, false. */
bool input_read(const struct call *call, const char *path, char **ret, size_t *ret_length);
