/* dataverse.h: what Dataverse's messages (crm_dataverse.c) and its records read back
 * (back_dataverse.c) have in common. Private to wire/.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"

/* The values that "salesstage" has. */
extern const struct crm_word dataverse_stages[];
/* Tables by what their rows are: kinds of activities. */
extern const struct crm_word dataverse_kinds[];

enum { DATAVERSE_OPEN, DATAVERSE_WON, DATAVERSE_LOST }; /* statecode of an opportunity */
enum { DATAVERSE_DONE = 1, DATAVERSE_CANCELLED };       /* of an activity */
