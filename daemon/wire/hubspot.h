/* hubspot.h: what HubSpot's webhooks (crm_hubspot.c) and its records read back (back_hubspot.c)
 * have in common. Private to wire/.
 * Layer: wire (pure). */
#pragma once
#include "wire/crm_put.h"

/* The stages that a new account has. Their ids stay when somebody renames them. */
extern const struct crm_word hubspot_stages[];
