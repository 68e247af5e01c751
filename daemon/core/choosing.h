/* choosing.h: something the rep has done, until it is clear which deal it was about. Part of the
 * person's row.
 * Layer: core (pure). Private to core/. */
#pragma once
#include "core/command.h"

enum { CHOOSING_MAX = 5 };

struct choosing {
    char *kind, *direction, *outcome; /* of the activity; the latter two may be NULL */
    char *id;                         /* its event's */
    int count;
    msec_t time, at; /* when it was done, and when we asked */
    char *deals[CHOOSING_MAX];
    int deal_count;
};

void choosing_free(struct choosing *choosing); /* accepts NULL */
void choosing_write(struct jsonw *json, const struct choosing *choosing);
struct choosing *choosing_load(const struct json_t *root); /* of the person's row, or NULL */

/* The words may say which deal was meant; false: they are about something else. */
bool choosing_said(const struct said *said, const char *text);
