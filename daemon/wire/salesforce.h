/* salesforce.h: Salesforce's records, whichever way they come: told (crm_salesforce.c) or asked for
 * (poll_salesforce.c). Private to wire/.
 * Layer: wire (pure). Members are as in JSON; out of XML all of them are texts.
 * Source: Salesforce Object Reference, Opportunity, Task, Event. */
#pragma once
#include "wire/crm_put.h"

/* The stages that a new organisation has. */
extern const struct crm_word salesforce_stages[];

enum salesforce_object { SALESFORCE_OTHER, SALESFORCE_DEAL, SALESFORCE_TASK, SALESFORCE_EVENT };
/* By the first three characters of an id. Source: "Standard field record ID prefix decoder". */
enum salesforce_object salesforce_object(const char *id);
extern const char *const salesforce_names[]; /* by enum salesforce_object */

/* An id of 15 or 18 letters and digits; else NULL. */
const char *salesforce_id(struct arena *arena, const struct jtree *record, const char *name);
/* Also with an offset without a colon, as REST answers have it. MSEC_NONE: there is none. */
msec_t salesforce_time(const struct jtree *record, const char *name);
bool salesforce_true(const struct jtree *record, const char *name);

/* Who an outbound message says it is from; NULL: it is none. The text lives in the arena. */
const char *salesforce_organisation(const char *body, size_t length, struct arena *arena);

/* What was done or planned, as an event about its owner, once for each state of its id. `changed`:
 * when the record was written. Nothing for an open task without a day.
 * Errors: of crm_add(). */
int salesforce_task(struct crm_events *events, const struct jtree *record, const char *id,
                    msec_t changed, struct err *err);
int salesforce_meeting(struct crm_events *events, const struct jtree *record, const char *id,
                       msec_t changed, struct err *err);
