/* pipedrive.h: what both ways to hear of a deal share (poll_pipedrive.c, crm_pipedrive.c): what is
 * left unread, and by which name the webhook knows what was asked for before it came. Private to
 * wire/.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"

/* An account may have hundreds of fields of its own, and nothing of them is looked at. */
#define PIPEDRIVE_UNREAD "custom_fields"

/* When a deal came to what it is: the member for this type of event, else its last change; else
 * MSEC_NONE. */
msec_t pipedrive_time(const struct jtree *deal, enum event_type type);

/* The id of such an event. Owns: the arena. */
const char *pipedrive_asked_id(struct arena *arena, const char *deal, enum event_type type,
                               msec_t at);
