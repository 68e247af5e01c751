/* read_back.h: records of which a CRM told too little, read from it: how they are asked for, and
 * what the answer adds to what is known.
 * Layer: wire (pure). Lifetime: wants are borrowed until the round is over.
 *
 * A batch of records is a round of a poll (see poll.h): signing in, asking, reading page by page,
 * refusals. A new CRM is one file with a `const struct poll_kind back_NAME` and a row in
 * back_list.h; its ask() and read() find the records in poll->wants. */
#pragma once
#include "wire/poll_put.h"

enum { BACK_AT_ONCE_MAX = 200 };

const struct poll_kind *back_find(const char *name); /* by the intake's kind; or NULL */

/* Starts a round that reads these records, all of the same object. */
void back_begin(struct poll *poll, const struct crm_want *wants, size_t count, msec_t now);

/* The wish for this record of the batch, or NULL. */
const struct crm_want *back_want(const struct poll *poll, const char *id);

/* Whether an id is 1 to `most` of these characters: what goes into an address must be a record. */
bool back_id(const char *id, const char *characters, size_t most);

#define BACK(name) extern const struct poll_kind back_##name;
#include "wire/back_list.h"
#undef BACK
