/* hubspot_read.h: a deal of HubSpot read back, as its webhooks name neither owner nor the stage
 * before.
 * Layer: wire (pure). Source: HubSpot CRM API v3, "Objects", "Deals", propertiesWithHistory. */
#pragma once
#include "wire/crm_put.h"
#include "wire/poll.h"

/* The stages that a new account has. Their ids stay when somebody renames them. */
extern const struct crm_word hubspot_stages[];

/* Whether this can be read: deals with an id of digits. */
bool hubspot_reads(const struct crm_want *want);

/* "/crm/v3/objects/deals/ID?..." behind the API's address. */
void hubspot_read_path(const struct crm_want *want, struct strbuf *out);

/* What the answer adds to what is known (NULL: nothing): the owner, and where nobody was known to
 * own it, so that nobody could be asked, the last move once more with all that belongs to it.
 * Errors: -EINVAL it is no deal; what out->event returned. */
int hubspot_read_deal(const struct crm_request *request, const struct crm_want *want,
                      const struct poll_deal *known, struct crm_out *out, struct err *err);
