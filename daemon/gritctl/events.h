/* events.h: event files for the commands that read them.
 * Layer: commands. */
#pragma once
#include "base/arena.h"
#include "core/event_fields.h"
#include "gritctl/ctl.h"

struct event_pile {
    struct arena arena;
    struct event_packed *events;
    size_t count, cap;
};

/* One CloudEvents object a line; "-" is stdin; empty lines are skipped.
 * Errors: false; every bad line (up to ten) is told on stderr. Owns: events_done() also then. */
bool events_read(const struct call *call, const char *path, struct event_pile *ret);
void events_done(struct event_pile *pile);

/* The whole of a file, or of stdin for "-". Owns: the caller frees *ret. Errors: told, false. */
bool input_read(const struct call *call, const char *path, char **ret, size_t *ret_length);
