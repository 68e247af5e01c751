/* pipedrive.h: what a deal's change is called that was asked for (poll_pipedrive.c), so that the
 * webhook (crm_pipedrive.c) knows it where it comes later. Private to wire/.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"

/* When a deal came to what it is: the member for this type of event, else its last change; else
 * MSEC_NONE. */
msec_t pipedrive_time(const struct jtree *deal, enum event_type type);

/* The id of such an event. Owns: the arena. */
const char *pipedrive_asked_id(struct arena *arena, const char *deal, enum event_type type,
                               msec_t at);
