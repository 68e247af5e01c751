/* access.h: who has looked at what is kept about a person. Private to core/.
 * Layer: core (pure). Lifetime: process. The rows are kept for good; in memory stand the newest. */
#pragma once
#include "core/parts.h"

enum { ACCESS_KEPT = 50 };

struct access_entry {
    msec_t at;
    char *by, *what; /* "carl (user 1000)", a word of access_words() */
};

struct access_log {
    struct access_entry entries[ACCESS_KEPT]; /* oldest first */
    int count;
    int before; /* so many older ones stand only in the store */
};

/* Somebody looks: the row goes out with this step. `what` is one of why, preview, export, report,
 * team, prepare or page; another word is shown as it is. */
void access_note(struct core *core, struct step *step, struct person *about, const char *by,
                 const char *what);
const char *access_words(const char *what);

void access_event(struct core *core, struct step *step, const struct event *event);
struct json_t;
int access_load(struct core *core, const char *key, const struct json_t *root);
void access_free(struct access_log *log); /* accepts NULL */

/* command_forget.c: the operator's word for it */
void forget_event(struct core *core, struct step *step, const struct event *event);
