/* control.h: what the files of the control socket share.
 * Layer: gritd. Private to control*.c. */
#pragma once
#include <jansson.h>

#include "gritd/daemon.h"
#include "io/asker.h"

enum { CONTROL_ASKER_BYTES = ASKER_BYTES, CONTROL_ID_BYTES = 64 };

/* control.c */
void control_error(struct strbuf *out, const char *text);
/* An event of the operator's own; its id is written to `id`. */
void control_event(struct daemon *daemon, enum event_type type, char id[CONTROL_ID_BYTES],
                   struct event *ret);

/* drill.c */
void control_drill(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out);
void control_drilled(struct daemon *daemon, const json_t *in, const char *asker,
                     struct strbuf *out);

/* control_data.c */
void control_asker(uv_pipe_t *pipe, char ret[CONTROL_ASKER_BYTES]);
void control_access(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out);
void control_erase(struct daemon *daemon, const json_t *in, const char *asker, struct strbuf *out);
void control_erasing(struct daemon *daemon, const json_t *in, const char *asker,
                     struct strbuf *out);
